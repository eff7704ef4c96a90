"""A parser in a process of its own: it answers, or is told apart by how it ended; and what Windows is asked for."""

import ctypes
import os
import time

from forms.reading.in_a_child import BIG, BROKEN, MEMORY, answer_of
from forms.reading.windows_job import Limits, hold_self, limits
from tests.windows import is_wine


def _answer(content: bytes) -> str:
    return content.decode()


def _greedy(content: bytes) -> int:
    return len(b"x" * (2 * MEMORY))


def _dies(content: bytes) -> None:
    os._exit(3)


def test_it_answers_or_says_how_it_ended() -> None:
    ticks: list[float] = []
    assert answer_of(_answer, "甲".encode(), lambda: ticks.append(time.monotonic())) == "甲"
    assert is_wine() or answer_of(_greedy, b"", lambda: None) == BIG
    assert answer_of(_dies, b"", lambda: None) == BROKEN


def test_what_windows_is_asked_for_is_laid_out_as_it_reads_it() -> None:
    """64-bit Windows: 144 bytes, the flags at 16, the limit of memory at 112 (winnt.h)."""
    made = bytes(limits(MEMORY))
    assert ctypes.sizeof(Limits) == len(made) == 144
    assert int.from_bytes(made[16:20], "little") == 0x0508
    assert int.from_bytes(made[40:44], "little") == 1
    assert int.from_bytes(made[112:120], "little") == MEMORY
    assert os.name == "nt" or not hold_self(MEMORY), "elsewhere nothing is asked for"
