"""An independent reading of the semi-automatic clauses: what the records of an office propose on a day.

`proposals` answers for every such clause of the three papers, and for the insurance rule, which is computed outright.
Gates come first; then the clause itself.  The paper of one district is read here, the notices in their own modules.
"""

import datetime as dt

from tests.oracle.base import (
    EARLIEST,
    LATEST,
    Office,
    Row,
    day,
    in_force,
    level,
    profile,
    quarter_start,
    rows,
    text,
    with_platform_number,
    within,
)
from tests.oracle.computed import B25_DATE, Z34_DATE, Verdict
from tests.oracle.semi_b25 import CALENDAR_YEAR
from tests.oracle.semi_b25 import CLAUSES as B25
from tests.oracle.semi_b25_later import CLAUSES as B25_LATER
from tests.oracle.semi_terms import (
    NOT_APPLICABLE,
    ONE_DAY,
    Check,
    contains,
    filled,
    first_that_applies,
    in_year,
    valid_notes,
    whole,
    year_notes,
    year_rule,
)
from tests.oracle.semi_z34 import CLAUSES as Z34
from tests.oracle.semi_z34_later import CLAUSES as Z34_LATER

__all__ = ["CLAUSES", "INSURANCE_DATE", "proposals", "verdicts"]

INSURANCE_DATE = dt.date(2017, 12, 1)


# ---------------------------------------------------------------- the paper of one district


def units(*scopes: str, target: int) -> Check:
    """Units of 200 ml in the year against a target."""

    def check(office: Office, as_of: dt.date) -> Verdict:
        done = [row for row in rows(office, "献血完成") if text(row, "口径") in scopes and in_year(row, "日期", as_of)]
        k = sum(whole(row, "毫升数") for row in done) // 200
        return Verdict(year_rule(k >= target, "explain", as_of) if done else "missing_data", k, target)

    return check


def targets(office: Office, as_of: dt.date) -> list[Row]:
    """献血目标 of the year."""
    return [row for row in rows(office, "献血目标") if whole(row, "年度") == as_of.year]


def drill(office: Office, as_of: dt.date) -> Verdict:
    """The emergency drill."""
    held = year_notes(office, "其他", as_of, sub_has="应急献血演练")
    k = sum(whole(row, "数量") for row in held)
    known = any(filled(row, "数量") for row in held)
    return Verdict(year_rule(k >= 400, "explain", as_of) if known else "missing_data", k, 400)


def ceiling(heading: str, per_mille: int) -> Check:
    """拟动员人数 within the share of a group."""

    def check(office: Office, as_of: dt.date) -> Verdict:
        group = [row for row in targets(office, as_of) if filled(row, heading)]
        asked = [row for row in group if filled(row, "拟动员人数")]
        k = sum(whole(row, "拟动员人数") <= whole(row, heading) * per_mille // 1000 for row in asked)
        status = first_that_applies(
            (not group, NOT_APPLICABLE),
            (not asked, "missing_data"),
            (k == len(asked), "met"),
            (True, "explain"),
        )
        return Verdict(status, k, len(asked))

    return check


def district_reserve(office: Office, as_of: dt.date) -> Verdict:
    """The reserve of the whole district."""
    kept = [
        whole(row, "应急血源储备人份")
        for row in targets(office, as_of)
        if text(row, "单位或街镇") in ("全区", "松江区") and filled(row, "应急血源储备人份")
    ]
    k = max(kept, default=0)
    return Verdict(first_that_applies((not kept, "missing_data"), (k >= 400, "met"), (True, "explain")), k, 400)


def township_reserve(office: Office, as_of: dt.date) -> Verdict:
    """The reserve of every 街镇."""
    states = []
    for town in rows(office, "街镇"):
        kept = [
            row
            for row in targets(office, as_of)
            if text(row, "单位或街镇") == text(town, "名称") and filled(row, "应急血源储备人份")
        ]
        good = any(
            whole(row, "应急血源储备人份") >= 25 and within(row, "储备上报日期", EARLIEST, as_of) for row in kept
        )
        states.append("good" if good else "short" if kept else "missing")
    status = first_that_applies(
        (not states, "missing_data"),
        ("short" in states, "explain"),
        ("missing" in states, "missing_data"),
        (True, "met"),
    )
    return Verdict(status, states.count("good"), len(states))


def holidays(office: Office, as_of: dt.date) -> Verdict:
    """Blood activities on memorial days and holidays."""
    k = sum(
        (filled(row, "纪念日") or contains(row, "主题", "节假日"))
        and (
            text(row, "活动类别") in ("献血招募", "预约献血", "团体献血")
            or contains(row, "活动名称", "献血")
            or contains(row, "主题", "献血")
            or text(row, "纪念日") == "世界献血者日"
        )
        for row in rows(office, "活动")
        if in_year(row, "开始日期", as_of)
    )
    return Verdict(year_rule(k > 0, "explain", as_of), k)


def service_training(office: Office, as_of: dt.date) -> Verdict:
    """Trainings of volunteers on blood donation."""
    k = sum(
        text(row, "含无偿献血科普") == "是"
        and text(row, "培训类别") in ("志愿者培训", "骨干培训", "专业技能培训")
        and in_year(row, "开始日期", as_of)
        for row in rows(office, "培训")
    )
    return Verdict(year_rule(k > 0, "explain", as_of), k)


def emergency_donors(office: Office, as_of: dt.date) -> Verdict:
    """Heads of the emergency donors."""
    kept = valid_notes(office, "其他", as_of, sub_has="应急献血者队伍")
    k = sum(whole(row, "数量") for row in kept)
    return Verdict(first_that_applies((not kept, "recorded"), (k > 0, "met"), (True, "missing_data")), k)


S24: dict[str, Check] = {
    "S24-1-1": units("团体", "街头", "高校", target=31270),
    "S24-1-3": units("团体", "街头", target=23770),
    "S24-1-4": drill,
    "S24-1-5": units("高校", target=7500),
    "S24-2.3-3": units("团体", target=15000),
    "S24-2.3-5": ceiling("职工人数", 65),
    "S24-2.3-6": ceiling("无工作单位公民人数", 25),
    "S24-2.3-7": district_reserve,
    "S24-2.3-8": township_reserve,
    "S24-2.3-12": units("街头", target=8770),
    "S24-2.3-14": holidays,
    "S24-2.3-15": service_training,
    "S24-2.4-3": emergency_donors,
}


# ---------------------------------------------------------------- insurance before activities with danger


def covered_on(office: Office, person: str, on: dt.date) -> bool:
    """A policy covers the person on the day."""

    def current(row: Row, first: str, last: str) -> bool:
        return in_force(day(row, first) or EARLIEST, day(row, last) or LATEST, on)

    policies = {
        text(row, "保单号"): text(row, "承保方式")
        for row in rows(office, "保险单")
        if current(row, "起始日期", "终止日期")
    }
    if "平台自动" in policies.values() and person in with_platform_number(office):
        return True
    return any(
        text(row, "证件号码") == person
        and policies.get(text(row, "保单号")) in ("记名名单", "按活动")
        and current(row, "保障起始日期", "保障终止日期")
        for row in rows(office, "被保险人")
    )


def insurance(office: Office, as_of: dt.date) -> Verdict:
    """Participants of the quarter's dangerous activities who were covered on every day."""
    dangerous = [
        row
        for row in rows(office, "活动")
        if text(row, "有人身危险") == "是" and within(row, "开始日期", quarter_start(as_of), as_of)
    ]
    k = n = without = 0
    for row in dangerous:
        people = {
            text(served, "证件号码")
            for served in rows(office, "服务记录")
            if text(served, "活动编号") == text(row, "活动编号")
        }
        first = day(row, "开始日期")
        assert first is not None
        days = [first + ONE_DAY * step for step in range(((day(row, "结束日期") or first) - first).days + 1)]
        without += not people
        n += len(people)
        k += sum(all(covered_on(office, person, on) for on in days) for person in people)
    status = first_that_applies(
        (not dangerous, NOT_APPLICABLE),
        (k < n, "partial" if k else "not_met"),
        (without > 0, "missing_data"),
        (True, "met"),
    )
    return Verdict(status, k, n)


# ---------------------------------------------------------------- gates


def closed_gate(office: Office, clause: str, as_of: dt.date) -> bool:
    """What no record can change: the place, the year, the notice's date, the level."""
    paper, number = clause.split("-", 1)
    if paper == "S24":
        here = profile(office, "行政区划代码").startswith("310117")
        return not here or as_of.year != 2024 or level(office) != "county"
    if paper == "Z34":
        return as_of < Z34_DATE
    if paper == "B25":
        county_free = number == "3.1-3" and level(office) == "county"
        return as_of < B25_DATE or county_free or (number in CALENDAR_YEAR and as_of.year == B25_DATE.year)
    return as_of < INSURANCE_DATE


CLAUSES: dict[str, Check] = Z34 | Z34_LATER | B25 | B25_LATER | S24 | {"ZT-17": insurance}


def verdicts(office: Office, as_of: dt.date) -> dict[str, Verdict]:
    """Every clause at a day, with what lies behind it."""
    return {
        clause: Verdict(NOT_APPLICABLE) if closed_gate(office, clause, as_of) else check(office, as_of)
        for clause, check in CLAUSES.items()
    }


def proposals(office: Office, as_of: dt.date) -> dict[str, tuple[str, int | None, int | None]]:
    """Proposed status, k and n of every clause at a day."""
    return {clause: (v.status, v.k, v.n) for clause, v in verdicts(office, as_of).items()}
