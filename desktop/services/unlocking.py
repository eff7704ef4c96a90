"""Whether what a person typed opens the ledger that is open."""

from db.errors import Locked
from db.storage import vault
from db.storage.store import Store

LOCK_MINUTES = 10  # without a sign of a person, where the settings say nothing else


def has_password(store: Store) -> bool:
    """Tell whether the ledger asks for a password; never in memory."""
    return store.path is not None and bool(vault.examine(store.path)["has_password"])


def prove(store: Store, typed: str, is_code: bool) -> None:
    """Return where the password, or the recovery code, opens this ledger; raise `Locked` where it does not."""
    assert store.path is not None
    secret = vault.unlock(store.path, recovery_code=typed) if is_code else vault.unlock(store.path, typed)
    if secret != store.secret:
        raise Locked("恢复码不是这份台账的，没有解锁。请核对后再试")
