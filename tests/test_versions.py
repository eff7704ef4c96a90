"""The Python versions that the project names are the same everywhere, and those that its libraries have wheels for."""

import re
import tomllib
from importlib.metadata import metadata

from tests.test_architecture import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# What the releases we pin say or ship: the first version of Python without a wheel. Looked up on 2026-11-29.
FIRST_WITHOUT_A_WHEEL = {"PySide6-Essentials": (3, 15), "PySide6-Addons": (3, 15), "sqlcipher3": (3, 15)}


def _limits() -> tuple[tuple[int, int], tuple[int, int]]:
    found = re.fullmatch(r">=(\d+)\.(\d+),<(\d+)\.(\d+)", PROJECT["requires-python"])
    assert found
    least, first_without = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    return least, first_without


def test_no_version_is_promised_that_a_library_has_no_wheel_for() -> None:
    _, first_without = _limits()
    assert first_without <= min(FIRST_WITHOUT_A_WHEEL.values())


def test_the_libraries_take_every_version_that_is_promised() -> None:
    least, _ = _limits()
    for name in ("PySide6-Essentials", "sqlcipher3", "sqlite-utils", "reportlab", "openpyxl", "cryptography"):
        required = metadata(name).get("Requires-Python") or ""
        for lower in re.findall(r">=\s*(\d+)\.(\d+)", required):
            assert (int(lower[0]), int(lower[1])) <= least, (name, required)


def test_readme_names_the_same_versions() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (least, first_without), last = _limits(), ""
    last = f"{first_without[0]}.{first_without[1] - 1}"
    assert text.count(f"Python {least[0]}.{least[1]}–{last}") == 2  # once in each language
