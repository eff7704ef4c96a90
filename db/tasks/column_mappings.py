"""Which column is which, as a person confirmed it for files of one shape; taken again when such a file comes back."""

import json

from db.records.fields import Row
from db.records.internal_entities import COLUMN_MAPPING
from db.storage.store import Store

Memory = dict[str, tuple[str, dict[str, str]]]  # fingerprint of the headings → (record, their heading → ours)


def remembered(store: Store) -> Memory:
    """Return every confirmed mapping."""
    return {
        str(row["shape"]): (str(row["kind"]), json.loads(str(row["columns"]))) for row in store.rows(COLUMN_MAPPING)
    }


def remember(store: Store, mappings: Memory) -> None:
    """Keep mappings for the next time. It is no step of undo: taking back an import does not take back what was learnt."""
    known = {str(row["shape"]): row for row in store.rows(COLUMN_MAPPING)}
    new: dict[str, Row] = {
        shape: {"shape": shape, "kind": kind, "columns": json.dumps(columns, ensure_ascii=False)}
        for shape, (kind, columns) in mappings.items()
    }
    changed: list[Row] = [
        {**row, "id": known[shape]["id"] if shape in known else None}
        for shape, row in new.items()
        if shape not in known or any(known[shape][n] != row[n] for n in row)
    ]
    if changed:
        with store.operation("记住列的对应关系", "event"):
            for row in changed:
                store.save(COLUMN_MAPPING, row)
