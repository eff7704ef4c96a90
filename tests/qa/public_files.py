"""Other people's files, by the folder: ``python -m tests.qa.public_files FOLDER… [--show]``.

Tables that were made for something else (the test files of spreadsheet libraries, for example) are given to the import
of an office that is known to the byte, in a worker with a time and a memory limit. None may crash it, take more than 20
seconds, or leave half an import behind; what is taken from one is a mistake and is counted, by record, and listed with
`--show` for somebody to look at. Nothing of the files stays here.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

from db.errors import UserError
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.qa.fuzz_import import TODAY, Hand, Office, content

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".docx", ".doc", ".pdf", ".htm", ".html", ".mht", ".xml")
TOOK = "took "
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|《[^》]*》|\d+|[\w.（）()-]+\.\w{2,5}")


def taken(store: Store, before: Office, path: Path) -> str:
    """Import one file and take it back; return what was taken from it, or why nothing was; raise what must not be."""
    try:
        done = import_files(store, [path], today=TODAY)
    except UserError as error:
        assert content(store) == before, "a refused file left something behind"
        return "refused: " + _QUOTED.sub("…", str(error))[:60]
    sheets = done.result.sheets
    for s in sheets:
        assert s.rows == s.added + s.updated + s.unchanged + s.refused, "the counts do not add up"
    if done.result.operation is not None:
        store.undo()
    assert content(store) == before, "an undone import left something behind"
    counts = Counter[str]()
    for s in sheets:
        counts[s.kind] += s.added + s.updated
    if +counts:
        return TOOK + "、".join(f"{label} {n}" for label, n in (+counts).items())
    return "no row taken"


def files_below(folders: list[Path]) -> list[Path]:
    """Return the files of the kinds that may hold tables."""
    return sorted(p for folder in folders for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in ENDINGS)


def main() -> int:
    """Try every file; 1 where something happened that must not."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="+", type=Path)
    options.add_argument("--show", action="store_true", help="name the files from which rows were taken")
    given = options.parse_args()
    counts, rows, slowest, bad = Counter[str](), Counter[str](), 0.0, 0
    hand, files = Hand(taken), files_below(given.folder)
    for n, path in enumerate(files):
        answer, seconds = hand.try_one(path.read_bytes(), path.suffix.lower())
        slowest = max(slowest, seconds if n else 0)
        word = answer.split("\n")[0]
        if word.startswith(TOOK):
            for label, number in re.findall(r"([^ 、]+) (\d+)", word.removeprefix(TOOK)):
                rows[label] += int(number)
            if given.show:
                print(f"{path}: {word}", flush=True)
            word = TOOK.strip()
        elif not word.startswith(("refused", "no row")):
            bad += 1
            print(f"{path}: {answer}", flush=True)
        counts[word] += 1
    hand.end()
    for word, number in counts.most_common():
        print(f"{number:6}  {word}")
    print(
        f"{len(files)} files, {bad} bad, {counts[TOOK.strip()]} with rows taken by mistake ({dict(rows)}); slowest {slowest:.1f} s"
    )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
