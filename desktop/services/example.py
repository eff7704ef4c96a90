"""The example office: its workbooks written and imported the ordinary way into a ledger of its own."""

import datetime as dt
from pathlib import Path

from db.errors import UserError
from db.intake.results import totals
from db.quarters import Quarter
from db.storage import vault
from db.storage.store import Store
from desktop.services.importing import import_files
from forms import output
from forms.excel.example import example_workbooks

QUARTER = Quarter(2026, 3)
DATA_FILE = f"示例台账{vault.SUFFIX}"


def make_demo(folder: Path, today: dt.date) -> Path:
    """Write the example office's workbooks into `folder`, import them into a new ledger there; return the ledger."""
    store, _ = make_store(folder, today)
    store.close()
    return folder / DATA_FILE


def make_store(folder: Path, today: dt.date) -> tuple[Store, str]:
    """As `make_demo`, but return the open ledger and one line on what went in."""
    path = folder / DATA_FILE
    if path.exists():
        raise UserError(f"这个文件夹里已有示例台账，没有覆盖：{path}。请换一个文件夹，或删去它再试")
    books = [output.write_whole(folder / "原始表格" / name, content) for name, content in example_workbooks().items()]
    store, _ = Store.create(path)
    store.act_as("示例")
    try:
        done = import_files(store, books, today=today)
    except BaseException:
        store.close()
        raise
    t = totals(done.result.sheets)
    return store, f"已导入 {len(books)} 个工作簿：读取 {t['rows']} 行，新增 {t['added']} 行，未导入 {t['refused']} 行"
