"""Days that cannot be read: what a person may take in their place."""

import datetime as dt

import pytest

from db.records.kinds import Cell
from forms.columns.date_suggestions import MONTH, SERIAL, SHORT, WORDS, meant_day

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("2023.5", (MONTH, "2023-05-01")),
        ("2023年11月", (MONTH, "2023-11-01")),
        (2023.5, (MONTH, "2023-05-01")),
        ("202305", (MONTH, "2023-05-01")),
        ("44317", (SERIAL, "2021-05-01")),
        (44317, (SERIAL, "2021-05-01")),
        ("21/5/1", (SHORT, "2021-05-01")),
        ("98.12.31", (SHORT, "1998-12-31")),
        ("26-12-1", (SHORT, "2026-12-01")),
        ("27.12.31", (SHORT, "2027-12-31")),
        ("50.1.1", (SHORT, "1950-01-01")),
        ("二〇二一年五月一日", (WORDS, "2021-05-01")),
        ("二零二一年十二月三十一日", (WORDS, "2021-12-31")),
        ("二〇二一年十月", (MONTH, "2021-10-01")),
        ("2023-05-01", None),  # sound
        ("2023.13", None),
        ("21/2/30", None),
        ("去年", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_day_may_mean(cell: Cell, meant: tuple[str, str] | None) -> None:
    assert meant_day(cell, TODAY) == meant
