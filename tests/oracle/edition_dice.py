"""What a plain random office lacks: blanks where they matter, 分队 of two levels, people who left, late and dated rows.

`turn` takes an office of `tests.offices.builders` and deals out everything that the second edition of the contracts decides
anew. Days lie on, before and after the days on which an answer turns. Nothing that the import refuses is made.
"""

import datetime as dt

from tests.offices.builders import random_office
from tests.offices.workbook import KEYS, SHEETS
from tests.oracle.base import Office, Row, Value, months_before, theme_days
from tests.oracle.office_dice import JUDGED_DAYS, ONE_DAY, D, Dice

ANSWERS = {
    "辖区内有无高校": ("有", "无"),
    "有无自有媒体": ("有", "无"),
    "有无红十字阵地": ("有", "无"),
    "是否灾害多发": ("是", "否"),
    "是否具备组建应急献血者队伍的条件": ("是", "否"),
}
PLAN_KINDS = (
    *("中长期发展规划 中长期规划 发展规划 五年规划 规划".split()),
    *("年度计划 年度工作计划 工作计划 年计划".split()),
)
PLAN_TITLES = ("2026年工作计划", "2025年工作计划", "2026年重点工作（2026年3月印发）", "2021—2026年安排", "工作安排")
THEMES = tuple(theme_days(2026))
MANY_ENTRIES = ("经费收支", "物资收发")


class _Edition(Dice):
    """Changes and adds rows of one office."""

    def __init__(self, office: Office, seed: int) -> None:
        super().__init__(seed * 104_729 + 3, 1.0)
        self.office = office
        self.keys = {(sheet, self.mark(sheet, row)) for sheet, rows in office.items() for row in rows}
        self.blanks = self.rng.choice((0.0, 0.1, 0.35))  # how often a cell that matters is empty here
        self.name = next(str(row["内容"]) for row in office["本会情况"] if row["项目"] == "单位名称")

    def mark(self, sheet: str, row: Row) -> tuple[Value, ...]:
        return tuple(row[heading] for heading in KEYS[sheet])

    def add(self, sheet: str, row: Row) -> Row:
        """Puts a row in, unless one with the same key is there; entries may be equal."""
        whole: Row = dict.fromkeys(SHEETS[sheet]) | row
        assert len(whole) == len(SHEETS[sheet]), (sheet, row)
        key = (sheet, self.mark(sheet, whole))
        if key not in self.keys or sheet in MANY_ENTRIES:
            self.keys.add(key)
            self.office[sheet].append(whole)
        return whole

    def judged(self) -> dt.date:
        """A day on which offices are judged."""
        return self.rng.choice(JUDGED_DAYS)

    def beside(self, *steps: int) -> dt.date:
        """A day some steps from a judged day."""
        return self.judged() + ONE_DAY * self.rng.choice(steps)

    def own_tops(self) -> list[Row]:
        return [
            row
            for row in self.office["志愿服务队伍"]
            if row["上级队伍"] is None and (row["主管单位"] == self.name or row["主管单位类型"] == "本级")
        ]

    # ---- the office

    def profile(self) -> None:
        for item, choices in ANSWERS.items():
            if self.chance(0.35):
                self.add("本会情况", {"项目": item, "内容": self.maybe(None, None)})
                continue
            first, second = self.rng.choice(choices), self.rng.choice(choices)
            since = self.near() if self.chance(0.4) else None
            self.add("本会情况", {"项目": item, "内容": first, "起始日期": since})
            if self.chance(0.3):
                later = (since or D(2025, 1, 1)) + ONE_DAY * self.rng.randint(1, 500)
                self.add("本会情况", {"项目": item, "内容": second, "起始日期": later})
        if self.chance(0.6):
            began = self.rng.choice((D(2025, 7, 1), D(2026, 1, 1), D(2026, 5, 1)))
            self.add("本会情况", {"项目": "台账启用日期", "内容": began.isoformat()})
            self.opening(began - ONE_DAY)
        if self.chance(0.5):
            self.add("本会情况", {"项目": "常住人口", "内容": "412000"})
        if self.chance(0.5):
            self.office["灾害多发认定"].clear()
        for row in self.office["责任分工"]:
            if self.chance(0.2):
                row["姓名或单位"] = " ".join(str(row["姓名或单位"]))
        marks = [self.mark("责任分工", row) for row in self.office["责任分工"]]
        self.office["责任分工"][:] = [
            row for place, row in enumerate(self.office["责任分工"]) if marks.index(marks[place]) == place
        ]

    def opening(self, eve: dt.date) -> None:
        """期初结余 of some teams and of the office, mostly on the eve of the ledger."""
        for team in [None, *(row["队伍名称"] for row in self.office["志愿服务队伍"])]:
            if self.chance(0.5):
                entry = {"队伍名称": team, "收支方向": "收入" if self.chance(0.8) else "支出", "科目": "期初结余"}
                on = eve if self.chance(0.7) else self.near()
                self.add("经费收支", entry | {"日期": on, "金额（元）": self.rng.choice((35.5, 1200, 80000))})

    # ---- teams

    def change_teams(self) -> None:
        for row in self.office["志愿服务队伍"]:
            if row["主管单位"] == self.name and self.chance(0.2):
                place = self.rng.randint(1, len(self.name) - 1)
                row["主管单位"] = f"{self.name[:place]} {self.name[place:]}"
                row["主管单位类型"] = self.maybe("本级", "其他基层组织")
            elif row["主管单位"] == self.name and self.chance(0.1):
                row |= {"主管单位": "县红会", "主管单位类型": "本级"}
            if self.chance(0.25):
                first = self.beside(-30, -1, 0, 1)
                row |= {"暂停起始日期": first, "暂停终止日期": self.after(first, 0.6)}
            if self.chance(self.blanks):
                row |= {"志愿者网团体编号": "RC900001", "志愿者网注册日期": None}
            elif row["志愿者网注册日期"] is not None and self.chance(0.3):
                row["志愿者网注册日期"] = self.beside(-1, 0, 1)
            if self.chance(0.15):
                row["主要领域"], row["其他领域"] = (
                    "养老服务",
                    self.rng.choice(("无偿献血", "应急救援", "无偿献血；应急救援")),
                )
            if row["党组织名称"] is not None and self.chance(self.blanks):
                row |= {"党组织成立日期": None, "党组织撤销日期": None}

    def branches(self) -> None:
        """分队 of one and two levels below some own-level teams; those in the middle are often gone."""
        tops = self.own_tops()
        for top in self.rng.sample(tops, min(len(tops), self.rng.choice((0, 1, 2)))):
            for serial in range(self.rng.randint(1, 2)):
                middle = self.branch(top, f"{top['队伍名称']}第{serial + 1}分队")
                if self.chance(0.4):
                    middle["撤销日期"] = self.after(max(D(2025, 7, 1), _day(middle["成立日期"])))
                for small in range(self.rng.choice((0, 1, 1, 2))):
                    self.branch(middle, f"{middle['队伍名称']}第{small + 1}组")

    def branch(self, above: Row, name: str) -> Row:
        founded = self.start(0.7)
        party = self.start() if self.chance(0.2) else None
        paused = self.after(founded, 0.15)
        return self.add(
            "志愿服务队伍",
            {
                "队伍名称": name,
                "主管单位": above["主管单位"],
                "主管单位类型": above["主管单位类型"],
                "上级队伍": above["队伍名称"],
                "主要领域": self.rng.choice((above["主要领域"], "其他")),
                "成立日期": founded,
                "暂停起始日期": paused,
                "党组织名称": "分队党支部" if party or self.chance(0.1) else None,
                "党组织成立日期": party,
                "志愿者网注册日期": self.maybe(self.near()),
            },
        )

    def party_counts(self) -> None:
        """Dated counts around the days that turn: on the day, after it within and beyond 15 days, a year before."""
        for row in self.office["志愿服务队伍"]:
            if row["上级队伍"] is not None and row["正式党员数"] is None and self.chance(0.5):
                row |= {"正式党员数": self.rng.choice((0, 1, 2, 2, 3)), "党员数统计日期": self.near()}
            if self.chance(0.15):
                row["党员数统计日期"] = None
            if self.chance(0.2):
                row |= dict.fromkeys(("正式党员数", "预备党员数", "党员数统计日期"))
            if self.chance(0.1):  # written down twice in the days after a quarter, and never before
                row |= dict.fromkeys(("正式党员数", "预备党员数", "党员数统计日期"))
                on = self.judged()
                for step in self.rng.choice(((3, 8), (3, 15), (15,), (16,), (16,))):
                    count = {"正式党员数": self.rng.choice((2, 3)), "预备党员数": 1}
                    self.add("党员统计", {"队伍名称": row["队伍名称"], "统计日期": on + ONE_DAY * step, **count})
                continue
            for _ in range(self.rng.choice((0, 0, 1, 2, 4))):
                on = self.beside(-40, -1, 0, 1, 8, 14, 15, 16)
                if self.chance(0.4):
                    on = months_before(self.judged(), 12) + ONE_DAY * self.rng.choice((-1, 0, 1))
                if on == row["党员数统计日期"]:
                    continue
                count = {"正式党员数": self.rng.choice((0, 1, 2, 2, 3, 4)), "预备党员数": self.maybe(0, 1, 2)}
                self.add("党员统计", {"队伍名称": row["队伍名称"], "统计日期": on, **count})

    # ---- people

    def people(self) -> None:
        for row in self.office["志愿者"]:
            joined = _day(row["登记日期"])
            if self.chance(0.2):
                row["退出日期"] = max(joined, self.near())
            if row["志愿者网编号"] is not None:
                row["志愿者网注册日期"] = self.rng.choice((None, self.beside(-1, 0, 1), row["志愿者网注册日期"]))
            elif self.chance(0.1):
                row["志愿者网注册日期"] = self.near()  # a date without a number is no number
            if self.chance(0.1):
                row |= {"期初服务时长（小时）": self.hours(400), "期初截至日期": D(2025, 12, 31)}
        self.memberships()

    def memberships(self) -> None:
        """People move into 分队; some come back later, some never were members, no two spans of one meet."""
        people = self.office["志愿者"]
        low = [row for row in self.office["志愿服务队伍"] if row["上级队伍"] is not None]
        for team in low:
            for person in self.rng.sample(people, min(len(people), self.rng.randint(0, 4))):
                first = self.start(0.6)
                row = {"队伍名称": team["队伍名称"], "姓名": person["姓名"], "证件号码": person["证件号码"]}
                row |= {"职务": self.maybe("骨干", "无偿献血宣传员"), "入队日期": first}
                self.add("队员", row | {"退队日期": self.after(first, 0.3)})
        for row in list(self.office["队员"]):
            first, gone = _day(row["入队日期"]), row["退队日期"]
            if self.chance(0.06):
                row["退队日期"] = first  # never was
            elif isinstance(gone, dt.date) and self.chance(0.25):
                again = gone + ONE_DAY * self.rng.choice((1, 2, 30, 200))
                self.add("队员", row | {"入队日期": again, "退队日期": self.after(again, 0.3)})
        untangle(self.office)

    # ---- money and goods

    def money(self) -> None:
        entries = self.office["经费收支"]
        by_number: dict[Value, list[Row]] = {}
        for row in entries:
            by_number.setdefault(row["凭证号"], []).append(row)
        for number, rows in list(by_number.items()):
            direction = {row["收支方向"] for row in rows}
            if number is None or len(direction) != 1 or rows[0]["冲销凭证号"] or not self.chance(0.25):
                continue
            later = self.after(_day(rows[0]["日期"])) if self.chance(0.5) else self.near()
            back = {"收支方向": "支出" if direction == {"收入"} else "收入", "冲销凭证号": number, "日期": later}
            self.add("经费收支", rows[0] | back | {"凭证号": f"红-{number}"})
        for serial in range(self.rng.randint(0, 3)):
            entry = {"日期": self.near(), "队伍名称": self.a_team(0.3), "收支方向": self.rng.choice(("收入", "支出"))}
            unknown = f"旧账-{serial}" if self.chance(0.5) else None
            for _ in range(self.rng.choice((1, 1, 2))):
                same = {"科目": "捐赠", "金额（元）": 100, "冲销凭证号": unknown}
                self.add("经费收支", entry | same)
        for serial in range(self.rng.randint(0, 6)):
            goods: Row = {
                "日期": self.near(),
                "队伍名称": self.a_team(0.3),
                "收发方向": self.rng.choice(("接收", "发放")),
                "物资名称": self.rng.choice(("急救包", "棉被")),
                "计量单位": "件",
                "数量": self.rng.choice((1, 2.5, 100)),
                "折价（元）": self.maybe(250, 99.9),
                "捐赠人或受助对象": f"第{serial}户",
            }
            for _ in range(self.rng.choice((1, 1, 2))):
                self.add("物资收发", goods)

    def a_team(self, empty: float) -> Value:
        found = self.office["志愿服务队伍"]
        return None if not found or self.chance(empty) else self.rng.choice(found)["队伍名称"]

    # ---- work

    def activities(self) -> None:
        for row in self.office["活动"]:
            if self.chance(0.4):
                row["活动类别"] = self.rng.choice(
                    ("宣传", "志愿服务", "献血招募", "预约献血", "团体献血", "慰问", "表彰", "演练", "其他")
                )
            if self.chance(self.blanks):
                row["有人身危险"] = None
            elif self.chance(0.3):
                row["有人身危险"] = "否"
        for serial in range(self.rng.randint(0, 3)):
            theme = self.rng.choice(THEMES)
            first = theme_days(2026)[theme] + ONE_DAY * self.rng.choice((-15, -14, 0, 14, 15, 60))
            kind = self.rng.choice(("演练", "其他", "宣传", "献血招募"))
            self.act(f"纪念日活动{serial}", first, {"活动类别": kind, "纪念日": theme})
        hosts = [row["队伍名称"] for row in self.office["志愿服务队伍"] if row["主要领域"] == "应急救援"]
        for serial in range(self.rng.choice((0, 1, 1, 3))):
            first = self.beside(-20, -2, -1, 0, 1)
            host = self.rng.choice(hosts) if hosts and self.chance(0.6) else self.a_team(0.3)
            danger = None if self.chance(self.blanks) else self.rng.choice(("是", "是", "否"))
            kind = self.rng.choice(("演练", "志愿服务"))
            act = self.act(f"山地演练{serial}", first, {"活动类别": kind, "主办队伍": host, "有人身危险": danger})
            self.serve(act)

    def act(self, name: str, first: dt.date, more: Row) -> Row:
        self.serial = getattr(self, "serial", 0) + 1
        last = first + ONE_DAY * self.rng.randint(0, 2) if self.chance(0.5) else None
        row = {"活动编号": f"ED{self.serial:03d}", "活动名称": name, "开始日期": first, "结束日期": last}
        return self.add("活动", row | more)

    def serve(self, act: Row) -> None:
        """Service at an activity: with its number, or of its host on its days without one."""
        people = self.office["志愿者"]
        if not people or not self.office["志愿服务队伍"]:
            return
        for person in self.rng.sample(people, min(len(people), self.rng.choice((0, 1, 2, 3)))):
            numbered = self.chance(0.75)
            team = self.a_team(0) if numbered or act["主办队伍"] is None else act["主办队伍"]
            on = _day(act["开始日期"]) + ONE_DAY * self.rng.choice((0, 0, 1, 3))
            self.add(
                "服务记录",
                {
                    "姓名": person["姓名"],
                    "证件号码": person["证件号码"],
                    "队伍名称": team,
                    "活动编号": act["活动编号"] if numbered else None,
                    "服务日期": on,
                    "服务时长（小时）": 1,
                    "志愿者网已同步": self.maybe("是", "是", "否"),
                },
            )
        if self.chance(0.5):
            self.cover(act)

    def cover(self, act: Row) -> None:
        """Cover for those who serve at it: a list, or by activity, for all its days or one too few."""
        first = _day(act["开始日期"]) + ONE_DAY * self.rng.choice((0, 0, 0, 1))
        code = f"ED{act['活动编号']}"
        mode = self.rng.choice(("按活动", "记名名单", "平台自动"))
        policy: Row = {"保单号": code, "保险公司": "安和财险", "险种": "意外险", "承保方式": mode}
        self.add("保险单", policy | {"起始日期": first, "终止日期": first + ONE_DAY * self.rng.choice((0, 3, 3, 30))})
        for person in {
            (row["姓名"], row["证件号码"]) for row in self.office["服务记录"] if row["活动编号"] == act["活动编号"]
        }:
            self.add("被保险人", {"保单号": code, "姓名": person[0], "证件号码": person[1]})

    def trainings(self) -> None:
        for row in self.office["培训"]:
            if row["含无偿献血科普"] is not None and self.chance(self.blanks):
                row["含无偿献血科普"] = None
        for serial in range(self.rng.choice((0, 0, 2, 4))):
            row = {"培训编号": f"EP{serial}", "培训名称": "救护员班", "培训类别": "应急救护培训", "学时": 16}
            spread = {"开始日期": self.beside(-60, -30, -1, 0), "含无偿献血科普": self.rng.choice(("是", "否"))}
            self.add("培训", row | spread | {"参训人次": 20})
        kept = set()
        if self.chance(0.3):  # an office that keeps head counts alone
            self.office["参训人员"].clear()
        for row in self.office["参训人员"]:
            kept.add(row["培训编号"])
            if row["队伍名称"] is not None and self.chance(0.3):
                row["队伍名称"] = self.a_team(0)
        for row in self.office["培训"]:
            if row["培训编号"] not in kept and self.chance(0.6):
                row |= {"参训人次": 12, "面向队伍": self.a_team(0.2)}

    def records(self) -> None:
        for row in self.office["工作记录"]:
            if row["类别"] == "沟通会商" and self.chance(self.blanks):
                row[self.rng.choice(("对方类别", "主题"))] = None
            if row["类别"] == "项目" and self.chance(self.blanks):
                row["形式或渠道"] = None
        for row in self.office["服务记录"]:
            if row["志愿者网已同步"] is None and self.blanks == 0:
                row["志愿者网已同步"] = "是"
        for serial in range(self.rng.randint(0, 4)):
            on = self.rng.choice((self.near(), self.early(), D(2026, 1, 10)))
            since = self.rng.choice((None, None, D(2026, 1, 1), D(2021, 1, 1), self.near()))
            ends = (
                None,
                D(2025, 12, 31),
                D(2026, 12, 31),
                D(2030, 12, 31),
                months_before(self.judged(), 12),
                self.near(),
            )
            until = self.rng.choice(ends)
            if until is not None and until < (since or on):
                until = None
            kind = self.rng.choice(PLAN_KINDS)
            self.add(
                "工作记录",
                {
                    "类别": "规划计划",
                    "日期": on,
                    "标题": f"{self.rng.choice(PLAN_TITLES)}{'之' + '甲乙丙丁'[serial] if self.chance(0.5) else ''}",
                    "子类": self.rng.choice((None, "三年行动方案")) if self.chance(self.blanks) else kind,
                    "主题": None
                    if self.chance(self.blanks)
                    else self.rng.choice(("无偿献血", "应急救护；无偿献血", "应急救护")),
                    "有效期起": since,
                    "有效期止": until,
                },
            )

    def turn(self) -> None:
        """Everything, in an order in which what is referred to is there already."""
        self.change_teams()
        self.branches()
        self.profile()
        self.party_counts()
        self.people()
        self.money()
        self.activities()
        self.trainings()
        self.records()
        self.certificates()

    def certificates(self) -> None:
        """Certificates of some who passed and of some who did not; last, so that no other row is diced anew."""
        for serial, row in enumerate(self.office["参训人员"]):
            if self.chance(0.5):
                row |= {"证书名称": "救护员证", "证书编号": f"ZS{serial}"}


def _day(value: Value) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def untangle(office: Office) -> None:
    """Takes out every membership whose span meets an earlier one of the same person and team."""
    kept: dict[tuple[Value, Value], list[Row]] = {}
    for row in sorted(office["队员"], key=lambda row: _day(row["入队日期"])):
        before = kept.setdefault((row["队伍名称"], row["证件号码"]), [])
        last = before[-1]["退队日期"] if before else D(1900, 1, 1)
        if isinstance(last, dt.date) and last < _day(row["入队日期"]):
            before.append(row)
    good = {id(row) for rows in kept.values() for row in rows}
    office["队员"][:] = [row for row in office["队员"] if id(row) in good]


def turned_office(seed: int, scale: float = 1.0) -> Office:
    """A random office of the second edition; the same seed gives the same rows."""
    office = random_office(seed, scale, overlaps=False)
    _Edition(office, seed).turn()
    return office


__all__ = ["turned_office", "untangle"]
