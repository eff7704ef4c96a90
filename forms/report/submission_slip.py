"""报送单: what was handed up, by whom and when, and what the level above can compare it by, once."""

from collections.abc import Sequence
from datetime import date

from db.records.numbers_in_text import starred
from forms.pdf.document import Column, ReportDocument

COLUMNS = (Column("项目", 34), Column("内容", 122))
NOTES = (
    "收到的单位请把签名钥匙的指纹与本单核对一次；以后收同一单位的报送包，程序自动核对。",
    "校验值是 SHA-256：文件改动一个字节，校验值就不同。",
)


def submission_slip(
    office: str, period: str, lines: Sequence[tuple[str, str]], files: Sequence[tuple[str, str]], issued_on: date
) -> bytes:
    """Return the slip as PDF; `lines` are (item, content), `files` (name, SHA-256). Raises `MissingGlyphs`."""
    title = f"{period}报送单"
    doc = ReportDocument(f"{office}{title}", author=office, subject=period, issued_on=issued_on, veil=starred)
    rows = [list(line) for line in lines]
    rows += [[f"文件{n}", f"{name}\n{grouped(sha)}"] for n, (name, sha) in enumerate(files, 1)]
    doc.annex(
        title, COLUMNS, rows, label="", unit_left=f"报送单位：{office}（盖章）", foot=("负责人：", "经办人：", "日期："),
        notes=[f"{n}. {note}" for n, note in enumerate(NOTES, 1)], landscape=False,
    )  # fmt: skip
    return doc.render()


def grouped(digits: str) -> str:
    """Return a value of many hex digits as people can compare it: in groups of eight, four to a line."""
    groups = [digits[i : i + 8] for i in range(0, len(digits), 8)]
    return "\n".join(" ".join(groups[i : i + 4]) for i in range(0, len(groups), 4))
