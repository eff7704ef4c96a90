"""Reads that describe the office around the quarter's figures: its teams, people, policies and money by kind."""

import datetime as dt
from typing import Any

from db.quarters import Quarter
from db.queries.figures import office_figures
from db.storage.store import Store

_OWN = "managing_org = (SELECT content FROM office WHERE item = 'name')"
_ACTIVE = "established_on <= :as_of AND (dissolved_on IS NULL OR dissolved_on > :as_of)"
_SUSPENDED = """(suspended_from IS NOT NULL AND suspended_from <= :as_of
                 AND (suspended_until IS NULL OR suspended_until > :as_of))"""


def overview(store: Store, quarter: Quarter) -> dict[str, Any]:
    """Return counts and short lists on the quarter's last day, for the report's text.

    ``teams``: own, other, sub, suspended (on the day), founded, dissolved (in the quarter); ``domains``: active teams
    not suspended, by primary domain; ``volunteers``: active, registered, left; ``policies``: in force by mode, and
    those that end within 30 days; ``sources``: the quarter's income in 分 by source; ``listed``: teams to list.
    """
    days = {"as_of": quarter.end.isoformat(), "start": quarter.start.isoformat()}
    teams = store.query(
        f"""SELECT count(*) FILTER (WHERE {_ACTIVE} AND NOT {_SUSPENDED} AND {_OWN} AND parent_id IS NULL) AS own,
                   count(*) FILTER (WHERE {_ACTIVE} AND NOT {_SUSPENDED} AND NOT {_OWN} AND parent_id IS NULL) AS other,
                   count(*) FILTER (WHERE {_ACTIVE} AND NOT {_SUSPENDED} AND parent_id IS NOT NULL) AS sub,
                   count(*) FILTER (WHERE {_ACTIVE} AND {_SUSPENDED}) AS suspended,
                   count(*) FILTER (WHERE established_on BETWEEN :start AND :as_of) AS founded,
                   count(*) FILTER (WHERE dissolved_on BETWEEN :start AND :as_of) AS dissolved
              FROM team""",
        days,
    )[0]
    domains = store.query(
        f"""SELECT primary_domain AS domain, count(*) AS n FROM team
             WHERE {_ACTIVE} AND NOT {_SUSPENDED} AND parent_id IS NULL
             GROUP BY primary_domain ORDER BY n DESC, domain""",
        days,
    )
    volunteers = store.query(
        """SELECT count(*) FILTER (WHERE registered_on <= :as_of AND (left_on IS NULL OR left_on > :as_of)) AS active,
                  count(*) FILTER (WHERE registered_on BETWEEN :start AND :as_of) AS registered,
                  count(*) FILTER (WHERE left_on BETWEEN :start AND :as_of) AS "left",
                  count(*) FILTER (WHERE registered_on <= :as_of AND (left_on IS NULL OR left_on > :as_of)
                                     AND platform_id IS NOT NULL) AS on_platform
             FROM volunteer""",
        days,
    )[0]
    policies = store.query(
        """SELECT cover_mode AS mode, count(*) AS n FROM insurance_policy
            WHERE start_on <= :as_of AND end_on >= :as_of GROUP BY cover_mode ORDER BY cover_mode""",
        days,
    )
    ending = store.query(
        """SELECT policy_number, end_on FROM insurance_policy
            WHERE start_on <= :as_of AND end_on BETWEEN :as_of AND date(:as_of, '+30 days') ORDER BY end_on, id""",
        days,
    )
    sources = store.query(
        """SELECT ifnull(fund_source, 'unknown') AS source, sum(amount_fen) AS fen FROM fund_entry
            WHERE direction = 'income' AND entry_on BETWEEN :start AND :as_of GROUP BY 1 ORDER BY fen DESC""",
        days,
    )
    listed = store.query(
        f"""SELECT id, name, primary_domain, managing_org, team_leader, {_OWN} AS own, {_SUSPENDED} AS suspended,
                   dissolved_on, parent_id IS NOT NULL AS is_sub,
                   established_on <= :as_of AND (dissolved_on IS NULL OR dissolved_on > :start) AS in_quarter
              FROM team ORDER BY own DESC, id""",
        days,
    )
    return {
        "teams": teams, "domains": domains, "volunteers": volunteers, "policies": policies, "ending": ending,
        "sources": sources, "listed": listed,
    }  # fmt: skip


def trend(store: Store, quarter: Quarter, count: int = 4) -> list[dict[str, Any]]:
    """Return the last `count` quarters, oldest first: quarter, its office figures, and those of a year earlier."""
    quarters = [quarter]
    while len(quarters) < count:
        quarters.insert(0, quarters[0].previous)
    known = {q: office_figures(store, q) for q in {*quarters, *(q.last_year for q in quarters)}}
    return [{"quarter": q, "now": known[q], "before": known[q.last_year]} for q in quarters]


def latest_quarter(store: Store) -> Quarter | None:
    """Return the quarter of the newest day on which something was recorded, or None for an empty ledger."""
    found = store.query(
        """SELECT max(day) AS day FROM (
             SELECT max(joined_on) AS day FROM membership UNION ALL SELECT max(start_on) FROM training
             UNION ALL SELECT max(entry_on) FROM fund_entry UNION ALL SELECT max(start_on) FROM activity
             UNION ALL SELECT max(served_on) FROM service_record UNION ALL SELECT max(recorded_on) FROM work_record)"""
    )[0]["day"]
    return Quarter.of(dt.date.fromisoformat(found)) if found else None
