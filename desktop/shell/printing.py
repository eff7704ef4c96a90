"""Onto paper: a finished PDF page by page, or a plain table; always black on white, whatever the theme."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageLayout, QPageSize, QPainter, QPen, QTransform
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from db.errors import UserError
from desktop.shell.theme import Theme, chinese_family

DPI = 300


class NoPrinter(UserError):
    """This computer has no printer."""


def chosen_printer(parent: QWidget, title: str, pages: int = 0) -> QPrinter | None:
    """Ask for a printer; None where the person gave up, `NoPrinter` where the computer has none."""
    from desktop.shell.print_dialog import PrintDialog

    if not QPrinterInfo.availablePrinterNames():
        raise NoPrinter("这台电脑还没有安装打印机。没有打印任何内容；可以先导出 PDF，拿到有打印机的电脑上打印")
    theme = getattr(parent, "theme", None)
    dialog = PrintDialog(parent, theme if isinstance(theme, Theme) else Theme(), title, pages)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(DPI)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setDocName(title)
    dialog.apply_to(printer)
    return printer


def open_pdf(content: bytes, parent: QWidget | None = None) -> tuple[QPdfDocument, QBuffer]:
    """Open a PDF from memory; keep both while it is used."""
    document = QPdfDocument(parent)  # type: ignore[arg-type]  # Qt takes none, its stub does not
    buffer = QBuffer(document)
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    return document, buffer


def page_image(document: QPdfDocument, number: int, dpi: int = DPI) -> QImage:
    """Return a page on white, upright on a portrait sheet: a landscape page is turned by a quarter."""
    points = document.pagePointSize(number)
    size = QSize(round(points.width() * dpi / 72), round(points.height() * dpi / 72))
    drawn = document.render(number, size)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)  # a rendered page has no background of its own
    painter = QPainter(image)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return image.transformed(QTransform().rotate(90)) if size.width() > size.height() else image


def print_pdf(parent: QWidget, content: bytes, title: str) -> bool:
    """Print a finished PDF; False where the person gave up."""
    document, _buffer = open_pdf(content, parent)
    printer = chosen_printer(parent, title, document.pageCount())
    if printer is not None:
        draw_pdf(printer, document)
    document.deleteLater()
    return printer is not None


def draw_pdf(printer: QPrinter, document: QPdfDocument) -> None:
    """Draw all pages, or those the person asked for."""
    first = max(1, printer.fromPage()) if printer.printRange() == QPrinter.PrintRange.PageRange else 1
    last = printer.toPage() if printer.printRange() == QPrinter.PrintRange.PageRange else document.pageCount()
    painter = _begun(printer)
    sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
    for number in range(first - 1, min(last, document.pageCount())):
        if number > first - 1:
            printer.newPage()
        image = page_image(document, number)
        scale = min(sheet.width() / image.width(), sheet.height() / image.height())
        painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
    painter.end()


def _begun(printer: QPrinter) -> QPainter:
    """Begin to draw; raises `UserError` where the printer does not answer."""
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError("打印机没有响应，没有打印任何内容。请检查它是否开机、是否连好，或换一台打印机再试")
    return painter


def print_table(
    parent: QWidget, title: str, headings: Sequence[str], widths: Sequence[int], numeric: Sequence[bool],
    lines: Sequence[Sequence[str]],
) -> bool:  # fmt: skip
    """Print a list as it is shown; False where the person gave up."""
    printer = chosen_printer(parent, title)
    if printer is None:
        return False
    if sum(widths) > 90:
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    printer.setPageMargins(QMarginsF(12, 12, 12, 12), QPageLayout.Unit.Millimeter)
    printer.setFullPage(False)
    draw_table(printer, title, headings, widths, numeric, lines)
    return True


def draw_table(
    printer: QPrinter, title: str, headings: Sequence[str], widths: Sequence[int], numeric: Sequence[bool],
    lines: Sequence[Sequence[str]],
) -> int:  # fmt: skip
    """Draw a list with its heading on every page; return how many pages it took."""
    painter = _begun(printer)
    font = QFont(chinese_family())
    font.setPointSizeF(9)
    head_font = QFont(font)
    head_font.setPointSizeF(14)
    metrics = QFontMetricsF(font, printer)
    page = QRectF(printer.pageRect(QPrinter.Unit.DevicePixel))
    page.moveTo(0, 0)
    high = metrics.height() * 1.7
    room = int((page.height() - high * 4) // high)
    share = page.width() / sum(widths)
    pages = max(1, -(-len(lines) // room))
    for number in range(pages):
        if number:
            printer.newPage()
        painter.setPen(QPen(QColor("black"), 1))
        painter.setFont(head_font)
        painter.drawText(QRectF(0, 0, page.width(), high * 1.6), int(Qt.AlignmentFlag.AlignCenter), title)
        painter.setFont(font)
        top = high * 1.8
        for k, line in enumerate((headings, *lines[number * room : (number + 1) * room])):
            left = 0.0
            for i, text in enumerate(line):
                cell = QRectF(left, top, widths[i] * share, high)
                painter.drawRect(cell)
                inner = cell.adjusted(metrics.averageCharWidth(), 0, -metrics.averageCharWidth(), 0)
                side = Qt.AlignmentFlag.AlignRight if numeric[i] and k else Qt.AlignmentFlag.AlignLeft
                shown = metrics.elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, inner.width())
                painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
                left += cell.width()
            top += high
        foot = QRectF(0, page.height() - high, page.width(), high)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), f"第 {number + 1} 页，共 {pages} 页")
    painter.end()
    return pages
