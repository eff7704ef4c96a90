"""What stands beside the rows of a list: facts that follow from other records, by the id of the row.

Everything is read for one day (`as_of`) and, where a team is given, for its rows alone.
"""

import datetime as dt
from typing import Any

from db.queries.conditions import ML_PER_UNIT, TAKES_PART, over, present
from db.records.fields import Entity, Row
from db.storage.store import Store

Facts = dict[int, Row]
SOON = 30  # days before the end of a coverage that a person is to be told

# Every span in which a person is covered; on a policy of the platform from the day of the number there.
SPANS = """
    SELECT volunteer_id, policy_id, start_on AS first_on, end_on AS last_on FROM coverage_span
     WHERE cover_mode = 'named_list'
    UNION ALL
    SELECT v.id, p.id, max(p.start_on, ifnull(v.platform_registered_on, p.start_on)), p.end_on
      FROM volunteer AS v JOIN insurance_policy AS p ON p.cover_mode = 'platform_auto'
     WHERE v.platform_id IS NOT NULL AND ifnull(v.platform_registered_on, p.start_on) <= p.end_on
"""
_OF_TEAM = "(:team IS NULL OR volunteer_id IN (SELECT volunteer_id FROM membership WHERE team_id = :team))"

# Which rows of a record belong to a team's page.
_TEAM_ROWS = {
    "membership": f"team_id = :team AND (:past OR NOT {over('membership')})",
    "training": """(team_id = :team OR EXISTS (
        SELECT 1 FROM attendance AS a WHERE a.training_id = training.id AND a.team_id = :team))""",
    "coverage": """(team_id = :team OR (team_id IS NULL AND volunteer_id IN (
        SELECT volunteer_id FROM membership WHERE team_id = :team)))""",
    "fund_entry": "team_id = :team",
    "activity": TAKES_PART,
}
_TEAM_ORDER = {
    "membership": f"""{over("membership")},
        CASE role WHEN 'team_leader' THEN 0 WHEN 'deputy_leader' THEN 1 WHEN 'backbone' THEN 2 ELSE 3 END, id""",
    "training": "start_on DESC, id DESC", "coverage": "end_on DESC, id", "fund_entry": "entry_on DESC, id DESC",
    "activity": "start_on DESC, id DESC",
}  # fmt: skip
NO_TEAM = 0  # stands for what the office shares: entries that name no team


def team_rows(store: Store, entity: Entity, team: int, as_of: dt.date, past: bool = False) -> list[Row]:
    """Return the rows of a record that a team's page shows, the present or latest first."""
    where = "team_id IS NULL" if team == NO_TEAM else _TEAM_ROWS[entity.name]
    return store.query(
        f"SELECT * FROM {entity.name} WHERE {where} ORDER BY {_TEAM_ORDER[entity.name]}",
        {"team": team, "as_of": as_of.isoformat(), "past": past},
    )


def team_people(store: Store, entity: Entity, team: int) -> list[Row]:
    """Return the persons whom a team's rows of a record may be about: id, name, id_type and id_number."""
    others = f"UNION SELECT volunteer_id FROM {entity.name} WHERE team_id = :team" if entity.name == "coverage" else ""
    return store.query(
        f"""SELECT id, name, id_type, id_number FROM volunteer WHERE id IN (
                SELECT volunteer_id FROM membership WHERE team_id = :team {others}) ORDER BY id""",
        {"team": team},
    )


def _days(as_of: dt.date, team: int | None) -> dict[str, Any]:
    return {
        "as_of": as_of.isoformat(), "soon": (as_of + dt.timedelta(days=SOON)).isoformat(),
        "new_year": f"{as_of.year}-01-01", "team": team,
    }  # fmt: skip


def person_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each volunteer: ``cover`` (active, soon, expired, none), ``insured_until``, ``year_minutes``
    and ``aid_until`` (end of the first-aid certificate).
    """  # fmt: skip
    days = _days(as_of, team)
    facts: Facts = {
        int(r["id"]): {"cover": "none", "insured_until": None, "year_minutes": None, "aid_until": None}
        for r in store.query(f"SELECT id FROM volunteer WHERE {_OF_TEAM.replace('volunteer_id IN', 'id IN')}", days)
    }  # fmt: skip
    covers = store.query(
        f"""SELECT volunteer_id, max(last_on) FILTER (WHERE first_on <= :as_of AND last_on >= :as_of) AS until,
                   max(last_on) FILTER (WHERE last_on < :as_of) AS ended, max(last_on) AS last
              FROM ({SPANS}) WHERE {_OF_TEAM} GROUP BY volunteer_id""",
        days,
    )
    for r in covers:
        until = r["until"]
        state = "none" if not until and not r["ended"] else "expired" if not until else "active"
        if until and until <= days["soon"] and r["last"] <= until:
            state = "soon"
        facts[int(r["volunteer_id"])] |= {"cover": state, "insured_until": until or r["ended"]}
    parts = (
        ("year_minutes", f"""SELECT volunteer_id, sum(service_minutes) AS value FROM service_record
                              WHERE served_on BETWEEN :new_year AND :as_of AND {_OF_TEAM} GROUP BY volunteer_id"""),
        ("aid_until", f"""SELECT volunteer_id, max(valid_until) AS value
                            FROM attendance JOIN training AS t ON t.id = training_id
                           WHERE t.category = 'first_aid' AND certificate IS NOT NULL AND {_OF_TEAM}
                           GROUP BY volunteer_id"""),
    )  # fmt: skip
    for name, sql in parts:
        for r in store.query(sql, days):
            facts[int(r["volunteer_id"])][name] = r["value"]
    return facts


def volunteer_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each volunteer ``standing`` (now, left), ``team_names`` (present teams), ``cover`` (none for who has no
    insurance either) and ``insured_until``.
    """
    days = _days(as_of, None)
    facts: Facts = {
        int(r["id"]): {"standing": r["standing"], "team_names": None, "cover": "none", "insured_until": None}
        for r in store.query(
            "SELECT id, CASE WHEN left_on <= :as_of THEN 'left' ELSE 'now' END AS standing FROM volunteer", days
        )
    }
    for r in store.query(
        f"""SELECT volunteer_id, max(last_on) FILTER (WHERE first_on <= :as_of AND last_on >= :as_of) AS until,
                   max(last_on) FILTER (WHERE last_on < :as_of) AS ended, max(last_on) AS last
              FROM ({SPANS}) GROUP BY volunteer_id""",
        days,
    ):
        until, ended = r["until"], r["ended"]
        state = "soon" if until and r["last"] <= min(until, days["soon"]) else "active" if until else "expired"
        if until or ended:
            facts[int(r["volunteer_id"])] |= {"cover": state, "insured_until": until or ended}
    for r in store.query(
        f"""SELECT m.volunteer_id, group_concat(DISTINCT t.name) AS names
             FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
            WHERE {present()} GROUP BY m.volunteer_id""",
        days,
    ):
        facts[int(r["volunteer_id"])]["team_names"] = str(r["names"]).replace(",", "、")
    return facts


def member_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return ``standing`` (now, left) of each membership; of one team's, the facts of the person and the phone too."""
    gone = {
        int(r["id"]) for r in store.query(
            f"SELECT id FROM membership WHERE joined_on <= :as_of AND {over('membership')}", {"as_of": as_of.isoformat()})
    }  # fmt: skip
    if team is None:
        return {
            int(r["id"]): {"standing": "left" if r["id"] in gone else "now"}
            for r in store.query("SELECT id FROM membership")
        }
    people = person_facts(store, as_of, team)
    rows = store.query(
        """SELECT m.id, m.volunteer_id, v.phone FROM membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id
            WHERE m.team_id = :team""",
        {"team": team},
    )
    return {
        int(r["id"]): people[int(r["volunteer_id"])]
        | {"phone": r["phone"], "standing": "left" if r["id"] in gone else "now"}
        for r in rows
    }


def target_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each blood target what its year brought until the day: ``persons``, ``ml`` and ``done`` in percent."""
    rows = store.query(
        """SELECT t.id, t.target_units, coalesce(sum(r.person_times), 0) AS persons, coalesce(sum(r.ml), 0) AS ml
             FROM blood_target AS t LEFT JOIN blood_result AS r
                  ON r.unit = t.unit AND r.scope = t.scope AND CAST(substr(r.donated_on, 1, 4) AS INTEGER) = t.year
                     AND r.donated_on <= :as_of
            GROUP BY t.id""",
        _days(as_of, None),
    )
    return {
        int(r["id"]): {
            "persons": r["persons"], "ml": r["ml"],
            "done": r["ml"] * 100 // (ML_PER_UNIT * r["target_units"]) if r["target_units"] else None,
        }
        for r in rows
    }  # fmt: skip


def entry_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each money entry the balance of its own ledger after it, its vouchers, and whether it is reversed."""
    rows = store.query(
        """SELECT f.id, f.voucher,
                  sum(CASE f.direction WHEN 'income' THEN f.amount_fen ELSE -f.amount_fen END) OVER (
                      PARTITION BY f.team_id ORDER BY f.entry_on, f.id) AS balance_fen,
                  (SELECT count(*) FROM fund_voucher AS x WHERE x.fund_entry_id = f.id) AS files
             FROM fund_entry AS f
            WHERE :team IS NULL OR f.team_id = :team OR (:team = 0 AND f.team_id IS NULL)""",
        {"team": team},
    )
    return {
        int(r["id"]): {
            "balance_fen": r["balance_fen"],
            "proof": "file" if r["files"] else "number" if r["voucher"] else "none",
        }
        for r in rows
    }


def training_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each training how many took part and how many hold a certificate of it."""
    rows = store.query(
        """SELECT training_id AS id, count(*) FILTER (WHERE result IS NULL OR result NOT IN ('absent', 'leave')) AS present,
                  count(*) FILTER (WHERE certificate IS NOT NULL) AS certified FROM attendance GROUP BY training_id"""
    )
    return {int(r["id"]): {"present": r["present"], "certified": r["certified"]} for r in rows}


def activity_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each activity the persons who served in it and their time."""
    rows = store.query(
        """SELECT activity_id AS id, count(DISTINCT volunteer_id) AS served, sum(service_minutes) AS served_minutes
             FROM service_record WHERE activity_id IS NOT NULL GROUP BY activity_id"""
    )
    return {int(r["id"]): {"served": r["served"], "served_minutes": r["served_minutes"]} for r in rows}


def coverage_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each coverage from when to when it holds, and how it stands on the day."""
    rows = store.query("SELECT id, start_on AS holds_from, end_on AS holds_until FROM coverage_span")
    days = _days(as_of, team)

    def state(r: Row) -> str:
        if str(r["holds_until"]) < days["as_of"]:
            return "expired"
        if str(r["holds_from"]) > days["as_of"]:
            return "later"
        return "soon" if str(r["holds_until"]) <= days["soon"] else "active"

    return {int(r["id"]): {"holds_until": r["holds_until"], "cover": state(r)} for r in rows}


def policy_facts(store: Store, as_of: dt.date, team: int | None = None) -> Facts:
    """Return for each policy how many are on its list and how it stands on the day."""
    days = _days(as_of, team)
    rows = store.query(
        """SELECT p.id, (SELECT count(*) FROM coverage WHERE policy_id = p.id) AS listed_persons,
                  CASE WHEN p.end_on < :as_of THEN 'expired' WHEN p.start_on > :as_of THEN 'later'
                       WHEN p.end_on <= :soon THEN 'soon' ELSE 'active' END AS cover
             FROM insurance_policy AS p""",
        days,
    )
    return {int(r["id"]): {"listed_persons": r["listed_persons"], "cover": r["cover"]} for r in rows}
