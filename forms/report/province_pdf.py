"""省级汇总表 on paper: the rows, comparisons and relations of the workbook's first sheet, set to be signed and sealed."""

from db.records.amounts import figure
from db.records.numbers_in_text import starred
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import COLLECTED, UNKNOWN, for_period, label_of, shown
from forms.report.province_form import COLUMNS, FAILED, NOTES, PASSED, TITLE, UNIT, relations
from forms.report.quarterly import QuarterData, chinese_date, signers


def province_pdf(data: QuarterData) -> bytes:
    """Return the table as PDF; raises `MissingGlyphs` before anything is set."""
    words = data.words
    columns = [
        Column("序号", 9, "center", fit=True), Column("项目", 46),
        *(Column(label, 17, "right", fit=True) for label in (
            words.this, words.before, "比上期增减", "上年同期", "比上年同期增减", "本年累计",
        )),
    ]  # fmt: skip
    rows: list[TableRow | list[str]] = []
    number = 0
    for section, names in COLLECTED.items():
        rows.append(TableRow([section, *[""] * 7], "group"))
        for name in names:
            number += 1
            rows.append([str(number), label_of(name, data.quarter), *_figures(data, name)])
    rows.append(TableRow([f"审核关系（{PASSED} 相符，{FAILED} 不符，{UNKNOWN} 有未知数）", *[""] * 7], "group"))
    for relation in relations():
        now, before, last_year, year = (relation.result(data.province[name]) for name, _ in COLUMNS)
        rows.append(["", for_period(relation.words, data.quarter), now, before, "", last_year, "", year])
    doc = ReportDocument(
        f"{data.name}{data.quarter.label}{TITLE}", author=data.name, subject=str(data.quarter), issued_on=data.issued_on,
        veil=starred,
    )  # fmt: skip
    doc.mark(data.mark)
    doc.annex(
        f"{data.quarter.label}{TITLE}", columns, rows, label="", unit_left=f"填报单位：{data.name}（盖章）",
        unit_right=f"统计截止：{chinese_date(data.as_of)}　单位：{UNIT}", foot=signers(data),
        notes=[f"{n}. {for_period(note, data.quarter)}" for n, note in enumerate(NOTES, 1)], landscape=False,
    )  # fmt: skip
    return doc.render()


def _figures(data: QuarterData, name: str) -> list[str]:
    """Return a row's six figures: now, before, change, last year, change, the year so far."""
    now, before, last_year, year = (data.province[column].get(name) for column, _ in COLUMNS)

    def change(other: int | None) -> str:
        return UNKNOWN if now is None or other is None else _shown(name, now - other)

    return [
        _shown(name, now), _shown(name, before), change(before), _shown(name, last_year), change(last_year), _shown(name, year),
    ]  # fmt: skip


def _shown(name: str, value: int | None) -> str:
    """Return a figure as the workbook shows it; a share of the population in ‰ with two decimals."""
    if value is not None and name.endswith("_per_million"):
        return figure(value / 1000, 2)
    return shown(name, value)
