"""One record's rows as they are shown: read and made into texts where the store is, then handed to the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.entities import BY_NAME
from db.fields import Entity, Field, Row
from db.kinds import Ref, plain
from db.store import Store
from desktop import search

Titles = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class Sheet:
    """One record's rows as they are shown: made where the store is, used by the model."""

    rows: list[Row] = field(default_factory=list)
    texts: list[tuple[str, ...]] = field(default_factory=list)
    titles: Titles = field(default_factory=dict)
    words: list[str] = field(default_factory=list)  # what a find looks through
    keys: list[str] = field(default_factory=list)  # pinyin initials of the title, a space before each reading
    masked: bool = True
    widths: list[float] = field(default_factory=list)  # of each column, in half-width characters


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


def words_of(entity: Entity, row: Row, texts: Sequence[str]) -> str:
    """Return what a find looks through: the columns shown by themselves, and the tails of masked numbers."""
    tails = (str(row[f.name] or "")[-6:] for f in entity.fields if f.masked)
    return plain(" ".join([*texts[: listed(entity)], *tails])).lower()


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


def load(store: Store, entity: Entity, masked: bool = True) -> Sheet:
    """Read one record's rows and make every text; runs where the store is."""
    rows = store.rows(entity)
    titles = ref_titles(store, entity)
    fields = columns(entity)
    texts = [texts_of(fields, row, titles, masked) for row in rows]
    words = [words_of(entity, row, text) for row, text in zip(rows, texts, strict=True)]
    keys = [keys_of(text[0]) for text in texts]
    return Sheet(rows, texts, titles, words, keys, masked, [width_of(f, i, texts) for i, f in enumerate(fields)])


def width_of(f: Field, column: int, texts: Sequence[Sequence[str]], most: float = 34.0) -> float:
    """Return the width in half-width characters that a column's label and texts need."""
    if not texts:
        return max(12.0, _units(f.label) + 1)
    return min(most, max(_units(f.label) + 1, max(_units(text[column]) for text in texts[:2000]), 5))


def _units(text: str) -> float:
    """Return the width of a text in half-width characters; digits are a little wider than half a Chinese character."""
    return sum(2 if ord(c) > 0x2E80 else 1.15 for c in text)
