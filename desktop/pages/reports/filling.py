"""填上级模板: the form is shown, cells are pointed at once, and every quarter it is filled the same way."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QLineEdit,
    QStackedWidget,
    QTabBar,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db.quarters import Quarter
from db.storage.store import Store
from desktop.pages.reports.workbook_preview import lay_out
from desktop.shell.desk import Desk
from desktop.shell.flat_lists import FlatLines
from desktop.shell.widgets import button, card, label, make_primary, row, rule

if TYPE_CHECKING:
    from desktop.services.templates import FilledFile, Known
    from forms.template.bindings import Bound
    from forms.template.view import SheetView

_NAME = Qt.ItemDataRole.UserRole
_CHOICE = "表格和文档 (*.xlsx *.xlsm *.docx *.docm);;其他 Word、Excel 文件 (*.doc *.wps *.rtf *.xls *.et)"


@dataclass(frozen=True)
class Opened:
    """A template that was read: how it looks, what its maker wrote in it, what was bound before."""

    path: Path
    sheets: "list[SheetView]"
    written: "Bound"
    known: "Known | None"


def _form_in(event: QDropEvent) -> Path | None:
    """The file that was dropped: a form, or an older one of which is said how to save it anew."""
    from desktop.services.templates import OLDER, SUFFIXES

    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix.lower() in (*SUFFIXES, *OLDER)), None)


def _kind(suffix: str) -> str:
    return f"Word 文档 (*{suffix})" if suffix.startswith(".doc") else f"Excel 工作簿 (*{suffix})"


class FillingPane(QWidget):
    """Choose a template, point at cells, fill. `bound` is sheet → cell → text with names."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme, self.jobs = desk, desk.theme, desk.jobs
        self.opened: Opened | None = None
        self.bound: Bound = {}
        self.kept: Bound = {}
        self.result: Path | None = None
        self.proposed = ""  # the name that the label beside the cell speaks of
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._top())
        self.notice = label("", "warned", wrap=True)
        self.notice.hide()
        layout.addWidget(self.notice)
        frame, inside = card((1, 1, 1, 1), 0)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("工作表")
        self.tabs.currentChanged.connect(lambda _: self._show_sheet())
        self.grid = QTableWidget()
        self.grid.setAccessibleName("模板")
        self.grid.setShowGrid(True)
        self.grid.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.grid.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.grid.currentCellChanged.connect(lambda *_: self._point())
        self.shown = QStackedWidget()
        self.shown.addWidget(self._empty())
        self.shown.addWidget(self.grid)
        inside.addWidget(self.tabs)
        inside.addWidget(self.shown, 1)
        self.setAcceptDrops(True)
        body = row(frame, self._names(), spacing=10)
        body.setStretch(0, 1)
        layout.addLayout(body, 1)
        self._allow()

    def _top(self) -> QWidget:
        frame, inside = card((14, 10, 12, 10), 4)
        self.choose_button = button(
            self.theme, "选模板…", "folder", "primary", "上级发来的 .xlsx 表格或 .docx 文档", self.choose
        )
        self.file = label("还没有选模板", "strong")
        self.fill_button = button(self.theme, "填好并保存…", "export", "", "填入本季数字，另存为新文件", self.fill)
        self.folder_button = button(self.theme, "打开所在文件夹", "folder", "link", "", self._open_folder)
        self.folder_button.hide()
        self.suggest_button = button(
            self.theme, "按标签对应", "check", "", "左边或上面写着是什么的空格，一次都对应好；再核对", self.suggest_all
        )
        inside.addLayout(
            row(self.choose_button, self.file, None, self.folder_button, self.suggest_button, self.fill_button)
        )
        words = "点一个格子，再双击右边的名称，就把它们对应起来。“每条一行”的名称会让那一行逐条重复。只对应一次，下季度自动认得；没有对应的格子不动。"
        self.words = label(words, "hint", wrap=True)
        inside.addWidget(self.words)
        inside.addWidget(self._numbers())
        return frame

    def _numbers(self) -> QWidget:
        """Whether whole numbers go in, and what for; shown where the form asks for numbers at all."""
        self.whole = QCheckBox("填完整的证件号码和电话")
        self.why = QLineEdit()
        self.why.setPlaceholderText("用途，如：报送市红十字会办理保险（会记入历史）")
        self.why.setAccessibleName("填完整号码的用途")
        self.whole.toggled.connect(lambda _: self._allow())
        self.why.textChanged.connect(lambda _: self._allow())
        self.numbers = QWidget()
        line = row(self.whole, self.why)
        line.setStretch(1, 1)
        self.numbers.setLayout(line)
        self.numbers.hide()
        return self.numbers

    def _empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(8)
        column.addStretch(2)
        for words, role in (
            ("把上级发来的表格或文档拖到这里", "heading"),
            ("表里写着 {{队伍.名称}} 这样的名称，就直接填；没有写，就点格子对应一次，以后每季自动认得。", "dim"),
            ("合并、样式、公式、图片、打印设置都照原样，没有对应的格子一个字也不动。", "dim"),
        ):
            line = label(words, role, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(line)
        column.addStretch(3)
        return page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A form may be dropped here."""
        if _form_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the form that was dropped."""
        if (path := _form_in(event)) is not None:
            self.open(path)

    def _names(self) -> QWidget:
        from forms.template import GROUPS

        frame, inside = card((10, 10, 10, 10), 8)
        frame.setFixedWidth(self.theme.px(228))
        self.cell = label("", "strong", wrap=True)
        self.search = QLineEdit()
        self.search.setPlaceholderText("找名称，如 在保")
        self.search.setAccessibleName("找名称")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setItemDelegate(FlatLines(self.theme, self.tree))
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("名称")
        self.tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        for group in GROUPS:
            branch = QTreeWidgetItem([group.label + ("（每条一行）" if group.repeats else "")])
            branch.setToolTip(0, group.about)
            for item in group.items:
                leaf = QTreeWidgetItem([item.label])
                leaf.setData(0, _NAME, f"{group.label}.{item.label}")
                branch.addChild(leaf)
            self.tree.addTopLevelItem(branch)
        self.tree.itemActivated.connect(lambda item, _: self.bind(item.data(0, _NAME)))
        self.tree.currentItemChanged.connect(lambda *_: self._allow())
        self.bind_button = button(self.theme, "对应到这一格", "tick", "", "", self._bind_current)
        self.free_button = button(self.theme, "取消对应", "close", "", "", self.free)
        inside.addWidget(self.cell)
        self.proposal = button(self.theme, "", "tick", "", "", self._take_proposal)
        self.proposal.hide()
        inside.addWidget(self.proposal)
        inside.addWidget(rule())
        inside.addWidget(self.search)
        inside.addWidget(self.tree, 1)
        inside.addWidget(self.bind_button)
        inside.addWidget(self.free_button)
        return frame

    # Opening

    def choose(self) -> None:
        """Ask for a template."""
        chosen, _ = QFileDialog.getOpenFileName(self, "选模板", str(self.desk.folder), _CHOICE)
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Read a template and show it."""

        def work(store: Store) -> Opened:
            from desktop.services.templates import read_template, recognise
            from forms.template.view import look, written_names

            template = read_template(path)
            return Opened(path, look(template), written_names(template), recognise(store, template))

        self.jobs.read(work, self._opened, self.desk.complain)

    def _opened(self, opened: Opened) -> None:
        self.opened, known = opened, opened.known
        self.bound = {name: dict(cells) for name, cells in known.bound.items()} if known else {}
        names = {view.name for view in opened.sheets}
        self.bound = {name: cells for name, cells in self.bound.items() if name in names}
        self.kept = {name: dict(cells) for name, cells in self.bound.items()} if known and not known.differences else {}
        self.file.setText(opened.path.name)
        self.whole.setChecked(False)  # asked for anew for every form
        self.why.clear()
        self._tell_known()
        self.folder_button.hide()
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for view in opened.sheets:
            self.tabs.setTabToolTip(self.tabs.addTab(view.name), view.about)
        self.tabs.blockSignals(False)
        first = next((n for n, v in enumerate(opened.sheets) if v.name in opened.written or v.name in self.bound), 0)
        self.tabs.setCurrentIndex(first)
        self._show_sheet()

    def _tell_known(self) -> None:
        """Say what is known of the template: names in it, a binding from before, and what is no longer as it was."""
        assert self.opened is not None
        known = self.opened.known
        count = sum(len(cells) for cells in self.opened.written.values())
        words = []
        if known is not None and known.differences:
            listed = "\n".join(f"· {d}" for d in known.differences[:5])
            more = f"\n· 还有 {len(known.differences) - 5} 处" if len(known.differences) > 5 else ""
            words.append(f"这份模板和对应过的“{known.name}”不一样，请核对标出的对应还在不在原位：\n{listed}{more}")
        self.notice.setText("\n".join(words))
        self.notice.setVisible(bool(words))
        if known is not None and not known.differences:
            self.words.setText(
                f"认得这张表：上次对应的 {sum(map(len, known.bound.values()))} 格还在原位，可以直接填好保存。"
            )
        elif count:
            self.words.setText(f"模板里已经写好 {count} 处名称，可以直接填好保存；也可以再点格子补上别的。")

    # Pointing

    @property
    def view(self) -> "SheetView | None":
        """The sheet that is shown."""
        return self.opened.sheets[self.tabs.currentIndex()] if self.opened and self.tabs.currentIndex() >= 0 else None

    def _show_sheet(self) -> None:
        view = self.view
        if view is None:
            return
        self.shown.setCurrentIndex(1)
        lay_out(self.grid, view, self.theme)
        self._paint()
        self.grid.setCurrentCell(0, 0)
        self._point()

    def _paint(self) -> None:
        """Write every cell: the template's text, or what is put in instead."""
        from forms.template.bindings import repeats, short
        from forms.template.row_shifts import column_letters

        view = self.view
        assert view is not None
        assert self.opened is not None
        bound = self.bound.get(view.name, {})
        written = self.opened.written.get(view.name, {})
        repeated: set[int] = set()
        for r in range(1, view.rows + 1):
            for c in range(1, view.columns + 1):
                where = f"{column_letters(c)}{r}"
                text = bound.get(where) or view.cells.get((r, c), "")
                named = where in bound or where in written
                item = QTableWidgetItem(short(text) if named else text)
                if text:
                    item.setToolTip(f"{where}：{text}")
                if named:
                    item.setBackground(self.theme.colour("info_bg"))
                    item.setForeground(self.theme.colour("info"))
                    repeated |= {r} if repeats(text) else set()
                elif (r, c) in view.formulas:
                    item.setText(text or "公式")
                    item.setForeground(self.theme.colour("text3"))
                    item.setToolTip("公式，会重新计算")
                elif not view.is_place(r, c):
                    item.setBackground(self.theme.colour("calm_bg"))
                self.grid.setItem(r - 1, c - 1, item)
        self.grid.setVerticalHeaderLabels([f"{r} 重复" if r in repeated else str(r) for r in range(1, view.rows + 1)])
        self.grid.setStyleSheet(f"QTableView {{ gridline-color: {self.theme.colour('line').name()}; }}")

    def where(self) -> str:
        """Return the cell that is pointed at; of a merged area, the one that holds its content."""
        from forms.template.row_shifts import column_letters

        row, column = self.grid.currentRow() + 1, self.grid.currentColumn() + 1
        for top, left, bottom, right in self.view.merges if self.view else ():
            if top <= row <= bottom and left <= column <= right:
                row, column = top, left
        return f"{column_letters(column)}{row}"

    def _point(self) -> None:
        view = self.view
        if view is not None and self.grid.currentRow() >= 0:
            text = self.bound.get(view.name, {}).get(self.where())
            self.cell.setText(
                f"{self.where()} 格" + (f"：{text}" if text else "：没有对应" if self._is_place() else "：没有这一格")
            )
            self._propose(bool(text))
        self._allow()

    def _is_place(self) -> bool:
        """Whether what is pointed at can be filled: a document has no cells beside those that are drawn."""
        from forms.template.row_shifts import split_cell

        row, column = split_cell(self.where())
        return self.view is not None and self.view.is_place(row, column)

    def _propose(self, is_bound: bool) -> None:
        """Offer the figure that the label beside the cell names."""
        from forms.template.suggesting import suggest

        assert self.view is not None
        found = None if is_bound else suggest(self.view, self.grid.currentRow() + 1, self.grid.currentColumn() + 1)
        self.proposed = found[1] if found else ""
        self.proposal.setVisible(found is not None)
        if found:
            self.proposal.setText(self.proposed.rpartition(".")[2])
            self.proposal.setToolTip(f"“{found[0]}”：对应 {self.proposed}")

    def _take_proposal(self) -> None:
        self.bind(self.proposed)

    def suggest_all(self) -> None:
        """Bind every empty cell of this sheet of which a label says what it is."""
        from forms.template.suggesting import suggest_all

        view = self.view
        if view is None:
            return
        there = self.bound.get(view.name, {})
        taken = {*there.values(), *self.opened.written.get(view.name, {}).values()} if self.opened else set()
        found = {
            c: f"{{{{{n}}}}}" for c, n in suggest_all(view).items() if c not in there and f"{{{{{n}}}}}" not in taken
        }
        if not found:
            self.desk.say("这一页没有认得出的标签；请点格子，再双击右边的名称")
            return
        self.bound.setdefault(view.name, {}).update(found)
        self._after()
        self.words.setText(f"按标签对应了 {len(found)} 格，已标出；请核对，不对的点“取消对应”。")

    def _bind_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            self.bind(item.data(0, _NAME))

    def bind(self, name: str | None) -> None:
        """Let the cell that is pointed at hold a figure or an item of records."""
        view = self.view
        if name is None or view is None or self.grid.currentRow() < 0 or not self._is_place():
            return
        self.bound.setdefault(view.name, {})[self.where()] = f"{{{{{name}}}}}"
        self._after()

    def free(self) -> None:
        """Let the cell be as the template has it."""
        view = self.view
        if view is not None:
            self.bound.get(view.name, {}).pop(self.where(), None)
            self.bound = {sheet: cells for sheet, cells in self.bound.items() if cells}
            self._after()

    def _after(self) -> None:
        self._paint()
        self._point()
        self.grid.setFocus()

    def _filter(self, words: str) -> None:
        words = words.strip()
        for n in range(self.tree.topLevelItemCount()):
            branch = self.tree.topLevelItem(n)
            assert branch is not None
            any_left = False
            for k in range(branch.childCount()):
                leaf = branch.child(k)
                assert leaf is not None
                hidden = bool(words) and words not in leaf.text(0) and words not in branch.text(0)
                leaf.setHidden(hidden)
                any_left |= not hidden
            branch.setHidden(not any_left)
            branch.setExpanded(bool(words) and any_left)

    def _allow(self) -> None:
        from forms.template.bindings import asks_for_numbers

        view = self.view
        pointed = view is not None and self.grid.currentRow() >= 0 and self._is_place()
        item = self.tree.currentItem()
        self.bind_button.setEnabled(pointed and item is not None and item.data(0, _NAME) is not None)
        self.free_button.setEnabled(pointed and view is not None and self.where() in self.bound.get(view.name, {}))
        personal = self.opened is not None and asks_for_numbers(self.bound, self.opened.written)
        self.numbers.setVisible(personal)
        self.why.setEnabled(self.whole.isChecked())
        explained = not self._whole() or bool(self.why.text().strip())
        self.fill_button.setEnabled(self.opened is not None and explained)  # names may stand in a header alone
        self.suggest_button.setEnabled(view is not None)
        for made, is_next in ((self.choose_button, self.opened is None), (self.fill_button, self.opened is not None)):
            make_primary(self.theme, made, is_next)  # the button of the next step stands out

    def _whole(self) -> bool:
        """Whether whole numbers were asked for."""
        return self.whole.isChecked() and not self.numbers.isHidden()

    # Filling

    def fill(self) -> None:
        """Ask where to, and fill the template."""
        if self.opened is None:
            return
        stem = f"{self.opened.path.stem}（{self.desk.quarter.label}）{self.opened.path.suffix}"
        chosen, _ = QFileDialog.getSaveFileName(
            self, "保存填好的表", str(self.desk.folder / stem), _kind(self.opened.path.suffix.lower())
        )
        if chosen:
            self.fill_to(Path(chosen))

    def fill_to(self, out: Path) -> None:
        """Keep what was bound, fill the template and write it."""
        assert self.opened is not None
        path, quarter, today = self.opened.path, self.desk.quarter, self.desk.today
        bound = {name: dict(cells) for name, cells in self.bound.items()}
        if bound and bound != self.kept:

            def keep(store: Store) -> None:
                from desktop.services.templates import read_template, save_binding

                save_binding(store, read_template(path), bound)

            self.jobs.write(f"对应模板：{path.name}", keep)
            self.kept = bound
        why = self.why.text().strip() if self._whole() else ""
        run = self.jobs.change if why else self.jobs.read  # whole numbers are noted in the history
        run(lambda store: _fill(store, quarter, path, out, today, bound, why), self._filled, self.desk.complain)

    def _filled(self, done: "FilledFile") -> None:
        self.result = done.path
        self.desk.work_in(done.path.parent)
        self.folder_button.show()
        counts = "，".join(f"{name} {n} 行" for name, n in done.filled.records.items())
        words = f"已保存：{done.path.name}（填了 {done.filled.cells} 格" + (f"；{counts}" if counts else "") + "）"
        if done.aside:
            words = f"原来的文件正在别的程序里打开，已另存。{words}"
        self.notice.setText("\n".join(done.filled.notes))
        self.notice.setVisible(bool(done.filled.notes))
        self.words.setText(words)
        self.desk.say(words)

    def _open_folder(self) -> None:
        if self.result is not None:
            self.desk.open_file(self.result.parent)


def _fill(
    store: Store, quarter: Quarter, path: Path, out: Path, today: dt.date, bound: "Bound", why: str
) -> "FilledFile":
    from desktop.services.templates import fill_file

    return fill_file(store, quarter, path, out, today, bound=bound, masked=not why, reason=why)
