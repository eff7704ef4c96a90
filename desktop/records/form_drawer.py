"""The forms of a list: beside it or over it."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget


class FormDrawer(QObject):
    """The forms of a list: beside it, or in a narrow window over its right part, so that the list keeps its width.

    Where there is not even the height for that, they lie over the whole of a `room` around the list.
    """

    def __init__(self, beside: QWidget, body: QHBoxLayout, within: QWidget) -> None:
        """`beside`: what the forms stand at the right of, in `body`; `within`: what they lie in, where they lie over."""
        super().__init__(within)
        self.beside, self.body, self.within, self.is_over = beside, body, within, False
        self.room: QWidget | None = None
        self.forms: list[QWidget] = []
        self._away: list[QWidget] = []  # open, and out of view with their list
        beside.installEventFilter(self)

    def put_over(self, over: bool, room: QWidget | None = None) -> None:
        """Lay the forms over the list (or over a whole room), or beside it again."""
        if (over, room) == (self.is_over, self.room):
            return
        if self.room is not None:
            self.room.removeEventFilter(self)
        self.is_over, self.room = over, room
        if room is not None:
            room.installEventFilter(self)
        for form in self.forms:
            self._put(form)

    def take(self, form: QWidget) -> None:
        """Put one more form where it is to be."""
        self.forms.append(form)
        self._put(form)

    def _put(self, form: QWidget) -> None:
        hidden = form.isHidden()
        if self.is_over:
            self.body.removeWidget(form)
            form.setParent(self.room or self.within)
            self._place(form)
        else:
            self.body.addWidget(form)
        form.setVisible(not hidden)

    def _place(self, form: QWidget) -> None:
        """Stand at the right edge, as high as the list or the room."""
        over = self.beside.geometry() if self.room is None else self.room.rect().adjusted(0, 0, -1, 0)
        wide = min(form.width(), over.width())
        form.setGeometry(over.right() - wide + 1, over.top(), wide, over.height())
        form.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the list; out of view with it, in view again with it."""
        kind = event.type()
        if kind in (QEvent.Type.Resize, QEvent.Type.Move) and self.is_over:
            for form in self.forms:
                self._place(form)
        elif kind == QEvent.Type.Hide and watched is self.beside and self.room is not None:
            self._away = [form for form in self.forms if not form.isHidden()]
            for form in self._away:
                form.hide()
        elif kind == QEvent.Type.Show and watched is self.beside:
            for form in self._away:
                form.show()
            self._away = []
        return False
