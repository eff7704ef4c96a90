"""Under a list: how many rows there are, what they add up to, and what is selected; and what stands for no rows."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from db.records.fields import Entity
from desktop.records import specs
from desktop.shell.empty_sheet import EmptySheet
from desktop.shell.jobs import Jobs
from desktop.shell.theme import Theme
from desktop.shell.widgets import Elided, button, label
from desktop.tables.grid import Grid
from desktop.tables.record_model import TableModel, added

MANY = 20_000  # so many rows are added up where the store is, while the window goes on


class ListFoot(QFrame):
    """Counts and sums of a list, with 清除条件 and 批量修改."""

    all_asked, batch_asked = Signal(), Signal()

    def __init__(self, theme: Theme, noun: str, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.noun = noun
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(12, *((3, 12, 3) if small else (7, 12, 7)))
        self.count_label, self.sum_label = label("", "dim"), Elided("", "dim")
        self.sum_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.all_button = button(theme, "清除条件", "", "link", "显示全部", self.all_asked.emit)
        tip = "把所选的各条改成同一个内容"
        self.batch_button = button(theme, "", "", "link", tip, self.batch_asked.emit)
        self.line.addWidget(self.count_label)
        for made in (self.all_button, self.batch_button):
            made.hide()
            self.line.addWidget(made)
        self.line.addWidget(self.sum_label, 1)

    def insert(self, widget: QWidget) -> None:
        """Put something beside the count."""
        self.line.insertWidget(1, widget)

    def count(self, found: int, total: int) -> None:
        """Say how many rows are shown, of how many."""
        noun = self.noun
        limited = found != total
        self.count_label.setText(f"找到 {found:,} {noun}（共 {total:,} {noun}）" if limited else f"共 {total:,} {noun}")
        self.all_button.setVisible(limited)

    def set_chosen(self, number: int) -> None:
        """Offer one value for several rows."""
        self.batch_button.setVisible(number > 1)
        self.batch_button.setText(f"批量修改 {number:,} {self.noun}")

    def tell_totals(self, model: TableModel, jobs: Jobs) -> None:
        """Say what the rows shown add up to; of very many rows later."""

        def words(_: object = None) -> str:
            return "　".join(f"列出的{name}合计 {value}" for name, value in totals(model)[:3])

        if model.rowCount() <= MANY:
            self.sum_label.say(words())
        else:
            jobs.read(words, self.sum_label.say, key=(self, "totals"))


class EmptyList(EmptySheet):
    """Stands in place of a list without rows: the columns that are shown of it, and what can be done about it."""

    add_asked, import_asked = Signal(), Signal()

    def __init__(
        self, view: Grid, entity: Entity, word: str, in_team: bool = False, parent: QWidget | None = None
    ) -> None:
        words = "可以一条一条新增，也可以从 Excel 一次导入。导入前会先检查，错的行不会进来。"
        if not entity.sheet:
            words = "可以一条一条新增，也可以从 Excel 复制多行，到这里粘贴。"
        if in_team:
            words = specs.spec(entity).empty or words
        theme, headings = view.theme, [view.records.fields[column].label for column in view.visible_columns()]
        add = button(theme, f"新增{word}", "add", "primary", "")
        bring = button(theme, "从 Excel 导入", "import")
        super().__init__(theme, f"还没有{word}", words, add, bring, headings=headings, parent=parent)
        add.clicked.connect(lambda _=False: self.add_asked.emit())
        bring.clicked.connect(lambda _=False: self.import_asked.emit())
        if in_team or not entity.sheet:
            bring.hide()


def totals(model: TableModel) -> list[tuple[str, str]]:
    """Return what the rows shown add up to, by name; of money what came in and what went out."""
    if "direction" not in model.entity.by_name or "amount_fen" not in model.entity.by_name:
        return model.total()
    f = model.entity["amount_fen"]
    found = dict.fromkeys(("income", "expense"), 0)
    for n in model.order:
        entry = model.sheet.rows[n]
        found[str(entry["direction"])] += int(entry["amount_fen"] or 0)
    return [("收入", f.show(found["income"])), ("支出", f.show(found["expense"]))]


def sums(model: TableModel, noun: str, places: Sequence[int], columns: Sequence[int]) -> str:
    """As in Excel: sum, average and count of what is selected."""
    if not places:
        return ""
    text = f"已选 {len(places):,} {noun}"
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
