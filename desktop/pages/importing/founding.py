"""New teams that a roster names: founded in the same import, once somebody says what is needed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from db.records.entities import TEAM
from db.records.kinds import Choice, Date, Invalid
from desktop.services.founding import NEEDED
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row


class FoundingDialog(QDialog):
    """Asks once for all of them: who manages them, their domain, and since when they are there."""

    def __init__(self, parent: QWidget, theme: Theme, teams: Sequence[str], office: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("一并建立队伍")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        listed = "、".join(teams[:12]) + ("等" if len(teams) > 12 else "")
        column.addWidget(label(f"名单里有 {len(teams)} 支队伍台账里还没有：{listed}。", wrap=True))
        column.addWidget(label("下面的内容这几支队伍都一样；不一样的，导入后在“志愿队伍”里改。", "hint", wrap=True))
        self.managed = QLineEdit(office)
        self.domain = QComboBox()
        kind = TEAM["primary_domain"].kind
        assert isinstance(kind, Choice)
        self.domain.addItem("请选择", "")
        for _, words in kind.options:
            self.domain.addItem(words, words)
        self.since = QLineEdit()
        self.since.setPlaceholderText("例如 2020-01-01")
        grid = QGridLayout()
        for n, (heading, editor) in enumerate(zip(NEEDED, (self.managed, self.domain, self.since), strict=True)):
            editor.setAccessibleName(heading)
            grid.addWidget(label(heading, "dim"), n, 0)
            grid.addWidget(editor, n, 1)
        column.addLayout(grid)
        self.managed.textChanged.connect(lambda _: self._allow())
        self.since.textChanged.connect(lambda _: self._allow())
        self.domain.currentIndexChanged.connect(lambda _: self._allow())
        self.go = button(
            theme, f"建立 {len(teams)} 支队伍", "tick", "primary", "随这次导入一起写入，可以一并撤销", self.accept
        )
        column.addLayout(row(None, button(theme, "取消", "", "", "", self.reject), self.go))
        self._allow()

    def values(self) -> dict[str, str]:
        """Return what was said, by our heading."""
        return dict(
            zip(
                NEEDED,
                (self.managed.text().strip(), str(self.domain.currentData()), self.since.text().strip()),
                strict=True,
            )
        )

    def _allow(self) -> None:
        self.go.setEnabled(all(self.values().values()) and self._is_day())

    def _is_day(self) -> bool:
        try:
            Date().parse(self.since.text())
        except Invalid:
            return False
        return True
