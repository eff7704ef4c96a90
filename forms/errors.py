"""Files that cannot be read or written, in words for the user."""

from db.errors import UserError


class FileTrouble(UserError):
    """A file from or for the user cannot be used; the text is the sentence that is shown."""
