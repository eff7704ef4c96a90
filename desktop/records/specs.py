"""What only the lists need to know of a record, one `ListSpec` each; what everybody needs stands on the declaration."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from db.queries import derived
from db.records.amounts import Count, Hours, Money
from db.records.entities import BY_NAME, VOLUNTEER
from db.records.fields import Entity, Field
from db.records.kinds import Choice, Date, Value
from db.rules.verdicts import Result
from db.storage.store import Store
from desktop.services.remedies import looks_back
from desktop.tables.form_fold import Topics

COVER = Choice(
    (("active", "在保"), ("soon", "即将到期"), ("expired", "已过期"), ("none", "未投保"), ("later", "未生效"))
)
STANDING = Choice((("now", "在册"), ("left", "已退出")))
IN_TEAM = Choice((("now", "在队"), ("left", "已退队")))
STANDING_TONES = {"now": "good", "left": "calm"}
COVER_TONES = {"active": "good", "soon": "warn", "expired": "bad", "none": "bad", "later": "info"}


@dataclass(frozen=True)
class Beside:
    """The further columns of one list: what they are, how they are read, and the tone of those shown as tags."""

    fields: tuple[Field, ...]
    read: Callable[[Store, dt.date, int | None], derived.Facts]
    tables: frozenset[str]  # what they depend on
    tones: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    not_summed: frozenset[str] = frozenset()
    after: str = ""  # the field behind which they stand; at the end, if none is named
    everywhere: frozenset[str] | None = None  # those that are not too much to work out for all rows of the county


class Percent(Count):
    """A share in percent."""

    def show(self, value: Value) -> str:
        """Return the number with its sign."""
        return "" if value is None else f"{value}%"


@dataclass(frozen=True)
class ListSpec:
    """`verb` is what is done about a finding that this record puts right; `searched` what it is found by besides its
    title, None where it is not found; `team_columns` the columns of a team's page in their order; `empty` what a team's
    page says where it has no rows; `beside` the columns that follow from other records.
    """

    verb: str = ""
    searched: tuple[str, ...] | None = None
    team_columns: tuple[str, ...] = ()
    empty: str = ""
    beside: Beside | None = None
    topics: Topics = ()  # how its form is parted
    today: str = (
        ""  # the field in which a new row begins with today, or with its year: being registered, not what happened
    )
    counted: str = ""  # what all rows are called where they are not what a figure of that name counts


_COVER = {"cover": COVER_TONES}
_PERSON_TABLES = frozenset({"coverage", "insurance_policy", "service_record", "attendance", "volunteer", "membership"})

# Every record that has a list. The search box finds them in this order.
SPECS: dict[str, ListSpec] = {
    "volunteer": ListSpec(
        verb="去补录",
        today="registered_on",
        counted="登记过的志愿者 {n:,} 人",
        searched=("platform_id",),
        beside=Beside(
            (
                Field("standing", "在册", STANDING, width=9),
                Field("cover", "保险状态", COVER, width=10),
                Field("insured_until", "保险到期", Date()),
                Field("team_names", "所在队伍", width=20),
            ),
            derived.volunteer_facts,
            _PERSON_TABLES,
            _COVER | {"standing": STANDING_TONES},
            after="phone",
        ),
    ),
    "team": ListSpec(
        verb="去完善",
        searched=("code", "team_leader"),
        topics=(
            ("", ("name", "managing_org", "primary_domain", "established_on", "team_leader")),
            ("联系与类别", ("leader_phone", "team_type", "other_domains", "managing_kind", "parent_id", "code")),
            (
                "志愿者网与民政登记",
                ("platform_group_id", "platform_registered_on", "civil_reg_status", "civil_registered_on", "uscc"),
            ),
            (
                "党员与党组织",
                (
                    "full_party_members",
                    "probationary_party_members",
                    "party_counted_on",
                    "party_org_name",
                    "party_org_kind",
                    "party_org_founded_on",
                    "party_org_ended_on",
                ),
            ),
            ("撤销与暂停", ("dissolved_on", "suspended_from", "suspended_until")),
            ("备注", ("note",)),
        ),
    ),
    "membership": ListSpec(
        verb="看队员",
        today="joined_on",
        counted="曾在队 {n:,} 人次",
        team_columns=("role", "phone", "year_minutes", "insured_until", "cover", "joined_on", "left_on"),
        empty="还没有队员。填身份证号、姓名、手机就能新增一名，也可以从 Excel 复制多行，到这里粘贴。",
        beside=Beside(
            (
                Field("standing", "在队", IN_TEAM, width=9),
                Field("phone", "手机", VOLUNTEER["phone"].kind, width=14, masked=True),
                Field("cover", "保险状态", COVER, width=10),
                Field("insured_until", "保险到期", Date()),
                Field("year_minutes", "本年时长", Hours(), width=10),
                Field("aid_until", "急救证到期", Date(), listed=False),
            ),
            derived.member_facts,
            _PERSON_TABLES,
            _COVER | {"standing": STANDING_TONES},
            after="left_on",
            everywhere=frozenset({"standing"}),
        ),
    ),
    "training": ListSpec(
        verb="登记培训",
        searched=("code",),
        team_columns=("start_on", "category", "class_minutes", "present", "certified"),
        empty="还没有面向本队的培训。登记一次培训，勾上到场的人就行。",
        beside=Beside(
            (Field("present", "到场人数", Count(), width=10), Field("certified", "发证人数", Count(), width=10)),
            derived.training_facts,
            frozenset({"training", "attendance"}),
        ),
    ),
    "attendance": ListSpec(),
    "activity": ListSpec(
        verb="登记活动",
        searched=("code",),
        team_columns=("start_on", "category", "served", "served_minutes", "host_team_id", "place"),
        empty="还没有本队主办或参与的活动。登记一次活动，勾上参加的人，填好时长；也可以粘贴微信接龙。",
        beside=Beside(
            (Field("served", "服务人数", Count(), width=10), Field("served_minutes", "服务时长", Hours(), width=10)),
            derived.activity_facts,
            frozenset({"activity", "service_record"}),
        ),
    ),
    "service_record": ListSpec(verb="登记时长"),
    "insurance_policy": ListSpec(
        verb="去投保",
        searched=("insurer",),
        beside=Beside(
            (Field("cover", "保险状态", COVER, width=10), Field("listed_persons", "名单人数", Count(), width=10)),
            derived.policy_facts,
            frozenset({"coverage", "insurance_policy"}),
            _COVER,
            frozenset({"sum_insured_fen"}),
        ),
    ),
    "coverage": ListSpec(
        verb="去续保",
        team_columns=("policy_id", "cover", "holds_until"),
        empty="本队还没有人有保险记录。到“成员”里选中要投保的人，点“续保”。",
        beside=Beside(
            (Field("cover", "保险状态", COVER, width=10), Field("holds_until", "保到", Date())),
            derived.coverage_facts,
            frozenset({"coverage", "insurance_policy"}),
            _COVER,
        ),
    ),
    "fund_entry": ListSpec(
        verb="去记账",
        team_columns=("entry_on", "direction", "amount_fen", "balance_fen", "proof", "category", "voucher"),
        empty="还没有记过账。记一笔收入或支出，可以把凭证照片拖进来。",
        beside=Beside(
            (
                Field("balance_fen", "结余（元）", Money(), width=14, help="本队（或本会共用）到这一笔为止的结余"),
                Field(
                    "proof", "凭证", Choice((("file", "有凭证"), ("number", "有凭证号"), ("none", "缺凭证"))), width=12
                ),
            ),
            derived.entry_facts,
            frozenset({"fund_entry", "fund_voucher"}),
            {"proof": {"file": "good", "number": "good", "none": "warn"}},
            frozenset({"balance_fen"}),
        ),
    ),
    "goods_entry": ListSpec(verb="去登记"),
    "party_count": ListSpec(verb="去统计"),
    "blood_target": ListSpec(
        verb="填目标",
        today="year",
        beside=Beside(
            (
                Field("persons", "完成人次", Count(), width=10),
                Field("ml", "采血量（毫升）", Count(), width=14),
                Field(
                    "done",
                    "完成率",
                    Percent(),
                    width=9,
                    help="采血量每 200 毫升为 1 人份，与目标人份相比，不足 1% 的舍去",
                ),
            ),
            derived.target_facts,
            frozenset({"blood_target", "blood_result"}),
            not_summed=frozenset({"done"}),
        ),
    ),
    "blood_result": ListSpec(verb="填完成"),
    "venue": ListSpec(verb="登记阵地", searched=()),
    "township": ListSpec(),
    "work_record": ListSpec(verb="去登记", searched=("doc_number",)),
    "office": ListSpec(verb="去填写"),
    "disaster_prone": ListSpec(),
    "responsibility": ListSpec(verb="填分工"),
    "office_parameter": ListSpec(),
    "staff": ListSpec(),
    "hour_threshold": ListSpec(),
    "service_certificate": ListSpec(),
    "lower_office": ListSpec(),
}

# Shorter headings where there is little room.
TEAM_LABELS = {"direction": "收支", "amount_fen": "金额", "balance_fen": "结余", "class_minutes": "学时"}
NOTHING = ListSpec()


def spec(entity: Entity) -> ListSpec:
    """Return what its list needs to know of a record; of one without a list nothing."""
    return SPECS.get(entity.name, NOTHING)


def verb(record: str | None, page: str) -> str:
    """Return what the button of a finding says, by the record that puts it right and the name of that record's page."""
    return SPECS.get(record or "", NOTHING).verb or (f"去{page}" if page else "看条款")


def verb_for(result: Result, page: str) -> str:
    """Return what the button of a finding says; where insurance of days gone by lacks, it can only be entered late."""
    return "去补登" if looks_back(result) else verb(result.clause.record, page)


def searched() -> tuple[tuple[Entity, tuple[str, ...]], ...]:
    """Return the records that the search box finds, each with what it is found by besides its title."""
    return tuple((BY_NAME[name], s.searched) for name, s in SPECS.items() if s.searched is not None)
