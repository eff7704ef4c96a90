"""A form that is filled while its quarter runs shows what there is on the day, and nothing of later."""

import datetime as dt
from pathlib import Path

import openpyxl

from db.quarters import Quarter
from db.storage.store import Store
from desktop.services.templates import fill_file, read_template, save_binding, values_of
from tests.desktop.conftest import id_number
from tests.offices.small import Desk

RUNNING = dt.date(2026, 8, 15)


def test_a_running_quarter_is_told_up_to_today() -> None:
    """An entry, an activity, a member and a training that lie ahead of today are in no list of the form."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        for day in ("2026-08-15", "2026-08-16"):
            desk.join(team, desk.person("2026-01-01"), day)
            desk.activity(day, "宣传")
            desk.training(day, "first_aid")
            desk.add("fund_entry", entry_on=day, direction="income", category="拨款", amount_fen=100)
        for today, number in ((RUNNING, 1), (dt.date(2026, 10, 8), 2)):
            rows = values_of(store, Quarter(2026, 3), today).records
            names = ("队员", "活动", "培训", "经费")
            assert {name: len(rows[name]) for name in names} == dict.fromkeys(names, number)


def test_an_insurers_form_gets_whom_to_add_and_whom_to_take_off(tmp_path: Path) -> None:
    """In a team and not covered: added; on a list and in no team any more: taken off. Bound once, known again; masked but for
    a reason."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team(name="救援队")
        new, kept, left, back, never = (
            desk.person(name=name, id_type="resident_id", id_number=id_number(n), phone="13800138000")
            for n, name in enumerate(("新来", "在保", "已退", "退了又来", "只是投保"), 1)
        )
        policy = desk.add("insurance_policy", policy_number="P1", insurer="人保", product="团体意外险", cover_mode="named_list",
                          start_on="2026-01-01", end_on="2026-12-31")  # fmt: skip
        for person in (kept, left, back, never):
            desk.add("coverage", policy_id=policy, volunteer_id=person)
        desk.join(team, new, "2026-08-01")
        desk.join(team, kept)
        for person in (left, back):
            desk.join(team, person, left_on="2026-07-01")
        desk.join(team, back, "2026-08-01")
        form = openpyxl.Workbook()
        for name, heads in (
            ("增员", ("姓名", "证件号码", "入队日期")),
            ("减员", ("姓名", "证件号码", "保单号", "退队日期")),
        ):
            sheet = form.create_sheet(name)
            sheet.append(("被保险人", *heads[1:]))
        del form["Sheet"]
        form.save(tmp_path / "保全申请.xlsx")
        bound = {
            "增员": {"A2": "{{增员.姓名}}", "B2": "{{增员.证件号码}}", "C2": "{{增员.入队日期}}"},
            "减员": {
                "A2": "{{减员.姓名}}",
                "B2": "{{减员.证件号码}}",
                "C2": "{{减员.保单号}}",
                "D2": "{{减员.退队日期}}",
            },
        }
        with store.operation("对应"):
            save_binding(store, read_template(tmp_path / "保全申请.xlsx"), bound)
        for reason in ("", "办理保全"):
            out = tmp_path / f"填好{reason}.xlsx"
            fill_file(
                store, Quarter(2026, 3), tmp_path / "保全申请.xlsx", out, RUNNING, masked=not reason, reason=reason
            )
            book = openpyxl.load_workbook(out)
            rows = {s.title: [[c.value for c in row] for row in s.iter_rows(min_row=2)] for s in book}
            assert [row[0] for row in rows["增员"]] == ["新来"]
            assert [[row[0], row[2], row[3].isoformat()[:10]] for row in rows["减员"]] == [["已退", "P1", "2026-07-01"]]
            assert (rows["增员"][0][1] == id_number(1)) == bool(reason)
