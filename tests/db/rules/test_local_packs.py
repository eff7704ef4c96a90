"""A county adds its own notice: with the same strictness, without touching the program, and never changing ours."""

import datetime as dt
import re
from pathlib import Path

import pytest

from db.errors import UserError
from db.records.entities import OFFICE, TEAM
from db.rules.checks import CHECKS, all_clauses, check_office
from db.rules.local_packs import add_pack, folder_of
from db.rules.register import register
from db.storage.store import Store

DAY = dt.date(2026, 9, 30)
DOCS = Path(__file__).resolve().parents[3] / "docs" / "local-rules.md"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The example of the documentation, as a file."""
    found = re.search(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    assert found
    path = tmp_path / "意见.toml"
    path.write_text(found[1], encoding="utf-8")
    return path


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A county's ledger with four teams."""
    path = tmp_path / "x.boai-db"
    with Store.create(path)[0] as store, store.operation("建立台账"):
        for item, content in (("name", "某县红十字会"), ("level", "县级"), ("division_code", "990123")):
            store.save(OFFICE, {"item": item, "content": content})
        for n in range(4):
            store.save(
                TEAM,
                {
                    "name": f"第{n}队",
                    "managing_org": "某县红十字会",
                    "primary_domain": "other",
                    "established_on": "2020-01-01",
                },
            )
    return path


def test_the_documented_example_works(office: Path, pack: Path) -> None:
    with Store.open(office) as store:
        assert len(all_clauses(store)) == len(register())
        (clause,) = add_pack(store, pack, dict(CHECKS))
        assert clause.id == "YZ26-1"
        result = check_office(store, DAY)[-1]
        assert (result.clause.id, result.status, result.k, result.n) == ("YZ26-1", "not_met", 4, 5)
        assert "不少于 5 支" in result.message
        assert check_office(store, dt.date(2027, 1, 1))[-1].status == "not_applicable"
        assert store.undoable() == (1, "建立台账")
    with Store.open(office) as store:
        assert check_office(store, DAY)[-1].clause.id == "YZ26-1"
        with store.operation("改区划"):
            row = next(r for r in store.rows(OFFICE) if r["item"] == "division_code")
            store.save(OFFICE, row | {"content": "330101"})
        assert check_office(store, DAY)[-1].status == "not_applicable"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('check = "has_own_teams"', 'check = "no_such_check"', "YZ26-1.check"),
        ("parameter.min_teams]", "parameter.most_teams]", "YZ26-1.parameter"),
        ('key = "YZ26"', 'key = "Z34"', "clause.YZ26-1"),
        ("why =", "wy =", "YZ26-1.wy"),
        ("issued_on = 2026-01-15", "issued_on = 15", "source.issued_on"),
        ('article = "第二条"\n', "", "YZ26-1.article"),
    ],
)  # fmt: skip
def test_a_broken_pack_is_not_added(office: Path, pack: Path, old: str, new: str, key: str) -> None:
    text = pack.read_text(encoding="utf-8")
    assert old in text
    pack.write_text(text.replace(old, new), encoding="utf-8")
    with Store.open(office) as store:
        with pytest.raises(UserError, match="没有添加") as caught:
            add_pack(store, pack, dict(CHECKS))
        assert "意见.toml" in str(caught.value)
        assert key in str(caught.value)
        assert len(all_clauses(store)) == len(register())


def test_our_own_keys_cannot_be_taken(office: Path, pack: Path) -> None:
    text = pack.read_text(encoding="utf-8").replace("YZ26", "Z34")
    pack.write_text(text, encoding="utf-8")
    with Store.open(office) as store, pytest.raises(UserError, match=r"source\.key"):
        add_pack(store, pack, dict(CHECKS))


def test_a_pack_that_was_spoilt_later_is_named(office: Path, pack: Path) -> None:
    with Store.open(office) as store:
        add_pack(store, pack, dict(CHECKS))
        place = folder_of(store)
        assert place is not None
        (place / "YZ26.toml").write_text("[source", encoding="utf-8")
        with pytest.raises(UserError, match=r"YZ26\.toml"):
            check_office(store, DAY)
        (place / "YZ26.toml").unlink()
        assert len(check_office(store, DAY)) == len(register())


def test_what_cannot_be_read_is_refused(office: Path, tmp_path: Path) -> None:
    with Store.open(office) as store, pytest.raises(UserError, match="读不了"):
        add_pack(store, tmp_path / "none.toml", dict(CHECKS))
    with Store.memory() as store, pytest.raises(UserError, match="不在磁盘"):
        add_pack(store, tmp_path / "none.toml", dict(CHECKS))
