"""Where migrations register themselves, and how one runs."""

from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

MIGRATIONS = Migrations("boai")


def run(db: "Database", script: str) -> None:
    """Run statements one by one: a driver's script call would commit the transaction around them."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
