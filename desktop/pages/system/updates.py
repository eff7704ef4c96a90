"""检查更新: where to look, what was found there, who signed it; nothing is looked for before a person asks."""

import tempfile
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QVBoxLayout

import resources
from db.errors import UserError
from db.storage.store import Store
from desktop.services import settings, updates
from desktop.services.updates import FILE, LARGEST, Update
from desktop.shell.desk import Desk
from desktop.shell.fetching import Fetching
from desktop.shell.widgets import button, card, clear, label, row

_PLACE, _KEY = "update/place", "update/key"
_WORDS = (
    "管程序的人或上级给的文件夹（例如 \\\\服务器\\共享），或网址。不填就不检查；程序从不自己去看，也不发送任何内容。"
    "那里放着一个签名的小文件，写明有没有新版本、有没有新通知的规则文件。"
)


class UpdateDialog(QDialog):
    """Where to look for an update, and what there is."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.found: Update | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("检查更新")
        desk.fit(self, 600, 470)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(f"现在是第 {resources.VERSION} 版", "heading"))
        column.addWidget(label(_WORDS, "dim", wrap=True))
        self.place = QLineEdit(settings.text(_PLACE))
        self.place.setAccessibleName("到哪里看")
        self.place.setPlaceholderText("文件夹或网址")
        choose = button(desk.theme, "选文件夹…", "folder", "", "", self.choose)
        self.go = button(desk.theme, "检查", "refresh", "primary", "", self.check)
        self.go.setDefault(True)
        choose.setAutoDefault(False)
        line = row(self.place, choose, self.go)
        line.setStretch(0, 1)
        column.addLayout(line)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        frame, self.told = card((16, 12, 16, 12), 6)
        column.addWidget(frame, 1)
        self.frame = frame
        frame.hide()
        column.addStretch(1)
        close = button(desk.theme, "关闭", "", "", "", self.close)
        close.setAutoDefault(False)
        column.addLayout(row(None, close))
        self.place.setFocus()

    def choose(self) -> None:
        """Ask for a folder."""
        if chosen := QFileDialog.getExistingDirectory(self, "放更新文件的文件夹", self.place.text()):
            self.place.setText(chosen)

    def check(self) -> None:
        """Look at the place for the signed file."""
        place = self.place.text().strip()
        settings.keep(_PLACE, place)
        self.error.setText("" if place else "请先填文件夹或网址")
        self.frame.hide()
        if not place:
            return
        self.go.setEnabled(False)
        if place.lower().startswith(("https://", "http://")):
            fetching = Fetching(_address(place), LARGEST, self)
            fetching.came.connect(self._came)
            fetching.failed.connect(lambda words: self._refused(UserError(words)))
        else:
            path = Path(place)
            self._read(path if path.suffix.lower() == ".boai" else path / FILE)

    def _came(self, content: bytes) -> None:
        def work(store: Store) -> tuple[Update, bool, list[tuple[str, int]]]:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, FILE)
                path.write_bytes(content)
                return _looked_at(store, path)

        self.desk.jobs.read(work, self._show, self._refused)

    def _read(self, path: Path) -> None:
        self.desk.jobs.read(lambda store: _looked_at(store, path), self._show, self._refused)

    def _show(self, found: tuple[Update, bool, list[tuple[str, int]]]) -> None:
        self.found, known, rules = found
        update, theme = self.found, self.desk.theme
        self.go.setEnabled(True)
        clear(self.told)
        head = f"有新版本：第 {update.version} 版（{update.issued_on}）" if update.is_newer else "已经是最新版本"
        self.told.addWidget(label(head, "heading"))
        if update.note:
            self.told.addWidget(label(update.note, "", wrap=True, selectable=True))
        for name, count in rules:
            self.told.addWidget(label(f"规则文件：{name}，{count} 条", "dim", wrap=True))
        told = "签名的钥匙是认定的那一把" if known else "第一次见到这把签名的钥匙，请打电话核对指纹，一致了再往下办："
        self.told.addWidget(label(f"{update.office}　{told}", "hint" if known else "warned", wrap=True))
        self.told.addWidget(label(update.mark, "hint" if known else "strong", wrap=True, selectable=True))
        line = row(None)
        if not known:
            line.addWidget(button(theme, "核对过，以后只认它", "tick", "primary", "", self.trust))
        else:
            if rules:
                line.addWidget(button(theme, "添加规则", "add", "", "写进台账，历史里有记录", self.take_rules))
            if update.is_newer and update.installer:
                line.addWidget(button(theme, "打开安装文件所在的位置", "folder", "primary", "", self.show_installer))
        self.told.addLayout(line)
        self.frame.show()

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.error.setText(str(error))

    def trust(self) -> None:
        """Take files under this key alone from now on."""
        assert self.found is not None
        settings.keep(_KEY, self.found.key)
        self.check()

    def take_rules(self) -> None:
        """Add the rule files to the ledger."""
        update = self.found
        assert update is not None

        def done(count: int) -> None:
            self.desk.say(f"已添加规则 {count} 条")
            self.close()

        self.desk.jobs.change(lambda store: updates.take_rules(store, update), done, self._refused)

    def show_installer(self) -> None:
        """Show the installer in its folder, once it is the one that was signed; of an address, its page."""
        place, update = self.place.text().strip(), self.found
        assert update is not None
        if place.lower().startswith(("https://", "http://")):
            self.desk.open_address(_address(place).resolved(QUrl(".")))
            return
        path = Path(place)
        folder = path.parent if path.suffix.lower() == ".boai" else path
        self.desk.jobs.read(
            lambda store: updates.installer_of(update, folder).parent, self.desk.open_file, self._refused
        )


def _address(place: str) -> QUrl:
    return QUrl(place if place.lower().endswith(".boai") else f"{place.rstrip('/')}/{FILE}")


def _looked_at(store: Store, path: Path) -> tuple[Update, bool, list[tuple[str, int]]]:
    update = updates.read_update(path)
    return update, updates.is_known(store, update, settings.text(_KEY)), updates.clauses_in(store, update)
