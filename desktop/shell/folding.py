"""A row of buttons that never cuts a word: what there is no room for goes behind 更多, the least needed first."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from desktop.shell.theme import Theme
from desktop.shell.widgets import button, fill


class FoldingRow(QWidget):
    """Widgets side by side (None is stretch); `foldable` are the buttons that may give way, the first one first.

    A button that its owner hides stays hidden.
    """

    def __init__(
        self, theme: Theme, widgets: Sequence[QWidget | None], foldable: Sequence[QPushButton], spacing: int = 8,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("plain")
        self.theme, self.foldable = theme, tuple(foldable)
        self.folded: list[QPushButton] = []
        self.more = button(theme, "更多", "", "", "放不下的按钮在这里")
        self.more.setMenu(QMenu(self.more))
        self.more.menu().aboutToShow.connect(self._fill_menu)
        self.more.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing)
        place = next((i for i, w in enumerate(widgets) if w is None), len(widgets))
        fill(line, (*widgets[:place], self.more, *widgets[place:]))
        self.line = line
        for made in self.foldable:
            made.installEventFilter(self)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.fit)
        self._fitting = False
        theme.changed.connect(self._again.start)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it is given: it folds."""
        return QSize(self.theme.px(120), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold, or unfold."""
        super().resizeEvent(event)
        self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        """What it holds has its style now, and so its size."""
        super().showEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """A word that became longer needs other room, whichever widget of the row has it."""
        if event.type() == QEvent.Type.LayoutRequest and not self._fitting:
            self._again.start()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Words that change, or a button that its owner shows, may need other room."""
        if not self._fitting and event.type() in (
            QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.LayoutRequest, QEvent.Type.FontChange,
        ):  # fmt: skip
            self._again.start()
        return False

    def fit(self) -> None:
        """Give every button its whole width, and put those that are over behind 更多."""
        if self._fitting or self.width() <= 0:
            return
        self._fitting = True
        room = self.contentsRect().width()
        hidden = {made for made in self.foldable if made.isHidden() and made not in self.folded}
        left = [made for made in self.foldable if made not in hidden]
        folded: list[QPushButton] = []
        need = self._needed(hidden)
        while need > room and left:
            made = left.pop(0)
            need -= self._wide(made) + self.line.spacing()
            if not folded:
                need += self._wide(self.more) + self.line.spacing()
            folded.append(made)
        if folded != self.folded:
            for made in self.foldable:
                if made not in hidden:
                    made.setVisible(made not in folded)
            self.folded = folded
            self.more.setVisible(bool(folded))
        self._fitting = False

    def _needed(self, hidden: set[QPushButton]) -> int:
        """Return the width of all that is offered, side by side."""
        need = count = 0
        for i in range(self.line.count()):
            item = self.line.itemAt(i)
            made = item.widget() if item is not None else None
            if made is None or made is self.more or (made.isHidden() and made not in self.folded) or made in hidden:
                continue
            need += self._wide(made)
            count += 1
        return need + max(0, count - 1) * self.line.spacing()

    def _wide(self, made: QWidget) -> int:
        if made.minimumWidth() > 0 and not isinstance(made, QPushButton):
            return made.minimumWidth()
        made.ensurePolished()
        return max(made.minimumWidth(), made.sizeHint().width())

    def _fill_menu(self) -> None:
        menu = self.more.menu()
        menu.clear()
        order = [self.line.itemAt(i).widget() for i in range(self.line.count())]  # type: ignore[union-attr]
        for made in sorted(self.folded, key=order.index):
            action = menu.addAction(made.icon(), made.text().strip() or made.toolTip())
            action.setToolTip(made.toolTip())
            action.setEnabled(made.isEnabled())
            action.setCheckable(made.isCheckable())
            action.setChecked(made.isChecked())
            action.triggered.connect(lambda _=False, made=made: made.click())
