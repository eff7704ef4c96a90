"""What volunteers agree to, and take back (个人信息保护法 articles 13 to 16, 23, 25, 29, 31)."""

import datetime as dt
from collections.abc import Sequence

from db.errors import Refused
from db.records.choices import CONSENT_MATTERS
from db.records.entities import VOLUNTEER
from db.records.internal_entities import CONSENT
from db.storage.store import Store

NOTICE = "2026-1"  # the version of the notice that the program prints (forms/papers/personal.py)
CHILD = 14  # younger: the guardian agrees (article 31)


def is_child(birth_date: str | None, day: dt.date) -> bool:
    """Whether somebody is under fourteen on a day; nobody is, of whom no birth date is known."""
    if not birth_date:
        return False
    born = dt.date.fromisoformat(birth_date)
    return (day.year - born.year) - ((day.month, day.day) < (born.month, born.day)) < CHILD


def agree(
    store: Store, people: Sequence[int], matters: Sequence[str], day: dt.date, *, by: str = "self", form: str = "paper",
    notice: str = NOTICE,
) -> int:  # fmt: skip
    """Enter that volunteers agreed on a day; who agrees already stays so; return how many entries were made.

    Inside an operation only. Raises `Refused` for a child whose guardian did not agree, or is not known.
    """
    made = 0
    for person in people:
        row = store.row(VOLUNTEER, person)
        if row is None:
            raise Refused("有一名志愿者已不在台账里。没有记下任何同意；请刷新后再试")
        birth = row["birth_date"]
        if is_child(str(birth) if birth else None, day):
            if by != "guardian":
                raise Refused(f"{row['name']}未满14周岁，要由监护人同意。没有记下任何同意；请选“监护人”")
            if not row["guardian"]:
                raise Refused(f"{row['name']}未满14周岁，台账里没有监护人姓名。没有记下任何同意；请先在表单里补上")
        for matter in matters:
            there = store.query(
                """SELECT 1 FROM consent WHERE volunteer_id = :person AND matter = :matter AND given_on <= :day
                      AND (withdrawn_on IS NULL OR withdrawn_on > :day)""",
                {"person": person, "matter": matter, "day": day.isoformat()},
            )
            if not there:
                store.save(
                    CONSENT,
                    {"volunteer_id": person, "matter": matter, "given_on": day.isoformat(), "given_by": by, "form": form,
                     "notice": notice, "withdrawn_on": None, "note": None},
                )  # fmt: skip
                made += 1
    return made


def withdraw(store: Store, person: int, matters: Sequence[str], day: dt.date) -> int:
    """Enter that a volunteer took consent back on a day; return in how many matters. Inside an operation only."""
    rows = store.query(
        f"""SELECT id, matter FROM consent WHERE volunteer_id = ? AND given_on <= ?
              AND (withdrawn_on IS NULL OR withdrawn_on > ?) AND matter IN ({", ".join("?" * len(matters))})""",
        [person, day.isoformat(), day.isoformat(), *matters],
    )
    if not rows:
        words = "、".join(label for code, label in CONSENT_MATTERS if code in matters)
        raise Refused(f"台账里没有本人对“{words}”的同意，没有可撤回的。没有改动")
    for row in rows:
        store.save(CONSENT, {"id": row["id"], "withdrawn_on": day.isoformat()})
    return len(rows)
