"""Lists of people as offices have them, of our own making, with what is right; `LISTS` holds them by name."""

import random
from dataclasses import dataclass, field
from typing import Any

from tests.reading.people import OFFICE, TEAMS, people, people_rows, team_rows

Rows = list[list[object]]
P = people(random.Random(5), 30)  # the first twelve are on record: six in the first team, six in the second
NEW = P[12:]
TEAM, SECOND = TEAMS[:2]
BASE: dict[str, Rows] = {
    "志愿服务队伍": team_rows(),
    "志愿者": people_rows(P[:12]),
    "队员": [["队伍名称", "姓名", "证件号码", "入队日期"]] + [[TEAMS[n // 6], *p, "2021-03-01"] for n, p in enumerate(P[:12])],
    "保险单": [
        ["保单号", "保险公司", "险种", "承保方式", "起始日期", "终止日期"],
        ["TY2026001", "平安", "团体意外险", "记名名单", "2026-01-01", "2026-12-31"],
    ],
    "被保险人": [["保单号", "姓名", "证件号码"], *(["TY2026001", *p] for p in P[:4])],
    "培训": [["培训编号", "培训名称", "培训类别", "开始日期", "学时"], ["PX01", "初级救护员培训班", "应急救护培训", "2026-07-18", 16]],
    "活动": [["活动编号", "活动名称", "活动类别", "开始日期"], ["HD01", "便民义诊", "志愿服务", "2026-07-05"]],
}  # fmt: skip
MANY = {"主管单位": OFFICE, "主要领域": "应急救护", "成立日期": "2020-01-01"}


@dataclass
class Listed:
    """A file: its sheets, what more there is afterwards (all else stays), and the answer to the one question it leaves.

    `end` is the kind of file; `merged` cells by sheet. Who is `refused` whole leaves nothing.
    """

    sheets: dict[str, Rows]
    right: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] | None = None
    end: str = ".xlsx"
    merged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stranger: bool = False
    refused: int = 0  # rows that nobody could take, and of which that is said


def _sex(card: str) -> str:
    return "男" if int(card[16]) % 2 else "女"


def _numbered(rows: Rows) -> Rows:
    return [[n, *row] for n, row in enumerate(rows, 1)]


def _roster(team: bool = True, count: int = 6) -> Rows:
    head: list[object] = ["序号", "姓名", "性别", "身份证号", "联系电话", "入队时间"] + (["所在队伍"] if team else [])
    rows = _numbered([[n, _sex(c), c, f"138{i:08d}", "2024-05-01"] for i, (n, c) in enumerate(NEW[:count])])
    return [head, *([*row, TEAM] if team else row for row in rows)]


def _ended(rows: Rows) -> Rows:
    """As it is printed: a title and who made it above, a total and signatures below."""
    return [
        [f"{OFFICE}志愿者花名册"], [f"填报单位：{OFFICE}（盖章）", None, None, "填报日期：2026年9月30日"], *rows,
        ["合计", None, f"{len(rows) - 1}人"], ["填表人：王某某", None, "审核人：", None, "单位负责人："],
    ]  # fmt: skip


SIX = {"volunteer": 6, "membership": 6}
_TWO_LEVELS: Rows = [
    ["序号", "姓名", "身份证号", "联系方式", None, "队伍信息", None],
    [None, None, None, "手机", "微信", "所在队伍", "入队日期"],
    *_numbered([[*p, f"138{i:08d}", f"wx{i}", TEAM, "2024-05-01"] for i, p in enumerate(NEW[:6])]),
]
_SIDE: Rows = [["序号", "姓名", "身份证号", "联系电话", "入队时间"] * 2] + [
    [i + 1, *NEW[i], f"138{i:08d}", "2024-05-01", i + 4, *NEW[i + 3], f"137{i:08d}", "2024-05-01"] for i in range(3)
]
_CHILDREN: Rows = [["序号", "姓名", "性别", "出生日期", "家长电话", "联系电话", "所在队伍", "入队时间"]] + _numbered(
    [
        [p[0], "女", f"2015-0{i + 1}-12", f"1390000000{i}", f"1380000000{i}", TEAM, "2026-07-01"]
        for i, p in enumerate(NEW[:4])
    ]
)
_LEFT: Rows = [["序号", "队伍名称", "姓名", "身份证号", "入队日期", "状态", "退队日期", "退队原因"]] + _numbered(
    [
        [
            TEAM,
            *p,
            "2024-05-01",
            "已退队" if i % 2 else "在队",
            "2025-12-31" if i % 2 else None,
            "搬家" if i % 2 else None,
        ]
        for i, p in enumerate(NEW[:6])
    ]
)
_ATTENDED: Rows = [["序号", "姓名", "单位", "身份证号码", "联系电话", "签到", "考核结果", "证书编号"]] + _numbered(
    [
        [
            n,
            "城关小学",
            c,
            f"138{i:08d}",
            "√" if i != 2 else "缺勤",
            "合格" if i != 2 else None,
            f"JY2026{i:03d}" if i != 2 else None,
        ]
        for i, (n, c) in enumerate(P[:6])
    ]
)
_SIGNED: Rows = [["培训签到表"], ["培训编号：PX01", None, "时间：2026年7月18日", None, "地点：县红十字会"]] + [
    ["序号", "姓名", "身份证号", "上午", "下午", "备注"],
    *_numbered([[*p, "√", "√" if i else None, None] for i, p in enumerate(P[:5])]),
]
_CERTIFIED: Rows = [["姓名", "身份证号", "证书名称", "证书编号", "发证日期", "有效期至", "培训班次"]] + [
    [*p, "红十字救护员证", f"99JY{i:06d}", "2026-07-20", "三年", "PX01"] for i, p in enumerate(P[:5])
]
_INSURED: Rows = [["被保险人清单"], ["保单号：TY2026001", None, "投保人：江河县红十字会"]] + [
    ["序号", "被保险人姓名", "证件类型", "证件号码", "性别", "出生日期", "生效日期", "终止日期"],
    *_numbered(
        [[n, "身份证", c, _sex(c), f"{c[6:10]}-{c[10:12]}-{c[12:14]}", "2026-03-01", "2026-12-31"] for n, c in P[4:10]]
    ),
]
_CHANGED: Rows = [["批单号", "保单号", "变动类型", "被保险人姓名", "证件号码", "生效日期"]] + [
    ["E1", "TY2026001", "增加" if i > 1 else "减少", *p, "2026-08-01"] for i, p in enumerate(P[2:6])
]
_LEAVING: Rows = [["清退志愿者名单"], ["序号", "队伍名称", "姓名", "身份证号", "清退原因", "退出日期"]] + _numbered(
    [[TEAM, *p, "长期不参加活动", "2026-08-31"] for p in P[:2]]
)
_PARTY: Rows = [
    ["江河县红十字志愿服务队党员名册（截至2026年9月30日）"],
    ["序号", "姓名", "性别", "所在队伍", "入党时间", "党员类别"],
] + _numbered(
    [[p[0], _sex(p[1]), TEAMS[i // 6], "2010-07-01", "正式党员" if i % 3 else "预备党员"] for i, p in enumerate(P[:9])]
)
_HOURS: Rows = [["志愿者姓名", "证件号码", "项目名称", "服务组织", "开始时间", "结束时间", "服务时长(小时)"]] + [
    [*p, "便民义诊", TEAM, f"2026-07-{i + 5:02d} 08:30:00", f"2026-07-{i + 5:02d} 11:30:00", "3.0"]
    for i, p in enumerate(P[:6])
]
_MONTHS: Rows = [["序号", "姓名", "身份证号", "所在队伍", "入队年月", "手机"]] + _numbered(
    [[*p, TEAM, "2024年5月", f"138{i:08d}"] for i, p in enumerate(NEW[:6])]
)
_YEARLESS: Rows = [["队伍名称", "姓名", "身份证号", "入队日期"]] + [[TEAM, *p, "5月1日"] for p in NEW[:6]]
_SERIALS: Rows = [["队伍名称", "姓名", "身份证号", "入队日期"]] + [[TEAM, *p, "45413"] for p in NEW[:6]]
_GROUPED: Rows = [["姓名", "身份证号", "电话", "入队时间"], [f"{TEAM}（3人）"]] + [
    [*p, f"138{i:08d}", "2024-05-01"] for i, p in enumerate(NEW[:3])
] + [[f"{SECOND}（3人）"]] + [[*p, f"137{i:08d}", "2024-05-01"] for i, p in enumerate(NEW[3:6])]  # fmt: skip
_FORM: Rows = [
    ["志愿者登记表"], ["姓名", NEW[0][0], "性别", _sex(NEW[0][1]), "民族", "汉族"],
    ["身份证号", NEW[0][1], None, None, "政治面貌", "群众"], ["联系电话", "13800000001", "文化程度", "大专", "特长", "急救"],
    ["登记日期", "2026-07-01", "所在队伍", TEAM, "入队日期", "2026-07-01"], ["个人简历", "2010年起在城关小学任教"],
]  # fmt: skip
_ENGLISH: Rows = [["Name", "ID No.", "Phone", "Team", "入队日期"]] + [
    [*p, "13800000001", TEAM, "2024-05-01"] for p in NEW[:2]
]
_LEADERS: Rows = [["队伍", "姓名", "职务", "身份证号", "联系方式", "入队时间", "政治面貌", "工作单位", "特长"]] + [
    [
        TEAM,
        n,
        ("队长", "副队长", "骨干", "队员", "队员", "队员")[i],
        c,
        f"138{i:08d}",
        "2024/5/1",
        "党员",
        "县医院",
        "外科",
    ]
    for i, (n, c) in enumerate(NEW[:6])
]
_BY_NAME: Rows = [["队伍", "姓名", "服务日期", "服务时长", "服务内容"]] + [
    [TEAM, p[0], "2026-07-05", 2.5, "义诊"] for p in P[:6]
]
_CROSS: Rows = [[f"{TEAM}2026年7月服务时长统计表"], ["姓名", "身份证号", "7月5日", "7月12日", "7月19日", "合计"]] + [
    [*p, 2, 3, None, 5] for p in P[:4]
]
_COMMUNITY: Rows = [["户主姓名", "身份证号", "家庭人口", "联系电话", "住址"]] + [
    [*p, 4, "13800000001", "幸福路1号"] for p in NEW[:4]
]
_STAFF: Rows = [["工号", "姓名", "身份证号", "部门", "入职日期", "岗位工资"]] + [
    [f"A{i}", *p, "办公室", "2019-07-01", 3200] for i, p in enumerate(NEW[:4])
]
_PUPILS: Rows = [["班级", "学号", "姓名", "身份证号", "家长电话"]] + [
    ["三(2)班", f"20{i}", *p, "13800000001"] for i, p in enumerate(NEW[:4])
]
_AIDED: Rows = [["姓名", "身份证号", "病种", "救助金额", "家庭住址"]] + [
    [*p, "白血病", 5000, "幸福路1号"] for p in NEW[:4]
]
_DONORS: Rows = [["序号", "姓名", "性别", "工作单位", "血型", "献血量(毫升)", "献血日期", "身份证号"]] + _numbered(
    [[n, _sex(c), "县一中", "O", 300, "2026-07-14", c] for n, c in NEW[:5]]
)
_ELDERS: Rows = [["姓名", "性别", "年龄", "身份证号", "电话", "加入时间", "服务队"]] + [
    [n, _sex(c), 61, c if i else None, f"138{i:08d}", "2024.05.01", TEAM] for i, (n, c) in enumerate(NEW[:6])
]
_UNNAMED: Rows = [[*p, f"138{i:08d}"] for i, p in enumerate(NEW[:6])]

LISTS: dict[str, Listed] = {
    "roster as it is printed": Listed({"Sheet1": _ended(_roster())}, SIX),
    "roster with two levels of headings": Listed({"花名册": _TWO_LEVELS}, SIX, merged={"花名册": ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1")}),
    "roster of a team named in its title": Listed({"Sheet1": [[f"{TEAM}队员花名册"], *_roster(False)]}, SIX, {"*": {"values": {"队伍名称": TEAM}}}),
    "a sheet for each team": Listed({TEAM: _roster(False, 3), SECOND: [_roster(False)[0], *_roster(False)[4:]]}, SIX, {"*": {"values": {"队伍名称": TEAM}}}),
    "roster in a document": Listed({"志愿者花名册": _roster()}, SIX, end=".docx"),
    "roster in a PDF": Listed({"志愿者花名册": _roster()}, SIX, end=".pdf"),
    "roster in a PDF without lines": Listed({"志愿者花名册": _roster()}, SIX, end=".plain.pdf"),
    "roster as OpenDocument": Listed({"花名册": _roster()}, SIX, end=".ods"),
    "roster as a page named .xls": Listed({"花名册": _roster()}, SIX, end=".html.xls"),
    "roster as text in GBK": Listed({"花名册": _roster()}, SIX, end=".csv"),
    "roster in an archive": Listed({"花名册": _roster()}, SIX, end=".zip"),
    "roster under the names of its teams": Listed({"花名册": _GROUPED}, SIX, merged={"花名册": ("A2:D2", "A6:D6")}),
    "two people in a line": Listed({"花名册": [[f"{TEAM}花名册"], *_SIDE]}, SIX),
    "roster with posts and what else": Listed({"队员信息表": _LEADERS}, SIX),
    "roster with those who left": Listed({"花名册": _LEFT}, SIX | {"left": 3}),
    "roster with months": Listed({"花名册": _MONTHS}, SIX, {"*": {"dates": {"month": "first"}}}),
    "roster with days without a year": Listed({"花名册": _YEARLESS}, SIX, {"*": {"dates": {"year": 2024}}}),
    "roster with serials": Listed({"花名册": _SERIALS}, SIX, {"*": {"dates": {"serial": True}}}),
    "children without numbers": Listed({"小志愿者名单": _CHILDREN}, {"volunteer": 4, "membership": 4, "pending": 4}),
    "elders, one without a number": Listed({"花名册": _ELDERS}, SIX | {"pending": 1}),
    "roster with headings in English": Listed({"Members": _ENGLISH}, {"volunteer": 2, "membership": 2}),
    "a form of one page": Listed({"Sheet1": _FORM}, {"volunteer": 1, "membership": 1}, end=".docx"),
    "list without headings": Listed({"Sheet1": _UNNAMED}, {"volunteer": 6}, {"*": {"values": {"登记日期": "2024-05-01"}}}),
    "training with results": Listed({"培训名单": [["初级救护员培训班（培训编号：PX01）"], *_ATTENDED]}, {"attendance": 6, "present": 5, "certificates": 5}, {"*": {"values": {"培训编号": "PX01"}}}),
    "training signed in by half days": Listed({"签到表": _SIGNED}, {"attendance": 5, "present": 5}),
    "first-aid certificates": Listed({"持证人员": _CERTIFIED}, {"attendance": 5, "present": 5, "certificates": 5}),
    "insured people": Listed({"清单": _INSURED}, {"coverage": 6}),
    "insurer's list of changes": Listed({"人员变动": _CHANGED}, {"coverage": 2, "cover_ended": 2}),
    "people to be removed": Listed({"Sheet1": _LEAVING}, {"gone": 2, "left": 2}),
    "party members": Listed({"党员名册": _PARTY}, {"party_count": 2}),
    "platform's export of hours": Listed({"服务记录": _HOURS}, {"service_record": 6, "minutes": 1080}, end=".csv"),
    "hours by name alone": Listed({"时长": _BY_NAME}, {"service_record": 6, "minutes": 900}),
    "hours with days across": Listed({"7月": _CROSS}, {"service_record": 8, "minutes": 1200}, {"*": {"values": {"队伍名称": TEAM}}}),
    "blood donors by person": Listed({"献血名单": _DONORS}, {"blood_result": 1, "persons": 5, "ml": 1500}, {"*": {"values": {"口径": "高校"}}}),
    "households": Listed({"人口信息": _COMMUNITY}, stranger=True),
    "staff": Listed({"职工花名册": _STAFF}, stranger=True),
    "pupils": Listed({"三年级": _PUPILS}, stranger=True),
    "people who were aided": Listed({"救助名单": _AIDED}, stranger=True, end=".docx"),
}  # fmt: skip
