"""The pages that are made of their records alone."""

from db.records.entities import (
    BLOOD_RESULT,
    BLOOD_TARGET,
    GOODS_ENTRY,
    MEMBERSHIP,
    PARTY_COUNT,
    TOWNSHIP,
    VENUE,
    WORK_RECORD,
)
from desktop.records.record_page import EntityPage


class MembershipPage(EntityPage):
    """Who is in which team, and how many party members it had on which day."""

    key, title, icon, group = "membership", "队员", "member", "台账"
    records = (MEMBERSHIP, PARTY_COUNT)


class GoodsPage(EntityPage):
    """Goods received and issued."""

    key, title, icon, group = "goods", "物资", "record", "台账"
    records = (GOODS_ENTRY,)


class BloodPage(EntityPage):
    """What was to be given, and what was."""

    key, title, icon, group, shortcut = "blood", "无偿献血", "drop", "台账", "8"
    records = (BLOOD_TARGET, BLOOD_RESULT)


class WorkPage(EntityPage):
    """What was done."""

    key, title, icon, group = "work", "工作记录", "record", "台账"
    records = (WORK_RECORD,)


class VenuePage(EntityPage):
    """Where it is done."""

    key, title, icon, group = "venue", "阵地与街镇", "venue", "台账"
    records = (VENUE, TOWNSHIP)
