"""Fields of one topic in a form, folded under its heading until they are wanted."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.shell.theme import Theme
from desktop.shell.widgets import button

# The topics of a form: the heading of each and the names of its fields; what has no heading is never folded.
Topics = tuple[tuple[str, tuple[str, ...]], ...]


class Fold(QWidget):
    """A heading that opens and closes what is put into `body`."""

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title, self._filled = title, 0
        self.setObjectName("plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        self.head = button(theme, title, "", "fold", "", self.turn)
        column.addWidget(self.head)
        self.content = QWidget(self)
        self.content.setObjectName("plain")
        self.body = QVBoxLayout(self.content)
        self.body.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.content)
        self.turn(False)

    @property
    def is_open(self) -> bool:
        """Whether the fields can be seen."""
        return not self.content.isHidden()

    def turn(self, wanted: bool | None = None) -> None:
        """Open or close; the other way round, if neither is named."""
        self.content.setVisible(not self.is_open if wanted is None else wanted)
        self.tell(self._filled)

    def tell(self, filled: int) -> None:
        """Say how many of its fields say something."""
        self._filled = filled
        self.head.setText(f"{'▾' if self.is_open else '▸'} {self.title}" + (f"（已填 {filled} 项）" if filled else ""))
        self.head.setAccessibleName(f"{self.title}，{'收起' if self.is_open else '展开'}")
