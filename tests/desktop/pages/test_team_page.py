"""志愿队伍, 保险, 培训 and the way from a finding to its record and back, as a person meets them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from db.quarters import Quarter
from db.records.entities import ACTIVITY, ATTENDANCE, COVERAGE, FUND_ENTRY, MEMBERSHIP, TEAM, VOLUNTEER
from db.records.internal_entities import TEAM_FILE
from db.rules.verdicts import NEEDS_WORK, Result
from db.rules.wanted import known_values
from db.storage.store import Store
from desktop.pages.checks.findings import FindingsPage
from desktop.pages.checks.remedies import ReturnStrip
from desktop.pages.insurance.insurance import InsurancePage
from desktop.pages.insurance.renewing import RenewDialog
from desktop.pages.money.funding import FundingPage
from desktop.pages.money.funding_ledger import ReverseDialog
from desktop.pages.teams.taking_out import TakeOutDialog
from desktop.pages.teams.team_ending import EndDialog
from desktop.pages.teams.team_one import TABS
from desktop.pages.teams.team_quick_entry import QuickEntry
from desktop.pages.teams.teams import TeamsPage
from desktop.pages.training.certificates import CertificateDialog
from desktop.pages.training.training import TrainingPage
from desktop.records.block_dialogs import PreviewDialog
from desktop.records.record_page import EntityPage
from desktop.shell.widgets import Elided
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, id_number
from tests.desktop.hand import Hand
from tests.desktop.journeys.test_tasks_teams import rows

KEY = Qt.Key


def _teams(window: MainWindow, settle: Settle) -> TeamsPage:
    page = window.show_page("team")
    settle()
    assert isinstance(page, TeamsPage)
    return page


def _choose(page: TeamsPage, settle: Settle, name: str) -> int:
    team = next(line.id for line in page.list.model.lines if line.texts[0] == name)
    page.list.choose(team)
    settle()
    return team


def test_the_page_tells_what_a_team_is(window: MainWindow, settle: Settle) -> None:
    """Share of insured, tag, facts, counts on the tabs; every tab shows the team's own rows."""
    page = _teams(window, settle)
    _choose(page, settle, "水上救援队")
    assert page.one.name.text() == "水上救援队"
    assert page.one.tabs.tabText(0) == "成员 2"
    assert [page.one.members.model.row(i)["cover"] for i in range(2)] == ["none", "none"]
    assert page.one.strip.isVisible()
    line = next(line for line in page.list.model.lines if line.texts[0] == "水上救援队")
    assert line.texts[1] == "0%"
    for name, _ in TABS:
        page.one.show_tab(name)
        settle()
    page.list.find_box.setText("wcxx")
    page.list.fill()
    settle()
    assert page.one.name.text() == "无偿献血队"


def test_the_data_of_a_team_are_changed_from_its_page(window: MainWindow, settle: Settle) -> None:
    """修改资料 opens the form of that team, whether or not the list of all teams was shown before."""
    page = _teams(window, settle)
    for name in ("无偿献血队", "水上救援队"):
        page.list.choose(next(int(c["id"]) for c in page.cards if c["name"] == name))
        page.one.edit_button.click()
        settle()
        assert page.every.form_open
        assert page.every.form.before is not None
        assert page.every.form.before["name"] == name
        page.show_cards()


def test_what_follows_from_other_records_cannot_be_typed(window: MainWindow, settle: Settle) -> None:
    """F2 on 保险状态 opens nothing, and a paste over it changes nothing."""
    page = _teams(window, settle)
    _choose(page, settle, "水上救援队")
    pane = page.one.members
    column = next(i for i, f in enumerate(pane.model.fields) if f.name == "cover")
    pane.view.setCurrentIndex(pane.model.index(0, column))
    pane.view.edit_current()
    assert not pane.view.editing.is_open
    QApplication.clipboard().setText("在保")
    pane.paste()
    settle()
    assert "不能粘贴" in window.toast.words.text()
    role = next(i for i, f in enumerate(pane.model.fields) if f.name == "role")
    pane.view.setCurrentIndex(pane.model.index(0, role))
    QApplication.clipboard().setText("骨干")
    pane.paste()
    settle()
    assert sum(m["role"] == "backbone" for m in rows(window, settle, MEMBERSHIP)) == 1


def test_a_known_number_is_said_at_once(window: MainWindow, settle: Settle) -> None:
    """已有同号 names the person and the team, fills the name, and opens that person; typed things stay as a draft."""
    page = _teams(window, settle)
    _choose(page, settle, "无偿献血队")
    pane = page.one.members
    pane.add()
    hand = Hand.over(window, settle)
    hand.field(id_number(20))
    entry = pane.entry
    assert entry.known.text() == "已有同号：张雪梅（水上救援队）"
    assert entry.editors["name"].cell() == "张雪梅"
    hand.click(entry.open_known)
    assert window.desk.key == "volunteer"
    window.show_page("team")
    settle()
    entry.save(False)
    settle()
    assert len(rows(window, settle, VOLUNTEER)) == 4
    assert len(rows(window, settle, MEMBERSHIP)) == 5
    pane.add()
    for name, text in (("id_number", id_number(20)), ("name", "李建华")):
        entry.editors[name].setText(text)  # type: ignore[union-attr]
    entry.save(False)
    settle()
    assert "另一个姓名" in entry.problem.text()
    pane.close_entry()
    assert "没有保存" in window.toast.words.text()
    assert pane.unsaved()
    _choose(page, settle, "水上救援队")
    pane.add()
    assert entry.editors["name"].cell() == "李建华"


def test_a_number_known_is_said_in_the_form_of_a_volunteer(window: MainWindow, settle: Settle) -> None:
    pane = window.show_page("volunteer").plain_list()  # type: ignore[attr-defined]
    settle()
    pane.add()
    Hand.over(window, settle).field(id_number(21))
    assert pane.form.known.text() == "已有同号：王建国（无偿献血队）"
    pane.form.open_known.click()
    settle()
    assert pane.chosen_ids() == [2]
    assert not pane.form.isVisible()


def test_deleting_a_team_asks_where_its_members_go(window: MainWindow, settle: Settle) -> None:
    """Moved to another team, as one operation that undo takes back; the team is ended where history must stay."""
    page = _teams(window, settle)
    _choose(page, settle, "水上救援队")
    page.delete_team()
    dialog = page.every.dialog
    assert isinstance(dialog, EndDialog)
    settle()
    assert dialog.dissolve.isChecked()
    assert dialog.transfer.isEnabled()
    dialog.transfer.setChecked(True)
    assert dialog.others.currentText() == "无偿献血队"
    dialog.save()
    settle()
    assert {m["team_id"] for m in rows(window, settle, MEMBERSHIP)} == {2}
    assert len(rows(window, settle, TEAM)) == 1
    window.undo()
    settle()
    assert len(rows(window, settle, TEAM)) == 2
    _choose(page, settle, "水上救援队")
    page.delete_team()
    dialog = page.every.dialog
    assert isinstance(dialog, EndDialog)
    dialog.day.setText("9.20")
    dialog.save()
    settle()
    assert [line.texts[0] for line in page.list.model.lines] == ["无偿献血队"]
    assert sum(m["left_on"] == "2026-09-20" for m in rows(window, settle, MEMBERSHIP)) == 2


def test_what_would_be_refused_is_not_offered(window: MainWindow, settle: Settle) -> None:
    """A team that money or an activity names can be ended only, and it is said why."""
    page = _teams(window, settle)
    team = next(r for r in rows(window, settle, TEAM) if r["name"] == "水上救援队")
    entry = {
        "team_id": team["id"],
        "entry_on": "2026-07-10",
        "direction": "income",
        "category": "捐赠",
        "amount_fen": 1,
    }
    serving = {"code": "HD1", "name": "巡护", "category": "service", "start_on": "2026-09-10", "partner_team_ids": "1"}
    for entity, values in ((FUND_ENTRY, entry), (ACTIVITY, serving)):
        window.jobs.write("测试", lambda store, e=entity, v=values: store.save(e, dict.fromkeys(e.by_name) | v))
    settle()
    _choose(page, settle, "水上救援队")
    page.delete_team()
    settle()
    dialog = page.every.dialog
    assert isinstance(dialog, EndDialog)
    assert [c.isEnabled() for c in (dialog.dissolve, dialog.transfer, dialog.drop)] == [True, False, False]
    assert "经费收支、活动记录，所以只能撤销" in dialog.why.text()
    dialog.close()


def test_who_left_is_out_of_view_and_can_be_shown(window: MainWindow, settle: Settle) -> None:
    page = _teams(window, settle)
    _choose(page, settle, "水上救援队")
    pane = page.one.members
    pane.view.selectRow(0)
    pane.take_out()
    settle()
    dialog = pane.dialog
    assert isinstance(dialog, TakeOutDialog)
    dialog.save()
    settle()
    assert pane.model.rowCount() == 1
    assert pane.past_button.text() == "另有 1 人已退队"
    pane.past_button.click()
    settle()
    assert pane.model.rowCount() == 2


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Attachments need a ledger on disk: the window's store is made there."""
    monkeypatch.setattr(Store, "memory", staticmethod(lambda: Store.create(tmp_path / "台账.boai-db")[0]))
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    return tmp_path


def test_files_are_dropped_on_a_team(on_disk: Path, window: MainWindow, settle: Settle) -> None:
    """档案: added by drop, listed with its size, removed, back with undo."""
    paper = on_disk / "章程.pdf"
    paper.write_bytes(b"%PDF" * 600)
    page = _teams(window, settle)
    team = _choose(page, settle, "水上救援队")
    page.one.show_tab("team_file")
    settle()
    files = page.one.files
    assert files.stack.currentIndex() == 0
    Hand.over(window, settle).drop(files.stack.parentWidget(), str(paper))
    assert [line.texts[:2] for line in files.model.lines] == [("章程.pdf", "2 KB")]
    assert rows(window, settle, TEAM_FILE)[0]["team_id"] == team
    assert page.one.tabs.tabText(5) == "档案 1"
    files.view.selectRow(0)
    files.remove()
    settle()
    assert files.model.lines == []
    window.undo()
    settle()
    assert len(files.model.lines) == 1


def test_insurance_on_another_day_and_for_one_team(window: MainWindow, settle: Settle) -> None:
    """A day typed, a team chosen, a person ticked with a click on the box; the others stay uninsured."""
    page = window.show_page("insurance")
    settle()
    assert isinstance(page, InsurancePage)
    assert [line.texts[3] for line in page.model.lines] == ["未投保"] * 4
    team: QComboBox = page.team
    team.setCurrentIndex(team.findText("水上救援队"))
    assert len(page.model.lines) == 2
    hand = Hand.over(window, settle)
    hand.click_row(page.view, 1)
    assert page.renew_button.text() == "给 1 人投保"
    hand.click(page.renew_button)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RenewDialog)
    dialog.save()
    assert "保单号" in dialog.error.text()
    for name, text in (("policy_number", "BD-9"), ("insurer", "示例保险公司"), ("product", "意外险")):
        dialog.editors[name].setText(text)  # type: ignore[union-attr]
    dialog.save()
    settle()
    assert [c["volunteer_id"] for c in rows(window, settle, COVERAGE)] == [3]
    assert [line.texts[0] for line in page.model.lines] == ["张雪梅"]
    page.day.setText("2025.1.1")
    page._day_typed()
    settle()
    assert len(page.model.lines) == 2
    page.day.setText("2025")
    page._day_typed()
    assert page.error.isVisible()


def test_certificates_of_a_training(window: MainWindow, settle: Settle) -> None:
    """Result, name, number, days for all who came, in one operation."""
    for person in (1, 2):
        row = dict.fromkeys(ATTENDANCE.by_name) | {"training_id": 1, "volunteer_id": person}
        window.jobs.write("测试", lambda store, row=row: store.save(ATTENDANCE, row))
    settle()
    page = window.show_page("training")
    settle()
    assert isinstance(page, TrainingPage)
    pane = page.pane
    assert pane.model.row(0)["present"] == 2
    pane.view.selectRow(0)
    pane.certificates()  # type: ignore[attr-defined]
    settle()
    dialog = pane.dialog
    assert isinstance(dialog, CertificateDialog)
    for name, text in (("certificate", "救护员证"), ("certificate_number", "AL-09"), ("valid_until", "2029-08-01")):
        dialog.editors[name].setText(text)  # type: ignore[union-attr]
    assert [line.texts[2] for line in dialog.model.every] == ["AL-09", "AL-10"]
    dialog.save()
    settle()
    found = [(a["result"], a["certificate_number"], a["certified_on"]) for a in rows(window, settle, ATTENDANCE)]
    assert found == [("passed", "AL-09", "2026-08-01"), ("passed", "AL-10", "2026-08-01")]
    window.undo()
    settle()
    assert rows(window, settle, ATTENDANCE)[0]["result"] is None


def test_an_entry_is_reversed(window: MainWindow, settle: Settle) -> None:
    """冲销 asks for the voucher number first where there is none, then writes the opposite."""
    page = window.show_page("fund")
    settle()
    pane = page.one  # type: ignore[attr-defined]
    pane.view.selectRow(0)
    pane.reverse()
    dialog = pane.dialog
    assert isinstance(dialog, ReverseDialog)
    dialog.save()
    settle()
    assert "没有凭证号" in dialog.error.text()
    dialog.reject()
    window.jobs.write("测试", lambda store: store.save(FUND_ENTRY, {"id": 2, "voucher": "P2"}))
    settle()
    pane.view.choose(frozenset({2}))
    pane.reverse()
    dialog = pane.dialog
    dialog.save()
    settle()
    made = rows(window, settle, FUND_ENTRY)[-1]
    assert (made["direction"], made["amount_fen"], made["reverses_voucher"]) == ("income", 123450, "P2")


# From a finding and back


def _findings(window: MainWindow, settle: Settle) -> FindingsPage:
    page = window.show_page("findings")
    settle()
    assert isinstance(page, FindingsPage)
    return page


def test_a_finding_leads_to_its_record_and_back(window: MainWindow, settle: Settle) -> None:
    """The strip says what is handled; when the clause is in order the window goes back by itself."""
    page = _findings(window, settle)
    result = next(r for r in page.results if r.clause.record == "team" and r.status == "not_met")
    window.desk.handle(result)
    settle()
    assert window.desk.key == "team"
    strip = window.pages["team"].findChild(ReturnStrip)
    assert strip is not None
    assert result.clause.title in strip.words.text()
    strip._judged([result])
    assert "还差一点" in strip.words.text()
    assert window.desk.key == "team"
    done = type(result)(**{**{f: getattr(result, f) for f in result.__dataclass_fields__}, "status": "met"})
    strip._judged([done])
    settle()
    assert window.desk.key == "findings"
    assert "已处理好" in window.toast.words.text()


def test_a_finding_without_records_opens_the_form(window: MainWindow, settle: Settle) -> None:
    """D23: 去登记 opens a new record that says the category and the day already, with the way back over it."""
    page = _findings(window, settle)
    result = next(
        r for r in page.results
        if r.clause.record == "work_record" and r.status in NEEDS_WORK and known_values(r.clause).get("category")
        and not any(i.record == "work_record" and i.id for i in r.items)
    )  # fmt: skip
    window.desk.handle(result)
    settle()
    work = window.pages["work"]
    assert isinstance(work, EntityPage)
    assert work.pane.form_open
    form = work.pane.form
    wanted = form.entity["category"].kind.show(known_values(result.clause)["category"])
    assert form.editors["category"].cell() == wanted
    assert form.editors["recorded_on"].cell() == window.desk.today.isoformat()
    assert len(work.findChildren(ReturnStrip)) == 1


def test_the_way_back_is_a_button_and_a_key(window: MainWindow, settle: Settle) -> None:
    page = _findings(window, settle)
    result = next(r for r in page.results if r.clause.record == "work_record" and r.status in NEEDS_WORK)
    window.desk.handle(result)
    settle()
    strips = window.pages["work"].findChildren(ReturnStrip)
    assert len(strips) == 1
    back = next(b for b in strips[0].findChildren(QPushButton) if "返回" in b.text())
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    settle()
    assert window.desk.key == "findings"


def test_f8_walks_through_what_is_open(window: MainWindow, settle: Settle) -> None:
    """F8 goes to the next problem, from the end to the first; the last four quarters stand beside it."""
    page = _findings(window, settle)
    page.chips[-1].click()
    page.view.setFocus()
    seen = []
    for _ in range(3):
        QTest.keyClick(page.view, KEY.Key_F8)
        assert page.chosen is not None
        seen.append(page.chosen.clause.id)
        assert page.chosen.status not in ("met", "not_applicable", "recorded")
    assert len(set(seen)) == 3
    page._asking.stop()
    page._ask_history()
    settle()
    assert page.past is not None
    assert len(page.past.states) == 3
    words = [b.text() for b in page.findChildren(QPushButton) if "续保" in b.text() or "去处理" in b.text()]
    assert words


def test_the_button_of_a_line_is_pressed(window: MainWindow, settle: Settle) -> None:
    """A click on the words in 操作 leads where they say."""
    page = _findings(window, settle)
    place = next(
        i for i, r in enumerate(page.model.lines) if isinstance(r, Result) and r.clause.record == "team"
        and page.model.verb(r) == "去完善"
    )  # fmt: skip
    page.view.scrollTo(page.model.index(place, 0))
    rect = page.view.visualRect(page.model.index(place, 3))
    spot = rect.center()
    spot.setX(rect.x() + 24)
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    settle()
    assert window.desk.key == "team"


def test_many_people_are_typed_line_by_line(window: MainWindow, settle: Settle) -> None:
    """快速录入: Enter goes on, a faulty line is named, closing keeps what was typed, one operation writes all."""
    page = _teams(window, settle)
    _choose(page, settle, "水上救援队")
    pane = page.one.members
    hand = Hand.over(window, settle)
    pane.enter_many()
    settle()
    dialog = pane.dialog
    assert isinstance(dialog, QuickEntry)
    assert dialog.lines[0][0][0].hasFocus()
    for text in (
        id_number(91, "19900101"),
        "钱小明",
        "19900001234",
        id_number(92, "19900101")[:-1] + "?",
        "孙小芳",
        "",
    ):
        if text:
            hand.field(text)
        else:
            QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
    assert "男 · 1990-01-01" in dialog.lines[0][1].text()
    dialog.save()
    assert "17 位数字" in dialog.lines[1][1].text() or "校验位" in dialog.lines[1][1].text()
    dialog.reject()
    assert pane.unsaved()
    pane.enter_many()
    assert dialog.lines[1][0][1].text() == "孙小芳"
    dialog.lines[1][0][0].setText(id_number(92, "19900101"))
    dialog.save()
    settle()
    preview = pane.dialog
    assert isinstance(preview, PreviewDialog)
    assert preview.go.text() == "确认 2 人"
    preview.accept()
    settle()
    assert not dialog.isVisible()
    assert not pane.unsaved()
    assert len(rows(window, settle, MEMBERSHIP)) == 6
    window.undo()
    settle()
    assert len(rows(window, settle, VOLUNTEER)) == 4


def test_in_a_low_window_the_form_has_the_whole_height(window: MainWindow, settle: Settle) -> None:
    """Large letters in a small window: the fields are in view, and the form goes and comes with its list."""
    window.theme.set(zoom=125)
    window.resize(1280, 620)
    try:
        page = _teams(window, settle)
        _choose(page, settle, "水上救援队")
        pane = page.one.members
        pane.add()
        settle()
        assert pane.entry.height() > page.one.height() - 5
        for name in ("id_number", "name", "phone"):
            field = pane.entry.editors[name]
            assert (
                pane.entry.area.viewport()
                .rect()
                .contains(field.mapTo(pane.entry.area.viewport(), field.rect().center()))
            )
        page.one.show_tab("training")
        settle()
        assert not pane.entry.isVisible()
        page.one.show_tab("membership")
        settle()
        assert pane.entry.isVisible()
        assert pane.view.viewport().height() > 2 * pane.view.rowHeight(0)
        window.theme.set(zoom=100)
        window.resize(1366, 900)
        settle()
        assert pane.entry.parent() is not page.one
        assert pane.entry.isVisible()
    finally:
        window.theme.set(zoom=100)


def test_in_a_low_window_facts_are_whole_as_far_as_there_is_room(window: MainWindow, settle: Settle) -> None:
    """One line that begins with what matters most, not a little of each; the tip has all of it."""
    page = _teams(window, settle)
    window.resize(900, 500)
    settle()
    QApplication.processEvents()
    (line,) = [made for made in (page.one.facts.itemAt(i).widget() for i in range(page.one.facts.count())) if made]
    assert isinstance(line, Elided)
    first = "队长" if line.property("tone") == "warn" else "在队"
    assert line.whole.startswith(first)
    assert all(word in line.toolTip() for word in ("在队", "队长", "结余", "本年", "成立"))
    assert line.text().split("　")[0].rstrip("…") in line.whole
    assert len(line.text().split("　")[0]) > 3


def test_figures_of_a_day_gone_by_say_their_day(window: MainWindow, settle: Settle) -> None:
    """Beside them stand lists with what was entered since; figures of today need no day."""

    def said() -> tuple[bool, str, str]:
        teams, money = window.show_page("team"), window.show_page("fund")
        settle()
        assert isinstance(teams, TeamsPage)
        assert isinstance(money, FundingPage)
        return (
            "截至 6月30日" in [made.text() for made in teams.findChildren(QLabel)],
            teams.list.sums.whole,
            money.balance.text(),
        )

    beside, sums, balance = said()
    assert not beside
    assert sums.startswith("在队")
    assert balance.startswith("结余")
    window.desk.set_quarter(Quarter(2026, 2))
    beside, sums, balance = said()
    assert beside
    assert sums.startswith("6月30日在队")
    assert balance.startswith("6月30日结余")
