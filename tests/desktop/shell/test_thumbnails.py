"""Small pictures of kept files: vouchers are seen, not only named."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QDesktopServices, QImage, QPixmap
from PySide6.QtTest import QTest

from db.records.internal_entities import FUND_VOUCHER
from db.storage.store import Store
from db.tasks import teams
from desktop.pages.money.funding_ledger import VoucherDialog
from desktop.shell import thumbnails
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle

PHOTO, PAPER, BROKEN = "发票.jpg", "收据.pdf", "坏了.png"


def picture(wide: int, high: int, kind: str, colour: str = "#c02020") -> bytes:
    """An invented picture of one colour."""
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)
    return bytes(buffer.data().data())


@pytest.mark.parametrize("kind", ["JPG", "PNG"])
def test_a_picture_is_read_at_the_size_it_is_shown_at(kind: str) -> None:
    """It keeps its shape within the box, a small one keeps its size, and what is no picture gives none."""
    box = QSize(44, 40)
    assert thumbnails.small(picture(2000, 1000, kind), box).size() == QSize(44, 22)
    assert thumbnails.small(picture(600, 1200, kind), box).size() == QSize(20, 40)
    assert thumbnails.small(picture(12, 10, kind), box).size() == QSize(12, 10)
    assert thumbnails.small(b"no picture", box).isNull()


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?>\n", b"  \n", b"<!-- \x89PNG -->"])
def test_a_drawing_under_a_pictures_name_opens_no_file(head: bytes, tmp_path: Path) -> None:
    """Qt reads it with whatever plugin knows it, and that one opens what it names: a file, or a share of somebody's."""
    secret = tmp_path / "别处.png"
    secret.write_bytes(picture(10, 10, "PNG"))
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20">'
        f'<image xlink:href="{secret}" width="20" height="20"/></svg>'
    ).encode()
    assert thumbnails.small(head + drawing, QSize(44, 40)).isNull()


def test_what_is_made_a_picture_of() -> None:
    """Usual pictures, unless they are of a size that no camera makes."""
    assert thumbnails.is_picture("IMG_01.JPG", 5_000_000)
    assert not thumbnails.is_picture("IMG_01.JPG", 50_000_000)
    assert not thumbnails.is_picture("发票.pdf", 1000)


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Attachments need a ledger on disk: the window's store is made there."""
    monkeypatch.setattr(Store, "memory", staticmethod(lambda: Store.create(tmp_path / "台账.boai-db")[0]))
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    return tmp_path


def test_vouchers_show_what_they_are(
    on_disk: Path, window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo is shown small, a paper and a broken file by an icon; a click on the picture opens a copy."""
    files = {PHOTO: picture(1600, 1200, "JPG"), PAPER: b"%PDF-1.4 invented", BROKEN: b"invented"}
    for name, content in files.items():
        (on_disk / name).write_bytes(content)
    paths, day = [on_disk / name for name in files], dt.date(2026, 9, 1)
    window.jobs.write("测试", lambda store: teams.add_files(store, FUND_VOUCHER, 1, paths, day))
    settle()
    dialog = VoucherDialog(window.desk, 1, "测试")
    dialog.show()
    settle()
    panel = dialog.files
    shown = {line.texts[0]: line.picture for line in panel.model.lines}
    assert isinstance(shown[PHOTO], QPixmap)
    assert shown[PHOTO].toImage().pixelColor(5, 5).red() > 150
    assert (shown[PAPER], shown[BROKEN]) == ("note", "note")
    drawn = panel.view.grab().toImage()
    place = panel.view.visualRect(panel.model.index([line.texts[0] for line in panel.model.lines].index(PHOTO), 0))
    middle = place.topLeft() + QPoint(window.theme.px(32), place.height() // 2)
    on_view = panel.view.viewport().mapTo(panel.view, middle)
    assert drawn.pixelColor(on_view).red() > 150 > drawn.pixelColor(on_view).green()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile()).name))
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    settle()
    assert opened == [PHOTO]
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=middle + QPoint(window.theme.px(90), 0))
    settle()
    assert opened == [PHOTO]  # beside it the row is chosen, nothing more
    dialog.close()
