"""Every record of the ledger, declared once; `ENTITIES` is in the order in which sheets depend on each other.

The labels are the workbook headings of the data contract; English names are the glossary's.
"""

from db.records.amounts import Count, Hours, Money, Quantity, Year
from db.records.choices import (
    ANSWERS,
    DIRECTION_WORDS,
    DOMAINS,
    GOODS_WORDS,
    ID_TYPE_WORDS,
    ID_TYPES,
    LEVELS,
    OFFICE_ITEM_WORDS,
    OFFICE_ITEMS,
    RESULT_WORDS,
    SCOPES,
    SEX_WORDS,
    THEME_DAYS,
)
from db.records.fields import Columns, Entity, Field, Latest, Problem, Row, Sides
from db.records.identity import PersonName, check_volunteer, look_over_volunteers
from db.records.internal_entities import OWN_RECORDS
from db.records.kinds import (
    Choice,
    Choices,
    Date,
    IdNumber,
    Invalid,
    Kind,
    LongText,
    NumberName,
    OfficeText,
    Phone,
    Ref,
    Refs,
    Uscc,
    yes_no,
)

TEAM_REF = ("队伍名称", "name")
PERSON_REF = (("姓名", "name"), ("证件号码", "id_number"))


def check_office(row: Row) -> list[Problem]:
    """The name and the level are needed by every rule; other items may be unanswered, or say what they can."""
    item, content = row["item"], row["content"]
    if item in ("name", "level") and content is None:
        return [Problem("content", "单位名称和层级必须填写")]
    if content is None:
        return []
    text = str(content)
    if item == "level" and text not in (labels := [label for _, label in LEVELS]):
        return [Problem("content", f"层级只能填：{'、'.join(labels)}")]
    if item in ANSWERS:
        return _read_item(row, Choice(tuple((word, word) for word in ANSWERS[str(item)]), _answer_words(str(item))))
    if item in ("resident_population", "retention_years"):
        return _read_item(row, Count())
    if item == "ledger_started_on":
        return _read_item(row, Date())
    return []


def _answer_words(item: str) -> dict[str, str]:
    """Return what else people write for an answer."""
    yes, no = ANSWERS[item]
    return {word: yes for word in ("是", "有", "√", "yes", "具备")} | {
        word: no for word in ("否", "无", "没有", "不是", "no", "不具备")
    }


def _read_item(row: Row, kind: Kind) -> list[Problem]:
    """Put an item's content into its one form."""
    try:
        row["content"] = str(kind.parse(row["content"]))
    except Invalid as error:
        return [Problem("content", str(error))]
    return []


def check_fund_entry(row: Row) -> list[Problem]:
    """An entry cannot reverse itself."""
    if row["reverses_voucher"] and row["reverses_voucher"] == row["voucher"]:
        return [Problem("reverses_voucher", "冲销凭证号与本笔凭证号相同，请核对", "warning")]
    return []


def check_membership(row: Row) -> list[Problem]:
    """A day of joining that is also the day of leaving is taken, but doubtful."""
    if row["left_on"] is not None and row["left_on"] == row["joined_on"]:
        return [Problem("left_on", "入队与退队是同一天，这名队员不会计入任何一天的在队人数，请核对", "warning")]
    return []


def look_over_fund_entries(columns: Columns) -> set[int]:
    """Return the places of entries of which `check_fund_entry` says something."""
    pairs = zip(columns["reverses_voucher"], columns["voucher"], strict=True)
    return {n for n, (reversed_one, own) in enumerate(pairs) if reversed_one and reversed_one == own}


def look_over_memberships(columns: Columns) -> set[int]:
    """Return the places of memberships of which `check_membership` says something."""
    pairs = zip(columns["left_on"], columns["joined_on"], strict=True)
    return {n for n, (left, joined) in enumerate(pairs) if left is not None and left == joined}


# fmt: off
OFFICE = Entity("office", "本会情况", title="item", short="项目", key=("item", "start_on"), order_by="id", check=check_office, fields=(
    Field("item",     "项目", Choice(OFFICE_ITEMS, OFFICE_ITEM_WORDS), width=16, required=True),
    Field("content",  "内容", OfficeText(), width=40),
    Field("start_on", "起始日期", Date(), help="空着即从一开始；改变的回答自这一天起算，以前的保留"),
))

DISASTER_PRONE = Entity(
    "disaster_prone", "灾害多发认定", title="basis", short="认定", key=("start_on", "end_on", "basis"),
    order_by="start_on", spans=(("start_on", "end_on"),), fields=(
    Field("start_on", "起始日期", Date(), required=True),
    Field("end_on",   "终止日期", Date()),
    Field("basis",    "依据文件", width=32),
))

RESPONSIBILITY = Entity(
    "responsibility", "责任分工", title="holder", short="分工", key=("matter", "role", "holder", "start_on"),
    order_by="matter, role, start_on", spans=(("start_on", "end_on"),), fields=(
    Field("matter",   "事项", Choice((("blood_donation", "无偿献血"), ("volunteer_service", "志愿服务"))), required=True),
    Field("role",     "责任类别", Choice((
        ("leader", "统筹负责会领导"), ("lead_department", "机关牵头负责部门"), ("responsible_unit", "具体负责部门或单位"),
    )), width=20, required=True),
    Field("holder",   "姓名或单位", width=24, required=True),
    Field("start_on", "起始日期", Date(), required=True),
    Field("end_on",   "终止日期", Date()),
    Field("basis",    "依据文件", width=28),
))

TEAM = Entity(
    "team", "志愿服务队伍", title="name", noun="支", short="队伍", key=("name",), order_by="id",
    spans=(("established_on", "dissolved_on"), ("suspended_from", "suspended_until"),
           ("party_org_founded_on", "party_org_ended_on")), fields=(
    Field("name",           "队伍名称", width=24, required=True),
    Field("code",           "队伍编号", NumberName(), width=10),
    Field("managing_org",   "主管单位", width=20, required=True, help="与本会单位名称相同即为本级管理的队伍"),
    Field("managing_kind",  "主管单位类型", Choice((
        ("own", "本级"), ("school", "学校"), ("university", "高校"), ("township", "街镇"), ("community", "社区"),
        ("hospital", "医院"), ("enterprise", "企业"), ("other_grassroots", "其他基层组织"),
    )), width=12, listed=False),
    Field("parent_id",      "上级队伍", Ref("team", ("上级队伍", "name")), width=20, listed=False, help="填写后本队按分队对待，不单独计数"),
    Field("team_type",      "队伍类型", Choice((("single", "单一"), ("three_donations", "三献"), ("combined", "综合"))), width=10),
    Field("primary_domain", "主要领域", Choice(DOMAINS), width=16, required=True),
    Field("other_domains",  "其他领域", Choices(DOMAINS), width=20),
    Field("established_on", "成立日期", Date(), required=True),
    Field("dissolved_on",   "撤销日期", Date(), help="自这一天起不再存在"),
    Field("suspended_from", "暂停起始日期", Date(), listed=False),
    Field("suspended_until", "暂停终止日期", Date(), listed=False, help="自这一天起恢复"),
    Field("team_leader",    "队长", width=10),
    Field("leader_phone",   "队长电话", Phone(), width=14, masked=True),
    Field("platform_group_id", "志愿者网团体编号", NumberName(), width=16, listed=False),
    Field("platform_registered_on", "志愿者网注册日期", Date(), width=14),
    Field("civil_reg_status", "民政登记状态", Choice((
        ("not_qualified", "不具备条件"), ("qualified_unregistered", "符合条件未登记"), ("registered", "已登记"),
    )), width=14, listed=False),
    Field("civil_registered_on", "民政登记日期", Date(), listed=False),
    Field("uscc",           "统一社会信用代码", Uscc(), width=20, listed=False),
    Field("full_party_members", "正式党员数", Count(), width=10, listed=False),
    Field("probationary_party_members", "预备党员数", Count(), width=10, listed=False),
    Field("party_counted_on", "党员数统计日期", Date(), width=14, listed=False),
    Field("party_org_name", "党组织名称", width=20, listed=False),
    Field("party_org_kind", "党组织类型", Choice((
        ("party_branch", "党支部"), ("joint", "联合党支部"), ("temporary", "临时党支部"), ("functional", "功能型党组织"),
    )), listed=False),
    Field("party_org_founded_on", "党组织成立日期", Date(), width=14, listed=False),
    Field("party_org_ended_on", "党组织撤销日期", Date(), width=14, listed=False),
    Field("note",           "备注", LongText(), width=30, listed=False),
))

PARTY_COUNT = Entity(
    "party_count", "党员统计", title="team_id", day="counted_on", team="team_id", key=("team_id", "counted_on"), order_by="team_id, counted_on",
    latest=Latest("team", "team_id", "counted_on", (
        ("counted_on", "party_counted_on"), ("full_members", "full_party_members"),
        ("probationary_members", "probationary_party_members"),
    )), fields=(
    Field("team_id",      "队伍名称", Ref("team", TEAM_REF), width=24, required=True),
    Field("counted_on",   "统计日期", Date(), required=True),
    Field("full_members", "正式党员数", Count(), width=10, required=True),
    Field("probationary_members", "预备党员数", Count(), width=10),
))

VOLUNTEER = Entity(
    "volunteer", "志愿者", title="name", noun="人", key=("id_type", "id_number"), order_by="id", check=check_volunteer,
    check_columns=look_over_volunteers, needs=("id_type", "id_number"),
    spans=(("registered_on", "left_on"),), fields=(
    Field("name",          "姓名", PersonName(), width=10, required=True),
    Field("id_type",       "证件类型", Choice(ID_TYPES, ID_TYPE_WORDS), width=14,
          required=True, default="resident_id", listed=False),
    Field("id_number",     "证件号码", IdNumber(), width=20, required=True, masked=True, nullable=True),
    Field("sex",           "性别", Choice((("male", "男"), ("female", "女")), SEX_WORDS), width=6),
    # Masked with the number: a birth date beside a masked number gives most of it away.
    Field("birth_date",    "出生日期", Date(), listed=False, masked=True),
    Field("phone",         "手机号码", Phone(), width=14, masked=True),
    Field("registered_on", "登记日期", Date(), required=True),
    Field("left_on",       "退出日期", Date(), help="自这一天起不再是志愿者"),
    Field("platform_id",   "志愿者网编号", NumberName(), width=14),
    Field("platform_registered_on", "志愿者网注册日期", Date(), width=14, listed=False),
    Field("sources",       "来源身份", Choices((
        ("rc_member", "红十字会员"), ("fund_donor", "捐赠人"), ("first_aider", "救护员"),
        ("first_aid_instructor", "应急救护师资"), ("rescue_member", "救援队员"), ("blood_donor", "无偿献血者"),
        ("hsc_registrant", "造血干细胞入库志愿者"), ("body_organ_registrant", "遗体和人体器官捐献志愿登记者"), ("other", "其他"),
    )), width=20),
    Field("guardian",      "监护人姓名", width=10, listed=False),
    Field("guardian_phone", "监护人电话", Phone(), width=14, masked=True, listed=False),
    Field("verified_on",   "信息核实日期", Date(), listed=False),
    Field("opening_minutes", "期初服务时长（小时）", Hours(), width=14, listed=False, help="启用台账以前的累计时长，只计入累计"),
    Field("opening_until", "期初截至日期", Date(), listed=False),
    Field("note",          "备注", LongText(), width=30, listed=False),
))

MEMBERSHIP = Entity(
    "membership", "队员", title="volunteer_id", team="team_id", noun="人", key=("team_id", "volunteer_id", "joined_on"),
    order_by="team_id, id", spans=(("joined_on", "left_on"),), check=check_membership,
    check_columns=look_over_memberships, fields=(
    Field("team_id",      "队伍名称", Ref("team", TEAM_REF), width=24, required=True),
    Field("volunteer_id", "姓名", Ref("volunteer", *PERSON_REF), width=12, required=True),
    Field("role",         "职务", Choice((
        ("team_leader", "队长"), ("deputy_leader", "副队长"), ("backbone", "骨干"),
        ("blood_promoter", "无偿献血宣传员"), ("member", "队员"),
    )), width=14),
    Field("joined_on",    "入队日期", Date(), required=True),
    Field("left_on",      "退队日期", Date(), help="自这一天起不再是队员"),
))

TRAINING = Entity(
    "training", "培训", title="name", day="start_on", team="team_id", key=("code",), order_by="start_on, id", spans=(("start_on", "end_on"),), fields=(
    Field("code",       "培训编号", NumberName(), width=12, required=True),
    Field("name",       "培训名称", width=24, required=True),
    Field("category",   "培训类别", Choice((
        ("first_aid", "应急救护培训"), ("volunteer", "志愿者培训"), ("backbone", "骨干培训"),
        ("skill", "专业技能培训"), ("drill", "演练"), ("other", "其他"),
    )), width=14, required=True),
    Field("start_on",   "开始日期", Date(), required=True),
    Field("end_on",     "结束日期", Date()),
    Field("class_minutes", "学时", Hours(), width=8, required=True),
    Field("place",      "地点", width=16),
    Field("organiser",  "举办单位", width=20, listed=False),
    Field("team_id",    "面向队伍", Ref("team", ("面向队伍", "name")), width=20),
    Field("instructors", "授课师资", width=16, listed=False),
    Field("has_blood_topic", "含无偿献血科普", yes_no(), width=14),
    Field("person_times", "参训人次", Count(), width=10, help="只在没有参训人员名单时使用"),
    Field("note",       "备注", LongText(), width=30, listed=False),
))

ATTENDANCE = Entity(
    "attendance", "参训人员", title="volunteer_id", noun="人次", key=("training_id", "volunteer_id"), order_by="training_id, id",
    spans=(("certified_on", "valid_until"),), fields=(
    Field("training_id",  "培训编号", Ref("training", ("培训编号", "code")), width=14, required=True),
    Field("volunteer_id", "姓名", Ref("volunteer", *PERSON_REF), width=12, required=True),
    Field("team_id",      "队伍名称", Ref("team", TEAM_REF), width=24),
    Field("attended_minutes", "实到学时", Hours(), width=10),
    Field("result",       "结果", Choice((
        ("passed", "合格"), ("failed", "不合格"), ("absent", "缺席"), ("leave", "请假"),
    ), RESULT_WORDS), width=8),
    Field("certificate",  "证书名称", width=16),
    Field("certificate_number", "证书编号", NumberName(), width=16, listed=False),
    Field("certified_on", "发证日期", Date(), listed=False),
    Field("valid_until",  "有效期至", Date()),
))

INSURANCE_POLICY = Entity(
    "insurance_policy", "保险单", title="policy_number", key=("policy_number",), order_by="start_on, id",
    spans=(("start_on", "end_on"),), fields=(
    Field("policy_number", "保单号", NumberName(), width=18, required=True),
    Field("insurer",      "保险公司", width=24, required=True),
    Field("product",      "险种", width=16, required=True),
    Field("policyholder", "投保人", width=20, listed=False),
    Field("cover_mode",   "承保方式", Choice((
        ("named_list", "记名名单"), ("platform_auto", "平台自动"), ("per_activity", "按活动"),
    )), width=10, required=True),
    Field("start_on",     "起始日期", Date(), required=True),
    Field("end_on",       "终止日期", Date(), required=True, help="含当日"),
    Field("sum_insured_fen", "每人保额（元）", Money(), width=14),
    Field("premium_fen",  "保费（元）", Money(), width=12),
    Field("fund_source",  "经费来源", width=14, listed=False),
    Field("note",         "备注", LongText(), width=30, listed=False),
))

COVERAGE = Entity(
    "coverage", "被保险人", title="volunteer_id", team="team_id", noun="人", key=("policy_id", "volunteer_id", "start_on"), order_by="policy_id, id",
    spans=(("start_on", "end_on"),), fields=(
    Field("policy_id",    "保单号", Ref("insurance_policy", ("保单号", "policy_number")), width=18, required=True),
    Field("volunteer_id", "姓名", Ref("volunteer", *PERSON_REF), width=12, required=True),
    Field("team_id",      "队伍名称", Ref("team", TEAM_REF), width=24),
    Field("start_on",     "保障起始日期", Date(), width=14, help="空着即按保单的起始日期"),
    Field("end_on",       "保障终止日期", Date(), width=14, help="含当日；空着即按保单的终止日期"),
))

FUND_ENTRY = Entity(
    "fund_entry", "经费收支", title="summary", day="entry_on", team="team_id", short="收支",
    key=("voucher", "entry_on", "team_id", "direction", "amount_fen"), repeats=True,
    key_alone=("category", "fund_source", "earmark", "counterpart", "summary"),
    order_by="entry_on, id", check=check_fund_entry, check_columns=look_over_fund_entries,
    sides=Sides("direction", "amount_fen", (("收入（元）", "收入"), ("支出（元）", "支出"))), fields=(
    Field("entry_on",    "日期", Date(), required=True),
    Field("team_id",     "队伍名称", Ref("team", TEAM_REF), width=24, help="空着即为本会共用"),
    Field("direction",   "收支方向", Choice((("income", "收入"), ("expense", "支出")), DIRECTION_WORDS), width=10, required=True),
    Field("category",    "科目", width=14, required=True),
    Field("fund_source", "资金来源", Choice((
        ("gov_service_project", "政府购买服务"), ("rc_service_project", "红十字会项目"), ("gov_subsidy", "政府补贴"),
        ("social_fund", "社会资金"), ("rc_support", "红十字会支持"), ("donation", "捐赠"), ("other", "其他"),
    )), width=14),
    Field("amount_fen",  "金额（元）", Money(positive=True), width=14, required=True),
    Field("earmark",     "定向用途", width=16, listed=False),
    Field("counterpart", "对方单位", width=20, listed=False),
    Field("voucher",     "凭证号", NumberName(), width=12),
    Field("reverses_voucher", "冲销凭证号", NumberName(), width=12, listed=False),
    Field("summary",     "摘要", width=28),
))

GOODS_ENTRY = Entity(
    "goods_entry", "物资收发", title="goods", day="entry_on", team="team_id", short="物资", order_by="entry_on, id",
    key=("entry_on", "team_id", "direction", "goods", "specification", "unit", "quantity_milli", "value_fen", "counterpart",
         "voucher", "summary"), repeats=True, fields=(
    Field("entry_on",    "日期", Date(), required=True),
    Field("team_id",     "队伍名称", Ref("team", TEAM_REF), width=24, help="空着即为本会共用"),
    Field("direction",   "收发方向", Choice((("received", "接收"), ("issued", "发放")), GOODS_WORDS), width=10, required=True),
    Field("goods",       "物资名称", width=20, required=True),
    Field("specification", "规格", width=14),
    Field("unit",        "计量单位", width=10, required=True),
    Field("quantity_milli", "数量", Quantity(), width=10, required=True),
    Field("value_fen",   "折价（元）", Money(), width=14, help="本行合计"),
    Field("counterpart", "捐赠人或受助对象", width=20),
    Field("voucher",     "凭证号", NumberName(), width=12),
    Field("summary",     "摘要", width=28),
))

ACTIVITY = Entity(
    "activity", "活动", title="name", day="start_on", team="host_team_id", key=("code",), order_by="start_on, id", spans=(("start_on", "end_on"),), fields=(
    Field("code",       "活动编号", NumberName(), width=12, required=True),
    Field("name",       "活动名称", width=24, required=True),
    Field("category",   "活动类别", Choice((
        ("publicity", "宣传"), ("service", "志愿服务"), ("blood_recruitment", "献血招募"), ("blood_booking", "预约献血"),
        ("group_donation", "团体献血"), ("visit", "慰问"), ("award", "表彰"), ("drill", "演练"), ("other", "其他"),
    )), width=10, required=True),
    Field("topic",      "主题", width=16),
    Field("start_on",   "开始日期", Date(), required=True),
    Field("end_on",     "结束日期", Date()),
    Field("place",      "地点", width=16),
    Field("place_kind", "场所类型", Choice((
        ("community", "社区"), ("village", "农村"), ("government_office", "机关"), ("enterprise", "企业"),
        ("school", "学校"), ("donation_site", "献血点"), ("rc_venue", "红十字阵地"), ("other", "其他"),
    )), width=10, listed=False),
    Field("host_team_id", "主办队伍", Ref("team", ("主办队伍", "name")), width=20),
    Field("partner_team_ids", "参与队伍", Refs("team", "name"), width=20, help="活动场次只记在主办队伍；参与队伍的人可以一起勾选登记时长"),
    Field("theme_day",  "纪念日", Choice(THEME_DAYS), width=16),
    Field("is_winter_campaign", "冬季宣传", yes_no(), width=8, listed=False),
    Field("with_blood_station", "与血站合作", yes_no(), width=10, listed=False),
    Field("with_health_authority", "与卫健部门合作", yes_no(), width=12, listed=False),
    Field("has_risk",   "有人身危险", yes_no(), width=10),
    Field("audience",   "受众人次", Count(), width=10),
    Field("note",       "备注", LongText(), width=30, listed=False),
))

SERVICE_RECORD = Entity(
    "service_record", "服务记录", title="volunteer_id", day="served_on",
    key=("volunteer_id", "team_id", "activity_id", "served_on", "service_minutes", "content", "has_proof", "is_synced"),
    order_by="served_on, id", fields=(
    Field("volunteer_id", "姓名", Ref("volunteer", *PERSON_REF), width=12, required=True),
    Field("team_id",      "队伍名称", Ref("team", TEAM_REF), width=24, required=True),
    Field("activity_id",  "活动编号", Ref("activity", ("活动编号", "code")), width=14),
    Field("served_on",    "服务日期", Date(), required=True),
    Field("service_minutes", "服务时长（小时）", Hours(), width=14, required=True),
    Field("content",      "服务内容", width=24),
    Field("has_proof",    "有证明材料", yes_no(), width=10),
    Field("is_synced",    "志愿者网已同步", yes_no(), width=12),
))

WORK_RECORD = Entity(
    "work_record", "工作记录", title="title", day="recorded_on", key=("category", "recorded_on", "title", "team_id"),
    order_by="recorded_on, id", spans=(("valid_from", "valid_until"),), fields=(
    Field("category",     "类别", Choice((
        ("consultation", "沟通会商"), ("meeting", "会议"), ("guidance", "工作指导"), ("disclosure", "信息公开"),
        ("document", "制度文件"), ("plan", "规划计划"), ("cooperation", "合作"), ("own_media", "自有媒体发布"),
        ("award", "表彰"), ("nomination", "推荐"), ("appointment", "任职"), ("work", "作品"), ("visit", "慰问"),
        ("project", "项目"), ("issue", "问题"), ("party_activity", "党组织活动"), ("university", "高校"), ("other", "其他"),
    )), width=12, required=True),
    Field("recorded_on",  "日期", Date(), required=True),
    Field("title",        "标题", width=28, required=True),
    Field("team_id",      "队伍名称", Ref("team", TEAM_REF), width=20),
    Field("counterpart",  "对方单位", width=20),
    Field("partner_kind", "对方类别", Choice((
        ("health_authority", "卫生健康行政部门"), ("blood_station", "血站"), ("publicity", "宣传"), ("education", "教育"),
        ("youth_league", "共青团"), ("social_work", "社会工作"), ("civil_affairs", "民政"), ("university", "高校"),
        ("enterprise", "企业"), ("media", "媒体"), ("other", "其他"),
    )), width=16),
    Field("topics",       "主题", Choices((
        ("blood_donation", "无偿献血"), ("hsc_donation", "造血干细胞捐献"), ("body_organ_donation", "遗体和人体器官捐献"),
        ("first_aid", "应急救护"), ("emergency_rescue", "应急救援"), ("elderly_care", "养老服务"),
        ("volunteer_service", "志愿服务"), ("life_education", "生命教育"), ("other", "其他"),
    )), width=18),
    Field("subcategory",  "子类", width=14, help="规划计划填：中长期发展规划 或 年度计划"),
    Field("channel",      "形式或渠道", width=16),
    Field("quantity",     "数量", Count(), width=8, listed=False),
    Field("valid_from",   "有效期起", Date(), listed=False),
    Field("valid_until",  "有效期止", Date(), listed=False, help="含当日"),
    Field("doc_number",   "文号", NumberName(), width=18, listed=False),
    Field("note",         "备注", LongText(), width=30, listed=False),
))

VENUE = Entity(
    "venue", "阵地场所", title="name", short="阵地", key=("name", "venue_type"), order_by="id", spans=(("opened_on", "closed_on"),), fields=(
    Field("name",       "名称", width=24, required=True),
    Field("venue_type", "类型", Choice((
        ("volunteer_home", "红十字志愿者之家"), ("team_headquarters", "队部"), ("boai_home", "博爱家园"),
        ("safety_experience_hall", "生命健康安全体验馆"), ("safety_classroom", "体验教室"), ("first_aid_base", "应急救护培训基地"),
        ("practice_center", "新时代文明实践中心"), ("practice_institute", "新时代文明实践所"), ("practice_station", "新时代文明实践站"),
    )), width=20, required=True),
    Field("team_id",    "队伍名称", Ref("team", TEAM_REF), width=24),
    Field("opened_on",  "启用日期", Date(), required=True),
    Field("closed_on",  "停用日期", Date(), help="自这一天起不再使用"),
    Field("functions",  "功能", width=30),
))

TOWNSHIP = Entity("township", "街镇", title="name", key=("name",), fields=(
    Field("name",          "名称", width=20, required=True),
    Field("division_code", "区划代码", width=14),
))

BLOOD_TARGET = Entity(
    "blood_target", "献血目标", title="unit", key=("year", "unit", "scope"), order_by="year, id", fields=(
    Field("year",   "年度", Year(), width=8, required=True),
    Field("unit",   "单位或街镇", width=20, required=True),
    Field("scope",  "口径", Choice(SCOPES), width=8, required=True),
    Field("target_units", "目标人份", Count(), width=10, required=True),
    Field("employees", "职工人数", Count(), width=10),
    Field("unemployed_citizens", "无工作单位公民人数", Count(), width=16, listed=False),
    Field("planned_persons", "拟动员人数", Count(), width=10, listed=False),
    Field("blood_reserve", "应急血源储备人份", Count(), width=14, listed=False),
    Field("reserve_reported_on", "储备上报日期", Date(), listed=False),
))

BLOOD_RESULT = Entity(
    "blood_result", "献血完成", title="unit", day="donated_on", key=("donated_on", "unit", "scope", "person_times", "ml"),
    order_by="donated_on, id", fields=(
    Field("donated_on",   "日期", Date(), required=True),
    Field("unit",         "单位或街镇", width=20, required=True),
    Field("scope",        "口径", Choice(SCOPES), width=8, required=True),
    Field("person_times", "人次", Count(), width=8, required=True),
    Field("ml",           "毫升数", Count(), width=10, required=True),
))
# fmt: on

ENTITIES = (
    OFFICE, DISASTER_PRONE, RESPONSIBILITY, TEAM, PARTY_COUNT, VOLUNTEER, MEMBERSHIP, TRAINING, ATTENDANCE, INSURANCE_POLICY,
    COVERAGE, FUND_ENTRY, GOODS_ENTRY, ACTIVITY, SERVICE_RECORD, WORK_RECORD, VENUE, TOWNSHIP, BLOOD_TARGET, BLOOD_RESULT,
    *OWN_RECORDS,
)  # fmt: skip
BY_NAME = {entity.name: entity for entity in ENTITIES}
SHEETS = tuple(entity for entity in ENTITIES if entity.sheet)
BY_LABEL = {entity.label: entity for entity in SHEETS}
