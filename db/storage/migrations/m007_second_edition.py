"""History where there was one value, what a ledger began with, and goods: the second edition of the data contract."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run
from db.storage.uids import many

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m007_second_edition(db: "Database") -> None:
    """Dated answers of the office, party counts by date, goods, and hours served before the ledger."""
    run(
        db,
        """
ALTER TABLE office ADD COLUMN start_on TEXT;
DROP INDEX office_key;
CREATE UNIQUE INDEX office_key ON office (item, ifnull(start_on, ''));
DROP INDEX fund_entry_key;
CREATE INDEX fund_entry_key ON fund_entry (ifnull(voucher, ''), entry_on, ifnull(team_id, 0), direction, amount_fen);
ALTER TABLE volunteer ADD COLUMN opening_minutes INTEGER;
ALTER TABLE volunteer ADD COLUMN opening_until TEXT;
CREATE TABLE party_count (
    id                         INTEGER PRIMARY KEY,
    team_id                    INTEGER NOT NULL REFERENCES team (id),
    counted_on                 TEXT NOT NULL,
    full_members               INTEGER NOT NULL,
    probationary_members       INTEGER,
    uid                        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX party_count_key ON party_count (team_id, counted_on);
INSERT INTO party_count (team_id, counted_on, full_members, probationary_members)
SELECT id, party_counted_on, full_party_members, probationary_party_members FROM team
 WHERE party_counted_on IS NOT NULL AND full_party_members IS NOT NULL;
CREATE TABLE goods_entry (
    id              INTEGER PRIMARY KEY,
    entry_on        TEXT NOT NULL,
    team_id         INTEGER REFERENCES team (id),
    direction       TEXT NOT NULL CHECK (direction IN ('received', 'issued')),
    goods           TEXT NOT NULL,
    specification   TEXT,
    unit            TEXT NOT NULL,
    quantity_milli  INTEGER NOT NULL CHECK (quantity_milli > 0),
    value_fen       INTEGER,
    counterpart     TEXT,
    voucher         TEXT,
    summary         TEXT,
    uid             TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX goods_entry_uid ON goods_entry (uid);
CREATE INDEX goods_entry_key ON goods_entry (entry_on, goods);
CREATE INDEX goods_entry_team_id ON goods_entry (team_id);
""",
    )
    rows = db.execute("SELECT id FROM party_count ORDER BY id").fetchall()
    db.conn.executemany(
        "UPDATE party_count SET uid = ? WHERE id = ?", zip(many(len(rows)), (r[0] for r in rows), strict=True)
    )
    db.execute("CREATE UNIQUE INDEX party_count_uid ON party_count (uid)")
