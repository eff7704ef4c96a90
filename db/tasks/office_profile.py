"""What the office says of itself, item by item: as it stands on a day, and a change of it, which may begin on a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from db.errors import Refused
from db.records.entities import OFFICE
from db.records.fields import Row
from db.storage.store import Store


@dataclass(frozen=True)
class Said:
    """One item: the row that holds on the day, what it says, since when (None: always), and what was said before."""

    id: int
    content: str | None
    since: str | None = None
    before: str | None = None


def profile(store: Store, day: dt.date) -> dict[str, Said]:
    """Return by item what holds on the day; items of which nothing was ever said are not there."""
    found: dict[str, Said] = {}
    for r in sorted(store.rows(OFFICE), key=lambda r: str(r["start_on"] or "")):
        if r["start_on"] is not None and str(r["start_on"]) > day.isoformat():
            continue
        item, earlier = str(r["item"]), found.get(str(r["item"]))
        content, since = (None if r[name] is None else str(r[name]) for name in ("content", "start_on"))
        found[item] = Said(int(r["id"] or 0), content, since, earlier.content if earlier else None)
    return found


def write_profile(store: Store, changes: Mapping[str, tuple[str | None, str | None]], day: dt.date) -> None:
    """Write for each item what is said now and since which day; without a day what stood there was a slip.

    Inside an operation only. Raises `Refused` where an item cannot hold that.
    """
    known = profile(store, day)
    for item, (content, since) in changes.items():
        now = known.get(item)
        row: Row = {"item": item, "content": content, "start_on": since}
        if now is not None and (since is None or since == now.since):
            row |= {"id": now.id, "start_on": now.since}
        elif now is not None and now.since is not None and since is not None and since < now.since:
            raise Refused(f"“{OFFICE['item'].show(item)}”现在的内容自 {now.since} 起，新的不能早于这一天。没有保存")
        wrong = [p.reason for p in OFFICE.judge(row, day) if p.severity == "error"]
        if wrong:
            raise Refused(f"{OFFICE['item'].show(item)}：{'；'.join(wrong)}")
        store.save(OFFICE, row)
