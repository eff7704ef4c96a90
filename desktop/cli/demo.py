"""The example office: made, checked, and reported on."""

import os
import sys
import tempfile
from pathlib import Path

from db.records.statuses import STATUSES
from db.rules.checks import check_office, summary
from desktop.cli.clock import today
from desktop.cli.start import open_window
from desktop.services.example import DATA_FILE, QUARTER, make_store
from desktop.services.reporting import write_report


def run_demo(out: Path | None) -> int:
    """Do the whole main job on the example office and say where everything is; open the window if there is a screen."""
    folder = out or Path(tempfile.mkdtemp(prefix="boai-demo-"))
    print(f"示例单位的文件在：{folder}")
    store, told = make_store(folder, today())
    with store:
        print(told)
        results = check_office(store, QUARTER.end)
        counts = "，".join(f"{STATUSES[s]} {n} 条" for s, n in summary(results).items() if n)
        print(f"合规体检（考核日 {QUARTER.end}）：{counts}")
        for result in results:
            if result.status in ("not_met", "partial"):
                print(f"    {STATUSES[result.status]}：{result.clause.title}。{result.message}")
        for path in write_report(store, QUARTER, folder, today(), ("pdf", "xlsx")):
            print(f"已写出：{path}")
    print(f"示例台账：{folder / DATA_FILE}")
    if has_screen():
        return open_window(folder / DATA_FILE, QUARTER)
    print("这里没有屏幕，不打开窗口。在有屏幕的电脑上可用：boai --db 示例台账文件")
    return 0


def has_screen() -> bool:
    """Tell whether a window can be shown: always on Windows and macOS, elsewhere where a display is named."""
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
