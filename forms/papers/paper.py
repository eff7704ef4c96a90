"""What a paper is: its names, the reads it needs, and the function that puts its rows into a document.

A paper counts nothing. Sums come from the quarter's figures, rows from the reads of `db.queries.paper_rows`, which are handed in as
plain data by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from db.quarters import Period
from db.records.numbers_in_text import starred
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import for_period
from forms.report.quarterly import QuarterData, chinese_date, signers

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class PaperData:
    """The quarter, the rows of the paper's reads, and the team or volunteer it is about, if it is about one."""

    report: QuarterData
    rows: Mapping[str, Rows] = field(default_factory=dict)
    team: str = ""
    person: str = ""

    @property
    def figures(self) -> dict[str, int]:
        """The team's figures where the paper is about one team, else the office's."""
        if not self.team:
            return dict(self.report.figures["office"])
        return dict(next(t for t in self.report.figures["teams"] if t["team"] == self.team))

    @property
    def as_of(self) -> str:
        """The quarter's last day, as papers write it."""
        return chinese_date(self.report.as_of)


@dataclass(frozen=True)
class Paper:
    """One paper. `reminder` is for the person who makes it, never printed on it."""

    name: str
    title: str
    fill: Callable[[ReportDocument, PaperData, str], None]
    reads: tuple[str, ...] = ()
    by_team: bool = False  # may be made for one team
    by_person: bool = False  # is made for one volunteer
    reminder: str = ""
    of_people: bool = True  # else it holds the office's own words alone, and its telephone stands whole

    def full_title(self, data: PaperData) -> str:
        """The title as it stands over the paper and in the name of its file."""
        office, about = data.report.name, data.person if self.by_person else data.team + data.report.quarter.label
        if data.team.startswith(office.removesuffix("会")):
            office = ""  # most teams bear the office's name already
        return f"{office}{about}{self.title}"

    def render(self, data: PaperData, *, system_fonts: bool = True) -> bytes:
        """Return the paper as PDF; raises `MissingGlyphs` before anything is set."""
        return self.document(data).render(system_fonts=system_fonts)

    def document(self, data: PaperData) -> ReportDocument:
        """Return the paper ready to be rendered."""
        title = self.full_title(data)
        doc = ReportDocument(
            title,
            author=data.report.name,
            subject=str(data.report.quarter),
            issued_on=data.report.issued_on,
            veil=starred if self.of_people else str,
        )
        doc.mark(data.report.mark)
        self.fill(doc, data, title)
        return doc


def sheet(
    doc: ReportDocument,
    data: PaperData,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[TableRow | Sequence[str]],
    *,
    unit: str = "",
    notes: Sequence[str] = (),
    landscape: bool = True,
    nothing: str = "没有登记",
    public: bool = False,
) -> None:
    """Add a table on pages of its own, with who fills it in and as of when; *nothing* is said where it has no rows.

    A *public* one is a notice: no seal to be set, nobody to sign.
    """
    period = data.report.quarter
    columns = [replace(c, label=for_period(c.label, period), group=for_period(c.group, period)) for c in columns]
    rows = [_in_words(row, period) for row in rows]
    notes = [for_period(note, period) for note in notes]
    if not rows:
        columns, rows = [Column("情况", 1, "center")], [[for_period(nothing, period)]]
    right = f"统计截止：{data.as_of}" + (f"　单位：{unit}" if unit else "")
    whose = f"公开单位：{data.report.name}" if public else f"填报单位：{data.report.name}（盖章）"
    doc.annex(
        title, columns, rows, label="", unit_left=whose, unit_right=right,
        foot=[] if public else signers(data.report), notes=[f"{i}. {note}" for i, note in enumerate(notes, 1)], landscape=landscape,
    )  # fmt: skip


def _in_words(row: TableRow | Sequence[str], period: Period) -> TableRow | Sequence[str]:
    """Return a row of sums with its label in the words of the period; what people wrote stays as it is."""
    if not isinstance(row, TableRow) or row.kind != "total":
        return row
    return replace(row, cells=[for_period(row.cells[0], period), *row.cells[1:]])


def total(columns: Sequence[Column], label: str, cells: Mapping[str, str]) -> TableRow:
    """Return a row of sums: *cells* by the heading of their column, the first column being the label."""
    return TableRow([label, *(cells.get(c.label, "") for c in columns[1:])], "total")


def text(value: Any) -> str:
    """Return a value as a cell; an unknown one is a dash."""
    return "—" if value in (None, "") else str(value)
