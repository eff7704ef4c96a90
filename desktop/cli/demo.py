"""The example office: its workbooks written, imported the ordinary way, checked, and reported on."""

import os
import sys
import tempfile
from pathlib import Path

from db.errors import UserError
from db.intake.results import totals
from db.quarters import Quarter
from db.rules.checks import check_office, summary
from db.rules.register import STATUSES
from db.storage import vault
from db.storage.store import Store
from desktop.services.importing import import_files
from desktop.services.reporting import quarter_data, write_report
from forms import output
from forms.example.office import example_workbooks

QUARTER = Quarter(2026, 3)
DATA_FILE = f"示例台账{vault.SUFFIX}"


def make_demo(folder: Path) -> Path:
    """Write the example office's workbooks into `folder`, import them into a new ledger there; return the ledger."""
    store, _ = make_store(folder)
    store.close()
    return folder / DATA_FILE


def make_store(folder: Path) -> tuple[Store, str]:
    """As `make_demo`, but return the open ledger and one line on what went in."""
    path = folder / DATA_FILE
    if path.exists():
        raise UserError(f"这个文件夹里已有示例台账，没有覆盖：{path}。请换一个文件夹，或删去它再试")
    books = [output.write_whole(folder / "原始表格" / name, content) for name, content in example_workbooks().items()]
    store, _ = Store.create(path)
    store.actor = "示例"
    try:
        done = import_files(store, books)
    except BaseException:
        store.close()
        raise
    t = totals(done.result.sheets)
    return store, f"已导入 {len(books)} 个工作簿：读取 {t['rows']} 行，新增 {t['added']} 行，未导入 {t['refused']} 行"


def run_demo(out: Path | None) -> int:
    """Do the whole main job on the example office and say where everything is; open the window if there is a screen."""
    folder = out or Path(tempfile.mkdtemp(prefix="boai-demo-"))
    print(f"示例单位的文件在：{folder}")
    store, told = make_store(folder)
    with store:
        print(told)
        results = check_office(store, QUARTER.end)
        counts = "，".join(f"{STATUSES[s]} {n} 条" for s, n in summary(results).items() if n)
        print(f"合规体检（考核日 {QUARTER.end}）：{counts}")
        for result in results:
            if result.status in ("not_met", "partial"):
                print(f"    {STATUSES[result.status]}：{result.clause.title}。{result.message}")
        for path in write_report(store, quarter_data(store, QUARTER), folder, ("pdf", "xlsx")):
            print(f"已写出：{path}")
    print(f"示例台账：{folder / DATA_FILE}")
    if has_screen():
        from desktop.window.app import run

        return run(folder / DATA_FILE, QUARTER)
    print("这里没有屏幕，不打开窗口。在有屏幕的电脑上可用：boai --db 示例台账文件")
    return 0


def has_screen() -> bool:
    """Tell whether a window can be shown: always on Windows and macOS, elsewhere where a display is named."""
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
