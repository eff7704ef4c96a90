"""Before printing: which printer, how many, which pages, one side or two."""

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row


def page_range(text: str, pages: int) -> tuple[int, int] | None:
    """Read ``3``, ``2-5`` or ``2-``; None for what names no pages of so many."""
    plain = text.strip().translate(str.maketrans("－—~～至", "-----")).replace(" ", "")
    first, dash, last = plain.partition("-")
    if not first.isdigit() or (last and not last.isdigit()):
        return None
    begin = int(first)
    end = int(last) if last else pages if dash else begin
    return (begin, end) if 1 <= begin <= end <= pages else None


class PrintDialog(QDialog):
    """Asks for what a printer needs to know; Enter prints."""

    def __init__(self, parent: QWidget, theme: Theme, title: str, pages: int) -> None:
        super().__init__(parent)
        self.pages = pages
        self.setWindowTitle("打印")
        self.setMinimumWidth(theme.px(400))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(label(title, "heading", wrap=True))
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        self.printer = QComboBox()
        self.printer.addItems(QPrinterInfo.availablePrinterNames())
        self.printer.setCurrentText(QPrinterInfo.defaultPrinterName())
        self.copies = QSpinBox()
        self.copies.lineEdit().setTextMargins(7, 0, 0, 0)
        self.copies.setRange(1, 99)
        self.copies.setFixedHeight(theme.px(32))
        self.range = QLineEdit()
        self.range.setPlaceholderText(f"全部 {pages} 页；也可以写 2-5" if pages else "全部")
        self.range.setEnabled(pages > 1)
        self.double = QCheckBox("双面打印（沿长边翻转）")
        for words, widget in (("打印机", self.printer), ("份数", self.copies), ("页码", self.range), ("", self.double)):
            widget.setAccessibleName(words or "双面打印")
            form.addRow(words, widget)
        layout.addLayout(form)
        layout.addWidget(label("横排的附表由程序转好方向，纸张一律竖放。", "hint", wrap=True))
        self.error = label("", "error", wrap=True)
        layout.addWidget(self.error)
        self.go = button(theme, "打印", "print", "primary", "", self.accept)
        self.go.setDefault(True)
        cancel = button(theme, "取消", "", "", "", self.reject)
        cancel.setAutoDefault(False)
        layout.addLayout(row(None, cancel, self.go))
        self.printer.currentTextChanged.connect(lambda _: self._offer())
        self._offer()
        self.go.setFocus()

    def _offer(self) -> None:
        """Offer two sides where the printer has them."""
        info = QPrinterInfo.printerInfo(self.printer.currentText())
        able = QPrinter.DuplexMode.DuplexLongSide in info.supportedDuplexModes()
        self.double.setEnabled(able)
        self.double.setChecked(able and self.pages > 1)
        self.double.setText("双面打印（沿长边翻转）" if able else "双面打印（这台打印机不支持）")

    def accept(self) -> None:
        """Print, unless the pages are none."""
        if self.range.text().strip() and page_range(self.range.text(), self.pages) is None:
            self.error.setText(f"页码应在 1 到 {self.pages} 之间，写成 3 或 2-5")
            self.range.setFocus()
            return
        super().accept()

    def apply_to(self, printer: QPrinter) -> None:
        """Hand the choices to a printer."""
        printer.setPrinterName(self.printer.currentText())
        printer.setCopyCount(self.copies.value())
        if self.double.isChecked():
            printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
        if found := page_range(self.range.text(), self.pages):
            printer.setPrintRange(QPrinter.PrintRange.PageRange)
            printer.setFromTo(*found)
