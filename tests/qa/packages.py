"""Packages, receipts, tasks and news of updates that somebody changed on their way: ``python -m tests.qa.packages [--n N] [--seed S] [--control]``.

Every byte of what is signed flipped in turn, the container's bytes flipped, cut off, swapped parts, names that lead out,
bombs, appended and doubled parts. Bad is whatever is accepted with another content, crashes, or is refused without a
Chinese sentence. ``--n 0``: every byte of the manifest and of the signature, and every other way. The control takes the
signature on trust: something must get through.
"""

import base64
import io
import json
import random
import re
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.errors import UserError
from desktop.services import packages, receipts, signed_files, superior_tasks, updates
from tests.qa.office import Counts, main

_CHINESE = re.compile(r"[\u4e00-\u9fff]{6,}")
Bytes = Callable[[bytes], bytes]
READ: dict[str, Callable[[Path], signed_files.Signed]] = {
    "package": lambda p: packages.read_package(p, keep=True), "receipt": receipts.read_receipt,
    "task": superior_tasks.read_task, "update": updates.signed_update,
}  # fmt: skip
_FROM = {
    "office": "安澜县红十字会",
    "office_uid": "0190aaaa-1111-7000-8000-000000000001",
    "code": "990123",
    "level": "county",
}
_SHA = "ab" * 32


def originals() -> dict[str, bytes]:
    """A sound file of each kind, small."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    teams = [
        {"uid": f"u{n}", "team": f"第{n}队", "own_level": True, "members_end": n, "persons_end": n} for n in (1, 2)
    ]
    package = {
        **_FROM, "kind": "package", "period": "2026Q3", "edition": 2, "corrects": 1, "reason": "补登", "as_of": "2026-09-30",
        "submitted_on": "2026-10-09", "steps": {"prepare": "许文澜"}, "rules": "2026.1",
        "figures": {"office": {"members_end": 3, "persons_end": 3}, "shared": {}, "teams": teams},
        "collected": {"teams_civil": 1}, "log": {"number": 9, "seal": "00"}, "edition_sha256": _SHA, "task": "", "left_out": [],
        "clauses": [{"clause": "B25-3.1-4", "title": "建队", "status": "met", "k": 1, "n": 1, "listed": True}],
    }  # fmt: skip
    receipt = {
        **_FROM, "level": "city", "kind": "receipt", "to": {"office": "安澜县红十字会", "office_uid": "u"}, "period": "2026Q3",
        "edition": 1, "edition_sha256": _SHA, "number": 1, "status": "returned", "remarks": "请核对", "person": "周敏",
        "issued_on": "2026-10-13",
    }  # fmt: skip
    task = {
        **_FROM, "level": "city", "kind": "task", "number": "0190aaaa-2222", "title": "三季度报表", "period": "2026Q3",
        "deadline": "2026-10-15", "note": "", "template": "表.xlsx", "rules": "规则.toml", "issued_on": "2026-10-01",
    }  # fmt: skip
    update = {
        **_FROM, "level": "province", "kind": "update", "version": "1.2.0", "note": "", "issued_on": "2026-11-30",
        "installer": {"name": "boai-setup.exe", "bytes": 9, "sha256": _SHA}, "rules": ["规则.toml"],
    }  # fmt: skip
    return {
        "package": signed_files.sign(package, [("报告.pdf", b"%PDF-1.7 small"), ("表.xlsx", b"PK small")], key),
        "receipt": signed_files.sign(receipt, [], key),
        "task": signed_files.sign(task, [("表.xlsx", b"PK form"), ("规则.toml", b"[source]")], key),
        "update": signed_files.sign(update, [("规则.toml", b"[source]")], key),
    }  # fmt: skip


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def _packed(parts: list[tuple[str, bytes]], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", packing) as zipped:
        warnings.simplefilter("ignore")  # a name that stands twice is meant to
        for name, content in parts:
            zipped.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, packing)
    return out.getvalue()


def flips(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every byte of the manifest and of the signature changed, one at a time, in a container that is whole."""
    parts = _parts(content)
    for name in ("package.json", "signature.json"):
        for at in range(len(parts[name])):
            for mask in (0x01, 0x20):
                wrong = bytearray(parts[name])
                wrong[at] ^= mask
                yield f"a byte of {name}", _packed(list((parts | {name: bytes(wrong)}).items()))


def ways(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Everything else that somebody may do to a file."""
    parts = _parts(content)
    names = [n for n in parts if n.endswith((".pdf", ".xlsx"))]
    plain = list(parts.items())
    for cut in range(0, len(content), max(1, len(content) // 60)):
        yield "cut off", content[:cut]
    for name in names:
        yield "a file changed", _packed(list((parts | {name: parts[name] + b"x"}).items()))
        yield "a file left out", _packed([p for p in plain if p[0] != name])
        yield "a file twice", _packed([*plain, (name, parts[name])])
    if len(names) > 1:
        yield "files swapped", _packed(list((parts | {names[0]: parts[names[1]], names[1]: parts[names[0]]}).items()))
    for more in (
        "../../a.pdf",
        "/etc/a.pdf",
        "C:\\a.pdf",
        "a/b.pdf",
        "a.exe",
        "多.pdf",
        "x\u202e.pdf",
        ".pdf",
        "a.pdf\n.pdf",
    ):
        yield "a file too many", _packed([*plain, (more, b"x")])
    for size in (17 << 20, 65 << 20):
        yield "a bomb", _packed([("package.json", b" " * size), ("signature.json", parts["signature.json"])])
    yield "very many files", _packed([*plain, *((f"{n}.pdf", b"") for n in range(400))])
    said = json.loads(parts["package.json"])
    for dumped in (
        json.dumps(said, ensure_ascii=False, indent=1), json.dumps(said), "[" * 100_000, '{"a":' * 5000, "null", "[]", '"x"',
        '{"form":1,"form":1}', '{"form":NaN}', '{"form":1e999}', "{" + '"x":"\\ud800"}', "\ufeff" + parts["package.json"].decode(),
        '{"form":' + "9" * 6000 + "}",
    ):  # fmt: skip
        changed = parts | {"package.json": dumped.encode()}
        yield "other text", _packed(list(changed.items()))
        key = Ed25519PrivateKey.generate()
        signed = {
            "key": signed_files.public_of(key), "signature": base64.b64encode(key.sign(dumped.encode())).decode(),
        }  # fmt: skip
        changed |= {"signature.json": signed_files.canonical(signed)}
        yield "other text, signed", _packed(list(changed.items()))
    for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield "another packing", _packed(plain, packing)
    yield "behind something", b"MZ" * 40 + content
    yield "before something", content + b"x" * 40
    yield "an empty file", b""
    yield "a directory of the large form", _large(content)


def _large(content: bytes) -> bytes:
    """A second, larger directory is pointed at from within the first one."""
    end = content[-22:]
    start = struct.unpack("<L", end[16:20])[0]
    big = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, len(content), 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content) - 22, 1)
    body = content[:-22] + big + locator
    return body + end[:12] + struct.pack("<LL", len(body) - start, start) + end[20:]


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Try `count` changes by chance (0: every one); return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as careless:
        if control:
            careless.setattr(ed25519.Ed25519PublicKey, "verify", None, raising=False)
            careless.setattr(signed_files, "Ed25519PublicKey", _Trusting)
        for kind, content in originals().items():
            path = Path(folder, f"{kind}.boai")
            path.write_bytes(content)
            before = READ[kind](path)
            tried = [*flips(content), *ways(content), *_raw(content, dice, 400)]
            for what, wrong in tried if not count else dice.sample(tried, min(len(tried), max(1, count // len(READ)))):
                path.write_bytes(wrong)
                found[_outcome(kind, what, path, before)] += 1
    return found


class _Trusting:
    @staticmethod
    def from_public_bytes(_: bytes) -> "_Trusting":
        return _Trusting()

    def verify(self, *_: bytes) -> None:
        """Believe it."""


def _raw(content: bytes, dice: random.Random, count: int) -> Iterator[tuple[str, bytes]]:
    for at in dice.sample(range(len(content)), min(count, len(content))):
        wrong = bytearray(content)
        wrong[at] ^= 1 << dice.randrange(8)
        yield "a byte of the container", bytes(wrong)


def _outcome(kind: str, what: str, path: Path, before: signed_files.Signed) -> str:
    try:
        seen = READ[kind](path)
    except UserError as error:
        return "good, refused in words" if _CHINESE.search(str(error)) else f"refused without words: {kind}, {what}"
    except Exception as error:
        return f"crash {type(error).__name__}: {kind}, {what}"
    same = (seen.text, seen.key, dict(seen.files)) == (before.text, before.key, dict(before.files))
    return "good, the same content" if same and what == "a byte of the container" else f"accepted: {kind}, {what}"


if __name__ == "__main__":
    main(__doc__, trial, 0)
