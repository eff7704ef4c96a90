"""What window and command line both do about backups: where they go, what they are called, when the last was made."""

import datetime as dt
from pathlib import Path

from db.storage.store import Store
from db.tasks import backup as backups
from desktop.services import settings


def backup_name(office: str, at: dt.datetime) -> str:
    """Return what a backup made by hand is called."""
    from forms.output import safe_name

    return safe_name(f"{office or '博爱台账'}备份_{at:%Y%m%d-%H%M%S}") + backups.SUFFIX


def back_up_by_itself(store: Store, folder: Path, at: dt.datetime, keep: int = 10) -> backups.Backup:
    """Make an automatic backup and let the oldest of more than `keep` go, once the new one is proved."""
    made = backups.back_up(store, backups.next_automatic(folder, at), at)
    backups.thin(folder, keep)
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
