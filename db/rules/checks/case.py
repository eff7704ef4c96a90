"""What a check works on and what it answers: the office on a day, and a finding."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from db.quarters import Quarter
from db.queries.figures import COVERED
from db.rules.verdicts import Item
from db.storage.store import Store


@dataclass
class Finding:
    """What a check found: a status, a figure k of n, facts for the message, and the records it rests on."""

    status: str
    k: int | None = None
    n: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


def ratio(k: int, n: int) -> str:
    """Judge k of n: all is met, none is not met, and nothing to judge is not applicable."""
    if n == 0:
        return "not_applicable"
    return "met" if k == n else "not_met" if k == 0 else "partial"


def judged(record: str, rows: Iterable[dict[str, Any]], good: str = "good") -> list[Item]:
    """Return items for rows with ``id``, ``title`` and a truth in `good`; those not met come first."""
    items = [Item(record, row["id"], row["title"], "met" if row[good] else "not_met") for row in rows]
    return sorted(items, key=lambda item: item.status == "met")


# Own-level teams that exist and are not suspended on :as_of. Sub-teams are never counted.
BASE_TEAMS = """
    SELECT * FROM team
     WHERE managing_org = (SELECT content FROM office WHERE item = 'name') AND parent_id IS NULL
       AND established_on <= :as_of AND (dissolved_on IS NULL OR dissolved_on > :as_of)
       AND NOT (suspended_from IS NOT NULL AND suspended_from <= :as_of
                AND (suspended_until IS NULL OR suspended_until > :as_of))
"""
IS_BLOOD_TEAM = """
    (primary_domain = 'blood_donation' OR team_type = 'three_donations'
     OR ',' || ifnull(other_domains, '') || ',' LIKE '%,blood_donation,%')
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

    def query(self, sql: str, **more: Any) -> list[dict[str, Any]]:
        """Run a read with ``:as_of`` bound."""
        return self.store.query(sql, {"as_of": self.day} | more)

    @cached_property
    def code(self) -> str:
        """The office's division code, empty where it is not entered."""
        return self.store.office().get("division_code") or ""

    @cached_property
    def confirmations(self) -> dict[str, dict[str, Any]]:
        """What people confirmed for this quarter, by clause."""
        rows = self.query("SELECT * FROM confirmation WHERE quarter = :quarter", quarter=str(Quarter.of(self.as_of)))
        return {row["clause"]: row for row in rows}

    @cached_property
    def assessments(self) -> dict[str, dict[str, Any]]:
        """The self-assessments of this quarter, by clause, each with the number of its attachments."""
        rows = self.query(
            """SELECT s.*, (SELECT count(*) FROM evidence AS e WHERE e.clause = s.clause AND e.quarter = s.quarter)
                      AS attachments FROM self_assessment AS s WHERE s.quarter = :quarter""",
            quarter=str(Quarter.of(self.as_of)),
        )
        return {row["clause"]: row for row in rows}

    @cached_property
    def base_teams(self) -> list[dict[str, Any]]:
        """The teams that team-by-team clauses judge."""
        return self.query(f"SELECT *, name AS title, {IS_BLOOD_TEAM} AS is_blood FROM ({BASE_TEAMS}) ORDER BY id")

    @cached_property
    def blood_teams(self) -> list[dict[str, Any]]:
        """The base teams that work for blood donation, or for the three donations."""
        return [team for team in self.base_teams if team["is_blood"]]

    @cached_property
    def blood_members(self) -> list[dict[str, Any]]:
        """Each person in a blood team on the day, once: id, title, platform_id, covered."""
        return self.query(
            f"""SELECT v.id, v.name AS title, v.platform_id, v.id IN ({COVERED}) AS covered
                  FROM volunteer AS v WHERE v.id IN (
                       SELECT m.volunteer_id FROM membership AS m
                        WHERE m.team_id IN (SELECT id FROM ({BASE_TEAMS}) WHERE {IS_BLOOD_TEAM})
                          AND m.joined_on <= :as_of AND (m.left_on IS NULL OR m.left_on > :as_of))
                 ORDER BY v.id"""
        )
