"""Periods that were archived: nothing that they read is changed any more until somebody takes the archiving back.

Refused are, in a period's days: what bears a day (old or new); what begins or is gone with a first day up to its end; and a
beginning or an end up to its end that is moved. What else is told of a person or a team (a telephone, a note) may change.
"""

import json

from sqlite_utils import Database

from db.errors import Refused
from db.quarters import Period
from db.records.entities import BY_NAME
from db.storage.changed import READ, Changed, day_of


def refuse(db: Database, operation_id: int) -> bool:
    """Raise `Refused` where the operation that runs changes what an archived period reads; else tell whether any is."""
    rows = db.execute("SELECT quarter FROM quarter_step WHERE step = 'archive'").fetchall()
    if not rows:
        return False
    closed = sorted((Period.parse(str(quarter)) for (quarter,) in rows), key=lambda p: p.end)
    changes = db.execute(
        "SELECT record, row_id, before, after FROM change WHERE operation_id = ? ORDER BY id", [operation_id]
    )
    for record, number, before, after in changes:
        if record in READ:
            changed = Changed(
                record, number, "", "", json.loads(before) if before else None, json.loads(after) if after else None
            )
            period = next((p for p in reversed(closed) if _touches(db, changed, p)), None)
            if period is not None:
                raise Refused(
                    f"{period.label}已归档，这次改动会改变它的“{BY_NAME[record].label}”，没有保存。"
                    "确实要改的，请先在工作台点“归档”解除归档，写明原因，再出更正报告"
                )
    return True


def _touches(db: Database, changed: Changed, period: Period) -> bool:
    entity, start, end = BY_NAME[changed.record], period.start.isoformat(), period.end.isoformat()
    if "quarter" in entity.by_name:
        return any(str(side["quarter"]) == str(period) for side in changed.sides)
    if changed.record == "blood_target":  # a year's; it may be set as long as the year runs
        return any(f"{side['year']}-12-31" <= end for side in changed.sides)
    if entity.day or changed.record in ("attendance", "training", "activity"):
        days = [day_of(db, Changed(changed.record, changed.id, "", "", side, None)) for side in changed.sides]
        return any(day is not None and start <= day <= end for day in days)
    if changed.before is None or changed.after is None:
        return (day_of(db, changed) or "9999") <= end
    bounds = {name for span in entity.spans for name in span}
    moved = [
        (changed.before.get(name), changed.after.get(name)) for name in bounds
        if changed.before.get(name) != changed.after.get(name)
    ]  # fmt: skip
    return any(day is not None and str(day) <= end for pair in moved for day in pair)
