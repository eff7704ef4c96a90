"""An independent reading of the semi-automatic clauses of the notice of 2022, over workbook rows in plain Python.

Readings chosen where the page leaves room:

* 出生日期 is the one in an 18-character document number where the 证件类型 has one, else the cell.
* A 街镇, a venue or a project is looked for with its whole name; nothing is normalised.
* In 职务 and 来源身份 an empty cell is “not filled”; any word, 其他 and 队员 too, is filled.
* A 经费收支 row without 队伍名称 belongs to no team; it counts where the page says “at all”.
"""

import datetime as dt

from tests.oracle.base import (
    RESCUE,
    Office,
    Row,
    active,
    base_teams,
    day,
    level,
    member_now,
    quarter_start,
    registered,
    rows,
    team_active,
    text,
    values,
    within,
)
from tests.oracle.computed import Verdict
from tests.oracle.semi_terms import (
    NOT_APPLICABLE,
    ONE_DAY,
    Check,
    contains,
    filled,
    first_that_applies,
    in_year,
    listed,
    months_before,
    of_team,
    present,
    valid_notes,
    whole,
    year_notes,
    year_rule,
    year_start,
)

THREE_DONATIONS = {"无偿献血", "造血干细胞捐献", "遗体和人体器官捐献"}
MEMBERS_AND_DONORS = {"红十字会员", "捐赠人"}
HELPERS = {
    "救护员",
    "应急救护师资",
    "救援队员",
    "无偿献血者",
    "造血干细胞入库志愿者",
    "遗体和人体器官捐献志愿登记者",
}


def volunteers(office: Office, on: dt.date) -> list[Row]:
    """Active volunteers of a day."""
    return [row for row in rows(office, "志愿者") if active(row, "登记日期", "退出日期", on)]


def people_of(office: Office, team: Row, on: dt.date) -> set[str]:
    """Persons active in the team on a day."""
    return {text(row, "证件号码") for row in of_team(rows(office, "队员"), team) if member_now(row, on)}


def professional(office: Office, as_of: dt.date) -> list[Row]:
    """The year's professional trainings."""
    return [
        row
        for row in rows(office, "培训")
        if text(row, "培训类别") in ("应急救护培训", "专业技能培训") and in_year(row, "开始日期", as_of)
    ]


def year_teams(k: int, n: int, late: str, as_of: dt.date) -> Verdict:
    """n = 0 -> not_applicable; YEAR(k = n, late)."""
    return Verdict(year_rule(k == n, late, as_of) if n else NOT_APPLICABLE, k, n)


def share(k: int, n: int, empty: str, none: str) -> Verdict:
    """n = 0; k = n -> met; k > 0 -> partial; none."""
    return Verdict(first_that_applies((n == 0, empty), (k == n, "met"), (k > 0, "partial"), (True, none)), k, n)


def any_or(k: int, otherwise: str, n: int | None = None) -> Verdict:
    """k > 0 -> met, else the other."""
    return Verdict("met" if k else otherwise, k, n)


def z34_1_2(office: Office, as_of: dt.date) -> Verdict:
    """街镇 that a team or a 基层组织 record names."""
    named = [
        text(team, heading)
        for team in rows(office, "志愿服务队伍")
        if team_active(team, as_of)
        for heading in ("队伍名称", "主管单位")
    ] + [
        text(row, heading)
        for row in valid_notes(office, "其他", as_of, sub_has="基层组织")
        for heading in ("标题", "对方单位")
    ]
    towns = rows(office, "街镇")
    return share(
        sum(any(text(row, "名称") in name for name in named) for row in towns), len(towns), "missing_data", "explain"
    )


def z34_1_3(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with guidance in the year."""
    base, given = base_teams(office, as_of), year_notes(office, "工作指导", as_of)
    return year_teams(sum(bool(of_team(given, team)) for team in base), len(base), "attention", as_of)


def newcomers(office: Office, as_of: dt.date) -> list[Row]:
    """Volunteers with 登记日期 in the quarter."""
    return [row for row in rows(office, "志愿者") if within(row, "登记日期", quarter_start(as_of), as_of)]


def nobody_yet(office: Office, as_of: dt.date) -> bool:
    """Nobody with 登记日期 <= as_of."""
    return not any(within(row, "登记日期", dt.date.min, as_of) for row in rows(office, "志愿者"))


def z34_2_1_1(office: Office, as_of: dt.date) -> Verdict:
    """New volunteers of the quarter."""
    k = len(newcomers(office, as_of))
    return Verdict("missing_data", k) if nobody_yet(office, as_of) else any_or(k, "explain")


def sources(office: Office, as_of: dt.date, wanted: set[str], otherwise: str) -> Verdict:
    """New volunteers of the quarter with a wanted 来源身份."""
    new = newcomers(office, as_of)
    k = sum(bool(values(row, "来源身份") & wanted) for row in new)
    unknown = any(not values(row, "来源身份") for row in new)
    status = first_that_applies(
        (nobody_yet(office, as_of), "missing_data"), (k > 0, "met"), (unknown, "missing_data"), (True, otherwise)
    )
    return Verdict(status, k, len(new))


def z34_2_1_2(office: Office, as_of: dt.date) -> Verdict:
    """Members and donors among the new; provinces are not bound."""
    if level(office) == "province":
        return Verdict(NOT_APPLICABLE)
    return sources(office, as_of, MEMBERS_AND_DONORS, "explain")


def z34_2_1_3(office: Office, as_of: dt.date) -> Verdict:
    """Trained people and donors of the body among the new."""
    return sources(office, as_of, HELPERS, "recorded")


def z34_2_2_3(office: Office, as_of: dt.date) -> Verdict:
    """Six domains with a base team."""
    found: set[str] = set()
    for team in base_teams(office, as_of):
        found |= values(team, "主要领域") | values(team, "其他领域")
        found |= THREE_DONATIONS if text(team, "队伍类型") == "三献" else set()
    return any_or(len(found & (THREE_DONATIONS | {RESCUE, "应急救护", "养老服务"})), "explain", 6)


def z34_3_1_2(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with a party organisation, and its activities."""
    teams = [team for team in base_teams(office, as_of) if active(team, "党组织成立日期", "党组织撤销日期", as_of)]
    held = year_notes(office, "党组织活动", as_of)
    return year_teams(sum(bool(of_team(held, team)) for team in teams), len(teams), "attention", as_of)


def z34_3_2_1(office: Office, as_of: dt.date) -> Verdict:
    """Volunteers with a platform number; teams registered there."""
    people, teams = volunteers(office, as_of), [registered(team, as_of) for team in base_teams(office, as_of)]
    k, n = sum(filled(row, "志愿者网编号") for row in people), len(people)
    status = first_that_applies(
        (n == 0, "missing_data"),
        (k == n and all(teams), "met"),
        (k > 0 or any(teams), "partial"),
        (True, "explain"),
    )
    return Verdict(status, k, n)


def z34_3_2_3(office: Office, as_of: dt.date) -> Verdict:
    """Volunteers whose details were verified in twelve months."""
    people = volunteers(office, as_of)
    checked = [on for row in people if (on := day(row, "信息核实日期")) is not None and on <= as_of]
    k, n = sum(on >= months_before(as_of, 12) for on in checked), len(people)
    return Verdict("missing_data" if not checked else "met" if k == n else "attention", k, n)


def z34_3_2_4(office: Office, as_of: dt.date) -> Verdict:
    """Trainings of volunteers and of the backbone, and a training plan or rule."""
    held = [text(row, "培训类别") for row in rows(office, "培训") if in_year(row, "开始日期", as_of)]
    papers = valid_notes(office, "规划计划", as_of) + valid_notes(office, "制度文件", as_of)
    written = any(contains(row, "标题", "培训") or contains(row, "子类", "培训") for row in papers)
    k = ("志愿者培训" in held) + ("骨干培训" in held) + written
    return Verdict(year_rule(k == 3, "attention", as_of), k, 3)


def z34_3_2_5(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with an active 骨干."""
    base = base_teams(office, as_of)
    roles = [
        {text(row, "职务") for row in of_team(rows(office, "队员"), team) if member_now(row, as_of)} for team in base
    ]
    k = sum("骨干" in of_one for of_one in roles)
    some = any(of_one - {""} for of_one in roles)
    status = first_that_applies((not base, NOT_APPLICABLE), (k > 0, "met"), (some, "explain"), (True, "missing_data"))
    return Verdict(status, k, len(base))


def z34_3_2_6(office: Office, as_of: dt.date) -> Verdict:
    """Base teams that kept 80 percent of the people of 1 January."""
    first, k, n = year_start(as_of), 0, 0
    for team in base_teams(office, as_of):
        then = people_of(office, team, first)
        if not within(team, "成立日期", dt.date.min, first - ONE_DAY) or not then:
            continue
        n += 1
        k += len(then & people_of(office, team, as_of)) * 100 >= len(then) * 80
    return Verdict(first_that_applies((n == 0, NOT_APPLICABLE), (k == n, "met"), (True, "attention")), k, n)


def counted_for(office: Office, training: Row, team: Row) -> bool:
    """A professional training counts for the team."""
    name, on = text(team, "队伍名称"), day(training, "开始日期")
    assert on is not None
    if not listed(office, training):
        return whole(training, "参训人次") > 0 and text(training, "面向队伍") == name
    return any(
        text(row, "队伍名称") == name
        or (not filled(row, "队伍名称") and text(row, "证件号码") in people_of(office, team, on))
        for row in present(office, training)
    )


def z34_3_2_7(office: Office, as_of: dt.date) -> Verdict:
    """Rescue, first-aid and elderly-care teams with a professional training."""
    teams = [
        team for team in base_teams(office, as_of) if text(team, "主要领域") in ("应急救援", "应急救护", "养老服务")
    ]
    held = professional(office, as_of)
    k = sum(any(counted_for(office, training, team) for training in held) for team in teams)
    return year_teams(k, len(teams), "attention", as_of)


def z34_3_2_8(office: Office, as_of: dt.date) -> Verdict:
    """Professional trainings whose 备注 names a standard."""
    held = professional(office, as_of)
    k = sum(contains(row, "备注", "标准", "规程") for row in held)
    return share(k, len(held), year_rule(False, "explain", as_of), "explain")


CLAUSES: dict[str, Check] = {
    "Z34-1-2": z34_1_2,
    "Z34-1-3": z34_1_3,
    "Z34-2.1-1": z34_2_1_1,
    "Z34-2.1-2": z34_2_1_2,
    "Z34-2.1-3": z34_2_1_3,
    "Z34-2.2-3": z34_2_2_3,
    "Z34-3.1-2": z34_3_1_2,
    "Z34-3.2-1": z34_3_2_1,
    "Z34-3.2-3": z34_3_2_3,
    "Z34-3.2-4": z34_3_2_4,
    "Z34-3.2-5": z34_3_2_5,
    "Z34-3.2-6": z34_3_2_6,
    "Z34-3.2-7": z34_3_2_7,
    "Z34-3.2-8": z34_3_2_8,
}
