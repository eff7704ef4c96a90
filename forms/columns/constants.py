"""What is the same in every row and has no column of its own: said by the sheet's name or above the table, or typed once.

A roster of one team seldom has a column for the team: its title names it. What is found so is shown for confirmation.
"""

import re
import zlib
from collections.abc import Collection, Iterator, Sequence

from db.records.choices import SCOPES
from db.records.entities import ATTENDANCE, BLOOD_RESULT, COVERAGE, FUND_ENTRY, GOODS_ENTRY, VOLUNTEER
from db.records.kinds import Cell, Choice, Date, Invalid, cell_text, is_blank, plain
from forms.columns.headings import heading_key, recognised, required
from forms.columns.proposals import FILLED, SAID, Proposal, fed_by
from forms.columns.rows import first_cell, is_team_line, is_team_name, is_total
from forms.columns.vocabulary import is_of_members
from forms.reading.table import Note, Table

_TEAM, _POLICY = "队伍名称", "保单号"
_PERSON = ("姓名", "证件号码")
# Days that are often the same one, of which an office keeps but one: the volunteer's and the member's first.
LIKE = {"登记日期": "入队日期", "入队日期": "登记日期"}
# Lists that seldom have numbers of their own: what such a number begins with, and the day and name it is made of.
NUMBERS = {
    ("training", "培训编号"): ("PX", "开始日期", "培训名称"),
    ("activity", "活动编号"): ("HD", "开始日期", "活动名称"),
}
_YEAR = re.compile(r"(20\d\d)年")
_GIVEN = re.compile("捐赠|捐款|捐助|募捐|善款|认捐|乐捐")
_SPENT = re.compile("支出|拨付|发放|使用情况|受助|支付|付款")
_EARNED = re.compile("收入|到账|进账")
_BOTH_WAYS = re.compile("收支|收入.{0,2}支出|往来|流水")
_CAME = re.compile("捐赠|接收|受赠|入库|收到|募集|捐助")
_WENT = re.compile("发放|拨付|领取|出库|下发|分发|领用|受助")
_MADE = re.compile("填报|填表|制表|报送|上报|打印|导出|截至|截止|公示(时间|日期|期)")
_PAIR = re.compile(r"([^\s:：;；,，。（(）)]{2,12})\s*[:：]\s*([^\s:：;；,，。]{1,60})?")


_OPTIONAL = ("资金来源", "来源身份")  # not needed, and known where a list says what it is about


def fillable(proposal: Proposal) -> list[str]:
    """Return our headings that the table lacks and that one value may serve for every row: a date, a team, a policy."""
    found: list[str] = []
    for n, entity in enumerate(fed_by(proposal.kind)):
        lacks = [h for h, _, _ in entity.columns if h in required(entity, proposal.chosen) and h not in proposal.chosen]
        shared = (*_PERSON, "备注", *((_TEAM,) if entity is COVERAGE else ()))
        has = any(h in proposal.chosen for h, _, _ in entity.columns if h not in shared)
        if n == 0 or (has and lacks):
            found += [h for h in lacks if h not in (*_PERSON, *found)]
    filled = [h for h, reason in zip(proposal.chosen, proposal.reasons, strict=True) if reason in (FILLED, SAID)]
    return [*dict.fromkeys([*found, *filled])]


def options(proposal: Proposal, heading: str) -> list[str]:
    """Return the accepted words of a heading of ours, where it has any."""
    kinds = (f.kind for e in fed_by(proposal.kind) for h, f, _ in e.columns if h == heading)
    return [label for kind in kinds if isinstance(kind, Choice) for _, label in kind.options]


def fill(proposal: Proposal, heading: str, text: str, reason: str = FILLED, like: str = "") -> None:
    """Give every row one value for a heading of ours that the table has no column for; without a text, none again.

    With `like`, every row gets what it holds under that other heading of ours instead.
    """
    p = proposal
    rows = p.table.rows
    start = p.block.last + 1
    if heading in p.chosen:
        column = p.chosen.index(heading)
    else:
        column = max([len(p.headings), *(len(row) for _, row in rows[start:])])
        more = column + 1 - len(p.headings)
        p.headings += [""] * (more - 1) + [f"{heading}（统一填写）"]
        p.chosen += [""] * (more - 1) + [heading]
        p.reasons += [""] * (more - 1) + [reason]
    p.reasons[column] = reason
    source = p.chosen.index(like) if like else -1
    theirs = {heading_key(h) for h in p.headings if h}
    for at in range(start, len(rows)):
        number, row = rows[at]
        if not _is_data(row, column, theirs):
            continue
        changed: list[Cell] = [*row, *[None] * (column + 1 - len(row))]
        changed[column] = changed[source] if like else text or None
        rows[at] = (number, changed)
    if not text and not like:
        p.chosen[column] = p.reasons[column] = ""


def fill_blanks(proposal: Proposal, heading: str, text: str) -> None:
    """Give one value to the rows that have none under a heading of ours that the table has a column for."""
    p = proposal
    column = p.chosen.index(heading)
    theirs = {heading_key(h) for h in p.headings if h}
    rows = p.table.rows
    for at in range(p.block.last + 1, len(rows)):
        number, row = rows[at]
        if _is_data(row, column, theirs) and (column >= len(row) or is_blank(row[column])):
            rows[at] = (number, [*row[:column], *[None] * (column - len(row)), text, *row[column + 1 :]])


def _is_data(row: Sequence[Cell], column: int, theirs: Collection[str]) -> bool:
    """Whether a row is neither a total, the line of a group nor the headings again, whatever stands in a column."""
    cells = [c for i, c in enumerate(row) if i != column and not is_blank(c)]
    if len(cells) < 2 or is_total(row, first_cell(row)[0]):
        return False
    return not all(isinstance(c, str) and heading_key(c) in theirs for c in cells)


def fill_said(proposal: Proposal, file: str, teams: Collection[str]) -> None:
    """Fill what the table lacks and what its sheet's name, the lines above it or the file's name say; to be confirmed."""
    lacks = fillable(proposal)
    lacks += [
        h
        for e in fed_by(proposal.kind)
        for h in required(e, proposal.chosen)
        if h not in (*_PERSON, *lacks, *proposal.chosen)
    ]
    above = [row for _, row in proposal.table.rows[: max(proposal.block.first, 0)]]
    said = dict(_pairs(above, _meanings(proposal, lacks)))
    if _TEAM in lacks and _TEAM not in said and not has_team_lines(proposal):
        lines = [plain(cell_text(c)) for row in above for c in row if isinstance(c, str)]
        if team := _team(lines, plain(proposal.table.sheet), plain(file.rpartition(".")[0]), teams):
            said[_TEAM] = team
    for heading, text in _by_subject(proposal, above).items():
        said.setdefault(heading, text)
    years = {y for row in above for c in row if isinstance(c, str) for y in _YEAR.findall(plain(c))}
    if "年度" in lacks and len(years) == 1:
        said.setdefault("年度", years.pop())
    for heading, text in said.items():
        if (heading in lacks or heading in _OPTIONAL) and heading not in proposal.chosen:
            fill(proposal, heading, text, SAID)
    days = {f for pair in LIKE.items() for f in pair}
    if proposal.kind == VOLUNTEER.name and _POLICY in said and not days & set(proposal.chosen):
        proposal.kind = COVERAGE.name  # an insurer's list: of people who are known, not of new ones


def _by_subject(proposal: Proposal, above: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """Return what follows from what a list is about: money or goods that were given, members of the Red Cross, one day."""
    texts = [plain(cell_text(c)) for row in above for c in row if isinstance(c, str)]
    title = "".join([plain(proposal.table.sheet), *texts])
    headings = "".join(plain(h) for h in proposal.headings)
    found: dict[str, str] = {}
    if proposal.kind == FUND_ENTRY.name and _GIVEN.search(title + headings) and not _SPENT.search(title + headings):
        found |= {"收支方向": "收入", "科目": "捐赠收入", "资金来源": "捐赠"}
    elif proposal.kind == FUND_ENTRY.name and not _BOTH_WAYS.search(title):
        spent, earned = bool(_SPENT.search(title)), bool(_EARNED.search(title))
        found |= {"收支方向": "支出" if spent else "收入"} if spent != earned else {}
    if proposal.kind == GOODS_ENTRY.name:
        came, went = _CAME.search(title + headings), _WENT.search(title + headings)
        if bool(came) != bool(went):
            found["收发方向"] = "接收" if came else "发放"
    if proposal.kind == BLOOD_RESULT.name:
        scopes = {label for _, label in SCOPES if re.search(f"{label}(无偿)?献血", title)}
        found |= {"口径": scopes.pop()} if len(scopes) == 1 else {}
    if proposal.kind == VOLUNTEER.name and is_of_members(title + headings):
        found["来源身份"] = "红十字会员"
    if proposal.kind in (FUND_ENTRY.name, GOODS_ENTRY.name, BLOOD_RESULT.name):
        days = {day for text in texts if not _MADE.search(text) for day in _whole_days(text)}
        if len(days) == 1:
            found["日期"] = days.pop()
    return found


def _whole_days(text: str) -> list[str]:
    """The days that a title names with their year; a span of days names none."""
    found = re.findall(r"20\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?", text)
    if len(found) != 1 or re.search(r"[-—~～至到]\s*(\d{1,2}[月./]|\d{1,2}日)", text.replace(found[0], "")):
        return []
    try:
        return [str(Date().parse(found[0]))]
    except Invalid:
        return []


def say_said(proposal: Proposal) -> tuple[Note, ...]:
    """Return what was found in the sheet's name or above the table and stands in every row now, in words."""
    told = []
    for column, (heading, reason) in enumerate(zip(proposal.chosen, proposal.reasons, strict=True)):
        cells = (row[column] for _, row in proposal.table.rows[proposal.block.last + 1 :] if column < len(row))
        value = next((c for c in cells if not is_blank(c)), None) if reason == SAID else None
        if value is not None:
            told.append(Note(f"每一行的“{heading}”都按表名或表上方的文字填为“{cell_text(value)}”"))
    return tuple(told)


def can_number(proposal: Proposal, heading: str) -> bool:
    """Whether numbers of our own can be given to what a table lists: it has the days and the names they are made of."""
    made = NUMBERS.get((proposal.kind, heading))
    return made is not None and made[1] in proposal.chosen and made[2] in proposal.chosen


def number(proposal: Proposal, heading: str) -> None:
    """Give every row a number made of its day, name and place: the same list gets the same ones when it comes again."""
    mark, day, *named = NUMBERS[proposal.kind, heading]
    fill(proposal, heading, mark)
    column, day_at = proposal.chosen.index(heading), proposal.chosen.index(day)
    named_at = [proposal.chosen.index(h) for h in (*named, "地点") if h in proposal.chosen]
    for _, row in proposal.table.rows[proposal.block.last + 1 :]:
        if column >= len(row) or row[column] != mark:
            continue
        try:
            on = str(Date().parse(row[day_at])).replace("-", "")
        except Invalid:
            row[column] = None  # the day is reported, and so is the number
            continue
        what = "\n".join(plain(cell_text(row[i])) for i in named_at)
        row[column] = f"{mark}{on}-{zlib.crc32(what.encode()) % 0x10000:04X}"


def clear(proposal: Proposal) -> None:
    """Take every filled column out of the rows again."""
    for heading, reason in list(zip(proposal.chosen, proposal.reasons, strict=True)):
        if heading and reason in (FILLED, SAID):
            fill(proposal, heading, "")


def _meanings(proposal: Proposal, wanted: Collection[str]) -> dict[str, str]:
    """Every spelling of the wanted headings: compared form → our heading."""
    return {key: h for e in reversed(fed_by(proposal.kind)) for key, h in recognised(e.name).items() if h in wanted}


def _pairs(above: Sequence[Sequence[Cell]], meanings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (our heading, value) of what stands above a table as “保单号：PA1”, in one cell or in two neighbours."""
    for row in above:
        cells = [c for c in row if not is_blank(c)]
        for i, cell in enumerate(cells):
            for found in _PAIR.finditer(cell_text(cell)) if isinstance(cell, str) else ():
                heading = meanings.get(heading_key(found[1]))
                value = _closed(found[2] or "") or (cell_text(cells[i + 1]).strip() if i + 1 < len(cells) else "")
                if heading and value and not value.endswith((":", "：")):
                    yield heading, value


def says_training(table: Table, top: int) -> bool:
    """Whether a line above a table's row of headings (its index) names the training that its people were at."""
    above = [row for _, row in table.rows[: max(top, 0)]]
    meanings = {key: h for key, h in recognised(ATTENDANCE.name).items() if h == "培训编号"}
    return any(True for _ in _pairs(above, meanings))


def _closed(value: str) -> str:
    """A value without the bracket that was opened before its heading."""
    opened = value.count("(") + value.count("（")
    return value[:-1] if value.endswith((")", "）")) and not opened else value


def has_team_lines(proposal: Proposal) -> bool:
    """Whether lines between the rows name the team of the rows below them."""
    return any(is_team_line(row) for _, row in proposal.table.rows[proposal.block.last + 1 :])


def _team(lines: Sequence[str], sheet: str, file: str, teams: Collection[str]) -> str:
    """Return the one team that is named, or nothing: a known one, else a sheet's name that reads like a team's."""
    for text in (*lines, sheet, file):
        named = [t for t in teams if plain(t) in text]
        longest = [t for t in named if not any(t != other and t in other for other in named)]
        if len(longest) == 1:
            return longest[0]
    return sheet if is_team_name(sheet) else ""
