"""Which table feeds which record, and which of its columns are ours: by the sheet's name, else by its headings.

One sheet may hold several tables, and one table of people may feed several records: the volunteer, the membership of a
team and the coverage by a policy. A record is taken only where all of its required columns are there.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.records.entities import BY_LABEL, BY_NAME, COVERAGE, ENTITIES, MEMBERSHIP, SHEETS, VOLUNTEER
from db.records.fields import Entity
from db.records.kinds import cell_text, is_blank, plain
from forms.columns import headings as heads
from forms.columns import vocabulary
from forms.columns.headings import Block, Found, Header, heading_key, required, synonyms
from forms.columns.rows import REASON_HEADING, ROSTER, Mapped, first_cell, take_rows
from forms.errors import FileTrouble
from forms.reading.table import Note, Table

__all__ = [
    "CHOSEN",
    "CONTENT",
    "EXACT",
    "FILLED",
    "GUIDE_SHEET",
    "REASON_HEADING",
    "REMEMBERED",
    "ROSTER",
    "SAID",
    "SYNONYM",
    "Mapped",
    "Proposal",
    "carry_out",
    "fed_by",
    "find_header",
    "fingerprint",
    "has_heading",
    "heading_key",
    "letters",
    "map_all",
    "map_table",
    "propose",
    "propose_as",
    "synonyms",
]  # fmt: skip

# Why a column is read as it is.
REMEMBERED, EXACT, SYNONYM, CONTENT, CHOSEN = "remembered", "exact", "synonym", "content", "chosen"
FILLED = "filled"  # no column of theirs: one value that a person gave for every row
SAID = "said"  # the same, found in the sheet's name or above the table

GUIDE_SHEET = "填写说明"

_JOINING = re.compile("注册|入会|加入|入队|招募|志愿|regist")
_SERVING = re.compile("志愿|义工|服务队|救援队|队员")


def find_header(
    table: Table, entity: Entity, renamed: Mapping[str, str] | None = None
) -> tuple[int, dict[str, int], list[str]] | None:
    """Find the headings of `entity` in a table: (index of their last row, columns, headings as written), or None."""
    found = heads.find(table, entity, renamed)
    return None if found is None else (found.block.last, found.columns, found.headings)


def map_table(table: Table, kind: str | None = None, renamed: Mapping[str, str] | None = None) -> Mapped | None:
    """Map one table to one record: by `kind` if given, by the sheet's name, or by the headings that fit best.

    Returns None for a table that is none of ours. Raises `FileTrouble` where the sheet is ours by name or by choice
    but no heading row can be found.
    """
    if heading_key(table.sheet) == GUIDE_SHEET or not table.rows:
        return None
    header = _header(table, kind, renamed)
    return None if header is None else carry_out(_proposal(table, header, True, renamed))[0]


def map_all(
    table: Table,
    kind: str | None = None,
    renamed: Mapping[str, str] | None = None,
    memory: Mapping[str, tuple[str, Mapping[str, str]]] | None = None,
) -> list[Mapped]:
    """Map a sheet to all the records it feeds: every table on it, and every record a table of people gives.

    A record that was chosen (`kind`) is the only one its table feeds.
    """
    return [m for p in propose(table, kind, renamed, memory) for m in carry_out(p)]


@dataclass
class Proposal:
    """One table of a sheet and how its columns are read. A person may put another heading of ours into `chosen`.

    `headings` are theirs as written; `chosen` holds for each column one of our headings, or nothing: not imported;
    `reasons` says why. `alone`: the table feeds its record only, not the other records of a roster.
    """

    table: Table
    block: Block
    kind: str
    headings: list[str]
    chosen: list[str]
    reasons: list[str]
    alone: bool = False
    hints: tuple[Note, ...] = ()
    keep_struck: bool = False  # rows that are struck through are taken all the same

    @property
    def shape(self) -> str:
        """What the table is recognised by the next time."""
        return fingerprint(self.table.sheet, self.block)

    def columns(self) -> dict[str, str]:
        """The reading as a ``--map`` file gives it: their heading, or ``@`` and the column's letters, to ours."""
        keys = [heading_key(h) for h in self.headings]
        return {
            h if h and keys.count(keys[i]) == 1 and not h.startswith("@") else f"@{letters(i)}": ours
            for i, (h, ours) in enumerate(zip(self.headings, self.chosen, strict=True))
            if (h or ours) and self.reasons[i] not in (FILLED, SAID)
        }

    def records(self) -> list[Entity]:
        """The records that the table feeds as it is read now."""
        return [f.entity for f in _as_chosen(self)]

    def missing(self) -> list[str]:
        """Our required headings of the main record that no column gives."""
        entity = BY_NAME[self.kind]
        return [h for h, _, _ in entity.columns if h in required(entity, self.chosen) and h not in self.chosen]


def letters(index: int) -> str:
    """Return a column's letters in Excel, counted from 0."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found


def fingerprint(sheet: str, block: Block) -> str:
    """Return what the headings of a table are recognised by; a sheet's name counts where it is one of ours."""
    name = heading_key(sheet) if heading_key(sheet) in BY_LABEL else ""
    texts = ["\x1e".join(heading_key(t) for t in column) for column in block.texts]
    while texts and not texts[-1]:
        texts.pop()
    return hashlib.sha256("\x1f".join((name, *texts)).encode()).hexdigest()[:32]


def propose(
    table: Table,
    kind: str | None = None,
    renamed: Mapping[str, str] | None = None,
    memory: Mapping[str, tuple[str, Mapping[str, str]]] | None = None,
    alone: bool = True,
) -> list[Proposal]:
    """Say how each table of a sheet would be read: as it was confirmed before (`memory`), else by its headings.

    `memory` gives (record, columns) by fingerprint. With `alone` a record that was chosen (`kind`) is the only one that
    its table feeds. Raises `FileTrouble` as `map_table` does.
    """
    if heading_key(table.sheet) == GUIDE_SHEET or not table.rows:
        return []
    found = []
    for i, part in enumerate(heads.split(table, renamed)):
        known = _remembered(part, memory) if memory and kind is None and not renamed else None
        if known is None:
            header = _header(part, kind, renamed) if i == 0 else _lower_header(part, kind, renamed)
            if header is None:
                continue
            known = _proposal(part, header, bool(kind) and alone, renamed)
            if not kind and _is_whole(header) and known.missing():
                continue  # what seemed to be a number only counts the rows
        if i and known.table.rows[0][0] > table.rows[0][0] and not _is_right(part, table):
            below = known.table.rows[known.block.last][0]
            known.hints = (Note(f"同一工作表下方的另一个表（表头在第 {below} 行）"), *known.hints)
        found.append(known)
    return found


def _proposal(part: Table, header: Found, alone: bool, renamed: Mapping[str, str] | None) -> Proposal:
    several, hints = ([header], ()) if alone else _records(header, part.sheet, renamed)
    words = _words(several)
    # Cells without a heading can be given one, and come back with the rest where they are refused.
    widest = max((len(row) for _, row in part.rows[header.block.last + 1 :][:200]), default=0)
    words += [""] * (min(widest, len(words) + 50) - len(words))
    chosen, reasons = [""] * len(words), [""] * len(words)
    theirs = {heading_key(k) for k in renamed or {}}
    for found in reversed(several):
        for heading, i in found.columns.items():
            chosen[i] = heading
            same = heads.bare(heading_key(words[i])) == heads.bare(heading_key(heading))
            reasons[i] = CHOSEN if heading_key(words[i]) in theirs else EXACT if same else SYNONYM
    made = Proposal(part, header.block, header.entity.name, words, chosen, reasons, alone, hints)
    _leave_serials(made)
    for theirs_, ours in (renamed or {}).items():  # what is not to be imported, and columns named by their letters
        if not ours or theirs_.startswith("@"):
            _put(made, theirs_, ours, CHOSEN)
    return made


def propose_as(part: Table, entity: Entity, block: Block, renamed: Mapping[str, str] | None = None) -> Proposal:
    """Read a block of headings as a record that a person chose, however few of them are ours."""
    several, hints = _records(_as(entity, heads.match(block, entity, renamed)), part.sheet, renamed)
    main = next(f for f in several if f.entity is entity)
    made = _proposal(part, main, False, renamed)
    made.hints = hints
    return made


def _is_whole(header: Found) -> bool:
    return required(header.entity, header.columns) <= header.columns.keys()


def _is_right(part: Table, table: Table) -> bool:
    """Whether a part of a sheet stands beside another one: where it begins, the sheet has cells further left."""
    first = table.rows[[n for n, _ in table.rows].index(part.rows[0][0])][1]
    return first_cell(first)[0] < first_cell(part.rows[0][1])[0]


def _leave_serials(made: Proposal) -> None:
    """Take no column that only counts the rows for numbers of trainings or activities: the next list counts from one, too."""
    for i in range(len(made.headings)):
        if made.reasons[i] != SYNONYM or made.chosen[i] not in ("培训编号", "活动编号"):
            continue
        rows = made.table.rows[made.block.last + 1 :]
        cells = [cell_text(row[i]).strip() for _, row in rows if i < len(row) and not is_blank(row[i])]
        if cells and all(cell == str(n) for n, cell in enumerate(cells, 1)):
            made.chosen[i] = made.reasons[i] = ""


def has_heading(table: Table, theirs: str) -> bool:
    """Whether a table has a heading that a person names as it is written, or by ``@`` and the column's letters."""
    if theirs.startswith("@"):
        return any(theirs[1:].upper() == letters(i) for i in range(max((len(row) for _, row in table.rows), default=0)))
    key = heading_key(theirs)
    return any(key == k for block in heads.blocks(table) for column in block.readings for _, k, _ in column)


def _put(proposal: Proposal, theirs: str, ours: str, reason: str) -> None:
    key = heading_key(theirs)
    for i, heading in enumerate(proposal.headings):
        if (theirs.startswith("@") and letters(i) == theirs[1:].upper()) or (key and heading_key(heading) == key):
            if ours:
                proposal.chosen[:] = ["" if c == ours else c for c in proposal.chosen]
            proposal.chosen[i], proposal.reasons[i] = ours, reason


def _remembered(part: Table, memory: Mapping[str, tuple[str, Mapping[str, str]]]) -> Proposal | None:
    for block in heads.blocks(part):
        if (known := memory.get(fingerprint(part.sheet, block))) and known[0] in BY_NAME:
            kind, columns = known
            words = [texts[-1] if texts else "" for texts in block.texts]
            made = Proposal(part, block, kind, words, [""] * len(words), [""] * len(words))
            ours = {h for e in fed_by(kind) for h, _, _ in e.readable}
            for theirs, heading in columns.items():
                if heading in ours or not heading:
                    _put(made, theirs, heading, REMEMBERED)
            return made
    return None


# What a record does not hold and yet needs to know of the same row.
_BESIDE = {
    VOLUNTEER.name: (heads.JOINED,),
    MEMBERSHIP.name: ("出生日期", "手机号码"),
    COVERAGE.name: ("出生日期", "手机号码"),
}


def fed_by(kind: str) -> tuple[Entity, ...]:
    """The records that a table of this kind may feed."""
    entity = BY_NAME[kind]
    return (entity, *(e for e in ROSTER if e is not entity)) if entity in ROSTER else (entity,)


def _as_chosen(proposal: Proposal) -> list[Found]:
    """The headings of each record that the chosen columns feed, in the order of the records."""
    main = BY_NAME[proposal.kind]
    places = {h: i for i, h in reversed(list(enumerate(proposal.chosen))) if h}
    found = []
    for entity in (main,) if proposal.alone else fed_by(proposal.kind):
        columns = heads.one_amount(entity, {h: places[h] for h, _, _ in entity.readable if h in places})
        own_sheet = heading_key(proposal.table.sheet) == MEMBERSHIP.label and "登记日期" not in places
        if main in ROSTER and not (
            entity is VOLUNTEER and own_sheet
        ):  # of the same row: by what people are told apart, and when they came
            columns |= {h: places[h] for h in _BESIDE[entity.name] if h in places}
        if entity is main or required(entity, columns) <= columns.keys():
            found.append(Found(proposal.block, columns, proposal.headings, entity))
    return sorted(found, key=lambda f: ENTITIES.index(f.entity))


def carry_out(proposal: Proposal) -> list[Mapped]:
    """Take a table's rows as its columns were chosen, once for each record it feeds."""
    headers = _as_chosen(proposal)
    made = take_rows(proposal.table, headers, proposal.reasons, keep_struck=proposal.keep_struck)
    fed = {m.entity.name for m in made}  # by a column that was filled in since, or by lines that name the team
    made[0].notes += tuple(hint for hint in proposal.hints if hint.left_out not in fed)
    return made


def _as(entity: Entity, header: Header) -> Found:
    return Found(header.block, header.columns, header.headings, entity)


def _header(table: Table, kind: str | None, renamed: Mapping[str, str] | None) -> Found | None:
    named = BY_LABEL.get(heading_key(table.sheet)) if not kind else BY_NAME.get(kind) or BY_LABEL.get(kind)
    if named is None:
        return _by_headings(table, renamed)
    header = heads.find(table, named, renamed)
    if not kind and (header is None or not _is_whole(_as(named, header))):
        try:
            other = _by_headings(table, renamed)
        except FileTrouble:
            other = None
        if other is not None:  # the name says one thing, and all that another record needs stands there
            return other
    if header is None:
        names = "、".join(h for h, f, _ in named.columns if f.required and f.default is None)
        raise FileTrouble(f"工作表“{table.sheet}”里没有找到表头。表头中至少要有：{names}")
    return _as(named, header)


def _lower_header(table: Table, kind: str | None, renamed: Mapping[str, str] | None) -> Found | None:
    """A further table on a sheet: its headings say what it is; the sheet's name speaks for the first one alone."""
    found = _by_headings(table, renamed)
    return found if found is not None else _header(table, kind, renamed)


def _by_headings(table: Table, renamed: Mapping[str, str] | None) -> Found | None:
    among = heads.blocks(table)
    scored = []
    for entity in SHEETS:
        header = heads.find(table, entity, renamed, among)
        if header is None or (entity in ROSTER and _is_of_members(table, header)):
            continue
        hits = len(header.columns)
        used = set(header.columns.values())
        if entity in ROSTER:
            used |= {i for other in ROSTER for i in heads.match(header.block, other, renamed).columns.values()}
        others = (h for i, h in enumerate(header.headings) if h and i not in used)
        strangers = sum(1 for h in others if not _is_usual(h, names_people=heads.names_people(entity)))
        # Of a person there is much to say that is not ours; but not every list of people is one of volunteers.
        enough = hits >= strangers or (
            heads.names_people(entity) and (entity is not VOLUNTEER or _joined(table, header))
        )
        if len(required(entity)) == 1:  # a day or a name alone tells nothing: all that belongs to it must be there
            enough = hits == len(entity.columns) and strangers < 2
        if required(entity, header.columns) <= header.columns.keys() and hits >= 2 and enough:
            scored.append((hits - strangers, hits, _as(entity, header)))
    if not scored:
        return None
    scored.sort(key=lambda s: s[:2], reverse=True)
    if len(scored) > 1 and scored[0][:2] == scored[1][:2]:
        if scored[0][2].entity in ROSTER and scored[1][2].entity in ROSTER:
            return scored[0][2]  # the one sheet feeds both
        names = "”或“".join(s.entity.label for _, _, s in scored[:2])
        raise FileTrouble(f"分不清工作表“{table.sheet}”是“{names}”。请把工作表改成其中一个名字，或用 --sheet 指明")
    return scored[0][2]


def _is_of_members(table: Table, header: Header) -> bool:
    """Whether a list of people is a register of the Red Cross's members, whom nobody takes for volunteers unasked."""
    above = [cell_text(c) for _, row in table.rows[: header.block.first] for c in row if isinstance(c, str)]
    return vocabulary.is_of_members("".join((table.sheet, *above, *header.headings)))


def _is_usual(heading: str, *, names_people: bool) -> bool:
    """Whether a column that is not ours says nothing of what a list is about."""
    key = heading_key(heading)
    return key == REASON_HEADING or heads.is_serial(heading) or (names_people and heads.bare(key) in heads.usual())


def _joined(table: Table, header: Header) -> bool:
    """Whether a list of people says that they joined something, or a line above it or the sheet's name that they serve."""
    day = header.headings[header.columns["登记日期"]] if "登记日期" in header.columns else ""
    above = [cell_text(c) for _, row in table.rows[: header.block.first] for c in row if isinstance(c, str)]
    texts = (table.sheet, *above, *header.headings)
    return bool(_JOINING.search(heading_key(day)) or any(_SERVING.search(plain(text)) for text in texts))


def _records(header: Found, sheet: str, renamed: Mapping[str, str] | None) -> tuple[list[Found], tuple[Note, ...]]:
    """Return all the records a table of people feeds, and what is missing for those it nearly feeds."""
    if header.entity not in ROSTER:
        return [header], ()
    if header.entity is VOLUNTEER:
        header = _joined_a_team(header, renamed)
    taken = {header.entity.name: header}
    claims = {i: heading for heading, i in header.columns.items()}
    short: list[tuple[Entity, set[str], dict[str, int]]] = []
    for entity in ROSTER:
        if entity is header.entity:
            continue
        other = heads.match(header.block, entity, renamed)
        # A column means one thing: what the main record reads otherwise is not offered to another one.
        columns = {h: i for h, i in other.columns.items() if claims.get(i, h) == h}
        if entity is VOLUNTEER and heads.JOINED in header.columns and heading_key(sheet) != MEMBERSHIP.label:
            columns.setdefault(heads.JOINED, header.columns[heads.JOINED])
        if missing := required(entity, columns) - columns.keys():
            short.append((entity, missing, columns))
            continue
        taken[entity.name] = Found(other.block, columns, other.headings, entity)
        claims = {i: h for h, i in columns.items()} | claims
    hints = []
    for entity, missing, columns in short:
        # A team says nothing of a policy.
        usual = ("备注", "队伍名称") if entity is COVERAGE else ("备注",)
        wasted = [h for h, i in columns.items() if i not in claims and h not in usual]
        if wasted:
            lacks = "”“".join(h for h, _, _ in entity.columns if h in missing)
            text = f"表中有“{'”“'.join(wasted)}”，但没有“{lacks}”列，所以没有导入“{entity.label}”；补上这一列后可以再导入一次"
            hints.append(Note(text, left_out=entity.name))
    return [taken[e.name] for e in ENTITIES if e.name in taken], tuple(hints)


def _joined_a_team(header: Found, renamed: Mapping[str, str] | None) -> Found:
    """A day of joining (加入时间) beside a team is when somebody joined the team; the day of registration follows from it."""
    member = heads.match(header.block, MEMBERSHIP, renamed).columns
    day = header.columns.get("登记日期")
    if day is None or member.get(heads.JOINED) != day or "队伍名称" not in member:
        return header
    columns = {h: i for h, i in header.columns.items() if i != day} | {heads.JOINED: day}
    return Found(header.block, columns, header.headings, header.entity)


def _words(headers: Sequence[Found]) -> list[str]:
    """The headings as they are shown and written back: each in the form by which it was recognised."""
    words = list(headers[0].headings)
    for header in headers[1:]:
        for i in header.columns.values():
            words[i] = header.headings[i]
    first = headers[0]
    for i in first.columns.values():
        words[i] = first.headings[i]
    return words
