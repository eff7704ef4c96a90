"""Verdicts: every clause of the register decided from the records on a day, and explained.

A check is a small named function; the register says which clause uses it and with which dated parameters. Nothing here
is stored, and nothing reads the clock.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from db.errors import UserError
from db.queries.figures import office_level
from db.rules import register as rules
from db.rules.checks import (
    activity_insurance,
    blood,
    blood_people,
    blood_work,
    district,
    guidance,
    network,
    people,
    teams,
    universities,
    work,
)  # fmt: skip
from db.rules.checks.case import Case, Finding
from db.rules.local_packs import local_clauses
from db.rules.register import Clause
from db.rules.verdicts import Result, figure_text, summary
from db.storage.store import Store

__all__ = ["Result", "check_office", "summary"]

MODULES = (
    teams, blood, network, guidance, people, work, blood_people, blood_work, universities, activity_insurance, district,
)  # fmt: skip
CHECKS: dict[str, Callable[..., Finding]] = {f.__name__: f for module in MODULES for f in module.CHECKS}

# Proposals of a semi-automatic clause that need nobody's confirmation: there is nothing yet to confirm.
_STANDS_ALONE = ("not_applicable", "missing_data", "not_due")
_RATINGS = {"done": "met", "partly_done": "partial", "not_done": "not_met", "not_applicable": "not_applicable"}


def check_office(store: Store, as_of: dt.date, clauses: Sequence[Clause] | None = None) -> list[Result]:
    """Evaluate clauses (all of the register and of local packs, if none are named) for the office on a day.

    Raises `UserError` where the office's level is not entered: it decides what binds.
    """
    level = office_level(store)
    if level is None or not store.office().get("name"):
        raise UserError("还没有填写单位名称和层级，无法判断哪些条款适用；请在“设置 · 本会情况”中填写")
    case = Case(store, as_of, level)
    return [_evaluate(case, clause) for clause in (all_clauses(store) if clauses is None else clauses)]


def all_clauses(store: Store) -> tuple[Clause, ...]:
    """Return the clauses that ship, and those of this ledger's local packs."""
    return rules.register() + local_clauses(store, dict(CHECKS))


def _evaluate(case: Case, clause: Clause) -> Result:
    finding = _gate(case, clause)
    parameters: dict[str, int] = {}
    gated = finding is not None
    if finding is None:
        parameters = {name: p.on(case.as_of) for name, p in clause.parameters.items()}
        finding = CHECKS[clause.check](case, clause.id, **parameters) if clause.check else Finding("recorded")
    if clause.strength == "encouraged" and finding.status == "not_met":
        finding.status = "recorded"
    status, proposed, judgement = finding.status, None, None
    if not gated and clause.mode == "semi":
        proposed = finding.status
        status, judgement = _confirmed(case, clause, finding)
    elif not gated and clause.mode == "self":
        status, judgement = _assessed(case, clause)
    if finding.status == "not_applicable":
        message = str(finding.facts.get("reason") or clause.not_applicable or "不适用")
    else:
        words = {"k": finding.k, "n": finding.n} | finding.facts | parameters
        message = clause.messages.get(finding.status, clause.message).format(**words)
    return Result(
        clause,
        status,
        finding.k,
        finding.n,
        finding.facts,
        parameters,
        message,
        tuple(finding.items),
        proposed,
        judgement,
    )


def _confirmed(case: Case, clause: Clause, finding: Finding) -> tuple[str, dict[str, Any] | None]:
    """A proposal counts once a person has confirmed or overridden it, for this quarter and this very figure."""
    if finding.status in _STANDS_ALONE:
        return finding.status, None
    found = case.confirmations.get(clause.id)
    if found is None:
        return "missing_evidence", None
    figure = figure_text(finding.status, finding.k, finding.n, finding.facts)
    lapsed = found["figure"] != figure
    judgement = {"person": found["person"], "on": found["confirmed_on"], "reason": found["reason"], "lapsed": lapsed}
    return ("missing_evidence" if lapsed else found["status"]), judgement


def _assessed(case: Case, clause: Clause) -> tuple[str, dict[str, Any] | None]:
    """A self-assessed clause has the rating a person gave it; 已落实 needs an attachment as evidence."""
    found = case.assessments.get(clause.id)
    if found is None:
        return "missing_evidence", None
    judgement = {
        "person": found["assessor"], "on": found["assessed_on"], "reason": found["text"], "rating": found["rating"],
        "attachments": found["attachments"], "lapsed": False,
    }  # fmt: skip
    if found["rating"] == "done" and not found["attachments"]:
        return "missing_evidence", judgement
    status = _RATINGS[found["rating"]]
    if status == "not_met" and clause.strength != "mandatory":
        status = "recorded"
    return status, judgement


def _gate(case: Case, clause: Clause) -> Finding | None:
    """Decide what no record can change: the notice's date, the levels it binds, the year it was issued in."""
    source = clause.source
    if source.division_codes and not case.code.startswith(source.division_codes):
        return Finding("not_applicable", facts={"reason": "本条只约束发文的地方"})
    if source.years and case.as_of.year not in source.years:
        return Finding("not_applicable", facts={"reason": f"本条只在{'、'.join(map(str, source.years))}年考核"})
    if case.as_of < clause.effective_from:
        return Finding(
            "not_applicable", facts={"reason": f"通知自{_chinese(clause.effective_from)}起施行，考核日在此之前"}
        )
    if clause.effective_until is not None and case.as_of > clause.effective_until:
        return Finding("not_applicable", facts={"reason": f"本条到{_chinese(clause.effective_until)}为止"})
    if clause.levels[case.level] == "no":
        return Finding("not_applicable")
    if clause.topic == "university" and clause.mode == "self" and not universities.universities(case):
        return Finding("not_applicable", facts={"reason": "辖区内没有登记高校"})
    if clause.period == "calendar_year" and case.as_of.year == clause.source.issued_on.year == 2025:
        return Finding("not_applicable", facts={"reason": "通知于2025年12月11日印发，按自然年考核的要求自2026年起计"})
    return None


def _chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
