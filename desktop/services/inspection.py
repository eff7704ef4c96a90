"""迎检包: the evidence of every clause of a period in one folder, numbered as in the 佐证材料目录, with an index of links."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from db.errors import NotOurFile, UserError
from db.quarters import Period
from db.records.entities import BY_NAME
from db.records.numbers_in_text import starred
from db.rules.wanted import evidence_fields
from db.storage.store import Store
from db.tasks.attachments import box_of
from db.tasks.editions import editions, files_of
from desktop.services.reporting import paper_data, quarter_data, referred_rows, report_pdf
from forms import output
from forms.papers import Paper, paper_named
from forms.pdf.document import ReportDocument
from forms.pdf.fonts import MissingGlyphs
from forms.pdf.shared_fonts import SharedFonts
from forms.report.materials import Material, Section, sections
from forms.report.materials_index import materials_index
from forms.report.quarterly import QuarterData
from forms.report.record_list import Records, record_list

TITLE = "迎检材料"
LIST = "台账记录清单"
FIRST = "00 目录（请先打开）.html"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """The folder, its .zip if one was asked for, how many files were copied, and those that are lost: (number and name)."""

    folder: Path
    packed: Path | None
    files: int
    lost: tuple[str, ...]


def write_inspection(
    store: Store, period: Period, place: Path, today: dt.date, *, reason: str = "", masked: bool = True,
    packed: bool = False, progress: Progress = lambda done, total: None,
) -> Made:  # fmt: skip
    """Write the 迎检包 of a period into a folder of its own below `place`.

    Numbers of people in the lists are masked unless there is a `reason`; files are copied as they are. Either is logged
    before it is made. Memory holds one file at a time. Raises `UserError`; then there is no folder.
    """
    if not masked and not reason.strip():
        raise UserError("迎检包里要有完整的证件号码和手机号码，须写明原因；没有写出任何文件")
    pack = _Pack(store, quarter_data(store, period, today), masked, progress)
    whole = "清单上的号码已遮挡" if masked else f"含完整号码，原因：{reason.strip()}"
    store.note("导出迎检包", f"{period.label}；附件 {len(pack.files)} 份，原样复制；{whole}")
    folder = output.folder_beside(place / output.safe_name(pack.title), pack.fill)
    made = output.zip_beside(folder, today) if packed else None
    names = {m.number: f"{m.number} {m.name}" for m in pack.files}
    return Made(folder, made, len(pack.files) - len(pack.lost), tuple(names[number] for number in pack.lost))


class _Pack:
    """What goes into the folder: where each material lies, and why a file is not there, by number."""

    def __init__(self, store: Store, data: QuarterData, masked: bool, progress: Progress) -> None:
        self.store, self.data, self.masked, self.progress = store, data, masked, progress
        self.title = f"{data.name}{data.quarter.label}{TITLE}"
        self.listed = paper_data(store, paper_named("evidence"), data)
        self.found = sections(data.results, self.listed.rows["evidence"], self.listed.rows["archive"])
        self.files = [m for section in self.found for m in section.materials if m.is_file]
        self.places: dict[str, str] = {}
        self.lost: dict[str, str] = {}
        self._done, self._all = 0, sum(len(section.materials) for section in self.found) + 1

    def fill(self, root: Path) -> None:
        """Put everything into a new folder: files first, for the 目录 says which are lost, then what is set on paper."""
        for section in self.found:
            for material in section.materials:
                if material.is_file:
                    self._copy(root, section, material)
                else:
                    self.places[material.number] = f"{_folder(section)}/{material.number} {LIST}.pdf"
        papers = [paper_named(name) for name in ("evidence", "self-check", "rectification")]
        made: dict[str, Callable[[], ReportDocument]] = {
            f"00 {paper.title}.pdf": partial(self._paper, paper) for paper in papers
        }
        made |= self._lists()
        fonts = SharedFonts()
        for document in made.values():
            fonts.learn(document().texts)
        for name, document in made.items():
            try:
                self._put(root, name, document().render(shared=fonts))
            except MissingGlyphs as error:
                raise UserError(str(error)) from None
            if "/" in name:
                self._tell()
        first = [(paper.title, f"00 {paper.title}.pdf") for paper in papers]
        for name, content in self._reports():
            first.append((name.removesuffix(".pdf"), self._put(root, f"00 {name}", content)))
        page = materials_index(self.data, self.title, self.found, self.places, self.lost, first)
        self._put(root, FIRST, (starred(page) if self.masked else page).encode())

    def _put(self, root: Path, name: str, content: bytes) -> str:
        path = root / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(content)
        return name

    def _tell(self) -> None:
        self._done += 1
        self.progress(self._done, self._all)

    def _copy(self, root: Path, section: Section, material: Material) -> None:
        """Copy a file as it was kept; one that is lost or damaged is told, not left out in silence."""
        try:
            content = box_of(self.store).get(material.sha256)
        except NotOurFile:
            self.lost[material.number] = "文件缺失"
        else:
            name = f"{_folder(section)}/{material.number} {_clean(material.name)}"
            self.places[material.number] = self._put(root, name, content)
        self._tell()

    def _paper(self, paper: Paper) -> ReportDocument:
        """Return one of the papers; the 目录 with the places of what it lists."""
        if paper.name != "evidence":
            return paper.document(paper_data(self.store, paper, self.data))
        put = [{"number": n, "place": f"文件夹 {place.partition(' ')[0]}"} for n, place in self.places.items()]
        put += [{"number": n, "lost": words} for n, words in self.lost.items()]
        return paper.document(replace(self.listed, rows=dict(self.listed.rows) | {"places": put}))

    def _lists(self) -> dict[str, Callable[[], ReportDocument]]:
        """Return what makes the list of records of each clause that has one, by its place; each record is read once."""
        lists = [
            (section.result, section.number, self.places[m.number])
            for section in self.found
            for m in section.materials
            if not m.is_file and section.result is not None
        ]
        names = dict.fromkeys(i.record for result, *_ in lists for i in result.items if i.record in BY_NAME)
        entities = [BY_NAME[name] for name in names]
        rows = {e.name: {int(row["id"] or 0): row for row in self.store.rows(e)} for e in entities}
        decisive = {result.clause.id: evidence_fields(result.clause) for result, *_ in lists}
        records = Records(rows, referred_rows(self.store, entities), decisive, self.masked)
        return {place: partial(record_list, self.data, result, number, records) for result, number, place in lists}

    def _reports(self) -> Sequence[tuple[str, bytes]]:
        """Return the period's report as it was handed up, or as it would be now where it was not."""
        handed_up = editions(self.store, self.data.quarter)
        if handed_up:
            return [(name, pdf) for name, pdf in files_of(self.store, handed_up[-1]) if name.endswith(".pdf")]
        return [(f"{output.safe_name(self.data.title)}.pdf", report_pdf(self.data)[0])]


def _folder(section: Section) -> str:
    number = section.number.zfill(2) if section.number.isdigit() else section.number
    return output.safe_name(f"{number} {section.title[:24]}").rstrip()


def _clean(name: str) -> str:
    """Return a file's name without numbers of people and what a system forbids, short enough for a path on Windows."""
    stem, dot, ending = name.rpartition(".")
    own = output.safe_name(stem if dot else ending)[:60].rstrip(" .")
    return own + (f".{output.safe_name(ending)[:10]}" if dot else "")
