"""Who reviewed, submitted and archived a quarter, and when."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m004_quarter_steps(db: "Database") -> None:
    """Who reviewed, submitted and archived a quarter, and when."""
    run(
        db,
        """
CREATE TABLE quarter_step (
    id      INTEGER PRIMARY KEY,
    quarter TEXT NOT NULL,
    step    TEXT NOT NULL,
    person  TEXT NOT NULL,
    done_on TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX quarter_step_key ON quarter_step (quarter, step);
""",
    )
