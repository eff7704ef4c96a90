"""How a submission stands with the level above: what the last receipt says of it, and by when a task wants it."""

import datetime as dt
from dataclasses import dataclass

from db.quarters import Period
from db.records.internal_entities import RECEIPT
from db.storage.store import Store
from db.tasks.editions import editions

ACCEPTED, RETURNED = "accepted", "returned"


@dataclass(frozen=True)
class Standing:
    """How a submission stands: the last receipt's status, remarks, who sent it and when; all empty without one."""

    status: str = ""
    remarks: str = ""
    office: str = ""
    issued_on: str = ""
    edition: int = 0

    @property
    def words(self) -> str:
        """What a person reads of it; empty without a receipt."""
        if not self.status:
            return ""
        if self.status == RETURNED:
            return f"退回：{self.office} {self.issued_on} 退回第 {self.edition} 版，意见：{self.remarks}"
        more = f"：{self.remarks}" if self.remarks else ""
        return f"已收下：{self.office} {self.issued_on} 收下第 {self.edition} 版{more}"


def standing(store: Store, period: Period) -> Standing:
    """Return how a period's submission stands by the last receipt of its highest edition."""
    own = {e.sha256: e.number for e in editions(store, period)}
    rows = [r for r in store.rows(RECEIPT) if r["direction"] == "taken" and r["edition_sha256"] in own]
    if not rows:
        return Standing()
    last = max(
        rows, key=lambda r: (int(r["edition"] or 0), str(r["issued_on"]), int(r["number"] or 0), int(r["id"] or 0))
    )
    if int(last["edition"] or 0) < max(own.values()):
        return Standing()  # what was returned has been corrected since, and is handed up anew
    return Standing(
        str(last["status"]), str(last["remarks"] or ""), str(last["office"]), str(last["issued_on"]), int(last["edition"] or 0)
    )  # fmt: skip


def given(store: Store, period: Period) -> dict[tuple[str, int], str]:
    """Return what the receipts that this office gave say last, by (office uid, edition): a status."""
    return {
        (str(r["office_uid"]), int(r["edition"] or 0)): str(r["status"])
        for r in store.rows(RECEIPT) if (r["direction"], r["period"]) == ("given", str(period))
    }  # fmt: skip


def task_deadline(store: Store, period: Period) -> dt.date | None:
    """Return the earliest deadline that a superior set for a period and that was not answered; None where there is none."""
    rows = store.query(
        "SELECT min(deadline) AS day FROM superior_task WHERE direction = 'taken' AND period = ? AND answered_on IS NULL",
        [str(period)],
    )
    return dt.date.fromisoformat(rows[0]["day"]) if rows[0]["day"] else None
