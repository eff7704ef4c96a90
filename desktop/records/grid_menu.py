"""What a right click on a cell offers: the same words as the keys and buttons."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from desktop.services.filters import OneOf, by_span, has_several
from desktop.tables.record_model import Index

if TYPE_CHECKING:
    from desktop.records.record_page import EntityPane


def cell_menu(pane: "EntityPane", index: Index, place: QPoint) -> QMenu:
    """Open the menu of a cell, or of the blank space under the rows, at a place on the screen."""
    menu = QMenu(pane)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    many = len(pane.view.places())
    if index.isValid():
        menu.addAction("改这一格\tF2", pane.view.edit_current)
        if many > 1:
            menu.addAction(f"批量修改 {many:,} {pane.noun}…", pane.blocks.batch)
        else:
            menu.addAction("打开表单\tEnter", pane.edit)
        menu.addSeparator()
        menu.addAction("复制\tCtrl+C", pane.blocks.copy)
        menu.addAction("连同标题复制\tCtrl+Shift+C", lambda: pane.blocks.copy(headings=True))
    menu.addAction("粘贴\tCtrl+V", pane.blocks.paste)
    menu.addSeparator()
    if index.isValid():
        _only_this(pane, menu, index)
    clear = menu.addAction("清除条件", pane.show_all)
    clear.setEnabled(pane.all_button.isVisible())
    if index.isValid():
        menu.addSeparator()
        menu.addAction(f"删除 {many:,} {pane.noun}\tDelete", pane.delete)
    menu.popup(place)
    return menu


def _only_this(pane: "EntityPane", menu: QMenu, index: Index) -> None:
    f = pane.model.fields[index.column()]
    value = pane.model.row(index.row())[f.name]
    text = str(index.data() or "空白")
    if not by_span(f) and not has_several(f):
        shown = text if len(text) <= 14 else text[:13] + "…"
        column, wanted = index.column(), OneOf(frozenset({value}))
        menu.addAction(f"只看“{shown}”", lambda: pane.model.set_filter(column, wanted))
    menu.addAction("筛选…\tAlt+↓", lambda: pane.view.open_funnel(index.column()))
