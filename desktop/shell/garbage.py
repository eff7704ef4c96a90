"""Collects circular garbage on the main thread alone.

Python collects in whichever thread happens to make objects. A widget that is destroyed by the job thread's collection
brings the program down, so the automatic collection is off and a timer does its work between two events.

What a long read brought is put aside, and gone over while nobody works: the program is in the background, or Python
has made nothing for a minute.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

EVERY = 1000  # milliseconds
MANY = 50_000  # a page makes fewer; more come only from a long read
QUIET = 60  # looks


def put_aside(rows: int) -> None:
    """Put aside what a read of so many rows brought, where they are many.

    Python's count does not always tell: as many may have been let go meanwhile.
    """
    if rows > MANY:
        gc.freeze()


class Collector(QObject):
    """Looks once a second whether a generation is due, by Python's own thresholds."""

    def __init__(self, parent: QGuiApplication) -> None:
        super().__init__(parent)
        self.thresholds = gc.get_threshold()
        gc.disable()
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(EVERY)
        self._before, self._quiet = gc.get_count(), 0
        parent.applicationStateChanged.connect(self._turned)

    def look(self) -> int | None:
        """Collect the oldest generation that is due; return which, or None."""
        counts = gc.get_count()
        self._quiet = self._quiet + 1 if counts == self._before else 0
        self._before = counts
        if self._quiet == QUIET:
            self.tidy()
            return None
        if counts[0] > MANY:
            # A long read came in: plain data without rings. Going over it again and again would hold the window up
            # for a tenth of a second each time, so it is put aside; it is freed as soon as nobody holds it, and the
            # rings that were there at that moment are freed by `tidy`.
            gc.freeze()
            return None
        for generation in (2, 1, 0):
            if counts[generation] > self.thresholds[generation]:
                gc.collect(generation)
                return generation
        return None

    def tidy(self) -> None:
        """Go over what was put aside too; what is still in use is put aside again."""
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self.tidy()
