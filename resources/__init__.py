"""Files that ship with the program; `path` finds them from source and from the frozen program alike."""

from pathlib import Path

VERSION = "0.1.0"  # of the program; pyproject.toml says the same
_HERE = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Return where the shipped file `name` lies, e.g. ``path("rules/z34.toml")``.

    Raises FileNotFoundError for a name that does not ship: that is our bug, not the user's.
    """
    found = _HERE / name
    if not found.exists():
        raise FileNotFoundError(name)
    return found
