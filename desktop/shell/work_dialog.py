"""A dialog whose one button does a piece of work: it closes with a word when that is done, or says in place why not."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from db.storage.store import Store
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import label


class WorkDialog(DraftDialog):
    """Has a place for errors (`error`) and a button (`go`), which a subclass puts into its layout; `then` follows the work."""

    def __init__(self, desk: Desk, title: str, then: Callable[[], None] | None = None) -> None:
        super().__init__(desk.window)
        self.desk, self.then = desk, then
        self.setWindowTitle(title)
        self.error = label("", "error", wrap=True)
        self.go = QPushButton()

    def change(self, work: Callable[[Store], str]) -> None:
        """Do the work off the window; it returns the words to say."""
        self.go.setEnabled(False)
        self.desk.jobs.change(work, self._done, self._refused)

    def _done(self, words: str) -> None:
        self.desk.say(words)
        self.accept()
        if self.then is not None:
            self.then()

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.error.setText(str(error))
