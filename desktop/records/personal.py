"""What volunteers agree to, entered for one or many; and erasing who somebody was, after what stays has been said."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QLineEdit

from db.records.choices import CONSENT_MATTERS
from db.records.entities import VOLUNTEER
from db.records.internal_entities import CONSENT
from db.storage.store import Store
from db.tasks import consents, erasing
from db.tasks.erasing import Left
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.form_dialog import FormDialog


def record_consent(desk: Desk, people: Sequence[int]) -> "ConsentDialog":
    """Open the dialog that enters what these volunteers agreed to."""
    return desk.drafts.open(("consent", *people), lambda: ConsentDialog(desk, people))


def erase(desk: Desk, people: Sequence[int]) -> "EraseDialog":
    """Open the dialog that erases who these volunteers were."""
    dialog = EraseDialog(desk, people)
    dialog.open()
    return dialog


class ConsentDialog(FormDialog):
    """Each matter apart, with the day on the signed paper; what was agreed to before stays, or is taken back."""

    def __init__(self, desk: Desk, people: Sequence[int]) -> None:
        super().__init__(desk, "个人信息同意", CONSENT)
        self.people = list(people)
        self.setMinimumWidth(self.theme.px(460))
        self.head = label(f"{len(self.people):,} 人：个人信息同意", "heading", wrap=True)
        self.column.addWidget(self.head)
        self.column.addWidget(label("照签了名的同意书勾选；没有勾的不记。", "dim", wrap=True))
        self.boxes = {code: QCheckBox(words) for code, words in CONSENT_MATTERS}
        for box in self.boxes.values():
            self.column.addWidget(box)
            box.toggled.connect(self.error.hide)
        self.boxes["processing"].setChecked(True)
        self.put_fields(
            [("given_on", 0, 0, 1), ("given_by", 0, 1, 1), ("form", 0, 2, 1)], {"given_on": "同意书上的日期（必填）"}
        )
        for name, value in (("given_on", desk.today.isoformat()), ("given_by", "self"), ("form", "paper")):
            self.editors[name].set_value(value)
        self.back = button(self.theme, "记撤回", "undo", "", "所选的人自这一天起不再同意勾选的事项", self.withdraw)
        self.back.setAutoDefault(False)
        self.back.setVisible(len(self.people) == 1)
        self.column.addLayout(row(self.back, None))
        save = button(self.theme, "记同意", "check", "primary", "可以用 Ctrl+Z 撤销")
        self.foot("", save, self.save, enter=True)
        self.jobs_read()

    def jobs_read(self) -> None:
        """Name the person, where it is one."""
        if len(self.people) == 1:
            person = self.people[0]
            self.desk.jobs.read(lambda store: store.row(VOLUNTEER, person), self._name)

    def _name(self, row: dict[str, object] | None) -> None:
        if row is not None:
            self.head.setText(f"{row['name']}：个人信息同意")

    def _chosen(self) -> list[str]:
        found = [code for code, box in self.boxes.items() if box.isChecked()]
        if not found:
            self.say("请先勾选同意的事项")
        return found

    def save(self) -> None:
        """Write it, or say what is wrong."""
        values, matters, people = self.values(), self._chosen(), self.people
        if values is None or not matters:
            return
        day, by, form = dt.date.fromisoformat(str(values["given_on"])), str(values["given_by"]), str(values["form"])

        def work(store: Store) -> None:
            consents.agree(store, people, matters, day, by=by, form=form)

        self.write(f"记个人信息同意：{len(people):,} 人", work)

    def withdraw(self) -> None:
        """Enter that it is taken back on that day."""
        values, matters, person = self.values(), self._chosen(), self.people[0]
        if values is None or not matters:
            return
        day = dt.date.fromisoformat(str(values["given_on"]))

        def work(store: Store) -> None:
            consents.withdraw(store, person, matters, day)

        self.write("记撤回同意：1 人", work)


class EraseDialog(FormDialog):
    """Says what goes, what stays and where the name still stands; asks why; cannot be undone, so the button is no default."""

    def __init__(self, desk: Desk, people: Sequence[int]) -> None:
        super().__init__(desk, "删除个人信息", VOLUNTEER)
        self.people = list(people)
        self.setMinimumWidth(self.theme.px(500))
        self.head = label(f"删除 {len(self.people):,} 人的个人信息", "heading", wrap=True)
        self.column.addWidget(self.head)
        for words in (
            "姓名、证件号码、电话、监护人、备注从志愿者资料和操作历史中删除，不能撤销，也不能再找回。",
            "队伍人数、培训、服务时长照旧，已经上报的数字不变。",
        ):
            self.column.addWidget(label(words, "", wrap=True))
        self.kept = label("", "dim", wrap=True)
        self.column.addWidget(self.kept)
        self.column.addWidget(
            label("以前的备份里还有，到备份淘汰时一起没有；导出过的文件请另行删除。", "dim", wrap=True)
        )
        head = label("为什么删除（必填，例如：保存期满、本人要求）", "dim")
        self.reason = QLineEdit()
        head.setBuddy(self.reason)
        self.column.addWidget(head)
        self.column.addWidget(self.reason)
        self.reason.textEdited.connect(lambda _: self.error.hide())
        save = button(self.theme, "删除个人信息", "delete", "danger", "不能撤销")
        self.foot("", save, self.save, enter=False)
        save.setEnabled(False)
        self.jobs_read()

    def jobs_read(self) -> None:
        """Look at what stays."""
        people, today = self.people, self.desk.today
        self.desk.jobs.read(
            lambda store: [erasing.look(store, person, today) for person in people], self._show, self.refused
        )

    def _show(self, found: list[Left]) -> None:
        if len(found) == 1:
            self.head.setText(f"删除{found[0].name}的个人信息")
        lines = [f"{one.name}：{'；'.join([*one.kept, *one.places])}" for one in found if one.kept or one.places]
        self.kept.setText("不会改动、名字还在的：\n" + "\n".join(lines[:6]) if lines else "")
        self.kept.setVisible(bool(lines))
        bad = [f"{one.name}{one.ready}" for one in found if one.ready]
        if bad:
            self.say(f"{'、'.join(bad[:6])}。还在册的人，请先办理退出")
        self.save_button.setEnabled(not bad)

    def save(self) -> None:
        """Erase, or say what is wrong."""
        people, today, reason = self.people, self.desk.today, self.reason.text()
        self.save_button.setEnabled(False)
        self.desk.jobs.change(lambda store: erasing.erase(store, people, today, reason), self._erased, self.refused)

    def _erased(self, count: int) -> None:
        self.accept()
        self.desk.say(f"已删除 {count:,} 人的个人信息")
