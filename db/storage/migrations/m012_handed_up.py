"""What the level above keeps: the offices below it, and what they handed up."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m012_handed_up(db: "Database") -> None:
    """The list of offices below, and each edition of theirs that was taken in, as it was signed."""
    run(
        db,
        """
CREATE TABLE lower_office (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    code  TEXT,
    note  TEXT,
    uid   TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX lower_office_uid ON lower_office (uid);
CREATE UNIQUE INDEX lower_office_key ON lower_office (name);
CREATE TABLE received (
    id          INTEGER PRIMARY KEY,
    office_uid  TEXT NOT NULL,
    office      TEXT NOT NULL,
    code        TEXT,
    period      TEXT NOT NULL,
    edition     INTEGER NOT NULL,
    key         TEXT NOT NULL,
    content     TEXT NOT NULL,
    received_on TEXT NOT NULL,
    uid         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX received_uid ON received (uid);
CREATE UNIQUE INDEX received_key ON received (office_uid, period, edition);
""",
    )
