"""换一个恢复码: the ledger, its attachments and its slots under another secret, made as a copy that takes their place.

Who knew the old code, or had an old slot and its password, cannot open what is written from now on. The old ledger is
kept aside and opens by the old code still, as older backups do: they are the person's to delete.
"""

import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from db import places
from db.errors import DiskTrouble, NotOurFile, UserError
from db.records.entities import ENTITIES
from db.storage import access, keys, lock, swap, vault
from db.storage.attachment_files import FileBox
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks.restoring import examined, name_aside, put_in_place

_FAILED = "没有换恢复码：磁盘已满或不可写。原来的恢复码仍然有效，没有改动任何数据"


@dataclass(frozen=True)
class Renewed:
    """The secret that opens the ledger now, where the old one lies, and how many operators need a new password of their own."""

    secret: Secret
    aside: Path
    without: int = 0


def renew(ledger: Path, secret: Secret, at: dt.datetime, password: str | None = None) -> Renewed:
    """Give a closed ledger another secret; stopped anywhere, the next start has the old one or the new one, whole.

    A ledger with a password needs it (or another one) again, since only the program's own slot wraps the new secret.
    Raises `InUse` where the ledger is open, `NotOurFile` where it or an attachment is damaged, `UserError` for a
    password that lacks or is too short, `DiskTrouble`; nothing has changed then.
    """
    required = bool(vault.examine(ledger)["has_password"])
    if required and password is None:
        raise UserError("这份台账设有密码，换恢复码时请再给出密码。没有改动任何数据")
    if password is not None:
        keys.check_new(password)
    try:
        held = lock.hold(ledger)
    except OSError:
        raise DiskTrouble(_FAILED) from None
    try:
        swap.settle(ledger)
        vault._recover(ledger, secret)
        vault._probe(ledger, secret)
        before = examined(ledger, secret)
        prepared, new = swap.work_of(ledger) / ledger.name, Secret.new()
        shutil.rmtree(prepared.parent, ignore_errors=True)
        prepared.parent.mkdir(mode=0o700)
        vault.copy_under(ledger, secret, prepared, new)
        _bring_files(ledger, secret, prepared, new)
        _bring_rules(ledger, prepared)
        without = _take_up(prepared, secret, new, password)
        after = examined(prepared, new)
        if any(before[e.name] != after[e.name] for e in ENTITIES):
            raise NotOurFile("换恢复码时核对不符，没有换。没有改动任何数据；请运行 boai verify 查看")
        aside = name_aside(ledger, at, "换恢复码前")
        put_in_place(ledger, aside, new, after)
        keys.forget_account_slots(vault.data_folder(), vault.id_in(ledger, new), but=None if required else new)
        return Renewed(new, aside, without)
    except (OSError, driver.OperationalError):
        raise DiskTrouble(_FAILED) from None
    finally:
        if not swap.is_pending(ledger):
            shutil.rmtree(swap.work_of(ledger), ignore_errors=True)
        lock.let_go(held)


def _bring_files(ledger: Path, secret: Secret, prepared: Path, new: Secret) -> None:
    old, box = FileBox(ledger, secret.file_key()), FileBox(prepared, new.file_key())
    for sha256 in sorted(old.there()):
        try:
            box.put(old.get(sha256))
        except NotOurFile:
            raise NotOurFile("有附件已损坏，没有换恢复码。请先从备份恢复附件，或删去它的登记和文件") from None


def _bring_rules(ledger: Path, prepared: Path) -> None:
    """Copy the local packs, on the disk before the swap: the new ledger knows their content, and a power cut keeps no
    copy that was not flushed."""
    folder = prepared.with_name(prepared.name + ".rules")
    packs = [p for p in ledger.with_name(ledger.name + ".rules").glob("*") if p.is_file()]
    for pack in packs:
        target = folder / pack.name
        part, file = places.part_of(target)
        with pack.open("rb") as source, file as out:
            shutil.copyfileobj(source, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
    if packs:
        places.sync(folder)


def _take_up(prepared: Path, old: Secret, new: Secret, password: str | None) -> int:
    """Write the slots of the new secret, and let the ledger know of them; return how many operators lose their own."""
    vault_id = vault.id_in(prepared, new)
    if password is None:
        keys.write_id(prepared, vault_id, new)
        keys.write_account_slot(vault.data_folder(), vault_id, new)
    db = vault._connect(prepared, new, "rw")
    try:
        with db.atomic():  # before anything is sealed in it
            access.put(db, "log_key", access.log_key(db, old).hex())
            access.put(db, "sign_key", access.sign_key(db, old).hex())
    finally:
        db.close()
    with Store.reopen(prepared, new) as store:
        with store.operation("换恢复码", "event"):
            access.put(store.db, "code_confirmed", "")
            generation = access.generation(store.db) + (password is not None)
            access.put(store.db, "slot_generation", str(generation))
            without = len(access.operators(store.db))
            for who in (*access.operators(store.db), *access.gone(store.db)):  # their slots are of the old secret
                access.put_operator(store.db, who, None)
        if password is not None:
            keys.write_password_slot(keys.slot_file(prepared), vault_id, new, password, generation)
    return without
