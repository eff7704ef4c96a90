"""A small sample of the long trials, in the ordinary run; the whole is run by hand (``python -m tests.qa.kill --n 0``)."""

import shutil

import pytest

from tests.qa import kill


@pytest.mark.skipif(shutil.which("strace") is None, reason="kills need strace")
def test_a_sample_of_kills() -> None:
    assert kill.run(6, 11) == {"good": 6}
