"""Words and days for the random rows of the semi-automatic clauses: those of the contract pages, and near misses."""

import datetime as dt
from dataclasses import dataclass

from tests.oracle.office_dice import BOUNDARY_DATES, ONE_DAY, D


@dataclass(frozen=True)
class Era:
    """Days to judge an office at, and the days its rows lie around."""

    days: tuple[dt.date, ...]
    around: tuple[dt.date, ...]
    year: int


def _marks(*days: dt.date) -> tuple[dt.date, ...]:
    return tuple(sorted({on + ONE_DAY * step for on in days for step in (-1, 0, 1)}))


def _turns(year: int) -> tuple[dt.date, ...]:
    """Quarter starts, the end of February, the end of the year."""
    starts = [D(year, month, 1) for month in (1, 3, 4, 7, 10, 12)]
    return _marks(*starts, D(year, 2, 28), D(year, 12, 31))


_NOW_DAYS = tuple(
    sorted(
        {on for on in BOUNDARY_DATES if on.year > 2022 or on == D(2022, 7, 4)}
        | {
            D(2025, 12, 31),
            D(2026, 2, 28),
            D(2026, 3, 1),
            D(2026, 11, 30),
            D(2026, 12, 1),
            D(2027, 2, 28),
            D(2027, 3, 1),
        }
        | {D(2026, 6, 30), D(2026, 12, 31), D(2017, 11, 30), D(2017, 12, 1)}
    )
)
NOW = Era(_NOW_DAYS, tuple(sorted({*_turns(2026), *_turns(2025), *_NOW_DAYS[3:], *_marks(D(2025, 12, 11))})), 2026)
LEAP = Era(
    (D(2028, 1, 1), D(2028, 2, 28), D(2028, 2, 29), D(2028, 3, 1), D(2028, 3, 31), D(2027, 12, 31), D(2027, 12, 30),
     D(2028, 12, 31)),
    (*_turns(2028), *_turns(2027), D(2028, 2, 29), D(2027, 2, 28), D(2027, 3, 1)),
    2028,
)  # fmt: skip
DISTRICT = Era(
    (D(2023, 12, 31), D(2024, 1, 1), D(2024, 2, 29), D(2024, 3, 31), D(2024, 6, 30), D(2024, 9, 29), D(2024, 12, 30),
     D(2024, 12, 31), D(2025, 1, 1)),
    (*_turns(2024), *_turns(2023), D(2024, 2, 29), D(2023, 2, 28), D(2023, 3, 1), D(2025, 1, 1)),
    2024,
)  # fmt: skip

TOWNS = ("东桥镇", "南桥镇", "桥镇", "岳阳街道", "城关街道")
UNIVERSITIES = ("江城学院", "江城学院医学部", "云溪大学", "安澜职业技术学院")
BLOOD_WORDS = ("无偿献血", "献血宣传", "三献", "三献与造血干细胞", "造血干细胞", "献血与造血干细胞", "敬老", "血液知识")
LIFE_WORDS = ("生命教育", "生命教育 救在身边", "爱心相髓", "生命教育：生命接力、养老服务", "人道救助", "生命 教育")
SUBS: dict[str, tuple[str, ...]] = {
    "会议": ("党组会", "执委会", "执行委员会会议", "理事会", "主任办公会", "工作例会"),
    "工作指导": ("民政登记", "业务指导", "登记辅导", "备案"),
    "信息公开": ("基本情况", "队伍基本情况", "财务收支", "年度财务收支", "财务", "情况"),
    "制度文件": (
        "决策、执行、监督制度与议事规则",
        "决策与执行",
        "监督",
        "议事规则",
        "人员、财务、物资、信息公开制度",
        "人员和财务",
        "资产",
        "信息公开",
        "培训制度",
        "博爱送万家",
        "博爱送万家制度",
    ),
    "规划计划": ("中长期发展规划", "年度计划", "经费预算", "经费预算表", "培训计划", "预算"),
    "自有媒体发布": ("志愿者事迹", "队员风采", "人物", "献血人物与科普", "科普", "新闻"),
    "任职": ("人大代表", "理事", "监事", "理事、监事", "专职人员", "法定代表人", "法定代表人、理事"),
    "合作": ("共建", "应急献血者队伍"),
    "慰问": ("博爱送万家", "无此类家庭", "博爱送万家活动", "节日慰问"),
    "项目": ("示范项目", "品牌项目", "品牌与示范", "一般项目"),
    "高校": ("辖区高校", "高校红十字会", "德育学分", "宣传活动", "辖区高校名单", "宣传"),
    "其他": (
        "专项基金", "基层组织", "基层组织建设", "应急献血者队伍", "应急献血者队伍名册", "志愿者献血", "县级红十字会",
        "县级献血队伍", "应急献血演练", "年度应急献血演练", "专项基金会",
    ),
}  # fmt: skip
KINDS = (
    *("会议 工作指导 信息公开 制度文件 规划计划 合作 自有媒体发布 表彰 推荐 任职 作品 慰问 项目 问题".split()),
    *("党组织活动 高校 其他 沟通会商".split()),
)
PARTNERS = "卫生健康行政部门 血站 宣传 教育 共青团 社会工作 民政 高校 企业 媒体 其他".split()
VENUE_TYPES = (
    *("红十字志愿者之家 队部 博爱家园 生命健康安全体验馆 体验教室 应急救护培训基地 新时代文明实践中心".split()),
    *("新时代文明实践所 新时代文明实践站".split()),
)
ACTIVITY_KINDS = "宣传 宣传 宣传 志愿服务 献血招募 预约献血 团体献血 慰问 表彰 演练 其他".split()
PLACE_KINDS = "社区 农村 机关 企业 学校 献血点 红十字阵地 其他".split()
MONEY_SOURCES = "政府购买服务 红十字会项目 政府补贴 社会资金 红十字会支持 红十字会支持 捐赠 其他".split()
