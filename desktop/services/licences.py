"""What the program is made of, and the licence of each part: lists and texts, in the bundle and from source."""

import importlib.metadata
import re
from dataclasses import dataclass
from pathlib import Path

import resources

_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors)[^/]*", re.IGNORECASE)
_LINE = re.compile(r"(?P<names>\S.*?)\s{2,}(?P<licence>\S.*)")


@dataclass(frozen=True)
class Part:
    """A part of the program: its name, and where its licence texts lie."""

    name: str
    files: tuple[Path, ...]

    def text(self) -> str:
        """Return all of its texts, one after the other."""
        return "\n\n".join(path.read_text(encoding="utf-8", errors="replace").strip() for path in self.files)


def summary() -> list[tuple[str, str]]:
    """Return the parts and the names of their licences, as `resources/licences/third-party.txt` lists them."""
    lines = resources.path("licences/third-party.txt").read_text(encoding="utf-8").splitlines()
    return [(found["names"], found["licence"]) for line in lines if (found := _LINE.fullmatch(line))]


def parts() -> list[Part]:
    """Return every part that has texts here: those that ship with us, then each library by name."""
    own = resources.path("licences")
    ours = [Part(path.stem, (path,)) for path in sorted(own.glob("*.txt")) if path.name != "third-party.txt"]
    return ours + sorted(_libraries(own.parents[1] / "licences"), key=lambda part: part.name.casefold())


def _libraries(bundled: Path) -> list[Part]:
    """In the packaged program a folder for each; from source what is installed beside us."""
    if bundled.is_dir():
        return [
            Part(folder.name, tuple(sorted(path for path in folder.rglob("*") if path.is_file())))
            for folder in bundled.iterdir()
        ]
    found = []
    for name in _required():
        try:
            installed = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        files = [Path(str(installed.locate_file(f))) for f in installed.files or () if _TEXT.fullmatch(f.name)]
        if there := tuple(sorted(path for path in files if path.is_file() and path.suffix not in (".py", ".pyc"))):
            found.append(Part(installed.metadata["Name"], there))
    return found


def _required() -> list[str]:
    """The libraries that the program asks for; none where it is not installed but only lies there."""
    try:
        wanted = importlib.metadata.requires("boai-taizhang") or ()
    except importlib.metadata.PackageNotFoundError:
        return []
    return [name[0] for line in wanted if "extra ==" not in line and (name := re.match(r"[\w.-]+", line))]
