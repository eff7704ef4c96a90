"""Guessing columns by what stands in them, where no heading says it. A guess is shown for confirmation, never taken silently."""

import re
from collections.abc import Callable, Mapping, Sequence

from db.records.entities import ATTENDANCE, BY_NAME, FUND_ENTRY, MEMBERSHIP, SHEETS, VOLUNTEER
from db.records.identity import number_problem
from db.records.kinds import Cell, Date, Invalid, cell_text, is_blank, plain
from forms.columns import headings as heads
from forms.columns.constants import says_training
from forms.columns.headings import Block, required
from forms.columns.proposals import (
    CONTENT,
    GUIDE_SHEET,
    SYNONYM,
    Proposal,
    fed_by,
    heading_key,
    propose,
    propose_as,
)
from forms.errors import FileTrouble
from forms.reading.table import Table

_LOOKED_AT = 300  # rows
_MOST_OF = 0.8  # of the filled cells must look so
_SEXES = {"男", "女", "男性", "女性"}
_SHARED = {
    "姓名",
    "证件号码",
    "证件类型",
    "性别",
    "出生日期",
    "手机号码",
    "备注",
    "队伍名称",
}  # by lists of people of any kind
# Headings that say what stands below them: other people, or a day of something else.
_OTHERS = re.compile(
    "紧急|监护|家属|家长|配偶|父|母|联系人|负责|领队|教练|经办|受益|介绍|推荐|领取|审核|老师|师资|法人|代表|组长"
)
_OTHER_DAY = re.compile("[\u4e00-\u9fff]{2,}(日期|时间|年月|日)$")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}|[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,8}")
_ID = re.compile(r"\d{6}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_PHONE = re.compile(r"(\+?86)?1[3-9]\d{9}")


def _is_id(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_ID.fullmatch(plain(cell)))


def _is_phone(cell: Cell) -> bool:
    return bool(_PHONE.fullmatch(plain(cell_text(cell)).replace("-", "")))


def _is_sex(cell: Cell) -> bool:
    return isinstance(cell, str) and plain(cell) in _SEXES


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_NAME.fullmatch(plain(cell))) and plain(cell) not in _SEXES


def _is_date(cell: Cell) -> bool:
    try:
        Date().parse(cell)
    except Invalid:
        return False
    return True


_LOOKS: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    ("证件号码", _is_id), ("手机号码", _is_phone), ("性别", _is_sex), ("姓名", _is_name), ("日期", _is_date),
)  # fmt: skip


def looks_like(cells: Sequence[Cell]) -> str:
    """Return what a column seems to hold: 证件号码, 手机号码, 性别, 姓名, 日期, or nothing."""
    filled = [c for c in cells if not is_blank(c)][:_LOOKED_AT]
    if not filled:
        return ""
    for word, test in _LOOKS:
        if sum(map(test, filled)) >= _MOST_OF * len(filled):
            if word == "姓名" and len({plain(cell_text(c)) for c in filled}) < 0.6 * len(filled):
                continue  # a word that comes again and again is a team or a post
            return word
    return ""


def guess(proposal: Proposal) -> None:
    """Fill in, by content, columns of a proposal that no heading explains; the reason says that it is a guess."""
    records = fed_by(proposal.kind)
    _give_others(proposal)
    open_ones = [h for e in records for h, _, _ in e.columns if h not in proposal.chosen]
    needed = {h for e in records[:1] for h in required(e)}
    rows = [row for _, row in proposal.table.rows[proposal.block.last + 1 :][:_LOOKED_AT]]
    for i, ours in enumerate(proposal.chosen):
        if ours or proposal.reasons[i]:
            continue
        found = looks_like([row[i] if i < len(row) else None for row in rows])
        heading = heads.bare(heading_key(proposal.headings[i]))
        if (_OTHER_DAY if found == "日期" else _OTHERS).search(heading):
            continue
        if found == "日期":
            kinds = {h: f.kind for e in records[:1] for h, f, _ in e.columns}
            dates = [h for h in open_ones if h in needed and isinstance(kinds.get(h), Date)]
            found = dates[0] if len(dates) == 1 else ""
        if found in open_ones:
            proposal.chosen[i], proposal.reasons[i] = found, CONTENT
            open_ones.remove(found)


def _give_others(proposal: Proposal) -> None:
    """Read a column that the main record leaves as what another record would take, once it has all it needs."""
    for entity in fed_by(proposal.kind)[1:]:
        for heading, i in heads.match(proposal.block, entity).columns.items():
            if heading not in proposal.chosen and not proposal.chosen[i] and not proposal.reasons[i]:
                proposal.chosen[i], proposal.reasons[i] = heading, SYNONYM


def propose_all(
    table: Table, kind: str | None = None, memory: Mapping[str, tuple[str, Mapping[str, str]]] | None = None
) -> list[Proposal]:
    """Say how every table of a sheet would be read, by headings and by content; empty where it seems none of ours.

    Other than `propose` it never refuses a sheet: a person is asked.
    """
    if heading_key(table.sheet) == GUIDE_SHEET or not table.rows:
        return []
    try:
        found = propose(table, kind, memory=memory)
    except FileTrouble:
        found = []
    doubted = not found
    if not found and (made := nearly(table) or by_content(table)) is not None:
        found = [made]
    for proposal in found:
        guess(proposal)
        if doubted:
            _doubt(proposal)
    return found


def _doubt(proposal: Proposal) -> None:
    """Ask about what tells the record, where all it needs is there and yet the table may well be about something else."""
    if proposal.missing() or CONTENT in proposal.reasons:
        return
    needed = required(BY_NAME[proposal.kind], proposal.chosen)
    places = [i for i, h in enumerate(proposal.chosen) if h in needed]
    telling = [i for i in places if proposal.chosen[i] not in _SHARED]
    for i in telling or places:
        proposal.reasons[i] = CONTENT


def propose_kind(table: Table, kind: str, renamed: Mapping[str, str] | None = None) -> Proposal:
    """Read a table as the record that a person chose, as well as it can be: by headings, by content, or not at all.

    `renamed` gives our headings for words of theirs.
    """
    entity = BY_NAME[kind]
    best: tuple[tuple[int, int, int], Block] | None = None
    for block in heads.blocks(table):
        hits = sum(len(heads.match(block, e, renamed).columns) for e in fed_by(kind))
        rank = hits, *block.rank
        if hits and (best is None or rank > best[0]):
            best = rank, block
    made = propose_as(table, entity, best[1] if best else _first_block(table), renamed)
    guess(made)
    return made


def nearly(table: Table, renamed: Mapping[str, str] | None = None) -> Proposal | None:
    """Read a table as the record whose headings it comes nearest to, though required ones are missing.

    Three columns must be ours, or two where a person named some (`renamed`).
    """
    best: tuple[tuple[int, int, int, int, int], str, Block] | None = None
    for block in heads.blocks(table):
        found = {e: heads.match(block, e, renamed).columns for e in SHEETS}
        is_people = {"姓名", "证件号码"} <= found[VOLUNTEER].keys()
        for entity, columns in found.items():
            few = 2 if renamed or (entity is FUND_ENTRY and {"对方单位", "金额（元）"} <= columns.keys()) else 3
            if not required(entity) & columns.keys() or len(columns) < few:
                continue
            if is_people and not heads.names_people(entity):
                continue
            # What only this record has tells more of a list of people than what all of them have.
            telling = columns.keys() | (found[MEMBERSHIP].keys() if entity is VOLUNTEER else set())
            rank = int(is_people), len(telling - _SHARED) if is_people else 0, len(columns), *block.rank
            if best is None or rank > best[0]:
                best = rank, entity.name, block
    if best is None:
        return None
    made = propose_as(table, BY_NAME[best[1]], best[2], renamed)
    if made.kind == VOLUNTEER.name and "登记日期" not in made.chosen and says_training(table, best[2].first):
        return propose_as(table, ATTENDANCE, best[2], renamed)
    _give_others(made)
    return made


def by_content(table: Table) -> Proposal | None:
    """Read a list of people without headings of ours: a column of document numbers and one of names give it away."""
    block = _first_block(table)
    rows = [row for _, row in table.rows[block.last + 1 :][:_LOOKED_AT]]
    width = max((len(row) for row in rows), default=0)
    looks = [looks_like([row[i] if i < len(row) else None for row in rows]) for i in range(min(width, 60))]
    if "证件号码" not in looks or "姓名" not in looks:
        return None
    made = propose_as(table, VOLUNTEER, block)
    guess(made)
    return made


def is_certain(proposal: Proposal) -> bool:
    """Whether what was guessed by content is beyond doubt: every cell is a name, a sound number, a phone or a sex."""
    rows = [row for _, row in proposal.table.rows[proposal.block.last + 1 :]]
    needed = required(BY_NAME[proposal.kind], proposal.chosen)
    for i, (ours, reason) in enumerate(zip(proposal.chosen, proposal.reasons, strict=True)):
        if reason != CONTENT or ours not in needed:
            continue
        cells = [row[i] for row in rows if i < len(row) and not is_blank(row[i])]
        if ours == "证件号码":
            sound = all(_is_id(c) and number_problem(plain(cell_text(c)).upper(), "resident_id") is None for c in cells)
        else:
            sound = ours == "姓名" and all(map(_is_name, cells))
        if not sound or len(cells) < len(rows):
            return False
    return True


def _first_block(table: Table) -> Block:
    """The row above the first one that holds a number or a date, if it is text throughout; else no row at all."""
    for i, (_, row) in enumerate(table.rows[:40]):
        filled = [c for c in row if not is_blank(c)]
        if len(filled) >= 2 and any(not isinstance(c, str) or re.search(r"\d{4}", plain(c)) for c in filled):
            above = table.rows[i - 1][1] if i else []
            texts = [c for c in above if not is_blank(c)]
            if len(texts) >= 2 and all(isinstance(c, str) for c in texts):
                width = max(len(above), len(row))
                words = [cell_text(above[n]) if n < len(above) and not is_blank(above[n]) else "" for n in range(width)]
                return Block(i - 1, i - 1, tuple((w,) if w else () for w in words))
            return Block(i - 1, i - 1, tuple(() for _ in row))
    first = table.rows[0][1] if table.rows else []
    return Block(0, 0, tuple((cell_text(c),) if not is_blank(c) else () for c in first))
