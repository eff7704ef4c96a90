"""A folder or a .zip handed in at once: every file in it is accounted for. Nothing of an archive is written to the disk.

Names in an archive are told apart by their bytes: most packers in China write them in GBK without saying so.
"""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from db.records.kinds import cell_text, is_blank, plain
from forms.errors import FileTrouble
from forms.reading.files import read_content, read_tables
from forms.reading.safety import ARCHIVE, BROKEN_ARCHIVE, MOST_BYTES, package_kind
from forms.reading.table import Table, Tick

MOST_FILES = 2_000
_MOST_DEEP = 8  # folders below the one handed in
_MOST_BYTES = 300 * 1024 * 1024  # of all files together, unpacked
_MOST_RATIO, _RATIO_FROM = 250, 4 * 1024 * 1024
_PIECE = 256 * 1024
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"}
_NOT_A_TABLE = {
    "图片": ".jpg .jpeg .png .bmp .gif .tif .tiff .heic .webp",
    "音像": ".mp3 .mp4 .mov .avi .wmv .m4a .amr .wav",
    "演示文稿": ".ppt .pptx .dps",
}
_KINDS = {end: kind for kind, ends in _NOT_A_TABLE.items() for end in ends.split()}


@dataclass
class Received:
    """One file of what was handed in: its name with the folders, its tables, or why there are none.

    `harmless`: what was left needs nobody's attention, as a file of the system or a second copy.
    """

    name: str
    tables: list[Table] = field(default_factory=list)
    trouble: str = ""
    harmless: bool = False


def is_bundle(path: Path) -> bool:
    """Whether a path is a folder or an archive of files, and no document that happens to be packed."""
    if path.is_dir():
        return True
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                return False
        return path.stat().st_size <= MOST_BYTES and package_kind(path.read_bytes()) == ARCHIVE
    except OSError:
        return False


def receive(paths: Sequence[Path], tick: Tick = lambda: None) -> tuple[list[Received], bool]:
    """Read every file that was handed in; return them in their order, and whether a folder or an archive was among them.

    A file that was named itself and cannot be read raises `FileTrouble`, as do a folder and an archive with too much.
    """
    bundled = any(is_bundle(path) for path in paths)
    found: list[Received] = []
    for path in paths:
        if path.is_dir():
            found += _of_folder(path, tick)
        elif is_bundle(path):
            found += _of_archive(path, tick)
        else:
            name = path.name if path.name not in {f.name for f in found} else f"{path.parent.name}/{path.name}"
            found.append(Received(name, read_tables(path, tick)))
        if len(found) > MOST_FILES:
            raise _too_many(path.name)
    if bundled:
        _leave_out_copies(found)
    return found, bundled


def _too_many(name: str) -> FileTrouble:
    return FileTrouble(f"文件太多（超过 {MOST_FILES} 个）：{name}。没有导入任何内容；请分几次导入")


def _of_folder(folder: Path, tick: Tick) -> list[Received]:
    found: list[Received] = []
    seen: dict[bytes, str] = {}
    total = 0
    for path in _files(folder):
        tick()
        name = path.relative_to(folder.parent).as_posix()
        if len(found) >= MOST_FILES:
            raise _too_many(folder.name)
        linked = Received(name, trouble="是指向别处的链接，不读取") if path.is_symlink() else None
        if (made := linked or _left_by_name(name)) is not None:
            found.append(made)
            continue
        try:
            size = path.stat().st_size
            content = path.read_bytes() if total + size <= _MOST_BYTES else None
        except OSError:
            found.append(Received(name, trouble="读不了，可能正被占用或没有权限"))
            continue
        if content is None:
            raise FileTrouble(f"文件夹里的文件合起来过大：{folder.name}。没有导入任何内容；请分几次导入")
        total += size
        found.append(_read(name, content, seen, tick))
    if not found:
        raise FileTrouble(f"文件夹是空的：{folder.name}。没有导入任何内容")
    return found


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder in the order of their names; links are not followed."""

    def refuse(error: OSError) -> None:  # what cannot be listed would be missing from the count without a word
        name = Path(str(error.filename)).name
        raise FileTrouble(f"读不了文件夹：{name}。它可能正被占用或没有权限；没有导入任何内容，请稍后再试") from None

    for place, folders, files in os.walk(folder, onerror=refuse, followlinks=False):
        folders.sort()
        if len(Path(place).relative_to(folder).parts) >= _MOST_DEEP and folders:
            raise FileTrouble(f"文件夹套得太深（超过 {_MOST_DEEP} 层）：{folder.name}。没有导入任何内容；请分几次导入")
        yield from (Path(place) / name for name in sorted(files))


def _of_archive(path: Path, tick: Tick) -> list[Received]:
    found: list[Received] = []
    seen: dict[bytes, str] = {}
    left = _MOST_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
            if len(entries) > MOST_FILES:
                raise _too_many(path.name)
            for entry in entries:
                tick()
                name = _name(entry)
                shown = f"{path.name}/{name}"
                if (made := _left_by_name(shown) or _left_unopened(entry, name, shown)) is not None:
                    found.append(made)
                    continue
                try:
                    content = _unpacked(archive, entry, left)
                except BROKEN_ARCHIVE:
                    found.append(Received(shown, trouble="在压缩包里已损坏，打不开"))
                    continue
                if content is None:
                    found.append(Received(shown, trouble="展开后过大，为安全起见没有打开"))
                    continue
                left -= len(content)
                found.append(_read(shown, content, seen, tick))
    except BROKEN_ARCHIVE:
        raise FileTrouble(
            f"压缩包打不开，可能已损坏或没有传完：{path.name}。没有导入任何内容；请重新取得再试"
        ) from None
    except OSError:
        raise FileTrouble(f"读不了文件：{path.name}。它可能正被占用或没有权限；没有导入任何内容") from None
    if not found:
        raise FileTrouble(f"压缩包是空的：{path.name}。没有导入任何内容")
    return found


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of a file in an archive: as it says, else by its bytes UTF-8, GBK or what the format calls its own."""
    name = entry.orig_filename.partition("\0")[0]
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _left_unopened(entry: zipfile.ZipInfo, name: str, shown: str) -> Received | None:
    """Say why a file of an archive is not even unpacked, where that is so."""
    steps = PurePosixPath(name).parts
    if name.startswith("/") or ".." in steps or ":" in name or any(ord(c) < 32 for c in name):
        safe = "".join(c for c in shown if ord(c) >= 32)
        return Received(safe, trouble="名字指向压缩包以外，为安全起见没有打开")
    if entry.flag_bits & 1:
        return Received(shown, trouble="压缩包设有密码；请先解压，再导入解压出来的文件")
    if entry.file_size > _MOST_BYTES:
        return Received(shown, trouble="展开后过大，为安全起见没有打开")
    return None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes | None:
    """Return what a file holds, or None where it grows beyond what is allowed."""
    pieces, size = [], 0
    with archive.open(entry) as source:
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > left or (size > _RATIO_FROM and size > _MOST_RATIO * max(entry.compress_size, 1)):
                return None
            pieces.append(piece)
    return b"".join(pieces)


def _left_by_name(name: str) -> Received | None:
    """Say why a file is not opened that its name tells to be no table."""
    last = PurePosixPath(name).name.lower()
    if last in _OF_THE_SYSTEM or last.startswith(("~$", ".~", "._")) or "__MACOSX/" in name:
        return Received(name, trouble="系统或临时文件，不读取", harmless=True)
    if last.endswith((".boai-db", ".boai-backup", ".keys", ".lnk")):
        return Received(name, trouble="台账、备份、钥匙或快捷方式，不读取")
    if kind := _KINDS.get(PurePosixPath(last).suffix):
        return Received(name, trouble=f"{kind}，里面没有可以读的表格")
    return None


def _read(name: str, content: bytes, seen: dict[bytes, str], tick: Tick) -> Received:
    """Read one file among others; what it cannot be read for is its own."""
    digest = hashlib.sha256(content).digest()
    if content and digest in seen:
        return Received(name, trouble=f"与“{seen[digest]}”完全相同，只读一次", harmless=True)
    seen[digest] = name
    if content.startswith(b"PK") and package_kind(content) == ARCHIVE and zipfile.is_zipfile(io.BytesIO(content)):
        return Received(name, trouble="压缩包里又有压缩包；请先解压，再导入解压出来的文件夹")
    try:
        return Received(name, read_content(content, PurePosixPath(name).name, tick))
    except FileTrouble as trouble:
        return Received(name, trouble=str(trouble).replace("没有导入任何内容", "没有读取"))


def _leave_out_copies(found: Sequence[Received]) -> None:
    """Take a table once where two files of one hand-in hold the same, as a workbook and the PDF made of it."""
    seen: dict[bytes, str] = {}
    for each in found:
        kept = []
        for table in each.tables:
            key = _digest(table)
            if key in seen and seen[key] != each.name:
                continue
            seen.setdefault(key, each.name)
            kept.append(table)
        if each.tables and not kept:
            where = seen[_digest(each.tables[0])]
            each.trouble, each.harmless = f"内容与“{where}”相同，只读一次", True
        each.tables = kept


def _digest(table: Table) -> bytes:
    """What tells a table: the texts of its rows, however they are stored."""
    told = hashlib.sha256()
    for number, row in table.rows:
        if number > 0:
            told.update("\t".join(plain(cell_text(c)) for c in row if not is_blank(c)).encode() + b"\n")
    return told.digest()
