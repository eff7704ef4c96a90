"""What the manual and F1 name is there by exactly that name, and at the place where they say it is."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import resources
from desktop.pages import PAGES
from forms.report.manual import BUTTON, screens, tasks
from tests.test_architecture import ROOT

NAMES = {page.key: page.title for page in PAGES}
QUOTED = re.compile("“([^”]+)”")
TOLD = re.compile("说“([^”]+)”")  # a part of what the program says
AT = re.compile("(?:在|到)“([^”]+)”(?:里|那里)?[，；]?(?:先|再)?点【([^】]+)】")
WINDOWS = {"Windows 已保护你的电脑", "更多信息", "仍要运行", "未知发布者", "设置 › 应用", "文档"}
_BUTTONS = {"button", "chip", "QPushButton", "QCheckBox", "QRadioButton", "setText", "addButton", "addAction", "asking"}
_EVERYWHERE = ("records", "tables", "shell")  # what any page stands on


def _lines() -> list[str]:
    return [line for chapter in (*tasks(), *screens(NAMES)) for _, line in chapter.lines]


def _texts(node: ast.AST) -> Iterator[str]:
    """Regular expressions of the texts that an expression may be: what is put in stands for anything."""
    for each in ast.walk(node):
        if isinstance(each, ast.JoinedStr):
            parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+" for v in each.values]
            if len("".join(str(v.value).strip() for v in each.values if isinstance(v, ast.Constant))) > 1:
                yield "".join(parts)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield re.escape(each.value.strip())


@cache
def _buttons(folder: Path) -> frozenset[str]:
    """What stands on buttons, boxes and menus made under a folder; verbs that a list of steps gives are among them."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in _BUTTONS:
                    found.update(text for argument in node.args[:2] for text in _texts(argument))
                elif name == "__init__":  # a list of one kind is given its verb
                    found.update(text for argument in node.args for text in _texts(argument))
            elif isinstance(node, ast.Assign) or (
                isinstance(node, ast.Return) and isinstance(node.value, ast.IfExp)
            ):  # words = "…" if … else f"…", then a button of them
                found.update(_texts(node))
            elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):  # several buttons made in a row
                found.update(_texts(node.iter))
    return frozenset(found)


@cache
def _said() -> frozenset[str]:
    """Every text of the program but for what documents it, as regular expressions; names of files without their ends."""
    found: set[str] = set()
    for path in (p for part in ("desktop", "forms", "db") for p in (ROOT / part).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):  # what documents a function or a class is none of it
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
                body[0] = ast.Pass()
        found.update(text.removesuffix("：").removesuffix("\\.html") for text in _texts(tree))
    return frozenset(found)


def _is(words: str, texts: frozenset[str]) -> bool:
    """Whether it is one of them; where something is put in, half of it at least must be written there."""
    return re.escape(words) in texts or any(
        ".+" in text and 2 * len(text.replace(".+", "").replace("\\", "")) >= len(words) and re.fullmatch(text, words)
        for text in texts
    )


def test_every_button_that_is_named_is_one() -> None:
    named = {word for line in _lines() for word in BUTTON.findall(line)}
    assert len(named) > 40
    assert sorted(word for word in named if not _is(word, _buttons(ROOT / "desktop"))) == []
    assert [line for line in _lines() if line.count("【") != line.count("】")] == []


def test_every_name_in_quotes_is_in_the_program() -> None:
    """Tabs, columns, papers, pages, messages: not about the same, but the same."""
    told = {word for line in _lines() for word in TOLD.findall(line)}
    named = {word for line in _lines() for word in QUOTED.findall(line)} - WINDOWS - told
    installer = resources.path("installer/boai.nsi").read_text(encoding="utf-8-sig").replace("${NAME}", "博爱台账")
    own = {word for word in ("卸载博爱台账",) if word in installer} | {
        "下一步",
        "安装",
        "完成",
    }  # of the installer's pages
    assert sorted(word for word in named - own if not _is(word, _said())) == []
    assert sorted(word for word in told if not any(re.escape(word) in text for text in _said())) == []


def test_pages_that_are_named_are_in_the_navigation() -> None:
    """“到某页”, “在某页里”: the names are those of the navigation, or of something on a page."""
    text = "".join(line for chapter in tasks() for _, line in chapter.lines)
    named = set(re.findall(r"[到在]“([^”]{2,6})”(?:里|，|打印|看|选)", text))
    inside = {"填上级模板", "未报送", "说明", "经办人员", "下级单位"}
    assert named - inside <= set(NAMES.values())
    assert len(named) > 5


@pytest.mark.parametrize(("place", "word"), sorted({found for line in _lines() for found in AT.findall(line)}))
def test_a_button_stands_where_it_is_said_to(place: str, word: str) -> None:
    pages = {page.title: Path(*page.__module__.split(".")[:-1]) for page in PAGES}
    folder = pages.get(place, Path("desktop/pages"))  # a part of a page is named by itself
    places = [ROOT / folder, *(ROOT / "desktop" / each for each in _EVERYWHERE)]
    assert any(_is(word, _buttons(each)) for each in places)
