"""A record that changed: what it was, what it is, and the first day that it speaks of."""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.quarters import Period
from db.records.entities import BY_NAME

# What a period's figures and verdicts read; the office's own settings beside them are none of it.
READ = frozenset(
    [name for name, entity in BY_NAME.items() if entity.sheet]
    + ["office_parameter", "confirmation", "self_assessment", "evidence"]
)


@dataclass(frozen=True)
class Changed:
    """A record that is not as it was: ``late_entry`` (was not there), ``correction``, or ``deletion`` (is gone)."""

    record: str
    id: int
    uid: str
    cause: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def sides(self) -> tuple[dict[str, Any], ...]:
        """The record as it was and as it is, as far as it was or is there."""
        return tuple(side for side in (self.before, self.after) if side is not None)


def day_of(db: Database, changed: Changed) -> str | None:
    """Return the first day that a changed record speaks of; None where it has none and counts on any day."""
    entity = BY_NAME[changed.record]
    names = [entity.day] if entity.day else [start for start, _ in entity.spans[:1]]
    if changed.record == "attendance":
        return min((_training_day(db, side) for side in changed.sides), default=None)
    if "quarter" in entity.by_name:
        return min(Period.parse(str(side["quarter"])).start.isoformat() for side in changed.sides)
    if changed.record == "blood_target":
        return min(f"{side['year']}-01-01" for side in changed.sides)
    names += ["start_on"] if "start_on" in entity.by_name and not names else []
    days = [str(side[name]) for side in changed.sides for name in names[:1] if side.get(name)]
    return min(days) if days else None


def _training_day(db: Database, side: dict[str, Any]) -> str:
    found = db.execute("SELECT start_on FROM training WHERE id = ?", [side.get("training_id")]).fetchone()
    if found:
        return str(found[0])
    gone = db.execute(
        "SELECT before FROM change WHERE record = 'training' AND row_id = ? AND before IS NOT NULL ORDER BY id DESC LIMIT 1",
        [side.get("training_id")],
    ).fetchone()
    return str(json.loads(gone[0])["start_on"]) if gone else "0000-01-01"
