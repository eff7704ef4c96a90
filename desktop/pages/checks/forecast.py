"""What turns red next: the clauses whose verdict changes until the quarter's end if nothing is entered."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from db.quarters import Quarter
from db.records.statuses import STATUSES
from db.tasks.assessments import Change
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, clear, label, row, rule, scrolled, tag


class ForecastDialog(QDialog):
    """A list of changes by day, each with the verdict now, the verdict then, and why."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("到季末会变的条款")
        self.resize(desk.theme.px(620), desk.theme.px(440))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        end = Quarter.of(desk.as_of).end
        over = f"{Quarter.of(desk.as_of).label}已经结束，判定不再随日子变化。"
        words = f"从 {desk.as_of} 到 {end}，如果不再录入：" if desk.as_of < end else over
        column.addWidget(label(words, "heading", wrap=True))
        area, self.list = scrolled("会变的条款")
        column.addWidget(area, 1)
        self.list.addWidget(label("正在推算…", "dim"))
        close = button(desk.theme, "知道了", "", "primary", "", self.accept)
        column.addLayout(row(None, close))
        if desk.as_of >= end:
            clear(self.list)
            self.list.addWidget(
                label("改了数据以后，判定会重新算；要看本季度会变的，在右上角选本季度。", "dim", wrap=True)
            )
            self.list.addStretch(1)
            self.resize(desk.theme.px(460), desk.theme.px(170))
            return
        desk.jobs.read(self._work, self._show, self._cannot)

    def _work(self, store: object) -> list[Change]:
        from db.storage.store import Store
        from db.tasks.assessments import forecast

        assert isinstance(store, Store)
        return forecast(store, self.desk.as_of)

    def _cannot(self, error: Exception) -> None:
        clear(self.list)
        self.list.addWidget(label(str(error), "error", wrap=True))

    def _show(self, changes: list[Change]) -> None:
        clear(self.list)
        if not changes:
            self.list.addWidget(label("没有条款会变。", "dim"))
        for change in changes:
            line = QHBoxLayout()
            line.addWidget(
                tag(self.desk.theme, change.then.proposed or change.then.status), 0, Qt.AlignmentFlag.AlignTop
            )
            line.addWidget(label(f"{change.day} 起　{change.clause.title}", "strong", wrap=True), 1)
            self.list.addLayout(line)
            now = STATUSES[change.now.proposed or change.now.status]
            words = f"现在{'建议' if change.now.proposed else '是'}“{now}”。{change.then.message}（{change.clause.citation}）"
            self.list.addWidget(label(words, "hint", wrap=True))
            self.list.addWidget(rule())
        self.list.addStretch(1)
