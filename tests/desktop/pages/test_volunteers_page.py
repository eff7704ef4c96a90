"""The conditions over the volunteers: they narrow the list at once, and follow it."""

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QComboBox

from db.quarters import Quarter
from db.records.entities import ACTIVITY, ATTENDANCE, COVERAGE, INSURANCE_POLICY, MEMBERSHIP, TEAM, VOLUNTEER
from db.records.fields import Entity
from db.storage.store import Store
from desktop.pages.people.volunteers import VolunteersPane, aid_state
from desktop.records.derived_columns import ListModel
from desktop.services.filters import Holds, OneOf
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, id_number


def _save(store: Store, entity: Entity, **values: object) -> int:
    return store.save(entity, dict.fromkeys(entity.by_name) | values)  # type: ignore[arg-type]


def _insure(store: Store) -> None:
    """The first person is insured, the second was, the third has a first-aid certificate that ends soon."""
    for number, (start, end) in enumerate((("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")), 1):
        policy = _save(
            store, INSURANCE_POLICY, policy_number=f"B{number}", insurer="某公司", product="意外险",
            cover_mode="named_list", start_on=start, end_on=end,
        )  # fmt: skip
        _save(store, COVERAGE, policy_id=policy, volunteer_id=number, start_on=start, end_on=end)
    _save(store, ATTENDANCE, training_id=1, volunteer_id=3, certificate="救护员证", valid_until="2026-10-01")


@pytest.fixture
def pane(window: MainWindow, settle: Settle) -> VolunteersPane:
    """The list with its conditions."""
    window.jobs.write("测试", _insure)
    made = window.show_page("volunteer").pane  # type: ignore[attr-defined]
    settle()
    assert isinstance(made, VolunteersPane)
    return made


def _ids(pane: VolunteersPane) -> list[int]:
    return [pane.model.id_at(i) for i in range(pane.model.rowCount())]


def _choose(settle: Settle) -> Callable[[QComboBox, str], None]:
    def choose(box: QComboBox, words: str) -> None:
        box.setCurrentIndex(box.findText(words))
        settle()

    return choose


def test_conditions_narrow_the_list_at_once(pane: VolunteersPane, settle: Settle) -> None:
    """Team, insurance and certificate together; 重置 shows all again."""
    choose = _choose(settle)
    choose(pane.teams, "水上救援队")
    assert _ids(pane) == [1, 3]
    choose(pane.cover, "未投保")
    assert _ids(pane) == [3]
    choose(pane.aid, "即将到期")
    assert _ids(pane) == [3]
    assert pane.foot.count_label.text() == "找到 1 人（共 4 人）"
    choose(pane.cover, "在保")
    assert _ids(pane) == []
    assert pane.reset.isEnabled()
    pane.reset.click()
    settle()
    assert _ids(pane) == [1, 2, 3, 4]
    assert [box.currentIndex() for box in (pane.teams, pane.cover, pane.aid)] == [0, 0, 0]
    assert not pane.reset.isEnabled()
    choose(pane.cover, "已过期")
    assert _ids(pane) == [2]


def test_who_has_nothing_is_uninsured(pane: VolunteersPane, window: MainWindow, settle: Settle) -> None:
    """Without team, insurance and certificate, too: the list, its filter, the funnel and the print say the same."""
    new_one = {"name": "无名", "id_type": "resident_id", "id_number": id_number(30), "registered_on": "2026-01-01"}
    window.jobs.write("测试", lambda store: _save(store, VOLUNTEER, **new_one))
    settle()
    new = next(r for r in pane.model.sheet.rows if r["name"] == "无名")
    column = next(i for i, f in enumerate(pane.model.fields) if f.name == "cover")
    place = pane.model.place(int(new["id"] or 0))
    assert pane.model.index(place, column).data() == "未投保"
    assert pane.model.sheet.texts[pane.model.order[place]][column] == "未投保"  # what is copied and printed
    _choose(settle)(pane.cover, "未投保")
    assert new["id"] in _ids(pane)
    assert None not in pane.model.counts(column)


def test_another_quarter_is_another_day(pane: VolunteersPane, window: MainWindow, settle: Settle) -> None:
    """What is judged on a day is judged again when another quarter is chosen."""
    column = next(i for i, f in enumerate(pane.model.fields) if f.name == "cover")
    assert pane.model.index(pane.model.place(2), column).data() == "已过期"
    window.desk.set_quarter(Quarter(2025, 4))
    settle()
    assert pane.model.index(pane.model.place(2), column).data() != "已过期"


def test_conditions_follow_funnels_and_the_ledger(pane: VolunteersPane, window: MainWindow, settle: Settle) -> None:
    """A funnel of the same column shows in its condition; rows chosen elsewhere take it away; changes are followed."""
    choose = _choose(settle)
    column = next(i for i, f in enumerate(pane.model.fields) if f.name == "cover")
    pane.model.set_filter(column, OneOf(frozenset({"expired"})))
    assert pane.cover.currentText() == "已过期"
    pane.model.set_filter(column, OneOf(frozenset({"expired", "soon"})))
    assert pane.cover.currentIndex() == -1
    pane.model.set_filter(column, None)
    choose(pane.aid, "有效")
    assert _ids(pane) == [3]
    window.jobs.write(
        "测试", lambda store: _save(store, ATTENDANCE, training_id=1, volunteer_id=2, certificate="救护员证",
                                  valid_until="2028-10-01"),
    )  # fmt: skip
    settle()
    assert _ids(pane) == [2, 3]
    pane.select(frozenset({1, 4}))
    settle()
    assert _ids(pane) == [1, 4]
    assert pane.aid.currentIndex() == 0


def test_one_of_several_teams_is_enough() -> None:
    """A name that begins alike is another team."""
    rows = [{"a": "水上队、水上队分队"}, {"a": "水上队分队"}, {"a": None}, {"a": "水上队"}]
    assert Holds("水上队").keep(rows, range(4), "a") == [0, 3]


def test_a_certificate_that_ends_soon_is_still_valid() -> None:
    """The last day counts."""
    day = dt.date(2026, 9, 21)
    assert aid_state("2026-09-21", day) == {"valid", "soon"}
    assert aid_state("2026-09-20", day) == {"ended"}
    assert aid_state("2027-09-20", day) == {"valid"}
    assert aid_state(None, day) == {"none"}


def test_names_of_teams_are_short_in_lists_and_whole_elsewhere(window: MainWindow, settle: Settle) -> None:
    """What every team's name begins with is left out on the screen; the tip, the copy and the print have all of it."""
    whole = "安澜县红十字水上救援队"
    window.jobs.write("测试", lambda store: store.save(TEAM, {"id": 1, "name": whole}))
    pane = window.show_page("membership").pane  # type: ignore[attr-defined]
    settle()
    model = pane.model
    assert isinstance(model, ListModel)
    column = next(i for i, f in enumerate(model.fields) if f is MEMBERSHIP["team_id"])
    shown = model.index(0, column)
    assert shown.data() == "水上救援队"
    assert shown.data(3) == whole  # the tip
    assert model.sheet.texts[0][column] == whole
    pane.toolbar.find_box.setText("救援")
    model.find("救援")
    assert model.index(0, column).data(257) == (2, 2)  # where it is marked


def test_several_teams_in_one_cell_are_short_too(window: MainWindow, settle: Settle) -> None:
    def several(store: Store) -> None:
        for number, name in ((1, "安澜县红十字水上救援队"), (2, "安澜县红十字无偿献血队")):
            store.save(TEAM, {"id": number, "name": name})
        _save(store, ACTIVITY, code="HD01", name="联合演练", start_on="2026-09-01", end_on="2026-09-01",
              category="drill", host_team_id=1, partner_team_ids="1,2")  # fmt: skip

    window.jobs.write("测试", several)
    settle()
    pane = window.show_page("activity").plain_list()  # type: ignore[attr-defined]
    settle()
    column = next(i for i, f in enumerate(pane.model.fields) if f.name == "partner_team_ids")
    assert pane.model.index(0, column).data() == "水上救援队；无偿献血队"
    assert pane.model.sheet.texts[0][column] == "安澜县红十字水上救援队；安澜县红十字无偿献血队"


def test_people_without_a_number_are_listed_to_be_completed(
    pane: VolunteersPane, window: MainWindow, settle: Settle
) -> None:
    """The chip stands there while there are such people, shows them alone, and follows when one is completed."""
    assert not pane.pending.isVisible()
    found: list[int] = []

    def add(store: Store) -> None:
        values = {"name": "小满", "id_type": "pending", "birth_on": "2018-05-20", "registered_on": "2026-01-01"}
        found.append(_save(store, VOLUNTEER, **values))

    window.jobs.write("测试", add)
    settle()
    assert pane.pending.isVisible()
    assert pane.pending.text() == "证件待补 1"
    pane.pending.click()
    settle()
    assert _ids(pane) == found
    pane.pending.click()
    settle()
    assert pane.model.rowCount() > 1

    def complete(store: Store) -> None:
        row = store.row(VOLUNTEER, found[0])
        assert row is not None
        card = id_number(9, "20180520")
        store.save(VOLUNTEER, {**row, "id_type": "resident_id", "id_number": card, "sex": None})

    window.jobs.write("测试", complete)
    settle()
    assert not pane.pending.isVisible()
