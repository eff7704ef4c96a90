"""Keys, for window and command line: how a ledger may be opened, passwords, and the recovery code that must be kept.

Opening itself is `Store.open`: wrong passwords are counted there (`WrongPassword`), and from the fifth on it raises
`MustWait` with the seconds.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from pathlib import Path

from db.storage import access, keys, vault
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import renewing

PASSWORD_RULE = f"密码至少 {keys.SHORTEST} 个字符"
ASKED = 4  # characters of the recovery code that are typed back
LOCK_MINUTES = 10  # without a sign of a person, where the settings say nothing else
_GROUP = 5  # characters of a group


@dataclass(frozen=True)
class WayIn:
    """How a ledger may be opened: by a password, by this account alone, and how long before a password may be tried."""

    password: bool
    account: bool
    wait: int  # seconds; the recovery code need not wait


def ways_in(ledger: Path) -> WayIn:
    """Return how a ledger may be opened; raises the `DataFileError` that says what is wrong with the file."""
    facts = vault.examine(ledger)
    kept = facts["vault"] and keys.read_account_slot(vault.data_folder(), str(facts["vault"]), facts["key"])
    return WayIn(bool(facts["has_password"]), bool(kept), access.wait(vault.data_folder(), ledger))


def has_password(store: Store) -> bool:
    """Tell whether the open ledger asks for a password (where not, one may be offered before the window is locked)."""
    return store.path is not None and bool(vault.examine(store.path)["has_password"])


@dataclass(frozen=True)
class CodeQuestion:
    """Which characters of the recovery code are to be typed back: their places, counted from 0 without the hyphens."""

    places: tuple[int, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The places as a person finds them on the paper."""
        return tuple(f"第 {p // _GROUP + 1} 组第 {p % _GROUP + 1} 个" for p in self.places)


def code_is_confirmed(store: Store) -> bool:
    """Tell whether somebody has typed back part of the recovery code that holds now, or opened the ledger by it.

    Until then it is asked for at each start, and may be shown again (`store.secret.code()`). True in memory.
    """
    return store.secret is None or access.fact(store.db, "code_confirmed") == store.secret.name()


def ask_code() -> CodeQuestion:
    """Return four places to ask for, in order, each of another group."""
    groups = sorted(secrets.SystemRandom().sample(range(8), ASKED))
    return CodeQuestion(tuple(group * _GROUP + secrets.randbelow(_GROUP) for group in groups))


def confirm_code(store: Store, question: CodeQuestion, typed: str) -> bool:
    """Compare what was typed (the characters in order, anything between them) with the code; keep it if it is right."""
    if store.secret is None:
        return True
    code = store.secret.code().replace("-", "")
    given = keys.as_code(typed)
    if given != "".join(code[p] for p in question.places):
        return False
    with store.operation("核对恢复码", "event", detail=f"输入了其中 {len(question.places)} 个字符"):
        access.put(store.db, "code_confirmed", store.secret.name())
    return True


def renew_code(ledger: Path, secret: Secret, at: dt.datetime, password: str | None = None) -> renewing.Renewed:
    """换一个恢复码: give a closed ledger another recovery code; see `db.tasks.renewing.renew`.

    The window closes its store first, shows the new code, and opens the ledger again with ``Store.reopen``.
    """
    return renewing.renew(ledger, secret, at, password)
