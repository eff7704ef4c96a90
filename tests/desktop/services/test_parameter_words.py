"""What a clause is judged by is told in the records' words, never as the rule files hold it."""

import datetime as dt
import re

import pytest

from db.rules.register import Clause, register
from desktop.services.parameter_words import parameter_words

DAY = dt.date(2026, 11, 29)
BY_ID = {clause.id: clause for clause in register()}


@pytest.mark.parametrize("clause", register(), ids=lambda c: c.id)
def test_no_code_is_shown(clause: Clause) -> None:
    """Neither an English word, nor an id of a clause, nor brackets and quotes of the program's own; nothing is blank."""
    for parameter in clause.parameters.values():
        words = parameter_words(clause, parameter, parameter.values[-1][1], DAY)
        assert not re.search(r"[A-Za-z_'\[\]()]", words), words
        assert "：，" not in words


def test_some_are_known_by_hand() -> None:
    for name, parameter, expected in (
        ("B25-3.2-2", "channel_words", "表示已在志愿者网的字样：志愿者网，自 2025-12-11 起（2026-11-29 核对）"),
        ("B25-1-5", "partners", "合作方：宣传、教育、共青团、高校、企业、媒体，自 2025-12-11 起（2026-11-29 核对）"),
        ("Z34-2.2-2", "least", "本级队伍下限：1 支，自 2022-07-04 起（2026-11-01 核对）"),
    ):
        clause = BY_ID[name]
        known = clause.parameters.get(parameter) or next(iter(clause.parameters.values()))
        assert parameter_words(clause, known, known.values[-1][1], DAY) == expected
