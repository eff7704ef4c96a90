"""Workbooks of the kinds that offices have, made up with known answers; `KINDS` holds one maker for each kind."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.reading.people import TEAMS, day, people, people_rows, team_rows, written

Rows = list[list[object]]


@dataclass
class Made:
    """Workbooks that are imported one after the other, and what is right afterwards.

    `right` gives figures of 2026Q3 by name, and ``refused`` (rows of the last file), ``trouble`` (the last file is
    refused whole), or numbers of rows by record. `looks` are formats by (file, sheet, row, column), from 1.
    """

    files: list[dict[str, Rows]]
    right: dict[str, Any]
    mapping: dict[str, Any] | None = None
    looks: dict[tuple[int, str, int, int], str] = field(default_factory=dict)


Maker = Callable[[random.Random], Made]
KINDS: dict[str, Maker] = {}


def kind(maker: Maker) -> Maker:
    """Name a maker in the list."""
    KINDS[maker.__name__] = maker
    return maker


def _titled(rng: random.Random, rows: Rows, title: str) -> Rows:
    return [[title], *rows] if rng.random() < 0.5 else rows


def _mixed(rng: random.Random, rows: Rows) -> Rows:
    """The columns in another order."""
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    return [[row[i] for i in order] for row in rows]


def _serial(rng: random.Random, rows: Rows) -> Rows:
    return [["序号", *rows[0]], *([n, *row] for n, row in enumerate(rows[1:], 1))] if rng.random() < 0.5 else rows


@kind
def money_in_two_files(rng: random.Random) -> Made:
    """Two donors of one amount on one day, without voucher numbers, in two files."""
    (a, _), (b, _) = people(rng, 2)
    on, yuan = day(rng), rng.choice((50, 100, 200))
    head: list[object] = ["日期", "收支方向", "科目", "金额（元）", "对方单位", "摘要"]
    files = [{"经费收支": [head, [written(rng, on), "收入", "捐赠收入", yuan, who, "捐款"]]} for who in (a, b)]
    return Made([*files, files[1]], {"income_fen": 200 * yuan, "refused": 0})  # the same file again changes nothing


@kind
def money_in_one_file(rng: random.Random) -> Made:
    """Equal rows are that many entries."""
    donors = people(rng, rng.randint(2, 6))
    on, rows = day(rng), []
    for who, _ in donors:
        rows.append([on, "收入", "捐赠收入", rng.choice((50, 100)), who if rng.random() < 0.7 else None, None])
    total = sum(int(str(r[3])) for r in rows)
    return Made(
        [{"经费收支": [["日期", "收支方向", "科目", "金额（元）", "对方单位", "摘要"], *rows]}],
        {"income_fen": 100 * total, "refused": 0},
    )


@kind
def donation_list(rng: random.Random) -> Made:
    """A list of donations made public: no direction, no category, a total below; the day sometimes only above."""
    head = [
        rng.choice(("捐赠日期", "捐款时间", "日期", "到账日期")),
        rng.choice(("捐赠人", "捐款单位及个人", "捐赠方", "捐赠（单位/姓名）", "捐赠单位（个人）", "爱心人士")),
        rng.choice(("捐赠金额（元）", "金额", "捐款金额", "捐赠金额")), "备注",
    ]  # fmt: skip
    on, rows, total = day(rng), [], 0
    above = rng.random() < 0.3
    for who, _ in people(rng, rng.randint(2, 8)):
        yuan = rng.choice((100, 100, 50, 20000))
        total += yuan
        rows.append([written(rng, on), who, yuan, rng.choice((None, "定向助学"))])
    rows.append([rng.choice(("合计", "总金额", "共计")), None, total, None])
    table: Rows = [list(head), *rows]
    if above:
        table = [row[1:] for row in table]
        table[-1][0] = "合计"
        return Made(
            [{"公示": [[f"{on.year}年{on.month}月{on.day}日接收捐款公示"], *table]}],
            {"income_fen": 100 * total, "refused": 0},
        )
    table = _serial(rng, table[:-1])
    tail: Rows = [[None] * (len(table[0]) - 4) + ["合计", None, total]]
    return Made(
        [{rng.choice(("公示", "Sheet1")): [["2026年接收捐款信息"], *table, *tail]}],
        {"income_fen": 100 * total, "refused": 0},
    )


@kind
def insurance_changes(rng: random.Random) -> Made:
    """An insurer's list of changes: who comes is covered from the day, who goes until the day before."""
    some = people(rng, rng.randint(2, 6))
    rows, insured = [], 0
    words = rng.choice((("增加", "减少"), ("增", "减"), ("加保", "减保"), ("新增", "退保")))
    for name, card in some:
        comes = rng.random() < 0.5
        insured += comes
        rows.append(["TY2026001", words[0] if comes else words[1], name, card, written(rng, day(rng, months=(2, 6)))])
    head: list[object] = [
        "保单号",
        rng.choice(("变动类型", "批改类型", "增减类型")),
        "姓名",
        "证件号码",
        rng.choice(("生效日期", "变动日期")),
    ]
    return Made([_insured(some), {"人员变动清单": [head, *rows]}], {"insured_end": insured, "refused": 0})


def _insured(some: list[tuple[str, str]]) -> dict[str, Rows]:
    """An office whose people are all members, and a policy by names."""
    policy: Rows = [
        ["保单号", "保险公司", "险种", "承保方式", "起始日期", "终止日期"],
        ["TY2026001", "平安", "团体意外险", "记名名单", "2026-01-01", "2026-12-31"],
    ]
    members: Rows = [["队伍名称", "姓名", "证件号码", "入队日期"], *([TEAMS[0], *p, "2021-03-01"] for p in some)]
    return {"志愿服务队伍": team_rows(), "志愿者": people_rows(some), "队员": members, "保险单": policy}


@kind
def removed_from_policy(rng: random.Random) -> Made:
    """Who is covered, and then on a list of those who left the policy."""
    some = people(rng, 4)
    covered: Rows = [["保单号", "姓名", "证件号码"], *(["TY2026001", *p] for p in some)]
    gone = some[: rng.randint(1, 3)]
    last = day(rng, months=(3, 8))
    rows: Rows = [["保单号", "姓名", "证件号码", "退保日期"], *(["TY2026001", *p, written(rng, last)] for p in gone)]
    return Made(
        [
            _insured(some) | {"被保险人": covered},
            {rng.choice(("退保人员名单", "Sheet1")): _titled(rng, rows, "退保人员名单")},
        ],
        {"insured_end": 4 - len(gone), "coverage": 4, "refused": 0},
    )


STATUS = ("状态", "人员状态", "在队状态", "队员状态")
GONE = ("已退队", "注销", "退队", "清退", "已离队", "除名")


@kind
def roster_with_status(rng: random.Random) -> Made:
    """Members and those who are none any more, told by a column, by yes and no, or by a remark."""
    some = people(rng, rng.randint(3, 8))
    how = rng.choice(("status", "asked", "remark"))
    heading = (
        rng.choice(STATUS) if how == "status" else rng.choice(("是否在队", "是否在册")) if how == "asked" else "备注"
    )
    rows, here = [], 0
    for name, card in some:
        is_here = rng.random() < 0.6
        here += is_here
        if how == "status":
            word = rng.choice(("在队", "正常", "在册")) if is_here else rng.choice(GONE)
        elif how == "asked":
            word = rng.choice(("是", "√")) if is_here else rng.choice(("否", "×"))
        else:
            word = (
                rng.choice(("", "骨干", "未退队"))
                if is_here
                else rng.choice((*GONE, "2025年3月退队", "因病退队", "已退队（搬家）"))
            )
        rows.append([TEAMS[0], name, card, "2021-03-01", "2021-03-01", word])
    head: list[object] = ["队伍名称", "姓名", "身份证号", "入队日期", "登记日期", heading]
    right = {"members_end": here, "volunteers_end": here}
    return Made([{"志愿服务队伍": team_rows(), "花名册": _mixed(rng, [head, *rows])}], right)


@kind
def roster_with_ends(rng: random.Random) -> Made:
    """Those who left have the day beside: members until then, volunteers still."""
    some = people(rng, rng.randint(3, 6))
    rows, here = [], 0
    for name, card in some:
        is_here = rng.random() < 0.5
        here += is_here
        rows.append(
            [
                TEAMS[0],
                name,
                card,
                "2021-03-01",
                "2021-03-01",
                "在队" if is_here else "已退队",
                None if is_here else written(rng, day(rng, 2025)),
            ]
        )
    head: list[object] = [
        "队伍名称",
        "姓名",
        "身份证号",
        "入队日期",
        "登记日期",
        "状态",
        rng.choice(("退队日期", "离队时间")),
    ]
    right = {"members_end": here, "volunteers_end": len(some), "membership": len(some), "refused": 0}
    return Made([{"志愿服务队伍": team_rows(), "花名册": [head, *rows]}], right)


@kind
def roster_corrected(rng: random.Random) -> Made:
    """The same roster again with other days of joining: one membership each."""
    some = people(rng, rng.randint(2, 5))
    head: list[object] = ["队伍名称", "姓名", "身份证号", "入队日期", "登记日期"]
    first, second = day(rng, months=(7, 7)), day(rng, months=(8, 8))
    one: Rows = [head, *([TEAMS[0], *p, first, first] for p in some)]
    two: Rows = [head, *([TEAMS[0], *p, written(rng, second), first] for p in some)]
    return Made(
        [{"志愿服务队伍": team_rows(), "花名册": one}, {"花名册": two}],
        {"members_joined": len(some), "members_end": len(some), "membership": len(some), "refused": 0},
    )


@kind
def roster_for_an_empty_ledger(rng: random.Random) -> Made:
    """An ordinary roster: no day of registration, and teams that nobody has founded."""
    some, teams = people(rng, rng.randint(3, 8)), TEAMS[: rng.randint(1, 3)]
    head: list[object] = [
        "序号",
        "姓名",
        "性别",
        rng.choice(("身份证号", "身份证号码")),
        rng.choice(("电话", "手机号")),
        rng.choice(("入队时间", "入队日期")),
        rng.choice(("所在队伍", "队伍名称", "所属队伍")),
    ]
    rows = [
        [
            n,
            name,
            "男" if int(card[16]) % 2 else "女",
            card,
            f"139{n:08d}",
            written(rng, day(rng, 2024)),
            teams[n % len(teams)],
        ]
        for n, (name, card) in enumerate(some)
    ]
    values = {"主管单位": "江河县红十字会", "主要领域": "应急救护", "成立日期": "2020-01-01"}
    return Made(
        [{"花名册": _titled(rng, [head, *rows], "志愿者花名册")}],
        {"members_end": len(some), "volunteers_end": len(some), "team": len(teams), "refused": 0}, {"*": {"values": values}},
    )  # fmt: skip


@kind
def training_with_absentees(rng: random.Random) -> Made:
    """Ticks by half day, or a column that says how it was: only who was there counts."""
    some = people(rng, rng.randint(3, 8))
    how, rows, there = rng.choice(("ticks", "words", "remark")), [], 0
    for name, card in some:
        came = rng.random() < 0.6 or not there
        there += came
        if how == "ticks":
            more = (
                ["√", "√", None]
                if came
                else rng.choice((["×", "×", None], ["×", "请假", None], [None, None, "未到"], [None, None, None]))
            )
        elif how == "words":
            more = [
                rng.choice(("已到", "√", "全勤")) if came else rng.choice(("未到", "缺席", "请假", "旷课", "×")),
                None,
            ]
        else:
            more = [None, None if came else rng.choice(("未到", "请假", "缺席", "因事请假", "病假"))]
        rows.append(["PX01", name, card, *more])
    extra = {
        "ticks": ["7月18日上午", "7月18日下午", "备注"],
        "words": ["到课情况", "签名"],
        "remark": ["签名", "备注"],
    }[how]
    training: Rows = [
        ["培训编号", "培训名称", "培训类别", "开始日期", "学时"],
        ["PX01", "救护培训", "应急救护培训", "2026-07-18", 16],
    ]
    book = {
        "志愿者": people_rows(some),
        "培训": training,
        rng.choice(("签到表", "参训人员")): [["培训编号", "姓名", "证件号码", *extra], *rows],
    }
    return Made([book], {"training_person_times": there, "training_minutes": there * 960, "refused": 0})


@kind
def activity_counts(rng: random.Random) -> Made:
    """The volunteers' own number is never that of the people served."""
    rows, served = [], 0
    for n in range(rng.randint(1, 4)):
        count = rng.randint(20, 300)
        served += count
        rows.append([f"HD{n}", "清洁家园", "志愿服务", day(rng), rng.randint(5, 20), count])
    head: list[object] = [
        "活动编号",
        "活动名称",
        "活动类别",
        "活动时间",
        rng.choice(("参加人数", "参与人数", "志愿者人数")),
        rng.choice(("受益人数", "受众人次", "服务对象人数")),
    ]
    return Made([{"活动": _mixed(rng, [head, *rows])}], {"activities": len(rows), "audience": served, "refused": 0})


@kind
def numbers_destroyed(rng: random.Random) -> Made:
    """A number that is a name and that Excel has stored as a number of 16 digits and more."""
    bad = rng.choice((10123456789012345678.0, "1.01234E+19", 1234567890123456.0))
    which = rng.choice(("policy", "voucher", "code"))
    if which == "policy":
        rows: Rows = [
            ["保单号", "保险公司", "险种", "承保方式", "起始日期", "终止日期"],
            [bad, "平安", "团体意外险", "记名名单", "2026-01-01", "2026-12-31"],
        ]
        return Made([{"保险单": rows}], {"refused": 1, "insurance_policy": 0})
    if which == "voucher":
        rows = [["日期", "收支方向", "科目", "金额（元）", "凭证号"], [day(rng), "收入", "捐赠收入", 10, bad]]
        return Made([{"经费收支": rows}], {"refused": 1, "income_fen": 0})
    rows = [["活动编号", "活动名称", "活动类别", "开始日期"], [bad, "义诊", "志愿服务", day(rng)]]
    return Made([{"活动": rows}], {"refused": 1, "activities": 0})


@kind
def zeros_by_format(rng: random.Random) -> Made:
    """A number whose format shows zeros in front is read as it is shown."""
    n, width = rng.randint(1, 999), rng.randint(4, 6)
    rows: Rows = [["日期", "收支方向", "科目", "金额（元）", "凭证号"], [day(rng), "支出", "办公", 100, n]]
    return Made(
        [{"经费收支": rows}], {"voucher": str(n).zfill(width), "refused": 0}, looks={(0, "经费收支", 2, 5): "0" * width}
    )


@kind
def names_that_are_none(rng: random.Random) -> Made:
    """Posts, two people, phones, digits in the place of a name."""
    some = people(rng, 5)
    bad = ("{}(组长)", "{}、李四", "13900000009", "{}1", "{}（已退）", "{}代签", "{}/李四", "990101199001010011")
    rows, good = [], 0
    for name, card in some:
        is_bad = rng.random() < 0.5
        good += not is_bad
        rows.append([rng.choice(bad).format(name) if is_bad else name, card, "2021-03-01"])
    return Made([{"志愿者": [["姓名", "证件号码", "登记日期"], *rows]}], {"volunteers_end": good, "refused": 5 - good})


@kind
def one_person_on_two_sheets(rng: random.Random) -> Made:
    """One volunteer with two memberships; the days and phones differ."""
    some = people(rng, rng.randint(1, 4))
    head: list[object] = ["队伍名称", "姓名", "身份证号", "入队日期", "登记日期", "联系电话"]
    one: Rows = [head, *([TEAMS[0], *p, "2021-03-01", "2021-03-01", "13900000001"] for p in some)]
    two: Rows = [
        head,
        *(
            [
                TEAMS[1],
                *p,
                "2022-05-01",
                rng.choice(("2022-05-01", "2021-03-01")),
                rng.choice(("13900000001", "13900000002")),
            ]
            for p in some
        ),
    ]
    return Made(
        [{"志愿服务队伍": team_rows(), TEAMS[0]: one, TEAMS[1]: two}],
        {"volunteers_end": len(some), "members_end": 2 * len(some), "persons_end": len(some), "refused": 0},
    )


@kind
def struck_through(rng: random.Random) -> Made:
    """Rows whose name is struck through are nobody's."""
    some = people(rng, rng.randint(3, 6))
    head: list[object] = ["队伍名称", "姓名", "身份证号", "入队日期", "登记日期"]
    rows: Rows = [head, *([TEAMS[0], *p, "2021-03-01", "2021-03-01"] for p in some)]
    gone = sorted(rng.sample(range(len(some)), rng.randint(1, 2)))
    looks = {(0, "花名册", 2 + n, c): "strike" for n in gone for c in ((2,) if rng.random() < 0.5 else (1, 2, 3, 4, 5))}
    return Made([{"志愿服务队伍": team_rows(), "花名册": rows}], {"members_end": len(some) - len(gone)}, looks=looks)


@kind
def service_from_to(rng: random.Random) -> Made:
    """Hours given by when they began and ended, over midnight too."""
    some = people(rng, rng.randint(2, 5))
    spans = (("08:30", "11:30", 180), ("22:00", "02:00", 240), ("9:00", "12:00", 180), ("14:00", "17:30", 210))
    in_one, rows, minutes = rng.random() < 0.4, [], 0
    for name, card in some:
        first, last, length = rng.choice(spans)
        on = day(rng)
        minutes += length
        when = [f"{on.isoformat()} {first}~{last}"] if in_one else [on, first, last]
        rows.append([name, card, TEAMS[0], *when])
    heads: list[object] = ["服务时间"] if in_one else ["服务日期", "开始时间", "结束时间"]
    book = {
        "志愿服务队伍": team_rows(),
        "志愿者": people_rows(some),
        "服务记录": [["姓名", "证件号码", "队伍名称", *heads], *rows],
    }
    return Made([book], {"service_minutes": minutes, "service_person_times": len(some), "refused": 0})


@kind
def ditto_marks(rng: random.Random) -> Made:
    """同上 is the value of the row above."""
    some = people(rng, rng.randint(2, 6))
    mark = rng.choice(("同上", "〃", '"', "″"))
    rows: Rows = [["队伍名称", "姓名", "身份证号", "入队日期", "登记日期"]]
    for n, p in enumerate(some):
        rows.append([TEAMS[0], *p, "2021-03-01", "2021-03-01"] if not n else [mark, *p, mark, mark])
    return Made([{"志愿服务队伍": team_rows(), "花名册": rows}], {"members_end": len(some), "refused": 0})


@kind
def no_headings(rng: random.Random) -> Made:
    """A list without headings is only taken where a map says what is lacking."""
    some = people(rng, rng.randint(3, 6))
    rows: Rows = [[name, card, f"139000000{n:02d}"] for n, (name, card) in enumerate(some)]
    if rng.random() < 0.5:
        return Made([{"my": rows}], {"trouble": True, "volunteers_end": 0})
    return Made(
        [{"my": rows}], {"volunteers_end": len(some), "refused": 0}, {"*": {"values": {"登记日期": "2021-03-01"}}}
    )


@kind
def certificate_validity(rng: random.Random) -> Made:
    """三年, a month, 长期, from–to: the last day, or none."""
    some = people(rng, 4)
    words = (
        ("三年", "2029-05-19"),
        ("3年", "2029-05-19"),
        ("2029.05", "2029-05-31"),
        ("长期", None),
        ("2026.05.20-2029.05.19", "2029-05-19"),
        ("2029-05-19", "2029-05-19"),
    )
    chosen = [rng.choice(words) for _ in some]
    training: Rows = [
        ["培训编号", "培训名称", "培训类别", "开始日期", "学时"],
        ["PX01", "救护培训", "应急救护培训", "2026-07-18", 16],
    ]
    rows: Rows = [["培训编号", "姓名", "证件号码", "证书编号", "发证日期", "有效期至"]]
    rows += [
        ["PX01", *p, f"JY{n}", "2026-05-20", word] for n, (p, (word, _)) in enumerate(zip(some, chosen, strict=True))
    ]
    return Made(
        [{"志愿者": people_rows(some), "培训": training, "参训人员": rows}],
        {"training_person_times": 4, "valid_until": [last for _, last in chosen], "refused": 0},
    )


@kind
def donors_by_person(rng: random.Random) -> Made:
    """Blood donors by person are summed for each unit and day; the scope is asked, or said by a map."""
    some = people(rng, rng.randint(2, 9))
    rows, ml = [], 0
    for n, (name, _) in enumerate(some, 1):
        amount = rng.choice((200, 300, 400))
        ml += amount
        rows.append([n, name, "男", rng.choice(("县一中", "城关镇")), "A", amount, "2026-07-14"])
    head: list[object] = [
        "序号",
        "姓名",
        "性别",
        "单位",
        "血型",
        rng.choice(("献血量（ml）", "献血量", "采血量(毫升)")),
        rng.choice(("献血日期", "采血日期")),
    ]
    if rng.random() < 0.4:
        return Made([{"无偿献血名单": [head, *rows]}], {"trouble": True, "blood_result": 0})
    return Made(
        [{"无偿献血名单": [head, *rows]}],
        {"ml": ml, "persons": len(some), "volunteers_end": 0, "refused": 0},
        {"*": {"values": {"口径": "团体"}}},
    )


@kind
def goods_given(rng: random.Random) -> Made:
    """A list of goods that were given, with a day above or said by a map."""
    rows = [
        [
            rng.choice(("某药业有限公司", None)),
            rng.choice(("急救包", "消毒液", "棉被")),
            "A型",
            "箱",
            rng.randint(1, 200),
        ]
        for _ in range(rng.randint(1, 5))
    ]
    head: list[object] = [
        rng.choice(("捐赠单位", "捐赠方")),
        rng.choice(("品名", "物资名称", "物品名称")),
        "规格型号",
        "计量单位",
        "数量",
    ]
    count = sum(int(str(r[4])) for r in rows)
    if rng.random() < 0.5:
        return Made([{"Sheet1": [["2026年7月5日接收社会捐赠物资公示"], head, *rows]}], {"goods": count, "refused": 0})
    title: Rows = [["接收社会捐赠物资公示"], ["（7月1日-7月5日）"]]
    if rng.random() < 0.5:
        return Made([{"Sheet1": [*title, head, *rows]}], {"trouble": True, "goods_entry": 0})
    return Made(
        [{"Sheet1": [*title, head, *rows]}], {"goods": count, "refused": 0}, {"*": {"values": {"日期": "2026-07-05"}}}
    )


@kind
def empty_sheets_beside(rng: random.Random) -> Made:
    """Blank sheets beside the list do not stop it."""
    some = people(rng, 3)
    columns = {"@A": "姓名", "@B": "证件号码", "@C": "手机号码"}
    rows: Rows = [[*p, "13900000001"] for p in some]
    mapping = {"*": {"kind": "志愿者", "columns": columns, "values": {"登记日期": "2021-03-01"}}}
    return Made([{"名单": rows, "Sheet2": [], "Sheet3": []}], {"volunteers_end": 3, "refused": 0}, mapping)


@kind
def members_of_the_red_cross(rng: random.Random) -> Made:
    """Members are no volunteers unless somebody says so."""
    some = people(rng, 3)
    head: list[object] = [
        "会员编号",
        "姓名",
        "身份证号",
        rng.choice(("入会日期", "入会时间")),
        rng.choice(("会费缴纳", "会费")),
    ]
    rows: Rows = [[f"HY{n}", *p, "2021-03-01", "已缴"] for n, p in enumerate(some)]
    book = {"会员登记表": [head, *rows]}
    if rng.random() < 0.5:
        return Made([book], {"trouble": True, "volunteers_end": 0})
    return Made([book], {"volunteers_end": 3, "sources": "rc_member", "refused": 0}, {"*": {"kind": "志愿者"}})


@kind
def without_numbers(rng: random.Random) -> Made:
    """Children and elders without a number are kept, told apart, and completed later."""
    some = people(rng, 4)
    head: list[object] = ["队伍名称", "姓名", "身份证号", "出生日期", "手机号", "入队日期"]
    rows: Rows = [head]
    for n, (name, card) in enumerate(some):
        rows.append(
            [TEAMS[0], name, None, dt.date(2015, 5, n + 1), None, "2021-03-01"]
            if n % 2
            else [TEAMS[0], name, card, None, f"1390000000{n}", "2021-03-01"]
        )
    served: Rows = [["姓名", "队伍名称", "服务日期", "时长"], *([name, TEAMS[0], day(rng), 2] for name, _ in some)]
    return Made(
        [{"志愿服务队伍": team_rows(), "花名册": rows}, {"服务记录": served}],
        {"members_end": 4, "volunteers_end": 4, "service_minutes": 480, "pending": 2, "refused": 0},
    )


@kind
def dates_answered(rng: random.Random) -> Made:
    """Months alone, Excel's serials and days without a year are refused, or answered once for all."""
    some = people(rng, 3)
    which = rng.choice(("month", "serial", "year"))
    cells = {"month": "2024.5", "serial": "45413", "year": "5月1日"}
    answers = {"month": {"month": "first"}, "serial": {"serial": True}, "year": {"year": 2024}}[which]
    rows: Rows = [["姓名", "证件号码", "登记日期"], *([*p, cells[which]] for p in some)]
    if rng.random() < 0.4:
        return Made([{"志愿者": rows}], {"volunteers_end": 0, "refused": 3})
    return Made(
        [{"志愿者": rows}], {"volunteers_end": 3, "registered": "2024-05-01", "refused": 0}, {"*": {"dates": answers}}
    )
