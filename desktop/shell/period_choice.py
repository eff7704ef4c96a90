"""Which period a page is about: the quarter that the window shows, or the half-year or year that it lies in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from db.quarters import Period
from desktop.shell.desk import Desk


class PeriodChoice(QComboBox):
    """Offers the three; where another quarter is chosen in the window it stays with the kind that was chosen here."""

    chosen = Signal()  # by a person

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setAccessibleName("期间")
        self.setToolTip("本季、所在的半年或全年")
        self.follow()
        self.activated.connect(lambda _: self.chosen.emit())
        desk.quarter_changed.connect(self.follow)

    @property
    def period(self) -> Period:
        """The period that is chosen, whoever hears first of another quarter."""
        return self.desk.quarter.around[max(self.currentIndex(), 0)]

    def follow(self) -> None:
        """Offer the periods of the quarter that the window shows now."""
        kept = max(self.currentIndex(), 0)
        self.clear()
        self.addItems([period.label for period in self.desk.quarter.around])
        self.setCurrentIndex(kept)

    def choose(self, period: Period) -> None:
        """Choose one of the three, as a person does."""
        self.setCurrentIndex(self.desk.quarter.around.index(period))
        self.chosen.emit()
