"""发证: the people of one training get a result, a certificate, numbers in a row and its days, as one operation."""

from typing import Any

from db.errors import Refused
from db.records.entities import ATTENDANCE
from db.records.fields import Row
from db.storage.store import Store
from db.tasks import trainings
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label
from desktop.tables.form_dialog import FormDialog
from desktop.tables.text_table import Line, PlainModel, PlainView

_FIELDS = ("certificate", "certificate_number", "certified_on", "valid_until")
_LABELS = {"certificate": "证书名称（必填）", "certificate_number": "起始编号", "certified_on": "发证日期（必填）"}


class CertificateDialog(FormDialog):
    """Lists who took part; those ticked get a certificate."""

    def __init__(self, desk: Desk, training: Row) -> None:
        super().__init__(desk, "发证", ATTENDANCE)
        self.training = training
        self.resize(self.theme.px(620), self.theme.px(500))
        self.column.addWidget(label(f"{training['name']}：给勾选的人发证", "heading", wrap=True))
        self.put_fields([(name, 0, place, 1) for place, name in enumerate(_FIELDS)], _LABELS)
        for made in self.editors.values():
            made.edited.connect(self._number)
        self.model = PlainModel(("姓名", "队伍", "证书编号"), self)
        self.view = PlainView(self.theme, "发证的人", 32, row_ticks=True)
        self.view.setModel(self.model)
        for place, units in enumerate((16, 24, 22)):
            self.view.show_width(place, units)
        self.model.ticks_changed.connect(self._number)
        self.model.ticks_changed.connect(self.touch)
        self.column.addWidget(self.view, 1)
        save = button(self.theme, "保存", "tick", "primary", "结果记为合格，证书一次写好（Ctrl+S）")
        self.foot("结果都记为“合格”。保存后可以用 Ctrl+Z 一次撤销。", save, self.save, enter=False)
        self.people: list[dict[str, Any]] = []
        self._ask()

    def _ask(self) -> None:
        number = int(self.training["id"] or 0)

        def work(store: Store) -> tuple[list[dict[str, Any]], dict[str, Any]]:
            return trainings.attendees(store, number), trainings.last_certificate(store, number)

        self.desk.jobs.read(work, self._show)

    def _show(self, found: tuple[list[dict[str, Any]], dict[str, Any]]) -> None:
        self.people, last = found
        self.editors["certificate"].set_value(last["certificate"])
        if last["certificate_number"]:
            try:
                self.editors["certificate_number"].set_value(trainings.series(str(last["certificate_number"]), 2)[1])
            except Refused:  # the last number has no digits to count on from
                self.editors["certificate_number"].set_value(None)
        day = self.training["end_on"] or self.training["start_on"]
        self.editors["certified_on"].set_value(day)
        office = self.desk.office.get("name", "")
        self.model.set_lines(
            [
                Line(int(a["id"]), (str(a["name"]), short_name(str(a["team_name"] or ""), office),
                                    str(a["certificate_number"] or "")),
                     ticked=a["result"] not in trainings.AWAY and a["result"] != "failed" and a["certificate"] is None)
                for a in self.people
            ]
        )  # fmt: skip
        self._number()
        self.editors["certificate"].setFocus()

    def _number(self) -> None:
        """Show the number that each will get."""
        self.error.hide()
        first = str(self.editors["certificate_number"].cell() or "").strip()
        ticked = self.model.ticked()
        try:
            numbers = dict(zip(ticked, trainings.series(first, len(ticked)), strict=True)) if first else {}
        except Refused as error:
            numbers = {}
            self.say(str(error))
        known = {int(a["id"]): str(a["certificate_number"] or "") for a in self.people}
        for line in self.model.every:
            shown = numbers.get(line.id, "") if line.ticked else known.get(line.id, "")
            line.say(*line.texts[:2], shown)
        if self.model.lines:
            self.model.dataChanged.emit(self.model.index(0, 0), self.model.index(len(self.model.lines) - 1, 2))
        self.save_button.setText(f"发证 {len(ticked):,} 人" if ticked else "没有勾选")
        self.save_button.setEnabled(bool(ticked))

    def save(self) -> None:
        """Write the certificates, or say what is wrong."""
        values = self.values(("certificate", "certified_on"))
        if values is None:
            return
        ids, name, on = self.model.ticked(), str(values["certificate"]), str(values["certified_on"])
        first, until = str(values["certificate_number"] or ""), values["valid_until"]
        last = str(until) if until is not None else None
        self.write(f"发证 {len(ids):,} 人：{name}", lambda store: trainings.certify(store, ids, name, first, on, last))
