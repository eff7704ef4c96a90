"""办理退出: the day, the reason, and what becomes of teams, posts and cover; and what is offered instead of deleting."""

import datetime as dt
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QVBoxLayout

from db.records.entities import BY_NAME, VOLUNTEER
from db.records.kinds import Invalid
from db.storage.store import Store
from db.tasks import leaving
from db.tasks.leaving import REASONS, Ties
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.form_dialog import FormDialog


def leave(desk: Desk, person: int) -> "LeaveDialog":
    """Open the dialog that lets a volunteer leave."""
    return desk.drafts.open(("leave", person), lambda: LeaveDialog(desk, person))


class LeaveDialog(FormDialog):
    """Asks when and why, says what still ties the person, and writes all of it as one operation."""

    def __init__(self, desk: Desk, person: int) -> None:
        super().__init__(desk, "办理退出", VOLUNTEER)
        self.person, self.ties = person, Ties("", "", None, (), (), (), ())
        self.setMinimumWidth(self.theme.px(480))
        self.head = label("办理退出", "heading", wrap=True)
        self.column.addWidget(self.head)
        self.put_fields([("left_on", 0, 0, 1)], {"left_on": "从哪一天起不再是志愿者（必填）"})
        self.reason = QComboBox()
        self.reason.setAccessibleName("原因")
        for code, words in REASONS:
            self.reason.addItem(words, code)
        self.column.addWidget(label("原因（记入备注）", "dim"))
        self.column.addWidget(self.reason)
        self.teams = label("", "dim", wrap=True)
        self.column.addWidget(self.teams)
        self.posts, self.covers = QCheckBox(), QCheckBox()
        self.posts.setChecked(True)
        for box in (self.posts, self.covers):
            box.hide()
            self.column.addWidget(box)
        self.cover_words = label("", "hint", wrap=True)
        self.cover_words.hide()
        self.column.addWidget(self.cover_words)
        save = button(self.theme, "办理退出", "go", "primary", "一次写好，可以撤销")
        self.foot("保存后可以用 Ctrl+Z 一次撤销；历史都留着。", save, self.save, enter=True)
        self.save_button.setEnabled(False)
        self.editors["left_on"].set_value(desk.today.isoformat())
        self.editors["left_on"].left.connect(self._ask)
        self._ask()

    def _ask(self) -> None:
        try:
            day = VOLUNTEER["left_on"].kind.parse(self.editors["left_on"].cell())
        except Invalid:
            return
        person, on = self.person, dt.date.fromisoformat(str(day))
        self.desk.jobs.read(lambda store: leaving.ties(store, person, on), self._show, self.refused)

    def _show(self, found: Ties) -> None:
        self.ties = found
        self.head.setText(f"{found.name}：办理退出")
        names = "、".join(str(t["words"]) for t in found.teams)
        self.teams.setText(
            f"还在 {len(found.teams)} 支队伍：{names}。同一天退队。" if found.teams else "不在任何队伍。"
        )
        posts = [f"队长（{t['words']}）" for t in found.led] + [str(p["words"]) for p in found.posts]
        self.posts.setText(f"同时卸任：{'；'.join(posts)}")
        self.posts.setVisible(bool(posts))
        self.covers.setText("已向保险公司减员：保障到前一天为止")
        policies = "；".join(str(c["words"]) for c in found.covers)
        self.cover_words.setText(f"{policies}。不减员的不用勾：照保单到期，只是本人不再计入在册人数。")
        self.covers.setVisible(bool(found.covers))
        self.cover_words.setVisible(bool(found.covers))
        self.save_button.setEnabled(found.left_on is None)
        self.grow()
        if found.left_on is not None:
            self.say(f"{found.name}已于 {found.left_on} 退出。日期不对的话，请在志愿者的表单里改“退出日期”")

    def save(self) -> None:
        """Write it, or say what is wrong."""
        values = self.values(("left_on",))
        if values is None:
            return
        person, on, reason = self.person, dt.date.fromisoformat(str(values["left_on"])), str(self.reason.currentData())
        posts, covers = self.posts.isChecked(), self.covers.isChecked()

        def work(store: Store) -> None:
            leaving.leave(store, person, on, reason, posts=posts, covers=covers)

        self.write(f"办理退出：{self.ties.name}", work)


class KeptDialog(QDialog):
    """People with a history are not deleted: what there is of them, a way to it, and 办理退出 for one of them."""

    def __init__(self, desk: Desk, people: Sequence[int], names: str, history: Mapping[str, Sequence[int]]) -> None:
        super().__init__(desk.window)
        self.desk, self.people = desk, list(people)
        self.setWindowTitle("删除志愿者")
        self.setMinimumWidth(desk.theme.px(480))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(8)
        column.addWidget(label(f"{names}有历史记录，没有删除", "heading", wrap=True))
        words = "删了人，这些记录就没有主人，已报送的数字也会变。人走了的，请办理退出：历史留着，今后不再计入。"
        column.addWidget(label(words, "dim", wrap=True))
        for name, ids in history.items():
            go = button(desk.theme, f"{BY_NAME[name].label} {len(ids):,} 条", "go", "link", "看这些记录")
            go.setAutoDefault(False)
            go.clicked.connect(lambda _=False, name=name, ids=ids: self._go(name, ids))
            go.setEnabled(name in desk.page_of)
            column.addLayout(row(go, None))
        close = button(desk.theme, "知道了", "", "", "", self.reject)
        self.leave_button = button(desk.theme, "办理退出", "go", "primary", "", self._leave)
        self.leave_button.setVisible(len(self.people) == 1)
        column.addLayout(row(None, close, self.leave_button))
        self.dialog: QDialog | None = None
        self.finished.connect(self.deleteLater)

    def _go(self, name: str, ids: Sequence[int]) -> None:
        self.reject()
        self.desk.open_records(name, frozenset(ids))

    def _leave(self) -> None:
        self.accept()
        self.dialog = leave(self.desk, self.people[0])
