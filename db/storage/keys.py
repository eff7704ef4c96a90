"""The key of a data file: a recovery code is the root, slots only wrap it.

    recovery secret R (160 random bits, shown once as 40 characters)  --HKDF-SHA256-->  raw 256-bit SQLCipher key
       slot "password": AES-256-GCM under Argon2id(password), parameters bound in as associated data
       slot "account":  a file only this account of this computer can read (DPAPI on Windows, mode 600 elsewhere)

The password slot lies beside the data file (``<file>.keys``); losing it loses nothing, since the code alone opens.
"""

import base64
import ctypes
import hashlib
import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.errors import Locked

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I L O U: they are misread
_TIME, _MEMORY_KIB, _LANES = 3, 64 * 1024, 4
_BOUNDS = {"time": (1, 10), "memory_kib": (8 * 1024, 1024 * 1024), "lanes": (1, 16)}


@dataclass(frozen=True)
class Secret:
    """The recovery secret of one data file: 20 random bytes."""

    root: bytes

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

    def code(self) -> str:
        """Return the recovery code: 160 bits and a 40-bit check, eight groups of five characters."""
        number = int.from_bytes(self.root + _check(self.root), "big")
        digits = "".join(_ALPHABET[number >> 5 * i & 31] for i in reversed(range(40)))
        return "-".join(digits[i : i + 5] for i in range(0, 40, 5))

    @staticmethod
    def from_code(code: str) -> "Secret":
        """Read a recovery code as people type it; raise `Locked` where the check fails."""
        text = "".join(c for c in code.upper() if c.isalnum())
        text = text.translate(str.maketrans("ILO", "110"))
        if len(text) != 40 or any(c not in _ALPHABET for c in text):
            raise Locked("恢复码应为 40 个字符（8 组，每组 5 个），请照打印件核对")
        number = 0
        for c in text:
            number = number << 5 | _ALPHABET.index(c)
        raw = number.to_bytes(25, "big")
        if _check(raw[:20]) != raw[20:]:
            raise Locked("恢复码有一处抄错，请照打印件逐组核对")
        return Secret(raw[:20])


def _check(root: bytes) -> bytes:
    return hashlib.sha256(b"rc-code-v1" + root).digest()[:5]


def _stretch(password: str, salt: bytes, time: int, memory_kib: int, lanes: int) -> bytes:
    return hash_secret_raw(password.encode(), salt, time, memory_kib, lanes, 32, Type.ID)


def slot_file(data_file: Path) -> Path:
    """Return where the password slot of a data file lies."""
    return data_file.with_name(data_file.name + ".keys")


def write_password_slot(data_file: Path, vault_id: str, secret: Secret, password: str) -> None:
    """Wrap the secret under a password, replacing the slot file whole."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    head = {"vault": vault_id, "kdf": "argon2id", "time": _TIME, "memory_kib": _MEMORY_KIB, "lanes": _LANES}
    bound = json.dumps(head, sort_keys=True).encode()
    sealed = AESGCM(_stretch(password, salt, _TIME, _MEMORY_KIB, _LANES)).encrypt(nonce, secret.root, bound)
    slot = head | {name: base64.b64encode(raw).decode() for name, raw in
                   (("salt", salt), ("nonce", nonce), ("sealed", sealed))}  # fmt: skip
    _replace(slot_file(data_file), json.dumps(slot, indent=1).encode())


def read_password_slot(data_file: Path, password: str) -> Secret:
    """Unwrap the secret; raise `Locked` for a wrong password or a slot that was tampered with."""
    damaged = Locked("密码文件已损坏，数据本身没有问题；请用恢复码打开，再重新设置密码")
    try:
        slot: dict[str, Any] = json.loads(slot_file(data_file).read_text(encoding="utf-8"))
        for name, (low, high) in _BOUNDS.items():
            if not low <= int(slot[name]) <= high:
                raise damaged
        head = {k: slot[k] for k in ("vault", "kdf", "time", "memory_kib", "lanes")}
        salt, nonce, sealed = (base64.b64decode(slot[k]) for k in ("salt", "nonce", "sealed"))
        key = _stretch(password, salt, int(slot["time"]), int(slot["memory_kib"]), int(slot["lanes"]))
        return Secret(AESGCM(key).decrypt(nonce, sealed, json.dumps(head, sort_keys=True).encode()))
    except InvalidTag:
        raise Locked("密码不对。数据没有变动，请核对大小写和输入法后再试；忘记密码可用恢复码打开") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise damaged from None


def write_account_slot(folder: Path, vault_id: str, secret: Secret) -> Path:
    """Keep the secret so that this account on this computer opens the file without a password; return where."""
    place = folder / "keys" / f"{vault_id}.key"
    place.parent.mkdir(parents=True, exist_ok=True)
    _replace(place, _protect(secret.root), private=True)
    return place


def read_account_slot(folder: Path, vault_id: str) -> Secret | None:
    """Return the secret kept for this account, or None."""
    try:
        sealed = (folder / "keys" / f"{vault_id}.key").read_bytes()
        return Secret(_unprotect(sealed))
    except OSError:
        return None


def _replace(place: Path, content: bytes, private: bool = False) -> None:
    part = place.with_name(place.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, place)


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
