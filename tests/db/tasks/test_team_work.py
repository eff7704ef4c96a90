"""Teams, insurance, money and trainings as operations: what they write, what they refuse, and that undo takes all back."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refused
from db.queries import derived
from db.records.entities import (
    ACTIVITY,
    ATTENDANCE,
    COVERAGE,
    FUND_ENTRY,
    INSURANCE_POLICY,
    MEMBERSHIP,
    SERVICE_RECORD,
    TEAM,
    VOLUNTEER,
)
from db.records.identity import check_digit
from db.records.internal_entities import ATTACHMENT, FUND_VOUCHER, TEAM_FILE
from db.storage.store import Store
from db.tasks import insurance, members, service_hours, teams, trainings
from db.tasks import money as ledger
from db.tasks.invariants import doubt_of, guarded
from tests.offices.small import Desk

DAY = dt.date(2026, 9, 21)


@pytest.fixture
def desk() -> Desk:
    return Desk(Store.memory())


def number(serial: int) -> str:
    body = f"99012319900101{serial:03d}"
    return body + check_digit(body)


def _person(serial: int, name: str = "钱小明", phone: str | None = "19900000001") -> dict[str, Any]:
    return {"name": name, "id_type": "resident_id", "id_number": number(serial), "phone": phone}


def _enrol(desk: Desk, team: int, person: dict[str, Any]) -> int:
    with desk.store.operation("新增"):
        return members.enrol(desk.store, team, person, None, "2026-09-21", DAY)


# Members


def test_enrol_makes_or_finds_the_person(desk: Desk) -> None:
    """A new number makes a volunteer; a known one is found, keeps what is known and gets a blank phone filled."""
    one, two = desk.team(), desk.team()
    _enrol(desk, one, _person(1, phone=None))
    _enrol(desk, two, _person(1))
    assert desk.store.count(VOLUNTEER) == 1
    assert [m["team_id"] for m in desk.store.rows(MEMBERSHIP)] == [one, two]
    person = desk.store.rows(VOLUNTEER)[0]
    assert (person["sex"], person["birth_date"], person["phone"]) == ("male", "1990-01-01", "19900000001")
    desk.store.undo()
    assert desk.store.rows(VOLUNTEER)[0]["phone"] is None


def test_enrol_refuses_what_contradicts(desk: Desk) -> None:
    """Another name for the number, the same team twice, a number that cannot be."""
    team = desk.team()
    _enrol(desk, team, _person(1))
    for person, words in (
        (_person(1, "孙小芳"), "另一个姓名"), (_person(1), "已经是本队队员"), (_person(2) | {"id_number": "990123"}, "18 位"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            _enrol(desk, team, person)
    assert desk.store.count(MEMBERSHIP) == 1
    known = members.known_person(desk.store, "resident_id", number(1), DAY)
    assert known is not None
    assert list(known["teams"]) == [team]
    assert members.known_person(desk.store, "passport", number(1), DAY) is None


def test_who_leaves_keeps_the_history(desk: Desk) -> None:
    """The membership ends today; one that began today never was."""
    team, person = desk.team(), desk.person()
    old = desk.join(team, person)
    new = desk.join(team, desk.person(), DAY.isoformat())
    with desk.store.operation("移出"):
        members.take_out(desk.store, [old, new], DAY)
    assert [(m["id"], m["left_on"]) for m in desk.store.rows(MEMBERSHIP)] == [(old, "2026-09-21")]


# Teams


def test_cards_count_persons_once_and_name_the_uninsured(desk: Desk) -> None:
    team = desk.team(team_leader="队长甲")
    safe, bare = desk.person(), desk.person()
    desk.join(team, safe, role="backbone")
    desk.join(team, safe, "2021-01-01")
    desk.join(team, bare)
    policy = desk.add("insurance_policy", policy_number="1", insurer="甲", product="意外", cover_mode="named_list",
                      start_on="2026-01-01", end_on="2026-12-31")  # fmt: skip
    desk.add("coverage", policy_id=policy, volunteer_id=safe)
    desk.money("2026-03-01", 5000, team_id=team)
    desk.money("2026-10-01", 700, team_id=team)
    card = teams.team_cards(desk.store, DAY)[0]
    assert (card["members"], card["insured"], card["backbone"], card["balance_fen"]) == (2, 1, 1, 5000)
    assert card["uncovered"] == {bare}
    assert not card["leader_member"]
    counts = teams.tab_counts(desk.store, team, DAY)
    assert (counts["membership"], counts["coverage"], counts["fund_entry"]) == (3, 1, 2)


def test_a_team_ends_in_three_ways(desk: Desk) -> None:
    """Dissolved with its history; deleted with the members moved; refused while money names it."""
    one, two = desk.team(), desk.team()
    both, single = desk.person(), desk.person()
    desk.join(one, both)
    desk.join(two, both)
    desk.join(one, single)
    with desk.store.operation("删除"):
        teams.delete_team(desk.store, one, two)
    assert {(m["team_id"], m["volunteer_id"]) for m in desk.store.rows(MEMBERSHIP)} == {(two, both), (two, single)}
    desk.store.undo()
    assert desk.store.count(MEMBERSHIP) == 3
    desk.money("2026-03-01", 5000, team_id=one)
    with pytest.raises(Refused, match="经费收支"), desk.store.operation("删除"):
        teams.delete_team(desk.store, one, None)
    with desk.store.operation("撤销"):
        teams.dissolve(desk.store, one, DAY)
    assert desk.store.row(TEAM, one)["dissolved_on"] == "2026-09-21"  # type: ignore[index]
    assert [m["left_on"] for m in desk.store.rows(MEMBERSHIP) if m["team_id"] == one] == ["2026-09-21"] * 2
    assert [c["id"] for c in teams.team_cards(desk.store, DAY)] == [two]


def test_files_of_a_team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is kept once, shown with its owner, taken away when nothing else uses it, and comes back with undo."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    store, _ = Store.create(tmp_path / "台账.boai-db")
    with store:
        desk = Desk(store)
        team, other = desk.team(), desk.team()
        paper = tmp_path / "章程.pdf"
        paper.write_bytes(b"%PDF invented")
        for owner in (team, other):
            with store.operation("添加"):
                assert teams.add_files(store, TEAM_FILE, owner, [paper, paper], DAY) == 1
        assert [f["name"] for f in teams.files_of(store, TEAM_FILE, team)] == ["章程.pdf"]
        assert store.count(ATTACHMENT) == 1
        for owner, left in ((team, 1), (other, 0)):
            ids = [f["id"] for f in teams.files_of(store, TEAM_FILE, owner)]
            with store.operation("移除"):
                teams.drop_files(store, TEAM_FILE, ids)
            assert store.count(ATTACHMENT) == left
        store.undo()
        assert [f["name"] for f in teams.files_of(store, TEAM_FILE, other)] == ["章程.pdf"]


# Insurance


def _policy(desk: Desk, name: str, start: str, end: str, mode: str = "named_list") -> int:
    return desk.add("insurance_policy", policy_number=name, insurer="甲公司", product="意外险", cover_mode=mode,
                    start_on=start, end_on=end)  # fmt: skip


def test_who_is_covered_on_a_day(desk: Desk) -> None:
    """None, expired, soon and active; what follows without a gap is no end; the platform's policy covers too."""
    team = desk.team()
    people = [desk.person() for _ in range(5)] + [desk.person(platform_id="P1")]
    for person in people:
        desk.join(team, person)
    old, now = _policy(desk, "旧", "2025-01-01", "2025-12-31"), _policy(desk, "今", "2026-01-01", "2026-09-30")
    following = _policy(desk, "新", "2026-10-01", "2027-09-30")
    for policy, person in ((old, 1), (now, 2), (now, 3), (following, 3), (following, 4)):
        desk.add("coverage", policy_id=policy, volunteer_id=people[person])
    found = {r["id"]: (r["state"], r["until"]) for r in insurance.cover_list(desk.store, DAY)}
    assert [found[p] for p in people] == [
        ("none", None), ("expired", "2025-12-31"), ("soon", "2026-09-30"), ("active", "2026-09-30"), ("none", None),
        ("none", None),
    ]  # fmt: skip
    _policy(desk, "平台", "2026-01-01", "2026-12-31", "platform_auto")
    assert insurance.cover_list(desk.store, DAY, None, [people[5]])[0]["state"] == "active"
    assert insurance.cover_list(desk.store, DAY, team=99) == []


def test_renewing_makes_or_uses_a_policy(desk: Desk) -> None:
    team, people = desk.team(), [desk.person(), desk.person()]
    for person in people:
        desk.join(team, person)
    terms = {"policy_number": "BD1", "insurer": "甲公司", "product": "意外险"}
    with desk.store.operation("续保"):
        assert insurance.renew(desk.store, people[:1], terms, "2026-09-21", "2027-09-20", DAY) == 1
    with desk.store.operation("续保"):
        assert insurance.renew(desk.store, people, terms, "2026-10-01", "2027-09-20", DAY) == 1
    rows = desk.store.rows(COVERAGE)
    assert [(r["volunteer_id"], r["team_id"], r["start_on"], r["end_on"]) for r in rows] == [
        (people[0], team, None, None), (people[1], team, "2026-10-01", None)
    ]  # fmt: skip
    assert desk.store.count(INSURANCE_POLICY) == 1
    for start, end, words in (
        ("2026-10-01", "2027-12-31", "超出了保单的期间"), ("2026-10-01", "2026-09-30", "早于"), ("2026-10-02", "2027-09-20", "已经在"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words), desk.store.operation("续保"):
            insurance.renew(desk.store, people, terms, start, end, DAY)
    _policy(desk, "平台", "2026-01-01", "2026-12-31", "platform_auto")
    with pytest.raises(Refused, match="不是按名单"), desk.store.operation("续保"):
        insurance.renew(desk.store, people, terms | {"policy_number": "平台"}, "2026-10-01", "2026-12-31", DAY)
    usual = insurance.usual_policy(desk.store, people)
    assert usual is not None
    assert usual["policy_number"] == "BD1"


# Money


def test_each_ledger_has_its_own_balance(desk: Desk) -> None:
    team = desk.team()
    desk.money("2026-01-05", 1000, team_id=team)
    desk.money("2026-03-05", 300, "expense", team_id=team, voucher="P1")
    desk.money("2026-02-05", 50, "expense", team_id=team)
    desk.money("2026-01-05", 700)
    facts = derived.entry_facts(desk.store, DAY)
    assert [facts[i]["balance_fen"] for i in (1, 2, 3, 4)] == [1000, 650, 950, 700]
    assert [facts[i]["proof"] for i in (1, 2)] == ["none", "number"]
    found = [(one["id"], one["balance_fen"], one["unproved"]) for one in ledger.ledgers(desk.store, DAY)]
    assert found == [(0, 700, 1), (team, 650, 2)]
    assert [r["id"] for r in derived.team_rows(desk.store, FUND_ENTRY, team, DAY)] == [2, 3, 1]
    assert [r["id"] for r in derived.team_rows(desk.store, FUND_ENTRY, derived.NO_TEAM, DAY)] == [4]


def _entry(fen: int, direction: str = "expense", on: str = "2026-09-01", **more: Any) -> dict[str, Any]:
    values = {"entry_on": on, "direction": direction, "category": "活动", "amount_fen": fen, "earmark": "救生衣"}
    return dict.fromkeys(FUND_ENTRY.by_name) | values | more


def test_earmarked_money_is_never_below_zero(desk: Desk) -> None:
    """Per ledger and purpose, on every day: also an earlier expense, a smaller income, a deletion, another ledger."""
    store = desk.store
    with store.operation("收入"):
        income = ledger.save_entry(store, _entry(1000, "income"))
    for values in (_entry(1001), _entry(1000, on="2026-08-31"), _entry(1, team_id=desk.team())):
        with pytest.raises(Refused, match="定向用途"), store.operation("支出"):
            ledger.save_entry(store, values)
    with store.operation("支出"):
        ledger.save_entry(store, _entry(1000))
    with pytest.raises(Refused, match=r"超支 0[.]01 元"), store.operation("改"), guarded(store, FUND_ENTRY):
        store.save(FUND_ENTRY, {"id": income, "amount_fen": 999})
    with pytest.raises(Refused, match="定向用途"), store.operation("删"), guarded(store, FUND_ENTRY):
        store.delete(FUND_ENTRY, [income])
    assert ledger.open_earmarks(store, 0) == []
    assert [r["amount_fen"] for r in store.rows(FUND_ENTRY)] == [1000, 1000]


def test_an_older_gap_is_no_reason_to_refuse(desk: Desk) -> None:
    """What came from an older ledger may be put right step by step, and is not made worse."""
    store = desk.store
    desk.add("fund_entry", **{k: v for k, v in _entry(500).items() if v is not None})
    with store.operation("补收入"):
        ledger.save_entry(store, _entry(100, "income"))
    with pytest.raises(Refused), store.operation("支出"):
        ledger.save_entry(store, _entry(1))


def test_reversal_is_the_opposite_and_linked(desk: Desk) -> None:
    store = desk.store
    row = desk.money("2026-09-01", 500, "expense", voucher="P7", summary="租场地")
    with store.operation("冲销"):
        made = ledger.reverse(store, row, "", "2026-09-20", "")
    entry = store.row(FUND_ENTRY, made)
    assert entry is not None
    assert (entry["direction"], entry["amount_fen"], entry["reverses_voucher"]) == ("income", 500, "P7")
    assert entry["summary"] == "冲销：租场地"
    bare = desk.money("2026-09-01", 5, "expense")
    for wrong, on, words in (
        (row, "2026-09-21", "已经冲销过"), (made, "2026-09-21", "本身就是冲销"), (bare, "2026-09-21", "没有凭证号"),
        (desk.money("2026-09-02", 1, voucher="P8"), "2026-09-01", "早于"), (999, "2026-09-21", "不在台账"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words), store.operation("冲销"):
            ledger.reverse(store, wrong, "", on, "")
    assert ledger.categories(store, "income") == ["活动"]
    assert store.count(FUND_VOUCHER) == 0


# Trainings


def test_what_a_blood_target_has_reached(desk: Desk) -> None:
    """Its own unit, way and year, until the day; a percent that is not full is left out; others count for nothing."""
    target = desk.add("blood_target", year=2026, unit="城东街道", scope="group", target_units=10)
    bare = desk.add("blood_target", year=2026, unit="城西街道", scope="group", target_units=10)
    for unit, scope, on, ml in (
        ("城东街道", "group", "2026-03-01", 1300), ("城东街道", "group", "2026-09-02", 100),
        ("城东街道", "street", "2026-03-01", 400), ("城东街道", "group", "2025-03-01", 400),
        ("城东街道", "group", "2026-12-30", 400),
    ):  # fmt: skip
        desk.add("blood_result", unit=unit, scope=scope, donated_on=on, person_times=3, ml=ml)
    found = derived.target_facts(desk.store, DAY)
    assert found == {target: {"persons": 6, "ml": 1400, "done": 70}, bare: {"persons": 0, "ml": 0, "done": 0}}


def test_a_training_and_its_list(desk: Desk) -> None:
    team, people = desk.team(), [desk.person() for _ in range(3)]
    values = {"code": trainings.next_code(desk.store, 2026), "name": "复训", "category": "first_aid",
              "start_on": "2026-09-20", "class_minutes": 240}  # fmt: skip
    with desk.store.operation("培训"):
        training = trainings.save_training(desk.store, values, dict.fromkeys(people[:2], team), DAY)
    assert trainings.next_code(desk.store, 2026) == "PX2026-002"
    rows = desk.store.rows(ATTENDANCE)
    desk.change("attendance", int(rows[1]["id"] or 0), result="absent")
    with desk.store.operation("发证"):
        trainings.certify(desk.store, [int(rows[0]["id"] or 0)], "救护员证", "AL-009", "2026-09-20", "2029-09-19")
    changed = values | {"id": training, "name": "复训（改）"}
    with pytest.raises(Refused, match="证书"), desk.store.operation("培训"):
        trainings.save_training(desk.store, changed, {people[2]: None}, DAY)
    with desk.store.operation("培训"):
        trainings.save_training(desk.store, changed, {people[0]: team, people[2]: None}, DAY)
    found = {
        a["volunteer_id"]: (a["result"], a["certificate_number"]) for a in trainings.attendees(desk.store, training)
    }
    assert found == {people[0]: ("passed", "AL-009"), people[1]: ("absent", None), people[2]: (None, None)}
    with desk.store.operation("培训"):
        trainings.save_training(desk.store, changed, {people[0]: team, people[1]: team}, DAY)
    assert {a["volunteer_id"]: a["result"] for a in trainings.attendees(desk.store, training)} == {
        people[0]: "passed", people[1]: None
    }  # fmt: skip


def test_certificate_numbers_run_on(desk: Desk) -> None:
    assert trainings.series("AL2026-0098", 3) == ["AL2026-0098", "AL2026-0099", "AL2026-0100"]
    assert trainings.series("第9号", 2) == ["第9号", "第10号"]
    with pytest.raises(Refused, match="没有数字"):
        trainings.series("甲", 2)
    training = desk.training("2026-09-01", "first_aid")
    rows = [desk.add("attendance", training_id=training, volunteer_id=desk.person()) for _ in range(2)]
    with desk.store.operation("发证"):
        trainings.certify(desk.store, rows[:1], "救护员证", "9", "2026-09-01", None)
    for first, until, words in (("9", None, "已经发过"), ("10", "2026-08-01", "早于")):
        with pytest.raises(Refused, match=words), desk.store.operation("发证"):
            trainings.certify(desk.store, rows[1:], "救护员证", first, "2026-09-01", until)


# Service


def test_a_day_has_twenty_four_hours(desk: Desk) -> None:
    """Over all records of the day; more than twelve hours is doubtful; an older fault is no reason to refuse."""
    team, person = desk.team(), desk.person()
    activity = desk.activity("2026-09-19", "清洁家园", host_team_id=team)
    served = service_hours.Served(person, team, 13 * 60, "清洁")
    with desk.store.operation("接龙"):
        assert service_hours.write_service(desk.store, [served], activity, "2026-09-19", DAY) == 1
    row = desk.store.rows(SERVICE_RECORD)[0]
    assert "超过 12 小时" in doubt_of(desk.store, int(row["id"] or 0))
    with pytest.raises(Refused, match="24 小时"), desk.store.operation("接龙"):
        service_hours.write_service(
            desk.store, [service_hours.Served(person, team, 12 * 60)], activity, "2026-09-19", DAY
        )
    known, sums = service_hours.day_facts(desk.store, activity, "2026-09-19")
    assert (known, sums) == ({person}, {person: 780})
    desk.add("service_record", volunteer_id=person, team_id=team, served_on="2026-09-19", service_minutes=1000)
    with desk.store.operation("改"), guarded(desk.store, SERVICE_RECORD):
        desk.store.save(SERVICE_RECORD, {"id": row["id"], "service_minutes": 700})
    assert desk.store.count(ACTIVITY) == 1
