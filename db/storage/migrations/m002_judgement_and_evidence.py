"""What people say of clauses: confirmations, self-assessments, and the files that prove them."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m002_judgement_and_evidence(db: "Database") -> None:
    """What people say of clauses: confirmations, self-assessments, and the files that prove them."""
    run(
        db,
        """
CREATE TABLE attachment (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    size         INTEGER NOT NULL,
    uploaded_on  TEXT NOT NULL,
    effective_on TEXT,
    note         TEXT
) STRICT;
CREATE UNIQUE INDEX attachment_key ON attachment (sha256, name);
CREATE TABLE confirmation (
    id           INTEGER PRIMARY KEY,
    clause       TEXT NOT NULL,
    quarter      TEXT NOT NULL,
    status       TEXT NOT NULL,
    reason       TEXT,
    person       TEXT NOT NULL,
    confirmed_on TEXT NOT NULL,
    figure       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX confirmation_key ON confirmation (clause, quarter);
CREATE TABLE self_assessment (
    id          INTEGER PRIMARY KEY,
    clause      TEXT NOT NULL,
    quarter     TEXT NOT NULL,
    rating      TEXT NOT NULL,
    text        TEXT NOT NULL,
    assessor    TEXT NOT NULL,
    assessed_on TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX self_assessment_key ON self_assessment (clause, quarter);
CREATE TABLE evidence (
    id            INTEGER PRIMARY KEY,
    clause        TEXT NOT NULL,
    quarter       TEXT NOT NULL,
    attachment_id INTEGER NOT NULL REFERENCES attachment (id)
) STRICT;
CREATE UNIQUE INDEX evidence_key ON evidence (clause, quarter, attachment_id);
CREATE INDEX evidence_attachment_id ON evidence (attachment_id);
""",
    )
