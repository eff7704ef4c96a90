"""Operators' own passwords: who opens by one is that person, and an old or a gone one opens nothing."""

import contextlib
import json
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from db import bounded
from db.errors import DiskTrouble, Locked, Refused, UserError, WrongPassword
from db.records.internal_entities import STAFF
from db.storage import access, driver_errors, keys, vault
from db.storage.store import Store
from db.tasks import operators, renewing
from db.tasks.verifying import verify
from desktop.__main__ import main
from tests.qa.office import AT

OFFICE_WORD, CHEN, ZHOU = "白鹿原上 1987", "三棵枣树 1988", "一条大河 1989"
NEW_WORD = "青青河边 1990"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed ledger with a password, three people, and a password of one of them."""
    monkeypatch.setattr(keys, "_TIME", 1)
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    place = tmp_path / "ledger.boai-db"
    store, secret = Store.create(place, OFFICE_WORD)
    with store:
        with store.operation("登记"):
            for name, role in (("陈立", "preparer"), ("周敏", "reviewer"), ("李安", "admin")):
                store.save(STAFF, {"name": name, "role": role})
        operators.set_password(store, "陈立", CHEN)
        assert verify(store) == []
    (tmp_path / "code").write_text(secret.code())
    return place


def test_who_opens_by_a_password_of_their_own_is_that_person(path: Path) -> None:
    with Store.open(path, CHEN) as store:
        assert store.actor == operators.opened_by(store) == "陈立"
        with store.operation("新增"):
            store.save(STAFF, {"name": "王", "role": "head"})
        assert store.query("SELECT actor FROM operation ORDER BY id DESC LIMIT 1")[0]["actor"] == "陈立"
    with Store.open(path, OFFICE_WORD) as store:
        assert operators.opened_by(store) == ""
        assert operators.names(store) == {"陈立"}


def test_an_old_slot_file_does_not_open_a_newer_ledger(path: Path) -> None:
    old = keys.slot_file(path).read_bytes()
    with Store.open(path, OFFICE_WORD) as store:
        operators.set_password(store, "陈立", ZHOU)
    with pytest.raises(WrongPassword):
        Store.open(path, CHEN)
    Store.open(path, ZHOU).close()
    keys.slot_file(path).write_bytes(old)
    for read_only in (True, False):
        with pytest.raises(Locked, match="以前的密码"):
            Store.open(path, CHEN, read_only=read_only)
    Store.open(path, OFFICE_WORD).close()


def test_who_leaves_opens_it_no_more(path: Path) -> None:
    with Store.open(path, OFFICE_WORD) as store, store.operation("离开"):
        store.delete(STAFF, [row["id"] for row in store.rows(STAFF) if row["name"] == "陈立"])
    kept = keys.slot_file(path).read_bytes()
    with pytest.raises(Locked, match="不在经办人员"):
        Store.open(path, CHEN)
    with Store.open(path, OFFICE_WORD) as store:
        assert keys.operator_slots(path) == []
        with store.operation("同名的人来了"):
            store.save(STAFF, {"name": "陈立", "role": "head"})
    keys.slot_file(path).write_bytes(kept)
    with pytest.raises(Locked):
        Store.open(path, CHEN)


def test_a_password_that_is_taken_away_opens_nothing(path: Path) -> None:
    kept = keys.slot_file(path).read_bytes()
    with Store.open(path, OFFICE_WORD) as store:
        operators.remove_password(store, "陈立")
        operators.prove(store, "陈立", "")  # nobody is asked any more
    with pytest.raises(WrongPassword):
        Store.open(path, CHEN)
    keys.slot_file(path).write_bytes(kept)
    with pytest.raises(Locked):
        Store.open(path, CHEN)


def test_taking_over_needs_the_password_of_who_takes_over(path: Path) -> None:
    with Store.open(path, OFFICE_WORD) as store:
        operators.prove(store, "周敏", "")
        operators.prove(store, "陈立", CHEN)
        for wrong in ("", OFFICE_WORD, ZHOU):
            with pytest.raises(WrongPassword):
                operators.prove(store, "陈立", wrong)
        assert operators.prove_any(store, CHEN, False) == "陈立"
        assert operators.prove_any(store, OFFICE_WORD, False) == ""


def test_only_who_may_changes_it(path: Path) -> None:
    with Store.open(path, CHEN) as store:
        for change in (
            lambda: operators.set_password(store, "周敏", ZHOU),
            lambda: operators.set_office_password(store, ZHOU),
        ):
            with pytest.raises(Refused):
                change()
        operators.set_password(store, "陈立", CHEN + "新")
    with Store.open(path, OFFICE_WORD) as store:
        for taken in (OFFICE_WORD, CHEN + "新"):
            with pytest.raises(UserError, match="换一个"):
                operators.set_password(store, "周敏", taken)
        with pytest.raises(UserError, match="没有“无名”"):
            operators.set_password(store, "无名", ZHOU)
        operators.set_password(store, "李安", ZHOU)
    with Store.open(path, ZHOU) as store:  # the administrator
        operators.set_password(store, "周敏", "九月十五 2026")
    Store.open(path, "九月十五 2026").close()


def test_where_it_fails_what_opened_before_opens_still(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path, OFFICE_WORD) as store:
        with monkeypatch.context() as failing:
            failing.setattr(access, "put_operator", lambda *_: 1 // 0)
            with pytest.raises(ZeroDivisionError):
                operators.set_password(store, "陈立", ZHOU)
        assert len(keys.operator_slots(path)) == 1
        assert store.secret is not None
        keys.add_operator_slot(path, store.secret, ZHOU, 2, keys.operator_slots(path)[0]["who"])  # stopped half way
    with pytest.raises(Locked, match="没有做完"):
        Store.open(path, ZHOU)
    Store.open(path, CHEN).close()
    assert len(keys.operator_slots(path)) == 1


def test_no_kind_of_slot_becomes_another(path: Path) -> None:
    """An operator's slot put where the office's lies opens as the operator, or not at all."""
    place = keys.slot_file(path)
    slot = json.loads(place.read_text())
    own = slot["operators"][0]
    place.write_text(json.dumps(own))
    assert keys.read_password_slot(path, CHEN).by == "operator"
    place.write_text(json.dumps({k: v for k, v in own.items() if k != "who"}))
    with pytest.raises(Locked):
        keys.read_password_slot(path, CHEN)


def test_the_office_password_leaves_them_and_a_new_code_takes_them(path: Path) -> None:
    with Store.open(path, OFFICE_WORD) as store:
        store.set_password(ZHOU)
        secret = store.secret
    assert secret is not None
    Store.open(path, CHEN).close()
    done = renewing.renew(path, secret, AT, ZHOU)
    assert done.without == 1
    with pytest.raises(WrongPassword):
        Store.open(path, CHEN)
    with Store.open(path, ZHOU) as store:
        assert operators.names(store) == set()
        assert [p for p in verify(store) if p.grave] == []


def test_without_a_password_of_the_office_there_is_none_of_anybody(tmp_path: Path) -> None:
    store, _ = Store.create(tmp_path / "l.boai-db")
    with store:
        with store.operation("登记"):
            store.save(STAFF, {"name": "陈立", "role": "preparer"})
        with pytest.raises(UserError, match="先设台账的密码"):
            operators.set_password(store, "陈立", CHEN)


def test_the_command_line(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    (tmp_path / "new").write_text(ZHOU, encoding="utf-8")
    start = ["--db", str(path)]
    monkeypatch.setenv("BOAI_PASSWORD", OFFICE_WORD)
    assert main([*start, "operator", "周敏", "--new-password-file", str(tmp_path / "new")]) == 0
    assert main([*start, "operator"]) == 0
    assert "周敏　另设了密码\n陈立　另设了密码" in capsys.readouterr().out
    assert main([*start, "--operator", "陈立", "rules"]) == 2
    assert main([*start, "--operator", "无名", "rules"]) == 2
    assert main([*start, "--operator", "李安", "rules"]) == 0
    monkeypatch.setenv("BOAI_PASSWORD", CHEN)
    assert main([*start, "--operator", "陈立", "rules"]) == 0
    assert main([*start, "new-code"]) == 2
    monkeypatch.setenv("BOAI_PASSWORD", ZHOU)
    assert main([*start, "rules"]) == 0
    assert main([*start, "operator", "周敏", "--remove"]) == 0
    assert main([*start, "rules"]) != 0


@pytest.mark.parametrize("act", ["another's", "another own", "the office's", "who left", "opened"])
def test_a_slot_file_that_cannot_be_read_for_a_moment_loses_no_password(
    path: Path, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus scanner holds it at any one look: what is written back afterwards holds every key that it held."""
    real, content = bounded.json_of, path.read_bytes()
    slots = keys.slot_file(path).read_bytes()
    for number in range(1, 12):
        path.write_bytes(content)
        keys.slot_file(path).write_bytes(slots)
        keys.waiting_slot(path).unlink(missing_ok=True)
        for mark in path.parent.rglob("*.mark"):
            mark.unlink()
        seen: list[Path] = []

        def held(place: Path, largest: int, number: int = number, seen: list[Path] = seen) -> object:
            if place.name.startswith(path.name + ".keys"):
                seen.append(place)
                if len(seen) == number:
                    raise PermissionError(13, "held")
            return real(place, largest)

        with monkeypatch.context() as scanner, contextlib.suppress(DiskTrouble):
            scanner.setattr(keys.bounded, "json_of", held)
            _act(path, act)
        chen = ZHOU if act == "another own" else CHEN
        opened = [word for word in (OFFICE_WORD, NEW_WORD) if _opens(path, word)]
        assert len(opened) == 1, (number, opened)
        if act != "who left":
            assert _opens(path, CHEN) or _opens(path, chen), number
        if len(seen) < number:
            break
    assert len(seen) < number, "every look was tried"


def _act(path: Path, act: str) -> None:
    with Store.open(path, OFFICE_WORD) as store:
        if act == "another's":
            operators.set_password(store, "周敏", ZHOU)
        elif act == "another own":
            operators.set_password(store, "陈立", ZHOU)
        elif act == "the office's":
            store.set_password(NEW_WORD)
        elif act == "who left":
            with store.operation("删除"):
                store.delete(STAFF, [row["id"] for row in store.rows(STAFF) if row["name"] == "陈立"])  # type: ignore[misc]
    if act == "who left":
        Store.open(path, OFFICE_WORD).close()


def _opens(path: Path, word: str) -> bool:
    try:
        Store.open(path, word).close()
    except Locked:
        return False
    return True


@pytest.mark.parametrize("renewed", [False, True])
def test_a_fact_that_cannot_be_read_for_a_moment_is_not_taken_for_none(
    path: Path, renewed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key goes, no slot that waits, and nothing is sealed with another key than the log's."""
    if renewed:  # from then on the log's key is a fact
        renewing.renew(path, vault.unlock(path, OFFICE_WORD), AT, OFFICE_WORD)
    real = driver_errors.Cursor.execute
    before, number, hits = _state(path), 0, 1
    while hits >= number:
        number, hits = number + 1, 0

        def fails(cursor: driver_errors.Cursor, sql: str, *rest: object, number: int = number) -> object:
            nonlocal hits
            if sql.lstrip().startswith("SELECT") and "ledger_fact" in sql:
                hits += 1
                if hits == number:
                    error = driver.OperationalError("disk I/O error")
                    error.sqlite_errorname = "SQLITE_IOERR_READ"
                    raise driver_errors._told(error)
            return real(cursor, sql, *rest)

        with monkeypatch.context() as failing, contextlib.suppress(DiskTrouble):
            failing.setattr(driver_errors.Cursor, "execute", fails)
            with Store.open(path, OFFICE_WORD) as store, store.operation("新增"):
                store.save(STAFF, {"name": f"新人{number}", "role": "preparer"})
        assert _state(path) == before, number
        if not renewed:
            assert _opens(path, CHEN), number
        with Store.open(path, OFFICE_WORD) as store:
            assert verify(store) == [], number
    assert number > 3


def _state(path: Path) -> tuple[int, ...]:
    with Store.open(path, OFFICE_WORD) as store:
        return (len(keys.operator_slots(path)), access.generation(store.db), len(access.operators(store.db)))
