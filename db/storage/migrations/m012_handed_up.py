"""Between the levels: the offices below and what they handed up, receipts, and tasks with their deadlines."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m012_handed_up(db: "Database") -> None:
    """The offices below and each edition of theirs that was taken in, as it was signed; receipts and tasks, both ways."""
    run(
        db,
        """
CREATE TABLE lower_office (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    code     TEXT,
    contact  TEXT,
    phone    TEXT,
    note     TEXT,
    uid      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX lower_office_uid ON lower_office (uid);
CREATE UNIQUE INDEX lower_office_key ON lower_office (name);
CREATE TABLE received (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    office_uid  TEXT NOT NULL,
    office      TEXT NOT NULL,
    code        TEXT,
    period      TEXT NOT NULL,
    edition     INTEGER NOT NULL,
    key         TEXT NOT NULL,
    content     TEXT NOT NULL,
    signature   TEXT NOT NULL,
    received_on TEXT NOT NULL,
    uid         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX received_uid ON received (uid);
CREATE UNIQUE INDEX received_key ON received (office_uid, kind, period, edition);
CREATE TABLE receipt (
    id             INTEGER PRIMARY KEY,
    direction      TEXT NOT NULL,
    office_uid     TEXT NOT NULL,
    office         TEXT NOT NULL,
    period         TEXT NOT NULL,
    edition        INTEGER NOT NULL,
    edition_sha256 TEXT NOT NULL,
    number         INTEGER NOT NULL,
    status         TEXT NOT NULL,
    remarks        TEXT,
    person         TEXT,
    issued_on      TEXT NOT NULL,
    key            TEXT NOT NULL,
    content        TEXT NOT NULL,
    signature      TEXT NOT NULL,
    uid            TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX receipt_uid ON receipt (uid);
CREATE UNIQUE INDEX receipt_key ON receipt (direction, office_uid, period, edition, number);
CREATE TABLE superior_task (
    id            INTEGER PRIMARY KEY,
    direction     TEXT NOT NULL,
    number        TEXT NOT NULL,
    title         TEXT NOT NULL,
    office_uid    TEXT NOT NULL,
    office        TEXT NOT NULL,
    period        TEXT NOT NULL,
    deadline      TEXT NOT NULL,
    note          TEXT,
    attachment_id INTEGER REFERENCES attachment (id),
    rules         TEXT,
    recorded_on   TEXT NOT NULL,
    answered_on   TEXT,
    key           TEXT NOT NULL,
    content       TEXT NOT NULL,
    signature     TEXT NOT NULL,
    uid           TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX superior_task_uid ON superior_task (uid);
CREATE UNIQUE INDEX superior_task_key ON superior_task (direction, number);
CREATE INDEX superior_task_attachment_id ON superior_task (attachment_id);
""",
    )
