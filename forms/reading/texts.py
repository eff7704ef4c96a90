"""Bytes of other people's files as text: UTF-8, UTF-16 with or without a mark, or the Chinese GB18030."""

import re

from forms.errors import FileTrouble

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)")


def decoded(content: bytes, name: str) -> str:
    """Return a file's text; raise `FileTrouble` where no encoding fits."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    start = content[:2000]
    if len(start) > 3 and start.count(0) > len(start) // 4:  # two bytes for each character and no mark in front
        return content.decode("utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileTrouble(f"认不出文件的文字编码：{name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入")


def decoded_page(content: bytes, name: str, charset: str = "") -> str:
    """Return a web page's text by what it or its envelope declares; GB2312 stands for all of GB18030, as in browsers."""
    declared = _CHARSET.search(content[:4096])
    said = (charset or (declared[1].decode() if declared else "")).lower()
    return content.decode("gb18030", "replace") if said in ("gb2312", "gbk") else decoded(content, name)
