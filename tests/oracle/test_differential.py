"""Random offices through real workbooks: the product against the tests' own reading of the contract.

The ordinary run is small; `python -m tests.oracle --seeds 0-499` runs as many as wanted.
"""

from pathlib import Path

import pytest

from tests.oracle.compare import computed_differences

OFFICES = 8


@pytest.mark.parametrize("seed", range(OFFICES))
def test_random_office_agrees_with_the_oracle(seed: int, tmp_path: Path) -> None:
    assert [f"{d.where}: {d.line}" for d in computed_differences(seed, tmp_path)] == []
