"""Operations: one transaction, one line in the log, one undo step, also after the program was closed."""

from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import Conflict, Refused, UserError
from db.records.entities import ENTITIES, FUND_ENTRY, MEMBERSHIP, TEAM, TOWNSHIP, VOLUNTEER
from db.storage import history
from db.storage.store import Store

PERSON = {"name": "甲", "id_type": "passport", "id_number": "E1234567", "registered_on": "2026-01-01"}
SQUAD = {
    "name": "水上救援队",
    "managing_org": "某县红十字会",
    "primary_domain": "emergency_rescue",
    "established_on": "2020-01-01",
}


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything in every table but the log."""
    return {e.name: store.db.execute(f"SELECT * FROM {e.name} ORDER BY id").fetchall() for e in ENTITIES}


def test_nothing_is_written_outside_an_operation(store: Store) -> None:
    with pytest.raises(AssertionError):
        store.save(TOWNSHIP, {"name": "甲镇"})
    with pytest.raises(driver.IntegrityError, match="NOT NULL"):
        store.db.execute("INSERT INTO township (name) VALUES ('甲镇')")
    assert store.rows(TOWNSHIP) == []


def test_a_failed_operation_leaves_nothing(store: Store) -> None:
    with pytest.raises(Refused, match="已有相同"), store.operation("两个同名"):
        store.save(TOWNSHIP, {"name": "甲镇"})
        store.save(TOWNSHIP, {"name": "甲镇"})
    with pytest.raises(ZeroDivisionError), store.operation("错误"):
        store.save(TOWNSHIP, {"name": "乙镇"})
        1 / 0  # noqa: B018
    assert store.rows(TOWNSHIP) == []
    assert history.trail(store.db) == []
    with store.operation("还能继续"):
        store.save(TOWNSHIP, {"name": "丙镇"})
    assert store.undoable() == (1, "还能继续")


def test_an_operation_without_changes_leaves_no_trace(store: Store) -> None:
    with store.operation("空") as operation:
        pass
    assert operation.id is None
    assert history.trail(store.db) == []


def test_undo_and_redo_in_order(store: Store) -> None:
    states = [content(store)]
    with store.operation("一"):
        first = store.save(TOWNSHIP, {"name": "甲镇"})
    states.append(content(store))
    with store.operation("二"):
        store.save(TOWNSHIP, {"id": first, "name": "甲街道", "division_code": "1"})
    states.append(content(store))
    with store.operation("三") as third:
        store.delete(TOWNSHIP, [first])
    assert third.touched == {"township"}
    states.append(content(store))
    for expected in (states[2], states[1], states[0]):
        store.undo()
        assert content(store) == expected
    assert store.undoable() is None
    with pytest.raises(UserError, match="没有可以撤销"):
        store.undo()
    for expected in states[1:]:
        store.redo()
        assert content(store) == expected
    assert store.redoable() is None
    store.undo()
    with store.operation("新的"):
        store.save(TOWNSHIP, {"name": "乙镇"})
    assert store.redoable() is None
    assert store.undoable() is not None
    assert store.undo().title == "撤销：新的"


def test_undo_survives_closing_the_program(tmp_path: Path) -> None:
    path = tmp_path / "x.boai-db"
    store, _ = Store.create(path)
    with store, store.operation("新增街镇"):
        store.save(TOWNSHIP, {"name": "甲镇"})
    with Store.open(path) as again:
        assert again.undoable() == (1, "新增街镇")
        again.undo()
    with Store.open(path) as again:
        assert again.rows(TOWNSHIP) == []
        assert again.redo().title == "重做：新增街镇"
    with Store.open(path) as again:
        assert [r["name"] for r in again.rows(TOWNSHIP)] == ["甲镇"]


def test_undo_of_an_older_operation_refuses_where_the_row_has_changed(store: Store) -> None:
    with store.operation("一") as one:
        row = store.save(TOWNSHIP, {"name": "甲镇"})
    with store.operation("二") as two:
        store.save(TOWNSHIP, {"id": row, "name": "乙镇"})
    before = content(store)
    with pytest.raises(Conflict, match="没有变动"):
        store.undo(one.id)
    assert content(store) == before
    store.undo(two.id)
    store.undo(one.id)
    with pytest.raises(Conflict):
        store.undo(one.id)
    assert store.rows(TOWNSHIP) == []


def test_undo_refuses_where_later_rows_depend_on_it(store: Store) -> None:
    with store.operation("队伍") as team:
        team_id = store.save(TEAM, SQUAD)
    with store.operation("队员"):
        person = store.save(VOLUNTEER, PERSON)
        store.save(MEMBERSHIP, {"team_id": team_id, "volunteer_id": person, "joined_on": "2026-01-01"})
    before = content(store)
    with pytest.raises(Conflict, match="队员"):
        store.undo(team.id)
    assert content(store) == before
    store.undo()
    store.undo()
    assert all(rows == [] for rows in content(store).values())


def test_deleting_what_is_used_is_refused_in_words(store: Store) -> None:
    with store.operation("x"):
        team_id = store.save(TEAM, SQUAD)
        store.save(
            FUND_ENTRY,
            {"entry_on": "2026-01-01", "team_id": team_id, "direction": "income", "category": "捐赠", "amount_fen": 1},
        )
    with pytest.raises(Refused, match="1 条“经费收支”"), store.operation("删除"):
        store.delete(TEAM, [team_id])
    assert len(store.rows(TEAM)) == 1


def test_the_trail_is_asked_by_person_kind_and_moment(store: Store) -> None:
    """A volunteer's name finds what changed them and theirs, whatever the title says; so do actor, kind and time."""
    store.act_as("甲")
    with store.operation("新增一人"):
        person = store.save(VOLUNTEER, dict.fromkeys(VOLUNTEER.by_name) | {
            "name": "王建国", "id_type": "passport", "id_number": "E1", "registered_on": "2026-01-01"})  # fmt: skip
    store.act_as("乙")
    with store.operation("换个手机"):
        store.save(VOLUNTEER, {"id": person, "phone": "19900001111"})
    store.undo()
    store.note("导出完整号码", "志愿者")

    def titles(**asked: Any) -> list[str]:
        return [line["title"] for line in history.trail(store.db, asked=history.Asked(**asked))]

    assert titles(words="王建国") == ["撤销：换个手机", "换个手机", "新增一人"]
    assert titles(words="志愿者") == ["导出完整号码"]
    assert titles(actor="甲") == ["新增一人"]
    assert titles(kinds=("event",)) == ["导出完整号码"]
    assert titles(until="2000-01-01") == []
    assert len(titles(since="2000-01-01")) == 4
    assert set(history.actors(store.db)) == {"乙", "甲"}


def test_the_audit_trail_tells_who_what_before_and_after(store: Store) -> None:
    store.actor = "周敏"
    with store.operation("改名") as operation:
        row = store.save(TOWNSHIP, {"name": "甲镇"})
        store.save(TOWNSHIP, {"id": row, "name": "乙镇"})
    assert operation.id is not None
    (line,) = history.trail(store.db)
    assert (line["title"], line["actor"], line["changes"]) == ("改名", "周敏", 2)
    first, second = history.changes_of(store.db, operation.id)
    assert first["before"] is None
    assert (second["before"]["name"], second["after"]["name"]) == ("甲镇", "乙镇")
    store.note("导出完整号码", "原因：核对保单")
    assert history.trail(store.db)[0]["detail"] == "原因：核对保单"
    assert store.undoable() == (operation.id, "改名")


def test_an_update_that_changes_nothing_is_not_logged(store: Store) -> None:
    with store.operation("一"):
        row = store.save(TOWNSHIP, {"name": "甲镇"})
    with store.operation("二") as second:
        store.save(TOWNSHIP, {"id": row, "name": "甲镇"})
    assert second.id is None


STEP = st.tuples(
    st.sampled_from(["add", "change", "delete", "undo", "redo"]),
    st.integers(0, 5),
    st.text("甲乙丙丁", min_size=1, max_size=3),
)


@settings(max_examples=25)
@given(st.lists(STEP, max_size=25))
def test_any_sequence_of_steps_can_be_taken_back_to_the_start(steps: list[tuple[str, int, str]]) -> None:
    with Store.memory() as store:
        done: list[dict[str, list[tuple[object, ...]]]] = [content(store)]
        undone: list[dict[str, list[tuple[object, ...]]]] = []
        for action, which, name in steps:
            rows = store.rows(TOWNSHIP)
            before = content(store)
            try:
                if action == "undo":
                    store.undo()
                    undone.append(done.pop())
                    assert content(store) == done[-1]
                    continue
                if action == "redo":
                    store.redo()
                    done.append(undone.pop())
                    assert content(store) == done[-1]
                    continue
                with store.operation(action) as operation:
                    if action == "add":
                        store.save(TOWNSHIP, {"name": name})
                    elif rows and action == "change":
                        store.save(TOWNSHIP, {"id": rows[which % len(rows)]["id"], "name": name})
                    elif rows:
                        store.delete(TOWNSHIP, [int(rows[which % len(rows)]["id"] or 0)])
                if operation.id is not None:
                    done.append(content(store))
                    undone.clear()
            except UserError:
                assert content(store) == before
        while store.undoable():
            store.undo()
        assert content(store) == done[0]
