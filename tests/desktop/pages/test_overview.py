"""工作台: the quarter's steps, the score, what ends soon and its list, the charts, the bell."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from db.quarters import Quarter
from db.records.entities import COVERAGE, INSURANCE_POLICY
from desktop.pages.overview.overview import OverviewPage
from desktop.pages.overview.quarter_steps import StepDialog, steps_of
from desktop.services.reminders import report_due
from desktop.shell.theme import Theme
from desktop.tables.charts import Bar, BarChart, Ring, TargetBar
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle


@pytest.fixture
def page(window: MainWindow) -> OverviewPage:
    made = window.pages["overview"]
    assert isinstance(made, OverviewPage)
    return made


def _insure(window: MainWindow, settle: Settle, until: str) -> None:
    def work(store: Any) -> None:
        policy = store.save(INSURANCE_POLICY, {
            "policy_number": "LJGP01", "insurer": "某保险", "product": "意外险", "cover_mode": "named_list",
            "start_on": "2025-10-01", "end_on": until,
        })  # fmt: skip
        for person in (1, 2):
            store.save(COVERAGE, {"policy_id": policy, "volunteer_id": person})

    window.jobs.write("投保", work)
    settle()


def test_steps_follow_what_is_there(page: OverviewPage) -> None:
    """The first step that is not done is the present one; a mark lets those before it go by, without a tick."""
    results = page.found["results"]
    q, due = Quarter(2026, 3), report_due(Quarter(2026, 3))
    states = [s.state for s in steps_of(q, results, {}, due)]
    assert states.count("now") == 1
    marked = steps_of(q, results, {"submit": {"person": "周敏", "done_on": "2026-10-09"}}, due)
    assert [s.state for s in marked] == ["passed", "passed", "passed", "done", "now"]
    assert marked[2].note == "没有办理"
    assert marked[3].note == "周敏 10月9日"
    assert steps_of(q, [], {}, due)[0].state == "now"
    blank = steps_of(q, [r for r in results if r.status == "met"], {}, due, blank=True)[0]
    assert (blank.state, blank.note) == ("now", "还没有录入本季度的培训、活动和收支")


def test_a_step_is_marked_and_withdrawn(window: MainWindow, page: OverviewPage, settle: Settle) -> None:
    """The dialog asks for name and day; what it writes is one operation; it can be taken back from the same place."""
    dialog = page.stepper.ask("review")
    assert isinstance(dialog, StepDialog)
    dialog.save.click()
    assert "办理人" in dialog.error.text()
    dialog.person.setEditText("周敏")
    dialog.save.click()
    settle()
    assert page.stepper.steps[2].note == "周敏 9月21日"
    assert window.toast.words.text() == "已审核：2026年第三季度"
    page.stepper.ask("review")
    QApplication.processEvents()
    back = next(b for d in window.findChildren(StepDialog) for b in d.findChildren(QPushButton) if "撤回" in b.text())
    back.click()
    settle()
    assert page.stepper.steps[2].state != "done"


def test_what_ends_is_listed_opened_and_exported(
    window: MainWindow, page: OverviewPage, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people's insurance ends in nine days: one line, the bell counts it, and the list names both, masked."""
    _insure(window, settle, "2026-09-30")
    assert [(e.days, e.title) for e in page.found["endings"]] == [(9, "意外险 2 人")]
    assert any("意外险 2 人" in words for words, _, _ in window.bell.reminders)
    target = tmp_path / "到期.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    QTest.mouseClick(page.export_button, Qt.MouseButton.LeftButton)
    settle()
    rows = [[c.value for c in row] for row in load_workbook(target).active.iter_rows(min_row=4)]
    assert sorted(r[1] for r in rows) == ["张雪梅", "王建国"]
    assert all("*" in r[6] for r in rows)
    assert {r[5].isoformat()[:10] for r in rows} == {"2026-09-30"}
    line = next(b for b in page.ending_card.findChildren(QPushButton) if b.text() == "意外险 2 人")
    line.click()
    settle()
    assert window.desk.key == "insurance"


def test_the_bell_opens_and_leads_on(window: MainWindow, page: OverviewPage, settle: Settle) -> None:
    """Its list is a popup that the keys reach; a line closes it and opens what it is about."""
    number = len(window.bell.reminders)
    assert number
    assert window.bell.accessibleName() == f"提醒：{number} 条"
    popup = window.bell.open()
    words = {made.text() for made in popup.findChildren(QPushButton)}
    assert any("未达标" in w for w in words)
    next(b for b in popup.findChildren(QPushButton) if "未达标" in b.text()).click()
    settle()
    assert window.desk.key == "findings"
    assert window.bell.popup is None or not window.bell.popup.isVisible()


def test_score_is_shown_with_its_formula(page: OverviewPage) -> None:
    """The number in the ring and the formula beside it are of the same clauses."""
    assert "÷" in page.formula.text()
    assert page.ring.number in page.ring.accessibleName()
    told = " ".join(w.text() for w in page.score_card.findChildren(QLabel))
    assert "不是上级评分" in told


def _ink(widget: Any, colour: str, theme: Theme) -> int:
    image = widget.grab().toImage()
    wanted = theme.colour(colour).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_bars_are_as_high_as_their_numbers(qapp: QApplication) -> None:
    """Twice the value, twice the ink; the pale series has its own colour; the name tells every number."""
    theme = Theme()
    chart = BarChart(theme, "chart1", "chart1_pale", "时长")
    chart.resize(240, 160)
    inks = []
    for now in (50, 100):
        chart.show_bars([Bar("二季度", 100, 0, "100"), Bar("三季度", now, 80, str(now))])
        inks.append(_ink(chart, "chart1", theme))
    alone = inks[1] / 2
    assert inks[0] == pytest.approx(alone * 1.5, rel=0.08)
    assert _ink(chart, "chart1_pale", theme) > 0
    assert chart.accessibleName() == "时长：二季度 本期 100，去年同期 0；三季度 本期 100，去年同期 80"
    chart.show_bars([Bar("一季度", 0, 0, "0")])
    assert _ink(chart, "chart1", theme) == 0


def test_numbers_and_names_of_bars_keep_apart(qapp: QApplication) -> None:
    """No number stands over a pale bar or reaches into the next group, no name into the next one, at any usual width."""
    theme = Theme()
    chart = BarChart(theme, "chart1", "chart2_pale", "经费")
    names = ("去年二季度", "去年三季度", "去年四季度", "一季度")
    bars = [Bar(name, now, before, text) for name, now, before, text in
            zip(names, (43_000, 72_000, 66_000, 75_482), (52_000, 0, 91_000, 117_000), ("4.3万", "7.2万", "0", "7.5万"),
                strict=True)]  # fmt: skip
    chart.show_bars(bars)
    strong = QFontMetrics(theme.font(12, True))
    for width in range(220, 620, 20):
        chart.resize(width, 150)
        group = width / len(bars)
        thick = min(theme.px(26), group * 0.3)
        middles = [group * (i + 0.5) for i in range(len(bars))]
        over = [chart._over(strong, bar, middle, thick, 60.0) for bar, middle in zip(bars, middles, strict=True)]
        for i, (bar, room) in enumerate(zip(bars, over, strict=True)):
            assert bar.before == 0 or room.left() >= middles[i] - theme.px(2), (width, bar)
            assert room.right() <= width + 1
            if i + 1 < len(bars):
                assert room.right() <= min(over[i + 1].left(), middles[i + 1] - thick - theme.px(2)) + 1, (width, bar)
        shown = [strong.horizontalAdvance(name) for name in chart._names(strong, group)]
        assert max(shown) <= group, width


def test_ring_and_target_bar_show_their_share(qapp: QApplication) -> None:
    """A part of three quarters has three times the ink of a quarter; the bar's colour tells whether it keeps pace."""
    theme = Theme()
    ring = Ring(theme, "得分")
    ring.resize(160, 160)
    ring.show_parts([(3, "chart3"), (1, "bad")], "75", "", "75 分")
    assert _ink(ring, "chart3", theme) == pytest.approx(3 * _ink(ring, "bad", theme), rel=0.12)
    bar = TargetBar(theme, "团体")
    bar.resize(200, 22)
    bar.show_share(0.5, 0.8, "50 / 100")
    behind = _ink(bar, "chart2", theme)
    bar.show_share(0.9, 0.8, "90 / 100")
    assert behind > 0
    assert _ink(bar, "chart2", theme) == 0
    assert _ink(bar, "chart3", theme) > behind
    assert bar.accessibleName() == "团体：90 / 100，时间进度 80%"


def test_a_high_window_shows_more_of_what_waits(window: MainWindow, page: OverviewPage, settle: Settle) -> None:
    """More items where there is room, whole sentences everywhere; a number never stands over the pale bar beside it."""
    window.resize(1366, 689)
    QApplication.processEvents()
    few = page._rows()
    window.resize(1920, 1400)
    QApplication.processEvents()
    assert page._rows() > few == 5
    shown = [b for b in page.findChildren(QPushButton) if "：" in b.accessibleName() and b.text().startswith("去")]
    assert len(shown) > few
    chart = page.money
    bar = Bar("三季度", 7.5, 9.0, "7.5万")
    place = chart._over(chart.fontMetrics(), bar, 100.0, 20.0, 50.0)
    assert place.left() > 100
    names = chart._names(chart.fontMetrics(), 10.0)
    assert all(len(name) <= 3 for name in names)


def test_the_targets_stand_under_what_ends_where_there_is_room(
    window: MainWindow, page: OverviewPage, settle: Settle
) -> None:
    """Alone, neither of them fills its place on a large screen; in a smaller window they go back to their rows."""
    targets, beside = page.chart_cards[-1], page.chart_cards[0]
    for wide, high, under, charts in ((1366, 689, False, 4), (1920, 1040, True, 3), (900, 700, False, 2)):
        window.resize(wide, high)
        settle()
        assert (targets.x() == page.ending_card.x() and targets.y() > page.ending_card.y()) is under, wide
        assert sum(made.y() == beside.y() for made in page.chart_cards) == charts
        assert all(made.isVisible() for made in page.chart_cards)


@pytest.mark.parametrize(("wide", "zoom"), [(900, 100), (1366, 150), (1366, 125)])
def test_the_names_of_the_steps_are_whole(
    window: MainWindow, page: OverviewPage, settle: Settle, wide: int, zoom: int
) -> None:
    window.theme.set(zoom=zoom)
    window.resize(wide, 689)
    settle()
    QApplication.processEvents()
    for made in page.stepper.buttons:
        title = QFontMetrics(window.theme.font(14, True)).horizontalAdvance(made.step.title)
        assert made.width() >= window.theme.px(41) + title, made.step.title
    window.theme.set(zoom=100)
