"""下级上报汇总表 on paper: completeness, totals beside the period before, a row for each office, each clause's verdicts.

The public edition hides fewer than three donors of an office, and one office more where the sum would give it back.
"""

from collections.abc import Mapping, Sequence

from db.records.numbers_in_text import starred
from db.records.statuses import STATUSES
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import UNKNOWN, for_period, shown
from forms.report.rollup_data import COUNTED_TWICE, OfficeLine, RollUpData
from forms.report.work_text import hidden_rows

_HIDDEN = "从略"
_OFFICE_COLUMNS = (
    ("teams_end", "队伍", 12), ("volunteers_end", "志愿者", 15), ("persons_end", "在队", 14), ("insured_end", "在保", 14),
    ("trainings", "期", 10), ("training_person_times", "人次", 14), ("activities", "活动", 12),
    ("service_minutes", "服务小时", 17), ("income_fen", "收入", 22), ("expense_fen", "支出", 22),
    ("blood_person_times", "人次", 14), ("blood_ml", "毫升", 16),
)  # fmt: skip
_GROUPS = {"trainings": "培训", "training_person_times": "培训", "income_fen": "经费（元）", "expense_fen": "经费（元）",
           "blood_person_times": "献血", "blood_ml": "献血"}  # fmt: skip
_DONORS = ("blood_person_times", "blood_ml")


def rollup_pdf(data: RollUpData, *, public: bool = False) -> bytes:
    """Return the paper as PDF; a *public* one names nobody to call and tells no small number of donors."""
    doc = ReportDocument(data.title, author=data.maker, subject=str(data.period), issued_on=data.made_on, veil=starred)
    left = f"汇总单位：{data.maker}" if data.maker else ""
    right = f"汇总日期：{data.made_on}"
    _totals(doc, data, left, right)
    hidden = _hidden(data.offices) if public else set[int]()
    columns = [Column("序号", 9, "center", fit=True), Column("单位", 46)]
    columns += [
        Column(words, width, "right", fit=True, group=_GROUPS.get(name, "")) for name, words, width in _OFFICE_COLUMNS
    ]
    rows: list[TableRow | list[str]] = []
    for n, office in enumerate(data.offices):
        cells = [_HIDDEN if n in hidden and f in _DONORS else _told(office.figures, f) for f, *_ in _OFFICE_COLUMNS]
        rows.append([str(n + 1), office.name, *cells])
    if rows:
        totals = [shown(f, data.total.get(f)) + ("*" if f in data.incomplete else "") for f, *_ in _OFFICE_COLUMNS]
        rows.append(TableRow(["合计", "", *totals], "total"))
    notes = ["人次不足 3 的献血情况，以及能由合计推算出它的一行，写“从略”；合计照计。"] if hidden else []
    doc.annex(
        f"{data.period.label}各单位情况", columns, rows or [["", "没有单位报送", *[""] * len(_OFFICE_COLUMNS)]], label="",
        unit_left=left, unit_right=right, notes=notes,
    )  # fmt: skip
    _clauses(doc, data, left, right)
    if not public and data.missing:
        doc.annex(
            f"{data.period.label}未报送单位", (Column("单位", 80), Column("联系人", 30), Column("联系电话", 40)),
            [list(row) for row in data.missing], label="", unit_left=left, unit_right=right, landscape=False,
        )  # fmt: skip
    if not public and data.replaced:
        doc.annex(
            f"{data.period.label}更正前后", (
                Column("单位", 50), Column("版次", 24, "center", fit=True), Column("指标", 50),
                Column("原报", 28, "right", fit=True), Column("现报", 28, "right", fit=True),
            ), [[o, f"{a} → {b}", what, was, now] for o, a, b, what, was, now in data.replaced],
            label="", unit_left=left, unit_right=right, landscape=False,
        )  # fmt: skip
    return doc.render()


def _totals(doc: ReportDocument, data: RollUpData, left: str, right: str) -> None:
    """Completeness, timeliness, and every total beside that of the period before."""
    rows = []
    for name, label in data.labels.items():
        now, was = data.total[name], data.before.get(name)
        change = UNKNOWN if now is None or was is None else shown(name, now - was)
        star = " *" if name in data.incomplete else ""
        rows.append([label + star, shown(name, now), shown(name, was), change])
    before = for_period("上期", data.period) + (f"（{data.offices_before} 个单位）" if data.before else "")
    notes = [f"{head}：{words}。" for head, words in data.facts] + [COUNTED_TWICE]
    doc.annex(
        data.title, (Column("指标", 66), Column("合计", 30, "right", fit=True), Column(before, 30, "right", fit=True),
                     Column("增减", 30, "right", fit=True)), rows, label="", unit_left=left, unit_right=right,
        notes=[f"{n}. {note}" for n, note in enumerate(notes, 1)], landscape=False,
    )  # fmt: skip


def _clauses(doc: ReportDocument, data: RollUpData, left: str, right: str) -> None:
    used = data.statuses
    if not data.clauses:
        return
    columns = [Column("条款", 24), Column("要求", 84)]
    columns += [Column(STATUSES[s], 15, "right", fit=True, group="单位数（个）") for s in used]
    rows = [[c, title, *(str(counts.get(s, 0)) for s in used)] for c, title, counts in data.clauses]
    doc.annex(f"{data.period.label}各条要求落实情况", columns, rows, label="", unit_left=left, unit_right=right)


def _told(figures: Mapping[str, int | None], name: str) -> str:
    return shown(name, figures.get(name))


def _hidden(offices: Sequence[OfficeLine]) -> set[int]:
    return hidden_rows([{"person_times": o.figures.get("blood_person_times") or 0} for o in offices])
