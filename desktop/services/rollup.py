"""Adding up what the offices below handed up: no server, no names, each number as it was reported."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.records.internal_entities import LOWER_OFFICE, RECEIVED
from db.records.statuses import STATUSES
from db.storage.store import Store
from desktop.services.packages import SUFFIX, Package, as_json, read_package

MOST_FILES = 20_000


@dataclass
class Office:
    """One office's edition that counts: the highest that was handed in."""

    name: str
    code: str
    uid: str
    edition: int
    key: str
    said: dict[str, Any]
    file: str = ""
    new_key: bool = False

    @property
    def figures(self) -> dict[str, int | None]:
        """The office's own figures."""
        return dict(self.said["figures"]["office"])


@dataclass
class RollUp:
    """Totals of a period, a row for each office, who lacks, and what was refused and why."""

    period: Period
    offices: list[Office] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def total(self) -> dict[str, Any]:
        """Each figure added up: None where no office knows it; `incomplete` names those that some do not know."""
        names = dict.fromkeys(name for office in self.offices for name in office.figures)
        found: dict[str, Any] = {}
        incomplete = []
        for name in names:
            values = [office.figures.get(name) for office in self.offices]
            known = [value for value in values if value is not None]
            found[name] = sum(known) if known else None
            if known and len(known) < len(values):
                incomplete.append(name)
        return found | ({"incomplete": incomplete} if incomplete else {})

    @property
    def clauses(self) -> dict[str, dict[str, int]]:
        """How many offices have which verdict on each clause that is listed for them: clause → status → offices."""
        found: dict[str, dict[str, int]] = {}
        for office in self.offices:
            for verdict in office.said["clauses"]:
                if verdict.get("listed"):
                    counts = found.setdefault(verdict["clause"], {})
                    counts[verdict["status"]] = counts.get(verdict["status"], 0) + 1
        return {clause: {s: counts[s] for s in STATUSES if s in counts} for clause, counts in sorted(found.items())}


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the packages named, and those in the folders named; raises `UserError` where there is none."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not found:
        raise UserError(f"没有找到上报包（{SUFFIX} 文件），没有汇总")
    if len(found) > MOST_FILES:
        raise UserError(f"上报包超过 {MOST_FILES:,} 个，没有汇总；请分几次")
    return found


def roll_up(paths: Sequence[Path], period: Period | None, today: dt.date, store: Store | None = None) -> RollUp:
    """Read packages and add up one period: the one given, else that of the first sound package.

    With `store` (the ledger of the level above) what is sound is kept there, in one operation, and what it holds of the
    period already counts too. A lower edition than one that is known is refused, as is another office's under its uid.
    """
    done: RollUp | None = RollUp(period) if period else None
    by_office: dict[str, Office] = {}
    refused: list[tuple[str, str]] = []
    sound: list[tuple[Path, Package]] = []
    for path in paths:
        try:
            sound.append((path, read_package(path)))
        except UserError as error:
            refused.append((path.name, str(error)))
    if done is None:
        if not sound:
            raise UserError("；".join(why for _, why in refused[:3]) or "没有可以汇总的上报包")
        done = RollUp(Period.parse(sound[0][1].said["period"]))
    keys = _keys(store)
    if store is not None:
        for office in kept(store, done.period):
            by_office[office.uid] = office
    news = []
    for path, package in sound:
        said = package.said
        if said["period"] != str(done.period):
            label = Period.parse(said["period"]).label
            refused.append((path.name, f"“{path.name}”是{label}的，不是{done.period.label}的，没有计入"))
            continue
        uid, known = said["office_uid"], by_office.get(said["office_uid"])
        if known is not None and known.edition > said["edition"]:
            refused.append((path.name, f"“{path.name}”没有收：已有更新的一版（第 {known.edition} 版）"))
            continue
        if known is not None and known.edition == said["edition"] and known.said != said:
            refused.append(
                (path.name, f"“{path.name}”没有收：同一版（第 {known.edition} 版）的内容不同，请与报送单位核对")
            )
            continue
        office = Office(
            said["office"],
            said["code"],
            uid,
            said["edition"],
            package.key,
            said,
            path.name,
            keys.get(uid) != package.key,
        )
        if known is None or known.edition < office.edition:
            news.append(office)
        by_office[uid] = office
    done.refused = refused
    done.offices = sorted(by_office.values(), key=lambda o: (o.code or "~", o.name))
    if store is not None:
        _keep(store, done.period, news, today)
        done.missing = missing(store, done)
    return done


def _keys(store: Store | None) -> dict[str, str]:
    if store is None:
        return {}
    return {str(r["office_uid"]): str(r["key"]) for r in store.rows(RECEIVED)}


def kept(store: Store, period: Period) -> list[Office]:
    """Return what a ledger holds of a period: of each office the highest edition."""
    found: dict[str, Office] = {}
    for r in store.rows(RECEIVED):
        if r["period"] == str(period):
            uid, edition = str(r["office_uid"]), int(r["edition"] or 0)
            if uid not in found or found[uid].edition < edition:
                said = json.loads(str(r["content"]))
                found[uid] = Office(str(r["office"]), str(r["code"] or ""), uid, edition, str(r["key"]), said)
    return list(found.values())


def _keep(store: Store, period: Period, news: Sequence[Office], today: dt.date) -> None:
    if not news:
        return
    with store.operation(f"收下级上报：{period.label}，{len(news)} 个单位"):
        for office in news:
            store.save(RECEIVED, {
                "office_uid": office.uid, "office": office.name, "code": office.code or None, "period": str(period),
                "edition": office.edition, "key": office.key, "content": as_json(office.said),
                "received_on": today.isoformat(),
            })  # fmt: skip


def missing(store: Store, done: RollUp) -> list[str]:
    """Return the offices of the ledger's own list that have handed nothing in, by code or, without one, by name."""
    codes, names = {o.code for o in done.offices if o.code}, {o.name for o in done.offices}
    return [
        str(r["name"]) for r in store.rows(LOWER_OFFICE)
        if r["name"] not in names and (not r["code"] or r["code"] not in codes)
    ]  # fmt: skip
