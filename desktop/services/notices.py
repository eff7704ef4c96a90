"""The notices that this office is judged by, as they are listed; another one from a rule file."""

from pathlib import Path

from db.rules.checks import CHECKS, all_clauses
from db.rules.local_packs import add_pack
from db.rules.register import Source
from db.storage.store import Store

CHOOSE = "规则文件 (*.toml)"


def notices(store: Store) -> list[str]:
    """Return a line for each notice: title, number of the document, how many clauses; without those of other places."""
    code = store.office().get("division_code") or ""
    counts: dict[Source, int] = {}
    for clause in all_clauses(store):
        counts[clause.source] = counts.get(clause.source, 0) + 1
    lines = []
    for source, count in counts.items():
        places = source.division_codes
        if places and code and not code.startswith(places):
            continue  # another county's: it is never judged here
        note = "" if not places or code else "（地方文件：填了行政区划代码才知道管不管本会）"
        number = f"　{source.doc_number}" if source.doc_number else ""
        lines.append(f"{source.title}{number}　{count} 条{note}")
    return lines


def add_notice(store: Store, path: Path) -> int:
    """Take in a local register file; return how many clauses it has. Raises `UserError` where it is wrong."""
    return len(add_pack(store, path, dict(CHECKS)))
