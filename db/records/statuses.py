"""The words for verdicts and for how strongly a clause binds: code → what a person reads (glossary)."""

STRENGTHS = {"mandatory": "须", "encouraged": "鼓励", "permitted": "可", "information": "信息"}

STATUSES = {
    "met": "达标",
    "partial": "部分达标",
    "not_met": "未达标",
    "in_progress": "推进中",
    "not_due": "未到期",
    "not_applicable": "不适用",
    "missing_data": "待补数据",
    "missing_evidence": "待补证据",
    "explain": "需说明",
    "attention": "需关注",
    "recorded": "仅记录",
}
