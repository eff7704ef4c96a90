"""What goes out of a list: its workbook and its rows on paper."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from db.errors import UserError
from db.records.fields import Entity
from db.storage.store import Store
from desktop.records.export_dialog import ExportDialog
from desktop.shell.desk import Desk
from desktop.tables.grid import Grid


def export(desk: Desk, entity: Entity, over: QWidget) -> None:
    """Ask what to write, then where, then write the record's workbook."""
    dialog = ExportDialog(over, entity, desk.theme)
    if (path := dialog.ask(desk.folder, desk.today)) is not None:
        export_to(desk, entity, path, dialog.masked(), dialog.reason())


def export_to(desk: Desk, entity: Entity, path: Path, masked: bool, reason: str) -> None:
    """Write a record's workbook."""

    def work(store: Store) -> Path:
        from desktop.services.reporting import export_records  # late: the writers take a while to load

        return export_records(store, [entity], path, masked=masked, reason=reason)

    desk.jobs.change(work, desk.saved_file)


def print_rows(desk: Desk, view: Grid, title: str) -> None:
    """Print the rows as they are shown."""
    try:
        view.print_rows(title)
    except UserError as error:
        desk.complain(error)
