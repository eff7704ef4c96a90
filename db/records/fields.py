"""What a declaration is made of: `Field` and `Entity`; and how a row is judged against one.

A declaration is data. The one exception is `Entity.check`, a named function for rules across fields.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from db.records.kinds import Cell, Date, Invalid, Kind, Ref, Refs, Text, Value, is_blank
from db.records.numbers_in_text import starred

Row = dict[str, Value]
Columns = dict[str, Sequence[Value]]  # the values of many rows, by field


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field of a row. `severity` is ``error`` (the row is refused) or ``warning``."""

    field: str
    reason: str
    severity: str = "error"


@dataclass(frozen=True)
class Remark:
    """What a reader of somebody's sheet found out about a row, told where the row is judged.

    `column` is a heading of ours or of theirs; `severity` as for `Problem`: an ``error`` refuses the row.
    """

    column: str
    reason: str
    severity: str = "error"


@dataclass(frozen=True)
class Field:
    """One column of a record: its English name, its Chinese label (also the workbook heading), and its kind.

    `width` is in characters of a list column; `masked` values are hidden unless asked for; `listed` False keeps a
    field out of the list; `default` is taken where the cell is blank; `nullable`: it is asked for, and the record's
    check says when it may be blank all the same.
    """

    name: str
    label: str
    kind: Kind = Text()  # noqa: RUF009 (kinds are immutable)
    width: int = 12
    required: bool = False
    masked: bool = False
    listed: bool = True
    default: Value = None
    help: str = ""
    nullable: bool = False

    @property
    def columns(self) -> tuple[tuple[str, str | None], ...]:
        """The workbook columns: (heading, field of the record referred to, or None for a value of our own)."""
        return self.kind.columns if isinstance(self.kind, Ref) else ((self.label, None),)

    @property
    def hides(self) -> bool:
        """Whether its masked text may differ from the whole one: numbers, and texts that numbers are typed into."""
        return self.masked or self.kind.free

    def show(self, value: Value, titles: Mapping[int, str] | None = None, masked: bool = True) -> str:
        """Return the text a person sees; `titles` gives the titles of the record a `Ref` or `Refs` points to."""
        if value is None:
            return ""
        if isinstance(self.kind, Ref):
            title = (titles or {}).get(int(value), f"#{value}")
            return starred(title) if masked else title
        if isinstance(self.kind, Refs):
            text = "；".join((titles or {}).get(number, f"#{number}") for number in self.kind.ids(value))
            return starred(text) if masked else text
        return self.kind.mask(value) if masked and self.hides else self.kind.show(value)


@dataclass(frozen=True)
class Sides:
    """Amounts in two columns, as most books have them: the column that one stands in says what another field holds.

    `columns` gives for each heading what `choice` is where the amount stands below it. Only imports know of them.
    """

    choice: str
    amount: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Latest:
    """The last row by day of a history is shown on the record it belongs to, and can be written there.

    `of` is that record, `by` the field that refers to it, `day` the field of the day; `shown` pairs each field of the
    history with the one that shows it.
    """

    of: str
    by: str
    day: str
    shown: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entity:
    """A record, declared once.

    `name` is the table; `label` the workbook sheet and the page; `title` the field a person knows a row by;
    `key` the fields by which an imported row finds the one already there (data contract, section 2);
    `spans` pairs of dates of which the second may not come before the first;
    `check` completes a row with what follows from it, and returns problems that concern several fields; it is asked
    where the fields that it `needs`, by default all, are sound; `check_columns` does so for many rows at once, and
    returns the places of those of which `check` may say something.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    title: str
    key: tuple[str, ...]
    order_by: str = "id"
    spans: tuple[tuple[str, str], ...] = ()
    check: Callable[[Row], list[Problem]] | None = None
    check_columns: Callable[[Columns], set[int]] | None = None
    needs: tuple[str, ...] = ()
    key_alone: tuple[str, ...] = ()  # what belongs to the key, too, where its first field is blank
    repeats: bool = False  # rows of an equal key in one file are that many entries: the n-th meets the n-th on record
    goes_with: tuple[str, ...] = ()  # references to rows whose deletion takes this record along: it says nothing alone
    sides: Sides | None = None
    latest: Latest | None = None
    sheet: bool = True  # False: the office's own settings, not a workbook sheet
    day: str = ""  # the field that says which quarter a row belongs to
    team: str = ""  # the field that says which team a row belongs to
    noun: str = "条"  # what one row is counted as
    short: str = ""  # a shorter label, for buttons
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})

    def __getitem__(self, name: str) -> Field:
        return self.by_name[name]

    @property
    def word(self) -> str:
        """What a button calls a row."""
        return self.short or self.label

    @cached_property
    def refs(self) -> tuple[Field, ...]:
        """The fields that point to one row of another record."""
        return tuple(f for f in self.fields if isinstance(f.kind, Ref))

    @cached_property
    def many(self) -> tuple[Field, ...]:
        """The fields that point to several rows of another record."""
        return tuple(f for f in self.fields if isinstance(f.kind, Refs))

    @cached_property
    def columns(self) -> tuple[tuple[str, Field, str | None], ...]:
        """Every workbook column in order: (heading, field, field of the record referred to)."""
        return tuple((heading, f, target) for f in self.fields for heading, target in f.columns)

    @cached_property
    def readable(self) -> tuple[tuple[str, Field, str | None], ...]:
        """The columns that an import may find: all of ours, and amounts on two sides."""
        if self.sides is None:
            return self.columns
        return (*self.columns, *((heading, self[self.sides.amount], None) for heading, _ in self.sides.columns))

    @cached_property
    def _watched(self) -> tuple[tuple[Field, bool], ...]:
        """The fields of which something may be said or filled in, each with whether it ends a span."""
        ends = {end for _, end in self.spans}
        return tuple(
            (f, f.name in ends)
            for f in self.fields
            if f.required or f.default is not None or type(f.kind).doubt is not Kind.doubt
        )

    def judge(self, row: Row, today: dt.date, unread: Set[str] = frozenset()) -> list[Problem]:
        """Complete `row` in place and return every problem that concerns it alone, errors and warnings.

        `row` maps every field to its stored value or None. References are taken as they are. `unread` fields hold
        something that cannot be read: nothing is concluded from them.
        """
        problems = []
        for f, is_end in self._watched:
            value = row.get(f.name)
            if value is None and f.default is not None:
                value = row[f.name] = f.default
            if value is None and f.required and not f.nullable:
                problems.append(Problem(f.name, f"“{f.label}”必须填写"))
            # A term may well end years ahead: plans, policies and certificates are made so.
            elif value is not None and (doubt := f.kind.doubt(value, dt.date.max if is_end else today)):
                problems.append(Problem(f.name, doubt, "warning"))
        for start, end in self.spans:
            first, last = row.get(start), row.get(end)
            if first is not None and last is not None and str(last) < str(first):
                problems.append(Problem(end, f"“{self[end].label}”早于“{self[start].label}”，请核对这两个日期"))
        if self.check is not None:
            wrong = {p.field for p in problems if p.severity == "error"}
            if self.needs:
                wrong = {name for name in self.needs if name in wrong or name in unread}
            if not wrong:
                problems.extend(self.check(row))
        return problems

    def look_over(self, columns: Columns, count: int, today: dt.date) -> set[int]:
        """Complete `count` rows in place as `judge` would; return the places of those of which it may say something.

        What is true of a whole column is asked once, so that only the rows that are returned need be judged one by one.
        """
        close: set[int] = set()
        for f, is_end in self._watched:
            values = columns[f.name]
            if f.default is not None and None in values:
                values = columns[f.name] = [f.default if v is None else v for v in values]
            doubtful: set[Value] = {None} if f.required and None in values else set()
            if type(f.kind).doubt is not Kind.doubt:
                doubtful |= f.kind.doubted(values, dt.date.max if is_end else today)
            if doubtful:
                close.update(n for n, v in enumerate(values) if v in doubtful)
        for start, end in self.spans:
            if any(columns[end]):
                pairs = enumerate(zip(columns[start], columns[end], strict=True))
                close.update(n for n, (a, b) in pairs if a is not None and b is not None and str(b) < str(a))
        if self.check_columns is not None:
            close |= self.check_columns(columns)
        elif self.check is not None:
            close.update(range(count))
        return close

    def parse(self, cells: Mapping[str, Cell], today: dt.date) -> tuple[Row, list[Problem]]:
        """Read a form's cells (by field name) into a whole row and all its problems at once."""
        row: Row = dict.fromkeys(self.by_name)
        problems = []
        for f in self.fields:
            cell = cells.get(f.name)
            if is_blank(cell):
                continue
            try:
                row[f.name] = f.kind.parse(cell)
            except Invalid as error:
                problems.append(Problem(f.name, str(error)))
        bad = {p.field for p in problems}
        problems += [p for p in self.judge(row, today, bad) if p.field not in bad]
        return row, problems


def is_date(f: Field) -> bool:
    """Tell whether a field holds a day."""
    return isinstance(f.kind, Date)
