"""A packed document as its parts: what is read is parsed, what is not changed comes out byte for byte."""

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree

from forms.errors import FileTrouble
from forms.reading import safety

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_WIDE_BRACE = "｛".encode()
# Two opening braces of either width; the second one may stand in the next stretch of a text of several faces.
_BRACES = re.compile(rb"(?:\{|\xef\xbd\x9b)(?:\{|\xef\xbd\x9b|</)")
_LOCAL_HEADER = struct.Struct("<26xHH")  # before each packed part: how long its name and extra field are


def local(element: Any) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def parse(content: bytes, deep: bool = True) -> Any:
    """Parse XML that may hold nothing but elements: no document type, no entities, no files from elsewhere."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=deep))


def of_a_template(error: FileTrouble) -> FileTrouble:
    """The gate and its refusals speak of imports."""
    return FileTrouble(str(error).replace("没有导入任何内容", "没有写出任何文件").replace("再导入", "再试"))


class Package:
    """An opened document. `tree` gives a part to read; `changed` says that it is to be written anew."""

    deep = True  # whether elements may be nested without a limit

    def __init__(self, content: bytes, name: str, gate: Callable[[bytes, str, dict[str, bytes]], object]) -> None:
        """Open a document; `gate` looks at every part and keeps those of XML. Raises `FileTrouble`."""
        self._contents: dict[str, bytes] = {}
        try:
            gate(content, name, self._contents)
        except FileTrouble as error:
            raise of_a_template(error) from None
        self.name = name
        self._content = content
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self.names = self._archive.namelist()
        self._trees: dict[str, Any] = {}
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}
        self._changed: set[str] = set()
        self._dropped: set[str] = set()
        self.main = self._main()

    def _main(self) -> str:
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise of_a_template(safety.damaged(self.name))

    def may_hold_names(self, part: str) -> bool:
        """Tell, by a look at its bytes, whether names of figures may stand in a part; most need not be parsed."""
        content = self._contents.get(part, b"")
        braces = b"{" in content or _WIDE_BRACE in content
        return (braces and _BRACES.search(content) is not None) or b"&#" in content

    def count(self, part: str, mark: bytes) -> int:
        """Return how often some bytes stand in a part, before it is parsed."""
        return self._contents.get(part, b"").count(mark)

    def tree(self, part: str) -> Any:
        """Return a part parsed, the same one every time."""
        if part not in self._trees:
            try:
                self._trees[part] = parse(self._contents[part], self.deep)
            except (etree.XMLSyntaxError, KeyError):
                raise of_a_template(safety.damaged(self.name)) from None
        return self._trees[part]

    def changed(self, part: str) -> None:
        """Say that a part's tree was changed and is to be written."""
        self._changed.add(part)

    @property
    def written(self) -> frozenset[str]:
        """The parts that will differ from the template's."""
        return frozenset(self._changed | self._dropped)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to: id to (kind, path of the other part)."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, _, file = part.rpartition("/")
        path = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if path not in self.names:
            return {}
        found = {}
        for relation in self.tree(path).iter(f"{{{_PACKAGE}}}Relationship"):
            target = relation.get("Target") or ""
            if relation.get("TargetMode") != "External":
                where = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[relation.get("Id")] = ((relation.get("Type") or "").rpartition("/")[2], where)
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts of one kind that a part refers to."""
        return [path for k, path in self.relations(part).values() if k == kind and path in self.names]

    def bytes(self) -> bytes:
        """Return the workbook: changed parts anew, all others as they were, in the same order."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for info in self._archive.infolist():
                if info.filename in self._dropped:
                    continue
                kept = zipfile.ZipInfo(info.filename, info.date_time)
                kept.compress_type, kept.external_attr = info.compress_type, info.external_attr
                if info.filename in self._changed:
                    content = etree.tostring(
                        self.tree(info.filename), xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                    # A form is small: packing harder costs more than it saves.
                    made.writestr(kept, content, compresslevel=1)
                else:
                    self._copy(info, kept, made)
        return out.getvalue()

    def _copy(self, info: zipfile.ZipInfo, kept: zipfile.ZipInfo, made: zipfile.ZipFile) -> None:
        """Put a part into the new package as it is packed; the gate has unpacked it once and found it whole."""
        names = info.header_offset + _LOCAL_HEADER.size
        name, extra = _LOCAL_HEADER.unpack_from(self._content, info.header_offset)
        begin = names + name + extra
        kept.CRC, kept.file_size, kept.compress_size = info.CRC, info.file_size, info.compress_size
        out: Any = made.fp
        kept.header_offset = out.tell()
        out.write(kept.FileHeader())
        out.write(self._content[begin : begin + info.compress_size])
        made.filelist.append(kept)
        made.NameToInfo[kept.filename] = kept
        made.start_dir = out.tell()
