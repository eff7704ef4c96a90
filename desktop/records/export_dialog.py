"""Before an export: whether whole numbers go out, and what for."""

import datetime as dt
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from db.records.fields import Entity
from db.records.kinds import Ref
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row
from forms.output import safe_name


class ExportDialog(QDialog):
    """Asks whether whole numbers go out, and why."""

    def __init__(self, parent: QWidget, entity: Entity, theme: Theme) -> None:
        super().__init__(parent)
        self.label = entity.label
        self.setWindowTitle("导出为 Excel")
        self.setMinimumWidth(400)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(label(f"导出全部“{entity.label}”，列与导入模板相同。", wrap=True))
        self.whole = QCheckBox("包含完整的证件号码和电话")
        self.why = QLineEdit()
        self.why.setPlaceholderText("用途，如：报送市红十字会办理保险")
        self.why.setAccessibleName("导出完整号码的用途")
        self.note = label("完整号码的导出会记入历史。用完请妥善保管或删除文件。", "hint", wrap=True)
        personal = any(f.masked for f in entity.fields) or any(
            isinstance(f.kind, Ref) and len(f.kind.columns) > 1 for f in entity.fields
        )
        for widget in (self.whole, self.why, self.note):
            layout.addWidget(widget)
            widget.setVisible(personal)
        go = button(theme, "导出", "export", "primary", "", self.accept)
        go.setDefault(True)
        layout.addLayout(row(None, button(theme, "取消", "", "", "", self.reject), go))

        def tell() -> None:
            self.why.setEnabled(self.whole.isChecked())
            go.setEnabled(not self.whole.isChecked() or bool(self.why.text().strip()))

        self.whole.toggled.connect(lambda _: tell())
        self.why.textChanged.connect(lambda _: tell())
        tell()

    def masked(self) -> bool:
        """Tell whether numbers are to be masked."""
        return not self.whole.isChecked()

    def reason(self) -> str:
        """Return what the whole numbers are for."""
        return self.why.text().strip() if self.whole.isChecked() else ""

    def ask(self, folder: Path, today: dt.date) -> Path | None:
        """Ask what to write, then where; None where a person gives up."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        place = folder / safe_name(f"{self.label}_{today:%Y%m%d}.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self.parentWidget(), "导出为 Excel", str(place), "Excel 工作簿 (*.xlsx)"
        )
        return Path(chosen) if chosen else None
