"""What makes the example office of ``boai demo``: a year of an invented county, as rows.

The facts stand in `words`; here they are given dates and amounts, and `people` gives them people. The same office comes
out every time; no clock is read. ``python -m tests.offices.example`` writes its rows to ``resources/example``, which is
what ships.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from db.records.kinds import Cell
from tests.offices.example import words
from tests.offices.example.people import AS_OF, DAY, FIRST_DAY, QUARTERS, TEAM_BY_KEY, Office, Person, Row, gather
from tests.offices.example.words import OFFICE, TEAMS, ActivityFacts, D

RANKS = {"队长": 0, "副队长": 1}


def example_sheets() -> dict[str, list[Row]]:
    """Return every sheet of the example office: label → rows, a row being heading → cell."""
    office = Office()
    gather(office)
    _profile(office)
    _teams(office)
    _volunteers(office)
    _trainings(office)
    premiums = _insurance(office)
    _money(office, premiums)
    _activities(office)
    _papers(office)
    _blood(office)
    return office.sheets


# ---------------------------------------------------------------- the office, its teams and people


def _profile(office: Office) -> None:
    for item in words.PROFILE:
        office.add("本会情况", *item)
    for basis in words.DISASTER_PRONE:
        office.add("灾害多发认定", *basis)
    for line in words.RESPONSIBILITIES:
        office.add("责任分工", *line)


def _teams(office: Office) -> None:
    for number, team in enumerate(TEAMS, 1):
        day = (team.dissolved or AS_OF + DAY) - DAY
        leader = next(p for p, _ in office.present([team.key], day) if _role_in(p, team.key) == "队长")
        org = team.party_org or (None, None, None)
        group = f"AL-T{number:03d}" if team.registered else None
        office.add(
            "志愿服务队伍", team.name, f"AL-{number:02d}", team.org, team.org_kind,
            TEAM_BY_KEY[team.parent].name if team.parent else None, team.kind, team.domain, team.others,
            team.established, team.dissolved, *(team.suspended or (None, None)), leader.name, leader.phone,
            group, team.registered, *team.civil, *team.party,
            max(D(2025, 12, 20), team.established + 30 * DAY), *org, None, team.note,
        )  # fmt: skip


def _role_in(person: Person, team: str) -> str | None:
    return next((s.role for s in person.stints if s.team == team), None)


def _volunteers(office: Office) -> None:
    dice = office.dice
    for person in sorted(office.people, key=lambda p: p.registered):
        fresh = dice.random() < 0.84
        checked = office.day_between(FIRST_DAY, AS_OF) if fresh else D(2025, 3, 28)
        office.add(
            "志愿者", person.name, "居民身份证", person.number, "男" if person.male else "女", person.born,
            person.phone, person.registered, person.left, person.platform, person.platform_on,
            "；".join(person.sources),
            *(person.guardian or (None, None)), max(checked, person.registered), None, None,
            "迁居外地" if person.left and dice.random() < 0.5 else None,
        )  # fmt: skip
    for team in TEAMS:
        ranked = [(p, s) for p in office.people for s in p.stints if s.team == team.key]
        ranked.sort(key=lambda pair: (RANKS.get(pair[1].role, 2), pair[1].joined))
        for person, stint in ranked:
            office.add("队员", team.name, person.name, person.number, stint.role, stint.joined, stint.left)


# ---------------------------------------------------------------- trainings


def _trainings(office: Office) -> None:
    dice = office.dice
    seniors = office.present(["景救"], D(2023, 1, 1))
    teachers = [p.name for p, _ in seniors if p.stints[0].role != "队员" and not p.left]
    counters: dict[int, int] = defaultdict(int)
    for training in words.TRAININGS:
        counters[training.on.year] += 1
        code = f"PX{training.on.year}{counters[training.on.year]:02d}"
        last = training.on + (training.days - 1) * DAY
        keys = training.teams.split()
        target = TEAM_BY_KEY[keys[0]].name if len(keys) == 1 else None
        is_class = training.category == "应急救护培训"
        teacher = "、".join(dice.sample(teachers, 2)) if is_class else None
        topic = ("是" if training.blood else "否") if is_class or training.blood else None
        office.add("培训", code, training.name, training.category, training.on, last, training.hours, training.place,
                   OFFICE, target, teacher, topic, training.head_count, training.note)  # fmt: skip
        if training.head_count is not None:
            continue
        invited = office.present(keys, training.on)
        invited = dice.sample(invited, min(training.people, len(invited)))
        for serial, (person, team) in enumerate(invited, 1):
            result = dice.choices(("合格", "不合格", "请假", "缺席"), (92, 2, 4, 2))[0]
            came = result in ("合格", "不合格")
            hours: Cell = None if not came or dice.random() < 0.9 else training.hours - 1
            papers: list[Cell] = [None] * 4
            if training.certificate and result == "合格":
                issued = last + 7 * DAY
                until = _months_on(issued, training.valid_months) if training.valid_months else None
                papers = [training.certificate, f"AL{training.on:%y%m}{serial:03d}", issued, until]
            office.add("参训人员", code, person.name, person.number, TEAM_BY_KEY[team].name, hours, result, *papers)


def _months_on(day: dt.date, months: int) -> dt.date:
    """The last day of a validity of so many whole years."""
    return day.replace(year=day.year + months // 12) - DAY


# ---------------------------------------------------------------- insurance and money


def _insurance(office: Office) -> list[tuple[dt.date, int, str]]:
    """Write policies and their lists; return the premiums the office paid: (day, 元, what for)."""
    premiums = []
    for policy in words.POLICIES:
        listed = _listed(office, policy) if policy.mode == "记名名单" else []
        premium = policy.premium or policy.rate * len(listed)
        office.add(
            "保险单", policy.number, words.INSURER, policy.product, policy.policyholder, policy.mode, policy.start,
            policy.end, policy.sum_insured, premium or None, policy.source, policy.note,
        )  # fmt: skip
        for cells in listed:
            office.add("被保险人", policy.number, *cells)
        if premium and policy.start >= FIRST_DAY:
            premiums.append((policy.start - 3 * DAY, premium, f"{policy.product}保费（{policy.number[-5:]}）"))
    return premiums


def _listed(office: Office, policy: words.PolicyFacts) -> list[tuple[Cell, ...]]:
    """Those on the list from the start, then those added on the first of the month after they joined.

    The office is behind with its newest people, and a few names of the blood teams were forgotten.
    """
    teams = policy.teams.split()
    rows: list[tuple[Cell, ...]] = []
    forgotten = 0
    for person in office.people:
        stint = next((s for s in person.stints if s.team in teams and (s.left is None or s.left > policy.start)), None)
        if stint is None or stint.joined >= min(D(2026, 8, 16), policy.end - 40 * DAY):
            continue
        if teams[0] == "献血" and person.platform is None and stint.joined > D(2025, 1, 1) and forgotten < 3:
            forgotten += 1
            continue
        added = None
        if stint.joined > policy.start:
            month = stint.joined.replace(day=1) + 32 * DAY
            added = month.replace(day=1)
        until = stint.left if stint.left and stint.left <= policy.end else None
        if added and until and until < added:
            continue
        rows.append((person.name, person.number, TEAM_BY_KEY[stint.team].name, added, until))
    return rows


@dataclass
class _Entry:
    day: dt.date
    team: str
    income: bool
    category: str
    source: str
    fen: int
    earmark: str | None
    partner: str | None
    summary: str
    mark: str = ""
    reverses: str = ""


def _money(office: Office, premiums: Sequence[tuple[dt.date, int, str]]) -> None:
    """Support at the head of a quarter, spending within what is there, and the entries of their own, by day."""
    entries = [
        _Entry(e[0], e[1], e[2], e[3], e[4], round(e[5] * 100), e[6], e[7], e[8], e[9], e[10]) for e in words.MONEY
    ]
    for day, yuan, what in premiums:
        entries.append(_Entry(max(day, D(2025, 10, 13)), "", False, "志愿者保险", "政府补贴", yuan * 100, None,
                              words.INSURER, what))  # fmt: skip
    for key, (half_yearly, in_2025, in_2026) in words.SUPPORT.items():
        balance = 0
        for number, (first, last) in enumerate(QUARTERS):
            if last < TEAM_BY_KEY[key].established + 20 * DAY:
                continue
            amount = 100 * (in_2025 if first.year == 2025 else in_2026)
            opened = max(first, TEAM_BY_KEY[key].established) + office.dice.randint(7, 14) * DAY
            if not half_yearly or number % 2 == 0:
                entries.append(_Entry(opened, key, True, "本级红十字会支持", "红十字会支持", amount, None, OFFICE,
                                      f"{first.year}年{_season(first)}队伍工作经费"))  # fmt: skip
                balance += amount
            if key == "心理" and first.month == 1:
                continue  # suspended
            entry = _spending(office, key, number, balance, opened, last, half_yearly)
            entries.append(entry)
            balance -= entry.fen
    _write_entries(office, entries)


def _season(day: dt.date) -> str:
    return f"第{'一二三四'[(day.month - 1) // 3]}季度"


def _spending(
    office: Office, key: str, number: int, balance: int, opened: dt.date, last: dt.date, slow: bool
) -> _Entry:
    own = words.TEAM_SPENDING.get(key, ())
    category, what, partner = own[number % 2] if number % 2 < len(own) else words.SPENDING[(number + len(key)) % 6]
    share = office.dice.uniform(0.3, 0.5) if slow else office.dice.uniform(0.55, 0.9)
    fen = int(balance * share) // 50 * 50
    day = office.day_between(opened + 6 * DAY, last)
    return _Entry(day, key, False, category, "红十字会支持", fen, None, partner, what)


def _write_entries(office: Office, entries: list[_Entry]) -> None:
    """Number the vouchers by month and write the entries in order."""
    entries.sort(key=lambda e: (e.day, not e.income))
    counters: dict[str, int] = defaultdict(int)
    marks: dict[str, str] = {}
    for entry in entries:
        month = f"{entry.day:%Y%m}"
        counters[month] += 1
        voucher = f"{month}-{counters[month]:03d}"
        if entry.mark:
            marks[entry.mark] = voucher
        team = TEAM_BY_KEY[entry.team].name if entry.team else None
        office.add(
            "经费收支", entry.day, team, "收入" if entry.income else "支出", entry.category, entry.source,
            entry.fen / 100, entry.earmark, entry.partner, voucher,
            marks[entry.reverses] if entry.reverses else None, entry.summary,
        )  # fmt: skip


# ---------------------------------------------------------------- activities and service


def _activities(office: Office) -> None:
    busy: set[tuple[str, dt.date]] = set()
    counters: dict[int, int] = defaultdict(int)
    for facts in sorted(words.ACTIVITIES, key=lambda a: a.on):
        counters[facts.on.year] += 1
        code = f"HD{facts.on.year}{counters[facts.on.year]:02d}"
        flags = ["是" if flag in facts.flags else "否" for flag in "WBHR"]
        host, *others = facts.teams.split()
        office.add(
            "活动", code, facts.name, facts.category, facts.topic, facts.on, facts.on, facts.place, facts.place_kind,
            TEAM_BY_KEY[host].name, "；".join(TEAM_BY_KEY[t].name for t in others) or None, facts.theme, *flags, facts.audience or None, None,
        )  # fmt: skip
        _serve(office, code, facts, busy)
    for team, weekday, weeks, many, hours, what in words.DUTIES:
        day = max(FIRST_DAY, TEAM_BY_KEY[team].established)
        day += (weekday - day.weekday()) % 7 * DAY
        while day <= AS_OF:
            able = [p for p, _ in office.present([team], day) if (p.number, day) not in busy and p.of_age(day)]
            for person in office.dice.sample(able, min(many, len(able))):
                busy.add((person.number, day))
                _record(office, person, team, None, day, hours, what)
            day += 7 * weeks * DAY
    office.sheets["服务记录"].sort(key=lambda row: str(row["服务日期"]))


def _serve(office: Office, code: str, facts: ActivityFacts, busy: set[tuple[str, dt.date]]) -> None:
    """Write who served: members of the teams on that day, grown-ups alone where there is danger."""
    teams = facts.teams.split()
    able = [(p, t) for p, t in office.present(teams, facts.on)
            if (p.number, facts.on) not in busy and ("R" not in facts.flags or p.of_age(facts.on))]  # fmt: skip
    weights = {team: (3 if team == teams[0] else 1) for team in teams}
    able.sort(key=lambda pair: office.dice.random() / weights[pair[1]])
    for person, team in able[: facts.people]:
        busy.add((person.number, facts.on))
        hours = facts.hours - office.dice.choice((0, 0, 0, 0.5, 1))
        _record(office, person, team, code, facts.on, hours, facts.name)


def _record(office: Office, person: Person, team: str, code: str | None, day: dt.date, hours: float, what: str) -> None:
    synced = (0.72, 0.82, 0.9, 0.97)[(day.year - 2026) * 4 + (day.month - 1) // 3 + 1]
    on_platform = person.platform_on is not None and person.platform_on <= day
    office.add(
        "服务记录", person.name, person.number, TEAM_BY_KEY[team].name, code, day, hours, what,
        "是" if office.dice.random() < 0.93 else "否",
        "是" if on_platform and office.dice.random() < synced else "否",
    )  # fmt: skip


# ---------------------------------------------------------------- paper work, places and blood


def _papers(office: Office) -> None:
    for paper in sorted(words.PAPERS, key=lambda p: p.on):
        office.add(
            "工作记录", paper.category, paper.on, paper.title, TEAM_BY_KEY[paper.team].name if paper.team else None,
            paper.partner, paper.partner_kind, paper.topics, paper.sub, paper.channel, paper.quantity,
            *(paper.valid or (None, None)), paper.number, None,
        )  # fmt: skip
    for name, kind, team, opened, functions in words.VENUES:
        office.add("阵地场所", name, kind, TEAM_BY_KEY[team].name if team else None, opened, None, functions)
    for name, code, *_ in words.TOWNSHIPS:
        office.add("街镇", name, code)


def _blood(office: Office) -> None:
    """Targets of the year, and results day by day: people give 200, 300 or 400 ml, a unit being 200 ml."""
    for name, _, staff, others, target, done in words.TOWNSHIPS:
        planned = (staff * 65 + others * 25) // 1000 * 9 // 10
        office.add("献血目标", 2026, name, "团体", target, staff, others, planned, 25,
                   D(2026, 4, 30) if done > 0.6 else None)  # fmt: skip
        _results(office, name, "团体", target, done, 4)
    for name, staff, target, done in words.GROUPS:
        office.add("献血目标", 2026, name, "团体", target, staff, None, staff * 65 // 1000)
        _results(office, name, "团体", target, done, 3)
    street, target, done = words.STREET
    office.add("献血目标", 2026, street, "街头", target)
    _results(office, street, "街头", target, done, 18)
    office.sheets["献血完成"].sort(key=lambda row: str(row["日期"]))


def _results(office: Office, unit: str, scope: str, target: int, done: float, sessions: int) -> None:
    for year, many, units in ((2025, max(1, sessions // 3), target * 0.24), (2026, sessions, target * done)):
        first, last = (D(2025, 10, 11), D(2025, 12, 28)) if year == 2025 else (D(2026, 1, 10), D(2026, 9, 27))
        step = (last - first).days // many
        for i in range(many):
            day = first + (i * step + office.dice.randint(0, step - 1)) * DAY
            hundreds = max(4, round(units * 2 / many * office.dice.uniform(0.85, 1.15)))
            persons = max(2, round(hundreds / office.dice.uniform(2.8, 3.4)))
            office.add("献血完成", day, unit, scope, persons, min(hundreds, persons * 4) * 100)
