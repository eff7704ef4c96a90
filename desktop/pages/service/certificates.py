"""服务证明: the register of certificates of service: issue one, print one again, revoke one."""

import datetime as dt
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHeaderView, QStackedWidget, QVBoxLayout

from db.records.entities import VOLUNTEER
from db.records.identity import GONE
from db.records.internal_entities import SERVICE_CERTIFICATE
from db.storage.store import Store
from db.tasks import service_certificates
from desktop.services.row_index import ref_titles
from desktop.shell.desk import Desk
from desktop.shell.empty_sheet import EmptySheet
from desktop.shell.page import Page
from desktop.shell.widgets import button, card, label, row
from desktop.tables.editors import RefEditor
from desktop.tables.form_dialog import FormDialog
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable

Line = dict[str, Any]
COLUMNS: tuple[Column[Line], ...] = (
    Column("证明编号", lambda line: str(line["number"])),
    Column("姓名", lambda line: str(line["name"])),
    Column("服务期间", lambda line: f"{line['start_on'] or '登记以来'} 至 {line['end_on']}"),
    Column("时长（小时）", lambda line: SERVICE_CERTIFICATE["minutes"].show(line["minutes"])),
    Column("出具日期", lambda line: str(line["issued_on"])),
    Column("经办人", lambda line: str(line["handler"] or "")),
    Column("状态", lambda line: state(line)[0], tone=lambda line: state(line)[1]),
)


def state(line: Line) -> tuple[str, str]:
    """Return the word and tone of a certificate."""
    if line["revoked_on"]:
        return "已作废", "calm"
    return ("出具后有改动", "warn") if line["changed"] else ("有效", "good")


def read(store: Store) -> tuple[list[Line], dict[int, str]]:
    """Return the register, the last ones first, and the people a certificate may be issued for."""
    gone = {int(found["id"] or 0) for found in store.rows(VOLUNTEER, names=("name",)) if found["name"] == GONE}
    names = {n: name for n, name in ref_titles(store, SERVICE_CERTIFICATE)["volunteer_id"].items() if n not in gone}
    lines = []
    for found in reversed(store.rows(SERVICE_CERTIFICATE)):
        content = service_certificates.kept(store, int(found["id"] or 0))
        lines.append(dict(found) | {"name": content["person"]["name"], "changed": content["changed"]})
    return lines, names


class IssueDialog(FormDialog):
    """Who, from when to when, who signs; records without proof only with a reason."""

    def __init__(self, desk: Desk, names: dict[int, str]) -> None:
        super().__init__(desk, "出具志愿服务记录证明", SERVICE_CERTIFICATE)
        self.setMinimumWidth(self.theme.px(520))
        self.folder = Path()
        self.put_fields(
            (
                ("volunteer_id", 0, 0, 2),
                ("start_on", 1, 0, 1),
                ("end_on", 1, 1, 1),
                ("head", 2, 0, 1),
                ("handler", 2, 1, 1),
            ),
            {
                "volunteer_id": "志愿者（必填）",
                "start_on": "从哪一天起（空着为最早的记录）",
                "end_on": "到哪一天止（必填）",
            },
        )
        who = self.editors["volunteer_id"]
        assert isinstance(who, RefEditor)
        who.set_titles(names)
        self.editors["end_on"].set_value(desk.today.isoformat())
        self.editors["handler"].set_value(desk.operator)
        self.all = QCheckBox("没有证明材料的服务记录也计入（须经负责人同意，并写明原因）")
        self.column.addWidget(self.all)
        self.put_fields((("reason", 0, 0, 1),), {"reason": "计入的原因"})
        self.editors["reason"].setEnabled(False)
        self.all.toggled.connect(self.editors["reason"].setEnabled)
        self.all.toggled.connect(self.touch)
        self.column.addWidget(
            label(
                "证明上有完整的证件号码，出具会记入历史。盖章前请在“报表中心”打印公示名单，公示一般不少于 7 天。",
                "hint",
                wrap=True,
            )
        )
        save = button(self.theme, "编号、登记并生成 PDF", "tick", "primary", "")
        self.foot("", save, self.issue, enter=True)

    def issue(self) -> None:
        """Enter and write the certificate."""
        found = self.values(required=("volunteer_id", "end_on"))
        if found is None:
            return
        if self.all.isChecked() and not found["reason"]:
            self.wrong("reason", "请写明计入的原因")
            return
        folder = QFileDialog.getExistingDirectory(self, "证明存到哪个文件夹", str(self.desk.folder))
        if folder:
            self.issue_to(Path(folder), found)

    def issue_to(self, folder: Path, found: dict[str, Any]) -> None:
        """Enter and write it into a folder."""
        today, reason = self.desk.today, str(found["reason"] or "") if self.all.isChecked() else ""
        start, end = (_as_day(found[name]) for name in ("start_on", "end_on"))

        def work(store: Store) -> Any:
            from desktop.services import year_papers  # late: what sets papers takes a while to load

            return year_papers.issue(
                store, int(found["volunteer_id"]), start, end or today, today, folder, head=str(found["head"] or ""),
                handler=str(found["handler"] or ""), reason=reason,
            )  # fmt: skip

        self.save_button.setEnabled(False)
        self.desk.jobs.change(work, self._issued, self.refused)

    def _issued(self, made: Any) -> None:
        self.accept()
        left = (
            f"；另有 {made.unproven} 条记录没有证明材料，没有计入" if made.unproven and not self.all.isChecked() else ""
        )
        self.desk.work_in(made.path.parent)
        self.desk.say(f"已登记编号 {made.number}，已保存：{made.path.name}{left}")


def _as_day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(str(value)) if value else None


class RevokeDialog(FormDialog):
    """Asks why a certificate no longer holds."""

    def __init__(self, desk: Desk, line: Line) -> None:
        super().__init__(desk, "作废证明", SERVICE_CERTIFICATE)
        self.line = line
        self.setMinimumWidth(self.theme.px(420))
        self.column.addWidget(
            label(f"编号 {line['number']}，{line['name']}。作废后登记簿里仍保留，编号不再使用。", wrap=True)
        )
        self.put_fields((("why_revoked", 0, 0, 1),), {"why_revoked": "作废的原因（必填）"})
        self.foot("", button(self.theme, "作废", "close", "danger", ""), self.revoke, enter=False)

    def revoke(self) -> None:
        """Mark it as revoked today."""
        found = self.values(required=("why_revoked",))
        if found is not None:
            number, today, why = int(self.line["id"]), self.desk.today, str(found["why_revoked"])
            self.write(
                f"作废志愿服务记录证明：{self.line['number']}",
                lambda store: service_certificates.revoke(store, number, today, why),
            )


class CertificatesPage(Page):
    """The register, and what is done with it."""

    key, title, icon, group = "service_certificate", "服务证明", "note", "台账"
    records = (SERVICE_CERTIFICATE,)
    tables = frozenset({"service_certificate", "service_record", "volunteer"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(10)
        self.names: dict[int, str] = {}
        self.new_button = button(self.theme, "出具证明", "add", "primary", "编号、登记并生成 PDF（Ctrl+N）", self.issue)
        self.new_button.setShortcut("Ctrl+N")
        self.again_button = button(
            self.theme, "再次生成 PDF", "print", "", "照出具时的内容再生成一份", self.print_again
        )
        self.revoke_button = button(self.theme, "作废", "close", "", "写明原因，作废所选的证明", self.revoke)
        layout.addLayout(row(self.new_button, self.again_button, self.revoke_button, None))
        self.model = TextTable(COLUMNS, self)
        self.view = TableView(self.theme, "证明登记簿", 35)
        self.view.setModel(self.model)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        self.view.horizontalHeader().setStretchLastSection(False)
        self.view.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        frame, inside = card((1, 1, 1, 1), 0)
        inside.addWidget(self.view)
        self.stack = QStackedWidget()
        self.stack.addWidget(frame)
        first = button(self.theme, "出具证明", "add", "primary", "", self.issue)
        words = "选一位志愿者，按已登记的服务记录写出时长；编号、登记、生成 PDF 一次完成，盖章后交给本人。"
        titles = [column.heading for column in COLUMNS]
        self.stack.addWidget(EmptySheet(self.theme, "还没有出具过服务证明", words, first, headings=titles))
        layout.addWidget(self.stack, 1)
        self.dialog: FormDialog | None = None
        self._size()
        self.theme.changed.connect(self._size)

    def _size(self) -> None:
        for column, width in enumerate((110, 90, 240, 110, 110, 90, 120)):
            self.view.setColumnWidth(column, self.theme.px(width))

    def load(self) -> None:
        """Read the register."""
        self.jobs.read(read, self._show)

    def _show(self, found: tuple[list[Line], dict[int, str]]) -> None:
        lines, self.names = found
        self.model.set_rows(lines)
        self.stack.setCurrentIndex(0 if lines else 1)
        valid = sum(not line["revoked_on"] for line in lines)
        self.tell(f"登记 {len(lines)} 份，有效 {valid} 份" if lines else "还没有出具过证明")
        if lines:
            self.view.selectRow(0)
        self._choose()

    def line(self) -> Line | None:
        """Return the certificate chosen."""
        index = self.view.currentIndex()
        return self.model.rows[index.row()] if index.isValid() and index.row() < len(self.model.rows) else None

    def _choose(self) -> None:
        line = self.line()
        self.again_button.setEnabled(line is not None)
        self.revoke_button.setEnabled(line is not None and not line["revoked_on"])

    def issue(self) -> None:
        """Ask for whom, and issue it."""
        self.dialog = self.desk.drafts.open("service_certificate", lambda: IssueDialog(self.desk, self.names))

    def revoke(self) -> None:
        """Ask why, and revoke it."""
        if (line := self.line()) is not None and not line["revoked_on"]:
            self.dialog = self.desk.drafts.open(("revoke", line["id"]), lambda: RevokeDialog(self.desk, line))

    def print_again(self) -> None:
        """Ask for a folder, and write the certificate chosen again."""
        if self.line() is not None:
            folder = QFileDialog.getExistingDirectory(self, "证明存到哪个文件夹", str(self.desk.folder))
            if folder:
                self.print_again_to(Path(folder))

    def print_again_to(self, folder: Path) -> None:
        """Write the certificate chosen again; that is logged, since its number is whole."""
        line = self.line()
        assert line is not None
        number = int(line["id"])

        def work(store: Store) -> Path:
            from desktop.services import year_papers

            return year_papers.print_again(store, number, folder)

        self.jobs.read(work, self.desk.saved_file)
