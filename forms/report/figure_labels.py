"""What each figure is called and how it is written, the same on screen, paper and in workbooks."""

from db.records.amounts import Hours, Money

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


UNKNOWN = "—"  # on paper and in workbooks: not known, which is not 0


def shown(name: str, value: int | None) -> str:
    """Return a figure as people read it: money in 元 with two decimals, durations in hours with one, unknown as a dash."""
    if value is None:
        return UNKNOWN
    if name.endswith("_fen"):
        return Money().show(value)
    if name.endswith("_minutes"):
        return f"{float(Hours().show(value)):,.1f}"
    return f"{value:,}"
