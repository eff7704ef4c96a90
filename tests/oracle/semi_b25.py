"""The independent reading of the semi-automatic clauses of the notice of 2025, its parts one to three.

Readings chosen where the contract leaves room:

* Names (of universities, societies, counties) are compared as written; 对方单位 first, else 标题.
* Net expense is 支出 less what takes it back, 期初结余 and the reversals of income left out.
* B25-1-5: 高校 is a sixth kind unless it is answered that there is none; while nobody has said, five of the others
  are `missing_data`, not `met`.
* B25-2-5: `met` asks that every class of the quarter has the module, as B25-2-4 does; a blank answer is unknown.
* B25-3.1-5: 否 comes first; a 其他 record, or a 合作 record with 血站, with 子类 应急献血者队伍 proves the conditions
  that nobody has answered.
* B25-3.1-7, B25-3.4-3: 有 without any name on record is `missing_data`; no society among those on record is
  `not_applicable`.
* B25-3.3-3: an attendance without a team counts for none, as one that names another does.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from tests.oracle.base import (
    BLOOD,
    Office,
    Row,
    Verdict,
    blood_teams,
    is_blood,
    memberships,
    number,
    profile,
    rows,
    team_active,
    teams,
    text,
    tree,
    trees,
    values,
    within,
)
from tests.oracle.figures import listed, net, present
from tests.oracle.semi_terms import (
    NOT_APPLICABLE,
    Check,
    answered,
    begun_not_over_this_year,
    blood_quarter_start,
    blood_year,
    blood_year_internal,
    by_count,
    closed,
    contains,
    filled,
    first_that_applies,
    has_universities,
    in_year,
    name_of,
    notes,
    of_team,
    of_tree,
    on_blood,
    once_a_year,
    quarter_open,
    universities,
    university_clause,
    valid_notes,
    venues,
    whole,
    without_venues,
    year_notes,
    year_so_far_and_last,
)

TRAINED = {"造血干细胞入库志愿者", "遗体和人体器官捐献志愿登记者", "救援队员", "救护员"}


# ---------------------------------------------------------------- words of the page


def says(row: Row, *words: str) -> bool:
    """An activity's name or 主题 contains one of the words."""
    return contains(row, "活动名称", *words) or contains(row, "主题", *words)


def blood_acts(office: Office, since: dt.date, as_of: dt.date, *kinds: str) -> list[Row]:
    """Blood activities in these days of these 活动类别, or of any."""
    return [
        row
        for row in rows(office, "活动")
        if within(row, "开始日期", since, as_of)
        and says(row, "献血", "三献")
        and (not kinds or text(row, "活动类别") in kinds)
    ]


def year_acts(office: Office, as_of: dt.date, *kinds: str) -> list[Row]:
    """Blood activities of the year."""
    return blood_acts(office, dt.date(as_of.year, 1, 1), as_of, *kinds)


def blood_entry(row: Row) -> bool:
    """An entry that speaks of blood."""
    return any(contains(row, heading, "献血", "三献") for heading in ("科目", "定向用途", "摘要"))


def kinds_of(records: Iterable[Row], heading: str, kinds: Iterable[str]) -> int:
    """How many of the kinds occur in a column."""
    return len({text(row, heading) for row in records} & set(kinds))


def per_team(office: Office, as_of: dt.date, good: Callable[[Row], bool]) -> Verdict:
    """Blood teams that are good ÷ blood teams, by an internal threshold over the year."""
    tops = blood_teams(office, as_of)
    return blood_year_internal(sum(good(team) for team in tops), len(tops), as_of)


# ---------------------------------------------------------------- one, two


def b25_1_5(office: Office, as_of: dt.date) -> Verdict:
    """Kinds of partner."""
    there = has_universities(office, as_of)
    kinds = {"宣传", "教育", "共青团", "企业", "媒体"} | (set() if there is False else {"高校"})
    k = kinds_of(on_blood(year_notes(office, "合作", as_of)), "对方类别", kinds)
    if there is None and k == 5:
        return Verdict("missing_data", k, 6)
    return blood_year(k, len(kinds), as_of)


def b25_1_7(office: Office, as_of: dt.date) -> Verdict:
    """People, and money or a budget."""
    persons = sum(
        whole(row, "数量") if filled(row, "数量") else 1 for row in on_blood(valid_notes(office, "任职", as_of))
    )
    whole_trees = trees(office, blood_teams(office, as_of), as_of)
    entries = [row for row in rows(office, "经费收支") if blood_entry(row) or text(row, "队伍名称") in whole_trees]
    spent = net(entries, "支出", dt.date(as_of.year, 1, 1), as_of)
    planned = bool(on_blood(valid_notes(office, "规划计划", as_of, sub="经费预算")))
    return blood_year((persons > 0) + (spent > 0 or planned), 2, as_of)


def b25_1_8(office: Office, as_of: dt.date) -> Verdict:
    """A special fund."""
    return by_count(len(on_blood(valid_notes(office, "其他", as_of, sub="专项基金"))), "recorded")


def b25_2_3(office: Office, as_of: dt.date) -> Verdict:
    """Joint work with stem-cell donation."""
    acts = [row for row in year_acts(office, as_of) if says(row, "造血干细胞", "三献")]
    kinds = {text(row, "活动类别") for row in acts} & {"宣传", "志愿服务", "表彰"}
    if any({BLOOD, "造血干细胞捐献"} <= values(row, "主题") for row in year_notes(office, "表彰", as_of)):
        kinds.add("表彰")
    return blood_year(len(kinds), 3, as_of)


def b25_2_5(office: Office, as_of: dt.date) -> Verdict:
    """People reached in first-aid trainings."""
    since = blood_quarter_start(as_of)
    classes = [
        row
        for row in rows(office, "培训")
        if text(row, "培训类别") == "应急救护培训" and within(row, "开始日期", since, as_of)
    ]
    reach: list[int | None] = []
    for row in classes:
        if text(row, "含无偿献血科普") == "是":
            told = number(row, "参训人次")
            reach.append(len(present(office, row)) if listed(office, row) else None if told is None else int(told))
    k = sum(people or 0 for people in reach)
    unknown = None in reach or any(not text(row, "含无偿献血科普") for row in classes)
    status = first_that_applies(
        (not classes, NOT_APPLICABLE),
        (unknown, "missing_data"),
        (k > 0 and len(reach) == len(classes), "met"),
        (k > 0, "partial"),
        (quarter_open(as_of), "in_progress"),
        (True, "explain"),
    )
    return Verdict(status, k)


def b25_2_6(office: Office, as_of: dt.date) -> Verdict:
    """Venues used for publicity."""
    k = n = 0
    acts = year_acts(office, as_of, "宣传")
    for kind in ("应急救护培训基地", "博爱家园", "生命健康安全体验馆"):
        places = venues(office, as_of, kind)
        n += bool(places)
        k += any(text(place, "名称") in text(row, "地点") for place in places for row in acts)
    return blood_year_internal(k, n, as_of) if n else Verdict(without_venues(office, as_of), 0, 0)


def b25_2_7(office: Office, as_of: dt.date) -> Verdict:
    """The visiting system and the visits."""
    ruled = on_blood(valid_notes(office, "制度文件", as_of, sub="博爱送万家"))
    visits = on_blood(year_notes(office, "慰问", as_of, sub="博爱送万家"))
    families = sum(whole(row, "数量") for row in visits)
    k = bool(ruled) + (families > 0)
    if not families and any(not filled(row, "数量") for row in visits):
        return Verdict("missing_data", k, 2)
    if not families and year_notes(office, "慰问", as_of, sub="无此类家庭"):
        return Verdict("met", k, 2)
    return blood_year(k, 2, as_of)


# ---------------------------------------------------------------- three


def b25_3_1_1(office: Office, as_of: dt.date) -> Verdict:
    """New members of the blood teams by what they are already."""
    whole_trees, since = trees(office, blood_teams(office, as_of), as_of), blood_quarter_start(as_of)
    first: dict[str, dt.date] = {}
    for one in memberships(office):
        if one.team in whole_trees:
            first[one.person] = min(one.first, first.get(one.person, one.first))
    new = {person for person, on in first.items() if since <= on <= as_of}
    known = [values(row, "来源身份") for row in rows(office, "志愿者") if text(row, "证件号码") in new]
    k = sum(bool(identities & TRAINED) for identities in known)
    status = first_that_applies(
        (k > 0, "met"),
        (any(not identities for identities in known), "missing_data"),
        (quarter_open(as_of), "in_progress"),
        (True, "explain"),
    )
    return Verdict(status, k, len(new))


def b25_3_1_2(office: Office, as_of: dt.date) -> Verdict:
    """无偿献血宣传员."""
    promoters = {one.person for one in memberships(office) if one.role == "无偿献血宣传员" and one.on(as_of)}
    return by_count(len(promoters), "attention")


def b25_3_1_3(office: Office, as_of: dt.date) -> Verdict:
    """Counties with a blood team, as the higher level keeps them."""
    roster = {name_of(row) for row in valid_notes(office, "其他", as_of, sub="县级红十字会")}
    having = {name_of(row) for row in valid_notes(office, "其他", as_of, sub="县级献血队伍")}
    k, n = len(roster & having), len(roster)
    return blood_year(k, n, as_of) if n else Verdict("missing_data", k, n)


def b25_3_1_5(office: Office, as_of: dt.date) -> Verdict:
    """Emergency donors, where there are the conditions."""
    able = answered(office, "是否具备组建应急献血者队伍的条件", as_of)
    kept = valid_notes(office, "其他", as_of, sub="应急献血者队伍") + [
        row for row in valid_notes(office, "合作", as_of, sub="应急献血者队伍") if text(row, "对方类别") == "血站"
    ]
    k = len(on_blood(kept))
    status = first_that_applies(
        (able is False, NOT_APPLICABLE), (k > 0, "met"), (able is None, "missing_data"), (True, "explain")
    )
    return Verdict(status, k)


def b25_3_1_6(office: Office, as_of: dt.date) -> Verdict:
    """Volunteers who donated."""
    records = on_blood(year_notes(office, "其他", as_of, sub="志愿者献血"))
    k = sum(whole(row, "数量") for row in records)
    unknown = any(not filled(row, "数量") for row in records)
    return Verdict("missing_data", k) if unknown else once_a_year(k, as_of)


@university_clause
def b25_3_1_7(office: Office, as_of: dt.date) -> Verdict:
    """Red Cross societies of universities with a blood team."""
    societies = {name_of(row) for row in valid_notes(office, "高校", as_of, sub="高校红十字会")}
    managers = [
        text(team, "主管单位")
        for team in teams(office)
        if text(team, "主管单位类型") == "高校" and team_active(team, as_of) and is_blood(team)
    ]
    k, n = sum(any(society in manager for manager in managers) for society in societies), len(societies)
    status = first_that_applies(
        (not universities(office, as_of), "missing_data"),
        (n == 0, NOT_APPLICABLE),
        (k == n, "met"),
        (k > 0, "partial"),
        (True, "explain"),
    )
    return Verdict(status, k, n)


@university_clause
def b25_3_1_8(office: Office, as_of: dt.date) -> Verdict:
    """Brand projects."""
    brands = [row for row in on_blood(notes(office, "项目", sub_has="品牌")) if begun_not_over_this_year(row, as_of)]
    return once_a_year(len(brands), as_of)


def b25_3_2_1(office: Office, as_of: dt.date) -> Verdict:
    """The office and its blood teams on the platform."""
    tops = blood_teams(office, as_of)
    k = bool(profile(office, "志愿者网单位账号", as_of)) + sum(filled(team, "志愿者网团体编号") for team in tops)
    n = 1 + len(tops)
    return Verdict(first_that_applies((k == n, "met"), (k > 0, "partial"), (True, "missing_data")), k, n)


def b25_3_3_1(office: Office, as_of: dt.date) -> Verdict:
    """Guidance of the blood teams."""
    given = year_notes(office, "工作指导", as_of)
    return per_team(office, as_of, lambda team: bool(of_tree(office, given, team, as_of)))


def b25_3_3_2(office: Office, as_of: dt.date) -> Verdict:
    """Work with the blood station."""
    together = {
        text(row, "活动类别")
        for row in rows(office, "活动")
        if text(row, "与血站合作") == "是" and in_year(row, "开始日期", as_of)
    }
    k = bool(together & {"宣传", "献血招募"}) + ("预约献血" in together) + ("团体献血" in together)
    return blood_year(k, 3, as_of)


def b25_3_3_3(office: Office, as_of: dt.date) -> Verdict:
    """Backbone and training of the blood teams."""
    held = [row for row in rows(office, "培训") if in_year(row, "开始日期", as_of)]

    def good(team: Row) -> bool:
        whole_tree = tree(office, team, as_of)
        backbone = any(one.role == "骨干" and one.team in whole_tree and one.on(as_of) for one in memberships(office))
        trained = any(
            text(row, "面向队伍") in whole_tree
            or any(text(person, "队伍名称") in whole_tree for person in present(office, row))
            for row in held
        )
        return backbone and trained

    return per_team(office, as_of, good)


def b25_3_3_5(office: Office, as_of: dt.date) -> Verdict:
    """Money and a place for the blood teams."""
    tops, states = blood_teams(office, as_of), []
    entries = [row for row in rows(office, "经费收支") if text(row, "资金来源") in ("红十字会支持", "红十字会项目")]
    for team in tops:
        money = net(of_tree(office, entries, team, as_of), "收入", dt.date(as_of.year, 1, 1), as_of)
        states.append((money > 0) + bool(of_team(venues(office, as_of), team)))
    k, n = states.count(2), len(tops)
    status = first_that_applies(
        (n == 0, NOT_APPLICABLE),
        (k == n, "met"),
        (not closed(as_of), "in_progress"),
        (any(states), "partial"),
        (True, "explain"),
    )
    return Verdict(status, k, n)


def b25_3_3_6(office: Office, as_of: dt.date) -> Verdict:
    """Headquarters."""
    return by_count(len(venues(office, as_of, "队部")), "recorded")


@university_clause
def b25_3_3_7(office: Office, as_of: dt.date) -> Verdict:
    """Money and projects at universities, against last year."""
    known = universities(office, as_of)
    joint = [row for row in on_blood(notes(office, "项目")) if text(row, "对方类别") == "高校"]

    def support(first: dt.date, last: dt.date) -> tuple[int, int]:
        entries = [row for row in rows(office, "经费收支") if blood_entry(row) and contains(row, "对方单位", *known)]
        return net(entries, "支出", first, last), sum(within(row, "日期", first, last) for row in joint)

    (money, projects), (money_then, projects_then) = (support(*days) for days in year_so_far_and_last(as_of))
    status = first_that_applies(
        (money <= 0 and projects == 0, "explain" if closed(as_of) else "in_progress"),
        (money_then <= 0 and projects_then == 0, "explain"),
        (money < money_then or projects < projects_then, "explain"),
        (True, "met"),
    )
    return Verdict(status, projects)


def b25_3_4_1(office: Office, as_of: dt.date) -> Verdict:
    """Social work, youth league, education."""
    records = on_blood(year_notes(office, "合作", as_of) + year_notes(office, "沟通会商", as_of))
    return blood_year(kinds_of(records, "对方类别", ("社会工作", "共青团", "教育")), 3, as_of)


@university_clause
def b25_3_4_3(office: Office, as_of: dt.date) -> Verdict:
    """Universities that give credits."""
    known = universities(office, as_of)
    k = len(known & {name_of(row) for row in valid_notes(office, "高校", as_of, sub="德育学分")})
    if not known:
        return Verdict("missing_data", 0, 0)
    return Verdict("met" if k else "explain", k, len(known))


def b25_3_4_4(office: Office, as_of: dt.date) -> Verdict:
    """Honours."""
    honours = on_blood(year_notes(office, "表彰", as_of)) + year_acts(office, as_of, "表彰")
    return once_a_year(len(honours), as_of)


CLAUSES: dict[str, Check] = {
    "B25-1-5": b25_1_5,
    "B25-1-7": b25_1_7,
    "B25-1-8": b25_1_8,
    "B25-2-3": b25_2_3,
    "B25-2-5": b25_2_5,
    "B25-2-6": b25_2_6,
    "B25-2-7": b25_2_7,
    "B25-3.1-1": b25_3_1_1,
    "B25-3.1-2": b25_3_1_2,
    "B25-3.1-3": b25_3_1_3,
    "B25-3.1-5": b25_3_1_5,
    "B25-3.1-6": b25_3_1_6,
    "B25-3.1-7": b25_3_1_7,
    "B25-3.1-8": b25_3_1_8,
    "B25-3.2-1": b25_3_2_1,
    "B25-3.3-1": b25_3_3_1,
    "B25-3.3-2": b25_3_3_2,
    "B25-3.3-3": b25_3_3_3,
    "B25-3.3-5": b25_3_3_5,
    "B25-3.3-6": b25_3_3_6,
    "B25-3.3-7": b25_3_3_7,
    "B25-3.4-1": b25_3_4_1,
    "B25-3.4-3": b25_3_4_3,
    "B25-3.4-4": b25_3_4_4,
}
