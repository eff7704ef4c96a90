"""What the interface says: full-width punctuation, and nothing that looks like a red cross."""

import ast
import re
from pathlib import Path

import pytest

import resources
from tests.test_architecture import strings

DESKTOP = Path(__file__).resolve().parents[3] / "desktop"
OURS = sorted(DESKTOP.rglob("*.py"))
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;!?()]|[,:;!?()][\u4e00-\u9fff]")


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.relative_to(DESKTOP).as_posix())
def test_punctuation_is_full_width(path: Path) -> None:
    """An ASCII comma between Chinese characters looks cheap."""
    assert [s for s in strings(ast.parse(path.read_text(encoding="utf-8"))) if HALF_WIDTH.search(s)] == []


def test_icons_are_ours_and_take_the_theme() -> None:
    """Line icons are drawn in the colour of the theme; none is red."""
    icons = sorted(resources.path("icons").glob("*.svg"))
    assert len(icons) > 30
    for icon in icons:
        text = icon.read_text(encoding="utf-8")
        assert "currentColor" in text or icon.stem in {"mark", "chevron_down", "chevron_up", "tick_white"}, icon.name
        assert not re.search(r"#(e|f|d|c)[0-9a-f][0-4][0-9a-f]{3}\b|red", text, re.IGNORECASE), icon.name


def test_no_item_rules_in_the_style_sheet() -> None:
    """An ::item rule changes how views paint everything else."""
    assert "::item" not in resources.path("style.qss").read_text(encoding="utf-8")
