"""Importing in the window: columns, check, cells put right on the spot, decisions, the way back, and cancel."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from db.intake.importer import LEAVE, NEW, SAME
from db.intake.results import totals
from db.records.entities import MEMBERSHIP, TEAM, VOLUNTEER
from db.records.internal_entities import COLUMN_MAPPING
from db.records.kinds import Cell
from db.storage.store import Store
from desktop.pages.importing.checking import ReplaceDialog
from desktop.pages.importing.importing import CHECK, CHOOSE, DONE, MATCH, ImportPage
from desktop.pages.importing.matching import Choice
from desktop.window.window import MainWindow
from forms.columns.proposals import CHOSEN, CONTENT, EXACT, REMEMBERED
from tests.desktop.conftest import Settle, id_number

HEAD = ("姓名", "身份证号", "电话", "所在队伍", "入会时间", "入队时间")


def person(i: int, name: str = "李建", team: str = "水上救援队") -> list[Cell]:
    """A row of a roster."""
    return [
        f"{name}{chr(0x4E00 + i)}",
        id_number(100 + i % 800, f"19{70 + i // 800}0412"),
        f"1380000{i:04d}",
        team,
        "2024-03-12",
        "2024-04-01",
    ]


def book(path: Path, rows: list[list[Cell]], head: tuple[str, ...] = HEAD) -> Path:
    """Write a roster."""
    made = openpyxl.Workbook()
    made.active.title = "花名册"
    for row in [list(head), *rows]:
        made.active.append(row)
    made.save(path)
    made.close()
    return path


@pytest.fixture
def page(window: MainWindow) -> ImportPage:
    """The page."""
    made = window.show_page("import")
    assert isinstance(made, ImportPage)
    return made


def rows_of(window: MainWindow, settle: Settle, entity: object = VOLUNTEER) -> list[dict[str, object]]:
    """What the ledger holds."""
    found: list[dict[str, object]] = []
    window.jobs.read(lambda store: store.rows(entity), found.extend)  # type: ignore[arg-type]
    settle()
    return found


def cell(page: ImportPage, row: int, heading: str) -> object:
    """The index of a cell of the check by our heading."""
    model = page.check_panel.model
    headings = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    return model.index(row, headings.index(heading))


def test_a_roster_of_three_hundred_in_six_clicks(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path, qtbot: QtBot
) -> None:
    """Navigation, file, one cell put right, import: counts on the button, and one undo takes it all back."""
    rows = [person(i) for i in range(300)]
    bad = str(rows[40][1])[:-1] + ("1" if not str(rows[40][1]).endswith("1") else "2")
    rows[40][1] = bad
    before = rows_of(window, settle)
    page.take([book(tmp_path / "花名册.xlsx", rows)])
    settle()
    assert page.stack.currentIndex() == CHECK  # nothing was left to confirm
    assert page.go.text() == "导入 299 人"
    assert "还没有写入" in page.words.text()
    model = page.check_panel.model
    ModelTester(model).check(model)
    assert model.rowCount() == 1
    where = cell(page, 0, "证件号码")
    assert where.data() == bad  # shown whole where it must be corrected
    assert bad not in "".join(p.reason + p.value for p in model.problems(0))
    page.check_panel.view.setCurrentIndex(where)
    page.check_panel.view.edit(where)
    editor = page.check_panel.view.findChild(QLineEdit)
    assert editor is not None
    editor.setText(str(person(40)[1]))
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert page.go.text() == "导入 300 人"
    assert model.rowCount() == 0
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    settle()
    assert page.stack.currentIndex() == DONE
    assert "600 = 新增 600 + 更新 0 + 不变 0 + 未导入 0" in page.summary.sum.text()
    assert len(rows_of(window, settle)) == 304
    assert len(rows_of(window, settle, MEMBERSHIP)) == 304
    qtbot.mouseClick(page.summary.undo, Qt.MouseButton.LeftButton)
    settle()
    assert rows_of(window, settle) == before
    assert not page.summary.undo.isEnabled()


def test_a_column_is_guessed_by_content_confirmed_and_remembered(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    head = ("姓名", "号", "号码二", "归属", "入会时间", "入队时间")
    path = book(tmp_path / "表.xlsx", [person(i) for i in range(5)], head)
    page.take([path])
    settle()
    assert page.stack.currentIndex() == MATCH
    assert page.draft is not None
    p = page.draft.sources[0].proposal
    assert p is not None
    assert p.chosen == ["姓名", "证件号码", "手机号码", "", "登记日期", "入队日期"]
    assert p.reasons[:4] == [EXACT, CONTENT, CONTENT, ""]
    assert "按内容" in page.match_panel.words.text()
    assert not any(str(person(0)[1]) in w.text() for w in page.match_panel.findChildren(type(page.words)))
    combo = page.match_panel.combos[3]
    assert isinstance(combo, Choice)
    combo.setCurrentIndex(combo.findData("队伍名称"))
    combo.activated.emit(combo.currentIndex())
    assert page.match_panel.feeds.text() == "会写入：志愿者、队员"
    page.match_panel.next.click()
    settle()
    assert page.stack.currentIndex() == CHECK
    page.let_in()
    settle()
    assert len(rows_of(window, settle, MEMBERSHIP)) == 9
    assert len(rows_of(window, settle, COLUMN_MAPPING)) == 1
    page.take([book(tmp_path / "下个月.xlsx", [person(i) for i in range(3, 9)], head)])
    settle()
    assert page.stack.currentIndex() == CHECK  # known by now
    p = page.draft.sources[0].proposal
    assert p is not None
    assert set(p.reasons) == {REMEMBERED}
    assert page.go.text() == "导入 4 人"
    window.undo()
    settle()
    assert len(rows_of(window, settle)) == 4
    assert len(rows_of(window, settle, COLUMN_MAPPING)) == 1  # what was learnt stays


def test_one_heading_belongs_to_one_column(page: ImportPage, settle: Settle, tmp_path: Path) -> None:
    page.take([book(tmp_path / "表.xlsx", [person(0)])])
    settle()
    page.check_panel.back.emit()
    panel = page.match_panel
    combo = panel.combos[2]
    combo.setCurrentIndex(combo.findData("姓名"))
    combo.activated.emit(combo.currentIndex())
    assert page.draft is not None
    p = page.draft.sources[0].proposal
    assert p is not None
    assert p.chosen[0] == ""
    assert p.chosen[2] == "姓名"
    assert p.reasons[2] == CHOSEN
    panel.back.click()
    assert page.draft.sources[0].proposal is not None
    assert page.draft.sources[0].proposal.chosen[0] == "姓名"
    panel.kind.setCurrentIndex(0)
    panel.kind.activated.emit(0)
    assert not panel.next.isEnabled()
    assert "还没有选定" in panel.words.text()


def test_one_word_for_another_in_a_whole_column(page: ImportPage, settle: Settle, tmp_path: Path) -> None:
    rows = [person(i, team="救援队" if i % 2 else "水上救援队") for i in range(6)]
    page.take([book(tmp_path / "表.xlsx", rows)])
    settle()
    panel = page.check_panel
    assert panel.model.rowCount() == 3
    panel.view.setCurrentIndex(cell(page, 0, "队伍名称"))
    assert panel.replace.text() == "批量替换“救援队”"
    panel._replace()
    (made,) = panel.findChildren(ReplaceDialog)
    assert made.go.text() == "替换 3 格"
    assert [made.new.itemText(i) for i in range(made.new.count())] == ["水上救援队", "无偿献血队"]
    made.new.setCurrentText("水上救援队")
    made.accept()
    settle()
    assert panel.model.rowCount() == 0
    assert page.go.text() == "导入 6 人"


@pytest.mark.parametrize(("what", "added", "updated", "refused"), [(SAME, 0, 1, 0), (NEW, 1, 0, 0), (LEAVE, 0, 0, 1)])
def test_a_person_who_may_be_known_is_decided(
    what: str,
    added: int,
    updated: int,
    refused: int,
    page: ImportPage,
    window: MainWindow,
    settle: Settle,
    tmp_path: Path,
) -> None:
    known = rows_of(window, settle)[0]
    row = person(0)
    row[0], row[2] = str(known["name"]), str(known["phone"])
    page.take([book(tmp_path / "表.xlsx", [row], HEAD)])
    settle()
    panel = page.check_panel
    assert not page.go.isEnabled()  # nobody is let in twice without a word
    assert panel.alike() is not None
    assert "疑似重复" in panel.said.text()
    assert str(known["id_number"]) not in panel.said.text()
    buttons = {b.text(): b for b in panel.deciding.findChildren(QPushButton)}
    buttons[{SAME: "同一人，更新", NEW: "不是同一人，新增", LEAVE: "先不导入"}[what]].click()
    settle()
    assert page.checked is not None
    people = next(s for s in page.checked.done.result.sheets if s.kind == "volunteer")
    assert (people.added, people.updated, people.refused) == (added, updated, refused)
    if page.go.isEnabled():
        page.let_in()
        settle()
        after = rows_of(window, settle)
        assert len(after) == 4 + added
        if what == SAME:
            assert next(r for r in after if r["id"] == known["id"])["id_number"] == row[1]
            members = [m for m in rows_of(window, settle, MEMBERSHIP) if m["volunteer_id"] == known["id"]]
            assert (
                len(members) == 1
            )  # the row's membership found the person by the new number, and corrects the one there
            assert members[0]["joined_on"] == row[5]


def test_the_rule_for_known_rows_is_judged_again(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    known = rows_of(window, settle)[0]
    row = [known["name"], known["id_number"], "13800000009", "水上救援队", "2020-01-05", "2021-01-01"]
    page.take([book(tmp_path / "表.xlsx", [row])])  # type: ignore[list-item]
    settle()
    assert page.go.text() == "导入 1 人"
    for n, (text, enabled) in enumerate(
        (("导入 1 人", True), ("导入 0 条", False), ("导入 0 条", False), ("导入 0 条", False))
    ):
        page.check_panel.rules.button(n).click()
        settle()
        assert (page.go.text(), page.go.isEnabled()) == (text, enabled), n
    assert page.check_panel.model.rowCount() == 1  # 报错


def test_a_block_is_pasted(page: ImportPage, window: MainWindow, settle: Settle) -> None:
    lines = ["\t".join(HEAD), *["\t".join(map(str, person(i))) for i in range(3)]]
    page.take_pasted("\r\n".join(lines))
    settle()
    assert page.go.text() == "导入 3 人"
    cells = "".join(f"<td>{c}</td>" for c in HEAD)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in person(i)) + "</tr>" for i in range(2))
    page.take_pasted("x", f"<html><table><tr>{cells}</tr>{body}</table>")
    settle()
    assert page.go.text() == "导入 2 人"
    page.let_in()
    settle()
    assert len(rows_of(window, settle)) == 6


def test_cancel_leaves_nothing_behind(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path, qtbot: QtBot
) -> None:
    before = rows_of(window, settle)
    path = book(tmp_path / "大.xlsx", [person(i) for i in range(6000)])
    page.take([path])
    qtbot.waitUntil(lambda: page.stack.currentIndex() == CHECK, timeout=30_000)
    settle()
    page.let_in()
    qtbot.waitUntil(lambda: page.bar.maximum() > 0, timeout=20_000)
    page.cancel()
    settle()
    assert rows_of(window, settle) == before
    assert rows_of(window, settle, COLUMN_MAPPING) == []
    assert page.stack.currentIndex() == CHECK
    assert page.go.isEnabled()
    assert not page.working.isVisible()
    page.let_in()
    settle()
    assert len(rows_of(window, settle)) == 6004


def test_every_count_adds_up_and_the_error_workbook_comes_back(
    page: ImportPage, settle: Settle, tmp_path: Path, window: MainWindow
) -> None:
    rows = [person(i) for i in range(4)]
    rows[1][4], rows[2][0] = "2024.5", None
    page.take([book(tmp_path / "表.xlsx", rows)])
    settle()
    page.let_in()
    settle()
    assert page.checked is not None
    t = totals(page.checked.done.result.sheets)
    assert t["rows"] == t["added"] + t["updated"] + t["unchanged"] + t["refused"]
    assert page.summary.save.isVisible()
    page.save_refused_to(tmp_path / "错误.xlsx")
    settle()
    made = openpyxl.load_workbook(tmp_path / "错误.xlsx")
    assert made.active.max_row == 3
    made.active["E2"], made.active["A3"] = "2024-05-01", "赵小芳"
    made.save(tmp_path / "改好.xlsx")
    page.take([tmp_path / "改好.xlsx"])
    settle()
    assert page.go.text() == "导入 2 人"
    page.let_in()
    settle()
    assert totals(page.checked.done.result.sheets)["refused"] == 0
    assert len(rows_of(window, settle)) == 8


def test_rows_are_counted_as_the_table_counts_them_and_each_is_explained_below(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    """A row of a roster is several records: both counts are said, with their words. Of a row that is wrong in several
    places all is said under the table, whatever of its last column is in view, and no word of the command line.
    """
    rows = [person(i) for i in range(3)]
    rows[1][2], rows[1][5] = "1380000", "2024.5"
    page.take([book(tmp_path / "表.xlsx", rows)])
    settle()
    panel = page.check_panel
    assert panel.bad.text() == "错误 1"
    assert "1 行错误" in page.steps.steps[CHECK].fact
    assert "；1 行有错（2 条记录），留在错误清单" in page.words.text()
    said = panel.said.text()
    assert "11 位" in said
    assert "只有年月" in said
    assert panel.said.height() >= panel.said.heightForWidth(panel.said.width())
    window.resize(900, 500)
    settle()
    panel.view.setCurrentIndex(cell(page, 0, "手机号码"))  # type: ignore[arg-type]
    assert "11 位" in panel.said.text()
    assert "只有年月" not in panel.said.text()  # the rows need the room
    page.let_in()
    settle()
    assert page.checked is not None
    notes = [note for sheet in page.checked.done.result.sheets for note in sheet.notes]
    assert not [words for words in (said, *notes) if "--map" in words]


def test_an_import_that_changes_nothing_is_not_ticked_as_done(page: ImportPage, settle: Settle, tmp_path: Path) -> None:
    roster = book(tmp_path / "表.xlsx", [person(0), person(1)])
    for wrote, state, fact in ((True, "done", "导入后可整批撤销"), (False, "now", "没有写入")):
        page.take([roster])
        settle()
        page.let_in()
        settle()
        last = page.steps.steps[DONE]
        assert (page.operation is not None, last.state, last.fact) == (wrote, state, fact)
    assert page.summary.head.text() == "台账没有变化：内容都已在台账里"


def test_back_to_choosing(page: ImportPage, settle: Settle, tmp_path: Path) -> None:
    page.take([book(tmp_path / "表.xlsx", [person(0)])])
    settle()
    page.steps.steps[0].click()
    assert page.stack.currentIndex() == CHOOSE
    assert page.draft is None


def test_a_store_knows_the_mapping_on_the_command_line_too(tmp_path: Path, store: Store) -> None:
    from desktop.services.import_draft import let_in, prepare
    from desktop.services.importing import import_files, open_files
    from tests.desktop.conftest import TODAY, fill

    fill(store)
    head = ("姓名", "号", "手", "队", "日", "月")
    path = book(tmp_path / "表.xlsx", [person(0)], head)
    draft = prepare(open_files([path]), {})
    source = draft.sources[0]
    assert source.proposal is not None
    source.proposal.chosen[:] = ["姓名", "证件号码", "手机号码", "", "登记日期", ""]
    let_in(store, draft, TODAY, lambda done, total: None)
    done = import_files(store, [book(tmp_path / "后.xlsx", [person(1)], head)], today=TODAY)
    assert [(s.kind, s.added) for s in done.result.sheets] == [("volunteer", 1)]
    assert any("上次这样对应" in note for note in done.result.sheets[0].notes)


def test_what_is_the_same_in_every_row_is_typed_once(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    """A list without the day of registration and without a team: one value for every row, and not remembered."""
    path = book(tmp_path / "表.xlsx", [person(i)[:3] for i in range(3)], HEAD[:3])
    page.take([path])
    settle()
    assert page.stack.currentIndex() == MATCH
    panel = page.match_panel
    assert "登记日期" in panel.words.text()
    assert [panel.missing.itemData(i) for i in range(panel.missing.count())] == ["登记日期"]
    panel.value.setText("2024.3.12")
    panel.fill()
    combo = panel.combos[-1]
    assert combo.currentData() == "登记日期"
    panel.ready.emit()
    settle()
    assert page.go.text() == "导入 3 人"
    page.let_in()
    settle()
    assert {r["registered_on"] for r in rows_of(window, settle)[4:]} == {"2024-03-12"}
    page.take([path])
    settle()
    assert page.stack.currentIndex() == MATCH  # asked again: the value belonged to that list


def test_a_sheet_for_each_team_names_the_team_and_one_click_fills_all_sheets(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for n, team in enumerate(("水上救援队", "无偿献血队")):
        sheet = made.create_sheet(team)
        for row in (
            (f"{team}花名册",),
            HEAD[:3] + HEAD[5:],
            *[(*person(10 * n + i)[:3], person(0)[5]) for i in range(2)],
        ):
            sheet.append(row)
    made.save(tmp_path / "名册.xlsx")
    made.close()
    page.take([tmp_path / "名册.xlsx"])
    settle()
    panel = page.match_panel
    assert [panel.missing.itemData(i) for i in range(panel.missing.count())] == ["队伍名称"]
    assert "登记日期" not in panel.words.text()  # it is taken from the day of joining
    panel.ready.emit()
    settle()
    page.let_in()
    settle()
    teams = {r["id"]: r["name"] for r in rows_of(window, settle, TEAM)}
    joined = [teams[r["team_id"]] for r in rows_of(window, settle, MEMBERSHIP) if r["joined_on"] == "2024-04-01"]
    assert sorted(map(str, joined)) == ["无偿献血队"] * 2 + ["水上救援队"] * 2
    assert {r["registered_on"] for r in rows_of(window, settle)[4:]} == {"2024-04-01"}


def test_days_that_were_written_otherwise_are_put_right_for_the_whole_column(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    rows = [person(i) for i in range(5)]
    for row, joined in zip(rows, ("2023.5", "2023年11月", "21/5/1", "44317", "3月15日"), strict=True):
        row[5] = joined
    page.take([book(tmp_path / "表.xlsx", rows)])
    settle()
    assert page.stack.currentIndex() == CHECK
    panel = page.check_panel
    for words in (
        "只有年月的都补成 1 日（2 格）",
        "没写年份的都补上年份…（1 格）",
        "日期序号都换成日期（1 格）",
        "两位年份都补成四位（1 格）",
    ):
        assert panel.days.isVisible()
        assert panel.days.text() == words
        panel.days.click()
        for asked in panel.findChildren(QInputDialog):
            asked.intValueSelected.emit(2024)
            asked.deleteLater()
        settle()
    assert not panel.days.isVisible()
    assert page.go.text() == "导入 5 人"
    page.let_in()
    settle()
    joined = {str(r["joined_on"]) for r in rows_of(window, settle, MEMBERSHIP)}
    assert {"2023-05-01", "2023-11-01", "2021-05-01", "2024-03-15"} <= joined


def test_a_roster_without_the_day_of_registration_goes_in_with_its_people(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    """The day is taken from that of joining, and said for each row."""
    rows = [person(i)[:4] + person(i)[5:] for i in range(2)]
    page.take([book(tmp_path / "表.xlsx", rows, HEAD[:4] + HEAD[5:])])
    settle()
    assert page.stack.currentIndex() == CHECK
    assert page.check_panel.warn.text() == "提醒 2"
    page.let_in()
    settle()
    assert len(rows_of(window, settle)) == 6


def test_teams_that_a_roster_names_are_founded_with_it(
    page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    """New teams are offered; once said what they have in common they go in with their members, as one operation."""
    rows = [person(i, team="新成立的服务队") for i in range(2)]
    page.take([book(tmp_path / "表.xlsx", rows)])
    settle()
    panel = page.check_panel
    assert panel.found.text() == "一并建立 1 支队伍…"
    panel.found_teams({"主管单位": "某县红十字会", "主要领域": "应急救护", "成立日期": "2020-01-01"})
    settle()
    assert not panel.found.isVisible()
    page.let_in()
    settle()
    assert "新成立的服务队" in {r["name"] for r in rows_of(window, settle, TEAM)}
    assert "清点：" in page.summary.sum.text()
    page.summary.undo.click()
    settle()
    assert "新成立的服务队" not in {r["name"] for r in rows_of(window, settle, TEAM)}
