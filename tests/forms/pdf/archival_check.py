"""A check of our own whether a PDF is one of PDF/A-2u: the clauses of ISO 19005-2:2011 that our files rely on.

It is stricter than the standard where we need less: no images, forms, annotations, actions, attachments or states of
transparency are expected at all. It reads the file's bytes, its objects by pypdf, its fonts by fontTools, and shares no code
with what writes them.
"""

import io
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import pypdf
from fontTools.ttLib import TTFont
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

_TOKEN = re.compile(
    rb"\((?:\\.|[^()\\])*\)|<<|>>|<[^<>]*>|/[^\s/<>\[\]()]*|[\[\]]|[^\s/<>\[\]()]+",
    re.DOTALL,
)
# ISO 32000-1, Annex A: what our pages are drawn with; anything else is looked at by a person first.
_OPERATORS = set("q Q cm w J j M d i gs ri m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm T* "
                 "Tj TJ ' \" g G rg RG".split())  # fmt: skip
_NEVER = {
    "/AcroForm": "6.4.1", "/AA": "6.5.2", "/OpenAction": "6.5.1", "/OCProperties": "6.9", "/Requirements": "6.11",
    "/NeedsRendering": "6.4.2", "/Names": "6.10", "/Perms": "6.1.12",
}  # fmt: skip
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PREDEFINED = {
    "http://www.aiim.org/pdfa/ns/id/": {"part", "conformance"},
    "http://purl.org/dc/elements/1.1/": {"title", "creator", "description"},
    "http://ns.adobe.com/xap/1.0/": {"CreatorTool", "CreateDate", "ModifyDate"},
    "http://ns.adobe.com/pdf/1.3/": {"Producer", "Keywords"},
}


def faults(content: bytes) -> list[str]:
    """Return what is against PDF/A-2u, each as the clause and words; nothing where the file is one."""
    found = [*_file(content)]
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
        root = reader.trailer["/Root"].get_object()
    except Exception as error:  # whatever a damaged file makes the reader raise
        return [*found, f"6.1: {type(error).__name__}: {error}"]
    assert isinstance(root, DictionaryObject)
    found += _objects(reader)
    found += _catalog(root)
    found += _metadata(reader, root)
    used: dict[int, tuple[DictionaryObject, set[int]]] = {}
    for number, page in enumerate(reader.pages, 1):
        found += [f"{fault} (page {number})" for fault in _page(page, used)]
    for font, codes in used.values():
        found += _font(font, codes)
    return [fault for fault, _ in groupby(sorted(found))]


def _file(content: bytes) -> Iterator[str]:
    """6.1: header, trailer, cross-references, streams, objects."""
    if not re.match(rb"%PDF-1\.[0-7](\r\n|\r|\n)", content):
        yield "6.1.2: header"
    second = re.split(rb"\r\n|\r|\n", content, maxsplit=2)[1]
    if not (second.startswith(b"%") and len(second) > 4 and all(byte > 127 for byte in second[1:5])):
        yield "6.1.2: comment after the header"
    if not re.search(rb"%%EOF(\r\n|\r|\n)?\Z", content):
        yield "6.1.3: data after the end"
    trailer = content[content.rindex(b"trailer") :] if b"trailer" in content else b""
    if not re.search(rb"/ID\s*\[\s*<[0-9a-f]{32}>\s*<[0-9a-f]{32}>\s*\]", trailer):
        yield "6.1.3: no identifier of the file"
    if b"/Encrypt" in trailer:
        yield "6.1.3: encrypted"
    if not re.search(rb"\bxref\n0 \d+\n0000000000 65535 f \n", content):
        yield "6.1.4: cross-reference table"
    bare = content
    for stream in re.finditer(rb"/Length (\d+)(?:(?!stream).)*?>>\s*stream(\r\n|\n|)", content, re.DOTALL):
        end = stream.end() + int(stream[1])
        after = content[end : end + 12]
        if not stream[2] or not re.match(rb"(\r\n|\n)endstream", after):
            yield "6.1.7.1: ends of a stream"
        bare = bare[: stream.end()] + b" " * (end - stream.end()) + bare[end:]
    for number in re.finditer(rb"(?:^|\n)(\d+)(\s+)(\d+)(\s+)obj(.?)", bare, re.DOTALL):
        if number[2] != b" " or number[4] != b" " or number[5] not in (b"\n", b"\r"):
            yield "6.1.9: spacing of an object"
    if len(re.findall(rb"\nendobj\n", bare)) != len(re.findall(rb"\bobj\n", bare)):
        yield "6.1.9: end of an object"


def _objects(reader: pypdf.PdfReader) -> Iterator[str]:
    """6.1.7.2, 6.1.13, 6.8: filters, limits and attachments of every object."""
    numbers = [number for table in reader.xref.values() for number in table if number]
    if len(numbers) > 8_388_607:
        yield "6.1.13: objects"
    for number in numbers:
        thing = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(thing, StreamObject):
            for name in ("/F", "/FFilter", "/FDecodeParms"):
                if name in thing:
                    yield f"6.1.7.1: {name}"
            filters = thing.get("/Filter", ArrayObject())
            if any(f != "/FlateDecode" for f in (filters if isinstance(filters, ArrayObject) else [filters])):
                yield "6.1.7.2: filter"
        yield from _limits(thing)


def _limits(thing: Any) -> Iterator[str]:
    if isinstance(thing, DictionaryObject):
        if "/EF" in thing:
            yield "6.8: embedded file"
        if "/S" in thing and thing.get("/Type") != "/OutputIntent":
            yield "6.5.1: action"
        for name, value in thing.items():
            yield from _limits(name)
            yield from _limits(value)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from _limits(value)
    elif isinstance(thing, NameObject):
        if len(thing.encode()) > 128:  # with its stroke
            yield "6.1.13: name"
    elif isinstance(thing, NumberObject):
        if not -(2**31) <= int(thing) < 2**31:
            yield "6.1.13: integer"
    elif isinstance(thing, TextStringObject) and len(thing.original_bytes) > 32_767:
        yield "6.1.13: string"


def _catalog(root: DictionaryObject) -> Iterator[str]:
    """6.2.3, 6.4–6.11: the output intent, and what a catalog may not have."""
    for name, clause in _NEVER.items():
        if name in root:
            yield f"{clause}: {name}"
    if root.get("/Lang") != "zh-CN":
        yield "6.7.4: no language"  # asked for by level A only; ours have it
    intents = root.get("/OutputIntents", [])
    intent = intents[0] if len(intents) == 1 else {}
    if intent.get("/S") != "/GTS_PDFA1" or "/OutputConditionIdentifier" not in intent:
        yield "6.2.3: output intent"
        return
    stream = intent["/DestOutputProfile"]
    profile = stream.get_data()
    size, version, kind, space = struct.unpack(">I4xI4s4s", profile[:20])
    if (size, profile[36:40], kind, space, stream.get("/N")) != (
        len(profile),
        b"acsp",
        b"mntr",
        b"RGB ",
        3,
    ) or version >= 5 << 24:
        yield "6.2.3: colour profile"


def _metadata(reader: pypdf.PdfReader, root: DictionaryObject) -> Iterator[str]:
    """6.6: XMP that is well formed, of predefined properties, names part and level, and says what the properties say."""
    stream = root.get("/Metadata")
    if stream is None:
        yield "6.6.2.1: no metadata"
        return
    stream = stream.get_object()
    if (stream.get("/Type"), stream.get("/Subtype"), "/Filter" in stream) != ("/Metadata", "/XML", False):
        yield "6.6.2.1: metadata stream"
    packet = stream.get_data()
    header = re.match(rb"<\?xpacket ([^?]*)\?>", packet)
    if header is None or b"bytes=" in header[1] or b"encoding=" in header[1]:
        yield "6.6.2.1: header of the packet"
    try:
        tree = ET.fromstring(packet.decode("utf-8"))
    except (ET.ParseError, UnicodeDecodeError):
        yield "6.6.2.1: metadata not well formed"
        return
    told: dict[str, str] = {}
    for description in tree.iter(f"{_RDF}Description"):
        for node in description:
            space, _, name = node.tag[1:].partition("}")
            if name not in _PREDEFINED.get(space, ()):
                yield f"6.6.2.3.1: property {name}"
            told[name] = "".join(node.itertext()).strip()
    if (told.get("part"), told.get("conformance")) != ("2", "U"):
        yield "6.6.4: version and level"
    info = reader.trailer["/Info"].get_object()
    assert isinstance(info, DictionaryObject)
    same = {
        "/Title": "title",
        "/Author": "creator",
        "/Subject": "description",
        "/Creator": "CreatorTool",
        "/Producer": "Producer",
    }
    for mine, theirs in same.items():
        if info.get(mine, "") != told.get(theirs, ""):
            yield f"6.6.3: {mine} is not what the metadata say"
    for mine, theirs in (("/CreationDate", "CreateDate"), ("/ModDate", "ModifyDate")):
        if re.sub(r"\D", "", str(info[mine])) != re.sub(r"\D", "", told.get(theirs, "")):
            yield f"6.6.3: {mine} is not what the metadata say"


def _page(page: Any, used: dict[int, tuple[DictionaryObject, set[int]]]) -> Iterator[str]:
    """6.1.13, 6.2, 6.3, 6.5: size, resources, operators and colours of a page; the codes it shows are kept by font."""
    for name, clause in (("/Annots", "6.3"), ("/AA", "6.5.2"), ("/Group", "6.2.10"), ("/PresSteps", "6.10")):
        if name in page:
            yield f"{clause}: {name}"
    if not all(3 <= side <= 14_400 for side in (page.mediabox.width, page.mediabox.height)):
        yield "6.1.13: size"
    resources = page.get("/Resources", {}).get_object() if "/Resources" in page else {}
    for name in ("/XObject", "/ExtGState", "/Shading", "/Pattern", "/ColorSpace"):
        if resources.get(name):
            yield f"6.2: {name}"
    fonts = resources.get("/Font", {})
    depth, codes, operands = 0, None, list[bytes]()
    contents = page.get_contents()
    for token in _TOKEN.findall(b"" if contents is None else contents.get_data()):
        if token[:1] in b"(</[]" or re.fullmatch(rb"[-+.\d]+", token):
            operands.append(token)
            yield from _operand(token)
            continue
        operator, given, operands = token.decode("latin-1"), operands, []
        if operator not in _OPERATORS:
            yield f"6.2.2: operator {operator}"
        depth += {"q": 1, "Q": -1}.get(operator, 0)
        if not 0 <= depth <= 28:
            yield "6.1.13: nesting"
        if operator == "Tf":
            name = given[0].decode()
            if name not in fonts:
                yield "6.2.2: a font that no resource names"
                return
            font = fonts[name].get_object()
            codes = used.setdefault(fonts.raw_get(name).idnum, (font, set()))[1]
        elif operator in ("Tj", "'", '"', "TJ"):
            shown = b"".join(bytes.fromhex(t[1:-1].decode()) for t in given if t.startswith(b"<"))
            if codes is None or any(t.startswith(b"(") for t in given):
                yield "6.2.2: text without a font, or not in hexadecimal"
            else:
                codes.update(shown)
    if depth:
        yield "6.1.13: nesting"


def _operand(token: bytes) -> Iterator[str]:
    if (
        token.startswith(b"<")
        and not token.startswith(b"<<")
        and not re.fullmatch(rb"<(\s*[0-9A-Fa-f]\s*[0-9A-Fa-f])*\s*>", token)
    ):
        yield "6.1.6: hexadecimal string"
    if token[:1] in b"+-.0123456789" and not -3.403e38 <= float(token) <= 3.403e38:
        yield "6.1.13: number"


def _font(font: DictionaryObject, codes: Iterable[int]) -> Iterator[str]:
    """6.2.11: a font that is embedded, symbolic, as wide as it says, and mapped to Unicode for every code that is shown."""
    name = str(font.get("/BaseFont"))
    if (font.get("/Type"), font.get("/Subtype")) != ("/Font", "/TrueType"):
        yield f"6.2.11.2: kind of font {name}"
        return
    descriptor: Any = font.get("/FontDescriptor", {})
    descriptor = descriptor.get_object()
    if "/FontFile2" not in descriptor:
        yield f"6.2.11.4.1: {name} is not embedded"
        return
    if descriptor.get("/FontName") != font["/BaseFont"] or not re.match(r"/[A-Z]{6}\+", name):
        yield f"6.2.11.2: name of the subset {name}"
    if not descriptor["/Flags"] & 4 or "/Encoding" in font:
        yield f"6.2.11.6: {name} is not symbolic, or has an encoding"
    with TTFont(io.BytesIO(descriptor["/FontFile2"].get_data())) as face:
        tables = face["cmap"].tables
        if len(tables) != 1:
            yield f"6.2.11.6: {name} has {len(tables)} encodings"
        glyphs, em = tables[0].cmap, face["head"].unitsPerEm
        first, widths = font["/FirstChar"], font["/Widths"]
        known = _to_unicode(font)
        for code in sorted(codes):
            glyph = glyphs.get(code, ".notdef")
            if glyph == ".notdef":
                yield f"6.2.11.8: {name} shows a glyph that is not there"
                continue
            if abs(widths[code - first] - face["hmtx"][glyph][0] * 1000 / em) > 1:
                yield f"6.2.11.5: width of a glyph of {name}"
            if not known.get(code) or {"\0", "\ufeff", "\ufffe"} & set(known[code]):
                yield f"6.2.11.7.2: {name} has a code without Unicode"


def _to_unicode(font: DictionaryObject) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    stream: Any = font["/ToUnicode"]
    pairs = re.findall(rb"<([0-9A-F]{2})> <((?:[0-9A-F]{4})+)>", stream.get_object().get_data())
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
