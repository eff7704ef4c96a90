"""Electronic policies: what insurers write in many ways is read in one; what is not sure is left out and said."""

import pytest

from forms.errors import FileTrouble
from forms.reading import policy
from forms.reading.policy import Policy, policy_of
from tests.forms.reading import containers as made

ONE = """云海财产保险股份有限公司
团体人身意外伤害保险单（电子）
保险单号：PEAC202633010000012345
投保人名称：云水县红十字会\t联系电话：13800138000
保险期间：自2026年1月1日零时起至2026年12月31日二十四时止
保障项目\t每人保险金额（元）
意外伤害身故、残疾\t100,000.00
意外伤害医疗\t10,000.00
保险费合计（大写）：人民币叁仟元整\t（小写）￥3,000.00
特别约定：被保险人名单见附件。投保单号：TB998877665544
"""
TWO = """团体意外伤害保险
电子保单
保单号码 (Policy No.)\t8G2026-330100-000088
投保人\t云水市红十字会\t被保险人\t详见清单
承保公司\t山河养老保险股份有限公司云水中心支公司
保险期限\t2026-03-01 00:00:00\t至\t2027-03-01 00:00:00
产品名称\t山河团体意外伤害保险（2022版）
每人保额：10万元/人
总保费：5600元
"""


def of(text: str) -> dict[str, str | int]:
    return dict(policy_of(text).values)


def test_two_insurers_ways_of_saying_the_same() -> None:
    assert of(ONE) == {
        "policy_number": "PEAC202633010000012345", "insurer": "云海财产保险股份有限公司", "product": "团体人身意外伤害保险",
        "policyholder": "云水县红十字会", "start_on": "2026-01-01", "end_on": "2026-12-31", "sum_insured_fen": 10_000_000,
        "premium_fen": 300_000, "cover_mode": "named_list",
    }  # fmt: skip
    found = policy_of(TWO)
    assert dict(found.values) == {
        "policy_number": "8G2026-330100-000088", "insurer": "山河养老保险股份有限公司云水中心支公司",
        "product": "山河团体意外伤害保险（2022版）", "policyholder": "云水市红十字会", "start_on": "2026-03-01",
        "end_on": "2027-02-28", "sum_insured_fen": 10_000_000, "premium_fen": 560_000,
    }  # fmt: skip
    assert found.notes == ("保险期间到 2027-03-01 零时为止，终止日期按含当日填的是 2027-02-28",)
    assert found.missing == ()


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("保险期间：自 2026 年 01 月 01 日 00 时起至 2026 年 12 月 31 日 24 时止", ("2026-01-01", "2026-12-31")),
        ("保险期间 2025年12月31日24时起 至 2026年12月31日24时止", ("2026-01-01", "2026-12-31")),
        ("保险期限：12个月，自2026年2月1日00:00时起至2027年1月31日23:59:59止", ("2026-02-01", "2027-01-31")),
        ("保险责任期间\n2026/5/1 至 2026/5/3", ("2026-05-01", "2026-05-03")),
        ("起保日期：2026-01-01  终保日期：2026-12-31", ("2026-01-01", "2026-12-31")),
        ("保险期间：自2026年1月1日零时起\n至2027年1月1日零时止", ("2026-01-01", "2026-12-31")),
    ],
)
def test_the_last_day_is_the_last_one_that_is_covered(said: str, days: tuple[str, str]) -> None:
    found = of(said)
    assert (found["start_on"], found["end_on"]) == days


def test_a_period_that_turns_at_noon_is_to_be_looked_at() -> None:
    found = policy_of("保险期间：自2026年1月1日12时起至2027年1月1日12时止")
    assert found.values["end_on"] == "2027-01-01"
    assert found.notes == (
        "保险期间从几时起不是零时或二十四时（12 时），日期请照保单核对", "保险期间从几时止不是零时或二十四时（12 时），日期请照保单核对",
    )  # fmt: skip


def test_what_is_not_sure_is_left_out_and_said() -> None:
    found = policy_of(
        "保险单号：AAAA11112222\n保险单号：BBBB33334444\n保险期间 2026/1/1 至 2026/6/30\n保险期间 2026/7/1 至 2026/12/31\n"
        "总保费：100元\n合计保费：200元"
    )
    assert not {"policy_number", "start_on", "premium_fen"} & set(found.values)
    assert found.notes == (
        "保单号读到 2 个（AAAA11112222、BBBB33334444），没有填，请照保单选一个",
        "保险期间读到 2 个（2026-01-01 至 2026-06-30、2026-07-01 至 2026-12-31），没有填，请照保单选一个",
        "保费读到 2 个（100.00、200.00），没有填，请照保单选一个",
    )
    assert "保单号" in found.missing


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("投保单号：TB998877665544", "policy_number"), ("原保险单号：OLD998877665544", "policy_number"),
        ("保险单号：见附件", "policy_number"), ("投保人声明：已阅读条款", "policyholder"), ("被保险人：云水县红十字会", "insurer"),
        ("保费缴纳日期：2026", "premium_fen"), ("每人保险费：50元", "premium_fen"), ("累计保险金额：5,000,000元", "sum_insured_fen"),
        ("保险金额\n意外伤害身故\t100000", "sum_insured_fen"), ("保险期间：2026年13月1日至2026年12月31日", "start_on"),
        ("不记名投保，被保险人名单略", "cover_mode"),
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_not_taken(text: str, field: str) -> None:
    assert field not in of(text)


def pages(*lines: str) -> bytes:
    """A PDF with one line under the other; pieces parted by tabs stand apart."""
    texts = [
        (40.0 + 170 * n, 60.0 + 22 * k, piece)
        for k, line in enumerate(lines)
        for n, piece in enumerate(line.split("\t"))
    ]
    return made.Drawing([texts]).write()


def read(content: bytes) -> Policy:
    """Read without a process of its own, which takes a second."""
    found = policy.first_pages(content)
    assert not isinstance(found, str), found
    return policy_of(policy.text_of(found))


def test_a_pdf_with_lines_and_one_with_a_drawn_table() -> None:
    assert dict(read(pages(*ONE.splitlines())).values) == of(ONE)
    rows = [
        ("保险单号", "PEAC202633010000012345"), ("保险人", "云海财产保险股份有限公司"),
        ("保险期间", "2026年1月1日0时至2026年12月31日24时"), ("总保费", "¥3,000.00"),
    ]  # fmt: skip
    found = read(made.pdf_table([rows], title="保险凭证", widths=(120, 300)).write())
    assert dict(found.values) == {
        "policy_number": "PEAC202633010000012345", "insurer": "云海财产保险股份有限公司", "start_on": "2026-01-01",
        "end_on": "2026-12-31", "premium_fen": 300_000,
    }  # fmt: skip


def test_files_that_are_none_are_told() -> None:
    scan = made.Drawing([[]], pictures={0}).write()
    for content, match in (
        (b"PK\x03\x04", "这不是 PDF"), (scan, "扫描的图片"), (b"%PDF-1.7 broken", "打不开"),
        (pages("花名册", "姓名：张一民", "队伍：水上救援队", "电话号码一览表，共一页，请核对后盖章报送"), "不像保单"),
        (made.Drawing([[(40, 60, "保险单号：PEAC202633010000012345")]]).write("secret"), "密码"),
    ):  # fmt: skip
        with pytest.raises(FileTrouble, match=match) as found:
            policy.read_policy(content, "保单.pdf")
        assert "保单.pdf" in str(found.value)
