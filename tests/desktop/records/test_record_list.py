"""A record's list and its form in the window: what is saved, and what somebody else saved meanwhile."""

from db.records.entities import VOLUNTEER
from desktop.records.record_page import EntityPage
from desktop.tables.editors import RefEditor
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.desktop.journeys.test_tasks_teams import rows


def test_a_form_follows_what_was_changed_elsewhere_and_writes_only_its_own(window: MainWindow, settle: Settle) -> None:
    page = window.show_page("volunteer")
    settle()
    assert isinstance(page, EntityPage)
    pane = page.pane
    pane.select(frozenset({1}))
    settle()
    pane.edit_chosen()
    settle()
    form = pane.form
    form.editors["phone"].set_value("13900000017")
    window.jobs.write("测试", lambda store: store.save(VOLUNTEER, {"id": 1, "note": "另处", "phone": "13900000025"}))
    settle()
    form.save(False)
    settle()
    assert form.isVisible()
    assert "在别处改过" in form.problem.text()
    assert form.editors["note"].cell() == "另处"
    form.save(False)
    settle()
    now = rows(window, settle, VOLUNTEER)[0]
    assert (now["note"], now["phone"]) == ("另处", "13900000017")
    assert not form.isVisible()


def test_a_new_row_begins_with_the_day_of_its_registering(window: MainWindow, settle: Settle) -> None:
    """Registering, joining and a year's target are of today; on which day something happened is never guessed."""
    for key, name, value in (
        ("volunteer", "registered_on", "2026-09-21"),
        ("membership", "joined_on", "2026-09-21"),
        ("blood", "year", "2026"),
        ("work", "done_on", ""),
    ):
        page = window.show_page(key)
        settle()
        assert isinstance(page, EntityPage)
        page.pane.add()
        day = next((n for n in page.pane.form.editors if n == name), page.pane.entity.day)
        assert str(page.pane.form.editors[day].cell() or "") == value, key
        page.pane.close_form()


def test_who_is_in_no_list_is_registered_from_where_the_name_was_typed(window: MainWindow, settle: Settle) -> None:
    """The form says what is missing and leads there with the name; back again, what was typed is there, and said."""
    page = window.show_page("membership")
    settle()
    assert isinstance(page, EntityPage)
    page.pane.add()
    form = page.pane.form
    who = form.editors["volunteer_id"]
    assert isinstance(who, RefEditor)
    adding = form._adding["volunteer_id"]
    who.setEditText("陈小舟")
    form._touched.add("volunteer_id")
    who.left.emit()
    assert "没有叫“陈小舟”的志愿者" in form._errors["volunteer_id"].text()
    assert adding.isVisible()
    assert adding.text() == "新增志愿者：陈小舟"
    assert form.kept.isHidden()
    adding.click()
    settle()
    people = window.desk.page
    assert isinstance(people, EntityPage)
    assert people.key == "volunteer"
    assert people.pane.form_open
    assert people.pane.form.editors["name"].cell() == "陈小舟"
    page = window.show_page("membership")
    settle()
    assert isinstance(page, EntityPage)
    page.pane.add()
    assert page.pane.form.editors["volunteer_id"].cell() == "陈小舟"
    assert page.pane.form.kept.isVisible()
