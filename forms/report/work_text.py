"""Sections one and two of the report: the office's state and its work, in sentences with fields for the numbers.

Each function returns a paragraph, or nothing where there is nothing to say.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from forms.report.quarterly import QuarterData
from forms.report.report_fields import figure_of

FEW = 3  # fewer donors are not told: they could be told to be somebody


def _end(data: QuarterData) -> str:
    """Return the period's end in a word where it has one, else the day."""
    return "⟦截止日期⟧" if data.is_draft or not data.words.end else data.words.end


def _join(parts: list[str]) -> str:
    """Return the parts that say something as one sentence."""
    said = [part for part in parts if part]
    return f"{'，'.join(said)}。" if said else ""


def _against(data: QuarterData, name: str, title: str, lead: str = "") -> str:
    """Return the comparison of a figure as a phrase, or nothing where it cannot be compared."""
    now = data.figures["office"][name]
    known = [data.before[name], *([data.last_year[name]] if data.words.last_year else [])]
    return f"{lead}⟦{title}比较⟧" if now is not None and any(value is not None for value in known) else ""


def general(data: QuarterData) -> str:
    """The office in one paragraph: teams, volunteers, what was done, money; and once what cannot be compared."""
    office, words = data.figures["office"], data.words
    text = "截至⟦截止日期⟧，" + _team_count(data)
    if office["volunteers_end"]:
        text += "登记红十字志愿者⟦登记志愿者数⟧人"
        if office["persons_end"]:
            text += "，在队⟦季末在队人数⟧人（一人参加多支队伍的只计一次）"
            compared = _against(data, "persons_end", "季末在队人数", "，在队人数")
            text += compared
        text += "。"
    else:
        text += "目前尚无登记的红十字志愿者。"
    done = [
        phrase for name, phrase in (("trainings", "培训⟦培训期数⟧期"), ("activities", "志愿服务活动⟦活动次数⟧次"))
        if office[name]
    ]  # fmt: skip
    missing = [word for name, word in (("trainings", "培训"), ("activities", "志愿服务活动")) if not office[name]]
    text += words.this + _join([
        f"开展{'、'.join(done)}" if done else "", "志愿者服务时长⟦服务时长⟧小时" if office["service_minutes"] else "",
        f"未开展{'和'.join(missing)}" if missing else "",
    ]).removesuffix("。")  # fmt: skip
    return f"{text}；{_money_brief(data)}{_not_compared(data)}。"


def _team_count(data: QuarterData) -> str:
    office = data.figures["office"]
    own, other = office["teams_own_end"], office["teams_other_end"]
    if not office["teams_end"]:
        paused = "（另有暂停活动的队伍⟦暂停队伍数⟧支）" if data.overview["suspended"] else ""
        return f"目前尚无正在活动的红十字志愿服务队伍{paused}。" if paused else "目前尚未建立红十字志愿服务队伍。"
    if own and other:
        whose = "其中本级管理⟦本级队伍数⟧支、学校和基层组织等其他单位管理⟦其他单位队伍数⟧支"
    else:
        all_of = "均" if office["teams_end"] > 1 else ""
        whose = f"{all_of}由{'本级' if own else '学校和基层组织等其他单位'}管理"
    apart = [
        phrase for count, phrase in (
            (office["subteams_end"], "分队⟦分队数⟧支"), (data.overview["suspended"], "暂停活动的队伍⟦暂停队伍数⟧支")
        ) if count
    ]  # fmt: skip
    note = f"（另有{'、'.join(apart)}，不计在内）" if apart else ""
    return f"在册红十字志愿服务队伍⟦队伍数⟧支，{whose}{note}。"


def _money_brief(data: QuarterData) -> str:
    office = data.figures["office"]
    if not office["income_fen"] and not office["expense_fen"]:
        return "无经费收支"
    netted = "（含冲销以前收支）" if office["income_fen"] < 0 or office["expense_fen"] < 0 else ""
    if not office["income_fen"]:
        return f"无经费收入，支出⟦支出概数⟧{netted}"
    return "经费收入⟦收入概数⟧" + ("、支出⟦支出概数⟧" if office["expense_fen"] else "，无支出") + netted


def _not_compared(data: QuarterData) -> str:
    """Say once which earlier time no comparison could reach."""
    words = data.words
    unknown = [
        what for what, earlier in ((words.before_end, data.before), (words.last_year, data.last_year))
        if what and all(value is None for value in earlier.values())
    ]  # fmt: skip
    return f"（{'、'.join(unknown)}尚未建立台账，未作比较）" if unknown else ""


def teams(data: QuarterData) -> str:
    """Teams by the notice's domains, the new and the dissolved ones, party organisations."""
    office = data.figures["office"]
    text = "按34号文件明确的领域分，⟦各领域队伍⟧。" if office["teams_end"] and data.overview["domains"] else ""
    moves = []
    if office["teams_founded"]:
        moves.append("新成立队伍⟦新成立队伍数⟧支（⟦新成立队伍⟧）")
    if office["teams_dissolved"]:
        moves.append("撤销队伍⟦撤销队伍数⟧支（⟦撤销队伍⟧）")
    if moves:
        text += data.words.this + _join(moves)
    party = figure_of(data, "party_organisations")
    if party:
        text += "应设党组织的队伍⟦应设党组织队伍数⟧支，"
        text += "已设立党组织⟦已设党组织队伍数⟧支。" if party[0] else "尚未设立党组织。"
    return text


def volunteers(data: QuarterData) -> str:
    """Who came and went, and how many are on the platform."""
    office, this = data.figures["office"], data.words.this
    text = ""
    if office["volunteers_joined"] or office["volunteers_left"]:
        text = this + _join([
            "新登记志愿者⟦新登记志愿者数⟧人" if office["volunteers_joined"] else "",
            "退出⟦退出志愿者数⟧人" if office["volunteers_left"] else "",
        ])  # fmt: skip
    elif office["volunteers_end"]:
        text = f"{this}志愿者登记无增减。"
    if office["members_joined"] or office["members_left"]:
        text = text.removesuffix("。") + ("；" if text else this) + _join([
            "入队⟦本季入队⟧人次" if office["members_joined"] else "", "退队⟦本季退队⟧人次" if office["members_left"] else "",
        ])  # fmt: skip
    if office["volunteers_end"]:
        text += (
            "已在中国红十字志愿者网注册⟦有网站编号人数⟧人，占登记志愿者的⟦注册比例⟧。"
            if office["volunteers_network_end"] else "登记志愿者尚未在中国红十字志愿者网注册。"
        )  # fmt: skip
    return text


def training(data: QuarterData) -> str:
    """Classes, person-times, persons, person-hours; what only a head-count tells is not turned into noughts."""
    office, facts = data.figures["office"], data.facts
    if not office["trainings"]:
        compared = _against(data, "trainings", "培训期数", "，")
        return f"{data.words.this}未举办培训{compared}。" if office["teams_end"] or office["volunteers_end"] else ""
    text = f"{data.words.this}举办培训⟦培训期数⟧期，参训⟦参训人次⟧人次"
    if office["training_persons"] is None:
        text += ("，均" if office["trainings"] > 1 else "，") + "未留存名册，未统计人数和学时"
    else:
        text += "、⟦参训人数⟧人，共⟦培训人学时⟧人学时" if office["training_minutes"] else "、⟦参训人数⟧人"
        if facts["headcounts"]:
            text += "（其中⟦未留名册期数⟧期未留存名册，未统计人数和学时）"
    if facts["first_aid"]:
        text += "；其中应急救护培训⟦应急救护培训期数⟧期" + ("，取得证书⟦取证人数⟧人" if facts["certified"] else "")
    compared = _against(data, "trainings", "培训期数", "。培训期数")
    return f"{text}{compared}。"


def service(data: QuarterData) -> str:
    """Activities, those who served and for how long, whom it reached, the theme days."""
    office = data.figures["office"]
    if not office["activities"] and not office["service_person_times"]:
        return f"{data.words.this}未开展志愿服务活动。" if office["teams_end"] or office["volunteers_end"] else ""
    text = f"{data.words.this}" + ("开展活动⟦活动次数⟧次" if office["activities"] else "未单独组织活动")
    if office["service_person_times"]:
        text += "，⟦服务人数⟧名志愿者提供服务⟦服务人次⟧人次、⟦服务时长⟧小时"
    elif office["activities"]:
        text += "，暂无志愿者服务时长记录"
    if data.facts["audience"]:
        text += "，受益群众⟦服务群众⟧人次"
    if office["service_person_times"]:
        text += _against(data, "service_minutes", "服务时长", "。服务时长")
    text += "。"
    return text + ("依托纪念日开展⟦纪念日活动⟧。" if data.facts["theme_days"] else "")


def insurance(data: QuarterData) -> str:
    """How many members are insured, and what ends soon; never policy by policy."""
    office = data.figures["office"]
    if not office["persons_end"]:
        return ""
    text = f"截至{_end(data)}，在队志愿者中"
    if not office["insured_end"]:
        text += "尚无人在保，"
    elif office["uninsured_end"]:
        text += "⟦季末在保人数⟧人在保，占⟦在保比例⟧，"
    text += "⟦季末未保人数⟧人未投保，拟抓紧补办。" if office["uninsured_end"] else "⟦季末在保人数⟧人全部在保。"
    if office["policies_expiring_30d"]:
        text += "⟦三十天内到期保单⟧份保单将于三十日内到期，将及时续保。"
    return text


def blood(data: QuarterData) -> str:
    """Blood donation since the joint notice: consultations, teams, publicity and recruitment, the year's target."""
    if not any(r.listed and r.clause.source.key == "B25" for r in data.results):
        return ""
    facts, goal = data.facts, data.blood
    text = "本年与卫生健康行政部门会商⟦会商次数⟧次" if facts["consultations"] else "本年尚未与卫生健康行政部门会商"
    teams, members = figure_of(data, "guidance_per_team"), figure_of(data, "blood_members_are_insured")
    if teams:
        text += "；无偿献血志愿服务队伍⟦无偿献血队伍数⟧支" + ("、队员⟦无偿献血队员数⟧人" if members else "")
    events = [
        phrase for name, phrase in (("publicity", "宣传⟦献血宣传场次⟧场"), ("recruitment", "招募⟦献血招募场次⟧场"))
        if facts[name]
    ]  # fmt: skip
    text += (
        f"；{data.words.this}"
        + (f"开展无偿献血{'、'.join(events)}" if events else "未开展无偿献血宣传和招募活动")
        + "。"
    )
    is_told = (goal.get("person_times") or 0) >= FEW
    if goal.get("target_units"):
        text += "全年献血目标⟦献血目标人份⟧人份"
        text += "，已完成⟦献血完成人份⟧人份，完成⟦献血完成比例⟧，时间进度为⟦时间进度⟧。" if is_told else "。"
    elif is_told:
        text += "本年无偿献血⟦献血完成人份⟧人份。"
    return text


def money(data: QuarterData) -> str:
    """Income by source, expense and balance, to the 分."""
    office = data.figures["office"]
    income, expense = office["income_fen"], office["expense_fen"]
    if not income and not expense and not office["balance_fen"]:
        return f"{data.words.this}无经费收支。" if office["teams_end"] else ""
    text = data.words.this
    if not income and not expense:
        text += "无经费收支。"
    else:
        text += "收入⟦本季收入⟧元" if income else "无收入"
        if [one["source"] for one in data.overview["sources"]] == ["unknown"]:
            text += "，来源未注明"
        elif len(data.overview["sources"]) == 1:
            text += "，来源为⟦单一来源⟧"
        elif data.overview["sources"]:
            text += "，其中⟦收入来源⟧"
        text += "（含冲销以前收入）" if income < 0 else ""
        text += "；支出⟦本季支出⟧元" if expense else "，无支出"
        text += "（含冲销以前支出）" if expense < 0 else ""
        text += "。"
    return f"{text}截至{_end(data)}结余⟦季末结余⟧元。"


def hidden_rows(parts: Sequence[Mapping[str, Any]]) -> set[int]:
    """Return which rows are not told: those below three donors, and one more where a sum would give back a single one."""
    few = {n for n, row in enumerate(parts) if 0 < row["person_times"] < FEW}
    if few and sum(parts[n]["person_times"] for n in few) < FEW:
        others = [n for n, row in enumerate(parts) if n not in few and row["person_times"]]
        if others:
            few.add(min(others, key=lambda n: parts[n]["person_times"]))
    return few
