"""Whether the real tables agree with the declarations, at every start; and whether the whole schema is ours as text."""

from functools import cache

from sqlite_utils import Database

from db.records.entities import ENTITIES
from db.storage import history, vault
from db.storage.migrations import MIGRATIONS

# No field of any form, list, import or export: the row's number in this file, and its id for ever.
_OF_EVERY_TABLE = {"id": ("INTEGER", False), "uid": ("TEXT", True)}


_ITS_OWN = ("table", "vault")  # made with the file, before the schema


def drift(db: Database) -> list[str]:
    """Return every difference between the declarations and the tables, as sentences for developers."""
    found = []
    for entity in ENTITIES:
        columns = {
            row[1]: (row[2], bool(row[3])) for row in db.execute(f'PRAGMA table_info("{entity.name}")').fetchall()
        }
        declared = {f.name: (f.kind.sql, f.required and not f.nullable) for f in entity.fields} | _OF_EVERY_TABLE
        for name in sorted(declared.keys() | columns.keys()):
            if declared.get(name) != columns.get(name):
                found.append(f"{entity.name}.{name}: declared {declared.get(name)}, stored {columns.get(name)}")
    return found


def differences(db: Database) -> list[tuple[str, str]]:
    """Return what stands in the file's schema and not in ours, or the other way, compared as text: (``trigger`` or
    ``schema``, name). What the driver makes for itself is left out."""
    wanted = _ours(len(MIGRATIONS._migrations))
    found = _text(db)
    names = sorted(k for k in wanted.keys() | found.keys() if wanted.get(k) != found.get(k))
    return [("trigger" if kind == "trigger" else "schema", name) for kind, name in names]


@cache
def _ours(_migrations: int) -> dict[tuple[str, str], str]:
    """Return the text of our schema after so many migrations: made once, it is the same for every file."""
    ours = vault.open_memory()
    try:
        MIGRATIONS.apply(ours)
        history.install_triggers(ours)
        return _text(ours)
    finally:
        ours.close()


def _text(db: Database) -> dict[tuple[str, str], str]:
    rows = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall()
    return {(kind, name): sql for kind, name, sql in rows if (kind, name) != _ITS_OWN}
