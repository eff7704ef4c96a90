"""Spreadsheets as offices keep them: named shapes and faults, each with the right answer.

A shape is written by its function and says what an import into a small known office must give: how many rows of each
record go in and are refused, which cells are at fault, and words that the notes must contain.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from db.records.identity import check_digit
from db.records.kinds import Cell

Rows = Sequence[Sequence[Cell]]


def number(serial: int) -> str:
    """Return a sound invented document number."""
    body = f"99012319900307{serial:03d}"
    return body + check_digit(body)


KNOWN: dict[str, Rows] = {
    "本会情况": [("项目", "内容"), ("单位名称", "某县红十字会"), ("层级", "县级")],
    "志愿服务队伍": [
        ("队伍名称", "主管单位", "主要领域", "成立日期"),
        ("水上救援队", "某县红十字会", "应急救援", "2020-01-01"),
        ("山地救援队", "某县红十字会", "应急救援", "2020-01-01"),
    ],
    "保险单": [
        ("保单号", "保险公司", "险种", "承保方式", "起始日期", "终止日期"),
        ("PA-1", "某保险公司", "意外险", "记名名单", "2026-01-01", "2026-12-31"),
    ],
}  # fmt: skip
"""What the ledger holds before a shape is imported."""

NAMES = "张三 李四 王五 赵六 钱七 孙八 周九 吴十 郑一 冯二".split()
HEAD = ("姓名", "证件号码", "手机号码", "登记日期")
ROSTER = (*HEAD, "队伍名称", "职务", "入队日期")
INSURED = (*ROSTER, "保单号", "保障起始日期", "保障终止日期")


def person(i: int) -> tuple[Cell, ...]:
    """One volunteer's cells in the order of `HEAD`."""
    return NAMES[i], number(i), f"1990000000{i}", "2021-05-01"


def people(count: int, start: int = 0) -> list[tuple[Cell, ...]]:
    """Several volunteers."""
    return [person(i) for i in range(start, start + count)]


def member(i: int, team: Cell = "水上救援队", joined: Cell = "2022-03-01") -> tuple[Cell, ...]:
    """A volunteer with a team, in the order of `ROSTER`."""
    return (*person(i), team, "队员", joined)


@dataclass(frozen=True)
class Expected:
    """The right answer: kind → (added, refused); or `trouble`, words of the one sentence that refuses the file."""

    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    problems: tuple[tuple[int, str], ...] = ()  # (row, column) of every refused cell
    unknown: tuple[str, ...] = ()
    trouble: str = ""
    unchanged: int = 0


@dataclass(frozen=True)
class Shape:
    """A file to be written into a folder, and the right answer."""

    write: Callable[[Path], Path]
    expected: Expected


def book(path: Path, rows: Rows, sheet: str = "名单", change: Callable[[Worksheet], None] | None = None) -> Path:
    """Write one sheet of rows, then let `change` merge or hide."""
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append([None if c == "" else c for c in row])
    if change:
        change(made.active)
    made.save(path)
    made.close()
    return path


SHAPES: dict[str, Shape] = {}


def shape(
    name: str, rows: Rows, counts: dict[str, tuple[int, int]], *, sheet: str = "名单",
    change: Callable[[Worksheet], None] | None = None, notes: Sequence[str] = (),
    problems: Sequence[tuple[int, str]] = (), unknown: Sequence[str] = (), unchanged: int = 0,
) -> None:  # fmt: skip
    """Add a shape that is one sheet of rows."""
    expected = Expected(counts, tuple(notes), tuple(problems), tuple(unknown), unchanged=unchanged)
    SHAPES[name] = Shape(lambda folder: book(folder / "表.xlsx", rows, sheet, change), expected)


def text_file(name: str, content: bytes, expected: Expected, file: str = "名单.csv") -> None:
    """Add a shape that is given by its bytes."""

    def write(folder: Path) -> Path:
        (folder / file).write_bytes(content)
        return folder / file

    SHAPES[name] = Shape(write, expected)


def merge(*ranges: str) -> Callable[[Worksheet], None]:
    """Merge ranges."""

    def change(sheet: Worksheet) -> None:
        for at in ranges:
            sheet.merge_cells(at)

    return change


V2 = {"volunteer": (2, 0)}

# Where the table stands.
shape("headings in the first row", [HEAD, *people(2)], V2)
shape("a title and a 填报单位 line above", [("志愿者花名册",), ("填报单位：某县", "", "2026年"), HEAD, *people(2)], V2)
shape("a merged title", [("志愿者花名册",), HEAD, *people(2)], V2, change=merge("A1:D1"))
shape("a title two rows high", [("志愿者花名册",), (), HEAD, *people(2)], V2, change=merge("A1:D2"))
shape("blank rows above and between", [(), (), HEAD, (), person(0), (), (), person(1)], V2)
shape("blank columns on the left", [("", "", *HEAD), *[("", "", *p) for p in people(2)]], V2)
shape("a blank column in the middle", [(*HEAD[:2], "", *HEAD[2:]), *[(*p[:2], "", *p[2:]) for p in people(2)]], V2)
shape(
    "totals and signatures below",
    [HEAD, *people(2), ("合 计", "2人"), ("共2人",), (), ("填表人：某某", "", "审核人：某某"), ("注：名单截至年底",)],
    V2, notes=["跳过 4 行"],
)  # fmt: skip
shape("a subtotal in the middle", [HEAD, person(0), ("小计", "1"), person(1)], V2, notes=["跳过 1 行"])
shape("headings repeated on every page", [HEAD, person(0), HEAD, person(1)], V2, notes=["重复的表头"])
shape("headings repeated after a blank row", [HEAD, person(0), (), HEAD, person(1)],
      {"volunteer": (1, 0), "volunteer 2": (1, 0)}, notes=["另一个表"])  # fmt: skip
shape("an empty list", [HEAD], {"volunteer": (0, 0)})
shape("a far corner cell", [HEAD, *people(2)], V2,
      change=lambda s: s.cell(1_048_576, 16_384, "x") and None)  # fmt: skip

# Headings.
shape("headings with line breaks and spaces", [("姓 名", "证件\n号码", "手机\r\n号码", "登 记\n日 期"), *people(2)], V2)
shape("headings with stars, numbers and brackets",
      [("1.姓名*", "2、证件号码（必填）", "3.手机号码[11位]", "4.登记日期：",), *people(2)], V2)  # fmt: skip
shape("other offices' words", [("名字", "身份证号", "联系方式", "注册时间"), *people(2)], V2, notes=["按意思认出"])
shape("a serial column and a stranger", [("序号", *HEAD, "鞋码"), *[(i, *p, 42) for i, p in enumerate(people(2))]], V2,
      unknown=["序号", "鞋码"])  # fmt: skip
shape("columns in another order", [HEAD[::-1], *[p[::-1] for p in people(2)]], V2)
shape(
    "group heads over two rows",
    [("姓名", "证件号码", "联系信息", "", "登记日期"), ("", "", "电话", "地址", ""),
     *[(p[0], p[1], p[2], "某街", p[3]) for p in people(2)]],
    V2, change=merge("A1:A2", "B1:B2", "C1:D1", "E1:E2"), unknown=["地址"],
)  # fmt: skip
shape(
    "a group head over the first four columns",
    [("基本信息", "", "", "", "其他"), (*HEAD, "备注"), *people(2)], V2, change=merge("A1:D1"),
)  # fmt: skip
shape(
    "three rows of headings below a title",
    [("花名册",), ("个人", "", "联系", "", "登记日期"), ("姓名", "证件号码", "方式", "", ""), ("", "", "手机", "地址", ""),
     *[(p[0], p[1], p[2], "某街", p[3]) for p in people(2)]],
    V2, change=merge("A1:E1", "A2:B2", "C2:D2", "C3:D3", "A3:A4", "B3:B4", "E2:E4"), unknown=["地址"],
)  # fmt: skip
shape(
    "a guardian's name and phone below a group head",
    [("姓名", "证件号码", "监护人", "", "登记日期"), ("", "", "姓名", "电话", ""),
     *[(p[0], p[1], "家长某", "19900000099", p[3]) for p in people(2)]],
    V2, change=merge("A1:A2", "B1:B2", "C1:D1", "E1:E2"),
)  # fmt: skip
shape(
    "an emergency contact is not the volunteer",
    [("姓名", "证件号码", "紧急联系人", "", "登记日期"), ("", "", "姓名", "电话", ""),
     *[(p[0], p[1], "家长某", "x", p[3]) for p in people(2)]],
    V2, change=merge("A1:A2", "B1:B2", "C1:D1", "E1:E2"), unknown=["姓名", "电话"],
)  # fmt: skip
shape("two rows of headings without merges",
      [("姓名", "证件号码", "联系", "", "登记日期"), ("", "", "手机", "地址", ""),
       *[(p[0], p[1], p[2], "某街", p[3]) for p in people(2)]], V2, unknown=["地址"])  # fmt: skip

# Merged data and blanks.
TEAM_FIRST = ("队伍名称", "姓名", "证件号码", "入队日期", *HEAD[3:])
BY_TEAM = [("水上救援队" if i == 0 else "", NAMES[i], number(i), "2022-03-01", "2021-05-01") for i in range(3)]
shape("a team merged over its members", [TEAM_FIRST, *BY_TEAM], {"volunteer": (3, 0), "membership": (3, 0)},
      change=merge("A2:A4"), notes=["“队伍名称”列有合并单元格", "其余 2 行"])  # fmt: skip
shape("a team in its first row only, not merged", [TEAM_FIRST, *BY_TEAM], {"volunteer": (3, 0), "membership": (1, 2)},
      problems=[(3, "队伍名称"), (4, "队伍名称")])  # fmt: skip
shape(
    "a merged amount is not counted twice",
    [("日期", "收支方向", "科目", "金额（元）"), ("2026-03-01", "支出", "培训费", 100), ("2026-03-02", "支出", "物资", "")],
    {"fund_entry": (1, 1)}, change=merge("D2:D3"), problems=[(3, "金额（元）")], notes=["金额不重复计入"],
)  # fmt: skip
shape("a merged total line", [HEAD, *people(2), ("合计：2人",)], V2, change=merge("A4:D4"), notes=["跳过 1 行"])

# Hidden things.


def _hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True


def _hide_sheet(sheet: Worksheet) -> None:
    sheet.parent.create_sheet("说明页").append(["看这里"])
    sheet.parent.active = 1
    sheet.sheet_state = "hidden"


shape("a hidden row and a hidden column", [HEAD, *people(2)], V2, change=_hide, notes=["1 行是隐藏的", "1 列是隐藏的"])
shape("a hidden sheet", [HEAD, *people(2)], V2, change=_hide_sheet, notes=["工作表是隐藏的"])

# Several tables, several records.
TEAMS = [("队伍名称", "主管单位", "主要领域", "成立日期"), ("新队", "某县红十字会", "应急救援", "2024-01-01")]
shape("another record's table below", [HEAD, *people(2), (), ("二、队伍",), TEAMS[0], TEAMS[1]],
      {"volunteer": (2, 0), "team": (1, 0)}, notes=["表头在第 6 行"])  # fmt: skip
shape("a fault in the lower table has its own row number",
      [HEAD, *people(2), (), (), TEAMS[0], ("甲队", "某县红十字会", "应急抢险", "2024-01-01")],
      {"volunteer": (2, 0), "team": (0, 1)}, problems=[(7, "主要领域")])  # fmt: skip
shape("three tables with titles apart",
      [("一、志愿者",), HEAD, person(0), (), ("二、队伍",), (), *TEAMS, (), ("三、街镇",), ("街镇名称", "区划代码"), ("某镇", "01")],
      {"volunteer": (1, 0), "team": (1, 0), "township": (1, 0)})  # fmt: skip
shape("a roster with teams", [ROSTER, member(0), member(1)], {"volunteer": (2, 0), "membership": (2, 0)})
shape("a roster with teams and policies",
      [INSURED, (*member(0), "PA-1", "2026-01-01", "2026-12-31"), (*member(1), "PA-1", "2026-02-01", "2026-12-31")],
      {"volunteer": (2, 0), "membership": (2, 0), "coverage": (2, 0)})  # fmt: skip
shape("a roster named as volunteers", [ROSTER, member(0)], {"volunteer": (1, 0), "membership": (1, 0)}, sheet="志愿者")
shape("a roster without 入队日期", [ROSTER[:6], member(0)[:6], member(1)[:6]], V2, notes=["没有“入队日期”列"],
      unknown=["队伍名称", "职务"])  # fmt: skip
shape("not everyone is in a team", [ROSTER, member(0), (*person(1), "", "", "")],
      {"volunteer": (2, 0), "membership": (1, 0)}, notes=["1 行没有填写“队员”"])  # fmt: skip
shape("one person in two teams", [ROSTER, member(0), member(0, "山地救援队")],
      {"volunteer": (1, 0), "membership": (2, 0)}, unchanged=1)  # fmt: skip
shape("a roster row with two faults", [ROSTER, member(0), (*person(1)[:3], "2021.5", "没有的队", "队员", "2022-01-01")],
      {"volunteer": (1, 1), "membership": (1, 1)}, problems=[(3, "登记日期"), (3, "证件号码"), (3, "队伍名称")])  # fmt: skip
shape("one date column is not read twice", [(*HEAD[:2], "队伍名称", "加入日期"), (*person(0)[:2], "水上救援队", "2021-05-01")],
      {"volunteer": (1, 0), "membership": (1, 0)})  # fmt: skip
shape("policy dates below a group head",
      [(*HEAD, "保单号", "保障期", ""), ("", "", "", "", "", "起", "止"), (*person(0), "PA-1", "2026-01-01", "2026-12-31")],
      {"volunteer": (1, 0), "coverage": (1, 0)},
      change=merge("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:G1"))  # fmt: skip

# Side by side, and lines that name the team of the rows below.
shape("the same headings side by side", [("花名册",), (*HEAD, "", *HEAD), (*person(0), "", *person(1)), (*person(2), "")],
      {"volunteer": (2, 0), "volunteer 2": (1, 0)}, notes=["右侧的另一个表"])  # fmt: skip
shape("the same headings side by side without a gap", [(*HEAD, *HEAD), (*person(0), *person(1)), (*person(2), *person(3))],
      {"volunteer": (2, 0), "volunteer 2": (2, 0)})  # fmt: skip
shape("another record's table beside", [(*HEAD, "", *TEAMS[0]), (*person(0), "", *TEAMS[1]), person(1)],
      {"volunteer": (2, 0), "team": (1, 0)}, notes=["从第 6 列起"])  # fmt: skip
shape("a fault in the right one", [(*HEAD, "", *HEAD), (*person(0), "", *person(1)[:3], "2021.5")],
      {"volunteer": (1, 0), "volunteer 2": (0, 1)}, problems=[(2, "登记日期")])  # fmt: skip
GROUPED = (*HEAD, "入队日期")
shape("lines that name the team of the rows below",
      [GROUPED, ("一、水上救援队（2人）",), *[(*p, "2022-03-01") for p in people(2)], ("二、山地救援队",), (*person(2), "2022-03-01")],
      {"volunteer": (3, 0), "membership": (3, 0)}, notes=["2 行分组标题作为“队伍名称”填到下面的 3 行"])  # fmt: skip
shape("a team's line in a table that has a team column",
      [(*HEAD, "队伍名称", "入队日期"), ("队伍：水上救援队",), (*person(0), "", "2022-03-01"), (*person(1), "山地救援队", "2022-03-01")],
      {"volunteer": (2, 0), "membership": (2, 0)}, notes=["填到下面的 1 行"])  # fmt: skip
shape("a merged team line", [GROUPED, ("水上救援队",), (*person(0), "2022-03-01")],
      {"volunteer": (1, 0), "membership": (1, 0)}, change=merge("A2:E2"))  # fmt: skip
shape("a group line that is no team", [HEAD, ("（一）在册人员",), *people(2)], V2, notes=["跳过 1 行分组标题"])
shape("a name alone is a faulty row", [HEAD, person(0), ("王小明",)], {"volunteer": (1, 1)},
      problems=[(3, "证件号码"), (3, "登记日期")])  # fmt: skip

# Values.
shape("a slip in a number", [HEAD, person(0), (NAMES[1], number(1).replace("0", "O", 1), None, "2021-05-01")],
      {"volunteer": (1, 1)}, problems=[(3, "证件号码")])  # fmt: skip
shape("a number that Excel ruined", [HEAD, person(0), (NAMES[1], 110101199003072900, None, "2021-05-01")],
      {"volunteer": (1, 1)}, problems=[(3, "证件号码")])  # fmt: skip
shape("dates in every shape",
      [HEAD, *[(*person(i)[:3], d) for i, d in enumerate((dt.date(2021, 5, 1), "2021/5/1", "2021.5.1", "2021年5月1日", 20210501))]],
      {"volunteer": (5, 0)})  # fmt: skip
shape("hours as a span of time",
      [("姓名", "证件号码", "队伍名称", "服务日期", "服务时长（小时）"), (*person(0)[:2], "水上救援队", "2026-03-01", dt.timedelta(hours=30)),],
      {"service_record": (0, 1)}, problems=[(2, "证件号码")])  # fmt: skip
shape(
    "formulas without a result",
    [HEAD, (*person(0)[:2], "=1+1", "2021-05-01")],
    {"volunteer": (1, 0)},
    notes=["1 个公式"],
)
shape("the same person twice with another phone", [HEAD, person(0), (*person(0)[:2], "19900000009", "2021-05-01")],
      {"volunteer": (1, 0)}, unchanged=1)  # fmt: skip

shape("two faults that have nothing to do with each other are told at once",
      [HEAD, (NAMES[1], number(1)[:-1] + "9876543210X"["0123456789X".index(number(1)[-1])], None, "2021.5")],
      {"volunteer": (0, 1)}, problems=[(2, "登记日期"), (2, "证件号码")])  # fmt: skip
shape("signatures in the columns of the data",
      [("序号", *HEAD), *[(i, *p) for i, p in enumerate(people(2))], ("审核人：王某", "", "填表人：李某", "", "填表日期：2026年9月30日")],
      V2, unknown=["序号"], notes=["跳过 1 行"])  # fmt: skip
shape("a signature line that begins with 负责人", [HEAD, *people(2), ("负责人：", "", "制表人：", "联系电话：0000")], V2,
      notes=["跳过 1 行"])  # fmt: skip

# Text files.
_CSV = "\r\n".join(",".join(map(str, r)) for r in (HEAD, *people(2)))
for _name, _content in {
    "UTF-8": _CSV.encode(), "UTF-8 with a mark": _CSV.encode("utf-8-sig"), "GBK": _CSV.encode("gbk"),
    "UTF-16": _CSV.encode("utf-16"), "tabs": _CSV.replace(",", "\t").encode("gb18030"),
    "semicolons": _CSV.replace(",", ";").encode(), "declared separator": ("sep=,\r\n" + _CSV).encode(),
    "protected digits": "\n".join(
        (",".join(HEAD), *(f'{p[0]},="{p[1]}",{p[2]},{p[3]}' for p in people(2)))).encode(),
}.items():  # fmt: skip
    text_file(f"CSV, {_name}", _content, Expected(V2))

# Files that are something else.
text_file("a web page named .xls", b"<html><table><tr><td>1</td></tr></table>", Expected(trouble="网页"), "表.xls")
text_file("a PDF named .xlsx", b"%PDF-1.7\n%\xe2\xe3", Expected(trouble="PDF"), "表.xlsx")
text_file("an encrypted workbook", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") * 2,
          Expected(trouble="打开密码"), "表.xlsx")  # fmt: skip
text_file("a Word document named .xls", b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le") * 2,
          Expected(trouble="Word"), "表.xls")  # fmt: skip
text_file("an empty file", b"", Expected(trouble="空的"), "表.xlsx")
text_file("a broken archive", b"PK\x03\x04" + b"\0" * 200, Expected(trouble="打不开"), "表.xlsx")
text_file("plain text", "只是一句话".encode(), Expected(trouble="认不出"), "表.csv")
text_file("a quote that nothing closes", '姓名,证件号码,登记日期\n"张三,1,2021-05-01\n李四,2,2021-05-01\n'.encode(),
          Expected(trouble="第 2 行的双引号没有成对"), "表.csv")  # fmt: skip
text_file("a quote that nothing closes, two columns", '姓名,电话\n"张三,1\n李四,2\n王五,3\n'.encode(),
          Expected(trouble="第 2 行的双引号没有成对"), "表.csv")  # fmt: skip
