"""A form writes what was changed in it, and never over what somebody else wrote meanwhile."""

import datetime as dt
from collections.abc import Iterator

import pytest

from db.errors import Refused
from db.records.entities import TEAM
from db.records.fields import Row
from db.storage.store import Store
from db.tasks.edited_rows import ChangedElsewhere, save_edited
from tests.offices.small import Desk

TODAY = dt.date(2026, 9, 21)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.memory() as opened:
        Desk(opened).team(name="江滩巡护队", established_on="2026-01-10")
        yield opened


def _row(store: Store) -> Row:
    found = store.row(TEAM, 1)
    assert found is not None
    return found


def _save(store: Store, before: Row, **changes: str) -> None:
    with store.operation("修改志愿服务队伍"):
        save_edited(store, TEAM, before, before | changes, TODAY)


def test_two_forms_of_one_row_keep_each_others_fields(store: Store) -> None:
    """Failed before: the whole row was written, the older one over the newer."""
    before = _row(store)
    _save(store, before, note="先改备注")
    _save(store, before, leader_phone="13900000017")
    assert (_row(store)["note"], _row(store)["leader_phone"]) == ("先改备注", "13900000017")


def test_the_same_field_changed_elsewhere_is_noticed_and_saved_on_purpose(store: Store) -> None:
    before = _row(store)
    _save(store, before, leader_phone="13900000025")
    with pytest.raises(ChangedElsewhere, match="在别处改过") as refused:
        _save(store, before, leader_phone="13900000033")
    assert "139" not in str(refused.value)
    assert _row(store)["leader_phone"] == "13900000025"
    _save(store, refused.value.now, leader_phone="13900000033")
    assert _row(store)["leader_phone"] == "13900000033"


def test_the_same_value_from_two_sides_is_no_clash(store: Store) -> None:
    before = _row(store)
    _save(store, before, leader_phone="13900000041")
    _save(store, before, leader_phone="13900000041")
    assert _row(store)["leader_phone"] == "13900000041"


def test_a_row_that_is_gone_is_said(store: Store) -> None:
    before = _row(store)
    with store.operation("删除"):
        store.delete(TEAM, [1])
    with pytest.raises(Refused, match="已在别处删除"):
        _save(store, before, name="别的名字")


def test_fields_that_no_longer_fit_together_are_refused(store: Store) -> None:
    before = _row(store)
    _save(store, before, established_on="2026-08-01")
    with pytest.raises(ChangedElsewhere, match="不相符"):
        _save(store, before, dissolved_on="2026-05-01")
    assert _row(store)["dissolved_on"] is None
