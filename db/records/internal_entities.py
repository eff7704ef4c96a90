"""The office's own records that are no workbook sheet: settings, files, what people said of clauses, what is remembered.

They are ordinary records: audited, undoable, kept in the ledger file.
"""

from db.records.amounts import Count, Hours, Year
from db.records.choices import CONSENT_MATTERS
from db.records.fields import Entity, Field
from db.records.kinds import Choice, Date, Kept, LongText, NumberName, Ref
from db.records.statuses import STATUSES

_FILE = Ref("attachment", ("附件", "name"))
_PERSON = (("姓名", "name"), ("证件号码", "id_number"))

# fmt: off
OFFICE_PARAMETER = Entity(
    "office_parameter", "本会参数", title="name", short="参数", key=("clause", "name"), order_by="clause, name", sheet=False, fields=(
    Field("clause", "条款编号", width=14, required=True),
    Field("name",   "参数", Choice((("deadline", "上级规定的完成日期"),)), width=20, required=True),
    Field("day",    "日期", Date(), required=True),
    Field("basis",  "依据文件", width=32),
))
ATTACHMENT = Entity("attachment", "附件", title="name", key=("sha256", "name"), order_by="id", sheet=False, fields=(
    Field("name",         "文件名", width=30, required=True),
    Field("sha256",       "校验值", width=20, required=True, listed=False),
    Field("size",         "大小（字节）", Count(), width=12, required=True),
    Field("uploaded_on",  "存入日期", Date(), required=True),
    Field("effective_on", "材料日期", Date(), help="材料本身的日期，与存入日期无关"),
    Field("note",         "说明", LongText(), width=30),
))

CONFIRMATION = Entity("confirmation", "条款确认", title="clause", key=("clause", "quarter"), order_by="quarter, clause", sheet=False, fields=(
    Field("clause",       "条款编号", width=14, required=True),
    Field("quarter",      "季度", width=10, required=True),
    Field("status",       "结果", Choice(tuple(STATUSES.items())), width=10, required=True),
    Field("reason",       "理由", LongText(), width=40),
    Field("person",       "确认人", width=12, required=True),
    Field("confirmed_on", "确认日期", Date(), required=True),
    Field("figure",       "确认时的数字", LongText(), required=True, listed=False),
))

SELF_ASSESSMENT = Entity(
    "self_assessment", "条款自评", title="clause", key=("clause", "quarter"), order_by="quarter, clause", sheet=False, fields=(
    Field("clause",      "条款编号", width=14, required=True),
    Field("quarter",     "季度", width=10, required=True),
    Field("rating",      "自评结果", Choice((
        ("done", "已落实"), ("partly_done", "部分落实"), ("not_done", "未落实"), ("not_applicable", "不适用"),
    )), width=10, required=True),
    Field("text",        "情况说明", LongText(), width=40, required=True),
    Field("assessor",    "自评人", width=12, required=True),
    Field("assessed_on", "自评日期", Date(), required=True),
))

EVIDENCE = Entity("evidence", "佐证", title="clause", key=("clause", "quarter", "attachment_id"), order_by="quarter, clause, id", sheet=False, fields=(
    Field("clause",        "条款编号", width=14, required=True),
    Field("quarter",       "季度", width=10, required=True),
    Field("attachment_id", "附件", _FILE, width=30, required=True),
))

FUND_VOUCHER = Entity("fund_voucher", "凭证", title="attachment_id", key=("fund_entry_id", "attachment_id"), order_by="fund_entry_id, id", sheet=False,
    goes_with=("fund_entry_id",), fields=(
    Field("fund_entry_id", "收支", Ref("fund_entry", ("摘要", "summary")), width=28, required=True),
    Field("attachment_id", "附件", _FILE, width=30, required=True),
))

TEAM_FILE = Entity("team_file", "队伍档案", title="attachment_id", key=("team_id", "attachment_id"), order_by="team_id, id", sheet=False,
    goes_with=("team_id",), fields=(
    Field("team_id",       "队伍名称", Ref("team", ("队伍名称", "name")), width=24, required=True),
    Field("attachment_id", "附件", _FILE, width=30, required=True),
))

STAFF = Entity("staff", "经办人员", title="name", key=("name", "role"), order_by="role, id", sheet=False, fields=(
    Field("name", "姓名", width=12, required=True),
    Field("role", "职责", Choice((("preparer", "填表人"), ("reviewer", "审核人"), ("head", "负责人"), ("admin", "管理员")), {"填报人": "preparer"}), width=12, required=True),
    Field("note", "备注", LongText(), width=30),
))

LOWER_OFFICE = Entity("lower_office", "下级单位", title="name", key=("name",), order_by="code, id", sheet=False, noun="个", fields=(
    Field("name",    "单位名称", width=30, required=True),
    Field("code",    "行政区划代码", width=14),
    Field("contact", "联系人", width=12),
    Field("phone",   "联系电话", width=16),
    Field("note",    "备注", LongText(), width=30),
))

RECEIVED = Entity("received", "下级上报", title="office", key=("office_uid", "kind", "period", "edition"), order_by="period, id", sheet=False, fields=(
    Field("kind",        "种类", Choice((("package", "报送包"), ("rollup", "汇总"))), width=10, required=True),
    Field("office_uid",  "单位标识", width=20, required=True, listed=False),
    Field("office",      "单位名称", width=30, required=True),
    Field("code",        "行政区划代码", width=14),
    Field("period",      "期间", width=10, required=True),
    Field("edition",     "版次", Year(), width=8, required=True),
    Field("key",         "签名钥匙", width=30, required=True, listed=False),
    Field("content",     "内容", Kept(), required=True, listed=False),
    Field("signature",   "签名", width=30, required=True, listed=False),
    Field("received_on", "收到日期", Date(), required=True),
))

SERVICE_CERTIFICATE = Entity(
    "service_certificate", "志愿服务记录证明", title="number", short="证明", noun="份", day="issued_on", key=("number",), order_by="issued_on, id",
    sheet=False, fields=(
    Field("number",       "证明编号", NumberName(), width=14, required=True),
    Field("volunteer_id", "姓名", Ref("volunteer", *_PERSON), width=12, required=True),
    Field("start_on",     "起始日期", Date()),
    Field("end_on",       "截止日期", Date(), required=True),
    Field("minutes",      "证明时长（小时）", Hours(), width=14, required=True),
    Field("times",        "次数", Count(), width=8, required=True),
    Field("issued_on",    "出具日期", Date(), required=True),
    Field("head",         "负责人", width=10),
    Field("handler",      "经办人", width=10),
    Field("reason",       "含无证明材料的原因", width=24),
    Field("content",      "出具内容", Kept(), width=10, required=True, listed=False),
    Field("revoked_on",   "作废日期", Date()),
    Field("why_revoked",  "作废原因", width=24),
))
HOUR_THRESHOLD = Entity("hour_threshold", "时长标准", title="name", key=("name", "start_on"), order_by="name, start_on", sheet=False, fields=(
    Field("name",     "标准", Choice((
        ("registration", "注册条件（本年时长）"), ("star_one", "一星"), ("star_two", "二星"), ("star_three", "三星"), ("star_four", "四星"), ("star_five", "五星"),
        ("blood_one", "无偿献血志愿服务一星"), ("blood_two", "无偿献血志愿服务二星"), ("blood_three", "无偿献血志愿服务三星"),
        ("blood_four", "无偿献血志愿服务四星"), ("blood_five", "无偿献血志愿服务五星"),
    )), width=24, required=True),
    Field("start_on", "起始日期", Date(), required=True, help="自这一天起按本会的标准；以前的仍按原来的"),
    Field("minutes",  "时长（小时）", Hours(), width=12, required=True),
    Field("basis",    "依据文件", width=32),
))
CONSENT = Entity(
    "consent", "个人信息同意", title="volunteer_id", short="同意", noun="份", day="given_on", key=("volunteer_id", "matter", "given_on"),
    order_by="volunteer_id, given_on, id", sheet=False, goes_with=("volunteer_id",), spans=(("given_on", "withdrawn_on"),), fields=(
    Field("volunteer_id", "姓名", Ref("volunteer", *_PERSON), width=12, required=True),
    Field("matter",       "同意事项", Choice(CONSENT_MATTERS), width=22, required=True),
    Field("given_on",     "同意日期", Date(), required=True),
    Field("given_by",     "谁同意", Choice((("self", "本人"), ("guardian", "监护人"))), width=8, required=True),
    Field("form",         "方式", Choice((("paper", "纸质签名"), ("electronic", "电子确认"))), width=10, required=True),
    Field("notice",       "告知书版本", width=14),
    Field("withdrawn_on", "撤回日期", Date(), help="自这一天起不再同意"),
    Field("note",         "备注", LongText(), width=30, listed=False),
))
RECEIPT = Entity("receipt", "回执", title="office", key=("direction", "office_uid", "period", "edition", "number"), order_by="period, edition, number, id", sheet=False, fields=(
    Field("direction",      "方向", Choice((("given", "发出"), ("taken", "收到"))), width=8, required=True),
    Field("office_uid",     "单位标识", width=20, required=True, listed=False),
    Field("office",         "单位名称", width=30, required=True),
    Field("period",         "期间", width=10, required=True),
    Field("edition",        "版次", Year(), width=8, required=True),
    Field("edition_sha256", "报送版校验值", width=20, required=True, listed=False),
    Field("number",         "回执序号", Year(), width=8, required=True),
    Field("status",         "结果", Choice((("accepted", "收下"), ("returned", "退回"))), width=8, required=True),
    Field("remarks",        "意见", LongText(), width=40),
    Field("person",         "办理人", width=12),
    Field("issued_on",      "日期", Date(), required=True),
    Field("key",            "签名钥匙", width=30, required=True, listed=False),
    Field("content",        "内容", Kept(), required=True, listed=False),
    Field("signature",      "签名", width=30, required=True, listed=False),
))

SUPERIOR_TASK = Entity("superior_task", "上级任务", title="title", key=("direction", "number"), order_by="deadline, id", sheet=False, fields=(
    Field("direction",     "方向", Choice((("given", "发出"), ("taken", "收到"))), width=8, required=True),
    Field("number",        "任务编号", width=20, required=True, listed=False),
    Field("title",         "任务", width=30, required=True),
    Field("office_uid",    "单位标识", width=20, required=True, listed=False),
    Field("office",        "下达单位", width=30, required=True),
    Field("period",        "期间", width=10, required=True),
    Field("deadline",      "期限", Date(), required=True),
    Field("note",          "说明", LongText(), width=40),
    Field("attachment_id", "模板", Ref("attachment", ("附件", "name")), width=30),
    Field("rules",         "规则文件", width=20),
    Field("recorded_on",   "登记日期", Date(), required=True),
    Field("answered_on",   "答复日期", Date()),
    Field("key",           "签名钥匙", width=30, required=True, listed=False),
    Field("content",       "内容", Kept(), required=True, listed=False),
    Field("signature",     "签名", width=30, required=True, listed=False),
))

LETTERHEAD = Entity("letterhead", "公文文头", title="doc_number", key=("quarter",), order_by="quarter", sheet=False, fields=(
    Field("quarter",      "季度", width=10, required=True),
    Field("issuing_name", "发文机关标志", width=24, required=True),
    Field("doc_number",   "发文字号", width=20, required=True),
    Field("signer",       "签发人", width=12, required=True),
))

REPORT_TEXT = Entity("report_text", "报告文字", title="part", key=("quarter", "part"), order_by="quarter, id", sheet=False, fields=(
    Field("quarter", "季度", width=10, required=True),
    Field("part",    "段落", width=16, required=True),
    Field("text",    "文字", LongText(), width=40, required=True),
))

TEMPLATE_BINDING = Entity("template_binding", "模板绑定", title="name", key=("fingerprint",), order_by="id", sheet=False, fields=(
    Field("fingerprint", "模板指纹", width=20, required=True, listed=False),
    Field("name",        "模板名称", width=30, required=True),
    Field("cells",       "绑定内容", LongText(), required=True, listed=False),
    Field("shape",       "模板样貌", LongText(), listed=False),
))

COLUMN_MAPPING = Entity("column_mapping", "列对应", title="kind", key=("shape",), order_by="id", sheet=False, fields=(
    Field("shape",   "表头指纹", width=20, required=True, listed=False),
    Field("kind",    "记录", width=14, required=True),
    Field("columns", "对应关系", LongText(), required=True, listed=False),
))

DISTINCT_PAIR = Entity("distinct_pair", "确认不是同一人", title="first_id", key=("first_id", "second_id"), order_by="id", sheet=False,
    goes_with=("first_id", "second_id"), fields=(
    Field("first_id",   "姓名", Ref("volunteer", *_PERSON), width=12, required=True),
    Field("second_id",  "另一人", Ref("volunteer", ("另一人", "name"), ("另一人证件号码", "id_number")), width=12, required=True),
    Field("decided_on", "确认日期", Date(), required=True),
))

NICKNAME = Entity("nickname", "接龙昵称", title="word", key=("team_id", "word"), order_by="team_id, id", sheet=False,
    goes_with=("team_id", "volunteer_id"), fields=(
    Field("team_id",      "队伍名称", Ref("team", ("队伍名称", "name")), width=24, required=True),
    Field("word",         "昵称", width=16, required=True),
    Field("volunteer_id", "姓名", Ref("volunteer", *_PERSON), width=12, required=True),
))

QUARTER_STEP = Entity("quarter_step", "季度办理", title="step", key=("quarter", "step"), order_by="quarter, id", sheet=False, fields=(
    Field("quarter", "季度", width=10, required=True),
    Field("step",    "步骤", Choice((("prepare", "填表"), ("review", "审核"), ("sign", "签发"), ("submit", "打印报送"), ("archive", "归档"))), width=12, required=True),
    Field("person",  "办理人", width=12, required=True),
    Field("done_on", "办理日期", Date(), required=True),
))
# fmt: on

OWN_RECORDS = (
    OFFICE_PARAMETER, ATTACHMENT, CONFIRMATION, SELF_ASSESSMENT, EVIDENCE, FUND_VOUCHER, TEAM_FILE, STAFF, LOWER_OFFICE, RECEIVED,
    SERVICE_CERTIFICATE, HOUR_THRESHOLD, CONSENT,
    RECEIPT, SUPERIOR_TASK, LETTERHEAD, REPORT_TEXT, TEMPLATE_BINDING, COLUMN_MAPPING, DISTINCT_PAIR, NICKNAME, QUARTER_STEP,
)  # fmt: skip
