"""Make ``resources/pinyin_initials.txt`` from pypinyin (MIT): ``python -m tests.pinyin_initials``.

Importing pypinyin takes a quarter of a second in which the window stands still, and a find needs first letters alone.
"""

from collections import defaultdict

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

import resources

NAME = "pinyin_initials.txt"


def table() -> str:
    """Return the lines: initials in the order of their use, at most three, a tab, and the characters that have them."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in sorted(PINYIN_DICT):
        readings = pinyin(chr(code), style=Style.FIRST_LETTER, heteronym=True)[0]
        letters = dict.fromkeys(r[:1] for r in readings if "a" <= r[:1] <= "z")
        if letters:
            found["".join(letters)[:3]].append(chr(code))
    return "".join(f"{letters}\t{''.join(characters)}\n" for letters, characters in sorted(found.items()))


if __name__ == "__main__":
    (resources.path("style.qss").parent / NAME).write_text(table(), encoding="utf-8", newline="\n")
