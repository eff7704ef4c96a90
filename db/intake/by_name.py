"""People who are named without a number: the one member meant, or one whose document is still to be seen.

Data contract, section 2: a name that fits exactly one member of the named team on that day is that member.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.fields import Row
from db.records.identity import PENDING
from db.records.kinds import Cell, Invalid, Value, is_blank
from db.storage.store import Store

# What tells two people of one name apart where neither has a number.
TELLING = (("出生日期", "birth_date"), ("手机号码", "phone"))
_FOREVER = "9999-12-31"


class Names:
    """People by name, and who was in which team from when to when."""

    def __init__(self, store: Store) -> None:
        self._people: dict[Value, dict[int, Row]] = defaultdict(dict)
        self._spells: dict[tuple[Value, Value], list[Row]] = defaultdict(list)
        self.add_people(store.rows(VOLUNTEER))
        self.add_members(store.rows(MEMBERSHIP))

    def add_people(self, rows: Iterable[Row]) -> None:
        """Know more people, or what was corrected of known ones."""
        for row in rows:
            self._people[row["name"]][int(row["id"] or 0)] = row

    def add_members(self, rows: Iterable[Row]) -> None:
        """Know more memberships."""
        for row in rows:
            self._spells[row["team_id"], row["volunteer_id"]].append(row)

    def alike(self, name: Value, cells: Mapping[str, Cell]) -> list[Row]:
        """Return the people of a name whose birth date or phone a row gives; the birth date speaks before the phone."""
        for heading, field in TELLING:
            cell = cells.get(heading)
            if is_blank(cell):
                continue
            try:
                value = VOLUNTEER[field].kind.parse(cell)
            except Invalid:
                continue
            if found := self.same(name, field, value):
                return found
        return []

    def same(self, name: Value, field: str, value: Value) -> list[Row]:
        """Return the people of a name with one birth date or phone."""
        return [r for r in self._people.get(name, {}).values() if value is not None and r[field] == value]

    def members(self, name: Value, team: int, day: str | None) -> list[Row]:
        """Return the people of a name who are members of a team on a day, or on any day."""
        return [r for i, r in self._people.get(name, {}).items() if any(
            _holds(s, r, day) for s in self._spells.get((team, i), ())
        )]  # fmt: skip

    def pending(self, row: Row) -> Row | None:
        """Return the one person without a number whom a row with one completes: same name, same birth date or phone."""
        for _, field in TELLING:
            found = [r for r in self.same(row["name"], field, row[field]) if r["id_type"] == PENDING]
            if found:
                return found[0] if len(found) == 1 else None
        return None


def _holds(spell: Row, person: Row, day: str | None) -> bool:
    last = min(str(spell["left_on"] or _FOREVER), str(person["left_on"] or _FOREVER))
    return day is None or str(spell["joined_on"]) <= day < last
