"""Vouchers and team files, the people who prepare and sign, report texts, and what the program remembers."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m003_files_staff_and_memory(db: "Database") -> None:
    """Vouchers and team files, the people who prepare and sign, report texts, and what the program remembers."""
    run(
        db,
        """
CREATE TABLE fund_voucher (
    id            INTEGER PRIMARY KEY,
    fund_entry_id INTEGER NOT NULL REFERENCES fund_entry (id),
    attachment_id INTEGER NOT NULL REFERENCES attachment (id)
) STRICT;
CREATE UNIQUE INDEX fund_voucher_key ON fund_voucher (fund_entry_id, attachment_id);
CREATE INDEX fund_voucher_attachment_id ON fund_voucher (attachment_id);
CREATE TABLE team_file (
    id            INTEGER PRIMARY KEY,
    team_id       INTEGER NOT NULL REFERENCES team (id),
    attachment_id INTEGER NOT NULL REFERENCES attachment (id)
) STRICT;
CREATE UNIQUE INDEX team_file_key ON team_file (team_id, attachment_id);
CREATE INDEX team_file_attachment_id ON team_file (attachment_id);
CREATE TABLE staff (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    note TEXT
) STRICT;
CREATE UNIQUE INDEX staff_key ON staff (name, role);
CREATE TABLE letterhead (
    id           INTEGER PRIMARY KEY,
    quarter      TEXT NOT NULL,
    issuing_name TEXT NOT NULL,
    doc_number   TEXT NOT NULL,
    signer       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX letterhead_key ON letterhead (quarter);
CREATE TABLE report_text (
    id      INTEGER PRIMARY KEY,
    quarter TEXT NOT NULL,
    part    TEXT NOT NULL,
    text    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_text_key ON report_text (quarter, part);
CREATE TABLE template_binding (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    name        TEXT NOT NULL,
    cells       TEXT NOT NULL,
    shape       TEXT
) STRICT;
CREATE UNIQUE INDEX template_binding_key ON template_binding (fingerprint);
CREATE TABLE column_mapping (
    id      INTEGER PRIMARY KEY,
    shape   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    columns TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX column_mapping_key ON column_mapping (shape);
CREATE TABLE distinct_pair (
    id         INTEGER PRIMARY KEY,
    first_id   INTEGER NOT NULL REFERENCES volunteer (id),
    second_id  INTEGER NOT NULL REFERENCES volunteer (id),
    decided_on TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX distinct_pair_key ON distinct_pair (first_id, second_id);
CREATE INDEX distinct_pair_second_id ON distinct_pair (second_id);
""",
    )
