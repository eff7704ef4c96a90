"""Lists of party members by person: counted for each team. The ledger keeps counts; nobody's membership is kept."""

import re
from collections.abc import Sequence
from dataclasses import replace

from db.records.kinds import Cell, Date, Invalid, cell_text, is_blank, plain
from forms.columns.headings import SEARCHED_ROWS, bare, heading_key, recognised
from forms.columns.rows import is_total
from forms.columns.standing import state_in
from forms.reading.table import Note, Table

_TITLE = re.compile("党员|党支部")
_OF_PARTY = re.compile(
    "入党(时间|日期|年月)?|转正(时间|日期)|党员(类别|类型|性质|身份)|加入(中国共产党|党组织)(时间|日期)|政治面貌|党内职务|所在党支部"
)
_KIND = re.compile("党员(类别|类型|性质|身份)|类别|政治面貌|身份")
_PROBATIONARY = re.compile("预备")
_DAY = re.compile(r"20\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?")


def count_party_members(table: Table) -> Table:
    """Return a list of party members by person as one of teams; any other table as it is."""
    known = recognised("membership")
    for k, (number, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        keys = [bare(heading_key(c)) if isinstance(c, str) and len(c) < 30 else "" for c in row]
        meant = [known.get(key, "") for key in keys]
        if "姓名" not in meant or "队伍名称" not in meant or "入队日期" in meant:
            continue
        above = "".join(c for _, r in table.rows[:k] for c in r if isinstance(c, str))
        if not _TITLE.search(table.sheet + above) or not any(key and _OF_PARTY.fullmatch(key) for key in keys):
            continue
        kind = next((i for i, key in enumerate(keys) if key and _KIND.fullmatch(key)), None)
        counts, left = _counts([r for _, r in table.rows[k + 1 :]], meant.index("姓名"), meant.index("队伍名称"), kind)
        if not counts:
            return table
        day = _only_day(above)
        heads: list[Cell] = ["队伍名称", "正式党员数", "预备党员数", *(["统计日期"] if day else [])]
        rows: list[tuple[int, list[Cell]]] = [*table.rows[:k], (number, heads)]
        for n, (team, (full, probationary)) in enumerate(counts.items(), 1):
            rows.append((number + n, [team, full, probationary, *([day] if day else [])]))
        total = sum(a + b for a, b in counts.values())
        said = f"这是党员名单，已按队伍合计成 {len(counts)} 行（{total} 人）；个人信息不保存"
        said += f"；另有 {left} 行没有队伍或不是党员，没有计入" if left else ""
        return replace(table, rows=rows, notes=(*table.notes, Note(said, ask=True)), merges=(), struck=frozenset())
    return table


def _counts(
    rows: Sequence[Sequence[Cell]], name: int, team: int, kind: int | None
) -> tuple[dict[str, tuple[int, int]], int]:
    """Return (full and probationary members of each team, rows that count for none)."""
    found: dict[str, tuple[int, int]] = {}
    left = 0
    for row in rows:
        if (
            name >= len(row)
            or is_blank(row[name])
            or is_total(row, next(i for i, c in enumerate(row) if not is_blank(c)))
        ):
            continue
        word = plain(cell_text(row[kind])) if kind is not None and kind < len(row) else "党员"
        whose = cell_text(row[team]).strip() if team < len(row) else ""
        gone = any(state_in(cell_text(c), strict=True) for c in row if isinstance(c, str))
        if not whose or gone or not ("党员" in word or word in ("正式", "预备")):
            left += 1
            continue
        full, probationary = found.get(whose, (0, 0))
        is_new = bool(_PROBATIONARY.search(word))
        found[whose] = (full + (not is_new), probationary + is_new)
    return found, left


def _only_day(text: str) -> str:
    days = set()
    for written in _DAY.findall(plain(text)):
        try:
            days.add(str(Date().parse(written)))
        except Invalid:
            continue
    return days.pop() if len(days) == 1 else ""
