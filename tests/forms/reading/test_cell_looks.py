"""Struck-through cells and zeros by format, as Excel and WPS write them."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from forms.reading.cell_looks import Styles, _looks, read_styles, shown_with_zeros
from forms.reading.files import read_tables


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (7, "0000", "0007"),
        (12345, "000-00", "123-45"),
        (7, '"JY"000', "JY007"),
        (1234567, "000-00", "12345-67"),
        (7, "\\A00", "A07"),
    ],
)
def test_a_number_is_read_as_it_is_shown(value: int, code: str, text: str) -> None:
    assert shown_with_zeros(value, code) == text


def test_a_workbook_with_both(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "号"])
    sheet.append(["张三", 7])
    sheet.append([CellRichText(TextBlock(InlineFont(strike=True), "李四")), 1.5])
    sheet["A2"].font = Font(strike=True)
    sheet["B2"].number_format = "0000"
    sheet["B3"].number_format = "0.00"
    book.save(tmp_path / "x.xlsx")
    (table,) = read_tables(tmp_path / "x.xlsx")
    assert table.rows[1][1] == ["张三", "0007"]
    assert table.rows[2][1][1] == 1.5
    assert table.struck == {(2, 0), (3, 0)}


def _moved(content: bytes, moves: dict[str, str], edits: dict[str, tuple[str, str]]) -> bytes:
    """The workbook with parts of other names, and words in parts replaced (by expressions)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            for place, (before, after) in edits.items():
                if re.fullmatch(place, name):
                    text = re.sub(before, after, text.decode()).encode()
            new.writestr(moves.get(name, name), text)
    return out.getvalue()


@pytest.mark.parametrize("way", ["another name", "at the root", "cells that do not say where they are", "rows neither"])
def test_wherever_the_parts_of_a_workbook_lie(tmp_path: Path, way: str) -> None:
    """Other programs name and place the parts otherwise; whoever is struck through must not come in for that."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["姓名", "号"], ["张三", 7], ["李四", 8], ["王五", 9]):
        sheet.append(row)
    sheet["A3"].font, sheet["B3"].font = Font(strike=True), Font(strike=True)
    sheet["B2"].number_format = "0000"
    book.save(tmp_path / "x.xlsx")
    content = (tmp_path / "x.xlsx").read_bytes()
    places = {"another name": {"xl/styles.xml": "xl/looks/format7.xml"}, "at the root": {
        n: n.removeprefix("xl/") for n in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
                                           "xl/worksheets/sheet1.xml", "xl/theme/theme1.xml")
    }}  # fmt: skip
    moves = places.get(way, {})
    edits = {
        "another name": {r"xl/_rels/.*|\[Content_Types\].xml": (r"styles\.xml", "looks/format7.xml")},
        "at the root": {r".*rels|\[Content_Types\].xml": (r"/?xl/", "/")},
        "cells that do not say where they are": {r".*sheet1.xml": (r'(<c) r="[A-Z]+\d+"', r"\1")},
        "rows neither": {r".*sheet1.xml": (r'(<c|<row) r="[A-Z]*\d+"', r"\1")},
    }[way]
    (tmp_path / "x.xlsx").write_bytes(_moved(content, moves, edits))
    (table,) = read_tables(tmp_path / "x.xlsx")
    assert [row for _, row in table.rows][1:] == [["张三", "0007"], ["李四", 8], ["王五", 9]]
    assert table.struck == {(3, 0), (3, 1)}


@pytest.mark.parametrize("number", ["NaN", "-1", "1e9", "99999999999999999999", "9" * 5000, ""])
def test_a_damaged_number_of_a_font_is_no_fault(tmp_path: Path, number: str) -> None:
    """Found by the fuzz: readers of values pass over it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "号"])
    sheet.append(["张三", 7])
    sheet["A2"].font = Font(strike=True)
    book.save(tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head, mark, rest = parts["xl/styles.xml"].decode().partition("<cellXfs")
    rest = re.sub(r'fontId="1"', f'fontId="{number}"', rest)
    with zipfile.ZipFile(tmp_path / "y.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, (head + mark + rest).encode() if name == "xl/styles.xml" else content)
    with zipfile.ZipFile(tmp_path / "y.xlsx") as archive:
        styles = read_styles(archive)
    assert styles.struck == frozenset()
    cell = b'<c r="A1" s="' + number.encode() + b'"><v>1</v></c>'
    assert _looks(cell, Styles(struck=frozenset({7}))).struck == set()
