"""The list's model: what Qt demands of a model, sorting, finding, masking."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester

from db.entities import FUND_ENTRY, MEMBERSHIP, VOLUNTEER
from db.store import Store
from desktop.filters import Between, OneOf
from desktop.sheet import columns, listed, load
from desktop.table_model import TableModel
from tests.desktop.conftest import fill, id_number

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
    from PySide6.QtCore import QPersistentModelIndex

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
    assert [(text, n) for _, text, n in model.values(0)] == [("王建国", 1)]
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
