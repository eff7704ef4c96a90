"""收件清单: what became of every file that was handed in at once — what it is, what was taken, what is left and why."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.intake.collecting import without_collecting
from db.intake.results import SheetResult
from db.records.entities import BY_NAME
from db.records.kinds import cell_text
from desktop.services.importing import Files, Imported, Opened, lists_of
from forms.columns.proposals import GUIDE_SHEET, heading_key
from forms.reading.bundles import Received, receive
from forms.shapes.cross_table import WHERE


@dataclass(frozen=True)
class Receipt:
    """One file: its name, what it is, what was taken of it, what is left of it and why; `asks` where somebody should look."""

    file: str
    what: str
    taken: str
    left: str
    asks: bool


@dataclass
class HandIn:
    """What was handed in: every file, whether a folder or an archive was among them, and their tables as lists."""

    files: list[Received]
    bundled: bool
    opened: Opened

    def unread(self) -> list[Received]:
        """The files that were left out whole and that somebody should look at."""
        return [f for f in self.files if not f.tables and not f.harmless]

    def receipts(self, read: Files, done: Imported) -> list[Receipt]:
        """Return a line for every file; `done` tells what an import, or a check before one, did with what was read."""
        forms = _forms(read, done, [f.name for f in self.files])
        return [_receipt(f, read, done, forms) for f in self.files]


def hand_in(paths: Sequence[Path], tick: Callable[[], None] = lambda: None) -> HandIn:
    """Read files, folders and archives; raise `UserError` where nothing can be read at all."""
    with without_collecting():
        files, bundled = receive(paths, tick)
        return HandIn(files, bundled, lists_of(files, tick))


def _receipt(file: Received, read: Files, done: Imported, forms: dict[str, Counter[str]]) -> Receipt:
    if not file.tables:
        return Receipt(file.name, "", "", file.trouble or "没有表格", not file.harmless)
    taken = [s for s in done.result.sheets if s.source == file.name]
    left = [(sheet, why) for name, sheet, why in read.left if name == file.name]
    what = list(dict.fromkeys(BY_NAME[s.kind].label for s in taken))
    told = [_taken(s) for s in taken]
    reasons = [f"“{s.sheet}”有 {s.refused} 行没有导入（{BY_NAME[s.kind].label}）" for s in taken if s.refused]
    reasons += [why or f"工作表“{sheet}”不是台账的表，没有导入" for sheet, why in left]
    if own := forms.get(file.name):
        what.append("登记表")
        told.append(f"登记表 {own['taken']} 份")
        reasons += [f"{own['refused']} 份登记表没有导入"] if own["refused"] else []
    if not what and not left:
        is_guide = all(heading_key(t.sheet) == GUIDE_SHEET for t in file.tables)
        return Receipt(file.name, "", "", "只有填写说明" if is_guide else "没有内容", False)
    return Receipt(file.name, "、".join(what), "，".join(told), "；".join(reasons), bool(reasons))


def _taken(s: SheetResult) -> str:
    parts = [f"{word} {n}" for word, n in (("新增", s.added), ("更新", s.updated), ("未变", s.unchanged)) if n]
    return f"{BY_NAME[s.kind].label}：{'、'.join(parts) or '没有'}"


def _forms(read: Files, done: Imported, names: Sequence[str]) -> dict[str, Counter[str]]:
    """How many one-page forms of each file went in and how many did not; they were put together into one list."""
    found: dict[str, Counter[str]] = {}
    known = set(names)
    seen: set[int] = set()
    for m, result in zip(read.mapped, done.result.sheets, strict=False):
        if result.source in known or WHERE not in m.headings or id(m.table) in seen:
            continue
        seen.add(id(m.table))
        refused = {
            n
            for other, r in zip(read.mapped, done.result.sheets, strict=False)
            if other.table is m.table
            for n in r.refused_rows()
        }
        for number, row in m.rows:
            where = cell_text(row[m.headings.index(WHERE)]) if m.headings.index(WHERE) < len(row) else ""
            for name in _longest_first(names, where):
                found.setdefault(name, Counter())["refused" if number in refused else "taken"] += 1
                break
    return found


def _longest_first(names: Sequence[str], where: str) -> Iterator[str]:
    yield from sorted((n for n in names if where == n or where.startswith(f"{n} ")), key=len, reverse=True)
