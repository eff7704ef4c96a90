"""The ``--map`` file: what a person says of sheets and columns before an import, checked so that no slip goes unnoticed."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from db import bounded
from db.errors import UserError
from db.records.entities import BY_LABEL, BY_NAME, SHEETS
from forms.columns.proposals import fed_by, has_heading, heading_key
from forms.reading.files import Table

EVERY = "*"  # the rule for every sheet
_LARGEST = 1_000_000  # bytes
_PARTS = ("kind", "columns", "values")


def read_map(path: Path) -> dict[str, Any]:
    """Read a ``--map`` file: ``{sheet or "*": {"kind": …, "columns": {their heading: ours}, "values": {ours: text}}}``."""
    wrong = UserError(
        f'对应关系文件不对：{path.name}。应为 JSON：{{工作表名: {{"kind": 表, "columns": {{对方列名: 本台账列名}}, '
        '"values": {本台账列名: 每行都填的内容}}}'
    )
    try:
        content = bounded.json_of(path, _LARGEST)
    except FileNotFoundError:
        raise UserError(f"没有找到对应关系文件：{path.name}") from None
    except (OSError, ValueError):
        raise wrong from None
    for rule in content.values():
        if not isinstance(rule, dict) or not isinstance(rule.get("kind", ""), str):
            raise wrong
        if strange := [part for part in rule if part not in _PARTS]:
            raise UserError(
                f"对应关系文件里不认识“{'”“'.join(strange)}”：{path.name}。每张工作表只能写 kind、columns、values"
            )
        for part in ("columns", "values"):
            given = rule.get(part, {})
            if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
                raise wrong
        kind = kind_of(rule["kind"]) if rule.get("kind") else None
        check_ours(kind, [*rule.get("columns", {}).values(), *rule.get("values", {})])
    return content


def kind_of(text: str) -> str:
    """Return the record a person means by its English name or its sheet's name; raise `UserError` for neither."""
    entity = BY_NAME.get(text) or BY_LABEL.get(heading_key(str(text)))
    if entity is None or not entity.sheet:
        raise UserError(f"没有名为“{text}”的表。可用的表：{'、'.join(BY_LABEL)}")
    return entity.name


def check_ours(kind: str | None, headings: Iterable[str]) -> None:
    """Raise `UserError` for a heading that is none of ours; without a kind, of no record at all."""
    ours = {h for e in (fed_by(kind) if kind else SHEETS) for h, _, _ in e.readable}
    if strange := [h for h in dict.fromkeys(headings) if h and h not in ours]:
        of = f"“{BY_NAME[kind].label}”" if kind else "本台账"
        raise UserError(f"对应关系里的“{'”“'.join(strange)}”不是{of}的列，没有导入任何内容。请核对列名")


def rule_for(mapping: Mapping[str, Any], sheet: str) -> dict[str, Any]:
    """Return the rule for a sheet: what is said of every sheet, and over it, column by column, what is said of this one."""
    every, own = mapping.get(EVERY, {}), mapping.get(sheet, {})
    rule = {**every, **own}
    for part in ("columns", "values"):
        if part in rule:
            rule[part] = {**every.get(part, {}), **own.get(part, {})}
    return rule


def without_effect(mapping: Mapping[str, Any], tables: Iterable[Table]) -> tuple[str, ...]:
    """Say which sheets and columns of a mapping no table has: a slip of the pen, or meant for another file."""
    there = list(tables)
    told = []
    for sheet, rule in mapping.items():
        meant = [t for t in there if sheet in (EVERY, t.sheet)]
        if not meant:
            told.append(f"对应关系里的工作表“{sheet}”不在文件里，没有起作用；请核对名称")
            continue
        lost = [theirs for theirs in rule.get("columns", {}) if not any(has_heading(t, theirs) for t in meant)]
        if lost:
            told.append(f"对应关系里的“{'”“'.join(lost)}”，表里没有这样的列，没有起作用；请核对列名")
    return tuple(told)
