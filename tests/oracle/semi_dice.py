"""More rows for a random office: everything the semi-automatic clauses look at, and what nearly is that.

Words are those of the contract pages with near misses beside them; dates lie on both sides of the days on which an
answer turns.  An office lives in one of three times: now, a leap year to come, or one district in 2024.
"""

import datetime as dt

from tests.offices.builders import SOURCES, TOPICS
from tests.offices.workbook import KEYS, SHEETS
from tests.oracle.base import Office, Row, Value
from tests.oracle.edition_dice import turned_office, untangle
from tests.oracle.office_dice import ONE_DAY, D, Dice
from tests.oracle.semi_words import (
    ACTIVITY_KINDS,
    BLOOD_WORDS,
    DISTRICT,
    KINDS,
    LEAP,
    LIFE_WORDS,
    MONEY_SOURCES,
    NOW,
    PARTNERS,
    PLACE_KINDS,
    SUBS,
    TOWNS,
    UNIVERSITIES,
    VENUE_TYPES,
    Era,
)

DAYS = 8
"""How many days an office is judged at."""
SPANS = (
    ("起始日期", "终止日期"), ("成立日期", "撤销日期"), ("暂停起始日期", "暂停终止日期"), ("党组织成立日期", "党组织撤销日期"),
    ("登记日期", "退出日期"), ("入队日期", "退队日期"), ("开始日期", "结束日期"), ("保障起始日期", "保障终止日期"),
    ("有效期起", "有效期止"), ("启用日期", "停用日期"), ("发证日期", "有效期至"),
)  # fmt: skip


class _More(Dice):
    """Adds to the sheets of one office."""

    def __init__(self, office: Office, seed: int, era: Era) -> None:
        super().__init__(seed * 7919 + 1, 1.0)
        self.office, self.era = office, era
        last = D(era.year, 12, 31)
        self.days = (*self.rng.sample([on for on in era.days if on != last], DAYS - 1), last)
        self.rich = self.chance(0.35)  # an office that has nearly everything
        self.keys = {(sheet, self.mark(sheet, row)) for sheet, rows in office.items() for row in rows}
        self.venue_names: list[str] = []

    def mark(self, sheet: str, row: Row) -> tuple[Value, ...]:
        return tuple(row[heading] for heading in KEYS[sheet])

    def add(self, sheet: str, row: Row) -> None:
        """Puts a row in, unless one with the same key is there."""
        whole: Row = dict.fromkeys(SHEETS[sheet]) | row
        assert len(whole) == len(SHEETS[sheet]), (sheet, row)
        key = (sheet, self.mark(sheet, whole))
        if key not in self.keys:
            self.keys.add(key)
            self.office[sheet].append(whole)

    def near(self) -> dt.date:
        """A day around which something turns."""
        if self.chance(0.85):
            return self.rng.choice(self.days if self.chance(0.4) else self.era.around)
        return D(self.era.year - 1, 1, 1) + ONE_DAY * self.rng.randrange(730)

    def later(self, first: dt.date, share: float) -> dt.date | None:
        """An end not before its start, or none."""
        if not self.chance(share):
            return None
        marks = self.days if self.chance(0.5) else self.era.around
        return self.rng.choice([first, *(on for on in marks if on >= first)])

    def start(self, old: float = 0.5) -> dt.date:
        """Long ago, or near."""
        return D(2016, 1, 1) + ONE_DAY * self.rng.randrange(2000) if self.chance(old) else self.near()

    def one(self, sheet: str, heading: str, empty: float = 0.0) -> Value:
        """A value of another sheet, or an empty cell."""
        rows = self.office[sheet]
        return None if not rows or self.chance(empty) else self.rng.choice(rows)[heading]

    def a_team(self, empty: float) -> Value:
        return self.one("志愿服务队伍", "队伍名称", empty)

    # ---- rows that are there already

    def place_in_time(self, code: str | None) -> None:
        """The district's code, and the rows' dates moved to the era."""
        for row in self.office["本会情况"]:
            if row["项目"] == "行政区划代码":
                row["内容"] = None if self.chance(0.1) else code or row["内容"]
        if self.chance(0.3):
            self.office["本会情况"][:] = [row for row in self.office["本会情况"] if row["项目"] != "志愿者网单位账号"]
        shift = {2026: 0, 2028: 731, 2024: -730}[self.era.year]
        for sheet, rows in self.office.items():
            for row in rows:
                for heading, value in row.items():
                    if shift and isinstance(value, dt.date) and value.year > 2022 and heading != "出生日期":
                        row[heading] = value + ONE_DAY * shift
                for start, end in SPANS:  # what begins before the years that move goes along with its end
                    first, last = row.get(start), row.get(end)
                    if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
                        row[start] = first + ONE_DAY * shift
            self.keys |= {(sheet, self.mark(sheet, row)) for row in rows}

    def change_rows(self) -> None:
        """Columns that the plain random office leaves alone."""
        share = 0.97 if self.rich else 0.6
        if self.chance(0.08):
            for row in (*self.office["志愿者"], *self.office["志愿服务队伍"]):
                row["志愿者网注册日期"] = None
                row |= {"志愿者网编号": None} if "志愿者网编号" in row else {"志愿者网团体编号": None}
        for row in self.office["志愿者"]:
            if self.chance(share):
                row["信息核实日期"] = self.near()
            if self.chance(0.2):
                joined = self.near()
                row |= {"登记日期": joined, "退出日期": self.later(joined, 0.1)}
            if self.chance(0.3):
                row["来源身份"] = self.rng.choice(("红十字会员", "捐赠人；其他", "救护员", "其他", "救援队员", None))
        for row in self.office["队员"]:
            joined = row["入队日期"]
            if self.chance(0.2) and isinstance(joined, dt.date):
                row["退队日期"] = self.later(joined, 0.8)
            row["职务"] = (
                self.maybe("骨干", "骨干", "队长", "队员", "无偿献血宣传员") if self.chance(0.7) else row["职务"]
            )
        for row in self.office["志愿服务队伍"]:
            if self.chance(0.15):
                row |= {
                    "主管单位": self.rng.choice(UNIVERSITIES) + self.rng.choice(("", "红十字会")),
                    "主管单位类型": "高校",
                }
            if self.chance(0.2):
                row["民政登记状态"] = self.rng.choice(("已登记", "不具备条件", "符合条件未登记", None))
            if self.rich and row["民政登记状态"] is None:
                row["民政登记状态"] = "不具备条件"
        for row in self.office["培训"]:
            row["备注"] = self.maybe("按国家标准", "操作规程", "标淮", "按大纲") if self.chance(0.8) else None
            if self.chance(0.4):
                row["培训类别"] = self.rng.choice(("志愿者培训", "骨干培训", "专业技能培训", "应急救护培训"))

    # ---- new rows

    def people(self) -> None:
        """Volunteers whose ages lie on both sides of 14 and 36."""
        for serial in range(self.rng.randint(0, 10)):
            on = self.rng.choice((*self.era.around, *self.days, *self.days))
            years = self.rng.choice((14, 14, 35, 36, 36))
            birth = on.replace(year=on.year - years, day=min(on.day, 28)) + ONE_DAY * self.rng.choice((-1, 0, 1))
            if self.chance(0.15):
                birth = self.rng.choice((D(1988, 2, 29), D(1992, 2, 29), D(2012, 2, 29)))
            joined = self.start(0.6)
            person: Row = {
                "姓名": self.person_name(),
                "证件类型": "护照",
                "证件号码": f"G{serial:08d}",
                "出生日期": birth if self.chance(0.9) else None,
                "登记日期": joined,
                "退出日期": self.later(joined, 0.15),
                "志愿者网编号": f"W{serial:08d}" if self.chance(0.7) else None,
                "来源身份": self.several(SOURCES, 2),
                "信息核实日期": self.near() if self.chance(0.7) else None,
            }
            self.add("志愿者", person)
            if self.office["志愿服务队伍"] and self.chance(0.7):
                first = self.start(0.4)
                member = {"姓名": person["姓名"], "证件号码": person["证件号码"], "队伍名称": self.a_team(0)}
                role = self.maybe("骨干", "队员", "无偿献血宣传员")
                self.add("队员", member | {"职务": role, "入队日期": first, "退队日期": self.later(first, 0.3)})
        for team in self.office["志愿服务队伍"]:
            for row in self.rng.sample(
                self.office["志愿者"], min(len(self.office["志愿者"]), self.rng.choice((0, 1, 1)))
            ):
                first = self.near()
                member = {"姓名": row["姓名"], "证件号码": row["证件号码"], "队伍名称": team["队伍名称"]}
                self.add("队员", member | {"职务": "骨干", "入队日期": first, "退队日期": self.later(first, 0.4)})

    def places(self) -> None:
        for town in self.rng.sample(TOWNS, self.rng.randint(0, 3)):
            self.add("街镇", {"名称": town})
        for serial in range(self.rng.randint(0, 9)):
            opened = self.start(0.7)
            kind = self.rng.choice(VENUE_TYPES)
            name = f"{self.rng.choice(('东桥', '南桥', '云溪'))}{kind[:5]}{serial if self.chance(0.5) else ''}"
            self.venue_names.append(name)
            functions = ("办公、活动、交流", "办公区；活动室；交流角", "活动、交流", "办公", "展示", None)
            self.add(
                "阵地场所",
                {
                    "名称": name,
                    "类型": kind,
                    "队伍名称": self.a_team(0.3),
                    "启用日期": opened,
                    "停用日期": self.later(opened, 0.25),
                    "功能": self.rng.choice(functions),
                },
            )

    def where(self) -> str | None:
        """A place: a venue, with or without more words, or another."""
        if self.venue_names and self.chance(0.6):
            return self.rng.choice(self.venue_names) + self.rng.choice(("", "一楼"))
        return self.rng.choice(("人民广场", "东桥", None))

    def activities(self) -> None:
        for serial in range(self.rng.randint(25, 60) if self.rich else self.rng.randint(0, 25)):
            first = self.near()
            words = (*BLOOD_WORDS, *LIFE_WORDS, "节假日无偿献血", "国庆节假日慰问")
            self.add(
                "活动",
                {
                    "活动编号": f"XD{serial:04d}",
                    "活动名称": self.rng.choice(words) + self.rng.choice(("活动", "行动", "")),
                    "活动类别": self.rng.choice(ACTIVITY_KINDS),
                    "主题": self.rng.choice((*words, None)),
                    "开始日期": first,
                    "结束日期": first + ONE_DAY * self.rng.randint(0, 3) if self.chance(0.4) else None,
                    "地点": self.where(),
                    "场所类型": self.maybe(*PLACE_KINDS),
                    "主办队伍": self.a_team(0.3),
                    "纪念日": self.maybe("世界红十字日", "世界献血者日", "其他", None, None),
                    "冬季宣传": self.maybe("是", "否", None, None) if self.chance(0.5) else None,
                    "与血站合作": self.maybe("是", "否"),
                    "有人身危险": self.maybe("是", "否"),
                },
            )

    def trainings(self) -> None:
        for serial in range(self.rng.randint(0, 30)):
            self.add(
                "培训",
                {
                    "培训编号": f"XP{serial:04d}",
                    "培训名称": f"加训{serial}",
                    "培训类别": self.rng.choice(("应急救护培训", "应急救护培训", "专业技能培训", "志愿者培训", "演练")),
                    "开始日期": self.near(),
                    "学时": 4,
                    "地点": self.where(),
                    "面向队伍": self.a_team(0.2),
                    "含无偿献血科普": self.maybe("是", "是", "否"),
                    "参训人次": self.rng.choice((0, 15, 15, None)) if self.chance(0.7) else 0,
                    "备注": self.maybe("按标准", "操作规程", "无"),
                },
            )

    def dangerous(self) -> None:
        """Service records of activities with danger, and insurance by activity."""
        acts, people = self.office["活动"], self.office["志愿者"]
        risky = [row for row in acts if row["有人身危险"] == "是"]
        used: dict[tuple[Value, Value], int] = {}
        for act in self.rng.sample(risky, min(len(risky), 8)) if self.office["志愿服务队伍"] else []:
            for person in self.rng.sample(people, min(len(people), self.rng.choice((0, 1, 1, 2, 4)))):
                on = act["开始日期"]
                used[person["证件号码"], on] = used.get((person["证件号码"], on), 0) + 1
                if used[person["证件号码"], on] > 2:
                    continue
                who = {"姓名": person["姓名"], "证件号码": person["证件号码"], "队伍名称": self.a_team(0)}
                self.add("服务记录", {**who, "活动编号": act["活动编号"], "服务日期": on, "服务时长（小时）": 1})
        for serial in range(self.rng.randint(0, 4)):
            first = self.near()
            last = self.later(first, 1.0)
            code = f"XB{serial:04d}"
            mode = self.rng.choice(("按活动", "按活动", "记名名单", "平台自动"))
            policy: Row = {"保单号": code, "保险公司": "安和财产保险股份有限公司", "险种": "意外险", "承保方式": mode}
            self.add("保险单", policy | {"起始日期": first, "终止日期": last})
            for person in people if self.rich else self.rng.sample(people, self.rng.randint(0, len(people))):
                who = {"姓名": person["姓名"], "证件号码": person["证件号码"]}
                self.add("被保险人", {"保单号": code, **who})

    def records(self) -> None:
        for serial in range(self.rng.randint(60, 220) if self.rich else self.rng.randint(0, 70)):
            self.record(self.rng.choice(KINDS), serial)

    def record(self, kind: str, serial: int) -> None:
        rng, on = self.rng, self.near()
        words = SUBS.get(kind, ("其他",))
        venue = rng.choice(self.venue_names) if self.venue_names else "东桥馆"
        titles = (f"{kind}{serial}", f"{kind}{serial % 3}", "培训工作", "登记辅导", f"与{venue}共建", rng.choice(TOWNS))
        since = rng.choice((None, None, None, self.start(0.3)))
        until = self.later(since or on, 0.35)
        topics = rng.choice(("无偿献血", "无偿献血；造血干细胞捐献", "志愿服务", self.several(TOPICS, 3)))
        partner: Value = rng.choice((None, None, *UNIVERSITIES, *TOWNS, "县红十字会", "甲县红十字会", venue))
        if kind == "高校":
            partner = rng.choice((*UNIVERSITIES, None))
        self.add(
            "工作记录",
            {
                "类别": kind,
                "日期": on,
                "标题": rng.choice(titles),
                "队伍名称": self.a_team(0.25),
                "对方单位": partner,
                "对方类别": self.maybe(*PARTNERS),
                "主题": topics,
                "子类": rng.choice((*words, rng.choice(words), None)),
                "数量": rng.choice((None, 0, 1, 2, 5, 200, 400)),
                "有效期起": since,
                "有效期止": until,
                "备注": self.maybe("名称、负责人、服务领域", "名称和负责人", f"项目{rng.randint(0, 2)}"),
            },
        )

    def team_papers(self) -> None:
        """What a well-run office writes for its teams."""
        wanted: tuple[tuple[str, str | None], ...] = (
            ("工作指导", "民政登记"),
            ("党组织活动", None),
            ("制度文件", "决策、执行、监督制度与议事规则"),
            ("制度文件", "人员、财务、物资、信息公开制度"),
            ("信息公开", "基本情况"),
            ("信息公开", "财务收支"),
        )
        for kind, sub in wanted:
            if not self.chance(0.5 if self.rich else 0.15):
                continue
            for team in self.office["志愿服务队伍"]:
                if self.chance(0.95):
                    row: Row = {"类别": kind, "日期": self.near(), "标题": f"{sub}材料", "子类": sub}
                    self.add("工作记录", row | {"队伍名称": team["队伍名称"], "备注": "名称、负责人、服务领域"})

    def campaigns(self) -> None:
        """Whole sets of what a clause asks for, each thing of a set with a small chance of being left out."""
        blood, early = {"主题": "无偿献血"}, D(self.era.year, 1, 5)
        sets: tuple[tuple[str, str, tuple[Row, ...]], ...] = (
            ("工作记录", "合作", tuple(blood | {"对方类别": kind} for kind in PARTNERS)),
            ("工作记录", "沟通会商", tuple(blood | {"对方类别": kind} for kind in ("社会工作", "共青团", "教育"))),
            ("工作记录", "高校", tuple({"对方单位": name, "子类": "辖区高校"} for name in UNIVERSITIES)),
            ("工作记录", "高校", tuple({"对方单位": name, "子类": "高校红十字会"} for name in UNIVERSITIES[::2])),
            ("工作记录", "其他", tuple({"对方单位": name, "子类": "县级红十字会"} for name in ("甲县", "乙县"))),
            ("工作记录", "其他", tuple({"对方单位": name, "子类": "县级献血队伍"} for name in ("甲县", "乙县"))),
            ("工作记录", "其他", tuple({"标题": name, "子类": "基层组织"} for name in TOWNS)),
            ("工作记录", "其他", ({"子类": "年度应急献血演练", "数量": 390}, {"子类": "应急献血演练", "数量": 10})),
            ("工作记录", "其他", (blood | {"子类": "志愿者献血", "数量": self.maybe(12)},)),
            ("工作记录", "慰问", (blood | {"子类": "博爱送万家", "数量": self.maybe(0, 3)}, {"子类": "无此类家庭"})),
            ("工作记录", "问题", tuple(blood | {"有效期止": self.later(early, 0.9)} for _ in range(3))),
            ("工作记录", "项目", (blood | {"对方类别": "高校"}, {"子类": "示范", "标题": "项目2"})),
            ("工作记录", "合作", tuple({"标题": f"与{name}共建"} for name in self.venue_names)),
            ("工作记录", "自有媒体发布", (blood | {"子类": "献血人物"}, blood | {"子类": "科普"})),
            ("活动", "宣传", tuple(blood | {"场所类型": kind} for kind in PLACE_KINDS)),
            ("活动", "宣传", tuple(blood | {"地点": name} for name in self.venue_names)),
            (
                "活动",
                "",
                tuple({"活动类别": kind, "与血站合作": "是"} for kind in ("献血招募", "预约献血", "团体献血")),
            ),
            ("活动", "", tuple({"活动类别": kind, "主题": "三献"} for kind in ("宣传", "志愿服务", "表彰"))),
            (
                "培训",
                "",
                tuple({"培训类别": kind, "面向队伍": self.a_team(0.1)} for kind in ("志愿者培训", "骨干培训")),
            ),
        )
        for place, (sheet, kind, wanted) in enumerate(sets):
            on = early if self.chance(0.5) else self.near()
            for serial, row in enumerate(wanted if self.chance(0.35) else ()):
                code = f"ZZ{place:02d}{serial:02d}"
                usual: dict[str, Row] = {
                    "工作记录": {"类别": kind, "日期": on, "标题": f"{kind}专项{place}之{serial}"},
                    "活动": {"活动编号": code, "活动名称": "集中活动", "活动类别": kind, "开始日期": on},
                    "培训": {"培训编号": code, "培训名称": "集中培训", "开始日期": on, "学时": 2},
                }
                if self.chance(0.92):
                    self.add(sheet, usual[sheet] | row)

    def money(self) -> None:
        for serial in range(self.rng.randint(0, 40)):
            direction = self.rng.choice(("收入", "支出"))
            self.add(
                "经费收支",
                {
                    "日期": self.near(),
                    "队伍名称": self.a_team(0.25),
                    "收支方向": direction,
                    "科目": self.rng.choice(("无偿献血宣传", "培训费", "三献活动", "物资")),
                    "资金来源": self.maybe(*MONEY_SOURCES),
                    "金额（元）": self.rng.choice((100, 100, 250, 0.01, 99.99)),
                    "定向用途": self.maybe("献血车", "项目0", "项目1、项目2", "敬老"),
                    "对方单位": self.maybe(*UNIVERSITIES, "江城学院红十字会", "血站"),
                    "凭证号": f"加-{serial:04d}",
                    "冲销凭证号": f"旧-{serial:04d}" if self.chance(0.3) else None,
                    "摘要": self.maybe("示范项目1", "献血", "项目2", "日常"),
                },
            )

    def targets(self) -> None:
        units: tuple[Value, ...] = (*(row["名称"] for row in self.office["街镇"]), "全区", "松江区", "县医院")
        good = self.chance(0.5)
        shares: tuple[Value, ...] = (1, 2, 10, 25, 26, 64, 65, 66) if self.chance(0.6) else (None,)
        for unit in units if good else self.rng.sample(units, self.rng.randint(0, len(units))):
            for scope in self.rng.sample(("团体", "街头", "高校"), 1 if good else 2):
                staff = self.rng.choice((1000, 999, 40, None))
                self.add(
                    "献血目标",
                    {
                        "年度": self.era.year if self.chance(0.85) else self.era.year - 1,
                        "单位或街镇": unit,
                        "口径": scope,
                        "目标人份": self.rng.randint(10, 500),
                        "职工人数": staff,
                        "无工作单位公民人数": self.maybe(1000) if good else self.maybe(1000, 40, 400),
                        "拟动员人数": self.rng.choice((2, 10, 25)) if good else self.maybe(*shares),
                        "应急血源储备人份": self.rng.choice((25, 400)) if good else self.maybe(24, 25, 399, 400),
                        "储备上报日期": D(self.era.year, 1, 2) if good else self.near() if self.chance(0.9) else None,
                    },
                )
        for serial in range(self.rng.randint(0, 10)):
            self.add(
                "献血完成",
                {
                    "日期": self.near(),
                    "单位或街镇": self.rng.choice(units),
                    "口径": self.rng.choice(("团体", "街头", "高校")),
                    "人次": serial,
                    "毫升数": self.rng.choice((100, 300, 1_753_999, 1_754_000, 1_500_000, 3_000_000)),
                },
            )

    def make(self, code: str | None) -> None:
        self.place_in_time(code)
        self.change_rows()
        self.people()
        self.places()
        self.activities()
        self.trainings()
        self.dangerous()
        self.records()
        self.team_papers()
        self.campaigns()
        self.money()
        self.targets()
        self.put_in_order()
        self.leave_to_answers()

    def leave_to_answers(self) -> None:
        """Now and then nothing on record tells of universities, of own media, or of places."""
        notes = self.office["工作记录"]
        if self.chance(0.35):
            notes[:] = [row for row in notes if "高校" not in (row["类别"], row["对方类别"])]
            for row in self.office["志愿服务队伍"]:
                if row["主管单位类型"] == "高校":
                    row["主管单位类型"] = "学校"
        if self.chance(0.15):
            notes[:] = [row for row in notes if row["类别"] != "自有媒体发布"]
        if self.chance(0.15):
            self.office["阵地场所"].clear()

    def put_in_order(self) -> None:
        """Now and then nothing is left over: everybody verified, every problem solved."""
        if self.chance(0.15):
            for row in self.office["志愿者"]:
                row["信息核实日期"] = D(self.era.year, 1, 1) - ONE_DAY * self.rng.randrange(2)
        if self.chance(0.3):
            self.office["工作记录"][:] = [
                row for row in self.office["工作记录"] if row["类别"] != "高校" or row["对方单位"] == "江城学院"
            ]
            for row in self.office["志愿服务队伍"]:
                if row["主管单位类型"] == "高校":
                    row |= {"主管单位": "江城学院红十字会", "队伍类型": "三献"}
            society = {"类别": "高校", "子类": "高校红十字会", "标题": "江城学院红十字会", "对方单位": "江城学院"}
            self.add("工作记录", society | {"日期": self.rng.choice(self.days)})
        if self.chance(0.25):
            for row in self.office["工作记录"]:
                first = row["有效期起"] or row["日期"]
                if row["类别"] == "问题" and row["有效期止"] is None and isinstance(first, dt.date):
                    row["有效期止"] = first


def enrich(office: Office, seed: int) -> tuple[dt.date, ...]:
    """Adds rows to the office and tells the days to judge it at; the same seed gives the same."""
    lives = ((NOW, None), (DISTRICT, "310117"), (NOW, None), (LEAP, None), (NOW, "310117"), (DISTRICT, "310117"))
    era, code = lives[seed % 6]
    more = _More(office, seed, era)
    more.make(code)
    untangle(office)
    if era is DISTRICT and seed % 5:
        next(row for row in office["本会情况"] if row["项目"] == "层级")["内容"] = "县级"
    return more.days


def enriched_office(seed: int) -> tuple[Office, tuple[dt.date, ...]]:
    """A random office with everything that the semi-automatic clauses look at, and the days to judge it at."""
    office = turned_office(seed, scale=0.05 if seed % 5 == 4 else 1.0)
    return office, enrich(office, seed)
