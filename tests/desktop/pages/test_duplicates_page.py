"""查重 in the window: side by side, one value chosen, merged as one step, told apart for good."""

import pytest
from pytestqt.modeltest import ModelTester

from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.storage.store import Store
from desktop.pages.people.duplicates import DuplicatesPage
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, id_number


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DuplicatesPage:
    """The page, with one more person of a name and birth date that is known."""

    def more(store: Store) -> None:
        first = store.rows(VOLUNTEER)[0]
        store.save(VOLUNTEER, first | {"id": None, "id_number": id_number(60), "phone": "13900009999"})

    window.jobs.write("准备", more)
    settle()
    made = window.show_page("duplicates")
    settle()
    assert isinstance(made, DuplicatesPage)
    return made


def people(window: MainWindow, settle: Settle) -> list[dict[str, object]]:
    """The volunteers."""
    found: list[dict[str, object]] = []
    window.jobs.read(lambda store: store.rows(VOLUNTEER), found.extend)
    settle()
    return found


def test_two_are_merged_as_one_step(page: DuplicatesPage, window: MainWindow, settle: Settle) -> None:
    ModelTester(page.model).check(page.model)
    assert [group.why for group in page.lines.rows] == ["姓名和出生日期相同", "姓名和出生日期相同"]
    before = people(window, settle)
    page.list.setCurrentIndex(page.lines.index(0, 0))
    group = page.shown
    assert group is not None
    assert group.rows[page.model.keep]["name"] == "张雪梅"
    texts = [[str(page.model.index(r, c).data()) for c in range(4)] for r in range(page.model.rowCount())]
    assert not any(id_number(60) in cell for line in texts for cell in line)
    phone = page.model.lines.index("phone")
    page.model.take(page.model.index(phone, 2))
    page.go.click()
    settle()
    after = people(window, settle)
    assert len(after) == len(before) - 1
    assert next(r for r in after if r["name"] == "张雪梅")["phone"] == "13900009999"
    members: list[dict[str, object]] = []
    window.jobs.read(lambda store: store.rows(MEMBERSHIP), members.extend)
    settle()
    assert len(members) == 4
    assert [page.lines.index(i, 0).data() for i in range(page.lines.rowCount())] == ["王建国"]
    window.undo()
    settle()
    assert people(window, settle) == before


def test_told_apart_they_come_no_more(page: DuplicatesPage, window: MainWindow, settle: Settle) -> None:
    page.list.setCurrentIndex(page.lines.index(1, 0))
    page.apart.click()
    settle()
    assert [page.lines.index(i, 0).data() for i in range(page.lines.rowCount())] == ["张雪梅"]
    page.apart.click()
    settle()
    assert page.stack.currentIndex() == 0
    assert page.fact == "没有发现重复"
    window.undo()
    settle()
    assert len(page.groups) == 1
