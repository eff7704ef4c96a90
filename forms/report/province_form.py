"""省级汇总表: what a province collects, with comparisons, the year so far, and relations that check themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.records.kinds import Cell
from forms.excel.workbook import Book
from forms.report.figure_labels import COLLECTED, UNKNOWN, for_period, label_of
from forms.report.quarterly import QuarterData
from forms.report.statistical_form import Form, FormColumn, Sum, number

# The four columns of figures, by the name under which `QuarterData.province` holds them.
COLUMNS = (("now", "C"), ("before", "D"), ("last_year", "F"), ("year", "H"))
CHANGES = (("E", "before", "D"), ("G", "last_year", "F"))
_SHAPES = (("_fen", "money"), ("_minutes", "hours"), ("_per_million", "money"))
PASSED, FAILED = "√", "×"
TITLE, UNIT = "红十字志愿服务队伍情况汇总表", "支、人、人次、期、人学时、份、元、次、小时"
NOTES = (
    "季末数（在册、登记、在队、在保、结余等）的本年累计即截至统计日的数；上年同期和上期没有台账记录的填—，不是零。",
    "人道救助队伍列入其他领域；取证人数每人只计一次，普及人次为应急救护培训的其他参训人次。",
)


@dataclass(frozen=True)
class Relation:
    """A figure that is the sum of others (`minus` taken off), or is not more than it."""

    words: str
    left: str
    right: Sequence[str]
    minus: Sequence[str] = ()
    at_most: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All figures in it."""
        return (self.left, *self.right, *self.minus)

    def formula(self, column: str, rows: Mapping[str, int]) -> str:
        """Return the formula that checks it in a column; a dash where a figure is unknown."""
        cells = {name: f"{column}{rows[name]}" for name in self.names}
        total = "+".join(cells[name] for name in self.right) + "".join(f"-{cells[name]}" for name in self.minus)
        difference = f"ROUND({cells[self.left]}-({total}),2)"
        test = f"{difference}{'<=' if self.at_most else '='}0"
        known = f"COUNT({','.join(cells.values())})={len(cells)}"
        return f'=IF({known},IF({test},"{PASSED}","{FAILED}"),"{UNKNOWN}")'

    def result(self, figures: Mapping[str, int | None]) -> str:
        """Return what the formula comes to."""
        known = {name: value for name in self.names if (value := figures.get(name)) is not None}
        if len(known) < len(set(self.names)):
            return UNKNOWN
        difference = known[self.left] - sum(known[n] for n in self.right) + sum(known[n] for n in self.minus)
        return PASSED if (difference <= 0 if self.at_most else difference == 0) else FAILED


def relations() -> tuple[Relation, ...]:
    """Return the relations that stand under the table."""
    domains = [name for name in COLLECTED["队伍"] if name.startswith("teams_domain_")]
    sources = [name for name in COLLECTED["经费"] if name.startswith("income_from_")]
    return (
        Relation("在册队伍＝本级管理＋其他单位管理", "teams_end", ("teams_own_end", "teams_other_end")),
        Relation("在册队伍＝各领域队伍之和", "teams_end", domains),
        Relation("季末在队人次＝季初在队人次＋入队－退队", "members_end", ("members_start", "members_joined"), ("members_left",)),
        Relation("在队人数＝在保人数＋未保人数", "persons_end", ("insured_end", "uninsured_end")),
        Relation("在队人数≤在队人次", "persons_end", ("members_end",), at_most=True),
        Relation("志愿者网注册≤登记志愿者", "volunteers_network_end", ("volunteers_end",), at_most=True),
        Relation("参训人数≤参训人次", "training_persons", ("training_person_times",), at_most=True),
        Relation("服务人数≤服务人次", "service_persons", ("service_person_times",), at_most=True),
        Relation("收入＝各来源收入之和", "income_fen", sources),
    )  # fmt: skip


def province_form(book: Book, data: QuarterData) -> Form:
    """Add the table to the workbook."""
    words = data.words
    columns = (
        FormColumn("number", "序号", 6, "mark"), FormColumn("item", "项目", 36), FormColumn("now", words.this, 15, "money"),
        FormColumn("before", words.before, 15, "money"), FormColumn("change", "比上期增减", 14, "money"),
        FormColumn("last_year", "上年同期", 15, "money"), FormColumn("year_change", "比上年同期增减", 14, "money"),
        FormColumn("year", "本年累计", 15, "money"),
    )  # fmt: skip
    form = Form(
        book, "汇总表", f"{data.quarter.label}{TITLE}", data, columns,
        unit=UNIT, numbered=True, landscape=False,
    )  # fmt: skip
    rows: dict[str, int] = {}
    for section, names in COLLECTED.items():
        form.add([None, section, *[None] * 6], strong=True)
        for name in names:
            rows[name] = form.row + 1
            shape = next((shape for end, shape in _SHAPES if name.endswith(end)), "whole")
            cells: list[Cell | Sum] = [len(rows), label_of(name, data.quarter), *[None] * 6]
            for column, letter in COLUMNS:
                cells[ord(letter) - ord("A")] = number(name, data.province[column].get(name))
            now = data.province["now"].get(name)
            for letter, column, beside in CHANGES:
                before = data.province[column].get(name)
                at = ord(letter) - ord("A")
                if now is None or before is None:
                    cells[at] = UNKNOWN
                else:
                    cells[at] = Sum(f"=C{rows[name]}-{beside}{rows[name]}", number(name, now - before))
            form.add(cells, forms=dict.fromkeys(range(2, 8), shape))
    form.keys = rows
    form.add([None, f"审核关系（{PASSED} 相符，{FAILED} 不符，{UNKNOWN} 有未知数）", *[None] * 6], strong=True)
    for relation in relations():
        cells = [None, for_period(relation.words, data.quarter), *[None] * 6]
        for column, letter in COLUMNS:
            cells[ord(letter) - ord("A")] = Sum(
                relation.formula(letter, rows), relation.result(data.province[column])
            )  # fmt: skip
        form.add(cells)
    form.finish(NOTES)
    return form
