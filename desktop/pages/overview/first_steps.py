"""The first minutes of an empty ledger: what to do one after the other, each a button away, ticked once it is done."""

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from db.records.entities import INSURANCE_POLICY, MEMBERSHIP, TEAM
from db.storage.store import Store
from desktop.services import settings
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, card, label, row, rule

_STEPS = (
    ("office", "本会情况", "上级红十字会、区划代码、联系人：报告的抬头和体检要用", "去填写"),
    ("team", "第一支队伍", "名称、主管单位、主要领域、成立日期、队长，五项就够，其余以后再补", "新增队伍"),
    ("membership", "队员", "从 Excel 复制多行粘贴进队伍，或一次导入花名册；错的行不会进来", "新增队员"),
    ("insurance_policy", "保险", "登记保单，勾选被保险的人", "登记保险"),
    ("check", "第一次体检", "前面几步做完，工作台就按通知逐条体检，告诉您还差什么", "看体检"),
)
_HIDDEN = "first_steps_hidden"  # a person does not want to be led


def steps_taken(store: Store) -> dict[str, bool]:
    """Return for each step but the last whether it is done; runs where the store is."""
    office = store.office()
    return {
        "office": len(office.keys() - {"name", "level"}) >= 2,
        **{e.name: store.count(e) > 0 for e in (TEAM, MEMBERSHIP, INSURANCE_POLICY)},
    }


def is_led(taken: Mapping[str, bool]) -> bool:
    """Whether the steps are shown: until team, members and insurance are there, or a person has had enough."""
    return not all(done for step, done in taken.items() if step != "office") and not settings.is_on(_HIDDEN, False)


class FirstSteps(QFrame):
    """A card with the steps; the first one that is not done has the main button."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("plain")
        self.desk, self.theme = desk, desk.theme
        self.taken: dict[str, bool] = {}
        self.go_buttons: dict[str, QWidget] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.hide()
        self.theme.changed.connect(self._renew)

    def _renew(self) -> None:
        """Make it anew at the size of everything."""
        taken, self.taken = self.taken, {}
        if taken:
            self.show_steps(taken)

    def show_steps(self, taken: Mapping[str, bool]) -> None:
        """Show how far it went."""
        self.setVisible(is_led(taken))
        if self.isHidden() or self.taken == dict(taken):
            return
        self.taken = dict(taken)
        while (item := self.column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        frame, inside = card((20, 14, 20, 14), 6)
        bring = button(
            self.theme, "有花名册？从 Excel 一次导入", "import", "link", "", lambda: self.desk.show_page("import")
        )
        leave = button(self.theme, "不再显示", "", "link", "自己来，不要引导", self._leave)
        inside.addLayout(row(label("从这里开始", "heading"), label("五步，顺序可以换", "hint"), None, bring, leave))
        now = next((key for key, *_ in _STEPS if not taken.get(key, False)), "check")
        self.go_buttons = {}
        for number, (key, title, words, verb) in enumerate(_STEPS, 1):
            inside.addWidget(rule())
            inside.addLayout(self._line(number, key, title, words, verb, key == now))
        self.column.addWidget(frame)

    def _line(self, number: int, key: str, title: str, words: str, verb: str, is_now: bool) -> QVBoxLayout:
        done = self.taken.get(key, False)
        mark = label("✓" if done else str(number), "strong")
        mark.setProperty("tone", "good" if done else "info" if is_now else "calm")
        mark.setFixedWidth(self.theme.px(30))
        name = label(title, "strong")
        name.setFixedWidth(self.theme.px(96))
        go = button(
            self.theme, "已完成，再看看" if done else verb, "", "primary" if is_now else "" if not done else "link"
        )
        go.setAccessibleName(f"{go.text()}：{title}")
        go.setMinimumWidth(self.theme.px(110))
        go.clicked.connect(lambda _=False, key=key: self._go(key))
        self.go_buttons[key] = go
        line = row(mark, name, spacing=12)
        line.addWidget(label(words, "dim", wrap=True), 1)
        line.addWidget(go)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 6, 0, 6)
        whole.addLayout(line)
        return whole

    def _go(self, key: str) -> None:
        desk = self.desk
        if key == "team" and not self.taken["team"]:
            desk.add_record("team")
        elif key == "membership":  # the team is where they are pasted
            desk.show_page("team")
        elif key == "insurance_policy":
            desk.show_page("insurance")
        elif key == "check":
            desk.show_page("findings")
        else:
            desk.open_records(key)

    def _leave(self) -> None:
        settings.keep(_HIDDEN, True)
        self.hide()
