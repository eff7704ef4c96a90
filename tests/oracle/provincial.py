"""The independent reading of the rows of 省级汇总表 (data.md §5, end) that are no figure of the quarter already.

Readings chosen where the contract leaves room:

* Teams are those of 季末在册: without 上级队伍, active at as_of.  人道救助 stands under 其他.  A team counts as
  民政已登记 by its state, from 民政登记日期 where it is filled; as 已设党组织 by the organisations of its tree; as 有活动的
  by activities of the period that it or a 分队 of its tree holds.
* 取证人数 counts persons once; 普及人次 are the attendances and head counts of 应急救护培训 that took no certificate.
* 目标人份 of a year: per 口径 the row of the whole area (全区, 全县, 全市, 全省, 合计, or a 区 县 市 省 that the office's
  own name holds) where there is one, else the sum of the others; never both.  Without any row it is unknown.  Results
  are those of the period.
* 受众人次 are unknown where there are activities and none says.
* 项目 in 执行 are in force at as_of and dated on or before it.
* A reversal has the source and the 科目 of its own row.
"""

import datetime as dt
from decimal import Decimal

from tests.oracle.base import (
    Office,
    Row,
    day,
    memberships,
    number,
    period_days,
    profile,
    record_in_force,
    registered,
    rows,
    team_active,
    teams,
    text,
    tree,
    values,
    volunteers,
    within,
    year_start,
)
from tests.oracle.figures import is_opening, listed, net, present
from tests.oracle.party import organisation

DOMAINS = ("应急救援", "应急救护", "无偿献血", "造血干细胞捐献", "遗体和人体器官捐献", "养老服务", "其他")
BACKBONE = ("队长", "副队长", "骨干")
WHOLE_AREA = ("全区", "全县", "全市", "全省", "合计")

Rows = dict[str, int | Decimal | None]


def team_rows(office: Office, first: dt.date, last: dt.date) -> Rows:
    """Teams by domain, registration, party organisation and activity."""
    tops = [team for team in teams(office) if not text(team, "上级队伍") and team_active(team, last)]
    hosts = {text(row, "主办队伍") for row in rows(office, "活动") if within(row, "开始日期", first, last)}
    domains = [text(team, "主要领域") if text(team, "主要领域") in DOMAINS else "其他" for team in tops]
    return {f"领域 {domain}": domains.count(domain) for domain in DOMAINS} | {
        "三献队伍": sum(text(team, "队伍类型") == "三献" for team in tops),
        "志愿者网已登记": sum(registered(team, last) for team in tops),
        "民政已登记": sum(
            text(team, "民政登记状态") == "已登记" and (day(team, "民政登记日期") or last) <= last for team in tops
        ),
        "已设党组织": sum(organisation(office, team, last) == "active" for team in tops),
        "有活动的": sum(bool(tree(office, team, last) & hosts) for team in tops),
    }


def people_rows(office: Office, last: dt.date) -> Rows:
    """Backbone, and volunteers per thousand of the population."""
    backbone = {one.person for one in memberships(office) if one.role in BACKBONE and one.on(last)}
    population = profile(office, "常住人口", last)
    share = Decimal(len(volunteers(office, last)) * 1000) / Decimal(population) if population else None
    return {"骨干人数": len(backbone), "占常住人口（‰）": share}


def training_rows(office: Office, first: dt.date, last: dt.date) -> Rows:
    """First-aid certificates and reach, and classes with blood in them."""
    held = [row for row in rows(office, "培训") if within(row, "开始日期", first, last)]
    certified: set[str] = set()
    reached = 0
    for training in held:
        if text(training, "培训类别") != "应急救护培训":
            continue
        here = present(office, training)
        took = [row for row in here if text(row, "结果") == "合格" and text(row, "证书编号")]
        certified |= {text(row, "证件号码") for row in took}
        heads = 0 if listed(office, training) else int(number(training, "参训人次") or 0)
        reached += len(here) - len(took) + heads
    return {
        "取证人数": len(certified),
        "普及人次": reached,
        "无偿献血科普期数": sum(text(row, "含无偿献血科普") == "是" for row in held),
    }


def goods_fen(office: Office, direction: str, first: dt.date, last: dt.date) -> int:
    """折价 of what was taken in or given out, in 分."""
    return sum(
        int((number(row, "折价（元）") or 0) * 100)
        for row in rows(office, "物资收发")
        if text(row, "收发方向") == direction and within(row, "日期", first, last)
    )


def is_whole(office: Office, unit: str, as_of: dt.date) -> bool:
    """A row of the whole area."""
    return unit in WHOLE_AREA or (unit[-1:] in tuple("区县市省") and unit in profile(office, "单位名称", as_of))


def targeted(office: Office, as_of: dt.date) -> int | None:
    """目标人份 of a day's year, totals and parts never together."""
    mine = [row for row in rows(office, "献血目标") if number(row, "年度") == as_of.year]
    if not mine:
        return None
    total = 0
    for scope in ("团体", "街头", "高校"):
        of_scope = [row for row in mine if text(row, "口径") == scope]
        whole = [row for row in of_scope if is_whole(office, text(row, "单位或街镇"), as_of)]
        total += int(sum(number(row, "目标人份") or 0 for row in whole or of_scope))
    return total


def blood_rows(office: Office, first: dt.date, last: dt.date) -> Rows:
    """Targets of the year, results and meetings of the period."""
    done = [row for row in rows(office, "献血完成") if within(row, "日期", first, last)]
    acts = [row for row in rows(office, "活动") if within(row, "开始日期", first, last)]
    met = [
        row
        for row in rows(office, "工作记录")
        if text(row, "类别") == "沟通会商"
        and text(row, "对方类别") == "卫生健康行政部门"
        and "无偿献血" in values(row, "主题")
        and within(row, "日期", first, last)
    ]
    return {
        "目标人份": targeted(office, last),
        "完成人次": sum(int(number(row, "人次") or 0) for row in done),
        "毫升数": sum(int(number(row, "毫升数") or 0) for row in done),
        "会商次数": len({day(row, "日期") for row in met}),
        "宣传活动场次": sum(text(row, "活动类别") == "宣传" and "无偿献血" in text(row, "主题") for row in acts),
        "招募活动场次": sum(text(row, "活动类别") == "献血招募" for row in acts),
    }


def income_by_source(office: Office, first: dt.date, last: dt.date) -> dict[str, int]:
    """Income of these days by 资金来源 in 分, reversals netted; a source that comes to nothing is left out."""
    entries: list[Row] = [row for row in rows(office, "经费收支") if not is_opening(row)]
    sources = {text(row, "资金来源") for row in entries}
    found = {
        name: net([row for row in entries if text(row, "资金来源") == name], "收入", first, last) for name in sources
    }
    return {name: fen for name, fen in found.items() if fen}


def table(office: Office, period: str) -> Rows:
    """The rows for a period; `本年累计` is `table` over the year so far."""
    return between(office, *period_days(period))


def year_so_far(office: Office, as_of: dt.date) -> Rows:
    """The rows from 1 January to a day."""
    return between(office, year_start(as_of), as_of)


def between(office: Office, first: dt.date, last: dt.date) -> Rows:
    """The rows over these days, as of the last of them."""
    running = [
        row
        for row in rows(office, "工作记录")
        if text(row, "类别") == "项目" and within(row, "日期", dt.date.min, last) and record_in_force(row, last)
    ]
    acts = [row for row in rows(office, "活动") if within(row, "开始日期", first, last)]
    told = [number(row, "受众人次") for row in acts if number(row, "受众人次") is not None]
    served = int(sum(one or 0 for one in told)) if told or not acts else None
    return (
        team_rows(office, first, last)
        | people_rows(office, last)
        | training_rows(office, first, last)
        | blood_rows(office, first, last)
        | {
            "受众人次": served,
            "接收折价": goods_fen(office, "接收", first, last),
            "发放折价": goods_fen(office, "发放", first, last),
            "在执行个数": len(running),
        }
    )
