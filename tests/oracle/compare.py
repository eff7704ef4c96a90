"""Program against oracle over one random office: every disagreement as a line to read."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.records.choices import DOMAINS
from db.records.entities import FUND_ENTRY
from tests.oracle import computed, provincial, semi
from tests.oracle.base import Office, Verdict, period_days, year_start
from tests.oracle.edition_dice import turned_office
from tests.oracle.figures import figures
from tests.oracle.office_dice import BOUNDARY_DATES, PERIODS
from tests.oracle.program import Judged, Program, running
from tests.oracle.register import REGISTER, gate, listed
from tests.oracle.semi_dice import enriched_office
from tests.oracle.standing import effective, say

DAYS = 14


@dataclass(frozen=True)
class Difference:
    """One disagreement: where (`figure members_end`, `clause B25-1-3`, …), and the line that tells it."""

    where: str
    line: str


def figure_differences(program: Program, office: Office, period: str) -> list[Difference]:
    """Every figure of a period that differs."""
    try:
        ours = program.figures(period)
    except Exception as error:  # a period that it cannot do is one more difference, and the run goes on
        return [Difference(f"period {period}", f"{type(error).__name__}: {error}")]
    theirs = figures(office, period)
    found = []
    mine = {line["team"]: line for line in ours["teams"]}
    if mine.keys() != {line["team"] for line in theirs["teams"]}:
        found.append(Difference("figure teams", f"{period}: other teams"))
    pairs: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
        ("office", ours["office"], theirs["office"]),
        ("shared", ours["shared"], theirs["shared"]),
    ]
    pairs += [(line["team"], mine.get(line["team"], {}), line) for line in theirs["teams"]]
    for name, got, expected in pairs:
        found += [
            Difference(f"figure {key}", f"{period} {name}: {got.get(key, 'absent')}, expected {value}")
            for key, value in expected.items()
            if got.get(key, "absent") != value
        ]
        members = [got.get(f"members_{part}", 0) for part in ("start", "joined", "left", "end")]
        if members[0] + members[1] - members[2] != members[3]:
            found.append(Difference("figure members", f"{period} {name}: do not reconcile: {members}"))
    return found


# The rows of 省级汇总表 that are no figure: what the oracle calls them, and what the program does.
PROVINCE = {
    "三献队伍": "teams_three_donations", "志愿者网已登记": "teams_on_network", "民政已登记": "teams_civil",
    "已设党组织": "teams_with_party", "有活动的": "teams_with_activities", "骨干人数": "members_backbone",
    "取证人数": "training_certified", "普及人次": "training_reached", "无偿献血科普期数": "training_with_blood",
    "目标人份": "blood_target_units", "完成人次": "blood_person_times", "毫升数": "blood_ml",
    "会商次数": "work_consultations", "宣传活动场次": "activities_publicity", "招募活动场次": "activities_recruitment",
    "受众人次": "activities_audience", "接收折价": "goods_received_fen", "发放折价": "goods_issued_fen",
    "在执行个数": "work_projects",
} | {f"领域 {label}": f"teams_domain_{code}" for code, label in DOMAINS if code != "humanitarian_aid"}  # fmt: skip
SOURCES = {label: code for code, label in FUND_ENTRY["fund_source"].kind.options} | {"": "unknown"}  # type: ignore[attr-defined]


def province_differences(program: Program, office: Office, period: str) -> list[Difference]:
    """Every row of 省级汇总表 that differs, in the period and in the year so far."""
    table = program.province(period)
    _, last = period_days(period)
    found = []
    for column, got, expected, days in (
        ("本期", table.now, provincial.table(office, period), period_days(period)),
        ("本年累计", table.year, provincial.year_so_far(office, last), (year_start(last), last)),
    ):
        share = expected.pop("占常住人口（‰）")
        rows = {PROVINCE[name]: value for name, value in expected.items()}
        rows["volunteers_per_million"] = None if share is None else int(share * 1000)
        income = provincial.income_by_source(office, *days)
        rows |= {f"income_from_{code}_fen": income.get(label, 0) for label, code in SOURCES.items()}
        found += [
            Difference(f"province {name}", f"{period} {column}: {got.get(name, 'absent')}, expected {value}")
            for name, value in rows.items()
            if got.get(name, "absent") != value
        ]
    return found


def verdict_difference(clause: str, judged: Judged | None, expected: Verdict, figure: bool) -> list[Difference]:
    """The disagreement over one clause; its figure too, where the contract fixes one."""
    if judged is None:
        return [Difference(f"clause {clause}", "not judged")]
    if judged.status != expected.status:
        return [Difference(f"clause {clause}", f"{judged.status} {judged.k}/{judged.n}, expected {expected}")]
    unsaid = expected.status == "missing_data" and not expected.n and not expected.k
    if expected.status == "not_applicable" or unsaid or not figure:
        return []  # where nothing is counted, the contract does not say how that is written
    wrong = {
        name for name, value in expected.facts.items() if name.endswith("_fen") and judged.facts.get(name) != value
    }
    if (judged.k, judged.n) != (expected.k, expected.n) or wrong:
        return [Difference(f"clause {clause}", f"{judged.status} {judged.k}/{judged.n} {wrong}, expected {expected}")]
    return []


def computed_differences(seed: int, folder: Path) -> list[Difference]:
    """Figures of every period, and the computed clauses on some days."""
    office = turned_office(seed)
    with running(office, folder, seed=seed, messy=seed % 2 == 1) as program:
        found = [Difference("import", line) for line in program.refused]
        for period in PERIODS:
            found += figure_differences(program, office, period)
            found += province_differences(program, office, period)
        for day in random.Random(seed).sample(BOUNDARY_DATES, DAYS):
            got = program.verdicts(day)
            for clause, verdict in computed.check(office, day).items():
                figure = clause in computed.RATIO_CLAUSES
                found += [
                    Difference(d.where, f"{day}: {d.line}")
                    for d in verdict_difference(clause, got.get(clause), verdict, figure)
                ]
    return found


def semi_differences(seed: int, folder: Path) -> list[Difference]:
    """The semi-automatic clauses on the days of the office's time, and which clauses are in its totals."""
    office, days = enriched_office(seed)
    with running(office, folder, seed=seed, messy=seed % 4 in (1, 2)) as program:
        found = [Difference("import", line) for line in program.refused]
        for day in days:
            got = program.verdicts(day)
            for clause, verdict in semi.verdicts(office, day).items():
                found += [
                    Difference(d.where, f"{day}: {d.line}")
                    for d in verdict_difference(clause, got.get(clause), verdict, clause not in semi.SELF)
                ]
            for clause in REGISTER:
                said, expected = got[clause].listed if clause in got else False, listed(office, clause, day)
                if said is not expected:
                    found.append(Difference(f"listed {clause}", f"{day}: {said}, expected {expected}"))
    return found


QUARTER_ENDS = tuple(period_days(f"{year}Q{quarter}")[1] for year in (2025, 2026, 2027) for quarter in (1, 2, 3, 4))


def standing_differences(seed: int, folder: Path) -> list[Difference]:
    """Some clauses are answered at two quarter-ends; then what counts at every quarter-end from 2025 to 2027."""
    office, _ = enriched_office(seed)
    rng = random.Random(seed)
    mine = [clause for clause, row in REGISTER.items() if row.mode in ("semi", "self")]
    said, refused = [], []
    with running(office, folder, seed=seed) as program:
        for day in sorted(rng.sample(QUARTER_ENDS[3:8], 2)):
            for clause in rng.sample(mine, 25):
                if gate(office, clause, day) is not None:
                    continue
                answer = say(office, clause, day, "partial" if REGISTER[clause].mode == "self" else "explain")
                if (why := program.say(clause, day, answer.status)) is None:
                    said.append(answer)
                else:
                    refused.append(Difference(f"answer {clause}", f"{day}: {answer.then.status}: {why}"))
        found = refused
        for day in QUARTER_ENDS:
            got = program.counts(day)
            for clause in dict.fromkeys(answer.clause for answer in said):
                expected = effective(office, clause, day, said)
                if got.get(clause) != expected.status:
                    given = [str(answer.day) for answer in said if answer.clause == clause]
                    found.append(
                        Difference(f"stands {clause}", f"{day}, said {given}: {got.get(clause)}, expected {expected}")
                    )
    return found
