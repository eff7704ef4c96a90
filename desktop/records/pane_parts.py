"""What a pane is built of: its buttons, its list with the foot, and what stands there while it is empty."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db.errors import UserError
from db.tasks import members
from desktop.shell.widgets import Elided, button, card, label, magnifier, row, rule
from desktop.tables.record_model import added

if TYPE_CHECKING:
    from desktop.records.record_list import EntityPane

# The day that says which quarter a row belongs to; "只看本季度" goes by it.
DAY_OF = {
    "training": "start_on",
    "fund_entry": "entry_on",
    "activity": "start_on",
    "service_record": "served_on",
    "work_record": "recorded_on",
    "blood_result": "donated_on",
}
NOUNS = {"volunteer": "人", "team": "支", "membership": "人", "attendance": "人次", "coverage": "人"}
WORDS = {
    "team": "队伍", "membership": "队员", "insurance_policy": "保险单", "fund_entry": "收支", "disaster_prone": "认定",
    "responsibility": "分工", "office_parameter": "参数", "office": "项目", "venue": "阵地",
}  # fmt: skip
# The field that says which team a row belongs to.
TEAM_FIELD = {
    "membership": "team_id", "training": "team_id", "coverage": "team_id", "fund_entry": "team_id",
    "activity": "host_team_id",
}  # fmt: skip
EMPTY_WORDS = {
    "membership": "还没有队员。填身份证号、姓名、手机就能新增一名，也可以从 Excel 复制多行，到这里粘贴。",
    "training": "还没有面向本队的培训。登记一次培训，勾上到场的人就行。",
    "coverage": "本队还没有人有保险记录。到“成员”里选中要投保的人，点“续保”。",
    "fund_entry": "还没有记过账。记一笔收入或支出，可以把凭证照片拖进来。",
    "activity": "还没有本队主办的活动。新增活动后，可以粘贴微信接龙登记时长。",
}


def toolbar(pane: "EntityPane") -> QHBoxLayout:
    """Make the buttons over a list: all of them, or those that a team's page has room for."""
    theme, small = pane.theme, pane.in_team
    extra = pane.extra = pane.extra_buttons()
    narrow = small or bool(extra)  # what everybody knows by its icon gives its place to what is special here
    pane.add_button = button(
        theme, f"新增{pane.word}", "add", "" if small else "primary", "新增一条（Ctrl+N）", pane.add
    )
    pane.edit_button = button(
        theme,
        "" if narrow else "修改",
        "edit",
        "quiet" if narrow else "",
        "用表单修改（Enter）；选中多条时批量修改",
        pane.edit_chosen,
    )
    pane.delete_button = button(
        theme,
        "" if narrow else "删除",
        "delete",
        "quiet" if narrow else "",
        "删除所选（Delete），可以撤销",
        pane.delete,
    )
    tip = "粘贴从 Excel 复制的内容（Ctrl+V）"
    pane.paste_button = button(theme, "粘贴", "paste", "", tip, pane.paste)
    pane.import_button = button(theme, "导入", "import", "", "从 Excel 导入", lambda: pane.desk.show_page("import"))
    pane.export_button = button(theme, "导出", "export", "", "导出为 Excel（Ctrl+E）", pane.export)
    pane.print_button = button(theme, "打印", "print", "", "打印这张表（Ctrl+P）", pane.print_list)
    pane.quarter_button = button(
        theme,
        "本季度" if extra else "只看本季度",
        "calendar",
        "quiet",
        "只显示右上角所选季度的记录",
        pane.follow_quarter,
    )
    pane.quarter_button.setCheckable(True)
    if pane.entity.name not in DAY_OF or small:
        pane.quarter_button.hide()
    pane.mask_button = button(
        theme, "" if small else "显示号码", "eye", "quiet", "显示完整的证件号码和电话", pane.toggle_mask
    )
    pane.mask_button.setCheckable(True)
    if not any(f.masked and f.listed for f in pane.model.entity.fields):
        pane.mask_button.hide()  # never shown before it has a parent: it would flash as a window of its own
    pane.columns_button = button(theme, "", "columns", "quiet", "列设置：显示哪些列", pane.choose_columns)
    pane.find_box = QLineEdit()
    pane.find_box.setPlaceholderText("查找" if small else "查找：文字或拼音首字母")
    pane.find_box.setAccessibleName(f"在{pane.entity.label}中查找")
    pane.find_box.setToolTip("查找：文字或拼音首字母（Ctrl+F）")
    pane.find_box.setClearButtonEnabled(True)
    magnifier(theme, pane.find_box)
    if not pane.entity.sheet:
        pane.import_button.hide()
    if small:
        for left_out in (pane.import_button, pane.export_button, pane.print_button, pane.edit_button):
            left_out.setParent(pane)  # Enter, Ctrl+E and Ctrl+P do it
            left_out.hide()
        bar = row(
            pane.add_button, *extra, pane.paste_button, pane.delete_button, None, pane.quarter_button, pane.mask_button,
            pane.columns_button, pane.find_box, spacing=6,
        )  # fmt: skip
    else:
        bar = row(
            pane.add_button, *extra, pane.edit_button, pane.delete_button, rule(True), pane.paste_button,
            pane.import_button, pane.export_button, pane.print_button, None, pane.quarter_button, pane.mask_button,
            pane.columns_button, pane.find_box,
        )  # fmt: skip
    bar.setStretchFactor(pane.find_box, 100)  # as wide as it may be, before the gap
    return bar


def squeeze(pane: "EntityPane") -> None:
    """In a narrow place the buttons do without their pictures."""
    size = 0 if 0 < pane.width() < pane.theme.px(640 if pane.in_team else 1000) else pane.theme.px(18)
    worded = (pane.add_button, *pane.extra, pane.paste_button, pane.import_button, pane.export_button)
    for made in (*worded, pane.print_button):
        if made.iconSize().width() != size:
            made.setIconSize(QSize(size, size))


def listing(pane: "EntityPane") -> None:
    """Put the list into its frame and, under it, how many there are and what they add up to."""
    pane.frame.setObjectName("card")
    inside = QVBoxLayout(pane.frame)
    inside.setContentsMargins(1, 1, 1, 1)
    inside.setSpacing(0)
    inside.addWidget(pane.view, 1)
    foot = QFrame(pane.frame)
    foot.setObjectName("foot")
    line = QHBoxLayout(foot)
    line.setContentsMargins(12, *((3, 12, 3) if pane.in_team else (7, 12, 7)))
    pane.count_label, pane.sum_label = label("", "dim"), Elided("", "dim")
    pane.sum_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(pane.count_label)
    pane.foot = line
    pane.all_button = button(pane.theme, "清除条件", "", "link", "显示全部", pane.show_all)
    pane.batch_button = button(pane.theme, "", "", "link", "把所选的各条改成同一个内容", pane.blocks.batch)
    for made in (pane.all_button, pane.batch_button):
        made.hide()
        line.addWidget(made)
    line.addWidget(pane.sum_label, 1)
    inside.addWidget(foot)


def empty(pane: "EntityPane") -> QFrame:
    """Make what stands in place of a list without rows: what can be done about it."""
    frame, inside = card()
    head = label(f"还没有{pane.word}", "heading")
    usual = "可以一条一条新增，也可以从 Excel 一次导入。导入前会先检查，错的行不会进来。"
    if not pane.entity.sheet:
        usual = "可以一条一条新增，也可以从 Excel 复制多行，到这里粘贴。"
    words = label(EMPTY_WORDS.get(pane.entity.name, usual) if pane.in_team else usual, "dim", wrap=True)
    for widget in (head, words):
        widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    add = button(pane.theme, f"新增{pane.word}", "add", "primary", "", pane.add)
    bring = button(pane.theme, "从 Excel 导入", "import", "", "", lambda: pane.desk.show_page("import"))
    inside.addStretch(2)
    inside.addWidget(head)
    inside.addWidget(words)
    inside.addSpacing(8)
    inside.addLayout(row(None, add, bring, None))
    if not pane.entity.sheet or pane.in_team:
        bring.hide()
    inside.addStretch(3)
    return frame


MANY = 20_000  # so many rows are added up where the store is, while the window goes on


def tell_selected(pane: "EntityPane", places: list[int], columns: list[int]) -> None:
    """Say in the status bar what is selected and what it adds up to."""
    if len(places) <= MANY:
        pane.page.status_changed.emit(sums(pane, places, columns))
        return
    pane.page.status_changed.emit(f"已选 {len(places):,} {pane.noun}")
    order = pane.model.order

    def tell(text: str) -> None:
        if order is pane.model.order and places == pane.view.places():
            pane.page.status_changed.emit(text)

    pane.jobs.read(lambda store: sums(pane, places, columns), tell, key=(pane, "selected"))


def tell_totals(pane: "EntityPane") -> None:
    """Say in the foot what the rows shown add up to."""
    add_up = money_sums if pane.entity.name == "fund_entry" else _totals

    def words(_: object = None) -> str:
        return "　".join(f"{name}合计 {value}" for name, value in add_up(pane)[:3])

    if pane.model.rowCount() <= MANY:
        pane.sum_label.say(words())
    else:
        pane.jobs.read(words, pane.sum_label.say, key=(pane, "totals"))


def _totals(pane: "EntityPane") -> list[tuple[str, str]]:
    return pane.model.total()


def sums(pane: "EntityPane", places: list[int], columns: list[int]) -> str:
    """As in Excel: sum, average and count of what is selected."""
    if not places:
        return ""
    text = f"已选 {len(places):,} {pane.noun}"
    model = pane.model
    rows, order = model.sheet.rows, model.order
    places = [p for p in places if p < len(order)]
    numeric = [c for c in columns if model.can_add_up(c)]
    if len(places) > 1:
        for column in numeric[:2]:
            f = model.fields[column]
            values = [int(v) for p in places if (v := rows[order[p]][f.name]) is not None]
            if values:
                total, mean = added(f, sum(values)), added(f, round(sum(values) / len(values)))
                text += f"　{f.label}：求和 {total}　平均 {mean}　计数 {len(values):,}"
    if len(columns) == 1 and not numeric and len(places) > 1:
        filled = sum(rows[order[p]][model.fields[columns[0]].name] is not None for p in places)
        text += f"　计数 {filled:,}"
    return text


def money_sums(pane: "EntityPane") -> list[tuple[str, str]]:
    """Return what came in and what went out over the rows shown."""
    f = pane.entity["amount_fen"]
    found = dict.fromkeys(("income", "expense"), 0)
    for n in pane.model.order:
        entry = pane.model.sheet.rows[n]
        found[str(entry["direction"])] += int(entry["amount_fen"] or 0)
    return [("收入", f.show(found["income"])), ("支出", f.show(found["expense"]))]


def print_rows(pane: "EntityPane") -> None:
    """Print the rows as they are shown."""
    from desktop.shell import printing

    model = pane.model
    shown = pane.view.visible_columns()
    fields = [model.fields[c] for c in shown]
    titles = [f.label for f in fields]
    widths = [max(f.width, len(f.label) * 2) for f in fields]
    numeric = [f.kind.numeric for f in fields]
    lines = [[model.sheet.texts[n][c] for c in shown] for n in model.order]
    try:
        printing.print_table(pane, pane.entity.label, titles, widths, numeric, lines)
    except UserError as error:
        pane.desk.complain(error)


def look_for(pane: "EntityPane", id_type: str, number: str) -> None:
    """Say in the form who else has the document number that was typed."""
    day = pane.desk.today

    def known(found: dict[str, Any] | None) -> None:
        mine = int(pane.form.before["id"] or 0) if pane.form.before is not None else 0
        if found is None or found["id"] == mine:
            pane.form.show_known("", 0)
            return
        teams = "、".join(found["teams"].values()) or "不在任何队伍"
        pane.form.show_known(f"已有同号：{found['name']}（{teams}）", int(found["id"]))

    pane.jobs.read(lambda store: members.known_person(store, id_type, number, day), known)


class Drawer(QObject):
    """The forms of a list: beside it, or in a narrow window over its right part, so that the list keeps its width.

    Where there is not even the height for that, they lie over the whole of a `room` around the list.
    """

    def __init__(self, pane: "EntityPane") -> None:
        super().__init__(pane)
        self.pane, self.is_over = pane, False
        self.room: QWidget | None = None
        self.forms: list[QWidget] = []
        self._away: list[QWidget] = []  # open, and out of view with their list
        pane.stack.installEventFilter(self)

    def put_over(self, over: bool, room: QWidget | None = None) -> None:
        """Lay the forms over the list (or over a whole room), or beside it again."""
        if (over, room) == (self.is_over, self.room):
            return
        if self.room is not None:
            self.room.removeEventFilter(self)
        self.is_over, self.room = over, room
        if room is not None:
            room.installEventFilter(self)
        for form in self.forms:
            self._put(form)

    def take(self, form: QWidget) -> None:
        """Put one more form where it is to be."""
        self.forms.append(form)
        self._put(form)

    def _put(self, form: QWidget) -> None:
        hidden = form.isHidden()
        if self.is_over:
            self.pane.body.removeWidget(form)
            form.setParent(self.room or self.pane)
            self._place(form)
        else:
            self.pane.body.addWidget(form)
        form.setVisible(not hidden)

    def _place(self, form: QWidget) -> None:
        """Stand at the right edge, as high as the list or the room."""
        over = self.pane.stack.geometry() if self.room is None else self.room.rect().adjusted(0, 0, -1, 0)
        wide = min(form.width(), over.width())
        form.setGeometry(over.right() - wide + 1, over.top(), wide, over.height())
        form.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the list; out of view with it, in view again with it."""
        kind = event.type()
        if kind in (QEvent.Type.Resize, QEvent.Type.Move) and self.is_over:
            for form in self.forms:
                self._place(form)
        elif kind == QEvent.Type.Hide and watched is self.pane.stack and self.room is not None:
            self._away = [form for form in self.forms if not form.isHidden()]
            for form in self._away:
                form.hide()
        elif kind == QEvent.Type.Show and watched is self.pane.stack:
            for form in self._away:
                form.show()
            self._away = []
        return False
