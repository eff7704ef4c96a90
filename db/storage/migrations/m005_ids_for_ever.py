"""Ids that hold wherever a row is taken, where each operation came from, and the seal over the log."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run
from db.storage.uids import many

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = (
    "office", "disaster_prone", "responsibility", "team", "volunteer", "membership", "training", "attendance",
    "insurance_policy", "coverage", "fund_entry", "activity", "service_record", "work_record", "venue", "township",
    "blood_target", "blood_result", "office_parameter", "attachment", "confirmation", "self_assessment", "evidence",
    "fund_voucher", "team_file", "staff", "letterhead", "report_text", "template_binding", "column_mapping",
    "distinct_pair", "quarter_step", "operation",
)  # fmt: skip

_LOG = """
ALTER TABLE operation ADD COLUMN origin TEXT NOT NULL DEFAULT '';
-- A keyed hash of the operation and one of each of its changes, in order; and the seal that chains them to the one before.
ALTER TABLE operation ADD COLUMN leaves BLOB;
ALTER TABLE operation ADD COLUMN seal BLOB;
-- The operation that erased the content of a change; its hash stays, so that the chain still holds.
ALTER TABLE change ADD COLUMN erased_by INTEGER REFERENCES operation (id);
-- What the ledger knows of itself and must not lie beside it: whether a password is required, which slot is the last.
CREATE TABLE ledger_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


@MIGRATIONS()
def m005_ids_for_ever(db: "Database") -> None:
    """Every record and operation gets a uid; the log gets its origin and its seal."""
    for table in _TABLES:
        db.execute(f"ALTER TABLE {table} ADD COLUMN uid TEXT NOT NULL DEFAULT ''")
        rows = db.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()
        db.conn.executemany(
            f"UPDATE {table} SET uid = ? WHERE id = ?", zip(many(len(rows)), (r[0] for r in rows), strict=True)
        )
        db.execute(f"CREATE UNIQUE INDEX {table}_uid ON {table} (uid)")
    run(db, _LOG)
