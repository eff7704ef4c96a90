"""Random offices: the rows of a whole workbook, believable enough to import without one refusal.

Dates lie on purpose on, one day before and one day after every day on which an answer can change.  All people,
offices and policies are invented; document numbers carry right check characters and belong to nobody.
"""

import datetime as dt

from tests.offices.workbook import KEYS, SHEETS
from tests.oracle.base import Office, Row, Value, theme_days
from tests.oracle.office_dice import (
    BOUNDARY_DATES,
    EXPIRY_DAYS,
    ONE_DAY,
    QUARTERS,
    TURNING_DAYS,
    D,
    Dice,
    id_check_character,
    uscc_check_character,
)

__all__ = ["BOUNDARY_DATES", "QUARTERS", "random_office"]

DOMAINS = ("应急救援", "应急救护", "无偿献血", "造血干细胞捐献", "遗体和人体器官捐献", "养老服务", "人道救助", "其他")
SOURCES = [
    "红十字会员",
    "捐赠人",
    "救护员",
    "应急救护师资",
    "救援队员",
    "无偿献血者",
    "造血干细胞入库志愿者",
    "遗体和人体器官捐献志愿登记者",
    "其他",
]
TOPICS = [
    "无偿献血",
    "造血干细胞捐献",
    "遗体和人体器官捐献",
    "应急救护",
    "应急救援",
    "养老服务",
    "志愿服务",
    "生命教育",
    "其他",
]
_AREAS = ("330624", "110101", "440305", "510104", "650102", "310117")
_UNITS = ("安澜职业技术学院", "城关街道办事处", "县人民医院", "东风社区居委会", "恒远纺织有限公司")


class _Maker(Dice):
    """Fills the sheets of one office."""

    def __init__(self, seed: int, scale: float, overlaps: bool) -> None:
        super().__init__(seed, scale)
        self.overlaps = overlaps
        self.office: Office = {sheet: [] for sheet in SHEETS}
        self.keys: set[tuple[str, tuple[Value, ...]]] = set()
        self.name = f"{self.rng.choice(['青石', '云溪', '桐山', '白鹿', '临川'])}{self.rng.choice('县区市')}红十字会"
        self.numbers: set[str] = set()
        self.tidy = self.rng.random() < 0.4  # an office that has nearly everything in order

    def add(self, sheet: str, row: Row) -> Row | None:
        """Puts a row in, unless one with the same key is there."""
        whole: Row = dict.fromkeys(SHEETS[sheet]) | row
        assert len(whole) == len(SHEETS[sheet]), (sheet, row)
        mark = (sheet, tuple(whole[heading] for heading in KEYS[sheet]))
        if mark in self.keys:
            return None
        self.keys.add(mark)
        self.office[sheet].append(whole)
        return whole

    # ---- references

    def a_team(self, empty: float = 0.0) -> Value:
        teams = self.office["志愿服务队伍"]
        return None if not teams or self.chance(empty) else self.rng.choice(teams)["队伍名称"]

    def who(self, person: Row) -> Row:
        return {"姓名": person["姓名"], "证件号码": person["证件号码"]}

    # ---- sheets

    def profile(self) -> None:
        level = self.rng.choice(("县级", "县级", "县级", "市级", "省级"))
        items = {
            "单位名称": self.name,
            "层级": level,
            "行政区划代码": self.rng.choice(_AREAS),
            "上级红十字会": "明州市红十字会",
            "省级红十字会": "江海省红十字会",
            "联系人": self.person_name(),
            "联系电话": "0575-86012345",
            "志愿者网单位账号": "RC330624",
        }
        for item, content in items.items():
            self.add("本会情况", {"项目": item, "内容": content})
        for _ in range(self.rng.randint(0, 2)):
            first = self.start()
            self.add(
                "灾害多发认定",
                {"起始日期": first, "终止日期": self.after(first, 0.6), "依据文件": self.maybe("县减灾委〔2024〕3号")},
            )
        holders = {
            "统筹负责会领导": ("王立", "陈平", "孙华"),
            "机关牵头负责部门": ("办公室", "业务科", "志愿服务科"),
            "具体负责部门或单位": ("业务科", "志愿服务中心", "城关街道红十字会"),
        }
        for kind, known in holders.items():
            for _ in range(self.rng.choice((1, 1, 2) if self.tidy else (0, 1, 1, 1, 2, 3))):
                first = self.start(0.6)
                self.add(
                    "责任分工",
                    {
                        "事项": "无偿献血" if self.tidy or self.chance(0.8) else "志愿服务",
                        "责任类别": kind,
                        "姓名或单位": self.rng.choice(known),
                        "起始日期": first,
                        "终止日期": self.after(first, 0.1 if self.tidy else 0.4),
                    },
                )

    def team(self, serial: int) -> None:
        rng, above = self.rng, self.a_team() if self.chance(0.15) else None
        domain = rng.choice((*DOMAINS, "无偿献血", "应急救援"))
        founded = self.start(0.65)
        paused = self.after(founded, 0.2)
        party = self.start() if self.chance(0.85 if self.tidy else 0.4) else None
        counted = self.tidy or self.chance(0.85)
        civil = rng.choice(("不具备条件", "符合条件未登记", "已登记", None))
        code = f"52{rng.choice(_AREAS)}{rng.randrange(10**9):09d}"
        own = self.chance(0.7)
        self.add(
            "志愿服务队伍",
            {
                "队伍名称": f"{rng.choice(('青石', '云溪', '城关'))}{domain}志愿服务队{serial}",
                "队伍编号": self.maybe(f"T{serial:04d}"),
                "主管单位": self.name if own else rng.choice(_UNITS),
                "主管单位类型": self.maybe("本级")
                if own
                else self.maybe("学校", "高校", "街镇", "社区", "医院", "企业", "其他基层组织"),
                "上级队伍": above,
                "队伍类型": rng.choice(("单一", "单一", "综合", "三献", None)),
                "主要领域": domain,
                "其他领域": self.several([other for other in DOMAINS if other != domain]) if self.chance(0.5) else None,
                "成立日期": founded,
                "撤销日期": self.after(founded, 0.2),
                "暂停起始日期": paused,
                "暂停终止日期": self.after(paused, 0.5) if paused else None,
                "队长": self.person_name(),
                "队长电话": self.phone(),
                "志愿者网团体编号": self.maybe(f"RC{rng.randrange(10**6):06d}"),
                "志愿者网注册日期": self.start(0.8) if self.chance(0.95 if self.tidy else 0.7) else None,
                "民政登记状态": civil,
                "民政登记日期": self.start() if civil == "已登记" else None,
                "统一社会信用代码": code + uscc_check_character(code) if civil == "已登记" else None,
                "正式党员数": rng.choice((0, 1, 2, 3, 4) if self.tidy else (0, 1, 2, 2, 3, 3, 4, None))
                if counted
                else None,
                "预备党员数": rng.choice((0, 0, 1, 2) if self.tidy else (0, 1, 2, None)) if counted else None,
                "党员数统计日期": self.start(0.9 if self.tidy else 0.6) if self.tidy or self.chance(0.9) else None,
                "党组织名称": f"第{serial}党支部" if party else None,
                "党组织类型": self.maybe("党支部", "联合党支部", "临时党支部", "功能型党组织") if party else None,
                "党组织成立日期": party,
                "党组织撤销日期": self.after(party, 0.3) if party else None,
            },
        )

    def document(self) -> tuple[str, str, Value, Value]:
        """Type, number, sex and birth date of a new document."""
        rng = self.rng
        kind = rng.choice(
            ("居民身份证",) * 12 + ("港澳台居民居住证", "护照", "港澳居民来往内地通行证", "外国人永久居留身份证")
        )
        sex, birth = rng.choice("男女"), D(1950, 1, 1) + ONE_DAY * rng.randrange(20000)
        if kind in ("护照", "港澳居民来往内地通行证"):
            number = f"{'E' if kind == '护照' else 'H'}{rng.randrange(10**8):08d}"
        else:
            area = {
                "港澳台居民居住证": rng.choice(("810000", "820000", "830000")),
                "外国人永久居留身份证": "933156",
            }.get(kind, "")
            order = rng.randrange(100) * 10 + rng.randrange(5) * 2 + (sex == "男")
            first17 = f"{area or rng.choice(_AREAS)}{birth:%Y%m%d}{order:03d}"
            number = first17 + id_check_character(first17)
        if number in self.numbers:
            return self.document()
        self.numbers.add(number)
        return kind, number, sex if self.chance(0.3) else None, birth if self.chance(0.3) else None

    def volunteer(self) -> None:
        kind, number, sex, birth = self.document()
        joined = self.start(0.8)
        platform = f"V{self.rng.randrange(10**8):08d}" if self.chance(0.97 if self.tidy else 0.6) else None
        self.add(
            "志愿者",
            {
                "姓名": self.person_name(),
                "证件类型": None if kind == "居民身份证" and self.chance(0.2) else kind,
                "证件号码": number,
                "性别": sex,
                "出生日期": birth,
                "手机号码": self.phone() if self.chance(0.9) else None,
                "登记日期": joined,
                "退出日期": self.after(joined, 0.05),
                "志愿者网编号": platform,
                "志愿者网注册日期": self.start() if platform and self.chance(0.7) else None,
                "来源身份": self.several(SOURCES, 2),
            },
        )

    def memberships(self, person: Row) -> None:
        teams = self.office["志愿服务队伍"]
        for team in self.rng.sample(teams, min(len(teams), self.rng.choice((0, 1, 1, 1, 2, 2, 3)))):
            first = self.start(0.6)
            for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
                gone = self.after(first, 0.5)
                self.add(
                    "队员",
                    {
                        "队伍名称": team["队伍名称"],
                        **self.who(person),
                        "入队日期": first,
                        "退队日期": gone,
                        "职务": self.maybe("队长", "副队长", "骨干", "无偿献血宣传员", "队员"),
                    },
                )
                if gone is None and not (self.overlaps and self.chance(0.1)):
                    break
                again = self.after(gone or first)
                assert again is not None
                first = again

    def training(self, serial: int) -> None:
        rng, first = self.rng, self.near()
        code = f"PX{serial:04d}"
        self.add(
            "培训",
            {
                "培训编号": code,
                "培训名称": f"第{serial}期培训",
                "开始日期": first,
                "培训类别": rng.choice(
                    ("应急救护培训",) * 4 + ("志愿者培训", "骨干培训", "专业技能培训", "演练", "其他")
                ),
                "结束日期": first + ONE_DAY * rng.randint(0, 3) if self.chance(0.4) else None,
                "学时": self.hours(),
                "地点": "培训基地",
                "举办单位": self.name,
                "面向队伍": self.a_team(0.5),
                "含无偿献血科普": "是" if self.tidy else self.maybe("是", "是", "否"),
                "参训人次": self.maybe(0, 1, 12, 30),
            },
        )
        people = self.office["志愿者"]
        present = rng.sample(people, min(len(people), rng.choice((0, 0, 1, 3, 8))))
        everyone_away = self.chance(0.1)
        for person in present:
            result = (
                rng.choice(("缺席", "请假")) if everyone_away else self.maybe("合格", "合格", "不合格", "缺席", "请假")
            )
            issued = first + ONE_DAY * 5 if result == "合格" and self.chance(0.3) else None
            self.add(
                "参训人员",
                {
                    "培训编号": code,
                    **self.who(person),
                    "队伍名称": self.a_team(0.5),
                    "结果": result,
                    "实到学时": rng.choice((0, self.hours(8))) if self.chance(0.4) else None,
                    "证书名称": "救护员证" if issued else None,
                    "证书编号": f"ZS{len(self.keys):06d}" if issued else None,
                    "发证日期": issued,
                    "有效期至": issued + ONE_DAY * 1094 if issued else None,
                },
            )

    def insurance(self, serial: int, first: dt.date) -> dt.date:
        """One policy with its people; returns its last day."""
        rng = self.rng
        last = rng.choice(EXPIRY_DAYS) if self.chance(0.5) else first + ONE_DAY * rng.choice((0, 89, 364))
        last = max(first, last)
        code = f"PEAC2026{serial:04d}"
        self.add(
            "保险单",
            {
                "保单号": code,
                "保险公司": "安和财产保险股份有限公司",
                "险种": "团体意外伤害保险",
                "投保人": self.name,
                "起始日期": first,
                "终止日期": last,
                "承保方式": rng.choice(("记名名单",) * 4 + ("平台自动", "按活动")),
                "每人保额（元）": 200000,
                "保费（元）": rng.choice((800, 1234.56, 36000.1, None)),
                "经费来源": self.maybe("红十字会支持"),
            },
        )
        length = (last - first).days
        people = self.office["志愿者"]
        for person in rng.sample(people, rng.randint(0, len(people))):
            for _ in range(rng.choice((1, 1, 1, 2))):
                marks = [on for on in TURNING_DAYS if first <= on <= last] if self.chance(0.6) else []
                inside = marks or [first + ONE_DAY * rng.randint(0, length) for _ in range(2)]
                one, two = sorted(rng.choices(inside, k=2))
                self.add(
                    "被保险人",
                    {
                        "保单号": code,
                        **self.who(person),
                        "队伍名称": self.a_team(0.5),
                        "保障起始日期": one if self.chance(0.4) else None,
                        "保障终止日期": two if self.chance(0.4) else None,
                    },
                )
        return last

    def money(self, serial: int) -> None:
        rng = self.rng
        direction = rng.choice(("收入", "支出"))
        fen = rng.choice((1, 33000, 140950, rng.randrange(1, 900000)))
        entry: Row = {
            "日期": self.near(),
            "队伍名称": self.a_team(0.3),
            "收支方向": direction,
            "科目": rng.choice(("培训费", "物资装备", "志愿者保险")),
            "资金来源": self.maybe(
                "政府购买服务", "红十字会项目", "政府补贴", "社会资金", "红十字会支持", "捐赠", "其他"
            ),
            "金额（元）": fen // 100 if fen % 100 == 0 else fen / 100,
            "摘要": f"第{serial}笔",
            "凭证号": f"记-{serial:04d}" if self.chance(0.7) else self.maybe("记-0000"),
        }
        booked = self.add("经费收支", entry)
        if booked and self.chance(0.15) and entry["凭证号"] == f"记-{serial:04d}":
            on = booked["日期"]
            assert isinstance(on, dt.date)
            self.add(
                "经费收支",
                entry
                | {
                    "日期": self.after(on),
                    "收支方向": "支出" if direction == "收入" else "收入",
                    "凭证号": f"冲-{serial:04d}",
                    "冲销凭证号": entry["凭证号"],
                    "摘要": "冲销",
                },
            )

    def activity(self, serial: int) -> None:
        rng, theme = self.rng, self.maybe("世界红十字日", "世界献血者日", "世界骨髓捐献者日", "其他")
        first = self.near()
        if theme in theme_days(2026) and self.chance(0.8):
            days = theme_days(2026 if self.tidy else rng.choice((2025, 2026, 2026, 2026)))
            first = days[str(theme)] + ONE_DAY * rng.choice((-60, -15, -14, -3, 0, 2, 14, 15, 40))
        self.add(
            "活动",
            {
                "活动编号": f"HD{serial:04d}",
                "活动名称": f"第{serial}次活动",
                "活动类别": rng.choice(("宣传", "志愿服务", "献血招募", "慰问", "其他")),
                "主题": self.maybe("无偿献血"),
                "开始日期": first,
                "结束日期": first + ONE_DAY * rng.randint(0, 2) if self.chance(0.3) else None,
                "地点": "人民广场",
                "场所类型": self.maybe("社区", "农村", "机关", "企业", "学校"),
                "主办队伍": self.a_team(0.3),
                "纪念日": theme,
                "冬季宣传": self.maybe("是", "否"),
                "有人身危险": self.maybe("是", "否"),
                "受众人次": self.maybe(100, 35),
            },
        )

    def services(self) -> None:
        people, activities = self.office["志愿者"], self.office["活动"]
        for serial in range(self.count(0, 60) if people and self.office["志愿服务队伍"] else 0):
            # at most ten records fit one person's day: each is 2 hours or less
            person = people[(serial * 7 + self.rng.randrange(5)) % len(people)]
            row = {
                **self.who(person),
                "队伍名称": self.a_team(),
                "服务日期": self.near(),
                "服务时长（小时）": self.hours(4),
                "活动编号": self.rng.choice(activities)["活动编号"] if activities and self.chance(0.3) else None,
                "服务内容": f"服务{self.rng.randint(1, 9)}",
                "有证明材料": self.maybe("是", "否"),
                "志愿者网已同步": "是" if self.tidy else self.maybe("是", "是", "否"),
            }
            same_day = [
                old
                for old in self.office["服务记录"]
                if old["证件号码"] == row["证件号码"] and old["服务日期"] == row["服务日期"]
            ]
            if len(same_day) < 10:
                self.add("服务记录", row)

    def record(self, kind: str, serial: int) -> None:
        rng, on = self.rng, self.near()
        row: Row = {
            "类别": kind,
            "日期": on,
            "标题": f"{kind}{serial}",
            "队伍名称": self.a_team(0.6),
            "主题": self.several(TOPICS, 2),
        }
        if kind == "沟通会商":
            row |= {
                "对方单位": "县卫生健康局",
                "主题": rng.choice(("无偿献血", "志愿服务；无偿献血", "无偿献血；其他", "志愿服务", None)),
                "对方类别": rng.choice(("卫生健康行政部门",) * 5 + ("血站", "教育", None)),
            }
        if kind in ("规划计划", "项目"):
            since = rng.choice((None, D(2025, 1, 1), D(2026, 1, 1), D(2027, 1, 1), self.near()))
            until = rng.choice((None, D(2025, 12, 31), D(2026, 12, 31), D(2030, 12, 31), self.near()))
            row |= {"有效期起": since, "有效期止": until if until is None or until >= (since or on) else None}
        if kind == "规划计划":
            row |= {
                "子类": rng.choice(("中长期发展规划", "年度计划")),
                "队伍名称": None,
                "主题": rng.choice(("无偿献血", "应急救护；无偿献血", "应急救护", None)),
            }
        if kind == "项目":
            row |= {
                "队伍名称": self.a_team(0.2),
                "形式或渠道": self.maybe("中国红十字志愿者网", "志愿者网、微信群", "微信群", "线下"),
            }
        self.add("工作记录", row)

    def places(self) -> None:
        towns = [f"{sign}桥镇" for sign in self.rng.sample("东南西北中", self.rng.randint(0, 3))]
        for serial, town in enumerate(towns):
            self.add("街镇", {"名称": town, "区划代码": f"330624{serial + 100}"})
            self.add(
                "献血目标",
                {
                    "年度": 2026,
                    "单位或街镇": town,
                    "口径": self.rng.choice(("团体", "街头", "高校")),
                    "目标人份": self.rng.randint(10, 500),
                    "职工人数": self.maybe(80),
                    "储备上报日期": self.maybe(self.near()),
                },
            )
            self.add(
                "献血完成",
                {"日期": self.near(), "单位或街镇": town, "口径": "街头", "人次": 20 + serial, "毫升数": 6000},
            )
        for serial in range(self.rng.randint(0, 2)):
            opened = self.start()
            self.add(
                "阵地场所",
                {
                    "名称": f"志愿者之家{serial}",
                    "类型": self.rng.choice(("红十字志愿者之家", "队部", "博爱家园")),
                    "队伍名称": self.a_team(0.4),
                    "启用日期": opened,
                    "停用日期": self.after(opened, 0.3),
                },
            )

    def make(self) -> Office:
        """All sheets, in an order in which everything referred to is there already."""
        self.profile()
        for serial in range(1, 1 + (0 if self.chance(0.08) else self.count(1, 10))):
            self.team(serial)
        for _ in range(self.count(0, 60)):
            self.volunteer()
        for person in self.office["志愿者"]:
            self.memberships(person)
        for serial in range(1, 1 + self.count(0, 12)):
            self.training(serial)
        last = self.start(0.2)
        for serial in range(1, 1 + self.count(0, 5)):
            follows = last + ONE_DAY * self.rng.choice((-30, 0, 1, 1, 2, 30))
            last = self.insurance(serial, follows if self.chance(0.6) else self.near())
        for serial in range(1, 1 + self.count(0, 25)):
            self.money(serial)
        for serial in range(1, 1 + self.count(0, 14)):
            self.activity(serial)
        self.services()
        for kind, most in (("沟通会商", 7), ("规划计划", 5), ("项目", 5), ("会议", 2), ("问题", 1)):
            for serial in range(self.count(0, most)):
                self.record(kind, serial)
        self.places()
        return self.office


def random_office(seed: int, scale: float = 1.0, overlaps: bool = True) -> Office:
    """The rows of a made-up office; the same seed gives the same rows.

    `scale` multiplies the upper sizes (10 teams, 60 people).  With `overlaps` a person is now and then a member of one
    team twice at the same time, which nothing forbids.
    """
    return _Maker(seed, scale, overlaps).make()
