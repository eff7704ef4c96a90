"""Who is at the keyboard: shown at the foot of the window, changed there without closing anything."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton

from db.records.internal_entities import STAFF
from db.storage.store import Store
from desktop.shell.desk import Desk
from desktop.shell.taking_over import take_over


def people(store: Store) -> dict[str, str]:
    """Return the people of the staff list: name → their roles in words; one person may have them all."""
    found: dict[str, list[str]] = {}
    for row in store.rows(STAFF):
        found.setdefault(str(row["name"]), []).append(STAFF["role"].show(row["role"]))
    return {name: "、".join(roles) for name, roles in found.items()}


class OperatorButton(QPushButton):
    """Names the person whose changes the history records; pressed, the others of the staff list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("kind", "small")
        self.menu_shown: QMenu | None = None
        desk.operator_changed.connect(self._name)
        self.clicked.connect(lambda _=False: self.ask())
        self._name()

    def _name(self) -> None:
        self.setText(f"操作人 {self.desk.operator}")
        self.setToolTip("操作历史里记下这个名字；换人时点这里")
        self.setAccessibleName(f"操作人 {self.desk.operator}，换人")

    def ask(self) -> None:
        """Offer the people of the staff list."""
        self.desk.jobs.read(people, self._offer)

    def _offer(self, found: dict[str, str]) -> None:
        menu = self.menu_shown = QMenu(self)
        for name, roles in found.items():
            action = menu.addAction(f"{name}　{roles}")
            action.setCheckable(True)
            action.setChecked(name == self.desk.operator)
            action.triggered.connect(lambda _=False, name=name: take_over(self.desk, name))
        if not found:
            menu.addAction("还没有登记经办人员").setEnabled(False)
        menu.addSeparator()
        menu.addAction("登记经办人员…").triggered.connect(lambda _=False: self.desk.open_records(STAFF.name))
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
