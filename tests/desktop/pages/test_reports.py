"""报表中心: printing by keys, the provincial workbook, words with locked numbers, the red head, other offices' forms."""

from pathlib import Path

import openpyxl
import pypdf
import pytest
from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from db.quarters import Quarter
from db.queries.figures import period_figures
from db.records.entities import OFFICE
from db.records.internal_entities import LETTERHEAD, REPORT_TEXT, STAFF, TEMPLATE_BINDING
from desktop.pages.reports.report_editing import LetterheadDialog, ReportTextDialog
from desktop.pages.reports.reports import BOOK, FILLING, ReportsPage
from desktop.records.submitting import SubmitDialog
from desktop.shell import printing
from desktop.shell.print_dialog import PrintDialog, page_range
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.forms.template import documents as word
from tests.forms.template.templates import merged_headings


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> ReportsPage:
    """The page, with the report shown."""
    found = window.show_page("reports")
    assert isinstance(found, ReportsPage)
    settle()
    return found


def _ledger(window: MainWindow, work: object, settle: Settle) -> object:
    got: list[object] = []
    window.jobs.read(work, got.append)  # type: ignore[arg-type]
    settle()
    return got[0]


def test_three_keys_print_the_quarters_report(
    window: MainWindow, settle: Settle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+0, Ctrl+P, Enter, without waiting for the preview in between."""
    printed: list[tuple[str, int, int]] = []
    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["办公室打印机"]))
    monkeypatch.setattr(
        printing,
        "draw_pdf",
        lambda printer, pdf: printed.append((printer.docName(), printer.copyCount(), pdf.pageCount())),
    )

    def enter() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, PrintDialog):
            qtbot.keyClick(dialog, Qt.Key.Key_Return)
        else:
            QTimer.singleShot(50, enter)

    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    page = window.pages["reports"]
    QTimer.singleShot(50, enter)
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle()
    qtbot.waitUntil(lambda: bool(printed), timeout=20_000)
    assert isinstance(page, ReportsPage)
    assert page.document is not None
    assert printed == [("2026年第三季度合规报告", 1, page.document.pageCount())]


def test_a_half_year_is_chosen_here_and_kept_with_another_quarter(
    page: ReportsPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    """Preview, files and handing up are about the half-year; the window's quarter stays what it was."""
    quarter = window.desk.quarter
    page.period_choice.choose(quarter.around[1])
    settle()
    assert (window.desk.quarter, page.period, page.handing_up.period) == (quarter, quarter.around[1], quarter.around[1])
    assert page.choice.item(0).text() == "半年合规报告"
    page.export_to(tmp_path, ("pdf",))
    settle()
    (made,) = tmp_path.iterdir()
    assert quarter.around[1].label in made.name
    window.desk.set_quarter(quarter.last_year)
    settle()
    assert page.period == quarter.last_year.around[1]
    assert page.period_choice.currentText() == page.period.label


def test_what_the_printer_is_told(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies, pages and two sides; pages that are none are said, and nothing is printed."""
    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["甲"]))
    dialog = PrintDialog(window, window.theme, "报告", 12)
    qtbot.addWidget(dialog)
    assert not dialog.double.isEnabled()  # this printer cannot
    dialog.copies.setValue(3)
    dialog.range.setText("5-20")
    dialog.accept()
    assert "1 到 12" in dialog.error.text()
    assert dialog.result() != QDialog.DialogCode.Accepted
    dialog.range.setText("2－5")
    dialog.double.setEnabled(True)
    dialog.double.setChecked(True)
    dialog.accept()
    assert dialog.result() == QDialog.DialogCode.Accepted
    printer = QPrinter()
    dialog.apply_to(printer)
    assert (printer.copyCount(), printer.fromPage(), printer.toPage()) == (3, 2, 5)
    assert [page_range(t, 9) for t in ("3", "2-", "2至4", "0", "9-10", "x", "4-2")] == [
        (3, 3), (2, 9), (2, 4), None, None, None, None,
    ]  # fmt: skip


def test_thumbnails_search_and_zoom(page: ReportsPage, settle: Settle, qtbot: QtBot) -> None:
    preview = page.preview
    assert page.document is not None
    assert preview.thumbs.rowCount() == page.document.pageCount()
    assert not preview.thumbs.data(preview.thumbs.index(0), Qt.ItemDataRole.DecorationRole).isNull()
    preview.list.clicked.emit(preview.thumbs.index(1))
    assert preview.view.pageNavigator().currentPage() == 1
    preview.search.setText("志愿服务队伍")
    qtbot.waitUntil(lambda: "处" in preview.hits.text(), timeout=10_000)
    first = preview.view.currentSearchResultIndex()
    preview.next_found()
    assert preview.view.currentSearchResultIndex() != first
    preview.search.setText("没有这几个字的")
    preview.next_found()
    assert preview.hits.text() == "没有找到"
    preview.zoom(1.2)
    before = preview.view.zoomFactor()
    preview.zoom(1.2)
    assert preview.view.zoomFactor() > before
    preview.fit.click()
    assert preview.view.zoomMode() == preview.view.ZoomMode.FitToWidth
    preview.whole.click()
    assert preview.view.zoomMode() == preview.view.ZoomMode.FitInView
    preview.go(0)
    preview.choose("pair")
    preview.turn(1)
    assert [n for n, _ in preview.pairs.places()] == [2, 3]
    (one, other) = (rect for _, rect in preview.pairs.places())
    assert one.right() < other.left()
    assert preview.pairs.rect().contains(one | other)
    assert not preview.pairs.grab().isNull()
    broad = next(pages[0] for pages in preview.pairs.together if len(pages) == 1 and pages[0] > 2)
    preview.go(broad)
    assert [n for n, _ in preview.pairs.places()] == [broad], "a broad page has the whole width"
    assert sorted(n for pages in preview.pairs.together for n in pages) == list(range(page.document.pageCount()))
    preview.search.setText("志愿服务队伍")
    assert preview.shown.currentWidget() is preview.view, "what is found is marked there"


def test_the_provincial_workbook_is_two_clicks_away(page: ReportsPage, settle: Settle, tmp_path: Path) -> None:
    page.desk.documents = tmp_path
    page.choice.setCurrentRow(1)
    settle()
    assert page.chosen == BOOK
    assert page.excel_button.isVisible()
    assert page.print_button.isEnabled()
    page.pdf_button.click()
    settle()
    (paper,) = (tmp_path / "博爱台账报表").glob("*汇总表.pdf")
    pages = pypdf.PdfReader(paper).pages
    assert "季末在册队伍" in "".join(one.extract_text() for one in pages).replace("\n", "")
    assert paper.read_bytes() == page.content  # what is printed is what is written
    book = page.book
    assert book.frame.isVisible()
    assert [book.tabs.tabText(n) for n in range(7)] == ["汇总表", "队伍", "培训", "保险", "经费", "合规", "说明"]
    assert book.tabs.count() == 7  # the sheet of codes is nothing to look at
    page.excel_button.click()
    settle()
    found = list((tmp_path / "博爱台账报表").glob("*.xlsx"))
    assert len(found) == 1
    saved = openpyxl.load_workbook(found[0], data_only=True)
    assert saved.sheetnames[:3] == ["汇总表", "队伍", "培训"]
    for number, sheet in enumerate(saved.worksheets[:7]):  # what was seen is what was saved
        book.tabs.setCurrentIndex(number)
        for row in sheet.iter_rows(max_row=40):
            for cell in row:
                shown = book.grid.item(cell.row - 1, cell.column - 1)
                if isinstance(cell.value, str):
                    assert shown.text() == cell.value
                elif isinstance(cell.value, int | float):
                    assert float(shown.text().replace(",", "").removesuffix("%")) == pytest.approx(
                        cell.value, abs=0.051
                    )
    assert page.folder_button.isVisible()


def test_a_file_with_other_content_stays_and_the_new_one_gets_a_number(
    page: ReportsPage, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that may be open in another program is never written over; the same content is not written twice."""
    page.export_to(tmp_path, ("pdf",))
    settle()
    target = next(tmp_path.glob("*.pdf"))
    page.export_to(tmp_path, ("pdf",))
    settle()
    assert [p.name for p in tmp_path.glob("*.pdf")] == [target.name]
    target.write_bytes(b"other")
    page.export_to(tmp_path, ("pdf",))
    settle()
    assert target.read_bytes() == b"other"
    assert f"{target.stem}_2.pdf" in page.done.text()
    assert "已打开" not in page.done.text()


def _text_dialog(page: ReportsPage, settle: Settle) -> ReportTextDialog:
    page.edit_text()
    settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReportTextDialog)
    return dialog


def test_numbers_cannot_be_typed_over(page: ReportsPage, settle: Settle, qtbot: QtBot, window: MainWindow) -> None:
    """Words change, fields stay fields: deleted whole, put in whole, copied whole; what is typed is only words."""
    dialog = _text_dialog(page, settle)
    row = next(n for n, p in enumerate(dialog.parts) if p.key == "general")
    dialog.list.setCurrentRow(row)
    part, text = dialog.parts[row], dialog.text
    assert text.text() == part.text  # what is shown is what is kept
    text.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClicks(text, "2026")
    assert text.text() == "2026" + part.text
    cursor = text.textCursor()
    cursor.setPosition(text.toPlainText().index("\ufffc") + 1)
    text.setTextCursor(cursor)
    qtbot.keyClicks(text, "7")
    assert "⟦截止日期⟧7" in text.text()
    qtbot.keyClick(text, Qt.Key.Key_Backspace)
    qtbot.keyClick(text, Qt.Key.Key_Backspace)
    assert "⟦截止日期⟧" not in text.text()
    dialog.field.setCurrentText("季末在队人数")
    dialog.insert()
    assert text.text().startswith("2026截至⟦季末在队人数⟧")
    text.selectAll()
    copied = text.createMimeDataFromSelection().text()
    assert copied == text.text()
    foreign = QMimeData()
    foreign.setText("⟦没有这一项⟧\ufffc共⟦队伍数⟧支")
    text.insertFromMimeData(foreign)
    assert text.text() == "共⟦队伍数⟧支"
    dialog.save()
    settle()
    rows = _ledger(window, lambda store: store.rows(REPORT_TEXT), settle)
    assert [(r["quarter"], r["part"], r["text"]) for r in rows] == [("2026Q3", "general", "共⟦队伍数⟧支")]  # type: ignore[attr-defined]
    assert page.content  # the preview was made anew


def test_back_to_the_automatic_text(page: ReportsPage, settle: Settle, window: MainWindow) -> None:
    dialog = _text_dialog(page, settle)
    dialog.text.set_text("另写一句。")
    assert dialog.changes() == {dialog.parts[0].key: "另写一句。"}
    assert "已改" in dialog.list.item(0).text()
    dialog.save()
    settle()
    dialog = _text_dialog(page, settle)
    assert dialog.text.text() == "另写一句。"
    dialog.auto_button.click()
    assert dialog.text.text() == dialog.parts[0].text
    dialog.save()
    settle()
    assert _ledger(window, lambda store: store.rows(REPORT_TEXT), settle) == []
    dialog = _text_dialog(page, settle)
    dialog.list.setCurrentRow(2)
    dialog.save()  # looking changes nothing
    settle()
    assert _ledger(window, lambda store: store.rows(REPORT_TEXT), settle) == []


def test_red_head_and_back_to_white(page: ReportsPage, settle: Settle, window: MainWindow) -> None:
    white = page.content
    page.edit_head()
    settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LetterheadDialog)
    assert not dialog.save_button.isEnabled()
    assert not dialog.white_button.isVisible()
    dialog.fields[1].setText("安红字〔2026〕18号")
    dialog.fields[2].setText("李秀兰")
    dialog.save_button.click()
    settle()
    assert len(_ledger(window, lambda store: store.rows(LETTERHEAD), settle)) == 1  # type: ignore[arg-type]
    assert page.content != white
    page.edit_head()
    settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LetterheadDialog)
    dialog.white_button.click()
    settle()
    assert _ledger(window, lambda store: store.rows(LETTERHEAD), settle) == []


def test_a_form_is_pointed_at_once_and_filled(
    page: ReportsPage, settle: Settle, window: MainWindow, tmp_path: Path
) -> None:
    """A cell and a name, then the file; the next time the form is known."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["A4"], sheet["B4"] = (
        "上级统计表",
        "名称",
        "人数",
        "合计",
        "=SUM(B3:B3)",
    )
    sheet.merge_cells("A1:B1")
    template = tmp_path / "统计表.xlsx"
    made.save(template)
    page.choice.setCurrentRow(2)
    settle()
    assert page.chosen == FILLING
    assert not page.panel.isVisible()
    pane = page.filling
    assert not pane.fill_button.isEnabled()
    assert pane.shown.currentIndex() == 0  # what to do is said where the form will be
    pane.open(template)
    settle()
    assert pane.shown.currentIndex() == 1
    for row, column, name in ((2, 0, "队伍.名称"), (2, 1, "队伍.季末在队人数"), (0, 1, "本会.单位名称")):
        pane.grid.setCurrentCell(row, column)
        pane.bind(name)
    assert pane.bound == {"Sheet": {"A3": "{{队伍.名称}}", "B3": "{{队伍.季末在队人数}}", "A1": "{{本会.单位名称}}"}}
    assert pane.grid.verticalHeaderItem(2).text() == "3 重复"
    pane.grid.setCurrentCell(0, 0)
    pane.free()
    assert "A1" not in pane.bound["Sheet"]
    out = tmp_path / "填好.xlsx"
    pane.fill_to(out)
    settle()
    sheet = openpyxl.load_workbook(out, data_only=True).active
    figures = _ledger(window, lambda store: period_figures(store, window.desk.quarter), settle)
    teams = figures["teams"]  # type: ignore[index]
    assert [sheet.cell(3 + n, 1).value for n in range(len(teams))] == [t["team"] for t in teams]
    assert sheet.cell(3 + len(teams), 2).value == sum(t["persons_end"] for t in teams)
    assert len(_ledger(window, lambda store: store.rows(TEMPLATE_BINDING), settle)) == 1  # type: ignore[arg-type]
    pane.open(template)
    settle()
    assert "认得这张表" in pane.words.text()
    assert pane.fill_button.isEnabled()
    made.active["B2"] = "在保人数"
    made.save(template)
    pane.open(template)
    settle()
    assert "B2：原来是“人数”，现在是“在保人数”" in pane.notice.text()


def test_a_form_is_filled_by_the_labels_beside_its_cells(page: ReportsPage, settle: Settle, tmp_path: Path) -> None:
    """The label left of the cell proposes its figure; 按标签对应 binds all that are sure; the next step stands out."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["填报单位：", None, "填报日期", None])
    for label in ("在保总人数", "培训期数（期）", "三十天内到期保单", "天气"):
        sheet.append([label, None])
    made.save(tmp_path / "表.xlsx")
    page.choice.setCurrentRow(2)
    settle()
    pane = page.filling
    assert pane.choose_button.property("kind") == "primary"
    pane.open(tmp_path / "表.xlsx")
    settle()
    assert (pane.choose_button.property("kind"), pane.fill_button.property("kind")) == ("", "primary")
    pane.grid.setCurrentCell(1, 1)
    assert pane.proposal.text() == "季末在保人数"
    pane.proposal.click()
    assert pane.bound == {"Sheet": {"B2": "{{合计.季末在保人数}}"}}
    pane.grid.setCurrentCell(4, 1)
    assert pane.proposal.isHidden()
    pane.suggest_button.click()
    assert pane.bound["Sheet"] == {
        "B2": "{{合计.季末在保人数}}", "B3": "{{合计.培训期数}}", "B4": "{{合计.三十天内到期保单}}",
        "B1": "{{本会.单位名称}}", "D1": "{{季度.填报日期}}",
    }  # fmt: skip
    assert pane.grid.columnWidth(0) >= pane.grid.fontMetrics().horizontalAdvance("三十天内到期保单")


def test_a_document_is_pointed_at_and_filled_as_a_workbook_is(
    page: ReportsPage, settle: Settle, window: MainWindow, tmp_path: Path
) -> None:
    """Its tables and its lines are sheets; what is no cell cannot be bound; labels propose; it is known again."""
    template, out = tmp_path / "情况表.docx", tmp_path / "填好.docx"
    template.write_bytes(
        word.document(
            word.para("填报单位：________"),
            word.table(
                word.row("名称", "人数", ""), word.row("", "", ""), word.row(word.cell("在保总人数", span=2), "")
            ),
        )
    )
    page.choice.setCurrentRow(2)
    pane = page.filling
    pane.open(template)
    settle()
    assert [pane.tabs.tabText(n) for n in range(pane.tabs.count())] == ["表1", "文字"]
    for column, name in enumerate(("队伍.名称", "队伍.季末在队人数")):
        pane.grid.setCurrentCell(1, column)
        pane.bind(name)
    assert pane.grid.verticalHeaderItem(1).text() == "2 重复"
    pane.suggest_all()
    assert pane.bound["表1"] == {
        "A2": "{{队伍.名称}}", "B2": "{{队伍.季末在队人数}}", "C3": "{{合计.季末在保人数}}",
    }  # fmt: skip
    pane.tabs.setCurrentIndex(1)
    pane.grid.setCurrentCell(0, 1)
    assert pane.proposal.text() == "单位名称"
    pane.proposal.click()
    assert pane.bound["文字"] == {"B1": "{{本会.单位名称}}"}
    pane.fill_to(out)
    settle()
    figures = _ledger(window, lambda store: period_figures(store, window.desk.quarter), settle)
    teams = figures["teams"]  # type: ignore[index]
    rows = word.grid(out.read_bytes())
    assert [r[0] for r in rows[1:-1]] == [t["team"] for t in teams]
    assert rows[-1][2] == str(figures["office"]["insured_end"])  # type: ignore[index]
    assert "_" not in word.lines(out.read_bytes())[0]
    assert template.read_bytes() != out.read_bytes()
    pane.open(template)
    settle()
    assert "认得这张表" in pane.words.text()


def test_what_is_no_cell_of_a_document_cannot_be_bound(page: ReportsPage, settle: Settle, tmp_path: Path) -> None:
    template = tmp_path / "表.docx"
    template.write_bytes(word.document(word.para("填报单位：____"), word.para("填表人：____　审核人：____")))
    page.choice.setCurrentRow(2)
    pane = page.filling
    pane.open(template)
    settle()
    pane.grid.setCurrentCell(0, 3)
    pane.bind("本会.单位名称")
    assert pane.bound == {}
    assert not pane.bind_button.isEnabled()
    assert "没有这一格" in pane.cell.text()


@pytest.mark.parametrize("name", ["通知.doc", "通知.wps"])
def test_an_older_document_is_told_how_to_become_a_form(
    page: ReportsPage, settle: Settle, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    page.choice.setCurrentRow(2)
    page.filling.open(path)
    settle()
    shown = QApplication.activeModalWidget()
    assert shown is not None
    assert "另存为" in shown.text()
    shown.close()


def test_reports_lie_in_one_place_wherever_a_file_was_used_last(page: ReportsPage, tmp_path: Path) -> None:
    """A list read from a stick, or a report just saved, moves no report onto the stick or a folder deeper."""
    page.desk.documents = tmp_path
    first = page.target()
    page.desk.saved_file(first / "表.xlsx")
    assert page.target() == first
    page.desk.work_in(tmp_path / "U 盘")
    assert page.target() == first == tmp_path / "博爱台账报表"


def test_every_paper_with_a_table_goes_out_as_a_workbook_too(page: ReportsPage, settle: Settle, tmp_path: Path) -> None:
    """C9: the roster as .xlsx with its columns; the paper is the one that is chosen."""
    page.desk.documents = tmp_path
    place = next(i for i in range(page.choice.count()) if page.choice.item(i).text() == "队员花名册")
    page.choice.setCurrentRow(place)
    settle()
    assert page.excel_button.isVisible()
    page.excel_button.click()
    settle()
    (found,) = (tmp_path / "博爱台账报表").glob("*队员花名册*.xlsx")
    sheet = openpyxl.load_workbook(found).active
    assert "姓名" in [cell.value for cell in sheet[3]]


def test_a_form_with_names_in_it_is_ready_at_once(page: ReportsPage, settle: Settle, tmp_path: Path) -> None:
    template, out = tmp_path / "省表.xlsx", tmp_path / "上报.xlsx"
    template.write_bytes(merged_headings().content)
    page.choice.setCurrentRow(2)
    page.filling.open(template)
    settle()
    assert "写好 8 处名称" in page.filling.words.text()
    page.filling.fill_to(out)
    settle()
    assert openpyxl.load_workbook(out)["情况表"]["A1"].value == "2026年第三季度志愿服务队伍情况表"
    page.filling.search.setText("在保")
    tree = page.filling.tree
    shown = [
        tree.topLevelItem(n).text(0) for n in range(tree.topLevelItemCount()) if not tree.topLevelItem(n).isHidden()
    ]
    assert "合计" in shown
    assert "条款（每条一行）" not in shown


def test_whole_numbers_go_into_a_form_only_with_a_reason_that_is_logged(
    window: MainWindow, page: ReportsPage, settle: Settle, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    made.active.append(("{{队员.姓名}}", "{{队员.手机号码}}"))
    template, out = tmp_path / "名单.xlsx", tmp_path / "名单（填好）.xlsx"
    made.save(template)
    page.choice.setCurrentRow(2)
    pane = page.filling
    assert pane.numbers.isHidden()  # no form, no numbers
    pane.open(template)
    settle()
    assert not pane.numbers.isHidden()
    pane.fill_to(out)
    settle()
    masked = [str(row[1].value or "") for row in openpyxl.load_workbook(out).active.iter_rows()]
    assert any("****" in number for number in masked)
    pane.whole.setChecked(True)
    assert not pane.fill_button.isEnabled()
    pane.why.setText("办理保险")
    assert pane.fill_button.isEnabled()
    pane.fill_to(out)
    settle()
    whole = [str(row[1].value or "") for row in openpyxl.load_workbook(out).active.iter_rows()]
    assert any(number.isdigit() for number in whole)
    assert not any("*" in number for number in whole)
    last = _ledger(window, lambda store: store.query("SELECT title, detail FROM operation ORDER BY id DESC"), settle)
    assert last[0] == {"title": "填表用了完整号码", "detail": "模板：名单.xlsx；原因：办理保险"}  # type: ignore[index]
    pane.open(template)
    settle()
    assert not pane.whole.isChecked()


def test_a_file_that_is_no_form_is_refused_in_words(page: ReportsPage, settle: Settle, tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"not a workbook")
    page.choice.setCurrentRow(2)
    page.filling.open(path)
    settle()
    box = QApplication.activeModalWidget()
    assert box is not None
    assert "坏.xlsx" in box.text()
    box.close()


def test_what_a_report_lacks_is_said_before_it_is_printed(
    page: ReportsPage, window: MainWindow, settle: Settle
) -> None:
    assert "没有填写上级红十字会" in page.unmet.text()
    window.jobs.write("填写上级", lambda store: store.save(OFFICE, {"item": "parent_org", "content": "云州市红十字会"}))
    settle()
    page.load()
    settle()
    assert "上级红十字会" not in page.unmet.text()


def test_a_large_screen_shows_the_whole_names_of_the_reports(window: MainWindow, settle: Settle) -> None:
    page = window.show_page("reports")
    assert isinstance(page, ReportsPage)
    names = [page.choice.item(i).text() for i in range(page.choice.count())]
    longest = max(page.choice.fontMetrics().horizontalAdvance(name) for name in names)
    for wide, whole in ((1366, False), (1920, True)):
        window.resize(wide, 700)
        settle()
        assert (page.choice.viewport().width() > longest + 30) is whole


@pytest.mark.parametrize("dark", [False, True])
def test_pages_lie_on_the_windows_own_ground(window: MainWindow, settle: Settle, qtbot: QtBot, dark: bool) -> None:
    """Not on a slab of another colour; also after the letters were made larger and the look was changed."""
    page = window.show_page("reports")
    assert isinstance(page, ReportsPage)
    qtbot.waitUntil(lambda: page.preview.document is not None, timeout=20_000)
    window.resize(1366, 689)
    page.preview.choose("page")
    window.theme.set(dark=dark, zoom=110)
    settle()
    QApplication.processEvents()
    image = page.preview.view.viewport().grab().toImage()
    assert image.pixelColor(3, image.height() // 2).name() == window.theme.colour("bg").name()
    window.theme.set(dark=False, zoom=100)


def test_where_the_package_is_made_is_said_before_there_is_one(window: MainWindow, settle: Settle) -> None:
    """Who was asked for a 报送包 finds the word; the button of that name comes with the edition."""
    page = window.show_page("reports")
    assert isinstance(page, ReportsPage)
    window.desk.set_quarter(Quarter(2026, 2))  # it has ended
    settle()
    handing = page.handing_up
    assert handing.package_button.text() in handing.words.text()
    assert handing.submit_button.isVisibleTo(page)
    assert not handing.package_button.isVisibleTo(page)


def test_the_sum_for_the_province_is_saved_under_its_own_name(
    page: ReportsPage, settle: Settle, tmp_path: Path
) -> None:
    """As PDF and as workbook: nobody looks for it under the report's name."""
    page.choice.setCurrentRow(1)
    settle()
    page.export_to(tmp_path, ("xlsx",))
    settle()
    page.export_to(tmp_path, ("pdf",))
    settle()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name.endswith(f"汇总表{end}") for name, end in zip(names, (".pdf", ".xlsx"), strict=True)] == [True, True]
    assert openpyxl.load_workbook(tmp_path / names[1]).sheetnames[0] == "汇总表"


def test_who_sits_here_prepared_it_if_the_office_names_them(window: MainWindow, settle: Settle) -> None:
    """The others are never guessed, nor is a computer's account taken for a person."""
    quarter = Quarter(2026, 2)
    dialog = SubmitDialog(window.desk, quarter)
    settle()
    assert [box.currentText() for box in dialog.boxes.values()] == ["", "", ""]
    dialog.deleteLater()
    window.jobs.write("名单", lambda store: store.save(STAFF, {"name": window.desk.operator, "role": "preparer"}))
    settle()
    dialog = SubmitDialog(window.desk, quarter)
    settle()
    assert [box.currentText() for box in dialog.boxes.values()] == [window.desk.operator, "", ""]
    assert "不会自己发出去" in " ".join(made.text() for made in dialog.findChildren(QLabel))
    dialog.deleteLater()
