"""The papers an office prints besides the quarterly report, each from the same figures; one file per paper."""

from db.errors import UserError
from forms.papers import (
    blood,
    disclosure,
    evidence,
    handover,
    insurance,
    money,
    money_summary,
    person_file,
    personal,
    rectification,
    roster,
    self_check,
    service,
    sign_in,
    team_table,
    training,
    year_calendar,
    year_lists,
)  # fmt: skip
from forms.papers.paper import Paper, PaperData

__all__ = ["PAPERS", "Paper", "PaperData", "paper_named"]

# In the order in which people look for them.
PAPERS = (
    team_table.PAPER, roster.PAPER, training.PAPER, sign_in.PAPER, insurance.PAPER, money.PAPER, money_summary.PAPER,
    self_check.PAPER, rectification.PAPER, evidence.PAPER, service.PAPER, person_file.PAPER, disclosure.PAPER, blood.PAPER,
    *year_lists.LISTS, *personal.LISTS, year_calendar.PAPER, handover.PAPER,
)  # fmt: skip


def paper_named(words: str) -> Paper:
    """Return a paper by its name or title; raise `UserError` listing them where there is none."""
    found = next((p for p in PAPERS if words in (p.name, p.title, p.title.split("（")[0])), None)
    if found is None:
        raise UserError(f"没有这种表：{words}。可以写：{'、'.join(p.title for p in PAPERS)}")
    return found
