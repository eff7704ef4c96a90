"""One-page registration forms: each label with its value beside it, behind a colon, or below it; one page per record.

A sheet may hold several pages below or beside each other. What a page says comes back label by label as it stands there;
`forms.shapes.normalise` puts the pages of all files together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

from db.records.entities import SHEETS, VOLUNTEER
from db.records.fields import Entity
from db.records.kinds import Cell, cell_text, is_blank, plain
from forms.columns.headings import recognised, required
from forms.reading.table import Table
from forms.shapes import form_labels as words
from forms.shapes.form_cells import Item, Lines, lines_of, may_be_form

_LOOKED_AT = 120  # rows that say what the forms are about
_NEAR = 60  # labels before and behind the one by which forms are told apart
_FEWEST = 3  # headings of ours on a page
_DATE_IN_PIECES = re.compile(r"\d{4}年(\d{1,2})?月?(\d{1,2})?日?")


@dataclass
class Page:
    """One form: what it is about, its labels with their values, where it begins, and what was left unread."""

    kind: Entity
    row: int
    column: int
    values: dict[str, Cell]
    loose: dict[str, int] = field(default_factory=dict)  # texts without a label → their row
    listed: int = 0  # rows of small lists inside the form
    ticked: int = 0  # boxes that were read as what is ticked

    def is_empty(self) -> bool:
        """Whether nobody filled it in."""
        known = recognised(self.kind.name)
        return not any(words.meaning(known, label) for label, value in self.values.items() if not is_blank(value))


def headings_of(kind: Entity, labels: Sequence[str] | dict[str, Cell]) -> list[str]:
    """Return the headings of ours among labels."""
    known = recognised(kind.name)
    return [heading for label in labels if (heading := words.meaning(known, label))]


def read_pages(table: Table) -> list[Page]:
    """Return the forms on a sheet; none where it is a list, or anything else."""
    if not may_be_form(table):
        return []
    lines = lines_of(table)
    found = []
    for kind, titled in _kinds(lines):
        pages = [_page(part, kind, titled) for part in _parts(lines, kind)]
        found = [page for page in pages if page is not None]
        if found and len(found) == len(pages):
            return found
    return []


# Which pages there are


def _kinds(lines: Lines) -> list[tuple[Entity, bool]]:
    """What the forms may be about, and whether their title says so: that first, then what most labels belong to."""
    labels = {item.label for _, items in lines[:_LOOKED_AT] for item in items if item.is_label}
    title = plain("".join(item.text for _, items in lines[:4] for item in items if not item.is_label))
    if words.OF_A_LIST.search(title):
        return []
    found = []
    for kind, main in words.KINDS.items():
        ours = set(headings_of(kind, sorted(labels)))
        if main in ours and len(ours) >= _FEWEST:
            found.append((words.TITLES[kind].search(title) is not None, len(ours), kind))
    return [(kind, titled) for titled, _, kind in sorted(found, key=itemgetter(0, 1), reverse=True)]


def _parts(lines: Lines, kind: Entity) -> list[Lines]:
    """Cut a sheet into pages: each begins where the label that every page has comes again with the same neighbour."""
    known, main = recognised(kind.name), words.KINDS[kind]
    labels = [item for _, items in lines for item in items if item.is_label]
    mains = [n for n, item in enumerate(labels) if words.meaning(known, item.label) == main]
    near = [_neighbours(n, labels, main, known) for n in mains]
    starts = [labels[n] for n, places in zip(mains, near, strict=True) if places & near[0]]
    if len(starts) < 2:
        return [lines]
    columns = sorted({s.left for s in starts})
    lead = columns[0] - min((item.left for _, items in lines for item in items), default=0)
    edges = [0, *(c - lead for c in columns[1:]), 1 << 20]
    parts = []
    for left, right in pairwise(edges):
        side = [(n, [i for i in items if left <= i.left < right]) for n, items in lines]
        side = [(n, items) for n, items in side if items]
        parts += _down(side, sorted({s.row for s in starts if left <= s.left < right}))
    return parts


def _neighbours(at: int, labels: Sequence[Item], main: str, known: dict[str, str]) -> set[tuple[str, int, int]]:
    """Return which labels stand before and behind, and how far off; those of the next form beside are none."""
    item = labels[at]
    found = []
    end = 1 << 20  # where the next form beside begins
    for other in labels[at + 1 : at + _NEAR]:
        if words.meaning(known, other.label) == main:
            end = other.left if other.row == item.row else end
        elif item.left <= other.left < end:
            found.append(other)
            break
    for other in reversed(labels[max(at - _NEAR, 0) : at]):
        if words.meaning(known, other.label) != main and other.left < end:
            found.append(other)
            break
    return {(other.label, other.left - item.left, other.row - item.row) for other in found}


def _down(lines: Lines, starts: Sequence[int]) -> list[Lines]:
    """Cut one column of pages above each start; the lines that stand above the first one belong to each."""
    if not starts:
        return []
    head = {_print_of(item) for n, items in lines if n < starts[0] for item in items}
    cuts = []
    places = {n: i for i, (n, _) in enumerate(lines)}
    for start in starts[1:]:
        at = places[start]
        while at > 0 and lines[at - 1][0] > starts[0] and any(_print_of(i) in head for i in lines[at - 1][1]):
            at -= 1
        cuts.append(at)
    return [lines[a:b] for a, b in pairwise([0, *cuts, len(lines)])]


def _print_of(item: Item) -> str:
    return item.label or plain(item.text)


# What a page says


@dataclass
class _Reading:
    """A page while it is read."""

    kind: Entity
    values: dict[str, Cell] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # of every label
    loose: dict[str, int] = field(default_factory=dict)
    listed: int = 0
    ticked: int = 0
    section: str = ""  # the people that the rows below are about, where that is somebody else
    begun: bool = False
    several: int = 0  # labels of ours with more than one value
    crowded: bool = False  # labels of ours stand side by side, with no room for values

    def put(self, item: Item, label: str, value: Cell, group: str) -> None:
        """Take a label with its value; one that stands there again gets a number."""
        label = words.label_text(label)
        about = group or self.section
        if about and words.OF_A_PERSON.search(label) and not label.startswith(about):
            known = recognised(self.kind.name)
            in_charge = words.IN_CHARGE.search(about) and self.kind is not VOLUNTEER
            if not in_charge or words.meaning(known, about + label) or not words.meaning(known, label):
                label = about + label
        name, n = label, 1
        while name in self.values:
            n += 1
            name = f"{label}（{n}）"
        if isinstance(value, str) and (words.is_blank_print(value) or not value.strip("_ \u3000")):
            value = None
        if isinstance(value, str) and (chosen := words.ticked(value)) is not None:
            value = chosen or None
            self.ticked += 1
        self.values[name] = value
        self.rows[name] = item.row
        self.begun = True

    def leave(self, items: Sequence[Item]) -> None:
        """Take texts that belong to no label: above the first one they are the title."""
        for item in items:
            if self.begun and not words.is_print(item.text):
                self.loose.setdefault(plain(item.text), item.row)


def _page(lines: Lines, kind: Entity, titled: bool) -> Page | None:
    """Read one page; None where it is a list or says too little."""
    reading = _Reading(kind)
    covers: list[Item] = []  # cells several rows high that stand left of what follows
    at = unasked = 0
    while at < len(lines):
        number, items = lines[at]
        covers = [c for c in covers if c.bottom >= number]
        below = _values_below(lines, at)
        if below is None:
            unasked += _is_row_of_a_list(items, covers)
            # One such row may be of unusual labels; below labels without room for values, and twice, it is a list.
            if _heads_a_list(lines, at, kind) or unasked > (0 if reading.crowded else 1):
                return None
            _read_row(reading, items, covers)
            covers += [item for item in items if item.bottom > item.row]
            at += 1
            continue
        heads, rows = below
        again = _has_main(kind, heads) and _has_main(kind, reading.values)
        there = [*reading.values, *(h.label or h.text for h in heads)]
        if (len(rows) > 1 or not _more_follows(lines[at + 1 + len(rows) :], kind, there)) and _is_roster(
            heads, kind, again
        ):
            return None
        if kind is not VOLUNTEER and not titled and _has_main(VOLUNTEER, heads):
            return None  # lines that say when and where, above a list of people
        group = _group([c for c in (*covers, *items) if c not in heads])
        if len(rows) > 1 or again:
            reading.listed += len(rows)
        else:
            for head in heads:
                value = next((i.cell for i in rows[0] if i.left <= head.right and head.left <= i.right), None)
                reading.put(head, head.label or head.text, value, group)
        at += 1 + len(rows)
    return _judged(reading, lines)


def _judged(reading: _Reading, lines: Lines) -> Page | None:
    known, main = recognised(reading.kind.name), words.KINDS[reading.kind]
    places = {words.meaning(known, label): row for label, row in reversed(reading.rows.items())}
    places.pop("", None)
    if main not in places or len(places) < _FEWEST or len(set(places.values())) < 2:
        return None
    answered = {
        reading.rows[label]
        for label, value in reading.values.items()
        if words.meaning(known, label) and not is_blank(value)
    }
    if (len(answered) < 2 and reading.crowded) or reading.several > max(2, len(places) // 2):
        return None  # several rows of headings; or a list on its side, with a column for each record
    name = next(value for label, value in reading.values.items() if words.meaning(known, label) == main)
    if reading.kind is VOLUNTEER and isinstance(name, str) and words.is_usual(name):
        return None  # nobody is called 联系方式: a group head of a list
    left = min(item.left for _, items in lines for item in items)
    return Page(reading.kind, lines[0][0], left, reading.values, reading.loose, reading.listed, reading.ticked)


def _has_main(kind: Entity, labels: Sequence[Item] | dict[str, Cell]) -> bool:
    texts = list(labels) if isinstance(labels, dict) else [i.label for i in labels]
    return words.KINDS[kind] in headings_of(kind, texts)


def _values_below(lines: Lines, at: int) -> tuple[list[Item], list[list[Item]]] | None:
    """Where a row is labels throughout and the next one has none: the labels, and the rows of values below them."""
    _, items = lines[at]
    heads = [i for i in items if i.bottom == i.row or len(items) == 1]
    strange = [i for i in heads if not (i.is_label or words.is_usual(i.text))]
    if any(i.said is not None for i in heads) or 2 * len(strange) >= len(heads):
        return None
    if (len(heads) == 1 and len(items) > 1) or (not any(i.is_label for i in heads) and len(heads) > 1):
        return None
    if len(heads) == 1 and heads[0].right - heads[0].left < 2:
        return None  # its value would stand beside it
    # Where labels stand apart, the room between them is for values; unless the values stand exactly below.
    apart = any(b.left > a.right + 1 for a, b in pairwise(heads))
    lefts = {h.left for h in heads}
    rows: list[list[Item]] = []
    last = max(i.bottom for i in heads)
    for n, below in lines[at + 1 :]:
        fits = all(any(i.left <= h.right and h.left <= i.right for h in heads) for i in below)
        if n != last + 1 or not fits or any(i.is_label and not words.is_answer(i.text) for i in below):
            break
        if (len(heads) == 1 and (len(below) > 1 or words.is_usual(below[0].text))) or (
            apart and not {i.left for i in below} <= lefts
        ):
            break
        rows.append(below)
        last = max(i.bottom for i in below)
        if len(heads) == 1:
            break
    if strange and (len(rows) < 2 or any(len(row) < 2 for row in rows)):
        return None  # in a list of its own some headings may be unusual
    return (heads, rows) if rows else None


def _heads_a_list(lines: Lines, at: int, kind: Entity) -> bool:
    """Whether labels stand side by side, or without a value, above a row that has none: a list's, some of them unusual."""
    items = lines[at][1]
    below = lines[at + 1][1] if at + 1 < len(lines) else []
    if not _has_main(kind, items) or len(below) < 2 or any(i.is_label for i in below):
        return False
    pairs = [(a, b) for a, b in pairwise([*items, items[-1]]) if a.is_label and a.said is None]
    beside = any(b.is_label and b.left == a.right + 1 for a, b in pairs)
    return beside or any((b.is_label or b is a) and any(i.left == a.left for i in below) for a, b in pairs)


def _is_row_of_a_list(items: Sequence[Item], covers: Sequence[Item]) -> bool:
    """Whether a row has several values and nothing that asks for them, neither in it nor in front of it."""
    if len(items) < 3 or any(i.is_label or words.is_usual(i.text) for i in items):
        return False
    cover = _waiting(covers, items[0])
    if cover is not None and (cover.is_label or words.is_usual(cover.text)):
        return False
    return not any(words.has_boxes(i.text) for i in items) and not all(len(plain(i.text)) == 1 for i in items)


def _is_roster(heads: Sequence[Item], kind: Entity, again: bool) -> bool:
    """Whether labels above values are the headings of a list: they name who or what it is about, and more of it."""
    texts = [h.label or h.text for h in heads]
    if not again and _has_main(kind, heads) and len(headings_of(kind, texts)) >= 2:
        return True
    for entity in SHEETS:
        needed, ours = required(entity), set(headings_of(entity, texts))
        if len(ours) >= 2 and 2 * len(needed & ours) >= len(needed) and (entity is VOLUNTEER or len(ours) >= _FEWEST):
            return True
    return False


def _more_follows(lines: Lines, kind: Entity, there: Sequence[str]) -> bool:
    """Whether a form goes on below with more of what it is about; a phone at the foot of a list is not that."""
    labels = [item.label for _, items in lines for item in items if item.is_label]
    return len(set(headings_of(kind, labels)) - set(headings_of(kind, there))) >= 2


def _group(covers: Sequence[Item]) -> str:
    """Return whom the labels right of a high cell are about, where it says so: 紧急联系人, 负责人."""
    for item in reversed(covers):
        text = re.sub(r"[(（].*[)）]$", "", words.label_text(item.label or item.text))
        if len(text) <= 10 and (found := words.OTHER_PEOPLE.search(text) or words.IN_CHARGE.search(text)):
            return text[: found.end(1)]
    return ""


def _runs(items: Sequence[Item]) -> Iterator[tuple[Item | None, list[Item]]]:
    """Each label of a row with the cells up to the next one; first those in front of any label."""
    label: Item | None = None
    run: list[Item] = []
    for item in items:
        if item.is_label:
            yield label, run
            label, run = item, []
        else:
            run.append(item)
    yield label, run


def _read_row(reading: _Reading, items: Sequence[Item], covers: Sequence[Item]) -> None:
    """Read a row of labels with their values beside them."""
    if len(items) == 1 and not items[0].is_label:
        _read_single(reading, items[0], covers)
        return
    group = _group([c for c in covers if c.right < items[0].left])
    for label, run in _runs(items):
        if label is None:
            run = _written(run)
            if run and (cover := _waiting(covers, run[0])) is not None and _continue(reading, cover, run):
                continue
            if len(run) % 2:
                group = _group(run[:1]) or group
                run = run[1:]
            group = _put_pairs(reading, run, group)
            continue
        follows = next((i for i in items if i.left > label.right), None)
        if label.said is None and not run and follows is not None and follows.is_label and _heads(label, follows):
            group = _group([label]) or group
            continue
        beside = follows is not None and follows.is_label and follows.left == label.right + 1
        reading.crowded |= beside and not run and label.said is None and not label.is_open
        value, rest = _value(label, run)
        reading.put(label, label.label, value, group)
        reading.several += bool(rest) and not words.is_usual(rest[0].text) and words.is_known(label.label)
        group = _put_pairs(reading, rest, _group_of_others(label) or group)


def _heads(label: Item, follows: Item) -> bool:
    """Whether a label without a value heads those right of it: 负责人 | 姓名 | …"""
    high = label.bottom > follows.bottom
    return follows.left == label.right + 1 and (
        high or bool(_group([label]) and words.OF_A_PERSON.search(follows.label))
    )


def _read_single(reading: _Reading, item: Item, covers: Sequence[Item]) -> None:
    """Read a row of one text: a section's title, the next line of what a high label asks for, or neither."""
    if (cover := _waiting(covers, item)) is not None and _continue(reading, cover, [item]):
        return
    text = words.label_text(item.text)
    if reading.begun and words.may_be_label(text) and (_group([item]) or words.SECTION.search(text)):
        reading.section = _group([item])
    elif isinstance(item.cell, str) and words.is_usual(item.cell):
        reading.put(item, item.cell, None, "")
    else:
        reading.leave([item])


def _waiting(covers: Sequence[Item], first: Item) -> Item | None:
    """The label several rows high that stands directly in front of a row's first cell."""
    near = [c for c in covers if c.right < first.left and c.bottom >= first.row]
    return max(near, key=_right, default=None)


def _right(item: Item) -> int:
    return item.right


def _continue(reading: _Reading, cover: Item, run: Sequence[Item]) -> bool:
    """Add a further line to the value of a label several rows high; not where the label only heads others."""
    name = words.label_text(cover.label or cover.text)
    if name not in reading.values or reading.rows[name] != cover.row:
        return False
    before = reading.values[name]
    lines = [*([] if is_blank(before) else [cell_text(before)]), " ".join(i.text for i in run)]
    text = "\n".join(lines)
    reading.values[name] = words.ticked(text) or text
    return True


def _value(label: Item, run: list[Item]) -> tuple[Cell, list[Item]]:
    """Return a label's value, and what stands between it and the next label."""
    if label.said is not None:
        return label.said, run
    if not run:
        return None, []
    digits = 0
    while digits < len(run) and re.fullmatch(r"[\dXx]", plain(run[digits].text)):
        digits += 1
    if digits >= 6:
        return "".join(plain(i.text) for i in run[:digits]), run[digits:]
    boxes = next((n for n, i in enumerate(run) if not words.has_boxes(i.text)), len(run))
    answers = next((n for n, i in enumerate(run) if not words.is_answer(i.text)), len(run))  # 男 | 女: which one?
    if (choices := boxes or answers) > 1:
        return " ".join(i.text for i in run[:choices]), run[choices:]
    for n in range(len(run), 2, -1):
        together = plain("".join(i.text for i in run[:n]))
        if _DATE_IN_PIECES.fullmatch(together):
            return together, run[n:]
    run = _written(run)
    if not run:
        return None, []
    near = run[0].left == label.right + 1
    if not near and (len(run) % 2 == 0 or words.is_usual(run[0].text)):
        return None, run
    return run[0].cell, run[1:]


def _written(run: Sequence[Item]) -> list[Item]:
    return [i for i in run if not words.is_blank_print(i.text)]


def _put_pairs(reading: _Reading, run: Sequence[Item], group: str) -> str:
    """Take cells that no heading of ours leads: label, value, label, value; what cannot be so is left.

    Returns whom the rest of the row is about.
    """
    rest = list(run)
    while rest:
        label = rest.pop(0)
        if not (isinstance(label.cell, str) and words.may_be_label(label.cell)):
            reading.leave([label])
        elif rest and rest[0].left <= label.right + 1:
            value, rest = _value(label, rest)
            reading.put(label, label.cell, value, group)
        elif words.is_usual(label.cell):
            reading.put(label, label.cell, None, group)
        else:
            reading.leave([label])
        group = _group_of_others(label) or group
    return group


def _group_of_others(label: Item) -> str:
    """Return whom the labels behind this one in its row are about, where those are other people."""
    text = words.label_text(label.label or label.text)
    return _group([label]) if words.OTHER_PEOPLE.search(text) else ""
