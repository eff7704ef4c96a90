"""Z34-3.1-1: party members of a team's tree, counted by date, and its party organisation.

Readings chosen where the contract leaves room:

* “The sum of its 分队's counts” runs over all 分队 of the tree at once, whatever their depth.
* A row with a date and without 正式党员数 is no count; so is a number without a date.
* The four lines of the contract are taken in their order: an active organisation comes before an unknown count.
* A 党组织 is by its dates; one with 党组织名称 and without 成立日期 is unknown, whatever else is filled.
"""

import datetime as dt

from tests.oracle.base import (
    ONE_DAY,
    Office,
    Row,
    Verdict,
    active,
    base_teams,
    day,
    months_before,
    name_of_team,
    number,
    rows,
    subteams,
    text,
)

TOLERANCE = 15
"""Days after as_of within which a count is taken for as_of."""

Count = tuple[int, int]
"""正式, and 正式 and 预备 together."""


def dated_counts(office: Office, team: Row) -> dict[dt.date, Count]:
    """All dated counts of a team: those of 党员统计, and the one beside the team itself."""
    mine = [row for row in rows(office, "党员统计") if text(row, "队伍名称") == name_of_team(team)]
    found = {}
    for row, heading in [*((row, "统计日期") for row in mine), (team, "党员数统计日期")]:
        on, full = day(row, heading), number(row, "正式党员数")
        if on is not None and full is not None:
            found[on] = (int(full), int(full) + int(number(row, "预备党员数") or 0))
    return found


def count_of(office: Office, team: Row, as_of: dt.date) -> Count | None:
    """A team's count at a day, or None where it is unknown."""
    counts = dated_counts(office, team)
    past = [on for on in counts if months_before(as_of, 12) <= on <= as_of]
    soon = [on for on in counts if as_of < on <= as_of + TOLERANCE * ONE_DAY]
    if past:
        return counts[max(past)]
    return counts[min(soon)] if soon else None


def party_members(office: Office, team: Row, as_of: dt.date) -> Count | None:
    """The larger of a team's own count and the sum of its 分队's, each of the two numbers for itself."""
    own = count_of(office, team, as_of)
    below = [count for other in subteams(office, team, as_of) if (count := count_of(office, other, as_of)) is not None]
    if own is None and not below:
        return None
    full, total = own or (0, 0)
    return max(full, sum(one for one, _ in below)), max(total, sum(both for _, both in below))


def organisation(office: Office, team: Row, as_of: dt.date) -> str:
    """active, unknown or none: over the tree."""
    whole = [team, *subteams(office, team, as_of)]
    if any(active(one, "党组织成立日期", "党组织撤销日期", as_of) for one in whole):
        return "active"
    unknown = any(text(one, "党组织名称") and day(one, "党组织成立日期") is None for one in whole)
    return "unknown" if unknown else "none"


def party_state(office: Office, team: Row, as_of: dt.date) -> str:
    """One base team: present, fail, missing, explain or nothing."""
    there, count = organisation(office, team, as_of), party_members(office, team, as_of)
    full, total = count or (0, 0)
    if there == "active":
        return "present" if full >= 3 else "nothing"
    if full >= 3:
        return "missing" if there == "unknown" else "fail"
    if total >= 3:
        return "missing" if there == "unknown" else "explain"
    return "missing" if count is None else "nothing"


def z34_3_1_1(office: Office, as_of: dt.date) -> Verdict:
    """Any fail -> not_met; any missing -> missing_data; any explain -> explain; any present -> met."""
    states = [party_state(office, team, as_of) for team in base_teams(office, as_of)]
    k, n = states.count("present"), states.count("present") + states.count("fail")
    order = {"fail": "not_met", "missing": "missing_data", "explain": "explain", "present": "met"}
    for state, status in order.items():
        if state in states:
            return Verdict(status, k, n)
    return Verdict("not_applicable")
