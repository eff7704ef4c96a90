"""Who works: the name that stands in the history beside everything that is done."""

import getpass


def account_name() -> str:
    """Return the name of the computer account; empty where the system does not tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
