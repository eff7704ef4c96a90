"""迎检包 in the window: for which period, with whole numbers or not, and where the folder lies once it is made."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QVBoxLayout

from db.quarters import Quarter
from db.storage.store import Store
from desktop.records.upward import reports_folder
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import button, label, row

if TYPE_CHECKING:
    from desktop.services.inspection import Made

_NAMED = 5  # lost files that are named one by one


class InspectionDialog(DraftDialog):
    """Asks what goes in, makes it, and says where it is."""

    def __init__(self, desk: Desk, quarter: Quarter) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.made: Made | None = None
        self.setWindowTitle("迎检包")
        self.setMinimumWidth(desk.theme.px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        column.addWidget(label("迎检包", "heading"))
        words = "每条要求一个文件夹：背后的记录列成 PDF，佐证材料照原样放好，编号与佐证材料目录相同。先打开里面的“00 目录”。"
        column.addWidget(label(words, "dim", wrap=True))
        self.choices = QButtonGroup(self)
        self.periods = quarter.around
        for n, period in enumerate(self.periods):
            choice = QRadioButton(period.label)
            choice.setChecked(n == 0)
            choice.setEnabled(period.start <= desk.today)
            self.choices.addButton(choice, n)
            column.addWidget(choice)
        self.zip = QCheckBox("再做一个压缩包，方便发送")
        self.whole = QCheckBox("清单里用完整的证件号码和电话")
        self.why = QLineEdit()
        self.why.setPlaceholderText("原因，如：巡察组要求核对证件")
        self.why.setAccessibleName("用完整号码的原因")
        for widget in (self.zip, self.whole, self.why):
            column.addWidget(widget)
        column.addWidget(
            label("佐证材料照原样复制，里面可能有个人信息，交出前请看一遍。这次导出会记入历史。", "hint", wrap=True)
        )
        self.place = label(f"保存到：{reports_folder(desk).name}", "hint")
        self.place.setToolTip(str(reports_folder(desk)))
        self.told = label("", wrap=True, selectable=True)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.place)
        column.addWidget(self.told)
        column.addWidget(self.error)
        self.stop = button(desk.theme, "取消", "", "", "", self._stop)
        self.stop.setAutoDefault(False)
        self.show_button = button(desk.theme, "打开文件夹", "folder", "primary", "", self._open)
        self.show_button.hide()
        self.go = button(desk.theme, "生成", "folder", "primary", "", self.make)
        self.go.setDefault(True)
        column.addLayout(row(None, self.stop, self.go, self.show_button))
        self.whole.toggled.connect(lambda _: self._tell())
        self.why.textChanged.connect(lambda _: self._tell())
        desk.jobs.progressed.connect(self._count)
        self._busy = False
        self._tell()

    def _tell(self) -> None:
        self.why.setEnabled(self.whole.isChecked())
        self.go.setEnabled(not self._busy and (not self.whole.isChecked() or bool(self.why.text().strip())))

    def make(self) -> None:
        """Make the folder below the reports' folder."""
        period, folder, today = self.periods[self.choices.checkedId()], reports_folder(self.desk), self.desk.today
        masked, reason, packed = not self.whole.isChecked(), self.why.text(), self.zip.isChecked()
        report = self.desk.jobs.report

        def work(store: Store) -> "Made":
            from desktop.services.inspection import write_inspection  # late: it brings what writes papers

            return write_inspection(
                store, period, folder, today, reason=reason, masked=masked, packed=packed, progress=report
            )

        self.error.setText("")
        self.told.setText("正在整理…")
        self._busy = True
        self._tell()
        self.desk.jobs.change(work, self._finished, self._refused)

    def _count(self, done: int, total: int) -> None:
        if self._busy:
            self.told.setText(f"正在整理：{done:,} / {total:,}")

    def _finished(self, made: "Made") -> None:
        self._busy, self.made = False, made
        lines = [f"已保存：{made.folder.name}"]
        lines += [f"压缩包：{made.packed.name}"] if made.packed else []
        lost = "、".join(made.lost[:_NAMED]) + ("等" if len(made.lost) > _NAMED else "")
        lines += [f"有 {len(made.lost)} 份文件缺失，目录里已标明：{lost}"] if made.lost else []
        self.told.setText("\n".join(lines))
        QTimer.singleShot(0, self, self._fit)
        self.go.hide()
        self.show_button.show()
        self.show_button.setFocus()
        self.stop.setText("关闭")
        self.desk.say(f"已保存：{made.folder.name}")

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self.told.setText("")
        self.error.setText(str(error))
        self._tell()
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Be high enough for what is said, in as many lines as it takes."""
        if (whole := self.layout()) is not None:
            self.resize(self.width(), max(self.height(), whole.totalHeightForWidth(self.width())))

    def _stop(self) -> None:
        """Stop the work that runs; else close."""
        if self._busy:
            self.told.setText("正在停下来…")
            self.desk.jobs.cancel()
        else:
            self.give_up()

    def reject(self) -> None:
        """Close; while it is being made, stop that first."""
        if self._busy:
            self._stop()
        else:
            super().reject()

    def _open(self) -> None:
        if self.made is not None:
            folder: Path = self.made.folder
            self.desk.open_file(folder)
