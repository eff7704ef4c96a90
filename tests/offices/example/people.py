"""The people of the example office: who they are, when they joined which team, and who has left.

Everything random comes from one generator with a fixed seed, so that the same people come out every time. No number
can be a real person's: the division code of every document does not exist.
"""

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from db.records.entities import BY_LABEL
from db.records.identity import check_digit
from db.records.kinds import Cell
from tests.offices.example import words
from tests.offices.example.words import TEAMS, D, TeamFacts

Row = dict[str, Cell]

FIRST_DAY, AS_OF = D(2025, 10, 1), D(2026, 9, 30)
QUARTERS = ((D(2025, 10, 1), D(2025, 12, 31)), (D(2026, 1, 1), D(2026, 3, 31)),
            (D(2026, 4, 1), D(2026, 6, 30)), (D(2026, 7, 1), D(2026, 9, 24)))  # fmt: skip
GROWTH = (4, 5, 7, 9)  # how newcomers spread over the four quarters
BLOOD_TEAMS = ("献血", "三献")
DAY = dt.timedelta(days=1)
TEAM_BY_KEY = {team.key: team for team in TEAMS}


@dataclass
class Stint:
    """One person's time in one team."""

    team: str
    joined: dt.date
    role: str = "队员"
    left: dt.date | None = None

    def on(self, day: dt.date) -> bool:
        """Tell whether the membership is active on a day."""
        return self.joined <= day and (self.left is None or self.left > day)


@dataclass
class Person:
    """One volunteer with every membership; `platform` is the number on the volunteers' platform."""

    name: str
    number: str
    male: bool
    born: dt.date
    phone: str | None
    registered: dt.date
    stints: list[Stint]
    sources: list[str]
    platform: str | None = None
    platform_on: dt.date | None = None
    left: dt.date | None = None
    guardian: tuple[str, str] | None = None

    def stint(self, team: str, day: dt.date) -> Stint | None:
        """Return the membership of a team that is active on a day."""
        return next((s for s in self.stints if s.team == team and s.on(day)), None)

    def of_age(self, day: dt.date) -> bool:
        """Tell whether the person is 18 on a day."""
        return (day.year - self.born.year, day.month, day.day) >= (18, self.born.month, self.born.day)


@dataclass
class Office:
    """The office while it is made: its dice, its people and the rows so far."""

    dice: random.Random = field(default_factory=lambda: random.Random(990123))
    people: list[Person] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    sheets: dict[str, list[Row]] = field(default_factory=lambda: {label: [] for label in BY_LABEL})

    def present(self, teams: Iterable[str], day: dt.date) -> list[tuple[Person, str]]:
        """Return everybody active on a day in one of the teams, once, with the team they come with.

        That is the first that fits; the people of a sub-team come with their sub-team.
        """
        teams = sorted(teams, key=lambda key: TEAM_BY_KEY[key].parent is None)
        found = []
        for person in self.people:
            team = next((t for t in teams if person.stint(t, day)), None)
            if team is not None:
                found.append((person, team))
        return found

    def add(self, sheet: str, *cells: Cell) -> Row:
        """Append a row given in the sheet's own order of columns; columns left out stay empty."""
        headings = [heading for heading, _, _ in BY_LABEL[sheet].columns]
        row = dict.fromkeys(headings) | dict(zip(headings, cells, strict=False))
        self.sheets[sheet].append(row)
        return row

    def day_between(self, first: dt.date, last: dt.date) -> dt.date:
        """Return a day from first to last."""
        return first + self.dice.randint(0, max((last - first).days, 0)) * DAY


def gather(office: Office) -> None:
    """Fill the office with its people: founders, newcomers, those in several teams, leavers."""
    rare = list(words.RARE_NAMES)
    for team in TEAMS:
        for index, joined in enumerate(_joining_days(office, team)):
            office.people.append(_person(office, team, index, joined, rare))
    for source, target, many, first, last in words.DOUBLES:
        able = [p for p in office.people if p.stints[0].team == source and len(p.stints) < 3
                and p.registered <= first and not any(s.team == target for s in p.stints)]  # fmt: skip
        able = [p for p in able if p.stints[0].role != "队长"]
        for person in office.dice.sample(able, many):
            joined = office.day_between(max(first, person.stints[0].joined + DAY), last)
            person.stints.append(Stint(target, joined, "骨干" if office.dice.random() < 0.15 else "队员"))
    _appoint_subteam(office)
    _leavers(office)
    for i, person in enumerate(office.people):
        person.phone = f"1990000{i + 1:04d}" if office.dice.random() < 0.97 else None
        if not person.of_age(AS_OF):
            _, men, women = words.GIVEN[2]
            parent = person.name[0] + office.dice.choice((women if i % 2 else men).split())
            person.guardian = (parent, f"1990000{600 + i:04d}")
    _on_platform(office)


def _joining_days(office: Office, team: TeamFacts) -> list[dt.date]:
    """The founders' day first, then a steady stream, then the newcomers of the year, more in every quarter."""
    if team.dissolved:
        newcomers = 0
    else:
        newcomers = round(team.size * 0.24) if team.established < FIRST_DAY else team.size // 2
    founders = max(5, round((team.size - newcomers) * 0.4)) if team.size else 0
    days = [team.established] * min(3, founders)
    days += [office.day_between(team.established, team.established + 30 * DAY) for _ in range(founders - len(days))]
    while len(days) < team.size - newcomers:
        last = min(FIRST_DAY - DAY, team.dissolved or FIRST_DAY)
        days.append(office.day_between(team.established, max(last, team.established + 60 * DAY)))
    open_quarters = [(q, w) for q, w in zip(QUARTERS, GROWTH, strict=True) if q[1] > team.established + 30 * DAY]
    while len(days) < team.size:
        (first, last), _ = office.dice.choices(open_quarters, [w for _, w in open_quarters])[0]
        days.append(office.day_between(max(first, team.established), last))
    return days


def _person(office: Office, team: TeamFacts, index: int, joined: dt.date, rare: list[tuple[str, bool]]) -> Person:
    dice = office.dice
    young, old = team.ages
    if team.key == "一中" and index < 2:
        young, old = 30, 48  # the teachers who lead the pupils
    elif index < 2:
        young = max(young, 34)
    youngest = 15 if old <= 18 else 18
    youngest_now = min(max(young, youngest + (AS_OF - joined).days // 365 + 1), old)
    age = dice.triangular(youngest_now, old + 0.95, youngest_now + (old - youngest_now) * 0.4)
    if age - (AS_OF - joined).days / 365.25 < youngest:
        age = youngest + 0.3 + (AS_OF - joined).days / 365.25
    born = AS_OF - int(age * 365.25) * DAY
    male = dice.random() >= team.women
    name = None
    if rare and index % 11 == 5 and born.year < 2005:
        name, male = rare.pop(0)
    name = name or _name(office, born.year, male)
    office.names.add(name)
    serial = dice.randint(10, 498) * 2 + male
    body = f"{words.AREA}{born:%Y%m%d}{serial:03d}"
    sources = [team.sources] if dice.random() < 0.8 else ["红十字会员" if dice.random() < 0.6 else "其他"]
    if team.sources != "无偿献血者" and age >= 21 and dice.random() < 0.12:
        sources.append("无偿献血者")
    registered = max(joined - dice.randint(0, 20) * DAY, D(2019, 5, 1))
    return Person(name, body + check_digit(body), male, born, None, registered,
                  [Stint(team.key, joined, _role(team, index))], sorted(set(sources)))  # fmt: skip


def _name(office: Office, year: int, male: bool) -> str:
    _, men, women = next(g for g in words.GIVEN if year <= g[0])
    while True:
        weights = [3 if i < 20 else 1 for i in range(len(words.SURNAMES))]
        surname = office.dice.choices(words.SURNAMES, weights)[0]
        name = surname + office.dice.choice((men if male else women).split())
        if name not in office.names:
            return name


def _role(team: TeamFacts, index: int) -> str:
    if index < 2:
        return ("队长", "副队长")[index]
    if index < 5 and team.size > 12:
        return "骨干"
    return "无偿献血宣传员" if team.key in BLOOD_TEAMS and index < 13 else "队员"


def _appoint_subteam(office: Office) -> None:
    """The sub-team has nobody of its own: its first two take the lead."""
    for person, role in zip([p for p, _ in office.present(["临江"], AS_OF)], ("队长", "副队长"), strict=False):
        for stint in person.stints:
            if stint.team == "临江":
                stint.joined, stint.role = TEAM_BY_KEY["临江"].established, role


def _leavers(office: Office) -> None:
    """Everybody leaves the dissolved team on its last day; of the others about a dozen leave over the year."""
    for person in office.people:
        for stint in person.stints:
            stint.left = TEAM_BY_KEY[stint.team].dissolved
    able = [p for p in office.people if len(p.stints) == 1 and p.stints[0].role == "队员" and p.stints[0].left is None
            and p.stints[0].joined < D(2025, 6, 1)]  # fmt: skip
    for i, person in enumerate(office.dice.sample(able, 12)):
        first, last = QUARTERS[i % 4]
        person.stints[0].left = office.day_between(first, last)
        if i % 2:
            person.left = person.stints[0].left


def _on_platform(office: Office) -> None:
    """Most have a number on the platform; in the blood teams nearly all."""
    serial = 0
    for person in office.people:
        share = max(TEAM_BY_KEY[s.team].linked for s in person.stints)
        if office.dice.random() < share:
            serial += 1
            opened = max(person.registered, D(2021, 3, 1))
            person.platform = f"AL{990000 + serial}"
            person.platform_on = min(opened + office.dice.randint(0, 45) * DAY, AS_OF)
