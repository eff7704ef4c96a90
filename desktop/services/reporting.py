"""The ledger into papers and workbooks, the one way for command line and window."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from db.errors import UserError
from db.quarters import Period
from db.queries.figures import OFFICE_FIGURES, Figures, group_figures, period_figures
from db.queries.overview import overview
from db.queries.paper_rows import READS, Scope
from db.queries.personal_rows import PERSONAL_READS
from db.queries.provincial import province_table
from db.queries.year_rows import YEAR_READS
from db.records.entities import BY_NAME
from db.records.fields import Entity, Row
from db.rules.checks import all_clauses, check_office
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.quarter_steps import steps_done
from desktop.services.judging import before_ledger, not_judged
from forms import output
from forms.excel import workbook
from forms.papers import Paper, PaperData
from forms.papers.book import paper_book
from forms.pdf.fonts import MissingGlyphs
from forms.report import workbook as quarterly_book
from forms.report.pdf import quarterly_pdf
from forms.report.province_form import TITLE
from forms.report.province_pdf import province_pdf
from forms.report.quarterly import Letterhead, QuarterData, chinese_date

FORMATS = ("pdf", "xlsx", "docx")
# What is kept beside the texts of the report's parts: who has a copy, and that annex 2 names what does not bind.
COPIES, LISTS_ALL = "copies", "annex.whole"
_READS = READS | YEAR_READS | PERSONAL_READS
_TEXT, _HEAD = BY_NAME["report_text"], BY_NAME["letterhead"]


def quarter_data(store: Store, period: Period, today: dt.date, until: dt.date | None = None) -> QuarterData:
    """Read everything a period's papers are made of, dated `today`: up to the period's last day, or today while it runs.

    `until`: up to a day before that, which makes it a draft. Raises `UserError` where the period has not begun, or where
    `until` lies outside.
    """
    as_of = day_of(period, today)
    if until is not None:
        if not period.start <= until <= as_of:
            raise UserError(f"截止日期不在{period.label}里，或还没有到：{until}。没有写出任何文件")
        as_of = until
    scope = Scope(period, as_of)
    blood = [row for row in READS["blood_totals"](store, scope) if row["scope"] is None]
    province = province_table(store, period, as_of)
    begins, results = before_ledger(store, as_of), check_office(store, as_of)
    if begins is not None:  # the notices in force are still named
        results = [replace(r, status="not_applicable", proposed=None, judgement=None) for r in results]
    return QuarterData(
        office=store.office(as_of), quarter=period, as_of=as_of, figures=period_figures(store, period, as_of),
        groups=group_figures(store, period, as_of), before=_figures(province.before), last_year=_figures(province.last_year),
        province=asdict(province), overview=overview(store, period, as_of),
        results=results, by_quarter={} if begins else _by_quarter(store, period, as_of), begins=begins,
        issued_on=today, facts=READS["report_facts"](store, scope)[0],
        blood=blood[0] if blood else {}, texts=texts_of(store, period), lists_all=LISTS_ALL in texts_of(store, period),
        letterhead=letterhead_of(store, period),
        signed={step: str(row["person"]) for step, row in steps_done(store, period).items()},
    )  # fmt: skip


def _by_quarter(store: Store, period: Period, as_of: dt.date) -> dict[str, list[tuple[str, Result]]]:
    """Return the verdicts on quarter clauses at the end of each quarter of a longer period, up to the day."""
    found: dict[str, list[tuple[str, Result]]] = {}
    clauses = [c for c in all_clauses(store) if c.period == "quarter"]
    for quarter in period.quarters if period.months > 3 else ():
        day = min(quarter.end, as_of)
        if quarter.start <= as_of and before_ledger(store, day) is None:
            for result in check_office(store, day, clauses):
                found.setdefault(result.clause.id, []).append((quarter.label.removeprefix(f"{quarter.year}年"), result))
    return found


def _figures(counts: Figures) -> Figures:
    """Leave out what is no figure of the period."""
    return {name: counts[name] for name in OFFICE_FIGURES}


def day_of(period: Period, today: dt.date) -> dt.date:
    """Return the day up to which a period is told: its last, or today while it runs; raise `UserError` before it begins."""
    if today < period.start:
        raise UserError(f"{period.label}还没有开始，不能生成这一期的报告。没有写出任何文件")
    return min(today, period.end)


def wanting(data: QuarterData) -> list[str]:
    """Return what should be known before a report is printed: what it lacks, and that it is a draft."""
    found = []
    if not (data.office.get("parent_org") or "").strip():
        found.append("本会情况中没有填写上级红十字会，报告上没有主送机关；报送前请先填写")
    office = data.figures["office"]
    if not any(office[name] for name in ("teams_end", "volunteers_end", "trainings", "activities", "income_ytd_fen")):
        found.append("台账里这一期还没有队伍、志愿者、培训、活动和经费，报告没有内容可报")
    if data.begins is not None:
        found.append(not_judged(data.begins) + "；报告中没有对照检查情况")
    if data.is_draft:
        found.append(f"报告截至{chinese_date(data.as_of)}，还不到期末，每页标明草稿")
    return found


def texts_of(store: Store, quarter: Period) -> dict[str, str]:
    """Return what a person wrote for a quarter's report, by part."""
    return {str(r["part"]): str(r["text"]) for r in store.rows(_TEXT) if r["quarter"] == str(quarter)}


def save_text(store: Store, quarter: Period, part: str, text: str | None) -> None:
    """Keep the text of a part; None goes back to the automatic one. Inside an operation only."""
    old = [int(r["id"] or 0) for r in store.rows(_TEXT) if (r["quarter"], r["part"]) == (str(quarter), part)]
    if text is None:
        store.delete(_TEXT, old)
    else:
        store.save(_TEXT, {"quarter": str(quarter), "part": part, "text": text} | ({"id": old[0]} if old else {}))


def letterhead_of(store: Store, quarter: Period) -> Letterhead | None:
    """Return the red head of a quarter's report, or None where it has a white one."""
    for row in store.rows(_HEAD):
        if row["quarter"] == str(quarter):
            copies = texts_of(store, quarter).get(COPIES, "")
            return Letterhead(str(row["issuing_name"]), str(row["doc_number"]), str(row["signer"]), copies)
    return None


def save_letterhead(store: Store, quarter: Period, head: Letterhead | None) -> None:
    """Keep the red head of a quarter's report; None goes back to a white one. Inside an operation only."""
    old = [int(r["id"] or 0) for r in store.rows(_HEAD) if r["quarter"] == str(quarter)]
    if head is None:
        store.delete(_HEAD, old)
        save_text(store, quarter, COPIES, None)
        return
    values = [head.issuing_name.strip(), head.doc_number.strip(), head.signer.strip()]
    if not all(values):
        raise UserError("红头须同时填写发文机关标志、发文字号和签发人；没有保存。三项不全就用白头")
    save_text(store, quarter, COPIES, head.copies.strip() or None)
    row = {"quarter": str(quarter)} | dict(zip(("issuing_name", "doc_number", "signer"), values, strict=True))
    store.save(_HEAD, row | ({"id": old[0]} if old else {}))


def report_pdf(data: QuarterData, *, system_fonts: bool = True) -> tuple[bytes, tuple[str, ...]]:
    """Return the report as PDF and the notes on its fonts; raise `UserError` naming characters no font has."""
    try:
        return quarterly_pdf(data, system_fonts=system_fonts)
    except MissingGlyphs as error:
        raise UserError(str(error)) from None


def report_book(store: Store, data: QuarterData) -> bytes:
    """Return the quarter's workbook for the level above."""
    rows = {name: READS[name](store, Scope(data.quarter, data.as_of)) for name in quarterly_book.READS}
    return quarterly_book.quarterly_book(data, rows)


def report_docx(data: QuarterData) -> bytes:
    """Return the report as a document that can be edited."""
    from forms.report.docx import quarterly_docx  # late: few want it, and python-docx takes a while to load

    return quarterly_docx(data)


def paper_data(
    store: Store, paper: Paper, report: QuarterData, *, team: int | None = None, person: int | None = None
) -> PaperData:
    """Read what one paper is made of, `report` being the quarter's data.

    Raises `UserError` where the paper is about a volunteer and none is given, or about no team and one is given.
    """
    if team is not None and not paper.by_team:
        raise UserError(f"“{paper.title}”不分队伍生成；请不要指定队伍")
    if paper.by_person != (person is not None):
        raise UserError(
            f"“{paper.title}”按人生成，请指定志愿者"
            if paper.by_person
            else f"“{paper.title}”不按人生成；请不要指定志愿者"
        )
    scope = Scope(report.quarter, report.as_of, team, person)
    names = []
    for entity, row_id in (("team", team), ("volunteer", person)):
        row = store.row(BY_NAME[entity], row_id) if row_id is not None else None
        if row_id is not None and row is None:
            raise UserError("这条记录已不存在，请刷新后再试")
        names.append(str(row["name"]) if row else "")
    return PaperData(report, {name: _READS[name](store, scope) for name in paper.reads}, *names)


def paper_pdf(paper: Paper, data: PaperData, *, system_fonts: bool = True) -> bytes:
    """Return a paper as PDF; raise `UserError` naming characters no font has."""
    try:
        return paper.render(data, system_fonts=system_fonts)
    except MissingGlyphs as error:
        raise UserError(str(error)) from None


def write_papers(
    store: Store,
    papers: Iterable[Paper],
    quarter: Period,
    folder: Path,
    today: dt.date,
    *,
    team: int | None = None,
    persons: Sequence[int] = (),
    formats: Sequence[str] = ("pdf",),
) -> list[Path]:
    """Write papers into `folder`, one file each (one per volunteer where the paper is about one) and format (pdf, xlsx).

    Return the files; all are made before the first is written. Raises `UserError` for a workbook of a paper without tables.
    """
    report = quarter_data(store, quarter, today)
    made: list[tuple[str, dict[str, bytes]]] = []
    for paper in papers:
        if paper.by_person and not persons:
            raise UserError(f"“{paper.title}”按人生成，请指定志愿者")
        for person in dict.fromkeys(persons) if paper.by_person or persons else (None,):
            data = paper_data(store, paper, report, team=team, person=person)
            name = output.safe_name(paper.full_title(data))
            name += f"-{person}" if any(name == other for other, _ in made) else ""  # two volunteers of one name
            made.append((name, {form: _paper_as(form, paper, data) for form in formats}))
    return [
        output.write_beside(folder / f"{name}.{form}", content)
        for name, forms in made
        for form, content in forms.items()
    ]


def _paper_as(form: str, paper: Paper, data: PaperData) -> bytes:
    if form == "pdf":
        return paper_pdf(paper, data)
    content = paper_book(paper, data)
    if content is None:
        raise UserError(f"“{paper.title}”里没有表格，不能导出 Excel。请导出 PDF")
    return content


def write_province(
    store: Store, quarter: Period, folder: Path, today: dt.date, formats: Sequence[str] = ("pdf",)
) -> list[Path]:
    """Write the 省级汇总表 into `folder` under its own name, as PDF or as the workbook; return the files."""
    data = quarter_data(store, quarter, today)
    name = output.safe_name(f"{data.name}{quarter.label}{TITLE}")
    made = [(form, province_paper(data) if form == "pdf" else report_book(store, data)) for form in formats]
    return [output.write_beside(folder / f"{name}.{form}", content) for form, content in made]


def province_paper(data: QuarterData) -> bytes:
    """Return the 省级汇总表 as PDF; raise `UserError` naming characters no font has."""
    try:
        return province_pdf(data)
    except MissingGlyphs as error:
        raise UserError(str(error)) from None


def write_report(
    store: Store,
    quarter: Period,
    folder: Path,
    today: dt.date,
    formats: Sequence[str] = FORMATS,
    until: dt.date | None = None,
) -> list[Path]:
    """Write the period's report into `folder`; return the files. All are made before the first is written."""
    data = quarter_data(store, quarter, today, until)
    made = []
    for form in formats:
        content = (
            report_pdf(data)[0] if form == "pdf" else report_docx(data) if form == "docx" else report_book(store, data)
        )
        made.append((output.safe_name(data.title) + f".{form}", content))
    return [output.write_beside(folder / name, content) for name, content in made]


def export_records(
    store: Store, entities: Sequence[Entity], path: Path, *, masked: bool = True, reason: str = ""
) -> Path:
    """Write records with the import's own columns; whole ID numbers and phones only with a reason, which is logged."""
    if not masked and not reason.strip():
        raise UserError("导出完整的证件号码和手机号码，须用 --reason 写明原因；没有写出任何文件")
    parts = [(entity, store.rows(entity)) for entity in entities]
    content = workbook.export(parts, referred_rows(store, entities), masked=masked)
    if not masked:
        # Logged before the file exists: an export that nobody can trace must not happen.
        store.note("导出完整号码", f"{'、'.join(e.label for e in entities)}；原因：{reason.strip()}")
    return output.write_whole(path, content)


def referred_rows(store: Store, entities: Sequence[Entity]) -> dict[str, dict[int, Row]]:
    """Return the rows of every record that `entities` refer to, by id."""
    names = {getattr(f.kind, "entity", "") for entity in entities for f in (*entity.refs, *entity.many)}
    return {name: {int(row["id"] or 0): row for row in store.rows(BY_NAME[name])} for name in names}
