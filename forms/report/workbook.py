"""The quarter's workbook for the level above: 汇总表, 队伍, 培训, 保险, 经费, 合规, 说明; ready to print on A4.

What adds up is a formula with its result beside it; where persons are counted once over several teams, no sum of rows is
true and the figure stands as a number. A hidden sheet holds the codes of all columns, for whoever combines many files.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from db.records.amounts import Money
from db.records.entities import BY_NAME
from db.records.kinds import Cell
from db.records.statuses import STRENGTHS
from db.rules.register import MODES
from forms.excel.workbook import Book
from forms.report import quarterly
from forms.report.figure_labels import COLLECTED_LABELS, LABELS, UNKNOWN, for_period
from forms.report.figure_register import MEANINGS
from forms.report.problem_text import due, in_quarters
from forms.report.province_form import province_form
from forms.report.quarterly import QuarterData
from forms.report.situation import annexed, article, outcome, problems, situation, tight, whole_name
from forms.report.statistical_form import Form, FormColumn, Sum, letter, number

FORM_VERSION = "1"
KEY_SHEET = "数据键"
READS = ("trainings", "policies", "entries")  # of `db.queries.paper_rows`

_TEAM_COLUMNS = (
    FormColumn("number", "序号", 5, "mark"), FormColumn("team", "队伍名称", 23), FormColumn("primary_domain", "主要领域", 12.5),
    FormColumn("members_start", "季初", 6.5, "whole", "在队（人次）"), FormColumn("members_joined", "入队", 6.5, "whole", "在队（人次）"),
    FormColumn("members_left", "退队", 6.5, "whole", "在队（人次）"), FormColumn("members_end", "季末", 6.5, "whole", "在队（人次）"),
    FormColumn("persons_end", "在队人数", 8.5, "whole", "季末（人）"), FormColumn("insured_end", "在保", 6.5, "whole", "季末（人）"),
    FormColumn("uninsured_end", "未保", 6.5, "whole", "季末（人）"), FormColumn("trainings", "期数", 7, "whole", "培训"),
    FormColumn("training_person_times", "人次", 7, "whole", "培训"), FormColumn("training_persons", "人数", 6.5, "whole", "培训"),
    FormColumn("training_minutes", "人学时", 9, "hours", "培训"), FormColumn("income_fen", "本季收入", 12.5, "money", "经费（元）"),
    FormColumn("expense_fen", "本季支出", 12.5, "money", "经费（元）"), FormColumn("income_ytd_fen", "本年收入", 12.5, "money", "经费（元）"),
    FormColumn("expense_ytd_fen", "本年支出", 12.5, "money", "经费（元）"), FormColumn("balance_fen", "季末结余", 12.5, "money", "经费（元）"),
    FormColumn("activities", "活动次数", 6.5, "whole", "活动和服务"), FormColumn("service_persons", "人数", 6.5, "whole", "活动和服务"),
    FormColumn("service_person_times", "人次", 6.5, "whole", "活动和服务"), FormColumn("service_minutes", "小时", 9, "hours", "活动和服务"),
    FormColumn("note", "备注", 8),
)  # fmt: skip
# What belongs to exactly one team each: only these may be added up from row to row.
ADDITIVE = frozenset((
    "members_start", "members_joined", "members_left", "members_end", "income_fen", "expense_fen", "income_ytd_fen",
    "expense_ytd_fen", "balance_fen", "service_person_times", "service_minutes",
))  # fmt: skip
_TONES = {"met": "#2C6B46", "not_met": "#A63A2C", "partial": "#855300", "explain": "#855300", "missing_data": "#855300"}

Rows = Sequence[Mapping[str, Any]]


def quarterly_book(data: QuarterData, rows: Mapping[str, Rows]) -> bytes:
    """Return the workbook; `rows` are the quarter's lists by the name of their read."""
    book = Book(data.title)
    forms = [
        province_form(book, data), _teams(book, data), _trainings(book, data, rows["trainings"]),
        _policies(book, data, rows["policies"]), _money(book, data, rows["entries"]), _checks(book, data),
    ]  # fmt: skip
    _guide(book, data)
    _keys(book, data, forms)
    return book.done()


def _teams(book: Book, data: QuarterData) -> Form:
    form = Form(
        book, "队伍", f"{data.quarter.label}红十字志愿服务队伍情况表", data, _TEAM_COLUMNS, unit="人、人次、期、人学时、份、元、次、小时",
        numbered=True,
    )  # fmt: skip
    begun = form.row + 1
    parts: list[int] = []  # the rows that make up the total
    for line in quarterly.team_lines(data):
        cells: list[Cell | Sum] = []
        for i, column in enumerate(_TEAM_COLUMNS):
            if column.code in line.figures and column.form != "text":
                value = number(column.code, line.figures[column.code])
                formula = _sum_formula(i, line.style, begun, form.row, parts)
                cells.append(Sum(formula, value) if formula and column.code in ADDITIVE else value)
            elif column.form in ("whole", "money", "hours"):
                cells.append("—")
            else:
                cells.append({"number": int(line.number) if line.number else None, "team": line.name,
                              "primary_domain": line.domain, "note": line.note}[column.code])  # fmt: skip
        row = form.add(cells, strong=line.style != "row")
        if line.style == "subtotal":
            parts.append(row)
            begun = row + 1
    form.finish(quarterly.TEAM_NOTES)
    return form


def _sum_formula(column: int, style: str, begun: int, last: int, parts: Sequence[int]) -> str:
    """Return how a sub-total or the total comes about: from the rows above, or from the sub-totals."""
    at = letter(column)
    if style == "subtotal" and last >= begun:
        return f"=SUM({at}{begun}:{at}{last})"
    # A sum passes over the dashes of what 本会共用 cannot have; a plus would not.
    return f"=SUM({','.join(f'{at}{row}' for row in parts)})" if style == "total" else ""


def _trainings(book: Book, data: QuarterData, rows: Rows) -> Form:
    columns = (
        FormColumn("number", "序号", 6, "mark"), FormColumn("code", "培训编号", 14, "code"), FormColumn("name", "培训名称", 30),
        FormColumn("category", "类别", 14), FormColumn("start_on", "开始日期", 12, "day"), FormColumn("end_on", "结束日期", 12, "day"),
        FormColumn("place", "地点", 18), FormColumn("organiser", "举办单位", 20), FormColumn("team", "面向队伍", 22),
        FormColumn("class_minutes", "学时", 9, "hours"), FormColumn("person_times", "参训人次", 10, "whole"),
        FormColumn("passed", "合格人数", 10, "whole"), FormColumn("minutes", "人学时", 11, "hours"),
    )  # fmt: skip
    form = Form(book, "培训", f"{data.quarter.label}培训情况表", data, columns, unit="期、人次、人、人学时", frozen=3)
    kind = BY_NAME["training"]["category"]
    for n, row in enumerate(rows, 1):
        form.add([
            n, row["code"], row["name"], kind.show(row["category"]), row["start_on"], row["end_on"], row["place"],
            row["organiser"], row["team"], (row["class_minutes"] or 0) / 60, row["person_times"], _known(row["passed"]),
            number("minutes_minutes", row["minutes"]),
        ])  # fmt: skip
    _total(form, {
        "person_times": sum(r["person_times"] for r in rows), "passed": sum(r["passed"] or 0 for r in rows),
        "minutes": sum(r["minutes"] or 0 for r in rows) / 60,
    })  # fmt: skip
    f = data.figures["office"]
    form.finish((
        f"本季度开展培训{f['trainings']}期；没有名单、也没有参训人次的培训照列，但不计入期数。",
        "缺席和请假的不计入参训人次；未留存名册的按参训人次计，不计人学时。",
    ))  # fmt: skip
    return form


def _policies(book: Book, data: QuarterData, rows: Rows) -> Form:
    columns = (
        FormColumn("number", "序号", 6, "mark"), FormColumn("policy_number", "保险单号", 24, "code"),
        FormColumn("insurer", "保险公司", 26), FormColumn("product", "险种", 18), FormColumn("policyholder", "投保人", 20),
        FormColumn("cover_mode", "承保方式", 12), FormColumn("start_on", "起始日期", 12, "day"),
        FormColumn("end_on", "终止日期", 12, "day"), FormColumn("sum_insured_fen", "每人保额（元）", 15, "money"),
        FormColumn("premium_fen", "保费（元）", 14, "money"), FormColumn("persons", "季末在保（人）", 13, "whole"),
    )  # fmt: skip
    form = Form(book, "保险", f"{data.quarter.label}保险情况表", data, columns, unit="份、人、元")
    kind = BY_NAME["insurance_policy"]["cover_mode"]
    for n, row in enumerate(rows, 1):
        form.add([
            n, row["policy_number"], row["insurer"], row["product"], row["policyholder"], kind.show(row["cover_mode"]),
            row["start_on"], row["end_on"], _yuan(row["sum_insured_fen"]), _yuan(row["premium_fen"]), row["persons"],
        ])  # fmt: skip
    _total(form, {"premium_fen": sum(_yuan(r["premium_fen"]) or 0.0 for r in rows)})
    f = data.figures["office"]
    form.finish((
        f"季末在队{f['persons_end']:,}人，其中在保{f['insured_end']:,}人、未保{f['uninsured_end']:,}人；同一人有几份保障的只计一次，各单人数不相加。",
        "按活动投保的和平台自动承保的保险单没有名单，季末在保一栏不反映其人数。",
    ))  # fmt: skip
    return form


def _money(book: Book, data: QuarterData, rows: Rows) -> Form:
    columns = (
        FormColumn("number", "序号", 6, "mark"), FormColumn("entry_on", "日期", 12, "day"),
        FormColumn("voucher", "凭证号", 14, "code"), FormColumn("team", "队伍", 26), FormColumn("category", "类别", 14),
        FormColumn("fund_source", "来源", 14), FormColumn("summary", "摘要", 34), FormColumn("income_fen", "收入（元）", 15, "money"),
        FormColumn("expense_fen", "支出（元）", 15, "money"),
    )  # fmt: skip
    form = Form(book, "经费", f"{data.quarter.label}经费收支情况表", data, columns, unit="元", frozen=3)
    source = BY_NAME["fund_entry"]["fund_source"]
    for n, row in enumerate(rows, 1):
        paid_in = row["direction"] == "income"
        form.add([
            n, row["entry_on"], row["voucher"], row["team"] or "本会共用", row["category"], source.show(row["fund_source"]),
            row["summary"], _yuan(row["amount_fen"]) if paid_in else None, None if paid_in else _yuan(row["amount_fen"]),
        ])  # fmt: skip
    f = data.figures["office"]
    _total(
        form,
        {name: float(number(name, f[name])) for name in ("income_fen", "expense_fen")},
    )
    form.finish((
        f"本年累计收入{Money().show(f['income_ytd_fen'])}元，支出{Money().show(f['expense_ytd_fen'])}元；季末结余{Money().show(f['balance_fen'])}元。",
        "冲销记在被冲销的方向，以负数列示。",
    ))  # fmt: skip
    return form


def _known(value: int | None) -> int | str:
    return UNKNOWN if value is None else value


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else float(Decimal(fen) / 100)


def _total(form: Form, sums: Mapping[str, float]) -> None:
    """Add the row of sums under a list; without rows they are plain noughts."""
    first, last = form.first + 1, form.row
    cells: list[Cell | Sum] = []
    for i, column in enumerate(form.columns):
        if column.code in sums:
            at = form.column(column.code)
            value = sums[column.code]
            cells.append(Sum(f"=SUM({at}{first}:{at}{last})", value) if last >= first else value)
        else:
            cells.append("合计" if i == 0 else None)
    form.add(cells, strong=True)


def _checks(book: Book, data: QuarterData) -> Form:
    columns = (
        FormColumn("number", "序号", 6, "mark"), FormColumn("article", "条款", 20), FormColumn("title", "要求", 28),
        FormColumn("quotation", "原文（摘）", 38), FormColumn("strength", "性质", 8, "mark"), FormColumn("mode", "判定", 10, "mark"),
        FormColumn("situation", "本会情况", 44), FormColumn("status", "结果", 12, "mark"), FormColumn("due", "整改时限", 16, "mark"),
        FormColumn("clause", "编号", 13, "code"),
    )  # fmt: skip
    form = Form(book, "合规", f"{data.quarter.label}合规自查表", data, columns, frozen=3)
    wrong = {r.clause.id for r in problems(data.results)}
    number = 0
    for source, results in groupby(annexed(data.results, whole=data.lists_all), lambda r: r.clause.source):
        form.head(whole_name(source))
        for r in results:
            number += 1
            form.add([
                number, article(r.clause), tight(r.clause.title), r.clause.quotation, STRENGTHS[r.clause.strength],
                MODES[r.clause.mode], in_quarters(situation(r), r, data, whole=True), outcome(r), due(r, data) if r.clause.id in wrong else "",
                r.clause.id,
            ], tone={7: _TONES.get(r.status, "#645D54")})  # fmt: skip
    form.finish()
    return form


def _guide(book: Book, data: QuarterData) -> None:
    sheet = book.book.add_worksheet("说明")
    sheet.set_column(0, 0, 100)
    quarter = data.quarter
    span = f"{quarterly.chinese_date(quarter.start)}至{quarterly.chinese_date(data.as_of)}"
    lines = [
        f"本表由台账生成，统计期间为{span}；“季末”指{quarterly.chinese_date(data.as_of)}。",
        "人数：每人只计一次。人次：按次数累计。两者不能相互替代。",
        "在队：入队日期不晚于当日，且没有退队或退队日期晚于当日。季末＝季初＋入队－退队。",
        "在保：当日有效的记名保障，或平台自动承保且已填志愿者网编号；按活动投保的不计入。",
        "参训：结果为缺席、请假的不计；没有参训人员名单的培训只计参训人次。",
        "经费：单位为元；冲销记在被冲销的方向，以负数列示。结余为截至季末的全部收入减全部支出。",
        "队伍表的小计和合计：在队人次、服务人次、服务时长和经费是求和公式；人数、期数、次数、参训人次和人学时要去掉重复，直接填数，不一定等于各行之和。",
        "审核关系：队伍表 4栏＝1栏＋2栏－3栏；5栏＝6栏＋7栏。汇总表的审核关系在表下，由公式自己核对。",
        *quarterly.TEAM_NOTES,
    ]
    names = LABELS | COLLECTED_LABELS
    lines += [f"{names[key]}：{meaning}。" for key, meaning in MEANINGS.items()]
    sheet.write_string(0, 0, "填表说明", book.style(font_size=16, bold=True, align="center"))
    sheet.set_row(0, 30)
    for i, text in enumerate(lines, 1):
        text = for_period(text, quarter)
        sheet.write_string(i, 0, f"{i}. {text}", book.style(text_wrap=True))
        sheet.set_row(i, 22 if len(text) < 48 else 36)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.print_area(0, 0, len(lines), 0)


def _keys(book: Book, data: QuarterData, forms: Sequence[Form]) -> None:
    """A hidden sheet for programs: whose file, which quarter, and the code of every column."""
    sheet = book.book.add_worksheet(KEY_SHEET)
    lines = [
        ("version", FORM_VERSION, "", ""), ("office", data.name, "", ""),
        ("division_code", data.office.get("division_code", ""), "", ""), ("quarter", str(data.quarter), "", ""),
    ]  # fmt: skip
    for form in forms:
        lines += [("column", form.name, form.column(c.code), c.code) for c in form.columns]
        lines.append(("first_row", form.name, "", str(form.first + 1)))
        lines += [("row", form.name, str(row), name) for name, row in form.keys.items()]
    text = book.style(num_format="@")
    for row, cells in enumerate(lines):
        for i, cell in enumerate(cells):
            sheet.write_string(row, i, cell, text)
    sheet.hide()
