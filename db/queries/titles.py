"""The titles people know rows by, for the fields of a record that refer to another."""

from collections.abc import Sequence

from db.records.fields import Entity, Row
from db.records.kinds import Ref, Refs
from db.storage.store import Store

Titles = dict[str, dict[int, str]]  # by the field's name: the id of a row, and its title


def titles(store: Store, entity: Entity) -> Titles:
    """Return the titles of everything that the fields of `entity` may refer to."""
    found = {}
    for f in entity.refs:
        assert isinstance(f.kind, Ref)
        column = f.kind.columns[0][1]
        found[f.name] = dict(store.db.execute(f"SELECT id, {column} FROM {f.kind.entity}").fetchall())
    return found | _of_many(store, entity)


def titles_of(store: Store, entity: Entity, rows: Sequence[Row]) -> Titles:
    """Return the titles that these rows of `entity` refer to."""
    found = {}
    for f in entity.refs:
        assert isinstance(f.kind, Ref)
        wanted = sorted({int(row[f.name] or 0) for row in rows if row[f.name] is not None})
        sql = f"SELECT id, {f.kind.columns[0][1]} FROM {f.kind.entity} WHERE id IN ({','.join('?' * len(wanted))})"
        found[f.name] = dict(store.db.execute(sql, wanted).fetchall())
    return found | _of_many(store, entity)


def _of_many(store: Store, entity: Entity) -> Titles:
    found = {}
    for f in entity.many:
        assert isinstance(f.kind, Refs)
        found[f.name] = dict(store.db.execute(f"SELECT id, {f.kind.target} FROM {f.kind.entity}").fetchall())
    return found
