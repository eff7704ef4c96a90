"""A fault of ours is told by its places; `tests.qa.logs` tries it with a hundred thousand."""

import importlib
import subprocess
import sys
from unittest import mock

import pytest

from desktop import __main__ as program
from desktop.cli import self_test
from desktop.services import fault_report

NUMBER = "11010119900307"


def test_the_command_line_says_where_and_no_value() -> None:
    """As a process: nothing of the error's text; a code of its own, since 1 means that all was done."""
    script = (
        "import sys; from unittest import mock; from desktop import __main__ as p\n"
        f"def fails(*a): return int('王某{NUMBER}')\n"
        "with mock.patch.object(p, 'main', fails): sys.exit(p.run())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == fault_report.EXIT
    assert "没有料到的错误" in done.stderr
    assert "builtins.ValueError" in done.stderr
    assert NUMBER not in done.stderr + done.stdout
    assert "王某" not in done.stderr + done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="asked of Linux")
def test_no_other_program_reads_the_memory() -> None:
    script = (
        "import ctypes; from unittest import mock; from desktop import __main__ as p\n"
        "with mock.patch.object(p, 'main', lambda *a: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)): print(p.run())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"  # PR_GET_DUMPABLE


def test_a_module_that_is_missing_is_named() -> None:
    """It is what a package that was put together wrongly needs, and nobody's name."""
    with pytest.raises(ImportError) as caught:
        importlib.import_module("nothing_of_this_name")
    assert "nothing_of_this_name" in fault_report.report(caught.value)
    assert fault_report.missing_module(ImportError("x", name="C:\\王某\\x")) == ""


def test_a_dump_keeps_places_of_code_alone() -> None:
    told = fault_report.places(
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f1 [王某] (most recent call first):\n"
        '  File "C:\\Users\\王某\\AppData\\x\\desktop\\shell\\jobs.py", line 77 in run\n'
        '  File "D:\\台账\\wangmou.py", line 3 in read\n  File "threading.py", line 9 in run\nsomething 王某\n'
    )
    assert told.split("\n") == [
        "Segmentation fault", "Current thread 0x00007f1", "  jobs.py:77 run", "  …:3 read", "  threading.py:9 run",
    ]  # fmt: skip


def test_the_self_test_says_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """Its result is sent to whoever helps; the folder for temporary files bears the account's name."""
    with mock.patch.object(self_test._Run, "steps", lambda run: (("坏", lambda: (run.folder / "没有").read_text()),)):
        assert program.main(["self-test"]) == 1
    said = capsys.readouterr().out
    assert "FileNotFoundError" in said
    assert "boai-self-test-" not in said
