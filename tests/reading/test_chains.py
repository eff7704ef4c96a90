"""Chains made up with known answers: what is certain is right, what is not is asked, and nothing else is written."""

import random

import pytest

from forms.reading.jielong import ASK, SURE, Person, match, read_chain, settle
from tests.reading.chains import NAMES, one

PEOPLE = [Person(n, name, host=True) for n, name in enumerate(NAMES, 1)]


@pytest.mark.parametrize("seed", range(250))
def test_a_made_up_chain_is_read_as_it_was_meant(seed: int) -> None:
    made = one(random.Random(seed))
    chain = read_chain(made.text, NAMES)
    lines = settle(chain, match(chain.entries, PEOPLE), made.usual)
    found = [
        (line.match.sure.name if line.match.sure else None, line.minutes if line.state == SURE else None, line.state)
        for line in lines
    ]
    assert found == made.lines, made.text


def test_what_is_asked_has_a_reason() -> None:
    for seed in range(60):
        chain = read_chain(one(random.Random(seed)).text, NAMES)
        lines = settle(chain, match(chain.entries, PEOPLE))
        assert all(line.reason for line in lines if line.state == ASK)
