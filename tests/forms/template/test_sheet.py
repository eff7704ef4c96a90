"""What is written into one cell of a template."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from forms.errors import FileTrouble
from forms.template import Template, Values
from tests.forms.template.test_template import book
from tests.journeys.test_workbook_shapes import packed, under_windows_paths


def test_text_is_never_a_formula_and_days_are_days() -> None:
    """A record that looks like a formula, an escape or a number stays the text it is."""
    made = openpyxl.Workbook()
    made.active["A1"], made.active["B1"], made.active["C1"] = "{{经费.摘要}}", "{{经费.日期}}", "{{经费.凭证号}}"
    made.active["D1"] = "{{经费.日期}}"
    made.active["D1"].number_format = "@"
    out = io.BytesIO()
    made.save(out)
    texts = ["=1+1", "+86", "@x", "-3", "_x0041_", " 两端空 ", "第一行\n第二行", "a\x07b", "0012", "𬭚", "<&>"]
    rows = [{"summary": t, "entry_on": "2026-09-30", "voucher": "000123456789012345678"} for t in texts]
    values = Values({}, {"经费": rows})
    done = Template(out.getvalue(), "t.xlsx").fill(values).content
    sheet = book(done).active
    assert [sheet.cell(n, 1).value.replace("_x005F_", "_") for n in range(1, len(texts) + 1)] == [
        t.replace("\x07", "") for t in texts
    ]
    assert all(sheet.cell(n, 1).data_type != "f" for n in range(1, len(texts) + 1))
    assert sheet["B3"].value == dt.datetime(2026, 9, 30)
    assert sheet["B3"].is_date
    assert sheet["C5"].value == "000123456789012345678"
    assert sheet["D2"].value == "2026-09-30"


def test_a_template_packed_under_windows_paths_is_filled_and_a_damaged_one_refused_in_its_own_words() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "{{本会.单位名称}}"
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    done = Template(under_windows_paths(parts), "t.xlsx").fill(Values({"本会": {"name": "某县红十字会"}}, {}))
    assert openpyxl.load_workbook(io.BytesIO(done.content)).active["A1"].value == "某县红十字会"
    with pytest.raises(FileTrouble, match="没有写出任何文件"):
        Template(packed(parts | {"xl/workbook.xml": b"<workbook"}), "t.xlsx")
