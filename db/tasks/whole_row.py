"""A record as a form gives it, made whole and judged before it is written."""

import datetime as dt

from db.errors import Refused
from db.records.fields import Entity, Row
from db.storage.store import Store


def whole_row(store: Store, entity: Entity, values: Row, today: dt.date) -> Row:
    """Return a new row with every field, or the row that is there with these values in it.

    Raises `Refused` where the row is gone, or its declaration finds an error.
    """
    row: Row = dict.fromkeys(entity.by_name) | dict(values)
    if row.get("id") is not None:
        there = store.row(entity, int(row["id"] or 0))
        if there is None:
            raise Refused(f"这次{entity.label}已经不在台账里了。没有保存；请按 F5 刷新后再看")
        row = there | dict(values)
    wrong = [p.reason for p in entity.judge(row, today) if p.severity == "error"]
    if wrong:
        raise Refused("；".join(wrong))
    return row
