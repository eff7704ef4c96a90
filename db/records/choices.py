"""The lists a person chooses from: code and label, and other words that people and systems write (data contract, section 1)."""

LEVELS = (("province", "省级"), ("city", "市级"), ("county", "县级"))

DOMAINS = (
    ("emergency_rescue", "应急救援"),
    ("first_aid", "应急救护"),
    ("blood_donation", "无偿献血"),
    ("hsc_donation", "造血干细胞捐献"),
    ("body_organ_donation", "遗体和人体器官捐献"),
    ("elderly_care", "养老服务"),
    ("humanitarian_aid", "人道救助"),
    ("other", "其他"),
)

ID_TYPES = (
    ("resident_id", "居民身份证"),
    ("hk_mo_tw_residence", "港澳台居民居住证"),
    ("hk_mo_permit", "港澳居民来往内地通行证"),
    ("tw_permit", "台湾居民来往大陆通行证"),
    ("passport", "护照"),
    ("foreign_permanent", "外国人永久居留身份证"),
    ("military", "军官证"),
    ("pending", "证件待补"),
)

# Other words that people and systems write.
SEX_WORDS = {"男性": "male", "女性": "female", "M": "male", "F": "female", "Male": "male", "Female": "female"}
ID_TYPE_WORDS = {
    "身份证": "resident_id", "二代身份证": "resident_id", "内地居民身份证": "resident_id", "大陆居民身份证": "resident_id",
    "中国居民身份证": "resident_id", "居民身份证(户口簿)": "resident_id", "台胞证": "tw_permit", "回乡证": "hk_mo_permit",
    "待补": "pending", "暂无证件": "pending",
}  # fmt: skip
RESULT_WORDS = {
    "及格": "passed", "通过": "passed", "已通过": "passed", "优秀": "passed", "良好": "passed", "是": "passed", "√": "passed",
    "不及格": "failed", "未通过": "failed", "否": "failed", "×": "failed", "缺勤": "absent", "缺考": "absent",
}  # fmt: skip
GOODS_WORDS = {
    "收": "received",
    "入库": "received",
    "接受": "received",
    "发": "issued",
    "出库": "issued",
    "拨付": "issued",
}
DIRECTION_WORDS = {"收": "income", "收款": "income", "支": "expense", "付": "expense", "付款": "expense"}

OFFICE_ITEMS = (
    ("name", "单位名称"),
    ("level", "层级"),
    ("division_code", "行政区划代码"),
    ("parent_org", "上级红十字会"),
    ("provincial_org", "省级红十字会"),
    ("contact", "联系人"),
    ("contact_phone", "联系电话"),
    ("platform_account", "志愿者网单位账号"),
    ("has_universities", "辖区内有无高校"),
    ("has_own_media", "有无自有媒体"),
    ("has_venues", "有无红十字阵地"),
    ("is_disaster_prone", "是否灾害多发"),
    ("can_form_emergency_donors", "是否具备组建应急献血者队伍的条件"),
    ("resident_population", "常住人口"),
    ("ledger_started_on", "台账启用日期"),
    ("retention_years", "志愿者退出后资料保存年数"),
)
OFFICE_ITEM_WORDS = {"常住人口（人）": "resident_population", "常住人口(人)": "resident_population"}
# What only a person can say; stored as yes or no, unanswered where blank (evaluation, answers that only a person has).
ANSWERS = {
    "has_universities": ("有", "无"), "has_own_media": ("有", "无"), "has_venues": ("有", "无"),
    "is_disaster_prone": ("是", "否"), "can_form_emergency_donors": ("是", "否"),
}  # fmt: skip
# What a volunteer is asked to agree to (个人信息保护法 articles 13, 23, 25, 29: the last three each apart).
CONSENT_MATTERS = (
    ("processing", "处理个人信息"), ("insurer", "提供给保险机构"), ("superior", "提供给上级红十字会"),
    ("publication", "公开姓名和服务时长"), ("medical", "献血等医疗健康信息"),
)  # fmt: skip
OPENING = "期初结余"  # the category of what an office had when its ledger began

THEME_DAYS = (
    ("world_red_cross_day", "世界红十字日"),
    ("world_blood_donor_day", "世界献血者日"),
    ("world_marrow_donor_day", "世界骨髓捐献者日"),
    ("other", "其他"),
)

SCOPES = (("group", "团体"), ("street", "街头"), ("university", "高校"))
