"""Whatever goes wrong unseen quotes nobody: ``python -m tests.qa.logs [--n N] [--seed S] [--control]``.

Errors whose texts, notes, causes, kinds, files and functions hold numbers, telephones, names, folders of a person,
shares and addresses are raised in the main thread, in threads and where nothing can be raised; libraries log and warn;
a fault leaves its dump; the command line and Qt meet something. All that is written is caught: nothing of it may hold any
of those words, and what was raised must still say its kind and line. The control says it as Python usually does.
"""

import contextlib
import io
import logging
import random
import sys
import threading
import traceback
import types
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from unittest import mock

from db.errors import UserError
from db.records.numbers_in_text import check_digit
from desktop import __main__ as program
from desktop.services import fault_report
from tests.qa.office import Counts, main

SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴欧阳司马", "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂清澜"
PINYIN = ("wangxiaoming", "lina", "zhangwei2020", "ouyang.qinglan", "CHEN_MIN")
MESSAGES = (
    "invalid literal for int() with base 10: '{secret}'", "could not convert {secret} to a date", "UNIQUE constraint failed: {secret}",
    "[Errno 2] No such file or directory: '{path}'", "[WinError 32] 另一个程序正在使用此文件: '{path}'", "{secret}", "{path}: {secret}",
    "Cell C7 is marked as a date but the serial value {number} is outside the limits", "row ({secret!r}, {number}, None)",
    "Bad value in {path} line 3: {phone}", "No module named '{path}'", "{wide}", "{parts}", "Ignoring wrong pointing object {number} 0",
    "File \"{path}\", line 12, in {secret}", "Thread 0x00007f12 [{secret}] (most recent call first):", "Fatal Python error: {secret}",
)  # fmt: skip
PATHS = (
    "C:\\Users\\{name}\\Documents\\{name}身份证.jpg", "/home/{pinyin}/桌面/{number}.xlsx", "\\\\{host}\\人事\\{name}{phone}.docx",
    "//{host}/share/{pinyin}", "file:///C:/Users/{pinyin}/{name}.pdf", "D:\\台账\\{name}\\{pinyin}.py", "/srv/{name}/<{name}>",
    "C:\\Users\\{name} {pinyin}\\AppData\\Local\\Temp\\x.py", "https://{host}/?tel={phone}", "\\\\?\\UNC\\{host}\\d$\\{name}",
)  # fmt: skip


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Let `count` things go wrong; return how often all was well, or what was read of whom."""
    found, dice = Counts(), random.Random(seed)
    with _hooks(control):
        for _ in range(count):
            words = _secrets(dice)
            way = dice.choice(CONTROLS if control else WAYS)
            said = io.StringIO()
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                needed = way(dice, words)
            found[_judged(way.__name__.strip("_"), said.getvalue(), words, needed)] += 1
    return found


def _judged(way: str, said: str, words: dict[str, str], needed: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", said).split()).replace("-", "").lower()
    for what in ("name", "number", "phone", "pinyin", "host"):
        if words[what].lower().replace("-", "") in plain:
            return f"a {what} could be read ({way})"
    return "good" if needed in said else f"nothing of use is said ({way})"


def _secrets(dice: random.Random) -> dict[str, str]:
    body = f"{dice.choice(('110101', '320583', '990987'))}{dice.randint(1950, 2010)}0{dice.randint(1, 9)}1{dice.randint(0, 9)}"
    body += f"{dice.randint(100, 999)}"
    number, phone = body + check_digit(body), f"1{dice.randint(30, 99)}{dice.randint(10_000_000, 99_999_999)}"
    words = {
        "name": dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2)), "number": number, "phone": phone,
        "pinyin": dice.choice(PINYIN), "host": f"xian-hszh-{dice.randint(10, 99)}",
    }  # fmt: skip
    words["path"] = dice.choice(PATHS).format(**words)
    words["secret"] = " ".join(words[k] for k in dice.sample(("name", "number", "phone", "pinyin", "host"), 2))
    words["wide"] = number.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789X"})
    words["parts"] = f"{phone[:3]}-{phone[3:7]}-{phone[7:]} {number[:6]} {number[6:14]} {number[14:]}"
    return words


def _message(dice: random.Random, words: dict[str, str]) -> str:
    return "\n".join(dice.choice(MESSAGES).format(**words) for _ in range(dice.choice((1, 1, 2))))


def _error(dice: random.Random, words: dict[str, str]) -> tuple[BaseException, str]:
    """Return an error that was raised in code of a file and function of such names, and the kind that must be said."""
    named = dice.random() < 0.2  # a kind of error, and a function, that bear a name
    base = dice.choice((ValueError, KeyError, OSError, UnicodeDecodeError, RecursionError, AssertionError, TypeError))
    kind = type(words["name"], (ValueError,), {}) if named else base
    function = words["name"] if named else "read_row"
    text = _message(dice, words)
    raising = "raise kind('utf-8', text.encode(), 0, 1, text)" if kind is UnicodeDecodeError else "raise kind(text)"
    code = compile(f"def {function}(kind, text):\n    row = text\n    {raising}\n", words["path"], "exec")
    space: dict[str, Callable[[type[BaseException], str], None]] = {}
    exec(code, space)
    try:
        space[function](kind, text)
    except BaseException as error:
        made = error
        if dice.random() < 0.3:
            made.add_note(_message(dice, words))
        if dice.random() < 0.3:
            made.__cause__ = _error(dice, words)[0]
        elif dice.random() < 0.2:
            made = ExceptionGroup(words["secret"], [error]) if isinstance(error, Exception) else error
        return made, ":3 " if not named else "："
    raise AssertionError


def _in_the_main_thread(dice: random.Random, words: dict[str, str]) -> str:
    error, needed = _error(dice, words)
    sys.excepthook(type(error), error, error.__traceback__)
    return needed


def _in_a_thread(dice: random.Random, words: dict[str, str]) -> str:
    error, needed = _error(dice, words)

    def work() -> None:
        raise error

    thread = threading.Thread(target=work, name=words["secret"])
    thread.start()
    thread.join()
    return needed


def _where_nothing_is_raised(dice: random.Random, words: dict[str, str]) -> str:
    error, needed = _error(dice, words)
    given = types.SimpleNamespace(
        exc_type=type(error),
        exc_value=error,
        exc_traceback=error.__traceback__,
        err_msg=words["secret"],
        object=words["name"],
    )
    sys.unraisablehook(given)
    return needed


def _in_a_log(dice: random.Random, words: dict[str, str]) -> str:
    log = logging.getLogger(dice.choice(("pypdf", "reportlab", "fontTools", "PIL")))
    if dice.random() < 0.5:
        log.warning(_message(dice, words))
    else:
        try:
            raise _error(dice, words)[0]
        except BaseException:
            log.exception("%s", words["secret"])
    return ""


def _in_a_warning(dice: random.Random, words: dict[str, str]) -> str:
    warnings.warn(_message(dice, words), stacklevel=1)
    return ""


def _in_a_dump(dice: random.Random, words: dict[str, str]) -> str:
    lines = [
        "Fatal Python error: Segmentation fault", "", "Current thread 0x00007f1234567890 (most recent call first):",
        f'  File "{words["path"]}", line {dice.randint(1, 900)} in {words["name"]}',
        '  File "C:\\Program Files\\x\\desktop\\shell\\jobs.py", line 77 in run', "", f"Extension modules: numpy.{words['pinyin']}",
    ]  # fmt: skip
    for _ in range(dice.randint(0, 3)):
        lines.insert(dice.randint(0, len(lines)), _message(dice, words))
    sys.stderr.write(fault_report.places("\n".join(lines)))
    return "jobs.py:77 run"


def _at_the_command_line(dice: random.Random, words: dict[str, str]) -> str:
    error, needed = _error(dice, words)
    if not isinstance(error, Exception) or isinstance(error, UserError):
        return ""
    with mock.patch.object(program, "main", side_effect=error):
        code = program.run()
    return needed if code == fault_report.EXIT else "the exit code of a fault"


def _of_qt(dice: random.Random, words: dict[str, str]) -> str:
    from PySide6.QtCore import QMessageLogContext, QtMsgType

    from desktop.shell import crash

    kind = dice.choice((QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtDebugMsg, QtMsgType.QtFatalMsg))
    crash._of_qt(kind, QMessageLogContext(), _message(dice, words))
    return ""


def _as_python_says(dice: random.Random, words: dict[str, str]) -> str:
    error, needed = _error(dice, words)
    sys.stderr.write("".join(traceback.format_exception(error)))
    return needed if needed != ":3 " else ""


WAYS: Sequence[Callable[[random.Random, dict[str, str]], str]] = (
    _in_the_main_thread, _in_a_thread, _where_nothing_is_raised, _in_a_log, _in_a_warning, _in_a_dump, _at_the_command_line, _of_qt,
)  # fmt: skip
CONTROLS = (_as_python_says, _in_a_log, _in_a_warning)


@contextlib.contextmanager
def _hooks(control: bool) -> Iterator[None]:
    """Stand as the program does at its start; put everything back."""
    before = sys.excepthook, sys.unraisablehook, threading.excepthook, logging.raiseExceptions, logging.lastResort
    root, handlers = logging.getLogger(), logging.getLogger().handlers[:]
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        for handler in handlers:  # a test runner's own
            root.removeHandler(handler)
        try:
            if control:  # as Python does it, not as a test runner does
                warnings.showwarning = lambda message, kind, file, line, *_: print(
                    warnings.formatwarning(message, kind, file, line), file=sys.stderr
                )
            else:
                fault_report.install()
            yield
        finally:
            sys.excepthook, sys.unraisablehook, threading.excepthook = before[:3]
            logging.raiseExceptions, logging.lastResort = before[3:]
            for handler in handlers:
                root.addHandler(handler)


if __name__ == "__main__":
    main(__doc__, trial, 100_000)
