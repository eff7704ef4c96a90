"""Cut a face down to the characters of a document, as TrueType: ReportLab embeds nothing else.

A face with TrueType outlines is subsetted. One with PostScript outlines (CFF; the bundled faces are such) is read once
in the life of the program and each of its glyphs is made TrueType once, since to read and turn a face of 65,000 glyphs
takes longer than everything else in a report.
"""

from __future__ import annotations

import copy
import re
import struct
import unicodedata
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

_MAXP_ZERO = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)
_KEEP = ("head", "hhea", "maxp", "hmtx", "cmap", "OS/2", "name", "post", "glyf", "loca", "GlyphOrder")
_COPIED = ("head", "hhea", "OS/2", "name", "post")
_NOTDEF = ".notdef"


class Cut(NamedTuple):
    """A face reduced to some characters, as a TrueType file; widths and tops in em; `empty` are drawn as nothing."""

    data: bytes
    widths: Mapping[str, float]
    tops: Mapping[str, float]
    empty: frozenset[str]


def subset(font: Any, chars: str) -> Cut:
    """Cut an open face with TrueType outlines down to *chars*; raises whatever fontTools does over a damaged file."""
    from fontTools import subset as subsetting  # here and below: a window that prints nothing does not wait for it

    options = subsetting.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.name_IDs = [1, 2, 4, 6]
    options.drop_tables = [tag for tag in font.keys() if tag not in _KEEP]  # noqa: SIM118 (TTFont is no dict)
    cutter = subsetting.Subsetter(options)
    cutter.populate(text=chars)
    cutter.subset(font)
    _rename(font)
    table = font["glyf"]
    found = {name: (getattr(table[name], "yMax", 0), table[name].numberOfContours) for name in font.getGlyphOrder()}
    return _finished(font, chars, found)


class _Glyph(NamedTuple):
    """One glyph as TrueType has it: its bytes, left edge and top in units of the face, how many points and contours."""

    data: bytes
    left: int
    top: int
    size: tuple[int, int]


class PostScriptFace:
    """A face with PostScript outlines, and those of its glyphs that were made TrueType.

    Curves differ from the original by at most a thousandth of an em.
    """

    def __init__(self, font: Any) -> None:
        """Read what is needed of an open face, which may be closed afterwards."""
        self._numbers: dict[str, int] = font.getReverseGlyphMap()
        self._cmap: dict[int, str] = font.getBestCmap()
        self._outlines = font["CFF "].cff.topDictIndex[0].CharStrings
        self._tables = {tag: font[tag] for tag in _COPIED if tag in font}
        self._metrics = font.reader["hmtx"]  # as bytes: to read them as a dictionary takes longer than a report
        self._measured: int = font["hhea"].numberOfHMetrics
        self._tolerance: float = font["head"].unitsPerEm / 1000
        self._made: dict[str, _Glyph] = {}

    def cut(self, chars: str) -> Cut:
        """Return the face reduced to *chars*."""
        from fontTools.ttLib import TTFont, newTable
        from fontTools.ttLib.tables._g_l_y_f import Glyph

        codes = {ord(char): self._cmap[ord(char)] for char in chars if ord(char) in self._cmap}
        order = sorted({_NOTDEF, *codes.values()}, key=self._numbers.__getitem__)
        font = TTFont(recalcTimestamp=False)
        font.setGlyphOrder(order)
        for tag, table in self._tables.items():
            font[tag] = copy.deepcopy(table)
        used = {name: self._glyph(name) for name in order}
        glyf, maxp, cmap = font["glyf"], font["maxp"], font["cmap"] = [newTable(t) for t in ("glyf", "maxp", "cmap")]
        font["loca"], font["hmtx"] = newTable("loca"), newTable("hmtx")
        glyf.glyphOrder, glyf.glyphs = order, {name: Glyph(glyph.data) for name, glyph in used.items()}
        font["hmtx"].metrics = {name: (self._advance(name), glyph.left) for name, glyph in used.items()}
        maxp.tableVersion, maxp.numGlyphs, maxp.maxZones = 0x00010000, len(order), 1
        for field in _MAXP_ZERO:
            setattr(maxp, field, 0)
        maxp.maxPoints, maxp.maxContours = (max(sizes) for sizes in zip(*(g.size for g in used.values()), strict=True))
        font["post"].formatType, font["post"].glyphOrder = 3.0, order
        cmap.tableVersion, cmap.tables = 0, _maps(codes)
        font["OS/2"].recalcUnicodeRanges(font)
        font["OS/2"].updateFirstAndLastCharIndex(font)
        font.recalcBBoxes = False  # the whole face's stand, so that no glyph is taken apart again
        _rename(font)
        return _finished(font, chars, {name: (glyph.top, glyph.size[1]) for name, glyph in used.items()})

    def _advance(self, name: str) -> int:
        at = min(self._numbers[name], self._measured - 1)
        return int(struct.unpack_from(">H", self._metrics, at * 4)[0])

    def _glyph(self, name: str) -> _Glyph:
        from fontTools.pens.cu2quPen import Cu2QuPen
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        if name not in self._made:
            pen = TTGlyphPen(None)
            self._outlines[name].draw(Cu2QuPen(pen, self._tolerance, reverse_direction=True))
            glyph = pen.glyph()
            contours = max(0, glyph.numberOfContours)
            points = len(glyph.coordinates) if contours else 0
            data = glyph.compile(None)  # finds xMin too; without it every glyph is drawn too far left
            self._made[name] = _Glyph(data, getattr(glyph, "xMin", 0), getattr(glyph, "yMax", 0), (points, contours))
        return self._made[name]


def _maps(codes: dict[int, str]) -> list[Any]:
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    found = []
    for layout, encoding, last in ((4, 1, 0xFFFF), (12, 10, 0x10FFFF)):
        table = CmapSubtable.newSubtable(layout)
        table.platformID, table.platEncID, table.language = 3, encoding, 0
        table.cmap = {code: name for code, name in codes.items() if code <= last}
        found.append(table)
    return found


def _finished(font: Any, chars: str, glyphs: Mapping[str, tuple[int, int]]) -> Cut:
    """Write a face; *glyphs* tells of each its top and how many contours it has."""
    cmap, em = font.getBestCmap(), font["head"].unitsPerEm
    widths, tops, empty = {}, {}, set()
    for char in chars:
        name = cmap.get(ord(char), _NOTDEF)
        top, contours = glyphs[name]
        widths[char] = font["hmtx"][name][0] / em
        tops[char] = top / em
        if name == _NOTDEF or (not contours and unicodedata.category(char) not in ("Zs", "Cf")):
            empty.add(char)
    out = BytesIO()
    font.save(out, reorderTables=None)
    return Cut(out.getvalue(), widths, tops, frozenset(empty))


def _rename(font: Any) -> None:
    """Give the face one English ASCII name; a name ReportLab cannot put into a PDF is replaced."""
    names = font["name"]
    own = names.getDebugName(6) or names.getDebugName(4) or ""
    ascii_name = re.sub(r"[^0-9A-Za-z-]", "", own.replace(" ", "-")) or "EmbeddedFace"
    names.names = []
    for name_id, value in ((1, ascii_name), (2, "Regular"), (4, ascii_name), (6, ascii_name)):
        names.setName(value, name_id, 3, 1, 0x409)
