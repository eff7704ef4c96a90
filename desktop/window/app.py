"""Start the program: open the ledger, make the window, run."""

import contextlib
import datetime as dt
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QDialog

from db.errors import InUse, UserError
from db.quarters import Quarter
from db.storage import swap, vault
from db.storage.store import Store
from desktop.services import settings
from desktop.services.clock_doubts import clock_doubt
from desktop.services.example import DATA_FILE as EXAMPLE
from desktop.shell import crash, splash
from desktop.shell.desk import Desk
from desktop.shell.garbage import Collector
from desktop.shell.plain_text import PlainStyle
from desktop.shell.qt_words import QtWords
from desktop.shell.theme import ZOOMS, Theme, prefers_dark
from desktop.window import code_question, one_window, opening, rescue
from desktop.window.one_window import Answering
from desktop.window.welcome import Welcome
from desktop.window.window import MainWindow

_kept: list[object] = []  # what Qt does not own and must live as long as the program


def application() -> QApplication:
    """Return the application, made and given its style and Qt's Chinese words at its first use."""
    app = QApplication.instance()
    made = not isinstance(app, QApplication)
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    if made or app.property(splash.UNFINISHED):
        app.setProperty(splash.UNFINISHED, False)
        _kept.append(app)
        Collector(app)
        app.setStyle(PlainStyle())
        # The window asks the job thread for its turn many times while it draws; each time it waits this long at most.
        sys.setswitchinterval(0.0002)
        app.setWindowIcon(QIcon(Theme().pixmap("mark", "text", 64)))  # also of what opens before the window
    if not any(isinstance(k, QTranslator) for k in _kept):
        QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        translator = QTranslator(app)
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)
        own = QtWords(app)
        app.installTranslator(own)
        _kept.extend((translator, own))
        app.setApplicationName("博爱台账")
        app.setOrganizationName("BoaiTaizhang")
    return app


def theme_of_user() -> Theme:
    """Return the theme the person left off with."""
    zoom = settings.number("zoom", 100, min(ZOOMS), max(ZOOMS))
    return Theme(settings.is_on("dark", prefers_dark()), zoom if zoom in ZOOMS else 100)


def build(
    store_path: Path | None, password: str | None = None, *, store: Store | None = None, theme: Theme | None = None,
    today: dt.date | None = None,
) -> MainWindow:  # fmt: skip
    """Return the window of a data file (or of an open store), ready to be shown."""
    application()
    theme = theme or Theme()
    theme.apply()
    if store is None:
        assert store_path is not None
        store = Store.open(store_path, password)
    return MainWindow(store, theme, today)


def run(path: Path | None = None, quarter: Quarter | None = None, taking: Path | None = None) -> int:
    """Open the data file named, or the usual one, and work until the window is closed; return the exit code.

    `quarter` is shown first; today's, if none is named. `taking` is a file that somebody opened with the program.
    """
    app = application()
    crash.install()
    left = crash.watch(vault.data_folder())
    theme = theme_of_user()
    theme.apply()
    try:
        if taking is not None:
            opening.check_given(taking)
            taking = None if taking == path else taking
        store, start = _opened(theme, path, taking)
    except UserError as error:
        return error.exit_code  # it has been said
    if store is None:
        return 0
    warnings = notices(store)  # before the store goes to the thread that owns it from now on
    window = _show(store, theme, warnings, quarter, start)
    if taking is not None:
        window.take_file(taking)
    crash.tell_of_last(left, window)
    code = app.exec()
    for kept in _kept:
        if isinstance(kept, MainWindow):
            kept.jobs.stop()
    return code


def _show(store: Store, theme: Theme, warnings: list[str], quarter: Quarter | None, start: str) -> MainWindow:
    """Open the window of a store; when a restore has closed it, open the one of what stands there then."""
    ledger = store.path
    window = MainWindow(store, theme, quarter=quarter)  # before anything is read: a page shows one quarter only
    if ledger is not None and not window.desk.read_only:
        answering = Answering(ledger, window)
        answering.called.connect(window.come_forward)
        answering.handed.connect(window.take_file)
    window.watch.hear_of_session(window)
    _kept.append(window)
    window.keeper.reopening.connect(lambda: reopen(window))
    window.desk.leave_asked.connect(lambda: QTimer.singleShot(0, window, lambda: leave_example(window)))
    window.showMaximized()
    if start != "overview":
        window.show_page(start)
    for words in warnings:
        window.desk.complain(UserError(words))
    window.keeper.daily()
    QTimer.singleShot(1000, window, window.prepare)
    return window


def reopen(window: MainWindow) -> None:
    """Go on with the ledger that stands where the closed window's stood, asking for what is missing to open it."""
    path, secret = window.jobs.store_path, window.jobs.secret
    assert path is not None
    try:
        store: Store | None = Store.reopen(path, secret) if secret is not None else None
    except UserError:
        store = None  # another secret's, or it must be asked for
    with contextlib.suppress(UserError):  # it has been said
        store = store or _held(window.theme, path)
    if store is None:
        QApplication.quit()
        return
    warnings = notices(store)
    _show(store, window.theme, warnings, window.desk.quarter, "overview")


def leave_example(window: MainWindow) -> None:
    """Close the example, then open the person's own ledger, or begin one."""
    QApplication.setQuitOnLastWindowClosed(False)
    store: Store | None = None
    try:
        if not window.close():
            return
        with contextlib.suppress(UserError):  # it has been said
            store, start = _opened(window.theme, None)
    finally:
        QApplication.setQuitOnLastWindowClosed(True)
    if store is None:
        QApplication.quit()
        return
    _show(store, window.theme, notices(store), None, start)


def notices(store: Store) -> list[str]:
    """Return what the person must know before working on: a damaged file, an older one put back, a doubtful clock."""
    found = []
    if store.read_only and not store.opened.damaged:
        found.append(
            "这份台账正在别处打开着（另一个账号、另一台电脑，或命令），或这里不能写入，所以以只读方式打开：可以查看、导出和打印，"
            "不能修改。要修改，请先关闭那边，再重新打开"
        )
    if store.opened.damaged:
        found.append(
            "台账文件有损坏，已改为只读：可以查看和导出，不能再写入。已有内容没有被改动；请从最近的备份恢复，或输入 boai verify 查看损坏之处"
        )
    if store.put_back:
        found.append(
            "打开的台账比这台电脑上次用过的旧，可能是放回了旧文件或恢复了旧备份。内容没有被改动；"
            "请先核对最近录入的内容还在不在，不在的请从较新的备份恢复"
        )
        if not store.opened.damaged and not store.read_only:  # nothing is written into a damaged file
            store.note("打开了比上次用过的旧的台账")
            store.mark_anew()  # it has been said, and is in the log
    doubt = clock_doubt(store, Desk.now())
    return found + ([doubt] if doubt else [])


def _opened(theme: Theme, path: Path | None, taking: Path | None = None) -> tuple[Store | None, str]:
    """Return the open ledger (None where the person gave up) and the page to begin with."""
    place = path or vault.default_file()
    if place.exists() or swap.is_pending(place):  # a restore that was stopped is finished when it is opened
        store = _held(theme, place, taking)
        if store is not None and place.name != EXAMPLE:
            code_question.ask(theme, store)
        return store, "overview"
    first = opening.FirstRun(theme, place)
    if first.exec() != QDialog.DialogCode.Accepted:
        return None, ""
    if first.demo:
        return _example(theme), "overview"
    if first.backup is not None:
        return _restored(theme, first.backup, place), "overview"
    if first.chosen is not None:
        return _held(theme, first.chosen), "overview"
    assert first.store is not None
    welcome = Welcome(theme, first.store)
    welcome.exec()
    if welcome.demo:
        first.store.close()
        return _example(theme), "overview"
    return first.store, welcome.start


def _held(theme: Theme, path: Path, taking: Path | None = None) -> Store | None:
    """Open a ledger; None where the window that has it open came forward, or where the person gave up."""
    if one_window.call(path, taking):  # first of all: nobody is asked for a password for nothing
        return None
    try:
        return opening.unlocked(theme, path)
    except InUse:
        return opening.unlocked(theme, path, read_only=True)
    except UserError as error:
        if (store := rescue.rescued(theme, path, error)) is not None:
            return store
        raise


def _restored(theme: Theme, backup: Path, place: Path) -> Store | None:
    """Begin with a backup, as on a new computer, from the stick; None where the person gave up."""
    try:
        return rescue.restored(theme, backup, place)
    except UserError as error:
        opening.complain(None, error)
        raise


def _example(theme: Theme) -> Store | None:
    from desktop.services.example import make_demo  # late: it loads what writes workbooks

    try:
        return opening.unlocked(theme, make_demo(Path(tempfile.mkdtemp(prefix="boai-demo-")), Desk.now().date()))
    except UserError as error:
        opening.complain(None, error)
        raise
