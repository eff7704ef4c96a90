"""Whether the real tables agree with the declarations; checked at every start and in a test."""

from sqlite_utils import Database

from db.records.entities import ENTITIES

# No field of any form, list, import or export: the row's number in this file, and its id for ever.
_OF_EVERY_TABLE = {"id": ("INTEGER", False), "uid": ("TEXT", True)}


def drift(db: Database) -> list[str]:
    """Return every difference between the declarations and the tables, as sentences for developers."""
    found = []
    for entity in ENTITIES:
        columns = {
            row[1]: (row[2], bool(row[3])) for row in db.execute(f'PRAGMA table_info("{entity.name}")').fetchall()
        }
        declared = {f.name: (f.kind.sql, f.required) for f in entity.fields} | _OF_EVERY_TABLE
        for name in sorted(declared.keys() | columns.keys()):
            if declared.get(name) != columns.get(name):
                found.append(f"{entity.name}.{name}: declared {declared.get(name)}, stored {columns.get(name)}")
    return found
