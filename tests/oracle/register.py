"""What the register says of each clause: mode, period, strength and levels, copied from the contract line by line.

`listed` tells whether a clause is in the office's totals.  Readings chosen where the contract leaves room:

* A clause that binds a level under a condition (`c`) is listed; so are the two historical ones on the epidemic.
* The paper of one district is listed for that district in its year alone, and where the office has not said where it
  lies; B25-3.1-4 is listed for a city and a province as the register has it, though it never applies to them.
"""

import datetime as dt
from dataclasses import dataclass

from tests.oracle.base import Office, level, profile

DATES = {
    "Z34": dt.date(2022, 7, 4),
    "B25": dt.date(2025, 12, 11),
    "S24": dt.date(2024, 1, 1),
    "ZT": dt.date(2017, 12, 1),
}
"""First day of each paper."""

_LEVELS = ("province", "city", "county")


@dataclass(frozen=True)
class Clause:
    """One row: `levels` holds y (binds), n (does not) or c (under a condition) for each level."""

    mode: str
    period: str
    strength: str
    levels: dict[str, str]


_TABLE = """
Z34-0-1 reference none information ynn
Z34-0-3 reference none information yyy
Z34-1-1 self year mandatory yyy
Z34-1-2 semi point mandatory yyy
Z34-1-3 semi year mandatory yyy
Z34-1-4 self point mandatory yyy
Z34-1-5 self year mandatory yyy
Z34-1-6 self continuous mandatory yyy
Z34-2.1-1 semi quarter mandatory yyy
Z34-2.1-2 semi quarter mandatory nyy
Z34-2.1-3 semi quarter encouraged nyy
Z34-2.2-1 auto point mandatory yyy
Z34-2.2-2 auto point mandatory yyy
Z34-2.2-3 semi point mandatory yyy
Z34-2.2-4 auto point mandatory nny
Z34-2.2-5 auto point mandatory nyc
Z34-2.2-6 auto point mandatory yyn
Z34-2.3-1 self continuous mandatory ccc
Z34-2.3-2 self continuous mandatory ccc
Z34-3.1-1 auto point mandatory yyy
Z34-3.1-2 semi year mandatory yyy
Z34-3.1-3 self year mandatory yyy
Z34-3.1-4 self year mandatory yyy
Z34-3.2-1 semi point mandatory yyy
Z34-3.2-2 reference none mandatory nnn
Z34-3.2-3 semi point mandatory yyy
Z34-3.2-4 semi year mandatory yyy
Z34-3.2-5 semi point mandatory yyy
Z34-3.2-6 semi year mandatory yyy
Z34-3.2-7 semi year mandatory yyy
Z34-3.2-8 semi year mandatory yyy
Z34-3.3-1 self point mandatory yyy
Z34-3.3-2 semi point mandatory yyy
Z34-3.3-3 semi point mandatory yyy
Z34-3.3-4 semi continuous mandatory yyy
Z34-3.3-5 semi year mandatory yyy
Z34-3.3-6 self continuous mandatory yyy
Z34-3.4-1 auto point mandatory yyy
Z34-3.4-2 semi point mandatory yyy
Z34-3.4-3 semi year mandatory yyy
Z34-4.1-1 self year mandatory yyy
Z34-4.1-2 semi year encouraged yyy
Z34-4.1-3 semi year encouraged yyy
Z34-4.1-4 self year encouraged yyy
Z34-4.2-1 semi year encouraged yyy
Z34-4.2-2 self year mandatory yyy
Z34-4.2-3 semi year mandatory yyy
Z34-4.2-4 semi quarter mandatory yyy
Z34-4.3-1 semi point mandatory yyy
Z34-4.3-2 semi year mandatory yyy
Z34-4.3-3 self year mandatory yyy
Z34-4.3-4 semi point mandatory yyy
Z34-5.1-1 semi year mandatory yyy
Z34-5.1-2 self year mandatory yyy
Z34-5.2-1 semi year mandatory yyy
Z34-5.2-2 semi year mandatory yyy
Z34-5.3-1 semi point mandatory yyy
Z34-5.3-2 semi year mandatory yyy
Z34-5.3-3 semi year mandatory yyy
Z34-0-2 reference none information yyy
B25-0-1 reference none information ynn
B25-0-3 reference none information yyy
B25-1-0 self once mandatory yyy
B25-1-1 self year mandatory yyy
B25-1-2 self year mandatory yyy
B25-1-3 auto year mandatory yyy
B25-1-4 auto year mandatory yyy
B25-1-5 semi year mandatory yyy
B25-1-6 auto point mandatory yyy
B25-1-7 semi year mandatory yyy
B25-1-8 semi point encouraged yyy
B25-2-1 self year mandatory yyy
B25-2-2 self year mandatory yyc
B25-2-3 semi year mandatory yyy
B25-2-4 auto quarter mandatory yyy
B25-2-5 semi quarter mandatory yyy
B25-2-6 semi year mandatory yyy
B25-2-7 semi year mandatory yyy
B25-3.1-1 semi quarter mandatory yyy
B25-3.1-2 semi point mandatory yyy
B25-3.1-3 semi year mandatory yyn
B25-3.1-4 auto once mandatory ccy
B25-3.1-5 semi point mandatory ccc
B25-3.1-6 semi year encouraged yyy
B25-3.1-9 self year mandatory yyc
B25-3.1-7 semi point mandatory yyc
B25-3.1-8 semi year mandatory ccc
B25-3.2-1 semi point mandatory yyy
B25-3.2-2 auto point mandatory yyy
B25-3.2-3 auto once mandatory yyy
B25-3.3-1 semi year mandatory yyy
B25-3.3-2 semi year mandatory yyy
B25-3.3-3 semi year mandatory yyy
B25-3.3-4 auto point mandatory yyy
B25-3.3-5 semi year mandatory yyy
B25-3.3-6 semi point permitted yyy
B25-3.3-7 semi year mandatory yyc
B25-3.3-8 reference none mandatory nnn
B25-3.4-1 semi year mandatory yyy
B25-3.4-2 self year mandatory yyy
B25-3.4-3 semi point encouraged yyc
B25-3.4-4 semi year mandatory yyy
B25-4-1 auto year mandatory yyy
B25-4-2 semi quarter mandatory yyy
B25-4-3 semi year mandatory yyy
B25-4-4 semi quarter mandatory yyy
B25-4-5 semi year mandatory yyy
B25-4-6 self year mandatory yyy
B25-4-7 semi year mandatory yyy
B25-4-11 self year mandatory yyy
B25-4-8 self year mandatory yyc
B25-4-9 semi year encouraged yyc
B25-4-10 semi winter mandatory yyy
B25-5-1 self year mandatory yyy
B25-5-2 semi quarter mandatory yyy
B25-5-3 reference none permitted ynn
B25-0-2 reference none information yyy
S24-0-1 reference none information nnc
S24-1-1 semi year mandatory nnc
S24-1-2 reference none information nnc
S24-1-3 semi year mandatory nnc
S24-1-4 semi year mandatory nnc
S24-1-5 semi year mandatory nnc
S24-2.1-1 reference year mandatory nnc
S24-2.1-2 reference year mandatory nnc
S24-2.1-3 self year encouraged nnc
S24-2.1-5 self year mandatory nnc
S24-2.1-4 reference none mandatory nnc
S24-2.2-1 reference none mandatory nnc
S24-2.2-2 reference none mandatory nnc
S24-2.2-3 reference none mandatory nnc
S24-2.2-4 reference none mandatory nnc
S24-2.2-5 reference none mandatory nnc
S24-2.2-6 reference none mandatory nnc
S24-2.2-7 reference none mandatory nnc
S24-2.2-8 self year mandatory nnc
S24-2.3-1 reference none mandatory nnc
S24-2.3-2 reference none mandatory nnc
S24-2.3-3 semi year mandatory nnc
S24-2.3-4 reference year mandatory nnc
S24-2.3-5 semi year permitted nnc
S24-2.3-6 semi year permitted nnc
S24-2.3-7 semi point mandatory nnc
S24-2.3-8 semi point mandatory nnc
S24-2.3-9 reference none mandatory nnc
S24-2.3-10 reference none mandatory nnc
S24-2.3-11 reference none mandatory nnc
S24-2.3-12 semi year mandatory nnc
S24-2.3-13 reference none mandatory nnc
S24-2.3-14 semi year mandatory nnc
S24-2.3-15 semi year mandatory nnc
S24-2.3-16 reference none mandatory nnc
S24-2.3-17 reference none mandatory nnc
S24-2.4-1 reference none mandatory nnc
S24-2.4-2 reference none mandatory nnc
S24-2.4-3 semi point mandatory nnc
S24-2.4-8 reference none mandatory nnc
S24-2.4-4 reference none mandatory nnc
S24-2.4-9 reference none mandatory nnc
S24-2.4-5 reference none mandatory nnc
S24-2.4-6 reference none information nnc
S24-2.4-7 reference none mandatory nnc
ZT-17 auto quarter mandatory yyy
"""
"""Clause, mode, period, strength, and province, city, county."""

REGISTER: dict[str, Clause] = {
    clause: Clause(mode, period, strength, dict(zip(_LEVELS, levels, strict=True)))
    for clause, mode, period, strength, levels in (line.split() for line in _TABLE.strip().splitlines())
}


def paper(clause: str) -> str:
    """Z34, B25, S24 or ZT."""
    return clause.split("-")[0]


def in_district(office: Office, as_of: dt.date) -> bool | None:
    """The office lies in the district of the local paper; unknown where its code is not filled."""
    code = profile(office, "行政区划代码", as_of)
    return code.startswith("310117") if code else None


def listed(office: Office, clause: str, as_of: dt.date) -> bool:
    """Not a reference, binding the level, and of a notice that is there."""
    row = REGISTER[clause]
    if row.mode == "reference" or row.levels[level(office, as_of)] == "n" or as_of < DATES[paper(clause)]:
        return False
    return paper(clause) != "S24" or (as_of.year == 2024 and in_district(office, as_of) is not False)


def gate(office: Office, clause: str, as_of: dt.date) -> str | None:
    """The status that no record of the clause can change, or None: the paper's day, the level, the first year, the place."""
    row, source = REGISTER[clause], paper(clause)
    if as_of < DATES[source] or row.levels[level(office, as_of)] == "n":
        return "not_applicable"
    if source == "B25" and row.period == "year" and as_of.year == 2025:
        return "not_applicable"
    if source == "S24":
        here = in_district(office, as_of)
        if as_of.year != 2024 or here is False:
            return "not_applicable"
        return "missing_data" if here is None else None
    if clause in ("Z34-2.3-1", "Z34-2.3-2") and as_of > dt.date(2023, 1, 7):
        return "not_applicable"
    return None
