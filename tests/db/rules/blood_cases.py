"""Cases for the semi-automatic clauses of the notice on blood donation: small ledgers, days, and what is proposed.

Ids are given in order when a ledger is filled, so the first team is team 1.
"""

from typing import Any

Record = tuple[str, dict[str, Any]]
MID, LAST = "2026-06-30", "2026-12-31"


def wr(category: str, on: str = "2026-02-01", **more: Any) -> Record:
    """A work record on blood donation."""
    return "work_record", {"category": category, "recorded_on": on, "topics": "blood_donation"} | more


def act(category: str, on: str = "2026-02-01", **more: Any) -> Record:
    """An activity on blood donation."""
    return "activity", {"category": category, "start_on": on, "topic": "无偿献血"} | more


def team(name: str = "献血队", **more: Any) -> Record:
    """A blood team of the office."""
    return "team", {
        "name": name, "managing_org": "某县红十字会", "primary_domain": "blood_donation", "established_on": "2025-01-01",
    } | more  # fmt: skip


def person(**more: Any) -> Record:
    return "volunteer", {"id_type": "passport", "registered_on": "2025-01-01"} | more


def member(volunteer: int, on: str = "2026-05-01", of: int = 1, **more: Any) -> Record:
    return "membership", {"team_id": of, "volunteer_id": volunteer, "joined_on": on} | more


def training(category: str, on: str = "2026-05-01", **more: Any) -> Record:
    return "training", {"category": category, "start_on": on, "class_minutes": 120} | more


def attended(training_id: int, volunteer: int, **more: Any) -> Record:
    return "attendance", {"training_id": training_id, "volunteer_id": volunteer} | more


def money(direction: str, fen: int, on: str = "2026-03-01", **more: Any) -> Record:
    return "fund_entry", {"direction": direction, "amount_fen": fen, "entry_on": on, "category": "活动费"} | more


def venue(kind: str, name: str = "东桥基地", opened: str = "2025-01-01", **more: Any) -> Record:
    return "venue", {"venue_type": kind, "name": name, "opened_on": opened} | more


def university(subcategory: str, name: str = "江城学院", on: str = "2026-01-01", **more: Any) -> Record:
    return wr("university", on, subcategory=subcategory, counterpart=name, **more)


AID = "博爱送万家"
KIND = "publicity education youth_league university enterprise media".split()
FOUR = "community village government_office enterprise".split()
RISING = (wr("own_media", "2025-05-01", quantity=2), wr("own_media", "2026-06-30", quantity=3))
UNI = university("辖区高校")
UNI_RC = university("高校红十字会")

# clause, records, day, proposed, k, n
CASES: list[tuple[str, tuple[Record, ...], str, str, int | None, int | None]] = [
    # cooperation with six kinds of partner; five where there is no university
    ("B25-1-5", (), "2026-12-30", "in_progress", 0, 5),
    ("B25-1-5", (), LAST, "explain", 0, 5),
    ("B25-1-5", (wr("cooperation", "2026-01-01", partner_kind="media"),), LAST, "partial", 1, 5),
    ("B25-1-5", (wr("cooperation", "2025-12-31", partner_kind="media"),), LAST, "explain", 0, 5),
    ("B25-1-5", (wr("cooperation", MID, partner_kind="media"),), "2026-06-29", "in_progress", 0, 5),
    ("B25-1-5", (wr("cooperation", topics="first_aid", partner_kind="media"),), LAST, "explain", 0, 5),
    ("B25-1-5", tuple(wr("cooperation", partner_kind=k) for k in KIND), "2026-02-01", "met", 6, 6),
    ("B25-1-5", (UNI, *(wr("cooperation", partner_kind=k) for k in KIND)), MID, "met", 6, 6),
    ("B25-1-5", (UNI, *(wr("cooperation", partner_kind=k) for k in KIND if k != "university")), LAST, "partial", 5, 6),
    # people and money
    ("B25-1-7", (), LAST, "explain", 0, 2),
    ("B25-1-7", (wr("appointment"),), "2026-12-30", "in_progress", 1, 2),
    ("B25-1-7", (wr("appointment"),), LAST, "partial", 1, 2),
    ("B25-1-7", (wr("appointment"), money("expense", 1, "2026-01-01", summary="无偿献血宣传")), MID, "met", 2, 2),
    ("B25-1-7", (wr("appointment"), money("expense", 1, "2025-12-31", summary="献血")), LAST, "partial", 1, 2),
    ("B25-1-7", (wr("appointment"), money("expense", 1)), LAST, "partial", 1, 2),
    ("B25-1-7", (team(), wr("appointment"), money("expense", 1, team_id=1)), LAST, "met", 2, 2),
    ("B25-1-7", (wr("appointment"), wr("plan", subcategory="经费预算")), LAST, "met", 2, 2),
    ("B25-1-7", (wr("appointment"), wr("plan", subcategory="经费预算", valid_until="2026-12-30")), LAST, "partial", 1, 2),
    ("B25-1-7", (wr("appointment", valid_until="2026-06-29"), wr("plan", subcategory="经费预算")), MID, "in_progress", 1, 2),
    ("B25-1-7", (wr("appointment", valid_until=MID), wr("plan", subcategory="经费预算")), MID, "met", 2, 2),
    (
        "B25-1-7",
        (
            wr("appointment"),
            money("expense", 5, summary="献血", voucher="1"),
            money("income", 5, summary="献血", reverses_voucher="1"),
        ),
        LAST, "partial", 1, 2,
    ),
    ("B25-1-8", (), LAST, "recorded", 0, None),
    ("B25-1-8", (wr("other", MID, subcategory="专项基金"),), MID, "met", 1, None),
    ("B25-1-8", (wr("other", "2026-07-01", subcategory="专项基金"),), MID, "recorded", 0, None),
    ("B25-1-8", (wr("other", subcategory="专项基金", valid_until="2026-06-29"),), MID, "recorded", 0, None),
    # joint with stem-cell donation
    ("B25-2-3", (act("publicity"),), LAST, "explain", 0, 3),
    ("B25-2-3", (act("publicity", LAST, topic="无偿献血、造血干细胞捐献"),), LAST, "partial", 1, 3),
    ("B25-2-3", (act("publicity", topic="三献宣传"), act("service", topic=None, name="三献服务")), MID, "in_progress", 2, 3),
    (
        "B25-2-3",
        (act("publicity", topic="三献"), act("service", topic="三献"), wr("award", topics="blood_donation,hsc_donation")),
        MID, "met", 3, 3,
    ),
    ("B25-2-3", (wr("award"),), LAST, "explain", 0, 3),
    # reach of first-aid classes
    ("B25-2-5", (), MID, "not_applicable", None, None),
    ("B25-2-5", (training("first_aid", "2026-03-31", has_blood_topic="yes"),), MID, "not_applicable", None, None),
    ("B25-2-5", (training("first_aid", "2026-04-01", person_times=30),), "2026-06-29", "missing_data", 0, None),
    ("B25-2-5", (training("first_aid", person_times=30),), MID, "missing_data", 0, None),
    ("B25-2-5", (training("first_aid", has_blood_topic="yes"),), MID, "missing_data", 0, None),
    ("B25-2-5", (training("first_aid", has_blood_topic="yes", person_times=30),), MID, "met", 30, None),
    ("B25-2-5", (training("first_aid", has_blood_topic="yes", person_times=0),), MID, "explain", 0, None),
    (
        "B25-2-5",
        (
            person(), person(), training("first_aid", has_blood_topic="yes", person_times=30),
            attended(1, 1), attended(1, 2, result="absent"),
        ),
        MID, "met", 1, None,
    ),
    ("B25-2-5", (training("first_aid", "2025-12-10", has_blood_topic="yes", person_times=3),), "2025-12-31", "not_applicable",
     None, None),
    ("B25-2-5", (training("first_aid", "2025-12-11", has_blood_topic="yes", person_times=3),), "2025-12-31", "met", 3, None),
    # venues
    ("B25-2-6", (), LAST, "not_applicable", 0, 0),
    ("B25-2-6", (venue("boai_home", closed_on=LAST),), LAST, "not_applicable", 0, 0),
    ("B25-2-6", (venue("boai_home"),), "2026-12-30", "in_progress", 0, 1),
    ("B25-2-6", (venue("boai_home"),), LAST, "attention", 0, 1),
    ("B25-2-6", (venue("boai_home"), act("publicity", place="县东桥基地二楼")), MID, "met", 1, 1),
    ("B25-2-6", (venue("boai_home"), act("publicity", place="人民广场")), LAST, "attention", 0, 1),
    ("B25-2-6", (venue("boai_home"), venue("first_aid_base", "西桥"), act("publicity", place="东桥基地")), LAST, "attention",
     1, 2),
    # donors' families
    ("B25-2-7", (), "2026-12-30", "in_progress", 0, 2),
    ("B25-2-7", (), LAST, "explain", 0, 2),
    ("B25-2-7", (wr("visit", subcategory=AID, quantity=1),), LAST, "partial", 1, 2),
    ("B25-2-7", (wr("document", subcategory=AID), wr("visit", subcategory=AID, quantity=1)), MID, "met", 2, 2),
    ("B25-2-7", (wr("document", subcategory=AID), wr("visit", "2025-12-31", subcategory=AID, quantity=1)), LAST, "partial",
     1, 2),
    ("B25-2-7", (wr("document", subcategory=AID), wr("visit", subcategory=AID)), LAST, "missing_data", 1, 2),
    ("B25-2-7", (wr("document", subcategory=AID), wr("visit", subcategory=AID, quantity=0)), LAST, "partial", 1, 2),
    ("B25-2-7", (wr("visit", subcategory="无此类家庭", topics=None),), MID, "met", 0, 2),
    ("B25-2-7", (wr("visit", "2025-12-31", subcategory="无此类家庭"),), MID, "in_progress", 0, 2),
    # new volunteers
    ("B25-3.1-1", (), "2026-06-29", "in_progress", 0, 0),
    ("B25-3.1-1", (), MID, "explain", 0, 0),
    ("B25-3.1-1", (team(), person(sources="first_aider"), member(1, "2026-03-31")), MID, "explain", 0, 0),
    ("B25-3.1-1", (team(), person(sources="first_aider"), member(1, "2026-04-01")), MID, "met", 1, 1),
    ("B25-3.1-1", (team(), person(sources="first_aider"), member(1, "2026-07-01")), MID, "explain", 0, 0),
    ("B25-3.1-1", (team(), person(sources="rc_member"), member(1)), MID, "explain", 0, 1),
    ("B25-3.1-1", (team(), person(), member(1)), MID, "missing_data", 0, 1),
    ("B25-3.1-1", (team(), team("二队"), person(sources="rescue_member"), member(1, "2026-01-01"), member(1, of=2)), MID,
     "explain", 0, 0),
    ("B25-3.1-2", (team(), person(), member(1, MID, role="blood_promoter")), MID, "met", 1, None),
    ("B25-3.1-2", (team(), person(), member(1, "2026-07-01", role="blood_promoter")), MID, "attention", 0, None),
    ("B25-3.1-2", (team(), person(), member(1, role="blood_promoter", left_on=MID)), MID, "attention", 0, None),
    ("B25-3.1-2", (team(), person(), member(1, role="backbone")), MID, "attention", 0, None),
    ("B25-3.1-5", (), LAST, "explain", 0, None),
    ("B25-3.1-5", (wr("other", subcategory="应急献血者队伍", valid_until=MID),), MID, "met", 1, None),
    ("B25-3.1-5", (wr("other", subcategory="应急献血者队伍", valid_until=MID),), "2026-07-01", "explain", 0, None),
    ("B25-3.1-6", (), LAST, "explain", 0, None),
    ("B25-3.1-6", (wr("other", "2026-01-01", subcategory="志愿者献血", quantity=7),), MID, "met", 7, None),
    ("B25-3.1-6", (wr("other", "2025-12-31", subcategory="志愿者献血", quantity=7),), MID, "in_progress", 0, None),
    ("B25-3.1-6", (wr("other", subcategory="志愿者献血"),), MID, "missing_data", 0, None),
    # university societies
    ("B25-3.1-7", (UNI,), MID, "not_applicable", 0, 0),
    ("B25-3.1-7", (UNI_RC,), MID, "explain", 0, 1),
    ("B25-3.1-7", (UNI_RC, team(managing_org="江城学院红十字会", managing_kind="university", established_on=MID)), MID, "met",
     1, 1),
    ("B25-3.1-7", (UNI_RC, team(managing_org="江城学院红十字会", managing_kind="university", dissolved_on=MID)), MID, "explain",
     0, 1),
    ("B25-3.1-7", (UNI_RC, team(managing_org="江城学院红十字会", managing_kind="university", team_type="three_donations",
                                primary_domain="other")), MID, "met", 1, 1),
    ("B25-3.1-7", (UNI_RC, university("高校红十字会", "北山大学"),
                   team(managing_org="江城学院红十字会", managing_kind="university")), MID, "partial", 1, 2),
    ("B25-3.1-8", (), "2026-12-30", "in_progress", 0, None),
    ("B25-3.1-8", (), LAST, "explain", 0, None),
    ("B25-3.1-8", (wr("project", subcategory="特色品牌", valid_until="2026-01-01"),), LAST, "met", 1, None),
    ("B25-3.1-8", (wr("project", "2025-02-01", subcategory="特色品牌", valid_until="2025-12-31"),), LAST, "explain", 0, None),
    ("B25-3.1-8", (wr("project", subcategory="特色品牌", valid_from="2026-07-01"),), MID, "in_progress", 0, None),
    ("B25-3.1-8", (wr("project", subcategory="日常"),), LAST, "explain", 0, None),
    # the platform
    ("B25-3.2-1", (), MID, "missing_data", 0, 1),
    ("B25-3.2-1", (("office", {"item": "platform_account", "content": "X"}),), MID, "met", 1, 1),
    ("B25-3.2-1", (("office", {"item": "platform_account", "content": "X"}), team()), MID, "partial", 1, 2),
    ("B25-3.2-1", (("office", {"item": "platform_account", "content": "X"}), team(platform_group_id="T")), MID, "met", 2, 2),
    ("B25-3.2-1", (("office", {"item": "platform_account", "content": "X"}), team(dissolved_on=MID)), MID, "met", 1, 1),
    # blood teams: guidance, backbone, support
    ("B25-3.3-1", (), LAST, "not_applicable", 0, 0),
    ("B25-3.3-1", (team(), wr("guidance", "2025-12-31", team_id=1)), "2026-12-30", "in_progress", 0, 1),
    ("B25-3.3-1", (team(), wr("guidance", "2025-12-31", team_id=1)), LAST, "attention", 0, 1),
    ("B25-3.3-1", (team(), wr("guidance", "2026-01-01", team_id=1)), "2026-01-01", "met", 1, 1),
    ("B25-3.3-1", (team(), team("二队"), wr("guidance", team_id=1)), LAST, "attention", 1, 2),
    ("B25-3.3-2", (act("publicity"),), LAST, "explain", 0, 3),
    ("B25-3.3-2", (act("publicity", with_blood_station="yes"),), "2026-12-30", "in_progress", 1, 3),
    ("B25-3.3-2", (act("blood_recruitment", with_blood_station="yes"), act("publicity", with_blood_station="yes")), LAST,
     "partial", 1, 3),
    ("B25-3.3-2", tuple(act(k, with_blood_station="yes") for k in ("publicity", "blood_booking", "group_donation")), MID,
     "met", 3, 3),
    ("B25-3.3-2", (act("blood_booking", "2025-12-31", with_blood_station="yes"),), LAST, "explain", 0, 3),
    ("B25-3.3-3", (), LAST, "not_applicable", 0, 0),
    ("B25-3.3-3", (team(), person(), member(1, role="backbone")), "2026-12-30", "in_progress", 0, 1),
    ("B25-3.3-3", (team(), person(), member(1, role="backbone")), LAST, "attention", 0, 1),
    ("B25-3.3-3", (team(), person(), member(1, role="backbone"), training("skill", "2025-12-31", team_id=1)), LAST,
     "attention", 0, 1),
    ("B25-3.3-3", (team(), person(), member(1, role="backbone"), training("skill", "2025-12-31"), attended(1, 1, team_id=1)),
     LAST, "attention", 0, 1),
    ("B25-3.3-3", (team(), person(), member(1, MID, role="backbone"), training("skill", "2026-01-01", team_id=1)), MID, "met",
     1, 1),
    ("B25-3.3-3", (team(), person(), member(1, role="backbone", left_on=LAST), training("skill", team_id=1)), LAST,
     "attention", 0, 1),
    ("B25-3.3-3", (team(), person(), member(1, role="backbone"), training("skill"), attended(1, 1, team_id=1)), MID, "met",
     1, 1),
    ("B25-3.3-3", (team(), person(), member(1, role="backbone"), training("skill"),
                   attended(1, 1, team_id=1, result="leave")), LAST, "attention", 0, 1),
    ("B25-3.3-5", (), LAST, "not_applicable", 0, 0),
    ("B25-3.3-5", (team(),), "2026-12-30", "in_progress", 0, 1),
    ("B25-3.3-5", (team(),), LAST, "explain", 0, 1),
    ("B25-3.3-5", (team(), venue("boai_home", team_id=1)), LAST, "partial", 0, 1),
    ("B25-3.3-5", (team(), venue("boai_home", opened=LAST, team_id=1)), LAST, "partial", 0, 1),
    ("B25-3.3-5", (team(), venue("boai_home", opened="2027-01-01", team_id=1)), LAST, "explain", 0, 1),
    ("B25-3.3-5", (team(), money("income", 1, "2025-12-31", team_id=1, fund_source="rc_support")), LAST, "explain", 0, 1),
    ("B25-3.3-5", (team(), team("二队"), venue("boai_home", team_id=1), money("income", 1, team_id=1, fund_source="rc_support")),
     LAST, "partial", 1, 2),
    ("B25-3.3-5", (team(), venue("boai_home", team_id=1), money("income", 1, team_id=1, fund_source="rc_support")), MID,
     "met", 1, 1),
    ("B25-3.3-5", (team(), venue("boai_home", team_id=1), money("income", 1, team_id=1, fund_source="donation")), LAST,
     "partial", 0, 1),
    ("B25-3.3-5", (team(), venue("boai_home", team_id=1, closed_on=MID),
                   money("income", 1, "2026-01-01", team_id=1, fund_source="rc_support")), MID, "in_progress", 0, 1),
    ("B25-3.3-6", (), LAST, "recorded", 0, None),
    ("B25-3.3-6", (venue("team_headquarters", opened=MID),), MID, "met", 1, None),
    ("B25-3.3-6", (venue("team_headquarters", closed_on=MID),), MID, "recorded", 0, None),
    # support for universities, against the same days of last year
    ("B25-3.3-7", (UNI,), "2026-12-30", "in_progress", 0, None),
    ("B25-3.3-7", (UNI,), LAST, "explain", 0, None),
    ("B25-3.3-7", (UNI, money("expense", 100, summary="献血", counterpart="江城学院")), MID, "explain", 0, None),
    ("B25-3.3-7", (UNI, money("expense", 100, summary="献血", counterpart="江城学院红十字会"),
                   money("expense", 100, MID.replace("2026", "2025"), summary="献血", counterpart="江城学院")), MID, "met", 0, None),
    ("B25-3.3-7", (UNI, money("expense", 100, summary="献血", counterpart="江城学院"),
                   money("expense", 101, "2025-03-01", summary="献血", counterpart="江城学院")), MID, "explain", 0, None),
    ("B25-3.3-7", (UNI, money("expense", 100, summary="献血", counterpart="江城学院"), money("expense", 100, "2025-03-01",
     summary="献血", counterpart="江城学院"), money("expense", 1, "2025-07-01", summary="献血", counterpart="江城学院")), MID, "met",
     0, None),
    ("B25-3.3-7", (UNI, wr("project", partner_kind="university"), wr("project", "2025-06-30", partner_kind="university")), MID,
     "met", 1, None),
    # three departments
    ("B25-3.4-1", (wr("consultation", partner_kind="civil_affairs"),), LAST, "explain", 0, 3),
    ("B25-3.4-1", (wr("consultation", partner_kind="social_work"),), "2026-12-30", "in_progress", 1, 3),
    ("B25-3.4-1", (wr("consultation", partner_kind="social_work"),), LAST, "partial", 1, 3),
    ("B25-3.4-1", (wr("consultation", partner_kind="social_work"), wr("cooperation", partner_kind="youth_league"),
                   wr("cooperation", MID, partner_kind="education")), MID, "met", 3, 3),
    ("B25-3.4-3", (UNI,), LAST, "explain", 0, 1),
    ("B25-3.4-3", (UNI, university("德育学分", valid_until=MID)), MID, "met", 1, 1),
    ("B25-3.4-3", (UNI, university("德育学分", valid_until=MID)), "2026-07-01", "explain", 0, 1),
    ("B25-3.4-3", (UNI, university("德育学分", "别处大学")), MID, "explain", 0, 1),
    ("B25-3.4-4", (), "2026-12-30", "in_progress", 0, None),
    ("B25-3.4-4", (wr("award", "2025-12-31"),), LAST, "explain", 0, None),
    ("B25-3.4-4", (wr("award", "2026-01-01"), act("award", MID)), MID, "met", 2, None),
    # publicity
    ("B25-4-2", (act("publicity", "2026-03-31"),), "2026-06-29", "in_progress", 0, 1),
    ("B25-4-2", (act("publicity", "2026-03-31"),), MID, "attention", 0, 1),
    ("B25-4-2", (act("publicity", "2026-04-01"),), MID, "met", 1, 1),
    ("B25-4-2", (act("publicity", MID, topic="急救"),), MID, "attention", 0, 1),
    ("B25-4-2", (act("publicity", "2025-12-10"),), "2025-12-31", "attention", 0, 1),
    ("B25-4-2", (act("publicity", "2025-12-11"),), "2025-12-31", "met", 1, 1),
    ("B25-4-2", (act("service", MID),), MID, "attention", 0, 1),
    ("B25-4-3", (), "2026-12-30", "in_progress", 0, 4),
    ("B25-4-3", (act("service", place_kind="village"),), LAST, "not_met", 0, 4),
    ("B25-4-3", (act("publicity", place_kind="school"),), LAST, "not_met", 0, 4),
    ("B25-4-3", (act("publicity", "2026-01-01", place_kind="village"),), LAST, "partial", 1, 4),
    ("B25-4-3", (act("publicity", "2025-12-31", place_kind="village"),), LAST, "not_met", 0, 4),
    ("B25-4-3", tuple(act("publicity", place_kind=k) for k in FOUR), "2026-02-01", "met", 4, 4),
    ("B25-4-4", (), MID, "not_applicable", None, None),
    ("B25-4-4", (wr("own_media", MID),), MID, "not_applicable", None, None),
    ("B25-4-4", RISING, MID, "met", 3, 2),
    ("B25-4-4", RISING, "2026-06-29", "in_progress", 0, 2),
    ("B25-4-4", (wr("own_media", "2025-05-01"), wr("own_media", MID)), MID, "explain", 1, 1),
    ("B25-4-4", (wr("own_media", "2026-03-31"), wr("own_media", MID, quantity=2)), MID, "met", 2, 1),
    ("B25-4-4", (wr("own_media", "2025-06-30", topics="other"), wr("own_media", "2026-03-31", quantity=9), wr("own_media", MID)),
     MID, "met", 1, 0),
    ("B25-4-5", (wr("own_media", subcategory="活动报道"),), LAST, "explain", 0, 2),
    ("B25-4-5", (wr("own_media", subcategory="先进人物"),), "2026-12-30", "in_progress", 1, 2),
    ("B25-4-5", (wr("own_media", subcategory="先进人物"),), LAST, "partial", 1, 2),
    ("B25-4-5", (wr("own_media", subcategory="先进人物"), wr("own_media", subcategory="科普知识")), MID, "met", 2, 2),
    ("B25-4-7", (), "2026-12-30", "in_progress", 0, None),
    ("B25-4-7", (wr("work", "2025-12-31"),), LAST, "explain", 0, None),
    ("B25-4-7", (wr("work", "2026-01-01"),), MID, "met", 1, None),
    ("B25-4-9", (UNI,), LAST, "explain", 0, None),
    ("B25-4-9", (UNI, university("宣传活动", on="2026-01-01")), MID, "met", 1, None),
    ("B25-4-9", (UNI, university("宣传活动", on="2025-12-31")), MID, "in_progress", 0, None),
    ("B25-4-9", (UNI, team(managing_kind="university"), act("publicity", host_team_id=1)), MID, "met", 1, None),
    ("B25-4-9", (UNI, team(managing_kind="own"), act("publicity", host_team_id=1)), MID, "in_progress", 0, None),
    # winter: December to February, keyed by the year of December
    ("B25-4-10", (act("publicity", "2027-01-15", is_winter_campaign="yes"),), "2027-03-31", "met", 1, None),
    ("B25-4-10", (act("publicity", "2026-12-01", is_winter_campaign="yes"),), LAST, "met", 1, None),
    ("B25-4-10", (act("publicity", "2026-11-30", is_winter_campaign="yes"),), "2027-02-28", "in_progress", 0, None),
    ("B25-4-10", (act("publicity", "2026-11-30", is_winter_campaign="yes"),), "2027-03-01", "explain", 0, None),
    ("B25-4-10", (act("publicity", "2027-02-28", is_winter_campaign="yes"),), "2027-03-01", "met", 1, None),
    ("B25-4-10", (act("publicity", "2027-03-01", is_winter_campaign="yes"),), "2027-03-31", "explain", 0, None),
    ("B25-4-10", (act("publicity", "2026-02-28", is_winter_campaign="yes"),), "2027-03-31", "not_met", 0, None),
    ("B25-4-10", (act("publicity", "2026-02-28", is_winter_campaign="yes"),), "2026-11-30", "met", 1, None),
    ("B25-4-10", (act("publicity", "2028-02-29", is_winter_campaign="yes"),), "2028-03-31", "met", 1, None),
    ("B25-4-10", (), "2026-02-28", "in_progress", 0, None),
    ("B25-4-10", (), "2026-03-01", "not_met", 0, None),
    # issues
    ("B25-5-2", (), MID, "recorded", 0, 0),
    ("B25-5-2", (wr("issue", "2026-01-10"),), MID, "in_progress", 0, 1),
    ("B25-5-2", (wr("issue", "2026-01-10", valid_until=MID),), MID, "met", 1, 1),
    ("B25-5-2", (wr("issue", "2026-01-10", valid_until="2026-07-01"),), MID, "in_progress", 0, 1),
    ("B25-5-2", (wr("issue", "2026-01-10", valid_until="2026-03-31"),), MID, "recorded", 0, 0),
    ("B25-5-2", (wr("issue", "2026-07-01"),), MID, "recorded", 0, 0),
    ("B25-2-3", (act("publicity", "2025-12-31", topic="三献"),), LAST, "explain", 0, 3),
    ("B25-2-3", (act("other", topic="三献"),), LAST, "explain", 0, 3),
    ("B25-2-6", (venue("boai_home", opened=MID),), MID, "in_progress", 0, 1),
    ("B25-2-6", (venue("boai_home", opened="2026-07-01"),), MID, "not_applicable", 0, 0),
    ("B25-2-6", (venue("boai_home"), act("service", place="东桥基地")), LAST, "attention", 0, 1),
    ("B25-2-7", (wr("document", subcategory=AID, valid_until="2026-12-30"),), LAST, "explain", 0, 2),
    ("B25-3.1-7", (UNI_RC, team(managing_org="江城学院红十字会", managing_kind="university", suspended_from=MID)), MID,
     "explain", 0, 1),
    ("B25-3.1-7", (UNI_RC, team(managing_org="江城学院红十字会", managing_kind="university", suspended_from="2026-01-01",
                                suspended_until=MID)), MID, "met", 1, 1),
    ("B25-3.1-7", (UNI_RC, team(managing_org="江城学院红十字会", managing_kind="university", primary_domain="other")), MID,
     "explain", 0, 1),
    ("B25-3.1-7", (UNI_RC, team(managing_org="江城学院红十字会", managing_kind="school")), MID, "explain", 0, 1),
    ("B25-3.1-8", (wr("project", subcategory="品牌", valid_from=MID),), MID, "met", 1, None),
    ("B25-3.3-7", (UNI, money("expense", 100, counterpart="江城学院"), money("expense", 100, "2025-03-01", counterpart="江城学院")),
     LAST, "explain", 0, None),
    ("B25-4-9", (UNI, team(managing_kind="university"), act("publicity", "2025-12-31", host_team_id=1)), MID, "in_progress", 0,
     None),
    ("B25-4-9", (UNI, team(managing_kind="university"), act("service", host_team_id=1)), MID, "in_progress", 0, None),
    ("B25-5-2", (wr("issue", MID),), MID, "in_progress", 0, 1),
    ("B25-5-2", (wr("issue", "2026-01-10", valid_until="2026-04-01"),), MID, "met", 1, 1),
]  # fmt: skip

# A record that counts, after what it needs besides; on another topic it must change nothing.
ON_TOPIC: list[tuple[str, tuple[Record, ...], Record]] = [
    ("B25-1-5", (), wr("cooperation", partner_kind="media")),
    ("B25-1-7", (), wr("appointment")),
    ("B25-1-7", (), wr("plan", subcategory="经费预算")),
    ("B25-1-8", (), wr("other", subcategory="专项基金")),
    ("B25-2-3", (), wr("award", topics="hsc_donation,blood_donation")),
    ("B25-2-6", (venue("boai_home"),), act("publicity", place="东桥基地")),
    ("B25-2-7", (), wr("document", subcategory=AID)),
    ("B25-2-7", (), wr("visit", subcategory=AID, quantity=1)),
    ("B25-3.1-5", (), wr("other", subcategory="应急献血者队伍")),
    ("B25-3.1-6", (), wr("other", subcategory="志愿者献血", quantity=1)),
    ("B25-3.1-8", (), wr("project", subcategory="品牌")),
    ("B25-3.3-7", (UNI,), wr("project", partner_kind="university")),
    ("B25-3.4-1", (), wr("consultation", partner_kind="education")),
    ("B25-3.4-4", (), wr("award")),
    ("B25-3.4-4", (), act("award")),
    ("B25-4-2", (), act("publicity", MID)),
    ("B25-4-3", (), act("publicity", place_kind="village")),
    ("B25-4-4", (wr("own_media", "2026-03-31"),), wr("own_media", MID)),
    ("B25-4-5", (), wr("own_media", subcategory="科普")),
    ("B25-4-7", (), wr("work")),
    ("B25-4-9", (UNI,), university("宣传活动")),
    ("B25-4-9", (UNI, team(managing_kind="university")), act("publicity", host_team_id=1)),
    ("B25-5-2", (), wr("issue")),
]
