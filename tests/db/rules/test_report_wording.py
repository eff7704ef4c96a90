"""The words in which a report states a problem: there for every clause that may be one, and an official's, not the program's."""

import re
from pathlib import Path

import pytest

import resources
from db.rules.register import FILES, RegisterError, load, register

PROGRAM_WORDS = ("请", "台账", "填写", "勾选", "登记到", "录入", "点击", "导入", "字段", "程序", "系统", "没有填")


def test_every_clause_that_may_be_a_problem_is_worded() -> None:
    for clause in register():
        wanted = clause.mode != "reference" and clause.strength == "mandatory"
        assert (clause.problem is not None) == (clause.measure is not None) == wanted, clause.id


def test_the_words_are_an_officials() -> None:
    for clause in register():
        for text in (clause.problem, clause.problem_none, clause.measure, *clause.lacks.values()):
            if text is None:
                continue
            assert not [word for word in PROGRAM_WORDS if word in text.replace("申请", "")], (clause.id, text)
            assert not re.search(r"\s|[。；！]$", text), (clause.id, text)
            assert set(re.findall("“(.*?)”", text)) <= {"三献"}, (clause.id, text)


def test_the_words_stand_together_or_not_at_all(tmp_path: Path) -> None:
    text = resources.path(f"rules/{FILES[0]}.toml").read_text(encoding="utf-8")
    for key in ("problem", "measure"):
        path = tmp_path / "half.toml"
        path.write_text(re.sub(rf"^{key} = .*$", "", text, count=1, flags=re.MULTILINE), encoding="utf-8")
        with pytest.raises(RegisterError, match="worded together"):
            load(path)
