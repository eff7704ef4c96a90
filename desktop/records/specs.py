"""What only lists need to know of a record."""

# The day that says which quarter a row belongs to; "只看本季度" goes by it.
DAY_OF = {
    "training": "start_on",
    "fund_entry": "entry_on",
    "activity": "start_on",
    "service_record": "served_on",
    "work_record": "recorded_on",
    "blood_result": "donated_on",
}
NOUNS = {"volunteer": "人", "team": "支", "membership": "人", "attendance": "人次", "coverage": "人"}
WORDS = {
    "team": "队伍", "membership": "队员", "insurance_policy": "保险单", "fund_entry": "收支", "disaster_prone": "认定",
    "responsibility": "分工", "office_parameter": "参数", "office": "项目", "venue": "阵地",
}  # fmt: skip
# The field that says which team a row belongs to.
TEAM_FIELD = {
    "membership": "team_id", "training": "team_id", "coverage": "team_id", "fund_entry": "team_id",
    "activity": "host_team_id",
}  # fmt: skip
EMPTY_WORDS = {
    "membership": "还没有队员。填身份证号、姓名、手机就能新增一名，也可以从 Excel 复制多行，到这里粘贴。",
    "training": "还没有面向本队的培训。登记一次培训，勾上到场的人就行。",
    "coverage": "本队还没有人有保险记录。到“成员”里选中要投保的人，点“续保”。",
    "fund_entry": "还没有记过账。记一笔收入或支出，可以把凭证照片拖进来。",
    "activity": "还没有本队主办的活动。新增活动后，可以粘贴微信接龙登记时长。",
}
# What is done about a finding, by the record that puts it right.
VERBS = {
    "insurance_policy": "去投保", "coverage": "去续保", "training": "登记培训", "fund_entry": "去记账", "volunteer": "去补录",
    "team": "去完善", "work_record": "去登记", "activity": "登记活动", "membership": "看队员", "service_record": "登记时长",
    "venue": "登记阵地", "blood_target": "填目标", "blood_result": "填完成", "responsibility": "填分工", "office": "去填写",
}  # fmt: skip


def verb(record: str | None, page: str) -> str:
    """Return what the button of a finding says, by the record that puts it right and the name of that record's page."""
    return VERBS.get(record or "", f"去{page}" if page else "看条款")
