"""Files that prove something, kept beside the ledger by content hash and encrypted as the ledger is.

A file is copied in, read back and compared before it counts. Its name is text in the ledger and never a path on disk,
so no name can leave the folder. An attachment may be opened only as a copy in a private folder that is emptied again.
"""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db import bounded, places
from db.errors import DiskTrouble, NotOurFile

LARGEST = 100 * 1024 * 1024  # bytes; a phone's photo has about 5 MB
_LOST = "附件文件丢失或被改动过；台账里的记录还在，请从备份恢复附件，或重新添加"


class FileBox:
    """The folder ``<ledger>.files`` and the key of its files."""

    def __init__(self, ledger: Path, key: bytes) -> None:
        self.folder = ledger.with_name(ledger.name + ".files")
        self._cipher = AESGCM(key)

    def place(self, sha256: str) -> Path:
        """Return where a file lies, encrypted."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise NotOurFile("附件的校验值不对，没有打开任何文件")
        return self.folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Keep `content`; return its SHA-256. The same content is kept once."""
        sha256 = hashlib.sha256(content).hexdigest()
        place = self.place(sha256)
        if place.exists():
            with contextlib.suppress(NotOurFile):
                self.get(sha256)
                return sha256
        nonce = secrets.token_bytes(12)
        try:
            self._keep(place, nonce + self._cipher.encrypt(nonce, content, sha256.encode()))
        except OSError:
            raise DiskTrouble("附件没有存进去：磁盘已满或不可写。台账没有变动，腾出空间后再试") from None
        self.get(sha256)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the content, verified; raise `NotOurFile` where it is missing or was changed."""
        return self._opened(sha256, self._bytes(self.place(sha256)))

    def sealed(self, sha256: str) -> bytes:
        """Return a file as it lies on the disk, after its content was verified; raise as `get`."""
        sealed = self._bytes(self.place(sha256))
        self._opened(sha256, sealed)
        return sealed

    def take_over(self, sha256: str, file: Path) -> None:
        """Take in a file that another box or a backup's library holds under the same key; raise OSError, or as `get`
        where it is not what it should be."""
        sealed = self._bytes(file)
        self._opened(sha256, sealed)
        if (place := self.place(sha256)) != file:
            self._keep(place, sealed)

    def _bytes(self, file: Path) -> bytes:
        try:
            return bounded.read(file, LARGEST + 1024)
        except (OSError, ValueError):
            raise NotOurFile(_LOST) from None

    def _opened(self, sha256: str, sealed: bytes) -> bytes:
        try:
            content = self._cipher.decrypt(sealed[:12], sealed[12:], sha256.encode())
        except (InvalidTag, ValueError):
            raise NotOurFile(_LOST) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotOurFile("附件文件与登记的校验值不符；请从备份恢复附件，或重新添加")
        return content

    @staticmethod
    def _keep(place: Path, sealed: bytes) -> None:
        """Write a file whole or not at all; raises OSError."""
        part, file = places.part_of(place)
        try:
            with file as out:
                out.write(sealed)
                out.flush()
                os.fsync(out.fileno())
            os.replace(part, place)
        finally:
            with contextlib.suppress(OSError):
                part.unlink()

    def release(self, sha256: str, name: str) -> Path:
        """Return a plain copy for the system's viewer, in a private folder that `tidy` empties.

        Where somebody made a link of that folder, the copy would lie wherever it leads to: none is made.
        """
        plain = self.folder / "open"
        if places.is_link(self.folder) or places.is_link(plain):
            raise NotOurFile(
                f"没有打开附件：“{self.folder.name}”文件夹被换成了指向别处的链接，打开的副本会写到那里。"
                "附件没有变动；请把这个文件夹换回真正的文件夹"
            )
        folder = plain / secrets.token_hex(8)
        try:
            folder.mkdir(parents=True, mode=0o700)
            copy = folder / shown_name(name)
            copy.write_bytes(self.get(sha256))
        except OSError:
            raise DiskTrouble("打不开附件：写不了临时文件。台账没有变动，请检查磁盘空间") from None
        return copy

    def tidy(self) -> None:
        """Remove the plain copies of earlier viewings, at start and at close."""
        shutil.rmtree(self.folder / "open", ignore_errors=True)

    def there(self) -> set[str]:
        """Return the hashes of what lies in the folder."""
        return {p.name for p in self.folder.glob("??/*") if re.fullmatch(r"[0-9a-f]{64}", p.name)}

    def examine(self, known: set[str]) -> dict[str, list[str]]:
        """Compare the folder with the ledger: ``missing``, ``damaged`` and ``extra`` hashes."""
        there = self.there()
        damaged = []
        for sha256 in sorted(known & there):
            try:
                self.get(sha256)
            except NotOurFile:
                damaged.append(sha256)
        return {"missing": sorted(known - there), "damaged": damaged, "extra": sorted(there - known)}


def shown_name(name: str) -> str:
    """Return a file's own name, without folders, what Windows forbids, and marks that are not seen."""
    bare = re.split(r"[/\\]", name)[-1]
    bare = "".join(c for c in bare if unicodedata.category(c)[0] != "C")
    bare = re.sub(r'[<>:"|?*]', "", bare).strip(" .")
    stem = bare.split(".")[0]
    if not bare or re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)", stem):
        bare = f"附件_{bare}" if bare else "附件"
    return bare[-120:]
