"""The names that a template may ask for, and what stands behind them in a quarter.

A name is ``group.item``. Groups of single figures may stand anywhere; groups of records (队伍, 队员 …) repeat the row they
stand in, once for each record.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from db.records.amounts import Count, Hours, Money, Year
from db.records.choices import OFFICE_ITEMS
from db.records.entities import BY_NAME
from db.records.fields import Row
from db.records.kinds import Cell, Date, Kind, Ref, Refs, Text
from db.records.statuses import STATUSES, STRENGTHS
from db.rules.verdicts import bound, summary
from forms.report import quarterly
from forms.report.figure_labels import LABELS, shown
from forms.report.quarterly import QuarterData
from forms.report.situation import citation, measure, problems, situation

PLACEHOLDER = re.compile(r"[{｛]{2}([^{}｛｝]+)[}｝]{2}")
_DOTS = re.compile(r"[．。·・]")
_YES_NO = {0: "否", 1: "是"}


class Words(Text):
    """Text that is ready to be shown."""


def _figure_label(label: str) -> str:
    return label.split("（")[0]


@dataclass(frozen=True)
class Item:
    """One name within a group: the key of its value in a row, how it is shown, whether it is masked."""

    label: str
    key: str
    kind: Kind = field(default_factory=Words)
    masked: bool = False


@dataclass(frozen=True)
class Group:
    """Names that belong together; `repeats` for records, of which there are any number."""

    label: str
    items: tuple[Item, ...]
    repeats: bool = False
    about: str = ""

    def item(self, label: str) -> Item | None:
        """Return the item of a label, its unit in brackets left out or not, or None."""
        return next((i for i in self.items if label and label in (i.label, _figure_label(i.label))), None)


def _figure_kind(name: str) -> Kind:
    return Money() if name.endswith("_fen") else Hours() if name.endswith("_minutes") else Count()


FIGURES = tuple(Item(_figure_label(label), name, _figure_kind(name)) for name, label in LABELS.items())
# What an office has and a team has not.
OFFICE_ONLY = frozenset(n for n in LABELS if n.startswith(("teams_", "subteams_", "volunteers_", "policies_")))
_TEAM_FIGURES = tuple(i for i in FIGURES if i.key not in OFFICE_ONLY)
_MONEY = tuple(i for i in FIGURES if i.key.endswith("_fen"))
_NUMBER = Item("序号", "number", Count())


def _fields(name: str, *wanted: str) -> tuple[Item, ...]:
    """Return items for a record's fields, by default all; a reference is shown as the title of what it refers to."""
    fields = [BY_NAME[name][w] for w in wanted] if wanted else list(BY_NAME[name].fields)
    return tuple(
        Item(f.label, f.name, Words() if isinstance(f.kind, Ref | Refs) else f.kind, f.masked) for f in fields
    )  # fmt: skip


_TEAM = (
    _NUMBER, Item("名称", "name"), *_fields("team"), Item("情况备注", "remark"), *_TEAM_FIGURES,
)  # fmt: skip
_VOLUNTEER = _fields("volunteer")

GROUPS = (
    Group("本会", tuple(Item(label, key) for key, label in OFFICE_ITEMS)),
    Group("季度", (
        Item("名称", "label"), Item("年份", "year", Year()), Item("季度序号", "number", Year()),
        Item("起始日期", "start", Date()), Item("截止日期", "end", Date()), Item("填报日期", "issued", Date()),
        Item("填报日期大写", "issued_words"), Item("截止日期大写", "end_words"),
    )),
    Group("合计", FIGURES, about="全部队伍；每人只计一次"),
    Group("本级", _TEAM_FIGURES, about="本级管理的队伍"),
    Group("其他单位", _TEAM_FIGURES, about="其他单位管理的队伍"),
    Group("共用", _MONEY, about="不属于哪支队伍的经费"),
    Group("上季度", FIGURES, about="上一季度的合计"),
    Group("上年同期", FIGURES, about="去年同一季度的合计"),
    Group("概况", (
        Item("本级队伍数", "teams_own_end", Count()), Item("其他单位队伍数", "teams_other_end", Count()), Item("队伍数", "teams_end", Count()),
        Item("分队数", "subteams_end", Count()), Item("暂停队伍数", "suspended", Count()), Item("新成立队伍数", "teams_founded", Count()),
        Item("撤销队伍数", "teams_dissolved", Count()), Item("登记志愿者数", "volunteers_end", Count()),
        Item("新登记志愿者数", "volunteers_joined", Count()), Item("退出志愿者数", "volunteers_left", Count()),
        Item("有志愿者网编号人数", "volunteers_network_end", Count()),
    )),
    Group("体检", (Item("总条数", "all", Count()), *(Item(f"{label}条数", key, Count()) for key, label in STATUSES.items()))),
    Group("队伍", _TEAM, True, "季度报告列出的全部队伍"),
    Group("本级队伍", _TEAM, True, "其中本级管理的队伍"),
    Group("其他队伍", _TEAM, True, "其中其他单位管理的队伍"),
    Group("队员", (
        _NUMBER, Item("队伍名称", "team"), *_VOLUNTEER, *_fields("membership", "role", "joined_on"), Item("季末在保", "insured"),
    ), True, "季末在队的队员，每队分别列出"),
    Group("志愿者", (_NUMBER, *_VOLUNTEER), True, "季末登记在册的志愿者"),
    Group("培训", (
        _NUMBER, *_fields("training"), Item("实际参训人次", "took_part", Count()), Item("合格人数", "passed", Count()),
    ), True, "本季度的培训"),
    Group("保险", (_NUMBER, *_fields("insurance_policy"), Item("季末在保人数", "persons", Count())), True, "季末有效的保险单"),
    Group("未保", (
        _NUMBER, *_fields("volunteer", "name", "phone"), Item("所在队伍", "teams"), Item("上次保障终止", "ended_on", Date()),
        Item("下次保障开始", "begins_on", Date()),
    ), True, "季末在队而未保的人"),
    Group("经费", (_NUMBER, *_fields("fund_entry")), True, "本季度的收支"),
    Group("活动", (_NUMBER, *_fields("activity")), True, "本季度的活动"),
    Group("条款", (
        _NUMBER, Item("编号", "id"), Item("要求", "title"), Item("依据", "citation"), Item("性质", "strength"),
        Item("情况", "message"), Item("结果", "status"), Item("整改办法", "fix"),
    ), True, "通知的各条"),
)  # fmt: skip
BY_LABEL = {g.label: g for g in GROUPS}

# Other words that people use for a name.
ALIASES = {
    "培训学时": "培训人学时",
    "队员人数": "季末在队人数", "在队人数": "季末在队人数", "在保人数": "季末在保人数", "未保人数": "季末未保人数",
    "培训次数": "培训期数", "本季度收入": "本季收入", "本季度支出": "本季支出", "结余": "季末结余", "负责人": "队长", "负责人电话": "队长电话",
    "服务领域": "主要领域", "身份证号": "证件号码", "身份证号码": "证件号码", "手机号": "手机号码", "电话": "手机号码",
}  # fmt: skip


@dataclass(frozen=True)
class Values:
    """A quarter's values: rows of single groups by label, and the records of groups that repeat."""

    single: Mapping[str, Mapping[str, Any]]
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    masked: bool = True

    def row(self, group: Group, number: int) -> Mapping[str, Any]:
        """Return the values of a group; of a repeating one, those of record `number`."""
        return self.records[group.label][number] if group.repeats else self.single[group.label]

    def cell(self, group: Group, item: Item, number: int = 0) -> Cell:
        """Return what goes into a cell of its own: a number, a day or a text."""
        value = self.row(group, number).get(item.key)
        if value is None:
            return None
        if self.masked and (item.masked or item.kind.free):
            return item.kind.mask(value)
        found = item.kind.to_cell(value)
        if isinstance(item.kind, Hours) and isinstance(found, Decimal):
            # As everywhere on paper: one decimal.
            return found.quantize(Decimal("0.1"), ROUND_HALF_UP)
        return found

    def text(self, group: Group, item: Item, number: int = 0) -> str:
        """Return what stands within a longer text."""
        value = self.row(group, number).get(item.key)
        if value is None:
            return ""
        if self.masked and (item.masked or item.kind.free):
            return item.kind.mask(value)
        return shown(item.key, value) if item.key in LABELS else item.kind.show(value)


@lru_cache(maxsize=4096)
def find(name: str) -> tuple[Group, Item] | None:
    """Return the group and item of a name as it stands in a template, or None for an unknown one."""
    label, _, rest = _DOTS.sub(".", "".join(name.split())).partition(".")
    group = BY_LABEL.get(label)
    item = group.item(rest) or group.item(ALIASES.get(rest, "")) if group else None
    return (group, item) if group and item else None


def all_names() -> list[str]:
    """Return every name."""
    return [f"{g.label}.{i.label}" for g in GROUPS for i in g.items]


def near(name: str) -> list[str]:
    """Return the names that someone who wrote `name` may have meant."""
    plain = _DOTS.sub(".", "".join(name.split()))
    names = all_names()
    last = plain.rpartition(".")[2]
    same = [n for n in names if n.rpartition(".")[2] in (last, ALIASES.get(last))]
    return list(dict.fromkeys([*difflib.get_close_matches(plain, names, 3, 0.5), *same]))[:3]


def quarter_values(data: QuarterData, records: Mapping[str, Sequence[Row]], *, masked: bool = True) -> Values:
    """Return the values behind all names; `records` are the rows of `db.queries.template_rows`, by its names."""
    figures, quarter = data.figures, data.quarter
    results = [r for r in bound(data.results) if r.listed]  # the others are in no total, and on no paper
    nothing: dict[str, Any] = {i.key: 0 for i in _TEAM_FIGURES}
    single = {
        "本会": data.office,
        "季度": {
            "label": quarter.label, "year": quarter.year, "number": quarter.number, "start": quarter.start.isoformat(),
            "end": quarter.end.isoformat(), "issued": data.issued_on.isoformat(),
            "issued_words": quarterly.chinese_date(data.issued_on), "end_words": quarterly.chinese_date(quarter.end),
        },
        "合计": figures["office"], "本级": data.groups.get("own", nothing), "其他单位": data.groups.get("other", nothing),
        "共用": figures["shared"], "上季度": data.before, "上年同期": data.last_year,
        "概况": figures["office"] | {"suspended": data.overview["suspended"]},
        "体检": dict.fromkeys(STATUSES, 0) | summary(results) | {"all": len(results)},
    }  # fmt: skip
    by_name = {str(row["name"]): row for row in records["teams"]}
    teams = [
        dict(by_name[line.name]) | line.figures | {"remark": line.note, "own": line.figures.get("own_level")}
        for line in quarterly.team_lines(data) if line.style == "row"
    ]  # fmt: skip
    wrong = problems(results)
    clauses = [
        {
            "id": r.clause.id, "title": r.clause.title, "citation": citation(r.clause), "message": situation(r),
            "strength": STRENGTHS[r.clause.strength], "status": STATUSES[r.status], "fix": measure(r) if r in wrong else "",
        }
        for r in results
    ]  # fmt: skip
    listed: dict[str, Sequence[Mapping[str, Any]]] = {
        "队伍": teams, "本级队伍": [t for t in teams if t["own"]], "其他队伍": [t for t in teams if not t["own"]],
        "队员": [dict(row) | {"insured": _YES_NO[int(row["insured"] or 0)]} for row in records["members"]],
        "志愿者": records["volunteers"], "培训": records["trainings"], "保险": records["policies"],
        "未保": records["uncovered"], "经费": records["entries"], "活动": records["activities"], "条款": clauses,
    }  # fmt: skip
    numbered = {label: [dict(row) | {"number": n} for n, row in enumerate(rows, 1)] for label, rows in listed.items()}
    return Values(single, numbered, masked)
