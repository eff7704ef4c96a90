"""Ledgers of an older program: kept as they are before they are brought up to date."""

import os
import shutil
from pathlib import Path

from db import places
from db.errors import DiskTrouble
from db.storage import keys


def keep(path: Path, suffix: str, last: str) -> None:
    """Copy a closed ledger as it is, before a writer brings it up to date: an older program still opens that.

    Its name says up to which migration (`last`) it had come. Raises `DiskTrouble`; the ledger is as it was then.
    """
    stem = path.name.removesuffix(suffix)
    kept = path.with_name(f"{stem}-升级前-{last.partition('_')[0]}{suffix}")
    if kept.exists():
        return
    try:
        for source, target in ((keys.slot_file(path), keys.slot_file(kept)), (path, kept)):
            if source.exists():
                part, file = places.part_of(target)
                with file as out, source.open("rb") as whole:
                    shutil.copyfileobj(whole, out)
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(part, target)
    except OSError:
        raise DiskTrouble(
            "升级之前要先留一份原来的台账，没有写成，所以没有升级。数据没有变动；请腾出磁盘空间"
        ) from None
