"""What data the verdicts wait for, as one list by record: which record, which fields, and which clauses wait for it."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from db.queries.conditions import doubtful_owner, existing_team
from db.records.entities import BY_NAME
from db.records.fields import Row
from db.records.kinds import Choice, Text, Value
from db.rules.register import Clause
from db.rules.verdicts import Item, Result
from db.storage.store import Store

# In a clause's `evidence`: a record with or without what kind of it, then fields, `.field` being of the record before.
_EVIDENCE = re.compile(r"(?P<record>[a-z_]+)?(?:\([^)]*\))?\.(?P<field>[a-z_]+)")


@dataclass(frozen=True)
class Want:
    """Records of one kind that lack the same: their ids and titles (none: there is no such record yet), the labels of
    the fields, and the clauses that wait.
    """  # fmt: skip

    record: str
    ids: tuple[int, ...]
    titles: tuple[str, ...]
    fields: tuple[str, ...]
    clauses: tuple[Clause, ...]

    @property
    def title(self) -> str:
        """The records in words: all of few, the first of many with their number."""
        entity = BY_NAME[self.record]
        if not self.ids:
            return f"{entity.label}（没有可以据以判断的记录）" if not self.titles else self.titles[0]
        names = list(dict.fromkeys(self.titles))
        if len(self.ids) <= 3:
            return f"{entity.label}：{'、'.join(names)}"
        return f"{entity.label}：{'、'.join(names[:2])}等 {len(self.ids)} 条"


def evidence_fields(clause: Clause) -> dict[str, tuple[str, ...]]:
    """Return the fields that decide a clause, by record, as its `evidence` names them."""
    found: dict[str, list[str]] = {}
    record = ""
    for match in _EVIDENCE.finditer(clause.evidence):
        record = match["record"] or record
        if record in BY_NAME and match["field"] in BY_NAME[record].by_name:
            found.setdefault(record, []).append(match["field"])
    return {name: tuple(dict.fromkeys(fields)) for name, fields in found.items()}


def known_values(clause: Clause) -> Row:
    """Return what a new record that puts a clause right is known to say, as its `evidence` has it: one choice of a field."""
    if clause.record is None:
        return {}
    entity, found, unsure = BY_NAME[clause.record], dict[str, Value](), set[str]()
    for inside in re.findall(rf"\b{clause.record}\(([^)]*)\)", clause.evidence):
        last = ""
        for part in inside.split(","):
            field, _, value = (word.strip() for word in part.partition("="))
            kind = entity[field].kind if field in entity.by_name else None
            last = field if kind is not None else last
            fits = value in kind.labels if isinstance(kind, Choice) else type(kind) is Text
            if kind is None or not fits or found.setdefault(field, value) != value:
                unsure.add(last)  # one of several: the person chooses
    return {field: value for field, value in found.items() if field not in unsure}


def wanted(store: Store, results: Iterable[Result]) -> list[Want]:
    """Return what is to be filled in for the listed clauses that lack data, those that most clauses wait for first.

    Records that lack the same for the same clauses stand together.
    """
    waiting = [r for r in results if r.listed and r.status == "missing_data"]
    lacking: dict[tuple[str, int | None], tuple[str, dict[str, None], dict[str, Clause]]] = {}
    blanks = _Blanks(store, waiting)
    for result in waiting:
        for record, row_id, title, fields in _of(result, blanks):
            _, labels, clauses = lacking.setdefault((record, row_id), (title, {}, {}))
            labels |= dict.fromkeys(fields)
            clauses[result.clause.id] = result.clause
    together: dict[tuple[str, bool, tuple[str, ...], tuple[str, ...]], tuple[list[int], list[str], list[Clause]]] = {}
    for (record, row_id), (title, labels, clauses) in lacking.items():
        key = (record, row_id is None, tuple(labels), tuple(clauses))
        ids, titles, _ = together.setdefault(key, ([], [], list(clauses.values())))
        ids += [] if row_id is None else [row_id]
        titles += [title] if title else []
    made = [
        Want(record, tuple(ids), tuple(titles), labels, tuple(clauses))
        for (record, _, labels, _), (ids, titles, clauses) in together.items()
    ]
    return sorted(made, key=lambda want: -len(want.clauses))


def to_be_checked(store: Store, day: dt.date, results: Iterable[Result]) -> list[Want]:
    """Return the teams of the day of which name and kind of 主管单位 do not fit: they count as ours by either."""
    teams = store.query(
        f"SELECT t.id, t.name FROM team AS t WHERE {doubtful_owner()} AND {existing_team()} ORDER BY t.id",
        {"as_of": day.isoformat()},
    )
    if not teams:
        return []
    entity = BY_NAME["team"]
    concerned = [r.clause for r in results if r.listed and "managing_org" in evidence_fields(r.clause).get("team", ())]
    return [Want("team", tuple(t["id"] for t in teams), tuple(t["name"] for t in teams),
                 (entity["managing_org"].label, entity["managing_kind"].label), tuple(concerned))]  # fmt: skip


def _of(result: Result, blanks: "_Blanks") -> Iterable[tuple[str, int | None, str, tuple[str, ...]]]:
    """Yield record, id, title and the labels of fields that one verdict waits for."""
    question = result.facts.get("question")
    if question is not None:
        yield "office", None, BY_NAME["office"].label, (_answer_label(question),)
        return
    items = blanks.items(result)
    for item in items:
        yield item.record, item.id, item.title, blanks.labels(result.clause, item)
    if not items:
        record = result.clause.record or "office"
        fields = evidence_fields(result.clause).get(record, ())
        yield record, None, "", tuple(BY_NAME[record][name].label for name in fields)


def _answer_label(item: str) -> str:
    """Return what 本会情况 calls something that it is asked."""
    return str(BY_NAME["office"]["item"].kind.show(item))


class _Blanks:
    """The rows behind the items of verdicts, read once for each record."""

    def __init__(self, store: Store, results: Iterable[Result]) -> None:
        wanted: dict[str, set[int]] = {}
        for result in results:
            for item in self.items(result):
                wanted.setdefault(item.record, set()).add(item.id)
        self._rows = {
            record: {row["id"]: row for row in store.rows(BY_NAME[record]) if row["id"] in ids}
            for record, ids in wanted.items()
        }

    @staticmethod
    def items(result: Result) -> list[Item]:
        """Return the records that lack something; where the check names none so, those that are not in order."""
        there = [i for i in result.items if i.record in BY_NAME and i.id is not None]
        return [i for i in there if i.status == "missing_data"] or (
            [] if "missing" in result.facts else [i for i in there if i.status != "met"]
        )

    def labels(self, clause: Clause, item: Item) -> tuple[str, ...]:
        """Return the labels of the fields that decide the clause and are blank in the record.

        Where none is, what decides it stands in another record, as the reserve of a township does.
        """
        entity, row = BY_NAME[item.record], self._rows[item.record].get(item.id, {})
        by_record = evidence_fields(clause)
        fields = by_record.pop(item.record, ())
        empty = [name for name in fields if row.get(name) in (None, "")]
        if "party_org_name" in entity.by_name and not row.get("party_org_name"):
            empty = [name for name in empty if name != "party_org_founded_on"]  # there is none to have a day
        ends = {end for _, end in entity.spans}
        needed = [name for name in empty if name not in ends] or [n for n in empty if entity.name == "work_record"]
        if needed:
            return tuple(entity[name].label for name in needed)
        for record, others in by_record.items():
            return tuple(f"{BY_NAME[record].label}的{BY_NAME[record][name].label}" for name in others)
        return tuple(entity[name].label for name in fields)
