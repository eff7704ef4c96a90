"""The notice on blood donation: its register is whole, and each semi-automatic clause is right on both sides of a boundary.

A case is a small ledger, a day and what is proposed for it; the cases are in `tests.db.rules.blood_cases`.
"""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import pytest

import resources
from db.records.entities import BY_NAME
from db.records.internal_entities import LOWER_OFFICE, RECEIVED
from db.rules import register
from db.rules.checks import blood_work, check_office, universities
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.assessments import assess, confirm
from tests.db.rules.blood_cases import (
    AID,
    CASES,
    LAST,
    MID,
    ON_TOPIC,
    Record,
    member,
    person,
    team,
    training,
    university,
    wr,
)

REGISTER = {c.id: c for c in register.load(resources.path("rules/b25.toml"))}
SEMI = (
    "B25-1-5 B25-1-7 B25-1-8 B25-2-3 B25-2-5 B25-2-6 B25-2-7 B25-3.1-1 B25-3.1-2 B25-3.1-3 B25-3.1-5 B25-3.1-6 B25-3.1-7 "
    "B25-3.1-8 B25-3.2-1 B25-3.3-1 B25-3.3-2 B25-3.3-3 B25-3.3-5 B25-3.3-6 B25-3.3-7 B25-3.4-1 B25-3.4-3 B25-3.4-4 B25-4-2 "
    "B25-4-3 B25-4-4 B25-4-5 B25-4-7 B25-4-9 B25-4-10 B25-5-2"
).split()
AUTO = "B25-1-3 B25-1-4 B25-1-6 B25-2-4 B25-3.1-4 B25-3.2-2 B25-3.2-3 B25-3.3-4 B25-4-1".split()
SELF = (
    "B25-1-0 B25-1-1 B25-1-2 B25-2-1 B25-2-2 B25-3.1-9 B25-3.4-2 B25-4-6 B25-4-8 B25-4-11 B25-5-1"
).split()  # fmt: skip
REFERENCE = "B25-0-1 B25-0-2 B25-0-3 B25-3.3-8 B25-5-3".split()
UNIVERSITY = "B25-3.1-7 B25-3.3-7 B25-3.4-3 B25-4-9".split()


def fill(store: Store, records: Iterable[Record], level: str = "县级", universities: str = "无") -> None:
    """Save an office with its answers and its records; texts that must be there are filled in."""
    with store.operation("测试"):
        store.save(BY_NAME["office"], {"item": "name", "content": "某县红十字会"})
        store.save(BY_NAME["office"], {"item": "level", "content": level})
        for item, content in (
            ("has_universities", universities), ("has_own_media", "无"), ("has_venues", "无"),
            ("can_form_emergency_donors", "是"),
        ):  # fmt: skip
            store.save(BY_NAME["office"], {"item": item, "content": content})
        for serial, (name, values) in enumerate(records, 1):
            entity = BY_NAME[name]
            needed: dict[str, Any] = {
                f.name: f"文{serial}" for f in entity.fields if f.name in ("name", "code", "title", "id_number")
            }
            store.save(entity, needed | values)


def propose(store: Store, clause: str, day: str) -> Result:
    found = check_office(store, dt.date.fromisoformat(day), [REGISTER[clause]])[0]
    json.dumps(found.facts)
    assert "{" not in found.message
    return found


@pytest.mark.parametrize(
    ("clause", "records", "day", "status", "k", "n"), CASES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_semi_automatic_clause(
    store: Store, clause: str, records: tuple[Record, ...], day: str, status: str, k: int | None, n: int | None
) -> None:
    fill(store, records, universities="有" if clause == "B25-3.1-8" else "无")
    found = propose(store, clause, day)
    assert (found.proposed, found.k, found.n) == (status, k, n)


@pytest.mark.parametrize(
    ("records", "level", "day", "status", "k", "n"),
    [
        ((), "县级", LAST, "not_applicable", None, None),
        ((), "市级", LAST, "missing_data", 0, 0),
        ((wr("other", subcategory="县级红十字会", counterpart="甲县"),), "市级", "2026-12-30", "in_progress", 0, 1),
        ((wr("other", subcategory="县级红十字会", counterpart="甲县"),), "省级", LAST, "explain", 0, 1),
        (
            (
                wr("other", subcategory="县级红十字会", counterpart="甲县"),
                wr("other", subcategory="县级红十字会", counterpart="乙县"),
                wr("other", LAST, subcategory="县级献血队伍", counterpart="甲县"),
                wr("other", subcategory="县级献血队伍", counterpart="外县"),
            ),
            "市级", LAST, "partial", 1, 2,
        ),
        ((wr("other", subcategory="县级红十字会", valid_until="2026-12-30"),), "市级", LAST, "missing_data", 0, 0),
        (
            (
                wr("other", subcategory="县级红十字会", counterpart="甲县"),
                wr("other", "2026-07-01", subcategory="县级献血队伍", counterpart="甲县"),
            ),
            "市级", MID, "in_progress", 0, 1,
        ),
        (
            (
                wr("other", subcategory="县级红十字会", counterpart="甲县"),
                wr("other", subcategory="县级献血队伍", counterpart="甲县", topics=None),
            ),
            "市级", MID, "met", 1, 1,
        ),
    ],
)  # fmt: skip
def test_superiors_push_the_counties(
    store: Store, records: tuple[Record, ...], level: str, day: str, status: str, k: int | None, n: int | None
) -> None:
    fill(store, records, level)
    found = propose(store, "B25-3.1-3", day)
    assert (found.proposed or found.status, found.k, found.n) == (status, k, n)


@pytest.mark.parametrize(("clause", "besides", "record"), ON_TOPIC)
def test_other_topics_do_not_count(clause: str, besides: tuple[Record, ...], record: Record) -> None:
    name, values = record
    topic = {"topics": "hsc_donation"} if name == "work_record" else {"topic": "造血干细胞捐献", "name": "宣传"}
    figures = []
    for records in (besides, (*besides, (name, values | topic)), (*besides, record)):
        with Store.memory() as store:
            fill(store, records, universities="有" if clause == "B25-3.1-8" else "无")
            figures.append(propose(store, clause, MID).figure)
    assert figures[0] == figures[1] != figures[2]


def test_amounts_are_written_in_yuan() -> None:
    assert [universities.yuan(fen) for fen in (0, 5, 123456789, -123456)] == [
        "0.00 元", "0.05 元", "1,234,567.89 元", "−1,234.56 元",
    ]  # fmt: skip


def test_an_unknown_number_is_never_written_as_0() -> None:
    texts = [blood_work.total_text(numbers, "户") for numbers in ([], [0], [None], [2, 3], [2, None])]
    assert texts == ["0 户", "0 户", "未填", "5 户", "2 户（另有 1 条未填）"]


def test_each_clause_of_the_notice_is_there() -> None:
    by_mode = {mode: {c.id for c in REGISTER.values() if c.mode == mode} for mode in register.MODES}
    assert by_mode == {"auto": set(AUTO), "semi": set(SEMI), "self": set(SELF), "reference": set(REFERENCE)}
    assert {clause for clause, *_ in CASES} | {"B25-3.1-3"} == set(SEMI)


def test_the_words_of_each_clause_are_in_order() -> None:
    for c in REGISTER.values():
        assert 0 < len("".join(c.quotation.split())) <= 60, c.id
        assert c.title, c.id
        assert c.why, c.id
        assert c.fix, c.id
        assert c.record is None or c.record in BY_NAME, c.id
        internal = {name for name, p in c.parameters.items() if p.internal}
        assert not internal or "本会内部参考值" in c.why or c.mode == "auto", c.id


def test_nothing_is_asked_before_the_notice(store: Store) -> None:
    fill(store, ())
    for clause in SEMI:
        assert propose(store, clause, "2025-12-10").status == "not_applicable", clause


def test_calendar_years_begin_with_2026(store: Store) -> None:
    fill(store, ())
    yearly = [c for c in SEMI if REGISTER[c].period == "calendar_year" and c != "B25-3.1-3"]
    assert {propose(store, c, "2025-12-31").status for c in yearly} == {"not_applicable"}
    assert "not_applicable" not in {propose(store, c, "2026-01-01").status for c in ("B25-1-5", "B25-3.4-4", "B25-4-7")}


def test_without_a_university_no_university_clause_applies(store: Store) -> None:
    fill(store, (university("辖区高校", valid_until="2026-06-29"),))
    for clause in UNIVERSITY:
        found = propose(store, clause, MID)
        assert (found.status, found.message) == ("not_applicable", "辖区内没有高校")
        assert propose(store, clause, "2026-06-29").message != "辖区内没有高校", clause


@pytest.mark.parametrize(
    "proof",
    [
        wr("university", subcategory="德育学分", recorded_on="2026-02-28", valid_from="2026-12-31"),
        wr("award", partner_kind="university", recorded_on="2026-02-28"),
        ("team", {"managing_org": "某大学", "managing_kind": "university", "primary_domain": "first_aid",
                  "established_on": "2020-01-01", "suspended_from": "2026-01-01"}),
    ],
)  # fmt: skip
def test_what_is_on_record_proves_that_there_are_universities(store: Store, proof: Record) -> None:
    """A rule that begins later, a record with one, a team that rests: against an answer of 无, and none of them is a name."""
    fill(store, (proof,))
    found = propose(store, "B25-3.4-3", MID)
    assert (found.status, found.k, found.n) == ("missing_data", 0, 0)


def test_an_answer_goes_on_while_its_figure_is_the_same(store: Store) -> None:
    """Standing clauses without k of n have none to change: an override stands when a question is answered later."""
    fill(store, ())
    with store.operation("测试"):
        for row in store.rows(BY_NAME["office"]):
            if row["item"] == "can_form_emergency_donors":
                store.delete(BY_NAME["office"], [int(row["id"] or 0)])
    day = dt.date(2026, 6, 30)
    assert propose(store, "B25-3.1-5", "2026-06-30").status == "missing_data"
    confirm(store, "B25-3.1-5", day, "explain", person="李萍", on=day, reason="正在筹备")
    with store.operation("测试"):
        store.save(BY_NAME["office"], {"item": "can_form_emergency_donors", "content": "否", "start_on": "2026-09-01"})
    found = next(r for r in check_office(store, dt.date(2026, 9, 30), [REGISTER["B25-3.1-5"]]))
    assert (found.proposed, found.status) == ("not_applicable", "explain")
    assert found.judgement is not None
    assert found.judgement["carried"]


def test_an_assessment_ends_where_the_clause_no_longer_applies(store: Store) -> None:
    """Assessed while there was a university; in September somebody says that there is none: not applicable from then on."""
    fill(store, (), universities="有")
    with store.operation("测试"):  # one is listed until the end of August
        store.save(BY_NAME["work_record"], {
            "category": "university", "subcategory": "辖区高校", "recorded_on": "2026-01-01", "title": "某大学",
            "valid_until": "2026-08-31",
        })  # fmt: skip
    day, later = dt.date(2026, 6, 30), dt.date(2026, 9, 30)
    found = assess(store, "B25-4-8", day, "partly_done", text="属实", person="李萍", on=day)
    assert found.status == "partial"
    assert check_office(store, later, [REGISTER["B25-4-8"]])[0].status == "partial"
    with store.operation("测试"):
        store.save(BY_NAME["office"], {"item": "has_universities", "content": "无", "start_on": "2026-09-01"})
    (now,) = check_office(store, later, [REGISTER["B25-4-8"]])
    assert (now.status, now.judgement and now.judgement["lapsed"]) == ("not_applicable", True)
    assert check_office(store, day, [REGISTER["B25-4-8"]])[0].status == "partial"


def test_an_empty_ledger_meets_nothing(store: Store) -> None:
    fill(store, ())
    for clause in SEMI:
        found = propose(store, clause, LAST)
        assert found.status != "met", clause
        assert found.proposed != "met", clause


def test_groups_that_need_protection_are_counts_alone(store: Store) -> None:
    fill(store, (team(), person(sources="hsc_registrant"), member(1), wr("visit", subcategory=AID, quantity=2),
                 wr("other", subcategory="志愿者献血", quantity=2)))  # fmt: skip
    for clause in ("B25-3.1-1", "B25-2-7", "B25-3.1-6"):
        found = propose(store, clause, MID)
        assert found.k, clause
        assert found.items == (), clause


def test_what_is_unmet_is_listed_first(store: Store) -> None:
    fill(store, (team("甲"), team("乙"), wr("guidance", team_id=1)))
    items = propose(store, "B25-3.3-1", LAST).items
    assert [(i.title, i.status) for i in items] == [("乙", "attention"), ("甲", "met")]


def test_what_stands_apart_keeps_its_own_status(store: Store) -> None:
    winter = {"category": "publicity", "is_winter_campaign": "yes", "topic": "无偿献血"}
    fill(
        store,
        (
            wr("issue", title="已解决", valid_until=MID), wr("issue", title="未解决"),
            ("activity", winter | {"name": "期内", "start_on": "2026-02-01"}),
            ("activity", winter | {"name": "期外", "start_on": "2026-03-01"}),
            training("first_aid", name="有人数", has_blood_topic="yes", person_times=3),
            training("first_aid", name="没有人数", has_blood_topic="yes"),
        ),
    )  # fmt: skip
    for clause, expected in (
        ("B25-5-2", [("未解决", "in_progress"), ("已解决", "met")]),
        ("B25-4-10", [("期外", "explain"), ("期内", "met")]),
        ("B25-2-5", [("没有人数", "missing_data"), ("有人数", "met")]),
    ):
        assert [(i.title, i.status) for i in propose(store, clause, MID).items] == expected


def test_a_count_of_days_does_not_make_a_confirmation_lapse(store: Store) -> None:
    fill(store, (wr("issue", "2026-04-10"),))
    first, later = propose(store, "B25-5-2", "2026-05-01"), propose(store, "B25-5-2", MID)
    assert first.facts["days_oldest"] != later.facts["days_oldest"]
    assert first.figure == later.figure


def test_a_proposal_counts_once_it_is_confirmed(store: Store) -> None:
    fill(store, (wr("work"),))
    found = propose(store, "B25-4-7", MID)
    assert (found.status, found.proposed) == ("missing_evidence", "met")
    with store.operation("确认"):
        store.save(
            BY_NAME["confirmation"],
            {"clause": "B25-4-7", "quarter": "2026Q2", "status": "met", "person": "李四", "confirmed_on": MID,
             "figure": found.figure},
        )  # fmt: skip
    assert propose(store, "B25-4-7", MID).status == "met"


def test_counties_are_known_by_what_they_handed_up(store: Store) -> None:
    """The last edition of the last period up to the day counts, directly or handed on; a record of work only where none came."""
    fill(store, (wr("other", subcategory="县级献血队伍", counterpart="乙县红十字会", topics=None),
                 wr("other", subcategory="县级献血队伍", counterpart="丙县红十字会", topics=None)), "市级")  # fmt: skip

    def county(uid: str, name: str, code: str, edition: int, status: str) -> dict[str, object]:
        clauses = [{"clause": "B25-3.1-4", "status": status}, {"clause": "B25-1-4", "status": "not_met"}]
        return {
            "office": name,
            "office_uid": uid,
            "code": code,
            "level": "county",
            "edition": edition,
            "clauses": clauses,
        }

    received = (
        ("package", "2026Q1", county("a", "甲县红十字会", "330101", 1, "in_progress")),
        ("package", "2026Q1", county("a", "甲县红十字会", "330101", 2, "met")),
        ("package", "2027Q1", county("a", "甲县红十字会", "330101", 1, "not_met")),
        ("rollup", "2026Q1", {"office": "邻市", "office_uid": "x", "code": "", "level": "city", "edition": 1, "clauses": [],
                              "offices": [county("b", "乙县会", "330102", 1, "explain")]}),
    )  # fmt: skip
    with store.operation("名单"):
        for name, code in (
            ("甲县红十字会", "330101"),
            ("乙县红十字会", "330102"),
            ("丙县红十字会", None),
            ("丁县红十字会", None),
        ):
            store.save(LOWER_OFFICE, {"name": name, "code": code})
        for n, (kind, period, said) in enumerate(received):
            store.save(RECEIVED, {
                "kind": kind, "office_uid": f"{kind}{n}", "office": said["office"], "code": said["code"] or None,
                "period": period, "edition": said["edition"], "key": "k", "content": json.dumps(said), "signature": "s",
                "received_on": "2026-04-10",
            })  # fmt: skip
    found = propose(store, "B25-3.1-3", MID)
    assert (found.k, found.n) == (2, 4)
    assert {(i.title, i.status) for i in found.items} == {
        ("甲县红十字会", "met"), ("乙县红十字会", "attention"), ("丙县红十字会", "met"), ("丁县红十字会", "attention"),
    }  # fmt: skip
    assert {i.record for i in found.items} == {"lower_office"}
    assert propose(store, "B25-3.1-3", "2027-06-30").k == 1  # 甲县 says otherwise by then
