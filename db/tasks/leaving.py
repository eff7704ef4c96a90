"""退出: somebody is no longer a volunteer. One act writes the day, its reason, and what becomes of teams, posts and cover."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from db.errors import Refused
from db.records.entities import COVERAGE, MEMBERSHIP, RESPONSIBILITY, TEAM, VOLUNTEER
from db.records.internal_entities import DISTINCT_PAIR
from db.storage.store import Store
from db.tasks.duplicates import links_to

REASONS = (("left", "本人退出"), ("moved", "迁往外地"), ("died", "去世"))
_NOTE = "退出原因："


@dataclass(frozen=True)
class Ties:
    """What still ties somebody on a day: rows with their ids, each told in ``words``."""

    name: str
    registered_on: str
    left_on: str | None
    teams: Sequence[Mapping[str, Any]]  # memberships that are not over
    led: Sequence[Mapping[str, Any]]  # teams that name this person as their leader
    posts: Sequence[Mapping[str, Any]]  # responsibilities that are not over
    covers: Sequence[Mapping[str, Any]]  # cover by a list of names beyond the day


def ties(store: Store, person: int, on: dt.date) -> Ties:
    """Return what ties a volunteer on a day; raises `Refused` where there is no such volunteer any more.

    Posts and leaders are known by their names: where somebody else of that name is there too, they are nobody's here.
    """
    row = store.row(VOLUNTEER, person)
    if row is None:
        raise Refused("这名志愿者已不在台账里。没有改动；请刷新后再试")
    at = {"person": person, "day": on.isoformat(), "name": row["name"]}
    teams = store.query(
        """SELECT m.id, t.name AS words FROM membership AS m JOIN team AS t ON t.id = m.team_id
            WHERE m.volunteer_id = :person AND (m.left_on IS NULL OR m.left_on > :day) ORDER BY m.id""",
        at,
    )
    led = store.query(
        """SELECT t.id, t.name AS words FROM team AS t
            WHERE t.team_leader = :name AND t.id IN (SELECT team_id FROM membership WHERE volunteer_id = :person)
              AND NOT EXISTS (
                  SELECT 1 FROM membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id
                   WHERE m.team_id = t.id AND v.name = :name AND v.id <> :person AND v.left_on IS NULL)
            ORDER BY t.id""",
        at,
    )
    posts = store.query(
        """SELECT id, matter, role FROM responsibility
            WHERE holder = :name AND start_on <= :day AND (end_on IS NULL OR end_on > :day)
              AND NOT EXISTS (SELECT 1 FROM volunteer WHERE name = :name AND id <> :person AND left_on IS NULL)
            ORDER BY id""",
        at,
    )
    covers = store.query(
        """SELECT c.id, p.policy_number || '，保到 ' || s.end_on AS words
             FROM coverage AS c JOIN coverage_span AS s ON s.id = c.id JOIN insurance_policy AS p ON p.id = c.policy_id
            WHERE c.volunteer_id = :person AND s.start_on < :day AND s.end_on >= :day ORDER BY c.id""",
        at,
    )
    told = [
        {"id": r["id"], "words": "，".join(RESPONSIBILITY[n].show(r[n]) for n in ("matter", "role"))} for r in posts
    ]
    left = row["left_on"]
    return Ties(str(row["name"]), str(row["registered_on"]), str(left) if left else None, teams, led, told, covers)


def leave(store: Store, person: int, on: dt.date, reason: str, *, posts: bool = True, covers: bool = False) -> None:
    """Let a volunteer leave on a day, the first on which it is so: 退队日期 in every open membership, the reason in 备注.

    `posts`: the leader's place in teams becomes blank and responsibilities end; `covers`: cover ends on the eve.
    Inside an operation only. Raises `Refused` before 登记日期, or for somebody who left already.
    """
    known = ties(store, person, on)
    if known.left_on is not None:
        raise Refused(f"{known.name}已于 {known.left_on} 退出，没有再写。日期不对的话，请在志愿者的表单里改“退出日期”")
    if on.isoformat() < known.registered_on:
        raise Refused(f"退出日期早于登记日期（{known.registered_on}）。没有保存，请核对")
    before = store.row(VOLUNTEER, person)
    assert before is not None  # its ties were read
    note = _NOTE + dict(REASONS)[reason]
    kept = str(before["note"] or "")
    store.save(VOLUNTEER, {"id": person, "left_on": on.isoformat(), "note": f"{kept}；{note}" if kept else note})
    end_memberships(store, person, on)
    if posts:
        for team in known.led:
            store.save(TEAM, {"id": team["id"], "team_leader": None, "leader_phone": None})
        for post in known.posts:
            store.save(RESPONSIBILITY, {"id": post["id"], "end_on": on.isoformat()})
    if covers:
        eve = (on - dt.timedelta(days=1)).isoformat()
        for cover in known.covers:
            store.save(COVERAGE, {"id": cover["id"], "end_on": eve})


@contextmanager
def ending_memberships(store: Store, *, undated: bool = False) -> Iterator[None]:
    """Run a change of volunteers inside an operation; whoever has left by it, or on another day, is in no team beyond.

    `undated`: only memberships without a 退队日期 get one: what a file says itself stays, or the file would never be done.
    """
    before = left_now(store)
    yield
    for person, day in left_now(store).items():
        if before.get(person) != day:
            end_memberships(store, person, dt.date.fromisoformat(day), undated=undated)


def end_memberships(store: Store, person: int, on: dt.date, *, undated: bool = False) -> int:
    """Write 退队日期 into a person's open memberships, so that coming back revives none; return how many there were.

    Data contract, section 2. Inside an operation only.
    """
    day = on.isoformat()
    rows = store.query(
        """SELECT id, joined_on FROM membership
            WHERE volunteer_id = :person AND (left_on IS NULL OR (left_on > :day AND NOT :undated))""",
        {"person": person, "day": day, "undated": undated},
    )
    for row in rows:
        store.save(MEMBERSHIP, {"id": row["id"], "left_on": max(day, str(row["joined_on"]))})
    return len(rows)


def history_of(store: Store, people: Sequence[int]) -> dict[str, list[int]]:
    """Return what refers to these volunteers and keeps them from being deleted: a record's name to the ids of its rows."""
    found: dict[str, list[int]] = {}
    marks = ", ".join("?" * len(people))
    for entity, name in links_to(VOLUNTEER):
        if entity is DISTINCT_PAIR or name in entity.goes_with:
            continue
        rows = store.query(f"SELECT id FROM {entity.name} WHERE {name} IN ({marks}) ORDER BY id", list(people))
        if rows:
            found.setdefault(entity.name, []).extend(int(r["id"]) for r in rows)
    return found


def left_now(store: Store) -> dict[int, str]:
    """Return who has left, and when."""
    return {
        int(r["id"]): str(r["left_on"]) for r in store.query("SELECT id, left_on FROM volunteer WHERE left_on > ''")
    }
