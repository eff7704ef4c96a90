"""Registers are whole: declarations against tables, rules against checks, and every way a rule file can be broken."""

import re
from pathlib import Path

import pytest

from db.records.entities import BY_NAME, ENTITIES, SHEETS
from db.records.kinds import Choice, Ref
from db.rules import register as rules
from db.rules.checks import CHECKS
from db.rules.local_packs import check_parameters
from db.rules.register import RegisterError, load
from db.storage.schema import drift
from db.storage.store import Store
from forms.columns.proposals import heading_key, synonyms

COMPUTED = (
    "Z34-2.2-1 Z34-2.2-2 Z34-2.2-4 Z34-2.2-5 Z34-2.2-6 Z34-3.1-1 Z34-3.4-1 B25-1-3 B25-1-4 B25-1-6 B25-2-4 B25-3.1-4 "
    "B25-3.2-2 B25-3.2-3 B25-3.3-4 B25-4-1"
).split()


def test_the_computed_clauses_are_all_there() -> None:
    auto = [c.id for c in rules.register() if c.mode == "auto"]
    assert set(COMPUTED) <= set(auto)


def test_every_check_is_used_and_every_rule_has_one() -> None:
    named = {c.check for c in rules.register() if c.check}
    assert named == set(CHECKS)


def test_every_clause_gives_its_check_what_it_takes() -> None:
    for clause in rules.register():
        if clause.check:
            check_parameters(clause, dict(CHECKS), clause.id)


def test_messages_name_only_what_they_may() -> None:
    for clause in rules.register():
        for text in (clause.message, *clause.messages.values()):
            for name in re.findall(r"{(\w+)}", text):
                assert name.islower(), (clause.id, name)


@pytest.mark.parametrize("clause", rules.register(), ids=lambda c: c.id)
def test_a_clause_is_complete(clause: rules.Clause) -> None:
    assert 0 < len("".join(clause.quotation.split())) <= 60
    assert all((clause.title, clause.why, clause.fix, clause.citation))
    assert clause.record is None or clause.record in BY_NAME
    assert all(p.checked_on for p in clause.parameters.values())
    assert "{" not in clause.why + clause.fix + clause.title


def test_declarations_agree_with_the_tables(store: Store) -> None:
    assert drift(store.db) == []


def test_drift_is_seen(store: Store) -> None:
    store.db.execute("ALTER TABLE township ADD COLUMN stray TEXT")
    store.db.execute("DROP TABLE venue")
    found = drift(store.db)
    assert "township.stray: declared None, stored ('TEXT', False)" in found
    assert any(line.startswith("venue.functions: declared") for line in found)


def test_every_table_has_its_audit_triggers(store: Store) -> None:
    names = {
        row[0]
        for row in store.db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
    }
    assert names == {f"audit_{e.name}_{event}" for e in ENTITIES for event in ("insert", "update", "delete")}


def test_declarations_are_sound() -> None:
    for entity in ENTITIES:
        assert entity.title in entity.by_name
        assert set(entity.key) <= entity.by_name.keys()
        assert {n for span in entity.spans for n in span} <= entity.by_name.keys()
        headings = [heading for heading, _, _ in entity.columns]
        assert len(headings) == len(set(headings)), entity.name
        for f in entity.fields:
            if isinstance(f.kind, Ref):
                assert all(target in BY_NAME[f.kind.entity].by_name for _, target in f.kind.columns)
            if isinstance(f.kind, Choice):
                codes = [code for code, _ in f.kind.options]
                assert len(codes) == len(set(codes))
                assert all(re.fullmatch(r"[a-z][a-z_]*", code) for code in codes), f.name


def test_the_contracts_sheets_are_all_declared() -> None:
    assert [e.label for e in SHEETS] == (
        "本会情况 灾害多发认定 责任分工 志愿服务队伍 党员统计 志愿者 队员 培训 参训人员 保险单 被保险人 经费收支 物资收发 活动 服务记录 "
        "工作记录 阵地场所 街镇 献血目标 献血完成"
    ).split()


SOURCE = '[source]\nkey = "XX"\ntitle = "甲"\nissuer = "乙"\nissued_on = 2026-01-01\n'
CLAUSE = """
[clause."XX-1"]
article = "一"
quotation = "原文"
title = "要求"
binds = ["county"]
strength = "mandatory"
firmness = "hard"
mode = "auto"
levels = { province = "yes", city = "yes", county = "yes" }
period = "quarter"
topic = "teams"
effective_from = 2026-01-01
check = "has_own_teams"
evidence = "team"
message = "{k}"
why = "因"
fix = "改"
"""
PARAMETER = """
[clause."XX-1".parameter.least]
label = "下限"
unit = "支"
checked_on = 2026-01-01
values = [{ from = 2026-01-01, value = 1 }]
"""
BREAKS = {
    "not TOML": (lambda t: t + "\n= broken", "rules.toml"),
    "no source": (lambda t: t.replace(SOURCE, ""), "source: missing"),
    "unknown key at the top": (lambda t: "extra = 1\n" + t, "extra: unknown key"),
    "unknown key in the source": (lambda t: t.replace('key = "XX"', 'key = "XX"\nyear = 1'), "source.year: unknown key"),
    "missing key in the source": (lambda t: t.replace('title = "甲"\n', "", 1), "source.title: missing"),
    "wrong date in the source": (
        lambda t: t.replace("issued_on = 2026-01-01", 'issued_on = "2026-01-01"'), "source.issued_on: date",
    ),
    "unknown key in a clause": (lambda t: t.replace("why =", "whyy ="), "clause.XX-1.whyy: unknown key"),
    "missing key in a clause": (lambda t: t.replace('fix = "改"\n', ""), "clause.XX-1.fix: missing"),
    "wrong date in a clause": (
        lambda t: t.replace("effective_from = 2026-01-01", "effective_from = 20260101"), "clause.XX-1.effective_from: date",
    ),
    "a time for a date": (
        lambda t: t.replace("effective_from = 2026-01-01", "effective_from = 2026-01-01T00:00:00"),
        "clause.XX-1.effective_from: date",
    ),
    "an end before the start": (
        lambda t: t.replace('check = "has', 'effective_until = 2025-12-31\ncheck = "has'), "XX-1.effective_until: before",
    ),
    "an id of another source": (lambda t: t.replace('"XX-1"', '"Y-1"'), "clause.Y-1: id"),
    "unknown strength": (lambda t: t.replace('"mandatory"', '"must"'), "XX-1.strength: unknown word"),
    "unknown mode": (lambda t: t.replace('mode = "auto"', 'mode = "magic"'), "XX-1.mode: unknown word"),
    "unknown period": (lambda t: t.replace('period = "quarter"', 'period = "week"'), "XX-1.period: unknown word"),
    "a level left out": (lambda t: t.replace('city = "yes", ', ""), "XX-1.levels"),
    "a level with another word": (lambda t: t.replace('city = "yes"', 'city = "maybe"'), "XX-1.levels"),
    "a long quotation": (lambda t: t.replace("原文", "长" * 61), "XX-1.quotation: longer"),
    "a computed clause without a check": (lambda t: t.replace('check = "has_own_teams"\n', ""), "XX-1.check"),
    "a self-assessed clause with one": (lambda t: t.replace('mode = "auto"', 'mode = "self"'), "XX-1.check"),
    "a message for no status": (lambda t: t.replace("why =", 'messages = { good = "x" }\nwhy ='), "messages.good: unknown"),
    "a parameter without values": (
        lambda t: t.replace("values = [{ from = 2026-01-01, value = 1 }]", "values = []"), "parameter.least.values",
    ),
    "a parameter that begins too late": (
        lambda t: t.replace("from = 2026-01-01, value", "from = 2026-01-02, value"), "parameter.least.values: no value on",
    ),
    "values out of order": (
        lambda t: t.replace("value = 1 }]", "value = 1 }, { from = 2025-01-01, value = 2 }]"), "values[1].from: not after",
    ),
    "a value that is no number": (lambda t: t.replace("value = 1 }", "value = 1.5 }"), "values[0].value: a whole"),
    "an unknown key in a parameter": (lambda t: t.replace('unit = "支"', 'unit = "支"\nmax = 2'), "least.max: unknown key"),
    "a parameter never checked": (lambda t: t.replace("checked_on = 2026-01-01\n", ""), "least.checked_on: missing"),
    "a list of the wrong kind": (lambda t: t.replace('key = "XX"', 'key = "XX"\nyears = ["2024"]'), "source.years: a list"),
}  # fmt: skip


def test_the_sound_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(SOURCE + CLAUSE + PARAMETER, encoding="utf-8")
    (clause,) = load(path)
    assert clause.id == "XX-1"


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_file_names_file_and_key(name: str, tmp_path: Path) -> None:
    change, expected = BREAKS[name]
    path = tmp_path / "rules.toml"
    path.write_text(change(SOURCE + CLAUSE + PARAMETER), encoding="utf-8")
    with pytest.raises(RegisterError) as caught:
        load(path)
    assert "rules.toml" in str(caught.value)
    assert expected in str(caught.value)


def test_synonyms_name_our_headings_and_each_word_stands_once() -> None:
    for entity in SHEETS:
        ours = {heading for heading, _, _ in entity.readable}
        words = synonyms(entity.name)
        general = synonyms("nothing")
        assert set(words) - set(general) <= ours, entity.name
        used = [heading_key(w) for heading, others in words.items() if heading in ours for w in others]
        assert len(used) == len(set(used)), (entity.name, sorted(w for w in used if used.count(w) > 1))
        assert not {heading_key(h) for h in ours} & set(used), entity.name
