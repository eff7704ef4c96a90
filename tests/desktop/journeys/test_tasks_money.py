"""Insurance, money and hours as a person does them, with real events and counted."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from db.records.entities import ACTIVITY, COVERAGE, FUND_ENTRY, INSURANCE_POLICY, OFFICE, SERVICE_RECORD
from db.records.internal_entities import FUND_VOUCHER
from desktop.pages.insurance.insurance import InsurancePage
from desktop.pages.insurance.renewing import RenewDialog
from desktop.pages.money.funding import FundingPage
from desktop.pages.money.funding_ledger import LedgerPane
from desktop.pages.service.jielong import ChainDialog
from desktop.pages.service.serving import ServingPage
from desktop.pages.teams.teams import TeamsPage
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.desktop.hand import Hand
from tests.desktop.journeys.test_tasks_teams import rows

KEY = Qt.Key


def _write(window: MainWindow, settle: Settle, entity: Any, **values: Any) -> None:
    row = dict.fromkeys(entity.by_name) | values
    window.jobs.write("测试", lambda store: store.save(entity, row))
    settle()


def _policy(window: MainWindow, settle: Settle, end: str, people: tuple[int, ...]) -> None:
    _write(
        window, settle, INSURANCE_POLICY, policy_number="BD-1", insurer="示例保险公司", product="团体意外险",
        cover_mode="named_list", start_on="2025-10-01", end_on=end,
    )  # fmt: skip
    for person in people:
        _write(window, settle, COVERAGE, policy_id=1, volunteer_id=person)


def test_task_3_whose_insurance_ends(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """查看谁的保险本月到期并导出名单: 2 C (and Enter in the save box)."""
    _policy(window, settle, "2026-09-30", (1, 2, 3))
    target = tmp_path / "名单.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    hand = Hand(window, settle)
    hand.go("insurance")
    page = window.pages["insurance"]
    assert isinstance(page, InsurancePage)
    ends = [line.texts for line in page.model.lines if line.texts[3] == "即将到期"]
    assert [(e[0], e[2]) for e in ends] == [("张雪梅", "2026-09-30"), ("曾乐", "2026-09-30"), ("王建国", "2026-09-30")]
    hand.click(page.export_button)
    assert hand.took() <= (2, 0, 0)
    assert target.stat().st_size > 1000


def test_task_6_three_people_are_insured_from_the_overview(window: MainWindow, settle: Settle) -> None:
    """处理一条未达标（3 人续保）: 2 C + 2 F; afterwards 工作台 is in view. What a policy of today cannot mend is said."""
    _policy(window, settle, "2026-08-31", (1, 2, 3, 4))
    activity = {"code": "HD1", "name": "水域巡护", "category": "service", "start_on": "2026-09-10", "has_risk": "yes"}
    _write(window, settle, ACTIVITY, **activity)
    for person, team in ((1, 1), (2, 2), (3, 1)):
        _write(window, settle, SERVICE_RECORD, volunteer_id=person, team_id=team, activity_id=1,
               served_on="2026-09-10", service_minutes=120)  # fmt: skip
    hand = Hand(window, settle)
    page = window.pages["overview"]
    button = next(
        b for b in page.findChildren(QPushButton) if b.isVisible() and "去补登：有人身危险" in b.accessibleName()
    )
    hand.click(button)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RenewDialog)
    assert len(dialog.model.ticked()) == 3
    assert "9月10日“水域巡护”" in dialog.note.text()
    hand.field("BD-2", KEY.Key_Tab)
    hand.field("2027-08-31", KEY.Key_Tab, into=dialog.editors["end_on"])
    hand.click(dialog.save_button)
    clicks, keys, fields = hand.took()
    assert clicks <= 2
    assert keys == 0
    assert fields <= 2
    assert QApplication.activeModalWidget() is None
    assert window.desk.key == "overview"
    policy = next(p for p in rows(window, settle, INSURANCE_POLICY) if p["policy_number"] == "BD-2")
    assert (policy["insurer"], policy["end_on"]) == ("示例保险公司", "2027-08-31")
    assert sum(c["policy_id"] == policy["id"] for c in rows(window, settle, COVERAGE)) == 3
    window.undo()
    settle()
    assert len(rows(window, settle, INSURANCE_POLICY)) == 1


def test_task_8_hours_from_a_chain(window: MainWindow, settle: Settle) -> None:
    """用微信接龙登记活动时长: 3 C + 1 K."""
    _write(
        window,
        settle,
        ACTIVITY,
        code="HD1",
        name="周六清洁家园",
        category="service",
        start_on="2026-09-19",
        host_team_id=1,
    )
    QGuiApplication.clipboard().setText("#接龙\n周六清洁家园\n1. 张雪梅 3小时\n2、曾乐 ２．５h（迟到）\n3. 王建国\n")
    hand = Hand(window, settle)
    hand.go("activity")
    page = window.pages["activity"]
    assert isinstance(page, ServingPage)
    pane: Any = page.pane
    hand.click(pane.chain_button)
    dialog = pane.dialog
    assert isinstance(dialog, ChainDialog)
    hand.key(KEY.Key_V)
    dialog.read()
    settle()
    assert dialog.save_button.text() == "写入 2 人", "two people are called 王建国, none of them in the host team"
    hand.click(dialog.save_button)
    clicks, keys, fields = hand.took()
    assert clicks <= 3
    assert keys <= 1
    assert fields == 0
    found = rows(window, settle, SERVICE_RECORD)
    assert [(r["volunteer_id"], r["service_minutes"], r["activity_id"], r["served_on"]) for r in found] == [
        (1, 180, 1, "2026-09-19"), (3, 150, 1, "2026-09-19")
    ]  # fmt: skip
    window.undo()
    settle()
    assert rows(window, settle, SERVICE_RECORD) == []


def test_a_chain_that_names_its_day_is_of_that_day(window: MainWindow, settle: Settle) -> None:
    """Without an activity the title's day stands in the field; where another stands there, it is said before writing."""
    window.show_page("activity")
    settle()
    page = window.pages["activity"]
    assert isinstance(page, ServingPage)
    pane: Any = page.pane
    pane.chain_button.click()
    settle()
    dialog = pane.dialog
    assert isinstance(dialog, ChainDialog)
    dialog.text.setPlainText("9月12日无偿献血宣传接龙\n1. 张雪梅 3小时")
    dialog.read()
    settle()
    assert dialog.day.text() == "2026-09-12"
    assert "不是同一天" not in dialog.words.text()
    dialog.day.setText("2026-09-13")
    dialog.fill()
    assert "9 月 12 日，与上面的服务日期不是同一天" in dialog.words.text()
    dialog.text.setPlainText("12月20日慰问接龙\n1. 张雪梅 3小时")  # on 21 September: that of the year before
    dialog.read()
    settle()
    assert dialog.day.text() == "2025-12-20"
    dialog.reject()


def test_a_chain_is_never_laid_to_an_activity_of_another_day(window: MainWindow, settle: Settle) -> None:
    """Neither the last activity nor the one that happens to be chosen in the list takes it; a choice by hand does."""
    common = {"category": "service", "host_team_id": 1}
    _write(window, settle, ACTIVITY, code="HD1", name="汛前设施检查", start_on="2026-09-19", **common)
    _write(window, settle, ACTIVITY, code="HD2", name="清洁河岸", start_on="2026-09-11", end_on="2026-09-12", **common)
    for asked in (None, 1):
        dialog = ChainDialog(window.desk, asked)
        dialog.open()
        settle()
        dialog.text.setPlainText("9月15日沿江巡查接龙\n1. 张雪梅 3小时")
        dialog.read()
        settle()
        assert dialog.activities.currentData() is None
        assert dialog.day.text() == "2026-09-15"
        assert ("不对应那次活动" in dialog.words.text()) is (asked == 1)
        dialog.text.setPlainText("9月12日清洁河岸接龙\n1. 张雪梅 3小时")
        dialog.read()
        settle()
        assert dialog.activities.currentData() == 2
        assert dialog.day.text() == "2026-09-12"
        dialog.activities.setCurrentIndex(dialog.activities.findData(1))
        dialog.activities.activated.emit(dialog.activities.currentIndex())
        settle()
        dialog.text.setPlainText("9月15日沿江巡查接龙\n1. 张雪梅 3小时")
        dialog.read()
        settle()
        assert dialog.activities.currentData() == 1
        assert "不是同一天" in dialog.words.text()
        dialog.reject()


def test_a_chain_is_not_written_twice(window: MainWindow, settle: Settle) -> None:
    """Who has hours at this activity already is not written again; who is unclear is chosen by hand."""
    _write(
        window,
        settle,
        ACTIVITY,
        code="HD1",
        name="周六清洁家园",
        category="service",
        start_on="2026-09-19",
        host_team_id=1,
    )
    _write(
        window,
        settle,
        SERVICE_RECORD,
        volunteer_id=1,
        team_id=1,
        activity_id=1,
        served_on="2026-09-19",
        service_minutes=60,
    )
    dialog = ChainDialog(window.desk)
    dialog.open()
    settle()
    dialog.text.setPlainText("周六清洁家园\n1. 张雪梅 3小时\n2. 王建国 23小时\n3. 王建国 2h\n4. 曾乐 24.5小时")
    dialog.read()
    settle()
    notes = [line.texts[3] for line in dialog.model.every]
    assert "已经登记过" in notes[0]
    assert "同名" in notes[1]
    assert "超过 24 小时" in notes[3]
    assert not dialog.save_button.isEnabled()
    dialog.view.selectRow(1)
    dialog.person.set_value(2)
    dialog._person_chosen()
    settle()
    assert dialog.served()[0].person == 2
    assert "超过" not in notes[1]
    dialog.save()
    settle()
    assert len(rows(window, settle, SERVICE_RECORD)) == 2


def test_task_9_an_expense_with_its_voucher(on_disk: Path, window: MainWindow, settle: Settle) -> None:
    """记一笔支出并附凭证照片: 3 C + 3 F, and the category, which is never guessed."""
    photo = on_disk / "发票.jpg"
    photo.write_bytes(b"\xff\xd8 invented")
    hand = Hand(window, settle)
    hand.go("team")
    page = window.pages["team"]
    assert isinstance(page, TeamsPage)
    team = page.list.current()
    tabs = page.one.tabs
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, tabs.tabRect(3).center())
    hand.clicks += 1
    settle()
    pane = page.one.money
    hand.click(pane.spend_button)
    hand.field("救生绳 4 根")
    hand.field("320.5")
    hand.drop(pane, str(photo))
    hand.field("2026.9.18")
    category = pane.entry.editors["category"]
    assert category.cell() == ""
    assert category.completer().completionCount() > 0
    hand.field("办公")
    clicks, keys, fields = hand.took()
    assert clicks <= 3
    assert keys == 0
    assert fields <= 4
    entry = next(r for r in rows(window, settle, FUND_ENTRY) if r["summary"] == "救生绳 4 根")
    assert (entry["team_id"], entry["direction"], entry["amount_fen"]) == (team, "expense", 32050)
    assert (entry["entry_on"], entry["category"]) == ("2026-09-18", "办公")
    assert len(rows(window, settle, FUND_VOUCHER)) == 1
    shown = pane.model.row(0)
    assert (shown["proof"], shown["balance_fen"]) == ("file", -32050)
    window.undo()
    settle()
    assert rows(window, settle, FUND_VOUCHER) == []
    assert len(rows(window, settle, FUND_ENTRY)) == 2


def test_the_page_of_money_has_a_ledger_for_what_is_shared(window: MainWindow, settle: Settle) -> None:
    """本会共用 is a ledger of its own, with a balance after each entry."""
    page = window.show_page("fund")
    assert isinstance(page, FundingPage)
    settle()
    assert next(line.texts for line in page.model.lines) == ("本会共用", "3,765.50")
    assert page.one.team == 0
    assert [page.one.model.row(i)["balance_fen"] for i in range(2)] == [376550, 500000]


def test_earmarked_money_is_not_overspent_in_any_way(window: MainWindow, settle: Settle) -> None:
    """The ledger's own form, the plain form and the cell refuse alike, and say why."""
    day = dt.date(2026, 9, 1).isoformat()
    _write(
        window,
        settle,
        FUND_ENTRY,
        entry_on=day,
        direction="income",
        category="捐赠",
        amount_fen=10000,
        earmark="救生衣",
    )
    page = window.show_page("fund")
    assert isinstance(page, FundingPage)
    settle()
    page.one.enter("expense")
    settle()
    form = page.one.entry
    for name, text in (
        ("summary", "救生衣"),
        ("amount_fen", "100.01"),
        ("entry_on", day),
        ("earmark", "救生衣"),
        ("category", "办公"),
    ):
        form.editors[name].setText(text)  # type: ignore[union-attr]
    form.save(False)
    settle()
    assert form.isVisible()
    assert "定向" in form.problem.text()
    assert len(rows(window, settle, FUND_ENTRY)) == 3
    form.editors["amount_fen"].setText("100")  # type: ignore[union-attr]
    form.save(False)
    settle()
    assert len(rows(window, settle, FUND_ENTRY)) == 4
    pane = page.plain_list()
    settle()
    pane.blocks.write_cell(4, "amount_fen", "100.5")
    settle()
    assert rows(window, settle, FUND_ENTRY)[3]["amount_fen"] == 10000
    assert pane.view.editing.is_open
    pane.view.editing.cancel()
    window.activateWindow()
    pane.view.selectionModel().clear()
    QGuiApplication.clipboard().setText("日期\t收支方向\t科目\t金额（元）\t定向用途\n2026-09-02\t支出\t物资\t1\t救生衣")
    pane.paste()
    settle()
    box = QApplication.activeModalWidget()
    assert box is not None, "what was pasted is taken back, and it is said why"
    box.close()
    assert len(rows(window, settle, FUND_ENTRY)) == 4
    pane.view.choose(frozenset({3}))
    pane.delete()
    settle()
    box = QApplication.activeModalWidget()
    assert box is not None
    box.close()
    assert len(rows(window, settle, FUND_ENTRY)) == 4


def test_the_office_without_a_level_still_has_its_teams(window: MainWindow, settle: Settle) -> None:
    """Where no clause can be judged, the team page works all the same."""
    level = next(r for r in rows(window, settle, OFFICE) if r["item"] == "level")
    window.jobs.write("测试", lambda store: store.delete(OFFICE, [level["id"]]))
    settle()
    page = window.show_page("team")
    assert isinstance(page, TeamsPage)
    settle()
    assert len(page.list.model.lines) == 2


def test_while_an_entry_is_typed_amounts_are_in_view(window: MainWindow, settle: Settle) -> None:
    """In a window of the usual size the ledgers give way to the form, and come back with its end."""
    window.resize(1366, 689)
    page = window.show_page("fund")
    assert isinstance(page, FundingPage)
    settle()
    assert page.left.isVisible()
    page.one.enter("expense")
    settle()
    assert not page.left.isVisible()
    names = [f.name for f in page.one.model.fields]
    for name in ("amount_fen", "balance_fen"):
        rect = page.one.view.visualRect(page.one.model.index(0, names.index(name)))
        assert page.one.view.viewport().rect().contains(rect), name
    page.one.entry.close_form()
    assert page.left.isVisible()


def test_amounts_are_whole_beside_the_form_of_a_teams_entry(window: MainWindow, settle: Settle) -> None:
    """Where there is little room the first column gives way: an amount is seen whole or not at all."""
    window.resize(1366, 689)
    _write(window, settle, FUND_ENTRY, entry_on="2026-07-11", direction="income", category="捐赠", amount_fen=513_800,
           summary="2026年第三季度队伍工作经费（市级补助）", team_id=1)  # fmt: skip
    page = window.show_page("team")
    settle()
    page.one.tabs.setCurrentIndex(3)  # type: ignore[attr-defined]
    settle()
    pane = next(made for made in page.findChildren(LedgerPane) if made.isVisible())
    wide = pane.view.columnWidth(0)
    pane.enter("expense")
    settle()
    names = [f.name for f in pane.model.fields]
    room = pane.view.viewport().rect()
    room.setLeft(pane.view.columnWidth(0))
    for name in ("amount_fen", "balance_fen"):
        assert room.contains(pane.view.visualRect(pane.model.index(0, names.index(name)))), name
    pane.entry.close_form()
    settle()
    assert pane.view.columnWidth(0) == wide
