"""One record's rows as they are shown: read where the store is, and made into texts only as they come into view.

A list of 100,000 rows is on the screen at once because of two things: no text is made before it is seen, and a find
runs over one long string (`Finder`), not over rows.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from db.entities import BY_NAME
from db.fields import Entity, Field, Row
from db.kinds import Ref, Value, plain
from db.store import Store
from desktop import search

Titles = Mapping[str, Mapping[int, str]]
_FEW = 1500
_CHUNK = 2000  # rows taken together: between two chunks the window gets its turn
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
    """What a find looks through: the words of all rows in one string, their pinyin initials in another."""

    def __init__(self, sheet: "Sheet") -> None:
        self._sheet = sheet
        words: list[str] = []
        keys: list[str] = []
        for start in range(0, len(sheet.rows), _CHUNK):
            rows = sheet.rows[start : start + _CHUNK]
            words += _words(sheet, rows)
            keys += [keys_of(text) for text in column_texts(sheet.fields[0], rows, sheet.titles, sheet.masked)]
        self._words, self._keys = _Lines(words), _Lines(keys)
        self._later: dict[int, tuple[str, str]] = {}  # rows that changed since: their words and keys

    def put(self, n: int) -> None:
        """Look a row up as it is now."""
        sheet = self._sheet
        self._later[n] = (_words(sheet, [sheet.rows[n]])[0], keys_of(sheet.texts[n][0]))

    def find(self, typed: str) -> list[int]:
        """Return the numbers of the rows, in order, in which what was typed stands: in words or initials."""
        typed = plain(typed).lower()
        found = self._words.hits(typed)
        letters = typed.isascii() and typed.isalpha()
        initial = typed if len(typed) > 1 else f" {typed}"
        if letters and (more := self._keys.hits(initial)):
            found = sorted({*found, *more}) if found else more
        if self._later:
            found = [n for n in found if n not in self._later]
            found += [n for n, (words, keys) in self._later.items() if typed in words or (letters and initial in keys)]
            found.sort()
        return found


class _Lines:
    """A text for each row, and all of them as one string, in which the few rows that match are found at once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines, self._whole = lines, _END.join(lines)
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def hits(self, typed: str) -> list[int]:
        """Return the numbers of the lines in which `typed` stands, in order."""
        found: list[int] = []
        starts, whole = self._starts, self._whole
        n, at = 0, whole.find(typed)
        while at >= 0:
            n = bisect_right(starts, at, n) - 1
            found.append(n)
            if len(found) > _FEW:  # a pass over all lines costs less than finding each of very many
                return [i for i, line in enumerate(self._lines) if typed in line]
            n += 1
            at = whole.find(typed, starts[n])
        return found


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

    @property
    def is_part(self) -> bool:
        """Whether more rows are on their way."""
        return self.total > len(self.rows)

    @cached_property
    def finder(self) -> Finder:
        """What a find looks through; made where the store is, before the sheet is shown whole."""
        return Finder(self)

    @cached_property
    def widths(self) -> list[float]:
        """The width of each column in half-width characters, as the first rows need it."""
        texts = [self.texts[n] for n in range(min(len(self.rows), 2000))]
        return [width_of(f, i, texts) for i, f in enumerate(self.fields)]

    def put(self, n: int, row: Row) -> None:
        """Show one row as it is now."""
        self.rows[n] = row
        self.texts.forget(n)
        if not self.is_part:
            self.finder.put(n)


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


def ref_titles(store: Store, entity: Entity) -> dict[str, dict[int, str]]:
    """Return, for each field that refers to a record, its rows' titles, made different where two are the same."""
    return {f.name: _titles(store, f.kind) for f in entity.refs if isinstance(f.kind, Ref)}


def _titles(store: Store, kind: Ref) -> dict[int, str]:
    other = BY_NAME[kind.entity]
    rows = store.rows(other)
    main = kind.columns[0][1]
    found: dict[int, str] = {}
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
    _ = sheet.finder, sheet.widths
    return sheet


def load(store: Store, entity: Entity, masked: bool = True) -> Sheet:
    """Read one record's rows; runs where the store is."""
    return whole(entity, store.rows(entity), ref_titles(store, entity), masked)


def width_of(f: Field, column: int, texts: Sequence[Sequence[str]], most: float = 34.0) -> float:
    """Return the width in half-width characters that a column's label and texts need."""
    if not texts:
        return max(12.0, _units(f.label) + 1)
    return min(most, max(_units(f.label) + 1, max(_units(text[column]) for text in texts[:2000]), 5))


def _units(text: str) -> float:
    """Return the width of a text in half-width characters; digits are a little wider than half a Chinese character."""
    return sum(2 if ord(c) > 0x2E80 else 1.15 for c in text)
