"""The navigation: what it lists, which records a page holds, and its buttons."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from db.records import entities as declared
from db.records import internal_entities
from db.records.fields import Entity
from desktop.shell.theme import Theme

NARROW = 1180  # logical pixels below which the navigation shows icons only

# key, group, label, icon, records of the page (none: a page of its own)
NAVIGATION: tuple[tuple[str, str, str, str, tuple[Entity, ...]], ...] = (
    ("overview", "", "工作台", "home", ()),
    ("team", "台账", "志愿队伍", "team", (declared.TEAM,)),
    ("volunteer", "台账", "志愿者", "person", (declared.VOLUNTEER,)),
    ("membership", "台账", "队员", "member", (declared.MEMBERSHIP,)),
    ("training", "台账", "培训", "training", (declared.TRAINING, declared.ATTENDANCE)),
    ("insurance", "台账", "保险", "shield", (declared.INSURANCE_POLICY, declared.COVERAGE)),
    ("fund", "台账", "经费", "money", (declared.FUND_ENTRY,)),
    ("activity", "台账", "活动与时长", "activity", (declared.ACTIVITY, declared.SERVICE_RECORD)),
    ("blood", "台账", "无偿献血", "drop", (declared.BLOOD_TARGET, declared.BLOOD_RESULT)),
    ("work", "台账", "工作记录", "record", (declared.WORK_RECORD,)),
    ("venue", "台账", "阵地与街镇", "venue", (declared.VENUE, declared.TOWNSHIP)),
    ("findings", "合规", "合规体检", "check", ()),
    ("reports", "合规", "报表中心", "report", ()),
    ("import", "工具", "导入数据", "import", ()),
    ("duplicates", "工具", "查重", "copy", ()),
    ("history", "工具", "操作历史", "history", ()),
    (
        "settings", "工具", "设置", "settings",
        (declared.OFFICE, declared.DISASTER_PRONE, declared.RESPONSIBILITY, internal_entities.OFFICE_PARAMETER, internal_entities.STAFF),
    ),
)  # fmt: skip
PAGE_OF = {e.name: key for key, _, _, _, records in NAVIGATION for e in records}
KEYS = {"overview": "1", "team": "2", "volunteer": "3", "training": "4", "insurance": "5", "fund": "6",
         "activity": "7", "blood": "8", "findings": "9", "reports": "0"}  # fmt: skip


class NavigationButton(QPushButton):
    """One entry of the navigation; shows its icon alone in a narrow window, and a number where something waits."""

    def __init__(self, theme: Theme, text: str, icon: str) -> None:
        super().__init__()
        self.setObjectName("navigate")
        self.theme, self.words, self.badge = theme, text, 0
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.dress(self, icon)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Show or hide the word."""
        self.setText("" if narrow else f" {self.words}")
        self.setToolTip(self.words if narrow else "")

    def set_badge(self, number: int) -> None:
        """Show how many things wait."""
        self.badge = number
        self.setAccessibleName(f"{self.words}，{number} 项" if number else self.words)
        self.update()

    def sizeHint(self) -> QSize:
        """Comfortable where there is room."""
        return QSize(self.theme.px(60), self.theme.px(35))

    def minimumSizeHint(self) -> QSize:
        """Shrinks a little in a low window, never under what a mouse hits easily."""
        return QSize(self.theme.px(40), max(24, self.theme.px(21)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the number on top."""
        super().paintEvent(event)
        if not self.badge:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        narrow = not self.text()
        size = self.theme.px(15 if narrow else 20)
        top = 0 if narrow else (self.height() - size) // 2
        box = QRect(self.width() - size - (0 if narrow else self.theme.px(9)), top, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("bad_bg"))
        painter.drawEllipse(box)
        painter.setPen(self.theme.colour("bad"))
        painter.setFont(self.theme.font(10 if narrow else 12, True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(min(self.badge, 99)))
