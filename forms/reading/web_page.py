"""Web pages as files: HTML that a system exported under a workbook's name, and one with all its parts (.mht)."""

from dataclasses import replace

from forms.errors import FileTrouble
from forms.reading.html_tables import tables_of_page
from forms.reading.safety import damaged, too_big
from forms.reading.table import Table
from forms.reading.texts import decoded_page

_MOST_PAGE = 50 * 1024 * 1024
_MOST_PARTS = 1000
_NOTE = "这是网页格式的文件，已按其中的表格读取"


def is_archive_of_a_page(head: bytes) -> bool:
    """Whether a file begins as an .mht does: the lines of a message, then its type."""
    lower = head.lower()
    return (
        b"mime-version:" in lower
        and b"content-type:" in lower
        and lower.startswith(
            (b"mime-version:", b"from:", b"content-type:", b"snapshot-content-location:", b"subject:", b"date:", b"x-")
        )
    )


def read_page(content: bytes, stem: str, name: str, charset: str = "") -> list[Table]:
    """Return the tables of a page that hold a list; none where there is none."""
    if len(content) > _MOST_PAGE:
        raise too_big(name)
    found = tables_of_page(decoded_page(content, name, charset), stem)
    return [
        replace(t, notes=(_NOTE, *t.notes)) for t in found if len(t.rows) > 1 and max(len(row) for _, row in t.rows) > 1
    ]


def read_page_archive(content: bytes, stem: str, name: str) -> list[Table]:
    """Return the tables of every page in an .mht; raise `FileTrouble` where there is none."""
    if len(content) > _MOST_PAGE:
        raise too_big(name)
    import email
    from email import policy  # late: a window opens without it

    try:
        message = email.message_from_bytes(content, policy=policy.default)
        parts = [part for _, part in zip(range(_MOST_PARTS), message.walk(), strict=False)]
        pages = [
            (bytes(part.get_payload(decode=True) or b""), part.get_content_charset() or "")
            for part in parts
            if part.get_content_type() == "text/html"
        ]
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        raise damaged(name) from None  # a message that is none is answered with whatever its parser met
    tables = [table for page, charset in pages for table in read_page(page, stem, name, charset)]
    if not tables:
        raise FileTrouble(
            f"这个网页文件里没有表格：{name}。没有导入任何内容；请在 Excel 或 WPS 中打开，另存为 .xlsx 再导入"
        )
    if len(tables) > 1:
        tables = [replace(table, sheet=f"{stem} {n}") for n, table in enumerate(tables, 1)]
    return tables
