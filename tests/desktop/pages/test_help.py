"""F1, the manual and 关于: every page has its chapter, every part has its licence. Its words: `test_manual_words.py`."""

import re
import runpy
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QLabel

import resources
from desktop.pages import BY_KEY, PAGES
from desktop.pages.system.about import AboutDialog
from desktop.pages.system.help import HelpDialog
from desktop.services import licences
from desktop.window.window import MainWindow
from forms.report.manual import Chapter, screens, tasks
from tests.test_architecture import ROOT

NAMES = {page.key: page.title for page in PAGES}
# Without a text in their releases: Qt's stand in resources/licences, pypdfium2 is not in the packaged program.
WITHOUT = {"pyside6-essentials", "pyside6-addons", "shiboken6", "pypdfium2"}
Settle = Callable[[], None]


def _all() -> tuple[Chapter, ...]:
    return (*tasks(), *screens(NAMES))


def test_every_page_has_its_chapter_and_no_key_is_used_twice() -> None:
    keys = [chapter.key for chapter in _all()]
    assert len(keys) == len(set(keys))
    assert set(keys) >= BY_KEY.keys()
    assert all(chapter.title and chapter.lines for chapter in _all())
    assert {"install", "first", "quarter", "upward", "backup", "moving", "handover"} <= set(keys)


def test_it_opens_at_the_page_and_reads_every_chapter(window: MainWindow) -> None:
    dialog = HelpDialog(window.desk, "reports")
    assert "报表中心" in dialog.windowTitle()
    for chapter in _all():
        dialog.read(chapter.key)
        shown = " ".join(made.text() for made in dialog.findChildren(QLabel))
        assert chapter.title in dialog.windowTitle()
        assert all(line in shown for _, line in chapter.lines)
    dialog.close()


def test_the_paper_has_every_chapter(window: MainWindow, settle: Settle, tmp_path: Path,
                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    opened: list[Path] = []
    monkeypatch.setattr(window.desk, "open_file", opened.append)
    dialog = HelpDialog(window.desk, "overview")
    dialog.save_to(tmp_path / "手册.pdf")
    settle()
    assert opened == [tmp_path / "手册.pdf"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(opened[0].read_bytes())).pages)
    text = re.sub(r"\s", "", text)
    assert [chapter.title for chapter in _all() if re.sub(r"\s", "", chapter.title) not in text] == []
    dialog.close()


def test_about_shows_the_version_and_every_text(window: MainWindow) -> None:
    dialog = AboutDialog(window.desk)
    assert any(resources.VERSION in made.text() for made in dialog.findChildren(QLabel))
    assert "LGPL-3.0" in dialog.text.toPlainText()
    assert {"LGPL-3.0", "GPL-3.0", "PSF-2.0", "ICU", "Apache-2.0"} <= dialog.parts.keys()
    for place in range(dialog.list.count()):
        dialog.list.setCurrentRow(place)
        assert len(dialog.text.toPlainText()) > 200
    dialog.close()


def test_every_library_of_the_release_has_a_licence_text() -> None:
    bill = runpy.run_path(str(ROOT / "resources/installer/sbom.py"))
    missing = {
        found.metadata["Name"].lower().replace("_", "-")
        for found in bill["installed"]()
        if not bill["licence_texts"](found)
    }
    assert sorted(missing - WITHOUT) == []


def test_the_packaged_program_lists_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "somebody").mkdir()
    (tmp_path / "somebody" / "LICENSE").write_text("a text", encoding="utf-8")
    (part,) = licences._libraries(tmp_path)
    assert (part.name, part.text()) == ("somebody", "a text")
