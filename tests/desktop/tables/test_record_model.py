"""The list's model: what Qt demands of a model, sorting, finding, masking."""

from typing import Any

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from db.records.entities import FUND_ENTRY, MEMBERSHIP, VOLUNTEER
from db.storage.store import Store
from desktop.services import row_index as sheet
from desktop.services import search
from desktop.services.filters import Between, OneOf
from desktop.services.row_index import _Joined, columns, listed, load, whole
from desktop.tables.record_model import TableModel
from tests.desktop.conftest import fill, id_number
from tests.offices.large import people

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def _model(entity: object, masked: bool = True) -> TableModel:
    with Store.memory() as store:
        fill(store)
        sheet = load(store, entity, masked)  # type: ignore[arg-type]
    model = TableModel(entity)  # type: ignore[arg-type]
    model.set_sheet(sheet)
    return model


def _names(model: TableModel) -> list[str]:
    return [str(model.index(i, 0).data()) for i in range(model.rowCount())]


def test_model_keeps_the_rules(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    """Qt's own checks hold, also after sorting and finding."""
    model = _model(VOLUNTEER)
    qtmodeltester.check(model)
    model.sort(0, DOWN)
    model.find("王")
    qtmodeltester.check(model)
    assert model.rowCount() == 2


def test_title_comes_first(qapp: QApplication) -> None:
    """The column that stays in place is the one a person knows the row by."""
    assert columns(MEMBERSHIP)[0].name == "volunteer_id"
    assert columns(FUND_ENTRY)[0].name == "summary"


def test_numbers_are_masked_unless_asked_for(qapp: QApplication) -> None:
    """The list does not show whole numbers by itself."""
    number = id_number(20)
    assert number not in " ".join(" ".join(t) for t in _model(VOLUNTEER).sheet.texts)
    assert number in " ".join(" ".join(t) for t in _model(VOLUNTEER, masked=False).sheet.texts)


def test_same_names_are_told_apart(qapp: QApplication) -> None:
    """Two people of one name carry their masked numbers."""
    same = [n for n in _names(_model(MEMBERSHIP)) if n.startswith("王建国")]
    assert len(set(same)) == 2
    assert all("*" in n for n in same)


def test_find_by_word_initials_and_tail(qapp: QApplication) -> None:
    """What people type into the find box."""
    model = _model(VOLUNTEER)
    for typed, found in (
        ("雪", ["张雪梅"]), ("zxm", ["张雪梅"]), ("zl", ["曾乐"]), ("2275", ["曾乐"]), (id_number(22)[-4:], ["曾乐"]),
        ("没有", []), ("", ["张雪梅", "王建国", "曾乐", "王建国"]),
    ):  # fmt: skip
        model.find(typed)
        assert _names(model) == found, typed


def test_numbers_sort_as_numbers_and_blanks_last(qapp: QApplication) -> None:
    """Amounts sort by value; empty cells come last either way."""
    model = _model(FUND_ENTRY)
    column = [f.name for f in model.fields].index("amount_fen")
    model.sort(column, UP)
    assert [model.row(i)["amount_fen"] for i in range(2)] == [123450, 500000]
    people = _model(VOLUNTEER)
    left = [f.name for f in people.fields].index("left_on")
    people.sheet.rows[0]["left_on"] = "2026-01-01"
    for order in (UP, DOWN):
        people.sort(left, order)
        assert people.row(0)["left_on"] == "2026-01-01"


def test_selection_follows_its_row(qapp: QApplication) -> None:
    """A persistent index stays on its row when the order changes."""
    model = _model(VOLUNTEER)
    kept = QPersistentModelIndex(model.index(0, 0))
    model.sort(0, DOWN)
    assert kept.data() == "张雪梅"
    model.find("曾")
    assert not kept.isValid()


def test_hidden_columns_come_last(qapp: QApplication) -> None:
    """What is not listed can be asked for: it stands behind what is."""
    fields = columns(VOLUNTEER)
    assert len(fields) == len(VOLUNTEER.fields)
    shown = listed(VOLUNTEER)
    assert all(f.listed for f in fields[:shown])
    assert not any(f.listed for f in fields[shown:])


def test_conditions_work_together(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    """Find, funnels and a limit are all kept; sort and new rows leave them; clear takes all away."""
    model = _model(VOLUNTEER)
    days = [f.name for f in model.fields].index("registered_on")
    model.find("wjg")
    model.set_filter(days, Between("2020-03-01", None))
    assert [model.id_at(i) for i in range(model.rowCount())] == [4]
    assert [(text, n) for _, text, n in model.values(0, model.counts(0))] == [("王建国", 1)]
    model.sort(0, DOWN)
    model.set_sheet(model.sheet)
    assert model.rowCount() == 1
    qtmodeltester.check(model)
    model.set_filter(0, OneOf(frozenset({"曾乐"})))
    assert model.rowCount() == 0
    model.limit(frozenset({3}))
    model.clear()
    assert model.rowCount() == 4
    assert [model.place(i) for i in (1, 99)] == [_names(model).index("张雪梅"), -1]


def test_one_row_is_shown_anew_in_its_place(qapp: QApplication) -> None:
    """A value just written is seen at once and found at once; the order changes with the next reading."""
    model = _model(VOLUNTEER)
    model.sort(0, UP)
    before = _names(model)
    model.put(model.row(0) | {"name": "张三"})
    assert _names(model) == ["张三", *before[1:]]
    model.find("zs")
    assert _names(model) == ["张三"]
    model.put({"id": 99, "name": "没有"})


def _long(count: int = 4000) -> TableModel:
    model = TableModel(VOLUNTEER)
    model.set_sheet(whole(VOLUNTEER, list(people(count)), {}))
    return model


def test_a_common_word_shows_its_first_rows_at_once(qapp: QApplication, qtbot: QtBot) -> None:
    """In a long list: the first rows, then all of them, in the order chosen; what is rare comes whole."""
    model = _long()
    for by in (-1, 0):
        model.sort(by, DOWN)
        for typed in ("王", "w", "p00", "wwf", "王伟芳", "不在"):
            told: list[int] = []
            model.found_changed.connect(lambda told=told: told.append(model.rowCount()))
            model.find(typed)
            first = list(model.order)
            model.find_rest()
            initials = typed.isalpha() and typed.isascii()
            wanted = {
                i for i, row in enumerate(model.sheet.rows)
                if typed in f"{row['name']}{row['platform_id']}".lower()
                or (initials and search.matches(typed, "", search.initials(str(row["name"]))))
            }  # fmt: skip
            assert set(model.order) == wanted, typed
            assert model.order == [i for i in model._in_rank() if i in wanted]
            assert first == model.order[: len(first)]
            assert len(first) == min(len(wanted), 256) or first == model.order
            assert told[-1] == len(wanted)
            assert len(told) == 1
            model.found_changed.disconnect()
    model.find("w")
    assert model.rowCount() == 256
    qtbot.waitUntil(lambda: model.rowCount() > 256)  # by itself
    model.find("")
    last = next(i for i in reversed(range(4000)) if str(model.row(i)["name"]).startswith("王"))
    chosen = QPersistentModelIndex(model.index(last, 0)), QPersistentModelIndex(model.index(last - 1, 1))
    name = model.row(last)["name"]
    model.find("w")
    assert model.row(chosen[0].row())["name"] == name  # chosen rows are kept, wherever they stand
    model.find_rest()
    assert model.row(chosen[0].row())["name"] == name
    assert model.order == [i for i in model._in_rank() if i in set(model.order)]
    model.find("")
    assert chosen[0].row() == last


def test_what_is_rare_is_found_in_a_very_long_list(qapp: QApplication) -> None:
    """The strings that are looked through hold some of the rows each; numbers count on from one to the next."""
    joined = _Joined([f"第{n}行" for n in range(50_000)])
    assert joined.hits("第0行") == [0]
    assert joined.hits("第19999行") == [19_999]
    assert joined.hits("第20000行") == [20_000]
    assert joined.hits("第49999行") == [49_999]
    assert joined.hits("999行") == list(range(999, 50_000, 1000))
    assert joined.hits("999行", 3) == [999, 1999, 2999]


def test_a_row_changed_since_is_found_as_it_is_now(qapp: QApplication) -> None:
    """Among the common and among the rare."""
    model = _long()
    model.put(model.row(7) | {"name": "欧阳测"})
    for typed, there in (("欧阳测", True), ("oyc", True), ("p0000007", True), (str(next(people(8))["name"]), False)):
        model.find(typed)
        model.find_rest()
        assert (7 in model.order) == there, typed


def test_sorting_in_parts_is_sorting(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values sorted in parts give the order of one sort: equal rows stay in their order, up and down."""
    monkeypatch.setattr(sheet, "_CHUNK", 7)
    model = _long(500)
    names = [str(row["name"]).encode("gb18030") for row in model.sheet.rows]
    for order in (UP, DOWN):
        model.sort(0, order)
        assert model.order == sorted(range(500), key=names.__getitem__, reverse=order == DOWN)


def test_a_long_list_is_sorted_elsewhere(qapp: QApplication) -> None:
    """It keeps its order until the other is known; a click meanwhile counts, the last one wins."""
    asked: list[tuple[Any, Any]] = []

    class Later:
        def read(self, work: Any, then: Any, key: object) -> None:
            asked.append((work, then))

    model = _long()
    model.jobs = Later()  # type: ignore[assignment]
    model.sort(0, UP)
    model.sort(0, DOWN)
    assert list(model.order) == list(range(4000))
    rare = str(model.sheet.rows[17]["phone"])[-6:]
    model.find(rare)  # found in the order that is known
    assert 17 in model.order
    model.find("")
    for work, then in asked:
        then(work(None))
    wanted = sorted(range(4000), key=lambda i: str(model.sheet.rows[i]["name"]).encode("gb18030"), reverse=True)
    assert list(model.order) == wanted
    model.sort(0, UP)
    assert len(asked) == 2  # known already
    assert model.order != wanted
