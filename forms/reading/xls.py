"""The sheets of an .xls file. Its parser can abort the whole program, so it runs in a process of its own, with limits.

The child reads the file from a pipe and answers with plain rows. It may use so much time and memory and no more.
"""

import io
import multiprocessing
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import python_calamine

from forms.errors import FileTrouble
from forms.reading.safety import locked, too_big
from forms.reading.sheet_shape import Merge
from forms.reading.table import MOST_AREA, Table, Tick, numbered
from forms.reading.xlsx import HIDDEN, plain_row

_SECONDS = 20
_MEMORY = 1024 * 1024 * 1024
_MOST_DENSE = 6_000_000
# The record FILEPASS, which stands at the start of an encrypted sheet stream, alone or after WRITEPROTECT (MS-XLS 2.4.117).
_HEAD = rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})"  # of today's .xls, and of that before 1997
_LOCKED = re.compile(_HEAD + rb"(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)

Raw = list[tuple[str, bool, list[tuple[int, int, int, int]], list[list[Any]]]]


def read_xls(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return every sheet; raise `FileTrouble` with one sentence where it cannot be read."""
    if "EncryptedPackage".encode("utf-16-le") in content or _LOCKED.search(content):
        raise locked(name)
    answer = _in_a_child(content, tick)
    if answer == "locked":
        raise locked(name)
    if answer == "big":
        raise too_big(name)
    if isinstance(answer, str) and "WordDocument".encode("utf-16-le") in content:  # a workbook may hold one, too
        raise FileTrouble(f"这是 Word 文档，不是工作簿：{name}。没有导入任何内容；请把表格复制到 Excel 中另存为 .xlsx")
    if isinstance(answer, str):
        raise FileTrouble(
            f"这个 .xls 文件打不开，可能已损坏：{name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入"
        )
    tables = []
    for title, visible, merges, raw in answer:
        rows = numbered(raw, name, 0, tick, plain_row)
        tables.append(Table(title, rows, () if visible else (HIDDEN,), tuple(Merge(*m) for m in merges)))
    return tables


def _in_a_child(content: bytes, tick: Tick) -> Raw | str:
    """Return what the child answers, or a word where it cannot."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=_child, args=(theirs,), daemon=True)
    with _main_left_alone():
        child.start()
    theirs.close()
    try:
        ours.send_bytes(content)
        for _ in range(_SECONDS * 5):
            if ours.poll(0.2):
                found: Raw | str = ours.recv()
                return found
            tick()
        return "broken"
    except (EOFError, OSError):
        return "broken"  # the child is gone
    finally:
        ours.close()
        child.join(1)
        if child.is_alive():
            child.kill()
            child.join()


_starting = threading.Lock()


@contextmanager
def _main_left_alone() -> Iterator[None]:
    """Start a child that does not run the program's own main module again: it needs nothing of it."""
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name, None) for name in ("__spec__", "__file__")}
    with _starting:
        try:
            main.__spec__ = None
            main.__dict__.pop("__file__", None)
            yield
        finally:
            for name, value in hidden.items():
                if value is not None:
                    setattr(main, name, value)


def _child(pipe: Connection) -> None:
    """The other process: read, answer, end."""
    _limit_memory()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser that panics writes pages there
    pipe.send(_read(pipe.recv_bytes()))
    pipe.close()


def _limit_memory() -> None:
    """Take no more memory than agreed. Windows has no such limit for a plain process; the area is bounded anyway."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _read(content: bytes) -> Raw | str:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found, area = [], 0
        for meta in book.sheets_metadata:
            if str(meta.typ) != "SheetTypeEnum.WorkSheet":
                continue
            sheet = book.get_sheet_by_name(meta.name)
            area += (sheet.total_height + 1) * (sheet.total_width + 1)
            if area > min(MOST_AREA, _MOST_DENSE):
                return "big"
            merges = [(a + 1, b, c + 1, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
            visible = str(meta.visible) == "SheetVisibleEnum.Visible"
            found.append((meta.name, visible, merges, sheet.to_python(skip_empty_area=False)))
        return found
    except python_calamine.PasswordError:
        return "locked"
    except MemoryError:
        return "big"
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            return "broken"
        raise
