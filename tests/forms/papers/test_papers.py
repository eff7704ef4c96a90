"""The papers: all are registered, all agree with the quarter's figures, and nobody's numbers are on one."""

import datetime as dt
import importlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pytest

from db.errors import UserError
from db.quarters import Period, Quarter
from db.queries.paper_rows import READS, Scope, person_named, team_named
from db.queries.personal_rows import PERSONAL_READS
from db.queries.year_rows import YEAR_READS
from db.records.entities import BY_NAME, TEAM, VOLUNTEER
from db.storage.store import Store
from db.tasks.assessments import assess
from db.tasks.attachments import attach
from desktop.__main__ import main
from desktop.services.example import make_store
from desktop.services.reporting import paper_data, paper_pdf, quarter_data, write_papers
from forms.papers import PAPERS, Paper, PaperData, paper_named
from forms.papers.blood import fill as fill_blood
from forms.papers.blood import hidden_rows
from forms.papers.self_check import figure
from forms.report.figure_labels import shown
from forms.report.quarterly import QuarterData
from forms.report.situation import article, counted, situation
from forms.words import rmb
from tests.forms.pdf.archival_check import faults
from tests.offices.small import Desk
from tests.test_architecture import ROOT

DAY = dt.date(2026, 10, 8)
QUARTER = Quarter(2026, 3)
NAMES = [paper.name for paper in PAPERS]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The example office; no test changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOAI_DATA", str(tmp_path_factory.mktemp("data")))
        store, _ = make_store(tmp_path_factory.mktemp("office"), DAY)
        with store:
            yield store


@pytest.fixture(scope="module")
def report(office: Store) -> QuarterData:
    return quarter_data(office, QUARTER, DAY)


def somebody(store: Store) -> int:
    """Return the volunteer with the most service records."""
    return int(store.query(
        "SELECT volunteer_id AS id FROM service_record GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")[0]["id"])  # fmt: skip


def data_of(store: Store, name: str, report: QuarterData, team: int | None = None) -> PaperData:
    paper = paper_named(name)
    return paper_data(store, paper, report, team=team, person=somebody(store) if paper.by_person else None)


def text_of(content: bytes) -> str:
    """Return the text of all pages without white space."""
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return re.sub(r"\s", "", "".join(page.extract_text() or "" for page in pdf.pages))


class Collected:
    """Stands in for a document: keeps what a paper puts into it, so that tests need no pages."""

    def __init__(self) -> None:
        self.cells: list[str] = []

    def __getattr__(self, name: str) -> object:
        def take(*parts: object, **more: object) -> None:
            for part in (*parts, *more.values()):
                self._take(part)

        return take

    def _take(self, part: object) -> None:
        if isinstance(part, str):
            self.cells.append(part)
        elif isinstance(part, list | tuple):
            for each in part:
                self._take(each)
        elif hasattr(part, "cells"):
            self._take(list(part.cells))


def words_of(paper: Paper, data: PaperData) -> list[str]:
    made = Collected()
    paper.fill(made, data, paper.full_title(data))  # type: ignore[arg-type]
    return made.cells


def test_the_register_is_whole() -> None:
    files = {p.stem for p in (ROOT / "forms" / "papers").glob("*.py")} - {"__init__", "paper", "book"}
    modules = [importlib.import_module(f"forms.papers.{stem}") for stem in files]
    made = [p for m in modules for p in getattr(m, "LISTS", None) or (m.PAPER,)]
    assert set(made) == set(PAPERS)
    assert len(PAPERS) == len(made) == 28
    assert len({p.name for p in PAPERS} | {p.title for p in PAPERS}) == 2 * len(PAPERS)
    assert {read for p in PAPERS for read in p.reads} | {"report_facts"} == set(READS | YEAR_READS | PERSONAL_READS)
    for paper in PAPERS:
        assert paper_named(paper.name) is paper_named(paper.title) is paper
        assert "证明" not in paper.title
    with pytest.raises(UserError, match="保险情况表"):
        paper_named("没有的表")


def test_two_papers_on_paper_are_the_same_bytes_and_say_what_they_are(office: Store, report: QuarterData) -> None:
    for name in ("money-summary", "service"):
        paper, data = paper_named(name), data_of(office, name, report)
        content = paper_pdf(paper, data, system_fonts=False)
        assert content == paper_pdf(paper, data, system_fonts=False)
        assert faults(content) == []
        text = text_of(content)
        assert paper.title in text
        assert report.name in text


@pytest.mark.parametrize("name", NAMES)
def test_every_paper_can_be_laid_out_and_holds_nobodys_number(name: str, office: Store, report: QuarterData) -> None:
    paper, data = paper_named(name), data_of(office, name, report)
    text = "".join(words_of(paper, data))
    assert len(text) > 100
    assert "{" not in text
    assert "None" not in text
    for row in office.rows(VOLUNTEER):
        for key in ("id_number", "phone", "guardian_phone", "birth_date"):
            assert row[key] is None or str(row[key]) not in text, key
    for row in office.rows(TEAM):
        assert row["leader_phone"] is None or str(row["leader_phone"]) not in text
    if name in ("disclosure", "money-summary", "team-table", "blood"):
        assert "*" not in text, "a masked number has no place here either"


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_office_gets_every_paper_or_a_reason(name: str, store: Store) -> None:
    desk = Desk(store)
    someone = desk.person()
    paper = paper_named(name)
    data = paper_data(store, paper, quarter_data(store, QUARTER, DAY), person=someone if paper.by_person else None)
    if name == "sign-in":
        with pytest.raises(UserError, match="没有登记培训"):
            paper_pdf(paper, data, system_fonts=False)
    elif name in ("self-check", "rectification", "evidence"):
        assert words_of(paper, data)  # long: laid out elsewhere
    else:
        assert paper_pdf(paper, data, system_fonts=False).startswith(b"%PDF")


def test_rows_agree_with_the_figures(office: Store, report: QuarterData) -> None:
    f = report.figures["office"]
    rows = {name: read(office, Scope(QUARTER)) for name, read in READS.items()}
    assert len(rows["uncovered"]) == f["uninsured_end"] > 0
    assert len(rows["roster"]) == f["members_end"]
    assert sum(r["person_times"] for r in rows["trainings"]) == f["training_person_times"]
    assert sum(r["minutes"] or 0 for r in rows["trainings"]) == f["training_minutes"]
    assert sum(r["person_times"] > 0 for r in rows["trainings"]) == f["trainings"]
    for direction in ("income", "expense"):
        summed = sum(r["amount_fen"] for r in rows["entries"] if r["direction"] == direction)
        assert summed == f[f"{direction}_fen"] > 0
    for team in report.figures["teams"]:
        scope = Scope(QUARTER, team=team_named(office, team["team"]))
        assert len(READS["uncovered"](office, scope)) == team["uninsured_end"]
        members = READS["roster"](office, scope)
        assert len(members) == team["members_end"]
        assert sum(r["insured"] for r in members) == team["insured_end"]


def test_sums_on_paper_are_the_figures(office: Store, report: QuarterData) -> None:
    f = report.figures["office"]
    for name, keys in (
        ("money", ("income_fen", "expense_fen")),
        ("money-summary", ("income_fen", "expense_ytd_fen", "balance_fen")),
        ("training", ("training_person_times", "training_minutes")),
        ("insurance", ("insured_end", "uninsured_end")),
    ):
        cells = words_of(paper_named(name), data_of(office, name, report))
        for key in keys:
            assert shown(key, f[key]) in cells, (name, key)
    assert rmb(f["balance_fen"]) in words_of(paper_named("money-summary"), data_of(office, "money-summary", report))
    cells = words_of(paper_named("self-check"), data_of(office, "self-check", report))
    for r in counted(report.results):
        assert {article(r.clause), situation(r), figure(r)} <= set(cells)


def test_a_paper_for_one_team_holds_no_other(office: Store, report: QuarterData) -> None:
    team = next(t["team"] for t in report.figures["teams"] if t["uninsured_end"])
    data = data_of(office, "roster", report, team_named(office, team))
    assert {row["team"] for row in data.rows["roster"]} == {team}
    assert paper_named("roster").full_title(data) == f"{team}2026年第三季度队员花名册"
    other = PaperData(report, team="护航队")
    assert paper_named("roster").full_title(other) == f"{report.name}护航队2026年第三季度队员花名册"
    assert any(f"合计{data.figures['persons_end']}人" in cell for cell in words_of(paper_named("roster"), data))
    with pytest.raises(UserError, match="不分队伍"):
        data_of(office, "blood", report, team_named(office, team))
    with pytest.raises(UserError, match="没有这支队伍"):
        team_named(office, "没有的队伍")


def test_service_of_one_person(office: Store, report: QuarterData) -> None:
    data = data_of(office, "service", report)
    paper = paper_named("service")
    person, records = data.rows["person"][0], data.rows["person_services"]
    assert sum(r["service_minutes"] for r in records) == person["minutes"]
    assert len(records) == person["times"]
    words = words_of(paper, data)
    assert "志愿服务情况登记表（本会台账）" in "".join(words)
    assert "证明" not in "".join(words)
    assert shown("service_minutes", person["minutes"]) in words
    years = {r["year"] for r in records}
    assert {f"{year}年小计" for year in years} <= set(words)
    before = {**person, "opening_minutes": 600, "opening_until": "2025-12-31"}
    earlier = replace(data, rows={**data.rows, "person": [before]})
    total = shown("service_minutes", person["minutes"] + 600)
    said = f"启用台账以前累计服务10.0小时（截至2025年12月31日），连同台账登记的共计{total}小时。"
    assert said in "".join(words_of(paper, earlier))
    assert said not in "".join(words)
    with pytest.raises(UserError, match="按人生成"):
        paper_data(office, paper, report)
    with pytest.raises(UserError, match="不按人生成"):
        paper_data(office, paper_named("blood"), report, person=1)


def test_people_of_one_name_are_told_apart_without_their_numbers(store: Store) -> None:
    desk = Desk(store)
    first, second = (desk.person(id_number=f"E1234567{n}", platform_id=f"P{n}") for n in (1, 2))
    assert person_named(store, "P2") == second
    assert person_named(store, str(first)) == first
    with pytest.raises(UserError, match="请改用台账中的编号") as caught:
        person_named(store, "某人")
    assert "E12345671" not in str(caught.value)
    with pytest.raises(UserError, match="没有找到"):
        person_named(store, "无此人")


def test_blood_is_counted_in_units_of_200_and_few_donors_are_not_shown(store: Store) -> None:
    desk = Desk(store)
    desk.add("blood_target", year=2026, unit="甲镇", scope="group", target_units=10)
    for unit, times, ml in (("甲镇", 4, 1500), ("乙镇", 2, 400)):
        desk.add("blood_result", donated_on="2026-05-01", unit=unit, scope="group", person_times=times, ml=ml)
    desk.add("blood_result", donated_on="2026-10-01", unit="甲镇", scope="group", person_times=9, ml=3600)  # later
    report = quarter_data(store, QUARTER, DAY)
    made = Collected()
    data = paper_data(store, paper_named("blood"), report)
    fill_blood(made, data, "表")  # type: ignore[arg-type]
    at = made.cells.index("甲镇")
    # 乙镇 had two donors; with 甲镇 told, the sum would give them back.
    assert made.cells[at : at + 10] == ["甲镇", "团体", "—", "—", "—", "—", "10", "从略", "从略", "从略"]
    at = made.cells.index("团体小计")
    assert made.cells[at + 7 : at + 10] == ["10", "6", "9"]
    total = data.rows["blood_totals"][-1]
    assert {name: total[name] for name in ("scope", "target_units", "person_times", "ml", "units")} == {
        "scope": None, "target_units": 10, "person_times": 6, "ml": 1900, "units": 9,
    }  # fmt: skip


@pytest.mark.parametrize(("times", "hidden"), [
    ([4, 2], {0, 1}), ([4, 2, 3], {1, 2}), ([1, 2, 9], {0, 1}), ([1, 1, 9, 4], {0, 1, 3}), ([3, 4], set()), ([2], {0}),
    ([2, 0], {0}), ([0, 5], set()),
])  # fmt: skip
def test_no_sum_gives_back_fewer_than_three_donors(times: list[int], hidden: set[int]) -> None:
    assert hidden_rows([{"person_times": n} for n in times]) == hidden


def test_a_row_of_the_whole_area_is_a_total(store: Store) -> None:
    """Street towns and the whole district, entered beside each other: the target is the district's, not both together."""
    desk = Desk(store)
    for unit, units in (("全区", 31270), ("甲镇", 400), ("乙镇", 500)):
        desk.add("blood_target", year=2026, unit=unit, scope="group", target_units=units)
    report = quarter_data(store, QUARTER, DAY)
    data = paper_data(store, paper_named("blood"), report)
    assert [row["target_units"] for row in data.rows["blood_totals"]] == [31270, 31270]
    cells = words_of(paper_named("blood"), data)
    assert "31,270" in cells
    assert "全区" not in cells
    assert report.blood["target_units"] == 31270


def test_the_public_notice_tells_of_our_own_teams_alone(office: Store, report: QuarterData) -> None:
    cells = words_of(paper_named("disclosure"), data_of(office, "disclosure", report))
    others = [t["team"] for t in report.figures["teams"] if not t["own_level"]]
    assert others
    assert not set(others) & set(cells)
    words = "".join(cells)
    assert "监督电话" in words
    assert "捐赠资金" in words
    assert "盖章" not in words


def test_evidence_is_listed_under_its_clause(tmp_path: Path) -> None:
    (tmp_path / "会议纪要.txt").write_text("纪要", encoding="utf-8")
    with Store.create(tmp_path / "台账.boai-db")[0] as store:
        Desk(store)
        clause = next(r.clause for r in quarter_data(store, QUARTER, DAY).results
                      if r.clause.mode == "self" and r.status == "missing_evidence")  # fmt: skip
        proof = attach(store, tmp_path / "会议纪要.txt", on=DAY, note="复印件")
        assess(store, clause.id, QUARTER.end, "done", text="已办", person="某人", on=DAY, attachments=[proof])
        report = quarter_data(store, QUARTER, DAY)
        words = words_of(paper_named("evidence"), paper_data(store, paper_named("evidence"), report))
        assert words.index(f"1　{clause.title}（{article(clause)}）") < words.index("会议纪要.txt")
        assert f"{clause.title}：" not in "".join(words_of(paper_named("rectification"), PaperData(report)))


def test_two_people_of_one_name_get_two_files(store: Store, tmp_path: Path) -> None:
    desk = Desk(store)
    people = [desk.person(), desk.person()]
    paths = write_papers(store, [paper_named("service")], QUARTER, tmp_path, DAY, persons=[*people, people[0]])
    assert len({p.name for p in paths}) == 2
    assert paths[0].name == "青石县红十字会某人志愿服务情况登记表（本会台账）.pdf"
    with pytest.raises(UserError, match="已不存在"):
        write_papers(store, [paper_named("service")], QUARTER, tmp_path, DAY, persons=[999])


def test_the_command(office: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paper"]) == 0
    listed = capsys.readouterr().out
    assert all(p.title in listed for p in PAPERS)
    path = tmp_path / "台账.boai-db"
    with Store.create(path)[0] as store:
        Desk(store).training("2026-08-01", "first_aid")
    assert main(["paper", "培训情况表", "--db", str(path), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "青石县红十字会2026年第三季度培训情况表.pdf").exists()
    capsys.readouterr()
    for words in (
        ["培训情况表"],
        ["无此表", "--out", str(tmp_path)],
        ["service", "--out", str(tmp_path)],
        ["roster", "--team", "无此队", "--out", str(tmp_path)],
    ):
        assert main(["paper", *words, "--db", str(path)]) == 2, words
        assert "\n" not in capsys.readouterr().err.strip()


def test_masks_are_the_ledgers_own(office: Store, report: QuarterData) -> None:
    data = data_of(office, "roster", report)
    cells = set(words_of(paper_named("roster"), data))
    mask = BY_NAME["volunteer"]["id_number"]
    assert all(mask.show(row["id_number"]) in cells for row in data.rows["roster"])


def test_the_districts_plan_is_one_table(store: Store) -> None:
    """2024 of the one district with a plan: ceilings, the city's task of two ways of donating, the drill inside it."""
    desk = Desk(store, "310117")
    for unit, scope, units, more in (
        ("全区", "group", 15000, {"blood_reserve": 400}),
        ("甲镇", "group", 900, {"unemployed_citizens": 12000, "planned_persons": 300, "blood_reserve": 25,
                              "reserve_reported_on": "2024-04-30"}),
        ("乙厂", "group", 600, {"employees": 2000, "planned_persons": 100}),
        ("甲镇", "street", 8770, {}), ("某大学", "university", 7500, {}),
    ):  # fmt: skip
        desk.add("blood_target", year=2024, unit=unit, scope=scope, target_units=units, **more)
    for unit, scope, times, ml in (
        ("甲镇", "group", 500, 120_000),
        ("甲镇", "street", 90, 20_000),
        ("某大学", "university", 70, 14_000),
    ):
        desk.add("blood_result", donated_on="2024-05-01", unit=unit, scope=scope, person_times=times, ml=ml)
    desk.note("other", "2024-06-01", subcategory="应急献血演练", quantity=380)
    report = quarter_data(store, Quarter(2024, 4), DAY)
    data = paper_data(store, paper_named("blood"), report)
    cells = words_of(paper_named("blood"), data)
    at = cells.index("甲镇")
    assert cells[at : at + 11] == ["甲镇", "团体", "—", "12,000", "300", "300", "900", "500", "600", "66.7%", "25"]
    at = cells.index("乙厂")
    assert cells[at + 2 : at + 6] == ["2,000", "—", "130", "100"], "sixty-five in a thousand of the staff"
    at = cells.index("团体小计")
    assert cells[at + 7 : at + 10] == ["15,000", "500", "600"], "the district's row stands for its parts"
    at = cells.index("市政府任务（团体和街头）")
    assert cells[at + 7 : at + 11] == ["23,770", "—", "700", "2.9%"]
    at = cells.index("其中应急献血演练")
    assert cells[at + 7 : at + 11] == ["400", "—", "380", "95%"]
    at = cells.index("合计")
    assert cells[at + 7 : at + 10] == ["31,270", "660", "770"]


def test_a_training_of_several_days_has_a_sheet_for_each(office: Store, report: QuarterData) -> None:
    """Two days, two sheets with their own date; a training of half a year has one."""
    data = data_of(office, "sign-in", report)
    training = data.rows["trainings"][0]
    for first, last, days in (
        ("2026-07-04", "2026-07-05", ["2026年7月4日", "2026年7月5日"]), ("2026-07-04", None, ["2026年7月4日"]),
        ("2026-03-01", "2026-08-30", ["2026年3月1日至2026年8月30日"]),
    ):  # fmt: skip
        one = replace(data, rows={**data.rows, "trainings": [{**training, "start_on": first, "end_on": last}]})
        words = words_of(paper_named("sign-in"), one)
        assert [word for word in words if word.startswith("日期：")] == [f"日期：{day}" for day in days]
        assert sum("（第" in word and "天）" in word for word in words) == (len(days) if len(days) > 1 else 0)


@pytest.mark.parametrize("period", ["2026H1", "2026"])
def test_papers_of_a_half_year_and_a_year_speak_of_no_quarter(office: Store, period: str) -> None:
    """Every paper is made of a longer period too, with its rows, and its headings and notes are in its words."""
    report = quarter_data(office, Period.parse(period), dt.date(2027, 1, 5))
    quarters = [quarter_data(office, q, dt.date(2027, 1, 5)) for q in report.quarter.quarters]
    for paper in PAPERS:
        data = data_of(office, paper.name, report)
        own = {str(value) for rows in data.rows.values() for row in rows for value in row.values()}
        own |= {r.clause.title for r in report.results} | {r.message for r in report.results}
        words = [word for word in words_of(paper, data) if not any(part in word for part in own if "季" in part)]
        if paper.name not in ("self-check", "rectification", "evidence"):  # the clauses' own words are about quarters
            assert not [word for word in words if re.search("[本上]季|季[末初]", word)], paper.title
    whole = len(data_of(office, "training", report).rows["trainings"])
    assert whole == sum(len(data_of(office, "training", each).rows["trainings"]) for each in quarters) > 0
