"""What a right click on a cell offers: the same words as the keys and buttons."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from desktop.records.cell_blocks import Blocks
from desktop.services.filters import OneOf, by_span, has_several
from desktop.tables.cell_drawing import Index
from desktop.tables.grid import Grid


def cell_menu(
    grid: Grid, blocks: Blocks, index: Index, place: QPoint, *, limited: bool, edit: Callable[[], None],
    delete: Callable[[], None], show_all: Callable[[], None],
) -> QMenu:  # fmt: skip
    """Open the menu of a cell, or of the blank space under the rows, at a place on the screen.

    `limited`: some rows are not shown, and `show_all` brings them back.
    """
    menu = QMenu(grid.window())
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    many = len(grid.places())
    if index.isValid():
        menu.addAction("改这一格\tF2", grid.edit_current)
        if many > 1:
            menu.addAction(f"批量修改 {many:,} {blocks.noun}…", blocks.batch)
        else:
            menu.addAction("打开表单\tEnter", edit)
        menu.addSeparator()
        menu.addAction("复制\tCtrl+C", blocks.copy)
        menu.addAction("连同标题复制\tCtrl+Shift+C", lambda: blocks.copy(headings=True))
        menu.addAction("向下填充\tCtrl+D", blocks.fill_down)
    menu.addAction("粘贴\tCtrl+V", blocks.paste)
    menu.addSeparator()
    if index.isValid():
        _only_this(grid, menu, index)
    clear = menu.addAction("清除条件", show_all)
    clear.setEnabled(limited)
    if index.isValid():
        menu.addSeparator()
        menu.addAction(f"删除 {many:,} {blocks.noun}\tDelete", delete)
    menu.popup(place)
    return menu


def _only_this(grid: Grid, menu: QMenu, index: Index) -> None:
    model = grid.records
    f = model.fields[index.column()]
    value = model.row(index.row())[f.name]
    text = str(index.data() or "空白")
    if not by_span(f) and not has_several(f):
        shown = text if len(text) <= 14 else text[:13] + "…"
        column, wanted = index.column(), OneOf(frozenset({value}))
        menu.addAction(f"只看“{shown}”", lambda: model.set_filter(column, wanted))
    menu.addAction("筛选…\tAlt+↓", lambda: grid.open_funnel(index.column()))
