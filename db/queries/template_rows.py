"""Reads behind other offices' forms: whole records of a quarter, each reference as the title people know it by."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from db.quarters import Period
from db.queries.conditions import COVERED, present, registered
from db.queries.paper_rows import Scope, policies, roster, trainings, uncovered
from db.queries.titles import titles as titles_of_all
from db.records.entities import ACTIVITY, FUND_ENTRY, INSURANCE_POLICY, TEAM, TRAINING, VOLUNTEER
from db.records.fields import Entity
from db.storage.store import Store

Rows = list[dict[str, Any]]


def records(store: Store, quarter: Period, as_of: dt.date | None = None) -> dict[str, Rows]:
    """Return the records that a form may list: teams, members, volunteers, trainings, policies, entries and so on."""
    return {read.__name__: read(store, Scope(quarter, as_of)) for read in _READS} | {
        "trainings": _trainings(store, Scope(quarter, as_of)), "policies": _policies(store, Scope(quarter, as_of)),
        "uncovered": uncovered(store, Scope(quarter, as_of)),
    }  # fmt: skip


def teams(store: Store, scope: Scope) -> Rows:
    """Return every team."""
    return _titled(store, TEAM, store.rows(TEAM))


def members(store: Store, scope: Scope) -> Rows:
    """Return the members on the day as the roster lists them, with everything known of the person."""
    people = {row["id"]: row for row in store.rows(VOLUNTEER)}
    return [dict(people[row["volunteer_id"]]) | row for row in roster(store, scope)]


def volunteers(store: Store, scope: Scope) -> Rows:
    """Return the volunteers who are registered on the day."""
    return store.query(
        f"SELECT v.* FROM volunteer AS v WHERE {registered()} ORDER BY v.id",
        scope.parameters,
    )


def entries(store: Store, scope: Scope) -> Rows:
    """Return the quarter's money entries in the order of days."""
    found = store.query(
        "SELECT * FROM fund_entry WHERE entry_on BETWEEN :start AND :as_of ORDER BY entry_on, id", scope.parameters
    )
    return _titled(store, FUND_ENTRY, found)


def activities(store: Store, scope: Scope) -> Rows:
    """Return the quarter's activities in the order of days."""
    found = store.query(
        "SELECT * FROM activity WHERE start_on BETWEEN :start AND :as_of ORDER BY start_on, id", scope.parameters
    )
    return _titled(store, ACTIVITY, found)


def to_insure(store: Store, scope: Scope) -> Rows:
    """Return the members on the day whom no insurance covers then, whole: whom an insurer is to add (增员)."""
    return store.query(
        f"""WITH covered AS ({COVERED}),
            present AS (SELECT m.volunteer_id, m.team_id, m.joined_on FROM effective_membership AS m WHERE {present()})
            SELECT v.*, (SELECT min(joined_on) FROM present WHERE volunteer_id = v.id) AS joined_on,
                   (SELECT group_concat(name, '、') FROM (
                        SELECT DISTINCT t.name FROM present AS p JOIN team AS t ON t.id = p.team_id
                         WHERE p.volunteer_id = v.id ORDER BY t.id)) AS teams,
                   (SELECT max(end_on) FROM coverage_span WHERE volunteer_id = v.id AND end_on < :as_of) AS ended_on
              FROM volunteer AS v
             WHERE v.id IN (SELECT volunteer_id FROM present) AND v.id NOT IN covered ORDER BY v.id""",
        scope.parameters,
    )


def to_take_off(store: Store, scope: Scope) -> Rows:
    """Return who is on a policy's list on the day and in no team any more, whole: whom an insurer is to take off (减员).

    Who never was in a team is insured as something else and is left alone.
    """
    return store.query(
        f"""WITH present AS (SELECT m.volunteer_id FROM effective_membership AS m WHERE {present()}),
            gone AS (SELECT m.volunteer_id, max(m.ended_on) AS ended_on, group_concat(DISTINCT t.name) AS teams
                       FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
                      WHERE m.ended_on <= :as_of GROUP BY m.volunteer_id)
            SELECT v.*, g.ended_on AS out_on, replace(g.teams, ',', '、') AS teams, p.policy_number, p.insurer, p.product,
                   max(c.end_on) AS covered_until
              FROM coverage_span AS c JOIN insurance_policy AS p ON p.id = c.policy_id
              JOIN volunteer AS v ON v.id = c.volunteer_id JOIN gone AS g ON g.volunteer_id = v.id
             WHERE c.cover_mode = 'named_list' AND c.start_on <= :as_of AND c.end_on >= :as_of
               AND v.id NOT IN (SELECT volunteer_id FROM present)
             GROUP BY v.id, p.id ORDER BY p.id, v.id""",
        scope.parameters,
    )


_READS: tuple[Callable[[Store, Scope], Rows], ...] = (
    teams,
    members,
    volunteers,
    entries,
    activities,
    to_insure,
    to_take_off,
)


def _trainings(store: Store, scope: Scope) -> Rows:
    """Return the quarter's trainings whole, with who took part."""
    whole = {row["id"]: row for row in _titled(store, TRAINING, store.rows(TRAINING))}
    return [
        whole[row["id"]] | {"took_part": row["person_times"], "passed": row["passed"]}
        for row in trainings(store, scope)
    ]  # fmt: skip


def _policies(store: Store, scope: Scope) -> Rows:
    """Return the policies in force on the day whole, with the persons they cover."""
    whole = {row["policy_number"]: row for row in _titled(store, INSURANCE_POLICY, store.rows(INSURANCE_POLICY))}
    return [whole[row["policy_number"]] | {"persons": row["persons"]} for row in policies(store, scope)]


def _titled(store: Store, entity: Entity, rows: Any) -> Rows:
    """Return rows in which every reference is the title of what it refers to."""
    titles = titles_of_all(store, entity)
    return [
        row | {name: entity[name].show(row[name], known, masked=False) or None for name, known in titles.items()}
        for row in rows
    ]
