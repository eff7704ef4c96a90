"""The report's words before it is final: paragraphs with locked numbers, and the red head."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextEdit,
    QVBoxLayout,
)

from db.quarters import Period
from db.storage.store import Store
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.flat_lists import flat_list
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, card, find_anywhere, label, row

if TYPE_CHECKING:
    from forms.report.quarterly import Letterhead
    from forms.report.report_text import Part

_CHIP = QTextFormat.ObjectTypes.UserObject.value + 1
_NAME = QTextFormat.Property.UserProperty.value + 1
_PLACE = "\ufffc"  # the character that stands for an object in a text


class _ChipPainter(QPyTextObject):
    """Draws a field as the number it shows, in a frame: one thing that is put in or taken out whole."""

    def __init__(self, theme: Theme, known: dict[str, str], parent: QTextEdit) -> None:
        super().__init__(parent)
        self.theme, self.known = theme, known

    def intrinsicSize(self, document: QTextDocument, position: int, form: QTextFormat) -> QSizeF:
        """Return the room a field takes."""
        metrics = QFontMetricsF(document.defaultFont())
        return QSizeF(metrics.horizontalAdvance(self._words(form)) + 10, metrics.height() + 2)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, form: QTextFormat
    ) -> None:
        """Draw a field."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.theme.colour("line2"))
        painter.setBrush(self.theme.colour("info_bg"))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(QColor(self.theme.colour("info")))
        painter.setFont(document.defaultFont())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self._words(form))
        painter.restore()

    def _words(self, form: QTextFormat) -> str:
        shown = self.known.get(str(form.property(_NAME)), "—")
        return shown if len(shown) <= 28 else shown[:27] + "…"


class FieldText(QTextEdit):
    """A text in which numbers are fields. `text` gives it with ``⟦name⟧`` for each, `set_text` takes the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.known: dict[str, str] = {}
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self._painter = _ChipPainter(theme, self.known, self)
        self.document().documentLayout().registerHandler(_CHIP, self._painter)

    def know(self, known: dict[str, str]) -> None:
        """Take the fields and what they show."""
        self.known.clear()
        self.known.update(known)

    def set_text(self, text: str) -> None:
        """Show a text."""
        self.clear()
        self.put(text)
        self.document().clearUndoRedoStacks()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def put(self, text: str) -> None:
        """Put a text in where the cursor is; fields in it become fields."""
        from forms.report.report_text import FIELD

        cursor = self.textCursor()
        cursor.beginEditBlock()
        at = 0
        for found in FIELD.finditer(text):
            cursor.insertText(text[at : found.start()], QTextCharFormat())
            if found[1] in self.known:
                self._put_field(cursor, found[1])
            at = found.end()
        cursor.insertText(text[at:], QTextCharFormat())
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def _put_field(self, cursor: QTextCursor, name: str) -> None:
        form = QTextCharFormat()
        form.setObjectType(_CHIP)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        form.setProperty(_NAME, name)
        form.setToolTip(f"{name}：数字取自台账，不能改写")
        cursor.insertText(_PLACE, form)

    def text(self, cursor: QTextCursor | None = None) -> str:
        """Return the text, or the part of it that a cursor has selected, with fields by name."""
        first, last = (
            (cursor.selectionStart(), cursor.selectionEnd()) if cursor else (0, self.document().characterCount())
        )
        lines = []
        block = self.document().begin()
        while block.isValid():
            made = []
            pieces = block.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                name = piece.charFormat().property(_NAME)
                for i, character in enumerate(piece.text()):
                    if first <= piece.position() + i < last:
                        made.append(f"⟦{name}⟧" if character == _PLACE else character)
                pieces += 1
            if block.position() < last and block.position() + block.length() > first:
                lines.append("".join(made))
            block = block.next()
        return "\n".join(lines)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy fields by their names."""
        data = QMimeData()
        data.setText(self.text(self.textCursor()))
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take nothing but text."""
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text; fields that came from here are fields again."""
        self.put(source.text().replace(_PLACE, ""))


class ReportTextDialog(DraftDialog):
    """The report's paragraphs, one at a time: the words are free, the numbers are the ledger's."""

    def __init__(
        self, desk: Desk, quarter: Period, parts: "list[Part]", known: dict[str, str], written: dict[str, str]
    ) -> None:
        super().__init__(desk.window)
        self.desk, self.quarter, self.parts, self.known = desk, quarter, parts, known
        self.written = {p.key: written[p.key] for p in parts if p.key in written}  # as kept in the ledger
        self.draft: dict[str, str | None] = {}  # what will be kept: a text, or None for the automatic one
        theme = desk.theme
        self.setWindowTitle(f"修改报告文字　{quarter.label}")
        self.resize(theme.px(860), theme.px(520))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(8)
        words = "框里的数字取自台账，可以删掉或插入，不能改写；台账变了，报告里的数字跟着变。清空一段，报告里就没有这一段；自己补充的几段空着就不印。"
        layout.addWidget(label(words, "dim", wrap=True))
        self.list = flat_list(theme)
        self.list.setAccessibleName("段落")
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        listed, inside = card((8, 8, 8, 8), 0)
        listed.setFixedWidth(theme.px(226))
        inside.addWidget(self.list)
        for part in parts:
            item = QListWidgetItem(part.label)
            item.setToolTip(part.label)
            item.setSizeHint(QSize(0, theme.px(28)))
            self.list.addItem(item)
        self.heading = label("", "strong")
        self.text = FieldText(theme)
        self.text.setAccessibleName("这一段的文字")
        self.field = QComboBox()
        self.field.setEditable(True)
        self.field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        find_anywhere(self.field)
        self.field.setAccessibleName("要插入的数字")
        self.put_button = button(theme, "插入数字", "add", "", "", self.insert)
        self.auto_button = button(theme, "恢复自动文字", "undo", "", "", self.restore)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.heading)
        self.text.setFrameShape(QTextEdit.Shape.NoFrame)
        framed, inside = card((8, 8, 8, 8), 0)
        inside.addWidget(self.text)
        right.addWidget(framed, 1)
        tools = row(self.field, self.put_button, None, self.auto_button)
        tools.setStretch(0, 1)
        right.addLayout(tools)
        body = row(listed, spacing=12)
        body.addLayout(right, 1)
        layout.addLayout(body, 1)
        self.save_button = button(theme, "保存", "tick", "primary", "", self.save)
        cancel = button(theme, "取消", "", "", "", self.give_up)
        for made in (cancel, self.put_button, self.auto_button):
            made.setAutoDefault(False)
        layout.addLayout(row(None, cancel, self.save_button))
        self.at = -1
        self.text.textChanged.connect(self._changed)
        self.list.currentRowChanged.connect(self.show_part)
        self.list.setCurrentRow(0)

    def show_part(self, number: int) -> None:
        """Show a paragraph."""
        part = self.parts[number]
        self.at = -1  # what follows is no change of the person's
        own = self.known | dict(part.own)
        self.text.know(own)
        self.field.clear()
        self.field.addItems([*part.own, *self.known])
        self.heading.setText(part.lead or part.section or part.label)
        self.text.set_text(self.text_of(part))
        self.at = number
        self._mark()

    def text_of(self, part: "Part") -> str:
        """Return the text of a paragraph as it stands now."""
        kept = self.draft[part.key] if part.key in self.draft else self.written.get(part.key)
        return part.text if kept is None else kept

    def _changed(self) -> None:
        if self.at >= 0:
            part = self.parts[self.at]
            text = self.text.text()
            self.draft[part.key] = None if text == part.text else text
            self._mark()

    def _mark(self) -> None:
        part = self.parts[self.at]
        changed = self.text_of(part) != part.text
        self.auto_button.setEnabled(changed)
        self.list.item(self.at).setText(part.label + ("　已改" if changed else ""))
        for n, other in enumerate(self.parts):
            if n != self.at:
                self.list.item(n).setText(other.label + ("　已改" if self.text_of(other) != other.text else ""))

    def insert(self) -> None:
        """Put the chosen field in where the cursor is."""
        name = self.field.currentText()
        if name in self.text.known:
            self.text.put(f"⟦{name}⟧")
            self.text.setFocus()

    def restore(self) -> None:
        """Go back to the automatic text."""
        self.text.set_text(self.parts[self.at].text)

    def changes(self) -> dict[str, str | None]:
        """Return what differs from what is kept."""
        return {key: text for key, text in self.draft.items() if text != self.written.get(key)}

    def save(self) -> None:
        """Keep what was changed, as one operation."""
        changes, quarter = self.changes(), self.quarter
        if changes:

            def work(store: Store) -> None:
                from desktop.services.reporting import save_text

                for part, text in changes.items():
                    save_text(store, quarter, part, text)

            self.desk.jobs.write(f"修改{quarter.label}报告的文字", work)
        self.accept()


class LetterheadDialog(DraftDialog):
    """The three things that make a red head; without them the head is white."""

    def __init__(self, desk: Desk, quarter: Period, head: "Letterhead | None", office: str) -> None:
        super().__init__(desk.window)
        self.desk, self.quarter = desk, quarter
        self.setWindowTitle(f"红头　{quarter.label}")
        self.setMinimumWidth(desk.theme.px(520))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        words = "报告默认是白头。正式发文、已经编了文号的，填写前三项，首页就按公文格式加上红色的发文机关标志和红线。程序不印任何徽标。"
        layout.addWidget(label(words, "dim", wrap=True))
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        year = quarter.end.year
        self.fields: list[QLineEdit] = []
        for words, hint, value in (
            ("发文机关标志", f"如：{office}文件", head.issuing_name if head else f"{office}文件"),
            ("发文字号", f"如：某红字〔{year}〕12号", head.doc_number if head else ""),
            ("签发人", "签发人姓名", head.signer if head else ""),
        ):
            field = QLineEdit(value)
            field.setPlaceholderText(hint)
            field.setAccessibleName(words)
            form.addWidget(label(words), len(self.fields), 0)
            form.addWidget(field, len(self.fields), 1)
            self.fields.append(field)
        self.copies = QLineEdit(head.copies if head else "")
        self.copies.setPlaceholderText("可以不填；几个单位用逗号或顿号隔开")
        self.copies.setAccessibleName("抄送")
        form.addWidget(label("抄送"), len(self.fields), 0)
        form.addWidget(self.copies, len(self.fields), 1)
        layout.addLayout(form)
        self.save_button = button(desk.theme, "用红头", "tick", "primary", "", self.save)
        self.save_button.setDefault(True)
        self.white_button = button(desk.theme, "改回白头", "delete", "", "删去这一季的红头", self.white)
        self.white_button.setVisible(head is not None)
        cancel = button(desk.theme, "取消", "", "", "", self.give_up)
        for made in (self.white_button, cancel):
            made.setAutoDefault(False)
        layout.addLayout(row(self.white_button, None, cancel, self.save_button))
        for field in self.fields:
            field.textChanged.connect(lambda _: self._allow())
        self._allow()

    def _allow(self) -> None:
        self.save_button.setEnabled(all(field.text().strip() for field in self.fields))

    def save(self) -> None:
        """Keep the red head."""
        from forms.report.quarterly import Letterhead

        values = [field.text().strip() for field in (*self.fields, self.copies)]
        self._keep(Letterhead(*values), "填写红头")

    def white(self) -> None:
        """Go back to the white head."""
        self._keep(None, "改回白头")

    def _keep(self, head: "Letterhead | None", title: str) -> None:
        quarter = self.quarter

        def work(store: Store) -> None:
            from desktop.services.reporting import save_letterhead

            save_letterhead(store, quarter, head)

        self.desk.jobs.write(f"{quarter.label}报告：{title}", work)
        self.accept()
