"""A locked window: after ten minutes without a key or the mouse, by a button, and when Windows locks its session.

What is locked shows nothing and holds no rows: pages are taken down and made anew after the password. Only what a
person typed and did not save stays, out of sight, so that nothing is lost.
"""

import sys

import shiboken6
from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from db.errors import UserError
from db.storage.store import Store
from db.tasks import operators
from desktop.services import access, settings
from desktop.shell.clipboard import secret_clipboard
from desktop.shell.desk import Desk
from desktop.shell.theme import Theme
from desktop.shell.widgets import SecretLine, button, label, row

_SIGNS = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
}  # fmt: skip
_WINDOWS = {
    Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet, Qt.WindowType.Drawer, Qt.WindowType.Tool,
}  # fmt: skip


def minutes() -> int:
    """Return after how many minutes without a sign of a person the window locks; 0: never."""
    return settings.number("lock_minutes", access.LOCK_MINUTES, 0, 240)


class Watch(QObject):
    """Says when nobody has touched keys or mouse for as long as the person allows, and when the session is locked."""

    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.left)
        # Signs of a person come through the windows; what an input method composes shows in its cursor. A filter of
        # the whole application would be asked for every event of every widget, tens of thousands a second.
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusWindowChanged.connect(self.look_at)
        QGuiApplication.inputMethod().cursorRectangleChanged.connect(self.begin_again)
        self._session = _Session(self) if sys.platform == "win32" else None
        self.begin()

    def look_at(self, window: QWindow | None) -> None:
        """Look for signs of a person in a window too: the main one, and each that gets the keys."""
        if window is not None:
            window.installEventFilter(self)
            self.begin_again()

    def hear_of_session(self, window: QWidget) -> None:
        """Follow the lock of the system's session too, where the system tells of it."""
        self.look_at(window.windowHandle())
        if self._session is not None:
            self._session.register(window)

    def begin(self) -> None:
        """Count from now on, by what the settings say."""
        if minutes():
            self._clock.start(minutes() * 60_000)
        else:
            self._clock.stop()

    def stop(self) -> None:
        """Look no more: the window is closed, and must not cost anything of each event of another one."""
        self._clock.stop()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.disconnect(self.look_at)
            QGuiApplication.inputMethod().cursorRectangleChanged.disconnect(self.begin_again)
            for window in QGuiApplication.allWindows():
                window.removeEventFilter(self)

    def begin_again(self) -> None:
        """Count anew, by what the settings say by now; a look at them is left out while it makes no difference."""
        if self._clock.isActive() and self._clock.interval() - self._clock.remainingTime() < 1000:
            return
        self.begin()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count anew at each sign of a person; everything goes its way."""
        if event.type() in _SIGNS:
            self.begin_again()
        return False


class _Session(QAbstractNativeEventFilter):  # pragma: no cover (Windows only)
    """Hears of Windows' own lock (Win+L, or a screen saver that asks for a password)."""

    CHANGED, LOCKED = 0x02B1, 0x7  # WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch
        self._registered = 0
        app = QApplication.instance()
        assert app is not None
        app.installNativeEventFilter(self)

    def register(self, window: QWidget) -> None:
        """Let Windows tell this window."""
        import ctypes

        self._registered = int(window.winId())
        ctypes.windll.wtsapi32.WTSRegisterSessionNotification(self._registered, 0)  # type: ignore[attr-defined]

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        """Look at every message of the system for the one that matters."""
        import ctypes.wintypes

        if QByteArray(kind) == QByteArray(b"windows_generic_MSG"):
            found = ctypes.wintypes.MSG.from_address(int(message))
            if found.message == self.CHANGED and found.wParam == self.LOCKED:
                self._watch.left.emit()
        return False, 0


class LockPage(QWidget):
    """All that a locked window shows: what to type, and what was wrong with it."""

    tried = Signal(str, bool)  # what was typed, and whether it is the recovery code

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.theme = theme
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        inside = QWidget()
        inside.setObjectName("plain")
        inside.setFixedWidth(theme.px(360))
        column = QVBoxLayout(inside)
        column.setSpacing(8)
        mark = label()
        mark.setPixmap(theme.pixmap("mark", "text", theme.px(40), self.devicePixelRatioF()))
        column.addLayout(row(mark, label("博爱台账已锁定", "title"), None, spacing=12))
        self.words = label("输入密码后接着用。没有保存的内容还留着。", "dim", wrap=True)
        column.addWidget(self.words)
        self.secret = SecretLine()
        self.secret.setAccessibleName("密码")
        self.secret.returnPressed.connect(self._try)
        column.addWidget(self.secret)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.by_code = button(theme, "忘记密码，用恢复码", "", "link", "", self._turn)
        self.go = button(theme, "解锁", "lock", "primary", "", self._try)
        column.addLayout(row(self.by_code, None, self.go))
        outer.addWidget(inside, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        self._code = False
        self.setFocusProxy(self.secret)

    def _turn(self) -> None:
        self._code = not self._code
        self.secret.clear()
        self.secret.setEchoMode(QLineEdit.EchoMode.Normal if self._code else QLineEdit.EchoMode.Password)
        asked = "恢复码" if self._code else "密码"
        self.secret.setAccessibleName(asked)
        self.words.setText(f"输入{asked}后接着用。没有保存的内容还留着。")
        self.error.clear()  # it spoke of the other one
        self.secret.setPlaceholderText("8 组，每组 5 个字符" if self._code else "")
        self.by_code.setText("用密码" if self._code else "忘记密码，用恢复码")
        self.secret.setFocus()

    def _try(self) -> None:
        typed = self.secret.text()
        self.secret.clear()  # it must not stay in a hidden field
        self.tried.emit(typed, self._code)

    def refuse(self, reason: str) -> None:
        """Say why it stays locked."""
        self.error.setText(reason)
        self.secret.setFocus()


class Locker(QObject):
    """Locks the window of a ledger that has a password, and opens it again where it was."""

    locked = Signal()  # whoever holds rows takes them down
    unlocked = Signal()  # and may show them again

    def __init__(self, desk: Desk, place: QStackedWidget) -> None:
        super().__init__(desk)
        self.desk, self.place = desk, place
        self.page: LockPage | None = None
        self._hidden: list[QWidget] = []
        self._offered = False

    @property
    def is_locked(self) -> bool:
        """Whether the window shows nothing now."""
        return self.page is not None

    def leave(self) -> None:
        """Nobody is there any more: lock, or offer a password once where there is none."""
        self.desk.jobs.read(access.has_password, self._left)

    def _left(self, protected: bool) -> None:
        if protected:
            self._lock()
        elif not self._offered and self.desk.jobs.store_path is not None:
            self._offered = True
            self.desk.say("刚才有一阵没人操作。台账没有设密码，离开时锁不上；可以在“设置”里设一个密码")

    def lock(self) -> None:
        """Lock by the button; where there is no password, say how to get one."""
        self.desk.jobs.read(access.has_password, self._asked)

    def _asked(self, protected: bool) -> None:
        if protected:
            self._lock()
        else:
            self.desk.complain(
                UserError("这份台账没有设密码，锁定后谁都能再打开，所以没有锁定。请先在“设置”里设一个密码")
            )

    def _lock(self) -> None:
        if self.is_locked:
            return
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        own = self.place.window()
        self._hidden = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not own and w.isWindow()]
        for widget in self._hidden:  # not closed: what was typed in them stays
            widget.hide()
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)  # only while nothing goes on: it is asked for every event
        self.desk.need_for("")
        secret_clipboard().wipe()
        self.locked.emit()  # before anything is out of view: what is open shows what was not saved
        self.page = LockPage(self.desk.theme, self.place)
        self.page.tried.connect(self._try)
        self.place.addWidget(self.page)
        self.place.setCurrentWidget(self.page)
        own.setWindowTitle("博爱台账（已锁定）")
        self.page.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What work opens that ends behind the lock waits out of sight until it is unlocked."""
        if event.type() != QEvent.Type.Show or not isinstance(watched, QWidget) or not self.is_locked:
            return False
        if watched.windowType() in _WINDOWS and watched is not self.place.window():  # not a tip of the page's own
            watched.hide()
            self._hidden.append(watched)
        return False

    def _try(self, typed: str, is_code: bool) -> None:
        assert self.page is not None
        self.page.go.setEnabled(False)
        self.desk.jobs.read(lambda store: self._proved(store, typed, is_code), self._open, self._refuse)

    def _proved(self, store: Store, typed: str, is_code: bool) -> tuple[str, bool]:
        """Return whose own password was typed, and whether who worked before has one that was not."""
        name = operators.prove_any(store, typed, is_code)
        return name, not name and store.actor in operators.names(store)

    def _refuse(self, error: Exception) -> None:
        if self.page is not None:
            self.page.go.setEnabled(True)
            self.page.refuse(str(error))

    def _open(self, came: tuple[str, bool]) -> None:
        if self.page is None:
            return
        name, another = came
        if another or (name and name != self.desk.operator):
            self.desk.work_as(name)  # before anything is shown again
        page, self.page = self.page, None
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)
        self.place.removeWidget(page)
        page.deleteLater()
        self.unlocked.emit()
        for widget in self._hidden:
            if shiboken6.isValid(widget):
                widget.show()
        self._hidden = []
