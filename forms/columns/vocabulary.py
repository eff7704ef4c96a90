"""Words that tell what a table is about."""

import re
from collections.abc import Sequence

from db.records.kinds import plain

_MEMBERS = re.compile("会员|会费|入会")
_VOLUNTEERS = re.compile("志愿|义工|服务队|救援队|队员|入队")


def is_of_members(text: str) -> bool:
    """Whether a list speaks of members of the Red Cross, and not of volunteers."""
    return bool(_MEMBERS.search(plain(text)) and not _VOLUNTEERS.search(plain(text)))


# Lists of people who are none of ours: what they look like, and the headings and titles that tell it.
_STRANGERS = (
    (
        "单位职工或工资的名单",
        re.compile("工号|入职|在职员工|职工|员工|工资|薪资|社保|岗位工资|考勤表|合同(期|起|止)"),
        1,
    ),
    ("学生的名单", re.compile("学号|学籍|班级|年级|班主任|院系|家长|入学|学生"), 2),
    (
        "户籍或人口的名单",
        re.compile("户主|户号|户籍|与户主关系|家庭成员|常住人口|人口|低保|五保|脱贫|残疾证|享受待遇"),
        1,
    ),
    ("救助或受助对象的名单", re.compile("病种|救助金额|致贫|受助|低收入|补助金额|困难类别"), 1),
)


def looks_like_strangers(text: str, headings: Sequence[str]) -> str:
    """Return what a list of people looks like that is none of ours, or nothing; `text` is its title."""
    if _VOLUNTEERS.search(plain(text + "".join(headings))):
        return ""
    found = ((words, sum(bool(p.search(plain(h))) for h in (text, *headings)), least) for words, p, least in _STRANGERS)
    best = max(((n, words) for words, n, least in found if n >= least), default=(0, ""))
    return best[1]
