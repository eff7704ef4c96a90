"""With the level above, in the window: the package that was made, what came down (receipts, tasks), and answering a task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from db.quarters import Period
from db.storage.store import Store
from desktop.services import settings
from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.widgets import button, card, clear, label, row, scrolled
from desktop.shell.work_dialog import WorkDialog

if TYPE_CHECKING:
    from desktop.services.superior_tasks import Task

SUFFIX = ".boai"
CHOOSE = f"报送包、回执、任务包 (*{SUFFIX})"


def reports_folder(desk: Desk) -> Path:
    """Return the folder that reports are saved in: the one chosen, else always the same one among the documents."""
    kept = settings.text("reports/folder")
    return Path(kept) if kept and Path(kept).is_dir() else desk.documents / "博爱台账报表"


def signed_in(data: QMimeData) -> list[Path]:
    """Return the signed files, and the folders, that are dragged."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == SUFFIX]


class PackageTaker(Page):
    """A page that takes packages of offices below."""

    packages_given = Signal(list)  # paths


class SignedDrops(QObject):
    """A signed file dropped on the window goes where it belongs, whatever page is in view."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self.desk = desk
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take signed files, leave everything else."""
        if isinstance(event, QDropEvent) and (paths := signed_in(event.mimeData())):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                take_signed(self.desk, paths)
            return True
        return False


@dataclass(frozen=True)
class Incoming:
    """A receipt or a task that was read and not yet taken in."""

    path: Path
    is_receipt: bool
    office: str
    mark: str
    known: bool  # the key is the one known for that office
    lines: tuple[tuple[str, str], ...]


def take_signed(desk: Desk, paths: Sequence[Path], then: Callable[[], None] | None = None) -> None:
    """Look what signed files are: packages go to the roll-up, a receipt or a task is shown before it is taken in."""

    def work(store: Store) -> tuple[list[Path], list[Incoming]]:
        return _looked_at(store, paths)

    def show(found: tuple[list[Path], list[Incoming]]) -> None:
        packages, incoming = found
        if packages and desk.office.get("level") == "县级":
            desk.say("这是报送包，发给上级红十字会就行；市级、省级的台账才能收下级的报送包")
        elif packages:
            desk.show_page("rollup")
            if isinstance(desk.page, PackageTaker):
                desk.page.packages_given.emit(packages)
        for each in incoming:
            IncomingDialog(desk, each, then).open()

    desk.jobs.read(work, show, desk.complain)


def _looked_at(store: Store, paths: Sequence[Path]) -> tuple[list[Path], list[Incoming]]:
    from desktop.services.receipts import RETURNED, known_key, read_receipt
    from desktop.services.signed_files import read_signed
    from desktop.services.superior_tasks import read_task

    packages, incoming = list[Path](), list[Incoming]()
    for path in paths:
        kind = read_signed(path, keep=False).said["kind"]
        if kind in ("package", "rollup"):
            packages.append(path)
            continue
        signed = read_receipt(path) if kind == "receipt" else read_task(path)
        said = signed.said
        period = ("期间", Period.parse(said["period"]).label)
        if kind == "receipt":
            word = "退回" if said["status"] == RETURNED else "收下"
            lines = [period, ("结果", f"{word}第 {said['edition']} 版"), ("意见", said["remarks"] or "没有"),
                     ("办理人", said["person"] or "—"), ("日期", said["issued_on"])]  # fmt: skip
        else:
            lines = [("任务", said["title"]), period, ("期限", said["deadline"]), ("说明", said["note"] or "没有"),
                     ("模板", said["template"] or "没有"), ("规则文件", said["rules"] or "没有")]  # fmt: skip
        known = known_key(store, said["office_uid"]) == signed.key
        incoming.append(Incoming(path, kind == "receipt", said["office"], signed.mark, known, tuple(lines)))
    return packages, incoming


class IncomingDialog(WorkDialog):
    """What came down from above, who signed it, and taking it in."""

    def __init__(self, desk: Desk, incoming: Incoming, then: Callable[[], None] | None = None) -> None:
        what = "回执" if incoming.is_receipt else "任务"
        super().__init__(desk, f"收{what}", then)
        self.incoming = incoming
        self.setMinimumWidth(desk.theme.px(480))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        column.addWidget(label(f"{incoming.office}的{what}", "heading", wrap=True))
        for head, words in incoming.lines:
            name = label(head, "dim")
            name.setFixedWidth(desk.theme.px(70))
            line = row(name, label(words, wrap=True, selectable=True))
            line.setStretch(1, 1)
            column.addLayout(line)
        told = (
            "签名与以前收过的是同一把钥匙。"
            if incoming.known
            else "第一次收这个单位的文件，请打电话核对签名钥匙的指纹："
        )
        column.addWidget(label(told, "hint" if incoming.known else "warned", wrap=True))
        column.addWidget(label(incoming.mark, "hint" if incoming.known else "strong", wrap=True, selectable=True))
        column.addWidget(self.error)
        self.go = button(desk.theme, "收下", "tick", "primary", "", self.take)
        self.go.setDefault(True)
        column.addLayout(row(None, button(desk.theme, "取消", "", "", "什么也不写入", self.reject), self.go))
        self.go.setFocus()
        self.finished.connect(self.deleteLater)

    def take(self) -> None:
        """Take it in, or say why not."""
        path, is_receipt, today = self.incoming.path, self.incoming.is_receipt, self.desk.today

        def work(store: Store) -> str:
            from desktop.services import receipts, superior_tasks

            if is_receipt:
                return receipts.take_in(store, path, today)[0].words
            taken = superior_tasks.take_in(store, path, today)
            return f"已收下任务：{taken.title}" + (f"，添加规则 {taken.clauses} 条" if taken.clauses else "")

        self.change(work)


class MadeDialog(QDialog):
    """A signed file that was made: where it lies, its fingerprint, and what was left out of it."""

    def __init__(self, desk: Desk, title: str, files: Sequence[Path], key: str, left_out: Sequence[str] = ()) -> None:
        super().__init__(desk.window)
        self.desk, self.files = desk, tuple(files)
        self.setWindowTitle(title)
        self.setMinimumWidth(desk.theme.px(500))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        column.addWidget(label(title, "heading"))
        for path in files:
            column.addWidget(label(path.name, "strong", wrap=True, selectable=True))
        column.addWidget(
            label(f"在文件夹“{files[0].parent.name}”里，可以用微信、邮件或 U 盘发给对方。", "dim", wrap=True)
        )
        for name in left_out:
            words = f"“{name}”里写有志愿者的姓名或号码，没有放进去；纸质的照常报送。"
            column.addWidget(label(words, "warned", wrap=True))
        column.addWidget(label("本会签名钥匙的指纹，请告知对方核对一次：", "dim", wrap=True))
        column.addWidget(label(key, "strong", wrap=True, selectable=True))
        self.show_button = button(desk.theme, "打开所在文件夹", "folder", "", "", self._open)
        close = button(desk.theme, "关闭", "", "primary", "", self.accept)
        column.addLayout(row(self.show_button, None, close))
        close.setFocus()
        self.finished.connect(self.deleteLater)

    def _open(self) -> None:
        self.desk.open_file(self.files[0].parent)


class TasksDialog(QDialog):
    """The superior's tasks for a period: what each asks, and answering it."""

    def __init__(self, desk: Desk, period: Period) -> None:
        super().__init__(desk.window)
        self.desk, self.period = desk, period
        self.setWindowTitle("上级任务")
        desk.fit(self, 640, 420)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(f"{period.label}　上级任务", "heading"))
        words = "答复是一份报送包：这一期的报送版，和照上次的对应填好的模板，一起签名。"
        column.addWidget(label(words, "dim", wrap=True))
        area, self.list = scrolled("上级任务")
        self.list.setSpacing(8)
        column.addWidget(area, 1)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        column.addLayout(row(None, button(desk.theme, "关闭", "", "", "", self.accept)))
        self.finished.connect(self.deleteLater)
        self.answers: list[QWidget] = []
        self.load()

    def load(self) -> None:
        """Read the tasks and what can be said of their forms."""
        period = self.period

        def work(store: Store) -> "list[Task]":
            from desktop.services.superior_tasks import looked_at, tasks

            return [looked_at(store, task) for task in tasks(store, period)]

        self.desk.jobs.read(work, self._show, self._refused)

    def _show(self, found: "list[Task]") -> None:
        clear(self.list)
        self.answers = []
        for task in found:
            self.list.addWidget(self._card(task))
        if not found:
            self.list.addWidget(label("这一期没有收到任务", "dim"))
        self.list.addStretch(1)

    def _card(self, task: "Task") -> QWidget:
        frame, inside = card((14, 10, 14, 12), 5)
        inside.addWidget(label(task.title, "strong", wrap=True))
        inside.addWidget(label(f"{task.office}　期限 {task.deadline}", "dim", wrap=True))
        for words in (task.note, f"模板：{task.template}" if task.template else "", task.fits):
            if words:
                inside.addWidget(label(words, "hint", wrap=True))
        late = task.deadline < self.desk.today and not task.answered_on
        if task.answered_on or late:
            told = f"已于 {task.answered_on} 答复" if task.answered_on else "已过期限"
            inside.addWidget(label(told, "warned" if late else "dim"))
        again = "再答复一次" if task.answered_on else "答复"
        answer = button(
            self.desk.theme, again, "export", "" if task.answered_on else "primary", "", lambda: self.answer(task)
        )
        answer.setEnabled(task.handed_up and task.ready)
        if not task.handed_up:
            answer.setToolTip("这一期报送以后才能答复")
            inside.addWidget(label("这一期还没有报送，报送以后才能答复", "warned", wrap=True))
        self.answers.append(answer)
        form = button(
            self.desk.theme, "取出模板", "table", "", "原样取出，可以在“填上级模板”里对应", lambda: self.form(task)
        )
        form.setVisible(bool(task.template))
        inside.addLayout(row(None, form, answer))
        return frame

    def answer(self, task: "Task") -> None:
        """Fill the form, sign the package, write it into the reports' folder."""
        folder, today, number = reports_folder(self.desk), self.desk.today, task.row

        def work(store: Store) -> tuple[Path, str, tuple[str, ...]]:
            from desktop.services.superior_tasks import answer

            folder.mkdir(parents=True, exist_ok=True)
            return answer(store, number, folder, today)

        def done(made: tuple[Path, str, tuple[str, ...]]) -> None:
            path, key, left_out = made
            self.accept()
            MadeDialog(self.desk, "已答复任务", [path], key, left_out).open()

        self.desk.jobs.change(work, done, self._refused)

    def form(self, task: "Task") -> None:
        """Write the form as it came into the reports' folder."""
        folder, number = reports_folder(self.desk), task.row

        def work(store: Store) -> Path:
            from desktop.services.superior_tasks import save_form

            folder.mkdir(parents=True, exist_ok=True)
            return save_form(store, number, folder)

        self.desk.jobs.read(work, self.desk.saved_file, self._refused)

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))


def choose_signed(desk: Desk, parent: QWidget, then: Callable[[], None] | None = None) -> None:
    """Ask for signed files from above and look what they are."""
    chosen, _ = QFileDialog.getOpenFileNames(parent, "收上级的文件", str(desk.folder), CHOOSE)
    if chosen:
        take_signed(desk, [Path(name) for name in chosen], then)
