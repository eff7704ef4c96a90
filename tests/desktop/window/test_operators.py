"""The person at the keyboard is changed without closing, and the history knows who did what."""

from db.records.entities import TOWNSHIP
from db.records.internal_entities import STAFF
from db.storage import history
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle


def test_another_person_takes_over_and_the_history_names_them(window: MainWindow, settle: Settle) -> None:
    def staff(store: object) -> None:
        for name, role in (("周敏", "preparer"), ("周敏", "reviewer"), ("陈立", "head")):
            store.save(STAFF, {"name": name, "role": role})  # type: ignore[attr-defined]

    window.jobs.write("登记经办人员", staff)
    settle()
    window.foot.operator.ask()
    settle()
    menu = window.foot.operator.menu_shown
    assert menu is not None
    texts = [a.text() for a in menu.actions() if a.text()]
    assert texts[:2] == ["陈立　负责人", "周敏　填表人、审核人"]
    next(a for a in menu.actions() if a.text().startswith("陈立")).trigger()
    menu.close()
    window.jobs.write("新增街镇", lambda store: store.save(TOWNSHIP, {"name": "城关镇"}))
    settle()
    assert window.foot.operator.text() == "操作人 陈立"
    found: list[str] = []
    window.jobs.read(lambda store: history.trail(store.db)[0]["actor"], found.append)
    settle()
    assert found == ["陈立"]
