"""工作台: where the quarter stands, the score, what to handle first, what ends soon, and the year in charts."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from db.quarters import Quarter
from db.queries.expiring import Ending, ending_people, endings
from db.queries.figures import office_figures
from db.queries.overview import trend
from db.queries.paper_rows import Scope, blood_totals
from db.records.amounts import Hours, Money, figure
from db.records.entities import BLOOD_TARGET, TEAM, VOLUNTEER
from db.records.kinds import Phone
from db.rules.register import Clause
from db.rules.verdicts import NEEDS_WORK, Result, Score, score
from db.storage.store import Store
from db.tasks.quarter_steps import last_unfinished, staff, steps_done
from db.tasks.receipts import standing, task_deadline
from db.year_days import YearDay
from desktop.pages.overview.first_steps import FirstSteps, steps_taken
from desktop.pages.overview.quarter_steps import Stepper
from desktop.records import specs
from desktop.services.judging import judged
from desktop.services.remedies import order
from desktop.services.reminders import coming_days, page_of_day, reminder_days, report_due
from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.widgets import Elided, button, card, clear, label, row, rule, scrolled, tag
from desktop.tables.charts import Bar, BarChart, Ring, TargetBar

_DAYS = "一二三四五六日"
_NUMERALS = "一二三四"
_ENDING_COLUMNS = (("姓名", 12), ("队伍", 30), ("到期事项", 22), ("保单号", 20), ("到期日期", 14), ("手机号码", 15))
_ENTERED = ("trainings", "activities", "service_minutes", "income_fen", "expense_fen")  # what a quarter is made of
_SHOWN, _MOST = 5, 14  # items that fit without scrolling in the least window, and as many as anybody reads at once
# How verdicts are put together in the ring: name, colour, statuses.
_PARTS = (
    ("达标", "chart3", "good", ("met",)),
    ("部分达标和待补充", "chart2", "warn", ("partial", "in_progress", "missing_data", "explain", "attention")),
    ("未达标", "bad", "bad", ("not_met",)),
)


class OverviewPage(Page):
    """The first page."""

    key, title, icon, group, shortcut = "overview", "工作台", "home", "", "1"
    follows_quarter = True
    hint = "Ctrl+K 查找　F1 帮助　F5 刷新"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        area, inner = scrolled("工作台")
        layout.addWidget(area)
        inner.setSpacing(12)
        self.first_card = FirstSteps(desk)
        self.late_card = self._late()
        self.stepper = Stepper(desk)
        desk.reminding_changed.connect(self._outdated)
        for widget in (self._example(), self.first_card, self.late_card, self.stepper):
            inner.addWidget(widget)
        self.score_card = self._score_card()
        self.todo_card, self.todo = card((18, 12, 18, 8), 0)
        self.ending_card, self.ending = card((16, 12, 14, 8), 0)
        self.body = QWidget()  # all that says nothing yet in an office without any data
        self.body.setObjectName("plain")
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        self.cards, self.charts = QGridLayout(), self._charts()
        self.cards.setSpacing(12)
        whole.addLayout(self.cards, 3)
        whole.addLayout(self.charts, 2)
        self._columns = self._fitted = 0
        inner.addWidget(self.body, 1)
        inner.addStretch(0)
        self.found: dict[str, Any] = {}
        self._is_narrow = False
        self._size()
        self.theme.changed.connect(self._size)
        self.theme.changed.connect(self._resized)

    def _size(self) -> None:
        px, wide = self.theme.px, self.width()
        self.score_card.setFixedWidth(px(196 if self._is_narrow else 212))
        self._reflow(3 if wide >= px(1600) else 4 if wide >= px(1000) or not wide else 2)
        ending = px(230 if self._is_narrow else 288 if self._columns == 4 else 380)
        self.ending_card.setMinimumWidth(ending if self._columns > 2 else 0)
        self.ending_card.setMaximumWidth(ending if self._columns > 2 else 16_777_215)

    def _resized(self) -> None:
        """What was made at another zoom is made anew."""
        if self.found:
            self._show_endings(self.found["endings"], self.found.get("coming", ()))
            self._show_todo(self.found["results"], self.found.get("why", ""))

    def _reflow(self, columns: int) -> None:
        """Put 4 charts beside each other, 2 where there is little room, 3 on a large screen: the targets stand under
        what ends soon there, since alone neither fills its place.
        """
        if columns == self._columns:
            return
        self._columns = columns
        large, targets = columns == 3, self.chart_cards[-1]
        for made in (self.score_card, self.todo_card, self.ending_card, *self.chart_cards):
            self.cards.removeWidget(made)
            self.charts.removeWidget(made)
        self.cards.addWidget(self.score_card, 0, 0, 1 + large, 1)
        self.cards.addWidget(self.todo_card, 0, 1, 1 + large, 1)
        self.cards.addWidget(self.ending_card, *((0, 2) if columns > 2 else (1, 0, 1, 2)))
        self.cards.setColumnStretch(1, 1)
        self.cards.setRowStretch(0, 1 if large else 0)
        for i, made in enumerate(self.chart_cards[:-1]):
            self.charts.addWidget(made, i // columns, i % columns)
        place = (1, 2) if large else (3 // columns, 3 % columns)
        (self.cards if large else self.charts).addWidget(targets, *place)
        for i in range(4):
            self.charts.setColumnStretch(i, 1 if i < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards stand beside each other as long as there is room."""
        super().resizeEvent(event)
        self._size()
        if self._rows() != self._fitted:
            self._resized()

    def _rows(self) -> int:
        """Return how many items there is room for, the charts beneath being seen too."""
        if self._columns == 2:
            return _SHOWN
        spent = sum(
            w.sizeHint().height() + 12 for w in (self.first_card, self.late_card, self.stepper) if w.isVisible()
        )
        room = (self.height() - spent) * 3 // 5 - self.theme.px(60)
        return max(_SHOWN, min(_MOST, room // self.theme.px(50)))

    def narrow(self, narrow: bool) -> None:
        """A narrow window leaves the room to what is to be done."""
        self._is_narrow = narrow
        self._size()

    # Building

    def _example(self) -> QWidget:
        """In the example: what it is, and the way to one's own ledger."""
        frame, inside = card((16, 6, 10, 6), 0)
        words = label("这是演示台账：单位和人都是虚构的，随便改，不影响您自己的数据。", "", wrap=True)
        go = button(self.theme, "离开演示，建立或打开自己的台账", "go", "link", "", self.desk.leave_asked.emit)
        line = row(words, go)
        line.setStretchFactor(words, 1)
        inside.addLayout(line)
        frame.setVisible(self.desk.is_example)
        return frame

    def _go_late(self) -> None:
        if (late := self.found["late"]) is not None:
            self.desk.set_quarter(late)

    def _late(self) -> QWidget:
        frame, inside = card((16, 8, 10, 8), 0)
        frame.setProperty("tone", "warn")
        self.late_words = label("", "", wrap=True)
        go = button(self.theme, "去看那个季度", "", "link")
        go.clicked.connect(lambda _=False: self._go_late())
        line = row(self.late_words, go)
        line.setStretchFactor(self.late_words, 1)
        inside.addLayout(line)
        frame.hide()
        return frame

    def _score_card(self) -> QWidget:
        frame, inside = card((16, 12, 16, 10), 5)
        more = button(self.theme, "明细", "", "link", "打开合规体检", lambda: self.desk.show_page("findings"))
        inside.addLayout(row(label("合规得分", "heading"), None, more))
        self.ring = Ring(self.theme, "合规得分")
        inside.addWidget(self.ring, 1)
        self.counts = QGridLayout()
        self.counts.setVerticalSpacing(3)
        inside.addLayout(self.counts)
        self.formula = label("", "hint", wrap=True)
        inside.addWidget(self.formula)
        return frame

    def _charts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        self.chart_cards: list[QWidget] = []
        self.hours = BarChart(self.theme, "chart1", "chart1_pale", "志愿服务时长（小时）")
        self.trained = BarChart(self.theme, "chart2", "chart2_pale", "培训人次")
        self.money = BarChart(self.theme, "chart1", "chart2_pale", "经费收支（元）")
        for title, chart, words, page in (
            ("服务时长（小时）", self.hours, ("chart1", "本期", "chart1_pale", "上年同期"), "activity"),
            ("培训人次", self.trained, ("chart2", "本期", "chart2_pale", "上年同期"), "training"),
            ("经费（元）", self.money, ("chart1", "支出", "chart2_pale", "收入"), "fund"),
        ):  # fmt: skip
            frame, inside = card((16, 10, 14, 8), 4)
            head = row(button(self.theme, title, "", "head", f"打开{title}", partial(self.desk.show_page, page)), None)
            for colour, word in zip(words[::2], words[1::2], strict=True):
                swatch = label()
                swatch.setProperty("swatch", colour)
                head.addWidget(swatch)
                head.addWidget(label(word, "hint"))
            inside.addLayout(head)
            inside.addWidget(chart, 1)
            self.chart_cards.append(frame)
        frame, inside = card((16, 10, 14, 8), 4)
        self.pace_words = label("", "hint")
        blood = button(self.theme, "无偿献血目标", "", "head", "打开无偿献血", lambda: self.desk.show_page("blood"))
        inside.addLayout(row(blood, None, self.pace_words))
        self.blood = QVBoxLayout()
        self.blood.setSpacing(1)
        inside.addLayout(self.blood, 1)
        self.chart_cards.append(frame)
        return grid

    # Loading

    def _outdated(self) -> None:
        self.stale = True

    def load(self) -> None:
        """Read where the quarter stands; then, when that is shown, the year for the charts."""
        quarter, day, today, days = self.desk.quarter, self.desk.as_of, self.desk.today, reminder_days()
        usual = report_due(quarter)

        def first(store: Store) -> dict[str, Any]:
            return {
                "quarter": quarter, "figures": office_figures(store, quarter, day), "done": steps_done(store, quarter),
                "people": staff(store), "late": last_unfinished(store, today), "endings": endings(store, today, days),
                "empty": not store.count(VOLUNTEER) and not store.count(TEAM), "taken": steps_taken(store),
                "due": task_deadline(store, quarter) or usual, "standing": standing(store, quarter),
            }  # fmt: skip

        self.jobs.read(first, self._show, key=(self, "first"))
        self.jobs.read(lambda store: judged(store, day), self._show_results, key=(self, "check"))
        # The charts and last quarter's score wait until nothing else is asked for.
        self.jobs.read(lambda store: _year(store, quarter), self._show_year, later=True, key=(self, "year"))
        self.jobs.read(
            lambda store: (quarter, score(judged(store, quarter.previous.end)[0])), self._show_change, later=True,
            key=(self, "before"),
        )  # fmt: skip

    def _show(self, found: dict[str, Any]) -> None:
        self.found = {"results": [], **found}
        today, f = self.desk.today, found["figures"]
        now = self.desk.as_of == today
        when = "今天" if now else f"{_NUMERALS[found['quarter'].number - 1]}季度末"
        self.tell(
            f"{today.month}月{today.day}日 周{_DAYS[today.weekday()]} · "
            f"{when}在队 {f['persons_end']:,} 人，在保 {f['insured_end']:,} 人"
        )
        self.first_card.show_steps(found["taken"])
        self.body.setVisible(not found["empty"])
        late = found["late"]
        self.late_card.setVisible(late is not None and late != self.desk.quarter)
        self.late_words.setText(f"{late.label}还没有归档" if late else "")

    def _show_results(self, checked: tuple[list[Result], str]) -> None:
        found, (results, why) = self.found, checked
        found["results"], found["why"] = results, why
        found["coming"] = coming_days(self.desk.today, reminder_days(), results)
        self._show_endings(found.get("endings", []), found["coming"])
        self.desk.count_unmet(results)
        blank = not any(found["figures"][name] for name in _ENTERED)
        self.stepper.show_steps(results, found["done"], found["people"], found["due"], found["standing"], blank)
        self._show_score(results, why)
        self._show_todo(results, why)
        self.desk.reminded.emit(found)

    def _show_score(self, results: list[Result], why: str) -> None:
        now = score(results)
        by_ledger = [r for r in results if r.listed and r.clause.mode != "self"]
        clear(self.counts)
        parts, told = [], []
        for i, (name, colour, tone, statuses) in enumerate(_PARTS):
            number = sum(r.status in statuses for r in by_ledger)
            parts.append((float(number), colour))
            told.append(f"{name} {number} 条")
            mark = label(name if name != "部分达标和待补充" else "待补充")
            mark.setProperty("tone", tone)
            mark.setToolTip(name)
            self.counts.addWidget(mark, i // 2, i % 2 * 2)
            self.counts.addWidget(label(str(number), "strong"), i // 2, i % 2 * 2 + 1)
        waiting = sum(r.clause.mode == "self" and r.status == "missing_evidence" for r in results)
        mark = label("待自评")
        mark.setProperty("tone", "calm")
        mark.setToolTip("由本会自己说明的条款，不计入得分")
        self.counts.addWidget(mark, 1, 2)
        self.counts.addWidget(label(str(waiting), "strong"), 1, 3)
        points = "—" if now.points is None else str(now.points)
        self.ring.show_parts(parts, points, "", f"{points} 分；{'，'.join(told)}")
        self.formula.setText(f"＝{now.formula}。供本会自查，不是上级评分" if now.points is not None else why)

    def _show_todo(self, results: list[Result], why: str) -> None:
        clear(self.todo)
        shown = self._fitted = self._rows()
        open_ones = [r for r in order(results) if r.listed and r.status in NEEDS_WORK]
        waiting = [r for r in open_ones if r.status != "missing_evidence"]
        unsaid = len(open_ones) - len(waiting)  # what waits for a person's word stands apart, with its own count
        told = ["未达标的在前，处理后自动消失"] if waiting else []
        note = label("；".join(told + ([f"另有 {unsaid} 条待确认或自评"] if unsaid else [])), "hint")
        more = button(
            self.theme, f"全部 {len(waiting)} 项", "", "link", "打开合规体检", lambda: self.desk.show_page("findings")
        )
        if len(waiting) <= shown:
            more.hide()  # never shown before it has a parent: it would flash as a window of its own
        self.todo.addLayout(row(label("先处理这几项", "heading"), note, None, more))
        self.todo.addSpacing(2)
        if not waiting:
            done = "由台账判断的要求没有未达标的。" if unsaid else "本季度的要求都已达标。可以到报表中心生成报告。"
            text = why or (done if results else "还没有数据可以体检。")
            self.todo.addWidget(label(text, "dim", wrap=True))
            if results:
                go = button(self.theme, "生成报告", "report", "primary", "", lambda: self.desk.show_page("reports"))
                self.todo.addLayout(row(go, None))
        items = waiting[:shown]
        if waiting and shown > _SHOWN:  # with room to spare, what waits for a person's word follows
            items += [r for r in open_ones if r.status == "missing_evidence"][: shown - len(items)]
        for i, result in enumerate(items):
            if i:
                self.todo.addWidget(rule())
            self.todo.addLayout(self._todo_line(result), 1)
        self.todo.addStretch(max(0, shown - len(items)) if waiting else 1)

    def _todo_line(self, result: Result) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(label(result.message, wrap=True))
        words.addWidget(Elided(f"{_cited(result.clause)}　{result.clause.title}", "hint", result.clause.citation))
        words.addStretch(1)
        state = tag(self.theme, result.status)
        state.setFixedWidth(self.theme.px(88))
        line = row(spacing=10)
        line.addWidget(state, 0, Qt.AlignmentFlag.AlignVCenter)
        line.setContentsMargins(0, 4, 0, 4)
        line.addLayout(words, 1)
        said = result.status == "missing_evidence"
        verb = "去说明" if said else specs.verb_for(result, self.desk.page_name(result.clause.record))
        go = button(self.theme, verb)
        go.setAccessibleName(f"{verb}：{result.clause.title}")
        go.clicked.connect(lambda: self.desk.open_clause(result.clause.id) if said else self.desk.handle(result))
        line.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _show_endings(self, found: list[Ending], coming: Sequence[YearDay] = ()) -> None:
        """What ends soon and which days of the year come, the nearest first."""
        clear(self.ending)
        today = self.desk.today
        self.export_button = button(self.theme, "导出名单", "export", "link", "到期人员的名单", self.export_endings)
        if not found:
            self.export_button.hide()
        self.ending.addLayout(row(label(f"{reminder_days()} 天内", "heading"), None, self.export_button))
        lines: list[tuple[dt.date, str, str, Callable[[], Any]]] = [
            (end.ends_on, end.title, f"{end.note} 到期" if end.record == "insurance_policy" else end.note,
             partial(self.desk.open_records, end.record, end.ids))
            for end in found
        ]  # fmt: skip
        lines += [(day.day, day.what, day.words, partial(self.desk.show_page, page_of_day(day))) for day in coming]
        lines.sort(key=lambda line: line[0])
        if not lines:
            self.ending.addWidget(label("没有要到期的保险、证书和协议，也没有要办的日子。", "dim", wrap=True))
        shown = self._rows()
        for i, (day, title, note, go_there) in enumerate(lines[:shown]):
            if i:
                self.ending.addWidget(rule())
            left = (day - today).days
            days = label("今天" if not left else f"{left} 天", "days")
            days.setProperty("late", left <= 7)
            days.setFixedWidth(self.theme.px(46))
            go = button(self.theme, title, "", "row", f"打开：{title}，{note}，{day}")
            go.setMinimumWidth(10)
            go.clicked.connect(lambda _=False, go_there=go_there: go_there())
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(go)
            told = Elided(f"{day.month}月{day.day}日　{note}", "hint")
            told.setIndent(2)  # under the first letter of the button
            words.addWidget(told)
            line = row(days, spacing=6)
            line.setContentsMargins(0, 3, 0, 3)
            line.addLayout(words, 1)
            self.ending.addLayout(line)
        if len(lines) > shown:
            self.ending.addWidget(label(f"还有 {len(lines) - shown} 项，都在提醒里", "hint"))
        self.ending.addStretch(1)

    def _show_year(self, found: dict[str, Any]) -> None:
        if found["quarter"] != self.desk.quarter:
            return  # another quarter was chosen meanwhile; its own reading is on the way
        trend, hours = found["trend"], Hours().show
        labels = [_short(t["quarter"], self.desk.quarter) for t in trend]
        pairs = list(zip(labels, trend, strict=True))
        self.hours.show_bars([
            Bar(name, t["now"]["service_minutes"], t["before"]["service_minutes"] or 0,
                _brief(t["now"]["service_minutes"] / 60), hours(t["before"]["service_minutes"] or 0))
            for name, t in pairs
        ])  # fmt: skip
        self.trained.show_bars([
            Bar(name, t["now"]["training_person_times"], t["before"]["training_person_times"] or 0,
                _brief(t["now"]["training_person_times"]))
            for name, t in pairs
        ])  # fmt: skip
        self.money.show_bars([
            Bar(name, t["now"]["expense_fen"], t["now"]["income_fen"], _rounded(t["now"]["expense_fen"]),
                Money().show(t["now"]["income_fen"]))
            for name, t in pairs
        ], ("支出", "收入"))  # fmt: skip
        self._show_blood(found["blood"])

    def _show_change(self, found: tuple[Quarter, Score]) -> None:
        before, now = found[1].points, score(self.found["results"]).points
        if found[0] == self.desk.quarter and before is not None and now is not None:
            self.ring.say(f"较上季 {figure(now - before, plus=True)}" if now != before else "与上季相同")

    def _show_blood(self, totals: list[dict[str, Any]]) -> None:
        clear(self.blood)
        day = self.desk.as_of
        pace = day.timetuple().tm_yday / dt.date(day.year, 12, 31).timetuple().tm_yday
        lines = [t for t in totals if t["scope"] and t["target_units"]]
        self.pace_words.setText(f"竖线：时间已过 {pace:.0%}" if lines else "")
        if not lines:
            self.blood.addWidget(label(f"没有 {day.year} 年的献血目标", "dim", wrap=True))
        for total in lines:
            name = BLOOD_TARGET["scope"].kind.show(total["scope"])
            share = total["units"] / total["target_units"]
            numbers = f"{figure(total['units'], 1).removesuffix('.0')} / {total['target_units']:,} 人份　{share:.0%}"
            bar = TargetBar(self.theme, name)
            bar.show_share(share, pace, numbers)
            self.blood.addLayout(row(label(name), None, label(numbers, "small")))
            self.blood.addWidget(bar)
            if self._fitted > _SHOWN and (left := total["target_units"] - total["units"]) > 0:
                self.blood.addWidget(label(f"离全年目标还差 {figure(left, 1).removesuffix('.0')} 人份", "hint"))
        self.blood.addStretch(1)

    # Out

    def export_endings(self) -> None:
        """Ask where, then write the people whose insurance or certificate ends."""
        from forms.output import safe_name

        name = safe_name(f"{reminder_days()}天内到期人员名单_{self.desk.today:%Y%m%d}.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self, "导出到期名单", str(self.desk.folder / name), "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self.export_endings_to(Path(chosen))

    def export_endings_to(self, path: Path) -> None:
        """Write the list, phones masked as everywhere."""
        day, days = self.desk.today, reminder_days()

        def work(store: Store) -> Path:
            from forms.excel.name_list import name_list  # late: the writer takes a while to load
            from forms.output import write_whole

            people = [
                (p["name"], p["teams"], p["what"], p["number"], dt.date.fromisoformat(p["ends_on"]),
                 Phone().mask(p["phone"]) if p["phone"] else None)
                for p in ending_people(store, day, days)
            ]  # fmt: skip
            about = f"{day.isoformat()} 至 {day + dt.timedelta(days=days)}　　共 {len(people)} 人次"
            title, office = f"{days}天内到期人员名单", store.office().get("name", "")
            return write_whole(path, name_list(office, title, about, _ENDING_COLUMNS, people))

        self.jobs.read(work, self.desk.saved_file)


def _year(store: Store, quarter: Quarter) -> dict[str, Any]:
    return {"quarter": quarter, "trend": trend(store, quarter), "blood": blood_totals(store, Scope(quarter))}


def _cited(clause: Clause) -> str:
    """Return article and notice in one short line."""
    title = clause.source.title if len(clause.source.title) <= 16 else f"{clause.source.title[:16]}…"
    return f"{clause.article} · {clause.source.doc_number or f'《{title}》'}"


def _short(quarter: Quarter, now: Quarter) -> str:
    year = "" if quarter.year == now.year else "去年"
    return f"{year}{_NUMERALS[quarter.number - 1]}季度"


def _rounded(fen: int) -> str:
    return f"{figure(fen / 1_000_000, 1)}万" if abs(fen) >= 1_000_000 else figure(fen / 100)


def _brief(number: float) -> str:
    """Return a number over a bar; more than five figures do not fit beside each other."""
    return f"{figure(number / 10_000, 1)}万" if number >= 100_000 else figure(number)
