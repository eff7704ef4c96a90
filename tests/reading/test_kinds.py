"""A sample of the made-up workbooks of every kind; more by ``python -m tests.reading.kinds --n 500``."""

import random
from pathlib import Path

import pytest

from tests.reading.kinds import found
from tests.reading.made import KINDS


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", KINDS)
def test_a_made_up_list_goes_in_as_it_was_meant(name: str, seed: int, tmp_path: Path) -> None:
    made = KINDS[name](random.Random(f"{name}-{seed}"))
    assert found(made, tmp_path) == made.right
