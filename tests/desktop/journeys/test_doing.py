"""Activities of several teams: who held them, who served how long, by tick-list, chain and paste in one place."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from db.errors import Refused
from db.quarters import Period
from db.queries.figures import period_figures
from db.records.entities import ACTIVITY, SERVICE_RECORD, TEAM, TRAINING
from db.storage.store import Store
from db.tasks import activities, numbering
from desktop.pages.service.attending import ActivityDialog
from desktop.pages.service.jielong import ChainDialog
from desktop.pages.service.serving import ServingPage
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, fill
from tests.desktop.hand import Hand

KEY = Qt.Key


@pytest.fixture
def store() -> Store:
    """Two teams of two people each."""
    made = Store.memory()
    fill(made)
    return made


def _activity(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(ACTIVITY.by_name) | {
        "code": "HD1", "name": "水域检查", "category": "service", "start_on": "2026-08-02", "host_team_id": 1,
        "partner_team_ids": "2",
    } | values  # fmt: skip


def test_an_activity_of_two_teams_counts_for_the_host_alone(store: Store) -> None:
    """The contract: 活动场次 by 主办队伍; the hours are each team's own."""
    with store.operation("登记活动"):
        activities.save_activity(store, _activity(), "2026-08-02", {1: (1, 180), 2: (2, 120)}, dt.date(2026, 9, 30))
    found = period_figures(store, Period(2026, 3))
    assert [(t["activities"], t["service_minutes"]) for t in found["teams"]] == [(1, 180), (0, 120)]
    assert (found["office"]["activities"], found["office"]["service_minutes"]) == (1, 300)


def test_the_list_of_a_day_is_changed_and_kept(store: Store) -> None:
    """Unticked loses that day's hours, another time corrects them, other days stay; one undo takes all back."""
    day = dt.date(2026, 9, 30)
    with store.operation("登记活动"):
        number, _ = activities.save_activity(store, _activity(), "2026-08-02", {1: (1, 180), 2: (2, 120)}, day)
    with store.operation("第二天"):
        activities.save_activity(store, {"id": number}, "2026-08-03", {1: (1, 60)}, day)
    with store.operation("修改"):
        activities.save_activity(store, {"id": number}, "2026-08-02", {1: (1, 90)}, day)
    rows = [(r["volunteer_id"], r["served_on"], r["service_minutes"]) for r in store.rows(SERVICE_RECORD)]
    assert rows == [(1, "2026-08-02", 90), (1, "2026-08-03", 60)]
    store.undo()
    assert len(store.rows(SERVICE_RECORD)) == 3
    with pytest.raises(Refused, match="24"), store.operation("太长"):
        activities.save_activity(store, {"id": number}, "2026-08-02", {1: (1, 1500)}, day)


def test_a_team_that_takes_part_cannot_vanish(store: Store) -> None:
    """As with every reference: by deleting, and by taking back what made the team."""
    with store.operation("新增队伍"):
        third = store.save(TEAM, dict.fromkeys(TEAM.by_name) | {"name": "三队", "managing_org": "甲", "primary_domain": "other",
                                                                "established_on": "2026-01-01"})  # fmt: skip
    made = store.undoable()
    with store.operation("登记活动"):
        store.save(ACTIVITY, _activity(partner_team_ids=str(third)))
    with pytest.raises(Refused, match="1 条“活动”"), store.operation("删除"):
        store.delete(TEAM, [third])
    with pytest.raises(Refused, match="用到它"):
        store.undo(made[0] if made else None)
    assert store.row(TEAM, third) is not None


@pytest.mark.parametrize(
    ("there", "next_one"),
    [([], "PX2026-001"), (["PX2026-001", "PX2026-007"], "PX2026-008"), (["PX202619"], "PX202620"), (["自编"], "PX2026-001")],
)  # fmt: skip
def test_a_number_is_proposed_as_the_office_numbers(there: list[str], next_one: str) -> None:
    """Counted on in the office's own form; a form that is not of this year is not."""
    store = Store.memory()
    with store.operation("培训"):
        for code in there:
            store.save(TRAINING, dict.fromkeys(TRAINING.by_name) | {
                "code": code, "name": "甲", "category": "other", "start_on": "2026-01-05", "class_minutes": 60})  # fmt: skip
    assert numbering.next_code(store, TRAINING, "PX", 2026) == next_one


def test_activity_by_tick_list_chain_and_paste(window: MainWindow, settle: Settle) -> None:
    """登记活动 with two teams, hours for all and one other; a chain and a paste go to the same records."""
    hand = Hand(window, settle)
    hand.go("activity")
    page = window.pages["activity"]
    assert isinstance(page, ServingPage)
    hand.click(page.pane.toolbar.add_button)
    form = page.pane.dialog
    assert isinstance(form, ActivityDialog)
    assert form.editors["category"].cell() is None  # never the last one's
    assert form.editors["code"].cell() == "HD2026-001"
    hand.field("水域检查", KEY.Key_Tab)
    hand.field("2026-09-20", KEY.Key_Tab)
    form.editors["category"].set_value("service")
    for place in (0, 1):
        hand.click_row(form.lists.team_view, place)
    assert len(form.lists.model.ticked()) == 4
    form.save()
    assert "每人时长" in form.error.text()
    form.usual.setText("3")
    form.lists.view.selectRow(0)
    form.one.setText("1.5")
    form.one.textEdited.emit("1.5")
    form.lists.model.tick([3], False)
    assert [line.texts[2] for line in form.lists.model.lines] == ["1.5", "3.0", "3.0", "3.0"]
    hand.click(form.save_button)
    store_rows: list[Any] = []
    window.jobs.read(lambda store: (store.rows(ACTIVITY)[-1], store.rows(SERVICE_RECORD)), store_rows.append)
    settle()
    activity, served = store_rows.pop()
    assert (activity["host_team_id"], activity["partner_team_ids"], activity["start_on"]) == (1, "2", "2026-09-20")
    assert [r["service_minutes"] for r in served] == [90, 180, 180]
    assert {r["activity_id"] for r in served} == {activity["id"]}
    # A chain for the same activity leaves out whom the list has, and adds the other one for the team that takes part.
    page.pane.select(frozenset({int(activity["id"])}))
    settle()
    page.pane.paste_chain()  # type: ignore[attr-defined]
    settle()
    dialog = page.pane.dialog
    assert isinstance(dialog, ChainDialog)
    QGuiApplication.clipboard().setText("#接龙\n水域检查\n1. 张雪梅 2小时\n2. 曾乐 2小时")
    dialog.paste()
    settle()
    assert "已经登记过" in " ".join(line.texts[3] for line in dialog.model.every)
    dialog.reject()
    again = ActivityDialog(window.desk, activity)
    again.open()
    settle()
    assert len(again.lists.model.ticked()) == 3
    again.lists.model.tick([again.lists.model.place(i.id) for i in again.lists.model.every], True)
    again.given = {line.id: 60 for line in again.lists.model.every}
    again.save()
    settle()
    window.jobs.read(lambda store: [r["service_minutes"] for r in store.rows(SERVICE_RECORD)], store_rows.append)
    settle()
    assert store_rows.pop() == [60, 60, 60, 60]


def test_taking_part_is_read_and_written_in_workbooks(store: Store) -> None:
    """参与队伍 by names joined by ；: in, out and in again changes nothing; an unknown name refuses the row."""
    from db.intake.importer import take_in
    from db.intake.source_rows import SourceRow, SourceSheet
    from desktop.services.reporting import referred_rows
    from forms.excel import workbook
    from forms.reading.files import read_content

    cells = {
        "活动编号": "HD1",
        "活动名称": "检查",
        "活动类别": "宣传",
        "开始日期": "2026-08-01",
        "主办队伍": "水上救援队",
    }

    def put(partners: str) -> Any:
        rows = [SourceRow(2, cells | {"参与队伍": partners})]
        return take_in(store, [SourceSheet("活动", ACTIVITY, rows)], title="导入", today=dt.date(2026, 9, 30))

    assert put("无偿献血队；水上救援队").sheets[0].added == 1
    assert store.rows(ACTIVITY)[0]["partner_team_ids"] == "1,2"
    assert put("水上救援队、无偿献血队").sheets[0].unchanged == 1
    refused = put("没有的队").sheets[0]
    assert (refused.refused, refused.problems[0].column) == (1, "参与队伍")
    book = workbook.export([(ACTIVITY, store.rows(ACTIVITY))], referred_rows(store, [ACTIVITY]))
    table = read_content(book, "活动.xlsx")[0]
    head, row = (list(cells) for _, cells in table.rows[:2])
    assert row[head.index("参与队伍")] == "水上救援队；无偿献血队"
