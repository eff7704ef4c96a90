"""Cut the power at any moment: ``python -m tests.qa.powercut [--n STATES] [--seed S] [--control]``.

Each operation is recorded once under ``strace`` with every byte it writes. A state is what a disk may hold after a cut:
all that was flushed; of what was not, each write whole, torn at 512 bytes, or not at all; names as they were up to some
moment after the last flush. The next start must open it with all that was acknowledged and without a false alarm. The
control runs SQLite with synchronous = NORMAL, which does not flush a commit: rows must be lost.
"""

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.qa.office import Counts, Place, main, office
from tests.qa.operations import OPERATIONS, add_old_ledger, run, script, verdict

_CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,mkdir,rmdir,lseek,close,sendfile,copy_file_range,link"
_LINE = re.compile(r"\d+\s+(\w+)\((.*)\)\s+= (-?\d+)(?:<(.*)>)?")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"(\w+)<((?:\\x[0-9a-f]{2})*)>")
_SECTOR = 512


def _raw(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class _Event:
    """Something a program did: kind, the path, and for a write its place and bytes."""

    kind: str
    path: str = ""
    other: str = ""
    at: int = 0
    data: bytes = b""


@dataclass
class _Inode:
    """What of a file is safe on the disk, and what was written since."""

    safe: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to this length


def _events(log: Path, work: str) -> Iterator[_Event]:
    """Read what strace wrote; raises where something of ours was done in a way that is not replayed."""
    offsets: dict[str, int] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        matched = _LINE.match(line)
        if matched is None or int(matched[3]) < 0:
            continue
        call, arguments, result = matched[1], matched[2], int(matched[3])
        texts = [_raw(t) for t in _TEXT.findall(arguments)]
        files = [(fd, _raw(p).decode(errors="replace")) for fd, p in _FILE.findall(arguments)]
        fd, path = files[0] if files else ("", "")
        if call == "openat":
            path = texts[0].decode()
            if not path.startswith("/") and files:
                path = f"{files[0][1]}/{path}"
            offsets[str(result)] = 0
            if "O_CREAT" in arguments or "O_TRUNC" in arguments:
                yield _Event("create" if "O_CREAT" in arguments else "open", path, at=int("O_TRUNC" in arguments))
        elif call == "lseek":
            offsets[fd] = result
        elif call == "write" and fd == "1":
            yield _Event("said", data=texts[0])
        elif call in ("write", "pwrite64"):
            at = int(arguments.rsplit(", ", 1)[1]) if call == "pwrite64" else offsets.get(fd, 0)
            yield _Event("write", path, at=at, data=texts[0][:result])
            if call == "write":
                offsets[fd] = at + result
        elif call in ("fsync", "fdatasync"):
            yield _Event("flush", path)
        elif call == "ftruncate":
            yield _Event("cut", path, at=int(arguments.rsplit(", ", 1)[1]))
        elif call == "rename":
            yield _Event("rename", texts[0].decode(), texts[1].decode())
        elif call in ("unlink", "unlinkat", "rmdir", "mkdir"):
            path = texts[0].decode()
            if not path.startswith("/"):
                path = f"{files[0][1]}/{path}"
            yield _Event("make folder" if call == "mkdir" else "remove", path)
        elif call != "close":
            assert work not in line, line[:200]


class _Disk:
    """Files by name, as a journalling file system keeps them: names in order, contents when flushed."""

    def __init__(self, kept: Path, work: Path) -> None:
        self.names: dict[str, _Inode | None] = {}  # None: a folder
        for path in kept.rglob("*"):
            name = str(work / path.relative_to(kept))
            self.names[name] = None if path.is_dir() else _Inode(bytearray(path.read_bytes()))
        self.safe_names = dict(self.names)
        self.steps: list[dict[str, _Inode | None]] = []  # the names after each change since the last flush

    def do(self, event: _Event) -> None:
        """Take one event in."""
        inode = self.names.get(event.path)
        if event.kind in ("create", "open"):
            if event.path not in self.names:
                inode = self.names[event.path] = _Inode()
                self.steps.append(dict(self.names))
            elif event.at and inode is not None:
                inode.pending.append((0, None))
        elif event.kind == "write" and inode is not None:
            inode.pending.append((event.at, event.data))
        elif event.kind == "cut" and inode is not None:
            inode.pending.append((event.at, None))
        elif event.kind == "flush":
            self.safe_names, self.steps = dict(self.names), []
            if inode is not None:
                inode.safe, inode.pending = _written(inode.safe, inode.pending), []
        elif event.kind == "rename" and event.path in self.names:
            for name in [n for n in self.names if n == event.path or n.startswith(event.path + "/")]:
                self.names[event.other + name[len(event.path) :]] = self.names.pop(name)
            self.steps.append(dict(self.names))
        elif event.kind == "remove" and event.path in self.names:
            del self.names[event.path]
            self.steps.append(dict(self.names))
        elif event.kind == "make folder":
            self.names[event.path] = None
            self.steps.append(dict(self.names))

    def after_a_cut(self, dice: random.Random) -> dict[str, bytes | None]:
        """Return what may lie on the disk when the power goes now."""
        names = dice.choice([self.safe_names, *self.steps])
        contents: dict[int, bytes] = {}
        for inode in {id(i): i for i in names.values() if i is not None}.values():
            survived = [torn for at, data in inode.pending for torn in _torn(at, data, dice)]
            contents[id(inode)] = bytes(_written(inode.safe, survived))
        return {name: None if inode is None else contents[id(inode)] for name, inode in names.items()}


def _torn(at: int, data: bytes | None, dice: random.Random) -> Iterator[tuple[int, bytes | None]]:
    way = dice.random()
    if way < 0.45:
        yield at, data
    elif way < 0.6 and data is not None:
        for start in range(0, len(data), _SECTOR):
            if dice.random() < 0.5:
                yield at + start, data[start : start + _SECTOR]


def _written(content: bytearray, writes: list[tuple[int, bytes | None]]) -> bytearray:
    made = bytearray(content)
    for at, data in writes:
        if data is None:
            del made[at:]
            made.extend(bytes(at - len(made)))
        else:
            made.extend(bytes(max(0, at - len(made))))
            made[at : at + len(data)] = data
    return made


def trial(count: int, seed: int, control: bool = False, among: Sequence[str] = ()) -> Counts:
    """Look at `count` states; return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place:
        add_old_ledger(place)
        operations = ("save", "import") if control else tuple(among or OPERATIONS)
        for number, operation in enumerate(operations):
            share = count * (number + 1) // len(operations) - count * number // len(operations)
            for outcome in _states(place, operation, share, dice, control):
                found[outcome if outcome == "good" else f"{outcome} ({operation})"] += 1
    return found


def _states(place: Place, operation: str, count: int, dice: random.Random, control: bool) -> Iterator[str]:
    if not count:
        return
    program, log, work = script(operation), place.folder / "log", place.folder / "work"
    if control:
        program = program.replace("as store:", "as store:\n        store.db.execute('PRAGMA synchronous = NORMAL')", 1)
    done = run(place, program, "-y", "-xx", "-s", "10000000", "-o", str(log), "-e", f"trace={_CALLS}")
    assert done.returncode == 0, done.stderr.decode()
    events = [e for e in _events(log, str(work)) if e.kind == "said" or e.path.startswith(str(work))]
    for cut in sorted(dice.choices(range(1, len(events) + 1), k=count)):
        disk = _Disk(place.folder / "kept", work)
        for event in events[:cut]:
            disk.do(event)
        said = b"".join(e.data for e in events[:cut] if e.kind == "said").decode().splitlines()
        shutil.rmtree(work)
        work.mkdir()
        for name, content in sorted(disk.after_a_cut(dice).items()):
            if name.startswith(str(work)) and not name.endswith("-shm"):
                path = Path(name)
                (path if content is None else path.parent).mkdir(parents=True, exist_ok=True)
                if content is not None:
                    path.write_bytes(content)
        yield verdict(place, operation, said)


if __name__ == "__main__":
    main(__doc__, trial, 10_000)
