"""XML of other people's files, read as a stream of its elements: nothing is loaded from elsewhere, no tree grows.

What comes here from a packed file has passed the gate; a bare XML file is looked at here.
"""

import re
from typing import Any, Protocol

from lxml import etree

from forms.errors import FileTrouble
from forms.reading.safety import MOST_PART_BYTES, damaged, too_big
from forms.reading.table import Tick

MOST_TAGS = 8_000_000
_PIECE = 1024 * 1024
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")


class Handler(Protocol):
    """What is told of every element: names and attributes without their namespace."""

    def start(self, name: str, has: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text; it may come in pieces."""


class _Target:
    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.data = handler.data

    def start(self, tag: str, attributes: Any) -> None:
        self._handler.start(local(tag), {local(k): v for k, v in attributes.items()})

    def end(self, tag: str) -> None:
        self._handler.end(local(tag))

    def comment(self, _text: str) -> None:
        pass

    def pi(self, _target: str, _data: str = "") -> None:
        pass

    def close(self) -> None:
        pass


def local(tag: str) -> str:
    """Return a name without its namespace."""
    return tag.rpartition("}")[2]


def parse(content: bytes, name: str, handler: Handler, tick: Tick) -> None:
    """Tell a handler of every element; raise `FileTrouble` where it is no sound XML."""
    if content.count(b"<") > MOST_TAGS:
        raise too_big(name)
    parser = etree.XMLParser(
        target=_Target(handler), resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True
    )
    try:
        for at in range(0, len(content), _PIECE):
            parser.feed(content[at : at + _PIECE])
            tick()
        parser.close()
    except etree.XMLSyntaxError:
        raise damaged(name) from None


def bare(text: str, name: str) -> bytes:
    """Return the text of an XML file as UTF-8 without its declaration; raise `FileTrouble` for what no office writes."""
    if len(text) > MOST_PART_BYTES:
        raise too_big(name)
    if _DOCTYPE.search(text):
        raise FileTrouble(
            f"文件里有文档类型声明（正常的文件没有），为安全起见没有打开：{name}。没有导入任何内容；"
            "请用 Excel 或 WPS 打开后另存为 .xlsx 再试"
        )
    return _DECLARED.sub("", text.lstrip("\ufeff"), count=1).encode("utf-8", "replace")
