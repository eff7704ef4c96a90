"""Collects circular garbage on the main thread alone.

Python collects in whichever thread happens to make objects. A widget that is destroyed by the job thread's collection
brings the program down, so the automatic collection is off and a timer does its work between two events.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000  # milliseconds
MANY = 10_000


class Collector(QObject):
    """Looks once a second whether a generation is due, by Python's own thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.thresholds = gc.get_threshold()
        gc.disable()
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(EVERY)

    def look(self) -> int | None:
        """Collect the oldest generation that is due; return which, or None."""
        counts = gc.get_count()
        if counts[0] > MANY:
            # A long read came in: plain data without rings. Going over it again and again would hold the window up
            # for a tenth of a second each time, so it is put aside; it is freed as soon as nobody holds it.
            gc.freeze()
            return None
        for generation in (2, 1, 0):
            if counts[generation] > self.thresholds[generation]:
                gc.collect(generation)
                return generation
        return None
