"""A small sample of the long trials and of their controls, in the ordinary run; the whole is ``python -m tests.qa``."""

import shutil
import sys
from collections.abc import Callable
from functools import partial

import pytest

from tests.qa import (
    aims,
    canary,
    clean,
    fault,
    finding,
    flip,
    hostile_files,
    hostile_words,
    intruder,
    kill,
    logcut,
    logs,
    powercut,
    restore,
    tamper,
)
from tests.qa.office import Counts, bad

TRACED = {"kill", "fault", "powercut", "canary"}
LINUX = {"hostile_files", "intruder"}
SAMPLES: dict[str, tuple[Callable[[int, int, bool], Counts], int, int]] = {
    "flip": (flip.run, 12, 400), "logcut": (logcut.run, 6, 3), "restore": (restore.trial, 3, 2), "aims": (aims.trial, 4, 8),
    "tamper": (tamper.trial, 10, 4), "clean": (clean.run, 4, 1), "powercut": (partial(powercut.trial, among=("save",)), 10, 0),
    "canary": (partial(canary.trial, among=("save",)), 2, 0), "hostile_words": (hostile_words.trial, 60, 60),
    "hostile_files": (hostile_files.trial, 9, 6),
    "intruder": (intruder.trial, 5, 3), "logs": (logs.trial, 1000, 20), "finding": (finding.trial, 150, 300),
    "kill": (partial(kill.trial, among=("save",)), 2, 0), "fault": (partial(fault.trial, among=("password",)), 2, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample(name: str) -> None:
    """Nothing bad is found, and where the control is quick, it finds something."""
    if name in TRACED and shutil.which("strace") is None:
        pytest.skip("needs strace")
    if name in LINUX and not sys.platform.startswith("linux"):
        pytest.skip("limits a process as Linux does")
    trial, count, control = SAMPLES[name]
    found = trial(count, 11, False)
    assert bad(found) == 0, {what: number for what, number in found.items() if not what.startswith("good")}
    if control:
        assert bad(trial(control, 11, True)) > 0
