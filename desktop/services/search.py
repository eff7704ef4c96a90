"""Find people, teams and other records from a few letters: words, pinyin initials, tails of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING

import resources
from db.records.entities import TEAM, VOLUNTEER
from db.records.fields import Entity, Row
from db.records.kinds import plain
from db.rules.checks import all_clauses

if TYPE_CHECKING:
    from db.storage.store import Store

# Surnames whose usual reading is not the one a dictionary gives first.
SURNAMES = {
    "曾": "z", "单": "s", "解": "x", "区": "o", "仇": "q", "朴": "p", "查": "z", "盖": "g", "任": "r", "尹": "y",
    "华": "h", "纪": "j", "宁": "n", "覃": "q", "员": "y", "缪": "m", "召": "s", "翟": "z", "尉": "y", "乐": "y",
    "洗": "x", "冼": "x", "逄": "p", "繁": "p", "盛": "s", "种": "c", "折": "s", "黑": "h", "秘": "b", "重": "c",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One findable record. `words` are compared in lower case; `tails` by their end; `keys` are pinyin initials."""

    entity: str
    id: int
    title: str
    note: str
    words: str
    keys: str
    tails: tuple[str, ...] = ()
    code: str = ""  # of a clause, which is no record

    @cached_property
    def all(self) -> str:
        """All that it may be found by, in one text: what does not stand in it need not be looked at closer."""
        return "\n".join((self.words, self.keys, *self.tails)).lower()


@cache
def _readings() -> dict[str, str]:
    """Return the first letters of each character's readings, the usual one first."""
    known: dict[str, str] = {}
    for line in resources.path("pinyin_initials.txt").read_text(encoding="utf-8").splitlines():
        letters, characters = line.split("\t")
        known.update(dict.fromkeys(characters, letters))
    return known


@lru_cache(maxsize=200_000)
def initials(text: str) -> str:
    """Return the pinyin initials of `text` in every usual reading, separated by spaces: 曾乐 → ``zl zy cl cy``.

    Short texts, which are names, in every reading; long ones in the usual reading of each character.
    """
    known = _readings()
    readings: list[str] = []
    for i, c in enumerate(text[:12]):
        letters = known.get(c) or (c.lower() if c.isalnum() else "")
        if len(text) > 4:
            letters = letters[:1]
        if i == 0 and c in SURNAMES:
            letters = "".join(dict.fromkeys(SURNAMES[c] + letters))[:3]
        readings.append(letters)
    options = ["".join(p) for _, p in zip(range(12), product(*(r or [""] for r in readings)), strict=False)]
    return " ".join(dict.fromkeys(options))


def build(store: "Store", searched: Sequence[tuple[Entity, tuple[str, ...]]]) -> list[Entry]:
    """Make the index of these records, each found by its title and by other fields; runs where the store is.

    Of people, who may be very many, no more is read than is told of them.
    """
    found = []
    for entity, others in searched:
        needed = (entity.title, *others, "id_type", "id_number", "phone", "left_on") if entity is VOLUNTEER else ()
        for row in store.rows(entity, names=needed):
            title = str(row[entity.title] or "")
            words = " ".join(str(row[name]) for name in (entity.title, *others) if row[name])
            tails = tuple(str(row[n])[-8:] for n in ("id_number", "phone", "leader_phone") if row.get(n))
            found.append(
                Entry(entity.name, int(row["id"] or 0), title, _note(entity, row), plain(words).lower(),
                      initials(title), tails)
            )  # fmt: skip
    for clause in all_clauses(store):
        words = plain(f"{clause.title}{clause.citation}{clause.quotation}").lower()
        found.append(Entry("clause", 0, clause.title, clause.citation, words, initials(clause.title), (), clause.id))
    for entry in found:
        _ = entry.all  # made here, off the main thread
    return found


def _note(entity: Entity, row: Row) -> str:
    """A second line that tells two rows of the same title apart, without whole numbers."""
    if entity is VOLUNTEER:
        parts = ["已退出" if row.get("left_on") else "", *(entity[n].show(row[n]) for n in ("id_number", "phone"))]
    elif entity is TEAM:
        parts = [entity[n].show(row[n]) for n in ("primary_domain", "team_leader")]
    else:
        shown = [f for f in entity.fields if f.listed and f.name != entity.title and f not in entity.refs][:2]
        parts = [f.show(row[f.name]) for f in shown]
    return " · ".join(p for p in parts if p)


def matches(text: str, words: str, keys: str, tails: Sequence[str] = ()) -> int:
    """Return how well what was typed fits: 0 not at all, more is better."""
    typed = plain(text).lower()
    if not typed:
        return 0
    if words.startswith(typed):
        return 5
    if typed in words:
        return 4
    if typed.isascii() and typed.isalpha():
        readings = keys.split(" ")
        if typed in readings:
            return 4
        if any(k.startswith(typed) for k in readings):
            return 3
        if len(typed) > 1 and any(typed in k for k in readings):
            return 2
    if len(typed) >= 3 and any(t.endswith(typed.upper()) for t in tails):
        return 3
    return 0


def find(entries: Sequence[Entry], text: str, limit: int = 12) -> list[Entry]:
    """Return the best entries for what was typed."""
    typed = plain(text).lower()
    near = [(i, e) for i, e in enumerate(entries) if typed in e.all]
    scored = [(-score, i) for i, e in near if (score := matches(text, e.words, e.keys, e.tails))]
    return [_explained(entries[i], text) for _, i in sorted(scored)[:limit]]


def _explained(entry: Entry, text: str) -> Entry:
    """Return an entry that says so where nothing but digits that are covered on the screen fits what was typed."""
    if matches(text, entry.words, entry.keys):
        return entry
    return replace(entry, note=f"号码最后几位是 {plain(text).upper()} · {entry.note}")
