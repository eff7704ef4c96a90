"""One writer at a time: window, command line, restore and backup take the same lock, which lies beside the ledger."""

import contextlib
import os
from pathlib import Path

from filelock import FileLock, Timeout

from db.errors import InUse


def hold(ledger: Path, wait: float = 0.0) -> FileLock:
    """Take the lock of a ledger, waiting so many seconds for one who looks at it for a moment only.

    Raises `InUse` where another window or command holds it, OSError where no lock can lie there.
    The system lets go of it when its process ends, however it ends.
    """
    lock = FileLock(ledger.with_name(ledger.name + ".lock"), timeout=wait, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise InUse(
            f"这份台账正在别处打开着（另一个窗口、命令或账号）：{ledger.name}。数据没有变动；请先关闭那边，或只查看"
        ) from None
    return lock


def let_go(lock: FileLock) -> None:
    """Give the lock back; nothing of it stays beside the ledger."""
    # Removed while it is held, where the system lets us: whoever waits for it finds it gone and makes it anew.
    for _ in range(2):
        with contextlib.suppress(OSError):
            os.unlink(lock.lock_file)
        if lock.is_locked:
            lock.release(force=True)
