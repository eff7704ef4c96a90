"""What a paste would write, row by row as it was copied: its cells, numbers of people masked, and what is wrong."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.intake.row_problems import RowProblem, safe_value
from db.intake.source_rows import SourceRow
from db.records.fields import Entity, Field, is_date
from db.records.kinds import is_blank
from desktop.records.block_dialogs import SHOWN_LINES, Line
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label
from desktop.tables.form_dialog import FormDialog

_COLUMNS = 6
_RANK = {"错误": 0, "提醒": 1, "写入": 2}


def lines_of(
    rows: Sequence[SourceRow], fields: Mapping[str, Field], problems: Sequence[RowProblem]
) -> tuple[Line, tuple[int, ...], list[Line]]:
    """Return headings, widths in half-width characters and a line for each row, those with problems first.

    `fields` are the fields by the headings of the rows; no more lines are made than are shown.
    """
    said: dict[int, list[RowProblem]] = defaultdict(list)
    for p in problems:
        said[p.row].append(p)

    def word(row: SourceRow) -> str:
        found = {p.severity for p in said.get(row.number, ())}
        return "错误" if "error" in found else "提醒" if found else "写入"

    ranked = sorted(rows, key=lambda row: _RANK[word(row)])[:SHOWN_LINES]
    used = [h for h in fields if any(not is_blank(row.cells.get(h)) for row in ranked)][:_COLUMNS]
    lines: list[Line] = []
    for row in ranked:
        cells = (safe_value(fields[h], h, row.cells.get(h)) for h in used)
        reasons = "；".join(f"{p.column}：{p.reason}" for p in said.get(row.number, ()))
        lines.append((word(row), f"第 {row.number} 行", *cells, reasons))
    widths = tuple(min(max(fields[h].width, 2 * len(h) + 2), 20) for h in used)
    return ("类别", "粘贴的行", *used, "说明"), (8, 9, *widths, 40), lines


def day_wanted(entity: Entity, rows: Sequence[SourceRow]) -> tuple[Field, int] | None:
    """Return the one day that rows need and some lack, with how many lack it; None where nothing is to be asked."""
    needed = [f for f in entity.fields if f.required and is_date(f)]
    if len(needed) != 1:
        return None
    without = sum(is_blank(row.cells.get(needed[0].label)) for row in rows)
    return (needed[0], without) if without else None


class DayDialog(FormDialog):
    """Asks once for the day of all pasted rows that have none."""

    def __init__(self, desk: Desk, entity: Entity, wanted: Field, count: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "都按哪一天", entity, parent)
        self.day = ""
        self.setMinimumWidth(self.theme.px(380))
        box: QVBoxLayout = self.column
        box.addWidget(label(f"粘贴的 {count}没有“{wanted.label}”，都按哪一天？", "heading", wrap=True))
        self.put_fields([(wanted.name, 0, 0, 1)])
        self.wanted = wanted
        self.editors[wanted.name].set_value(desk.today.isoformat())
        go = button(self.theme, "按这一天", "tick", "primary", "接着核对要写入的内容")
        self.foot("还没有写入，下一步先核对。", go, self.save, enter=True)

    def save(self) -> None:
        """Take the day, or say why it cannot be read."""
        values = self.values()
        if values is not None:
            self.day = str(values[self.wanted.name])
            self.accept()
