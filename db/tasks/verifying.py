"""Examine a ledger: pages, schema, triggers, log, high-water mark, attachments; each look by itself, so that one answers
where another cannot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from db.errors import DataFileError, Drifted, Locked, NewerDatabase
from db.rules.local_packs import strayed
from db.storage import access, keys, schema, seal, vault
from db.storage.store import Store
from db.tasks.attachments import examine as examine_files
from db.tasks.editions import untrue


@dataclass(frozen=True)
class Problem:
    """One thing found: its `kind` (``page schema trigger chain mark attachment rules key journal``), and `what` in words.

    `grave` is False where nothing is lost: something healed, or a file more than is registered.
    """

    kind: str
    what: str
    grave: bool = True


def verify_file(opening: Callable[[], Store]) -> list[Problem]:
    """Open a ledger for reading and examine it; what keeps it from being opened is a problem, never an error."""
    try:
        store = opening()
    except Locked as error:
        return [Problem("key", str(error))]
    except (NewerDatabase, Drifted) as error:
        return [Problem("schema", str(error))]
    except DataFileError as error:
        return [Problem("page", str(error))]
    with store:
        return verify(store)


def verify(store: Store) -> list[Problem]:
    """Examine an open ledger; nothing is written."""
    found = []
    if store.opened.healed:
        found.append(Problem("journal", "上次没有正常关闭，已自动接上；已保存的内容都在", grave=False))
    looks: tuple[tuple[str, str, Callable[[Store], Iterator[Problem]]], ...] = (
        ("page", "数据页", _pages), ("page", "数据结构", _structure), ("schema", "表结构", _schema),
        ("chain", "历史记录", _log), ("chain", "各条记录", _rows), ("chain", "报送版", _editions),
        ("mark", "高水位标记", _mark), ("attachment", "附件", _files),
        ("rules", "本地规则", _rules), ("key", "钥匙", _keys),
    )  # fmt: skip
    for kind, about, look in looks:
        try:
            found += look(store)
        except DataFileError:
            found.append(Problem(kind, f"{about}因文件损坏无法查完"))
    return found


def _pages(store: Store) -> Iterator[Problem]:
    if store.path is None:
        return
    if store.opened.copied and store.secret is not None:  # the pages are the file's
        bad = vault.damaged_pages(store.path, store.secret)
    else:
        bad = len(store.db.execute("PRAGMA cipher_integrity_check").fetchall())
    if bad:
        yield Problem("page", f"校验不符的数据页 {bad} 处")


def _structure(store: Store) -> Iterator[Problem]:
    bad = [row for row in store.db.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    if bad:
        yield Problem("page", f"结构损坏 {len(bad)} 处")
    if tables := {str(row[0]) for row in store.db.execute("PRAGMA foreign_key_check").fetchall()}:
        yield Problem("chain", f"引用不一致的表 {len(tables)} 个")


def _schema(store: Store) -> Iterator[Problem]:
    for kind, name in schema.differences(store.db):
        words = "记录历史的触发器" if kind == "trigger" else "表结构"
        yield Problem(kind, f"{words}与程序不符：{name}")


def _editions(store: Store) -> Iterator[Problem]:
    for words in untrue(store):
        yield Problem("chain", words)


def _log(store: Store) -> Iterator[Problem]:
    if store.log_key is not None:
        for what in seal.broken(store.db, store.log_key):
            yield Problem("chain", what)


def _rows(store: Store) -> Iterator[Problem]:
    for what in seal.strayed(store.db):
        yield Problem("chain", what)


def _mark(store: Store) -> Iterator[Problem]:
    if store.put_back:
        yield Problem("mark", "台账比这台电脑上次看到的旧，或末尾的记录被截去；如果不是您从备份恢复的，请查明原因")


def _rules(store: Store) -> Iterator[Problem]:
    for what, grave in strayed(store):
        yield Problem("rules", what, grave)


def _keys(store: Store) -> Iterator[Problem]:
    if store.path is None:
        return
    slot, last = keys.read_slot(keys.slot_file(store.path)), access.generation(store.db)
    waiting = keys.read_slot(keys.waiting_slot(store.path))
    if waiting.get("generation") == last:
        slot = waiting  # the change of password was stopped at its last step, which the next start takes
    if slot.get("vault") != vault.id_of(store.db):
        yield Problem("key", "钥匙文件丢失、损坏或是另一份台账的；请用恢复码打开，再设一次密码")
    elif "sealed" in slot and int(slot.get("generation", 0)) < last:
        yield Problem("key", "钥匙文件比台账旧，是以前的密码；请用恢复码打开，再设一次密码")
    elif "sealed" not in slot and access.fact(store.db, "password") == "required":
        yield Problem("key", "台账设有密码，钥匙文件里却没有；请用恢复码打开，再设一次密码")


def _files(store: Store) -> Iterator[Problem]:
    if store.files is None:
        return
    found = examine_files(store)
    for name, words in (("missing", "缺失的附件"), ("damaged", "损坏的附件")):
        if found[name]:
            yield Problem("attachment", f"{words} {len(found[name])} 个")
    if found["extra"]:
        yield Problem("attachment", f"多出的附件文件 {len(found['extra'])} 个", grave=False)
