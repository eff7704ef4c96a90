"""合规体检: what matters first, data to be filled in by record, what waits for a person apart, confirming many at once."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from db.errors import UserError
from db.quarters import Period, Quarter
from db.records.entities import BY_NAME
from db.rules.verdicts import Result
from db.rules.wanted import Want
from db.storage.store import Store
from desktop.pages.checks.assessing import AssessDialog
from desktop.pages.checks.confirming import ConfirmDialog, figure_words
from desktop.pages.checks.findings import ASSESS_CHIP, CHIPS, CONFIRM_CHIP, DATA_CHIP, FIRST, FindingsPage
from desktop.pages.checks.findings_table import Group
from desktop.pages.checks.inspecting import InspectionDialog
from desktop.pages.checks.remedies import ReturnStrip
from desktop.pages.insurance.renewing import RenewDialog
from desktop.pages.overview.overview import OverviewPage
from desktop.services import inspection
from desktop.services.inspection import Made
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, _whole


def _page(window: MainWindow, settle: Settle) -> FindingsPage:
    page = window.show_page("findings")
    settle()
    assert isinstance(page, FindingsPage)
    return page


def _texts(widget: Any) -> str:
    return "\n".join(w.text() for w in [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)])


def _chip(page: FindingsPage, name: str) -> QPushButton:
    made = page.chips[CHIPS.index(name)]
    assert isinstance(made, QPushButton)
    return made


def test_what_is_wrong_stands_on_top_then_what_falls_due_then_data(window: MainWindow, settle: Settle) -> None:
    """The page opens with what is not met; what waits for a word is not among it; every line is counted once."""
    page = _page(window, settle)
    lines = page.model.lines
    titles = [line.title for line in lines if isinstance(line, Group)]
    assert titles == ["未达标、部分达标和要说明的", "在期限之内，到期前要办好", DATA_CHIP]
    results = [line for line in lines if isinstance(line, Result)]
    assert results[0].status == "not_met"
    places = [(*FIRST, "in_progress").index(r.status) for r in results]
    assert places == sorted(places)
    assert {r.status for r in results} <= {*FIRST, "in_progress"}
    assert _chip(page, "需处理").text() == f"需处理 {len(results)}"
    wants = [line for line in lines if isinstance(line, Want)]
    assert wants == page.wants
    assert _chip(page, DATA_CHIP).text() == f"要补的数据 {len(wants)}"
    waiting = {r.clause.id for r in page.results if r.listed and r.status == "missing_data"}
    assert {clause.id for want in wants for clause in want.clauses} == waiting


def test_evidence_is_put_together_from_here(
    window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """迎检包: the quarter, its half-year or year; whole numbers only with a reason; a refusal is said in place."""
    asked: list[tuple[Any, ...]] = []

    def write(store: Store, period: Period, place: Path, today: dt.date, **more: Any) -> Made:
        asked.append((period, more["masked"], more["reason"], more["packed"]))
        if len(asked) == 1:
            raise UserError("磁盘满了")
        return Made(tmp_path / "迎检材料", None, 3, ("1-2 照片.jpg",))

    monkeypatch.setattr(inspection, "write_inspection", write)
    page = _page(window, settle)
    page.pack()
    dialog = window.findChildren(InspectionDialog)[-1]
    quarter = page.desk.quarter
    half, year = Period(quarter.year, (quarter.number + 1) // 2, 6), Period(quarter.year, 1, 12)
    assert dialog.periods == (quarter, half, year)
    assert dialog.go.isEnabled()
    dialog.whole.setChecked(True)
    assert not dialog.go.isEnabled()
    dialog.why.setText("核对证件")
    dialog.choices.button(2).setChecked(True)
    dialog.go.click()
    settle()
    assert (dialog.error.text(), dialog.go.isEnabled()) == ("磁盘满了", True)
    dialog.go.click()
    settle()
    assert asked == [(year, False, "核对证件", False)] * 2
    assert "照片.jpg" in dialog.told.text()
    assert dialog.show_button.isVisibleTo(dialog)
    dialog.stop.click()


def test_data_to_be_filled_in_leads_to_its_record(window: MainWindow, settle: Settle) -> None:
    """The line of the training says which field; its button chooses the training, with a way back."""
    page = _page(window, settle)
    _chip(page, DATA_CHIP).click()
    place = next(i for i, line in enumerate(page.model.lines) if isinstance(line, Want) and line.record == "training")
    assert page.model.index(place, 1).data() == "含无偿献血科普、参训人次"
    page.view.selectRow(place)
    text = _texts(page.panel)
    assert "培训：应急救护培训" in text
    for clause in page.model.lines[place].clauses:  # type: ignore[union-attr]
        assert clause.title in text
    page.handle()
    settle()
    assert window.desk.key == "training"
    assert window.pages["training"].findChildren(ReturnStrip)


def test_several_proposals_are_confirmed_at_once(window: MainWindow, settle: Settle) -> None:
    """Ticked ones count as proposed, in one step; the others go on waiting; nothing ticked is refused with a sentence."""
    page = _page(window, settle)
    _chip(page, CONFIRM_CHIP).click()
    assert page.together.isVisible()
    waiting = [line for line in page.model.lines if isinstance(line, Result)]
    assert all(r.clause.mode == "semi" and r.status == "missing_evidence" for r in waiting)
    assert _chip(page, CONFIRM_CHIP).text() == f"待确认 {len(waiting)}"
    dialog = ConfirmDialog(window.desk, waiting)
    dialog.show()
    dialog.person.setText("李萍")
    dialog.save()
    settle()
    assert "勾选" in dialog.error.text()
    for box, _ in dialog.boxes[:3]:
        box.setChecked(True)
    done = [result.clause.id for _, result in dialog.boxes[:3]]
    dialog.save()
    settle()
    assert not dialog.isVisible()
    after = {r.clause.id: r for r in page.results}
    for clause in done:
        assert after[clause].status == after[clause].proposed
        assert after[clause].judgement is not None
    assert _chip(page, CONFIRM_CHIP).text() == f"待确认 {len(waiting) - 3}"
    window.undo()
    settle()
    assert _chip(page, CONFIRM_CHIP).text() == f"待确认 {len(waiting)}"


def test_several_clauses_are_assessed_at_once(window: MainWindow, settle: Settle) -> None:
    """What was said the year before stands in its line; ticked ones count, in one step; a line without words is refused."""
    from db.tasks.assessments import assess

    page = _page(window, settle)
    first, second = [r.clause.id for r in page.results if r.listed and r.clause.mode == "self"][:2]

    def say(store: Store) -> None:
        assess(store, first, dt.date(2025, 12, 31), "not_done", text="正在起草", person="李萍", on=dt.date(2026, 1, 5))

    window.jobs.change(say, lambda _: None)
    settle()
    page.load()
    settle()
    _chip(page, ASSESS_CHIP).click()
    assert page.together.text() == "一起自评"
    before = _chip(page, ASSESS_CHIP).text()
    page.confirm_together()
    dialog = window.findChild(AssessDialog)
    assert dialog is not None
    settle()
    lines = {result.clause.id: (box, rating, text) for box, rating, text, result in dialog.lines}
    assert set(lines) == {line.clause.id for line in page.model.lines if isinstance(line, Result)}
    assert lines[first][1].currentData() == "not_done"
    assert lines[first][2].toPlainText() == "正在起草"
    lines[second][0].setChecked(True)
    dialog.person.setText("李萍")
    dialog.save()
    settle()
    assert "情况说明" in dialog.error.text()
    lines[second][2].setPlainText("已有制度，尚未公布")
    dialog.tick(True)
    dialog.save()
    settle()
    assert window.findChild(AssessDialog) is None
    after = {r.clause.id: r for r in page.results}
    assert after[first].status in ("not_met", "recorded")
    assert after[second].judgement is not None
    assert after[second].judgement["reason"] == "已有制度，尚未公布"
    window.undo()
    settle()
    assert _chip(page, ASSESS_CHIP).text() == before


def test_an_old_figure_stands_beside_the_new_one(window: MainWindow, settle: Settle) -> None:
    """An answer whose figure changed comes back, with the figure that it was given for."""
    page = _page(window, settle)
    old = next(r for r in page.results if r.clause.id == "Z34-2.2-3")

    def say(store: Store) -> None:
        from db.tasks.assessments import confirm

        confirm(store, "Z34-2.2-3", window.desk.as_of, "met", person="李萍", on=window.desk.today)
        with store.operation("新队伍"):
            team = BY_NAME["team"]
            store.save(team, dict.fromkeys(team.by_name) | {
                "name": "养老服务队", "managing_org": "安澜县红十字会", "primary_domain": "elderly_care",
                "established_on": "2026-01-05",
            })  # fmt: skip

    window.jobs.change(say, lambda _: None)
    settle()
    page.load()
    settle()
    page.open_clause("Z34-2.2-3")
    now = next(r for r in page.results if r.clause.id == "Z34-2.2-3")
    assert now.status == "missing_evidence"
    assert figure_words(old.figure) == "“达标” 2/6"
    assert f"当时{figure_words(old.figure)}，现在“达标” 3/6" in _texts(page.panel)
    dialog = ConfirmDialog(window.desk, [now])
    assert "“达标” 2/6　李萍，2026-09-21" in _texts(dialog)


def test_no_clause_is_wider_than_its_panel_and_nothing_moves_when_its_past_is_known(
    window: MainWindow, settle: Settle
) -> None:
    """In the smallest window every name beside a state has the room it needs; the past fills places that it has."""

    def work(store: Store) -> None:
        for team in store.rows(BY_NAME["team"]):
            store.save(BY_NAME["team"], {"id": team["id"], "name": f"{team['name']}直属应急救护与防灾避险分队"})

    window.jobs.write("测试", work)
    window.resize(900, 500)
    page = _page(window, settle)
    page.show_only("全部")
    for place, line in enumerate(page.model.lines):
        if isinstance(line, Result):
            page.view.selectRow(place)
            settle()
            page._asking.stop()
            QApplication.processEvents()  # laid out before it is seen
            QApplication.processEvents()
            content = page.area.widget()
            assert content.width() <= page.area.viewport().width(), line.clause.id
    high = page.area.widget().height()
    assert high > page.area.viewport().height()
    page._ask_history()
    settle()
    QApplication.processEvents()
    assert page.past is not None
    assert "查询中" not in [state.text() for state in page.past.states] != []
    assert page.area.widget().height() == high


def test_a_quarter_before_the_ledger_is_not_judged(window: MainWindow, settle: Settle) -> None:
    """The page says so, the cards leave it out, and nothing is counted as open."""
    window.jobs.write(
        "测试",
        lambda store: store.save(BY_NAME["office"], {"item": "ledger_started_on", "content": "2026-08-01"}),
    )
    settle()
    window.desk.set_quarter(Quarter(2026, 2))
    page = _page(window, settle)
    assert page.results == []
    assert page.calm.text() == "2026年第二季度早于台账的起点（2026-08-01），没有台账记录，不作判断"
    overview = window.show_page("overview")
    settle()
    assert isinstance(overview, OverviewPage)
    assert "早于台账的起点" in overview.formula.text()
    window.desk.set_quarter(Quarter(2026, 3))
    settle()
    assert "二季度" not in overview.hours.accessibleName()
    page = _page(window, settle)
    assert page.results
    page.view.selectRow(1)
    page._asking.stop()
    page._ask_history()
    settle()
    assert page.past is not None
    assert page.past.quarters == []


def test_the_overview_counts_from_today_and_says_whose_figures_it_shows(window: MainWindow, settle: Settle) -> None:
    """What ends soon is asked of today, whatever quarter is chosen; figures of another day say of which."""
    overview = window.show_page("overview")
    settle()
    assert isinstance(overview, OverviewPage)
    assert "今天在队 4 人" in window.fact.whole
    asked = []

    def spy(store: Store, day: dt.date, days: int = 30) -> list[Any]:
        asked.append(day)
        return []

    import desktop.pages.overview.overview as module

    was, module.endings = module.endings, spy  # type: ignore[assignment]
    try:
        window.desk.set_quarter(Quarter(2026, 1))
        settle()
    finally:
        module.endings = was
    assert set(asked) == {window.desk.today}
    assert "一季度末在队 4 人" in window.fact.whole
    QApplication.processEvents()


def test_insuring_for_a_day_gone_by_says_what_it_changes(window: MainWindow, settle: Settle) -> None:
    """The dialog names day and activity, and that a policy which begins later does not mend them."""

    def work(store: Store) -> None:
        activity = store.save(
            BY_NAME["activity"],
            _whole(
                BY_NAME["activity"], code="HD-1", name="水上救援演练", start_on="2026-09-12", host_team_id=1, has_risk="yes",
                category="drill",
            ),
        )  # fmt: skip
        store.save(
            BY_NAME["service_record"],
            _whole(
                BY_NAME["service_record"], volunteer_id=4, team_id=1, served_on="2026-09-12", service_minutes=120,
                activity_id=activity,
            ),
        )  # fmt: skip

    window.jobs.write("测试", work)
    settle()
    page = _page(window, settle)
    page.open_clause("ZT-17")
    settle()
    assert page.chosen is not None
    assert page.chosen.status == "not_met"
    assert page.verb(page.chosen) == "去补登"
    page.handle()
    settle()
    dialog = next(d for d in window.findChildren(RenewDialog) if d.isVisible())
    assert "9月12日“水上救援演练”" in dialog.note.text()
    assert "事后投保不改变这一条" in dialog.note.text()
    dialog.close()
