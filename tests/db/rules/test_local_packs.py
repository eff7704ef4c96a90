"""A county adds its own notice: with the same strictness, without touching the program, and never changing ours."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest

from db.errors import UserError
from db.records.entities import OFFICE, TEAM
from db.rules.checks import CHECKS, all_clauses, check_office
from db.rules.local_packs import add_pack, folder_of
from db.rules.register import register
from db.storage.store import Store
from db.tasks.verifying import verify

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


KEYS = (
    "../../../../x",
    "/tmp/x",
    "CON",
    "NUL",
    "COM1",
    "A",
    "a1",
    "ABCDEFGHIJK",
    "1AB",
    "<img src=x>",
    "Y Z",
    "YZ.26",
    "",
    "ＹＺ26",
)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_would_be_a_path_a_device_or_markup_is_refused(
    office: Path, pack: Path, tmp_path: Path, key: str
) -> None:
    pack.write_text(pack.read_text(encoding="utf-8").replace("YZ26", key), encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with Store.open(office) as store, pytest.raises(UserError, match=r"source\.key|意见\.toml"):
        add_pack(store, pack, dict(CHECKS))
    assert [p for p in sorted(tmp_path.rglob("*")) if p not in before and p.suffix == ".toml"] == []


HOSTILE = [b"", b"\xff\xfe", b"x = " + b"[" * 200_000, b"x = " + b"{a=" * 50_000, b"a." * 200_000 + b"b = 1", b"#" * 2_000_000,
           b"x = " + b"9" * 100_000, b"[source]\n[clause]\n", b"[[clause]]\n" * 90_000]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_pack_is_a_sentence(office: Path, pack: Path, number: int) -> None:
    pack.write_bytes(HOSTILE[number])
    start = time.monotonic()
    with Store.open(office) as store, pytest.raises(UserError, match="没有添加"):
        add_pack(store, pack, dict(CHECKS))
    assert time.monotonic() - start < 10


def test_who_can_write_the_folder_changes_no_law(office: Path, pack: Path) -> None:
    """Without the password: a pack that was put in, or changed, is not taken; added again it is, whatever else lies there."""
    with Store.open(office) as store:
        add_pack(store, pack, dict(CHECKS))
        place = folder_of(store)
    assert place is not None
    content = pack.read_text(encoding="utf-8")
    planted = place / "EV26.toml"
    planted.write_text(content.replace("YZ26", "EV26"), encoding="utf-8")
    with Store.open(office) as store:
        with pytest.raises(UserError, match=r"EV26\.toml.*没有采用"):
            all_clauses(store)
        planted.unlink()
        assert len(all_clauses(store)) == len(register()) + 1
        file = place / "YZ26.toml"
        file.write_text(content.replace("不少于", "不多于", 1), encoding="utf-8")
        with pytest.raises(UserError, match=r"YZ26\.toml.*没有采用"):
            check_office(store, DAY)
        planted.write_text("[source", encoding="utf-8")
        add_pack(store, pack, dict(CHECKS))
        planted.unlink()
        assert len(all_clauses(store)) == len(register()) + 1


def test_a_pack_without_clauses_is_refused(office: Path, pack: Path) -> None:
    pack.write_text(pack.read_text(encoding="utf-8").split("[clause.")[0] + "[clause]\n", encoding="utf-8")
    with Store.open(office) as store, pytest.raises(UserError, match="clause"):
        add_pack(store, pack, dict(CHECKS))


def test_what_was_changed_beside_the_ledger_is_told(office: Path, pack: Path) -> None:
    """A pack edited, put in or taken away by hand; one that was replaced by its next edition is none of it."""

    def told() -> list[tuple[str, bool]]:
        with Store.open(office, read_only=True) as store:
            return [(p.kind, p.grave) for p in verify(store)]

    with Store.open(office) as store:
        add_pack(store, pack, dict(CHECKS))
        place = folder_of(store)
    assert place is not None
    file = place / "YZ26.toml"
    assert told() == []
    content = file.read_text(encoding="utf-8")
    file.write_text(content.replace("不少于", "不多于", 1), encoding="utf-8")
    assert told() == [("rules", True)]
    file.write_text(content, encoding="utf-8")
    (place / "AB.toml").write_text("", encoding="utf-8")
    assert told() == [("rules", True)]
    (place / "AB.toml").unlink()
    file.unlink()
    assert told() == [("rules", False)]
    pack.write_text(content.replace("差了怎么办", "还差的话"), encoding="utf-8")
    with Store.open(office) as store:
        add_pack(store, pack, dict(CHECKS))
        add_pack(store, pack, dict(CHECKS))
    assert told() == []
