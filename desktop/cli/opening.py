"""The subcommand `open`: what a double click on one of our files does (the installer registers it)."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from db.storage import vault
from db.tasks.backup_file import SUFFIX as BACKUP
from desktop.cli.start import open_window
from desktop.services.signed_files import SUFFIX as SIGNED


def given(argv: Sequence[str]) -> Sequence[str]:
    """Return the command line; one of our files alone, as when it is dropped on the program's icon, is to be opened."""
    ours = len(argv) == 1 and Path(argv[0]).suffix.lower() in (vault.SUFFIX, SIGNED, BACKUP)
    return ("open", argv[0]) if ours else argv


def open_(options: argparse.Namespace) -> int:
    """Open a ledger; a package, receipt or task comes to the ledger in use, which shows what it is."""
    path, ledger = options.file.absolute(), getattr(options, "db", None)
    if path.suffix.lower() == vault.SUFFIX:
        return open_window(path, taking=path)
    return open_window(Path(ledger) if ledger else None, taking=path)
