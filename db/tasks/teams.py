"""What a team's page tells of each team, and what is done with a team as a whole."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from db.errors import Refused
from db.queries.conditions import COVERED, TAKES_PART, over, present
from db.records.entities import ENTITIES, MEMBERSHIP, TEAM
from db.records.fields import Entity, Row
from db.records.internal_entities import ATTACHMENT
from db.records.kinds import Ref, Refs
from db.storage.store import Store
from db.tasks.attachments import keep_file


def team_cards(store: Store, as_of: dt.date) -> list[dict[str, Any]]:
    """Return every team that is not dissolved, with what a person asks of it first.

    ``members``, ``backbone``, ``insured`` (persons on the day), ``year_minutes``, ``balance_fen``, ``leader_member``
    (the leader is still a member, or no leader is named) and ``uncovered`` (ids of the members without insurance).
    """
    days = {"as_of": as_of.isoformat(), "new_year": f"{as_of.year}-01-01"}
    cards = store.query(
        f"""WITH covered AS ({COVERED}),
            present AS (SELECT m.team_id, m.volunteer_id, max(m.role = 'backbone') AS backbone,
                               m.volunteer_id IN covered AS insured
                          FROM effective_membership AS m WHERE {present()} GROUP BY m.team_id, m.volunteer_id),
            counted AS (SELECT team_id, count(*) AS members, sum(backbone) AS backbone, sum(insured) AS insured,
                               group_concat(volunteer_id) FILTER (WHERE NOT insured) AS uncovered
                          FROM present GROUP BY team_id),
            served AS (SELECT team_id, sum(service_minutes) AS minutes FROM service_record
                        WHERE served_on BETWEEN :new_year AND :as_of GROUP BY team_id),
            money AS (SELECT team_id, sum(CASE direction WHEN 'income' THEN amount_fen ELSE -amount_fen END) AS fen
                        FROM fund_entry WHERE entry_on <= :as_of GROUP BY team_id)
            SELECT t.id, t.name, t.primary_domain, t.team_type, t.established_on, t.team_leader, t.leader_phone,
                   coalesce(c.members, 0) AS members, coalesce(c.backbone, 0) AS backbone,
                   coalesce(c.insured, 0) AS insured, c.uncovered, coalesce(s.minutes, 0) AS year_minutes,
                   coalesce(f.fen, 0) AS balance_fen,
                   t.team_leader IS NULL OR EXISTS (
                       SELECT 1 FROM effective_membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id
                        WHERE m.team_id = t.id AND v.name = t.team_leader AND {present()}) AS leader_member
              FROM team AS t LEFT JOIN counted AS c ON c.team_id = t.id LEFT JOIN served AS s ON s.team_id = t.id
              LEFT JOIN money AS f ON f.team_id = t.id
             WHERE t.dissolved_on IS NULL OR t.dissolved_on > :as_of ORDER BY t.id""",
        days,
    )
    for card in cards:
        card["uncovered"] = frozenset(int(i) for i in str(card["uncovered"] or "").split(",") if i)
    return cards


def tab_counts(store: Store, team: int, as_of: dt.date) -> dict[str, int]:
    """Return how many rows each tab of a team's page holds."""
    return store.query(
        f"""SELECT (SELECT count(*) FROM membership AS m WHERE m.team_id = :team AND NOT {over()}) AS membership,
                   (SELECT count(*) FROM training WHERE team_id = :team OR EXISTS (
                        SELECT 1 FROM attendance WHERE training_id = training.id AND team_id = :team)) AS training,
                   (SELECT count(*) FROM coverage WHERE team_id = :team OR (team_id IS NULL AND volunteer_id IN (
                        SELECT volunteer_id FROM membership WHERE team_id = :team))) AS coverage,
                   (SELECT count(*) FROM fund_entry WHERE team_id = :team) AS fund_entry,
                   (SELECT count(*) FROM activity WHERE {TAKES_PART}) AS activity,
                   (SELECT count(*) FROM team_file WHERE team_id = :team) AS team_file,
                   (SELECT count(*) FROM membership AS m WHERE m.team_id = :team AND {over()}) AS past""",
        {"team": team, "as_of": as_of.isoformat()},
    )[0]


def teams_of(store: Store, people: Sequence[int], as_of: dt.date) -> dict[int, frozenset[int]]:
    """Return, for some people, the teams they are members of on the day."""
    found: dict[int, set[int]] = {}
    wanted = set(people)
    rows = store.query(
        f"SELECT m.volunteer_id, m.team_id FROM effective_membership AS m WHERE {present()}",
        {"as_of": as_of.isoformat()},
    )
    for r in rows:
        if r["volunteer_id"] in wanted:
            found.setdefault(int(r["volunteer_id"]), set()).add(int(r["team_id"]))
    return {person: frozenset(teams) for person, teams in found.items()}


# A team that ends


def in_the_way(store: Store, team: int) -> list[str]:
    """Return what the records are called, memberships apart, for whose sake a team can be ended but not deleted."""
    tests = [
        (other.label, f"{f.name} = :team")
        for other in ENTITIES
        for f in other.refs
        if isinstance(f.kind, Ref) and f.kind.entity == TEAM.name and f.name not in other.goes_with
        and other is not MEMBERSHIP and other.latest is None
    ] + [
        (other.label, f"instr(',' || {f.name} || ',', ',' || :team || ',')")
        for other in ENTITIES
        for f in other.many
        if isinstance(f.kind, Refs) and f.kind.entity == TEAM.name
    ]  # fmt: skip
    tables = {e.label: e.name for e in ENTITIES}
    asked = " UNION ".join(
        f"SELECT '{name}' AS name WHERE EXISTS (SELECT 1 FROM {tables[name]} WHERE {test})" for name, test in tests
    )
    found = {str(r["name"]) for r in store.query(asked, {"team": team})}
    return [name for name in tables if name in found]


def dissolve(store: Store, team: int, on: dt.date) -> None:
    """End a team and its memberships on a day; its history stays. Inside an operation only."""
    day = on.isoformat()
    row = store.row(TEAM, team)
    if row is None:
        raise Refused("这支队伍已经不在台账里了。没有改动；请按 F5 刷新后再看")
    store.save(TEAM, {"id": team, "dissolved_on": day})
    for m in _standing(store, team, day):
        store.save(MEMBERSHIP, {"id": m["id"], "left_on": max(day, str(m["joined_on"]))})


def delete_team(store: Store, team: int, move_to: int | None) -> None:
    """Delete a team; its memberships go to another team, or with it where none is named. Inside an operation only.

    Raises `Refused` while other records (money, trainings, …) name the team.
    """
    rows = store.query("SELECT * FROM membership WHERE team_id = ?", [team])
    if move_to is None:
        store.delete(MEMBERSHIP, [int(r["id"]) for r in rows])
    else:
        there = {
            r["volunteer_id"]
            for r in store.query(
                "SELECT volunteer_id FROM effective_membership WHERE team_id = ? AND ended_on = '9999-12-31'", [move_to]
            )
        }
        for r in rows:
            if r["volunteer_id"] in there:
                store.delete(MEMBERSHIP, [int(r["id"])])
            else:
                store.save(MEMBERSHIP, {"id": r["id"], "team_id": move_to})
    store.delete(TEAM, [team])


def _standing(store: Store, team: int, day: str) -> list[Row]:
    return store.query(
        "SELECT id, joined_on FROM membership WHERE team_id = ? AND (left_on IS NULL OR left_on > ?)", [team, day]
    )


# Files kept with a team or a money entry


def files_of(store: Store, link: Entity, owner: int) -> list[dict[str, Any]]:
    """Return the files of one team or money entry, the latest first: link id, attachment id, name, size, day, note."""
    column = link.goes_with[0]
    return store.query(
        f"""SELECT l.id, l.attachment_id, a.name, a.size, a.uploaded_on, a.note
              FROM {link.name} AS l JOIN attachment AS a ON a.id = l.attachment_id
             WHERE l.{column} = ? ORDER BY l.id DESC""",
        [owner],
    )


def add_files(store: Store, link: Entity, owner: int, paths: Sequence[Path], on: dt.date) -> int:
    """Keep files and register them with a team or money entry; return how many are new. Inside an operation only."""
    column = link.goes_with[0]
    new = 0
    for path in paths:
        there, row = keep_file(store, path, on=on)
        attachment = there if there is not None else store.save(ATTACHMENT, row)
        known = store.query(f"SELECT id FROM {link.name} WHERE {column} = ? AND attachment_id = ?", [owner, attachment])
        if not known:
            store.save(link, {column: owner, "attachment_id": attachment})
            new += 1
    return new


def drop_files(store: Store, link: Entity, ids: Sequence[int]) -> None:
    """Take files away from their team or money entry; one that nothing else uses leaves the ledger too.

    Inside an operation only; the undo brings them back.
    """
    marks = ", ".join("?" * len(ids))
    files = store.query(f"SELECT DISTINCT attachment_id AS id FROM {link.name} WHERE id IN ({marks})", list(ids))
    store.delete(link, ids)
    for file in files:
        used = store.query(
            """SELECT 1 FROM evidence WHERE attachment_id = :id UNION SELECT 1 FROM fund_voucher WHERE attachment_id = :id
               UNION SELECT 1 FROM team_file WHERE attachment_id = :id""",
            {"id": file["id"]},
        )
        if not used:
            store.delete(ATTACHMENT, [int(file["id"])])
