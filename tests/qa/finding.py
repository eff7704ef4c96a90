"""Whatever is typed into a find box: ``python -m tests.qa.finding [--n N] [--seed S] [--control]``.

An office of names, remarks and numbers as people write them, with all that means something to databases, patterns and
markup among them. What is typed: wildcards, quotes, words of query languages, halves of characters, ends of numbers,
initials, pieces of what is there, wide, in parts, in capitals, or very long. Every way to find is asked (the box of the
window, lists short and long, choices in a form, lines, values of a column, the log, people by digits, the command
line) and held against a plain reading, row by row. Nothing may raise. The control asks a database with patterns.
"""

import collections
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from db.errors import UserError
from db.queries.paper_rows import person_named, team_named
from db.records.entities import FUND_ENTRY, TEAM, TOWNSHIP, VOLUNTEER
from db.records.fields import Entity
from db.records.identity import PENDING
from db.records.kinds import Invalid
from db.records.numbers_in_text import check_digit, holds_number
from db.storage import history
from db.storage.store import Store
from db.tasks import members
from desktop.services import search
from desktop.services.row_index import Sheet, listed, ref_titles
from desktop.tables.filter_header import _Values
from desktop.tables.record_model import TableModel
from desktop.tables.text_table import Line, PlainModel
from tests.desktop.conftest import _whole
from tests.qa import hostile_words
from tests.qa.office import Counts, main

MEANING = (
    "%", "_", "\\", "*", "?", "\"", "'", "''", "`", "[a]", "(", ")", "^", "+", "-", ":", "NEAR(", "NOT ", " AND ", " OR ", "name:",
    "'; --", "\" OR \"\"=\"", "%25", "\\%", "{", "}", "$1", ".*", "(?i)", "(a+)+$", "\x1f", "\n", "\t", "\r", "\x0b", "\x85", "ﬀ", "ß",
    "İ", "Ⅷ", "㎡", "①", "ｱ", "が", "　", "\u00a0", "１２３", "ＡＢ", "\udc80", "\udfff", "😀", "é", "（", "）", "，",
)  # fmt: skip
GIVEN = "王李张刘陈杨赵黄周吴单曾解仇乐𠮷伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂清澜"
LONG, OFTEN = 3200, 20
_kept: list[QObject] = []


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Type `count` times; return how often all was right, or which way was not, and how."""
    found, dice = Counts(), random.Random(seed)
    app = QApplication.instance() or QApplication([])
    with Store.memory() as store:
        _people(store, dice)
        ways = [_by_patterns(store)] if control else [*_ways(store)]
        pieces = _pieces(store)
        for number in range(count):
            typed = _typed(dice, pieces)
            for name, often, find, plainly in ways:
                if number % often:
                    continue
                try:
                    right = find(typed) == plainly(typed)
                except Exception as error:  # what must never be
                    found[f"{type(error).__name__} ({name})"] += 1
                    break
                if not right:
                    found[f"wrong ({name})"] += 1
                    break
            else:
                found["good"] += 1
    assert app is not None
    return found


def _people(store: Store, dice: random.Random) -> None:
    words = [*hostile_words.SEEDS, *MEANING]
    with store.operation("建立"):
        for n in range(30):
            name = _parsed(TEAM, "name", f"{dice.choice(words)}{n}队{dice.choice(words)}")
            store.save(TEAM, _whole(TEAM, name=name or f"第{n}队", managing_org="某会", primary_domain="blood_donation",
                                    established_on="2019-01-01", team_leader=_name(dice)))  # fmt: skip
        for n in range(300):
            birth = f"{dice.randint(1950, 2005)}0{dice.randint(1, 9)}1{dice.randint(0, 9)}"
            body, known = f"320583{birth}{n:03d}", dice.random() < 0.8
            name = _parsed(VOLUNTEER, "name", _name(dice) if n % 3 else dice.choice(words) + _name(dice))
            store.save(
                VOLUNTEER,
                _whole(VOLUNTEER, name=name or "无名", id_type="resident_id" if known else PENDING, registered_on="2021-01-05",
                       id_number=body + check_digit(body) if known else None, note=_parsed(VOLUNTEER, "note", dice.choice(words)),
                       phone=f"139{dice.randint(10_000_000, 99_999_999)}" if n % 4 else None, platform_id=f"P{n}"),
            )  # fmt: skip
        for n in range(40):
            store.save(
                TOWNSHIP, _whole(TOWNSHIP, name=_parsed(TOWNSHIP, "name", f"{dice.choice(words)}镇{n}") or f"镇{n}")
            )
        for n in range(LONG):
            summary = _parsed(FUND_ENTRY, "summary", f"{dice.choice(words)}{_name(dice)}{dice.choice(words)}")
            store.save(FUND_ENTRY, _whole(FUND_ENTRY, entry_on="2026-07-10", direction="expense", amount_fen=n + 1,
                                          category=dice.choice(("办公", "培训", "%")), summary=summary))  # fmt: skip
    for word in words:
        store.note(f"记：{_parsed(VOLUNTEER, 'name', word) or ''}{_name(dice)}", _parsed(VOLUNTEER, "note", word) or "")


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(GIVEN, k=dice.choice((2, 3, 3))))


def _parsed(entity: Entity, field: str, text: str) -> str | None:
    try:
        value = entity[field].kind.parse(text)
    except Invalid:
        return None
    return None if value is None else str(value)


def _pieces(store: Store) -> list[str]:
    """Return texts that stand somewhere, and what they may be found by."""
    found = [str(row[n]) for row in store.rows(VOLUNTEER) for n in ("name", "id_number", "phone", "note") if row[n]]
    found += [str(row["summary"]) for row in store.rows(FUND_ENTRY, 400) if row["summary"]]
    found += [str(row["name"]) for row in store.rows(TEAM)] + [line["title"] for line in history.trail(store.db)]
    return found + [search.initials(text).split(" ")[0] for text in found[:600]]


def _typed(dice: random.Random, pieces: Sequence[str]) -> str:
    kind = dice.random()
    if kind < 0.45:
        piece = dice.choice(pieces)
        start = dice.randint(0, max(0, len(piece) - 1))
        text = (
            piece[start : start + dice.choice((1, 2, 3, 4, 6, 20))]
            if dice.random() < 0.8
            else piece[-dice.randint(1, 8) :]
        )
    elif kind < 0.85:
        text = "".join(dice.choices((*MEANING, *hostile_words.SEEDS), k=dice.choice((1, 1, 2, 3))))
    else:
        text = "".join(chr(dice.choice((dice.randint(0, 0x2FF), dice.randint(0x2000, 0xFFFF), dice.randint(0x10000, 0x2FFFF))))
                       for _ in range(dice.randint(0, 6)))  # fmt: skip
    if dice.random() < 0.1:
        text = dice.choice(
            (text.upper(), text.lower(), "　" + text + "\t", " ".join(text), text.translate(_WIDE), text[:1] * 3)
        )
    if dice.random() < 0.003:
        text = (text or "长") * dice.choice((1000, 32_767 // max(1, len(text)) + 1))
    return text


_WIDE = {n: chr(n + 0xFEE0) for n in range(0x21, 0x7F)}
_UNSEEN = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"}


def _norm(text: str) -> str:
    """Return what is compared: NFKC without white space, controls and marks that are not seen, in lower case."""
    kept = "".join(c for c in text if c in "\n\t" or not (unicodedata.category(c) == "Cc" or c in _UNSEEN))
    kept = "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in kept)
    return "".join(c for c in unicodedata.normalize("NFKC", kept) if not c.isspace()).lower()


Way = tuple[str, int, Callable[[str], Any], Callable[[str], Any]]


def _ways(store: Store) -> Iterator[Way]:
    yield _everywhere(store)
    yield _in_list(store, VOLUNTEER, 1)
    yield _in_list(store, FUND_ENTRY, OFTEN)
    names = ref_titles(store, _refers())["volunteer_id"]
    titles = {
        number: (_norm(title), search.initials(title.split("（")[0]), search.initials(title))
        for number, title in names.items()
    }

    def chosen(typed: str) -> list[int]:
        t = _norm(typed)
        letters = t.isascii() and t.isalnum()
        return [n for n, (w, *keys) in titles.items() if t in w or (letters and any(t in k for k in keys))][:10]

    yield "a choice in a form", 1, lambda typed: names.find(typed, 10), chosen
    yield _lines(names)
    yield _values(store)
    people = [dict(row) for row in store.rows(VOLUNTEER)]

    def with_digits(typed: str) -> list[int]:
        held = [int(r["id"]) for r in people if any(typed.upper() in str(r[n] or "") for n in ("id_number", "phone"))]
        return sorted(held, reverse=True)[:8]

    yield (
        "people by digits",
        1,
        lambda typed: members.find_people(store, typed),
        lambda typed: with_digits(_given(typed)),
    )
    yield (
        "the log",
        5,
        lambda typed: [r["id"] for r in history.trail(store.db, asked=history.Asked(words=typed))],
        _log(store),
    )
    yield _command_line(store)


def _given(typed: str) -> str:
    """What a database is asked for: nothing that is not seen, no half of a character, no white space around it."""
    kept = (c for c in typed if c in "\n\t" or not (unicodedata.category(c) == "Cc" or c in _UNSEEN))
    return "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in kept).strip()


def _everywhere(store: Store) -> Way:
    entries = search.build(store, [(VOLUNTEER, ()), (TEAM, ("team_leader",)), (TOWNSHIP, ())])
    lowered = [(e, [t.upper() for t in e.tails], e.keys.split(" ")) for e in entries]

    def score(typed: str, entry: search.Entry, tails: list[str], readings: list[str]) -> int:
        if not typed:
            return 0
        letters = typed.isascii() and typed.isalpha()
        return max(
            5 * entry.words.startswith(typed), 4 * (typed in entry.words),
            4 * (letters and typed in readings), 3 * (letters and any(r.startswith(typed) for r in readings)),
            2 * (letters and len(typed) > 1 and any(typed in r for r in readings)),
            3 * (len(typed) >= 3 and any(t.endswith(typed.upper()) for t in tails)),
        )  # fmt: skip

    def plainly(typed: str) -> list[tuple[str, int, str]]:
        t = _norm(typed)
        scored = [(-s, i) for i, known in enumerate(lowered) if (s := score(t, *known))]
        return [(entries[i].entity, entries[i].id, entries[i].code) for _, i in sorted(scored)[:12]]

    return "the window's box", 1, lambda typed: [(e.entity, e.id, e.code) for e in search.find(entries, typed)], plainly


def _in_list(store: Store, entity: Entity, often: int) -> Way:
    titles = ref_titles(store, entity)
    sheet = Sheet(entity, [dict(row) for row in store.rows(entity)], titles)
    model = TableModel(entity)
    model.set_sheet(sheet)
    model.sort(0)
    shown = [(i, f) for i, f in enumerate(sheet.fields[: listed(entity)]) if not f.masked]
    tails = [f.name for f in entity.fields if f.masked]
    rows = [
        ([_norm(sheet.texts[n][i]) for i, _ in shown] + [_norm(str(row[t] or "")[-6:]) for t in tails],
         f" {search.initials(sheet.texts[n][0])}")
        for n, row in enumerate(sheet.rows)
    ]  # fmt: skip

    def find(typed: str) -> list[int]:
        model.find(typed)
        model.find_rest()
        for place in range(min(3, model.rowCount())):  # what is drawn
            model.data(model.index(place, 0), int(_hit_role()))
        return sorted(model.order)

    def plainly(typed: str) -> list[int]:
        t = _norm(typed.strip())
        letters = t.isascii() and t.isalpha()
        initial = t if len(t) > 1 else f" {t}"
        return [
            n
            for n, (cells, keys) in enumerate(rows)
            if not t or any(t in c for c in cells) or (letters and initial in keys)
        ]

    return f"the list of {entity.name}", often, find, plainly


def _hit_role() -> int:
    from desktop.tables.cell_drawing import HIT

    return int(HIT)


def _refers() -> Entity:
    from db.records.entities import SERVICE_RECORD

    return SERVICE_RECORD


def _lines(names: dict[int, str]) -> Way:
    parent: Any = QObject()
    model = PlainModel(("姓名", "说明"), parent)
    model.set_lines([Line(number, (title, f"第 {number} 个")) for number, title in names.items()])
    known = {n: (_norm(f"{title} 第 {n} 个"), f" {search.initials(title)}") for n, title in names.items()}

    def find(typed: str) -> list[int]:
        model.find(typed)
        return [line.id for line in model.lines]

    def plainly(typed: str) -> list[int]:
        t = _norm(typed)
        letters = t.isascii() and t.isalpha()
        return [
            n for n, (w, k) in known.items() if not t or t in w or (letters and (t if len(t) > 1 else f" {t}") in k)
        ]

    _kept.append(parent)  # Qt takes a model away with it
    return "lines", 1, find, plainly


def _values(store: Store) -> Way:
    parent: Any = QObject()
    counted = collections.Counter(str(row["summary"] or "") for row in store.rows(FUND_ENTRY, 500))
    values = [(text or None, text, n) for text, n in counted.items()]
    model = _Values(list(values), set(), parent)
    _kept.append(parent)  # Qt takes a model away with it
    known = [(v, _norm(text), search.initials(text or "（空白）")) for v, text, _ in values]

    def find(typed: str) -> list[Any]:
        model.find(typed)
        return [v[0] for v in model.shown]

    def plainly(typed: str) -> list[Any]:
        t = _norm(typed)
        return [v for v, w, k in known if t in w or (t.isascii() and t.isalpha() and t in k)]

    return "values of a column", 1, find, plainly


def _log(store: Store) -> Callable[[str], list[int]]:
    names = collections.defaultdict(list)
    for row in store.rows(VOLUNTEER):
        names[str(row["name"])].append(int(row["id"] or 0))
    operations = store.query("SELECT id, title, detail FROM operation ORDER BY id DESC")
    changed = collections.defaultdict(set)
    for row in store.query("SELECT operation_id, row_id FROM change WHERE record = 'volunteer'"):
        changed[row["operation_id"]].add(row["row_id"])

    def plainly(typed: str) -> list[int]:
        t = _given(typed)
        people = set(names.get(t, ()))
        return [
            int(o["id"]) for o in operations
            if not t or t in o["title"] or t in o["detail"] or people & changed[o["id"]]
        ][:500]  # fmt: skip

    return plainly


def _command_line(store: Store) -> Way:
    people = [dict(row) for row in store.rows(VOLUNTEER)]
    teams = {str(row["name"]): int(row["id"] or 0) for row in store.rows(TEAM)}

    def find(typed: str) -> tuple[int | None, int | None]:
        found: list[int | None] = []
        for named in (person_named, team_named):
            try:
                found.append(named(store, typed))
            except UserError as error:
                told = str(error)  # no number of anybody's, and no longer than is read
                found.append(None if len(told) < 400 and not holds_number(told) else -1)
        return found[0], found[1]

    def plainly(typed: str) -> tuple[int | None, int | None]:
        t = _given(typed)
        held = [int(r["id"]) for r in people
                if t in (r["name"], r["platform_id"], str(r["id"])) or (r["id_number"] and r["id_number"] == _upper(t))]  # fmt: skip
        return held[0] if len(held) == 1 else None, teams.get(t)

    return "the command line", 1, find, plainly


def _upper(text: str) -> str:
    return "".join(c.upper() if c.isascii() else c for c in text)


def _by_patterns(store: Store) -> Way:
    """The usual way: what was typed becomes a pattern."""
    people = [dict(row) for row in store.rows(VOLUNTEER)]

    def find(typed: str) -> list[int]:
        return [int(r["id"]) for r in store.query(f"SELECT id FROM volunteer WHERE name LIKE '%{typed}%' ORDER BY id")]

    return "a pattern", 1, find, lambda typed: sorted(int(r["id"]) for r in people if typed in str(r["name"]))


if __name__ == "__main__":
    main(__doc__, trial, 100_000)
