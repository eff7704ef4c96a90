"""A workbook as the parts of its package: its sheets, its calculation, its shared texts."""

import posixpath
import re
from dataclasses import dataclass

from lxml import etree

from forms.errors import FileTrouble
from forms.reading import safety
from forms.template.package import Package, local, parse

__all__ = ["MAIN", "Parts", "SheetName", "local", "parse", "tag"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHAIN = "calcChain"
_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v[^>]*>(\d+)<")


def tag(name: str) -> str:
    """Return an element's name in the main namespace of workbooks."""
    return f"{{{MAIN}}}{name}"


@dataclass(frozen=True)
class SheetName:
    """A sheet of the workbook: its name, its part, and whether people do not see it."""

    name: str
    part: str
    hidden: bool = False


class Parts(Package):
    """An opened workbook."""

    def __init__(self, content: bytes, name: str) -> None:
        """Open a workbook; raise `FileTrouble` where it is none that can be filled."""
        if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise FileTrouble(
                f"模板不能直接填：{name} 是旧的 .xls 格式，或设有打开密码。没有写出任何文件；"
                "请用 Excel 或 WPS 去掉密码、另存为 .xlsx 再试"
            )
        super().__init__(safety.with_plain_paths(content), name, safety.inspect)
        main = self.workbook = self.main
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

    def may_calculate(self, sheet: str) -> bool:
        """Tell, by a look at its bytes, whether formulas may stand in a sheet."""
        content = self._contents.get(sheet, b"")
        return b"<f" in content or b":f" in content

    def shared_in(self, sheet: str) -> set[str]:
        """Return the numbers of the shared texts in a sheet, by a look at its bytes."""
        return {found.decode() for found in set(_SHARED.findall(self._contents.get(sheet, b"")))}

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
