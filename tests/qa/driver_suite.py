"""sqlite-utils' own tests on our driver: ``python -m tests.qa.driver_suite [--sdist FILE.tar.gz] [--keyed] [--control]``.

The tests come with the source of the release that is installed (fetched with pip where no file is named). They run once
as the program wires the driver (`db/__init__.py`) and, with ``--keyed``, with a key on every file, as a ledger has. Each
test that does not pass must stand below with its reason, and each that stands below must still not pass. The control
hands SQLCipher's connections to sqlite-utils without telling it of the driver: its exceptions are then others, and more fails.
"""

import argparse
import importlib.metadata
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
_DUMP = "the driver has no iterdump; we do not dump"
_THEIRS = "the test itself names exceptions or connections of Python's sqlite3"
_RAW = "the test reads the file's bytes, attaches or opens it without the key"
NAMED = {
    "test_analyze_tables.py::test_analyze_table": _THEIRS,
    "test_analyze_tables.py::test_analyze_table_save": _THEIRS,
    "test_cli.py::test_dump": _DUMP,
    "test_cli.py::test_transform_strict_option_with_invalid_data": _THEIRS,
    "test_cli_memory.py::test_memory_dump[extra_args0]": _DUMP,
    "test_cli_memory.py::test_memory_dump[extra_args1]": _DUMP,
    "test_cli_memory.py::test_memory_save[extra_args0]": _DUMP,
    "test_cli_memory.py::test_memory_save[extra_args1]": _DUMP,
    "test_transform.py::test_transform_to_strict_with_invalid_data": _THEIRS,
    "test_transform.py::test_transform_preserves_composite_unique_constraint": _THEIRS,
    "test_transform.py::test_transform_preserves_column_unique_collation": _THEIRS,
    "test_transform.py::test_transform_preserves_check_constraints": _THEIRS,
    "test_transform.py::test_transform_preserves_check_ending_in_line_comment": _THEIRS,
    "test_transform.py::test_transform_renames_columns_inside_check_constraints": _THEIRS,
}
NAMED_KEYED = dict.fromkeys(
    (
        "test_attach.py::test_attach", "test_cli.py::test_attach", "test_cli.py::test_create_database[False]",
        "test_cli.py::test_create_database[True]", "test_cli_bulk.py::test_cli_bulk_batch_size",
        "test_cli_insert.py::test_insert_streaming_batch_size_1",
    ), _RAW,
)  # fmt: skip
# Plugins of pytest, by how the driver is given.
_WIRED = "import db\n"
_KEYED = """import db
import sqlcipher3.dbapi2 as driver
import sqlcipher3
plain = driver.connect
def connect(path, *rest, **named):
    made = plain(path, *rest, **named)
    if str(path) and ":memory:" not in str(path) and "mode=memory" not in str(path):
        made.set_key("x'" + "5a" * 32 + "'")
    return made
driver.connect = sqlcipher3.connect = connect
"""
_UNTOLD = """import sqlite3
import sqlcipher3.dbapi2 as driver
sqlite3.connect = driver.connect
"""


def fetched(folder: Path) -> Path:
    """Return the source of the release that is installed, fetched with pip."""
    wanted = f"sqlite-utils=={importlib.metadata.version('sqlite-utils')}"
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", wanted,
         "-d", str(folder)], check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    (found,) = folder.glob("*.tar.gz")
    return found


def run(sdist: Path, plugin: str) -> tuple[int, set[str]]:
    """Run the tests with a plugin; return how many passed, and the names of those that did not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        (unpacked,) = (p for p in folder.iterdir() if p.is_dir())
        tried = folder / "tried"  # away from their own package: the one that is installed is what we use
        tried.mkdir()
        for part in ("tests", "docs", "README.md"):
            (unpacked / part).rename(tried / part)
        (tried / "boai_wiring.py").write_text(plugin, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", "-W", "ignore", "-p", "no:cacheprovider", "-p", "no:pytest-qt",
             "-p", "boai_wiring", "tests"],
            cwd=tried, env=_environment(tried), capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    failed = set(re.findall(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE))
    passed = re.search(r"(\d+) passed", done.stdout)
    if passed is None:
        sys.exit(f"the tests did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return int(passed[1]), failed


def _environment(tried: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": f"{tried}{os.pathsep}{ROOT}"}


def main() -> None:
    """Run them and hold what did not pass against the list."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sdist", type=Path, metavar="FILE.tar.gz")
    options.add_argument("--keyed", action="store_true", help="a key on every file")
    options.add_argument("--control", action="store_true", help="without the wiring: more must fail")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        sdist = given.sdist or fetched(Path(name))
        passed, failed = run(sdist, _UNTOLD if given.control else _KEYED if given.keyed else _WIRED)
    named = NAMED | (NAMED_KEYED if given.keyed else {})
    unnamed, mended = sorted(failed - set(named)), sorted(set(named) - failed)
    print(f"{sdist.name}: {passed:,} passed, {len(failed)} did not, {len(failed & set(named))} of them named")
    for test in unnamed:
        print(f"    not named: {test}")
    for test in mended if not given.control else ():
        print(f"    named, but passes: {test}")
    sys.exit((not unnamed) if given.control else bool(unnamed or mended))


if __name__ == "__main__":
    main()
