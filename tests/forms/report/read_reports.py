"""A reader of reports: what stands in one that no official would write, and every number that is not its figure.

Random offices of every size, with what people said of clauses, are reported and read; so are the words of all papers.
`python -m tests.forms.report.read_reports --seeds 0-199` reads as many as wanted.
"""

import argparse
import datetime as dt
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.quarters import Period, Quarter
from db.records.internal_entities import CONFIRMATION, SELF_ASSESSMENT
from db.rules.checks import QUESTIONS, check_office
from db.rules.register import register
from db.storage.store import Store
from db.tasks.assessments import CONFIRMABLE
from desktop.services.importing import import_files
from desktop.services.reporting import paper_data, quarter_data
from forms.papers import PAPERS
from forms.report.pdf import check_lines
from forms.report.quarterly import QuarterData
from forms.report.report_text import report_sections
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook
from tests.oracle.edition_dice import turned_office

LATER = dt.timedelta(days=8)  # from a period's last day to its report
SAID = ("因农忙季节，活动顺延至10月", "已制定办法并印发。\n下一步抓好落实。", "正与有关部门商定")

FAULTS = {
    "比…持平": r"比[^，。；]{0,12}持平", "无中生有": r"0笔|0条没有|0人没有", "双句号": r"。。|，，|；；|、、|：：",
    "标点相连": r"[，；、：]。|。[，；、]|，；|；，|、[，；]|：[，；]", "空列举": r"（）|（、|、）|“”|：$|，其中[，。；]|分，。",
    "数字旁的空格": r"[\u4e00-\u9fff] \d|\d [\u4e00-\u9fff]", "程序痕迹": r"None|nan|⟦|⟧|\{|\}|_fen|True|False",
    "叠词": r"本季度本季度|本年本年|截至截至|共共|来源为来源", "变化为零": r"(?:增加|减少)0(?![.\d])", "负零": r"-0(?!\.\d*[1-9])",
    "元角分": r"\d\.00元", "没有数": r"—(?:支|人|期|次|元)",
    "问题里的零": r"^[^：]*(?<![\d.])0(?:支|次|期|条|类|个)[^。]*。.*按照.*要求，拟于",
}  # fmt: skip
# Words of the screen. 申请 is no 请.
PROMPTS = re.compile(r"(?<!申)请(?![求假])|填写|勾选|录入|登记到|没有填|点击|导入|本会情况中|参考值")
# What the sentences say, and the office's figure that it is.
NUMBERS = {
    r"在册红十字志愿服务队伍(\d+)支": "teams_end", r"其中本级管理(\d+)支": "teams_own_end",
    r"登记红十字志愿者(\d+)人": "volunteers_end", r"，在队(\d+)人（": "persons_end", r"举办培训(\d+)期": "trainings",
    r"参训(\d+)人次": "training_person_times", r"人次、(\d+)人(?:，共|（|；|。)": "training_persons", r"共([\d.]+)人学时": "training_minutes",
    r"服务时长([\d.]+)小时": "service_minutes", r"开展活动(\d+)次": "activities", r"(\d+)名志愿者提供服务": "service_persons",
    r"新登记志愿者(\d+)人": "volunteers_joined", r"人，退出(\d+)人": "volunteers_left", r"入队(\d+)人次": "members_joined",
    r"退队(\d+)人次": "members_left", r"(\d+)人未投保": "uninsured_end", r"(\d+)份保单将于": "policies_expiring_30d",
    r"(?:季度|半年|本年)收入([-\d.]+)元": "income_fen", r"；支出([-\d.]+)元": "expense_fen", r"结余([-\d.]+)元": "balance_fen",
}  # fmt: skip


def office_of(seed: int) -> dict[str, Any]:
    """Return an office of many teams, a tangled one, one of one team, one with nothing or with little, turn by turn."""
    kind = seed % 4
    if kind == 1:
        return turned_office(seed, 0.6)
    office = random_office(seed, {0: 1.0, 2: 0.5, 3: 0.15}[kind])
    if kind == 2:
        office["志愿服务队伍"] = office["志愿服务队伍"][:1]
    if kind == 3 and seed % 8 == 3:
        office = {sheet: rows if sheet == "本会情况" else [] for sheet, rows in office.items()}
    return office


def period_of(seed: int) -> tuple[Period, dt.date]:
    """Return the period and the last day of a seed's report: mostly a quarter, sometimes one that runs, a half-year, a year."""
    period = {5: Period(2026, 1, 6), 6: Period(2026, 1, 12)}.get(seed % 7, Quarter(2026, 1 + seed % 3))
    return period, period.end - dt.timedelta(days=20 if seed % 5 == 0 else 0)


def answer(store: Store, seed: int, day: dt.date) -> None:
    """Let people speak of about half of what waits for them, agreeing or not."""
    rng = random.Random(seed)
    quarter = str(Quarter.of(day))
    with store.operation("自评和确认"):
        for result in check_office(store, day):
            clause, text = result.clause, rng.choice(SAID)
            if result.status != "missing_evidence" or rng.random() < 0.5:
                continue
            if clause.mode == "self":
                rating = rng.choice(("partly_done", "not_done", "not_applicable"))
                store.save(SELF_ASSESSMENT, {
                    "clause": clause.id, "quarter": quarter, "rating": rating, "text": text, "assessor": "王某",
                    "assessed_on": day.isoformat(),
                })  # fmt: skip
                continue
            said = rng.choice((str(result.proposed), rng.choice(CONFIRMABLE)))
            if said == "not_met" and clause.strength != "mandatory":
                continue
            store.save(CONFIRMATION, {
                "clause": clause.id, "quarter": quarter, "status": said, "reason": text if said != result.proposed else None,
                "person": "王某", "confirmed_on": day.isoformat(), "figure": result.figure,
            })  # fmt: skip


class Heard:
    """Takes what a paper says, instead of setting it."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def annex(self, title: str, columns: Any, rows: Any, **more: Any) -> None:
        self.texts += [title, *(c.label for c in columns), more.get("unit_left", ""), more.get("unit_right", "")]
        self.texts += [cell for row in rows for cell in getattr(row, "cells", row)]
        self.texts += [*more.get("notes", ()), *more.get("foot", ())]

    def __getattr__(self, name: str) -> Any:
        return lambda *texts, **more: self.texts.extend(t for t in (*texts, *more.values()) if isinstance(t, str))


def hints() -> set[str]:
    """Return every sentence of the rule files that is for the person at the screen alone."""
    found = {*QUESTIONS.values()}
    for clause in register():
        found |= {part for text in (clause.why, clause.fix) for part in re.split("[。；]", text) if len(part) > 11}
        if clause.mode == "self":
            found.add(clause.message)
    return found


def read_text(data: QuarterData) -> list[str]:
    """Return what is wrong in the report's sentences."""
    found = []
    body = {s.heading: [p.lead + p.text for p in s.paragraphs] for s in report_sections(data)}
    for paragraph in (p for paragraphs in body.values() for p in paragraphs):
        found += [f"{name}：{paragraph}" for name, fault in FAULTS.items() if re.search(fault, paragraph)]
        if not paragraph.endswith("。"):
            found.append(f"没有句号：{paragraph}")
    own = "".join(
        p for heading, paragraphs in body.items() if heading[2:] in ("基本情况", "主要工作") for p in paragraphs
    )
    office = data.figures["office"]
    for pattern, name in NUMBERS.items():
        for shown in re.findall(pattern, own):
            scale = 100 if name.endswith("_fen") else 60 if name.endswith("_minutes") else 1
            slack = 3.01 if scale == 60 else 0.5
            if office[name] is None or abs(float(shown) * scale - office[name]) > slack:
                found.append(f"{name} 是 {office[name]}，写成 {shown}")
    return found


def read_words(texts: list[str], known: set[str]) -> Iterator[str]:
    """Yield texts of papers that speak as the screen does."""
    for text in texts:
        bare = "".join(text.split())
        if PROMPTS.search(text.replace("尚未建立台账", "")):
            yield f"提示语：{text}"
        for hint in known:
            if "".join(hint.split()) in bare:
                yield f"提示语：{text}"


def read_office(seed: int, folder: Path) -> list[str]:
    """Report a seed's office and return what is wrong, each with its place."""
    path = folder / f"{seed}.xlsx"
    write_workbook(office_of(seed), path)
    period, day = period_of(seed)
    with Store.memory() as store:
        import_files(store, [path], today=dt.date(2026, 11, 21))
        answer(store, seed, day)
        data = quarter_data(store, period, day + LATER if day == period.end else day)
        found = read_text(data)
        texts = [p.lead + p.text for s in report_sections(data) for p in s.paragraphs]
        for paper in PAPERS:
            if paper.by_person or (paper.name == "sign-in" and not data.figures["office"]["trainings"]):
                continue
            heard: Any = Heard()
            given = paper_data(store, paper, data)
            paper.fill(heard, given, paper.full_title(given))
            texts += heard.texts
        cells = [cell for _, lines in check_lines(data) for line in lines for cell in line]
        found += [
            f"{name}：{cell}"
            for cell in cells
            for name in ("数字旁的空格", "程序痕迹")
            if re.search(FAULTS[name], cell)
        ]
        found += read_words(texts + cells, hints())
    return list(dict.fromkeys(found))


def main() -> int:
    """Read the reports of a range of seeds; return 1 where something is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="0-199")
    first, last = map(int, parser.parse_args().seeds.split("-"))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last + 1):
            for line in read_office(seed, Path(folder)):
                wrong += 1
                print(f"{seed}: {line}")
    print(f"{last - first + 1} offices, {wrong} faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
