"""What each figure is called and how it is written, the same on screen, paper and in workbooks."""

from db.quarters import Period
from db.records.amounts import Hours, Money, figure
from db.records.choices import DOMAINS
from db.records.entities import FUND_ENTRY
from db.records.kinds import Choice

LABELS = {
    "teams_end": "季末在册队伍（支）",
    "teams_own_end": "其中本级管理（支）",
    "teams_other_end": "其中其他单位管理（支）",
    "subteams_end": "分队（支）",
    "teams_founded": "本季新成立队伍（支）",
    "teams_own_founded": "其中本级新成立（支）",
    "teams_dissolved": "本季撤销队伍（支）",
    "volunteers_end": "登记志愿者（人）",
    "volunteers_joined": "本季新登记志愿者（人）",
    "volunteers_left": "本季退出志愿者（人）",
    "volunteers_network_end": "志愿者网注册志愿者（人）",
    "persons_end": "季末在队人数（人）",
    "members_start": "季初在队（人次）",
    "members_joined": "本季入队（人次）",
    "members_left": "本季退队（人次）",
    "members_end": "季末在队（人次）",
    "trainings": "培训期数（期）",
    "training_person_times": "参训人次（人次）",
    "training_persons": "参训人数（人）",
    "training_minutes": "培训人学时（人学时）",
    "insured_end": "季末在保人数（人）",
    "uninsured_end": "季末未保人数（人）",
    "policies_expiring_30d": "三十天内到期保单（份）",
    "income_fen": "本季收入（元）",
    "expense_fen": "本季支出（元）",
    "income_ytd_fen": "本年累计收入（元）",
    "expense_ytd_fen": "本年累计支出（元）",
    "balance_fen": "季末结余（元）",
    "activities": "活动次数（次）",
    "service_persons": "服务人数（人）",
    "service_person_times": "服务人次（人次）",
    "service_minutes": "服务时长（小时）",
}


_DOMAIN, _SOURCE = dict(DOMAINS), FUND_ENTRY["fund_source"].kind
assert isinstance(_SOURCE, Choice)
# What a province collects beside them (`db.queries.provincial`).
COLLECTED_LABELS = {
    **{f"teams_domain_{code}": f"{_DOMAIN[code]}领域队伍（支）" for code in
       ("emergency_rescue", "first_aid", "blood_donation", "hsc_donation", "body_organ_donation", "elderly_care", "other")},
    "teams_three_donations": "三献队伍（支）",
    "teams_on_network": "志愿者网已登记队伍（支）",
    "teams_civil": "民政已登记队伍（支）",
    "teams_with_party": "已设党组织队伍（支）",
    "teams_with_activities": "有活动的队伍（支）",
    "volunteers_per_million": "登记志愿者占常住人口（‰）",
    "members_backbone": "骨干人数（人）",
    "training_certified": "应急救护取证人数（人）",
    "training_reached": "应急救护普及人次（人次）",
    "training_with_blood": "含无偿献血科普的培训（期）",
    "activities_audience": "受众人次（人次）",
    **{f"income_from_{code}_fen": f"{label}收入（元）"
       for code, label in (*_SOURCE.options, ("unknown", "未注明来源的"))},
    "goods_received_fen": "接收物资折价（元）",
    "goods_issued_fen": "发放物资折价（元）",
    "blood_target_units": "全年献血目标（人份）",
    "blood_person_times": "献血完成人次（人次）",
    "blood_ml": "献血完成毫升数（毫升）",
    "work_consultations": "无偿献血会商（次）",
    "activities_publicity": "无偿献血宣传活动（场）",
    "activities_recruitment": "献血招募活动（场）",
    "work_projects": "在执行项目（个）",
}  # fmt: skip
# The rows of 省级汇总表, section by section. The year's sums have a column, no row.
COLLECTED = {
    "队伍": ("teams_end", "teams_own_end", "teams_other_end", "subteams_end", "teams_founded", "teams_own_founded",
             "teams_dissolved", "teams_three_donations",
             *(n for n in COLLECTED_LABELS if n.startswith("teams_domain_")), "teams_on_network", "teams_civil",
             "teams_with_party", "teams_with_activities"),
    "志愿者": ("volunteers_end", "volunteers_joined", "volunteers_left", "volunteers_network_end", "volunteers_per_million",
               "persons_end", "members_start", "members_joined", "members_left", "members_end", "members_backbone"),
    "培训": ("trainings", "training_person_times", "training_persons", "training_minutes", "training_certified",
             "training_reached", "training_with_blood"),
    "保险": ("insured_end", "uninsured_end", "policies_expiring_30d"),
    "活动": ("activities", "service_persons", "service_person_times", "service_minutes", "activities_audience"),
    "经费": ("income_fen", *(n for n in COLLECTED_LABELS if n.startswith("income_from_")), "expense_fen", "balance_fen"),
    "物资": ("goods_received_fen", "goods_issued_fen"),
    "无偿献血": ("blood_target_units", "blood_person_times", "blood_ml", "work_consultations", "activities_publicity",
                 "activities_recruitment"),
    "项目": ("work_projects",),
}  # fmt: skip
_QUARTER = (
    ("季末", "期末"),
    ("季初", "期初"),
    ("本季度", "本期"),
    ("上季度", "上期"),
    ("本季", "本期"),
    ("上季", "上期"),
)


def for_period(words: str, period: Period) -> str:
    """Return a heading that speaks of a quarter as another period needs it."""
    if period.months != 3:
        for quarter, other in _QUARTER:
            words = words.replace(quarter, other)
    return words


def label_of(name: str, period: Period) -> str:
    """Return what a figure or a count that a province collects is called for a period."""
    return for_period(LABELS.get(name) or COLLECTED_LABELS[name], period)


UNKNOWN = "—"  # on paper and in workbooks: not known, which is not 0


def shown(name: str, value: int | None) -> str:
    """Return a figure as people read it: money in 元 with two decimals, durations in hours with one, unknown as a dash."""
    if value is None:
        return UNKNOWN
    if name.endswith("_fen"):
        return Money().show(value)
    if name.endswith("_minutes"):
        return Hours().show(value)
    return figure(value)
