"""Checks on volunteers and their training; persons are counted once, and an unknown date is never taken for a no."""

import datetime as dt

from db.quarters import Quarter
from db.queries.conditions import attended, existing_team, on_platform, present, registered
from db.rules.checks.case import MEMBERS, TEAMS, Case, Finding, Row, check
from db.rules.checks.guidance import records_in_force
from db.rules.checks.items import count, items_of, listed, names_any, with_status
from db.rules.checks.periods import (
    lacking,
    months_before,
    new_year,
    quarter_start,
    within_quarter,
    within_year,
)
from db.rules.checks.teams import registration


def _volunteers(case: Case, column: str) -> list[Row]:
    """Return the volunteers of the day: id, title and one column more, since they may be very many."""
    return case.query(f"SELECT v.id, v.name AS title, {column} FROM volunteer AS v WHERE {registered()} ORDER BY v.id")


def _any_volunteer(case: Case) -> bool:
    return bool(case.query("SELECT id FROM volunteer WHERE registered_on <= :as_of LIMIT 1"))


@check("volunteer")
def volunteers_grow(case: Case, clause: str) -> Finding:
    """Volunteers at the quarter's start, joined, left and at its end; somebody has joined."""
    if not _any_volunteer(case):
        return Finding("missing_data", 0, facts={"start": 0, "left": 0, "end": 0})
    found = case.query(
        f"""SELECT count(*) FILTER (WHERE {registered(day=":eve")}) AS "start",
                   count(*) FILTER (WHERE registered_on BETWEEN :first AND :as_of) AS joined,
                   count(*) FILTER (WHERE left_on BETWEEN :first AND :as_of) AS "left",
                   count(*) FILTER (WHERE {registered()}) AS "end" FROM volunteer AS v""",
        first=quarter_start(case),
        eve=Quarter.of(case.as_of).eve.isoformat(),
    )[0]
    joined = found.pop("joined")
    return Finding("met" if joined else "explain", joined, None, found)


@check("volunteer")
def new_volunteers_come_from(case: Case, clause: str, *, sources: tuple[str, ...], late: str) -> Finding:
    """Volunteers new in the quarter who come from one of the groups; people are not listed by group.

    `late` is what nobody of them means: ``explain`` at once, or ``explain_at_end`` of the quarter.
    """
    rows = case.query(
        """SELECT id, name AS title, sources FROM volunteer
            WHERE registered_on BETWEEN :first AND :as_of ORDER BY id""",
        first=quarter_start(case),
    )
    k = sum(bool(set(sources) & set((r["sources"] or "").split(","))) for r in rows)
    blank = with_status((r for r in rows if r["sources"] is None), "missing_data")
    if not _any_volunteer(case) or (blank and not k):
        status = "missing_data"
    else:
        status = within_quarter(case, k > 0, "explain") if late == "explain_at_end" else "met" if k else late
    return Finding(status, k, len(rows), {"unknown": len(blank)}, listed("volunteer", blank))


@check(*TEAMS, "volunteer")
def volunteers_are_on_the_platform(case: Case, clause: str) -> Finding:
    """Volunteers who are on the platform on the day, and base teams registered there."""
    people = _volunteers(case, f"{on_platform()} AS is_on")
    k = sum(bool(v["is_on"]) for v in people)
    registered_teams = [registration(t, case.day) for t in case.base_teams]
    teams = [status == "met" for status in registered_teams]
    if not people:
        status = "missing_data"
    elif k == len(people) and all(teams):
        status = "met"
    elif "missing_data" in registered_teams:
        status = "missing_data"
    else:
        status = "partial" if k or any(teams) else "explain"
    items = listed("volunteer", with_status((v for v in people if not v["is_on"]), "explain"))
    undated = [t for t, one in zip(case.base_teams, registered_teams, strict=True) if one == "missing_data"]
    items += items_of("team", undated, "missing_data")
    return Finding(status, k, len(people), {"teams": sum(teams), "all_teams": len(teams)}, items)


@check("volunteer")
def volunteer_details_are_verified(case: Case, clause: str, *, months: int) -> Finding:
    """Volunteers whose details were verified within the months before the day."""
    first = months_before(case.as_of, months).isoformat()
    rows = []
    for v in _volunteers(case, "v.verified_on"):
        on = v["verified_on"] if (v["verified_on"] or "9999") <= case.day else None
        rows.append(v | {"status": "missing_data" if on is None else "met" if on >= first else "attention"})
    k, unknown = count(rows), count(rows, "missing_data")
    status = "missing_data" if unknown == len(rows) else "met" if k == len(rows) else "attention"
    return Finding(status, k, len(rows), {"unknown": unknown}, listed("volunteer", rows))


def _trainings(case: Case, *categories: str) -> list[Row]:
    rows = case.query(
        """SELECT id, name AS title, category, ifnull(note, '') AS note FROM training
            WHERE start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=new_year(case),
    )
    return [r for r in rows if r["category"] in categories]


# Trainings known by a head-count alone.
HEADCOUNT = "t.person_times > 0 AND NOT EXISTS (SELECT 1 FROM attendance WHERE training_id = t.id)"


@check("training", "attendance", "work_record")
def volunteers_are_trained(case: Case, clause: str, *, min_times: int) -> Finding:
    """A training of volunteers, one of the backbone, and a training plan: three parts of the year's training."""
    held = _trainings(case, "volunteer", "backbone")
    plans = [
        r for category in ("plan", "document") for r in records_in_force(case, category)
        if "培训" in f"{r['title']} {r['subcategory']}"
    ]  # fmt: skip
    ordinary = count(({"status": t["category"]} for t in held), "volunteer")
    parts = (ordinary >= min_times, len(held) - ordinary >= min_times, bool(plans))
    span = "t.category IN ('volunteer', 'backbone') AND t.start_on BETWEEN :first AND :as_of"
    counts = case.query(
        f"""SELECT (SELECT count(*) FROM attendance AS a JOIN training AS t ON t.id = a.training_id
                     WHERE {span} AND {attended()})
                 + (SELECT coalesce(sum(t.person_times), 0) FROM training AS t WHERE {span} AND {HEADCOUNT})
                   AS person_times,
                   (SELECT count(DISTINCT a.volunteer_id) FROM attendance AS a JOIN training AS t ON t.id = a.training_id
                     WHERE {span} AND {attended()}) AS persons""",
        first=new_year(case),
    )[0]
    facts = {"volunteer": ordinary, "backbone": len(held) - ordinary, "plans": len(plans)} | counts
    items = listed("training", with_status(held, "met")) + listed("work_record", with_status(plans, "met"))
    return Finding(within_year(case, all(parts), "attention"), sum(parts), 3, facts, items)


@check(*MEMBERS)
def teams_have_a_backbone(case: Case, clause: str) -> Finding:
    """Base teams with backbone members in their trees; how many there should be is not said."""
    ids = case.tree_ids(case.base_teams)
    there = [m for m in case.memberships if m["team_id"] in ids]
    backbone = [m for m in there if m["role"] == "backbone"]
    with_some = {case.top_of[m["team_id"]] for m in backbone}
    if not case.base_teams:
        status = "not_applicable"
    elif with_some:
        status = "met"
    else:
        status = "explain" if any(m["role"] is not None for m in there) else "missing_data"
    teams = [t | {"status": "met" if t["id"] in with_some else "explain"} for t in case.base_teams]
    facts = {"persons": len({m["volunteer_id"] for m in backbone})}
    return Finding(status, len(with_some), len(teams), facts, listed("team", teams))


@check(*MEMBERS)
def teams_stay_together(case: Case, clause: str, *, percent: int) -> Finding:
    """Base teams that kept the share of those who were in their trees on 1 January; teams of this year are not judged."""
    first = new_year(case)
    found = case.query(
        f"""SELECT tree.top_id, m.volunteer_id FROM effective_membership AS m
              JOIN team_tree AS tree ON tree.team_id = m.team_id JOIN team AS t ON t.id = m.team_id
             WHERE {present(day=":first")} AND (tree.top_id = t.id OR {existing_team(day=":first")})""",
        first=first,
    )
    now = {(case.top_of[m["team_id"]], m["volunteer_id"]) for m in case.memberships if m["team_id"] in case.top_of}
    rows = []
    for team in case.base_teams:
        then = {r["volunteer_id"] for r in found if r["top_id"] == team["id"]}
        if then and team["established_on"] < first:
            kept = sum((team["id"], person) in now for person in then)
            status = "met" if kept * 100 >= len(then) * percent else "attention"
            rows.append(team | {"status": status, "still_there": kept, "then_there": len(then)})
    k = count(rows)
    status = "not_applicable" if not rows else "met" if k == len(rows) else "attention"
    facts = {name: sum(r[name] for r in rows) for name in ("still_there", "then_there")}
    return Finding(status, k, len(rows), facts, listed("team", rows))


def trained_teams(case: Case, categories: tuple[str, ...]) -> dict[int, int]:
    """Return in how many of the year's trainings each tree was present, by its top: named, by members, by head-count."""
    marks = ", ".join(f"'{c}'" for c in categories)
    span = f"t.category IN ({marks}) AND t.start_on BETWEEN :first AND :as_of"
    seen = case.query(
        f"""SELECT coalesce(a.team_id, m.team_id) AS team_id, t.id AS training_id
              FROM training AS t JOIN attendance AS a ON a.training_id = t.id AND {attended()}
              LEFT JOIN effective_membership AS m ON a.team_id IS NULL AND m.volunteer_id = a.volunteer_id
                    AND {present(day="t.start_on")}
             WHERE {span}
            UNION SELECT t.team_id, t.id FROM training AS t WHERE {span} AND {HEADCOUNT}""",
        first=new_year(case),
    )
    trainings: dict[int, set[int]] = {}
    for r in seen:
        if r["team_id"] in case.top_of:
            trainings.setdefault(case.top_of[r["team_id"]], set()).add(r["training_id"])
    return {top: len(ids) for top, ids in trainings.items()}


@check(*MEMBERS, "training", "attendance")
def specialist_teams_are_trained(
    case: Case, clause: str, *, min_times: int, domains: tuple[str, ...], kinds: tuple[str, ...]
) -> Finding:
    """Base teams of the domains whose members attended a professional training this year."""
    times = trained_teams(case, kinds)
    rows = [
        t | {"status": "met" if times.get(t["id"], 0) >= min_times else lacking(case, "attention")}
        for t in case.base_teams
        if t["primary_domain"] in domains
    ]
    k = count(rows)
    status = within_year(case, k == len(rows), "attention") if rows else "not_applicable"
    return Finding(status, k, len(rows), items=listed("team", rows))


@check("training", "attendance", "volunteer")
def trainings_follow_standards(
    case: Case, clause: str, *, notice_days: int, kinds: tuple[str, ...], standard_words: tuple[str, ...]
) -> Finding:
    """Professional trainings of the year whose remark names a standard; certificates in force and soon to expire."""
    rows = [
        t | {"status": "met" if names_any(t["note"], standard_words) else "explain"} for t in _trainings(case, *kinds)
    ]
    k = count(rows)
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
    ending = with_status((r for r in valid if r["valid_until"] <= end), "attention")
    facts = {"certificates": len(valid), "ending": len(ending)}
    return Finding(status, k, len(rows), facts, listed("training", rows) + listed("attendance", ending))


def _age(birth: str, day: dt.date) -> int:
    born = dt.date.fromisoformat(birth)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@check("volunteer")
def young_volunteers(case: Case, clause: str, *, min_age: int, max_age: int) -> Finding:
    """The share of young people among volunteers of known age, against the quarter's eve; nobody is listed."""

    def young(day: dt.date) -> tuple[int, int]:
        rows = case.query(
            f"SELECT birth_date FROM volunteer AS v WHERE birth_date IS NOT NULL AND {registered(day=':then')}",
            then=day.isoformat(),
        )
        return sum(min_age <= _age(r["birth_date"], day) <= max_age for r in rows), len(rows)

    k, n = young(case.as_of)
    before, of = young(Quarter.of(case.as_of).eve)
    if n == 0:
        status = "missing_data"
    elif k == 0:
        status = "explain"
    else:
        status = "met" if of == 0 or k * of >= before * n else "attention"
    there = case.query(f"SELECT count(*) AS n FROM volunteer AS v WHERE {registered()}")[0]["n"]
    return Finding(status, k, n, {"before": before, "known_before": of, "unknown": there - n})
