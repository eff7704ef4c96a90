"""Kind of value → the widget a person types it into; every kind has one (a test says so)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from db.records.amounts import Count, Hours, Money, Quantity
from db.records.fields import Field
from db.records.kinds import (
    Cell,
    Choice,
    Choices,
    Date,
    IdNumber,
    Kind,
    LongText,
    NumberName,
    Phone,
    Ref,
    Refs,
    Text,
    Uscc,
    Value,
    is_blank,
    plain,
)
from desktop.services import search
from desktop.services.row_index import Names
from desktop.shell.theme import Theme
from desktop.shell.widgets import scrolled
from desktop.tables.line_editors import DateEditor, LineEditor, Marked

_OFFERED, _LOOKED_AT = 50, 1000  # titles


class _Box(Marked, QComboBox):
    """A box that opens; the wheel does not change it in passing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form."""
        event.ignore()


class TextEditor(Marked, QPlainTextEdit):
    """Several lines of text; Tab leaves the field."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, theme: Theme) -> None:
        super().__init__()
        self.field = field
        self.setAccessibleName(field.label)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.px(66))
        self.textChanged.connect(self.edited.emit)

    def cell(self) -> Cell:
        """What the form hands to `Entity.parse`."""
        return self.toPlainText()

    def set_value(self, value: Value) -> None:
        """Show a stored value."""
        self.setPlainText(str(value or ""))

    def put_back(self, cell: Cell) -> None:
        """Show again what was typed but not saved."""
        self.setPlainText(str(cell or ""))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the field was left."""
        super().focusOutEvent(event)
        self.left.emit()


class ChoiceEditor(_Box):
    """One of a fixed list; the wheel does not change it in passing."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, theme: Theme) -> None:
        super().__init__()
        self.field = field
        self.setAccessibleName(field.label)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(3)
        assert isinstance(field.kind, Choice)
        self.addItem("（未填）" if not field.required else "请选择", None)
        for code, label in field.kind.options:
            self.addItem(label, code)
        self.currentIndexChanged.connect(lambda _: self.edited.emit())
        self.activated.connect(lambda _: self.left.emit())

    def cell(self) -> Cell:
        """What the form hands to `Entity.parse`: the label, or None."""
        return self.currentText() if self.currentIndex() > 0 else None

    def set_value(self, value: Value) -> None:
        """Show a stored value."""
        self.setCurrentIndex(max(0, self.findData(value)) if value is not None else 0)

    def put_back(self, cell: Cell) -> None:
        """Show again what was chosen but not saved."""
        self.setCurrentIndex(max(0, self.findText(str(cell or ""))))


class ChoicesEditor(Marked, QPushButton):
    """Several of a list, fixed or of another record's rows: a button with the chosen words, and boxes to tick."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, theme: Theme) -> None:
        super().__init__()
        self.field = field
        self.theme = theme
        self.setProperty("kind", "field")
        self.setMinimumWidth(40)
        assert isinstance(field.kind, Choices | Refs)
        self.options: dict[str, str] = dict(field.kind.options) if isinstance(field.kind, Choices) else {}
        self.codes: list[str] = []
        self.clicked.connect(self.open_list)
        self._tell()

    def set_titles(self, titles: Mapping[int, str]) -> None:
        """Give the rows that may be chosen."""
        self.options = {str(number): title for number, title in titles.items()}
        self._tell()

    def cell(self) -> Cell:
        """What the form hands to `Entity.parse`: words of a fixed list, or the ids of rows."""
        return self._words() if isinstance(self.field.kind, Choices) else ",".join(self.codes)

    def _words(self) -> str:
        return "；".join(self.options.get(c, c) for c in self.codes)

    def set_value(self, value: Value) -> None:
        """Show a stored value."""
        self.codes = str(value).split(",") if value else []
        self._tell()

    def put_back(self, cell: Cell) -> None:
        """Show again what was ticked but not saved."""
        self.set_value(None if is_blank(cell) else self.field.kind.parse(cell))

    def open_list(self) -> None:
        """Show the boxes under the button."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setObjectName("popup")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        whole = QVBoxLayout(popup)
        whole.setContentsMargins(1, 1, 1, 1)
        area, box = scrolled(f"{self.field.label}可选的内容")
        whole.addWidget(area)
        box.setContentsMargins(10, 6, 10, 6)
        box.setSpacing(0)
        for code, label in self.options.items():
            tick = QCheckBox(label)
            tick.setChecked(code in self.codes)
            tick.toggled.connect(lambda on, code=code: self._tick(code, on))
            box.addWidget(tick)
        wanted = box.sizeHint()
        popup.setFixedWidth(max(self.width(), wanted.width() + self.theme.px(24)))
        popup.setFixedHeight(min(wanted.height(), self.theme.px(320)) + 4)
        place = self.mapToGlobal(QPoint(0, self.height() + 2))
        if place.y() + popup.height() > self.screen().availableGeometry().bottom():
            place.setY(max(0, self.mapToGlobal(QPoint(0, 0)).y() - popup.height() - 2))
        popup.move(place)
        popup.destroyed.connect(lambda _: self.left.emit())
        popup.show()

    def _tick(self, code: str, on: bool) -> None:
        chosen = {*self.codes, code} if on else set(self.codes) - {code}
        self.codes = [c for c in self.options if c in chosen]
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        text = self._words()
        self.setText(text or "（未填，可多选）")
        self.setToolTip(text)
        self.setAccessibleName(f"{self.field.label}：{text or '未填'}")


class _Titles(QAbstractListModel):
    """The titles a reference may take."""

    def __init__(self, titles: Names, parent: QWidget) -> None:
        super().__init__(parent)
        self.titles, self.items = titles, list(titles.items())

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """How many titles there are."""
        return 0 if parent.isValid() else len(self.items)

    def place(self, number: int) -> int:
        """Return where a row stands, or -1."""
        return next((i for i, (one, _) in enumerate(self.items) if one == number), -1)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a title, or its id."""
        if not index.isValid():
            return None
        number, title = self.items[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return title
        return number if role == Qt.ItemDataRole.UserRole else None

    def match(
        self, start: QModelIndex | QPersistentModelIndex, role: int, value: Any, /, hits: int = 1,
        flags: Qt.MatchFlag = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap,
    ) -> list[QModelIndex]:  # fmt: skip
        """Find a whole title, as the box does with one that was offered, without going through all of them."""
        if role == Qt.ItemDataRole.UserRole or flags & Qt.MatchFlag.MatchTypeMask:
            return super().match(start, role, value, hits, flags)
        number = self.titles.numbers.get(plain(str(value)))
        return [] if number is None else [self.index(self.place(number))]


class _Completer(QCompleter):
    """Offers the first titles in which what is typed stands."""

    def __init__(self, titles: Names, parent: QWidget) -> None:
        super().__init__(parent)
        self.titles, self.found = titles, QStringListModel(self)
        self.setModel(self.found)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(10)

    def look(self, typed: str) -> None:
        """Look for what was typed."""
        self.found.setStringList([self.titles[number] for number in self.titles.find(typed, _OFFERED)])


class RefEditor(_Box):
    """A row of another record, found by typing part of its title or its pinyin initials."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, theme: Theme) -> None:
        super().__init__()
        self.field = field
        self.setAccessibleName(field.label)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        line = self.line()
        line.setPlaceholderText("输入名称或拼音首字母查找")
        line.setAccessibleName(field.label)
        line.textChanged.connect(lambda _: self.edited.emit())
        line.textEdited.connect(lambda typed: self._completer.look(typed))
        line.editingFinished.connect(self._settle)
        self._given: Mapping[int, str] = {}
        self._set = ("", 0)  # the title put in by `set_value`, and its row
        self._give({})

    def line(self) -> QLineEdit:
        """Return the part that takes characters."""
        line = self.lineEdit()
        assert line is not None  # the box is editable
        return line

    def set_titles(self, titles: Mapping[int, str]) -> None:
        """Give the rows that may be chosen."""
        if titles is not self._given:
            self._give(titles)

    def _give(self, titles: Mapping[int, str]) -> None:
        text = self.currentText()
        self._given = titles
        self._titles = titles if isinstance(titles, Names) else Names(titles)
        self._model = _Titles(self._titles, self)
        self.setModel(self._model)
        self._completer = _Completer(self._titles, self)
        self.setCompleter(self._completer)
        self.setEditText(text)

    def cell(self) -> Cell:
        """What the form hands to `Entity.parse`: the id, None, or the text that names no row."""
        text = plain(self.currentText())
        if text == self._set[0]:
            return self._set[1] or None
        return self._titles.numbers.get(text, text)

    def set_value(self, value: Value) -> None:
        """Show a stored value."""
        title = self._titles.get(int(value), "") if value is not None else ""
        self.setCurrentIndex(self._model.place(int(value)) if title and value is not None else -1)
        self.setEditText(title)
        self._set = (plain(title), int(value) if title and value is not None else 0)
        self.line().setCursorPosition(0)

    def put_back(self, cell: Cell) -> None:
        """Show again what was chosen or typed but not saved."""
        if isinstance(cell, int):
            self.set_value(cell)
        else:
            self.setEditText(str(cell or ""))

    def _settle(self) -> None:
        """Take the only title that fits what was typed."""
        typed = plain(self.currentText()).lower()
        if isinstance(self.cell(), str):
            near = (self._titles[number] for number in self._titles.find(typed, _LOOKED_AT))
            fitting = [t for t in near if search.matches(typed, plain(t).lower(), search.initials(t))]
            if len(fitting) == 1:
                self.setEditText(fitting[0])
        self.left.emit()


Editor = LineEditor | TextEditor | ChoiceEditor | ChoicesEditor | RefEditor

EDITORS: dict[type[Kind], type[Editor]] = {
    Text: LineEditor,
    NumberName: LineEditor,
    LongText: TextEditor,
    IdNumber: LineEditor,
    Phone: LineEditor,
    Uscc: LineEditor,
    Date: DateEditor,
    Money: LineEditor,
    Hours: LineEditor,
    Count: LineEditor,
    Quantity: LineEditor,
    Choice: ChoiceEditor,
    Choices: ChoicesEditor,
    Ref: RefEditor,
    Refs: ChoicesEditor,
}


def editor(field: Field, theme: Theme, today: dt.date) -> Editor:
    """Make the widget for a field; a kind made from another one is typed as that is."""
    made: Editor
    wanted = next(EDITORS[kind] for kind in type(field.kind).__mro__ if kind in EDITORS)
    made = DateEditor(field, theme, today) if issubclass(wanted, DateEditor) else wanted(field, theme)
    made.setObjectName(f"edit_{field.name}")
    return made
