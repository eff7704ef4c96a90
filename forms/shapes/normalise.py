"""Tables that are no lists made into lists: one-page forms (one row per form) and cross tables (one row per cell).

Every other table stays as it is. The forms of all files about the same kind of record become one table: nobody confirms
the columns of two hundred files one by one. A row is told by its number (which form it is) and by its column 出处.
"""

from collections import Counter
from dataclasses import dataclass, field

from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.fields import Entity
from db.records.kinds import Cell
from forms.columns.headings import heading_key, recognised, required
from forms.columns.proposals import GUIDE_SHEET, letters
from forms.reading.clipboard import read_pasted
from forms.reading.table import Note, Table, Tick
from forms.shapes.cross_table import WHERE, unfold
from forms.shapes.form_labels import meaning
from forms.shapes.one_page import Page, headings_of, read_pages
from forms.shapes.reshaping import reshaped

Opened = list[tuple[str, Table]]


@dataclass
class _Forms:
    """The forms about the same kind of record."""

    kind: Entity
    pages: list[tuple[int, Page, str]] = field(default_factory=list)  # which form it is, the form, where it stands
    files: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    blank: int = 0

    def table(self) -> tuple[str, Table]:
        """All of them as one table, with the name of the file or of the files."""
        columns: dict[tuple[bool, str], str] = {}  # (whether it is a heading of ours, which) → the label as first seen
        read = [self._cells(page, columns) for _, page, _ in self.pages]
        labels = [*columns.values()]
        rows: list[tuple[int, list[Cell]]] = [(0, [*labels, WHERE])]
        for (n, _, where), cells in zip(self.pages, read, strict=True):
            rows.append((n, [*(cells.get(key) for key in columns), where]))
        needed = required(self.kind)
        named = 2 * len(needed & set(headings_of(self.kind, labels))) >= len(needed)
        name = self.kind.label if named else f"{self.kind.label}登记表"
        file = next(iter(self.files)) if len(self.files) == 1 else f"{len(self.files)} 个文件里的登记表"
        return file, reshaped(Table(name, rows, (*self._said(), *self.notes)))

    def _cells(self, page: Page, columns: dict[tuple[bool, str], str]) -> dict[tuple[bool, str], Cell]:
        """Return what a form says by column: two words for one thing share one, as 手机 and 联系电话 of different forms."""
        known = (
            recognised(MEMBERSHIP.name) | recognised(VOLUNTEER.name)
            if self.kind is VOLUNTEER
            else recognised(self.kind.name)
        )
        cells: dict[tuple[bool, str], Cell] = {}
        for label, value in page.values.items():
            ours = meaning(known, label)
            key = (True, ours) if ours and (True, ours) not in cells else (False, label)
            if key not in columns:
                columns[key] = f"{label}（另）" if label in columns.values() else label
            cells[key] = value
        return cells

    def _said(self) -> list[str]:
        count = len(self.pages) - self.blank
        if not count:
            return [f"这是 {self.blank} 份没有填写的登记表，没有内容可以导入"]
        said = [
            f"按一页一份的登记表读取，共 {count} 份"
            + (f"，来自 {len(self.files)} 个文件" if len(self.files) > 1 else "")
            + f"；一份是一行，行号是第几份，“{WHERE}”一列写明在哪里"
        ]
        if self.blank:
            said.append(f"另有 {self.blank} 份没有填写，不读取")
        if ticked := sum(page.ticked for _, page, _ in self.pages):
            said.append(f"有方框或打勾的 {ticked} 栏，取勾上的那项")
        if listed := sum(page.listed for _, page, _ in self.pages):
            said.append(f"登记表里的小表（如家庭成员、经历）共 {listed} 行没有读取")
        return said + self._loose()

    def _loose(self) -> list[str]:
        """Say where texts without a label were left; what stands on every form is print."""
        print_ = set.intersection(*(set(page.loose) for _, page, _ in self.pages)) if len(self.pages) > 1 else set()
        loose = [(n, row) for n, page, _ in self.pages for text, row in page.loose.items() if text not in print_]
        if not loose:
            return []
        places = "、".join(f"第 {n} 份第 {row} 行" for n, row in loose[:3])
        text = f"有 {len(loose)} 处文字前面没有栏目名，没有读取（{places}{'等' if len(loose) > 3 else ''}），请看一眼"
        return [Note(text, ask=True)]


def pasted_lists(text: str, html: str = "") -> list[Table]:
    """Return the tables of a pasted block as `read_pasted` does, lists of an unusual shape as plain ones."""
    return [reshaped(table) for table in read_pasted(text, html)]


def as_lists(opened: Opened, tick: Tick = lambda: None) -> Opened:
    """Return the tables of files, forms and cross tables made into lists."""
    made: list[tuple[str, Table] | _Forms] = []
    groups: dict[str, _Forms] = {}
    sheets = Counter(file for file, _ in opened)
    count = 0
    for file, table in opened:
        tick()
        guide = heading_key(table.sheet) == GUIDE_SHEET
        pages = [] if guide else read_pages(table)
        if not pages:
            made.append((file, table if guide else unfold(table, file)))
        for page in pages:
            key = page.kind.name
            if key not in groups:
                groups[key] = _Forms(page.kind)
                made.append(groups[key])
            group = groups[key]
            group.files[file] = None
            group.notes |= dict.fromkeys(table.notes)
            if page.is_empty():
                group.blank += 1
            count += 1
            where = [file] if len(sheets) > 1 else []
            where += [f"工作表“{table.sheet}”"] if sheets[file] > 1 or not where else []
            column = f" {letters(page.column)} 列" if page.column > pages[0].column else ""
            where += [f"第 {page.row} 行{column}起"] if len(pages) > 1 else []
            group.pages.append((count, page, " ".join(where)))
    return [item.table() if isinstance(item, _Forms) else item for item in made]
