"""A period's figures: one set of queries behind screen, list, Excel, PDF and JSON (data contract, section 5).

Every query runs over a *scope*: a table of (team, group). The same SQL gives the figures of each team (a group of its
own), of the own-level teams and the others apart, and of all teams; persons are counted once in each group.
The office adds what belongs to no team: attendances of people without a team, shared money, activities without a host.
A figure that is not known is None, which is not 0.
"""

import datetime as dt
from typing import Any

from db.quarters import Period
from db.queries.conditions import (
    COVERED,
    attended,
    on_platform,
    own_team,
    present,
    registered,
    standing_team,
)
from db.records.choices import LEVELS
from db.storage.store import Store

Figures = dict[str, int | None]

MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")
TEAM_FIGURES = (
    "members_start", "members_joined", "members_left", "members_end", "persons_end",
    "trainings", "training_person_times", "training_persons", "training_minutes",
    "insured_end", "uninsured_end", *MONEY,
    "activities", "service_minutes", "service_person_times", "service_persons",
)  # fmt: skip
OFFICE_FIGURES = (
    "teams_end", "teams_own_end", "teams_other_end", "subteams_end", "teams_founded", "teams_own_founded",
    "teams_dissolved", "volunteers_end", "volunteers_joined", "volunteers_left", "volunteers_network_end",
    *TEAM_FIGURES, "policies_expiring_30d",
)  # fmt: skip

_TEAMS = f"""
    SELECT count(*) FILTER (WHERE {standing_team()} AND parent_id IS NULL) AS teams_end,
           count(*) FILTER (WHERE {standing_team()} AND parent_id IS NULL AND {own_team()}) AS teams_own_end,
           count(*) FILTER (WHERE {standing_team()} AND parent_id IS NULL AND NOT {own_team()}) AS teams_other_end,
           count(*) FILTER (WHERE {standing_team()} AND parent_id IS NOT NULL) AS subteams_end,
           count(*) FILTER (WHERE parent_id IS NULL AND established_on BETWEEN :start AND :as_of) AS teams_founded,
           count(*) FILTER (WHERE parent_id IS NULL AND established_on BETWEEN :start AND :as_of AND {own_team()})
               AS teams_own_founded,
           count(*) FILTER (WHERE parent_id IS NULL AND dissolved_on BETWEEN :start AND :as_of) AS teams_dissolved
      FROM team AS t
"""

_VOLUNTEERS = f"""
    SELECT count(*) FILTER (WHERE {registered()}) AS volunteers_end,
           count(*) FILTER (WHERE registered_on BETWEEN :start AND :as_of) AS volunteers_joined,
           count(*) FILTER (WHERE left_on BETWEEN :start AND :as_of) AS volunteers_left,
           count(*) FILTER (WHERE {registered()} AND {on_platform()}) AS volunteers_network_end
      FROM volunteer AS v
"""

_MEMBERS = f"""
    SELECT s.grp,
           count(*) FILTER (WHERE {present(day=":eve")}) AS members_start,
           count(*) FILTER (WHERE m.joined_on BETWEEN :start AND :as_of) AS members_joined,
           count(*) FILTER (WHERE m.ended_on BETWEEN :start AND :as_of) AS members_left,
           count(*) FILTER (WHERE {present()}) AS members_end
      FROM scope AS s JOIN effective_membership AS m ON m.team_id = s.team_id GROUP BY s.grp
"""

_INSURED = f"""
    , covered AS ({COVERED}),
    present AS (
        SELECT DISTINCT s.grp, m.volunteer_id FROM scope AS s JOIN effective_membership AS m ON m.team_id = s.team_id
         WHERE {present()})
    SELECT grp, count(*) AS persons_end,
           count(*) FILTER (WHERE volunteer_id IN covered) AS insured_end,
           count(*) FILTER (WHERE volunteer_id NOT IN covered) AS uninsured_end
      FROM present GROUP BY grp
"""

# Attendances that count, with the team of each: the one named, or every team the person was in on the day.
COUNTED = f"""
    counted AS (
        SELECT a.id, a.training_id, a.volunteer_id, a.team_id, t.start_on,
               coalesce(a.attended_minutes, t.class_minutes) AS minutes
          FROM training AS t JOIN attendance AS a ON a.training_id = t.id
         WHERE t.start_on BETWEEN :start AND :as_of AND {attended()}),
    headcounts AS (
        SELECT t.id, t.team_id, t.person_times FROM training AS t
         WHERE t.start_on BETWEEN :start AND :as_of AND t.person_times > 0
           AND NOT EXISTS (SELECT 1 FROM attendance WHERE training_id = t.id))
"""

# Persons and minutes are unknown where all that was counted is head-counts.
_TRAINED = f"""
    , {COUNTED},
    placed AS (
        SELECT s.grp, c.id, c.training_id, c.volunteer_id, c.minutes
          FROM counted AS c JOIN scope AS s ON s.team_id = c.team_id
        UNION
        SELECT s.grp, c.id, c.training_id, c.volunteer_id, c.minutes
          FROM counted AS c
          JOIN effective_membership AS m ON m.volunteer_id = c.volunteer_id AND {present(day="c.start_on")}
          JOIN scope AS s ON s.team_id = m.team_id
         WHERE c.team_id IS NULL
        UNION ALL
        SELECT s.grp, NULL, h.id, NULL, NULL FROM headcounts AS h JOIN scope AS s ON s.team_id = h.team_id)
    SELECT grp, count(DISTINCT training_id) AS trainings,
           count(id) + (SELECT coalesce(sum(h.person_times), 0) FROM headcounts AS h
                          JOIN scope AS s ON s.team_id = h.team_id WHERE s.grp = placed.grp) AS training_person_times,
           nullif(count(DISTINCT volunteer_id), 0) AS training_persons,
           CASE WHEN count(id) > 0 THEN sum(minutes) END AS training_minutes
      FROM placed GROUP BY grp
"""

_TRAINED_OFFICE = f"""
    WITH {COUNTED},
    total AS (SELECT (SELECT count(*) FROM counted) AS listed, (SELECT count(*) FROM headcounts) AS headcounts)
    SELECT (SELECT count(DISTINCT training_id) FROM counted) + headcounts AS trainings,
           listed + (SELECT coalesce(sum(person_times), 0) FROM headcounts) AS training_person_times,
           CASE WHEN listed OR NOT headcounts THEN (SELECT count(DISTINCT volunteer_id) FROM counted) END
               AS training_persons,
           CASE WHEN listed OR NOT headcounts THEN (SELECT coalesce(sum(minutes), 0) FROM counted) END
               AS training_minutes
      FROM total
"""


def _income(side: str, since: str) -> str:
    return f"""coalesce(sum(amount_fen) FILTER (
                   WHERE direction = '{side}' AND NOT is_opening AND entry_on >= {since}), 0)"""


_SUMS = f"""
           {_income("income", ":start")} AS income_fen, {_income("expense", ":start")} AS expense_fen,
           {_income("income", ":new_year")} AS income_ytd_fen, {_income("expense", ":new_year")} AS expense_ytd_fen,
           coalesce(sum(balance_fen), 0) AS balance_fen
"""
_MONEY = f"""
    SELECT s.grp, {_SUMS} FROM scope AS s JOIN netted_entry AS f ON f.team_id = s.team_id
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
# Since when there has been a record of the kind that a figure counts: (table, day), the last one for all others.
_FIRST = (
    (("teams_", "subteams_"), "SELECT min(established_on) FROM team"),
    (("volunteers_",), "SELECT min(registered_on) FROM volunteer"),
    (("members_", "persons_", "uninsured_"), "SELECT min(joined_on) FROM effective_membership"),
    (("insured_", "policies_"), "SELECT min(start_on) FROM insurance_policy"),
    (("training",), "SELECT min(start_on) FROM training"),
    (("income_", "expense_", "balance_"), "SELECT min(entry_on) FROM fund_entry"),
    (("activities",), "SELECT min(start_on) FROM activity"),
    (("service_",), "SELECT min(served_on) FROM service_record"),
)


def days_of(period: Period, as_of: dt.date | None = None) -> dict[str, str]:
    """Return what the figures' queries are bound to; `as_of` is the period's last day where none is given."""
    return {
        "start": period.start.isoformat(), "as_of": (as_of or period.end).isoformat(), "eve": period.eve.isoformat(),
        "new_year": dt.date(period.year, 1, 1).isoformat(),
    }  # fmt: skip


def _by_group(store: Store, days: dict[str, str], group: str) -> dict[Any, Figures]:
    """Return the team figures of every group that `group` (an expression over ``team AS t``) makes."""
    scope = f"WITH scope (team_id, grp) AS (SELECT id, {group} FROM team AS t)"
    found: dict[Any, Figures] = {}
    for row in store.query(f"SELECT DISTINCT {group} AS grp FROM team AS t", days):
        found[row["grp"]] = dict.fromkeys(TEAM_FIGURES, 0)
    for part in (_MEMBERS, _INSURED, _TRAINED, _MONEY, _ACTIVITIES, _SERVICE):
        for row in store.query(scope + part, days):
            found[row.pop("grp")].update(row)
    return found


def period_figures(store: Store, period: Period, as_of: dt.date | None = None) -> dict[str, Any]:
    """Return the period's figures in the shape of ``boai figures --json``, up to its last day or to `as_of`.

    Money in 分, durations in minutes, everything else in persons, person-times or pieces; None is not known.
    """
    days = days_of(period, as_of)
    teams = store.query(f"SELECT id, name, {own_team()} AS own FROM team AS t ORDER BY own DESC, id", days)
    by_team = _by_group(store, days, "id")
    return {
        "period": str(period),
        **({"quarter": str(period)} if period.months == 3 else {}),
        "as_of": days["as_of"],
        "office": office_figures(store, period, as_of),
        "shared": store.query(
            f"SELECT {_SUMS} FROM netted_entry WHERE team_id IS NULL AND entry_on <= :as_of", days
        )[0],
        "teams": [{"team": t["name"], "own_level": bool(t["own"])} | by_team[t["id"]] for t in teams],
    }  # fmt: skip


def office_figures(store: Store, period: Period, as_of: dt.date | None = None) -> Figures:
    """Return the office's figures: every team it keeps, each person once, and what belongs to no team."""
    days = days_of(period, as_of)
    found: Figures = dict.fromkeys(OFFICE_FIGURES, 0)
    found.update(_by_group(store, days, "1").get(1, {}))
    for sql in (
        _TEAMS,
        _VOLUNTEERS,
        _TRAINED_OFFICE,
        f"SELECT {_SUMS} FROM netted_entry WHERE entry_on <= :as_of",
        "SELECT count(*) AS activities FROM activity WHERE start_on BETWEEN :start AND :as_of",
        """SELECT count(*) AS policies_expiring_30d FROM insurance_policy
            WHERE start_on <= :as_of AND end_on BETWEEN :as_of AND date(:as_of, '+30 days')""",
    ):
        found.update(store.query(sql, days)[0])
    return found


def ledger_begins(store: Store) -> dt.date | None:
    """Return the first day that the ledger can speak of: 台账启用日期, else the day of its first record, else None."""
    started = store.office().get("ledger_started_on")
    if not started:
        firsts = [store.query(f"SELECT ({sql}) AS day")[0]["day"] for _, sql in _FIRST]
        started = min((day for day in firsts if day), default=None)
    return dt.date.fromisoformat(started) if started else None


def compared_figures(store: Store, period: Period, as_of: dt.date | None = None) -> Figures:
    """Return the office's figures of an earlier period, to compare with: None where its kind of record was not yet kept.

    What was not recorded is not 0: before the first record of a kind, or before 台账启用日期, nothing can be compared.
    """
    last = (as_of or period.end).isoformat()
    if (store.office().get("ledger_started_on") or "") > last:
        return dict.fromkeys(OFFICE_FIGURES)
    found = office_figures(store, period, as_of)
    for names, sql in _FIRST:
        first = store.query(f"SELECT ({sql}) AS day")[0]["day"]
        if first is None or first > last:
            found.update({name: None for name in found if name.startswith(names)})
    return found


def group_figures(store: Store, period: Period, as_of: dt.date | None = None) -> dict[str, Figures]:
    """Return the sub-totals of the team table: ``own`` and ``other`` (absent where there is no such team)."""
    found = _by_group(store, days_of(period, as_of), f"CASE WHEN {own_team()} THEN 'own' ELSE 'other' END")
    return {str(k): v for k, v in found.items()}


def office_level(store: Store, as_of: dt.date | None = None) -> str | None:
    """Return the office's level as the glossary's word (province, city, county), or None where it is not entered."""
    label = store.office(as_of).get("level")
    return next((code for code, name in LEVELS if name == label), None)
