"""What a pane is built of: its buttons, its list with the foot, and what stands there while it is empty."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from db.errors import UserError
from desktop.pages.pieces import button, card, label, row, rule

if TYPE_CHECKING:
    from desktop.entity_pane import EntityPane

# The day that says which quarter a row belongs to; "只看本季度" goes by it.
DAY_OF = {
    "training": "start_on",
    "fund_entry": "entry_on",
    "activity": "start_on",
    "service_record": "served_on",
    "work_record": "recorded_on",
    "blood_result": "donated_on",
}
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


def listing(pane: "EntityPane") -> QFrame:
    """Make the list and, under it, how many there are and what they add up to."""
    frame, inside = card((1, 1, 1, 1), 0)
    inside.addWidget(pane.view, 1)
    foot = QFrame()
    foot.setObjectName("foot")
    line = QHBoxLayout(foot)
    line.setContentsMargins(12, 7, 12, 7)
    pane.count_label, pane.sum_label = label("", "dim"), label("", "dim")
    line.addWidget(pane.count_label)
    pane.foot = line
    pane.all_button = button(pane.theme, "清除条件", "", "link", "显示全部", pane.show_all)
    pane.batch_button = button(pane.theme, "", "", "link", "把所选的各条改成同一个内容", pane.blocks.batch)
    for made in (pane.all_button, pane.batch_button):
        made.hide()
        line.addWidget(made)
    line.addStretch(1)
    line.addWidget(pane.sum_label)
    inside.addWidget(foot)
    return frame


def empty(pane: "EntityPane") -> QFrame:
    """Make what stands in place of a list without rows: what can be done about it."""
    frame, inside = card()
    head = label(f"还没有{pane.word}", "heading")
    usual = "可以一条一条新增，也可以从 Excel 一次导入。导入前会先检查，错的行不会进来。"
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


def sums(pane: "EntityPane", places: list[int]) -> str:
    """As in Excel: sum, average and count of what is selected."""
    if not places:
        return ""
    text = f"已选 {len(places):,} {pane.noun}"
    columns = pane.view.block()[1]
    model = pane.model
    numeric = [c for c in columns if model.can_add_up(c)]
    if len(places) > 1:
        for column in numeric[:2]:
            f = model.fields[column]
            values = [int(v) for p in places if (v := model.row(p)[f.name]) is not None]
            if values:
                total, mean = f.show(sum(values)), f.show(round(sum(values) / len(values)))
                text += f"　{f.label}：求和 {total}　平均 {mean}　计数 {len(values):,}"
    if len(columns) == 1 and not numeric and len(places) > 1:
        filled = sum(model.row(p)[model.fields[columns[0]].name] is not None for p in places)
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
    from desktop import printing

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


class Drawer(QObject):
    """The form of a list: beside it, or in a narrow window over its right part, so that the list keeps its width."""

    def __init__(self, pane: "EntityPane") -> None:
        super().__init__(pane)
        self.pane, self.is_over = pane, False
        pane.stack.installEventFilter(self)

    def put_over(self, over: bool) -> None:
        """Lay the form over the list, or beside it again."""
        if over == self.is_over:
            return
        self.is_over = over
        form = self.pane.form
        shown = form.isVisible()
        if over:
            self.pane.body.removeWidget(form)
            form.setParent(self.pane)
            self.place()
        else:
            self.pane.body.addWidget(form)
        form.setVisible(shown)

    def place(self) -> None:
        """Stand at the right edge, as high as the list."""
        form, over = self.pane.form, self.pane.stack.geometry()
        wide = min(form.width(), over.width())
        form.setGeometry(over.right() - wide + 1, over.top(), wide, over.height())
        form.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the list."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.is_over:
            self.place()
        return False
