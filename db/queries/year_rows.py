"""Reads behind the year's lists: hours by person, who may be registered, grades with their days, grounds for praise.

Each takes a `Scope` (a quarter, a half-year or a year, up to its last day or one within it) and returns plain rows.
Hours are those of the ledger; what was served before it (期初服务时长) counts in the sum of all years alone, from the day
until which it was served (data contract, section 2). Times are minutes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from db.queries.conditions import on_platform, present, registered
from db.queries.expiring import ending_people, endings
from db.queries.hour_thresholds import BLOOD_STARS, STARS, thresholds
from db.queries.paper_rows import Rows, Scope
from db.records.entities import SHEETS
from db.records.internal_entities import CONFIRMATION, EVIDENCE, STAFF, TEMPLATE_BINDING
from db.storage.store import Store

NOTICE_DAYS = 7  # 民发〔2015〕149号: what is certified is made known beforehand, as a rule no less than seven days
ENDING_DAYS = 90
ADULT_YEARS = 18  # 民法典 art. 17
_BLOOD = "(t.primary_domain = 'blood_donation' OR a.category IN ('blood_recruitment', 'blood_booking') OR a.theme_day = 'world_blood_donor_day')"
_TEAMS = f"""
    (SELECT group_concat(name, '、') FROM (
        SELECT DISTINCT t.name FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
         WHERE m.volunteer_id = v.id AND {present()} ORDER BY t.id)) AS teams
"""


def _day(scope: Scope) -> dt.date:
    return scope.as_of or scope.quarter.end


def person_hours(store: Store, scope: Scope) -> Rows:
    """Return who served within the period: minutes then, of these with proof, in the year, in all, and times."""
    return store.query(
        f"""WITH served AS (
                SELECT volunteer_id,
                       sum(service_minutes) FILTER (WHERE served_on >= :start) AS minutes,
                       sum(service_minutes) FILTER (WHERE served_on >= :start AND has_proof = 'yes') AS proven,
                       sum(service_minutes) FILTER (WHERE served_on >= :new_year) AS year_minutes,
                       sum(service_minutes) AS all_minutes, count(*) FILTER (WHERE served_on >= :start) AS times
                  FROM service_record WHERE served_on <= :as_of GROUP BY volunteer_id)
            SELECT v.id, v.name, {_TEAMS}, s.minutes, ifnull(s.proven, 0) AS proven, ifnull(s.year_minutes, 0) AS year_minutes,
                   s.times, s.all_minutes + CASE WHEN ifnull(v.opening_until, '') <= :as_of THEN ifnull(v.opening_minutes, 0) ELSE 0 END
                   AS total
              FROM volunteer AS v JOIN served AS s ON s.volunteer_id = v.id WHERE s.times > 0
             ORDER BY s.minutes DESC, v.id""",
        scope.parameters,
    )


def to_register(store: Store, scope: Scope) -> Rows:
    """Return the volunteers who served enough since New Year and are not on the national platform, with the threshold."""
    wanted = thresholds(store, _day(scope))["registration"]
    return store.query(
        f"""SELECT v.id, v.name, {_TEAMS}, v.registered_on, sum(s.service_minutes) AS year_minutes, :wanted AS wanted, :basis AS basis
              FROM volunteer AS v JOIN service_record AS s ON s.volunteer_id = v.id
             WHERE s.served_on BETWEEN :new_year AND :as_of AND {registered()} AND NOT {on_platform()}
             GROUP BY v.id HAVING sum(s.service_minutes) >= :wanted ORDER BY year_minutes DESC, v.id""",
        scope.parameters | {"wanted": wanted.minutes, "basis": wanted.basis},
    )


def _graded(store: Store, scope: Scope, names: tuple[str, ...], condition: str, opening: bool) -> Rows:
    """Return who has reached a grade: the highest, its day ('' before the ledger), and what was served in all.

    A grade is reached on the day on which the sum reaches the threshold that holds on the scope's day.
    """
    held = thresholds(store, _day(scope))
    steps = [(n, held[name].minutes) for n, name in enumerate(names, 1) if name in held]
    people = store.query(
        f"""SELECT v.id, v.name, {_TEAMS}, v.opening_until,
                   CASE WHEN ifnull(v.opening_until, '') <= :as_of THEN ifnull(v.opening_minutes, 0) ELSE 0 END AS opening
              FROM volunteer AS v ORDER BY v.id""",
        scope.parameters,
    )
    days: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in store.query(
        f"""SELECT s.volunteer_id, s.served_on, sum(s.service_minutes) AS minutes
              FROM service_record AS s JOIN team AS t ON t.id = s.team_id LEFT JOIN activity AS a ON a.id = s.activity_id
             WHERE s.served_on <= :as_of AND {condition} GROUP BY s.volunteer_id, s.served_on ORDER BY s.served_on""",
        scope.parameters,
    ):
        days[int(row["volunteer_id"])].append((str(row["served_on"]), int(row["minutes"])))
    found: Rows = []
    for person in people:
        # What was served before the ledger stands on the day until which it was served.
        served = [(str(person["opening_until"] or ""), int(person["opening"]))] if opening and person["opening"] else []
        served = sorted([*served, *days[int(person["id"])]])
        total, reached = 0, dict[int, str]()
        for day, minutes in served:
            total += minutes
            for n, wanted in steps:
                if total >= wanted and n not in reached:
                    reached[n] = day
        if reached:
            top = max(reached)
            found.append(
                {"id": person["id"], "name": person["name"], "teams": person["teams"], "total": total, "grade": top,
                 "reached_on": reached[top], "is_new": reached[top] >= scope.parameters["start"],
                 "days": {n: reached[n] for n in sorted(reached)}}
            )  # fmt: skip
    return sorted(found, key=lambda r: (-r["grade"], -r["total"], r["id"]))


def stars(store: Store, scope: Scope) -> Rows:
    """Return who has one to five stars (志愿服务记录办法): all service, what was served before the ledger included."""
    return _graded(store, scope, STARS, "1", opening=True)


def blood_stars(store: Store, scope: Scope) -> Rows:
    """Return who has one to five stars of service in blood donation (全国无偿献血表彰奖励办法).

    Counted is service in a team of that field or in an activity about it; hours before the ledger bear no field.
    """
    return _graded(store, scope, BLOOD_STARS, _BLOOD, opening=False)


def commendable(store: Store, scope: Scope) -> Rows:
    """Return whom the office may put forward (Z34 一, Z34 五(三)): grounds as words, those with most hours first.

    Grounds are facts of the ledger: a new grade within the period, or hours since New Year among the first tenth.
    Whom to choose is the office's to say.
    """
    hours = sorted(person_hours(store, scope), key=lambda r: (-int(r["year_minutes"]), r["id"]))
    first = {int(r["id"]) for r in hours[: max(1, len(hours) // 10)]} if hours else set()
    new = {int(r["id"]): int(r["grade"]) for r in stars(store, scope) if r["is_new"]}
    blood = {int(r["id"]): int(r["grade"]) for r in blood_stars(store, scope) if r["is_new"]}
    found = []
    for row in hours:
        number = int(row["id"])
        grounds = (
            ([("new_star", new[number])] if number in new else [])
            + ([("new_blood_star", blood[number])] if number in blood else [])
            + ([("most_hours", 0)] if number in first else [])
        )
        if grounds:
            found.append(dict(row) | {"grounds": grounds})
    return found


def ending_soon(store: Store, scope: Scope) -> Rows:
    """Return what ends within 90 days: people's insurance and certificates, policies, agreements and plans."""
    day = _day(scope)
    people = [
        {"ends_on": r["ends_on"], "what": r["what"], "number": r["number"], "name": r["name"], "teams": r["teams"]}
        for r in ending_people(store, day, ENDING_DAYS)
    ]
    others = [
        {"ends_on": e.ends_on.isoformat(), "what": e.title, "number": e.note, "name": "", "teams": ""}
        for e in endings(store, day, ENDING_DAYS)
        if e.record == "work_record" or (e.record == "insurance_policy" and not e.title.endswith(" 人"))
    ]
    return sorted([*people, *others], key=lambda r: (str(r["ends_on"]), str(r["what"]), str(r["name"])))


def to_certify(store: Store, scope: Scope) -> Rows:
    """Return whose proven hours of the period may be certified, to be made known for seven days: minutes and times."""
    return store.query(
        f"""SELECT v.id, v.name, {_TEAMS}, sum(s.service_minutes) AS minutes, count(*) AS times
              FROM volunteer AS v JOIN service_record AS s ON s.volunteer_id = v.id
             WHERE s.served_on BETWEEN :start AND :as_of AND s.has_proof = 'yes' GROUP BY v.id ORDER BY v.id""",
        scope.parameters,
    )


def minors(store: Store, scope: Scope) -> Rows:
    """Return the registered volunteers who are under 18 on the day, the youngest first: their age and guardian, no day of birth."""
    day = _day(scope)
    born = f"{day.year - ADULT_YEARS}{day.isoformat()[4:]}"  # compared as text: 29 February needs no day of its own
    return store.query(
        f"""SELECT v.id, v.name, (replace(:as_of, '-', '') - replace(v.birth_date, '-', '')) / 10000 AS age, v.guardian, {_TEAMS} FROM volunteer AS v
             WHERE {registered()} AND v.birth_date > :born ORDER BY v.birth_date DESC, v.id""",
        dict(scope.parameters) | {"born": born},
    )


def posts(store: Store, scope: Scope) -> Rows:
    """Return the posts that are held on the day: delegates, council members, supervisors and others on record."""
    return store.query(
        """SELECT w.title, w.subcategory, w.counterpart, t.name AS team, w.valid_from, w.valid_until
             FROM work_record AS w LEFT JOIN team AS t ON t.id = w.team_id
            WHERE w.category = 'appointment' AND ifnull(w.valid_from, w.recorded_on) <= :as_of
              AND ifnull(w.valid_until, '9999') >= :as_of ORDER BY w.subcategory, w.recorded_on, w.id""",
        scope.parameters,
    )


def ledger_counts(store: Store, scope: Scope) -> Rows:
    """Return for each record of the ledger how many rows it has: what is handed over to a successor."""
    found: list[dict[str, Any]] = []
    for entity in (*SHEETS, STAFF, EVIDENCE, CONFIRMATION, TEMPLATE_BINDING):
        (row,) = store.query(f"SELECT count(*) AS n FROM {entity.name}")
        found.append({"record": entity.name, "label": entity.label, "n": int(row["n"])})
    return found


def handed_up(store: Store, scope: Scope) -> Rows:
    """Return the editions that were handed up, the last ones first."""
    return store.query("SELECT period, number, sha256 FROM edition ORDER BY period DESC, number DESC")


def task_deadlines(store: Store, scope: Scope) -> Rows:
    """Return the tasks that a superior gave, by their deadline, and when each was answered."""
    return store.query(
        "SELECT title, office, deadline, answered_on FROM superior_task WHERE direction = 'taken' ORDER BY deadline, id"
    )


YEAR_READS: dict[str, Callable[[Store, Scope], Rows]] = {
    read.__name__: read
    for read in (
        person_hours, to_register, stars, blood_stars, commendable, ending_soon, to_certify, minors, posts, ledger_counts, handed_up,
        task_deadlines,
    )
}  # fmt: skip
