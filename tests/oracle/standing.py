"""How long what a person said of a clause stands: confirmations, overrides and assessments.

Readings chosen where the contract leaves room:

* The period that something is said for is the quarter of its day.  Of several, the one for the latest quarter not after
  the day counts, and where that no longer stands the earlier ones do not come back.
* A calendar-year answer asks that the proposed status of the day is that of the day it was given for; what was proposed
  between them is not looked at.  A quarter's answer stands for the quarter whatever the figure does.
* A winter answer stands to the last day of the season that is judged on its day, and for its own quarter at least.
* The figure is k, n and the amounts shown with them.  An assessment has none and ends on 31 December of the year that
  it was given for; so does one of a clause that waits for nobody's answer.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tests.oracle.base import Office, Verdict, quarter_start
from tests.oracle.register import REGISTER, gate
from tests.oracle.semi import CLAUSES, SELF


@dataclass(frozen=True)
class Said:
    """What a person said: of a clause, for the quarter of a day, with the verdict that was computed then."""

    clause: str
    day: dt.date
    status: str
    then: Verdict


def proposal(office: Office, clause: str, as_of: dt.date) -> Verdict:
    """What is computed for a semi-automatic or self-assessed clause, before any person speaks."""
    closed = gate(office, clause, as_of)
    if closed:
        return Verdict(closed)
    return CLAUSES[clause](office, as_of) if clause in CLAUSES else Verdict("missing_evidence")


def say(office: Office, clause: str, day: dt.date, status: str) -> Said:
    """A person says something of a clause, seeing what is computed on the day."""
    return Said(clause, day, status, proposal(office, clause, day))


def season_end(as_of: dt.date) -> dt.date:
    """Last day of the winter that is judged on a day: of this December, else of the last one."""
    year = as_of.year if as_of.month == 12 else as_of.year - 1
    return dt.date(year + 1, 3, 1) - dt.timedelta(days=1)


def stands(office: Office, said: Said, as_of: dt.date) -> bool:
    """It counts on the day."""
    now, period = proposal(office, said.clause, as_of), REGISTER[said.clause].period
    if quarter_start(as_of) < quarter_start(said.day):
        return False
    same_quarter = quarter_start(as_of) == quarter_start(said.day)
    same_year = as_of.year == said.day.year
    if period == "quarter":
        return same_quarter
    if period == "winter":
        return same_quarter or as_of <= season_end(said.day)
    if period == "year":
        return same_year and now.status == said.then.status
    if REGISTER[said.clause].mode == "self":
        return same_year
    return (now.k, now.n, now.facts) == (said.then.k, said.then.n, said.then.facts)


@dataclass(frozen=True)
class Standing:
    """What a clause comes to with what people said: its status, and whether an earlier quarter's answer is carried."""

    status: str
    carried: bool = False
    changed: bool = False
    """There is an answer, and it no longer stands."""


def effective(office: Office, clause: str, as_of: dt.date, everything: Iterable[Said]) -> Standing:
    """The status that counts: the person's where it stands, else what is computed; a proposal alone is missing_evidence."""
    mine = [s for s in everything if s.clause == clause and quarter_start(s.day) <= quarter_start(as_of)]
    latest = max(mine, key=lambda s: s.day, default=None)
    if latest is not None and stands(office, latest, as_of):
        return Standing(latest.status, quarter_start(latest.day) < quarter_start(as_of))
    now = proposal(office, clause, as_of).status
    alone = now if now in ("not_applicable", "missing_data", "not_due") else "missing_evidence"
    return Standing(alone, changed=latest is not None)


__all__ = ["SELF", "Said", "Standing", "effective", "proposal", "say", "stands"]
