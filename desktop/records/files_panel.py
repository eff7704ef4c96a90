"""Files kept with a team or a money entry: added by button or drop, opened as a copy, taken away with undo."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from db.records.fields import Entity
from db.storage.store import Store
from db.tasks import attachments, teams
from desktop.shell import thumbnails
from desktop.shell.desk import Desk
from desktop.shell.thumbnails import is_picture
from desktop.shell.widgets import button, label, row
from desktop.tables.text_table import THUMB, Line, PlainModel, PlainView


def dropped(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """Return the files that are dragged."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [p for p in paths if p.is_file()]


class DropFrame(QFrame):
    """A frame on which files may be dropped."""

    files_dropped = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drop")
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that the files may be dropped."""
        if dropped(event):
            event.acceptProposedAction()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self._mark(False)
        if files := dropped(event):
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _mark(self, over: bool) -> None:
        self.setProperty("over", over)
        self.style().unpolish(self)
        self.style().polish(self)


def size_text(size: int) -> str:
    """Return a file's size as people read it."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


class FilesPanel(QWidget):
    """The files of one owner: `link` is the record that ties them to it."""

    counted = Signal(int)

    def __init__(self, desk: Desk, link: Entity, noun: str, words: str) -> None:
        super().__init__()
        self.desk, self.theme, self.link, self.noun = desk, desk.theme, link, noun
        self.owner: int | None = None
        self.owner_name = ""
        self.files: list[dict[str, Any]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.add_button = button(self.theme, f"添加{noun}", "add", "", "照片、扫描件或文件，加密存进台账", self.choose)
        self.open_button = button(
            self.theme, "打开", "folder", "", "用系统的程序打开一份副本（Enter）", self.open_chosen
        )
        self.remove_button = button(self.theme, "移除", "delete", "", "从这里移除所选的文件，可以撤销", self.remove)
        column.addLayout(row(self.add_button, self.open_button, self.remove_button, None))
        frame = DropFrame()
        frame.files_dropped.connect(self.take)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(2, 2, 2, 2)
        self.stack = QStackedWidget()
        self.model = PlainModel(("文件名", "大小", "存入日期"), self, right=(1,))
        self.view = PlainView(self.theme, f"{noun}列表", 48)
        self._pictures: dict[int, QPixmap | str] = {}  # by attachment, as far as they have been read
        self.view.setModel(self.model)
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._size()
        self.theme.changed.connect(self._size)
        self.view.opened.connect(self.open_chosen)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        empty = label(words, "dim", wrap=True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(empty)
        self.stack.addWidget(self.view)
        inside.addWidget(self.stack)
        column.addWidget(frame, 1)
        self._choose()

    def _size(self) -> None:
        for place, wide in ((1, 90), (2, 116)):
            self.view.setColumnWidth(place, self.theme.px(wide))

    def belong_to(self, owner: int | None, name: str) -> None:
        """Know whose files these are, without showing them yet."""
        self.owner, self.owner_name = owner, name

    def show_owner(self, owner: int | None, name: str) -> None:
        """Show the files of another owner."""
        self.belong_to(owner, name)
        self._pictures.clear()
        self.load()

    def load(self) -> None:
        """Read the files again."""
        owner, link = self.owner, self.link
        self.setEnabled(owner is not None)
        if owner is None:
            self._show((None, []))
            return
        self.desk.jobs.read(lambda store: (owner, teams.files_of(store, link, owner)), self._show)

    def _show(self, found: tuple[int | None, list[dict[str, Any]]]) -> None:
        if found[0] != self.owner:
            return
        self.files = found[1]
        kept = self.view.chosen()
        self.model.set_lines([self._line(f) for f in self.files])
        if kept and (place := self.model.place(kept[0])) >= 0:
            self.view.selectRow(place)
        for file in self.files:
            number = int(file["attachment_id"])
            if number not in self._pictures and is_picture(str(file["name"]), int(file["size"])):
                self._ask_picture(number)
        self.stack.setCurrentIndex(1 if self.files else 0)
        self._choose()
        self.counted.emit(len(self.files))

    def _line(self, file: dict[str, Any]) -> Line:
        texts = (str(file["name"]), size_text(int(file["size"])), str(file["uploaded_on"]))
        return Line(int(file["id"]), texts, picture=self._pictures.get(int(file["attachment_id"]), "note"))

    def _ask_picture(self, number: int) -> None:
        """Each is read by itself and after everything else: what a person does meanwhile goes first."""
        ratio = self.devicePixelRatioF()
        box = QSize(*(round(self.theme.px(side) * ratio) for side in THUMB))
        self.desk.jobs.read(
            lambda store: (number, thumbnails.read(store, number, box)),
            self._show_picture,
            later=True,
            key=(self, number),
        )

    def _show_picture(self, found: tuple[int, QImage]) -> None:
        number, image = found
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._pictures[number] = "note" if picture.isNull() else picture
        for line, file in zip(self.model.every, self.files, strict=True):
            if int(file["attachment_id"]) == number:
                line.show(self._pictures[number])
        self.view.viewport().update()

    def _choose(self) -> None:
        some = bool(self.view.chosen())
        self.open_button.setEnabled(some)
        self.remove_button.setEnabled(some)

    def choose(self) -> None:
        """Ask for files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, f"选择{self.noun}", str(self.desk.folder))
        self.take([Path(c) for c in chosen])

    def take(self, paths: list[Path]) -> None:
        """Keep files, as one operation."""
        if not paths or self.owner is None:
            return
        owner, link, day = self.owner, self.link, self.desk.today
        some = paths[0].name if len(paths) == 1 else f"{len(paths)} 份"
        self.desk.jobs.write(
            f"添加{self.noun}：{some}（{self.owner_name}）",
            lambda store: teams.add_files(store, link, owner, paths, day),
        )

    def open_chosen(self) -> None:
        """Open a copy of the file chosen in the system's viewer."""
        chosen = self.view.chosen()
        file = next((f for f in self.files if chosen and f["id"] == chosen[0]), None)
        if file is None:
            return
        number = int(file["attachment_id"])

        def work(store: Store) -> Path:
            return attachments.open_copy(store, number)

        self.desk.jobs.read(work, self.desk.open_file)

    def remove(self) -> None:
        """Take the files chosen away."""
        ids, link = self.view.chosen(), self.link
        if ids:
            self.desk.jobs.write(
                f"移除{self.noun} {len(ids)} 份（{self.owner_name}）", lambda store: teams.drop_files(store, link, ids)
            )
