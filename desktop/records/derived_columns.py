"""Columns that stand beside a record's own in its list: what follows from other records. They are read, never written.

A list with such columns shows an entity of its own making (`shown`); everything is saved through the declared one.
"""

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.queries import derived
from db.queries.titles import titles_of
from db.records.entities import VOLUNTEER
from db.records.fields import Entity, Row
from db.records.kinds import Ref, Refs
from db.storage.store import Store
from desktop.records.specs import TEAM_LABELS, spec
from desktop.services import row_index
from desktop.services.row_index import Names, Sheet
from desktop.services.short_names import short_names
from desktop.shell.jobs import Jobs
from desktop.tables.cell_drawing import HIT, TONE, Index
from desktop.tables.record_model import TableModel

_READ_ONLY = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)


def shown(entity: Entity, in_team: bool = False) -> Entity:
    """Return what a list of a record shows: its own fields and those beside them; in a team's page, fewer."""
    beside = spec(entity).beside
    more = beside.fields if beside is not None else ()
    if not in_team:
        if beside is None:
            return entity
        more = tuple(f for f in more if beside.everywhere is None or f.name in beside.everywhere)
        place = list(entity.by_name).index(beside.after) + 1 if beside.after else None
        own = entity.fields
        return replace(entity, fields=(*own[:place], *more, *(own[place:] if place else ())))
    every = {f.name: f for f in (*entity.fields, *more)}
    first = spec(entity).team_columns
    kept = [replace(every[name], listed=True, label=TEAM_LABELS.get(name, every[name].label)) for name in first]
    rest = [replace(f, listed=False) for f in every.values() if f.name not in first]
    return replace(entity, name=f"team_{entity.name}", fields=(*kept, *rest))


def read(
    store: Store,
    entity: Entity,
    seen: Entity,
    masked: bool,
    as_of: dt.date,
    team: int | None = None,
    past: bool = False,
) -> Sheet:
    """Return a list's rows with what stands beside them; runs where the store is."""
    if seen is entity:
        return row_index.load(store, entity, masked)
    rows = store.rows(entity) if team is None else derived.team_rows(store, entity, team, as_of, past)
    extra = spec(entity).beside
    assert extra is not None  # else the entity itself is seen
    facts = extra.read(store, as_of, team)
    nothing: Row = {}
    for row in rows:
        known = facts.get(int(row["id"] or 0), nothing)
        row.update({f.name: known.get(f.name) for f in extra.fields if f.name in seen.by_name})
    titles = row_index.ref_titles(store, entity) if not team else _team_titles(store, entity, team)
    return row_index.whole(seen, rows, titles, masked)


def _team_titles(store: Store, entity: Entity, team: int) -> dict[str, Names]:
    """Return what references are called in a team's page: of all persons, those of the team alone."""
    persons = [f for f in entity.refs if isinstance(f.kind, Ref) and f.kind.entity == "volunteer"]
    others = replace(entity, fields=tuple(f for f in entity.refs if f not in persons))
    titles = row_index.ref_titles(store, others)
    for f in persons:
        people = derived.team_people(store, entity, team)
        count = Counter(str(p["name"]) for p in people)
        number = VOLUNTEER["id_number"]
        titles[f.name] = Names(
            {
                int(p["id"] or 0): f"{p['name']}（{number.show(p['id_number'])}）"
                if count[str(p["name"])] > 1
                else str(p["name"])
                for p in people
            }
        )
    return titles


MANY, FIRST = 3000, 200  # a list of more rows shows its first ones while the rest is read


def beginning(store: Store, entity: Entity, seen: Entity, masked: bool) -> Sheet | None:
    """Return the first rows of a long list, without what stands beside them; None where all can come at once."""
    total = store.count(entity)
    if total <= MANY:
        return None
    rows = store.rows(entity, FIRST)
    if seen is not entity:
        rows = [dict.fromkeys(seen.by_name) | row for row in rows]
    return Sheet(seen, rows, titles_of(store, entity, rows), masked, total)


class ListModel(TableModel):
    """The rows of a list with the columns beside its own; those can be sorted and narrowed, not typed into."""

    def __init__(
        self, entity: Entity, seen: Entity, parent: QWidget, jobs: Jobs | None = None, office: str = ""
    ) -> None:
        """`office` is the name that is left out before the names of its teams."""
        super().__init__(seen, parent, jobs)
        self.own = frozenset(entity.by_name)
        self.beside = spec(entity).beside if seen is not entity else None
        self.office = office
        self._says_past = "standing" in seen.by_name and not seen["standing"].listed  # else a column says it
        self._team_columns = frozenset(
            i for i, f in enumerate(self.fields)
            if f.name == "team_names" or (isinstance(f.kind, Ref | Refs) and f.kind.entity == "team")
        )  # fmt: skip

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A cell that follows from other records cannot be typed into."""
        if index.isValid() and self.fields[index.column()].name not in self.own:
            return _READ_ONLY
        return super().flags(index)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return what a list shows; a status is a tag."""
        if role == TONE and index.isValid() and self.beside is not None:
            name = self.fields[index.column()].name
            tones = self.beside.tones.get(name) if name not in self.own else None
            return tones.get(self.row(index.row())[name]) if tones else None
        if role == _DISPLAY and index.column() == 0 and index.isValid() and self._is_past(index.row()):
            return (
                f"{super().data(index, role)}（已退）"  # the row that is looked at says it, wherever its columns stand
            )
        if role in (_DISPLAY, HIT) and index.column() in self._team_columns and index.isValid():
            text = self._short(self.sheet.texts[self.order[index.row()]][index.column()])
            return text if role == _DISPLAY else self._hit(text, index.column()) if self.typed else None
        return super().data(index, role)

    def _is_past(self, place: int) -> bool:
        return self._says_past and self.row(place).get("standing") == "left"

    def _short(self, text: str) -> str:
        mark = "；" if "；" in text else "、"
        return short_names(text.split(mark), self.office, mark)

    def widths(self) -> list[float]:
        """Return the width of each column in half-width characters; names of teams need what is shown of them."""
        widths = list(self.sheet.widths)
        for column in self._team_columns if widths else ():
            texts = [("",) * column + (self._short(t[column]),) for t in islice(self.sheet.texts, 200)]
            widths[column] = min(widths[column], row_index.width_of(self.fields[column], column, texts))
        return widths

    def is_tag(self, column: int) -> bool:
        """A status is shown as a tag."""
        return self.beside is not None and self.fields[column].name in self.beside.tones

    def can_add_up(self, column: int) -> bool:
        """A running balance is not added up again."""
        left_out = self.beside.not_summed if self.beside is not None else ()
        return self.fields[column].name not in left_out and super().can_add_up(column)

    def put(self, row: Row) -> None:
        """Show one row as it is now, with what stood beside it until the list is read again."""
        place = self.place(int(row["id"] or 0))
        if place >= 0:
            super().put(self.row(place) | row)
