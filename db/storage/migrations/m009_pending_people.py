"""People whose document is still to be seen, and the nicknames by which a team's chains call its members."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m009_pending_people(db: "Database") -> None:
    """A volunteer's number may be blank where the document is 证件待补; nicknames by team."""
    for event in ("insert", "update", "delete"):  # made anew from the columns after the migrations
        db.execute(f"DROP TRIGGER IF EXISTS audit_volunteer_{event}")
    run(
        db,
        """
DROP INDEX volunteer_key;
ALTER TABLE volunteer RENAME COLUMN id_number TO former_number;
ALTER TABLE volunteer ADD COLUMN id_number TEXT CHECK (id_number IS NOT NULL OR id_type = 'pending');
UPDATE volunteer SET id_number = former_number;
ALTER TABLE volunteer DROP COLUMN former_number;
CREATE UNIQUE INDEX volunteer_key ON volunteer (id_type, id_number);
CREATE TABLE nickname (
    id            INTEGER PRIMARY KEY,
    team_id       INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    word          TEXT NOT NULL,
    volunteer_id  INTEGER NOT NULL REFERENCES volunteer (id) ON DELETE CASCADE,
    uid           TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX nickname_uid ON nickname (uid);
CREATE UNIQUE INDEX nickname_key ON nickname (team_id, word);
CREATE INDEX nickname_volunteer_id ON nickname (volunteer_id)
""",
    )
