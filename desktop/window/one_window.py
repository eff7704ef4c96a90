"""One window for a ledger: a second start brings the first one forward instead of opening the file again.

What the second start was given to open (a double click on a file) is handed to the first: its path, in UTF-8.
"""

import getpass
import hashlib
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 700
_LONGEST = 32 << 10  # bytes; no path is longer on any system


def _name(path: Path) -> str:
    """The name under which the window of a ledger is called, by this account alone."""
    said = f"{getpass.getuser()}\n{str(path.resolve()).casefold()}"
    return f"boai-{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def call(path: Path, taking: Path | None = None) -> bool:
    """Ask the window in which this account has the ledger open to come forward, and to take a file; tell whether one answered."""
    if sys.platform == "win32":  # pragma: no cover (Windows only)
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # or Windows would only let its button blink
    socket = QLocalSocket()
    socket.connectToServer(_name(path))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(b"show" if taking is None else str(taking).encode("utf-8", "surrogateescape"))
    sent = socket.waitForBytesWritten(_WAIT_MS) or not socket.bytesToWrite()
    socket.disconnectFromServer()
    return sent


class Answering(QObject):
    """Answers the calls for the ledger of a window, from when it holds the ledger's lock."""

    called = Signal()
    handed = Signal(Path)  # a file that a second start was given

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(_name(path))  # what a killed program left; nobody else holds the lock
        self._server.newConnection.connect(self._answer)
        self._server.listen(_name(path))  # where it cannot, the second start reads only

    def _answer(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(lambda caller=caller: self._hear(caller))
            if caller.state() == QLocalSocket.LocalSocketState.UnconnectedState:  # it has hung up already
                self._hear(caller)

    def _hear(self, caller: QLocalSocket) -> None:
        said = bytes(caller.read(_LONGEST).data())
        caller.disconnected.disconnect()
        caller.deleteLater()
        self.called.emit()
        path = Path(said.decode("utf-8", "surrogateescape"))
        if path.is_absolute():
            self.handed.emit(path)
