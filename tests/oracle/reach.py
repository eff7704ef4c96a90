"""Which turns of the second edition a random office takes on a day: counted, so that none goes untried."""

import datetime as dt
from collections.abc import Iterator

from tests.oracle import party, plans
from tests.oracle.base import (
    LATEST,
    ONE_DAY,
    RESCUE,
    Office,
    Row,
    active,
    base_teams,
    blood_teams,
    day,
    exists,
    founded_own_teams,
    level,
    memberships,
    months_before,
    name_of_team,
    on_platform,
    packed,
    profile,
    quarter_start,
    registration_unknown,
    rows,
    subteams,
    suspended,
    team_active,
    teams,
    text,
    theme_days,
    trees,
    values,
    within,
    year_start,
)
from tests.oracle.computed import B25_DATE, THEME_KINDS, check, disaster_prone


def team_turns(office: Office, as_of: dt.date) -> Iterator[tuple[str, bool]]:
    """Base and tree."""
    own, base = profile(office, "单位名称", as_of), base_teams(office, as_of)
    by_name = {name_of_team(team): team for team in teams(office)}
    yield (
        "own level by name with white space",
        any(text(t, "主管单位") != own and packed(text(t, "主管单位")) == packed(own) for t in base),
    )
    yield "own level by 本级 with another name", any(packed(text(t, "主管单位")) != packed(own) for t in base)
    yield (
        "own name with another kind",
        any(packed(text(t, "主管单位")) == packed(own) and text(t, "主管单位类型") not in ("", "本级") for t in base),
    )
    below = [(top, sub) for top in base for sub in subteams(office, top, as_of)]
    deep = [(top, sub) for top, sub in below if text(sub, "上级队伍") != name_of_team(top)]
    yield "分队 of one level", len(below) > len(deep)
    yield "分队 of two levels", bool(deep)
    yield "below a dissolved one", any(not exists(by_name[text(sub, "上级队伍")], as_of) for _, sub in deep)
    yield "suspended 分队 in the tree", any(suspended(sub, as_of) for _, sub in below)
    dissolved = [t for t in teams(office) if text(t, "上级队伍") and (day(t, "撤销日期") or LATEST) <= as_of]
    yield "dissolved 分队", bool(dissolved)
    with_people = {one.team for one in memberships(office) if one.on(as_of)}
    yield (
        "members in a 分队 of a blood team",
        any(
            name_of_team(sub) in with_people
            for top in blood_teams(office, as_of)
            for sub in subteams(office, top, as_of)
        ),
    )
    yield (
        "blood team with members in its 分队 alone",
        any(
            name_of_team(top) not in with_people and names & with_people
            for top in blood_teams(office, as_of)
            for names in [trees(office, [top], as_of)]
        ),
    )
    yield "suspended own team", any(suspended(t, as_of) for t in founded_own_teams(office, as_of))
    yield "team with a number and no date", any(registration_unknown(t) for t in base)


def people_turns(office: Office, as_of: dt.date) -> Iterator[tuple[str, bool]]:
    """Memberships and the platform."""
    raw = [row for row in rows(office, "队员") if active(row, "入队日期", "退队日期", as_of)]
    left = {text(r, "证件号码"): day(r, "退出日期") or LATEST for r in rows(office, "志愿者")}
    gone = {name_of_team(t): day(t, "撤销日期") or LATEST for t in teams(office)}
    founded = {name_of_team(t): day(t, "成立日期") or LATEST for t in teams(office)}
    yield "membership ended by the person", any(left[text(r, "证件号码")] <= as_of for r in raw)
    yield "membership ended by the team", any(gone[text(r, "队伍名称")] <= as_of for r in raw)
    yield (
        "membership kept through a suspension",
        any(suspended(t, as_of) and name_of_team(t) in {text(r, "队伍名称") for r in raw} for t in teams(office)),
    )
    ever = {(one.person, one.team, one.first) for one in memberships(office)}
    yield (
        "membership that never was",
        any((text(r, "证件号码"), text(r, "队伍名称"), day(r, "入队日期")) not in ever for r in rows(office, "队员")),
    )
    yield "membership before its team", any((day(r, "入队日期") or LATEST) < founded[text(r, "队伍名称")] for r in raw)
    pairs = [(one.person, one.team) for one in memberships(office)]
    yield "rejoining", len(pairs) > len(set(pairs))
    people = [row for row in rows(office, "志愿者") if text(row, "志愿者网编号")]
    yield "number without a date", any(day(r, "志愿者网注册日期") is None for r in people)
    yield "number with a date to come", any(not on_platform(r, as_of) for r in people)
    yield "platform date on the day", any(day(r, "志愿者网注册日期") == as_of for r in people)


def party_turns(office: Office, as_of: dt.date) -> Iterator[tuple[str, bool]]:
    """Dated counts and organisations."""
    for team in base_teams(office, as_of):
        counts = party.dated_counts(office, team)
        past = [on for on in counts if months_before(as_of, 12) <= on <= as_of]
        yield "several counts", len(past) > 1
        yield "count of exactly twelve months", months_before(as_of, 12) in past
        yield "count older than twelve months alone", bool(counts) and max(counts) < months_before(as_of, 12)
        soon = [on for on in counts if as_of < on <= as_of + 15 * ONE_DAY]
        yield "count within fifteen days after", not past and bool(soon)
        yield "several counts within fifteen days after", not past and len(soon) > 1
        yield "count on the fifteenth day after", not past and soon == [as_of + 15 * ONE_DAY]
        yield "count on the sixteenth day after", not past and list(counts) == [as_of + 16 * ONE_DAY]
        yield "count without a date", day(team, "党员数统计日期") is None and team.get("正式党员数") is not None
        own = party.count_of(office, team, as_of)
        whole = party.party_members(office, team, as_of)
        yield "分队 have more party members", own is not None and whole is not None and whole > own
        yield "own count unknown, 分队's known", own is None and whole is not None
        both = [c for t in subteams(office, team, as_of) if (c := party.count_of(office, t, as_of)) is not None]
        yield "分队's sum of several", len(both) > 1
        there = party.organisation(office, team, as_of)
        yield "organisation without a date", there == "unknown"
        yield (
            "organisation of a 分队 alone",
            there == "active" and not active(team, "党组织成立日期", "党组织撤销日期", as_of),
        )
        yield "organisation with too few", there == "active" and (whole or (0, 0))[0] < 3
        yield f"party state {party.party_state(office, team, as_of)}", True


def plan_turns(office: Office, as_of: dt.date) -> Iterator[tuple[str, bool]]:
    """Plans and consultations."""
    for row in rows(office, "工作记录"):
        if (day(row, "日期") or LATEST) > as_of:
            yield f"{text(row, '类别')} of a day to come", text(row, "类别") in ("规划计划", "项目")
            continue
        if text(row, "类别") == "规划计划":
            for role in plans.roles(row, as_of):
                yield f"plan: {role}", True
            yield "plan without 主题", not text(row, "主题")
            yield "plan with another kind", text(row, "子类") not in (*plans.LONG_PLANS, *plans.YEAR_PLANS)
            titled = plans.year_of(row) not in ((day(row, "有效期起") or as_of).year, (day(row, "日期") or as_of).year)
            yield "year of a plan by its title", titled and day(row, "有效期起") is None
            yield "year plan that is over", text(row, "子类") in plans.YEAR_PLANS and not plans.not_over(row, as_of)
        if text(row, "类别") == "沟通会商" and within(row, "日期", year_start(as_of), as_of):
            yield "consultation without 对方类别", not text(row, "对方类别")
            yield "consultation without 主题", not text(row, "主题")
        if text(row, "类别") == "项目":
            blood = trees(office, blood_teams(office, as_of), as_of)
            yield "project without 形式或渠道", text(row, "队伍名称") in blood and not text(row, "形式或渠道")


def work_turns(office: Office, as_of: dt.date) -> Iterator[tuple[str, bool]]:
    """Rescue, blood, trainings, theme days, danger."""
    founded = founded_own_teams(office, as_of)
    if level(office, as_of) == "county":
        flags = rows(office, "灾害多发认定")
        yield f"disaster by rows: {disaster_prone(office, as_of)}", bool(flags)
        yield f"disaster by answer: {disaster_prone(office, as_of)}", not flags
    yield (
        "rescue team suspended",
        any(suspended(t, as_of) and RESCUE in values(t, "主要领域") | values(t, "其他领域") for t in founded),
    )
    for row in rows(office, "培训"):
        blank = text(row, "培训类别") == "应急救护培训" and not text(row, "含无偿献血科普")
        yield "class without an answer on blood", blank and within(row, "开始日期", quarter_start(as_of), as_of)
    blood = trees(office, blood_teams(office, as_of), as_of)
    stock = trees(office, [t for t in blood_teams(office, as_of) if team_active(t, B25_DATE)], as_of)
    yield "stock of 2025-12-11", bool(stock)
    since = quarter_start(as_of)
    for row in rows(office, "服务记录"):
        here = text(row, "队伍名称") in blood and within(row, "服务日期", since, as_of)
        yield "service without an answer on the platform", here and not text(row, "志愿者网已同步")
    for row in rows(office, "活动"):
        on, kind = day(row, "开始日期") or LATEST, text(row, "活动类别")
        if text(row, "纪念日") in theme_days(as_of.year) and on <= as_of and on.year == as_of.year:
            near = abs((on - theme_days(as_of.year)[text(row, "纪念日")]).days) <= 14
            yield f"theme activity, {'near' if near else 'elsewhere'}", kind in THEME_KINDS
            yield f"doubtful theme activity, {'near' if near else 'elsewhere'}", kind not in THEME_KINDS
    yield from danger_turns(office, as_of)


def danger_turns(office: Office, as_of: dt.date) -> Iterator[tuple[str, bool]]:
    """ZT-17."""
    rescue = {name_of_team(t) for t in teams(office) if text(t, "主要领域") == RESCUE}
    for act in rows(office, "活动"):
        if not within(act, "开始日期", quarter_start(as_of), as_of):
            continue
        answer, host = text(act, "有人身危险"), text(act, "主办队伍")
        yield "drill without an answer on danger", not answer and text(act, "活动类别") == "演练"
        yield "rescue host without an answer on danger", not answer and host in rescue
        if answer == "是":
            first = day(act, "开始日期") or LATEST
            last = day(act, "结束日期") or first
            named = [r for r in rows(office, "服务记录") if text(r, "活动编号") == text(act, "活动编号")]
            yield "danger without participants", not named
            yield "danger with participants", bool(named)
            yield "participant of a day to come", any((day(r, "服务日期") or LATEST) > as_of for r in named)
            yield (
                "service of the host without a number",
                any(
                    host
                    and text(r, "队伍名称") == host
                    and not text(r, "活动编号")
                    and within(r, "服务日期", first, last)
                    for r in rows(office, "服务记录")
                ),
            )


def turns(office: Office, as_of: dt.date) -> set[str]:
    """Every turn that the office takes on the day, and every status of a computed clause."""
    parts = (team_turns, people_turns, party_turns, plan_turns, work_turns)
    taken = {name for part in parts for name, there in part(office, as_of) if there}
    return taken | {f"{clause} {verdict.status}" for clause, verdict in check(office, as_of).items()}


def row_turns(office: Office) -> set[str]:
    """Turns that do not depend on a day."""

    def some(sheet: str, *filled: tuple[str, str]) -> bool:
        return any(all(text(row, heading) == value for heading, value in filled) for row in rows(office, sheet))

    entries = rows(office, "经费收支")
    booked: dict[str, Row] = {text(row, "凭证号"): row for row in entries if text(row, "凭证号")}
    found = {"goods": bool(rows(office, "物资收发")), "期初结余": some("经费收支", ("科目", "期初结余"))}
    found["期初结余 as expense"] = some("经费收支", ("科目", "期初结余"), ("收支方向", "支出"))
    for row in entries:
        number = text(row, "冲销凭证号")
        if number:
            kind = f"reversal of {'expense' if text(row, '收支方向') == '收入' else 'income'}"
            found[kind] = True
            found["reversal of an unknown entry"] = (
                found.get("reversal of an unknown entry", False) or number not in booked
            )
            if number in booked:
                then, now = day(booked[number], "日期") or LATEST, day(row, "日期") or LATEST
                found["reversal in a later quarter"] = found.get("reversal in a later quarter", False) or quarter_start(
                    then
                ) < quarter_start(now)
    found["equal entries"] = any(entries.count(row) > 1 for row in entries)
    found["answer with a day"] = any(day(row, "起始日期") for row in rows(office, "本会情况"))
    items = [text(row, "项目") for row in rows(office, "本会情况")]
    found["two answers"] = len(items) > len(set(items))
    found["empty answer"] = any(not text(row, "内容") for row in rows(office, "本会情况"))
    heads = {text(row, "培训编号") for row in rows(office, "参训人员")}
    found["head counts alone"] = not heads and any(row.get("参训人次") for row in rows(office, "培训"))
    return {name for name, there in found.items() if there}
