"""Tiny offices for cases worked out by hand: what a row leaves out is empty."""

import datetime as dt

from tests.offices.workbook import SHEETS
from tests.oracle.base import Office, Row, Value
from tests.oracle.computed import check

D = dt.date
OWN = "青石县红十字会"
LONG_AGO, NEW_YEAR, EARLY = D(2024, 1, 1), D(2026, 1, 1), D(2026, 2, 1)
MID, EVE, LAST = D(2026, 6, 30), D(2026, 12, 30), D(2026, 12, 31)


def an_office(level: str = "县级", answers: dict[str, str] | None = None, **sheets: list[Row]) -> Office:
    """An office with the given rows, and answers in 本会情况 from the beginning."""
    items = {"单位名称": OWN, "层级": level, "行政区划代码": "330624"} | (answers or {})
    profile: list[Row] = [{"项目": item, "内容": content, "起始日期": None} for item, content in items.items()]
    return {"本会情况": profile} | {
        sheet: [dict.fromkeys(SHEETS[sheet]) | row for row in rows] for sheet, rows in sheets.items()
    }


def answer(office: Office, item: str, content: str | None, since: dt.date | None = None) -> Office:
    """The same office with one more row of 本会情况."""
    more: Row = {"项目": item, "内容": content, "起始日期": since}
    return office | {"本会情况": [*office["本会情况"], more]}


def team(name: str = "甲队", **more: Value) -> Row:
    """An own-level team of 应急救护, founded in 2020."""
    return {"队伍名称": name, "主管单位": OWN, "主要领域": "应急救护", "成立日期": D(2020, 1, 1)} | more


def blood(name: str = "甲队", **more: Value) -> Row:
    """An own-level team of 无偿献血."""
    return team(name, 主要领域="无偿献血", **more)


def branch(above: str = "甲队", name: str = "甲一分队", **more: Value) -> Row:
    """A 分队."""
    return team(name, 上级队伍=above, **more)


def member(
    person: str = "1", name: str = "甲队", since: dt.date = LONG_AGO, gone: dt.date | None = None, **more: Value
) -> Row:
    """A row of 队员."""
    return {"队伍名称": name, "姓名": "某人", "证件号码": person, "入队日期": since, "退队日期": gone} | more


def person(number: str = "1", since: dt.date = LONG_AGO, **more: Value) -> Row:
    """A row of 志愿者."""
    return {"姓名": "某人", "证件类型": "护照", "证件号码": number, "登记日期": since} | more


def note(kind: str, on: dt.date = EARLY, **more: Value) -> Row:
    """A row of 工作记录 on 无偿献血."""
    return {"类别": kind, "日期": on, "标题": kind, "主题": "无偿献血"} | more


def money(yuan: Value, on: dt.date, direction: str = "收入", **more: Value) -> Row:
    """A row of 经费收支 of 甲队."""
    return {"日期": on, "收支方向": direction, "科目": "活动费", "金额（元）": yuan, "队伍名称": "甲队"} | more


def status(office: Office, clause: str, *day: int) -> str:
    """What a computed clause comes to."""
    return check(office, D(*day))[clause].status
