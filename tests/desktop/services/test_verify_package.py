"""The verifier that stands apart: it agrees with good packages and names what is wrong with spoiled ones."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.services.packages import package_bytes, read_package
from desktop.services.rollup import roll_up
from desktop.services.rollup_papers import hand_on
from desktop.services.signed_files import sign
from tests.offices.levels import COUNTIES, Q3, TODAY, county, handed_up, superior
from tests.qa.packages import Ed25519PrivateKey, flips, originals, ways

VERIFIER = Path(__file__).parents[3] / "docs" / "verify_package.py"
MOST_LINES = 150


def run(*paths: Path) -> tuple[int, str]:
    """Run it as somebody would, away from the program."""
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(VERIFIER), *map(str, paths)], capture_output=True, text=True, encoding="utf-8",
        cwd=paths[0].parent, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    with handed_up(county(folder / "a", *COUNTIES[0]), light=True) as store:
        (folder / "good.boai").write_bytes(package_bytes(store, Q3)[0])
    return folder / "good.boai"


def test_it_is_short_and_stands_alone() -> None:
    text = VERIFIER.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    imported = {
        (n.module if isinstance(n, ast.ImportFrom) else n.names[0].name).split(".")[0]  # type: ignore[union-attr]
        for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)
    }  # fmt: skip
    assert imported - {"cryptography"} <= set(sys.stdlib_module_names)
    root = VERIFIER.parents[1]
    for name in ("db", "forms", "desktop"):
        assert not any("verify_package" in p.read_text(encoding="utf-8") for p in (root / name).rglob("*.py"))


def test_a_good_package_and_a_sum_agree(package: Path, tmp_path: Path) -> None:
    code, out = run(package)
    assert code == 0
    assert "all agrees" in out
    assert read_package(package).mark in out
    with superior(tmp_path / "city") as city:
        done = roll_up([package], None, TODAY, city)
        path, _ = hand_on(city, done, tmp_path, TODAY)
    assert run(path)[0] == 0


SPOILED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "money": (lambda f: f["office"].update(income_fen=1), "income_fen"),
    "members": (lambda f: f["teams"][0].update(members_end=9), "members_end"),
    "persons": (lambda f: f["office"].update(persons_end=99), "persons_end"),
    "insured": (lambda f: f["office"].update(insured_end=3), "persons_end"),
    "teams": (lambda f: f["office"].update(teams_end=7), "teams_end"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_a_total_that_is_not_its_rows_is_named(package: Path, tmp_path: Path, name: str) -> None:
    """Also where it was signed anew."""
    change, word = SPOILED[name]
    said = json.loads(read_package(package).text)
    change(said["figures"])
    wrong = tmp_path / "wrong.boai"
    content = {k: v for k, v in said.items() if k not in ("form", "files")}
    wrong.write_bytes(sign(content, list(read_package(package, keep=True).files.items()), Ed25519PrivateKey.generate()))
    code, out = run(wrong)
    assert code == 1
    assert word in out


def test_spoiled_files_never_agree_and_never_crash(tmp_path: Path) -> None:
    original = originals()["package"]
    spoiled = [wrong for n, (_, wrong) in enumerate(flips(original)) if n % 60 == 0]
    spoiled += [wrong for what, wrong in ways(original) if what not in ("a bomb", "behind something", "before something",
                                                                        "another packing", "a directory of the large form")]  # fmt: skip
    paths = []
    for n, content in enumerate(spoiled):
        paths.append(tmp_path / f"{n}.boai")
        paths[-1].write_bytes(content)
    code, out = run(*paths)
    assert code == 1
    assert out.count("does not agree") == len(paths)
