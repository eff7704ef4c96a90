"""A period added up, on its way out: the workbook, the paper, and the signed sum for the next level above."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.records.internal_entities import RECEIVED, SUPERIOR_TASK
from db.storage.store import Store
from db.tasks.editions import canonical
from desktop.services.rollup import Office, RollUp
from desktop.services.signed_files import SUFFIX, fingerprint, key_of, public_of, said_in, sender, sign
from forms import output
from forms.pdf.fonts import MissingGlyphs
from forms.report.figure_labels import label_of, shown
from forms.report.rollup_book import rollup_book
from forms.report.rollup_data import OfficeLine, RollUpData
from forms.report.rollup_pdf import rollup_pdf


def deadline_of(store: Store, period: Period) -> dt.date | None:
    """Return the day that this office gave those below for a period, in its last task; None where it gave none."""
    days = [
        str(r["deadline"]) for r in store.rows(SUPERIOR_TASK)
        if r["direction"] == "given" and r["period"] == str(period)
    ]  # fmt: skip
    return dt.date.fromisoformat(days[-1]) if days else None


def data_of(done: RollUp, maker: str, today: dt.date, deadline: dt.date | None) -> RollUpData:
    """Return what workbook and paper are made of."""
    figures, collected = done.total, done.collected
    total = {n: v for part in (figures, collected) for n, v in part.items() if n != "incomplete"}
    before = {n: v for n, v in done.total_before.items() if n != "incomplete"}
    calls = {name: (contact, phone) for name, contact, phone in done.to_call}
    return RollUpData(
        maker, done.period, today, deadline, [_line(done, o, deadline) for o in done.offices], total,
        frozenset((*figures.get("incomplete", ()), *collected.get("incomplete", ()))), before, len(done.before),
        [(clause, done.titles.get(clause, ""), counts) for clause, counts in done.clauses.items()], *done.blood_teams,
        [(name, *calls.get(name, ("", ""))) for name in done.missing], done.late(deadline), done.refused,
        [
            (r.office, r.old_edition, r.edition, _named(n, done.period), shown(n, old), shown(n, new))
            for r in done.replaced for n, old, new in r.lines
        ],
    )  # fmt: skip


def _named(name: str, period: Period) -> str:
    try:
        return label_of(name, period)
    except KeyError:
        return name  # a count that this version does not print


def _line(done: RollUp, office: Office, deadline: dt.date | None) -> OfficeLine:
    notes = [f"{office.via}汇总上报"] if office.via else []
    notes += ["首次收到，请核对指纹"] if office.new_key else []
    notes += ["超过期限"] if deadline and office.submitted_on > deadline.isoformat() else []
    notes += ["不在下级单位名单中"] if office.name in done.unlisted else []
    verdicts = {clause: status for clause, (status, _, _, listed) in office.verdicts.items() if listed}
    mark = "" if office.via else fingerprint(office.key)
    return OfficeLine(office.name, office.code, office.edition, office.submitted_on, office.told, verdicts, notes, mark)


def write_book(done: RollUp, path: Path, maker: str, today: dt.date, deadline: dt.date | None) -> Path:
    """Write the workbook; nothing is written over."""
    return output.write_beside(path, rollup_book(data_of(done, maker, today, deadline)))


def write_paper(
    done: RollUp, path: Path, maker: str, today: dt.date, deadline: dt.date | None, *, public: bool = False
) -> Path:
    """Write the paper; a *public* one hides small numbers of donors and names nobody to call."""
    try:
        return output.write_beside(path, rollup_pdf(data_of(done, maker, today, deadline), public=public))
    except MissingGlyphs as error:
        raise UserError(str(error)) from None


def hand_on(store: Store, done: RollUp, folder: Path, today: dt.date) -> tuple[Path, str]:
    """Write what was added up as a signed package for the next level; return the file and the key's fingerprint.

    The ledger keeps each one: the same content keeps its number, another gets the next. Raises `UserError` where
    nothing was handed in.
    """
    if not done.offices:
        raise UserError(f"{done.period.label}还没有下级报送，没有可以上报的汇总")
    key, own = key_of(store), sender(store)
    offices = [_handed_on(o, done.titles) for o in done.offices]
    said: dict[str, Any] = {
        **own, "kind": "rollup", "period": str(done.period), "as_of": done.period.end.isoformat(),
        "offices": offices, "missing": list(done.missing),
        "edition_sha256": hashlib.sha256(canonical({"offices": offices, "missing": done.missing})).hexdigest(),
    }  # fmt: skip
    earlier = {
        int(r["edition"] or 0): r for r in store.rows(RECEIVED)
        if (r["office_uid"], r["kind"], r["period"]) == (own["office_uid"], "rollup", str(done.period))
    }  # fmt: skip
    last = max(earlier, default=0)
    before = said_in(str(earlier[last]["content"])) if last else {}
    if before.get("edition_sha256") == said["edition_sha256"]:
        said |= {"edition": last, "submitted_on": before["submitted_on"]}
    else:
        said |= {"edition": last + 1, "submitted_on": today.isoformat()}
    content = sign(said, [], key)
    if said["edition"] > last:
        text = canonical({**said, "form": 1, "files": []})
        with store.operation(f"汇总上报：{done.period.label}"):
            store.save(RECEIVED, {
                "kind": "rollup", "office_uid": own["office_uid"], "office": own["office"], "code": own["code"] or None,
                "period": str(done.period), "edition": said["edition"], "key": public_of(key), "content": text.decode(),
                "signature": "", "received_on": today.isoformat(),
            })  # fmt: skip
    again = f"（第{said['edition']}版）" if said["edition"] > 1 else ""
    name = output.safe_name(f"{own['office']}{done.period.label}汇总报送包{again}")
    return output.write_beside(folder / f"{name}{SUFFIX}", content), fingerprint(public_of(key))


def _handed_on(o: Office, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "office": o.name, "office_uid": o.uid, "code": o.code, "level": o.level, "edition": o.edition,
        "submitted_on": o.submitted_on, "edition_sha256": o.sha256, "figures": dict(o.figures), "collected": dict(o.collected),
        "clauses": [{"clause": c, "title": titles.get(c, ""), "status": s, "k": k, "n": n, "listed": listed}
                    for c, (s, k, n, listed) in o.verdicts.items()],
    }  # fmt: skip
