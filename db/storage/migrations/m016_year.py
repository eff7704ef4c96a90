"""The year's papers: the register of certificates of service, and thresholds of hours that the office sets itself."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m016_year(db: "Database") -> None:
    """Numbered certificates as they were issued; an office's own thresholds with the day they hold from."""
    run(
        db,
        """
CREATE TABLE service_certificate (
    id            INTEGER PRIMARY KEY,
    number        TEXT NOT NULL,
    volunteer_id  INTEGER NOT NULL REFERENCES volunteer (id),
    start_on      TEXT,
    end_on        TEXT NOT NULL,
    minutes       INTEGER NOT NULL,
    times         INTEGER NOT NULL,
    issued_on     TEXT NOT NULL,
    head          TEXT,
    handler       TEXT,
    reason        TEXT,
    content       TEXT NOT NULL,
    revoked_on    TEXT,
    why_revoked   TEXT,
    uid           TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX service_certificate_uid ON service_certificate (uid);
CREATE UNIQUE INDEX service_certificate_key ON service_certificate (number);
CREATE INDEX service_certificate_volunteer_id ON service_certificate (volunteer_id);
CREATE TABLE hour_threshold (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    start_on   TEXT NOT NULL,
    minutes    INTEGER NOT NULL,
    basis      TEXT,
    uid        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX hour_threshold_uid ON hour_threshold (uid);
CREATE UNIQUE INDEX hour_threshold_key ON hour_threshold (name, start_on)
""",
    )
