"""The quarter's figures: one set of queries behind screen, list, Excel, PDF and JSON (data contract, section 5).

Every query runs over a *scope*: a table of (team, group). The same SQL gives the figures of each team (a group of its
own), of the own-level teams and the others apart, and of all teams; persons are counted once in each group.
The office adds what belongs to no team: attendances of people without a team, shared money, activities without a host.
"""

import datetime as dt
from typing import Any

from db.quarters import Quarter
from db.records.entities import LEVELS
from db.storage.store import Store

Figures = dict[str, int]

MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")
TEAM_FIGURES = (
    "members_start", "members_joined", "members_left", "members_end", "persons_end",
    "trainings", "training_person_times", "training_persons", "training_minutes",
    "insured_end", "uninsured_end", *MONEY,
    "activities", "service_minutes", "service_person_times", "service_persons",
)  # fmt: skip

# Persons with a coverage in force on :as_of. Both ends are inclusive; a coverage cannot outlive its policy.
COVERED = """
    SELECT c.volunteer_id FROM coverage AS c JOIN insurance_policy AS p ON p.id = c.policy_id
     WHERE p.cover_mode = 'named_list'
       AND max(coalesce(c.start_on, p.start_on), p.start_on) <= :as_of
       AND min(coalesce(c.end_on, p.end_on), p.end_on) >= :as_of
    UNION
    SELECT id FROM volunteer
     WHERE platform_id IS NOT NULL AND EXISTS (
           SELECT 1 FROM insurance_policy
            WHERE cover_mode = 'platform_auto' AND start_on <= :as_of AND end_on >= :as_of)
"""

_MEMBERS = """
    SELECT s.grp,
           count(*) FILTER (WHERE joined_on <= :eve AND (left_on IS NULL OR left_on > :eve)) AS members_start,
           count(*) FILTER (WHERE joined_on BETWEEN :start AND :as_of) AS members_joined,
           count(*) FILTER (WHERE left_on BETWEEN :start AND :as_of) AS members_left,
           count(*) FILTER (WHERE joined_on <= :as_of AND (left_on IS NULL OR left_on > :as_of)) AS members_end
      FROM scope AS s JOIN membership AS m ON m.team_id = s.team_id GROUP BY s.grp
"""

_INSURED = f"""
    , covered AS ({COVERED}),
    present AS (
        SELECT DISTINCT s.grp, m.volunteer_id FROM scope AS s JOIN membership AS m ON m.team_id = s.team_id
         WHERE joined_on <= :as_of AND (left_on IS NULL OR left_on > :as_of))
    SELECT grp, count(*) AS persons_end,
           count(*) FILTER (WHERE volunteer_id IN covered) AS insured_end,
           count(*) FILTER (WHERE volunteer_id NOT IN covered) AS uninsured_end
      FROM present GROUP BY grp
"""

# Attendances that count, with the team of each: the one named, or every team the person was in on the day.
COUNTED = """
    counted AS (
        SELECT a.id, a.training_id, a.volunteer_id, a.team_id, t.start_on,
               coalesce(a.attended_minutes, t.class_minutes) AS minutes
          FROM training AS t JOIN attendance AS a ON a.training_id = t.id
         WHERE t.start_on BETWEEN :start AND :as_of AND (a.result IS NULL OR a.result NOT IN ('absent', 'leave'))),
    headcounts AS (
        SELECT t.id, t.team_id, t.person_times FROM training AS t
         WHERE t.start_on BETWEEN :start AND :as_of AND t.person_times > 0
           AND NOT EXISTS (SELECT 1 FROM attendance WHERE training_id = t.id))
"""

_TRAINED = f"""
    , {COUNTED},
    placed AS (
        SELECT s.grp, c.id, c.training_id, c.volunteer_id, c.minutes
          FROM counted AS c JOIN scope AS s ON s.team_id = c.team_id
        UNION
        SELECT s.grp, c.id, c.training_id, c.volunteer_id, c.minutes
          FROM counted AS c
          JOIN membership AS m ON m.volunteer_id = c.volunteer_id
               AND m.joined_on <= c.start_on AND (m.left_on IS NULL OR m.left_on > c.start_on)
          JOIN scope AS s ON s.team_id = m.team_id
         WHERE c.team_id IS NULL
        UNION ALL
        SELECT s.grp, NULL, h.id, NULL, 0 FROM headcounts AS h JOIN scope AS s ON s.team_id = h.team_id)
    SELECT grp, count(DISTINCT training_id) AS trainings,
           count(id) + (SELECT coalesce(sum(h.person_times), 0) FROM headcounts AS h
                          JOIN scope AS s ON s.team_id = h.team_id WHERE s.grp = placed.grp) AS training_person_times,
           count(DISTINCT volunteer_id) AS training_persons, sum(minutes) AS training_minutes
      FROM placed GROUP BY grp
"""

_TRAINED_OFFICE = f"""
    WITH {COUNTED}
    SELECT (SELECT count(DISTINCT training_id) FROM counted) + (SELECT count(*) FROM headcounts) AS trainings,
           (SELECT count(*) FROM counted)
             + (SELECT coalesce(sum(person_times), 0) FROM headcounts) AS training_person_times,
           (SELECT count(DISTINCT volunteer_id) FROM counted) AS training_persons,
           (SELECT coalesce(sum(minutes), 0) FROM counted) AS training_minutes
"""

_SUMS = """
           coalesce(sum(amount_fen) FILTER (WHERE direction = 'income' AND entry_on >= :start), 0) AS income_fen,
           coalesce(sum(amount_fen) FILTER (WHERE direction = 'expense' AND entry_on >= :start), 0) AS expense_fen,
           coalesce(sum(amount_fen) FILTER (WHERE direction = 'income' AND entry_on >= :new_year), 0) AS income_ytd_fen,
           coalesce(sum(amount_fen) FILTER (WHERE direction = 'expense' AND entry_on >= :new_year), 0)
               AS expense_ytd_fen,
           coalesce(sum(CASE direction WHEN 'income' THEN amount_fen ELSE -amount_fen END), 0) AS balance_fen
"""
_MONEY = f"""
    SELECT s.grp, {_SUMS} FROM scope AS s JOIN fund_entry AS f ON f.team_id = s.team_id
     WHERE f.entry_on <= :as_of GROUP BY s.grp
"""
_ACTIVITIES = """
    SELECT s.grp, count(*) AS activities FROM scope AS s JOIN activity AS a ON a.host_team_id = s.team_id
     WHERE a.start_on BETWEEN :start AND :as_of GROUP BY s.grp
"""
_SERVICE = """
    SELECT s.grp, sum(service_minutes) AS service_minutes, count(*) AS service_person_times,
           count(DISTINCT volunteer_id) AS service_persons
      FROM scope AS s JOIN service_record AS r ON r.team_id = s.team_id
     WHERE r.served_on BETWEEN :start AND :as_of GROUP BY s.grp
"""
_OWN_LEVEL = "(managing_org = (SELECT content FROM office WHERE item = 'name'))"


def _days(quarter: Quarter) -> dict[str, str]:
    return {
        "start": quarter.start.isoformat(), "as_of": quarter.end.isoformat(), "eve": quarter.eve.isoformat(),
        "new_year": dt.date(quarter.year, 1, 1).isoformat(),
    }  # fmt: skip


def _by_group(store: Store, quarter: Quarter, group: str) -> dict[Any, Figures]:
    """Return the team figures of every group that `group` (an expression over `team`) makes."""
    scope = f"WITH scope (team_id, grp) AS (SELECT id, {group} FROM team)"
    found: dict[Any, Figures] = {}
    for row in store.query(f"SELECT DISTINCT {group} AS grp FROM team"):
        found[row["grp"]] = dict.fromkeys(TEAM_FIGURES, 0)
    for part in (_MEMBERS, _INSURED, _TRAINED, _MONEY, _ACTIVITIES, _SERVICE):
        for row in store.query(scope + part, _days(quarter)):
            found[row.pop("grp")].update(row)
    return found


def quarter_figures(store: Store, quarter: Quarter) -> dict[str, Any]:
    """Return the quarter's figures in the shape of ``boai figures --json``.

    Money in 分, durations in minutes, everything else in persons, person-times or pieces.
    """
    teams = store.query(f"SELECT id, name, {_OWN_LEVEL} AS own FROM team ORDER BY own DESC, id")
    by_team = _by_group(store, quarter, "id")
    return {
        "quarter": str(quarter),
        "as_of": quarter.end.isoformat(),
        "office": office_figures(store, quarter),
        "shared": _one(store, f"SELECT {_SUMS} FROM fund_entry WHERE team_id IS NULL AND entry_on <= :as_of", quarter),
        "teams": [{"team": t["name"], "own_level": bool(t["own"])} | by_team[t["id"]] for t in teams],
    }


def office_figures(store: Store, quarter: Quarter) -> Figures:
    """Return the office's figures: every team it keeps, each person once, and what belongs to no team."""
    found = dict.fromkeys(TEAM_FIGURES, 0)
    found.update(_by_group(store, quarter, "1").get(1, {}))
    found.update(_one(store, _TRAINED_OFFICE, quarter))
    found.update(_one(store, f"SELECT {_SUMS} FROM fund_entry WHERE entry_on <= :as_of", quarter))
    found.update(
        _one(store, "SELECT count(*) AS activities FROM activity WHERE start_on BETWEEN :start AND :as_of", quarter)
    )
    soon = (quarter.end + dt.timedelta(days=30)).isoformat()
    expiring = store.query(
        "SELECT count(*) AS n FROM insurance_policy WHERE start_on <= ? AND end_on BETWEEN ? AND ?",
        [quarter.end.isoformat(), quarter.end.isoformat(), soon],
    )
    return found | {"policies_expiring_30d": int(expiring[0]["n"])}


def group_figures(store: Store, quarter: Quarter) -> dict[str, Figures]:
    """Return the sub-totals of the team table: ``own`` and ``other`` (absent where there is no such team)."""
    found = _by_group(store, quarter, f"CASE WHEN {_OWN_LEVEL} THEN 'own' ELSE 'other' END")
    return {str(k): v for k, v in found.items()}


def _one(store: Store, sql: str, quarter: Quarter) -> Figures:
    return {k: int(v or 0) for k, v in store.query(sql, _days(quarter))[0].items()}


def office_level(store: Store) -> str | None:
    """Return the office's level as the glossary's word (province, city, county), or None where it is not entered."""
    label = store.office().get("level")
    return next((code for code, name in LEVELS if name == label), None)
