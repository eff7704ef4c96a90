"""What the frozen program is made of, as CycloneDX 1.6 (JSON): `python resources/installer/sbom.py OUT.json`.

Named are the releases of `requirements-release.txt` that are installed here, with licence and hash; no time and no machine,
so that two builds of one commit are alike.
"""

import contextlib
import hashlib
import importlib.metadata
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TEXT = re.compile(r"(?i)(^|/)(licen[cs]e|copying|notice|authors)[^/]*$")
NAME = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)


def installed() -> Iterator[importlib.metadata.Distribution]:
    """Yield what `requirements-release.txt` lists and is installed here, by name."""
    listed = (HERE / "requirements-release.txt").read_text(encoding="utf-8")
    for name, _ in sorted(NAME.findall(listed)):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):  # of the other system
            yield importlib.metadata.distribution(name)


def licence_texts(found: importlib.metadata.Distribution) -> list[Path]:
    """Return where the licence texts of a library lie."""
    places = [Path(str(found.locate_file(file))) for file in found.files or () if TEXT.search(file.as_posix())]
    return sorted(place for place in places if place.is_file() and place.suffix not in (".py", ".pyc"))


def bill() -> dict[str, Any]:
    """Return the bill of materials."""
    project = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = []
    for found in installed():
        said = found.metadata
        licence = next(iter(said.get_all("License-Expression") or said.get_all("License") or ()), "")
        if len(licence) > 64 or not licence:  # a whole text, or only a classifier
            kinds = [c.rsplit(" :: ", 1)[-1] for c in said.get_all("Classifier") or () if c.startswith("License ::")]
            licence = "; ".join(kinds)
        components.append({
            "type": "library", "name": said["Name"], "version": found.version,
            "purl": f"pkg:pypi/{re.sub(r'[-_.]+', '-', said['Name']).lower()}@{found.version}",
            "licenses": [{"license": {"name": licence or "see licences/"}}],
        })  # fmt: skip
    components.append({"type": "framework", "name": "CPython", "version": ".".join(map(str, sys.version_info[:3])),
                       "licenses": [{"license": {"id": "PSF-2.0"}}]})  # fmt: skip
    seed = hashlib.sha256(json.dumps(components, sort_keys=True).encode()).hexdigest()
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{seed[:8]}-{seed[8:12]}-5{seed[13:16]}-8{seed[17:20]}-{seed[20:32]}",
        "metadata": {"component": {"type": "application", "name": project["name"], "version": project["version"],
                                   "licenses": [{"license": {"id": "MIT"}}]}},
        "components": components,
    }  # fmt: skip


def write(path: Path) -> None:
    """Write the bill of materials."""
    path.write_text(json.dumps(bill(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
