"""The register of every figure that is shown anywhere: its name and what it means; one name is one query.

Names of the figures are in `figure_labels`; the queries are `db.queries.figures` and `db.queries.provincial`. What only the
window shows, and is no figure of a period, has a name of its own here, that says how it differs.
"""

from forms.report.figure_labels import COLLECTED_LABELS, LABELS

# What each figure means, in one sentence; the day is the period's last, or today while it runs.
MEANINGS = {
    "teams_end": "截至统计日没有撤销、没有暂停、没有上级队伍的队伍，不分主管单位",
    "teams_own_end": "其中主管单位是本会，或主管单位类型为本级的",
    "teams_other_end": "其中由学校、街镇等其他单位主管的",
    "subteams_end": "截至统计日没有撤销、没有暂停的分队，不计入在册队伍",
    "teams_founded": "成立日期在期内、没有上级队伍的队伍",
    "teams_own_founded": "其中本级管理的",
    "teams_dissolved": "撤销日期在期内、没有上级队伍的队伍",
    "volunteers_end": "登记日期不晚于统计日、没有退出的志愿者，每人计一次",
    "volunteers_joined": "登记日期在期内的志愿者",
    "volunteers_left": "退出日期在期内的志愿者",
    "volunteers_network_end": "登记志愿者中有志愿者网编号，且注册日期空着或不晚于统计日的",
    "persons_end": "截至统计日至少在一支队伍中的人，每人计一次；退队、退出、队伍撤销的不计",
    "members_start": "上期末各队在队人数之和，一人在几支队伍计几次",
    "members_joined": "期内入队的人次",
    "members_left": "期内退队、退出或因队伍撤销离队的人次",
    "members_end": "截至统计日各队在队人数之和，等于期初加入队减退队",
    "trainings": "开始日期在期内、有参训人员或参训人次的培训",
    "training_person_times": "参训的人次，缺席和请假的不计；没有名册的按参训人次计",
    "training_persons": "参训的人，每人计一次；全部培训都没有名册的为未知",
    "training_minutes": "参训人员实到学时之和，没有填的按培训学时；全部培训都没有名册的为未知",
    "insured_end": "在队人数中，统计日有记名保障，或有平台自动承保且在志愿者网注册的",
    "uninsured_end": "在队人数中统计日没有上述保障的；按活动投保的不算",
    "policies_expiring_30d": "统计日有效、三十天内到期的保险单",
    "income_fen": "期内收入，冲销记在被冲销的方向，期初结余不计",
    "expense_fen": "期内支出，冲销记在被冲销的方向",
    "income_ytd_fen": "一月一日至统计日的收入",
    "expense_ytd_fen": "一月一日至统计日的支出",
    "balance_fen": "截至统计日的全部收入减全部支出，含期初结余",
    "activities": "开始日期在期内的活动",
    "service_persons": "期内有服务记录的人，每人计一次",
    "service_person_times": "期内的服务记录数",
    "service_minutes": "期内服务记录的时长之和，不含期初服务时长",
    **{name: "在册队伍中主要领域为该领域的；人道救助列入其他" for name in COLLECTED_LABELS if name.startswith("teams_domain_")},
    "teams_three_donations": "在册队伍中队伍类型为三献的",
    "teams_on_network": "在册队伍中志愿者网注册日期不晚于统计日的",
    "teams_civil": "在册队伍中民政登记状态为已登记，且登记日期空着或不晚于统计日的",
    "teams_with_party": "在册队伍中本队或分队有党组织的",
    "teams_with_activities": "在册队伍中本队或分队期内主办过活动的",
    "volunteers_per_million": "登记志愿者除以常住人口；没有填写常住人口的为未知",
    "members_backbone": "在队人数中职务为队长、副队长或骨干的",
    "training_certified": "应急救护培训中结果合格并有证书编号的人，每人计一次",
    "training_reached": "应急救护培训的其他参训人次",
    "training_with_blood": "含无偿献血科普为是的培训",
    "activities_audience": "期内活动的受众人次之和；都没有填的为未知",
    **{name: "期内来自该来源的收入，冲销记在被冲销的来源" for name in COLLECTED_LABELS if name.startswith("income_from_")},
    "goods_received_fen": "期内接收物资各行折价之和",
    "goods_issued_fen": "期内发放物资各行折价之和",
    "blood_target_units": "统计日所在年度的目标；有全区合计行的按合计行，不与各单位相加",
    "blood_person_times": "期内献血完成的人次",
    "blood_ml": "期内献血完成的毫升数",
    "work_consultations": "期内与卫生健康行政部门会商无偿献血的天数",
    "activities_publicity": "期内类别为宣传、主题含无偿献血的活动",
    "activities_recruitment": "期内类别为献血招募的活动",
    "work_projects": "统计日在有效期内的项目记录",
}  # fmt: skip
# What lists in the window count, which is none of the figures above, and so bears another name.
LISTED = {
    "登记过的志愿者": "名册上的全部志愿者，含已退出的",
    "曾在队": "全部入队记录，含已退队的，一人几次入队计几次",
    "列出的队伍": "队伍页列出的没有撤销的队伍，含分队和暂停的",
    "列出的收入合计": "列表中显示的收入各笔之和，冲销不抵减",
    "列出的支出合计": "列表中显示的支出各笔之和，冲销不抵减",
}


def names() -> dict[str, str]:
    """Return every figure's name, unit left out, by its key; raises `ValueError` where two have one name."""
    found = {key: label.split("（")[0] for key, label in (LABELS | COLLECTED_LABELS).items()}
    by_name: dict[str, list[str]] = {}
    for key, name in found.items():
        by_name.setdefault(name, []).append(key)
    twice = {name: keys for name, keys in by_name.items() if len(keys) > 1}
    if twice or set(LISTED) & set(found.values()):
        raise ValueError(f"one name for several figures: {twice}")
    return found
