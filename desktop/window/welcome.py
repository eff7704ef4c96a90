"""After a new ledger is made: the people, the notices that apply, and the data. Three steps, each can be skipped."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from db.errors import UserError
from db.records.entities import OFFICE
from db.records.fields import Row
from db.records.internal_entities import STAFF
from db.records.kinds import Choice
from db.storage.store import Store
from desktop.services.notices import CHOOSE, add_notice, notices
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, clear, label, row, rule

_STEPS = ("人员", "适用的文件", "放进数据")


class Welcome(QDialog):
    """Asks what a new ledger needs; `start` is the page to begin with afterwards."""

    def __init__(self, theme: Theme, store: Store) -> None:
        super().__init__()
        self.theme, self.store, self.start, self.demo = theme, store, "overview", False
        self.setWindowTitle("博爱台账")
        self.setMinimumSize(theme.px(560), theme.px(430))
        column = QVBoxLayout(self)
        column.setContentsMargins(26, 20, 26, 18)
        column.setSpacing(10)
        self.head, self.steps = label("", "title"), [label(words) for words in _STEPS]
        line = row(self.steps[0], spacing=12)
        for made in self.steps[1:]:
            line.addWidget(label("›", "step"))
            line.addWidget(made)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.head)
        self.stack = QStackedWidget()
        for step in (self._people(), self._notices(), self._data()):
            self.stack.addWidget(step)
        column.addWidget(self.stack, 1)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        column.addWidget(rule())
        self.skip_button = button(theme, "跳过", "", "", "以后可以在设置里填", self.skip)
        self.back_button = button(theme, "上一步", "", "", "", lambda: self._show(self.stack.currentIndex() - 1))
        self.back_button.setAutoDefault(False)
        self.next_button = button(theme, "下一步", "go", "primary", "", self.forward)
        self.next_button.setDefault(True)
        self.skip_button.setAutoDefault(False)
        column.addLayout(
            row(
                label("每一步都可以跳过，以后在设置里改", "hint"),
                None,
                self.back_button,
                self.skip_button,
                self.next_button,
            )
        )
        self._show(0)

    def _show(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.error.setText("")
        self.head.setText(("谁来填报和审核", "适用的文件", "把数据放进来")[place])
        for i, made in enumerate(self.steps):
            made.setProperty("role", "stepnow" if i == place else "step")
            made.style().unpolish(made)
            made.style().polish(made)
        self.back_button.setVisible(place > 0)
        last = place == len(_STEPS) - 1
        self.next_button.setVisible(not last)
        self.skip_button.setText("以后再说" if last else "跳过")
        self.skip_button.setAccessibleName(self.skip_button.text())

    # Steps

    def _people(self) -> QWidget:
        kind = STAFF["role"].kind
        assert isinstance(kind, Choice)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.addWidget(
            label("季度报告和审核时从这里选名字，不用每次打字。几个人写一行，用顿号隔开。", "dim", wrap=True),
            0,
            0,
            1,
            2,
        )
        self.names: dict[str, QLineEdit] = {}
        for i, (role, text) in enumerate(kind.options):
            line = QLineEdit()
            line.setAccessibleName(text)
            head = label(text)
            head.setBuddy(line)
            grid.addWidget(head, i + 1, 0)
            grid.addWidget(line, i + 1, 1)
            self.names[role] = line
        self.facts: dict[str, QLineEdit] = {}
        for i, (item, text) in enumerate((("parent_org", "上级红十字会"), ("division_code", "行政区划代码"))):
            line = QLineEdit()
            line.setAccessibleName(text)
            head = label(text)
            head.setBuddy(line)
            grid.addWidget(head, i + 5, 0)
            grid.addWidget(line, i + 5, 1)
            self.facts[item] = line
        grid.setRowStretch(8, 1)
        grid.setColumnStretch(1, 1)
        return page

    def _notices(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        words = "台账按这些文件逐条体检。本省、本市、本县的通知写成规则文件以后，可以在这里添加。"
        column.addWidget(label(words, "dim", wrap=True))
        self.listed = QVBoxLayout()
        self.listed.setSpacing(6)
        column.addLayout(self.listed)
        add = button(self.theme, "添加本地规则文件", "add", "link", "", self.add_notice)
        add.setAutoDefault(False)
        column.addLayout(row(add, None))
        column.addStretch(1)
        return page

    def _list_notices(self) -> None:
        clear(self.listed)
        for line in notices(self.store):
            self.listed.addWidget(label(f"· {line}", wrap=True))

    def _data(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        words = "有现成的花名册就从 Excel 导入：先检查，错的行不会进来，导错了一步撤销。"
        column.addWidget(label(words, "dim", wrap=True))
        for text, icon, kind, page_key, tip in (
            ("从 Excel、WPS 导入", "import", "primary", "import", ""),
            ("手工新增第一支队伍", "add", "", "team", ""),
            ("先看看演示数据", "eye", "", "demo", "另外打开一个虚构单位的台账，不影响自己的"),
        ):
            made = button(self.theme, text, icon, kind, tip)
            made.clicked.connect(lambda _=False, key=page_key: self.begin(key))
            made.setMinimumWidth(self.theme.px(240))
            column.addLayout(row(made, None))
        column.addStretch(1)
        return page

    # Going on

    def forward(self) -> None:
        """Keep what was filled in and go to the next step."""
        try:
            if self.stack.currentIndex() == 0:
                self._keep_people()
        except UserError as error:
            self.error.setText(str(error))
            return
        self.skip()

    def skip(self) -> None:
        """Go to the next step; from the last one, to the program."""
        place = self.stack.currentIndex() + 1
        if place == len(_STEPS):
            self.accept()
            return
        if place == 1:
            self._list_notices()
        self._show(place)

    def begin(self, key: str) -> None:
        """Close, and begin with a page, or with the example."""
        self.demo = key == "demo"
        self.start = "overview" if self.demo else key
        self.accept()

    def _keep_people(self) -> None:
        known = {row["item"]: row["id"] for row in self.store.rows(OFFICE)}
        there = {(row["name"], row["role"]) for row in self.store.rows(STAFF)}  # from the first time, if we came back
        with self.store.operation("填写经办人员"):
            for role, line in self.names.items():
                for name in dict.fromkeys(line.text().replace("，", "、").replace(" ", "、").split("、")):
                    if name.strip() and (name.strip(), role) not in there:
                        self.store.save(STAFF, {"name": name.strip(), "role": role, "note": None})
            for item, line in self.facts.items():
                if text := line.text().strip():
                    values: Row = {"item": item, "content": text}
                    self.store.save(OFFICE, values | ({"id": known[item]} if item in known else {}))

    def add_notice(self) -> None:
        """Take in a local register file; a wrong one is refused in words."""
        chosen, _ = QFileDialog.getOpenFileName(self, "添加本地规则文件", "", CHOOSE)
        if not chosen:
            return
        try:
            add_notice(self.store, Path(chosen))
        except UserError as error:
            self.error.setText(str(error))
            return
        self._list_notices()
