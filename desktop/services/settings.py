"""A person's choices of look and habit, kept in a file of their own and never in the ledger."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings


def file() -> "QSettings":
    """Return the file, a Qt one of named values; no command needs it, so Qt is loaded here."""
    from PySide6.QtCore import QSettings

    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "BoaiTaizhang", "BoaiTaizhang")


def text(name: str, usual: str = "") -> str:
    """Return what was kept under a name; `usual` where nothing was."""
    kept = file().value(name)
    return usual if kept is None else str(kept)


def number(name: str, usual: int, least: int, most: int) -> int:
    """Return a whole number that was kept; `usual` where it is none or lies outside the bounds."""
    try:
        value = int(text(name, str(usual)))
    except ValueError:
        return usual
    return value if least <= value <= most else usual


def is_on(name: str, usual: bool) -> bool:
    """Return whether a choice of yes and no was kept as yes."""
    return text(name, str(usual)).lower() == "true"


def keep(name: str, value: str | int | bool) -> None:
    """Remember a choice."""
    file().setValue(name, value)
