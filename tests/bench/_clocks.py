"""Times of a run, by the clock and of the processor: on a machine with other work the latter says more."""

import time

Seconds = tuple[float, float]  # by the clock, and of the processor


def now() -> Seconds:
    """Return where both clocks stand."""
    return time.perf_counter(), time.process_time()


def since(start: Seconds) -> Seconds:
    """Return how far both have gone on."""
    clock, processor = now()
    return clock - start[0], processor - start[1]
