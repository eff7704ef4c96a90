"""The pages made by hand: overview, findings, reports, import, history, and the dialogs before the window."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from db.errors import UserError
from db.records.entities import BLOOD_TARGET, SHEETS, TOWNSHIP
from db.records.internal_entities import COLUMN_MAPPING
from db.records.statuses import STATUSES
from db.rules.register import MODES, register
from db.rules.verdicts import Result
from db.storage.store import Store
from desktop.pages.checks.findings import CHIPS, FindingsPage, chip_of
from desktop.pages.checks.findings_table import MET, Group
from desktop.pages.checks.forecast import ForecastDialog
from desktop.pages.checks.judging import JudgeDialog
from desktop.pages.importing.importing import ImportPage
from desktop.pages.overview.overview import OverviewPage
from desktop.pages.reports.reports import ReportsPage
from desktop.pages.system.history import HistoryPage
from desktop.shell import printing
from desktop.shell.theme import Theme
from desktop.shell.widgets import TONES
from desktop.window import opening
from desktop.window.window import MainWindow
from forms.excel.workbook import template
from tests.desktop.conftest import Settle, id_number


def _texts(widget: object) -> str:
    found = [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)]  # type: ignore[attr-defined]
    return "\n".join(w.text() for w in found if w.isVisible())


def test_the_history_is_searched(window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
    """By words, kind and day; what nothing fits says so."""
    page = window.show_page("history")
    settle()
    assert isinstance(page, HistoryPage)
    every = len(page.model.rows)
    page.kind.setCurrentIndex(page.kind.findText("撤销和重做"))
    qtbot.wait(250)
    settle()
    assert (every > 0, page.model.rows) == (True, [])
    page.kind.setCurrentIndex(0)
    page.find_box.setText("没有这样的话")
    qtbot.wait(250)
    settle()
    assert page.model.rows == []
    page.find_box.clear()
    page.day.setText("1999-01-01")
    qtbot.wait(250)
    settle()
    assert page.model.rows == []
    page.day.clear()
    qtbot.wait(250)
    settle()
    assert len(page.model.rows) == every


def test_every_status_has_a_tone_and_a_chip() -> None:
    """No status can come up without a look."""
    assert set(TONES) == set(STATUSES)
    (clause, *_) = register()
    for status in STATUSES:
        for mode in MODES:
            result = Result(replace(clause, mode=mode), status, None, None, {}, {}, "")
            assert chip_of(result) in CHIPS[:-1]


def test_overview_shows_figures_and_opens_what_is_to_do(window: MainWindow, settle: Settle) -> None:
    """The charts carry the quarter's figures; a verb button opens the page where it is put right."""
    page = window.pages["overview"]
    assert isinstance(page, OverviewPage)
    text = _texts(page)
    assert "先处理这几项" in text
    assert "收入 5,000.00" in page.money.accessibleName()
    assert "三季度 支出 1,234" in page.money.accessibleName()
    window.desk.handle(next(r for r in _results(window, settle) if r.status == "not_met" and r.clause.record == "team"))
    settle()
    assert window.desk.key == "team"


def _results(window: MainWindow, settle: Settle) -> list:  # type: ignore[type-arg]
    page = window.show_page("findings")
    settle()
    assert isinstance(page, FindingsPage)
    return page.results


def test_findings(window: MainWindow, settle: Settle, qtmodeltester: ModelTester) -> None:
    """Every clause with citation; the panel explains the one chosen; chips count."""
    results = _results(window, settle)
    page = window.pages["findings"]
    assert isinstance(page, FindingsPage)
    qtmodeltester.check(page.model)
    page.chips[-1].click()
    assert sum(not isinstance(line, Group) for line in page.model.lines) == len(results)
    listed = [r for r in results if r.listed]
    assert 0 < len(listed) < len(results)
    assert page.chips[-1].text() == f"全部 {len(listed)}"
    assert page.chips[CHIPS.index("待自评")].text() == f"待自评 {sum(chip_of(r) == '待自评' for r in listed)}"
    assert f" {len(listed)} 条要求" in window.fact.whole
    page.open_clause(results[-1].clause.id)
    QApplication.processEvents()
    text = _texts(page.panel)
    assert results[-1].clause.quotation in text
    assert results[-1].clause.citation in text
    assert results[-1].message in text
    unmet = sum(r.status == "not_met" for r in results)
    assert window.entries["findings"].badge == unmet


def test_what_will_change(window: MainWindow, settle: Settle) -> None:
    """The dialog names each clause that changes until the quarter's end, with its day."""
    dialog = ForecastDialog(window.desk)
    dialog.open()
    settle()
    assert "如果不再录入" in _texts(dialog)
    assert "正在推算" not in _texts(dialog)
    dialog.close()


def test_findings_without_a_level(window: MainWindow, settle: Settle) -> None:
    """An office that has not entered its level is told so; nothing breaks."""
    pane = window.show_page("settings").pane  # type: ignore[attr-defined]
    settle()
    pane.view.selectAll()
    pane.delete()
    settle()
    page = window.show_page("findings")
    settle()
    assert "层级" in page.calm.text()  # type: ignore[attr-defined]
    window.show_page("overview")
    settle()


def test_report_is_shown_and_written(window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    """The preview is the report itself; both formats are written."""
    page = window.show_page("reports")
    settle()
    assert isinstance(page, ReportsPage)
    assert page.document is not None
    assert page.document.pageCount() >= 2
    page.turn(1)
    page.export_to(tmp_path, ("pdf", "xlsx"))
    settle()
    assert {p.suffix for p in tmp_path.iterdir() if p.is_file()} == {".pdf", ".xlsx"}
    assert page.folder_button.isVisible()


@pytest.mark.parametrize("third", range(3))
def test_every_paper_is_previewed_and_written(third: int, window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    """Each paper shows itself when chosen; one about a volunteer asks for the name first."""
    page = window.show_page("reports")
    assert isinstance(page, ReportsPage)
    settle()
    for index in range(3 + third, page.choice.count(), 3):
        page.choice.setCurrentRow(index)
        settle()
        paper = page.paper
        assert paper is not None
        if paper.by_person:
            assert "姓名" in page.words.text()
            page.about.setCurrentIndex(1)
            page.load()
            settle()
        assert page.document is not None, paper.title
        assert page.stack.currentIndex() == 1, (paper.title, page.words.text())
        page.export_to(tmp_path / paper.name, ("pdf",))
        settle()
        assert len(list((tmp_path / paper.name).glob("*.pdf"))) == 1, paper.title
    page.choice.setCurrentRow(0)
    settle()
    assert page.word_button.isEnabled()


def test_no_printer_is_said_in_words(window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a printer nothing opens but a sentence."""
    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", staticmethod(list))
    page = window.show_page("reports")
    settle()
    assert isinstance(page, ReportsPage)
    page.print_report()
    box = QApplication.activeModalWidget()
    assert box is not None
    assert "没有安装打印机" in box.text()
    box.close()


def _pdf(path: Path, landscape: bool) -> bytes:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    if landscape:
        writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    from PySide6.QtGui import QPainter

    painter = QPainter(writer)
    painter.fillRect(600, 600, 3000, 3000, Qt.GlobalColor.black)
    painter.end()
    del painter, writer
    return path.read_bytes()


@pytest.mark.parametrize("landscape", [False, True])
def test_pages_are_printed_upright_on_white(qapp: QApplication, tmp_path: Path, landscape: bool) -> None:
    """A landscape page is turned onto a portrait sheet; the ground is white, the ink is there."""
    document, buffer = printing.open_pdf(_pdf(tmp_path / "a.pdf", landscape))
    image = printing.page_image(document, 0, 72)
    assert image.height() > image.width()
    assert image.pixelColor(1, 1).name() == "#ffffff"
    ink = sum(image.pixelColor(x, y).lightness() < 128 for x in range(image.width()) for y in range(0, 400, 2))
    assert ink > 20
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "b.pdf"))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printing.draw_pdf(printer, document)
    assert (tmp_path / "b.pdf").stat().st_size > 500
    buffer.close()


def test_a_list_is_printed_with_its_heading_on_every_page(qapp: QApplication, tmp_path: Path) -> None:
    """Long lists go over several sheets."""
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "c.pdf"))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(12, 12, 12, 12), QPageLayout.Unit.Millimeter)
    lines = [(f"第 {i} 行", "10.00") for i in range(120)]
    pages = printing.draw_table(printer, "志愿者", ["姓名", "时长"], [20, 10], [False, True], lines)
    assert pages >= 3
    document, buffer = printing.open_pdf((tmp_path / "c.pdf").read_bytes())
    assert document.pageCount() == pages
    buffer.close()


def test_import_of_a_wrong_file(window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    """One sentence, and back to choosing."""
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"not a workbook")
    page = window.show_page("import")
    assert isinstance(page, ImportPage)
    page.take([path])
    settle()
    box = QApplication.activeModalWidget()
    assert box is not None
    box.close()
    assert page.stack.currentIndex() == 0
    page.template_to(tmp_path / "模板.xlsx")
    settle()
    assert (tmp_path / "模板.xlsx").read_bytes()[:2] == template(SHEETS)[:2]


def test_history_spells_out_and_takes_back(window: MainWindow, settle: Settle) -> None:
    """Operations with what they changed, numbers masked; an older one can be taken back."""
    window.jobs.write("新增街镇：城关镇", lambda store: store.save(TOWNSHIP, {"name": "城关镇"}))
    settle()
    page = window.show_page("history")
    settle()
    assert isinstance(page, HistoryPage)
    assert page.model.rows[0]["title"] == "新增街镇：城关镇"
    QApplication.processEvents()
    assert "名称：城关镇" in page.changes.toPlainText()
    page.take_back()
    settle()
    assert page.model.rows[0]["kind"] == "undo"
    page.view.selectRow(2)
    settle()
    assert id_number(20) not in page.changes.toPlainText()


def test_history_says_what_the_program_remembered(window: MainWindow, settle: Settle) -> None:
    """Its own records in a sentence, not column by column."""
    row = {"shape": "1c9c", "kind": "volunteer", "columns": '{"姓 名": "姓名"}'}
    window.jobs.write("记住列的对应关系", lambda store: store.save(COLUMN_MAPPING, row))
    settle()
    page = window.show_page("history")
    settle()
    assert isinstance(page, HistoryPage)
    QApplication.processEvents()
    assert "下次导入自动照办" in page.changes.toPlainText()
    assert "1c9c" not in page.changes.toPlainText()


def test_first_start(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name and level make a ledger; the recovery code has to be acknowledged; password and code open it again."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    seen: list[str] = []

    def acknowledge(dialog: opening.RecoveryCode) -> int:
        assert not dialog.done_button.isEnabled()
        dialog.show()
        dialog.reject()
        assert dialog.isVisible()
        dialog.kept.setChecked(True)
        assert dialog.done_button.isEnabled()
        dialog.accept()
        seen.append(dialog.code)
        return 1

    monkeypatch.setattr(opening.RecoveryCode, "exec", acknowledge)
    path = tmp_path / "ledger.boai-db"
    first = opening.FirstRun(Theme(), path)
    qtbot.addWidget(first)
    first.make_office()
    assert "单位名称" in first.error.text()
    first.name.setText("安澜县红十字会")
    first.password.setText("白鹿原上 1987")
    first.again.setText("x")
    first.make_office()
    assert "不一样" in first.error.text()
    first.again.setText("白鹿原上 1987")
    first.make_office()
    assert first.store is not None
    assert first.store.office() == {"name": "安澜县红十字会", "level": "县级"}
    first.store.close()
    dialog = opening.Unlock(Theme(), path, "", True)
    qtbot.addWidget(dialog)
    dialog.secret.setText("错的")
    dialog.open()
    assert "密码不对" in dialog.error.text()
    assert dialog.asked.text() == "密码"
    dialog.by_code.setChecked(True)
    assert dialog.asked.text() == dialog.secret.accessibleName() == "恢复码"
    assert dialog.error.text() == ""  # it spoke of the password
    dialog.secret.setText(seen[0].lower())
    dialog.open()
    assert dialog.store is not None
    dialog.store.close()
    with Store.open(path, "白鹿原上 1987") as store:
        assert store.office()["level"] == "县级"


def test_a_file_that_cannot_be_made(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    """The reason stands in the dialog."""
    (tmp_path / "ledger.boai-db").write_bytes(b"x")
    first = opening.FirstRun(Theme(), tmp_path / "ledger.boai-db")
    qtbot.addWidget(first)
    first.name.setText("安澜县红十字会")
    first.make_office()
    assert "没有覆盖" in first.error.text()
    assert first.result() == 0
    assert first.windowModality() == Qt.WindowModality.NonModal
    with pytest.raises(UserError):
        Store.open(tmp_path / "none.boai-db")


def test_confirm_and_assess(window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
    """A clause that no record decides takes a person's word, with what the ledger refuses said in the dialog."""
    results = _results(window, settle)
    page = window.pages["findings"]
    assert isinstance(page, FindingsPage)
    own = next(r for r in results if r.clause.mode == "self" and r.status == "missing_evidence")
    page.open_clause(own.clause.id)
    dialog = JudgeDialog(window.desk, own)
    qtbot.addWidget(dialog)
    dialog.show()
    settle()
    dialog.person.setText("李萍")
    dialog.save()
    settle()
    assert "情况说明" in dialog.error.text()
    dialog.text.setPlainText("已部署，正在落实")
    dialog.save()
    settle()
    assert not dialog.isVisible()
    again = next(r for r in page.results if r.clause.id == own.clause.id)
    assert again.judgement is not None
    assert again.judgement["person"] == "李萍"
    assert "李萍" in _texts(page.panel)


def test_a_proposal_is_confirmed(window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
    """What the ledger proposes counts once a person has confirmed it."""
    results = _results(window, settle)
    page = window.pages["findings"]
    assert isinstance(page, FindingsPage)
    waits = ("not_applicable", "missing_data", "not_due")
    half = next((r for r in results if r.proposed is not None and r.status not in waits), None)
    if half is None:
        pytest.skip("the register has no proposal for this office")
    dialog = JudgeDialog(window.desk, half)
    qtbot.addWidget(dialog)
    dialog.person.setText("李萍")
    dialog.save()
    settle()
    again = next(r for r in page.results if r.clause.id == half.clause.id)
    assert again.status == half.proposed
    assert again.judgement is not None


def test_a_notice_says_how_much_of_it_is_met(window: MainWindow, settle: Settle) -> None:
    """The line of a notice counts what is met of all its clauses, for the eye and for a screen reader."""
    page = window.show_page("findings")
    settle()
    assert isinstance(page, FindingsPage)
    model = page.model
    page.chips[-1].click()
    notices = [line for line in model.lines if isinstance(line, Group) and line.met is not None]
    assert notices
    for place, line in enumerate(model.lines):
        if line in notices:
            assert isinstance(line, Group)
            own = [r for r in page.results if r.clause.source.title == line.title and r.listed]
            met = sum(r.status == "met" for r in own)
            index = model.index(place, 0)
            assert index.data(MET) == (met, len(own))
            assert f"达标 {met} 条，共 {len(own)} 条" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_columns_that_fit_are_not_scrolled(window: MainWindow, settle: Settle) -> None:
    """A list that ends in numbers does not count what its last column had while it was stretched."""
    window.jobs.write(
        "测试", lambda store: store.save(BLOOD_TARGET, dict.fromkeys(BLOOD_TARGET.by_name) | {
            "year": 2026, "unit": "城东街道", "scope": "group", "target_units": 420}),
    )  # fmt: skip
    page = window.show_page("blood")
    settle()
    header = page.pane.view.horizontalHeader()  # type: ignore[attr-defined]
    assert header.length() == sum(header.sectionSize(n) for n in range(header.count()))
