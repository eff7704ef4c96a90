"""Reads that describe the office around the period's figures: its teams, people, policies and money by kind."""

import datetime as dt
from typing import Any

from db.quarters import Period, Quarter
from db.queries.conditions import base_team, existing_team, own_team, standing_team, suspended_team
from db.queries.figures import compared_figures, days_of, ledger_begins, office_figures
from db.records.choices import DOMAINS
from db.storage.store import Store


def overview(store: Store, period: Period, as_of: dt.date | None = None) -> dict[str, Any]:
    """Return short lists on the period's last day, or on `as_of`, for the report's text; counts are figures.

    ``suspended``: teams that are; ``domains``: active teams by primary domain, in the notice's order, 其他 last;
    ``policies``: in force by mode; ``ending``: those that end within 30 days; ``sources``: the period's net income in
    分 by source; ``listed``: every team that stood in the period, ours first, each 分队 behind the team above it.
    """
    days = days_of(period, as_of)
    order = {code: n for n, (code, _) in enumerate(DOMAINS)}
    suspended = store.query(
        f"SELECT count(*) AS n FROM team AS t WHERE {existing_team()} AND {suspended_team()} AND parent_id IS NULL",
        days,
    )[0]["n"]
    domains = store.query(
        f"""SELECT primary_domain AS domain, count(*) AS n FROM team AS t
             WHERE {standing_team()} AND parent_id IS NULL GROUP BY primary_domain""",
        days,
    )
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
        """SELECT ifnull(fund_source, 'unknown') AS source, sum(amount_fen) AS fen FROM netted_entry
            WHERE direction = 'income' AND NOT is_opening AND entry_on BETWEEN :start AND :as_of
            GROUP BY 1 HAVING fen <> 0 ORDER BY fen DESC""",
        days,
    )
    listed = store.query(
        f"""SELECT t.id, t.name, t.primary_domain, t.managing_org, t.team_leader, {own_team()} AS own,
                   {suspended_team()} AS suspended, t.dissolved_on, t.parent_id, t.parent_id IS NOT NULL AS is_sub,
                   {base_team()} AS is_base,
                   t.established_on <= :as_of AND (t.dissolved_on IS NULL OR t.dissolved_on > :start) AS in_quarter
              FROM team AS t LEFT JOIN team_tree AS tree ON tree.team_id = t.id
             ORDER BY (SELECT {own_team("top")} FROM team AS top WHERE top.id = ifnull(tree.top_id, t.id)) DESC,
                      ifnull(tree.top_id, t.id), t.parent_id IS NOT NULL, t.id""",
        days,
    )
    return {
        "suspended": suspended, "domains": sorted(domains, key=lambda r: order[r["domain"]]), "policies": policies,
        "ending": ending, "sources": sources, "listed": listed,
    }  # fmt: skip


def trend(store: Store, quarter: Quarter, count: int = 4) -> list[dict[str, Any]]:
    """Return the last `count` quarters, oldest first: quarter, its office figures, and those of a year earlier.

    Quarters that were over before the ledger began are left out, the one asked for apart.
    """
    begins = ledger_begins(store)
    quarters = [quarter]
    while len(quarters) < count and (begins is None or quarters[0].previous.end >= begins):
        quarters.insert(0, quarters[0].previous)
    known = {q: office_figures(store, q) for q in quarters}
    before = {q: known.get(q.last_year) or compared_figures(store, q.last_year) for q in quarters}
    return [{"quarter": q, "now": known[q], "before": before[q]} for q in quarters]


def latest_quarter(store: Store) -> Quarter | None:
    """Return the quarter of the newest day on which something was recorded, or None for an empty ledger."""
    found = store.query(
        """SELECT max(day) AS day FROM (
             SELECT max(joined_on) AS day FROM membership UNION ALL SELECT max(start_on) FROM training
             UNION ALL SELECT max(entry_on) FROM fund_entry UNION ALL SELECT max(start_on) FROM activity
             UNION ALL SELECT max(served_on) FROM service_record UNION ALL SELECT max(recorded_on) FROM work_record)"""
    )[0]["day"]
    return Quarter.of(dt.date.fromisoformat(found)) if found else None
