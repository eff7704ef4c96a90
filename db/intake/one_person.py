"""One person on several sheets or files of an import: one volunteer, and what differs is said (data contract, section 2)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from db.intake.known_rows import Key
from db.intake.source_rows import SourceSheet
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.fields import Entity, Problem, Row
from db.records.identity import PENDING
from db.records.kinds import Cell, Date, IdNumber, Invalid, Value, is_blank

JOINED = "入队日期"


def first_of(entity: Entity, there: Row, given: Row, where: str) -> tuple[Row, list[Problem]]:
    """Return what another row about a person adds, and what is to be said of it.

    Of values that differ the first stays, of the days of registration the earlier one; `where` is the first row's place.
    """
    differs = [n for n, v in given.items() if v is not None and there.get(n) is not None and there[n] != v]
    differs = [n for n in differs if n not in ("id", *entity.key)]
    kept = given | {n: there[n] for n in differs}
    if not differs:
        return kept, []
    how = "以先出现的为准"
    if "registered_on" in differs:
        kept["registered_on"] = min(str(there["registered_on"]), str(given["registered_on"]))
        how = "登记日期取较早的，其余以先出现的为准"
    names = "、".join(f"“{entity[n].label}”" for n in differs)
    said = f"同一个人在{where}已有，{names}写得不一样；{how}，请核对"
    return kept, [Problem(entity.key[-1], said, "warning")]


class Days:
    """The days of registration and of joining that the sheets of one import give, by number of document."""

    def __init__(self, sheets: Sequence[SourceSheet]) -> None:
        self._sheets = sheets

    @cached_property
    def registered(self) -> dict[Value, str]:
        """The earliest 登记日期 of everybody who stands on several rows."""
        own = [s for s in self._sheets if s.entity is VOLUNTEER]
        counts = Counter(c for s in own for c in s.column("证件号码") if c is not None)
        several = {c for c, n in counts.items() if n > 1}
        found: dict[Value, str] = {}
        if several:
            for cell, day in _pairs(own, "登记日期"):
                if cell in several:
                    _keep_first(found, cell, day)
        return found

    @cached_property
    def joined(self) -> dict[Value, str]:
        """The earliest 入队日期 of everybody."""
        found: dict[Value, str] = {}
        for cell, day in _pairs([s for s in self._sheets if s.entity in (MEMBERSHIP, VOLUNTEER)], JOINED):
            _keep_first(found, cell, day)
        return found


def _pairs(sheets: Sequence[SourceSheet], heading: str) -> Iterator[tuple[Cell, Cell]]:
    for sheet in sheets:
        if sheet.has(heading) and sheet.has("证件号码"):
            yield from zip(sheet.column("证件号码"), sheet.column(heading), strict=True)


def _keep_first(found: dict[Value, str], cell: Cell, day: Cell) -> None:
    if is_blank(cell) or is_blank(day):
        return
    try:
        number, on = IdNumber().parse(cell), str(Date().parse(day))
    except Invalid:
        return
    found[number] = min(on, found.get(number, on))


def register(
    days: Days,
    read: dict[str, Sequence[Value]],
    cells: Mapping[str, Sequence[Cell]],
    unread: dict[int, list[Problem]],
    known: Mapping[Key, Row],
) -> None:
    """Complete some rows about people in place, and add what is said of them to `unread`.

    Who has no number is 证件待补. Who stands on several rows has the earliest 登记日期; who has none keeps the known one, else
    takes the earliest 入队日期 (data contract, section 2).
    """
    numbers, given = read["id_number"], list(read["registered_on"])
    if None not in numbers and None not in given and not days.registered:
        return
    types = list(read["id_type"])
    joined = cells.get(JOINED, ())
    for n, number in enumerate(numbers):
        if number is None and all(p.field != "id_number" or p.severity != "error" for p in unread.get(n, ())):
            if types[n] != PENDING:
                reason = "没有证件号码，按“证件待补”登记，请以后补上"
                unread.setdefault(n, []).append(Problem("id_number", reason, "warning"))
            types[n] = PENDING
        if given[n] is not None:
            given[n] = days.registered.get(number, str(given[n])) if number is not None else given[n]
            continue
        key: Key = (types[n] or VOLUNTEER["id_type"].default, number)
        if number is None:
            key += (read["name"][n], read["birth_date"][n] or read["phone"][n])
        there = known.get(key)
        day = there["registered_on"] if there is not None else _first_day(days, number, joined[n] if joined else None)
        given[n] = day
        if there is None and day is not None:
            reason = f"没有填登记日期，按入队日期 {day} 登记，请核对"
            unread.setdefault(n, []).append(Problem("registered_on", reason, "warning"))
    read["registered_on"], read["id_type"] = given, types


def _first_day(days: Days, number: Value, own: Cell) -> Value:
    if number is not None:
        return days.joined.get(number)
    try:
        return None if is_blank(own) else Date().parse(own)
    except Invalid:
        return None
