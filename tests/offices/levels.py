"""Small offices of two levels in ledgers on the disk, for what goes up and comes down between them."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from db.quarters import Period, Quarter
from db.records.entities import BY_NAME, FUND_ENTRY, MEMBERSHIP, OFFICE, SERVICE_RECORD, TEAM, VOLUNTEER, WORK_RECORD
from db.records.identity import check_digit
from db.records.internal_entities import LOWER_OFFICE
from db.storage.store import Store
from desktop.services import editions

TODAY = dt.date(2026, 10, 12)
Q3 = Quarter(2026, 3)
PEOPLE = {"prepare": "许文澜", "review": "周敏", "sign": "王安"}
COUNTIES = (("安澜县红十字会", "990123"), ("临江县红十字会", "990124"), ("望山县红十字会", "990125"))
NAMES = ("张雪梅", "王建国", "曾乐", "欧阳修文")


def id_number(serial: int) -> str:
    """An invented resident number with a right check character."""
    body = f"99012319880412{serial:03d}"
    return body + check_digit(body)


def whole(entity: str, **values: Any) -> dict[str, Any]:
    """A row with every field."""
    return dict.fromkeys(BY_NAME[entity].by_name) | values


def county(
    folder: Path, name: str, code: str, *, level: str = "县级", income: int = 500_000, blood: bool = True
) -> Store:
    """An office with two teams, four people, some money, service and a work record that names a volunteer."""
    folder.mkdir(parents=True, exist_ok=True)
    store, _ = Store.create(folder / f"{code}.boai-db")
    with store.operation("测试数据"):
        for item, content in (
            ("name", name), ("level", level), ("division_code", code), ("parent_org", "云溪市红十字会"),
            ("contact", "许文澜"), ("contact_phone", "0990-5550123"),
        ):  # fmt: skip
            store.save(OFFICE, {"item": item, "content": content})
        teams = [
            store.save(TEAM, whole("team", name=f"{name[:2]}{team}", managing_org=name, primary_domain=domain,
                                   team_type="single", established_on="2019-06-12"))
            for team, domain in (("水上救援队", "emergency_rescue"), ("爱心队", "blood_donation" if blood else "other"))
        ]  # fmt: skip
        for i, person in enumerate(NAMES):
            row = store.save(VOLUNTEER, whole(
                "volunteer", name=person, id_type="resident_id", id_number=id_number(20 + i), sex="female",
                birth_date="1988-04-12", phone=f"1390000{i}275", registered_on=f"2020-0{i + 1}-05",
            ))  # fmt: skip
            store.save(MEMBERSHIP, whole("membership", team_id=teams[i % 2], volunteer_id=row, joined_on="2021-01-01"))
            store.save(SERVICE_RECORD, whole("service_record", volunteer_id=row, team_id=teams[i % 2],
                                             served_on="2026-08-03", service_minutes=90))  # fmt: skip
        for direction, fen, summary in (("income", income, "测试"), ("expense", 123450, f"慰问{NAMES[3]}")):
            store.save(FUND_ENTRY, whole("fund_entry", entry_on="2026-07-10", direction=direction, category="办公",
                                         amount_fen=fen, summary=summary))  # fmt: skip
        store.save(WORK_RECORD, whole("work_record", category="meeting", recorded_on="2026-08-05", title="工作会"))
    return store


def handed_up(store: Store, period: Period = Q3, *, light: bool = False) -> Store:
    """Hand a period up; `light`: with stand-ins for the finished files, where these do not matter."""
    with pytest.MonkeyPatch.context() as quick:
        if light:
            stand_ins = [("报告.pdf", b"%PDF-1.7"), ("报告.docx", b"PK")]
            quick.setattr(editions, "_files", lambda store, data: list(stand_ins))
        editions.submit(store, period, PEOPLE, dt.date(2026, 10, 9), TODAY)
    return store


def corrected(store: Store, reason: str, period: Period = Q3, *, light: bool = True) -> Store:
    """Hand a correction up."""
    with pytest.MonkeyPatch.context() as quick:
        if light:
            quick.setattr(editions, "_files", lambda store, data: [("报告.pdf", b"%PDF-1.7 again")])
            quick.setattr(editions, "correction_pdf", lambda *_: b"%PDF-1.7 why")
        editions.submit(store, period, PEOPLE, TODAY, TODAY, reason=reason)
    return store


def superior(folder: Path, name: str = "云溪市红十字会", level: str = "市级", code: str = "990100") -> Store:
    """An empty ledger of the level above with its list of counties, the last of which nobody knows."""
    folder.mkdir(parents=True, exist_ok=True)
    store, _ = Store.create(folder / f"{code}.boai-db")
    with store.operation("测试数据"):
        for item, content in (("name", name), ("level", level), ("division_code", code)):
            store.save(OFFICE, {"item": item, "content": content})
        for county_name, county_code in (*COUNTIES, ("未报县红十字会", "990126")):
            store.save(
                LOWER_OFFICE,
                whole("lower_office", name=county_name, code=county_code, contact="李会", phone="0990-5550199"),
            )
    return store
