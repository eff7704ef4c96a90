"""Numbers that are proposed for a new training or activity, as the office has numbered before."""

import re

from db.records.fields import Entity
from db.storage.store import Store


def next_code(store: Store, entity: Entity, prefix: str, year: int) -> str:
    """Return a code that is not used yet: what follows the last one of the year, in its own form; else PREFIX2026-001.

    The form is what stands around the year and the digits at the end: PX2026-007 and PX202607 are both counted on.
    """
    codes = [str(r["code"]) for r in store.query(f"SELECT code FROM {entity.name} ORDER BY id")]
    used = set(codes)
    head, digits = f"{prefix}{year}-", "000"
    for code in reversed(codes):
        if found := re.fullmatch(rf"(.*{year}\D*)(\d{{1,6}})", code):
            head, digits = found[1], found[2]
            break
    number = int(digits)
    while True:
        number += 1
        if (proposed := f"{head}{number:0{len(digits)}d}") not in used:
            return proposed
