"""The independent reading of the notice of 2022, from the teams' rules (3.3) to its end.

Readings chosen where the contract leaves room:

* 出生日期 is the one in an 18-character document number where the 证件类型 has one, else the cell.
* Z34-3.3-5: 期初结余 is no movement; a row of 物资收发 is one, in either direction.  The disclosure is the team's own.
* Z34-5.2-1, -2: 期初结余 is no row of its year; a reversal lowers what it reverses, and is no income to be named.
* Z34-5.3-1: 法定代表人 is no 代表; whether the person is of a team no sheet holds.
* Z34-4.1-3 stays 仅记录 where nothing is on record: the register's seven rows do not name it.
"""

import datetime as dt

from tests.oracle.base import (
    ONE_DAY,
    Office,
    Row,
    Verdict,
    base_teams,
    day,
    quarter_start,
    rows,
    text,
    values,
    volunteers,
    within,
    year_start,
)
from tests.oracle.figures import is_opening, net
from tests.oracle.semi_terms import (
    NOT_APPLICABLE,
    Check,
    begun_not_over_this_year,
    by_count,
    closed,
    contains,
    filled,
    first_that_applies,
    in_year,
    joined,
    notes,
    of_team,
    of_tree,
    once_a_year,
    valid_notes,
    venues,
    without_venues,
    year_notes,
    year_rule,
    year_so_far_and_last,
)
from tests.oracle.semi_z34 import share, year_teams

IDS_WITH_BIRTH = ("", "居民身份证", "港澳台居民居住证", "外国人永久居留身份证")


def full_or_part(states: list[int], most: int) -> Verdict:
    """Full teams ÷ base teams: n = 0; all full; any full or part; not_met."""
    k, n = states.count(most), len(states)
    status = first_that_applies((n == 0, NOT_APPLICABLE), (k == n, "met"), (any(states), "partial"), (True, "not_met"))
    return Verdict(status, k, n)


def rule_words(office: Office, as_of: dt.date, *words: tuple[str, ...]) -> Verdict:
    """Base teams whose 制度文件 in force name all the words in 子类."""
    papers = valid_notes(office, "制度文件", as_of)
    return full_or_part(
        [
            sum(any(contains(row, "子类", *word) for row in of_team(papers, team)) for word in words)
            for team in base_teams(office, as_of)
        ],
        len(words),
    )


def z34_3_3_2(office: Office, as_of: dt.date) -> Verdict:
    """Rules of how a team decides, acts, supervises and meets."""
    return rule_words(office, as_of, ("决策",), ("执行",), ("监督",), ("议事规则",))


def z34_3_3_3(office: Office, as_of: dt.date) -> Verdict:
    """Rules on people, money, goods and disclosure."""
    return rule_words(office, as_of, ("人员",), ("财务",), ("物资", "资产"), ("信息公开",))


def z34_3_3_4(office: Office, as_of: dt.date) -> Verdict:
    """Base teams that disclosed name, leader and domain."""
    told = valid_notes(office, "信息公开", as_of, sub_has="基本情况")
    states = []
    for team in base_teams(office, as_of):
        mine = of_team(told, team)
        whole_one = any(all(contains(row, "备注", word) for word in ("名称", "负责人", "领域")) for row in mine)
        states.append(2 if whole_one else 1 if mine else 0)
    return full_or_part(states, 2)


def z34_3_3_5(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with money or goods in the year that disclosed their accounts."""
    k = n = never = 0
    told = [row for row in notes(office, "信息公开", sub_has="财务收支") if within(row, "日期", dt.date.min, as_of)]
    moved = [row for row in rows(office, "经费收支") if not is_opening(row)] + rows(office, "物资收发")
    for team in base_teams(office, as_of):
        entries = of_tree(office, moved, team, as_of)
        if not any(in_year(row, "日期", as_of) for row in entries):
            continue
        n += 1
        mine = of_team(told, team)
        if any(in_year(row, "日期", as_of) for row in mine):
            k += 1
        elif not mine:
            before = any(within(row, "日期", dt.date.min, year_start(as_of) - ONE_DAY) for row in entries)
            never += closed(as_of) or before
    if never:
        return Verdict("partial" if k else "not_met", k, n)
    return year_teams(k, n, "attention", as_of)


def guided(k: int, lacking: int, missing: int, as_of: dt.date, n: int) -> Verdict:
    """The decision of Z34-3.4-2 and Z34-3.4-3."""
    status = first_that_applies(
        (lacking > 0 and closed(as_of), "attention"),
        (missing > 0, "missing_data"),
        (lacking > 0, "in_progress"),
        (n > 0, "met"),
        (True, NOT_APPLICABLE),
    )
    return Verdict(status, k, n)


def z34_3_4_2(office: Office, as_of: dt.date) -> Verdict:
    """Registered teams with a code; qualified ones guided towards it."""
    k = n = lacking = missing = 0
    advice = [
        row
        for row in year_notes(office, "工作指导", as_of)
        if contains(row, "标题", "登记") or contains(row, "子类", "登记")
    ]
    for team in base_teams(office, as_of):
        state = text(team, "民政登记状态")
        if state == "已登记":
            good = filled(team, "统一社会信用代码")
            n, k, missing = n + 1, k + good, missing + (not good)
        elif state == "符合条件未登记":
            good = bool(of_tree(office, advice, team, as_of))
            n, k, lacking = n + 1, k + good, lacking + (not good)
        elif not state:
            missing += 1
    return guided(k, lacking, missing, as_of, n)


def z34_3_4_3(office: Office, as_of: dt.date) -> Verdict:
    """Teams that cannot register, and their guidance."""
    base, advice = base_teams(office, as_of), year_notes(office, "工作指导", as_of)
    small = [team for team in base if text(team, "民政登记状态") == "不具备条件"]
    k = sum(bool(of_tree(office, advice, team, as_of)) for team in small)
    missing = sum(not filled(team, "民政登记状态") for team in base)
    return guided(k, len(small) - k, missing, as_of, len(small))


def life_education(office: Office, as_of: dt.date) -> list[str]:
    """Name and 主题 of the year's activities on 生命教育."""
    told = [joined(row, "活动名称", "主题") for row in rows(office, "活动") if in_year(row, "开始日期", as_of)]
    return [words for words in told if "生命教育" in words]


def z34_4_1_2(office: Office, as_of: dt.date) -> Verdict:
    """Activities on 生命教育."""
    return once_a_year(len(life_education(office, as_of)), as_of)


def z34_4_1_3(office: Office, as_of: dt.date) -> Verdict:
    """Brand names among them."""
    told = life_education(office, as_of)
    brands = ("救在身边", "爱心相髓", "生命接力", "人道救助", "养老服务")
    return by_count(sum(any(brand in words for words in told) for brand in brands), "recorded", 5)


def projects(office: Office, as_of: dt.date) -> list[Row]:
    """WR(项目) begun and not over before this year."""
    return [row for row in notes(office, "项目") if begun_not_over_this_year(row, as_of)]


def z34_4_2_1(office: Office, as_of: dt.date) -> Verdict:
    """Projects of the year."""
    return once_a_year(len(projects(office, as_of)), as_of)


def z34_4_2_3(office: Office, as_of: dt.date) -> Verdict:
    """Model projects that were supported or honoured."""
    shown = [row for row in projects(office, as_of) if contains(row, "子类", "示范")]
    told = [joined(row, "定向用途", "摘要") for row in rows(office, "经费收支") if in_year(row, "日期", as_of)]
    told += [joined(row, "标题", "备注") for row in year_notes(office, "表彰", as_of)]
    k = sum(any(text(row, "标题") in words for words in told) for row in shown)
    return year_teams(k, len(shown), "explain", as_of)


def birth(person: Row) -> dt.date | None:
    """From the number where it tells, else as typed."""
    code = text(person, "证件号码")
    if text(person, "证件类型") in IDS_WITH_BIRTH and len(code) == 18:
        return dt.date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    return day(person, "出生日期")


def youth(office: Office, on: dt.date) -> tuple[int, int]:
    """Young ones, and all with a birth date, among the active volunteers of a day."""
    born = [known for row in volunteers(office, on) if (known := birth(row)) is not None]
    ages = [on.year - known.year - ((on.month, on.day) < (known.month, known.day)) for known in born]
    return sum(14 <= age <= 35 for age in ages), len(ages)


def z34_4_2_4(office: Office, as_of: dt.date) -> Verdict:
    """The share of the young, against the quarter's eve."""
    k, n = youth(office, as_of)
    k_then, n_then = youth(office, quarter_start(as_of) - ONE_DAY)
    status = first_that_applies(
        (n == 0, "missing_data"),
        (k == 0, "explain"),
        (n_then == 0 or k * n_then >= k_then * n, "met"),
        (True, "attention"),
    )
    return Verdict(status, k, n)


def z34_4_3_1(office: Office, as_of: dt.date) -> Verdict:
    """新时代文明实践 venues with cooperation."""
    places = venues(office, as_of, "新时代文明实践中心", "新时代文明实践所", "新时代文明实践站")
    told = [joined(row, "标题", "对方单位") for row in valid_notes(office, "合作", as_of)]
    k = sum(any(text(place, "名称") in words for words in told) for place in places)
    return share(k, len(places), "missing_data", "explain")


def z34_4_3_2(office: Office, as_of: dt.date) -> Verdict:
    """Experience venues that were used."""
    places = venues(office, as_of, "生命健康安全体验馆", "体验教室", "博爱家园")
    used = [text(row, "地点") for row in rows(office, "活动") + rows(office, "培训") if in_year(row, "开始日期", as_of)]
    k = sum(any(text(place, "名称") in where for where in used) for place in places)
    if not places:
        return Verdict(without_venues(office, as_of), 0, 0)
    return year_teams(k, len(places), "partial" if k else "explain", as_of)


def z34_4_3_4(office: Office, as_of: dt.date) -> Verdict:
    """红十字志愿者之家 with its three functions."""
    homes = venues(office, as_of, "红十字志愿者之家")
    k = sum(all(contains(home, "功能", word) for word in ("办公", "活动", "交流")) for home in homes)
    part = any(filled(home, "功能") for home in homes)
    status = first_that_applies((k > 0, "met"), (part, "partial"), (bool(homes), "missing_data"), (True, "not_met"))
    return Verdict(status, k, len(homes))


def z34_5_1_1(office: Office, as_of: dt.date) -> Verdict:
    """Meetings of the leading bodies on 志愿服务."""
    bodies = ("党组", "执委会", "执行委员会", "理事会", "办公会")
    k = sum(
        "志愿服务" in values(row, "主题") and contains(row, "子类", *bodies)
        for row in year_notes(office, "会议", as_of)
    )
    return Verdict(year_rule(k >= 1, "attention", as_of), k, 1)


def team_entries(office: Office, days: tuple[dt.date, dt.date]) -> list[Row]:
    """经费收支 of teams in these days, 期初结余 left out."""
    return [row for row in entries_of(office, days) if filled(row, "队伍名称")]


def entries_of(office: Office, days: tuple[dt.date, dt.date]) -> list[Row]:
    """经费收支 of these days, 期初结余 left out."""
    return [row for row in rows(office, "经费收支") if not is_opening(row) and within(row, "日期", *days)]


def taken_in(office: Office, source: str, days: tuple[dt.date, dt.date]) -> int:
    """Income of the teams from a source in these days, less what was taken back."""
    return net([row for row in team_entries(office, days) if text(row, "资金来源") == source], "收入", *days)


def z34_5_2_1(office: Office, as_of: dt.date) -> Verdict:
    """红十字会支持 this year against the same days of last year."""
    this, last = year_so_far_and_last(as_of)
    now, before = taken_in(office, "红十字会支持", this), taken_in(office, "红十字会支持", last)
    whole_last = (last[0], dt.date(last[0].year, 12, 31))
    status = first_that_applies(
        (not entries_of(office, whole_last), NOT_APPLICABLE),
        (not entries_of(office, this), "missing_data"),
        (now > 0 and now >= before, "met"),
        (True, "explain"),
    )
    return Verdict(status, facts={"now_fen": now, "before_fen": before})


def z34_5_2_2(office: Office, as_of: dt.date) -> Verdict:
    """Sources of money."""
    this = year_so_far_and_last(as_of)[0]
    k = sum(
        taken_in(office, source, this) > 0
        for source in ("政府购买服务", "红十字会项目", "政府补贴", "社会资金", "捐赠")
    )
    unknown = any(
        text(row, "收支方向") == "收入" and not filled(row, "冲销凭证号") and not filled(row, "资金来源")
        for row in team_entries(office, this)
    )
    nothing = not entries_of(office, this)
    status = first_that_applies((k > 0, "met"), (nothing or unknown, "missing_data"), (True, "recorded"))
    return Verdict(status, k, 5)


def z34_5_3_1(office: Office, as_of: dt.date) -> Verdict:
    """Volunteers as 代表, 理事, 监事."""
    posts = [text(row, "子类").replace("法定代表人", "") for row in valid_notes(office, "任职", as_of)]
    return by_count(sum(any(word in post for post in posts) for word in ("代表", "理事", "监事")), "explain", 3)


def z34_5_3_2(office: Office, as_of: dt.date) -> Verdict:
    """Recommendations."""
    k = len(year_notes(office, "推荐", as_of))
    return Verdict(year_rule(k > 0, "explain", as_of), k)


def z34_5_3_3(office: Office, as_of: dt.date) -> Verdict:
    """Stories told in the office's own media."""
    k = sum(contains(row, "子类", "事迹", "风采") for row in year_notes(office, "自有媒体发布", as_of))
    return Verdict(year_rule(k > 0, "explain", as_of), k)


CLAUSES: dict[str, Check] = {
    "Z34-3.3-2": z34_3_3_2,
    "Z34-3.3-3": z34_3_3_3,
    "Z34-3.3-4": z34_3_3_4,
    "Z34-3.3-5": z34_3_3_5,
    "Z34-3.4-2": z34_3_4_2,
    "Z34-3.4-3": z34_3_4_3,
    "Z34-4.1-2": z34_4_1_2,
    "Z34-4.1-3": z34_4_1_3,
    "Z34-4.2-1": z34_4_2_1,
    "Z34-4.2-3": z34_4_2_3,
    "Z34-4.2-4": z34_4_2_4,
    "Z34-4.3-1": z34_4_3_1,
    "Z34-4.3-2": z34_4_3_2,
    "Z34-4.3-4": z34_4_3_4,
    "Z34-5.1-1": z34_5_1_1,
    "Z34-5.2-1": z34_5_2_1,
    "Z34-5.2-2": z34_5_2_2,
    "Z34-5.3-1": z34_5_3_1,
    "Z34-5.3-2": z34_5_3_2,
    "Z34-5.3-3": z34_5_3_3,
}
