"""The year's papers: certificates with their register, thresholds with their days, lists whose sums are checked by hand."""

import datetime as dt
import io
import json
from pathlib import Path

import openpyxl
import pypdf
import pytest

from db.errors import UserError
from db.quarters import Period
from db.queries.hour_thresholds import thresholds
from db.queries.paper_rows import Scope
from db.queries.year_rows import YEAR_READS, blood_stars, commendable, minors, person_hours, posts, stars, to_register
from db.records.entities import (
    ACTIVITY,
    ATTENDANCE,
    MEMBERSHIP,
    OFFICE,
    SERVICE_RECORD,
    TEAM,
    TRAINING,
    VOLUNTEER,
    WORK_RECORD,
)
from db.records.internal_entities import HOUR_THRESHOLD, SERVICE_CERTIFICATE, SUPERIOR_TASK
from db.rules.checks import check_office
from db.storage.store import Store
from db.tasks import service_certificates
from db.year_days import days_of_year, theme_days
from desktop.pages import BY_KEY
from desktop.services import year_papers
from desktop.services.reminders import coming_days, page_of_day
from desktop.services.reporting import paper_data, quarter_data
from forms.papers import PAPERS, paper_named
from forms.papers.book import paper_book
from tests.desktop.conftest import _whole, id_number
from tests.forms.pdf.archival_check import faults
from tests.offices.small import Desk

TODAY = dt.date(2026, 12, 20)
YEAR = Period.parse("2026")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Four people: long service before the ledger, much this year, blood service, and none."""
    made, _ = Store.create(tmp_path / "台账.boai-db")
    with made.operation("建立"):
        for item, content in (("name", "某县红十字会"), ("level", "县级"), ("contact_phone", "0512-60000000")):
            made.save(OFFICE, {"item": item, "content": content, "start_on": None})
        for code, name, domain in (("T1", "救援队", "emergency_rescue"), ("T2", "献血队", "blood_donation")):
            made.save(
                TEAM,
                _whole(
                    TEAM,
                    name=name,
                    code=code,
                    managing_org="某县红十字会",
                    primary_domain=domain,
                    established_on="2019-01-01",
                ),
            )
        for n, (name, more) in enumerate(
            (
                ("老队员", {"opening_minutes": 90 * 60, "opening_until": "2025-12-31", "platform_id": "P1"}),
                ("新队员", {}),
                ("献血员", {"platform_id": "P3", "opening_minutes": 500 * 60, "opening_until": "2025-06-30"}),
                ("未服务", {}),
            ),
            1,
        ):
            made.save(
                VOLUNTEER,
                _whole(
                    VOLUNTEER,
                    name=name,
                    id_type="resident_id",
                    id_number=id_number(n),
                    registered_on="2024-01-01",
                    **more,
                ),
            )
            made.save(
                MEMBERSHIP, _whole(MEMBERSHIP, team_id=2 if n == 3 else 1, volunteer_id=n, joined_on="2024-01-01")
            )
        for person, team, day, hours, proof in (
            (1, 1, "2026-02-01", 8, "yes"), (1, 1, "2026-05-01", 4, "no"),
            (2, 1, "2025-03-01", 5, "yes"), (2, 1, "2026-03-01", 12, "yes"), (2, 1, "2026-09-01", 8.5, None),
            *((3, 2, f"2026-{month:02}-15", 10, "yes") for month in range(1, 12)),
        ):  # fmt: skip
            made.save(
                SERVICE_RECORD,
                _whole(
                    SERVICE_RECORD,
                    volunteer_id=person,
                    team_id=team,
                    served_on=day,
                    service_minutes=int(hours * 60),
                    has_proof=proof,
                ),
            )
        training = made.save(
            TRAINING,
            _whole(
                TRAINING, code="X1", name="救护员班", category="first_aid", start_on="2026-04-01", class_minutes=960
            ),
        )
        made.save(
            ATTENDANCE,
            _whole(ATTENDANCE, training_id=training, volunteer_id=1, result="passed", certificate="救护员证"),
        )
        made.save(ATTENDANCE, _whole(ATTENDANCE, training_id=training, volunteer_id=2, result="absent"))
    return made


def text_of(path: Path) -> str:
    assert faults(path.read_bytes()) == []
    return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages).replace("\n", "")


def test_hours_by_person_add_up(store: Store) -> None:
    found = {r["name"]: r for r in person_hours(store, Scope(Period.parse("2026Q1")))}
    assert {n: (r["times"], r["minutes"] / 60, r["proven"] / 60, r["year_minutes"] / 60, r["total"] / 60) for n, r in found.items()} == {
        "献血员": (3, 30, 30, 30, 530), "新队员": (1, 12, 12, 12, 17), "老队员": (1, 8, 8, 8, 98),
    }  # fmt: skip
    year = {r["name"]: r["minutes"] / 60 for r in person_hours(store, Scope(YEAR))}
    assert year == {"献血员": 110, "新队员": 20.5, "老队员": 12}


def test_who_served_twenty_hours_and_is_not_registered(store: Store) -> None:
    assert [r["name"] for r in to_register(store, Scope(YEAR))] == ["新队员"]
    assert to_register(store, Scope(YEAR, dt.date(2026, 8, 31))) == []  # 12 hours by then
    with store.operation("标准"):
        store.save(HOUR_THRESHOLD, {"name": "registration", "start_on": "2026-06-01", "minutes": 1231, "basis": None})
    assert to_register(store, Scope(YEAR)) == []
    assert thresholds(store, dt.date(2026, 5, 31))["registration"].minutes == 1200  # the past stays as it was
    assert thresholds(store, dt.date(2026, 6, 1))["registration"].minutes == 1231


def test_stars_and_the_days_they_were_reached(store: Store) -> None:
    found = {r["name"]: (r["grade"], r["reached_on"], r["is_new"]) for r in stars(store, Scope(YEAR))}
    assert found == {"献血员": (3, "2026-10-15", True), "老队员": (1, "2026-05-01", True)}
    assert {r["name"]: r["days"] for r in stars(store, Scope(YEAR))}["献血员"] == {
        1: "2025-06-30", 2: "2025-06-30", 3: "2026-10-15",
    }  # fmt: skip
    # Hours before the ledger bear no field: 110 in the blood team this year, the hundredth on 15 October.
    assert [(r["name"], r["grade"], r["reached_on"]) for r in blood_stars(store, Scope(YEAR))] == [
        ("献血员", 1, "2026-10-15")
    ]
    assert thresholds(store, dt.date(2021, 12, 31))["blood_one"].minutes == 120 * 60
    assert thresholds(store, dt.date(2022, 1, 1))["blood_one"].minutes == 100 * 60


def test_grounds_for_praise_are_facts(store: Store) -> None:
    found = {r["name"]: dict(r["grounds"]) for r in commendable(store, Scope(YEAR))}
    assert found == {"献血员": {"new_star": 3, "new_blood_star": 1, "most_hours": 0}, "老队员": {"new_star": 1}}


def test_a_certificate_counts_what_is_proven_and_stays_as_it_was(store: Store, tmp_path: Path) -> None:
    made = year_papers.issue(store, 1, None, TODAY, TODAY, tmp_path, head="张主任", handler="李干事")
    assert (made.number, made.unproven) == ("2026-0001", 1)
    said = text_of(made.path)
    for words in ("8.0小时", "2026-0001", id_number(1), "张主任", "李干事", "救护员班", "0512-60000000"):
        assert words in said
    assert "12.0小时" not in said
    whole = year_papers.issue(store, 1, None, TODAY, TODAY, tmp_path, reason="签到表已核对")
    assert whole.number == "2026-0002"
    assert "12.0小时" in text_of(whole.path)
    assert "签到表已核对" in text_of(whole.path)
    before = made.path.read_bytes()
    assert year_papers.print_again(store, made.id, tmp_path) == made.path  # the same bytes: no second file
    assert made.path.read_bytes() == before
    with store.operation("改"):
        store.save(VOLUNTEER, dict(store.row(VOLUNTEER, 1) or {}) | {"name": "改了名"})
        store.save(SERVICE_RECORD, dict(store.row(SERVICE_RECORD, 1) or {}) | {"service_minutes": 60})
    again = year_papers.print_again(store, made.id, tmp_path)
    assert again != made.path
    assert "有改动" in text_of(again)
    assert "老队员" in text_of(again)
    notes = store.query("SELECT title FROM operation WHERE kind = 'event'")
    assert sum(r["title"] == "再次打印志愿服务记录证明" for r in notes) == 2


def test_numbers_are_given_once(store: Store, tmp_path: Path) -> None:
    year_papers.issue(store, 1, None, TODAY, TODAY, tmp_path)
    year_papers.issue(store, 2, None, TODAY, TODAY, tmp_path)
    store.undo()  # the paper may have been handed out already
    assert year_papers.issue(store, 2, None, TODAY, TODAY, tmp_path).number == "2026-0003"
    assert year_papers.issue(store, 2, None, dt.date(2027, 1, 2), dt.date(2027, 1, 2), tmp_path).number == "2027-0001"


def test_revoked_is_said_on_paper_and_only_with_a_reason(store: Store, tmp_path: Path) -> None:
    made = year_papers.issue(store, 2, None, TODAY, TODAY, tmp_path)
    with pytest.raises(UserError, match="原因"), store.operation("作废"):
        service_certificates.revoke(store, made.id, TODAY, " ")
    with store.operation("作废"):
        service_certificates.revoke(store, made.id, TODAY, "重复出具")
    row = store.row(SERVICE_CERTIFICATE, made.id)
    assert row is not None
    assert (row["revoked_on"], row["why_revoked"]) == ("2026-12-20", "重复出具")
    assert "作废" in text_of(year_papers.print_again(store, made.id, tmp_path))
    with pytest.raises(UserError, match="已经作废"), store.operation("作废"):
        service_certificates.revoke(store, made.id, TODAY, "再来")


@pytest.mark.parametrize(("start", "end"), [("2026-05-01", "2026-04-01"), (None, "2027-01-01")])
def test_impossible_days_are_refused(store: Store, tmp_path: Path, start: str | None, end: str) -> None:
    with pytest.raises(UserError, match="起止日期"):
        year_papers.issue(
            store, 1, dt.date.fromisoformat(start) if start else None, dt.date.fromisoformat(end), TODAY, tmp_path
        )
    assert store.rows(SERVICE_CERTIFICATE) == []


def test_nobody_is_certified_nothing_and_twelve_years_with_long_names(store: Store, tmp_path: Path) -> None:
    none = year_papers.issue(store, 4, None, TODAY, TODAY, tmp_path)
    assert "0.0小时" in text_of(none.path)
    with store.operation("多年"):
        store.save(
            VOLUNTEER,
            _whole(
                VOLUNTEER,
                name="Anna-Maria O’Neill",
                id_type="passport",
                id_number="E12345678",
                registered_on="2014-01-01",
            ),
        )
        store.save(
            ACTIVITY,
            _whole(ACTIVITY, code="H1", name="古丽巴哈尔阿不都家访", category="service", start_on="2015-01-01"),
        )
        for n in range(12 * 12):
            day = dt.date(2015 + n // 12, n % 12 + 1, 5)
            store.save(
                SERVICE_RECORD,
                _whole(
                    SERVICE_RECORD,
                    volunteer_id=5,
                    team_id=1,
                    activity_id=1,
                    served_on=day.isoformat(),
                    service_minutes=90,
                    has_proof="yes",
                ),
            )
    made = year_papers.issue(store, 5, dt.date(2015, 1, 1), dt.date(2026, 12, 10), TODAY, tmp_path)
    said = text_of(made.path)
    assert "216.0小时" in said
    assert [said.replace(" ", "").count(f"{year}年小计18.0") for year in range(2015, 2027)] == [1] * 12
    first = pypdf.PdfReader(made.path).pages[0].extract_text()
    assert "联系电话：0512-60000000" in first  # what is signed stands on the one page that is sealed
    assert "2026年12月20日" in first.rpartition("某县红十字会")[2]


def test_lists_are_written_as_pdf_and_excel_alike(store: Store, tmp_path: Path) -> None:
    papers = [p for p in PAPERS if p.reads and set(p.reads) <= YEAR_READS.keys()]
    assert len(papers) == 10
    made = year_papers.write_lists(store, papers, YEAR, tmp_path / "名单", TODAY)
    assert len(made) == 20
    path = next(p for p in made if "个人服务时长" in p.name and p.suffix == ".xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[1] for row in rows[:3]] == ["献血员", "新队员", "老队员"]
    assert rows[0][4] == 110  # a number, not a text
    assert rows[3][0] == "合计3人"
    assert rows[3][4] == 142.5
    for number in (id_number(n) for n in range(1, 5)):
        for file in made:
            if file.suffix == ".pdf":
                assert number not in text_of(file)


def test_the_days_of_a_year() -> None:
    known = {
        2024: "2024-09-21",
        2025: "2025-09-20",
        2026: "2026-09-19",
        2027: "2027-09-18",
        2028: "2028-09-16",
        2030: "2030-09-21",
    }
    assert {year: theme_days(year)["world_marrow_donor_day"].isoformat() for year in known} == known
    days = days_of_year(2026)
    assert {d.isoformat() for d in (day.day for day in days)} >= {
        "2026-05-08",
        "2026-06-14",
        "2026-09-19",
        "2026-04-10",
        "2026-01-10",
    }


def test_what_is_kept_of_a_certificate_is_whole(store: Store, tmp_path: Path) -> None:
    made = year_papers.issue(store, 1, None, TODAY, TODAY, tmp_path)
    row = store.row(SERVICE_CERTIFICATE, made.id)
    assert row is not None
    kept = json.loads(str(row["content"]))
    assert (kept["number"], kept["minutes"], kept["times"]) == (row["number"], row["minutes"], row["times"])
    assert [s["minutes"] for s in kept["services"]] == [480]


def test_minors_with_their_guardians_and_posts_that_are_held() -> None:
    """Under 18 on the day and registered, a birthday being the first day of age; posts within their term, both ends inside."""
    with Store.memory() as store:
        with store.operation("建立"):
            team = store.save(TEAM, _whole(
                TEAM, name="学生队", managing_org="某中学", primary_domain="first_aid", established_on="2020-01-01",
            ))  # fmt: skip
            for n, (name, born, guardian, left) in enumerate((
                ("刚成年", "2008-12-20", None, None), ("差一天", "2008-12-21", "李父", None), ("最小", "2012-02-29", None, None),
                ("退出的", "2012-03-01", None, "2026-06-01"), ("没有生日", None, None, None),
            ), 1):  # fmt: skip
                store.save(VOLUNTEER, _whole(
                    VOLUNTEER, name=name, id_type="passport", id_number=f"E{n}", registered_on="2024-01-01", birth_date=born,
                    guardian=guardian, left_on=left,
                ))  # fmt: skip
            for title, until, whose in (("甲", "2026-12-20", team), ("乙", "2026-12-19", None), ("丙", None, None)):
                store.save(WORK_RECORD, _whole(
                    WORK_RECORD, category="appointment", recorded_on="2022-01-01", title=title, subcategory="理事",
                    valid_until=until, team_id=whose,
                ))  # fmt: skip
        scope = Scope(YEAR, TODAY)
        assert [(r["name"], r["age"], r["guardian"]) for r in minors(store, scope)] == [
            ("最小", 14, None),
            ("差一天", 17, "李父"),
        ]
        assert [(r["title"], r["team"]) for r in posts(store, scope)] == [("甲", "学生队"), ("丙", None)]
        leap = Scope(Period.parse("2026Q1"), dt.date(2028, 2, 29))
        assert "最小" in [r["name"] for r in minors(store, leap)]


def test_days_that_come_are_told_until_a_verdict_says_they_are_settled() -> None:
    """Over the year's end, both ends inside; a theme day that was kept and a consultation that was held are left out."""
    with Store.memory() as store:
        desk = Desk(store)

        def told(today: str, days: int) -> list[str]:
            day = dt.date.fromisoformat(today)
            return [d.what for d in coming_days(day, days, check_office(store, day))]

        assert told("2026-05-08", 0) == ["世界红十字日"]
        assert told("2026-12-31", 31) == ["下半年会商", "制定年度计划"]
        assert told("2026-06-01", 30) == ["世界献血者日", "上半年会商"]
        desk.activity("2026-05-02", "宣传", theme_day="world_red_cross_day")
        desk.note("consultation", "2026-03-01", partner_kind="health_authority", topics="blood_donation")
        assert told("2026-05-08", 0) == []
        assert told("2026-06-01", 30) == ["世界献血者日"]
        assert "下半年会商" in told("2026-12-20", 30)  # one is not enough for the year
        assert {page_of_day(d) for d in days_of_year(2026)} <= set(BY_KEY)


def test_the_years_calendar_names_the_superiors_deadlines(store: Store) -> None:
    row = {"direction": "taken", "number": "1", "office_uid": "u", "office": "某市红十字会", "period": "2026Q3", "title": "三季报",
           "deadline": "2026-10-12", "recorded_on": "2026-09-01", "key": "k", "content": "{}", "signature": "s"}  # fmt: skip
    with store.operation("收任务"):
        store.save(SUPERIOR_TASK, row)
    data = paper_data(store, paper_named("calendar"), quarter_data(store, YEAR, TODAY))
    book = paper_book(paper_named("calendar"), data)
    assert book is not None
    rows = [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows()]
    assert any(row[1:4] == ["10-12", "三季报截止", "某市红十字会下达"] for row in rows)
