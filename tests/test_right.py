"""The page that names a test for every kind of fault names tests that there are; and the law is read as it is written."""

import ast
import re

from db.rules.register import register
from tests.test_architecture import ROOT

PAGE = ROOT / "docs" / "right.md"


def _named() -> list[tuple[str, str]]:
    """Return (file below tests/, test) for every test that the page names."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        last = line.rstrip(" |").rpartition(" | ")[2]
        if not line.startswith("| ") or ".py" not in last:
            continue
        for part in last.split("; "):
            path, _, tests = part.partition(" ")
            found += [(path, name) for name in re.findall(r"`(\w+)`", tests)]
    return found


def test_every_test_that_the_page_names_is_there() -> None:
    named = _named()
    assert len(named) > 80
    defined: dict[str, set[str]] = {}
    for path, name in named:
        if path not in defined:
            tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
            defined[path] = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in defined[path], (path, name)


def test_every_kind_names_a_test() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    kinds = [line for line in lines if line.startswith("| ") and not line.startswith("| kind")]
    assert len(kinds) > 45
    assert [line for line in kinds if not re.search(r"\.py `test_\w+`", line)] == []


def test_the_law_is_read_as_it_is_written() -> None:
    """Strength, scope and conditions of the sentences that are misread most easily; the issuers in the order of address."""
    by_id = {clause.id: clause for clause in register()}
    issuer = by_id["B25-1-4"].source.issuer
    assert issuer == "中国红十字会总会、国家卫生健康委、教育部、共青团中央"
    assert by_id["B25-3.3-6"].strength == "permitted"
    assert by_id["B25-3.1-5"].strength == "mandatory"
    assert by_id["Z34-2.1-3"].levels["province"] == "no"
    assert by_id["B25-1-8"].strength == "encouraged"
    assert set(by_id["B25-3.1-8"].levels.values()) == {"conditional"}
    for clause in ("B25-3.1-6", "B25-3.4-3", "B25-4-9", "Z34-4.1-2", "Z34-4.1-4", "Z34-4.2-1"):
        assert by_id[clause].strength == "encouraged"
