"""Deleting rows of a list: at once and to be taken back; people with a history are kept, and what past quarters lose is said."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog

from db.quarters import Quarter
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.fields import Entity
from db.storage.store import Store
from db.tasks import leaving, members
from db.tasks.invariants import guarded
from desktop.records.leaving import KeptDialog
from desktop.shell.desk import Desk


def delete_rows(desk: Desk, entity: Entity, ids: Sequence[int], some: str, opened: Callable[[QDialog], None]) -> None:
    """Delete rows of a record, called `some` in the message; `opened` is told of a dialog that stands in the way."""
    if entity is VOLUNTEER:
        desk.jobs.read(lambda store: leaving.history_of(store, ids), lambda found: judged(found))
    else:
        _delete(desk, entity, ids, some)

    def judged(history: dict[str, list[int]]) -> None:
        if not history:
            _delete(desk, entity, ids, some)
            return
        dialog = KeptDialog(
            desk, ids, f"{some.strip(' ：')}" if len(ids) == 1 else f"所选的 {len(ids):,} 人里，有人", history
        )
        opened(dialog)
        dialog.open()


def _delete(desk: Desk, entity: Entity, ids: Sequence[int], some: str) -> None:
    today = desk.today

    def work(store: Store) -> int:
        counted = members.counted_before(store, ids, Quarter.of(today).start) if entity is MEMBERSHIP else 0
        with guarded(store, entity):
            store.delete(entity, list(ids))
        return counted

    def done(counted: int) -> None:
        if counted:
            desk.say(past_words(counted, today), undo=True)

    desk.jobs.write(f"删除{entity.label}{some}", work, done)


def past_words(counted: int, today: dt.date) -> str:
    """Say that deleted members counted in quarters that are over."""
    last = Quarter.of(today).previous.label
    return f"已删除。其中 {counted:,} 人计入过{last}及以前的人数，那些数字会变；只是离队的，请撤销后填写“退队日期”"
