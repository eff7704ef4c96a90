"""电子保单: an insurer's PDF read into the form of a policy, which a person looks through and confirms."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QFileDialog

from db.errors import UserError
from db.records.entities import INSURANCE_POLICY
from db.records.fields import Row
from db.storage.store import Store
from db.tasks import insurance
from db.tasks.attachments import keep_content
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label
from desktop.tables.form_dialog import FormDialog

if TYPE_CHECKING:
    from forms.reading.policy import Policy

_LARGEST = 100 * 1024 * 1024
_FIELDS = (  # field, line, place, width
    ("policy_number", 0, 0, 2), ("cover_mode", 0, 2, 2), ("insurer", 1, 0, 2), ("product", 1, 2, 2),
    ("policyholder", 2, 0, 2), ("start_on", 2, 2, 1), ("end_on", 2, 3, 1),
    ("sum_insured_fen", 3, 0, 1), ("premium_fen", 3, 1, 1), ("fund_source", 3, 2, 2),
)  # fmt: skip


def choose(desk: Desk) -> None:
    """Ask for a policy and read it."""
    chosen, _ = QFileDialog.getOpenFileName(desk.window, "选电子保单", str(desk.folder), "电子保单 (*.pdf)")
    if chosen:
        open_file(desk, Path(chosen))


def open_file(desk: Desk, path: Path) -> None:
    """Read a policy and show what it says."""

    def work(store: Store) -> "tuple[bytes, Policy, Row | None]":
        from forms.reading.policy import read_policy  # late: few want it

        try:
            if path.stat().st_size > _LARGEST:
                raise UserError(f"文件过大：{path.name}。没有读出任何内容；电子保单一般只有几页，请核对文件")
            content = path.read_bytes()
        except OSError:
            raise UserError(f"读不了文件：{path.name}。请检查文件是否还在、是否正被别的程序占用") from None
        found = read_policy(content, path.name)
        number = found.values.get("policy_number")
        return content, found, insurance.policy_named(store, str(number)) if number else None

    def show(found: "tuple[bytes, Policy, Row | None]") -> None:
        desk.work_in(path.parent)
        content, policy, known = found
        desk.drafts.open(("policy", path.name, content), lambda: PolicyDialog(desk, path.name, content, policy, known))

    desk.jobs.read(work, show, desk.complain)


class PolicyDialog(FormDialog):
    """The policy as it was read; what was not found or is not sure stands above, and its field is blank."""

    def __init__(self, desk: Desk, name: str, content: bytes, policy: "Policy", known: Row | None) -> None:
        super().__init__(desk, "电子保单", INSURANCE_POLICY)
        self.file, self.content = name, content
        self.setMinimumWidth(self.theme.px(660))
        self.column.addWidget(label(f"从“{name}”读出，请照保单核对后保存", "heading", wrap=True))
        words = list(policy.notes)
        if policy.missing:
            words.append(f"没有读到：{'、'.join(policy.missing)}，请照保单补上")
        if "cover_mode" not in policy.values:
            words.append("承保方式请自己选")
        if known is not None:
            words.insert(0, f"台账里已有这份保单：{known['start_on']} 至 {known['end_on']}，不会再登记一份")
        self.words = label("\n".join(words), "warned", wrap=True)
        self.words.setVisible(bool(words))
        self.column.addWidget(self.words)
        self.put_fields(_FIELDS)
        for field, value in policy.values.items():
            self.editors[field].set_value(value)
        self.keep = QCheckBox("把这份 PDF 也存为附件（加密保存）")
        self.keep.toggled.connect(lambda _: self.touch())
        self.column.addWidget(self.keep)
        self.foot(
            "保存后可以用 Ctrl+Z 撤销。", button(self.theme, "保存", "shield", "primary", "登记这份保单，可以撤销"),
            self.save, enter=True,
        )  # fmt: skip
        self.saved_as = 0

    def save(self) -> None:
        """Write the policy, or say what is wrong."""
        values = self.values()
        if values is None:
            return
        today, name, content = self.desk.today, self.file, self.content if self.keep.isChecked() else None

        def work(store: Store) -> int:
            number = insurance.add_policy(store, values, today)
            if content is not None:
                keep_content(store, name, content, on=today, note=f"电子保单 {values['policy_number']}")
            return number

        self.save_button.setEnabled(False)
        self.desk.jobs.write(f"登记电子保单：{values['policy_number']}", work, self._saved, self.refused)

    def _saved(self, number: int) -> None:
        self.saved_as = number
        self.accept()
        self.desk.open_records("insurance_policy", frozenset((number,)))
        self.desk.say("已登记这份保单。在“在保情况”勾选人员，点续保、填这个保单号，就加进名单", undo=True)
