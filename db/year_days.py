"""What stands in every year of an office, day by day: theme days, plans and consultations, winter, and reports.

The one place for these dates: the clauses on theme days, the printed 年历 and the reminders of 工作台 read them here.
"""

import datetime as dt
from dataclasses import dataclass

REPORT_DAYS = 10  # after a quarter's end, where neither the office nor its superior says otherwise
THEME, WORK, REPORT = "theme", "work", "report"


@dataclass(frozen=True)
class YearDay:
    """A day: what it is, words on it, and of which kind; `name` is a theme day's.

    `check` is the check that says whether it is settled: that it is met, or counts `enough` where that is more than 0.
    """

    day: dt.date
    what: str
    words: str
    kind: str
    name: str = ""
    check: str = ""
    enough: int = 0


def theme_days(year: int) -> dict[str, dt.date]:
    """Return the three days on which the notice on blood donation asks for activities, by their name.

    8 May, 14 June, and the third Saturday of September (World Marrow Donor Day).
    """
    first = dt.date(year, 9, 1)
    return {
        "world_red_cross_day": dt.date(year, 5, 8),
        "world_blood_donor_day": dt.date(year, 6, 14),
        "world_marrow_donor_day": first + dt.timedelta(days=(5 - first.weekday()) % 7 + 14),
    }


def days_of_year(year: int, report_days: int = REPORT_DAYS) -> list[YearDay]:
    """Return the days of a year in order; reports are due `report_days` after the end of their quarter."""
    theme = theme_days(year)
    kept = "theme_days_are_kept"
    consulted = ("与卫生健康部门、血站会商，一年不少于两次", WORK, "", "consultations_in_year")
    found = [
        YearDay(dt.date(year, 1, 31), "制定年度计划", "红十字志愿服务和无偿献血工作年度计划（中红办字〔2022〕34号；2025年12月联合通知）",
                WORK, "", "plans_include_blood"),
        YearDay(dt.date(year, 3, 5), "学雷锋纪念日", "组织志愿服务活动", THEME),
        YearDay(theme["world_red_cross_day"], "世界红十字日", "主题宣传和志愿服务", THEME, "world_red_cross_day", kept),
        YearDay(dt.date(year, 5, 12), "全国防灾减灾日", "应急演练和知识普及", THEME),
        YearDay(theme["world_blood_donor_day"], "世界献血者日", "与卫生健康部门、血站共同宣传（2025年12月联合通知）", THEME,
                "world_blood_donor_day", kept),
        YearDay(dt.date(year, 6, 30), "上半年会商", *consulted, 1),
        YearDay(theme["world_marrow_donor_day"], "世界骨髓捐献者日", "9月第三个星期六", THEME, "world_marrow_donor_day", kept),
        YearDay(dt.date(year, 11, 15), "冬季献血动员", "冬季血液供应偏紧，提前安排", WORK, "", "winter_campaign"),
        YearDay(dt.date(year, 12, 5), "国际志愿者日", "总结宣传和表彰", THEME),
        YearDay(dt.date(year, 12, 31), "下半年会商", *consulted, 2),
    ]  # fmt: skip
    for quarter, month in enumerate((1, 4, 7, 10)):
        name = "上年第四季度和全年" if quarter == 0 else f"第{'一二三'[quarter - 1]}季度"
        due = dt.date(year, month, 1) + dt.timedelta(days=report_days - 1)
        found.append(YearDay(due, f"{name}报表截止", "在“报表中心”报送，报送后冻结", REPORT))
    return sorted(found, key=lambda f: (f.day, f.what))
