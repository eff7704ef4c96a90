"""Who may import whom, where SQL may stand, what lies at the top level, and how long a file may be.

``resources ← db ← forms ← desktop``. The rules are checked on this checkout, and each is shown to bite on a small tree
with one seeded violation.
"""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("resources", "db", "forms", "desktop")
TOP_LEVEL = {
    "desktop", "resources", "forms", "db", "tests", "docs", "pyinstaller.spec", "README.md", "pyproject.toml", "LICENSE",
    ".ci", ".gitignore", ".gitattributes",
}  # fmt: skip
QT = {"PySide6", "PySide2", "PyQt5", "PyQt6", "shiboken6", "qtpy"}
SQL_DRIVERS = {"sqlite3", "sqlite_utils", "sqlcipher3", "apsw", "pysqlite3"}
PAPER = {"reportlab", "openpyxl", "xlsxwriter", "docx", "fontTools"}
FORBIDDEN = {
    "resources": {*PACKAGES, *QT, *SQL_DRIVERS, *PAPER} - {"resources"},
    "db": {"forms", "desktop", *QT, *PAPER, "sqlite3"},
    "forms": {"desktop", *QT, *SQL_DRIVERS},
    "desktop": {*SQL_DRIVERS, *PAPER},
}
# What `forms` may know of `db`: plain data, never a connection.
FORMS_MAY = (
    "db.bounded",
    "db.records",
    "db.errors",
    "db.places",
    "db.quarters",
    "db.year_days",
    "db.rules.register",
    "db.rules.verdicts",
)
# For each package its folders in order: a file may import its own folder and those before it; "" is the package itself.
# Imports for typing and inside functions count.
LAYERS = {
    "db": ("", "records", "storage", "queries", "rules", "tasks", "intake"),
    "forms": ("", "reading", "columns", "shapes", "excel", "pdf", "report", "papers", "template"),
    "desktop": ("services", "shell", "tables", "records", "pages", "window", "cli", ""),
}
# Below desktop/pages a folder is an entry of the navigation, and knows no other one but these.
PAGES_MAY = {"teams": {"training", "insurance", "money", "service"}, "checks": {"insurance"}}
# Typesetting knows nothing of ours.
ALONE = {"forms/pdf": ("forms.pdf", "forms.errors", "forms.output")}
SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|WITH|REPLACE|VACUUM|ATTACH)\s+[\w*(]", re.ASCII
)
# A date format with Chinese words in it: Windows refuses it ("Invalid format string") wherever its locale is not ours.
DATE_WORDS = re.compile(r"(?=.*%[YmdHMSjy])(?=.*[^\x00-\x7f])")
# What holds a sentence for a person, by the names it goes by; such words are never compared with: they may be reworded.
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MESSAGES = {"reason", "message", "note", "notes", "hint", "hints", "words", "said", "detail", "fix", "why"}
SPOKEN = {"text", "toPlainText", "toolTip", "windowTitle", "accessibleName", "currentText", "verb"}
LONGEST = 500
# Where the clock may be read: once for the window, once for the command line.
CLOCKS = ("desktop/shell/desk.py", "desktop/cli/clock.py")
CLOCK = re.compile(r"\b(?:date|datetime)\.(?:today|now|utcnow)\(")
# Libraries whose objects are made ready by setting what they have, and the places that are set for want of a setter: of
# Python's own, and an option of Qt's that a delegate has copied.
SETTABLE = {"lxml", "docx", "fontTools", "reportlab", "zipfile"}
SET_OUTSIDE = (
    "sys.excepthook", "sys.unraisablehook", "threading.excepthook", "warnings.showwarning", "logging.raiseExceptions",
    "logging.lastResort", "outcome.error.__notes__", "plain.state",
)  # fmt: skip
# Where markup of our own is shown; nothing else may ask Qt to read any, and nothing may take a guess back.
MARKED_UP = {"desktop/tables/edit_form.py", "desktop/pages/checks/judging.py"}
MARKUP = re.compile(
    r"\.(?:RichText|AutoText|MarkdownText)\b"
    r"|\b(?:setHtml|insertHtml|appendHtml|setMarkdown|setWhatsThis|QStaticText|QTextBrowser|QErrorMessage)\b"
)
VAGUE = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the full name of every module that is imported, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    """Whether a module is one of these, or lies in one of them."""
    return f"{module}.".startswith(tuple(f"{package}." for package in packages))


def strings(tree: ast.AST) -> Iterator[str]:
    """Yield every string that is not a docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def date_formats(tree: ast.AST) -> Iterator[str]:
    """Yield every format that a date may be written by: after the colon of an f-string, or given to `strftime`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            yield "".join(str(v.value) for v in node.format_spec.values if isinstance(v, ast.Constant))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("strftime", "strptime"):
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def switches(tree: ast.AST) -> Iterator[str]:
    """Yield every condition on the words of a message: compared with, searched for or begun or ended by Chinese."""

    def is_chinese(node: ast.AST) -> bool:
        return any(
            isinstance(n, ast.Constant) and isinstance(n.value, str) and CHINESE.search(n.value) for n in ast.walk(node)
        )

    def is_message(node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            return name in SPOKEN or (name == "str" and any(is_message(a) or is_error(a) for a in node.args))
        return getattr(node, "attr", getattr(node, "id", "")) in MESSAGES

    def is_error(node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id == "error"

    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            if any(is_chinese(side) for side in sides) and any(is_message(side) for side in sides):
                yield ast.unparse(node)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
            "startswith",
            "endswith",
            "find",
            "index",
        ):
            assert isinstance(node.func, ast.Attribute)
            if is_message(node.func.value) and any(map(is_chinese, node.args)):
                yield ast.unparse(node)


def modules_of(root: Path) -> dict[str, Path]:
    """Return every module of the product by its full name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(root: Path) -> dict[str, set[str]]:
    """Return for every module of the product those of ours that it imports, for typing and inside functions too."""
    modules = modules_of(root)
    graph = {}
    for name, path in modules.items():
        graph[name] = set[str]()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                graph[name] |= {alias.name for alias in node.names} & modules.keys()
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    graph[name] |= {full if full in modules else node.module} & modules.keys()
        graph[name] -= {name, name.split(".")[0]}
    return graph


def upward(root: Path) -> set[tuple[str, str]]:
    """Return every import that runs against `LAYERS`, `PAGES_MAY` or `ALONE`: (the importing module, the imported)."""
    modules = modules_of(root)

    def folders(name: str) -> tuple[str, ...]:
        return modules[name].relative_to(root).parts[1:-1]

    found = set()
    for name, others in imported(root).items():
        package, here = name.split(".")[0], folders(name)
        for other in others:
            there = folders(other)
            if f"{package}/{here[0] if here else ''}" in ALONE and not is_within(other, ALONE[f"{package}/{here[0]}"]):
                found.add((name, other))
            if other.split(".")[0] != package or package not in LAYERS:
                continue
            order = LAYERS[package]
            a, b = here[0] if here else "", there[0] if there else ""
            if (
                a not in order
                or b not in order
                or order.index(b) > order.index(a)
                or (
                    a == b == "pages"
                    and min(len(here), len(there)) > 1
                    and there[1]
                    not in {
                        here[1],
                        *PAGES_MAY.get(here[1], ()),
                    }
                )
            ):
                found.add((name, other))
    return found


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return every set of modules that import each other, directly or by way of others (Tarjan 1972)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_, found = [], []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        open_.append(name)
        for other in graph[name]:
            if other not in order:
                visit(other)
            if other in open_:
                low[name] = min(low[name], low[other])
        if low[name] == order[name]:
            at = open_.index(name)
            if len(open_) - at > 1:
                found.append(set(open_[at:]))
            del open_[at:]

    for name in graph:
        if name not in order:
            visit(name)
    return found


def stores(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Yield every attribute that is set on something that is not `self` (or `cls`)."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
        ):
            yield node


def declared(tree: ast.AST) -> set[str]:
    """Return the attributes of the classes of a file: what they annotate, and what they set on `self`."""
    found = set()
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for node in ast.walk(kind):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
            elif (
                isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
                and isinstance(node.value, ast.Name) and node.value.id == "self"
            ):  # fmt: skip
                found.add(node.attr)
    return found


def reaching(root: Path) -> list[str]:
    """Return every attribute that is set on the object of another room: in `desktop` of another file, else of another
    folder. What we declare nowhere is a library's (`paragraph.style`), but in `desktop`, whose library has setters."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in modules_of(root).values()}
    own = {path: declared(tree) for path, tree in trees.items()}
    rooms: dict[str, set[str]] = {}
    for path, names in own.items():
        room = rooms.setdefault("/".join(path.relative_to(root).parts[:2]), set())
        room |= names
    ours = set().union(*own.values())
    found = []
    for path, tree in trees.items():
        place = path.relative_to(root)
        shown = place.parts[0] == "desktop"
        known = own[path] if shown else rooms["/".join(place.parts[:2])]
        libraries = {name.split(".")[0] for name in imports(tree)} & SETTABLE
        for node in stores(tree):
            outside = node.attr in ours and not libraries if not shown else ast.unparse(node) not in SET_OUTSIDE
            if node.attr not in known and outside:
                found.append(f"{place.as_posix()}:{node.lineno}: sets {ast.unparse(node)}")
    return found


def violations(root: Path, names: set[str]) -> list[str]:
    """Return every breach of the structure below `root`; `names` are what lies at its top level."""
    found = [f"top level: {name}" for name in sorted(names - TOP_LEVEL)]
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            place = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
            if len(text.splitlines()) > LONGEST and not place.startswith("db/storage/migrations/"):
                found.append(f"{place}: over {LONGEST} lines")
            if set(path.relative_to(root).with_suffix("").parts) & VAGUE:
                found.append(f"{place}: a name that says nothing")
            if ast.get_docstring(tree) is None:
                found.append(f"{place}: no docstring")
            modules = set(imports(tree))
            for module in sorted(modules):
                if module.split(".")[0] in FORBIDDEN[package]:
                    found.append(f"{place}: imports {module}")
                if package == "forms" and module.startswith("db.") and not is_within(module, FORMS_MAY):
                    found.append(f"{place}: imports {module}")
                if (
                    place.startswith("db/storage/migrations/")
                    and module.split(".")[0] in PACKAGES
                    and not is_within(module, ("db.storage.migrations", "db.storage.uids"))
                ):
                    found.append(f"{place}: imports {module}")
            found += [f"{place}: date format in words: {f!r}" for f in date_formats(tree) if DATE_WORDS.match(f)]
            if package in ("forms", "desktop"):
                found += [f"{place}: words as a switch: {words}" for words in switches(tree)]
            if package == "desktop" and place not in CLOCKS and CLOCK.search(text):
                found.append(f"{place}: reads the clock")
            if package != "db":
                found += [f"{place}: SQL: {s[:40]!r}" for s in strings(tree) if SQL.match(s)]
            if place not in ("db/storage/vault.py", "db/__init__.py") and re.search(
                r"\b(Database|driver\.connect|sqlcipher3\.connect)\(", text
            ):
                found.append(f"{place}: opens a database")
    return found


def test_structure_holds() -> None:
    names = set()
    if shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=False,
        )  # fmt: skip
        names = {name.split("/")[0] for name in listed.stdout.decode().split("\0") if name}
    if not names:  # no git here, or an unpacked archive: look at the folder itself, less what tools leave
        names = {p.name for p in ROOT.iterdir() if not p.name.startswith(".") and not p.name.endswith(".egg-info")}
        names -= {"build", "dist", "venv"}
    assert violations(ROOT, names) == []


def test_every_name_in_the_repository_is_plain() -> None:
    """Other letters come out quoted from git, and differ in form between systems."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    assert [name for name in listed.split("\0") if not name.isascii()] == []


def test_no_file_keeps_the_marks_of_a_merge() -> None:
    """Both sides of a merge were once handed in with what git had written between them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    marks = tuple(7 * sign for sign in (b"<", b">", b"|"))
    kept = [
        name
        for name in listed.split("\0")
        if name and (ROOT / name).is_file()
        and any(line.startswith(marks) for line in (ROOT / name).read_bytes().splitlines())
    ]  # fmt: skip
    assert kept == []


def test_imports_run_one_way() -> None:
    assert upward(ROOT) == set()


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circles(imported(ROOT)) == []


def test_nobody_sets_what_another_declares() -> None:
    assert reaching(ROOT) == []


def test_reaching_into_another_is_found(tmp_path: Path) -> None:
    for place, text in {
        "desktop/shell/a.py": "class A:\n    def __init__(self):\n        self.tone = 0\n",
        "desktop/pages/b.py": "def f(a):\n    a.tone = 1\n    a.stack, b = 2, 3\n",
        "db/records/c.py": "class C:\n    day: int = 0\ndef f(c):\n    c.day = 1\n",
        "db/storage/d.py": "def f(c):\n    c.day += 1\n",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    assert sorted(line.split("sets ")[1] for line in reaching(tmp_path)) == ["a.stack", "a.tone", "c.day"]


LAYER_SEEDS = {
    "up, at the top of a file": ("db/storage/x.py", "import db.rules.y\n", "db/rules/y.py", ""),
    "up, inside a function": ("forms/reading/x.py", "def f():\n    from forms.shapes.y import z\n", "forms/shapes/y.py", ""),
    "up, for typing": (
        "desktop/shell/x.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from desktop.window import y\n",
        "desktop/window/y.py", "",
    ),
    "from page to page": ("desktop/pages/money/x.py", "from desktop.pages.teams.y import z\n", "desktop/pages/teams/y.py", ""),
    "a folder nobody named": ("db/cellar/x.py", "import db.records.y\n", "db/records/y.py", ""),
    "typesetting that knows us": ("forms/pdf/x.py", "from forms.reading import y\n", "forms/reading/y.py", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYER_SEEDS)
def test_the_order_of_folders_bites(name: str, tmp_path: Path) -> None:
    place, text, other, more = LAYER_SEEDS[name]
    for path, content in ((place, text), (other, more)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    assert len(upward(tmp_path)) == 1


def test_circles_are_found(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    for name, text in {
        "a": "import db.b\n",
        "b": "def f():\n    from db import c\n",
        "c": "from db.a import x\n",
        "d": "import db.a",
    }.items():
        (tmp_path / "db" / f"{name}.py").write_text(text, encoding="utf-8")
    assert circles(imported(tmp_path)) == [{"db.a", "db.b", "db.c"}]


SEEDS = {
    "SQL in forms": ("forms/x.py", '"""X."""\nQ = "SELECT name FROM team"\n', "SQL"),
    "SQL over several lines in desktop": ("desktop/x.py", '"""X."""\nQ = f"""\n  DELETE FROM team"""\n', "SQL"),
    "Qt in db": ("db/x.py", '"""X."""\nfrom PySide6.QtCore import QObject\n', "PySide6"),
    "Qt in forms, inside a function": ("forms/x.py", '"""X."""\ndef f():\n    import PySide6\n', "PySide6"),
    "forms in db": ("db/x.py", '"""X."""\nfrom forms import output\n', "forms"),
    "desktop in forms": ("forms/x.py", '"""X."""\nimport desktop.window.window\n', "desktop"),
    "a connection in forms": ("forms/x.py", '"""X."""\nfrom db.storage.store import Store\n', "db.storage"),
    "a connection in forms, the other way": ("forms/x.py", '"""X."""\nfrom db.storage import store\n', "db.storage"),
    "a driver in desktop": ("desktop/x.py", '"""X."""\nimport sqlite3\n', "sqlite3"),
    "openpyxl in desktop": ("desktop/x.py", '"""X."""\nimport openpyxl\n', "openpyxl"),
    "a second door": ("db/x.py", '"""X."""\nfrom sqlite_utils import Database\nD = Database("x")\n', "opens"),
    "a long file": ("db/x.py", '"""X."""\n' + "A = 1\n" * 500, "over"),
    "a vague name": ("db/utils.py", '"""X."""\n', "nothing"),
    "no docstring": ("db/x.py", "A = 1\n", "docstring"),
    "words in a date format": ("desktop/x.py", '"""X."""\ndef f(d):\n    return f"{d:%m月%d日}"\n', "date format"),
    "words in strftime": ("forms/x.py", '"""X."""\ndef f(d):\n    return d.strftime("%Y年")\n', "date format"),
    "a sentence as a switch": ("desktop/x.py", '"""X."""\ndef f(p):\n    return "没有导入" in p.reason\n', "switch"),
    "a button known by its words": ("desktop/x.py", '"""X."""\ndef f(b):\n    return b.text() == "取消"\n', "switch"),
    "the end of a note": ("forms/x.py", '"""X."""\ndef f(note):\n    return note.endswith("缺数据")\n', "switch"),
    "a clock in desktop": ("desktop/x.py", '"""X."""\nimport datetime as dt\nT = dt.date.today()\n', "clock"),
    "ours in migrations": ("db/storage/migrations/m9.py", '"""X."""\nfrom db.records import entities\n', "entities"),
}


@pytest.mark.parametrize("name", SEEDS)
def test_each_rule_bites(name: str, tmp_path: Path) -> None:
    place, text, expected = SEEDS[name]
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    assert violations(tmp_path, set(PACKAGES)) == []
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text(text, encoding="utf-8")
    found = violations(tmp_path, set(PACKAGES))
    assert found, name
    assert any(expected in line for line in found), found


def test_a_sixth_folder_is_refused(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    assert violations(tmp_path, {*PACKAGES, "tests", "core"}) == ["top level: core"]


def test_the_product_reads_nothing_beside_the_repository() -> None:
    for package in (*PACKAGES, "tests"):
        for path in (ROOT / package).rglob("*.py"):
            if path != Path(__file__).resolve():
                assert "../shared" not in path.read_text(encoding="utf-8"), path


def test_subcommands_import_no_qt() -> None:
    script = (
        "import sys; from desktop.__main__ import main; main(['figures', 'nonsense']); "
        "import desktop.cli.commands, desktop.services.reporting, desktop.services.importing; "
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    import sys

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_no_text_is_read_as_markup() -> None:
    """Labels, tips and boxes are made plain by the one style of the application; nothing goes around it."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "desktop").rglob("*.py")
        if MARKUP.search(re.sub(r'"""[\s\S]*?"""', "", path.read_text(encoding="utf-8")))
    }
    assert found - {"desktop/shell/plain_text.py"} == MARKED_UP
    assert "app.setStyle(PlainStyle())" in (ROOT / "desktop/window/app.py").read_text(encoding="utf-8")
    for seeded in ("label.setTextFormat(Qt.TextFormat.RichText)", "edit.setHtml(name)", "QStaticText(name)"):
        assert MARKUP.search(seeded)
