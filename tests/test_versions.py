"""The Python versions that the project names are the same everywhere, and those that its libraries have wheels for."""

import json
import re
import runpy
import tomllib
from importlib.metadata import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import resources
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


def test_a_release_is_made_of_libraries_that_are_named_by_hash() -> None:
    """Each dependency is there in a release that the project takes, and no line is without a hash."""
    text = (ROOT / "resources" / "installer" / "requirements-release.txt").read_text(encoding="utf-8")
    blocks = re.findall(
        r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)[^\n]*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", text, re.M
    )
    pinned = {canonicalize_name(name): version for name, version, _ in blocks}
    assert len(blocks) == len(re.findall(r"^[A-Za-z0-9]", text, re.M)) == len(pinned)
    wanted = [Requirement(line) for line in PROJECT["dependencies"]]
    assert not [r for r in wanted if pinned.get(canonicalize_name(r.name)) not in r.specifier]
    assert "pyinstaller" in pinned


def test_the_bill_of_materials_names_what_goes_in_and_is_the_same_each_time(tmp_path: Path) -> None:
    made = runpy.run_path(str(ROOT / "resources" / "installer" / "sbom.py"))
    first, second = (tmp_path / name for name in ("a.json", "b.json"))
    made["write"](first)
    made["write"](second)
    assert first.read_bytes() == second.read_bytes()
    bill = json.loads(first.read_text(encoding="utf-8"))
    named = {component["purl"].split("/")[1].split("@")[0] for component in bill["components"] if "purl" in component}
    assert {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]} <= named
    assert all(component["licenses"][0]["license"] for component in bill["components"])


def test_the_program_says_its_own_version() -> None:
    assert PROJECT["version"] == resources.VERSION
