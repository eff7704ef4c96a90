"""Passwords that operators have of their own, where an office wants it: who opens the ledger by one is that person.

Each is a slot beside the office's (`db.storage.keys`); the ledger knows whose it is and which is the last. It goes with the
person: who is no longer on the staff list opens nothing. Where nobody has one, nobody is asked.
"""

import contextlib
import secrets
from dataclasses import replace

from db.errors import DiskTrouble, Locked, Refused, UserError, WrongPassword
from db.storage import access, keys, vault
from db.storage.access import Operator
from db.storage.keys import Secret
from db.storage.store import Store


def names(store: Store) -> set[str]:
    """Return who has a password of their own."""
    return {operator.name for operator in access.operators(store.db).values()}


def on_staff(store: Store, name: str) -> bool:
    """Tell whether somebody is on the staff list."""
    return bool(store.query("SELECT 1 FROM staff WHERE name = ?", [name]))


def opened_by(store: Store) -> str:
    """Return whose own password opened the ledger; empty where the office's, the code or the account did."""
    return _name_of(store, store.secret)


def _name_of(store: Store, secret: Secret | None) -> str:
    known = access.operators(store.db).get(secret.who) if secret is not None and secret.by == "operator" else None
    return known.name if known is not None else ""


def set_password(store: Store, name: str, password: str) -> None:
    """Give an operator a password of their own, or another one; logged, without the password.

    Where it fails, what opened before opens still. Raises `UserError` for a password too short or taken, somebody who is
    not on the staff list, or a ledger without a password; `Refused` for who may not; `DiskTrouble`.
    """
    path, secret = store.path, store.secret
    if path is None or secret is None or "sealed" not in keys.read_slot(keys.slot_file(path)):
        raise UserError("台账还没有密码，各人另设密码没有用处。请先设台账的密码，再给各人设")
    if not on_staff(store, name):
        raise UserError(f"经办人员里没有“{name}”，没有设置密码。请先在“设置”的“经办人员”里登记")
    _refuse_others(store, name)
    keys.check_new(password)
    there = access.operators(store.db)
    who = next((w for w, o in there.items() if o.name == name), "")
    if not who and len(there) >= keys.MOST_OPERATORS:
        raise UserError(f"另设密码的人已有 {len(there)} 个，不能再多。没有设置")
    _refuse_taken(store, who, password)
    generation = there[who].generation + 1 if who else 1
    who = who or secrets.token_hex(8)
    try:
        keys.add_operator_slot(path, secret, password, generation, who)
    except OSError:
        raise DiskTrouble("密码没有设置：写不了密码文件。原来的打开方式还有效，请检查磁盘后再试") from None
    try:
        with store.operation("设置经办人的密码", "event", detail=f"{name}，第 {generation} 次"):
            access.put_operator(store.db, who, Operator(name, generation))
    finally:  # what the ledger does not know goes again
        _settle(store)
    if secret.who == who:
        store.secret = replace(secret, generation=generation)  # opens it again in this session


def remove_password(store: Store, name: str) -> None:
    """Let an operator have no password of their own any more. Raises `UserError` where there is none, `Refused` for who
    may not."""
    who = next((w for w, o in access.operators(store.db).items() if o.name == name), None)
    if who is None:
        raise UserError(f"“{name}”没有另设密码，没有改动")
    _refuse_others(store, name)
    with store.operation("取消经办人的密码", "event", detail=name):
        access.put_operator(store.db, who, None)
    _settle(store)


def prove(store: Store, name: str, password: str) -> None:
    """Return where an operator may take over: by their own password, or without one where they have none.

    Raises `Locked`; wrong passwords are counted as at opening.
    """
    found = next(((w, o) for w, o in access.operators(store.db).items() if o.name == name), None)
    if found is None or store.path is None:
        return
    folder = vault.data_folder()
    access.refuse_early(folder, store.path)
    try:
        secret = keys.read_operator_slot(store.path, password, found[0], found[1].generation)
    except WrongPassword:
        access.was_wrong(folder, store.path)
        raise
    if secret != store.secret:
        raise Locked("密码文件不是这份台账的。数据没有变动；请用台账的密码或恢复码打开，再重新设置")
    access.was_right(folder, store.path)


def prove_any(store: Store, typed: str, is_code: bool) -> str:
    """Return whose own password was typed, or nothing for the office's and for the recovery code (`is_code`), where it
    opens this ledger; raise `Locked` where it does not."""
    assert store.path is not None
    secret = vault.unlock(store.path, recovery_code=typed) if is_code else vault.unlock(store.path, typed)
    if secret != store.secret:
        raise Locked("恢复码不是这份台账的，没有解锁。请核对后再试")
    access.check(store.db, secret)
    access.was_right(vault.data_folder(), store.path)
    return _name_of(store, secret)


def set_office_password(store: Store, password: str) -> None:
    """Change the office's own password, as `Store.set_password` does; raises `Refused` for who may not."""
    _refuse_others(store, "")
    store.set_password(password)


def _refuse_others(store: Store, name: str) -> None:
    """Who came in by a password of their own sets nobody else's and not the office's, unless they are the administrator."""
    own = opened_by(store)
    if own and own != name and not store.query("SELECT 1 FROM staff WHERE name = ? AND role = 'admin'", [own]):
        whose = f"“{name}”" if name else "台账"
        raise Refused(
            f"这次是用“{own}”自己的密码打开的，不能改{whose}的密码，没有改动。请用台账的密码打开，或请管理员来改"
        )


def _refuse_taken(store: Store, who: str, password: str) -> None:
    """A password says who somebody is: no two may have the same."""
    assert store.path is not None
    with contextlib.suppress(Locked):
        secret = keys.read_password_slot(store.path, password)
        if secret.who != who or not who:
            raise UserError("这个密码不能用，没有设置。请换一个")


def _settle(store: Store) -> None:
    assert store.path is not None
    keys.keep_operator_slots(store.path, {who: o.generation for who, o in access.operators(store.db).items()})
