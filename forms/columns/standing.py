"""Rows that say somebody is not, or is no longer: never taken as somebody who is (data contract, section 3).

Such words stand in columns that no record knows (状态, 是否在队, 变动类型, 到课情况), in remarks, in columns of ticks, in the
title of the whole table, or nowhere at all: the row is struck through. With a day it ends there, an absence is a result;
all else is refused, and says what is missing. A column that a person left out by name says nothing.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from db.records.amounts import Hours, Money
from db.records.entities import ATTENDANCE, COVERAGE, MEMBERSHIP, SERVICE_RECORD, VOLUNTEER
from db.records.fields import Entity, Remark
from db.records.kinds import Cell, Date, Invalid, cell_text, is_blank, plain
from forms.columns.headings import Found, bare, heading_key, usual
from forms.reading.table import Table

OFFICE, TEAM, REMOVED, ABSENT, LEAVE = "office", "team", "removed", "absent", "leave"
CANCELLED, UNIT, UNCLEAR = "cancelled", "unit", "unclear"
PEOPLE = (VOLUNTEER, MEMBERSHIP, COVERAGE, ATTENDANCE, SERVICE_RECORD)
_ENDS = {VOLUNTEER: "退出日期", MEMBERSHIP: "退队日期", COVERAGE: "保障终止日期"}

# A word that 未, 没 or 不 stands before says the opposite.
_NOT = r"(?<![未没不无非])(?<!没有)(?<!从未)"
_WORDS = {
    kind: re.compile(f"{_NOT}(?:{words})")
    for kind, words in (
        (OFFICE, "注销|清退|退出(?!现役)|除名|开除|劝退|辞退|取消(志愿者|会员|队员)?资格|退会|去世|死亡|已故|亡故|离世|病故"),
        (TEAM, "退队|离队|脱队|已退(?!休|役|伍)|调离|调出|转出|离岗|离职|辞职|不在队|不在册|不在岗|不在职|转队|离开"),
        (REMOVED, "减少|减员|减保|退保|停保|批减|减人|不在保|脱保|断保"),
        (LEAVE, "请假|病假|事假|公假|产假|休假"),
        (ABSENT, "缺席|缺勤|旷课|旷训|缺课|缺考|未到(?!期|位|龄)|未参[加训](?!过|保)|没来|没到|未签到|未出席|不参加|未来(?=$|[,，;；)(])"),
        (CANCELLED, "作废|取消|撤销|撤回|已撤|无效|冲销|红冲|冲红|冲正|退回|退款|退费|停办|未开展|未举行|未举办|中止|终止|停用|停止|暂停|失效|冻结"
                    "|未通过|不通过|驳回|拒绝|待审|未审核|审核中|失联|黑名单"),
    )
}  # fmt: skip
_AGAIN = re.compile("重新|恢复|又|再次|返回|归队|返岗|撤销?退")
_DAY = r"(?:\d{2,4}[年./-](?:\d{1,2}(?:[月./-](?:\d{1,2}[日号]?)?)?)?|\d{1,2}月(?:\d{1,2}[日号])?)"
_REMARK = re.compile(
    rf"[(]?(?:{_DAY})?[,]?(?:[^,;。\d]{{0,8}}(?=已))?(?:本人|现|已经?|于|在|因.{{1,12}}?|自愿|主动|申请|自行|拟)*(?:{_DAY})?[,]?(?P<word>WORD)"
    rf"(?:队伍|志愿者|保险|登记|手续|处理|资格|服务|活动|了|者|人员)*(?:{_DAY})?[)]?(?:[,;:(。\d半][^\n]{{0,20}})?".replace(
        "WORD", "|".join(p.pattern for p in _WORDS.values())
    )
)
_STATUS = re.compile(
    "(人员|队员|志愿者|会员|学员|在队|在册|在岗|在职|在保|参保|保险|当前|目前|账号|审核|捐赠|活动|执行|项目|凭证)?(状态|现状)"
    "|是否.{1,8}|在(队|册|岗|职|籍|保)(情况|状况)?|(人员)?(变动|异动|变更|增减)(类型|类别|情况|标志|标识|原因|方式|状态)?|批改(类型|类别)|操作(类型)?"
    "|(到课|出勤|考勤|签到|到场|到会|参加|参训|出席|到位|到岗|培训|报到)(情况|状态|记录|结果)?|增/减|加/减|退队|退出|注销|清退|离队"
)
_ASKS_STATUS = re.compile("(状态|现状)$|(变动|异动|增减|批改).{0,4}$")
_PRESENT = re.compile(
    "在|正常|有效|活跃|已?注册|通过|合格|增|加|续|新|到|出席|全勤|完成|审核|进行|服务|启用|承保|保障|生效|存续|现役|良好|认证|优秀|未退|骨干|队|员|批准|同意|已发布|结束|结项|公示"
)
_NEGATIVE = re.compile("退|注销|离|清退|缺席|请假|取消|作废|撤|停|失效|除名|未|减|冻结|死亡|去世")
_OF_PRESENCE = re.compile("到|勤|签|席|参加|参训|培训")
_OF_COVER = re.compile("保|增|减|批改|变动|异动|变更|操作")
_TEAM_HEAD = re.compile("队|岗|职|册")
_YES = frozenset("是 有 √ ✓ ✔ ☑ 1 y yes true 对".split())
_NO = frozenset("否 无 × ✗ ✘ x 0 n no false 不 不是 没有 ☒".split())
_SESSION = re.compile(
    r"(上午|下午|晚上|全天|第.{1,3}[天节课次期讲]|签到|签退|到课|出勤|考勤|到场|日)$|^\d{1,4}[年月./-]\d{1,2}"
)
_ENDED_ON = re.compile(
    "(?P<what>退队|离队|退出|注销|清退|除名|退会|离职|离岗|死亡|去世|退保|停保|减员|减保|减少|变动|变更|异动|批改|生效|终止|办理|操作)(日期|时间|日|年月)?"
)
_WHY = re.compile(
    "(?P<what>退队|离队|退出|注销|清退|除名|退会|离职|退保|停保|减员|减保|缺席|未到|请假|取消|作废)(原因|说明|理由|事由|备注|情况)"
)
_NOTHING = frozenset("/ \\ - -- — —— 无 暂无 没有 空 * n/a na".split())
_TITLE = re.compile(
    "(?P<word>退保|停保|减保|减员|清退|注销|退出|退队|离队|除名|劝退|取消资格|缺席|未参训|未到)(的|人员|志愿者|队员|会员|学员|被保险人|名单|名册|花名册|明细|清单|情况|公示|表)"
)
_MIXED = re.compile("加入|新增|入队|入会|增|加保|变动|变更|异动|进出|在队|登记表")
_UNITS = frozenset("万元 千元 百元 亿元 美元 港币 港元 欧元 日元 英镑 万 分钟 天 工日 人天".split())
_WORDED = {OFFICE: "退出日期", TEAM: "退队日期", REMOVED: "保障终止日期"}
_OF_TITLE = "表名或标题"
_LOOSE = 24  # characters of a cell in a column that was not understood


@dataclass(frozen=True)
class State:
    """What a row says of somebody: what kind of not being, in which column, in which words, since when."""

    kind: str
    column: str
    cell: str
    day: str = ""


def state_in(text: str, strict: bool = False) -> str:
    """Return the kind of not being that a cell speaks of, or nothing; `strict`: only where it consists of such words."""
    text = plain(text)
    if not text or _AGAIN.search(text) or len(text) > (60 if strict else _LOOSE):
        return ""
    if strict and not _REMARK.fullmatch(text):
        return ""
    return next((kind for kind, words in _WORDS.items() if words.search(text)), "")


@dataclass
class Standing:
    """What was found: the remarks on rows of each record, sentences on the table, and the columns that were understood."""

    remarks: dict[str, dict[int, list[Remark]]]
    notes: tuple[str, ...] = ()
    understood: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()  # the numbers of the rows that only say when something ended


def is_of_leavers(lines: Iterable[str]) -> bool:
    """Whether a title says that all of a list's people left the office, and not that they may."""
    found = [m for line in lines if len(plain(line)) <= 60 and (m := _TITLE.search(plain(line)))]
    return any("拟" not in m.string and not _MIXED.search(m.string[: m.start()]) for m in found)


def look(
    table: Table,
    headers: Sequence[Found],
    rows: list[tuple[int, list[Cell]]],
    words: Sequence[str],
    left_out: frozenset[int],
    above: Sequence[Sequence[Cell]],
    keep_struck: bool = False,
) -> tuple[list[Found], Standing]:
    """Find the rows that say somebody is not; end what ends, in place, and remark on what is refused.

    `left_out` are the columns that a person said mean nothing; `above` the rows above the headings.
    Returns the headings with the columns that were added to hold an end or a result.
    """
    return _Look(table, headers, rows, words, left_out, above, keep_struck).result()


class _Look:
    def __init__(
        self, table: Table, headers: Sequence[Found], rows: list[tuple[int, list[Cell]]], words: Sequence[str],
        left_out: frozenset[int], above: Sequence[Sequence[Cell]], keep_struck: bool,
    ) -> None:  # fmt: skip
        self.table, self.headers, self.rows, self.words = table, list(headers), rows, words
        self.entities = [h.entity for h in headers]
        self.is_people = any(e in PEOPLE for e in self.entities)
        self.mapped = {i: h for header in reversed(self.headers) for h, i in header.columns.items()}
        self.left_out = left_out
        self.above = above
        self.keep_struck = keep_struck
        self.states: dict[int, State] = {}  # by the place of the row
        self.understood: set[int] = set()
        self.ends: set[int] = set()
        self.remarks: dict[str, dict[int, list[Remark]]] = {e.name: {} for e in self.entities}
        self.notes: list[str] = []
        self.width = max([len(words), *(len(row) for _, row in rows)])
        self.added: dict[str, int] = {}

    def result(self) -> tuple[list[Found], Standing]:
        if not self.rows:
            return self.headers, Standing(self.remarks)
        self._by_columns()
        self._by_title()
        self._by_end_days()
        if self.is_people:
            self._by_ticks()
        struck = set() if self.keep_struck else self._struck()
        for at in sorted(self.states.keys() - struck):
            self._settle(at, self.states[at])
        told = Counter((s.column, s.cell) for at, s in self.states.items() if at not in struck)
        self.notes += [
            f"“{column}”：{n} 行写着“{said}”，没有按在册的人或有效的内容导入"
            for (column, said), n in told.most_common(8)
        ]
        if struck:
            numbers = "、".join(str(self.rows[at][0]) for at in sorted(struck)[:10])
            self.notes.append(f"{len(struck)} 行划了删除线（第 {numbers} 行），没有导入")
            for at in struck:
                self._refuse(at, self._name_heading(), "这一行划了删除线，没有导入；如果仍然有效，请去掉删除线再导入")
        return self._headers(), Standing(
            self.remarks, tuple(self.notes), frozenset(self.understood), frozenset(self.ends)
        )

    # Where it is said

    def _cell(self, at: int, column: int) -> Cell:
        row = self.rows[at][1]
        return row[column] if column < len(row) else None

    def _by_columns(self) -> None:
        """Look for states in every column that was not understood, and in remarks."""
        for i in range(self.width):
            ours = self.mapped.get(i, "")
            if i in self.left_out or (ours and ours not in ("备注", "摘要", "说明", "结果")):
                continue
            heading = bare(heading_key(self.words[i])) if i < len(self.words) else ""
            cells = {c for _, row in self.rows if i < len(row) and isinstance((c := row[i]), str)}
            cells |= {cell_text(c) for _, row in self.rows if i < len(row) and isinstance((c := row[i]), bool | int)}
            found = {c: kind for c in cells if (kind := self._kind(heading, c, ours))}
            if not found:
                continue
            self.understood.add(i)
            name = self.words[i].strip() if i < len(self.words) and self.words[i].strip() else f"第 {i + 1} 列"
            for at in range(len(self.rows)):
                text = cell_text(self._cell(at, i))
                if text in found:
                    self._note_state(at, State(found[text], name, plain(text), _day_in(text)))

    def _kind(self, heading: str, text: str, ours: str) -> str:
        """Return what a cell says, by its words, or by a yes or no below a heading that asks."""
        if ours == "结果":
            return ""
        if ours or heading in ("备注", "说明", "备注说明") or heading in usual():
            return state_in(text, strict=True) if self.is_people or ours != "摘要" else ""
        word = plain(text).lower()
        if _SESSION.search(heading) and not _STATUS.fullmatch(heading):
            return ""  # ticks of a day: looked at together
        if word in _UNITS and any(isinstance(f.kind, Money | Hours) for e in self.entities for f in e.fields):
            return UNIT
        if _STATUS.fullmatch(heading) and (word in _YES or word in _NO):
            if (word in _YES) != bool(_NEGATIVE.search(heading)):
                return ""
            return _kind_of_heading(heading)
        if _STATUS.fullmatch(heading) and _OF_COVER.search(heading) and word in ("减", "-", "－", "—", "退", "删"):
            return REMOVED
        if why := _WHY.fullmatch(heading):
            kinds = (kind for kind, words in _WORDS.items() if words.search(why["what"]))
            return next(kinds, "") if word not in _NOTHING else ""
        if kind := state_in(text):
            return kind
        asks = _ASKS_STATUS.search(heading) and _STATUS.fullmatch(heading)
        return UNCLEAR if asks and len(word) <= 8 and not _PRESENT.search(word) else ""

    def _note_state(self, at: int, state: State) -> None:
        """Keep what was said first, with a day where any column gives one."""
        there = self.states.get(at)
        self.states[at] = (
            state if there is None else there if there.day or not state.day else replace(there, day=state.day)
        )

    def _by_end_days(self) -> None:
        """A day in a column such as 退保日期 says that somebody is no longer, and since when."""
        for i in range(self.width):
            heading = bare(heading_key(self.words[i])) if i < len(self.words) else ""
            found = _ENDED_ON.fullmatch(heading)
            if found is None or i in self.left_out:
                continue
            ours = self.mapped.get(i, "")
            if ours and (
                ours in _ENDS.values()
                or (
                    ours != "保障起始日期"
                    or found["what"] not in ("变动", "变更", "异动", "批改", "生效", "办理", "操作")
                )
            ):
                continue
            kind = next((k for k, w in _WORDS.items() if w.search(found["what"])), "")
            for at in range(len(self.rows)):
                cell = self._cell(at, i)
                if is_blank(cell):
                    continue
                there = self.states.get(at)
                if there is None and not kind:
                    continue
                day = _parsed(cell)
                if there is None:
                    there = State(kind, self.words[i].strip(), plain(cell_text(cell)))
                if there.kind == REMOVED and day and found["what"] != "退保" and "退保" not in there.cell:
                    day = (dt.date.fromisoformat(day) - dt.timedelta(1)).isoformat()
                self.states[at] = replace(there, day=there.day or day)
                self.understood.add(i)
                if ours:  # the day of the change is not the day from which cover holds
                    self._put(at, i, None)

    def _by_title(self) -> None:
        """A title that says 清退, 退出, 注销, 退保 makes the whole table such."""
        if not self.is_people:
            return
        lines = [self.table.sheet, *(cell_text(c) for row in self.above for c in row if isinstance(c, str))]
        for line in lines:
            found = _TITLE.search(plain(line))
            if found is None or _MIXED.search(plain(line)[: found.start()]) or len(plain(line)) > 60:
                continue
            kind = (
                next(k for k, w in _WORDS.items() if w.search(found["word"])) if found["word"] != "取消资格" else OFFICE
            )
            for at in range(len(self.rows)):
                if at not in self.states:
                    self.states[at] = State(kind, _OF_TITLE, found["word"])
            return

    def _by_ticks(self) -> None:
        """Columns of ticks below days and sessions: who has none of them was not there."""
        if not any(e in (ATTENDANCE, SERVICE_RECORD) for e in self.entities):
            return
        columns = []
        for i in range(self.width):
            heading = bare(heading_key(self.words[i])) if i < len(self.words) else ""
            if i in self.mapped or i in self.left_out or not _SESSION.search(heading):
                continue
            cells = [plain(cell_text(c)).lower() for _, row in self.rows if i < len(row) and not is_blank(c := row[i])]
            if cells and all(
                c in _YES or c in _NO or c in ("到", "已到", "出勤", "/", "-", "—", "○", "●") or state_in(c)
                for c in cells
            ):
                columns.append(i)
        for at in range(len(self.rows)) if columns else ():
            texts = [plain(cell_text(self._cell(at, i))).lower() for i in columns]
            there = [t in _YES or t in ("到", "已到", "出勤", "○", "●") for t in texts]
            kinds = [state_in(t) for t in texts]
            name = self.words[columns[0]].strip()
            if not any(there):
                said = next((t for t in texts if t), "空白")
                self._note_state(at, State(LEAVE if LEAVE in kinds else ABSENT, name, said))
            elif not all(there):
                self._remark(at, name, "只到了一部分，学时或时长按表里所填计算，请核对", "warning")
        self.understood |= set(columns)

    def _struck(self) -> set[int]:
        """The places of rows whose name or number, or what else the record is known by, is struck through."""
        if not self.table.struck:
            return set()
        key = {h for e in self.entities for name in e.key for h, _ in e[name].columns} | {"姓名", "证件号码"}
        columns = [i for i, h in self.mapped.items() if h in key]
        struck = self.table.struck
        return {
            at for at, (number, row) in enumerate(self.rows)
            if any((number, i) in struck and i < len(row) and not is_blank(row[i]) for i in columns)
        }  # fmt: skip

    # What follows

    def _settle(self, at: int, state: State) -> None:
        """End what ends, write the result of an absence, or refuse the row for a record."""
        for header in self.headers:
            entity = header.entity
            if entity is ATTENDANCE and state.kind in (ABSENT, LEAVE):
                self._absent(at, header, state)
            elif not self._ended(at, header, state):
                self._refuse_state(at, entity, state)

    def _absent(self, at: int, header: Found, state: State) -> None:
        word = "请假" if state.kind == LEAVE else "缺席"
        result = plain(cell_text(self._cell(at, header.columns["结果"]))) if "结果" in header.columns else ""
        number = self._cell(at, header.columns["证书编号"]) if "证书编号" in header.columns else None
        if result in ("合格", "通过", "及格", "优秀", "良好") or not is_blank(number):
            self._refuse(at, state.column, f"写着“{state.cell}”，又有成绩或证书，两处矛盾，请核对", ATTENDANCE)
            return
        self._put(at, self._column("结果", header), word)

    def _ended(self, at: int, header: Found, state: State) -> bool:
        """Write the end where the row gives its day; whether that settles the row for this record."""
        entity, kind = header.entity, state.kind
        heading = _ENDS.get(entity)
        if heading is None:
            return self._has_end(at, entity, header)
        if "拟" in "".join(self._title()):
            return False
        own = self._cell(at, header.columns[heading]) if heading in header.columns else None
        wanted = {VOLUNTEER: (OFFICE, TEAM), MEMBERSHIP: (OFFICE, TEAM), COVERAGE: (REMOVED,)}[entity]
        if kind not in wanted:
            return entity is COVERAGE and kind in (OFFICE, TEAM) and not is_blank(own)
        if entity is VOLUNTEER and kind == TEAM:  # still a volunteer, if the team is known which they left
            member = next((h for h in self.headers if h.entity is MEMBERSHIP), None)
            return member is not None and (bool(state.day) or not is_blank(self._end_of(at, member)))
        if is_blank(own) and not state.day:
            return False
        if is_blank(own):
            self._put(at, self._column(heading, header), state.day)
        if entity is COVERAGE:
            self.ends.add(self.rows[at][0])
        return True

    def _end_of(self, at: int, header: Found) -> Cell:
        heading = _ENDS[header.entity]
        return self._cell(at, header.columns[heading]) if heading in header.columns else None

    def _has_end(self, at: int, entity: Entity, header: Found) -> bool:
        """Whether a row of another record says itself when it ended: a team's 撤销日期."""
        ends = [entity[end].label for _, end in entity.spans]
        return entity not in PEOPLE and any(
            h in header.columns and not is_blank(self._cell(at, header.columns[h])) for h in ends
        )

    def _refuse_state(self, at: int, entity: Entity, state: State) -> None:
        missing = _WORDED.get(state.kind)
        ours = {h for h, _, _ in entity.columns}
        if state.kind == UNIT:
            reason = f"单位写着“{state.cell}”，和本台账的单位不同；请换算后再导入"
        elif state.kind == UNCLEAR:
            reason = f"写着“{state.cell}”，看不出还在不在、有没有效，没有导入"
        elif missing and (missing in ours or entity in (VOLUNTEER, MEMBERSHIP)):
            reason = f"写着“{state.cell}”，但没有“{missing}”，没有导入；请补上这一天再导入"
        else:
            reason = f"写着“{state.cell}”，不能当作有效的内容导入，没有导入"
        reason += f"。若与“{entity.label}”无关，请把“{state.column}”这一列指定为“不导入”"
        self._refuse(at, state.column, reason, entity)

    def _refuse(self, at: int, column: str, reason: str, entity: Entity | None = None) -> None:
        self._remark(at, column, reason, "error", entity)

    def _remark(self, at: int, column: str, reason: str, severity: str, entity: Entity | None = None) -> None:
        for e in self.entities:
            if entity is None or e is entity:
                self.remarks[e.name].setdefault(self.rows[at][0], []).append(Remark(column, reason, severity))

    def _name_heading(self) -> str:
        return next((h for h in self.mapped.values() if h == "姓名"), next(iter(self.mapped.values()), ""))

    def _title(self) -> list[str]:
        return [self.table.sheet, *(cell_text(c) for row in self.above for c in row if isinstance(c, str))]

    # Columns of our own

    def _column(self, heading: str, header: Found) -> int:
        if heading in header.columns:
            return header.columns[heading]
        return self.added.setdefault(heading, self.width + len(self.added))

    def _put(self, at: int, column: int, cell: Cell) -> None:
        number, row = self.rows[at]
        row = [*row, *[None] * (column + 1 - len(row))]
        row[column] = cell
        self.rows[at] = number, row

    def _headers(self) -> list[Found]:
        if not self.added:
            return self.headers
        found = []
        for header in self.headers:
            able = {h for h, _, _ in header.entity.columns}
            found.append(replace(header, columns=header.columns | {h: i for h, i in self.added.items() if h in able}))
        return found


def _kind_of_heading(heading: str) -> str:
    """What a no (or the yes of a heading that asks the opposite) says, by what the heading asks."""
    said = next((kind for kind, words in _WORDS.items() if words.search(heading)), "")
    if said:
        return said
    if _OF_PRESENCE.search(heading):
        return ABSENT
    if _OF_COVER.search(heading):
        return REMOVED
    if _TEAM_HEAD.search(heading):
        return TEAM
    return OFFICE if re.search("有效|注册|正常|存续", heading) else ""


def _day_in(text: str) -> str:
    """Return the day that a cell names among other words, in ISO form."""
    found = re.search(r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?", plain(text))
    return _parsed(found[0]) if found else ""


def _parsed(cell: Cell) -> str:
    try:
        return str(Date().parse(cell))
    except Invalid:
        return ""


def by_row(remarks: Mapping[int, Sequence[Remark]]) -> dict[int, tuple[Remark, ...]]:
    """Return remarks as they are handed on."""
    return {number: tuple(said) for number, said in remarks.items()}
