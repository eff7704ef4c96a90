"""Where the parts of an .xlsx workbook lie, as its own relations say: the sheets by name, the styles, the shared texts.

Most programs lay them under ``xl/``; a workbook may also lie at the root of the package, and its parts may have any name.
"""

import posixpath
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

from forms.reading.safety import main_part


@dataclass(frozen=True)
class WorkbookParts:
    """Names of parts as the archive has them: sheet name → part; the styles and the shared texts, or nothing."""

    sheets: dict[str, str]
    styles: str = ""
    texts: str = ""


def workbook_parts(archive: zipfile.ZipFile) -> WorkbookParts:
    """Return the parts of a workbook that has passed the gate; raises KeyError and ParseError where it does not say."""
    names = {n.lower().lstrip("/"): n for n in archive.namelist()}
    main = main_part(archive.namelist())
    assert main is not None  # the gate has seen it
    folder, file = posixpath.split(main)
    relations = names[posixpath.join(folder, "_rels", f"{file}.rels").lower().lstrip("/")]
    targets, kinds = dict[str | None, str](), dict[str, str]()
    for element in ElementTree.fromstring(archive.read(relations)):
        target = element.get("Target", "").replace("\\", "/")
        path = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        path = names.get(path.lower().lstrip("/"), path.lstrip("/"))
        targets[element.get("Id")] = path
        kinds.setdefault(element.get("Type", "").rpartition("/")[2].lower(), path)
    sheets = {}
    for element in ElementTree.fromstring(archive.read(main)).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            link = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "id"), None)
            sheets[element.get("name", "")] = targets.get(link, "")
    there = set(names.values())
    styles, texts = (p if (p := kinds.get(kind, "")) in there else "" for kind in ("styles", "sharedstrings"))
    return WorkbookParts(sheets, styles, texts)
