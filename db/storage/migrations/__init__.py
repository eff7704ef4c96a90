"""The schema's history: append-only, plain SQL, and blind to today's declarations.

One file for each migration, in the order of their numbers. A migration that has been released is never edited;
`db.storage.schema.drift` compares the result with the declarations.
"""

from db.storage.migrations import (
    m001_log_and_records,
    m002_judgement_and_evidence,
    m003_files_staff_and_memory,
    m004_quarter_steps,
    m005_ids_for_ever,
    m006_views,
    m007_second_edition,
    m009_pending_people,
    m010_editions,
    m012_handed_up,
    m014_personal,
    m016_year,
)
from db.storage.migrations.script import MIGRATIONS

__all__ = [
    "MIGRATIONS",
    "m001_log_and_records",
    "m002_judgement_and_evidence",
    "m003_files_staff_and_memory",
    "m004_quarter_steps",
    "m005_ids_for_ever",
    "m006_views",
    "m007_second_edition",
    "m009_pending_people",
    "m010_editions",
    "m012_handed_up",
    "m014_personal",
    "m016_year",
]
