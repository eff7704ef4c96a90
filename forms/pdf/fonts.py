"""Chinese fonts for printed reports: find them, check every character, embed only what is used.

A report names *roles* (body, title …), never font files. :meth:`FontSet.build` is given every string the report
will print, with its role and where it stands, and

1. takes for each role the first face of its wish list that is on the computer, may be embedded and can be read;
   the last wish is always a face of the ``pylopdf-fonts-zh-cn`` package (Noto Sans SC, Noto Serif SC; OFL);
2. takes for each character the first face that really has a glyph for it, so a rare character in a name comes from
   another face instead of disappearing;
3. raises :class:`MissingGlyphs` if some character has no glyph in any face. ReportLab itself says nothing in this
   case and prints a blank or a box;
4. cuts every face down to the characters needed and turns PostScript outlines (CFF) into TrueType outlines, because
   ReportLab embeds TrueType only.

Faces of the computer are used in place and embedded as subsets; none is copied into the program.

Importing this module replaces ``reportlab.pdfbase.ttfonts.makeToUnicodeCMap``: ReportLab 5.1 writes code points
above U+FFFF as five hex digits, so 𬭚 would be copied out of the file as another character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

import pylopdf_fonts_zh_cn
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from forms.pdf import cutting
from forms.pdf.font_files import (
    RARE,
    ROLE_LABELS,
    ROLES,
    SANS,
    SONG,
    WISHES,
    Found,
    Role,
    Wish,
    find_faces,
    user_defined_characters,
)

__all__ = ["ROLES", "FontSet", "FontText", "Glyph", "Missing", "MissingGlyphs", "Role"]

# A face with no English PostScript name makes ReportLab read this setting, which it does not define.
rl_config.autoGenerateTTFMissingTTFName = 1
# Text instead of bytes helps nobody since PDF travels as a file; it costs a quarter more bytes and much time.
rl_config.useA85 = 0


class FontText(NamedTuple):
    """A string to be printed: its role, where it stands in words the user knows, and the string."""

    role: Role
    where: str
    text: str


class Missing(NamedTuple):
    """A character that no face can draw, as ``U+XXXX``, and the first place it stands in."""

    char: str
    code: str
    where: str
    places: int


class MissingGlyphs(ValueError):
    """Some characters cannot be printed with the fonts of this computer; ``items`` says which and where."""

    def __init__(self, items: Iterable[Missing]) -> None:
        self.items = tuple(items)
        shown = []
        for item in self.items[:10]:
            drawn = item.char if item.char.isprintable() else "自造字或控制字符"
            more = f"等{item.places}处" if item.places > 1 else ""
            shown.append(f"“{drawn}”（{item.code}，在{item.where}{more}）")
        rest = f"；另有{len(self.items) - 10}个字未列出" if len(self.items) > 10 else ""
        super().__init__(
            f"有{len(self.items)}个字无法打印，没有生成文件：{'；'.join(shown)}{rest}。"
            "这台电脑上找不到含有这些字的字体，请改用其他写法，或安装含有这些字的字体后再试。"
        )


class Glyph(NamedTuple):
    """How one character is drawn in a role: registered font name and advance width in em."""

    font: str
    width: float


class _Face(NamedTuple):
    """A face that may be embedded, with the code points it maps."""

    found: Found
    label: str
    stroke: float
    codes: frozenset[int]


def _to_unicode(name: str, chars: list[int]) -> str:
    """The PDF ToUnicode map of a subset, in UTF-16 as ISO 32000-1 9.10.3 wants (ReportLab writes bare code points)."""
    entries = [f"<{i:02X}> <{chr(v).encode('utf-16-be').hex().upper()}>" for i, v in enumerate(chars) if v]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


ttfonts.makeToUnicodeCMap = _to_unicode


def _open(found: Found) -> Any:
    from fontTools.ttLib import TTFont  # here and below: a window that prints nothing does not wait for fontTools

    return TTFont(found.path, fontNumber=found.number if found.in_collection else -1, lazy=True, recalcTimestamp=False)


@lru_cache(maxsize=24)
def _codes(found: Found) -> frozenset[int] | None:
    """Code points the face maps, or ``None`` when it cannot be used: unreadable, variable, or not to be embedded."""
    try:
        with _open(found) as font:
            if "fvar" in font:  # ReportLab would draw the default instance, often the thinnest
                return None
            licence = font["OS/2"].fsType
            if licence & 0x000F == 0x0002 or licence & 0x0300:  # restricted, no subsetting, bitmaps only
                return None
            return frozenset(code for code, name in font.getBestCmap().items() if name != ".notdef")
    except Exception:  # whatever a damaged file makes fontTools raise: the next wish is tried
        return None


@lru_cache(maxsize=16)
def _cut(found: Found, chars: str) -> cutting.Cut | None:
    """Reduce the face to *chars* and make its outlines TrueType; ``None`` if the file cannot be read."""
    try:
        if outlines := _postscript(found):
            return outlines.cut(chars)
        with _open(found) as font:
            return cutting.subset(font, chars)
    except Exception:  # as in _codes
        return None


@lru_cache(maxsize=8)
def _postscript(found: Found) -> cutting.PostScriptFace | None:
    """The outlines of a face with PostScript outlines, kept for the next document; ``None`` for another."""
    with _open(found) as font:
        return cutting.PostScriptFace(font) if "CFF " in font else None


def _bundled(kind: str) -> list[Found]:
    """The bundled face of a kind; the packaged program has the serif one only."""
    path = pylopdf_fonts_zh_cn.sans_path() if kind == "sans" else pylopdf_fonts_zh_cn.serif_path()
    return [Found(str(path), 0, False, path.stat().st_mtime_ns)] if path.is_file() else []


def _face(wish: Wish, system: bool) -> _Face | None:
    if wish.bundled:
        candidates = _bundled(wish.bundled)
    else:
        candidates = find_faces(wish.families, wish.weight) if system else []
    for found in candidates:
        codes = _codes(found)
        whole = wish.rare or (codes is not None and {ord("一"), ord("的")} <= codes)
        if codes is not None and whole:
            return _Face(found, wish.label, wish.stroke, codes)
    return None


class FontSet:
    """The faces of one document, cut to its characters. Make one with :meth:`build`.

    ``notes`` are sentences in Chinese about faces that stand in for those of GB/T 9704, for the preview and the
    print log. Widths are in em; multiply by the size in points.
    """

    def __init__(self, glyphs: dict[Role, dict[str, Glyph]], faces: list[tuple[Any, cutting.Cut]], strokes: dict[Role, float],
                 notes: tuple[str, ...]) -> None:  # fmt: skip
        self.notes = notes
        self._glyphs = glyphs
        self._faces = faces
        self._strokes = strokes
        # What a pen writes, found once per document: by font, the internal font and the code of each character.
        self.characters: dict[str, tuple[dict[str, str], dict[str, str]]] = {}

    @classmethod
    def build(
        cls, texts: Iterable[FontText], *, system: bool = True, prefer: Mapping[Role, str] | None = None
    ) -> FontSet:
        """Choose and cut faces for *texts*.

        ``system=False`` uses the bundled faces only, so the result is the same on every computer. *prefer* names a
        font family per role that goes before the usual ones. Spaces and digits are always included.

        Raises :class:`MissingGlyphs` before anything is drawn if a character has no glyph anywhere.
        """
        told = list(texts)
        need: dict[Role, set[str]] = {role: set(" 0123456789—") for role in ROLES}
        for role, _, text in told:
            need[role].update(text)
        used = {role for role, _, _ in told} | {"page_number"}
        banned: set[tuple[Found, str]] = set()
        broken: set[Found] = set()
        while True:  # again when a face turns out to have empty glyphs or not to load
            chains = {role: _Chain(role, system, (prefer or {}).get(role), broken) for role in ROLES if role in used}
            chosen = {role: _assign(chain, sorted(need[role]), banned) for role, chain in chains.items()}
            cuts, again = _load(chosen, banned, broken)
            if not again:
                break
        lost = {(role, char) for role, got in chosen.items() for char, face in got.items() if face is None}
        if lost:
            raise MissingGlyphs(_missing(told, lost))
        names = {found: f"boai{n}" for n, found in enumerate(cuts)}
        glyphs = {
            role: {c: Glyph(names[f.found], cuts[f.found][1].widths[c]) for c, f in got.items() if f is not None}
            for role, got in chosen.items()
        }
        faces = list(cuts.values())
        for name, (font, _) in zip(names.values(), faces, strict=True):
            font.fontName = name
        strokes = {role: chain.primary.stroke for role, chain in chains.items()}
        return cls(glyphs, faces, strokes, _notes(chains, chosen, need))

    def again(self) -> FontSet:
        """The same faces for another document."""
        return FontSet(self._glyphs, self._faces, self._strokes, self.notes)

    def glyphs(self, role: Role) -> Mapping[str, Glyph]:
        """Glyph by character of *role*; holds exactly the characters given to :meth:`build`, spaces and digits."""
        return self._glyphs[role]

    def stroke(self, role: Role) -> float:
        """Width in em of the line to draw round the glyphs of *role* (0 for none)."""
        return self._strokes[role]

    def ink_top(self, role: Role, char: str) -> float:
        """Height in em of the highest ink of *char* above its baseline."""
        glyph = self._glyphs[role][char]
        return next(cut.tops[char] for font, cut in self._faces if font.fontName == glyph.font)

    @contextmanager
    def registered(self) -> Iterator[str]:
        """Make the faces known to ReportLab for the time of one build; yields a font name to start a canvas with.

        ReportLab keeps its fonts in a table of the process, so only one build may run at a time.
        """
        try:
            for font, _ in self._faces:
                pdfmetrics.registerFont(font)
            yield self._faces[0][0].fontName
        finally:
            for font, _ in self._faces:
                font.unregister()


class _Chain:
    """The faces a role tries for a character, in order; opened only when reached."""

    def __init__(self, role: Role, system: bool, prefer: str | None, broken: set[Found]) -> None:
        self._system = system
        self._broken = broken
        wishes = (Wish((prefer,), prefer, rare=True), *WISHES[role]) if prefer else WISHES[role]
        rest = RARE if role not in ("heading1", "table_head") else (SANS, *RARE)
        self.faces: list[_Face] = []
        self._waiting = [*wishes]
        while not self.faces and self._waiting:
            self._next()
        if not self.faces:  # only when the bundled package is damaged
            raise FileNotFoundError("程序自带的中文字体无法读取，请重新安装本程序。")
        self.primary = self.faces[0]
        self.wish_is_exact = self._last.exact
        self._waiting = [SONG, *rest]
        self._eudc = system

    def _next(self) -> None:
        self._last = self._waiting.pop(0)
        face = _face(self._last, self._system)
        if face and face.found not in self._broken and all(face.found != known.found for known in self.faces):
            self.faces.append(face)

    def __iter__(self) -> Iterator[_Face]:
        position = 0
        while True:
            while position >= len(self.faces) and self._waiting:
                self._next()
            if position >= len(self.faces):
                break
            yield self.faces[position]
            position += 1
        if self._eudc:
            for found in user_defined_characters():
                codes = _codes(found)
                if codes is not None and found not in self._broken:
                    yield _Face(found, "用户自造字", 0.0, frozenset(c for c in codes if 0xE000 <= c <= 0xF8FF))


def _assign(chain: _Chain, chars: list[str], banned: set[tuple[Found, str]]) -> dict[str, _Face | None]:
    got: dict[str, _Face | None] = {}
    for char in chars:
        faces = (face for face in chain if ord(char) in face.codes and (face.found, char) not in banned)
        got[char] = None if unicodedata.category(char) in ("Cc", "Cs") else next(faces, None)
    return got


def _load(
    chosen: Mapping[Role, Mapping[str, _Face | None]], banned: set[tuple[Found, str]], broken: set[Found]
) -> tuple[dict[Found, tuple[Any, cutting.Cut]], bool]:
    """Cut and load every face used. The flag says that *banned* or *broken* grew and the choice must be made again."""
    wanted: dict[Found, set[str]] = {}
    for got in chosen.values():
        for char, face in got.items():
            if face is not None:
                wanted.setdefault(face.found, {" "}).add(char)
    cuts: dict[Found, tuple[Any, cutting.Cut]] = {}
    again = False
    taken: set[bytes] = set()
    for found, chars in wanted.items():
        cut = _cut(found, "".join(sorted(chars)))
        font = _embeddable(cut) if cut is not None else None
        if cut is None or font is None:
            broken.add(found)
            again = True
            continue
        holes = {(found, char) for char in cut.empty if char != " "} - banned
        if holes:
            banned |= holes
            again = True
        base = font.face.name
        while font.face.name in taken:  # two faces of one name would overwrite each other inside the PDF
            font.face.name = base + b"-%d" % len(taken)
        taken.add(font.face.name)
        cuts[found] = (font, cut)
    return cuts, again


def _embeddable(cut: cutting.Cut) -> Any:
    """ReportLab's font object, or ``None`` when ReportLab cannot read the face."""
    try:
        return ttfonts.TTFont("boai", BytesIO(cut.data), asciiReadable=False, shapable=False)
    except Exception:  # it raises many kinds: the next wish is tried
        return None


def _missing(told: list[FontText], lost: set[tuple[Role, str]]) -> list[Missing]:
    places: dict[str, list[str]] = {}
    for role, where, text in told:
        for char in dict.fromkeys(text):
            if (role, char) in lost:
                places.setdefault(char, []).append(where)
    return [Missing(char, f"U+{ord(char):04X}", at[0], len(at)) for char, at in places.items()]


def _notes(
    chains: Mapping[Role, _Chain], chosen: Mapping[Role, Mapping[str, _Face | None]], need: Mapping[Role, set[str]]
) -> tuple[str, ...]:
    notes = []
    for role, chain in chains.items():
        label, kind = ROLE_LABELS[role]
        if not chain.wish_is_exact:
            notes.append(f"{label}应用{kind}，这台电脑上没有，已用{chain.primary.label}代替。")
    rare: dict[tuple[str, str], set[str]] = {}
    for role, got in chosen.items():
        for char, face in got.items():
            if face is not None and face.found != chains[role].primary.found and char in need[role]:
                rare.setdefault((chains[role].primary.label, face.label), set()).add(char)
    for (usual, used), chars in rare.items():
        shown = "".join(sorted(chars)[:10]) + ("…" if len(chars) > 10 else "")
        notes.append(f"{usual}没有“{shown}”{'等' if len(chars) > 10 else ''}{len(chars)}个字，这些字已用{used}补上。")
    return tuple(notes)
