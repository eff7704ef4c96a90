"""The rows of one record as they will stand after an import, found by their key (data contract, section 2)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from db.records.entities import COVERAGE, MEMBERSHIP, VOLUNTEER
from db.records.fields import Entity, Problem, Row
from db.records.kinds import Value
from db.storage.store import Store

Key = tuple[Value, ...]


def money_places(rows: Iterable[Row]) -> Iterator[Key]:
    """Yield what two entries share that may be one: day, team, direction and amount."""
    for row in rows:
        yield row["entry_on"], row["team_id"], row["direction"], row["amount_fen"]


class Known:
    """The rows of one record as they will stand after the import, found by key."""

    def __init__(self, store: Store, entity: Entity) -> None:
        self.entity = entity
        self.blamed = next(name for name in entity.key if entity[name].default is None)  # for a double
        self.counts: Counter[tuple[str, Key]] = Counter()  # (source, key) → how many entries of it there are so far
        self.rows: dict[Key, Row] = {self.take("", row) if entity.repeats else self.key(row): row
                                     for row in store.rows(entity)}  # fmt: skip
        # memberships by team and person, covers by policy and person
        self.spells: dict[tuple[Value, Value], list[Row]] = defaultdict(list)
        if entity in SPELLED:
            self.note_spells(self.rows.values())
        self.seen: dict[
            tuple[Value, ...], tuple[str, str, int, Row]
        ] = {}  # key → (file, sheet, row number, row) of this import
        self.first_new = self.next_id = store.next_id(entity)
        self.moneys: Counter[Key] | None = None  # entries on record that a new one may repeat
        self.vouchers: dict[Value, Value] = {}
        self.added: list[Row] = []
        self.places: list[tuple[str, str, int]] = []  # (file, sheet, row number) of each that was added
        self.updated: dict[int, Row] = {}

    def key(self, row: Row) -> Key:
        """Return the matching key; text is compared as it is stored."""
        key = tuple([row[name] for name in self.entity.key])
        if self.entity.key_alone and key[0] is None:
            key += tuple([row[name] for name in self.entity.key_alone])
        if self.entity is VOLUNTEER and row["id_number"] is None:
            key += (row["name"], row["birth_date"] or row["phone"])
        return key

    def take(self, source: str, row: Row) -> Key:
        """Return the key of the next entry of its kind in a source: which of several equal ones it is."""
        place = (source, self.key(row))
        self.counts[place] += 1
        return (*place[1], self.counts[place])

    def note_spells(self, rows: Iterable[Row]) -> None:
        """Remember from when to when people were in teams, or covered by policies."""
        whose, who = self.entity.key[:2]
        for row in rows:
            self.spells[row[whose], row[who]].append(row)

    def same_spell(self, row: Row, *, ends: bool) -> Row | None:
        """Return the membership of the same team and person whose span meets that of `row`.

        Of covers it is the last one of the same policy and person, where `row` only says when that `ends`.
        """
        whose, who = self.entity.key[:2]
        others = self.spells.get((row[whose], row[who]), ())
        if self.entity is COVERAGE:
            begun = [r for r in others if str(r["start_on"] or "") <= str(row["end_on"])]
            return max(begun, key=lambda r: str(r["start_on"] or "")) if ends and begun else None
        first, last = str(row["joined_on"]), str(row["left_on"] or _FOREVER)
        for other in others:
            if first < str(other["left_on"] or _FOREVER) and str(other["joined_on"]) < last:
                return other
        return None

    def earlier(self, key: tuple[Value, ...]) -> tuple[str, str, int, Row]:
        """Return where a key came last in this import and what stood there, or `UNSEEN`."""
        if key in self.seen:
            return self.seen[key]
        there = self.rows.get(key, {})
        n = int(there.get("id") or 0) - self.first_new
        return (*self.places[n], there) if n >= 0 else UNSEEN

    def doubt_money(self, row: Row, problems: list[Problem]) -> None:
        """Say where an entry may be one that is there already, or shares a number with another amount."""
        if self.moneys is None:
            self.moneys = Counter(money_places(self.rows.values()))
            self.vouchers = {r["voucher"]: r["amount_fen"] for r in self.rows.values() if r["voucher"] is not None}
        if row["voucher"] is None:
            if any(self.moneys[place] for place in money_places([row])):
                reason = "台账中已有同日、同队、同方向、同金额的一笔，其他内容不同；请核对是否同一笔"
                problems.append(Problem("amount_fen", reason, "warning"))
        elif self.vouchers.get(row["voucher"], row["amount_fen"]) != row["amount_fen"]:
            problems.append(Problem("voucher", "台账中已有这个凭证号的另一笔，金额不同；请核对", "warning"))


SPELLED = (MEMBERSHIP, COVERAGE)
UNSEEN: tuple[str, str, int, Row] = ("", "", 0, {})
_FOREVER = "9999-12-31"
