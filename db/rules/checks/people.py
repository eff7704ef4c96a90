"""Checks on volunteers and their training; persons are counted once, and an unknown date is never taken for a no."""

import calendar
import datetime as dt
from collections.abc import Mapping

from db.quarters import Quarter
from db.rules.checks.case import BASE_TEAMS, Case, Finding
from db.rules.checks.guidance import (
    Row,
    listed,
    names_any,
    new_year,
    records_in_force,
    within_year,
    year_is_closed,
)

ACTIVE = "registered_on <= :as_of AND (left_on IS NULL OR left_on > :as_of)"
MEMBER = "m.joined_on <= {day} AND (m.left_on IS NULL OR m.left_on > {day})"

# Whom a clause wants to become volunteers, and what nobody of them means.
_SOURCES: Mapping[str, tuple[frozenset[str], str]] = {
    "Z34-2.1-2": (frozenset(("rc_member", "fund_donor")), "explain"),
    "Z34-2.1-3": (
        frozenset((
            "first_aider", "first_aid_instructor", "rescue_member", "blood_donor", "hsc_registrant",
            "body_organ_registrant",
        )),
        "recorded",
    ),
}  # fmt: skip
_SPECIALIST = ("emergency_rescue", "first_aid", "elderly_care")
_STANDARD_WORDS = ("标准", "规程")


def _quarter_start(case: Case) -> str:
    return Quarter.of(case.as_of).start.isoformat()


def _volunteers(case: Case, column: str) -> list[Row]:
    """Return the volunteers who are active on the day: id, title and one column more, since they may be very many."""
    return case.query(f"SELECT id, name AS title, {column} FROM volunteer WHERE {ACTIVE} ORDER BY id")


def _new_volunteers(case: Case) -> list[Row]:
    return case.query(
        """SELECT id, name AS title, sources FROM volunteer
            WHERE registered_on BETWEEN :first AND :as_of ORDER BY id""",
        first=_quarter_start(case),
    )


def _any_volunteer(case: Case) -> bool:
    return bool(case.query("SELECT id FROM volunteer WHERE registered_on <= :as_of LIMIT 1"))


def volunteers_grow(case: Case, clause: str) -> Finding:
    """Volunteers at the quarter's start, joined, left and at its end; somebody has joined."""
    if not _any_volunteer(case):
        return Finding("missing_data", 0, facts={"start": 0, "left": 0, "end": 0})
    found = case.query(
        f"""SELECT count(*) FILTER (WHERE registered_on < :first AND (left_on IS NULL OR left_on >= :first)) AS "start",
                   count(*) FILTER (WHERE registered_on BETWEEN :first AND :as_of) AS joined,
                   count(*) FILTER (WHERE left_on BETWEEN :first AND :as_of) AS "left",
                   count(*) FILTER (WHERE {ACTIVE}) AS "end" FROM volunteer""",
        first=_quarter_start(case),
    )[0]
    joined = found.pop("joined")
    return Finding("met" if joined else "explain", joined, None, found)


def new_volunteers_come_from(case: Case, clause: str) -> Finding:
    """Volunteers new in the quarter who come from one of the clause's groups; people are not listed by group."""
    wanted, nobody = _SOURCES[clause]
    rows = _new_volunteers(case)
    k = sum(bool(wanted & set((r["sources"] or "").split(","))) for r in rows)
    blank = [r | {"status": "missing_data"} for r in rows if r["sources"] is None]
    if not _any_volunteer(case) or (blank and not k):
        status = "missing_data"
    else:
        status = "met" if k else nobody
    return Finding(status, k, len(rows), {"unknown": len(blank)}, listed("volunteer", blank))


def volunteers_are_on_the_platform(case: Case, clause: str) -> Finding:
    """Active volunteers with a platform number, and base teams registered there."""
    people = _volunteers(case, "platform_id")
    k = sum(v["platform_id"] is not None for v in people)
    teams = [(t["platform_registered_on"] or "9999") <= case.day for t in case.base_teams]
    if not people:
        status = "missing_data"
    elif k == len(people) and all(teams):
        status = "met"
    else:
        status = "partial" if k or any(teams) else "explain"
    items = listed("volunteer", [v | {"status": "explain"} for v in people if v["platform_id"] is None])
    return Finding(status, k, len(people), {"teams": sum(teams), "all_teams": len(teams)}, items)


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day some months earlier, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def volunteer_details_are_verified(case: Case, clause: str, *, months: int) -> Finding:
    """Active volunteers whose details were verified within the months before the day."""
    first = months_before(case.as_of, months).isoformat()
    rows = []
    for v in _volunteers(case, "verified_on"):
        on = v["verified_on"] if (v["verified_on"] or "9999") <= case.day else None
        rows.append(v | {"status": "missing_data" if on is None else "met" if on >= first else "attention"})
    k = sum(r["status"] == "met" for r in rows)
    unknown = sum(r["status"] == "missing_data" for r in rows)
    if unknown == len(rows):
        status = "missing_data"
    else:
        status = "met" if k == len(rows) else "attention"
    return Finding(status, k, len(rows), {"unknown": unknown}, listed("volunteer", rows))


def _trainings(case: Case, *categories: str) -> list[Row]:
    rows = case.query(
        """SELECT id, name AS title, category, ifnull(note, '') AS note FROM training
            WHERE start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=new_year(case),
    )
    return [r for r in rows if r["category"] in categories]


# Attendances that count, and trainings known by a head-count alone.
_ATTENDED = "(a.result IS NULL OR a.result NOT IN ('absent', 'leave'))"
_HEADCOUNT = "t.person_times > 0 AND NOT EXISTS (SELECT 1 FROM attendance WHERE training_id = t.id)"


def volunteers_are_trained(case: Case, clause: str, *, min_times: int) -> Finding:
    """A training of volunteers, one of the backbone, and a training plan: three parts of the year's training."""
    held = _trainings(case, "volunteer", "backbone")
    plans = [
        r for category in ("plan", "document") for r in records_in_force(case, category)
        if "培训" in f"{r['title']} {r['subcategory']}"
    ]  # fmt: skip
    ordinary = sum(t["category"] == "volunteer" for t in held)
    parts = (ordinary >= min_times, len(held) - ordinary >= min_times, bool(plans))
    counts = case.query(
        f"""SELECT (SELECT count(*) FROM attendance AS a JOIN training AS t ON t.id = a.training_id
                     WHERE {{held}} AND {_ATTENDED})
                 + (SELECT coalesce(sum(t.person_times), 0) FROM training AS t WHERE {{held}} AND {_HEADCOUNT})
                   AS person_times,
                   (SELECT count(DISTINCT a.volunteer_id) FROM attendance AS a JOIN training AS t ON t.id = a.training_id
                     WHERE {{held}} AND {_ATTENDED}) AS persons""".format(
            held="t.category IN ('volunteer', 'backbone') AND t.start_on BETWEEN :first AND :as_of"
        ),
        first=new_year(case),
    )[0]
    facts = {"volunteer": ordinary, "backbone": len(held) - ordinary, "plans": len(plans)} | counts
    items = listed("training", [t | {"status": "met"} for t in held])
    items += listed("work_record", [p | {"status": "met"} for p in plans])
    return Finding(within_year(case, all(parts), "attention"), sum(parts), 3, facts, items)


def teams_have_a_backbone(case: Case, clause: str) -> Finding:
    """Base teams with members in the role of backbone; how many there should be is not said."""
    rows = case.query(
        f"""SELECT m.team_id, m.volunteer_id, m.role FROM membership AS m
             WHERE m.team_id IN (SELECT id FROM ({BASE_TEAMS})) AND {MEMBER.format(day=":as_of")}"""
    )
    backbone = [r for r in rows if r["role"] == "backbone"]
    with_some = {r["team_id"] for r in backbone}
    if not case.base_teams:
        status = "not_applicable"
    elif with_some:
        status = "met"
    else:
        status = "explain" if any(r["role"] is not None for r in rows) else "missing_data"
    teams = [t | {"status": "met" if t["id"] in with_some else "explain"} for t in case.base_teams]
    facts = {"persons": len({r["volunteer_id"] for r in backbone})}
    return Finding(status, len(with_some), len(teams), facts, listed("team", teams))


def teams_stay_together(case: Case, clause: str, *, percent: int) -> Finding:
    """Base teams that kept the share of those who were members on 1 January; teams of this year are not judged."""
    first = new_year(case)
    found = case.query(
        f"""SELECT m.team_id, count(DISTINCT m.volunteer_id) AS then_there,
                   count(DISTINCT m.volunteer_id) FILTER (WHERE EXISTS (
                       SELECT 1 FROM membership AS later WHERE later.team_id = m.team_id
                          AND later.volunteer_id = m.volunteer_id AND later.joined_on <= :as_of
                          AND (later.left_on IS NULL OR later.left_on > :as_of))) AS still_there
              FROM membership AS m WHERE {MEMBER.format(day=":first")} GROUP BY m.team_id""",
        first=first,
    )
    counts = {r["team_id"]: r for r in found}
    rows = []
    for team in case.base_teams:
        if team["id"] in counts and team["established_on"] < first:
            both = counts[team["id"]]
            kept = both["still_there"] * 100 >= both["then_there"] * percent
            rows.append(team | {"status": "met" if kept else "attention"} | both)
    k = sum(r["status"] == "met" for r in rows)
    status = "not_applicable" if not rows else "met" if k == len(rows) else "attention"
    facts = {name: sum(r[name] for r in rows) for name in ("still_there", "then_there")}
    return Finding(status, k, len(rows), facts, listed("team", rows))


def specialist_teams_are_trained(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams for rescue, first aid or elderly care whose members attended a professional training this year."""
    teams = [t for t in case.base_teams if t["primary_domain"] in _SPECIALIST]
    seen = case.query(
        f"""SELECT team_id, count(DISTINCT training_id) AS times FROM (
              SELECT coalesce(a.team_id, m.team_id) AS team_id, t.id AS training_id
                FROM training AS t JOIN attendance AS a ON a.training_id = t.id AND {_ATTENDED}
                LEFT JOIN membership AS m ON a.team_id IS NULL AND m.volunteer_id = a.volunteer_id
                      AND {MEMBER.format(day="t.start_on")}
               WHERE {{held}}
              UNION SELECT t.team_id, t.id FROM training AS t WHERE {{held}} AND {_HEADCOUNT})
            GROUP BY team_id""".format(
            held="t.category IN ('first_aid', 'skill') AND t.start_on BETWEEN :first AND :as_of"
        ),
        first=new_year(case),
    )
    done = {r["team_id"] for r in seen if r["times"] >= min_times}
    lacking = "attention" if year_is_closed(case) else "in_progress"
    rows = [t | {"status": "met" if t["id"] in done else lacking} for t in teams]
    k = sum(r["status"] == "met" for r in rows)
    status = within_year(case, k == len(rows), "attention") if rows else "not_applicable"
    return Finding(status, k, len(rows), items=listed("team", rows))


def trainings_follow_standards(case: Case, clause: str, *, notice_days: int) -> Finding:
    """Professional trainings of the year whose remark names a standard; certificates in force and soon to expire."""
    rows = [
        t | {"status": "met" if names_any(t["note"], _STANDARD_WORDS) else "explain"}
        for t in _trainings(case, "first_aid", "skill")
    ]
    k = sum(r["status"] == "met" for r in rows)
    if not rows:
        status = within_year(case, False, "explain")
    elif k == len(rows):
        status = "met"
    else:
        status = "partial" if k else "explain"
    valid = case.query(
        """SELECT a.id, v.name AS title, a.valid_until FROM attendance AS a JOIN volunteer AS v ON v.id = a.volunteer_id
            WHERE a.certificate IS NOT NULL AND (a.certified_on IS NULL OR a.certified_on <= :as_of)
              AND a.valid_until >= :as_of ORDER BY a.valid_until, a.id"""
    )
    end = (case.as_of + dt.timedelta(days=notice_days)).isoformat()
    ending = [r | {"status": "attention"} for r in valid if r["valid_until"] <= end]
    facts = {"certificates": len(valid), "ending": len(ending)}
    return Finding(status, k, len(rows), facts, listed("training", rows) + listed("attendance", ending))


def _age(birth: str, day: dt.date) -> int:
    born = dt.date.fromisoformat(birth)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def young_volunteers(case: Case, clause: str, *, min_age: int, max_age: int) -> Finding:
    """The share of young people among active volunteers of known age, against the quarter's eve; nobody is listed."""

    def count(day: dt.date) -> tuple[int, int]:
        rows = case.query(
            """SELECT birth_date FROM volunteer WHERE birth_date IS NOT NULL
                  AND registered_on <= :day AND (left_on IS NULL OR left_on > :day)""",
            day=day.isoformat(),
        )
        return sum(min_age <= _age(r["birth_date"], day) <= max_age for r in rows), len(rows)

    k, n = count(case.as_of)
    before, of = count(Quarter.of(case.as_of).eve)
    if n == 0:
        status = "missing_data"
    elif k == 0:
        status = "explain"
    else:
        status = "met" if of == 0 or k * of >= before * n else "attention"
    there = case.query(f"SELECT count(*) AS n FROM volunteer WHERE {ACTIVE}")[0]["n"]
    facts = {"before": before, "known_before": of, "unknown": there - n}
    return Finding(status, k, n, facts)


CHECKS = (
    volunteers_grow,
    new_volunteers_come_from,
    volunteers_are_on_the_platform,
    volunteer_details_are_verified,
    volunteers_are_trained,
    teams_have_a_backbone,
    teams_stay_together,
    specialist_teams_are_trained,
    trainings_follow_standards,
    young_volunteers,
)
