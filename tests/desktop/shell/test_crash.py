"""What is said of an error that is ours, and of one that ended the process."""

import faulthandler
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.shell import crash


@pytest.fixture(autouse=True)
def unwatched() -> Iterator[None]:
    was = faulthandler.is_enabled()
    yield
    for file in crash._watched:
        file.close()
    crash._watched.clear()
    if was:  # pytest's own
        faulthandler.enable(sys.__stderr__)
    else:
        faulthandler.disable()


def test_a_report_holds_places_and_no_values() -> None:
    def fails(secret: str) -> None:
        raise ValueError(f"不能读 {secret}")

    try:
        fails("11010119900307")
    except ValueError as error:
        told = crash.report(error)
    assert "ValueError" in told
    assert "test_crash.py" in told
    assert "fails" in told
    assert "11010119900307" not in told


def test_a_fault_leaves_its_places_and_the_next_start_reads_them_once(tmp_path: Path) -> None:
    """The process dies of a fault; what it left names files and functions, no folder, which may hold a person's name."""
    folder = tmp_path / "张三"
    script = (
        "import sys, faulthandler; from pathlib import Path; from desktop.shell import crash\n"
        "assert crash.watch(Path(sys.argv[1])) == ''\n"
        "def falls(): faulthandler._sigabrt()\n"
        "falls()\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, check=False)
    assert done.returncode != 0
    told = crash.watch(folder)
    assert "falls" in told
    assert "Python" in told
    assert str(tmp_path) not in told
    assert "/" not in told.split("\n", 2)[2]
    assert crash.watch(folder) == ""


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert crash.watch(tmp_path / "file") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_nothing_of_somebodys_is_emptied_through_a_link(tmp_path: Path) -> None:
    theirs = tmp_path / "别人的.txt"
    theirs.write_text("别人的", encoding="utf-8")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / crash.FILE).symlink_to(theirs)
    assert crash.watch(folder) == ""
    assert theirs.read_text(encoding="utf-8") == "别人的"
    assert not (folder / crash.FILE).is_symlink()
