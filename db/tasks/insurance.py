"""Insurance of people on a day: who is covered, until when, and one operation that insures some of them."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from db.errors import Refused
from db.queries.conditions import covered_on_service, present
from db.queries.derived import SOON, SPANS
from db.records.entities import COVERAGE, INSURANCE_POLICY
from db.records.fields import Row
from db.storage.store import Store


def cover_list(
    store: Store, as_of: dt.date, team: int | None = None, people: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """Return the members of the day, or the people named, with their insurance, those without it first.

    ``state``: none, expired, soon (ends within 30 days and nothing follows) or active; ``until``: the last day of what
    holds or held; ``team_ids`` and ``teams``: where they are members.
    """
    days = {"as_of": as_of.isoformat(), "team": team}
    rows = store.query(
        f"""WITH spans AS (SELECT * FROM ({SPANS})
                        WHERE :people IS NULL OR volunteer_id IN (SELECT value FROM json_each(:people))),
            covers AS (SELECT volunteer_id, max(last_on) FILTER (WHERE first_on <= :as_of AND last_on >= :as_of) AS until,
                              max(last_on) FILTER (WHERE last_on < :as_of) AS ended, max(last_on) AS last,
                              min(first_on) FILTER (WHERE first_on > :as_of) AS begins
                         FROM spans GROUP BY volunteer_id),
            present AS (SELECT m.volunteer_id, m.team_id FROM effective_membership AS m WHERE {present()}
                         GROUP BY m.volunteer_id, m.team_id)
            SELECT v.id, v.name, v.phone, c.until, c.ended, c.last, c.begins,
                   (SELECT group_concat(team_id) FROM (
                        SELECT team_id FROM present WHERE volunteer_id = v.id ORDER BY team_id)) AS team_ids,
                   (SELECT group_concat(name, '、') FROM (
                        SELECT t.name FROM present AS p JOIN team AS t ON t.id = p.team_id
                         WHERE p.volunteer_id = v.id ORDER BY t.id)) AS teams
              FROM volunteer AS v LEFT JOIN covers AS c ON c.volunteer_id = v.id
             WHERE CASE WHEN :people IS NULL
                        THEN v.id IN (SELECT volunteer_id FROM present WHERE :team IS NULL OR team_id = :team)
                        ELSE v.id IN (SELECT value FROM json_each(:people)) END
             ORDER BY v.id""",
        days | {"people": json.dumps(list(people)) if people is not None else None},
    )
    soon = (as_of + dt.timedelta(days=SOON)).isoformat()
    order = ("none", "expired", "soon", "active")
    # Of a large county very many stand alike: what they share is sorted, not they.
    alike: dict[tuple[int, str, tuple[int, ...]], list[dict[str, Any]]] = {}
    for r in rows:
        until = r["until"]
        state = ("expired" if r["ended"] else "none") if not until else "active"
        if until and until <= soon and r["last"] <= until:
            state = "soon"
        teams = tuple(int(i) for i in str(r["team_ids"] or "").split(",") if i)
        r |= {"state": state, "until": until or r["ended"], "team_ids": teams}
        alike.setdefault((order.index(state), r["until"] or "", teams), []).append(r)
    return [r for key in sorted(alike) for r in alike[key]]


def usual_policy(store: Store, people: Sequence[int]) -> Row | None:
    """Return the policy whose terms a new one will most likely have: the last of these people, else the last of all."""
    marks = ", ".join("?" * len(people))
    found = store.query(
        f"""SELECT p.* FROM insurance_policy AS p WHERE p.cover_mode = 'named_list'
             ORDER BY p.id IN (SELECT policy_id FROM coverage WHERE volunteer_id IN ({marks})) DESC, p.end_on DESC, p.id DESC
             LIMIT 1""",
        list(people),
    )
    return found[0] if found else None


def uninsured_days(store: Store, people: Sequence[int], first: dt.date, last: dt.date) -> list[Row]:
    """Return the days between two on which these people served a dangerous activity and were not covered.

    Each has `name`, `served_on` and `activity`; the Regulations on Volunteer Service, article 17, ask for cover then.
    """
    return store.query(
        f"""SELECT DISTINCT v.name, r.served_on, a.name AS activity
              FROM service_record AS r JOIN volunteer AS v ON v.id = r.volunteer_id
              JOIN activity AS a ON a.id = r.activity_id
             WHERE a.has_risk = 'yes' AND a.start_on BETWEEN :first AND :last AND r.served_on <= :last
               AND v.id IN (SELECT value FROM json_each(:people)) AND NOT {covered_on_service()}
             ORDER BY r.served_on, v.name""",
        {"first": first.isoformat(), "last": last.isoformat(), "people": json.dumps(list(people))},
    )


def policy_named(store: Store, number: str) -> Row | None:
    """Return the policy of this number."""
    found = store.query("SELECT * FROM insurance_policy WHERE policy_number = ?", [number])
    return found[0] if found else None


def add_policy(store: Store, values: Row, as_of: dt.date) -> int:
    """Register a policy; return its id. Inside an operation only. Raises `Refused` for one that is known or is wrong."""
    known = policy_named(store, str(values["policy_number"]))
    if known is not None:
        raise Refused(f"台账里已有这份保单：{known['start_on']} 至 {known['end_on']}。没有保存；请核对保单号")
    row: Row = dict.fromkeys(INSURANCE_POLICY.by_name) | dict(values)
    wrong = [p.reason for p in INSURANCE_POLICY.judge(row, as_of) if p.severity == "error"]
    if wrong:
        raise Refused("；".join(wrong))
    return store.save(INSURANCE_POLICY, row)


def renew(
    store: Store, people: Sequence[int], policy: Row, start: str, end: str, as_of: dt.date, team: int | None = None
) -> int:
    """Put people on a policy from `start` to `end`; return how many were put on it. Inside an operation only.

    `policy` holds policy_number, insurer and product; a number already known is that policy, whose terms stay and whose
    days the coverage must lie within. Who is on it for these days already is left alone. Raises `Refused`.
    """
    if end < start:
        raise Refused("“终止日期”早于“起始日期”。没有保存，请核对这两个日期")
    known = policy_named(store, str(policy["policy_number"]))
    if known is None:
        terms: Row = {"cover_mode": "named_list", "start_on": start, "end_on": end}
        number = add_policy(store, dict(policy) | terms, as_of)
        first, last = start, end
    else:
        if known["cover_mode"] != "named_list":
            raise Refused("这份保单不是按名单承保的，不用逐人登记。没有保存；请核对保单号")
        number, first, last = int(known["id"] or 0), str(known["start_on"]), str(known["end_on"])
        if start < first or end > last:
            raise Refused(f"这份保单从 {first} 到 {last}，所填日期超出了保单的期间。没有保存，请核对日期或保单号")
    on_it = store.query(
        """SELECT volunteer_id, coalesce(start_on, :first) AS first, coalesce(end_on, :last) AS last
             FROM coverage WHERE policy_id = :policy""",
        {"policy": number, "first": first, "last": last},
    )
    covered = {r["volunteer_id"] for r in on_it if r["first"] <= start and r["last"] >= end}
    teams = {r["id"]: r["team_ids"] for r in cover_list(store, as_of, None, people)}
    added = 0
    for person in people:
        if person in covered:
            continue
        own = teams.get(person, ())
        store.save(COVERAGE, {
            "policy_id": number, "volunteer_id": person,
            "team_id": team if team in own else own[0] if len(own) == 1 else None,
            "start_on": None if start == first else start, "end_on": None if end == last else end,
        })  # fmt: skip
        added += 1
    if not added:
        raise Refused("所选的人都已经在这份保单里了。没有保存；请核对保单号和日期")
    return added
