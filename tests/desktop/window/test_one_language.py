"""The same act has the same word, picture and place on every list, and what a list says is written in one way."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton

from db.records.amounts import Count, Hours, Money, Quantity, Year, figure
from desktop.pages import BY_KEY
from desktop.records.list_toolbar import ListToolbar
from desktop.tables.clipboard import to_text
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle

ROOT = Path(__file__).resolve().parents[3]
ACTS = {"新增": "add", "修改": "edit", "删除": "delete", "粘贴": "paste", "导入": "import", "导出": "export", "打印": "print",
        "本季度": "calendar", "显示号码": "eye", "列设置": "columns"}  # fmt: skip


def _act(made: QPushButton) -> str:
    words = made.text() or made.accessibleName()
    whole = words.split("：")[0]
    return next((act for act in ACTS if whole == act or (act == "新增" and whole.startswith(act))), "")


def test_every_list_speaks_one_language(window: MainWindow, settle: Settle) -> None:
    """Crawls over all pages: each act has its one picture, and the acts stand in one order."""
    window.resize(1920, 1040)
    seen = 0
    for key in BY_KEY:
        page = window.show_page(key)
        settle()
        for bar in page.findChildren(ListToolbar):
            line = bar.row.line
            made = [w for i in range(line.count()) if isinstance(w := line.itemAt(i).widget(), QPushButton)]
            acts = [a for w in made if w.isVisibleTo(bar) and (a := _act(w))]
            order = [list(ACTS).index(a) for a in acts]
            assert order == sorted(order), (key, acts)
            for button in made:
                if act := _act(button):
                    assert button.property("icon_name") == ACTS[act], (key, button.text())
            seen += len(acts)
    assert seen > 60


def test_numbers_and_signs_are_written_alike(window: MainWindow, settle: Settle) -> None:
    """No number of four digits and more without separators in what a page tells, no ASCII minus before one."""
    for key in ("overview", "team", "fund", "activity", "blood", "insurance"):
        page = window.show_page(key)
        settle()
        for text in [w.text() for w in page.findChildren(QLabel) if w.isVisible()]:
            assert not re.search(r"(?<![\d.\-/])\d{5,}(?![\d\-])", text), (key, text)
            assert not re.search(r"(?<![\w\d)）])-\d", text), (key, text)


def test_the_status_bar_speaks_of_what_is_in_view(window: MainWindow, settle: Settle) -> None:
    """D25: settings name no keys of a grid, and the list of all teams not those of the cards."""
    page = window.show_page("settings")
    settle()
    assert "F2" not in window.foot.hint.whole
    assert "备份" in window.foot.hint.whole
    page.tabs.setCurrentIndex(3)  # type: ignore[attr-defined]
    settle()
    assert "F2" in window.foot.hint.whole
    page = window.show_page("team")
    settle()
    assert "切换队伍" in window.foot.hint.whole
    page.show_list()  # type: ignore[attr-defined]
    assert "切换队伍" not in window.foot.hint.whole
    page.show_cards()  # type: ignore[attr-defined]
    assert "切换队伍" in window.foot.hint.whole


def _own_ways(path: Path) -> Iterator[tuple[int, str]]:
    """Yield where a source turns a number into text by a way of its own: decimals with separators, a sign, a minus."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = "".join(str(v.value) for v in node.format_spec.values if isinstance(v, ast.Constant))
            if re.search(r",\.|^\+", spec):
                yield node.lineno, spec
        if isinstance(node, ast.IfExp) and isinstance(node.body, ast.Constant) and node.body.value in ("-", "−"):
            yield node.lineno, "a minus"
        if isinstance(node, ast.Constant) and node.value == "−":
            yield node.lineno, "a minus"


def test_there_is_one_way_from_a_number_to_text() -> None:
    """`amounts.figure`: separators, decimals and a minus as wide as a plus; what is copied has the minus Excel reads."""
    home = ROOT / "db/records/amounts.py"
    found = {
        str(path.relative_to(ROOT)): ways
        for package in ("db", "forms", "desktop")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path != home and (ways := list(_own_ways(path)))
    }
    assert found == {}
    assert len(list(_own_ways(home))) >= 1, "the watch is not blind"
    assert (figure(-3, plus=True), figure(18, plus=True), figure(0, plus=True)) == ("−3", "+18", "0")
    assert [k.show(-123450) for k in (Money(), Hours())] == ["−1,234.50", "−2,057.5"]
    assert (Count().show(65200), Year().show(2026), Quantity().show(1234500)) == ("65,200", "2026", "1,234.5")
    assert to_text([["−1,234.50", "−", "a−1"]]) == "-1,234.50\t−\ta−1"
    assert Count().parse("65,200") == 65200
