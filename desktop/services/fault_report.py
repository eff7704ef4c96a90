"""What is said of a fault of ours: versions, kinds of errors, and places in the code. Never a word of anybody's.

Nothing is taken out of a text, since nobody knows every way in which people write a number or a name; a report is put
together from what may stand in it. So go the dialog of the window, what the command line says, threads, what cannot be
raised, the log and the warnings of libraries (which quote cells and paths), and what a fault that ended the process left.
"""

import logging
import platform
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import resources

EXIT = 4
_WORD = re.compile(r"[A-Za-z_<][\w.<>]*", re.ASCII)  # names in code; ours are of ASCII
_FILE = re.compile(r"[\w.<>+-]+\.(?:py|pyx|pyd|so|dll)|<[a-z ]+>", re.ASCII)
# The lines of Python's faulthandler that say where; its others are left out.
_PLACE = re.compile(r'\s*File "(?P<file>[^"]*)", line (?P<line>\d+) in (?P<name>.+)')
_HEADS = (
    re.compile(r"Fatal Python error: (?P<kind>Aborted|Segmentation fault|Bus error|Illegal instruction|Floating point exception)\s*"),
    re.compile(r"Windows fatal exception: (?P<kind>[a-z ]{3,40}|code 0x[0-9a-f]{8})\s*"),
    re.compile(r"(?P<kind>(?:Current thread|Thread) 0x[0-9a-f]+)(?: \[.*\])? \(most recent call first\):\s*"),
)  # fmt: skip
# Where code lies: our packages, those of others and Python's own, as installed or as the packaged program names them.
_OF_PROGRAM = re.compile(
    r"(?:.*[/\\])?(?:desktop|forms|db|resources|site-packages|lib[/\\]python3\.\d+|Lib)[/\\]|<|[A-Za-z_]\w*[/\\]|"
    rf"(?:{'|'.join(sorted(n for n in sys.stdlib_module_names if n.isascii()))})\.py$",
    re.ASCII,
)
_DEEPEST = 200  # steps that are told of one error


def report(error: BaseException) -> str:
    """Return what a developer needs: versions, and of the error and what caused it the kind and each step's place.

    An error's own text and notes are left out, since they may quote a row.
    """
    return "\n".join([*versions(), *_told(error, set(), "错误")])


def versions() -> list[str]:
    """Return the lines that say which program stands on which system."""
    from db.rules.register import VERSION  # late: every start loads this module before it shows anything

    qt = sys.modules.get("PySide6")
    shown = f"，Qt {qt.__version__}" if qt is not None and hasattr(qt, "__version__") else ""
    return [
        f"博爱台账 {resources.VERSION}，系统：{platform.platform()}",
        f"Python {platform.python_version()}{shown}，规则库 {VERSION}",
    ]


def places(text: str) -> str:
    """Return of what Python's faulthandler left the kinds of faults and the places, without folders; nothing of the rest."""
    found = []
    for line in text.splitlines():
        if step := _PLACE.fullmatch(line):
            file = _file(step["file"]) if _OF_PROGRAM.match(step["file"]) else "…"
            found.append(f"  {file}:{step['line'][:7]} {_name(step['name'])}")
        elif head := next((h for pattern in _HEADS if (h := pattern.fullmatch(line))), None):
            found.append(head["kind"])
    return "\n".join(found)


def missing_module(error: BaseException) -> str:
    """Return the name of a module that could not be imported (it is code's, nobody's), or nothing."""
    name = getattr(error, "name", None) if isinstance(error, ImportError) else None
    return name if isinstance(name, str) and _WORD.fullmatch(name) else ""


def install() -> None:
    """Let everything that goes wrong unseen say its place alone, on stderr; libraries' logs and warnings say nothing."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _say(error)

    def unraisable(given: Any) -> None:
        if isinstance(given.exc_value, BaseException):
            _say(given.exc_value)

    def in_thread(given: threading.ExceptHookArgs) -> None:
        if isinstance(given.exc_value, BaseException) and not isinstance(given.exc_value, SystemExit):
            _say(given.exc_value)

    sys.excepthook = uncaught
    sys.unraisablehook = unraisable
    threading.excepthook = in_thread
    warnings.showwarning = _unheard
    logging.raiseExceptions = False
    logging.lastResort = None


def _unheard(*_: Any, **__: Any) -> None:
    """A warning quotes what it warns of; whoever uses the program can do nothing about it."""


def _say(error: BaseException) -> None:
    if sys.stderr is not None:
        sys.stderr.write(report(error) + "\n")


def _told(error: BaseException, seen: set[int], word: str) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    kind = type(error)
    missing = missing_module(error)
    yield f"{word}：{_name(kind.__module__)}.{_name(kind.__qualname__)}" + (f"（缺少 {missing}）" if missing else "")
    for frame, line in list(traceback.walk_tb(error.__traceback__))[-_DEEPEST:]:
        file = _file(frame.f_code.co_filename)
        if file[0] != "<" and frame.f_globals.get("__name__") not in sys.modules:  # no module of the program
            file = "…"
        yield f"  {file}:{line} {_name(frame.f_code.co_name)}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions[:10]:
            yield from _told(one, seen, "其中")
    if error.__cause__ is not None:
        yield from _told(error.__cause__, seen, "起因")
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _told(error.__context__, seen, "当时正在处理")


def _file(path: str) -> str:
    """Return a file of code without its folders, which may hold a person's name."""
    name = re.split(r"[/\\]", path)[-1]
    return name if _FILE.fullmatch(name) else "…"


def _name(name: str) -> str:
    return name if _WORD.fullmatch(name) else "…"
