"""What volunteers agreed to, and operations whose title named somebody whose data was erased since."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m014_personal(db: "Database") -> None:
    """Consents with their days; the log may lose a name from a title as it may lose the content of a change."""
    run(
        db,
        """
-- The operation that erased a name from this one's title or detail; the hash stays, so that the chain still holds.
ALTER TABLE operation ADD COLUMN erased_by INTEGER REFERENCES operation (id);
CREATE TABLE consent (
    id            INTEGER PRIMARY KEY,
    volunteer_id  INTEGER NOT NULL REFERENCES volunteer (id) ON DELETE CASCADE,
    matter        TEXT NOT NULL,
    given_on      TEXT NOT NULL,
    given_by      TEXT NOT NULL,
    form          TEXT NOT NULL,
    notice        TEXT,
    withdrawn_on  TEXT CHECK (withdrawn_on IS NULL OR withdrawn_on >= given_on),
    note          TEXT,
    uid           TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX consent_uid ON consent (uid);
CREATE UNIQUE INDEX consent_key ON consent (volunteer_id, matter, given_on)
""",
    )
