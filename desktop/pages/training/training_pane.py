"""The list of trainings: a new one with those who came, the same list again, and certificates."""

from PySide6.QtWidgets import QPushButton, QWidget

from db.records.entities import TRAINING
from desktop.pages.training.attendance import AttendanceDialog
from desktop.pages.training.certificates import CertificateDialog
from desktop.records.record_list import EntityPane
from desktop.shell.desk import Desk
from desktop.shell.widgets import button


class TrainingPane(EntityPane):
    """Trainings, of the county or of one team."""

    def __init__(self, desk: Desk, in_team: bool = False, nest: QWidget | None = None) -> None:
        super().__init__(desk, TRAINING, in_team, nest)

    def extra_buttons(self) -> list[QPushButton]:
        """参训名单 and 发证."""
        people = button(self.theme, "参训名单", "member", "", "谁到场了：勾选、取消，随时可以改", self.attendance)
        grant = button(self.theme, "发证", "check", "", "给这次培训的人登记证书，一次写好", self.certificates)
        return [people, grant]

    def add(self) -> None:
        """Enter a training together with those who came."""
        team = self.team if self.in_team else None
        given = self.start()
        self.dialog = self.desk.drafts.open(("training", team), lambda: AttendanceDialog(self.desk, None, team, given))

    def _one(self) -> int | None:
        ids = self.chosen_ids()
        if len(ids) != 1:
            self.desk.say("先选中一次培训")
            return None
        return ids[0]

    def attendance(self) -> None:
        """Show who came to the training chosen."""
        if (number := self._one()) is not None:
            row = self.model.row(self.model.place(number))
            self.dialog = self.desk.drafts.open(("attendance", number), lambda: AttendanceDialog(self.desk, row))

    def certificates(self) -> None:
        """Issue certificates of the training chosen."""
        if (number := self._one()) is not None:
            row = self.model.row(self.model.place(number))
            self.dialog = self.desk.drafts.open(("certificates", number), lambda: CertificateDialog(self.desk, row))
