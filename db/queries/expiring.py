"""What ends soon: people's insurance, certificates, policies without a list, and agreements or plans with a term."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from db.queries.conditions import present
from db.storage.store import Store

# Each present member's last insurance, by name or by the platform: who is covered longer by another policy does not end
# here. Where both end on one day the list by name tells it.
_PEOPLE = f"""
    present AS (SELECT DISTINCT m.volunteer_id FROM effective_membership AS m WHERE {present()}),
    last_cover AS (
        SELECT volunteer_id, policy_id, ends_on,
               row_number() OVER (PARTITION BY volunteer_id ORDER BY ends_on DESC, is_auto, policy_id) AS n
          FROM (SELECT volunteer_id, policy_id, end_on AS ends_on, 0 AS is_auto FROM coverage_span
                 WHERE cover_mode = 'named_list'
                UNION ALL
                SELECT v.id, p.id, p.end_on, 1 FROM volunteer AS v JOIN insurance_policy AS p ON p.cover_mode = 'platform_auto'
                 WHERE v.platform_id IS NOT NULL AND ifnull(v.platform_registered_on, p.start_on) <= p.end_on)
         WHERE volunteer_id IN (SELECT volunteer_id FROM present)),
    insured AS (
        SELECT l.volunteer_id, l.ends_on, p.id AS policy_id, p.product AS what, p.policy_number AS number, p.cover_mode
          FROM last_cover AS l JOIN insurance_policy AS p ON p.id = l.policy_id
         WHERE l.n = 1 AND l.ends_on BETWEEN :as_of AND :until),
    last_certificate AS (
        SELECT id, volunteer_id, coalesce(certificate, '证书') AS what, valid_until AS ends_on,
               row_number() OVER (PARTITION BY volunteer_id, certificate ORDER BY valid_until DESC, id) AS n
          FROM attendance
         WHERE valid_until IS NOT NULL AND volunteer_id IN (SELECT volunteer_id FROM present)),
    certified AS (SELECT * FROM last_certificate WHERE n = 1 AND ends_on BETWEEN :as_of AND :until)
"""


@dataclass(frozen=True)
class Ending:
    """One thing that ends: its last day, days left, words, and the rows of `record` it is about."""

    ends_on: dt.date
    days: int
    title: str
    note: str
    record: str
    ids: frozenset[int]


def _span(day: dt.date, days: int) -> dict[str, str]:
    return {"as_of": day.isoformat(), "until": (day + dt.timedelta(days=days)).isoformat()}


def endings(store: Store, day: dt.date, days: int = 30) -> list[Ending]:
    """Return what ends from `day` to `days` later, both inside, the nearest first.

    People's insurance and certificates are counted for the members of that day, each at the end of the last one; a policy
    without a list that another one of its kind goes on from is not named.
    """
    span = _span(day, days)
    rows = store.query(
        f"""WITH {_PEOPLE}
            SELECT ends_on, what || ' ' || count(*) || ' 人' AS title, '保单 ' || number AS note, 'insurance_policy' AS record,
                   CAST(policy_id AS TEXT) AS ids FROM insured
             WHERE cover_mode = 'named_list' GROUP BY ends_on, policy_id
            UNION ALL
            SELECT ends_on, what || ' ' || count(*) || ' 人', '证书到期', 'attendance', group_concat(id)
              FROM certified GROUP BY ends_on, what
            UNION ALL
            SELECT end_on, product, '保单 ' || policy_number, 'insurance_policy', CAST(id AS TEXT) FROM insurance_policy AS p
             WHERE cover_mode <> 'named_list' AND start_on <= :as_of AND end_on BETWEEN :as_of AND :until
               AND NOT EXISTS (SELECT 1 FROM insurance_policy AS q WHERE q.cover_mode = p.cover_mode
                                  AND q.start_on <= date(p.end_on, '+1 day') AND q.end_on > p.end_on)
            UNION ALL
            SELECT valid_until, title, '有效期止', 'work_record', CAST(id AS TEXT) FROM work_record
             WHERE valid_until BETWEEN :as_of AND :until
            ORDER BY 1, 4, 2""",
        span,
    )
    found = []
    for row in rows:
        end = dt.date.fromisoformat(row["ends_on"])
        ids = frozenset(int(i) for i in row["ids"].split(","))
        found.append(Ending(end, (end - day).days, row["title"], row["note"], row["record"], ids))
    return found


def ending_people(store: Store, day: dt.date, days: int = 30) -> list[dict[str, Any]]:
    """Return the members whose insurance or certificate ends: ends_on, what, number, name, teams, phone (whole)."""
    return store.query(
        f"""WITH {_PEOPLE},
            due AS (
                SELECT volunteer_id, ends_on, what, number FROM insured
                UNION ALL SELECT volunteer_id, ends_on, what, NULL FROM certified)
            SELECT d.ends_on, d.what, d.number, v.name, v.phone,
                   (SELECT group_concat(name, '、') FROM (
                        SELECT DISTINCT t.name FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
                         WHERE m.volunteer_id = v.id AND {present()} ORDER BY t.id)) AS teams
              FROM due AS d JOIN volunteer AS v ON v.id = d.volunteer_id ORDER BY d.ends_on, teams, v.id""",
        _span(day, days),
    )
