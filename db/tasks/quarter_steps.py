"""What was done with a quarter: who reviewed it, who submitted it, who archived it, and when."""

import datetime as dt
from typing import Any

from db.errors import UserError
from db.quarters import Period, Quarter
from db.records.internal_entities import QUARTER_STEP
from db.storage.store import Store

STEPS = ("prepare", "review", "sign", "submit", "archive")
MAIN = ("review", "submit", "archive")  # those that are a step of their own on 工作台


def steps_done(store: Store, quarter: Period) -> dict[str, dict[str, Any]]:
    """Return the steps marked for a quarter: step to its row (id, person, done_on)."""
    rows = store.query("SELECT id, step, person, done_on FROM quarter_step WHERE quarter = ?", [str(quarter)])
    return {row["step"]: row for row in rows}


def mark_step(store: Store, quarter: Period, step: str, *, person: str, on: dt.date) -> None:
    """Mark a step as done; a step marked before is marked anew. Inside an operation only.

    Raises `UserError` without a name.
    """
    if not person.strip():
        raise UserError("请填写办理人。没有保存")
    known = steps_done(store, quarter).get(step)
    values = {"quarter": str(quarter), "step": step, "person": person.strip(), "done_on": on.isoformat()}
    store.save(QUARTER_STEP, values | ({"id": known["id"]} if known else {}))


def unmark_step(store: Store, quarter: Period, step: str) -> None:
    """Take a mark away, with the marks of the steps after it. Inside an operation only.

    Raises `UserError` for an earlier step of a period that is archived: that is taken back first, with its reason.
    """
    done = steps_done(store, quarter)
    if "archive" in done and step != "archive":
        raise UserError(f"{quarter.label}已归档，没有撤回。请先点“归档”解除归档，写明原因")
    later = STEPS[STEPS.index(step) :]
    store.delete(QUARTER_STEP, [done[s]["id"] for s in later if s in done])


def archive(store: Store, period: Period, *, person: str, on: dt.date) -> None:
    """Close a period: from now on nothing that it reads is changed (`db.storage.closed`). Logged; not undone by Ctrl+Z.

    Raises `UserError` without a name.
    """
    with store.operation(f"归档：{period.label}", "event", detail=f"办理人 {person.strip()}"):
        mark_step(store, period, "archive", person=person, on=on)


def reopen(store: Store, period: Period, reason: str) -> None:
    """Take the archiving of a period back, with the reason, which is logged; raises `UserError` without one."""
    if not reason.strip():
        raise UserError("解除归档要写明原因，没有解除")
    with store.operation(f"解除归档：{period.label}", "event", detail=f"原因：{reason.strip()}"):
        unmark_step(store, period, "archive")


def staff(store: Store, role: str = "") -> list[str]:
    """Return the names of the people on the staff list, those of `role` first."""
    rows = store.query("SELECT name, role FROM staff ORDER BY role <> ?, id", [role])
    return list(dict.fromkeys(row["name"] for row in rows))


def last_unfinished(store: Store, today: dt.date) -> Quarter | None:
    """Return the quarter before today's if it is not archived and was worked in; otherwise None.

    Worked in: something was recorded in it, or this ledger was kept by then already (a quarter in which nothing
    happened is reported too).
    """
    quarter = Quarter.of(today).previous
    if "archive" in steps_done(store, quarter):
        return None
    span = [quarter.start.isoformat(), quarter.end.isoformat()]
    found = store.query(
        """SELECT EXISTS (SELECT 1 FROM operation WHERE at <= ?2)
                  OR EXISTS (SELECT 1 FROM training WHERE start_on BETWEEN ?1 AND ?2)
                  OR EXISTS (SELECT 1 FROM service_record WHERE served_on BETWEEN ?1 AND ?2)
                  OR EXISTS (SELECT 1 FROM fund_entry WHERE entry_on BETWEEN ?1 AND ?2)
                  OR EXISTS (SELECT 1 FROM activity WHERE start_on BETWEEN ?1 AND ?2) AS used""",
        span,
    )
    return quarter if found[0]["used"] else None
