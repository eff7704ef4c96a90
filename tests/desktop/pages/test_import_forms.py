"""Forms and cross tables on the import page: one table for many files, what was done is said, each row says where it is from."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from db.records.entities import VOLUNTEER
from desktop.pages.importing.importing import CHECK, DONE, MATCH, ImportPage
from desktop.window.window import MainWindow
from forms.shapes.cross_table import WHERE
from tests.desktop.conftest import Settle
from tests.journeys.test_one_page_forms import plain_form
from tests.journeys.workbook_shapes import book, number


@pytest.fixture
def page(window: MainWindow) -> ImportPage:
    """The page."""
    made = window.show_page("import")
    assert isinstance(made, ImportPage)
    return made


def test_forty_forms_are_one_table(page: ImportPage, window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    forms = [plain_form(i, "2026年3月" if i == 7 else "2026-03-05") for i in range(1, 41)]
    for i, form in enumerate(forms):
        form[1] = ("姓名", f"欧阳{chr(0x4E00 + i)}", *form[1][2:])
    page.take([book(tmp_path / f"登记表{i:02}.xlsx", form, "Sheet1") for i, form in enumerate(forms, 1)])
    settle()
    assert page.draft is not None
    assert [s.title for s in page.draft.sources] == ["志愿者"]
    assert page.stack.currentIndex() == CHECK
    assert page.go.text() == "导入 39 人"
    model = page.check_panel.model
    headings = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    assert model.index(0, 0).data() == "7"
    assert model.index(0, headings.index(WHERE)).data() == "登记表07.xlsx"
    page.check_panel.back.emit()
    assert "按一页一份的登记表读取，共 40 份，来自 40 个文件" in page.match_panel.read.text()
    page._matched()
    assert model.setData(model.index(0, headings.index("登记日期")), "2026-03-07", Qt.ItemDataRole.EditRole)
    settle()
    assert page.go.text() == "导入 40 人"
    page.let_in()
    settle()
    assert page.stack.currentIndex() == DONE
    held: list[str] = []
    window.jobs.read(lambda store: [row["id_number"] for row in store.rows(VOLUNTEER)], held.extend)
    settle()
    assert {number(i) for i in range(1, 41)} <= set(held)


def test_a_pasted_form_and_a_year_from_the_title(page: ImportPage, settle: Settle, tmp_path: Path) -> None:
    page.take_pasted(
        f"志愿者登记表\n姓名\t欧阳一\t性别\t\n身份证号\t{number(1)}\n登记日期\t2026-03-05\t电话\t19900000001\n"
    )
    settle()
    assert page.go.text() == "导入 1 人"
    rows = [
        ("2026年服务时长",),
        ("姓名", "证件号码", "队伍名称", "3月5日", "3月6日"),
        ("欧阳一", number(1), "某队", 2, 3),
    ]
    page.take([book(tmp_path / "时长.xlsx", rows, "时长")])
    settle()
    assert page.stack.currentIndex() == MATCH  # the year is looked at first
    assert "2026年取自表的标题，请核对" in page.match_panel.read.text()
    assert not page.match_panel.read.isHidden()
