"""Verdicts: every clause of the register decided from the records on a day, and explained.

A check is a small named function; the register says which clause uses it and with which dated parameters. Nothing here
is stored, and nothing reads the clock.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from db import rules
from db.checks import blood, network, teams
from db.checks.case import Case, Finding
from db.errors import UserError
from db.figures import office_level
from db.rules import Clause
from db.store import Store
from db.verdicts import Result, summary

__all__ = ["Result", "check_office", "summary"]

CHECKS: dict[str, Callable[..., Finding]] = {
    f.__name__: f
    for f in (
        teams.teams_have_a_domain, teams.has_own_teams, teams.has_rescue_team, teams.has_blood_team,
        teams.party_organisations, teams.teams_are_registered, teams.county_blood_team,
        blood.plans_include_blood, blood.consultations_in_year, blood.responsibilities_are_named,
        blood.first_aid_trainings_include_blood, blood.blood_members_are_insured, blood.theme_days_are_kept,
        network.one_network, network.existing_stock_is_registered,
    )
}  # fmt: skip


def check_office(store: Store, as_of: dt.date, clauses: Sequence[Clause] | None = None) -> list[Result]:
    """Evaluate clauses (all of the register, if none are named) for the office on a day.

    Raises `UserError` where the office's level is not entered: it decides what binds.
    """
    level = office_level(store)
    if level is None or not store.office().get("name"):
        raise UserError("还没有填写单位名称和层级，无法判断哪些条款适用；请在“设置 · 本会情况”中填写")
    case = Case(store, as_of, level)
    return [_evaluate(case, clause) for clause in (rules.register() if clauses is None else clauses)]


def _evaluate(case: Case, clause: Clause) -> Result:
    finding = _gate(case, clause)
    parameters: dict[str, int] = {}
    if finding is None:
        parameters = {name: p.on(case.as_of) for name, p in clause.parameters.items()}
        assert clause.check is not None
        finding = CHECKS[clause.check](case, clause.id, **parameters)
    if finding.status == "not_applicable":
        message = str(finding.facts.get("reason") or clause.not_applicable or "不适用")
    else:
        words = {"k": finding.k, "n": finding.n} | finding.facts | parameters
        message = clause.messages.get(finding.status, clause.message).format(**words)
    return Result(
        clause, finding.status, finding.k, finding.n, finding.facts, parameters, message, tuple(finding.items)
    )


def _gate(case: Case, clause: Clause) -> Finding | None:
    """Decide what no record can change: the notice's date, the levels it binds, the year it was issued in."""
    if case.as_of < clause.effective_from:
        return Finding(
            "not_applicable", facts={"reason": f"通知自{_chinese(clause.effective_from)}起施行，考核日在此之前"}
        )
    if clause.effective_until is not None and case.as_of > clause.effective_until:
        return Finding("not_applicable", facts={"reason": f"本条到{_chinese(clause.effective_until)}为止"})
    if clause.levels[case.level] == "no":
        return Finding("not_applicable")
    if clause.period == "calendar_year" and case.as_of.year == clause.source.issued_on.year == 2025:
        return Finding("not_applicable", facts={"reason": "通知于2025年12月11日印发，按自然年考核的要求自2026年起计"})
    return None


def _chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
