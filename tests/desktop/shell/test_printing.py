"""What goes onto paper is the same whatever the screen looks like."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPageSize
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from db.quarters import Quarter
from db.storage.store import Store
from desktop.shell import printing
from desktop.shell.theme import Theme
from tests.desktop.conftest import TODAY, fill

HEADINGS, WIDTHS, NUMERIC = ["姓名", "在保", "时长"], [20, 20, 20], [False, False, True]
LINES = [[f"张{n}", "在保", f"{n}.5"] for n in range(60)]


def _printer(path: Path) -> QPrinter:
    """A printer that writes a file, so that what it was given can be looked at."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(100)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    return printer


def _pictures(path: Path) -> list[QImage]:
    document = QPdfDocument()
    document.load(str(path))
    found = [printing.page_image(document, n, 60) for n in range(document.pageCount())]
    document.close()
    return found


def _bytes(images: list[QImage]) -> list[bytes]:
    return [bytes(image.constBits()) for image in images]


@pytest.fixture
def report(tmp_path: Path) -> bytes:
    """A quarter's report, made without a screen."""
    from desktop.services.reporting import write_report

    with Store.memory() as store:
        fill(store)
        (path,) = write_report(store, Quarter(2026, 3), tmp_path, TODAY, ("pdf",))
    return path.read_bytes()


def test_a_printed_report_is_the_same_in_both_themes(qapp: QApplication, tmp_path: Path, report: bytes) -> None:
    """Byte for byte, and mostly white."""
    found = []
    for dark in (False, True):
        Theme(dark=dark).apply()
        path = tmp_path / f"{dark}.pdf"
        document, buffer = printing.open_pdf(report)
        printing.draw_pdf(_printer(path), document)
        document.close()
        buffer.close()
        found.append(_pictures(path))
    Theme().apply()
    light, dark_ones = found
    assert len(light) == len(dark_ones) > 1
    assert _bytes(light) == _bytes(dark_ones)
    first = light[0]
    white = sum(
        first.pixelColor(x, y).lightness() > 240
        for x in range(0, first.width(), 4)
        for y in range(0, first.height(), 4)
    )
    assert white > 0.8 * (first.width() // 4) * (first.height() // 4)


def test_a_printed_list_is_the_same_in_both_themes(qapp: QApplication, tmp_path: Path) -> None:
    """Black on white, whatever the palette says."""
    found = []
    for dark in (False, True):
        Theme(dark=dark).apply()
        path = tmp_path / f"{dark}.pdf"
        assert printing.draw_table(_printer(path), "队员", HEADINGS, WIDTHS, NUMERIC, LINES) > 1
        found.append(_pictures(path))
    Theme().apply()
    assert _bytes(found[0]) == _bytes(found[1])
    page = found[0][0]
    darkest = min(page.pixelColor(x, y).lightness() for x in range(page.width()) for y in range(0, page.height(), 2))
    assert darkest < 60


def test_a_report_does_not_know_the_theme(qapp: QApplication, tmp_path: Path, report: bytes) -> None:
    """The file itself is the same byte for byte when it is made under the dark theme."""
    from desktop.services.reporting import write_report

    Theme(dark=True).apply()
    with Store.memory() as store:
        fill(store)
        (path,) = write_report(store, Quarter(2026, 3), tmp_path / "dark", TODAY, ("pdf",))
    Theme().apply()
    assert path.read_bytes() == report
