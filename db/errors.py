"""Errors that belong to the user's world; the message is the Chinese sentence that is shown.

Everything that is not a `UserError` is our bug and goes to the crash report.
A sentence says what happened, what is safe, and what to do; it never holds an ID number or a phone.
"""


class UserError(Exception):
    """Something outside the program is in the way; `str(error)` is shown as it is."""

    exit_code = 2


class Refused(UserError):
    """The database keeps a rule that the change would break."""


class Conflict(UserError):
    """An undo would overwrite something that has changed since."""


class Cancelled(UserError):
    """The user stopped the work; nothing of it was kept."""


class DataFileError(UserError):
    """The data file cannot be used."""

    exit_code = 3


class NoDataFile(DataFileError):
    """There is no data file at the place named."""


class NotOurFile(DataFileError):
    """The file is empty, plain, foreign or damaged."""


class Damaged(NotOurFile):
    """A page of the file is not as the program wrote it."""


class Drifted(NotOurFile):
    """The tables are not as the program makes them."""


class NewerDatabase(DataFileError):
    """A later release of the program wrote the file."""


class Locked(DataFileError):
    """The key does not fit: password missing or wrong, or a slot that another account made."""


class WrongPassword(Locked):
    """The password is not the one that the slot was made with."""


class MustWait(Locked):
    """Too many wrong passwords; `seconds` are still to be waited."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class InUse(DataFileError):
    """Another program holds the file."""


class DiskTrouble(DataFileError):
    """The disk is full, read-only or failing."""
