"""What people say of clauses: confirming a proposal, assessing what no record can decide, and looking ahead.

How long an answer stands is decided where it is read (`db.rules.checks.Answers`). An assessment of 已落实 needs at
least one attachment. Both are ordinary rows: audited, undoable, exported with the ledger.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.errors import UserError
from db.quarters import Quarter
from db.records.internal_entities import ATTACHMENT, CONFIRMATION, EVIDENCE, SELF_ASSESSMENT
from db.records.statuses import STATUSES
from db.rules.checks import all_clauses, check_office
from db.rules.register import Clause
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.attachments import keep_file

# What a person may say of a semi-automatic clause.
CONFIRMABLE = ("met", "partial", "not_met", "in_progress", "not_applicable", "explain", "attention", "recorded")


def clause_of(store: Store, clause_id: str) -> Clause:
    """Return a clause of the register or a local pack; raise `UserError` for an id that is in neither."""
    found = next((c for c in all_clauses(store) if c.id == clause_id), None)
    if found is None:
        raise UserError(f"没有编号为 {clause_id} 的条款")
    return found


def confirm(
    store: Store, clause_id: str, as_of: dt.date, status: str, *, person: str, on: dt.date, reason: str = ""
) -> Result:
    """Confirm or override the proposal for a semi-automatic clause on the figure it has now; return the new verdict.

    What does not apply or lacks data can be overridden with a reason, as other proposals can.

    Raises `UserError` where the clause is of another mode, where nothing can be confirmed yet, where an override has no
    reason, and where an encouraged clause would become not met.
    """
    clause = clause_of(store, clause_id)
    if clause.mode != "semi":
        raise UserError("这一条由台账直接计算或由本会自评，不需要确认")
    (now,) = check_office(store, as_of, [clause])
    if now.proposed is None or now.proposed == "not_due":
        raise UserError(f"这一条现在是“{STATUSES[now.status]}”，没有可以确认的数字")
    if status not in CONFIRMABLE:
        raise UserError(f"结果只能是：{'、'.join(STATUSES[s] for s in CONFIRMABLE)}")
    if status == "not_met" and clause.strength != "mandatory":
        raise UserError("鼓励和许可的条款不会是“未达标”")
    if not person.strip():
        raise UserError("请填写确认人")
    if status != now.proposed and not reason.strip():
        raise UserError("结果与台账的建议不同，请写明理由")
    with store.operation(f"确认条款：{clause.title}"):
        _keep(store, now, as_of, status, person, on, reason)
    return check_office(store, as_of, [clause])[0]


def confirm_many(store: Store, clause_ids: Sequence[str], as_of: dt.date, *, person: str, on: dt.date) -> int:
    """Confirm the proposals for several semi-automatic clauses as they are, as one operation; return how many.

    Raises `UserError` without a name or a clause, and where one of them has no proposal that can be confirmed.
    """
    if not person.strip():
        raise UserError("请填写确认人")
    if not clause_ids:
        raise UserError("请先勾选要确认的条款")
    results = check_office(store, as_of, [clause_of(store, clause_id) for clause_id in clause_ids])
    for now in results:
        if now.proposed not in CONFIRMABLE:
            raise UserError(f"“{now.clause.title}”现在没有可以确认的建议，没有保存")
    with store.operation(f"一起确认 {len(results)} 条条款"):
        for now in results:
            assert now.proposed is not None
            _keep(store, now, as_of, now.proposed, person, on)
    return len(results)


def _keep(
    store: Store, now: Result, as_of: dt.date, status: str, person: str, on: dt.date, reason: str = ""
) -> None:  # fmt: skip
    """Write a confirmation for the quarter of the day over the one that there is; inside an operation only."""
    values = {
        "clause": now.clause.id, "quarter": str(Quarter.of(as_of)), "status": status, "reason": reason.strip() or None,
        "person": person.strip(), "confirmed_on": on.isoformat(), "figure": now.figure,
    }  # fmt: skip
    there = store.query(
        "SELECT id FROM confirmation WHERE clause = ? AND quarter = ?", [now.clause.id, values["quarter"]]
    )
    store.save(CONFIRMATION, values | ({"id": there[0]["id"]} if there else {}))


def assess(
    store: Store,
    clause_id: str,
    as_of: dt.date,
    rating: str,
    *,
    text: str,
    person: str,
    on: dt.date,
    attachments: Sequence[int] = (),
    files: Sequence[Path] = (),
    files_dated: dt.date | None = None,
) -> Result:
    """Rate a self-assessed clause for the quarter of `as_of`, as one operation.

    `attachments` are the ids of files in the ledger that prove it; `files` are new ones to add with it, and
    `files_dated` is the date of these documents themselves.

    Raises `UserError` where the clause is of another mode, where text or name are missing, and where 已落实 has no
    attachment.
    """
    clause = _own_word(store, clause_id, rating, text, person, bool(attachments or files))
    added = [keep_file(store, path, on=on, effective_on=files_dated) for path in files]
    with store.operation(f"自评条款：{clause.title}"):
        new = [known if known is not None else store.save(ATTACHMENT, row) for known, row in added]
        said = Assessment(clause.id, rating, text, tuple(dict.fromkeys([*attachments, *new])))
        _keep_assessment(store, said, as_of, person, on)
    return check_office(store, as_of, [clause])[0]


@dataclass(frozen=True)
class Assessment:
    """What is said of one self-assessed clause, and the ids of the attachments that prove it; who said it last, and when."""

    clause: str
    rating: str
    text: str
    attachments: tuple[int, ...] = ()
    person: str = ""
    on: str = ""


def last_assessments(store: Store, as_of: dt.date) -> dict[str, Assessment]:
    """Return what was last said of each self-assessed clause, for the quarter of a day or an earlier one."""
    quarter = str(Quarter.of(as_of))
    proofs: dict[tuple[str, str], list[int]] = {}
    for row in store.query("SELECT clause, quarter, attachment_id FROM evidence ORDER BY id"):
        proofs.setdefault((row["clause"], row["quarter"]), []).append(row["attachment_id"])
    rows = store.query("SELECT * FROM self_assessment WHERE quarter <= ? ORDER BY quarter", [quarter])
    return {
        r["clause"]: Assessment(
            r["clause"], r["rating"], r["text"], tuple(proofs.get((r["clause"], r["quarter"]), ())),
            r["assessor"], r["assessed_on"],
        )
        for r in rows
    }  # fmt: skip


def assess_many(store: Store, said: Sequence[Assessment], as_of: dt.date, *, person: str, on: dt.date) -> int:
    """Rate several self-assessed clauses for the quarter of `as_of`, as one operation; return how many.

    Raises `UserError` as `assess` does, naming the clause; nothing is written then.
    """
    if not said:
        raise UserError("请先勾选要自评的条款")
    for one in said:
        _own_word(store, one.clause, one.rating, one.text, person, bool(one.attachments))
    with store.operation(f"一起自评 {len(said)} 条条款"):
        for one in said:
            _keep_assessment(store, one, as_of, person, on)
    return len(said)


def _own_word(store: Store, clause_id: str, rating: str, text: str, person: str, proven: bool) -> Clause:
    """Return the clause that may be rated so; raise `UserError` saying which one may not, and why."""
    clause = clause_of(store, clause_id)
    if clause.mode != "self":
        raise UserError("这一条不是自评条款")
    SELF_ASSESSMENT["rating"].kind.parse(SELF_ASSESSMENT["rating"].kind.show(rating))
    if not person.strip():
        raise UserError("请填写自评人，没有保存")
    if not text.strip():
        raise UserError(f"“{clause.title}”还没有写情况说明，请填写情况说明和自评人。没有保存")
    if rating == "done" and not proven:
        raise UserError(f"“{clause.title}”选了“已落实”，至少要有一份佐证材料；没有材料时请选“部分落实”。没有保存")
    return clause


def _keep_assessment(store: Store, said: Assessment, as_of: dt.date, person: str, on: dt.date) -> None:
    """Write an assessment for the quarter of the day over the one that there is; inside an operation only."""
    quarter = str(Quarter.of(as_of))
    there = store.query("SELECT id FROM self_assessment WHERE clause = ? AND quarter = ?", [said.clause, quarter])
    old = store.query("SELECT id, attachment_id FROM evidence WHERE clause = ? AND quarter = ?", [said.clause, quarter])
    values = {
        "clause": said.clause, "quarter": quarter, "rating": said.rating, "text": said.text.strip(),
        "assessor": person.strip(), "assessed_on": on.isoformat(),
    }  # fmt: skip
    store.save(SELF_ASSESSMENT, values | ({"id": there[0]["id"]} if there else {}))
    store.delete(EVIDENCE, [row["id"] for row in old if row["attachment_id"] not in said.attachments])
    kept = {row["attachment_id"] for row in old}
    for attachment in said.attachments:
        if attachment not in kept:
            store.save(EVIDENCE, {"clause": said.clause, "quarter": quarter, "attachment_id": attachment})


def draft(store: Store, clause_id: str, as_of: dt.date) -> str:
    """Return the text of the last earlier assessment: a draft to start from, never a rating."""
    rows = store.query(
        "SELECT text FROM self_assessment WHERE clause = ? AND quarter < ? ORDER BY quarter DESC LIMIT 1",
        [clause_id, str(Quarter.of(as_of))],
    )
    return str(rows[0]["text"]) if rows else ""


@dataclass(frozen=True)
class Change:
    """A verdict that will be another on `day` if nothing is entered until then."""

    clause: Clause
    day: dt.date
    now: Result
    then: Result


def forecast(store: Store, as_of: dt.date) -> list[Change]:
    """Return what changes between a day and the end of its quarter if nothing is entered, in order of day.

    A clause counts once, on the first day on which its verdict is the one it has at the quarter's end.
    """
    end = Quarter.of(as_of).end
    now = {r.clause.id: r for r in check_office(store, as_of)}
    then = {r.clause.id: r for r in check_office(store, end)}
    changed = [r.clause for r in then.values() if not _alike(now[r.clause.id], r)]
    found: list[Change] = []

    def search(clauses: Sequence[Clause], low: dt.date, high: dt.date, at_high: dict[str, Result]) -> None:
        """Halve the days, for all clauses at once: a verdict is not yet the last on `low`, and is on `high`."""
        if not clauses:
            return
        if (high - low).days <= 1:
            found.extend(Change(c, high, now[c.id], at_high[c.id]) for c in clauses)
            return
        middle = low + (high - low) // 2
        here = {r.clause.id: r for r in check_office(store, middle, clauses)}
        reached = [c for c in clauses if _alike(here[c.id], then[c.id])]
        search(reached, low, middle, here)
        search([c for c in clauses if c not in reached], middle, high, at_high)

    search(changed, as_of, end, then)
    order = {clause_id: i for i, clause_id in enumerate(then)}
    return sorted(found, key=lambda c: (c.day, order[c.clause.id]))


def _alike(one: Result, other: Result) -> bool:
    return (one.status, one.proposed) == (other.status, other.proposed)
