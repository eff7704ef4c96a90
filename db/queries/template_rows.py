"""Reads behind other offices' forms: whole records of a quarter, each reference as the title people know it by."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from db.quarters import Period
from db.queries.conditions import registered
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


_READS: tuple[Callable[[Store, Scope], Rows], ...] = (teams, members, volunteers, entries, activities)


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
