"""The independent reading of the semi-automatic clauses: what the records of an office propose on a day.

`verdicts` answers for every such clause of the three papers, and for the self-assessed ones that ask whether there are
universities.  Gates come first; then the clause itself.  The paper of one district is read here.

Readings chosen where the contract leaves room:

* S24-2.3-5, -6: units are the rows with the number of people filled; one without 拟动员人数 is unknown and counts in n.
  What was targeted or done is in 人份, not persons, and is not held against the ceiling.
* The self-assessed university clauses are `not_applicable`, `missing_data` or wait for an assessment by the same words
  as the semi-automatic ones.
"""

import datetime as dt

from tests.oracle.base import EARLIEST, Office, Row, Verdict, rows, text, within
from tests.oracle.register import REGISTER, gate
from tests.oracle.semi_b25 import CLAUSES as B25
from tests.oracle.semi_b25_later import CLAUSES as B25_LATER
from tests.oracle.semi_terms import (
    NOT_APPLICABLE,
    Check,
    contains,
    filled,
    first_that_applies,
    in_year,
    university_clause,
    valid_notes,
    whole,
    year_notes,
    year_rule,
)
from tests.oracle.semi_z34 import CLAUSES as Z34
from tests.oracle.semi_z34_later import CLAUSES as Z34_LATER

__all__ = ["CLAUSES", "proposals", "verdicts"]


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
            (k == len(group), "met"),
            (len(asked) < len(group), "missing_data"),
            (True, "explain"),
        )
        return Verdict(status, k, len(group))

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


# ---------------------------------------------------------------- all of them


@university_clause
def to_assess(office: Office, as_of: dt.date) -> Verdict:
    """A self-assessed clause on universities, before anybody has rated it."""
    return Verdict("missing_evidence")


SELF: dict[str, Check] = {"B25-3.1-9": to_assess, "B25-4-8": to_assess}
CLAUSES: dict[str, Check] = Z34 | Z34_LATER | B25 | B25_LATER | S24 | SELF
assert {clause for clause, row in REGISTER.items() if row.mode == "semi"} == CLAUSES.keys() - SELF.keys()


def verdicts(office: Office, as_of: dt.date) -> dict[str, Verdict]:
    """Every clause at a day, with what lies behind it."""
    return {
        clause: Verdict(closed) if (closed := gate(office, clause, as_of)) else check(office, as_of)
        for clause, check in CLAUSES.items()
    }


def proposals(office: Office, as_of: dt.date) -> dict[str, tuple[str, int | None, int | None]]:
    """Proposed status, k and n of every clause at a day."""
    return {clause: (v.status, v.k, v.n) for clause, v in verdicts(office, as_of).items()}
