"""A part of the sixty lists: those that no other test is near; all of them with `python -m tests.reading.first_try`."""

import pytest

from tests.reading.first_try import AFTER, FIRST, LISTS, run

ASKED = {
    "roster with months", "roster with days without a year", "roster with serials", "list without headings",
    "blood donors by person", "cash book",
}  # fmt: skip
SAMPLE = (
    "two people in a line", "roster of a team named in its title", "roster under the names of its teams", "elders, one",
    "training signed in", "people to be removed", "donations in ten", "trainings", "blood by unit", "cash book", "pupils",
)  # fmt: skip


@pytest.mark.parametrize("words", SAMPLE)
def test_a_list_goes_in_right(words: str) -> None:
    ((name, word),) = run(words).items()
    assert word == (AFTER if name in ASKED else FIRST)


def test_there_are_sixty_lists() -> None:
    assert len(LISTS) == 60
    assert LISTS.keys() >= ASKED
