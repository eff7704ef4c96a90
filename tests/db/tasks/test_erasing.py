"""Erasing who somebody was: from rows and log, past figures as they were, the chain whole; and what people agreed to."""

import datetime as dt
from pathlib import Path

import pytest

from db.errors import Conflict, Refused
from db.quarters import Quarter
from db.queries.figures import period_figures
from db.queries.paper_rows import Scope
from db.queries.personal_rows import consents, retention, to_erase
from db.records.entities import MEMBERSHIP, OFFICE, SERVICE_RECORD, TEAM, VOLUNTEER
from db.records.identity import GONE, check_digit
from db.records.internal_entities import NICKNAME
from db.storage.store import Store
from db.tasks.consents import agree, withdraw
from db.tasks.erasing import erase, look
from db.tasks.leaving import leave
from db.tasks.merging import merge
from db.tasks.verifying import verify

DAY = dt.date(2026, 10, 8)
NAME, PHONE = "欧阳清澜", "13900001234"
NUMBER = "31011519850203001" + check_digit("31011519850203001")
SECRETS = (NAME, PHONE, NUMBER, "住在老街", "小澜")


def fill(store: Store) -> tuple[int, int]:
    """A person with a team, an hour, notes; and another who stays."""
    with store.operation("建队"):
        team = store.save(
            TEAM, dict(name="甲队", managing_org="某会", primary_domain="blood_donation", established_on="2020-01-01")
        )
    with store.operation(f"新增志愿者：{NAME}"):
        gone = store.save(
            VOLUNTEER,
            dict(name=NAME, id_type="resident_id", id_number=NUMBER, phone=PHONE, birth_date="1985-02-03",
                   registered_on="2021-01-05", platform_id="P1", note="住在老街"),
        )  # fmt: skip
        stays = store.save(
            VOLUNTEER, dict(name="王小二", id_type="pending", registered_on="2021-01-05", birth_date="2015-01-01")
        )
        for person in (gone, stays):
            store.save(MEMBERSHIP, dict(team_id=team, volunteer_id=person, role="member", joined_on="2021-01-05"))
        store.save(
            SERVICE_RECORD,
            dict(volunteer_id=gone, team_id=team, served_on="2022-02-03", service_minutes=90),
        )
        store.save(NICKNAME, dict(team_id=team, word="小澜", volunteer_id=gone))
    with store.operation(f"修改志愿者：{NAME}"):
        store.save(VOLUNTEER, {"id": gone, "phone": "13900009999"})
    return gone, stays


@pytest.fixture
def left(ledger: Path) -> tuple[Path, int, int]:
    with Store.open(ledger) as store:
        gone, stays = fill(store)
        with store.operation(f"办理退出：{NAME}"):
            leave(store, gone, dt.date(2022, 6, 1), "left")
    return ledger, gone, stays


def test_who_it_was_is_nowhere_and_every_past_figure_stands(left: tuple[Path, int, int]) -> None:
    path, gone, stays = left
    quarters = [Quarter(year, n) for year in (2021, 2022) for n in (1, 2, 3, 4)]
    with Store.open(path) as store:
        before = [period_figures(store, q, q.end) for q in quarters]
        dumped = everything(store)
        assert not [n for n, secret in enumerate(SECRETS) if secret not in dumped], (
            "the control: all of it is there first"
        )
        assert erase(store, [gone], DAY, "保存期满") == 1
        assert [period_figures(store, q, q.end) for q in quarters] == before
        kept = everything(store)
        assert not [n for n, secret in enumerate(SECRETS) if secret in kept]
        assert "王小二" in kept
        row = store.row(VOLUNTEER, gone)
        assert row is not None
        assert (row["name"], row["birth_date"], row["left_on"]) == (GONE, "1985-02-01", "2022-06-01")
        assert verify(store) == []
        with pytest.raises(Conflict, match="已经删除的个人信息"):
            store.undo()
        with pytest.raises(Refused, match="已经删除过"):
            erase(store, [gone], DAY, "再来一次")
    with Store.open(path) as store:
        assert verify(store) == []
        row = store.row(VOLUNTEER, stays)
        assert row is not None
        assert row["name"] == "王小二"


def everything(store: Store) -> str:
    """Return every text of every table."""
    tables = [r["name"] for r in store.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return "".join(str(row) for table in tables for row in store.query(f'SELECT * FROM "{table}"'))


def test_rows_that_were_the_same_person_are_emptied_too(left: tuple[Path, int, int]) -> None:
    """Merged into this one, or deleted and entered anew; titles of certificates name nobody either."""
    path, gone, stays = left
    with Store.open(path) as store:
        with store.operation("又登记了一次"):
            twin = store.save(
                VOLUNTEER,
                dict(
                    name=NAME,
                    id_type="passport",
                    id_number="E77665544",
                    phone="13911112222",
                    registered_on="2021-02-01",
                ),
            )
        with store.operation(f"合并：{NAME}"):
            merge(store, gone, [twin])
        with store.operation(f"新增志愿者：{NAME}"):
            other = store.save(
                VOLUNTEER, dict(name=NAME, id_type="passport", id_number="E11223344", registered_on="2021-02-01")
            )
        with store.operation(f"删除志愿者：{NAME}"):
            store.delete(VOLUNTEER, [other])
        with store.operation("又登记"):  # a row of the same number, deleted before it was entered again
            store.save(VOLUNTEER, {"id": gone, "id_number": "E11223344", "id_type": "passport"})
        with store.operation("退出"):
            store.save(VOLUNTEER, {"id": gone, "left_on": "2022-06-01"})
        kept = everything(store)
        assert all(secret in kept for secret in ("E77665544", "13911112222", "E11223344"))
        erase(store, [gone], DAY, "本人要求")
        kept = everything(store)
        assert not [n for n, secret in enumerate((*SECRETS, "E77665544", "13911112222", "E11223344")) if secret in kept]
        assert verify(store) == []
        assert store.row(VOLUNTEER, stays) is not None


def test_only_who_has_left_and_only_with_a_reason(left: tuple[Path, int, int]) -> None:
    path, gone, stays = left
    with Store.open(path) as store:
        for people, reason, words in (
            ([gone, stays], "本人要求", "还没有退出"),
            ([gone], " ", "写明为什么"),
            ([99], "x", "不在台账"),
        ):
            with pytest.raises(Refused, match=words):
                erase(store, people, DAY, reason)
        found = look(store, gone, DAY)
        assert (found.name, found.ready) == (NAME, "")
        assert NAME in everything(store)


def test_what_somebody_else_writes_over_the_log_is_no_erasing(left: tuple[Path, int, int]) -> None:
    """Content may go by that one operation alone, and only of entries before it."""
    path, _, _ = left
    with Store.open(path) as store:
        store.note("随便一件事")
        (event,) = store.query("SELECT max(id) AS id FROM operation")
        store.db.execute("UPDATE operation SET title = '改了', erased_by = ? WHERE id = 2", [event["id"]])
        store.db.conn.commit()
        assert verify(store) != []


def test_consent_is_given_for_each_matter_and_taken_back(store: Store) -> None:
    gone, child = fill(store)
    scope = Scope(Quarter(2026, 3), dt.date(2026, 9, 30), person=gone)
    with store.operation("记同意"):
        assert agree(store, [gone], ["processing", "insurer"], dt.date(2026, 3, 1)) == 2
        assert agree(store, [gone], ["processing"], dt.date(2026, 4, 1)) == 0
        with pytest.raises(Refused, match="未满14周岁"):
            agree(store, [child], ["processing"], dt.date(2026, 3, 1))
        with pytest.raises(Refused, match="没有监护人姓名"):
            agree(store, [child], ["processing"], dt.date(2026, 3, 1), by="guardian")
        store.save(VOLUNTEER, {"id": child, "guardian": "王大"})
        assert agree(store, [child], ["processing"], dt.date(2026, 3, 1), by="guardian") == 1
        assert withdraw(store, gone, ["insurer"], dt.date(2026, 9, 1)) == 1
        with pytest.raises(Refused, match="没有可撤回的"):
            withdraw(store, gone, ["medical"], dt.date(2026, 9, 1))
    rows = {r["id"]: r for r in consents(store, scope)}
    assert (rows[gone]["processing"], rows[gone]["insurer"], rows[gone]["child"]) == ("2026-03-01", None, 0)
    assert (rows[child]["processing"], rows[child]["child"]) == ("2026-03-01", 1)
    earlier = Scope(Quarter(2026, 2), dt.date(2026, 6, 30))
    assert {r["id"]: r["insurer"] for r in consents(store, earlier)}[gone] == "2026-03-01"


def test_what_is_due_is_listed_by_the_term_that_holds(store: Store) -> None:
    gone, stays = fill(store)
    with store.operation("退出"):
        leave(store, gone, dt.date(2022, 6, 1), "left")
        leave(store, stays, dt.date(2026, 6, 1), "left")

    def due(year: int, n: int) -> list[tuple[int, str]]:
        quarter = Quarter(year, n)
        return [(r["id"], r["due_on"]) for r in to_erase(store, Scope(quarter, quarter.end))]

    assert due(2025, 1) == []
    assert due(2025, 2) == [(gone, "2025-06-01")]
    with store.operation("本会规定"):
        store.save(OFFICE, dict(item="retention_years", content="5", start_on="2025-01-01"))
    assert due(2025, 2) == []
    assert retention(store, Scope(Quarter(2024, 4), dt.date(2024, 12, 31)))[0]["years"] == 3, (
        "a past day keeps its term"
    )
    with store.operation("撤回"):
        store.save(VOLUNTEER, {"id": stays, "guardian": "王大"})
        agree(store, [stays], ["processing"], dt.date(2021, 2, 1), by="guardian")
        withdraw(store, stays, ["processing"], dt.date(2026, 7, 1))
    assert due(2026, 3) == [(stays, "2026-07-01")]
