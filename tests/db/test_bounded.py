"""Small files of anybody's making: however deep, long or wrong, a ValueError, and a sentence where a person named them."""

from pathlib import Path

import pytest

from db import bounded
from db.errors import UserError
from forms.columns.map_file import read_map

HOSTILE = {
    "deep": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "long": b'{"a": "' + b"x" * 2_000_000 + b'"}',
    "endless": b'{"a": Infinity}',
    "no number": b'{"a": NaN}',
    "twice": b'{"a": 1, "a": 2}',
    "a list": b"[1]",
    "no text": b"\xff\xfe\x00",
    "empty": b"",
    "a half": b'{"a": ',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_a_value_error_and_for_a_map_a_sentence(tmp_path: Path, name: str) -> None:
    place = tmp_path / "map.json"
    place.write_bytes(HOSTILE[name])
    with pytest.raises(ValueError):  # noqa: PT011 (whatever is wrong with it)
        bounded.json_of(place, 1_000_000)
    with pytest.raises(UserError):
        read_map(place)


def test_what_commands_a_terminal_is_known() -> None:
    assert bounded.is_calm({"office": "某县\n红十字会", "more": [1, None, ["\t（）"]]})
    for text in ("\x1b[2J", "\x00", "\x07", "\x9b31m", "\x7f"):
        assert not bounded.is_calm({"a": [{"b": text}]})
        assert not bounded.is_calm({text: 1})
