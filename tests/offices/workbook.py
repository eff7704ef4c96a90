"""The workbook of an office: one sheet per record, clean or as people keep it."""

import datetime as dt
import random
import re
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.oracle.base import Office, Row, Value

SHEETS: dict[str, tuple[str, ...]] = {
    sheet: tuple(headings.split())
    for sheet, headings in {
        "本会情况": "项目 内容 起始日期",
        "灾害多发认定": "起始日期 终止日期 依据文件",
        "责任分工": "事项 责任类别 姓名或单位 起始日期 终止日期 依据文件",
        "志愿服务队伍": (
            "队伍名称 队伍编号 主管单位 主管单位类型 上级队伍 队伍类型 主要领域 其他领域 成立日期 撤销日期 "
            "暂停起始日期 暂停终止日期 队长 队长电话 志愿者网团体编号 志愿者网注册日期 民政登记状态 "
            "民政登记日期 统一社会信用代码 正式党员数 预备党员数 党员数统计日期 党组织名称 党组织类型 "
            "党组织成立日期 党组织撤销日期 备注"
        ),
        "党员统计": "队伍名称 统计日期 正式党员数 预备党员数",
        "志愿者": (
            "姓名 证件类型 证件号码 性别 出生日期 手机号码 登记日期 退出日期 志愿者网编号 志愿者网注册日期 "
            "来源身份 监护人姓名 监护人电话 信息核实日期 期初服务时长（小时） 期初截至日期 备注"
        ),
        "队员": "队伍名称 姓名 证件号码 职务 入队日期 退队日期",
        "培训": (
            "培训编号 培训名称 培训类别 开始日期 结束日期 学时 地点 举办单位 面向队伍 授课师资 "
            "含无偿献血科普 参训人次 备注"
        ),
        "参训人员": "培训编号 姓名 证件号码 队伍名称 实到学时 结果 证书名称 证书编号 发证日期 有效期至",
        "保险单": "保单号 保险公司 险种 投保人 承保方式 起始日期 终止日期 每人保额（元） 保费（元） 经费来源 备注",
        "被保险人": "保单号 姓名 证件号码 队伍名称 保障起始日期 保障终止日期",
        "经费收支": "日期 队伍名称 收支方向 科目 资金来源 金额（元） 定向用途 对方单位 凭证号 冲销凭证号 摘要",
        "物资收发": "日期 队伍名称 收发方向 物资名称 规格 计量单位 数量 折价（元） 捐赠人或受助对象 凭证号 摘要",
        "活动": (
            "活动编号 活动名称 活动类别 主题 开始日期 结束日期 地点 场所类型 主办队伍 参与队伍 纪念日 冬季宣传 "
            "与血站合作 与卫健部门合作 有人身危险 受众人次 备注"
        ),
        "服务记录": "姓名 证件号码 队伍名称 活动编号 服务日期 服务时长（小时） 服务内容 有证明材料 志愿者网已同步",
        "工作记录": "类别 日期 标题 队伍名称 对方单位 对方类别 主题 子类 形式或渠道 数量 有效期起 有效期止 文号 备注",
        "阵地场所": "名称 类型 队伍名称 启用日期 停用日期 功能",
        "街镇": "名称 区划代码",
        "献血目标": (
            "年度 单位或街镇 口径 目标人份 职工人数 无工作单位公民人数 拟动员人数 应急血源储备人份 储备上报日期"
        ),
        "献血完成": "日期 单位或街镇 口径 人次 毫升数",
    }.items()
}
"""Every sheet of the workbook with its headings, in order."""


KEYS: dict[str, tuple[str, ...]] = SHEETS | {
    sheet: tuple(headings.split())
    for sheet, headings in {
        "本会情况": "项目 起始日期",
        "志愿服务队伍": "队伍名称",
        "党员统计": "队伍名称 统计日期",
        "志愿者": "证件号码",
        "队员": "队伍名称 证件号码 入队日期",
        "培训": "培训编号",
        "保险单": "保单号",
        "参训人员": "培训编号 证件号码",
        "被保险人": "保单号 证件号码 保障起始日期",
        "活动": "活动编号",
        "经费收支": "凭证号 日期 队伍名称 收支方向 金额（元）",
        "责任分工": "事项 责任类别 姓名或单位 起始日期",
        "工作记录": "类别 日期 标题 队伍名称",
        "阵地场所": "名称 类型",
        "献血目标": "年度 单位或街镇 口径",
        "街镇": "名称",
    }.items()
}
"""What makes two rows of a sheet the same record; without a key of its own, the whole row.

Equal rows of 经费收支 and 物资收发 are nonetheless that many entries.
"""

_ID_COLUMNS = ("证件号码",)
_PHONES = ("手机号码", "队长电话", "监护人电话")
_MONEY = ("金额（元）", "每人保额（元）", "保费（元）")
_NAMES = ("姓名", "队伍名称", "主管单位", "上级队伍", "主办队伍", "面向队伍")
_MULTIPLE = (("志愿服务队伍", "其他领域"), ("志愿者", "来源身份"), ("工作记录", "主题"))
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_REQUIRED = {
    sheet: tuple(headings.split())
    for sheet, headings in {
        "本会情况": "项目",
        "灾害多发认定": "起始日期",
        "责任分工": "事项 责任类别 姓名或单位 起始日期",
        "志愿服务队伍": "队伍名称 主管单位 主要领域 成立日期",
        "党员统计": "队伍名称 统计日期 正式党员数",
        "志愿者": "姓名 证件号码 登记日期",
        "队员": "队伍名称 姓名 证件号码 入队日期",
        "培训": "培训编号 培训名称 培训类别 开始日期 学时",
        "参训人员": "培训编号 姓名 证件号码",
        "保险单": "保单号 保险公司 险种 承保方式 起始日期 终止日期",
        "被保险人": "保单号 姓名 证件号码",
        "经费收支": "日期 收支方向 科目 金额（元）",
        "物资收发": "日期 收发方向 物资名称 数量",
        "活动": "活动编号 活动名称 活动类别 开始日期",
        "服务记录": "姓名 证件号码 队伍名称 服务日期 服务时长（小时）",
        "工作记录": "类别 日期 标题",
        "阵地场所": "名称 类型 启用日期",
        "街镇": "名称",
        "献血目标": "年度 单位或街镇 口径 目标人份",
        "献血完成": "日期 单位或街镇 口径 人次 毫升数",
    }.items()
}
"""The columns that a sheet must have and a row must fill."""


def required(sheet: str) -> tuple[str, ...]:
    """The headings of a sheet that every row must fill."""
    return _REQUIRED[sheet]


def _messy_date(rng: random.Random, on: dt.date) -> str | int | dt.date:
    """One of the accepted ways to write a day."""
    plain = f"{on.year}-{on.month:02d}-{on.day:02d}"
    chinese = f"{on.year}年{on.month}月{on.day}日"
    return rng.choice(
        (
            on,
            on,
            plain,
            f" {plain} ",
            f"{on.year}/{on.month}/{on.day}",
            f"{on.year}/{on.month:02d}/{on.day:02d}",
            f"{on.year}.{on.month}.{on.day}",
            chinese,
            f"{on:%Y%m%d}",
            int(f"{on:%Y%m%d}"),
            plain.translate(_FULL_WIDTH),
            chinese.translate(_FULL_WIDTH),
        )
    )


def _messy_id(rng: random.Random, number: str) -> str:
    """The same document number in full width, with spaces or with a small x."""
    ways = [number, f" {number}", number.translate(_FULL_WIDTH), f"{number}\u3000"]
    if len(number) == 18:
        ways += [f"{number[:6]} {number[6:14]} {number[14:]}", number.replace("X", "x")]
    return rng.choice(ways)


def _messy_phone(rng: random.Random, number: str) -> str | int:
    """The same mobile number; landlines stay as they are."""
    if not re.fullmatch(r"1\d{10}", number):
        return number
    parts = (number[:3], number[3:7], number[7:])
    return rng.choice((number, "-".join(parts), " ".join(parts), f"+86 {number}", f"+86{number}", int(number)))


def _messy(rng: random.Random, sheet: str, heading: str, value: Value) -> Value:
    """A value as somebody might have typed it; it still means the same."""
    if isinstance(value, dt.date):
        return _messy_date(rng, value)
    if heading in _MONEY and isinstance(value, int | float):
        return rng.choice((value, f"{value:,.2f}", f"{value:,}", f" {value:.2f}"))
    if not isinstance(value, str):
        return value
    if heading in _ID_COLUMNS:
        return _messy_id(rng, value)
    if heading in _PHONES:
        return _messy_phone(rng, value)
    if (sheet, heading) in _MULTIPLE:
        return value.replace("；", rng.choice("；;、,，"))
    if heading in _NAMES:
        return rng.choice((value, value, f"{value} ", f"{value}\u3000", f"\u3000{value}"))
    return value


def _messy_heading(rng: random.Random, heading: str) -> str:
    inner = heading[:1] + rng.choice((" ", "\u3000")) + heading[1:]
    return rng.choice((heading, heading, heading, f"  {heading}", f"{heading}\u3000", inner))


def _fill_clean(sheet: Worksheet, headings: tuple[str, ...], rows: list[Row]) -> None:
    sheet.append(headings)
    for row in rows:
        sheet.append([row[heading] for heading in headings])
    for place, heading in enumerate(headings, start=1):
        if heading in _ID_COLUMNS or heading in _PHONES:
            for (cell,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place):
                cell.number_format = "@"


def _fill_messy(rng: random.Random, sheet: Worksheet, headings: tuple[str, ...], rows: list[Row]) -> None:
    kind = sheet.title
    kept = [
        heading
        for heading in headings
        if heading in required(kind) or any(row[heading] is not None for row in rows) or rng.random() < 0.7
    ]
    rng.shuffle(kept)
    stranger = rng.randrange(len(kept) + 1) if rng.random() < 0.4 else None
    shown = [_messy_heading(rng, heading) for heading in kept]
    if stranger is not None:
        shown.insert(stranger, "经办人签字")
    top = 1
    if rng.random() < 0.6:
        sheet.append([f"{kind}登记表"])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(shown))
        sheet.append(["填报单位：", None, "填报时间：2026.10.8"][: max(1, len(shown))])
        top = rng.choice((3, 4))  # with or without a blank row
    for place, heading in enumerate(shown, start=1):
        sheet.cell(top, place, heading)
    for down, row in enumerate(rows, start=top + 1):
        cells = [_messy(rng, kind, heading, row[heading]) for heading in kept]
        if stranger is not None:
            cells.insert(stranger, rng.choice(("老周", None)))
        for place, value in enumerate(cells, start=1):
            if value is not None:
                sheet.cell(down, place, value)


def write_workbook(office: Office, path: str | Path, messy: bool = False, seed: int = 0) -> None:
    """Writes the office as a workbook: tidy, or (`messy`) as people keep their lists, with the same meaning.

    Tidy: headings in row 1, true dates, every sheet and every column.  Messy: titles above the headings, shuffled
    columns, an unknown column, empty sheets left out, and values in every accepted shape; `seed` picks the shapes.
    """
    rng = random.Random(seed)
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    kinds = [kind for kind in SHEETS if not messy or office[kind]]
    if messy:
        rng.shuffle(kinds)
    for kind in kinds:
        sheet = book.create_sheet(kind)
        if messy:
            _fill_messy(rng, sheet, SHEETS[kind], office[kind])
        else:
            _fill_clean(sheet, SHEETS[kind], office[kind])
    book.save(path)
