"""An office far larger than any county: invented people by the hundred thousand, for measuring and for pictures."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from db.records.entities import MEMBERSHIP, OFFICE, SERVICE_RECORD, TEAM, VOLUNTEER
from db.records.fields import Entity, Row
from db.records.identity import check_digit
from db.records.kinds import Value
from db.storage.store import Store

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰"
OFFICE_NAME = "安澜县红十字会"


def _whole(entity: Entity, **values: Value) -> Row:
    return dict.fromkeys(entity.by_name) | values


def people(count: int, seed: int = 3) -> Iterator[Row]:
    """Yield invented volunteers: sound numbers of a place that does not exist, phones nobody has."""
    dice = random.Random(seed)
    first = dt.date(1955, 1, 1)
    for i in range(count):
        body = f"990101{first + dt.timedelta(days=i % 18000):%Y%m%d}{i // 18000:03d}"
        name = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
        yield _whole(
            VOLUNTEER, id=i + 1, name=name, id_type="resident_id", id_number=body + check_digit(body),
            sex=dice.choice(("male", "female")), phone=f"199{i:08d}", registered_on="2021-03-04",
            platform_id=f"P{i:07d}", sources="first_aider",
        )  # fmt: skip


def make(path: Path, volunteers: int) -> Path:
    """Write a ledger: a team for each hundred people, 1.2 memberships and three service records a head."""
    store, _ = Store.create(path)
    teams = max(10, volunteers // 100)
    with store, store.operation("大型示例"):
        for item, content in (("name", OFFICE_NAME), ("level", "县级")):
            store.save(OFFICE, {"item": item, "content": content})
        store.insert_many(TEAM, (
            _whole(TEAM, id=i + 1, name=f"第{i + 1}志愿服务队", managing_org=OFFICE_NAME,
                   primary_domain="first_aid", established_on="2020-01-01")
            for i in range(teams)
        ))  # fmt: skip
        store.insert_many(VOLUNTEER, people(volunteers))
        store.insert_many(MEMBERSHIP, (
            _whole(MEMBERSHIP, id=i + 1, team_id=(i + i // volunteers) % teams + 1, volunteer_id=i % volunteers + 1,
                   joined_on="2021-05-01", role="member")
            for i in range(volunteers * 6 // 5)
        ))  # fmt: skip
        store.insert_many(SERVICE_RECORD, (
            _whole(SERVICE_RECORD, id=i + 1, team_id=i % teams + 1, volunteer_id=i % volunteers + 1,
                   served_on=f"2026-0{i % 9 + 1}-1{i % 9}", service_minutes=60 + i % 5 * 30)
            for i in range(volunteers * 3)
        ))  # fmt: skip
    return path
