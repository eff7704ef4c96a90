"""The clipboard for what is secret: there for a minute, out of the system's history, gone when the window locks."""

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

KEPT_SECONDS = 60
# Formats of Windows by which a program asks that a text stay out of the clipboard's history and its cloud.
_APART = (
    "ExcludeClipboardContentFromMonitorProcessing",
    "CanIncludeInClipboardHistory",
    "CanUploadToCloudClipboard",
)


class SecretClipboard(QObject):
    """What is secret goes to the clipboard for a minute only; it is taken away sooner by `wipe` (a lock, the end)."""

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self._held = ""
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(KEPT_SECONDS * 1000)
        self._clock.timeout.connect(self.wipe)
        app.aboutToQuit.connect(self.wipe)

    def put(self, text: str) -> None:
        """Put a secret on the clipboard."""
        held = QMimeData()
        held.setText(text)
        for name in _APART:
            held.setData(f'application/x-qt-windows-mime;value="{name}"', b"\0\0\0\0")
        QGuiApplication.clipboard().setMimeData(held)
        self._held = text
        self._clock.start()

    def wipe(self) -> None:
        """Take it away, if it is still there and nothing else was copied since."""
        self._clock.stop()
        if self._held and QGuiApplication.clipboard().text() == self._held:
            QGuiApplication.clipboard().clear()
        self._held = ""


def secret_clipboard() -> SecretClipboard:
    """Return the application's one."""
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    found = app.findChild(SecretClipboard)
    return found if found is not None else SecretClipboard(app)
