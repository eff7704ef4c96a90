"""How a clause stood at the end of the quarters before, beside how it stands now."""

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from db.quarters import Quarter
from db.records.statuses import STATUSES
from db.rules.verdicts import Result
from db.storage.store import Store
from desktop.services.judging import before_ledger
from desktop.shell.desk import Desk
from desktop.shell.widgets import TONES, label, row

BEFORE = 3


def quarters_before(store: Store, quarter: Quarter) -> list[Quarter]:
    """Return the three quarters before, oldest first; fewer where the ledger does not reach back so far."""
    found = list[Quarter]()
    while len(found) < BEFORE and not before_ledger(store, quarter.previous.end):
        found.insert(0, quarter := quarter.previous)
    return found


class PastQuarters(QWidget):
    """A line for each quarter: every one has its place at once, so that nothing moves when its state is known."""

    def __init__(self, desk: Desk, quarters: list[Quarter], result: Result, wide: bool) -> None:
        super().__init__()
        self.desk, self.quarters, self.clause = desk, quarters, result.clause
        self.states = [label("查询中") for _ in quarters]
        for state in self.states:
            state.setProperty("tone", "calm")
        now = QLabel()
        _tell(now, result)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        names = [f"{q.year % 100} 年 {q.number} 季" for q in quarters]
        columns = 2 if wide else 1
        for place, (words, state) in enumerate(zip((*names, "本季"), (*self.states, now), strict=True)):
            grid.addLayout(row(label(words, "hint"), state, None, spacing=6), place // columns, place % columns)
        self.setObjectName("plain")

    def ask(self) -> None:
        """Ask how the clause stood, and say it."""
        clause, quarters = self.clause, self.quarters

        def work(store: Store) -> list[Result]:
            from db.rules.checks import check_office

            return [check_office(store, q.end, [clause])[0] for q in quarters]

        self.desk.jobs.read(work, self._show, self._cannot)

    def _show(self, found: list[Result]) -> None:
        for state, result in zip(self.states, found, strict=True):
            _tell(state, result)

    def _cannot(self, error: Exception) -> None:
        for state in self.states:
            state.setText("—")
            state.setToolTip(str(error))


def _tell(state: QLabel, result: Result) -> None:
    state.setText(STATUSES[result.status])
    state.setProperty("tone", TONES[result.status])
    state.setToolTip(result.message)
    state.style().unpolish(state)
    state.style().polish(state)
