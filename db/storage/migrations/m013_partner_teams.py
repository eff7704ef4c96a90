"""Activities that several teams hold together: who takes part beside the host."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m013_partner_teams(db: "Database") -> None:
    """参与队伍 of an activity: ids of teams joined by commas; a team that is named there cannot go."""
    run(
        db,
        """
ALTER TABLE activity ADD COLUMN partner_team_ids TEXT;
CREATE TRIGGER team_takes_part BEFORE DELETE ON team
 WHEN EXISTS (SELECT 1 FROM activity WHERE instr(',' || partner_team_ids || ',', ',' || OLD.id || ','))
 BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: activity.partner_team_ids'); END
""",
    )
