"""Two files on one person made one: everything that refers to either refers to the one that is kept.

What cannot stand side by side is brought together without loss and said: memberships of one team that overlap become
one span, doubled attendances and coverages are completed from each other, equal service records both stay.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from db.errors import Refused
from db.records.entities import ATTENDANCE, COVERAGE, INSURANCE_POLICY, MEMBERSHIP, SERVICE_RECORD, VOLUNTEER
from db.records.fields import Entity, Field, Row
from db.records.internal_entities import DISTINCT_PAIR
from db.records.kinds import Choices, LongText, Text, Value
from db.storage.store import Store
from db.tasks.duplicates import links_to

_FOREVER = "9999-12-31"
_RESULTS = ("passed", "failed", "leave", "absent")  # the one that says most of a training comes first
_ROLES = ("team_leader", "deputy_leader", "backbone", "blood_promoter", "member")


def merged_values(keep: Row, others: Sequence[Row]) -> Row:
    """Return the volunteer as proposed: what the kept one has, blanks filled in, the earliest registration."""
    found = dict(keep)
    for other in others:
        for f in VOLUNTEER.fields:
            mine, theirs = found[f.name], other[f.name]
            if isinstance(f.kind, Choices) and mine and theirs:
                both = {*str(mine).split(","), *str(theirs).split(",")}
                found[f.name] = ",".join(code for code, _ in f.kind.options if code in both)
            elif isinstance(f.kind, LongText):
                found[f.name] = _joined(mine, theirs)
            elif f.name == "registered_on":
                found[f.name] = min(str(mine), str(theirs))
            elif mine is None and f.name != "left_on":  # who is still a volunteer in one file has not left
                found[f.name] = theirs
        if keep["left_on"] is not None:
            found["left_on"] = None if other["left_on"] is None else max(str(found["left_on"]), str(other["left_on"]))
    return found


def merge(store: Store, keep: int, others: Sequence[int], values: Row | None = None) -> list[str]:
    """Make `others` part of the volunteer `keep`; return what was brought together. Inside an operation only.

    `values` are the volunteer's own fields as a person chose them; by default as `merged_values` proposes.
    Raises `Refused` where one of them is not there any more.
    """
    rows = {int(row["id"] or 0): row for row in store.rows(VOLUNTEER)}
    others = [i for i in dict.fromkeys(others) if i != keep]
    if keep not in rows or not others or any(i not in rows for i in others):
        raise Refused("要合并的志愿者已经不在台账里，没有合并。请刷新后再试")
    after = merged_values(rows[keep], [rows[i] for i in others]) | (values or {}) | {"id": keep}
    said: list[str] = []
    people = {keep, *others}
    for entity, name in links_to(VOLUNTEER):
        if entity is not DISTINCT_PAIR:
            said += _bring_together(store, entity, name, keep, people)
    _pairs(store, keep, set(others))
    store.delete(VOLUNTEER, others)
    store.save(VOLUNTEER, after)
    return said


def _bring_together(store: Store, entity: Entity, name: str, keep: int, people: set[int]) -> list[str]:
    """Point the rows of one record at the kept person, in as few rows as can stand side by side."""
    mine = [row for row in store.rows(entity) if row[name] in people]
    if all(row[name] == keep for row in mine):
        return []
    mine.sort(key=lambda row: (row[name] != keep, int(row["id"] or 0)))
    join = _SPECIAL.get(entity.name, _plain_join)
    kept, said = join(store, [row | {name: keep} for row in mine], entity)
    there = {int(row["id"] or 0): row for row in mine}
    gone = set(there) - {int(row["id"] or 0) for row in kept}
    store.delete(entity, sorted(gone))
    # Rows that make room come first: a span that grows must not meet the one it takes in.
    for row in kept:
        if row != there[int(row["id"] or 0)]:
            store.save(entity, row)
    return said


Joined = tuple[list[Row], list[str]]


def _spans(store: Store, rows: list[Row], entity: Entity) -> Joined:
    """Memberships of one team that overlap become one; the days are the same as before."""
    by_team: dict[Value, list[Row]] = defaultdict(list)
    for row in rows:
        by_team[row["team_id"]].append(row)
    kept, said = [], 0
    for found in by_team.values():
        last: Row | None = None
        for row in sorted(found, key=lambda r: (str(r["joined_on"]), int(r["id"] or 0))):
            joined = str(row["joined_on"])
            if last is not None and (joined < str(last["left_on"] or _FOREVER) or joined == last["joined_on"]):
                _take_in_span(last, row)
                said += 1
            else:
                last = dict(row)
                kept.append(last)
    return kept, [f"{said} 条同一支队伍、日期重叠的队员记录合成了一条，在队的日子不变"] if said else []


def _take_in_span(last: Row, row: Row) -> None:
    ends = last["left_on"], row["left_on"]
    last["left_on"] = None if None in ends else max(str(e) for e in ends)
    roles = [r for r in (last["role"], row["role"]) if r is not None]
    last["role"] = min(roles, key=lambda r: _ROLES.index(str(r)), default=None)


def _attendances(store: Store, rows: list[Row], entity: Entity) -> Joined:
    """One person attends a training once: the fuller row wins and is completed from the other."""
    kept: dict[Value, Row] = {}
    said = 0
    for row in sorted(rows, key=lambda r: _RESULTS.index(str(r["result"])) if r["result"] else len(_RESULTS)):
        there = kept.get(row["training_id"])
        if there is None:
            kept[row["training_id"]] = dict(row)
            continue
        said += 1
        minutes = [m for m in (there["attended_minutes"], row["attended_minutes"]) if m is not None]
        _complete(entity, there, row)
        there["attended_minutes"] = max((int(m) for m in minutes), default=None)
        if (row["valid_until"] or "") > (there["valid_until"] or ""):  # type: ignore[operator]
            there["valid_until"] = row["valid_until"]
    return list(kept.values()), [f"{said} 条同一次培训的参训记录合成了一条，证书都保留"] if said else []


def _coverages(store: Store, rows: list[Row], entity: Entity) -> Joined:
    """Two coverages by one policy from the same day: the one that lasts longer."""
    ends = {row["id"]: str(row["end_on"]) for row in store.rows(INSURANCE_POLICY)}
    kept: dict[tuple[Value, Value], Row] = {}
    said = 0
    for row in rows:
        key = row["policy_id"], row["start_on"]
        there = kept.get(key)
        if there is None:
            kept[key] = dict(row)
            continue
        said += 1
        if (row["end_on"] or ends[row["policy_id"]]) > (there["end_on"] or ends[row["policy_id"]]):  # type: ignore[operator]
            there["end_on"] = row["end_on"]
        there["team_id"] = there["team_id"] if there["team_id"] is not None else row["team_id"]
    return list(kept.values()), [
        f"{said} 条同一张保单、同日起保的被保险人记录合成了一条，保障到较晚的一天"
    ] if said else []


def _services(store: Store, rows: list[Row], entity: Entity) -> Joined:
    """No minute is lost: a record that is equal in everything stays, with a word that tells it apart."""
    seen: set[tuple[Value, ...]] = set()
    kept, said = [], 0
    for row in rows:
        row, n = dict(row), 1
        plain = row["content"]
        while tuple(row[k] for k in entity.key) in seen:
            n += 1
            row["content"] = f"{plain or ''}（合并前的第 {n} 条）"
        said += n > 1
        seen.add(tuple(row[k] for k in entity.key))
        kept.append(row)
    return kept, [f"{said} 条内容完全相同的服务记录都保留了，并在内容里注明，请核对是否重复登记"] if said else []


def _plain_join(store: Store, rows: list[Row], entity: Entity) -> Joined:
    """Any other record: rows of one key become one, completed from each other."""
    kept: dict[tuple[Value, ...], Row] = {}
    said = 0
    for row in rows:
        key = tuple(row[k] for k in entity.key)
        if key in kept:
            _complete(entity, kept[key], row)
            said += 1
        else:
            kept[key] = dict(row)
    return list(kept.values()), [f"{said} 条相同的“{entity.label}”记录合成了一条"] if said else []


_SPECIAL: dict[str, Callable[[Store, list[Row], Entity], Joined]] = {
    MEMBERSHIP.name: _spans, ATTENDANCE.name: _attendances, COVERAGE.name: _coverages, SERVICE_RECORD.name: _services,
}  # fmt: skip


def _complete(entity: Entity, there: Row, row: Row) -> None:
    """Fill blanks from another row; texts that differ stand side by side."""
    for f in entity.fields:
        if f.name in entity.key:
            continue
        if there[f.name] is None:
            there[f.name] = row[f.name]
        elif _is_text(f):
            there[f.name] = _joined(there[f.name], row[f.name])


def _is_text(f: Field) -> bool:
    return type(f.kind) in (Text, LongText)


def _joined(mine: Value, theirs: Value) -> Value:
    if mine is None or theirs is None or str(theirs) in str(mine):
        return mine if mine is not None else theirs
    return f"{mine}；{theirs}"


def _pairs(store: Store, keep: int, others: set[int]) -> None:
    """Who was told apart from one of them is told apart from the kept one; the pairs among them go."""
    pairs = store.rows(DISTINCT_PAIR)
    known = {(int(r["first_id"] or 0), int(r["second_id"] or 0)) for r in pairs}
    for row in pairs:
        first, second = int(row["first_id"] or 0), int(row["second_id"] or 0)
        if not {first, second} & others:
            continue
        store.delete(DISTINCT_PAIR, [int(row["id"] or 0)])
        a, b = sorted(keep if i in others else i for i in (first, second))
        if a != b and (a, b) not in known:
            known.add((a, b))
            store.save(DISTINCT_PAIR, {"first_id": a, "second_id": b, "decided_on": row["decided_on"]})
