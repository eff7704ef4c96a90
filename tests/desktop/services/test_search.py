"""Pinyin initials: the table that ships is what pypinyin says; names are found in every usual reading."""

import resources
from desktop.services.search import Entry, find, initials
from tests.pinyin_initials import NAME, table


def test_the_table_is_up_to_date() -> None:
    """Made anew it is the same, so nobody has edited it by hand."""
    assert resources.path(NAME).read_text(encoding="utf-8") == table()


def test_names_in_every_reading() -> None:
    """Surnames first in their own reading; letters and digits stand for themselves; long titles in one reading."""
    assert initials("王建国").split()[0] == "wjg"
    assert initials("曾乐").split()[0] == "zl"
    assert "cl" in initials("曾乐").split()
    assert initials("单雄").split()[0].startswith("s")
    assert initials("A1队") == "a1d"
    assert " " not in initials("安澜县红十字水上救援队")
    assert initials("") == ""
    assert initials("·") == ""


def test_a_hit_by_covered_digits_says_so() -> None:
    """Who is found by the end of a number that is shown with stars is found for a reason that can be read."""
    entries = [
        Entry("volunteer", 1, "陈浩", "199****0141", "陈浩", "ch", ("01990131",)),
        Entry("team", 2, "0131 救援队", "", "0131 救援队", "0jyd"),
    ]
    assert [e.note for e in find(entries, "0131")] == ["", "号码最后几位是 0131 · 199****0141"]
    assert find(entries, "ch")[0].note == "199****0141"


def test_a_rare_name_has_its_letter() -> None:
    """Characters beyond the basic plane are in the table where pypinyin knows them."""
    assert initials("王𬀩").split()[0] == "ww"
