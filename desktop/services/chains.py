"""A pasted 接龙 against the ledger, the one way for command line and window: whom it means, what is sure, what is written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from db.errors import UserError
from db.records.amounts import Hours
from db.records.entities import ACTIVITY
from db.records.kinds import Refs
from db.storage.store import Store
from db.tasks import service_hours
from db.tasks.daily_hours import DAY_LIMIT
from db.tasks.service_hours import Served
from forms.reading.jielong import ASK, LEFT_OUT, SURE, Chain, Line, Person, match, read_chain, settle


@dataclass
class Read:
    """A chain with what becomes of each entry."""

    chain: Chain
    lines: list[Line]


def people_of(facts: Mapping[str, Any], host: int | None) -> list[Person]:
    """Return the people whom a chain may name; `host` is the team that runs the activity."""
    return [Person(int(p["id"]), str(p["name"]), "", host in p["teams"]) for p in facts["people"]]


def known_words(facts: Mapping[str, Any], host: int | None) -> set[str]:
    """Return the names and the team's nicknames, by which people are told from remarks."""
    return {str(p["name"]) for p in facts["people"]} | set(facts["nicknames"].get(host, {}))


def partners_of(activity: Mapping[str, Any]) -> list[int]:
    """Return the teams that take part in an activity beside its host."""
    kind = ACTIVITY["partner_team_ids"].kind
    assert isinstance(kind, Refs)
    return kind.ids(activity["partner_team_ids"])


def team_for(facts: Mapping[str, Any], person: int, host: int | None, ours: Sequence[int] = ()) -> int | None:
    """Return the team for which a person's hours count: the host where it is theirs or they have none, else one of
    `ours` (the teams that take part) that they are in, else their first one."""
    teams = next(p["teams"] for p in facts["people"] if p["id"] == person)
    if host is not None and (host in teams or not teams):
        return host
    return next((t for t in ours if t in teams), teams[0] if teams else None)


def read(
    text: str,
    facts: Mapping[str, Any],
    host: int | None,
    usual: int | None,
    day: tuple[set[int], Mapping[int, int]],
) -> Read:
    """Read a chain against the people of a day; `day` is who is there already, and everybody's minutes of that day."""
    chain = read_chain(text, known_words(facts, host))
    found = match(chain.entries, people_of(facts, host), facts["nicknames"].get(host, {}))
    there, sums = day
    lines = [_on_the_day(line, facts, host, there, sums) for line in settle(chain, found, usual)]
    return Read(chain, lines)


def _on_the_day(
    line: Line, facts: Mapping[str, Any], host: int | None, there: set[int], sums: Mapping[int, int]
) -> Line:
    person = line.match.sure
    if person is None or line.state != SURE:
        return line
    if person.id in there:
        return replace(line, state=LEFT_OUT, minutes=None, reason="这一天已经登记过他的时长")
    if team_for(facts, person.id, host) is None:
        return replace(line, state=ASK, minutes=None, reason="不在任何队伍，时长没有队伍可记")
    total = sums.get(person.id, 0) + (line.minutes or 0)
    if total > DAY_LIMIT:
        return replace(line, state=ASK, minutes=None, reason=f"当天合计 {Hours().show(total)} 小时，超过 24 小时")
    return line


def served(found: Read, facts: Mapping[str, Any], host: int | None) -> list[Served]:
    """Return what is written: what is sure, and nothing else."""
    return [
        Served(line.match.sure.id, team, line.minutes, found.chain.title[:200] or None)
        for line in found.lines
        if line.state == SURE and line.match.sure is not None and line.minutes
        and (team := team_for(facts, line.match.sure.id, host)) is not None
    ]  # fmt: skip


def check_day(chain: Chain, on: dt.date) -> None:
    """Raise `UserError` where the title names another day than the one given."""
    said = chain.day(on)
    if said is not None and said != on:
        raise UserError(
            f"接龙的标题写的是 {said.month} 月 {said.day} 日，与指定的 {on} 不是同一天，没有写入。请核对日期"
        )


def write(
    store: Store, what: Sequence[Served], activity: int | None, on: dt.date, today: dt.date, name: str
) -> int | None:
    """Write hours as one operation; return its id, or None where there is nothing to write."""
    if not what:
        return None
    with store.operation(f"接龙登记时长 {len(what):,} 人：{name}") as operation:
        service_hours.write_service(store, what, activity, on.isoformat(), today)
    return operation.id
