"""F1: the manual, open at the chapter of the page in view; and from there its paper and 关于."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from db.storage.store import Store
from desktop.pages.system.about import AboutDialog
from desktop.shell.desk import Desk
from desktop.shell.flat_lists import flat_list
from desktop.shell.widgets import button, clear, label, row, scrolled
from forms.output import write_whole
from forms.report.manual import Chapter, manual_pdf, screens, tasks

_ROLES = {"text": "", "step": "", "point": "dim"}


class HelpDialog(QDialog):
    """The manual: its chapters, and the one that is read; it can stay open beside the work."""

    def __init__(self, desk: Desk, key: str) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.chapters: dict[str, Chapter] = {}
        desk.fit(self, 760, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        self.list = flat_list(desk.theme)
        self.list.setAccessibleName("目录")
        self.list.setFixedWidth(desk.theme.px(190))
        for head, found in (("怎么办", tasks()), ("每一页", screens(desk.names))):
            title = QListWidgetItem(head, self.list)
            title.setFlags(Qt.ItemFlag.NoItemFlags)
            for chapter in found:
                self.chapters[chapter.key] = chapter
                entry = QListWidgetItem(f"　{chapter.title}", self.list)
                entry.setData(Qt.ItemDataRole.UserRole, chapter.key)
        self.area, self.inner = scrolled("帮助")
        self.inner.setSpacing(8)
        self.inner.setContentsMargins(12, 4, 12, 4)
        middle = row(self.list, self.area, spacing=8)
        middle.setStretch(1, 1)
        column.addLayout(middle, 1)
        paper = button(desk.theme, "存成 PDF…", "print", "", "整本用户手册，可以打印", self.save)
        about = button(desk.theme, "关于", "", "", "版本，和各部分的许可", self.about)
        close = button(desk.theme, "关闭", "", "", "", self.close)
        for made in (paper, about, close):
            made.setAutoDefault(False)
        column.addLayout(row(paper, about, None, close))
        self.list.currentItemChanged.connect(lambda entry, _: self._show(entry.data(Qt.ItemDataRole.UserRole)))
        self.read(key)
        self.list.setFocus()

    def read(self, key: str) -> None:
        """Open the manual at a chapter."""
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == key:
                self.list.setCurrentRow(place)
                self.list.scrollToItem(self.list.item(place), QListWidget.ScrollHint.PositionAtCenter)

    def _show(self, key: str) -> None:
        chapter = self.chapters[key]
        self.setWindowTitle(f"帮助 · {chapter.title}")
        clear(self.inner)
        self.inner.addWidget(label(chapter.title, "title"))
        number = 0
        for kind, text in chapter.lines:
            number = number + 1 if kind == "step" else 0
            lead = f"{number}. " if kind == "step" else "· " if kind == "point" else ""
            self.inner.addWidget(self._line(lead + text, _ROLES[kind]))
        self.inner.addStretch(1)
        self.area.verticalScrollBar().setValue(0)

    @staticmethod
    def _line(text: str, role: str) -> QLabel:
        return label(text, role, wrap=True, selectable=True)

    def about(self) -> AboutDialog:
        """Show the version, and what the program is made of."""
        dialog = AboutDialog(self.desk)
        dialog.open()
        return dialog

    def save(self) -> None:
        """Ask where, then set the manual as PDF and show it."""
        place = self.desk.folder / "博爱台账用户手册.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self, "存成 PDF", str(place), "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Set the manual as PDF into a file."""
        names, day, desk = dict(self.desk.names), self.desk.today, self.desk

        def work(store: Store) -> Path:
            return write_whole(path, manual_pdf(names, day))

        def done(written: Path) -> None:
            desk.saved_file(written)
            desk.open_file(written)

        desk.jobs.read(work, done)
