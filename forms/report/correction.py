"""更正说明: what a correction changes of what was handed up, line by line, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.records.numbers_in_text import starred
from db.records.statuses import STATUSES
from forms.pdf.document import Column, ReportDocument
from forms.report.figure_labels import LABELS, shown
from forms.report.quarterly import QuarterData, chinese_date, signers

CAUSES = {"late_entry": "补登", "correction": "更正记录", "deletion": "删除记录", "rule": "规则或参数变化"}
COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("队伍", 44), Column("指标或要求", 56),
    Column("原报", 28, "right", fit=True), Column("更正后", 28, "right", fit=True), Column("原因", 36),
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One figure or clause that is not as it was handed up; `team` None is the office."""

    team: str | None
    figure: str | None
    clause: str | None
    old: Any
    new: Any
    causes: tuple[str, ...]
    title: str = ""  # of the clause

    @property
    def cells(self) -> tuple[str, ...]:
        """Team, what it is, before, after, why: as people read them."""
        why = "、".join(CAUSES[c] for c in self.causes)
        if self.clause is not None:
            old, new = (STATUSES.get(str(v), "—") for v in (self.old, self.new))
            return (self.team or "本会", self.title or self.clause, old, new, why)
        name = str(self.figure)
        return (self.team or "本会", LABELS.get(name, name), shown(name, self.old), shown(name, self.new), why)


def correction_pdf(data: QuarterData, lines: Sequence[Difference], reason: str, corrects: str) -> bytes:
    """Return the note on a correction as PDF; raises `MissingGlyphs`."""
    title = f"{data.name}{data.quarter.label}更正说明"
    doc = ReportDocument(title, author=data.name, subject=str(data.quarter), issued_on=data.issued_on, veil=starred)
    rows = [(str(n), *line.cells) for n, line in enumerate(lines, 1)]
    columns: Sequence[Column] = COLUMNS
    if not rows:
        columns, rows = [Column("情况", 1, "center")], [("数字和对照检查结果没有变化",)]
    doc.annex(
        title, columns, [list(row) for row in rows], label="", unit_left=f"填报单位：{data.name}（盖章）",
        unit_right=f"统计截止：{chinese_date(data.as_of)}", foot=signers(data),
        notes=[f"更正的是：{corrects}。", f"更正原因：{reason}"], landscape=True,
    )  # fmt: skip
    return doc.render()
