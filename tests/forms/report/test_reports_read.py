"""Reports and papers of random offices, read for language and numbers; and the reader itself sees what it should."""

import re
from pathlib import Path

import pytest

from tests.forms.report.read_reports import FAULTS, hints, read_office, read_words


@pytest.mark.parametrize("seed", range(4))
def test_a_random_offices_report_reads_well(seed: int, tmp_path: Path) -> None:
    assert read_office(seed, tmp_path) == []


@pytest.mark.parametrize("text", [
    "比上季度持平。", "或有0笔队伍收入没有填资金来源。", "已落实。。", "撤销队伍1支（）。", "在队 5 人。", "与上年同期相比增加0人。",
    "收入1000.00元。", "参训—人次，培训—期。", "其中，。",
])  # fmt: skip
def test_the_reader_sees_a_fault(text: str) -> None:
    assert any(re.search(fault, text) for fault in FAULTS.values())


def test_the_reader_sees_a_prompt() -> None:
    known = hints()
    assert list(read_words(["请自评：评选表彰有没有规定、是否按规定办", "在“街镇”中录全街镇名称"], known))
    assert not list(read_words(["指导有关队伍申请登记", "尚未建立台账"], known))
