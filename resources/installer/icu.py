"""ICU's data cut to Chinese: Qt for Linux carries 32 MB of it, nearly all names of things in other languages.

The layout of the data is that of ICU's own tools (`ucmndata.h`): a header, a sorted directory of names and places, the items.
A C compiler makes a library of what stays; where there is none, the whole library goes into the bundle.
"""

import re
import shutil
import struct
import subprocess
from pathlib import Path

# Sorting, code pages, zones and what is of no language stays; so does Chinese.
KEPT = re.compile(
    r"[^/]+/(?!(?:brkitr|translit|rbnf)/)(?:.*\.(?!res$|dict$)[a-z]+|(?:[a-z]+/)?(?:zh\w*|en|root|pool|res_index|[a-z]+[A-Z]\w*|[a-z]+\d+|metadata)\.res)"
)


def cut(data: bytes) -> bytes:
    """Return a package of ICU's data with the kept items alone."""
    (header,) = struct.unpack_from("<H", data)
    (count,) = struct.unpack_from("<I", data, header)
    places = [struct.unpack_from("<II", data, header + 4 + 8 * i) for i in range(count)]
    ends = [place for _, place in places[1:]] + [len(data) - header]
    items = []
    for (name, start), end in zip(places, ends, strict=True):
        text = data[header + name : data.index(b"\0", header + name)]
        if KEPT.fullmatch(text.decode("ascii")):
            items.append((text + b"\0", data[header + start : header + end]))
    names = 4 + 8 * len(items)
    at = -(-(names + sum(len(name) for name, _ in items)) // 16) * 16
    directory, texts, content = struct.pack("<I", len(items)), b"", b""
    for name, item in items:
        directory += struct.pack("<II", names + len(texts), at + len(content))
        texts += name
        content += item + bytes(-len(item) % 16)
    return data[:header] + (directory + texts).ljust(at, b"\0") + content


def shortened(library: Path, folder: Path) -> Path:
    """Return a library like ICU's `library` of data with the kept items alone, made in `folder`; itself without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return library
    whole = library.read_bytes()
    version = library.name.rsplit(".", 1)[1]
    start = whole.index(b"CmnD") - 12  # behind the sizes and marks of the header
    (folder / "icu.dat").write_bytes(cut(whole[start:]))
    (folder / "icu.S").write_text(
        f".section .rodata\n.globl icudt{version}_dat\n.type icudt{version}_dat, @object\n.balign 16\nicudt{version}_dat:\n"
        f'.incbin "{folder / "icu.dat"}"\n.size icudt{version}_dat, . - icudt{version}_dat\n'
        '.section .note.GNU-stack, "", @progbits\n',
        encoding="utf-8",
    )
    made = folder / library.name
    subprocess.run(
        [compiler, "-shared", "-nostdlib", "-s", f"-Wl,-soname,{library.name}", "-o", made, folder / "icu.S"],
        check=True,
    )
    return made
