"""What the packaged program runs after it was built or installed: the whole main job once, in a folder that goes away.

Each step says what it did; a step that fails says why and the rest goes on, as far as it can. The result is a file too,
since a windowed program has no console.
"""

import argparse
import datetime as dt
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.rules.checks import check_office
from db.storage.store import Store
from desktop.services.example import QUARTER, make_store
from desktop.services.fault_report import report
from desktop.services.importing import import_files
from forms import output

DAY = dt.date(2026, 11, 29)
_ROSTER = (
    ("姓名", "性别", "证件类型", "证件号码", "登记日期"),
    ("自检一", "男", "护照", "E10000001", "2026-01-05"),
    ("自检二", "女", "护照", "E10000002", "2026-01-05"),
)


def self_test(options: argparse.Namespace) -> int:
    """Run every step; exit 0 where all are well, else 1. `--out` takes the result as JSON."""
    steps: list[dict[str, Any]] = []
    _without_screen()
    before = os.environ.get("BOAI_DATA")
    with tempfile.TemporaryDirectory(prefix="boai-self-test-", ignore_cleanup_errors=True) as name:
        os.environ["BOAI_DATA"] = name  # no key of it is left with the account's own
        run = _Run(Path(name))
        try:
            for title, step in run.steps():
                began = time.perf_counter()
                try:
                    said, well = step(), True
                except Exception as error:  # whatever is missing in the bundle is to be told, not only the first
                    said, well = (
                        str(error).replace(name, "…") if isinstance(error, UserError) else report(error),
                        False,
                    )
                steps.append(
                    {"step": title, "ok": well, "seconds": round(time.perf_counter() - began, 2), "said": said}
                )
                print(f"{'通过' if well else '失败'}　{title}：{said}")
        finally:
            run.close()
            os.environ.pop("BOAI_DATA")
            if before is not None:
                os.environ["BOAI_DATA"] = before
    ok = all(step["ok"] for step in steps)
    result = {"ok": ok, "python": platform.python_version(), "system": platform.platform(), "steps": steps}
    if options.out is not None:
        output.write_whole(options.out, json.dumps(result, ensure_ascii=False, indent=2).encode())
    print("自检通过" if ok else "自检没有通过", file=sys.stdout if ok else sys.stderr)
    return 0 if ok else 1


class _Run:
    """The steps, in their order; what one makes the next ones use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store: Store | None = None
        self.report = b""

    def steps(self) -> tuple[tuple[str, Callable[[], str]], ...]:
        """Return the steps by their titles."""
        return (
            ("加密台账", self.ledger), ("导入 Excel", self.workbooks), ("导入 Word 和 PDF 的表", self.tables), ("旧版 .xls", self.old_workbook),
            ("合规体检", self.judge), ("生成报告", self.papers), ("备份", self.backup), ("显示 PDF", self.page), ("打开窗口", self.window),
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the ledger."""
        if self.store is not None:
            self.store.close()
            self.store = None

    def ledger(self) -> str:
        """A ledger with a password opens with it and with nothing else."""
        path = self.folder / "自检.boai-db"
        made, _ = Store.create(path, "自检用的密码 1")
        made.close()
        if b"SQLite format 3" in path.read_bytes()[:100]:
            raise AssertionError("the ledger is not encrypted")
        Store.open(path, "自检用的密码 1").close()
        return "建立、加密、打开"

    def workbooks(self) -> str:
        """The example office goes in."""
        self.store, told = make_store(self.folder / "示例", DAY)
        return told

    def _open(self) -> Store:
        if self.store is None:
            raise UserError("前面的步骤没有建成台账")
        return self.store

    def tables(self) -> str:
        """A table of a Word document and one of a PDF go in."""
        from forms.report import sample_roster

        others = (
            _ROSTER[0],
            *(
                [text.replace("一", "三").replace("二", "四").replace("E1", "E2") for text in row]
                for row in _ROSTER[1:]
            ),
        )
        added = 0
        for name, content in (
            ("花名册.docx", sample_roster.word(_ROSTER)),
            ("花名册.pdf", sample_roster.pdf(others, DAY)),
        ):
            path = output.write_whole(self.folder / name, content)
            done = import_files(self._open(), [path], today=DAY)
            added += sum(sheet.added for sheet in done.result.sheets)
        if added < 4:
            raise AssertionError(f"{added} of 4 rows went in")
        return f"{added} 行"

    def old_workbook(self) -> str:
        """The reader of old workbooks starts its own process."""
        from forms.errors import FileTrouble
        from forms.reading.files import read_tables

        path = output.write_whole(self.folder / "坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
        try:
            read_tables(path)
        except (FileTrouble, UserError):
            return "读坏文件时如实拒绝"
        raise AssertionError("a broken workbook was read")

    def judge(self) -> str:
        """Every clause is judged."""
        return f"{len(check_office(self._open(), QUARTER.end))} 条"

    def papers(self) -> str:
        """The report is set as PDF, Excel and Word."""
        from desktop.services.reporting import write_report

        made = write_report(self._open(), QUARTER, self.folder / "报告", DAY)
        self.report = next(p.read_bytes() for p in made if p.suffix == ".pdf")
        return "、".join(f"{p.suffix[1:]} {p.stat().st_size:,} 字节" for p in made)

    def backup(self) -> str:
        """A backup is written, and proved by reading it back."""
        from db.tasks.backup import back_up

        path = self.folder / "自检.boai-backup"
        back_up(self._open(), path, dt.datetime.combine(DAY, dt.time(9), dt.UTC))
        return f"{path.stat().st_size:,} 字节"

    def page(self) -> str:
        """Qt shows a page of the report."""
        from desktop.shell.printing import open_pdf, page_image
        from desktop.window.app import application

        application()
        document, _held = open_pdf(self.report)
        image = page_image(document, 0, 72)
        colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
        if len(colours) < 3:
            raise AssertionError("the page is blank")
        return f"{document.pageCount()} 页，第 1 页 {image.width()}×{image.height()}"

    def window(self) -> str:
        """The window opens on the ledger and paints itself."""
        from PySide6.QtWidgets import QApplication

        from desktop.window.app import build

        store, self.store = self._open(), None
        window = build(None, store=store, today=DAY)
        window.show()
        until = time.monotonic() + 20
        while window.jobs.waiting and time.monotonic() < until:
            QApplication.processEvents()
            time.sleep(0.01)
        image = window.grab().toImage()
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
        window.close()
        window.jobs.stop()  # also where the system closes no window: without a screen, Windows' own plugin does not
        QApplication.processEvents()
        if len(colours) < 20:
            raise AssertionError("the window is blank")
        return f"{image.width()}×{image.height()}"


def _without_screen() -> None:
    """Let Qt paint where there is no screen: the test runs after a build and in an installer too."""
    if sys.platform not in ("win32", "darwin") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
