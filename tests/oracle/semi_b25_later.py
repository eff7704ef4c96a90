"""The independent reading of the notice of 2025, its parts four and five.

Readings chosen where the contract leaves room:

* B25-4-4: an office that has own media and nothing to compare with stays `not_applicable`, as the register has it.
* B25-4-10: what counts is tagged, in the season, of a theme category, with 献血 or 三献 in name or 主题; any other
  tagged activity of the season is to be explained when the season is over, like one outside it.
"""

import datetime as dt

from tests.oracle.base import (
    Office,
    Verdict,
    day,
    period_days,
    quarter_start,
    rows,
    text,
    within,
)
from tests.oracle.computed import THEME_KINDS
from tests.oracle.semi_b25 import blood_acts, kinds_of, says, year_acts
from tests.oracle.semi_terms import (
    NOT_APPLICABLE,
    Check,
    blood_quarter_start,
    blood_year,
    closed,
    contains,
    filled,
    first_that_applies,
    has_own_media,
    notes,
    on_blood,
    once_a_year,
    quarter_open,
    university_clause,
    whole,
    without,
    year_notes,
)


def b25_4_2(office: Office, as_of: dt.date) -> Verdict:
    """Publicity of the quarter."""
    k = len(blood_acts(office, blood_quarter_start(as_of), as_of, "宣传"))
    return Verdict(first_that_applies((k >= 1, "met"), (quarter_open(as_of), "in_progress"), (True, "attention")), k, 1)


def b25_4_3(office: Office, as_of: dt.date) -> Verdict:
    """Four kinds of places."""
    k = kinds_of(year_acts(office, as_of, "宣传"), "场所类型", ("社区", "农村", "机关", "企业"))
    status = first_that_applies(
        (k == 4, "met"), (not closed(as_of), "in_progress"), (k > 0, "partial"), (True, "not_met")
    )
    return Verdict(status, k, 4)


def b25_4_4(office: Office, as_of: dt.date) -> Verdict:
    """Own media against the same quarter of last year, or the quarter before."""
    everything = notes(office, "自有媒体发布")

    def counted(first: dt.date, last: dt.date) -> int:
        return sum(
            whole(row, "数量") if filled(row, "数量") else 1
            for row in on_blood(everything)
            if within(row, "日期", first, last)
        )

    quarter = (as_of.month + 2) // 3
    same = period_days(f"{as_of.year - 1}Q{quarter}")
    before = period_days(f"{as_of.year}Q{quarter - 1}" if quarter > 1 else f"{as_of.year - 1}Q4")
    base = next((days for days in (same, before) if any(within(row, "日期", *days) for row in everything)), None)
    k = counted(quarter_start(as_of), as_of)
    if (status := without(has_own_media(office, as_of))) is not None or base is None:
        return Verdict(status or NOT_APPLICABLE, k)
    n = counted(*base)
    return Verdict(first_that_applies((k > n, "met"), (quarter_open(as_of), "in_progress"), (True, "explain")), k, n)


def b25_4_5(office: Office, as_of: dt.date) -> Verdict:
    """People and knowledge in the own media."""
    told = on_blood(year_notes(office, "自有媒体发布", as_of))
    return blood_year(sum(any(contains(row, "子类", word) for row in told) for word in ("人物", "科普")), 2, as_of)


def b25_4_7(office: Office, as_of: dt.date) -> Verdict:
    """Works."""
    return once_a_year(len(on_blood(year_notes(office, "作品", as_of))), as_of)


@university_clause
def b25_4_9(office: Office, as_of: dt.date) -> Verdict:
    """Publicity by universities."""
    theirs = {text(team, "队伍名称") for team in rows(office, "志愿服务队伍") if text(team, "主管单位类型") == "高校"}
    acts = [row for row in year_acts(office, as_of, "宣传") if text(row, "主办队伍") in theirs]
    return once_a_year(len(acts) + len(on_blood(year_notes(office, "高校", as_of, sub="宣传活动"))), as_of)


def b25_4_10(office: Office, as_of: dt.date) -> Verdict:
    """The winter season."""
    year = as_of.year if as_of.month == 12 else as_of.year - 1
    first, last = dt.date(year, 12, 1), dt.date(year + 1, 3, 1) - dt.timedelta(days=1)
    tagged = [row for row in rows(office, "活动") if text(row, "冬季宣传") == "是"]
    proper = [row for row in tagged if text(row, "活动类别") in THEME_KINDS and says(row, "献血", "三献")]
    k = sum(within(row, "开始日期", first, min(last, as_of)) for row in proper)
    around = sum(within(row, "开始日期", dt.date(year, 3, 1), as_of) for row in tagged)
    status = first_that_applies(
        (k > 0, "met"), (as_of <= last, "in_progress"), (around > 0, "explain"), (True, "not_met")
    )
    return Verdict(status, k)


def b25_5_2(office: Office, as_of: dt.date) -> Verdict:
    """Problems open in the quarter."""
    since = blood_quarter_start(as_of)
    met = [
        row
        for row in on_blood(notes(office, "问题"))
        if within(row, "日期", dt.date.min, as_of) and (day(row, "有效期止") or since) >= since
    ]
    k, n = sum(within(row, "有效期止", dt.date.min, as_of) for row in met), len(met)
    return Verdict("recorded" if n == 0 else "in_progress" if k < n else "met", k, n)


CLAUSES: dict[str, Check] = {
    "B25-4-2": b25_4_2,
    "B25-4-3": b25_4_3,
    "B25-4-4": b25_4_4,
    "B25-4-5": b25_4_5,
    "B25-4-7": b25_4_7,
    "B25-4-9": b25_4_9,
    "B25-4-10": b25_4_10,
    "B25-5-2": b25_5_2,
}
