"""The records behind a clause, as the screen lists them, on paper: which they are, and how each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.records.entities import BY_NAME
from db.records.fields import Entity, Field, Row
from db.records.kinds import Date, Ref, Refs
from db.records.numbers_in_text import starred
from db.records.statuses import STATUSES
from db.rules.verdicts import Result
from forms.pdf.document import Column, ReportDocument
from forms.report.problem_text import in_quarters
from forms.report.quarterly import QuarterData, chinese_date, signers
from forms.report.situation import citation, outcome, situation

WIDEST = 118  # characters of a line of a turned page, beside number and result
_MM = 2.1  # of a column for each of its characters


@dataclass(frozen=True)
class Records:
    """The rows that items stand for: by record and id; those they refer to, likewise; and the fields that decide each clause."""

    rows: Mapping[str, Mapping[int, Row]]
    referred: Mapping[str, Mapping[int, Row]]
    decisive: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)  # by clause and record
    masked: bool = True

    def shown(self, f: Field, row: Row) -> str:
        """Return a cell as it is read: numbers masked unless whole ones were asked for."""
        titles = {}
        if isinstance(f.kind, Ref | Refs) and row[f.name] is not None:
            other = BY_NAME[f.kind.entity]
            of = self.referred[other.name]
            wanted = f.kind.ids(row[f.name]) if isinstance(f.kind, Refs) else [int(row[f.name] or 0)]
            titles = {i: str(of[i][other.title] or "") for i in wanted if i in of}
        return f.show(row[f.name], titles, self.masked)


def record_list(data: QuarterData, result: Result, number: str, records: Records) -> ReportDocument:
    """Return the list, a table for each kind of record, ready to be rendered.

    `result` has at least one item of a record that is declared.
    """
    clause = result.clause
    title = f"{number}　{clause.title}"
    veil = starred if records.masked else str
    doc = ReportDocument(
        title, author=data.name, subject=str(data.quarter), issued_on=data.issued_on, veil=veil,
    )  # fmt: skip
    doc.mark(data.mark)
    notes = [
        f"依据：{citation(clause)}：“{clause.quotation}”",
        f"情况：{in_quarters(situation(result), result, data, whole=True)}",
        f"结果：{outcome(result)}",
    ]
    kinds = dict.fromkeys(item.record for item in result.items if item.record in BY_NAME)
    for n, record in enumerate(kinds, 1):
        entity = BY_NAME[record]
        items = [item for item in result.items if item.record == record]
        rows = [records.rows[record].get(int(item.id or 0)) for item in items]
        fields = _fields(
            entity,
            records.decisive.get(clause.id, {}).get(record, ()),
            [row for row in rows if row is not None],
            records.masked,
        )
        columns = [
            Column("序号", 13, "center", fit=True),
            *(_column(f) for f in fields),
            Column("核对结果", 20, "center", fit=True),
        ]
        cells = []
        for line, (item, row) in enumerate(zip(items, rows, strict=True), 1):
            if row is None:  # what an item names is no row of the record: its title alone
                shown = [item.title if f.name == entity.title else "" for f in fields]
            else:
                shown = [records.shown(f, row) for f in fields]
            cells.append([str(line), *shown, STATUSES[item.status]])
        of = f"（{entity.label}，共{len(items):,}{entity.noun}）"
        doc.annex(
            title + (of if len(kinds) > 1 else ""), columns, cells, label="",
            unit_left=f"填报单位：{data.name}（盖章）",
            unit_right=f"统计截止：{chinese_date(data.as_of)}　共{len(items):,}{entity.noun}",
            foot=signers(data), notes=notes if n == len(kinds) else (),
        )  # fmt: skip
    return doc


def _fields(entity: Entity, decisive: Sequence[str], rows: Sequence[Row], masked: bool) -> list[Field]:
    """Return the fields that a page has room for, in their order: the title, what decides the clause, then the others.

    A field that no row fills is left out, unless it decides: that it is blank may be the finding. So is a day of birth,
    of which a masked list shows nothing.
    """
    rank = {name: n for n, name in enumerate(dict.fromkeys((entity.title, *decisive, *entity.key)))}
    room, chosen = WIDEST, set[str]()
    for f in sorted(entity.fields, key=lambda f: rank.get(f.name, len(rank))):
        blank = all(row[f.name] in (None, "") for row in rows)
        nothing = masked and f.masked and isinstance(f.kind, Date)
        if f.width <= room and not nothing and (f.name == entity.title or f.name in decisive or not blank):
            room -= f.width
            chosen.add(f.name)
    return [f for f in entity.fields if f.name in chosen]


def _column(f: Field) -> Column:
    fits = not f.kind.free and not isinstance(f.kind, Ref | Refs) and f.width <= 22
    return Column(f.label, f.width * _MM, "right" if f.kind.numeric else "left", fit=fits)
