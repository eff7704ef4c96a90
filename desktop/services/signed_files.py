"""The signed file that offices send one another (.boai): a 报送包, a 回执 or a 任务包 (`docs/package.md`).

A zip of ``package.json`` (what is said and signed, the one form of its JSON), ``signature.json`` and files that it lists by
SHA-256. Reading one trusts nothing: size, directory, names, depth, hashes and signature are looked at before anything of
it is used, and nothing is ever unpacked to a disk.
"""

import base64
import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from db import bounded
from db.errors import UserError
from db.storage import access, vault
from db.storage.store import Store
from db.tasks.editions import canonical

SUFFIX, FORM = ".boai", 1
KINDS = {"package": "报送包", "rollup": "报送包", "receipt": "回执", "task": "任务包", "update": "更新通知"}
CONTENT, SIGNATURE = "package.json", "signature.json"
_MOST_FILES, _MOST_FILE, _MOST_JSON, _MOST_WHOLE = 12, 64 << 20, 16 << 20, 128 << 20  # bytes; files beside the two
_MOST_DIRECTORY = 16 << 10
_PIECE = 256 << 10
_END = struct.Struct("<4s4H2LH")  # the end of a zip's directory (APPNOTE 4.3.16)
_NAME = re.compile(r"[^<>:\"/\\|?*\x00-\x1f\u202a-\u202e\u2066-\u2069]{1,120}\.(?:pdf|xlsx|docx|toml)")
_BROKEN = (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError,
           EOFError, ValueError, KeyError, OverflowError)  # fmt: skip


@dataclass(frozen=True)
class Signed:
    """A signed file that was read and proved: what it says, its text, key, signature, and its files where kept."""

    said: dict[str, Any]
    text: bytes
    key: str  # the public key, Base64
    signature: str  # Base64
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """The key's fingerprint, as people compare it."""
        return fingerprint(self.key)


def fingerprint(key: str) -> str:
    """Return what people compare of a public key (Base64): eight groups of four letters and digits."""
    text = hashlib.sha256(base64.b64decode(key)).hexdigest()[:32].upper()
    return "-".join(text[i : i + 4] for i in range(0, 32, 4))


def key_of(store: Store) -> Ed25519PrivateKey:
    """Return the office's signing key; raise `UserError` where the ledger lives in memory alone and has none."""
    if store.secret is None:
        raise UserError("这份台账只在内存里，没有签名的钥匙，不能做报送包、回执和任务包")
    return Ed25519PrivateKey.from_private_bytes(access.sign_key(store.db, store.secret))


def public_of(key: Ed25519PrivateKey) -> str:
    """Return the public key of a signing key, Base64."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def sender(store: Store) -> dict[str, str]:
    """Return what every signed file says of the office that makes it."""
    from desktop.services.editions import LEVEL_CODES

    office = store.office()
    return {
        "office": office.get("name", ""), "office_uid": vault.id_of(store.db), "code": office.get("division_code", ""),
        "level": LEVEL_CODES.get(office.get("level", ""), ""),
    }  # fmt: skip


def sign(said: Mapping[str, Any], files: Sequence[tuple[str, bytes]], key: Ed25519PrivateKey) -> bytes:
    """Return a signed file; what is said gets its form and the list of files. The same content gives the same bytes."""
    listed = [{"name": n, "sha256": hashlib.sha256(c).hexdigest(), "bytes": len(c)} for n, c in files]
    text = canonical({**said, "form": FORM, "files": listed})
    signature = {"key": public_of(key), "signature": base64.b64encode(key.sign(text)).decode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, content in ((CONTENT, text), (SIGNATURE, canonical(signature)), *files):
            packing = zipfile.ZIP_DEFLATED if name == CONTENT else zipfile.ZIP_STORED  # PDF and XLSX are packed already
            zipped.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, packing)
    return out.getvalue()


def read_signed(path: Path, *, keep: bool = True) -> Signed:
    """Return a signed file that is whole, of a form we know, and unchanged since; raise `UserError` with what is wrong.

    Without `keep` its files are checked and let go. What is said is still to be looked at by its kind (`sound`).
    """
    try:
        with path.open("rb") as file:
            _check_directory(path, file)
            with zipfile.ZipFile(file) as zipped:
                text, signature, files, found = _parts(path, zipped, keep)
    except _BROKEN:
        raise refused(path, "文件不完整，或不是博爱台账的报送包、回执、任务包") from None
    said, key, signed = _proved(path, text, signature)
    if type(said.get("form")) is int and said["form"] > FORM:
        raise UserError(f"“{path.name}”由更新版本的程序做成，没有收。请安装最新版本后再收")
    if said.get("form") != FORM or said.get("kind") not in KINDS or not _lists_files(said):
        raise refused(path, "内容不合格式")
    if {str(f["name"]): (f["sha256"], f["bytes"]) for f in said["files"]} != found or len(said["files"]) != len(found):
        raise refused(path, "文件与清单不符：缺少、多出或被换过")
    return Signed(said, text, key, signed, files)


def refused(path: Path, why: str) -> UserError:
    """Return the sentence that refuses a file."""
    return UserError(f"“{path.name}”没有收：{why}。没有改动任何数据；请让对方重新做一份再发")


def said_in(text: str) -> dict[str, Any]:
    """Return what a signed text says that a ledger has kept."""
    return bounded.parse(text.encode())


def expect(path: Path, signed: Signed, *kinds: str) -> None:
    """Raise `UserError` unless a signed file is of one of these kinds."""
    if signed.said["kind"] not in kinds:
        raise UserError(
            f"“{path.name}”是{KINDS[signed.said['kind']]}，不是{KINDS[kinds[0]]}，没有收。没有改动任何数据；请核对文件"
        )


def sound(path: Path, shape: bool) -> None:
    """Raise `UserError` unless what is said has the shape of its kind."""
    if not shape:
        raise refused(path, "内容不合格式")


def _check_directory(path: Path, file: IO[bytes]) -> None:
    """Look at the end of the zip before anything reads its directory: it is small, and nothing stands behind it."""
    size = file.seek(0, io.SEEK_END)
    if size > _MOST_WHOLE:
        raise refused(path, "文件过大")
    file.seek(max(0, size - _END.size))
    mark, _, _, here, count, length, start, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or comment or here != count or start + length + _END.size != size:
        raise zipfile.BadZipFile
    if count > _MOST_FILES + 2 or length > _MOST_DIRECTORY:
        raise refused(path, "里面的文件太多")
    file.seek(start)
    if b"PK\x06\x07" in file.read(length):
        raise zipfile.BadZipFile  # a second directory, of the form for large files
    file.seek(0)


def _parts(
    path: Path, zipped: zipfile.ZipFile, keep: bool
) -> tuple[bytes, bytes, dict[str, bytes], dict[str, tuple[str, int]]]:
    whole, kept, found = 0, dict[str, bytes](), dict[str, tuple[str, int]]()
    for info in zipped.infolist():
        own = info.filename in (CONTENT, SIGNATURE)
        most = _MOST_JSON if own else _MOST_FILE
        if info.filename in found or not (own or _NAME.fullmatch(info.filename)):
            raise refused(path, "里面的文件名不合规定")
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(path, "里面的文件加了密，或压缩方式不认识")
        digest, size, pieces = hashlib.sha256(), 0, list[bytes]()
        with zipped.open(info) as part:
            while piece := part.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                whole += len(piece)
                if size > most or whole > _MOST_WHOLE:
                    raise refused(path, "展开后过大")
                if own or keep:
                    pieces.append(piece)
        found[info.filename] = (digest.hexdigest(), size)
        if own or keep:
            kept[info.filename] = b"".join(pieces)
    if CONTENT not in kept or SIGNATURE not in kept:
        raise refused(path, "里面没有内容或签名")
    del found[CONTENT], found[SIGNATURE]
    return kept.pop(CONTENT), kept.pop(SIGNATURE), kept, found


def _proved(path: Path, text: bytes, signature: bytes) -> tuple[dict[str, Any], str, str]:
    """Return what is said, the key and the signature; raise `UserError` unless the one signs the other, each in its one form."""
    try:
        said, signed = bounded.parse(text, compared=True), bounded.parse(signature, compared=True)
        key, mark = (base64.b64decode(str(signed[name]), validate=True) for name in ("key", "signature"))
        again = {"key": base64.b64encode(key).decode(), "signature": base64.b64encode(mark).decode()}
        if canonical(again) != signature or canonical(said) != text or not bounded.is_calm(said):
            raise ValueError
        Ed25519PublicKey.from_public_bytes(key).verify(mark, text)
    except InvalidSignature:
        raise refused(path, "签名不符，内容在签名以后被改动过") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise refused(path, "内容或签名不合格式") from None
    return said, again["key"], again["signature"]


def _lists_files(said: Mapping[str, Any]) -> bool:
    try:
        return all(
            f.keys() == {"name", "sha256", "bytes"} and type(f["name"]) is str and type(f["sha256"]) is str
            and type(f["bytes"]) is int for f in said["files"]
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError):
        return False
