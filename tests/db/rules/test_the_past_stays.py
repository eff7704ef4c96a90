"""What is entered today, with today's date, moves no verdict of a past quarter: party counts, platform dates, answers."""

import datetime as dt
import random
from pathlib import Path

import pytest

from db.quarters import Quarter
from db.records.choices import ANSWERS
from db.records.entities import BY_NAME
from db.rules.checks import check_office
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.offices.workbook import write_workbook
from tests.oracle.edition_dice import turned_office

TODAY = dt.date(2027, 2, 10)
QUARTERS = [Quarter(year, number) for year in (2025, 2026) for number in (1, 2, 3, 4)]


def _verdicts(store: Store) -> dict[tuple[str, str], tuple[object, ...]]:
    """Return what is said of every clause at eight quarter-ends."""
    return {
        (str(quarter), r.clause.id): (r.status, r.proposed, r.k, r.n, r.message)
        for quarter in QUARTERS for r in check_office(store, quarter.end)
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 6, 17, 23])
def test_todays_values_change_no_past_quarter(seed: int, tmp_path: Path) -> None:
    """Counts, dates and answers of today, at random and several times over, by import and by hand; today's verdicts do move."""
    office, rng = turned_office(seed), random.Random(seed)
    book = tmp_path / "office.xlsx"
    write_workbook(office, book, messy=False, seed=seed)
    team, volunteer, about = (BY_NAME[name] for name in ("team", "volunteer", "office"))
    with Store.memory() as store:
        import_files(store, [book], today=TODAY)
        before, now = _verdicts(store), [r.status for r in check_office(store, TODAY)]
        moved = False
        for turn in range(4):
            day = (TODAY + dt.timedelta(days=turn)).isoformat()
            with store.operation("今天的数"):
                for row in store.rows(team):
                    if rng.random() < 0.6:
                        store.save(BY_NAME["party_count"], {
                            "team_id": row["id"], "counted_on": day, "full_members": rng.randint(0, 9),
                            "probationary_members": rng.choice((None, 0, 2)),
                        })  # fmt: skip
                    is_new = row["platform_registered_on"] is None and row["platform_group_id"] is None
                    if is_new and rng.random() < 0.5:
                        store.save(
                            team, dict(row) | {"platform_group_id": f"T{row['id']}", "platform_registered_on": day}
                        )
                for row in store.rows(volunteer):
                    if row["platform_id"] is None and rng.random() < 0.5:
                        store.save(
                            volunteer, dict(row) | {"platform_id": f"P{row['id']}", "platform_registered_on": day}
                        )
                for item, words in ANSWERS.items():
                    if rng.random() < 0.6:
                        store.save(about, {"item": item, "content": rng.choice(words), "start_on": day})
            after = _verdicts(store)
            assert {key: (old, after[key]) for key, old in before.items() if after[key] != old} == {}
            later = TODAY + dt.timedelta(days=turn)
            moved = moved or [r.status for r in check_office(store, later)] != now
        assert moved
