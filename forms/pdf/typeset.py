"""Chinese line breaking and the rows of a formal report on the 22 × 28 grid of GB/T 9704-2012.

ReportLab's own ``wordWrap='CJK'`` lets lines begin with ， and ；, leaves the right edge ragged and breaks numbers.
Here a paragraph is broken as a whole (the sum of squared stretch per line is least), with

* 避头尾: closing marks never begin a line, opening marks never end one, ``——`` and ``……`` are never split;
* words, numbers and dates in half-width characters kept in one piece unless longer than a line;
* half an em saved between adjoining marks such as ``》《`` and, where needed, under a mark at the end of a line;
* full-width characters on a grid of :data:`CELL` points, the rest of the line spread evenly over its gaps.

Lengths are in points, x to the right from the left edge of the text area. Nothing here knows about pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from forms.pdf.fonts import FontSet, Glyph, Role

MM = 72 / 25.4
TEXT_WIDTH = 156 * MM
TEXT_HEIGHT = 225 * MM
ROWS = 22
COLUMNS = 28
BODY = 16.0  # 3号
TITLE = 22.0  # 2号
CELL = (TEXT_WIDTH - BODY) / (COLUMNS - 1)  # 28 characters of 16 pt are wider than 156 mm: 15.785 pt each
PITCH = (TEXT_HEIGHT - BODY) / (ROWS - 1)  # first and last row touch the edges of the text area: 29.609 pt
MEASURE = COLUMNS * CELL
ASCENT = 0.88  # em, from the top of the character cell to the baseline

OPEN = frozenset("（《〈「『【〔［｛“‘￥")
CLOSE = frozenset("，。、；：？！）》〉」』】〕］｝”’·％‰℃々～")
_NARROW_OPEN = frozenset("([{")
_NARROW_CLOSE = frozenset(",.;:!?)]}%")
_TRIM = frozenset("，。、；：？！）》〉」』】〕］｝”’")  # their right half is blank
_PAIRED_OPEN = OPEN - {"￥"}  # their left half is blank
_DASHES = frozenset("—…")
_SPACES = frozenset(" \u3000")
CAREFUL = OPEN | CLOSE | _DASHES | frozenset("“”‘’\u3000")  # marks whose place depends on their neighbours
_ALWAYS_WIDE = frozenset("“”‘’—…‰℃")
_LONG_WORD = re.compile(r"(?=[^\s]*[A-Za-z])[!-~]{13,}")  # addresses of mail and web
_WORD_BREAK = re.compile(r"[/@._?&=-](?=[0-9A-Za-z])")
_WORD_COST = 5.0
_LONE_COST = 0.03  # of a last line with one character, where lines are not justified
_SHRINK = 0.02  # em per gap
_NEVER = 1e9

_IGNORED = re.compile(
    "[\u00ad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """Text as it will be printed: line ends as ``\\n``, tab and no-break space as a space, no invisible marks.

    Variation selectors are dropped, so a glyph variant prints in its usual form.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u00a0", " ")
    return _IGNORED.sub("", text)


class Run(NamedTuple):
    """Characters of one font drawn with one ``Tc`` (extra space, points) and ``Tz`` (horizontal scale, percent)."""

    x: float
    font: str
    text: str
    space: float
    scale: float


class Line(NamedTuple):
    """One line ready to draw; *width* reaches from its left end to the right edge of its last character."""

    text: str
    runs: tuple[Run, ...]
    width: float


class Letter(NamedTuple):
    """A character with its glyph."""

    char: str
    glyph: Glyph


def letters(fonts: FontSet, role: Role, text: str) -> list[Letter]:
    """The characters of *text* in the faces of *role*."""
    table = fonts.glyphs(role)
    return [Letter(char, table[char]) for char in text]


@lru_cache(maxsize=4096)
def _width_class(char: str) -> str:
    return "W" if char in _ALWAYS_WIDE else unicodedata.east_asian_width(char)


def is_wide(letter: Letter) -> bool:
    """Whether the character fills a cell of the grid: Han and full-width marks, and “ ” — … in any face."""
    kind = _width_class(letter.char)
    return kind in ("W", "F") or (kind == "A" and letter.glyph.width >= 0.9)


class _Measured:
    """A paragraph with prefix sums, so that the width of any stretch of it costs nothing to know."""

    def __init__(self, text: Sequence[Letter], size: float, cell: float) -> None:
        self.text, self.size, self.cell = text, size, cell
        count = len(text)
        self.wide = [is_wide(letter) for letter in text]
        self.advance = [cell if w else t.glyph.width * size for t, w in zip(text, self.wide, strict=True)]
        self.cost = [0.0] * (count + 1)  # of a break before this character
        self.saved = [0.0] * count  # between this character and the next
        self.gap = [0] * count  # whether that place may be stretched
        chars = [letter.char for letter in text]
        for k in range(count - 1):
            a, b, wide = chars[k], chars[k + 1], self.wide[k] or self.wide[k + 1]
            self.cost[k + 1] = _NEVER * _forbidden(a, b, self.wide[k], self.wide[k + 1])
            if (a in _TRIM and (b in _TRIM or b in _PAIRED_OPEN)) or (a in _PAIRED_OPEN and b in _PAIRED_OPEN):
                self.saved[k] = size / 2
            elif self.wide[k + 1] and not self.wide[k] and a not in _SPACES:
                self.saved[k] = size - cell  # as between two full-width characters
            if (wide or a in _SPACES or b in _SPACES) and not (a == b and a in _DASHES):
                self.gap[k] = 1
        for token in _LONG_WORD.finditer("".join(chars)):
            for part in _WORD_BREAK.finditer(token[0]):
                self.cost[token.start() + part.end()] = _WORD_COST
        self.widths = _sums(a - s for a, s in zip(self.advance, self.saved, strict=True))
        self.gaps = _sums(self.gap)
        self.chars = chars

    def ends(self, start: int, end: int) -> tuple[int, int]:
        """Leave out the spaces at both ends of a line."""
        while end > start and self.chars[end - 1] in _SPACES:
            end -= 1
        while start < end and self.chars[start] in _SPACES:
            start += 1
        return start, end

    def measure(self, start: int, end: int) -> tuple[float, float]:
        """Natural width and number of gaps of a line."""
        if start == end:
            return 0.0, 0.0
        return (
            self.widths[end] - self.widths[start] + self.saved[end - 1],
            self.gaps[end] - self.gaps[start] - self.gap[end - 1],
        )

    def lone(self, inner: tuple[int, int]) -> bool:
        """Whether a line has but one character, marks apart."""
        start, end = inner
        return end - start <= 3 and sum(char not in CLOSE for char in self.chars[start:end]) <= 1

    def trim(self, end: int) -> float:
        """What a mark at the end of a line can give up."""
        return self.size / 2 if end and self.chars[end - 1] in _TRIM and self.wide[end - 1] else 0.0


def _sums(values: Iterable[float]) -> list[float]:
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _forbidden(a: str, b: str, a_wide: bool, b_wide: bool) -> bool:
    """Whether no line may end between *a* and *b*."""
    if b in CLOSE or a in OPEN or b in _NARROW_CLOSE or a in _NARROW_OPEN or b in _SPACES:
        return True
    if a in _DASHES and a == b:
        return True
    return not a_wide and not b_wide and a not in _SPACES


def break_lines(
    text: Sequence[Letter], size: float, measure: float, *, first_indent: float = 0.0, cell: float = 0.0,
    justify: bool = True,
) -> list[Line]:  # fmt: skip
    """Break one paragraph into lines at most *measure* wide, the first one shorter by *first_indent*.

    *cell* is the pitch of full-width characters (*size* if 0). With *justify* all lines but the last are filled;
    without it lines keep their natural spacing. A forbidden break is used only where nothing else is possible,
    as inside a number longer than the line. Spaces at a break are dropped. Empty text gives no line.
    """
    if all(letter.char in _SPACES for letter in text):
        return []
    par = _Measured(text, size, cell or size)
    count = len(text)
    width, gaps = par.measure(*par.ends(0, count))
    if width <= measure - first_indent:
        return [_line(par, *par.ends(0, count), 0.0)]
    best = [0.0] + [float("inf")] * count
    origin = [0] * (count + 1)
    for start in range(count):
        room = measure - (first_indent if start == 0 else 0.0)
        for end in range(start + 1, count + 1):
            inner = par.ends(start, end)
            width, gaps = par.measure(*inner)
            give = par.trim(inner[1]) + (gaps * _SHRINK * size if justify else 0.0)
            if width - give > room + 1e-6 and end > start + 1:
                if width > room + 3 * size:
                    break
                continue
            cost = best[start] + _line_cost(room - width, gaps, size, justify, end == count)
            cost += par.cost[end] if end < count else _LONE_COST * (not justify and par.lone(inner))
            if cost < best[end]:
                best[end], origin[end] = cost, start
    cuts = [count]
    while cuts[-1]:
        cuts.append(origin[cuts[-1]])
    cuts.reverse()
    lines = []
    for start, end in pairwise(cuts):
        inner = par.ends(start, end)
        room = measure - (first_indent if start == 0 else 0.0)
        if inner[0] == inner[1]:
            continue  # nothing but spaces
        line = _line(par, *inner, _stretch(par, inner, room, justify, end == count))
        # A mark at the end may stand half outside: that half is blank.
        lines.append(line._replace(width=min(line.width, room)) if par.trim(inner[1]) else line)
    return lines


def _line_cost(free: float, gaps: float, size: float, justify: bool, last: bool) -> float:
    if not justify:
        return 1.0 + (0.0 if last else (free / size) ** 2 * 1e-3)
    if free < -1e-6:
        return 2.0
    return 1.0 if last else 1.0 + (free / max(gaps, 0.2)) ** 2


def _stretch(par: _Measured, inner: tuple[int, int], room: float, justify: bool, last: bool) -> float:
    """Space to add at each gap of a line, negative to squeeze."""
    width, gaps = par.measure(*inner)
    free = room - width
    if free < 0:
        free = min(0.0, free + par.trim(inner[1]))
    elif last or not justify:
        return 0.0
    return free / gaps if gaps else 0.0


def _line(par: _Measured, start: int, end: int, stretch: float) -> Line:
    """Place the characters of a line and join those that can be drawn in one go."""
    x, size = 0.0, par.size
    placed: list[tuple[float, float, float]] = []  # left edge of the glyph, horizontal scale, offset in its cell
    for k in range(start, end):
        char, natural = par.text[k].char, par.text[k].glyph.width * size
        offset, scale = 0.0, 100.0
        if par.wide[k] and natural < 0.98 * size:
            if char == "—" and natural > 0:
                scale = par.cell / natural * 100
            elif char in _PAIRED_OPEN:
                offset = size - natural
            elif char not in _TRIM:
                offset = (size - natural) / 2
        placed.append((x + offset, scale, offset))
        step = par.advance[k] - (par.saved[k] if k + 1 < end else 0.0)
        x += step + (stretch if par.gap[k] and k + 1 < end else 0.0)
    runs: list[Run] = []
    k = start
    while k < end:
        left, scale, _ = placed[k - start]
        glyph = par.text[k].glyph
        stop, space = k + 1, 0.0
        while stop < end and par.text[stop].glyph.font == glyph.font and par.wide[stop] == par.wide[k]:
            if placed[stop - start][1:] != (scale, 0.0):
                break
            drawn = par.text[stop - 1].glyph.width * size * scale / 100
            extra = placed[stop - start][0] - placed[stop - start - 1][0] - drawn
            if stop == k + 1:
                space = extra
            elif abs(extra - space) > 1e-3:
                break
            stop += 1
        runs.append(Run(left, glyph.font, "".join(par.chars[k:stop]), space if stop > k + 1 else 0.0, scale))
        k = stop
    return Line("".join(par.chars[start:end]), tuple(runs), x)


class Piece(NamedTuple):
    """A line set in a row: its left end, role and size."""

    x: float
    line: Line
    role: Role
    size: float


Row = tuple[Piece, ...]


class Block(NamedTuple):
    """Consecutive rows of the grid; an empty row is a blank line.

    *keep* asks for rows of the next block on the same page (headings, titles); *whole* forbids a page break inside.
    *outline* is the level (0…) and text of the entry in the file's outline.
    """

    rows: tuple[Row, ...]
    keep: bool = False
    whole: bool = False
    outline: tuple[int, str] | None = None


def paragraph(fonts: FontSet, text: str, *, lead: str = "", role: Role = "body", indent: float = 2) -> Block:
    """A paragraph indented by *indent* columns; *lead* is put before it in the face of second-level headings."""
    glyphs = letters(fonts, "heading2", lead) + letters(fonts, role, text) if lead else letters(fonts, role, text)
    lines = break_lines(glyphs, BODY, MEASURE, first_indent=indent * CELL, cell=CELL)
    return Block(tuple((Piece(0 if n else indent * CELL, line, role, BODY),) for n, line in enumerate(lines)))


def heading(fonts: FontSet, text: str, level: int) -> Block:
    """A heading 一、 (level 1, Hei) or （一） (level 2, Kai) on rows of its own."""
    block = paragraph(fonts, text, role="heading1" if level == 1 else "heading2")
    return block._replace(keep=True, whole=True, outline=(level - 1, text))


def centred(fonts: FontSet, text: str, role: Role, size: float, measure: float) -> list[Row]:
    """Lines centred in *measure*, broken where a reader would (see :func:`title_lines`)."""
    rows: list[Row] = []
    for part in title_lines(fonts, text, role, size, measure):
        line = break_lines(letters(fonts, role, part), size, 10 * measure, justify=False)[0]
        rows.append((Piece((measure - line.width) / 2, line, role, size),))
    return rows


_TITLE_WORDS = (
    "红十字 志愿服务 志愿者 志愿 服务 队伍 情况 报告 统计 汇总 工作 季度 年度 建设 应急 救护 救援 救灾 培训 经费 物资 "
    "博爱 人道 台账 团队 保险 活动 分析 总结 通知 管理 登记 一览 花名 名册 明细 收支 使用 捐赠 储备 县级 乡镇 学校 "
    "情况表 统计表 汇总表 明细表 一览表 花名册 登记表 上半年 下半年 第一 第二 第三 第四"
).split(" ")
_TITLE_ENDS = ("季度", "年度", "半年", "红十字会", "委员会", "关于", "工作", "志愿服务", "》", "”", "）", "、", "月份")


def title_lines(fonts: FontSet, text: str, role: Role, size: float, measure: float) -> list[str]:
    """Split a title into lines of at most *measure*, as few as possible.

    Line ends given by the caller (``\\n``) are kept. Otherwise words the program knows are not split, 的 and 年 never
    begin a line, breaks after 季度, 红十字会 and the like are preferred, and lines are of similar length.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _split_title(letters(fonts, role, part.strip()), size, measure)
    return lines


def _split_title(text: list[Letter], size: float, measure: float) -> list[str]:
    par, count = _Measured(text, size, size), len(text)
    plain = "".join(par.chars)
    penalty = [_title_penalty(plain, k) + par.cost[k] for k in range(count)]
    natural = par.measure(0, count)[0]
    ideal = natural / max(1, -(-natural // measure))
    best: list[tuple[float, list[int]]] = [(0.0, [0])] + [(float("inf"), [])] * count
    for end in range(1, count + 1):
        for start in range(end):
            width = par.measure(start, end)[0]
            if width > measure and end > start + 1:
                continue
            cost = best[start][0] + 20 + 6 * (abs(width - ideal) / measure) ** 2 + (penalty[end] if end < count else 0)
            if cost < best[end][0]:
                best[end] = (cost, [*best[start][1], end])
    cuts = best[count][1]
    return [plain[a:b].strip() for a, b in pairwise(cuts) if plain[a:b].strip()]


def _title_penalty(text: str, at: int) -> float:
    before, after = text[:at], text[at:]
    inside = any(
        text.startswith(word, at - cut) for word in _TITLE_WORDS for cut in range(1, len(word)) if at - cut >= 0
    )
    if inside or after[:1] in "的了年月日号和与及暨等" or before[-1:] in "第和与及暨" or before[-1:].isdigit():
        return 10.0
    return 0.0 if before.endswith(_TITLE_ENDS) else 2.0


def title(fonts: FontSet, text: str) -> Block:
    """The report's title, 2号 centred, and the blank line under it."""
    return Block((*centred(fonts, text, "title", TITLE, TEXT_WIDTH), ()), keep=True, whole=True)


def addressee(fonts: FontSet, text: str) -> Block:
    """主送机关: flush left, to the full width."""
    return paragraph(fonts, text, indent=0)._replace(keep=True, whole=True)


def attachments(fonts: FontSet, names: Sequence[str]) -> Block:
    """附件说明 one blank line under the text: ``附件：1.`` indented two columns, turnovers under the name."""
    rows: list[Row] = [()]
    for n, name in enumerate(names):
        pieces: list[Piece] = []
        if n == 0:
            pieces.append(Piece(2 * CELL, _single(fonts, "附件："), "body", BODY))
        left = 5 * CELL
        if len(names) > 1:
            number = _single(fonts, f"{n + 1}.")
            pieces.append(Piece(left, number, "body", BODY))
            left += number.width + CELL / 4
        for line in break_lines(letters(fonts, "body", name), BODY, MEASURE - left, cell=CELL):
            rows.append((*pieces, Piece(left, line, "body", BODY)))
            pieces = []
    return Block(tuple(rows))


def _single(fonts: FontSet, text: str) -> Line:
    return break_lines(letters(fonts, "body", text), BODY, 10 * MEASURE, cell=CELL)[0]


def signature(fonts: FontSet, organisation: str, date: str, *, sealed: bool) -> Block:
    """署名 and 成文日期 after a blank line.

    Sealed: the date ends four columns before the right edge, the name is centred over it, and rows are left for a
    seal of 45 mm over both. Unsealed: the name ends two columns before the edge, the date begins two columns to
    the right of the name; a longer date takes the two columns instead.
    """
    name, day = _single(fonts, organisation), _single(fonts, date)
    if sealed:
        centre = min(MEASURE - 4 * CELL - day.width / 2, MEASURE - name.width / 2)
        name_x, day_x = centre - name.width / 2, centre - day.width / 2
    else:
        name_x = MEASURE - 2 * CELL - name.width
        day_x = name_x + 2 * CELL
        if day.width > name.width:
            day_x = MEASURE - 2 * CELL - day.width
            name_x = day_x - 2 * CELL
    signed: list[Row] = [(Piece(max(0.0, name_x), name, "body", BODY),), (Piece(day_x, day, "body", BODY),)]
    return Block(((), (), *signed, ()) if sealed else ((), *signed), whole=True)
