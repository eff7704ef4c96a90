"""Which faces each role of a report wants, and the font files of this computer.

Faces are found by family name as written inside the file, in English or Chinese. File names are not trusted: the
same face is ``simfang.ttf`` on one computer and something else on another. The computer is scanned once per process.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

Role = Literal["title", "body", "heading1", "heading2", "table", "table_head", "page_number"]
ROLES: tuple[Role, ...] = get_args(Role)


class Wish(NamedTuple):
    """A face a role would like: family names (any language), how it is called in notes, and how it is drawn."""

    families: tuple[str, ...]
    label: str
    exact: bool = True  # of the kind of letter the standard asks for: no note is printed
    weight: int = 400
    stroke: float = 0.0  # width of a line drawn round each glyph, in em, for want of a bold face
    bundled: Literal["", "sans", "serif"] = ""
    rare: bool = False  # need not have the commonest characters


_SERIF = Wish((), "思源宋体（Noto Serif SC）", bundled="serif")
SANS = Wish((), "思源黑体（Noto Sans SC）", bundled="sans")
SONG = Wish(("宋体", "SimSun"), "宋体")
_NOTO_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "思源宋体")
_NOTO_SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "思源黑体")
_HEI = (
    Wish(("黑体", "SimHei"), "黑体"),
    Wish(("微软雅黑", "Microsoft YaHei"), "微软雅黑", exact=False),
    Wish(_NOTO_SANS, "思源黑体"),
    SANS,
    _SERIF._replace(label="思源宋体（Noto Serif SC）加粗", exact=False, stroke=0.035),
)
_TABLE_SONG = (SONG, Wish(_NOTO_SERIF, "思源宋体"), _SERIF)
_XIAOBIAOSONG = ("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "方正小标宋简体", "FZXiaoBiaoSong-B05S")

WISHES: Mapping[Role, tuple[Wish, ...]] = {
    "title": (
        Wish(_XIAOBIAOSONG, "方正小标宋"),
        Wish(("华文中宋", "STZhongsong"), "华文中宋", exact=False),
        Wish(_NOTO_SERIF, "思源宋体粗体", exact=False, weight=700),
        SONG._replace(label="宋体加粗", exact=False, stroke=0.03),
        _SERIF._replace(label="思源宋体（Noto Serif SC）加粗", exact=False, stroke=0.035),
    ),
    "body": (
        Wish(("仿宋_GB2312", "FangSong_GB2312"), "仿宋_GB2312"),
        Wish(("仿宋", "FangSong"), "仿宋"),
        Wish(("华文仿宋", "STFangsong"), "华文仿宋"),
        Wish(("FandolFang", "FandolFang R"), "Fandol仿宋"),
        _SERIF._replace(exact=False),
    ),
    "heading1": _HEI,
    "heading2": (
        Wish(("楷体_GB2312", "KaiTi_GB2312"), "楷体_GB2312"),
        Wish(("楷体", "KaiTi"), "楷体"),
        Wish(("华文楷体", "STKaiti"), "华文楷体"),
        Wish(("LXGW WenKai", "霞鹜文楷"), "霞鹜文楷"),
        Wish(("AR PL UKai CN",), "文鼎楷体"),
        _SERIF._replace(exact=False),
    ),
    "table": _TABLE_SONG,
    "table_head": _HEI,
    "page_number": _TABLE_SONG,
}
ROLE_LABELS: Mapping[Role, tuple[str, str]] = {  # what the role prints, the letter the standard asks for
    "title": ("标题", "小标宋体"),
    "body": ("正文", "仿宋体"),
    "heading1": ("一级标题", "黑体"),
    "heading2": ("二级标题", "楷体"),
    "table": ("表格", "宋体"),
    "table_head": ("表头", "黑体"),
    "page_number": ("页码", "宋体"),
}
RARE = (
    Wish(("SimSun-ExtB",), "宋体-ExtB", rare=True),
    _SERIF,
    Wish(("HanaMinA",), "花园明朝A", rare=True),
    Wish(("HanaMinB",), "花园明朝B", rare=True),
)


_KINDS = {".ttf", ".otf", ".ttc", ".otc", ".tte"}
_FAMILY_NAMES = {1, 4, 16}  # family, full name, typographic family


class Found(NamedTuple):
    """A face: file, number within a collection, whether it is a collection, and the file's time stamp (ns)."""

    path: str
    number: int
    in_collection: bool
    stamp: int


class _Known(NamedTuple):
    found: Found
    families: frozenset[str]
    weight: int
    italic: bool


def find_faces(families: Iterable[str], weight: int = 400) -> list[Found]:
    """Upright faces of one of *families*: earlier names first, then the weight (100…900) nearest to the wanted one."""
    order = {name.casefold(): n for n, name in reversed(list(enumerate(families)))}
    hits = []
    for known in _scan():
        ranks = [order[name] for name in known.families if name in order]
        if ranks and not known.italic and abs(known.weight - weight) <= 150:
            hits.append((min(ranks), abs(known.weight - weight), known.found))
    return [found for _, _, found in sorted(hits)]


def user_defined_characters() -> list[Found]:
    """Faces with the user's own characters (Windows EUDC), which stand in the private use area."""
    return sorted(known.found for known in _scan() if Path(known.found.path).suffix.lower() == ".tte")


@lru_cache(maxsize=1)
def _scan() -> tuple[_Known, ...]:
    known: list[_Known] = []
    for path in sorted(set(_font_paths())):
        try:
            known += _read(path)
        except (OSError, struct.error, UnicodeError, ValueError):
            continue  # damaged, locked, or not a font: the scan goes on
    return tuple(known)


def _font_paths() -> Iterator[Path]:
    for folder in _folders():
        for root, _, names in os.walk(folder):
            yield from (Path(root, name) for name in names if Path(name).suffix.lower() in _KINDS)
    yield from (path for path in _registered_paths() if path.suffix.lower() in _KINDS and path.is_file())


def _folders() -> list[Path]:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        folders = [Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")]
        folders += [Path(local, "Microsoft", "Windows", "Fonts")] if local else []
    return folders


def _registered_paths() -> Iterator[Path]:
    """Files named in the registry, which may lie in any folder (none but on Windows)."""
    yield from ()
    if sys.platform == "win32":
        import winreg

        base = Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
        for hive in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            try:
                with winreg.OpenKey(hive, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts") as key:
                    for n in range(winreg.QueryInfoKey(key)[1]):
                        value = winreg.EnumValue(key, n)[1]
                        if isinstance(value, str):
                            yield base / value
            except OSError:
                continue  # no such key for this user


def _read(path: Path) -> list[_Known]:
    """The faces of one file; reads only the table directory, ``name`` and ``OS/2`` (OpenType 1.9, otff, name, os2)."""
    stamp = path.stat().st_mtime_ns
    known = []
    with path.open("rb") as file:

        def at(offset: int, size: int) -> bytes:
            file.seek(offset)
            data = file.read(size)
            if len(data) < size:
                raise ValueError("font file ends early")
            return data

        head = at(0, 12)
        in_collection = head[:4] == b"ttcf"
        offsets = [0]
        if in_collection:
            count = min(struct.unpack(">L", head[8:12])[0], 64)
            offsets = list(struct.unpack(f">{count}L", at(12, 4 * count)))
        for index, offset in enumerate(offsets):
            count = struct.unpack(">H", at(offset + 4, 2))[0]
            tables = {}
            for n in range(count):
                tag, _, start, size = struct.unpack(">4sLLL", at(offset + 12 + 16 * n, 16))
                tables[tag] = (start, size)
            if b"name" not in tables or b"OS/2" not in tables:
                continue
            os2 = at(tables[b"OS/2"][0], 64)
            weight, selection = struct.unpack(">H", os2[4:6])[0], struct.unpack(">H", os2[62:64])[0]
            families = frozenset(_names(at(*tables[b"name"])))
            known.append(_Known(Found(str(path), index, in_collection, stamp), families, weight, bool(selection & 1)))
    return known


def _names(table: bytes) -> Iterator[str]:
    count, strings = struct.unpack(">HH", table[2:6])
    for n in range(count):
        platform, encoding, _, name_id, length, start = struct.unpack(">6H", table[6 + 12 * n : 18 + 12 * n])
        if name_id not in _FAMILY_NAMES:
            continue
        raw = table[strings + start : strings + start + length]
        if platform in (0, 3):
            codec = "gbk" if platform == 3 and encoding == 3 else "utf-16-be"
        else:
            codec = "gbk" if encoding == 25 else "mac_roman"
        yield raw.decode(codec, "ignore").replace("\0", "").strip().casefold()
