"""What a check works on and what it answers: the office on a day, and a finding.

The words are those of the evaluation contract, *Base*: base teams, trees, members, on the platform. Each has one home here.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from db.queries.conditions import (
    COVERED,
    base_team,
    existing_team,
    on_platform,
    own_team,
    present,
    suspended_team,
)
from db.records.choices import ANSWERS
from db.rules.verdicts import Item
from db.storage.store import Store

Row = dict[str, Any]

# What the shared words read, for `check`.
TEAMS = ("office", "team")
MEMBERS = (*TEAMS, "membership", "volunteer")
COVERS = ("coverage", "insurance_policy")


@dataclass
class Finding:
    """What a check found: a status, a figure k of n, facts for the message, and the records it rests on."""

    status: str
    k: int | None = None
    n: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


CHECKS: dict[str, Callable[..., Finding]] = {}
READS: dict[str, frozenset[str]] = {}
_Check = TypeVar("_Check", bound=Callable[..., Finding])


def check(*tables: str) -> Callable[[_Check], _Check]:
    """Make a function a check that clauses may name; `tables` are all the tables that it reads."""

    def register(function: _Check) -> _Check:
        CHECKS[function.__name__] = function
        READS[function.__name__] = frozenset(tables)
        return function

    return register


IS_BLOOD_TEAM = """
    (t.primary_domain = 'blood_donation' OR t.team_type = 'three_donations'
     OR ',' || ifnull(t.other_domains, '') || ',' LIKE '%,blood_donation,%')
"""
# Own-level teams and what stands below them on the day: (top_id, team_id). A 分队 that is suspended stays in.
_TREE = f"""
    SELECT tree.top_id, tree.team_id FROM team_tree AS tree JOIN team AS t ON t.id = tree.team_id
     WHERE tree.team_id = tree.top_id OR {existing_team()}
"""


@dataclass
class Case:
    """The office on one day."""

    store: Store
    as_of: dt.date
    level: str

    @property
    def day(self) -> str:
        """The day as it is stored."""
        return self.as_of.isoformat()

    def query(self, sql: str, **more: Any) -> list[Row]:
        """Run a read with ``:as_of`` bound."""
        return self.store.query(sql, {"as_of": self.day} | more)

    @cached_property
    def office(self) -> dict[str, str]:
        """What the office says of itself on the day."""
        return self.store.office(self.as_of)

    @property
    def code(self) -> str:
        """The office's division code, empty where it is not entered."""
        return self.office.get("division_code") or ""

    def answer(self, item: str) -> bool | None:
        """Return what a person answered for the day to a question that no record decides; None is unanswered."""
        said = self.office.get(item)
        return None if said is None else said == ANSWERS[item][0]

    @cached_property
    def own_teams(self) -> list[Row]:
        """Founded teams: ours, no 分队, not dissolved, suspended or not; each with ``is_blood`` and ``suspended``."""
        return self.query(
            f"""SELECT t.*, t.name AS title, {IS_BLOOD_TEAM} AS is_blood, {suspended_team()} AS suspended
                  FROM team AS t WHERE {own_team()} AND t.parent_id IS NULL AND {existing_team()} ORDER BY t.id"""
        )

    @cached_property
    def base_teams(self) -> list[Row]:
        """The teams that team-by-team clauses judge."""
        return [team for team in self.own_teams if not team["suspended"]]

    @cached_property
    def blood_teams(self) -> list[Row]:
        """The base teams that work for blood donation, or for the three donations."""
        return [team for team in self.base_teams if team["is_blood"]]

    @cached_property
    def top_of(self) -> dict[int, int]:
        """The team at the top of each team that stands in a tree on the day."""
        return {r["team_id"]: r["top_id"] for r in self.query(_TREE)}

    def tree_ids(self, teams: Iterable[Row]) -> set[int]:
        """Return the ids of teams and of all 分队 below them."""
        tops = {team["id"] for team in teams}
        return {team for team, top in self.top_of.items() if top in tops}

    def marks(self, teams: Iterable[Row]) -> str:
        """Return the ids of the trees of teams as an SQL list."""
        return ", ".join(map(str, sorted(self.tree_ids(teams)))) or "NULL"

    @cached_property
    def memberships(self) -> list[Row]:
        """Every effective membership of the day: team_id, volunteer_id, role."""
        return self.query(
            f"SELECT m.team_id, m.volunteer_id, m.role FROM effective_membership AS m WHERE {present()} ORDER BY m.id"
        )

    def members(self, teams: Iterable[Row]) -> set[int]:
        """Return the persons who are members of the trees of teams on the day."""
        ids = self.tree_ids(teams)
        return {m["volunteer_id"] for m in self.memberships if m["team_id"] in ids}

    @cached_property
    def blood_members(self) -> list[Row]:
        """Each member of a blood team's tree on the day, once: id, title, on_platform, covered."""
        return self.query(
            f"""SELECT v.id, v.name AS title, {on_platform()} AS on_platform, v.id IN ({COVERED}) AS covered
                  FROM volunteer AS v WHERE v.id IN (
                       SELECT m.volunteer_id FROM effective_membership AS m
                        WHERE m.team_id IN ({self.marks(self.blood_teams)}) AND {present()})
                 ORDER BY v.id"""
        )

    def base_then(self, day: dt.date) -> set[int]:
        """Return the ids of the teams that were base teams on another day."""
        rows = self.query(
            f"SELECT t.id FROM team AS t WHERE {base_team(day=':then')}".replace(":as_of", ":then"),
            then=day.isoformat(),
        )
        return {r["id"] for r in rows}
