"""One record's rows as they are shown: read where the store is, and made into texts only as they come into view.

A list of 100,000 rows is on the screen at once because of two things: no text is made before it is seen, and a find
runs over one long string (`Finder`), not over rows.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import Any

from db.records.entities import BY_NAME
from db.records.fields import Entity, Field, Row
from db.records.kinds import Ref, Refs, Value, plain
from db.storage.store import Store
from desktop.services import search

Titles = Mapping[str, Mapping[int, str]]
_CHUNK = 2000  # rows taken together: between two chunks the window gets its turn
USUAL_MOST = 34.0  # half-width characters: wider a column is only where there is room to spare
_GAP, _END = "\x1f", "\n"  # between the columns of a row, and between rows; neither can be typed


class Texts(Sequence[tuple[str, ...]]):
    """The texts of every row, a tuple each; made when asked for, and a few thousand of them kept."""

    def __init__(self, sheet: "Sheet") -> None:
        self._sheet = sheet
        self._made: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._sheet.rows)

    def __getitem__(self, n: int) -> tuple[str, ...]:  # type: ignore[override]
        made = self._made.get(n)
        if made is None:
            if len(self._made) > 4000:
                self._made.clear()
            sheet = self._sheet
            made = self._made[n] = texts_of(sheet.fields, sheet.rows[n], sheet.titles, sheet.masked)
        return made

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return (self[n] for n in range(len(self)))

    def forget(self, n: int) -> None:
        """Make the texts of a row anew when they are asked for again."""
        self._made.pop(n, None)


class Finder:
    """What a find looks through: the words of each row, and the pinyin initials of its title.

    What stands in few rows is found in all of them joined to one string; what is common, by going through the rows.
    """

    def __init__(self, sheet: "Sheet") -> None:
        self._sheet = sheet
        self._words: list[str] = []
        self._keys: list[str] = []
        for start in range(0, len(sheet.rows), _CHUNK):
            rows = sheet.rows[start : start + _CHUNK]
            self._words += _words(sheet, rows)
            self._keys += [keys_of(text) for text in column_texts(sheet.fields[0], rows, sheet.titles, sheet.masked)]
        self._all_words, self._all_keys = _Joined(self._words), _Joined(self._keys)
        self._later: set[int] = set()  # rows that changed since they were joined

    def lists(self) -> tuple[list[Any], ...]:
        """What is as long as the list."""
        return self._words, self._keys

    def put(self, n: int) -> None:
        """Look a row up as it is now."""
        sheet = self._sheet
        self._words[n], self._keys[n] = _words(sheet, [sheet.rows[n]])[0], keys_of(sheet.texts[n][0])
        self._later.add(n)

    def find(self, typed: str) -> list[int]:
        """Return the numbers of the rows, in order, in which what was typed stands: in words or initials."""
        typed, initial = _looked_for(typed)
        if self._is_common(typed, initial):
            return list(self._among(range(len(self._words)), typed, initial))
        found = {*self._all_words.hits(typed), *(self._all_keys.hits(initial) if initial else ())} - self._later
        return sorted(found.union(self._among(self._later, typed, initial)))

    def going(self, typed: str, order: Sequence[int]) -> Iterator[int] | None:
        """Return the rows of `order` in which what was typed stands, one after another; None where it is not common."""
        typed, initial = _looked_for(typed)
        return iter(self._among(order, typed, initial)) if self._is_common(typed, initial) else None

    def _is_common(self, typed: str, initial: str) -> bool:
        """Tell whether it stands in more than a hundredth of the rows, as a sample of them has it."""
        sample = range(0, len(self._words), len(self._words) // 2000 + 1)
        return sum(1 for _ in self._among(sample, typed, initial)) * 100 > len(sample)

    def _among(self, order: Iterable[int], typed: str, initial: str) -> Iterator[int]:
        words, keys = self._words, self._keys
        if initial:
            return (n for n in order if typed in words[n] or initial in keys[n])
        return (n for n in order if typed in words[n])


def _looked_for(typed: str) -> tuple[str, str]:
    """Return what is looked for in words and, where letters were typed, in initials; one letter begins a name."""
    typed = plain(typed).lower()
    letters = typed.isascii() and typed.isalpha()
    return typed, "" if not letters else typed if len(typed) > 1 else f" {typed}"


class _Joined:
    """A text for each row, joined to a few long strings, in which the few rows that match are found at once."""

    def __init__(self, lines: Sequence[str]) -> None:
        # Not one string alone: a copy of that length would hold the window up while it is made.
        self._parts = [_Part(lines, start) for start in range(0, len(lines), 10 * _CHUNK)]

    def hits(self, typed: str, most: int | None = None) -> list[int]:
        """Return the numbers of the lines in which `typed` stands, in order; the first so many of them."""
        found: list[int] = []
        for part in self._parts:
            part.add_hits(typed, found, most)
        return found


class _Part:
    """Some of the lines, from the number `first` on."""

    def __init__(self, lines: Sequence[str], first: int) -> None:
        mine = lines[first : first + 10 * _CHUNK]
        self._first, self._whole = first, _END.join(mine)
        self._starts = [0, *accumulate(len(line) + 1 for line in mine)]

    def add_hits(self, typed: str, found: list[int], most: int | None) -> None:
        starts, whole = self._starts, self._whole
        n, at = 0, whole.find(typed)
        while at >= 0 and len(found) != most:
            n = bisect_right(starts, at, n) - 1
            found.append(self._first + n)
            n += 1
            at = whole.find(typed, starts[n])


class Names(dict[int, str]):
    """What the rows of a record are called, by id; found by words and by pinyin initials as a person types."""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The row of each title, which is written plainly."""
        return {plain(title): number for number, title in self.items()}

    @cached_property
    def _joined(self) -> tuple[list[int], _Joined, _Joined]:
        words, keys = [], []
        for title in self.values():
            words.append(plain(title).lower())
            head = title.split("（")[0]
            readings = search.initials(head)
            keys.append(readings if head == title else f"{readings} {search.initials(title)}")
        return list(self), _Joined(words), _Joined(keys)

    def prepare(self) -> None:
        """Make what a find looks through; runs where the store is."""
        _ = self.numbers, self._joined

    def find(self, typed: str, most: int) -> list[int]:
        """Return the ids of the first titles in which what was typed stands, or in whose initials."""
        typed = plain(typed).lower()
        ids, words, keys = self._joined
        letters = typed.isascii() and typed.isalnum()
        found = {*words.hits(typed, most), *(keys.hits(typed, most) if letters else ())}
        return [ids[n] for n in sorted(found)[:most]]


def _words(sheet: "Sheet", rows: Sequence[Row]) -> list[str]:
    """Return what a find looks through, a text for each row: the columns shown, and the tails of masked numbers."""
    assert sheet.entity is not None
    shown = [
        column_texts(f, rows, sheet.titles, sheet.masked)
        for f in sheet.fields[: listed(sheet.entity)]
        if not (f.masked and sheet.masked)  # stars find nothing
    ] + [[str(row[f.name] or "")[-6:] for row in rows] for f in sheet.entity.fields if f.masked]  # fmt: skip
    lines = [_GAP.join(cells).replace(_END, " ") for cells in zip(*shown, strict=True)]
    # Made plain all at once, which costs a tenth of doing it row by row.
    whole = unicodedata.normalize("NFKC", _END.join(lines)).lower()
    return re.sub(r"[^\S\n\x1f]+", "", whole).split(_END)


class Sheet:
    """One record's rows as they are shown. `total` counts the rows there are, of which `rows` may be the first."""

    def __init__(
        self, entity: Entity | None = None, rows: list[Row] | None = None, titles: Titles | None = None,
        masked: bool = True, total: int | None = None,
    ) -> None:  # fmt: skip
        self.rows: list[Row] = rows if rows is not None else []
        self.titles: Titles = titles if titles is not None else {}
        self.masked = masked
        self.total = len(self.rows) if total is None else total
        self.texts = Texts(self)
        self.entity = entity
        self.fields: list[Field] = columns(entity) if entity is not None else []
        self._ranks: dict[tuple[str, bool], list[int]] = {}
        self._places: dict[tuple[str, bool], list[int]] = {}

    def is_ranked(self, f: Field, down: bool) -> bool:
        """Whether the order of a column is known already."""
        return (f.name, down) in self._ranks

    def rank(self, f: Field, down: bool) -> list[int]:
        """Return the numbers of all rows in the order of a column; blank cells come last either way."""
        if (f.name, down) not in self._ranks:
            rows_of = self._by_value(f.name)
            blank = rows_of.pop(None, [])
            if not f.kind.numeric:  # what looks the same stands together, in the order of the rows
                by_text: dict[Any, list[list[int]]] = {}
                for value, rows in rows_of.items():
                    key = f.show(value, self.titles.get(f.name), self.masked).encode("gb18030", "replace")
                    by_text.setdefault(key, []).append(rows)
                rows_of = {key: sorted(chain(*some)) if len(some) > 1 else some[0] for key, some in by_text.items()}
            order = _sorted(list(rows_of))
            ranked = [n for key in (reversed(order) if down else order) for n in rows_of[key]]
            self._ranks[f.name, down] = ranked + blank
            self._places[f.name, down] = places = [0] * len(self.rows)
            for place, n in enumerate(self._ranks[f.name, down]):
                places[n] = place
        return self._ranks[f.name, down]

    def places(self, f: Field, down: bool) -> list[int]:
        """Return where each row stands in the order of a column."""
        self.rank(f, down)
        return self._places[f.name, down]

    def _by_value(self, name: str) -> dict[Any, list[int]]:
        found: dict[Any, list[int]] = {}
        for n, row in enumerate(self.rows):
            value = row[name]
            if value in found:
                found[value].append(n)
            else:
                found[value] = [n]
        return found

    @property
    def is_part(self) -> bool:
        """Whether more rows are on their way."""
        return self.total > len(self.rows)

    @cached_property
    def finder(self) -> Finder:
        """What a find looks through; made where the store is, before the sheet is shown whole."""
        return Finder(self)

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each row, by its id."""
        return {int(row["id"] or 0): n for n, row in enumerate(self.rows)}

    @cached_property
    def widths(self) -> list[float]:
        """The width of each column in half-width characters, as the first rows need it."""
        texts = [self.texts[n] for n in range(min(len(self.rows), 2000))]
        return [width_of(f, i, texts) for i, f in enumerate(self.fields)]

    def lists(self) -> tuple[list[Any], ...]:
        """What is as long as the list, to be let go when another sheet is shown."""
        finder = vars(self).get("finder")
        return (self.rows, *(finder.lists() if finder is not None else ()), *self._ranks.values())

    def put(self, n: int, row: Row) -> None:
        """Show one row as it is now."""
        self.rows[n] = row
        self.texts.forget(n)
        self._ranks.clear()
        if not self.is_part:
            self.finder.put(n)


def _sorted(keys: list[Any]) -> list[Any]:
    """Sort different keys; very many in parts, each above the last: between two of them the window gets its turn."""
    most = 10 * _CHUNK
    if len(keys) <= most:
        return sorted(keys)
    sample = sorted(keys[:: max(1, len(keys) // 1000)])
    ends = sample[:: max(1, len(sample) * most // len(keys))][1:]
    parts: list[list[Any]] = [[] for _ in range(len(ends) + 1)]
    for key in keys:
        parts[bisect_right(ends, key)].append(key)
    return [key for part in parts for key in sorted(part)]


def columns(entity: Entity) -> list[Field]:
    """Return the fields of a list: the title first, then what is shown by itself, then what can be asked for."""
    title = entity[entity.title]
    others = [f for f in entity.fields if f is not title]
    return [title, *(f for f in others if f.listed), *(f for f in others if not f.listed)]


def listed(entity: Entity) -> int:
    """Return how many of the columns are shown before a person chooses."""
    return sum(1 for f in entity.fields if f.listed or f.name == entity.title)


def texts_of(fields: Sequence[Field], row: Row, titles: Titles, masked: bool) -> tuple[str, ...]:
    """Return the texts of one row, a column each."""
    return tuple(f.show(row[f.name], titles.get(f.name), masked) for f in fields)


def keys_of(title: str) -> str:
    """Return the pinyin initials of a title, a space before each reading."""
    return " " + search.initials(title)


def ref_titles(store: Store, entity: Entity) -> dict[str, Names]:
    """Return, for each field that refers to a record, its rows' titles, made different where two are the same."""
    found = {f.name: _titles(store, f.kind) for f in entity.refs if isinstance(f.kind, Ref)}
    for f in entity.many:
        if isinstance(f.kind, Refs):
            found[f.name] = _titles(store, Ref(f.kind.entity, (f.label, f.kind.target)))
    return found


def _titles(store: Store, kind: Ref) -> Names:
    other = BY_NAME[kind.entity]
    rows = store.rows(other, names=(other.title, *(name for _, name in kind.columns)))
    main = kind.columns[0][1]
    found = Names()
    seen: dict[str, int] = {}
    for row in rows:
        text = str(row[main] or "")
        if other.title != main:
            text = f"{text} {row[other.title] or ''}".strip()
        found[int(row["id"] or 0)] = text
        seen[text] = seen.get(text, 0) + 1
    for row in rows:
        number = int(row["id"] or 0)
        if seen[found[number]] > 1:
            tails = [other[n].show(row[n]) for _, n in kind.columns[1:]]
            found[number] += f"（{'，'.join(t for t in tails if t) or f'第 {number} 条'}）"
    seen.clear()
    for number, text in found.items():  # the same name and the same masked number
        seen[text] = seen.get(text, 0) + 1
        if seen[text] > 1:
            found[number] = f"{text}（第 {number} 条）"
    return found


def column_texts(f: Field, rows: Sequence[Row], titles: Titles, masked: bool) -> list[str]:
    """Return the texts of one column; the same value is made into a text once."""
    name, names = f.name, titles.get(f.name)
    known: dict[Value, str] = {}
    found = []
    for row in rows:
        value = row[name]
        text = known.get(value)
        if text is None:
            text = known[value] = f.show(value, names, masked)
        found.append(text)
    return found


def whole(entity: Entity, rows: list[Row], titles: Titles, masked: bool = True) -> Sheet:
    """Return a sheet with all that a list will ask for made; runs where the store is."""
    sheet = Sheet(entity, rows, titles, masked)
    _ = sheet.finder, sheet.widths, sheet.numbers
    for names in titles.values():
        if isinstance(names, Names):
            names.prepare()
    return sheet


def load(store: Store, entity: Entity, masked: bool = True) -> Sheet:
    """Read one record's rows; runs where the store is."""
    return whole(entity, store.rows(entity), ref_titles(store, entity), masked)


def width_of(f: Field, column: int, texts: Sequence[Sequence[str]], most: float = USUAL_MOST) -> float:
    """Return the width in half-width characters that a column's label and texts need."""
    if not texts:
        return max(12.0, _units(f.label) + 1)
    return min(most, max(_units(f.label) + 1, max(_units(text[column]) for text in texts[:2000]), 5))


def _units(text: str) -> float:
    """Return the width of a text in half-width characters; digits are a little wider than half a Chinese character."""
    return sum(2 if ord(c) > 0x2E80 else 1.15 for c in text)
