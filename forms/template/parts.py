"""A workbook as the parts of its package: what is read is parsed, what is not changed comes out byte for byte."""

import io
import posixpath
import re
import struct
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from forms.errors import FileTrouble
from forms.reading import safety

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CHAIN = "calcChain"
_WIDE_BRACE = "｛".encode()
_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v[^>]*>(\d+)<")
# Two opening braces of either width; the second one may stand in the next stretch of a text of several faces.
_BRACES = re.compile(rb"(?:\{|\xef\xbd\x9b)(?:\{|\xef\xbd\x9b|</)")
_LOCAL_HEADER = struct.Struct("<26xHH")  # before each packed part: how long its name and extra field are


def tag(name: str) -> str:
    """Return an element's name in the main namespace of workbooks."""
    return f"{{{MAIN}}}{name}"


def local(element: Any) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def parse(content: bytes) -> Any:
    """Parse XML that may hold nothing but elements: no document type, no entities, no files from elsewhere."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


@dataclass(frozen=True)
class SheetName:
    """A sheet of the workbook: its name, its part, and whether people do not see it."""

    name: str
    part: str
    hidden: bool = False


def _of_a_template(error: FileTrouble) -> FileTrouble:
    """The gate and its refusals speak of imports."""
    return FileTrouble(str(error).replace("没有导入任何内容", "没有写出任何文件").replace("再导入", "再试"))


class Parts:
    """An opened workbook. `tree` gives a part to read; `changed` says that it is to be written anew."""

    def __init__(self, content: bytes, name: str) -> None:
        """Open a workbook; raise `FileTrouble` where it is none that can be filled."""
        if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise FileTrouble(
                f"模板不能直接填：{name} 是旧的 .xls 格式，或设有打开密码。没有写出任何文件；"
                "请用 Excel 或 WPS 去掉密码、另存为 .xlsx 再试"
            )
        try:
            self._contents: dict[str, bytes] = {}
            content = safety.with_plain_paths(content)
            safety.inspect(content, name, self._contents)
        except FileTrouble as error:
            raise _of_a_template(error) from None
        self.name = name
        self._content = content
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self.names = self._archive.namelist()
        self._trees: dict[str, Any] = {}
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}
        self._changed: set[str] = set()
        self._dropped: set[str] = set()
        main = self._main()
        self.workbook = main
        root = self.tree(main)
        if root.tag.startswith(f"{{{_STRICT}}}"):
            raise FileTrouble(
                f"模板是“严格 Open XML”格式：{name}。没有写出任何文件；请用 Excel 另存为普通的 .xlsx 再试"
            )
        targets = self.relations(main)
        self.sheets = [
            SheetName(
                sheet.get("name"),
                targets[sheet.get(f"{{{_RELATION}}}id")][1],
                sheet.get("state") in ("hidden", "veryHidden"),
            )
            for sheet in root.iter(tag("sheet"))
            if targets.get(sheet.get(f"{{{_RELATION}}}id"), ("", ""))[0] == "worksheet"
        ]
        properties = root.find(tag("workbookPr"))
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def _main(self) -> str:
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise _of_a_template(safety.damaged(self.name))

    def may_hold_names(self, part: str) -> bool:
        """Tell, by a look at its bytes, whether names of figures may stand in a part; most need not be parsed."""
        content = self._contents.get(part, b"")
        braces = b"{" in content or _WIDE_BRACE in content
        return (braces and _BRACES.search(content) is not None) or b"&#" in content

    def may_calculate(self, sheet: str) -> bool:
        """Tell, by a look at its bytes, whether formulas may stand in a sheet."""
        content = self._contents.get(sheet, b"")
        return b"<f" in content or b":f" in content

    def shared_in(self, sheet: str) -> set[str]:
        """Return the numbers of the shared texts in a sheet, by a look at its bytes."""
        return {found.decode() for found in set(_SHARED.findall(self._contents.get(sheet, b"")))}

    def tree(self, part: str) -> Any:
        """Return a part parsed, the same one every time."""
        if part not in self._trees:
            try:
                self._trees[part] = parse(self._contents[part])
            except (etree.XMLSyntaxError, KeyError):
                raise _of_a_template(safety.damaged(self.name)) from None
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

    def drop_calculation_chain(self) -> None:
        """Leave out the order of calculation: it names cells that have moved. Programs make it anew."""
        for path in self.related(self.workbook, _CHAIN):
            self._dropped.add(path)
            folder, _, file = self.workbook.rpartition("/")
            for listing, mark in ((f"{folder}/_rels/{file}.rels", "Target"), ("[Content_Types].xml", "PartName")):
                for element in list(self.tree(listing)):
                    if (element.get(mark) or "").endswith(posixpath.basename(path)):
                        self.tree(listing).remove(element)
                        self.changed(listing)

    def calculate_on_opening(self) -> None:
        """Let programs that can calculate do so on opening."""
        root = self.tree(self.workbook)
        found = root.find(tag("calcPr"))
        if found is None:
            found = etree.Element(tag("calcPr"))
            before = [root.find(tag(n)) for n in ("definedNames", "externalReferences", "functionGroups", "sheets")]
            next(e for e in before if e is not None).addnext(found)
        found.set("fullCalcOnLoad", "1")
        self.changed(self.workbook)

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
