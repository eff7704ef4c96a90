"""What `verify` names: whatever was changed past the program, and nothing where nothing was."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from db.records.entities import TOWNSHIP
from db.storage import mark, vault
from db.storage.store import Store
from db.tasks.attachments import attach
from db.tasks.verifying import Problem, verify, verify_file
from tests.offices.small import Desk


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A closed ledger with some rows, a file, something undone and something deleted."""
    path = tmp_path / "台账" / "ledger.boai-db"
    store, _ = Store.create(path)
    with store:
        desk = Desk(store)
        desk.join(desk.team(), desk.person())
        proof = tmp_path / "凭证.txt"
        proof.write_text("发票", encoding="utf-8")
        attach(store, proof, on=dt.date(2026, 9, 21))
        for name in ("甲镇", "乙镇", "丙镇"):
            with store.operation(f"新增{name}"):
                row = store.save(TOWNSHIP, {"name": name})
        store.undo()
        store.redo()
        with store.operation("删除"):
            store.delete(TOWNSHIP, [row])
        store.note("导出完整号码", "核对保单")
    return path


def _kinds(path: Path) -> set[str]:
    return {p.kind for p in verify_file(lambda: Store.open(path, read_only=True))}


def _by_hand(path: Path, *statements: str) -> None:
    """Change the file as somebody with its key and another program would."""
    db = vault._connect(path, vault.unlock(path), "rw")
    for statement in statements:
        db.execute(statement)
    db.conn.commit()
    db.close()


def test_a_whole_ledger_has_nothing(ledger: Path) -> None:
    assert verify_file(lambda: Store.open(ledger, read_only=True)) == []
    with Store.open(ledger) as store:
        assert verify(store) == []


def test_a_lost_file_and_one_too_many(ledger: Path) -> None:
    box = ledger.with_name(ledger.name + ".files")
    (file,) = (p for p in box.rglob("*") if p.is_file())
    other = box / "aa" / ("aa" + "0" * 62)
    other.parent.mkdir(exist_ok=True)
    shutil.copy(file, other)
    assert verify_file(lambda: Store.open(ledger, read_only=True)) == [
        Problem("attachment", "多出的附件文件 1 个", grave=False)
    ]
    file.unlink()
    assert any(p.grave for p in verify_file(lambda: Store.open(ledger, read_only=True)))


def test_a_file_that_was_taken_back_is_not_one_too_many(ledger: Path, tmp_path: Path) -> None:
    """It stays for 重做, and nobody is alarmed."""
    (tmp_path / "二.txt").write_text("二", encoding="utf-8")
    with Store.open(ledger) as store:
        attach(store, tmp_path / "二.txt", on=dt.date(2026, 9, 21))
        store.undo()
        assert verify(store) == []
        store.redo()
        assert verify(store) == []


_NO_TRIGGER = "DROP TRIGGER audit_township_update"
_TAMPERING: dict[str, tuple[str, tuple[str, ...]]] = {
    "a row changed": ("chain", (_NO_TRIGGER, "UPDATE township SET name = 'X' WHERE id = 1")),
    "a row put in": ("chain", ("DROP TRIGGER audit_township_insert", "INSERT INTO township (name, uid) VALUES ('X', 'x')")),
    "a row taken out": ("chain", ("DROP TRIGGER audit_township_delete", "DELETE FROM township WHERE id = 1")),
    "a log line reworded": ("chain", ("UPDATE operation SET title = 'X' WHERE id = 3",)),
    "another actor": ("chain", ("UPDATE operation SET actor = 'X' WHERE id = 3",)),
    "a day moved": ("chain", ("UPDATE operation SET at = '2020-01-01' WHERE id = 3",)),
    "what was before": ("chain", ("UPDATE change SET after = replace(after, '甲', '丁') WHERE record = 'township'",)),
    "a change taken out": ("chain", ("DELETE FROM change WHERE id = 5",)),
    "a change put in": ("chain", ("INSERT INTO change (operation_id, record, row_id, after) VALUES (2, 'township', 99, '{}')",)),
    "two changes swapped": ("chain", ("UPDATE change SET row_id = row_id + 100 WHERE id IN (1, 2)",)),
    "an operation taken out": (
        "chain", ("PRAGMA foreign_keys = OFF", "DELETE FROM change WHERE operation_id = 4", "DELETE FROM operation WHERE id = 4"),
    ),
    "an operation put in": (
        "chain", ("INSERT INTO operation (id, uid, origin, kind, title, at) SELECT 99, 'x', origin, 'event', 'X', at FROM operation LIMIT 1",),
    ),
    "a seal taken off": ("chain", ("UPDATE operation SET seal = NULL WHERE id = 3",)),
    "a change called erased": ("chain", ("UPDATE change SET erased_by = 1, after = '{}' WHERE id = 6",)),
    "a trigger that lies": (
        "trigger", (_NO_TRIGGER, "CREATE TRIGGER audit_township_update AFTER UPDATE ON township BEGIN SELECT 1; END"),
    ),
    "a trigger too many": ("trigger", ("CREATE TRIGGER evil AFTER INSERT ON operation BEGIN SELECT 1; END",)),
    "a trigger too few": ("trigger", (_NO_TRIGGER,)),
    "a table too many": ("schema", ("CREATE TABLE evil (x)",)),
    "an index too few": ("schema", ("DROP INDEX township_key",)),
    "the end cut off": ("mark", ("DELETE FROM operation WHERE id = (SELECT max(id) FROM operation)",)),
}  # fmt: skip


@pytest.mark.parametrize("name", _TAMPERING)
def test_what_was_changed_past_the_program_is_named(ledger: Path, name: str) -> None:
    kind, statements = _TAMPERING[name]
    _by_hand(ledger, *statements)
    assert kind in _kinds(ledger)


@pytest.mark.parametrize("marks", ["both", "beside", "account"])
def test_an_old_file_put_back_is_told(ledger: Path, marks: str) -> None:
    """Either of the two marks tells it, also after more was written, until somebody says that it is so."""
    old = ledger.read_bytes()
    with Store.open(ledger) as store:
        store.note("后来")
        beside, account = store.marks
    ledger.write_bytes(old)
    if marks == "beside":
        account.unlink()
    elif marks == "account":
        beside.unlink()
    assert _kinds(ledger) == {"mark"}
    with Store.open(ledger) as store:
        for _ in range(3):
            store.note("继续写")
    assert _kinds(ledger) == {"mark"}
    with Store.open(ledger) as store:
        store.mark_anew()
    assert _kinds(ledger) == set()


def test_the_accounts_mark_is_never_far_behind_and_never_ahead(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a kill it lacks fewer than `EVERY` operations, or less than `SECONDS`; a clean close leaves both alike."""

    def numbers(store: Store) -> list[int]:
        read = [mark.read(place, store.secret.log_key()) for place in store.marks]  # type: ignore[union-attr]
        return [m.number if m else 0 for m in read]

    with Store.open(ledger) as store:
        for _ in range(3 * mark.EVERY):
            with store.operation("一步", "event") as done:
                pass
            beside, account = numbers(store)
            assert beside == done.id
            assert beside - mark.EVERY < account <= beside
        monkeypatch.setattr(mark, "SECONDS", 0.0)
        store.note("过了半分钟")
        assert len(set(numbers(store))) == 1
        monkeypatch.setattr(mark, "SECONDS", 30.0)
        store.note("最后一步")
    with Store.open(ledger, read_only=True) as store:
        assert len(set(numbers(store))) == 1
        assert numbers(store)[0] == store.query("SELECT max(id) AS id FROM operation")[0]["id"]


def test_what_was_rolled_back_leaves_the_chain_whole(ledger: Path) -> None:
    """The seal that the next one stands on is the last that was kept."""
    with Store.open(ledger) as store:
        store.note("一")
        with pytest.raises(ZeroDivisionError), store.operation("不成", "event"):
            raise ZeroDivisionError
        with store.operation("没有改动"):
            pass
        store.note("二")
        assert verify(store) == []


def test_a_mark_that_is_torn_or_foreign_is_no_alarm(ledger: Path) -> None:
    with Store.open(ledger, read_only=True) as store:
        marks = store.marks
    changes: list[Callable[[bytes], bytes]] = [
        lambda c: c[:3],
        lambda c: b"",
        lambda c: bytes(len(c)),
        lambda c: c[:600],
    ]
    for change in changes:
        for place in marks:
            content = place.read_bytes()
            place.write_bytes(change(content))
        assert _kinds(ledger) == set()
        for place in marks:
            place.write_bytes(content)


def test_what_was_erased_leaves_its_hash(ledger: Path) -> None:
    """The content goes, the chain holds."""
    with Store.open(ledger) as store:
        with store.operation("删除个人信息", "event") as operation:
            store.db.execute(
                "UPDATE change SET before = NULL, after = '{}', erased_by = ? WHERE record = 'volunteer'",
                [operation.id],
            )
        assert verify(store) == []
