"""The independent reading of the semi-automatic clauses of the notice of 2022, its parts one to three (2).

Readings chosen where the contract leaves room:

* Z34-1-2: the name of a 街镇 inside a longer one of the list is not its own (“小石湖镇” does not cover 石湖镇).
* Z34-3.1-2: a base team whose organisation has a name and no day makes the clause `missing_data`.
* Z34-3.2-1: a base team with a platform number and no day, too, unless all are good.
* 骨干 is 职务 骨干 alone.
* Persons of 1 January are members of the tree of that day, those of as_of members of the tree of as_of.
* An attendance without a team counts for the teams of the tree of as_of that the person was a member of at its start.
* In 职务 and 来源身份 an empty cell is “not filled”; any word, 其他 and 队员 too, is filled.
"""

import datetime as dt

from tests.oracle.base import (
    ONE_DAY,
    RESCUE,
    Office,
    Row,
    Verdict,
    base_teams,
    day,
    memberships,
    months_before,
    on_platform,
    quarter_start,
    rows,
    team_active,
    text,
    tree,
    tree_members,
    values,
    volunteers,
    within,
    year_start,
)
from tests.oracle.computed import registration
from tests.oracle.figures import attended_teams, listed, present
from tests.oracle.party import organisation
from tests.oracle.semi_terms import (
    NOT_APPLICABLE,
    Check,
    by_count,
    contains,
    first_that_applies,
    in_year,
    of_tree,
    quarter_open,
    valid_notes,
    whole,
    year_notes,
    year_rule,
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


def named_towns(words: str, towns: list[str]) -> set[str]:
    """Names of 街镇 that stand in a text for themselves; longer ones are taken out first."""
    found = set()
    for town in sorted(towns, key=len, reverse=True):
        if town in words:
            found.add(town)
            words = words.replace(town, "\n")
    return found


def z34_1_2(office: Office, as_of: dt.date) -> Verdict:
    """街镇 that a team or a 基层组织 record names."""
    told = [
        text(team, heading)
        for team in rows(office, "志愿服务队伍")
        if team_active(team, as_of)
        for heading in ("队伍名称", "主管单位")
    ] + [
        text(row, heading)
        for row in valid_notes(office, "其他", as_of, sub_has="基层组织")
        for heading in ("标题", "对方单位")
    ]
    towns = [text(row, "名称") for row in rows(office, "街镇")]
    found = {town for words in told for town in named_towns(words, towns)}
    return share(sum(town in found for town in towns), len(towns), "missing_data", "explain")


def z34_1_3(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with guidance in the year."""
    base, given = base_teams(office, as_of), year_notes(office, "工作指导", as_of)
    return year_teams(sum(bool(of_tree(office, given, team, as_of)) for team in base), len(base), "attention", as_of)


def newcomers(office: Office, as_of: dt.date) -> list[Row]:
    """Volunteers with 登记日期 in the quarter."""
    return [row for row in rows(office, "志愿者") if within(row, "登记日期", quarter_start(as_of), as_of)]


def nobody_yet(office: Office, as_of: dt.date) -> bool:
    """Nobody with 登记日期 <= as_of."""
    return not any(within(row, "登记日期", dt.date.min, as_of) for row in rows(office, "志愿者"))


def z34_2_1_1(office: Office, as_of: dt.date) -> Verdict:
    """New volunteers of the quarter."""
    k = len(newcomers(office, as_of))
    return Verdict("missing_data", k) if nobody_yet(office, as_of) else by_count(k, "explain")


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
    """Members and donors among the new."""
    return sources(office, as_of, MEMBERS_AND_DONORS, "explain")


def z34_2_1_3(office: Office, as_of: dt.date) -> Verdict:
    """Trained people and donors of the body among the new: nothing at the quarter's end is to be explained."""
    return sources(office, as_of, HELPERS, "in_progress" if quarter_open(as_of) else "explain")


def z34_2_2_3(office: Office, as_of: dt.date) -> Verdict:
    """Six domains with a base team."""
    found: set[str] = set()
    for team in base_teams(office, as_of):
        found |= values(team, "主要领域") | values(team, "其他领域")
        found |= THREE_DONATIONS if text(team, "队伍类型") == "三献" else set()
    return by_count(len(found & (THREE_DONATIONS | {RESCUE, "应急救护", "养老服务"})), "explain", 6)


def z34_3_1_2(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with a party organisation in their tree, and its activities."""
    there = {"active": [], "unknown": [], "none": []}  # type: dict[str, list[Row]]
    for team in base_teams(office, as_of):
        there[organisation(office, team, as_of)].append(team)
    held = year_notes(office, "党组织活动", as_of)
    k = sum(bool(of_tree(office, held, team, as_of)) for team in there["active"])
    if there["unknown"]:
        return Verdict("missing_data", k, len(there["active"]))
    return year_teams(k, len(there["active"]), "attention", as_of)


def z34_3_2_1(office: Office, as_of: dt.date) -> Verdict:
    """Volunteers on the platform; teams registered there."""
    people = volunteers(office, as_of)
    states = [registration(team, as_of) for team in base_teams(office, as_of)]
    k, n = sum(on_platform(row, as_of) for row in people), len(people)
    status = first_that_applies(
        (n == 0, "missing_data"),
        (k == n and all(states), "met"),
        (None in states, "missing_data"),
        (k > 0 or True in states, "partial"),
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
    """Base teams with a 骨干 among their members."""
    base = base_teams(office, as_of)
    everyone = [one for one in memberships(office) if one.on(as_of)]
    roles = [
        {one.role for one in everyone if one.team in whole_tree}
        for whole_tree in (tree(office, team, as_of) for team in base)
    ]
    k = sum("骨干" in of_one for of_one in roles)
    some = any(of_one - {""} for of_one in roles)
    status = first_that_applies((not base, NOT_APPLICABLE), (k > 0, "met"), (some, "explain"), (True, "missing_data"))
    return Verdict(status, k, len(base))


def z34_3_2_6(office: Office, as_of: dt.date) -> Verdict:
    """Base teams that kept 80 percent of the people of 1 January."""
    first, k, n = year_start(as_of), 0, 0
    for team in base_teams(office, as_of):
        then = tree_members(office, team, first)
        if not within(team, "成立日期", dt.date.min, first - ONE_DAY) or not then:
            continue
        n += 1
        k += len(then & tree_members(office, team, as_of)) * 100 >= len(then) * 80
    return Verdict(first_that_applies((n == 0, NOT_APPLICABLE), (k == n, "met"), (True, "attention")), k, n)


def counted_for(office: Office, training: Row, whole_tree: set[str]) -> bool:
    """A professional training counts for the team of this tree."""
    on = day(training, "开始日期")
    assert on is not None
    if not listed(office, training):
        return whole(training, "参训人次") > 0 and text(training, "面向队伍") in whole_tree
    everyone = list(memberships(office))
    return any(attended_teams(everyone, row, on) & whole_tree for row in present(office, training))


def z34_3_2_7(office: Office, as_of: dt.date) -> Verdict:
    """Rescue, first-aid and elderly-care teams with a professional training."""
    some = [
        team for team in base_teams(office, as_of) if text(team, "主要领域") in ("应急救援", "应急救护", "养老服务")
    ]
    held = professional(office, as_of)
    k = sum(
        any(counted_for(office, training, whole_tree) for training in held)
        for whole_tree in (tree(office, team, as_of) for team in some)
    )
    return year_teams(k, len(some), "attention", as_of)


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
