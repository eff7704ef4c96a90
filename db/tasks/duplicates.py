"""People who may stand in the ledger twice: found by number, name, birth date and phone, and told apart for good.

Nothing is decided here: a group is shown to a person, who merges it (`db.tasks.merging`) or says that it is not one person.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.records.entities import ENTITIES, VOLUNTEER
from db.records.fields import Entity, Row
from db.records.internal_entities import DISTINCT_PAIR
from db.records.kinds import Ref, Value
from db.storage.store import Store


def repeated(values: Sequence[Hashable], known: Mapping[Any, object]) -> set[int]:
    """Return the places of values that are known, or that come more than once among these."""
    different = set(values)
    again = set() if known.keys().isdisjoint(different) else {v for v in different if v in known}
    if len(different) < len(values):
        again |= {v for v, times in Counter(values).items() if times > 1}
    return {n for n, v in enumerate(values) if v in again} if again else set()


class Alike:
    """Finds a known person by name together with phone or birth date."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._first: dict[Value, tuple[Row, int]] = {}  # of each name
        self._found: dict[tuple[object, str, object], tuple[Row, int]] = {}  # filled in once a name comes again
        for row in rows:
            self.add(row, 0)

    def add(self, row: Row, place: int) -> None:
        """Know a person; `place` is the row number in the file that is being imported, 0 for one in the ledger."""
        first = self._first.setdefault(row["name"], (row, place))
        if first[0] is not row:
            self._index(first)
            self._index((row, place))

    def add_unless_like(self, row: Row, place: int) -> bool:
        """Know a person who is like nobody known; tell whether it was so."""
        first = self._first.setdefault(row["name"], (row, place))
        if first[0] is not row:
            if self.find(row) is not None:
                return False
            self._index((row, place))
        return True

    def named(self, names: Sequence[Value]) -> set[int]:
        """Return the places of names that are known, or that come more than once among these."""
        return repeated(names, self._first)

    def add_new(self, rows: Sequence[Row], places: Sequence[int]) -> None:
        """Know people whose names are new."""
        self._first.update((row["name"], (row, place)) for row, place in zip(rows, places, strict=True))

    def _index(self, person: tuple[Row, int]) -> None:
        row, _ = person
        for name in ("phone", "birth_date"):
            if row[name] is not None:
                self._found.setdefault((row["name"], name, row[name]), person)

    def find(self, row: Row) -> tuple[Row, int, str] | None:
        """Return (who, row number in the file or 0, what is the same besides the name), or None."""
        first = self._first.get(row["name"])
        if first is None:
            return None
        self._index(first)
        for name in ("phone", "birth_date"):
            found = self._found.get((row["name"], name, row[name])) if row[name] is not None else None
            if found is not None:
                return (*found, VOLUNTEER[name].label)
        return None


@dataclass(frozen=True)
class Group:
    """People who may be one: why, and who, with how many links each has."""

    why: str
    rows: tuple[Row, ...]
    links: tuple[int, ...]


REASONS = ("证件号码相同", "十五位与十八位号码对应", "姓名和出生日期相同", "姓名和手机号码相同", "手机号码相同")


def groups(store: Store) -> list[Group]:
    """Return the groups of people who may be one person, surest first; pairs that were told apart are left out."""
    apart = {
        (int(r["first_id"]), int(r["second_id"])) for r in store.query("SELECT first_id, second_id FROM distinct_pair")
    }
    candidates = _candidates(store)
    rows = _people(store, {i for _, ids in candidates for i in ids})
    links = link_counts(store)
    found: list[Group] = []
    shown: set[frozenset[int]] = set()
    for why, ids in candidates:
        for kept in _not_told_apart(ids, apart):
            if frozenset(kept) not in shown and not any(set(kept) < s for s in shown):
                shown.add(frozenset(kept))
                found.append(Group(why, tuple(rows[i] for i in kept), tuple(links[i] for i in kept)))
    return found


_DIGITS = "[0-9]"
# What is the same for each reason, and what else must be true of the people for whom it is.
_SAME = (
    ("id_number", "TRUE"),
    (f"""CASE WHEN id_number GLOB '{_DIGITS * 17}[0-9X]' THEN substr(id_number, 1, 6) || substr(id_number, 9, 9)
              WHEN id_number GLOB '{_DIGITS * 15}' THEN id_number END""", "count(DISTINCT length(id_number)) > 1"),
    ("name || char(10) || nullif(birth_date, '')", "TRUE"),
    ("name || char(10) || nullif(phone, '')", "TRUE"),
    ("nullif(phone, '')", "TRUE"),
)  # fmt: skip


def _candidates(store: Store) -> list[tuple[str, list[int]]]:
    """Return (why, ids in order), reason by reason; compared in the database, since there may be very many people."""
    found = []
    for why, (same, also) in zip(REASONS, _SAME, strict=True):
        rows = store.query(
            f"""SELECT group_concat(id) AS ids FROM (SELECT id, id_number, {same} AS same FROM volunteer)
                 WHERE same IS NOT NULL GROUP BY same HAVING count(*) > 1 AND {also} ORDER BY min(id)"""
        )
        found += [(why, sorted(int(i) for i in str(r["ids"]).split(","))) for r in rows]
    return found


def _people(store: Store, ids: set[int]) -> dict[int, Row]:
    rows = store.query(
        "SELECT * FROM volunteer WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(sorted(ids))]
    )
    return {int(row["id"]): row for row in rows}


def _not_told_apart(ids: Sequence[int], apart: set[tuple[int, int]]) -> list[list[int]]:
    """Split a group so that nobody stands beside a person from whom all others were told apart."""
    linked = {i: [j for j in ids if j != i and (min(i, j), max(i, j)) not in apart] for i in ids}
    found, seen = [], set()
    for start in ids:
        if start in seen:
            continue
        part, waiting = [], [start]
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                part.append(at)
                waiting += linked[at]
        if len(part) > 1:
            found.append(sorted(part))
    return found


def links_to(entity: Entity) -> list[tuple[Entity, str]]:
    """Return every (record, field) that refers to a record."""
    return [
        (other, f.name)
        for other in ENTITIES
        for f in other.refs
        if isinstance(f.kind, Ref) and f.kind.entity == entity.name
    ]


def link_counts(store: Store) -> dict[int, int]:
    """Return how many rows refer to each volunteer, what the program itself remembers left out."""
    found: dict[int, int] = defaultdict(int)
    for other, name in links_to(VOLUNTEER):
        if other is not DISTINCT_PAIR:
            for row in store.query(f"SELECT {name} AS id, count(*) AS n FROM {other.name} GROUP BY {name}"):
                found[int(row["id"] or 0)] += int(row["n"])
    return found


def tell_apart(store: Store, ids: Sequence[int], on: dt.date) -> None:
    """Remember that these are different people, every two of them. Inside an operation only."""
    known = {
        (int(r["first_id"]), int(r["second_id"])) for r in store.query("SELECT first_id, second_id FROM distinct_pair")
    }
    ordered = sorted(ids)
    for n, first in enumerate(ordered):
        for second in ordered[n + 1 :]:
            if (first, second) not in known:
                store.save(DISTINCT_PAIR, {"first_id": first, "second_id": second, "decided_on": on.isoformat()})
