"""志愿服务记录证明: numbered, registered and kept as issued (民政部令第67号; content as 民发〔2015〕149号 recommends).

Proven are the service records with 有证明材料; others only where the head says so, with a reason. What was issued stays
as it was: it is printed again from the register, marked where the records changed since, or where it was revoked.
"""

import datetime as dt
import json
from typing import Any

from db.errors import Refused
from db.queries.conditions import office_item
from db.records.identity import GONE
from db.records.internal_entities import SERVICE_CERTIFICATE
from db.storage.store import Store

Content = dict[str, Any]

_SERVICES = """
    SELECT s.uid, s.served_on, t.name AS team, a.name AS activity, a.place, s.content, s.service_minutes AS minutes,
           ifnull(s.has_proof, 'no') = 'yes' AS proven
      FROM service_record AS s JOIN team AS t ON t.id = s.team_id LEFT JOIN activity AS a ON a.id = s.activity_id
     WHERE s.volunteer_id = :person AND s.served_on BETWEEN :start AND :end ORDER BY s.served_on, s.id
"""


def contents(
    store: Store, person: int, start: dt.date | None, end: dt.date, issued_on: dt.date, *, head: str = "", handler: str = "",
    reason: str = "",
) -> Content:  # fmt: skip
    """Return what a certificate would say: the five groups, with the proven records (`reason`: all records).

    Minutes are integers. Raises `Refused` where the person is gone or the days make no span up to the day of issue.
    """
    if end > issued_on or (start is not None and start > end):
        raise Refused("起止日期不对：截止日期不能晚于出具日期，起始日期不能晚于截止日期。没有出具")
    days = {"person": person, "start": start.isoformat() if start else "", "end": end.isoformat()}
    who = store.query(
        """SELECT name, sex, id_type, id_number, platform_id, registered_on, left_on, opening_minutes, opening_until
             FROM volunteer WHERE id = :person""",
        days,
    )
    if not who:
        raise Refused("台账里没有这名志愿者，没有出具")
    if who[0]["name"] == GONE:
        raise Refused("这名志愿者的个人信息已删除，不能再出具；已经出具的，可以在登记簿里再次打印")
    every = store.query(_SERVICES, days)
    listed = [row for row in every if reason or row["proven"]]
    return {
        "volunteer_id": person, "person": dict(who[0]),
        "start_on": days["start"], "end_on": days["end"], "issued_on": issued_on.isoformat(),
        "services": [dict(row) for row in listed],
        "minutes": sum(int(row["minutes"]) for row in listed), "times": len(listed),
        "unproven": sum(1 for row in every if not row["proven"]),
        "trainings": [dict(row) for row in store.query(
            """SELECT r.name, r.start_on, coalesce(a.attended_minutes, r.class_minutes) AS minutes, a.certificate, a.certificate_number
                 FROM attendance AS a JOIN training AS r ON r.id = a.training_id
                WHERE a.volunteer_id = :person AND r.start_on BETWEEN :start AND :end
                  AND ifnull(a.result, '') NOT IN ('absent', 'leave') ORDER BY r.start_on, r.id""", days)],
        "office": {str(row["item"]): row["content"] for row in store.query(
            f"""SELECT 'name' AS item, {office_item("name", ":end")} AS content
                UNION ALL SELECT 'phone', {office_item("contact_phone", ":end")}""", days)},
        "head": head, "handler": handler, "reason": reason,
    }  # fmt: skip


def next_number(store: Store, year: int) -> str:
    """Return the next number of a year: one that was given and taken back is never given again."""
    given = store.query(
        """SELECT max(CAST(substr(number, 6) AS INTEGER)) AS n FROM (
               SELECT number FROM service_certificate
               UNION SELECT json_extract(coalesce(after, before), '$.number') FROM change WHERE record = 'service_certificate')
            WHERE number LIKE :year || '-%'""",
        {"year": str(year)},
    )
    return f"{year}-{int(given[0]['n'] or 0) + 1:04d}"


def issue(store: Store, content: Content) -> int:
    """Enter a certificate into the register, within the operation that runs; return its id."""
    day = dt.date.fromisoformat(content["issued_on"])
    number = next_number(store, day.year)
    person = content["volunteer_id"]
    return store.save(
        SERVICE_CERTIFICATE,
        {
            "number": number, "volunteer_id": person, "start_on": content["start_on"] or None, "end_on": content["end_on"],
            "minutes": content["minutes"], "times": content["times"], "issued_on": content["issued_on"],
            "head": content["head"] or None, "handler": content["handler"] or None, "reason": content["reason"] or None,
            "content": json.dumps(content | {"number": number}, ensure_ascii=False, sort_keys=True),
            "revoked_on": None, "why_revoked": None,
        },
    )  # fmt: skip


def revoke(store: Store, certificate: int, day: dt.date, why: str) -> None:
    """Mark a certificate as no longer valid; raise `Refused` without a reason, or where it is revoked already."""
    row = store.row(SERVICE_CERTIFICATE, certificate)
    if row is None or row["revoked_on"]:
        raise Refused("这份证明已经作废，或已不在登记簿里")
    if not why.strip():
        raise Refused("请写明作废的原因，没有作废")
    store.save(SERVICE_CERTIFICATE, dict(row) | {"revoked_on": day.isoformat(), "why_revoked": why.strip()})


def kept(store: Store, certificate: int) -> Content:
    """Return a certificate as it was issued, with `revoked_on`, and `changed`: its records are no longer as they were."""
    row = store.row(SERVICE_CERTIFICATE, certificate)
    if row is None:
        raise Refused("登记簿里没有这份证明")
    content: Content = json.loads(str(row["content"]))
    now = store.query(_SERVICES, {"person": row["volunteer_id"], "start": row["start_on"] or "", "end": row["end_on"]})
    facts = [(r["uid"], r["served_on"], r["minutes"]) for r in content["services"]]
    held = [(r["uid"], r["served_on"], r["minutes"]) for r in now if row["reason"] or r["proven"]]
    return content | {"revoked_on": row["revoked_on"], "changed": facts != held}
