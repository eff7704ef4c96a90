"""What people type to name somebody or something: half of a character is no fault, and a message says no number."""

import pytest

from db.errors import UserError
from db.queries.paper_rows import person_named, team_named
from db.records.entities import VOLUNTEER
from db.records.identity import check_digit
from db.storage import history
from db.storage.store import Store
from db.tasks import members

HALF = "王\udc80"
NUMBER = "32058319850412001" + check_digit("32058319850412001")


@pytest.fixture
def people(store: Store) -> Store:
    with store.operation("新增"):
        for n in range(12):
            store.save(VOLUNTEER, dict(name="王某", id_type="pending", registered_on=f"2021-01-{n + 1:02}"))
    return store


def test_half_of_a_character_is_found_nowhere(people: Store) -> None:
    """What came undecoded from a console, or was cut out of a character on the way, is not the driver's to refuse."""
    assert members.find_people(people, HALF) == []
    assert history.trail(people.db, asked=history.Asked(words=HALF)) == []
    for named in (person_named, team_named):
        with pytest.raises(UserError, match="没有"):
            named(people, HALF)


def test_a_message_says_no_number_and_is_short(people: Store) -> None:
    for named in (person_named, team_named):
        with pytest.raises(UserError) as told:
            named(people, NUMBER)
        assert NUMBER not in str(told.value)
        with pytest.raises(UserError) as told:
            named(people, "长" * 30_000)
        assert len(str(told.value)) < 100


def test_of_many_of_one_name_the_first_are_told(people: Store) -> None:
    with pytest.raises(UserError) as told:
        person_named(people, "王某")
    assert str(told.value).endswith("10（证件待补）等 12 人")
