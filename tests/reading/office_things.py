"""Lists of money, goods, activities and the like as offices have them, of our own making, with what is right."""

from tests.reading.office_people import SECOND, TEAM, Listed, Rows
from tests.reading.people import OFFICE

_GIVERS = ("某药业有限公司", "张先生", "爱心人士", "县一中全体师生", "李女士")
_SUMS = (10000, 200, 50, 3260.5, 200)
_TOTAL = int(sum(_SUMS) * 100)


def _given(*head: str, day: str = "2026-07-05") -> Rows:
    """A list of donations with its columns in the order of the headings: number, day, giver, sum, wish."""
    rows: Rows = [
        [n, day, giver, yuan, "定向助学" if n == 2 else None]
        for n, (giver, yuan) in enumerate(zip(_GIVERS, _SUMS, strict=True), 1)
    ]
    return [list(head), *rows]


_PLAIN = _given("序号", "捐赠日期", "捐赠单位/个人", "捐赠金额（元）", "捐赠意向")
_DISCLOSED: Rows = [
    ["江河县红十字会2026年7月接收社会捐赠款物公示"], ["（2026年7月1日—7月31日）"],
    *_given("序号", "到账时间", "捐款人", "金额", "备注"), ["合计", None, None, sum(_SUMS)],
    ["感谢社会各界爱心人士的支持！"],
]  # fmt: skip
_ONE_DAY: Rows = [
    ["2026年7月5日接收捐款明细"],
    *([row[0], *row[2:4]] for row in _given("序号", "x", "捐赠方", "捐赠数额")),
]
_IN_TEN_THOUSANDS: Rows = [["捐赠情况一览表", None, None, "单位：万元"], ["序号", "捐赠日期", "捐赠企业", "捐赠金额"]] + [
    [1, "2026-07-05", "某药业有限公司", 10], [2, "2026-07-06", "某建工集团", 1.5]
]  # fmt: skip
_CASH: Rows = [["2026年第三季度经费收支明细账"], ["日期", "凭证号", "摘要", "收入", "支出", "余额"]] + [
    ["2026-07-01", None, "上季结转", None, None, 5000], ["2026-07-05", "记1", "捐款", 1000, None, 6000],
    ["2026-07-09", "记2", "购急救包", None, 800, 5200], ["2026-08-02", "记3", "印刷宣传册", None, 350.5, 4849.5],
    ["本季合计", None, None, 1000, 1150.5, 4849.5],
]  # fmt: skip
_SPENT: Rows = [["经费使用情况公示"], ["序号", "支出日期", "用途", "金额（元）", "收款单位"]] + [
    [1, "2026-07-09", "购急救包", 800, "某商贸公司"], [2, "2026-08-02", "印刷费", 350.5, "某印务"], ["合计", None, None, 1150.5, None],
]  # fmt: skip
_GOODS: Rows = [["接收捐赠物资明细表"], ["序号", "接收日期", "捐赠单位", "物资名称", "规格型号", "单位", "数量", "折合金额（元）"]] + [
    [1, "2026-07-05", "某药业有限公司", "消毒液", "500ml", "瓶", 200, 4000], [2, "2026-07-08", "县商会", "棉被", None, "床", 50, 5000],
    ["合计", None, None, None, None, None, 250, 9000],
]  # fmt: skip
_ISSUED: Rows = [["救灾物资发放表"], ["序号", "发放日期", "领取单位", "物资名称", "单位", "数量", "领取人签字"]] + [
    [1, "2026-07-20", "城关镇", "棉被", "床", 30, "张某"], [2, "2026-07-20", "河东乡", "棉被", "床", 20, "李某"],
]  # fmt: skip
_ACTS: Rows = [["2026年第三季度志愿服务活动统计表"], ["序号", "活动时间", "活动名称", "活动类别", "活动地点", "服务队伍", "参加人数", "受益人数"]] + [
    [1, "2026-07-05", "社区义诊", "志愿服务", "幸福社区", TEAM, 12, 200], [2, "2026年8月2日", "献血宣传", "宣传", "县广场", SECOND, 8, 350],
    ["合计", None, None, None, None, None, 20, 550],
]  # fmt: skip
_RANGES: Rows = [["活动名称", "活动类型", "活动时间", "地点", "受众人次"]] + [
    ["夏令营", "志愿服务", "2026.7.5-7.8", "县一中", 60], ["暑期演练", "演练", "2026年8月2日至8月3日", "县体育场", 120],
]  # fmt: skip
_CLASSES: Rows = [["2026年应急救护培训统计表"], ["序号", "培训班次", "培训类别", "培训时间", "学时", "培训人数", "培训地点", "授课老师"]] + [
    [1, "持证救护员培训班第一期", "应急救护培训", "2026-07-10", 16, 40, "党校", "王老师"],
    [2, "救护知识进校园", "应急救护培训", "2026-08-12", 4, 300, "县一中", "李老师"],
]  # fmt: skip
_POLICIES: Rows = [["保单号码", "承保公司", "险种名称", "投保单位", "投保方式", "保险期间", "每人保额", "总保费"]] + [
    ["PA2026777", "平安养老", "团体意外险", OFFICE, "记名名单", "2026年7月1日零时起至2027年6月30日二十四时止", 100000, 1200],
]  # fmt: skip
_BLOOD: Rows = [["2026年7月团体无偿献血统计表"], ["日期", "单位", "献血人数", "献血量（毫升）"]] + [
    ["2026-07-14", "县一中", 25, 7500], ["2026-07-15", "城关镇", 31, 9200], ["合计", None, 56, 16700],
]  # fmt: skip
_TARGETS: Rows = [["2026年度无偿献血计划任务表"], ["年度", "单位", "口径", "目标人份", "职工人数"]] + [[2026, "县一中", "高校", 60, 120], [2026, "城关镇", "团体", 80, 300]]  # fmt: skip
_TEAMS: Rows = [["志愿服务队伍基本情况表"], ["序号", "队伍名称", "主管单位", "服务领域", "成立时间", "负责人", "联系电话", "队员人数"]] + [
    [1, "山地救援队", OFFICE, "应急救援", "2022-03-05", "王某", "13800000001", 25], [2, "造血干细胞宣传队", OFFICE, "造血干细胞捐献", "2023-06-14", "李某", "13800000002", 18],
]  # fmt: skip
_VENUES: Rows = [["序号", "阵地名称", "阵地类型", "建成时间", "主要功能"]] + [[1, "幸福社区红十字志愿者之家", "红十字志愿者之家", "2023-05-08", "培训"], [2, "县一中救护培训基地", "应急救护培训基地", "2024-09-01", "培训"]]  # fmt: skip
_MEETINGS: Rows = [["类别", "时间", "会议名称", "对方单位", "对方类别", "主题"]] + [["沟通会商", "2026-07-08", "无偿献血工作会商", "县卫健局", "卫生健康行政部门", "无偿献血"]]  # fmt: skip
_TOWNSHIPS: Rows = [["乡镇街道", "区划代码"], ["城关镇", "990101100"], ["河东乡", "990101201"]]
_ATTACHED: Rows = [["设备名称", "型号", "资产编号", "存放地点", "使用状态"], ["投影仪", "X1", "ZC001", "会议室", "在用"], ["电脑", "D2", "ZC002", "办公室", "在用"]]  # fmt: skip
_SCHEDULE: Rows = [["值班表"], ["日期", "带班领导", "值班人员", "电话"], ["2026-07-05", "王某", "李某", "13800000001"], ["2026-07-06", "赵某", "钱某", "13800000002"]]  # fmt: skip

_FIVE = {"fund_entry": 5, "income": _TOTAL}
LISTS: dict[str, Listed] = {
    "donations": Listed({"捐赠公示": _PLAIN}, _FIVE),
    "donations made public": Listed({"Sheet1": _DISCLOSED}, _FIVE, merged={"Sheet1": ("A1:E1", "A2:E2")}),
    "donations made public in a document": Listed({"捐赠公示": _DISCLOSED[2:]}, _FIVE, end=".docx"),
    "donations made public in a PDF": Listed({"2026年7月接收社会捐赠款物公示": _DISCLOSED[2:]}, _FIVE, end=".pdf"),
    "donations of one day": Listed({"Sheet1": _ONE_DAY}, _FIVE),
    "donations in ten thousands": Listed({"捐赠": _IN_TEN_THOUSANDS}, {"fund_entry": 2, "income": 11_500_000}),
    "cash book": Listed({"明细账": _CASH}, {"fund_entry": 3, "income": 100_000, "expense": 115_050}, {"*": {"values": {"科目": "业务活动"}}}, refused=1),
    "money spent": Listed({"公示": _SPENT}, {"fund_entry": 2, "expense": 115_050}),
    "goods given": Listed({"物资": _GOODS}, {"goods_entry": 2, "goods_in": 250}),
    "goods issued": Listed({"发放": _ISSUED}, {"goods_entry": 2, "goods_out": 50}),
    "activities": Listed({"活动": _ACTS}, {"activity": 2, "audience": 550}),
    "activities over days": Listed({"活动": _RANGES}, {"activity": 2, "audience": 180}),
    "trainings": Listed({"培训统计": _CLASSES}, {"training": 2, "person_times": 340}),
    "policies": Listed({"保单": _POLICIES}, {"insurance_policy": 1}),
    "blood by unit": Listed({"献血": _BLOOD}, {"blood_result": 2, "persons": 56, "ml": 16700}),
    "blood to be given": Listed({"任务": _TARGETS}, {"blood_target": 2}),
    "teams": Listed({"队伍": _TEAMS}, {"team": 2}),
    "places": Listed({"阵地": _VENUES}, {"venue": 2}),
    "meetings": Listed({"会商": _MEETINGS}, {"work_record": 1}),
    "townships": Listed({"乡镇": _TOWNSHIPS}, {"township": 2}),
    "assets": Listed({"固定资产": _ATTACHED}, stranger=True),
    "who is on duty": Listed({"值班": _SCHEDULE}, stranger=True),
}  # fmt: skip
