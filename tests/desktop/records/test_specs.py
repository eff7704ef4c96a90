"""What the lists know of each record is complete, and names nothing that is not there."""

from itertools import groupby

import pytest

import resources
from db.records.entities import BY_NAME, FUND_ENTRY
from db.records.fields import Entity
from db.records.kinds import Date, Ref
from desktop.pages import PAGE_OF, PAGES
from desktop.records.derived_columns import shown
from desktop.records.specs import SPECS, searched, spec, verb
from desktop.shell.widgets import TONE_ICONS

LISTED = [BY_NAME[name] for name in PAGE_OF]


def test_every_record_with_a_list_has_a_spec() -> None:
    """And no other: a new record is named here until its list is thought of."""
    assert SPECS.keys() == PAGE_OF.keys()


@pytest.mark.parametrize("entity", LISTED, ids=lambda e: e.name)
def test_names_of_fields_are_those_of_the_record(entity: Entity) -> None:
    known, beside = spec(entity), spec(entity).beside
    more = {f.name for f in beside.fields} if beside is not None else set()
    assert not more & entity.by_name.keys()
    assert set(known.team_columns) <= entity.by_name.keys() | more
    assert set(known.searched or ()) <= entity.by_name.keys()
    if beside is not None:
        assert beside.tones.keys() <= more
        assert beside.not_summed <= more | entity.by_name.keys()
        assert beside.tables <= BY_NAME.keys()
        assert not beside.after or beside.after in entity.by_name
    assert known.verb or entity.name not in ("team", "volunteer")


@pytest.mark.parametrize("entity", BY_NAME.values(), ids=lambda e: e.name)
def test_facts_of_the_declaration_are_of_their_kind(entity: Entity) -> None:
    """The day is a date, the team a reference to one, and every row is counted as something."""
    assert not entity.day or isinstance(entity[entity.day].kind, Date)
    if entity.team:
        kind = entity[entity.team].kind
        assert isinstance(kind, Ref)
        assert kind.entity == "team"
    assert entity.noun
    assert entity.word


@pytest.mark.parametrize("entity", [e for e in LISTED if spec(e).team_columns], ids=lambda e: e.name)
def test_a_teams_page_can_show_and_fill_the_record(entity: Entity) -> None:
    """What stands on a team's page says which team it is of, and what to do while it is empty."""
    assert entity.team
    assert spec(entity).empty
    first = [f.name for f in shown(entity, in_team=True).fields if f.listed]
    assert tuple(first) == spec(entity).team_columns


def test_verbs_and_the_order_of_finding() -> None:
    assert verb("coverage", "保险") == "去续保"
    assert verb("township", "阵地与街镇") == "去阵地与街镇"
    assert verb(None, "") == "看条款"
    assert [e.name for e, _ in searched()][:2] == ["volunteer", "team"]


def test_each_page_says_once_what_it_is() -> None:
    """Keys, titles and shortcuts are its own, and no record has two pages; groups stand together."""
    for said in ([p.key for p in PAGES], [p.title for p in PAGES], [p.shortcut for p in PAGES if p.shortcut],
                 [r.name for p in PAGES for r in p.records]):  # fmt: skip
        assert all(said)
        assert len(said) == len(set(said))
    groups = [p.group for p in PAGES]
    assert sorted(set(groups), key=groups.index) == [g for g, _ in groupby(groups)]
    assert all(resources.path(f"icons/{p.icon}.svg").is_file() for p in PAGES)


def test_a_voucher_number_alone_is_no_lack() -> None:
    """有凭证号 is green with a tick, as 有凭证 is: grey with a dash would look like none."""
    beside = spec(FUND_ENTRY).beside
    assert beside is not None
    assert beside.tones["proof"] == {"file": "good", "number": "good", "none": "warn"}
    assert TONE_ICONS["good"] == "tick"
