"""From a start to the first thing seen: ``python -m tests.bench.first_paint --display :77 [--runs N] [--width W] "COMMAND" "COMMAND"``.

Two programs take turns on an X display that nothing else uses (Xvfb); the time is from `exec` to a mapped window of at least
`--width` pixels with something drawn in it: 250 takes the card of a start, 600 the window itself. Needs python-xlib, which
nothing else here does: ``pip install python-xlib``. Prints medians and their ratio.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from typing import Any

LONGEST = 60.0


def first_paint(screen: Any, command: list[str], width: int) -> float:
    """Start a program and return the seconds until something is drawn in a window of it; the program is ended then."""
    from Xlib import X  # type: ignore[import-untyped]

    root = screen.screen().root
    while screen.pending_events():
        screen.next_event()
    start, place, found = time.perf_counter(), None, 0.0
    environment = {**os.environ, "DISPLAY": screen.get_display_name(), "QT_QPA_PLATFORM": "xcb"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet) as program:
        while not found and time.perf_counter() - start < LONGEST:
            while screen.pending_events():
                event = screen.next_event()
                if event.type == X.MapNotify and (shape := event.window.get_geometry()).width >= width:
                    place = (shape.x + shape.width // 2, shape.y + shape.height // 2)
            if place is not None:
                data = root.get_image(*place, 60, 4, X.ZPixmap, 0xFFFFFFFF).data
                if any(byte for n, byte in enumerate(data) if n % 4 != 3):  # an empty display is black
                    found = time.perf_counter() - start
            time.sleep(0.004)
        program.kill()
    time.sleep(0.3)
    return found or LONGEST


def main() -> None:
    """Let the programs take turns; print what each took."""
    from Xlib import X
    from Xlib.display import Display  # type: ignore[import-untyped]

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--display", default=os.environ.get("DISPLAY", ":77"))
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--width", type=int, default=250)
    options.add_argument("command", nargs=2)
    given = options.parse_args()
    screen = Display(given.display)
    screen.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
    screen.sync()
    took: list[list[float]] = [[], []]
    for run in range(given.runs):
        for n in (0, 1) if run % 2 else (1, 0):
            took[n].append(first_paint(screen, given.command[n].split(), given.width))
    for command, seconds in zip(given.command, took, strict=True):
        print(f"{statistics.median(seconds):.3f} s (from {min(seconds):.3f} to {max(seconds):.3f}): {command}")
    print(f"ratio {statistics.median(took[0]) / statistics.median(took[1]):.2f}")
    sys.exit(0)


if __name__ == "__main__":
    main()
