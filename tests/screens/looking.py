"""What a person would see wrong with a widget and all it holds: text cut, widgets over each other, out of reach, empty halves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)

from desktop.tables.line_editors import DateEditor

SLACK = 2  # pixels that nobody sees
BLANK = 0.97  # of a half, so much of one colour is an empty half
_CELL = 24
_FRAME, _ICON = 16, 22  # what the frame of a field takes, and an icon in it


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong: ``cut``, ``over``, ``out`` or ``empty``, and where."""

    kind: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind}  {self.where}"


def flaws(root: QWidget, halves: bool = False) -> list[Flaw]:
    """Return what is wrong with a shown widget; `halves`: empty halves too."""
    found = [
        flaw for made in root.findChildren(QWidget) if made.isVisible() and made.window() is root.window()
        for flaw in _of(made, root)
    ]  # fmt: skip
    if halves:
        found += _empty_halves(root)
    return list(dict.fromkeys(found))


def _of(made: QWidget, root: QWidget) -> Iterator[Flaw]:
    told = words in made.toolTip() if (words := cut(made)) and isinstance(made, QLabel) else bool(made.toolTip())
    if words and (not told or isinstance(made, DateEditor)):
        yield Flaw("cut", f"{_name(made)}: {words}")
    if (
        isinstance(made, QAbstractButton | QLineEdit | QComboBox)
        and not isinstance(made.parent(), QLineEdit | QComboBox)
        and (edge := out_of_reach(made, root)) is not None
    ):
        yield Flaw("out", f"{_name(made)} beyond {edge}")
    if isinstance(made, QScrollArea) and (over := _beyond(made)) > SLACK:
        yield Flaw("out", f"{over} pixels of {_name(made)} at the right")
    if (layout := made.layout()) is not None:
        for one, other in _overlapping(layout):
            yield Flaw("over", f"{_name(one)} and {_name(other)}")


def _beyond(area: QScrollArea) -> int:
    """Return by how much the content of an area that scrolls only downwards is wider than what is seen of it."""
    off = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    content = area.widget()
    return content.width() - area.viewport().width() if off and content is not None else 0


def _name(made: QWidget) -> str:
    words = getattr(made, "text", str)() if not isinstance(made, QComboBox) else made.accessibleName()
    return f"{type(made).__name__} “{(words or made.accessibleName() or made.objectName())[:24]}”"


def cut(made: QWidget) -> str:
    """Return the text of a widget that has not the room for it, or nothing. What ends in … by itself has its tip."""
    metrics, room = made.fontMetrics(), made.contentsRect()
    if isinstance(made, QLabel):
        text = re.sub("<[^>]*>", "", made.text())
        if not text or not made.pixmap().isNull() or hasattr(made, "whole"):
            return ""
        if made.wordWrap():
            need = made.heightForWidth(made.width())
            return text if made.height() + SLACK < need else ""
        widest = max(metrics.horizontalAdvance(line) for line in text.split("\n"))
        return text if widest > room.width() + SLACK or made.height() + SLACK < metrics.height() else ""
    if isinstance(made, QPushButton) or (isinstance(made, QAbstractButton) and made.text()):
        need = made.sizeHint() if not hasattr(made, "step") else made.minimumSizeHint()
        picture = made.iconSize().width() + 4 if not made.icon().isNull() else 0
        short = made.width() + SLACK < min(need.width(), metrics.horizontalAdvance(made.text()) + picture + 8)
        return made.text() if made.text() and short else ""
    if (
        isinstance(made, QLineEdit)
        and (isinstance(made, DateEditor) or not made.text())
        and not isinstance(made.parent(), QComboBox)
    ):
        margins, words = made.textMargins(), made.text() or made.placeholderText()
        room = made.width() - margins.left() - margins.right() - _FRAME - _ICON * len(made.actions())
        cut_off = bool(words) and metrics.horizontalAdvance(words) > room
        return words if cut_off and not (words == made.placeholderText() and made.toolTip()) else ""
    if isinstance(made, QComboBox) and not made.isEditable():
        return made.currentText() if metrics.horizontalAdvance(made.currentText()) > made.width() - 24 else ""
    return ""


def out_of_reach(made: QWidget, root: QWidget) -> str | None:
    """Return the edge beyond which part of a widget lies where nothing can be scrolled, or None."""
    rect, at = made.rect(), made
    while at is not root and (above := at.parentWidget()) is not None:
        rect = QRect(at.mapTo(above, rect.topLeft()), rect.size())
        area = above.parentWidget()
        scrolls = isinstance(area, QAbstractScrollArea) and area.viewport() is above
        across = scrolls and (
            not isinstance(area, QScrollArea)
            or area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if not across and rect.right() > above.width() + SLACK:
            return f"the right of {_name(above)}"
        if not scrolls and rect.bottom() > above.height() + SLACK:
            return f"the bottom of {_name(above)}"
        if scrolls:
            return None  # scrolled to, it is in view
        at = above
    return None


def _overlapping(layout: QLayout) -> Iterator[tuple[QWidget, QWidget]]:
    """Yield the pairs that one layout has put over each other."""
    shown = [made for made in _placed(layout) if made.isVisible()]
    for i, one in enumerate(shown):
        for other in shown[i + 1 :]:
            both = one.geometry().intersected(other.geometry())
            if both.width() > SLACK and both.height() > SLACK:
                yield one, other


def _placed(layout: QLayout) -> Iterator[QWidget]:
    if type(layout).__name__ == "QStackedLayout":
        return
    for i in range(layout.count()):
        item = layout.itemAt(i)
        if item is None:
            continue
        if (made := item.widget()) is not None:
            yield made
        elif (inner := item.layout()) is not None:
            yield from _placed(inner)


def _empty_halves(root: QWidget) -> list[Flaw]:
    """Return the halves of a page, right or lower, on which next to nothing stands."""
    image = root.grab().toImage()
    ended = _ended_lists(root)
    wide, high = image.width() // _CELL, image.height() // _CELL
    blank = {
        (x, y): _is_blank(image, QPoint(x * _CELL, y * _CELL)) for y in range(high) for x in range(wide)
        if not any(rect.contains(x * _CELL + _CELL // 2, y * _CELL + _CELL // 2) for rect in ended)
    }  # fmt: skip
    found = []
    for words, cells in (
        ("right", [is_blank for (x, _), is_blank in blank.items() if x >= wide // 2]),
        ("lower", [is_blank for (_, y), is_blank in blank.items() if y >= high // 2]),
    ):
        if len(cells) > wide * high // 8 and sum(cells) / len(cells) > BLANK:
            found.append(Flaw("empty", f"the {words} half"))
    return found


def _ended_lists(root: QWidget) -> list[QRect]:
    """Return where lists stand of which all rows are in view: a list ends where its rows end, as in a sheet."""
    return [
        QRect(view.viewport().mapTo(root, QPoint(0, 0)), view.viewport().size())
        for view in root.findChildren(QTableView)
        if view.isVisible()
        and view.model() is not None
        and view.model().rowCount()
        and not view.verticalScrollBar().maximum()
    ]


def _is_blank(image, at: QPoint) -> bool:  # type: ignore[no-untyped-def]
    first = image.pixel(at)
    return all(image.pixel(at.x() + x, at.y() + y) == first for x in range(0, _CELL, 3) for y in range(0, _CELL, 3))
