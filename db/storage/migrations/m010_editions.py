"""Editions: what was handed up, kept as it was. Nothing in them is ever changed or deleted."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m010_editions(db: "Database") -> None:
    """A frozen edition of a period, its manifest and its finished files."""
    run(
        db,
        """
CREATE TABLE edition (
    id            INTEGER PRIMARY KEY,
    uid           TEXT NOT NULL,
    period        TEXT NOT NULL,
    number        INTEGER NOT NULL CHECK (number > 0),
    operation_id  INTEGER NOT NULL REFERENCES operation (id),
    manifest      TEXT NOT NULL,
    sha256        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX edition_uid ON edition (uid);
CREATE UNIQUE INDEX edition_key ON edition (period, number);
CREATE TABLE edition_file (
    id          INTEGER PRIMARY KEY,
    uid         TEXT NOT NULL,
    edition_id  INTEGER NOT NULL REFERENCES edition (id),
    name        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    content     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX edition_file_uid ON edition_file (uid);
CREATE UNIQUE INDEX edition_file_key ON edition_file (edition_id, name);
CREATE TRIGGER edition_update BEFORE UPDATE ON edition BEGIN SELECT RAISE(ABORT, 'an edition is never changed'); END;
CREATE TRIGGER edition_delete BEFORE DELETE ON edition BEGIN SELECT RAISE(ABORT, 'an edition is never changed'); END;
CREATE TRIGGER edition_file_update BEFORE UPDATE ON edition_file
 BEGIN SELECT RAISE(ABORT, 'an edition is never changed'); END;
CREATE TRIGGER edition_file_delete BEFORE DELETE ON edition_file
 BEGIN SELECT RAISE(ABORT, 'an edition is never changed'); END;
""",
    )
