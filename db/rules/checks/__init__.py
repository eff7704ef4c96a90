"""Verdicts: every clause of the register decided from the records on a day, and explained.

A check is a small named function; the register says which clause uses it and with which dated parameters. Nothing here
is stored, and nothing reads the clock.
"""

import calendar
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from db.errors import UserError
from db.quarters import Quarter
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
from db.rules.checks.case import CHECKS, READS, Case, Finding
from db.rules.local_packs import local_clauses
from db.rules.register import Clause, Words
from db.rules.verdicts import Result, figure_text, summary
from db.storage.store import Store

__all__ = ["CHECKS", "MODULES", "READS", "Result", "check_office", "summary"]

# Loading them is what fills CHECKS.
MODULES = (
    teams, blood, network, guidance, people, work, blood_people, blood_work, universities, activity_insurance, district,
)  # fmt: skip

_RATINGS = {"done": "met", "partly_done": "partial", "not_done": "not_met", "not_applicable": "not_applicable"}


def check_office(store: Store, as_of: dt.date, clauses: Sequence[Clause] | None = None) -> list[Result]:
    """Evaluate clauses (all of the register and of local packs, if none are named) for the office on a day.

    Raises `UserError` where the office's level is not entered: it decides what binds.
    """
    level = office_level(store, as_of) or office_level(store)
    if level is None or not store.office().get("name"):
        raise UserError("还没有填写单位名称和层级，无法判断哪些条款适用；请在“设置 · 本会情况”中填写")
    case = Case(store, as_of, level)
    said = Answers(store, as_of)
    return [_evaluate(case, said, clause) for clause in (all_clauses(store) if clauses is None else clauses)]


def all_clauses(store: Store) -> tuple[Clause, ...]:
    """Return the clauses that ship, and those of this ledger's local packs."""
    return rules.register() + local_clauses(store, dict(CHECKS))


class Answers:
    """What people said of clauses for the quarter of a day or an earlier one: by clause, the last answer of each."""

    def __init__(self, store: Store, as_of: dt.date) -> None:
        self.as_of = as_of
        upto = {"upto": str(Quarter.of(as_of))}
        self.confirmations = {
            row["clause"]: row
            for row in store.query("SELECT * FROM confirmation WHERE quarter <= :upto ORDER BY quarter", upto)
        }
        self.assessments = {
            row["clause"]: row
            for row in store.query(
                """SELECT s.*, (SELECT count(*) FROM evidence AS e WHERE e.clause = s.clause AND e.quarter = s.quarter)
                          AS attachments FROM self_assessment AS s WHERE s.quarter <= :upto ORDER BY s.quarter""",
                upto,
            )
        }

    def reaches(self, clause: Clause, given: Quarter) -> bool:
        """Whether an answer given for a quarter still speaks of the clause's period on the day, figures apart."""
        if given == Quarter.of(self.as_of):
            return True
        if clause.period == "quarter":
            return False
        if clause.period == "winter_season":
            year = given.year + (given.number == 4)
            return given.number in (1, 4) and self.as_of <= dt.date(year, 2, calendar.monthrange(year, 2)[1])
        # An answer without a figure, and one for a calendar year, ends with the year.
        return (clause.mode == "semi" and clause.period != "calendar_year") or given.year == self.as_of.year


def _evaluate(case: Case, said: Answers, clause: Clause) -> Result:
    finding = _gate(case, clause)
    parameters: dict[str, int | Words] = {}
    gated = finding is not None
    if finding is None:
        parameters = {name: p.on(case.as_of) for name, p in clause.parameters.items()}
        finding = CHECKS[clause.check](case, clause.id, **parameters) if clause.check else _unchecked(case, clause)
    if clause.strength == "encouraged" and finding.status == "not_met":
        finding.status = "recorded"
    status, proposed, judgement = finding.status, None, None
    if not gated and clause.mode == "semi":
        proposed = finding.status
        status, judgement = _confirmed(said, clause, finding)
    elif not gated and clause.mode == "self":
        status, judgement = _assessed(case, said, clause, finding)
    if finding.status == "not_applicable":
        message = str(finding.facts.get("reason") or clause.not_applicable or "不适用")
    elif "question" in finding.facts:
        message = QUESTIONS[finding.facts["question"]]
    else:
        words = {"k": finding.k, "n": finding.n} | finding.facts | parameters
        message = clause.messages.get(finding.status, clause.message).format(**words)
    listed = clause.mode != "reference" and clause.levels[case.level] != "no" and clause.effective_from <= case.as_of
    return Result(
        clause, status, finding.k, finding.n, finding.facts, parameters, message, tuple(finding.items), proposed,
        judgement, listed and not (clause.source.is_local and gated and finding.status == "not_applicable"),
        clause.effective_from > case.as_of,
    )  # fmt: skip


# What is asked where only a person knows, and no record says it.
QUESTIONS = {
    "has_universities": "请在本会情况中回答：辖区内有无高校；有的，请在工作记录中登记辖区高校",
    "has_own_media": "请在本会情况中回答：有无自有媒体",
    "has_venues": "请在本会情况中回答：有无红十字阵地；有的，请登记阵地场所",
    "is_disaster_prone": "请在本会情况中回答：是否灾害多发",
    "division_code": "请在本会情况中填写行政区划代码，才能判断这份通知是否适用",
    "can_form_emergency_donors": "请在本会情况中回答：是否具备组建应急献血者队伍的条件",
}


def _unchecked(case: Case, clause: Clause) -> Finding:
    """Return what a clause without a check is before anybody speaks of it."""
    if clause.mode != "self":
        return Finding("recorded")
    if clause.topic == "university" and universities.has_universities(case) is not True:
        stop = universities.no_university(case)
        if stop is not None:
            return stop
    return Finding("missing_evidence")


def _confirmed(said: Answers, clause: Clause, finding: Finding) -> tuple[str, dict[str, Any] | None]:
    """A proposal counts once a person has confirmed or overridden it, as long as that answer stands.

    Nothing to confirm: what does not apply, lacks data or is not due stands by itself, unless a person said otherwise.
    """
    alone = finding.status in ("not_applicable", "missing_data", "not_due")
    otherwise = finding.status if alone else "missing_evidence"
    found = said.confirmations.get(clause.id)
    if found is None or not said.reaches(clause, given := Quarter.parse(found["quarter"])):
        return otherwise, None
    figure = figure_text(finding.status, finding.k, finding.n, finding.facts)
    if clause.period in ("calendar_year", "quarter", "winter_season"):
        lapsed = json.loads(found["figure"])[0] != finding.status
    else:
        lapsed = json.loads(found["figure"])[1:] != json.loads(figure)[1:]
    judgement = {
        "person": found["person"], "on": found["confirmed_on"], "reason": found["reason"], "lapsed": lapsed,
        "carried": given != Quarter.of(said.as_of), "figure": found["figure"], "status": found["status"],
    }  # fmt: skip
    return (otherwise if lapsed else found["status"]), judgement


def _assessed(case: Case, said: Answers, clause: Clause, finding: Finding) -> tuple[str, dict[str, Any] | None]:
    """A self-assessed clause has the rating a person gave it; 已落实 needs an attachment as evidence.

    For a calendar year it ends when the clause begins to apply or no longer does, as where a question is answered later.
    """
    found = said.assessments.get(clause.id)
    if found is None or not said.reaches(clause, given := Quarter.parse(found["quarter"])):
        return finding.status, None
    judgement = {
        "person": found["assessor"], "on": found["assessed_on"], "reason": found["text"], "rating": found["rating"],
        "attachments": found["attachments"], "lapsed": False, "carried": given != Quarter.of(said.as_of),
    }  # fmt: skip
    if judgement["carried"] and clause.period == "calendar_year" and clause.topic == "university":
        then = _unchecked(Case(case.store, given.end, case.level), clause)
        if then.status != finding.status:
            return finding.status, judgement | {"lapsed": True}
    if found["rating"] == "done" and not found["attachments"]:
        return "missing_evidence", judgement
    status = _RATINGS[found["rating"]]
    if status == "not_met" and clause.strength != "mandatory":
        status = "recorded"
    return status, judgement


def _gate(case: Case, clause: Clause) -> Finding | None:
    """Decide what no record can change: the notice's date, the levels it binds, the year it was issued in."""
    source = clause.source
    if source.division_codes and case.code and not case.code.startswith(source.division_codes):
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
    if source.division_codes and not case.code:  # asked last: where it changes nothing it is no gap
        return Finding("missing_data", facts={"question": "division_code"})
    if clause.period == "calendar_year" and case.as_of.year == clause.source.issued_on.year == 2025:
        return Finding("not_applicable", facts={"reason": "通知于2025年12月11日印发，按自然年考核的要求自2026年起计"})
    return None


def _chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
