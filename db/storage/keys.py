"""The key of a data file: a recovery code is the root, slots only wrap it.

    recovery secret R (160 random bits, shown once as 40 characters)  --HKDF-SHA256-->  raw 256-bit SQLCipher key
       slot "password": AES-256-GCM under Argon2id(password), parameters bound in as associated data
       slot "account":  a file only this account of this computer can read (DPAPI on Windows, mode 600 elsewhere)

The password slot lies beside the data file (``<file>.keys``); losing it loses nothing, since the code alone opens. Each
slot carries a generation, and the ledger knows its last one (`db.storage.access`): an older slot does not open it. Operators
may have slots of their own in the same file, which say who they are by a number that the ledger alone has a name for. A new
slot of the office waits as ``<file>.keys.new`` until the ledger has taken up its generation.
"""

import base64
import contextlib
import ctypes
import hashlib
import json
import os
import re
import secrets
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from argon2.exceptions import Argon2Error
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db import bounded, places
from db.errors import DiskTrouble, Locked, UserError, WrongPassword

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I L O U: they are misread
_TIME, _MEMORY_KIB, _LANES = 3, 64 * 1024, 4
# What a slot may ask of this computer: at most a few seconds, and never more memory than an old one has.
_BOUNDS = {"time": (1, 10), "memory_kib": (8 * 1024, 256 * 1024), "lanes": (1, 16), "generation": (0, 10**9)}
_HEAD = ("vault", "kdf", "time", "memory_kib", "lanes", "generation", "form", "who")
_WHO = re.compile(r"[0-9a-f]{16}")
MOST_OPERATORS = 20
_LARGEST = 32 * 1024  # bytes of a slot file
SHORTEST = 8  # characters of a new password


@dataclass(frozen=True)
class Secret:
    """The recovery secret of one data file: 20 random bytes; and how it was come by: ``code``, ``password`` (by a slot
    of that generation, perhaps one that still waits), ``operator`` (`who`, by a slot of that generation) or ``account``."""

    root: bytes
    by: str = field(default="code", compare=False)
    generation: int = field(default=0, compare=False)
    waits: bool = field(default=False, compare=False)
    who: str = field(default="", compare=False)

    @staticmethod
    def new() -> "Secret":
        """Return a fresh secret."""
        return Secret(secrets.token_bytes(20))

    def raw_key(self) -> bytes:
        """Return the 32-byte SQLCipher key."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rc-db-v1").derive(self.root)

    def file_key(self) -> bytes:
        """Return the 32-byte key of the attachments."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rc-files-v1").derive(self.root)

    def log_key(self) -> bytes:
        """Return the 32-byte key of the log's seals and of what is said of the log outside the ledger."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rc-log-v1").derive(self.root)

    def backup_key(self) -> bytes:
        """Return the 32-byte key of what a backup says of itself."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rc-backup-v1").derive(self.root)

    def name(self) -> str:
        """Return a name that says nothing of the secret: which of an account's slots is its."""
        return HKDF(algorithm=SHA256(), length=8, salt=None, info=b"rc-name-v1").derive(self.root).hex()

    def sign_key(self) -> bytes:
        """Return the 32-byte seed of the key by which the office signs what it hands up."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rc-sign-v1").derive(self.root)

    def code(self) -> str:
        """Return the recovery code: 160 bits and a 40-bit check, eight groups of five characters."""
        number = int.from_bytes(self.root + _check(self.root), "big")
        digits = "".join(_ALPHABET[number >> 5 * i & 31] for i in reversed(range(40)))
        return "-".join(digits[i : i + 5] for i in range(0, 40, 5))

    @staticmethod
    def from_code(code: str) -> "Secret":
        """Read a recovery code as people type it; raise `Locked` where the check fails."""
        text = as_code(code)
        if len(text) != 40 or any(c not in _ALPHABET for c in text):
            raise Locked("恢复码应为 40 个字符（8 组，每组 5 个），请照打印件核对")
        number = 0
        for c in text:
            number = number << 5 | _ALPHABET.index(c)
        raw = number.to_bytes(25, "big")
        if _check(raw[:20]) != raw[20:]:
            raise Locked("恢复码有一处抄错，请照打印件逐组核对")
        return Secret(raw[:20])


def as_code(typed: str) -> str:
    """Return the characters of a recovery code, or of a part of it, as people type them."""
    text = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    return text.translate(str.maketrans("ILO", "110"))


def _check(root: bytes) -> bytes:
    return hashlib.sha256(b"rc-code-v1" + root).digest()[:5]


def check_new(password: str) -> None:
    """Raise `UserError` for a password that is not to be set: shorter than `SHORTEST` characters, or not writable."""
    if len(_plain(password).strip()) < SHORTEST:
        raise UserError(f"密码至少要 {SHORTEST} 个字符，没有设置。可以用几个不相干的词，容易记又不容易猜")


def _plain(password: str) -> str:
    """Return a password in the one form in which every keyboard writes it (Unicode NFKC)."""
    try:
        password.encode()
    except UnicodeEncodeError:
        raise WrongPassword("密码里有不能用的字符。数据没有变动，请重新输入") from None
    return unicodedata.normalize("NFKC", password)


def _stretch(password: str, salt: bytes, time: int, memory_kib: int, lanes: int) -> bytes:
    return hash_secret_raw(password.encode(), salt, time, memory_kib, lanes, 32, Type.ID)


def slot_file(data_file: Path) -> Path:
    """Return where the password slot of a data file lies."""
    return data_file.with_name(data_file.name + ".keys")


def waiting_slot(data_file: Path) -> Path:
    """Return where a new slot waits until the ledger has taken it up."""
    return data_file.with_name(data_file.name + ".keys.new")


def settle_slot(data_file: Path, generation: int) -> None:
    """A slot that waits takes its place if the ledger knows it, and goes otherwise; where it cannot, it waits on."""
    waiting = waiting_slot(data_file)
    with contextlib.suppress(OSError, DiskTrouble):
        if waiting.exists() and read_slot(waiting).get("generation") == generation:
            os.replace(waiting, slot_file(data_file))
        else:
            waiting.unlink(missing_ok=True)


def read_slot(place: Path) -> dict[str, Any]:
    """Return what a slot file says; empty where there is none or it is not in the form of one.

    Raises `DiskTrouble` where it is there and cannot be read: taken for empty, it would be written back without the keys
    that it holds.
    """
    try:
        return bounded.json_of(place, _LARGEST)
    except (FileNotFoundError, ValueError):
        return {}
    except OSError:
        raise DiskTrouble(
            f"读不了密码文件：{place.name}。它可能正被杀毒软件等程序占用，或磁盘有故障；数据没有变动，请稍后再试"
        ) from None


def write_password_slot(
    place: Path, vault_id: str, secret: Secret, password: str, generation: int, operators: Sequence[Any] = ()
) -> None:
    """Wrap the secret under the office's password, replacing the slot file at `place` whole; what operators have of
    their own goes along."""
    slot = _wrapped(vault_id, secret, password, generation)
    _replace(place, json.dumps(slot | ({"operators": list(operators)} if operators else {}), indent=1).encode())


def _wrapped(vault_id: str, secret: Secret, password: str, generation: int, who: str = "") -> dict[str, Any]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    head = {"vault": vault_id, "kdf": "argon2id", "time": _TIME, "memory_kib": _MEMORY_KIB, "lanes": _LANES,
            "generation": generation, "form": "NFKC"} | ({"who": who} if who else {})  # fmt: skip
    bound = json.dumps(head, sort_keys=True).encode()
    key = _stretch(_plain(password), salt, _TIME, _MEMORY_KIB, _LANES)
    sealed = AESGCM(key).encrypt(nonce, secret.root, bound)
    return head | {name: base64.b64encode(raw).decode() for name, raw in
                   (("salt", salt), ("nonce", nonce), ("sealed", sealed))}  # fmt: skip


def operator_slots(data_file: Path) -> list[dict[str, Any]]:
    """Return the slots that operators have of their own, in the order in which they were set; raises `DiskTrouble`."""
    return _operators_in(read_slot(slot_file(data_file)))


def _operators_in(slot: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = slot.get("operators")
    if not isinstance(found, list):
        return []
    return [s for s in found if isinstance(s, dict) and _WHO.fullmatch(str(s.get("who")))][: 2 * MOST_OPERATORS]


def add_operator_slot(data_file: Path, secret: Secret, password: str, generation: int, who: str) -> None:
    """Wrap the secret under an operator's own password, beside every other slot; raises OSError, or `DiskTrouble` where
    those cannot be read."""
    slot = read_slot(slot_file(data_file))
    made = _wrapped(str(slot.get("vault", "")), secret, password, generation, who)
    slot["operators"] = [*_operators_in(slot), made]
    _replace(slot_file(data_file), json.dumps(slot, indent=1).encode())


def keep_operator_slots(data_file: Path, known: Mapping[str, int]) -> None:
    """Keep the operators' slots that the ledger knows (who → generation) alone; where it cannot be done, they stay on,
    and do not open it."""
    with contextlib.suppress(OSError, DiskTrouble):
        slot = read_slot(slot_file(data_file))  # once: what is written back is what was looked at
        there = _operators_in(slot)
        kept = [s for s in there if known.get(str(s["who"])) == s.get("generation")]
        if kept != there:
            _replace(slot_file(data_file), json.dumps(slot | {"operators": kept}, indent=1).encode())


def write_id(data_file: Path, vault_id: str, secret: Secret) -> None:
    """A file without a password still says which of an account's slots belongs to it."""
    _replace(slot_file(data_file), json.dumps({"vault": vault_id, "key": secret.name()}, indent=1).encode())


def read_password_slot(data_file: Path, password: str) -> Secret:
    """Unwrap the secret from the office's slot, an operator's own, or one that still waits, whichever the password is
    for; raise `WrongPassword`, or `Locked` for a slot that was tampered with."""
    try:
        return _unwrap(read_slot(slot_file(data_file)), password)
    except Locked:
        for slot in operator_slots(data_file):
            with contextlib.suppress(Locked):
                return _unwrap(slot, password)
        if not waiting_slot(data_file).exists():
            raise
    return replace(_unwrap(read_slot(waiting_slot(data_file)), password), waits=True)


def read_operator_slot(data_file: Path, password: str, who: str, generation: int) -> Secret:
    """Unwrap the secret from one operator's slot alone; raise as `read_password_slot` does."""
    for slot in operator_slots(data_file):
        if slot["who"] == who and slot.get("generation") == generation:
            return _unwrap(slot, password)
    raise Locked("这个人的密码文件丢失或已损坏，数据本身没有问题；请用台账的密码或恢复码打开，再重新设置")


def _unwrap(kept: dict[str, Any], password: str) -> Secret:
    damaged = Locked("密码文件已损坏，数据本身没有问题；请用恢复码打开，再重新设置密码")
    try:
        slot = {"generation": 0, **kept}
        for name, (low, high) in _BOUNDS.items():
            if type(slot[name]) is not int or not low <= slot[name] <= high:
                raise damaged
        head = {k: slot[k] for k in _HEAD if k in slot and (k != "generation" or "form" in slot)}
        salt, nonce, sealed = (base64.b64decode(slot[k]) for k in ("salt", "nonce", "sealed"))
        if not 8 <= len(salt) <= 64 or len(nonce) != 12 or len(sealed) != 36:
            raise damaged
        text = _plain(password) if "form" in slot else password
        key = _stretch(text, salt, slot["time"], slot["memory_kib"], slot["lanes"])
        root = AESGCM(key).decrypt(nonce, sealed, json.dumps(head, sort_keys=True).encode())
        who = str(slot.get("who", ""))  # bound in: nobody makes one kind of slot another
        return Secret(root, "operator" if who else "password", slot["generation"], who=who)
    except InvalidTag:
        raise WrongPassword("密码不对。数据没有变动，请核对大小写和输入法后再试；忘记密码可用恢复码打开") from None
    except UnicodeEncodeError:
        raise WrongPassword("密码里有不能用的字符。数据没有变动，请重新输入") from None
    except (OSError, ValueError, KeyError, TypeError, Argon2Error):
        raise damaged from None


def write_account_slot(folder: Path, vault_id: str, secret: Secret) -> Path:
    """Keep the secret so that this account on this computer opens the file without a password; return where."""
    place = folder / "keys" / f"{vault_id}-{secret.name()}.key"
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _replace(place, _protect(secret.root))
    return place


def read_account_slot(folder: Path, vault_id: str, name: str = "") -> Secret | None:
    """Return the secret kept for this account, or None; `name` is what the slot file says of it."""
    if not re.fullmatch(r"[0-9a-f]{1,64}", vault_id) or not re.fullmatch(r"[0-9a-f]{0,64}", name):
        return None
    for place in (folder / "keys" / f"{vault_id}-{name}.key", folder / "keys" / f"{vault_id}.key"):
        with contextlib.suppress(OSError):
            root = _unprotect(bounded.read(place, _LARGEST))
            return Secret(root, "account") if len(root) == 20 else None
    return None


def forget_account_slots(folder: Path, vault_id: str, but: Secret | None = None) -> None:
    """Remove what this account keeps of a ledger's keys, `but` that of one secret."""
    kept = f"{vault_id}-{but.name()}.key" if but is not None else ""
    for place in (folder / "keys").glob(f"{vault_id}*.key"):
        if place.name != kept:
            with contextlib.suppress(OSError):
                place.unlink()


def _replace(place: Path, content: bytes) -> None:
    part, file = places.part_of(place)
    try:
        with file as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, place)
        places.sync(place.parent)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


if sys.platform == "win32":  # pragma: no cover (Windows only)

    class _Blob(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint32), ("data", ctypes.POINTER(ctypes.c_char)))

    def _dpapi(name: str, content: bytes) -> bytes:
        """Call CryptProtectData or CryptUnprotectData in user scope, without any window."""
        source = _Blob(len(content), ctypes.create_string_buffer(content, len(content)))
        result = _Blob()
        call = getattr(ctypes.windll.crypt32, name)
        if not call(ctypes.byref(source), None, None, None, None, 1, ctypes.byref(result)):
            raise OSError("DPAPI")
        try:
            return ctypes.string_at(result.data, result.size)
        finally:
            ctypes.windll.kernel32.LocalFree(result.data)

    def _protect(content: bytes) -> bytes:
        return _dpapi("CryptProtectData", content)

    def _unprotect(content: bytes) -> bytes:
        return _dpapi("CryptUnprotectData", content)

else:

    def _protect(content: bytes) -> bytes:
        return content

    def _unprotect(content: bytes) -> bytes:
        return content
