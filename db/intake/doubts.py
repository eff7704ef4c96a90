"""Rows that go in and look doubtful beside the records they refer to (data contract, section 4).

A membership before its team was founded, on or after its end, or before the person registered; service before it;
cover beyond its policy; whatever is dated when the person had left; and a team whose
主管单位 is ours by its name alone, or by its kind alone (evaluation contract, *Base*). Nothing is refused here.
"""

from collections.abc import Mapping, Sequence

from db.intake.known_rows import Known
from db.intake.results import SheetResult
from db.intake.row_problems import named
from db.intake.source_rows import SourceSheet
from db.records.entities import (
    ATTENDANCE,
    COVERAGE,
    INSURANCE_POLICY,
    MEMBERSHIP,
    OFFICE,
    SERVICE_RECORD,
    TEAM,
    TRAINING,
    VOLUNTEER,
)
from db.records.fields import Columns, Entity, Problem, Row
from db.records.kinds import Value
from db.storage.store import Store

_DOUBTED = (TEAM, MEMBERSHIP, SERVICE_RECORD, COVERAGE, ATTENDANCE, VOLUNTEER)
_NEVER = "9999-12-31"
Spans = Mapping[Value, tuple[str, str]]


class Doubts:
    """The spans of the records that rows refer to, as they will stand after the import."""

    def __init__(self, store: Store, known: Mapping[str, Known]) -> None:
        self._store, self._known = store, known
        self._cache: dict[str, Spans] = {}

    def of_row(self, entity: Entity, row: Row) -> list[Problem]:
        """Return what is doubtful about one row that went in."""
        if entity not in _DOUBTED:
            return []
        return self.of(entity, {name: [value] for name, value in row.items()}).get(0, [])

    def tell(
        self, sheet: SourceSheet, start: int, places: Sequence[int], columns: Columns, result: SheetResult
    ) -> None:
        """Add what is doubtful about the rows at some places from `start` on, all of which went in."""
        wanted = set(places)
        for n, problems in self.of(sheet.entity, columns).items():
            if n in wanted:
                source = sheet.rows[start + n]
                result.problems += [named(sheet.entity, source.number, source.cells, p) for p in problems]

    def of(self, entity: Entity, columns: Columns) -> dict[int, list[Problem]]:
        """Return what is doubtful, by the place of the row; `columns` are values with references as ids."""
        found: dict[int, list[Problem]] = {}

        def doubt(places: Sequence[int], field: str, reason: str) -> None:
            for n in places:
                found.setdefault(n, []).append(Problem(field, reason, "warning"))

        if entity is TEAM:
            doubt(self._other_owner(columns), "managing_org",
                  "主管单位与主管单位类型不一致：名称是本会的应为“本级”，“本级”的名称应与本会单位名称相同；请核对")  # fmt: skip
        elif entity is MEMBERSHIP:
            teams, people = self._spans(TEAM, "established_on", "dissolved_on"), self._people()
            days = columns["joined_on"]
            doubt(_before(columns["team_id"], days, teams), "joined_on", "入队日期早于队伍的成立日期，请核对")
            doubt(
                _after(columns["team_id"], days, teams),
                "joined_on",
                "入队日期不早于队伍的撤销日期，不会计入在队人数，请核对",
            )
            doubt(_before(columns["volunteer_id"], days, people), "joined_on", "入队日期早于这个人的登记日期，请核对")
            doubt(
                _after(columns["volunteer_id"], days, people),
                "joined_on",
                "这个人登记为已退出，入队日期在退出之后，请核对",
            )
        elif entity is SERVICE_RECORD:
            people, days = self._people(), columns["served_on"]
            doubt(_before(columns["volunteer_id"], days, people), "served_on", "服务日期早于这个人的登记日期，请核对")
            doubt(
                _after(columns["volunteer_id"], days, people),
                "served_on",
                "这个人登记为已退出，服务日期在退出之后，请核对",
            )
        elif entity is COVERAGE:
            policies = self._spans(INSURANCE_POLICY, "start_on", "end_on")
            for field, beyond in (("start_on", _before), ("end_on", _past)):
                doubt(
                    beyond(columns["policy_id"], columns[field], policies),
                    field,
                    "超出保单的期间，只按保单期间内计算，请核对",
                )
        elif entity is ATTENDANCE:
            begun = {row: first for row, (first, _) in self._spans(TRAINING, "start_on", "end_on").items()}
            days = [begun.get(training) for training in columns["training_id"]]
            doubt(
                _after(columns["volunteer_id"], days, self._people()),
                "volunteer_id",
                "这个人登记为已退出，培训在退出之后，请核对",
            )
        elif entity is VOLUNTEER:
            doubt(
                [n for n, (born, day) in enumerate(zip(columns["birth_date"], columns["registered_on"], strict=True))
                 if born is not None and day is not None and str(day) < str(born)],
                "registered_on", "登记日期早于出生日期，请核对",
            )  # fmt: skip
        return found

    def _other_owner(self, columns: Columns) -> list[int]:
        """Return the places of teams that are ours by the name of 主管单位 alone, or by its kind alone."""
        known = self._known.get("office")
        rows = list(known.rows.values()) if known is not None else self._store.rows(OFFICE)
        rows = [*rows, *known.updated.values()] if known is not None else rows
        names = {_packed(r["content"]) for r in rows if r["item"] == "name"}
        if not names:
            return []
        pairs = zip(columns["managing_org"], columns["managing_kind"], strict=True)
        return [
            n for n, (org, kind) in enumerate(pairs) if kind is not None and (_packed(org) in names) != (kind == "own")
        ]

    def _people(self) -> Spans:
        return self._spans(VOLUNTEER, "registered_on", "left_on")

    def _spans(self, entity: Entity, start: str, end: str) -> Spans:
        """Return the span of every row of a record, with those of this import; an open end is far away.

        Read once: what a sheet refers to is judged before it.
        """
        if entity.name in self._cache:
            return self._cache[entity.name]
        known = self._known.get(entity.name)
        rows: list[Row] = self._store.rows(entity, names=(start, end))
        spans: dict[Value, tuple[str, str]] = {r["id"]: (str(r[start] or ""), str(r[end] or _NEVER)) for r in rows}
        if known is not None:
            for r in (*known.added, *known.updated.values()):
                spans[r["id"]] = (str(r[start] or ""), str(r[end] or _NEVER))
        self._cache[entity.name] = spans
        return spans


def _packed(name: Value) -> str:
    """Return a name without white space, as names of units are compared."""
    return "".join(str(name or "").split())


def _before(rows: Sequence[Value], days: Sequence[Value], spans: Spans) -> list[int]:
    """Return the places of days before the span of what the row refers to."""
    return [n for n, (row, day) in enumerate(zip(rows, days, strict=True))
            if day is not None and row in spans and str(day) < spans[row][0]]  # fmt: skip


def _after(rows: Sequence[Value], days: Sequence[Value], spans: Spans) -> list[int]:
    """Return the places of days on or after the first day on which it no longer is."""
    return [n for n, (row, day) in enumerate(zip(rows, days, strict=True))
            if day is not None and row in spans and str(day) >= spans[row][1]]  # fmt: skip


def _past(rows: Sequence[Value], days: Sequence[Value], spans: Spans) -> list[int]:
    """Return the places of days after the last one, which itself is inside."""
    return [n for n, (row, day) in enumerate(zip(rows, days, strict=True))
            if day is not None and row in spans and str(day) > spans[row][1]]  # fmt: skip
