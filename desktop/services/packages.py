"""上报包 (.boai): a frozen edition for the level above, signed, without anybody's name or number (`docs/package.md`).

A zip of ``package.json`` (what is signed), ``signature.json`` and the finished files. Reading one trusts nothing: names,
counts, sizes, depth, hashes and signature are looked at before anything of it is used.
"""

import base64
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from db import bounded
from db.errors import UserError
from db.quarters import Period
from db.storage import access, vault
from db.storage.store import Store
from db.tasks.editions import Edition, canonical, edition_of, files_of
from forms import output

SUFFIX, FORM = ".boai", 1
PACKAGE, SIGNATURE = "package.json", "signature.json"
_SENT = (".pdf", ".xlsx")  # the document that can be edited stays in the office
_MOST_FILES, _MOST_FILE, _MOST_JSON, _MOST_WHOLE = 12, 64 << 20, 8 << 20, 128 << 20  # bytes
_NAME = re.compile(r"[^<>:\"/\\|?*\x00-\x1f\u202a-\u202e\u2066-\u2069]{1,120}\.(?:pdf|xlsx)")
_FIGURE = re.compile(r"[a-z0-9_]{1,60}")
_STATUS = re.compile(r"[a-z_]{1,30}")
_WORDS = (
    "office",
    "code",
    "level",
    "period",
    "as_of",
    "submitted_on",
    "rules",
    "edition_sha256",
    "office_uid",
    "reason",
)


@dataclass(frozen=True)
class Package:
    """What a package says, proved: its signed content, the key's fingerprint, and its files by name."""

    said: dict[str, Any]
    key: str
    files: Mapping[str, bytes]

    @property
    def office(self) -> str:
        """The office that hands it up."""
        return str(self.said["office"])


def fingerprint(public: bytes) -> str:
    """Return what people compare of a key: eight groups of four letters and digits."""
    text = hashlib.sha256(public).hexdigest()[:32].upper()
    return "-".join(text[i : i + 4] for i in range(0, 32, 4))


def package_bytes(store: Store, period: Period, number: int | None = None) -> tuple[bytes, Edition, str]:
    """Return the package of a frozen edition, the edition, and the fingerprint of the office's key.

    Raises `UserError` where the period was not handed up, or the ledger lives in memory alone and has no key.
    """
    if store.secret is None:
        raise UserError("这份台账只在内存里，没有签名的钥匙，不能做上报包")
    edition = edition_of(store, period, number)
    files = [(name, content) for name, content in files_of(store, edition) if name.endswith(_SENT)]
    text = canonical(_said(store, edition, files))
    key = Ed25519PrivateKey.from_private_bytes(access.sign_key(store.db, store.secret))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = {"key": base64.b64encode(public).decode(), "signature": base64.b64encode(key.sign(text)).decode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in ((PACKAGE, text), (SIGNATURE, canonical(signature)), *files):
            zipped.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue(), edition, fingerprint(public)


def _said(store: Store, edition: Edition, files: list[tuple[str, bytes]]) -> dict[str, Any]:
    m = edition.manifest
    seal = store.query("SELECT seal FROM operation WHERE id = ?", [edition.log])
    return {
        "form": FORM, "kind": "package", "office": m["office"], "office_uid": vault.id_of(store.db), "code": m["code"],
        "level": m["level"], "period": edition.period, "edition": edition.number, "corrects": m["corrects"],
        "reason": m["reason"], "as_of": m["as_of"], "submitted_on": m["submitted_on"], "steps": m["steps"],
        "rules": m["rules"], "figures": m["figures"],
        "clauses": [{k: v[k] for k in ("clause", "status", "k", "n", "listed")} for v in m["clauses"]],
        "log": {"number": edition.log, "seal": bytes(seal[0]["seal"]).hex() if seal and seal[0]["seal"] else ""},
        "edition_sha256": edition.sha256,
        "files": [{"name": n, "sha256": hashlib.sha256(c).hexdigest(), "bytes": len(c)} for n, c in files],
    }  # fmt: skip


def write_package(store: Store, period: Period, path: Path, number: int | None = None) -> tuple[Path, Edition, str]:
    """Write a package; return where it went, the edition and the key's fingerprint. Nothing is written over."""
    content, edition, key = package_bytes(store, period, number)
    return output.write_beside(path, content), edition, key


def read_package(path: Path) -> Package:
    """Return a package that is whole, signed and of a form we know; raise `UserError` with what is wrong with it."""
    try:
        if path.stat().st_size > _MOST_WHOLE:
            raise _refused(path, "文件过大")
        with path.open("rb") as file, zipfile.ZipFile(file) as zipped:
            parts = _parts(path, zipped)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise _refused(path, "文件不完整，或不是上报包") from None
    if PACKAGE not in parts or SIGNATURE not in parts:
        raise _refused(path, "里面没有上报的内容或签名")
    text = parts.pop(PACKAGE)
    signature = parts.pop(SIGNATURE)
    try:
        said, signed = bounded.parse(text), bounded.parse(signature)
        public = base64.b64decode(str(signed["key"]), validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(
            base64.b64decode(str(signed["signature"]), validate=True), text
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _refused(path, "内容或签名不合格式") from None
    except InvalidSignature:
        raise _refused(path, "签名不符：内容在签名以后被改动过") from None
    if set(signed) != {"key", "signature"} or canonical(said) != text or canonical(signed) != signature:
        raise _refused(path, "内容不合格式")
    if isinstance(said.get("form"), int) and said["form"] > FORM:
        raise UserError(f"“{path.name}”由更新版本的程序做成，没有收。请安装最新版本后再收")
    if not _is_sound(said):
        raise _refused(path, "内容不合格式")
    listed = {str(f["name"]): f for f in said["files"]}
    if set(listed) != set(parts) or any(
        hashlib.sha256(parts[n]).hexdigest() != f["sha256"] or len(parts[n]) != f["bytes"] for n, f in listed.items()
    ):
        raise _refused(path, "文件与清单不符：缺少、多出或被换过")
    return Package(said, fingerprint(public), parts)


def _refused(path: Path, why: str) -> UserError:
    return UserError(f"“{path.name}”没有收：{why}。没有改动任何数据；请让对方重新做一份上报包再发")


def _parts(path: Path, zipped: zipfile.ZipFile) -> dict[str, bytes]:
    infos, whole, parts = zipped.infolist(), 0, dict[str, bytes]()
    if len(infos) > _MOST_FILES:
        raise _refused(path, "里面的文件太多")
    for info in infos:
        most = _MOST_JSON if info.filename in (PACKAGE, SIGNATURE) else _MOST_FILE
        if info.filename in parts or not (info.filename in (PACKAGE, SIGNATURE) or _NAME.fullmatch(info.filename)):
            raise _refused(path, "里面的文件名不合规定")
        if info.flag_bits & 1 or info.file_size > most:
            raise _refused(path, "里面的文件过大或加了密")
        with zipped.open(info) as part:
            content = part.read(most + 1)
        whole += len(content)
        if len(content) > most or whole > _MOST_WHOLE:
            raise _refused(path, "展开后过大")
        parts[info.filename] = content
    return parts


def _is_sound(said: dict[str, Any]) -> bool:
    """Tell whether the signed content has the shape that `docs/package.md` gives, every value of its kind."""
    try:
        Period.parse(said["period"])
        figures = said["figures"]
        groups = [figures["office"], figures["shared"], *figures["teams"]]
        return (
            said["kind"] == "package" and type(said["form"]) is int and type(said["edition"]) is int
            and 0 < said["edition"] < 10_000 and all(isinstance(said[w], str) and len(said[w]) < 2000 for w in _WORDS)
            and len(figures["teams"]) <= 5000 and all(map(_is_group, groups))
            and all(isinstance(t["team"], str) and isinstance(t["uid"], str) for t in figures["teams"])
            and len(said["clauses"]) <= 2000 and all(map(_is_clause, said["clauses"]))
            and all(isinstance(f["name"], str) and isinstance(f["sha256"], str) for f in said["files"])
        )  # fmt: skip
    except (UserError, KeyError, TypeError, AttributeError, ValueError):
        return False


def _is_group(group: dict[str, Any]) -> bool:
    return all(
        _FIGURE.fullmatch(k)
        and (k in ("team", "uid", "own_level") or v is None or (type(v) is int and abs(v) < 10**15))
        for k, v in group.items()
    )


def _is_clause(clause: dict[str, Any]) -> bool:
    kn = all(clause[x] is None or type(clause[x]) is int for x in ("k", "n"))
    return (
        isinstance(clause["clause"], str)
        and len(clause["clause"]) < 40
        and bool(_STATUS.fullmatch(clause["status"]))
        and kn
    )


def as_json(said: Mapping[str, Any]) -> str:
    """Return the signed content as text that people can read."""
    return json.dumps(said, ensure_ascii=False, indent=1)
