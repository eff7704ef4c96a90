"""Lists as county offices, schools, insurers and platforms keep them: more shapes with the right answer known."""

import datetime as dt

from db.records.kinds import Cell
from tests.journeys.workbook_shapes import HEAD, NAMES, SHAPES, merge, number, people, person, shape

__all__ = ["SHAPES"]  # with these added

V2 = {"volunteer": (2, 0)}
ID, TEAM_NAME = "身份证号码", "水上救援队"


def sex(i: int) -> str:
    """What a person's number says."""
    return "男" if int(number(i)[16]) % 2 else "女"


# Rosters.
MANY = "民族 政治面貌 文化程度 职业 籍贯 住址 特长 血型 身高 尺码 紧急联系人 紧急联系人电话".split()
shape("a form of an office with many columns that are not ours",
      [("序号", "*姓名", "*性别", "*证件类型", "*证件号码", *MANY, "*注册时间"),
       *[(i, NAMES[i], sex(i), "身份证", number(i), *["x"] * len(MANY), "2021.5.1") for i in range(2)]],
      V2, unknown=["序号", *MANY])  # fmt: skip
shape("a platform's list with times of day",
      [("志愿者编号", "志愿者姓名", "证件类型", "证件号码", "手机号", "注册日期", "所属团体", "加入团体时间"),
       *[(f"33{i}", NAMES[i], "内地居民身份证", number(i), f"1990000000{i}", "2021-05-01 10:23:11", TEAM_NAME, "2022/03/01 9:00")
         for i in range(2)]],
      {"volunteer": (2, 0), "membership": (2, 0)})  # fmt: skip
shape("traditional characters", [("姓名", "性別", "身份證號碼", "聯繫電話", "註冊時間"), *[(NAMES[i], sex(i), *person(i)[1:]) for i in range(2)]],
      V2)  # fmt: skip
shape("English headings", [("No.", "Name", "Gender", "ID Number", "Mobile Phone", "Registration Date"),
                           *[(i, NAMES[i], "M" if sex(i) == "男" else "F", *person(i)[1:]) for i in range(2)]],
      V2, unknown=["No."])  # fmt: skip
shape("headings in two languages", [("姓名 Name", "身份证号 ID No.", "手机/Mobile", "注册日期 Date"), *people(2)], V2)
shape(
    "marks and numbers before headings",
    [("★姓名", "【必填】身份证号", "（3）手机号码", "④注册时间（格式：2021-01-01）"), *people(2)],
    V2,
)
shape("names spread to the width of three", [HEAD, ("张　三", *person(0)[1:]), ("张三", *person(0)[1:]), person(1)],
      V2, unchanged=1)  # fmt: skip
shape("an example and what is wanted below the headings",
      [HEAD, ("必填", "必填，文本格式", "选填", "必填，如2021-05-01"), ("示例：张三", number(9), "", "2021-05-01"), *people(2)],
      V2, notes=["跳过 2 行填写要求或示例"])  # fmt: skip
shape("a school's list names the parents",
      [("班级", "姓名", "身份证号", "家长姓名", "家长电话", "志愿者注册时间"),
       *[("七（1）班", NAMES[i], number(i), "家长某", "19900000099", "2025年9月1日") for i in range(2)]],
      V2, unknown=["班级"])  # fmt: skip
shape("three rows of headings with the number's own group",
      [("志愿者基本情况表",), ("序号", "个人信息", "", "", "", "服务信息", "", ""), ("", "姓名", "证件信息", "", "手机", "注册", "队伍", ""),
       ("", "", "类型", "号码", "", "时间", "所属队伍", "入队时间"),
       *[(i, NAMES[i], "身份证", number(i), f"1990000000{i}", "2021-05-01", TEAM_NAME, "2022-03-01") for i in range(2)]],
      {"volunteer": (2, 0), "membership": (2, 0)}, unknown=["序号"],
      change=merge("A1:H1", "A2:A4", "B2:E2", "F2:H2", "B3:B4", "C3:D3", "E3:E4", "G3:H3"))  # fmt: skip
shape("a merged pair of columns for each heading",
      [("姓名", "", "身份证号", "", "注册时间"), *[(p[0], "", p[1], "", p[3]) for p in people(2)]], V2, change=merge("A1:B1", "C1:D1"))  # fmt: skip
shape("people in columns",
      [("志愿者名单",), *[(h, *[p[k] for p in people(3)]) for k, h in enumerate(("姓名", "身份证号", "电话", "注册时间"))]],
      {"volunteer": (3, 0)}, notes=["这张表是横排的"])  # fmt: skip
shape("sub-totals and a count between groups",
      [HEAD, ("一、甲镇",), person(0), ("小计", "1人"), ("二、乙镇",), person(1), ("小计", 1), ("总计", "2人")],
      V2, notes=["跳过 3 行合计"])  # fmt: skip

# What is bought, paid and done.
BOOK = ("日期", "摘要", "科目", "收入", "支出", "余额")
shape("months and pages that a bookkeeper closes",
      [BOOK, ("2026-01-05", "拨款", "拨款", 1000, "", 1000), ("2026-01-31", "本月合计", "", 1000, 0, 1000), ("", "过次页", "", 1000, 0, 1000),
       ("", "承前页", "", 1000, 0, 1000), ("2026-02-05", "油费", "交通", "", 100, 900), ("", "本年累计", "", 1000, 100, 900)],
      {"fund_entry": (2, 0)}, unknown=["余额"], notes=["跳过 4 行合计"])  # fmt: skip
shape("a journal with the month and the day in two columns",
      [("现金日记账",), ("2026年", "", "凭证号", "摘要", "对方科目", "借方", "贷方"), ("月", "日", "", "", "", "", ""),
       (1, 5, "记1", "收到捐款", "捐赠", 2000, ""), ("", 9, "记2", "急救包", "物资", "", "1,200.5"), ("2月", "3日", "记3", "会费", "会费", 30, ""),
       ("", "", "", "本月合计", "", 30, 0)],
      {"fund_entry": (3, 0)}, change=merge("A1:G1", "A2:B2", *[f"{c}2:{c}3" for c in "CDEFG"]), notes=["年份按表上的 2026 年"])  # fmt: skip
shape("a list of sums in ten thousands", [("单位：万元",), ("日期", "收支方向", "科目", "金额"), ("2026-01-05", "收", "拨款", 1.2)],
      {"fund_entry": (1, 0)}, notes=["“金额”的单位是万元"])  # fmt: skip
PERIOD = ("保单号", "保险公司", "险种", "承保方式", "保险期间", "总保费（万元）")
shape("a policy's period in one cell",
      [PERIOD, ("PB-1", "某财险", "意外险", "记名名单", "2026年1月1日零时起至2026年12月31日二十四时止", 1.5),
       ("PB-2", "某财险", "意外险", "记名名单", "2026-01-01 - 2026-12-31", "0.5")],
      {"insurance_policy": (2, 0)}, notes=["止的那一天已另成一列“终止日期”", "已换算"])  # fmt: skip
shape("the days of an activity in one cell",
      [("活动编号", "活动名称", "活动类别", "活动时间", "服务地点"), ("H1", "甲", "宣传", "2026.3.5-3.6", "广场"),
       ("H2", "乙", "志愿服务", "2026-03-08 09:00:00 至 2026-03-08 11:30:00", "公园"), ("H3", "丙", "慰问", "2026.3.15", "村"),
       ("H4", "丁", "慰问", "2026-03-16 9:00-11:30", "村"), ("H5", "戊", "慰问", "2026.3.9-3.8", "村")],
      {"activity": (4, 1)}, problems=[(6, "开始日期")])  # fmt: skip
shape("an insurer's list names its policy above",
      [("团体意外险被保险人清单",), ("投保单位：某县红十字会", "", "保险单号：PA-1"),
       ("序号", "被保险人姓名", "性别", "出生日期", "证件类型", "证件号码"),
       *[(i, NAMES[i], sex(i), "19900307", "身份证", number(i)) for i in range(2)], ("合计", "", "", "", "", 2)],
      {"coverage": (0, 2)}, problems=[(4, "证件号码"), (5, "证件号码")], unknown=["序号", "性别", "证件类型"],
      notes=["每一行的“保单号”都按表名或表上方的文字填为“PA-1”"])  # fmt: skip
BLOOD = ("乡镇（街道）", "献血时间", "口径", "献血人数", "献血量(ml)")
shape("what a township gave, with a total of nothing but sums",
      [BLOOD, ("甲镇", dt.date(2026, 5, 8), "街头", 20, "6800"), ("乙镇", "2026-05-09（星期六）", "团体", "15人", "5000毫升"),
       ("合计", "", "", 35, "11800")],
      {"blood_result": (2, 0)}, notes=["跳过 1 行合计"])  # fmt: skip
shape("places with columns that are not ours",
      [("序号", "阵地名称", "类型", "地址", "建成时间", "负责人", "电话"), (1, "某社区博爱家园", "博爱家园", "x", "2020-06-01", "x", "x")],
      {"venue": (1, 0)}, unknown=["序号", "地址", "负责人", "电话"])  # fmt: skip
HOURS: tuple[Cell, ...] = ("姓名", "身份证号\n（18位）", "服务队\n名称", "服务日期", "服务时间\n（小时）")
shape("hours under a heading that is a time", [HOURS, (*person(0)[:2], TEAM_NAME, "2026/3/5", "2小时30分")],
      {"service_record": (0, 1)}, problems=[(2, "证件号码")], notes=["“服务时间（小时）”按“服务时长（小时）”"])  # fmt: skip
ACTED = ("活动编号", "活动名称", "活动类别", "活动时间")
shape("days without a year below a title that has one",
      [("2026年活动台账", "", "填报日期：2027年1月5日"), ACTED, ("H1", "甲", "宣传", "3月5日"), ("H2", "乙", "慰问", "3.10"),
       ("H3", "丙", "宣传", "2025.12.31")],
      {"activity": (3, 0)}, notes=["年份按表上的 2026 年"])  # fmt: skip
shape("days without a year, and only a document's year above",
      [("依据中红办字〔2022〕34号",), ACTED, ("H1", "甲", "宣传", "3月5日")], {"activity": (0, 1)}, problems=[(3, "开始日期")])  # fmt: skip
shape(
    "a number is no day of a month",
    [("2026年活动台账",), ACTED, ("H1", "甲", "宣传", 3.1)],
    {"activity": (0, 1)},
    problems=[(3, "开始日期")],
)
shape("a day in three columns",
      [("姓名", "身份证号", "注册时间", "", ""), ("", "", "年", "月", "日"), *[(NAMES[i], number(i), 2021, 5, i + 1) for i in range(2)]],
      V2, change=merge("A1:A2", "B1:B2", "C1:E1"), notes=["三列已合成日期"])  # fmt: skip
shape("a sheet named for one record that holds another", [(*HEAD, "队伍名称"), (*person(0), TEAM_NAME)], {"volunteer": (1, 0)}, sheet="队员",
      unknown=["队伍名称"], notes=["没有“入队日期”列，所以没有导入“队员”"])  # fmt: skip
shape("the authorities' numbers of columns, and lines at the end",
      [HEAD, ("甲", 1, 2, 3), *people(2), ("汇总", 2), ("以上共2人",), ("某县红十字会（盖章）",), ("", "", "", "年  月  日"),
       ("制表：张某", "", "审核：李某")],
      V2, notes=["跳过 5 行合计或签字行", "跳过 1 行填写要求"])  # fmt: skip
shape("numbers as people jot them down",
      [HEAD, (*person(0)[:2], "19900000000（微信同号）", "2021.5.1"), (NAMES[1], f" {number(1)[:6]} {number(1)[6:]}", "199 0000 0001", "2021-05-01")],
      V2)  # fmt: skip
shape("people of a page's end, between a blank row and the headings of the next page",
      [HEAD, person(0), (), person(1), person(2), HEAD, person(3)], {"volunteer": (4, 0)}, notes=["重复的表头"])  # fmt: skip
shape("the same below two rows of headings",
      [("基本信息", "", "联系", "登记日期"), ("姓名", "证件号码", "手机", ""), person(0), (), person(1), person(2), HEAD, person(3)],
      {"volunteer": (4, 0)}, change=merge("A1:B1", "D1:D2"), notes=["重复的表头"])  # fmt: skip
shape("what Excel's own sub-totals leave",
      [("队伍名称", *HEAD, "入队日期"), *[(TEAM_NAME, *p, "2022-03-01") for p in people(2)], (f"{TEAM_NAME} 汇总", "", 2),
       (f"{TEAM_NAME} 计数",), ("总计数", "", "", "", 2)],
      {"volunteer": (2, 0), "membership": (2, 0)}, notes=["跳过 3 行合计"])  # fmt: skip
TOWNS = [("街镇名称", "区划代码"), ("甲镇", "330101"), ("乙镇", "330102"), ("丙镇", "330103")]
shape("a table of two columns right above another one",
      [*TOWNS, HEAD, person(0)], {"township": (3, 0), "volunteer": (1, 0)}, notes=["表头在第 5 行"])  # fmt: skip
shape("a table of two columns, a blank row and another one with a title",
      [("一、街镇",), TOWNS[0], TOWNS[1], (), ("二、志愿者", "2026年"), HEAD, person(0)],
      {"township": (1, 0), "volunteer": (1, 0)}, notes=["表头在第 6 行"])  # fmt: skip
shape("a title right below a table of two columns",
      [*TOWNS, ("二、志愿者",), ("填报日期：", "2026年"), HEAD, person(0)],
      {"township": (3, 0), "volunteer": (1, 0)}, notes=["表头在第 7 行"])  # fmt: skip
