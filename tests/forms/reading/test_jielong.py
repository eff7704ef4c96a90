"""A WeChat 接龙 as people write it: every line read, nobody guessed."""

import pytest

from forms.reading.chain_text import cleaned
from forms.reading.jielong import Entry, Person, match, read_chain
from forms.reading.spoken_time import stretches

PEOPLE = (
    Person(1, "张晓明", "社区关爱队", True), Person(2, "李红", "社区关爱队", True), Person(3, "王建国", "水上救援队"),
    Person(4, "王建国", "无偿献血队"), Person(5, "赵雪梅", "社区关爱队", True), Person(6, "刘芳", "水上救援队"),
    Person(7, "赵雪梅", "水上救援队"), Person(8, "马丽·艾山", "水上救援队"), Person(9, "陈加友", "水上救援队"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3小时", 180), ("2.5h", 150), ("２．５Ｈ", 150), ("两小时", 120), ("一个半小时", 90), ("2个半小时", 150),
        ("1小时30分", 90), ("90分钟", 90), ("半小时", 30), ("半个小时", 30), ("9:00-11:30", 150), ("9点至11点30分", 150),
        ("3 hours", 180), ("四个小时", 240), ("没写", None), ("11:30-9:00", None),
    ],
)  # fmt: skip
def test_hours_in_every_usual_form(text: str, minutes: int | None) -> None:
    assert next((s.minutes for s in stretches(cleaned(text))), None) == minutes


@pytest.mark.parametrize(
    ("line", "names", "minutes"),
    [
        ("1. 张晓明 3小时", ["张晓明"], 180),
        ("2、李红 2.5h（迟到）", ["李红"], 150),
        ("３．王建国　２小时", ["王建国"], 120),
        ("4. 🌟赵雪梅🌟 2h", ["赵雪梅"], 120),
        ("5️⃣ 李红 9:00-11:30", ["李红"], 150),
        ("⑥李红", ["李红"], None),
        ("7）张晓明", ["张晓明"], None),
        ("8 李红 13900000000 2h", ["李红"], 120),
        ("9. 韩大勇 3", ["韩大勇"], 180),
        ("10. 马丽·艾山 1小时30分", ["马丽·艾山"], 90),
        ("11. 陈加友（3小时）", ["陈加友"], 180),
        ("12. 孙丽、周强 3小时", ["孙丽", "周强"], 180),
        ("13. 孙丽 周强 3小时", ["孙丽", "周强"], 180),
    ],
)  # fmt: skip
def test_one_line(line: str, names: list[str], minutes: int | None) -> None:
    entries = read_chain(line).entries
    assert [e.names[0] for e in entries] == names
    assert {e.minutes for e in entries} == {minutes}


def test_several_with_hours_of_their_own() -> None:
    entries = read_chain("1. 许永强 3小时，罗玉珍 2小时").entries
    assert [(e.names[0], e.minutes) for e in entries] == [("许永强", 180), ("罗玉珍", 120)]


def test_title_example_blank_numbers_and_remarks() -> None:
    """The heading is the title, the example and empty numbers are nobody, remarks are kept to be shown."""
    chain = read_chain("#接龙\n周六清洁家园\n例 张三 3小时\n1. 李红 2h\n2.\n3. \n备注：自带水")
    assert chain.title == "周六清洁家园"
    assert [e.names[0] for e in chain.entries] == ["李红"]
    assert chain.rest == ["备注:自带水"]


def test_a_list_without_numbers() -> None:
    chain = read_chain("周六清洁家园活动\n李红 3小时\n张晓明")
    assert chain.title == "周六清洁家园活动"
    assert [(e.names[0], e.minutes) for e in chain.entries] == [("李红", 180), ("张晓明", None)]
    assert read_chain("").entries == []


def test_a_title_of_several_lines_without_numbers() -> None:
    """Its lines are nobody, and the hours it names are everybody's; how long is no name."""
    text = "11月28日水域检查\n报名接龙\n服务3小时\n张雪梅\n王建国\n全天"
    chain = read_chain(text, {"张雪梅", "王建国"})
    assert (chain.title, chain.minutes) == ("11月28日水域检查 报名接龙 服务3小时", 180)
    assert [e.names[0] for e in chain.entries] == ["张雪梅", "王建国"]
    assert chain.rest == ["全天"]


def test_companions_and_notes() -> None:
    """+1 has no name: it is said, not written; a note in brackets stays; a phone number is not kept."""
    entry = read_chain("1. 赵雪梅+1 2h（迟到）13900000000").entries[0]
    assert (entry.extra, entry.minutes, entry.note) == (1, 120, "迟到")
    assert "139" not in entry.text


def test_matching() -> None:
    """The host team's member first; two of one name are never guessed; a nickname's bracket helps."""
    read = [
        Entry("", ["张晓明"]), Entry("", ["王建国"]), Entry("", ["赵雪梅"]), Entry("", ["小刘", "刘芳"]), Entry("", ["李虹"]),
        Entry("", ["某某某"]), Entry("", ["社区关爱队张晓明"]), Entry("", ["张晓明妈妈"]),
    ]  # fmt: skip
    found = match(read, PEOPLE)
    assert found[0].sure == PEOPLE[0]
    assert found[1].sure is None
    assert [p.id for p in found[1].options] == [3, 4]
    assert found[2].sure == PEOPLE[4]
    assert found[3].sure == PEOPLE[5]
    assert found[4].sure is None
    assert found[5].sure is None
    assert found[5].options == []
    assert found[6].sure == PEOPLE[0]
    assert found[7].sure is None
    assert found[7].options[0] == PEOPLE[0]


def test_a_name_that_holds_a_word_that_is_left_out_elsewhere() -> None:
    assert match(read_chain("1. 陈加友 2h").entries, PEOPLE)[0].sure == PEOPLE[8]
    assert match(read_chain("1. 马丽·艾山 2h").entries, PEOPLE)[0].sure == PEOPLE[7]
