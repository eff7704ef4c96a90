"""Fetching one small file from an address that a person typed: nothing is sent but the asking, nothing is kept."""

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

_WAIT_MS = 20_000


class Fetching(QObject):
    """Fetches a file; either `came` or `failed` is sent, once."""

    came = Signal(bytes)
    failed = Signal(str)  # why, in words

    def __init__(self, address: QUrl, largest: int, parent: QObject) -> None:
        super().__init__(parent)
        self._largest = largest
        self._net = QNetworkAccessManager(self)
        self._net.setTransferTimeout(_WAIT_MS)
        request = QNetworkRequest(address)
        request.setHeader(QNetworkRequest.KnownHeaders.UserAgentHeader, "boai")
        for attribute in (
            QNetworkRequest.Attribute.CookieLoadControlAttribute, QNetworkRequest.Attribute.CookieSaveControlAttribute,
            QNetworkRequest.Attribute.AuthenticationReuseAttribute,
        ):  # fmt: skip
            request.setAttribute(attribute, QNetworkRequest.LoadControl.Manual)
        self._reply = self._net.get(request)
        self._reply.downloadProgress.connect(self._watch)
        self._reply.finished.connect(self._end)

    def _watch(self, so_far: int, whole: int) -> None:
        if max(so_far, whole) > self._largest:
            self._reply.abort()

    def _end(self) -> None:
        content = bytes(self._reply.readAll().data())
        if self._reply.error() == QNetworkReply.NetworkError.NoError and len(content) <= self._largest:
            self.came.emit(content)
        else:
            self.failed.emit("从这个网址没有取到文件：网络不通、网址不对，或文件过大。没有改动任何数据，稍后可以再试")
        self._reply.deleteLater()
        self.deleteLater()
