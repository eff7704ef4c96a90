"""What window and command line both do about backups: where they go, what they are called, when the last was made, and
the second place, a stick or a folder on another disk, which is reminded of after a week."""

import contextlib
import datetime as dt
import json
import os
from dataclasses import dataclass
from pathlib import Path

from db import bounded, places
from db.errors import DiskTrouble
from db.storage import mark, vault
from db.storage.keys import Secret
from db.tasks import backup as backups
from db.tasks.backup_file import SUFFIX, Backup
from desktop.services import settings

KEPT = 10  # automatic backups of a folder
REMINDED_AFTER = 7  # days without a backup in the second place


def backup_name(office: str, at: dt.datetime) -> str:
    """Return what a backup made by hand is called."""
    from forms.output import safe_name

    return safe_name(f"{office or '博爱台账'}备份_{at:%Y%m%d-%H%M%S}") + SUFFIX


def back_up_by_itself(ledger: Path, secret: Secret, folder: Path, at: dt.datetime, keep: int = KEPT) -> Backup:
    """Make an automatic backup and let the oldest of more than `keep` go, once the new one is proved.

    Needs no open store: whoever writes meanwhile writes on. The attachments go into the folder's library.
    """
    made = backups.back_up_file(ledger, secret, backups.next_automatic(folder, at), at, shared=True)
    backups.thin(folder, keep, secret)
    return made


def backup_folder() -> Path:
    """Return where automatic backups go: the person's choice, or the usual place."""
    kept = settings.text("backup_folder")
    return Path(kept) if kept else backups.usual_folder()


def backs_up_by_itself() -> bool:
    """Tell whether a backup is made once a day at the start."""
    return settings.is_on("backup_daily", True)


def last_backup() -> dt.datetime | None:
    """Return when this person's program last made a backup."""
    try:
        return dt.datetime.fromisoformat(settings.text("backup_at"))
    except ValueError:
        return None


def remember_backup(at: dt.datetime) -> None:
    """Keep when a backup was made."""
    settings.keep("backup_at", at.isoformat(timespec="seconds"))


def backup_words(now: dt.datetime) -> str:
    """Return when the last backup was, in words."""
    last = last_backup()
    if last is None:
        return "还没有备份"
    days = (now.date() - last.date()).days
    day = "今天" if days == 0 else "昨天" if days == 1 else f"{last.month}月{last.day}日"
    return f"最近备份 {day} {last:%H:%M}"


# The second place


@dataclass(frozen=True)
class SecondPlace:
    """Where backups go besides this computer's own disk, and when the last went there."""

    folder: Path
    at: dt.datetime | None


def second_place() -> SecondPlace | None:
    """Return the second place that was chosen, or None."""
    try:
        kept = bounded.json_of(_second_file(), 10_000)
        at = dt.datetime.fromisoformat(kept["at"]) if kept.get("at") else None
        return SecondPlace(Path(kept["folder"]), at)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def back_up_to_second(ledger: Path, secret: Secret, folder: Path, at: dt.datetime) -> Backup:
    """Make a backup in the second place, which is `folder` from now on; raises as `backups.back_up`."""
    made = back_up_by_itself(ledger, secret, folder, at)
    with contextlib.suppress(OSError):
        part, out = places.part_of(_second_file())
        with out:
            out.write(json.dumps({"folder": str(folder.absolute()), "at": at.isoformat(timespec="seconds")}).encode())
        os.replace(part, _second_file())
    return made


def second_words(now: dt.datetime) -> str:
    """Return the reminder of a backup in a second place, or nothing where one is younger than a week."""
    place = second_place()
    if place is None or place.at is None:
        return "备份都在这台电脑上：电脑坏了或丢了就都没有了。请选一个 U 盘或别处的文件夹，再备份一份"
    days = (now.replace(tzinfo=None) - place.at.replace(tzinfo=None)).days
    return f"已有 {days} 天没有往第二处（{place.folder}）备份，请插上 U 盘再备份一份" if days >= REMINDED_AFTER else ""


def _second_file() -> Path:
    return vault.data_folder() / "second-place.json"


# What a ledger could be restored from


@dataclass(frozen=True)
class Choice:
    """A backup that could take a ledger's place: what it says, and what would be missing after a restore."""

    backup: Backup
    later: int | None  # operations done since, as far as the mark beside the ledger knows; None where it does not
    lacking: int  # attachments that cannot be found beside it

    @property
    def words(self) -> str:
        """One line for a list: day, counts, what would be missing."""
        b = self.backup
        counts = f"志愿者 {b.counts.get('volunteer', 0)} 人、队伍 {b.counts.get('team', 0)} 支、共 {b.sequence} 次操作"
        told = [f"{b.made_at:%Y-%m-%d %H:%M}　{b.office}　{counts}"]
        if self.later:
            told.append(f"之后的 {self.later} 次操作不在里面")
        if self.lacking or b.missing:
            told.append(f"缺 {self.lacking + len(b.missing)} 个附件")
        return "；".join(told)


def usual_places(ledger: Path) -> list[Path]:
    """Return the folders where backups of a ledger lie if nobody has chosen another for the automatic ones."""
    second = second_place()
    beside = (ledger.parent, ledger.parent / backups.usual_folder().name)
    return [backups.usual_folder(), *beside, *([second.folder] if second else [])]


def done_since(ledger: Path | None, backup: Backup) -> int | None:
    """Return how many operations a ledger has that a backup lacks; None where the mark beside it does not know."""
    known = mark.number_beside(ledger) if ledger is not None else None
    return None if known is None else max(0, known - backup.sequence)


def choices(ledger: Path, *folders: Path) -> list[Choice]:
    """Return what a ledger could be restored from, the newest first: the backups in `folders`, or where they usually are.

    Nothing of it needs a key: whether a backup is this ledger's own is proved when it is restored.
    """
    found: dict[Path, Choice] = {}
    for folder in folders or (backup_folder(), *usual_places(ledger)):
        with contextlib.suppress(DiskTrouble):  # a stick that cannot be read hides no other place
            for backup in backups.found_in(folder):
                lacking = 0 if backup.database_only else len(backup.lacking())
                found[backup.path.resolve()] = Choice(backup, done_since(ledger, backup), lacking)
    return sorted(
        found.values(), key=lambda c: (c.backup.sequence, c.backup.made_at.replace(tzinfo=None)), reverse=True
    )
