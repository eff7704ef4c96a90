"""佐证材料: what proves each clause, numbered once for the 佐证材料目录, the 合规自查表 and the 迎检包.

A clause has the number of its line in the 合规自查表; the list of its records comes first (``12-1``), then its files.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.records.entities import BY_NAME
from db.rules.verdicts import Result
from forms.report.situation import counted

Rows = Sequence[Mapping[str, Any]]
# Files that prove several clauses: the sign in their numbers, the record that ties them to their owner, what they are called.
ARCHIVE = (("档", "team_file", "队伍档案"), ("凭", "fund_voucher", "经费凭证"))


@dataclass(frozen=True)
class Material:
    """One material: its number, name and days; a file of the ledger by its hash, or the records behind a clause."""

    number: str
    name: str
    day: str = ""  # the document's own
    kept_on: str = ""
    note: str = ""
    sha256: str = ""  # empty for a list of records

    @property
    def is_file(self) -> bool:
        """Whether it is a file that was kept, not a list that is made."""
        return bool(self.sha256)


@dataclass(frozen=True)
class Section:
    """What proves one clause; files of teams and vouchers, which prove several, stand in sections of their own."""

    number: str
    title: str
    result: Result | None  # None: no clause, or one that does not bind the office any more
    materials: tuple[Material, ...]


def clause_numbers(results: Iterable[Result]) -> dict[str, int]:
    """Return the number of every clause that counts, by its id: its line in the 合规自查表."""
    return {result.clause.id: n for n, result in enumerate(counted(list(results)), 1)}


def records_title(result: Result) -> str:
    """Return what the list of a clause's records is called: of which records, and how many."""
    counts = Counter(item.record for item in result.items if item.record in BY_NAME)
    kinds = "，".join(f"{BY_NAME[record].label}{n:,}{BY_NAME[record].noun}" for record, n in counts.items())
    return f"台账记录清单（{kinds}）"


def sections(results: Sequence[Result], evidence: Rows, archive: Rows) -> list[Section]:
    """Return the materials of a period, clause by clause: rows of the reads ``evidence`` and ``archive`` with their numbers.

    A clause without any is left out. Files given for a clause that counts no more follow under the next number.
    """
    by_clause: dict[str, list[Mapping[str, Any]]] = {}
    for row in evidence:
        by_clause.setdefault(str(row["clause"]), []).append(row)
    numbers, by_id = clause_numbers(results), {r.clause.id: r for r in results}
    later = [clause for clause in by_clause if clause not in numbers]
    made = []
    for clause, number in (*numbers.items(), *((clause, len(numbers) + n) for n, clause in enumerate(later, 1))):
        result = by_id.get(clause)
        listed = result is not None and any(item.record in BY_NAME for item in result.items) and clause in numbers
        names = [records_title(result)] if result is not None and listed else []
        found = [Material(f"{number}-{n}", name) for n, name in enumerate(names, 1)]
        found += _files(str(number), by_clause.get(clause, ()), len(found))
        if found:
            title = result.clause.title if result is not None else f"条款{clause}"
            made.append(Section(str(number), title, result, tuple(found)))
    for sign, record, name in ARCHIVE:
        if rows := [row for row in archive if row["kind"] == record]:
            made.append(Section(sign, name, None, tuple(_files(sign, rows, 0))))
    return made


def _files(number: str, rows: Iterable[Mapping[str, Any]], taken: int) -> list[Material]:
    return [
        Material(f"{number}-{n}", str(row["name"]), str(row["effective_on"] or ""), str(row["uploaded_on"]),
                 str(row["note"] or ""), str(row["sha256"]))
        for n, row in enumerate(rows, taken + 1)
    ]  # fmt: skip
