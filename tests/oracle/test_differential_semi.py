"""Random offices through real workbooks: what the product proposes against the tests' own reading of the contract."""

from pathlib import Path

import pytest

from tests.oracle.compare import semi_differences, standing_differences

OFFICES = 8
ANSWERED = 6


@pytest.mark.parametrize("seed", range(OFFICES))
def test_random_office_agrees_with_the_independent_reading(seed: int, tmp_path: Path) -> None:
    assert [f"{d.where}: {d.line}" for d in semi_differences(seed, tmp_path)] == []


@pytest.mark.parametrize("seed", range(ANSWERED))
def test_what_people_said_stands_as_long_as_the_contract_says(seed: int, tmp_path: Path) -> None:
    assert [f"{d.where}: {d.line}" for d in standing_differences(seed, tmp_path)] == []
