"""Superiors' documents by the service and the command: bound once, known again, masked, never over the template."""

import datetime as dt
from pathlib import Path

import pytest

from db.errors import UserError
from db.quarters import Quarter
from db.records.entities import VOLUNTEER
from db.storage.store import Store
from desktop.__main__ import main
from desktop.services import templates
from forms.errors import FileTrouble
from tests.forms.report.test_quarterly import filled as office
from tests.forms.template.documents import cell, document, grid, lines, para, row, saved, table

DAY = dt.date(2026, 10, 8)
QUARTER = Quarter(2026, 3)


@pytest.fixture
def file(ledger: Path, tmp_path: Path) -> Path:
    """A ledger on disk with a random office."""
    with Store.open(ledger) as store:
        office(store, tmp_path, 4)
    return ledger


def form(quarter: str, head: str = "人数", more: str = "") -> bytes:
    """A superior's document with blanks alone, as it comes every quarter."""
    return document(
        para(f"2026年第{quarter}季度统计表"),
        para("填报单位：________　填报日期：    年  月  日"),
        *([para(more)] if more else []),
        table(row("名称", head, ""), row("", "", ""), row(cell("合计"), "", "")),
    )


BOUND = {
    "表1": {"A2": "{{队伍.名称}}", "B2": "{{队伍.季末在队人数}}", "B3": "{{合计.季末在队人数}}"},
    "文字": {"B2": "{{本会.单位名称}}", "D2": "{{季度.填报日期}}"},
}


def test_a_document_is_bound_once_and_known_again_next_quarter(file: Path, tmp_path: Path) -> None:
    """Another quarter in its title is the same form; one that changed is told with its places, and not filled unasked."""
    first, next_one = saved(tmp_path, form("二"), "二季度.docx"), saved(tmp_path, form("三"), "三季度.docx")
    other, out = saved(tmp_path, form("三", "在保人数", "新增一段"), "改版.docx"), tmp_path / "填好.docx"
    came = next_one.read_bytes()
    with Store.open(file) as store:
        with store.operation("对应模板"):
            templates.save_binding(store, templates.read_template(first), BOUND)
        known = templates.recognise(store, templates.read_template(next_one))
        assert known is not None
        assert (known.bound, known.differences) == (BOUND, ())
        done = templates.fill_file(store, QUARTER, next_one, out, DAY)
        rows, said = grid(out.read_bytes()), lines(out.read_bytes())
        assert done.filled.records == {"队伍": len(rows) - 2}
        assert said[1].endswith("填报日期：2026年10月8日")
        assert said[0] == "2026年第三季度统计表"
        assert "_" not in said[1]
        assert rows[-1][0] == "合计"
        assert rows[-1][1].isdigit()
        assert next_one.read_bytes() == came
        with pytest.raises(UserError) as found:
            templates.fill_file(store, QUARTER, other, tmp_path / "不写.docx", DAY)
        assert "“表1”B1：原来是“人数”，现在是“在保人数”" in str(found.value)
        assert "“文字”A3：原来没有，现在是“新增一段”" in str(found.value)
        assert "没有写出任何文件" in str(found.value)
        assert not (tmp_path / "不写.docx").exists()
        templates.fill_file(store, QUARTER, other, tmp_path / "照填.docx", DAY, anyway=True)
        assert grid((tmp_path / "照填.docx").read_bytes())[0][1] == "在保人数"


def test_the_command_fills_a_document(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = saved(
        tmp_path, document(para("{{季度.名称}}"), table(row("{{队伍.名称}}", "{{队伍.季末在队人数}}", "")))
    )
    out = tmp_path / "上报.docx"
    given = ["--db", str(file), "fill", str(template), "--quarter", "2026Q3", "--out"]
    before = template.read_bytes()
    assert main([*given, str(out)]) == 0
    assert "填了" in capsys.readouterr().out
    assert lines(out.read_bytes())[0] == "2026年第三季度"
    assert main([*given, str(template)]) == 2
    assert "不能写到这个文件" in capsys.readouterr().err
    assert main([*given, str(tmp_path / "上报.xlsx")]) == 2
    assert "同一种格式（.docx）" in capsys.readouterr().err
    assert template.read_bytes() == before


def test_whole_numbers_need_a_reason_in_a_document_too(file: Path, tmp_path: Path) -> None:
    template = saved(
        tmp_path, document(table(row("姓名", "证件号码", ""), row("{{队员.姓名}}", "{{队员.证件号码}}", "")))
    )
    out = tmp_path / "填好.docx"
    with Store.open(file) as store:
        numbers = {str(r["id_number"]) for r in store.rows(VOLUNTEER)}
        templates.fill_file(store, QUARTER, template, out, DAY)
        assert not numbers & {r[1] for r in grid(out.read_bytes())}
        with pytest.raises(UserError, match="原因"):
            templates.fill_file(store, QUARTER, template, out, DAY, masked=False)
        templates.fill_file(store, QUARTER, template, out, DAY, masked=False, reason="市会办理保险")
        assert {r[1] for r in grid(out.read_bytes())[1:]} <= numbers
        last = store.query("SELECT detail FROM operation ORDER BY id DESC LIMIT 1")[0]["detail"]
        assert last == "模板：上级表.docx；原因：市会办理保险"


@pytest.mark.parametrize("name", ["通知.doc", "通知.wps", "通知.WPT", "通知.rtf", "通知.dotx", "通知.odt"])
def test_documents_of_other_kinds_are_told_how_to_become_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileTrouble, match=r"点“文件”→“另存为”，类型选“Word 文档（.docx）”，再用另存的文件"):
        templates.read_template(saved(tmp_path, b"anything", name))
    with pytest.raises(FileTrouble, match="模板应是"):
        templates.read_template(saved(tmp_path, b"anything", "图.png"))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    with pytest.raises(FileTrouble, match=r"旧的 \.doc 格式，或设有打开密码"):
        templates.read_template(saved(tmp_path, old, "改名.docx"))
