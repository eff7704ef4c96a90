"""What changed between two moments of the log: each record once, as it was and as it is."""

import json

from db.storage.changed import READ, Changed
from db.storage.store import Store


def changed_between(store: Store, first: int, last: int | None = None) -> list[Changed]:
    """Return every record that is not as it was after operation `first`, up to operation `last` or now.

    What was changed and put back is left out.
    """
    rows = store.query(
        """SELECT record, row_id, before, after FROM change
            WHERE operation_id > ? AND (?2 IS NULL OR operation_id <= ?2) ORDER BY id""",
        [first, last],
    )
    ends: dict[tuple[str, int], list[str | None]] = {}
    for row in rows:
        if row["record"] in READ:
            ends.setdefault((row["record"], row["row_id"]), [row["before"], None])[1] = row["after"]
    found = []
    for (record, number), (old, new) in ends.items():
        before, after = (json.loads(side) if side else None for side in (old, new))
        if before != after:
            cause = "late_entry" if before is None else "deletion" if after is None else "correction"
            found.append(Changed(record, number, str((after or before or {}).get("uid", "")), cause, before, after))
    return found
