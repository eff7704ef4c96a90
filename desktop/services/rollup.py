"""Adding up what the offices below handed up: no server, no names, each number as it was reported.

Of each office the highest edition counts. What a level between handed on counts office by office, as if it had come alone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from sys import intern
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.records.internal_entities import LOWER_OFFICE, RECEIVED
from db.records.statuses import STATUSES
from db.rules.register import register
from db.storage.store import Store
from desktop.services.packages import LEVELS, read_package
from desktop.services.signed_files import SUFFIX, Signed, fingerprint, said_in, sender

MOST_FILES = 20_000
NOT_SUMMED = frozenset({"volunteers_per_million"})  # a ratio is no sum
# 各县级红十字会2026年普遍成立无偿献血或“三献”志愿服务队伍: the clauses that ask it of a county.
BLOOD_TEAM = frozenset(clause.id for clause in register() if clause.check == "county_blood_team")
Verdict = tuple[str, int | None, int | None, bool]  # status, k, n, listed


@dataclass(frozen=True)
class Office:
    """One office's edition: what it reported, by which key it came, and by way of whom where another handed it on."""

    name: str
    code: str
    uid: str
    level: str
    edition: int
    sha256: str
    submitted_on: str
    figures: Mapping[str, int | None]
    collected: Mapping[str, int | None]
    verdicts: Mapping[str, Verdict]
    key: str  # Base64, of whoever signed
    via: str = ""
    file: str = ""
    new_key: bool = False

    @property
    def told(self) -> dict[str, int | None]:
        """Figures, and what a province collects beside them."""
        return {**self.figures, **self.collected}


@dataclass(frozen=True)
class Handed:
    """One file that came in: who sent it, and the offices in it."""

    uid: str
    kind: str
    edition: int
    sha256: str
    period: str
    key: str
    name: str
    code: str
    level: str
    offices: tuple[Office, ...]
    missing: tuple[str, ...] = ()
    file: str = ""
    signed: Signed | None = None  # kept where a ledger is to keep it


@dataclass(frozen=True)
class Replaced:
    """An office that handed in another edition: each figure that is not as it was, with the old and the new one."""

    office: str
    old_edition: int
    edition: int
    lines: tuple[tuple[str, int | None, int | None], ...]


@dataclass
class RollUp:
    """A period added up: a row for each office, totals, who lacks, what was refused and why, what a later edition changed."""

    period: Period
    offices: list[Office] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # names
    to_call: list[tuple[str, str, str]] = field(default_factory=list)  # name, 联系人, 联系电话
    replaced: list[Replaced] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)  # offices that the ledger's own list does not have
    before: list[Office] = field(default_factory=list)  # of the period before, where a ledger has them
    titles: dict[str, str] = field(default_factory=dict)  # of clauses

    @property
    def total(self) -> dict[str, Any]:
        """Each figure added up: None where no office knows it; `incomplete` names those that some do not know."""
        return _total([office.figures for office in self.offices])

    @property
    def collected(self) -> dict[str, Any]:
        """What a province collects beside the figures, added up as they are."""
        return _total([office.collected for office in self.offices])

    @property
    def total_before(self) -> dict[str, Any]:
        """The sums of the period before; empty where nothing of it is known."""
        return _total([office.told for office in self.before])

    @property
    def clauses(self) -> dict[str, dict[str, int]]:
        """How many offices have which verdict on each clause that is listed for them: clause → status → offices."""
        found: dict[str, dict[str, int]] = {}
        for office in self.offices:
            for clause, (status, _, _, listed) in office.verdicts.items():
                if listed:
                    counts = found.setdefault(clause, {})
                    counts[status] = counts.get(status, 0) + 1
        return {clause: {s: counts[s] for s in STATUSES if s in counts} for clause, counts in sorted(found.items())}

    @property
    def blood_teams(self) -> tuple[list[str], list[str]]:
        """The county offices that have, and that do not have, the blood team that B25 三（一） asks of each by 2026."""
        done, not_done = list[str](), list[str]()
        for office in self.offices:
            found = [office.verdicts[clause][0] for clause in sorted(BLOOD_TEAM & office.verdicts.keys())]
            if office.level == "county" and found:
                (done if all(status == "met" for status in found) else not_done).append(office.name)
        return done, not_done

    def late(self, deadline: dt.date | None) -> list[str]:
        """Return the offices that handed up after the deadline."""
        return [o.name for o in self.offices if deadline and o.submitted_on > deadline.isoformat()]


def _total(rows: Sequence[Mapping[str, int | None]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    incomplete = []
    for name in dict.fromkeys(name for row in rows for name in row):
        known = [value for row in rows if (value := row.get(name)) is not None]
        if name in NOT_SUMMED:
            continue
        found[name] = sum(known) if known else None
        if known and len(known) < len(rows):
            incomplete.append(name)
    return found | ({"incomplete": incomplete} if incomplete else {})


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the packages named, and those in the folders named; raises `UserError` where there is none."""
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.rglob(f"*{SUFFIX}") if p.is_file()) if path.is_dir() else [path]
    if not found:
        raise UserError(f"没有找到报送包（{SUFFIX} 文件），没有汇总")
    if len(found) > MOST_FILES:
        raise UserError(f"报送包超过 {MOST_FILES:,} 个，没有汇总；请分几次")
    return list(dict.fromkeys(found))


def roll_up(
    paths: Sequence[Path], period: Period | None, today: dt.date, store: Store | None = None,
    report: Callable[[int, int], None] | None = None,
) -> RollUp:  # fmt: skip
    """Read packages and add up one period: the one given, else the one that most of them are of.

    With `store` (the ledger of the level above) what is sound is kept there, in one operation, and what it holds of the
    period already counts too. Refused: what is not sound, another period's, an edition below one that is known, another
    content under a known edition, another key than the one known for an office, an office that is not below this one.
    `report` is told how far the reading is.
    """
    handed, refused, titles = list[Handed](), list[tuple[str, str]](), dict[str, str]()
    for n, path in enumerate(paths):
        if report is not None:
            report(n, len(paths))
        try:
            handed.append(_handed(read_package(path), path.name, titles, keep=store is not None))
        except UserError as error:
            refused.append((path.name, str(error)))
    if period is None:
        if not handed:
            raise UserError("；".join(why for _, why in refused[:3]) or "没有可以汇总的报送包")
        period = Period.parse(Counter(h.period for h in handed).most_common(1)[0][0])
    known = kept(store, period, titles) if store is not None else []
    own = sender(store) if store is not None else None
    sound, more = _fitting(handed, period, own, _keys(store))
    counting, news, still = _latest(known, sound)
    done = RollUp(period, refused=refused + more + still, titles=titles)
    _count(done, counting)
    if store is not None:
        _keep(store, period, news, today)
        complete(store, done)
    return done


def of_ledger(store: Store, period: Period) -> RollUp:
    """Return what a ledger has taken in of a period, added up; an office of which it has one file is a new one."""
    titles: dict[str, str] = {}
    counting, _, _ = _latest(kept(store, period, titles), [])
    done = RollUp(period, titles=titles)
    _count(done, counting)
    files = Counter(str(r["office_uid"]) for r in store.rows(RECEIVED, names=("office_uid",)))
    done.offices = [replace(o, new_key=files[o.uid] == 1 and not o.via) for o in done.offices]
    complete(store, done)
    return done


def _handed(signed: Signed, file: str, titles: dict[str, str], *, keep: bool) -> Handed:
    said = signed.said
    common = (said["office_uid"], said["kind"], said["edition"], said["edition_sha256"], said["period"], signed.key)
    if said["kind"] == "rollup":
        offices = tuple(_office(o, signed.key, titles, file, said["office"]) for o in said["offices"])
        missing = tuple(f"{name}（{said['office']}所属）" for name in said["missing"])
    else:
        offices = (_office({**said, "figures": said["figures"]["office"]}, signed.key, titles, file),)
        missing = ()
    return Handed(
        *common, said["office"], said["code"], said["level"], offices, missing, file,
        replace(signed, said={}, files={}) if keep else None,
    )  # fmt: skip


def _office(said: Mapping[str, Any], key: str, titles: dict[str, str], file: str = "", via: str = "") -> Office:
    """Return an office without what is alike in thousands: names of figures, clauses and statuses are kept once."""
    for v in said["clauses"]:
        titles.setdefault(intern(v["clause"]), v["title"])
    return Office(
        said["office"], said["code"], said["office_uid"], intern(said["level"]), said["edition"], said["edition_sha256"],
        said["submitted_on"], {intern(k): v for k, v in said["figures"].items()},
        {intern(k): v for k, v in said["collected"].items()},
        {intern(v["clause"]): (intern(v["status"]), v["k"], v["n"], v["listed"]) for v in said["clauses"]}, key, via, file,
    )  # fmt: skip


def _keys(store: Store | None) -> dict[str, str]:
    """Return the key that is known for each office, the first that was taken in."""
    found: dict[str, str] = {}
    for r in store.rows(RECEIVED, names=("office_uid", "key")) if store is not None else ():
        found.setdefault(str(r["office_uid"]), str(r["key"]))
    return found


def _fitting(
    handed: Sequence[Handed], period: Period, own: Mapping[str, str] | None, keys: Mapping[str, str]
) -> tuple[list[Handed], list[tuple[str, str]]]:
    """Return those of the period, from offices below, each under the one key that is known; and why the others are not."""
    several = Counter(uid for uid, _ in {(h.uid, h.key) for h in handed})
    sound, refused = list[Handed](), list[tuple[str, str]]()
    for h in handed:
        why = ""
        if h.period != str(period):
            why = f"是{Period.parse(h.period).label}的，不是{period.label}的，没有计入"
        elif own is not None and h.uid == own["office_uid"]:
            why = "是本会自己的报送包，不是下级的，没有收"
        elif own is not None and not _is_below(h.level, own["level"]):
            why = f"没有收：“{h.name}”不是本会的下级单位（层级不低于本会）"
        elif keys.get(h.uid, h.key) != h.key:
            why = (
                f"没有收：“{h.name}”以前的签名钥匙是 {fingerprint(keys[h.uid])}，这一份是 {fingerprint(h.key)}。"
                "没有改动任何数据；请打电话与报送单位核对"
            )
        elif h.uid not in keys and several[h.uid] > 1:
            why = f"没有收：几份报送包都说是“{h.name}”的，签名钥匙却不同。请与报送单位核对指纹，只留真的"
        if why:
            refused.append((h.file, f"“{h.file}”{why}"))
        else:
            new = h.uid not in keys
            sound.append(replace(h, offices=tuple(replace(o, new_key=new and not o.via) for o in h.offices)))
    return sound, refused


def _is_below(level: str, own: str) -> bool:
    return level not in LEVELS or own not in LEVELS or LEVELS.index(level) < LEVELS.index(own)


def _latest(
    known: Sequence[Handed], sound: Sequence[Handed]
) -> tuple[list[Handed], list[Handed], list[tuple[str, str]]]:
    """Return what counts (of each sender the highest edition, with the earlier ones before it), what of it is new, and
    what is refused: an edition below the one that is known, and another content under one edition."""
    refused: list[tuple[str, str]] = []
    by_sender: dict[tuple[str, str], dict[int, Handed]] = {}
    for h in known:
        by_sender.setdefault((h.uid, h.kind), {})[h.edition] = h
    top_known = {who: max(editions) for who, editions in by_sender.items()}
    contents = {(h.uid, h.kind, h.edition): {h.sha256} for h in known}
    for h in sound:
        contents.setdefault((h.uid, h.kind, h.edition), set()).add(h.sha256)
    news: list[Handed] = []
    for h in sorted(sound, key=lambda h: h.edition):
        who = (h.uid, h.kind)
        there = by_sender.setdefault(who, {})
        if len(contents[(*who, h.edition)]) > 1:
            words = f"没有收：“{h.name}”同一版（第 {h.edition} 版）有不同的内容，请与报送单位核对"
            refused.append((h.file, f"“{h.file}”{words}"))
        elif h.edition < top_known.get(who, 0) and h.edition not in there:
            refused.append((h.file, f"“{h.file}”没有收：已有更新的一版（第 {top_known[who]} 版）"))
        elif h.edition not in there:
            there[h.edition] = h
            news.append(h)
        else:
            there[h.edition] = replace(h, signed=None)  # the same again
    for who, editions in by_sender.items():
        if len(editions) > 1:
            top = max(editions)
            refused += [
                (h.file, f"“{h.file}”没有计入：已有更新的一版（第 {top} 版）") for h in news
                if (h.uid, h.kind) == who and h.edition < top
            ]  # fmt: skip
    counting = [editions[n] for editions in by_sender.values() for n in sorted(editions)]
    return counting, news, refused


def _count(done: RollUp, counting: Sequence[Handed]) -> None:
    """Put in the offices: of each the highest edition, directly or as it was handed on; and what an edition changed."""
    newest = {(h.uid, h.kind): h for h in counting}
    offices: dict[str, dict[int, Office]] = {}
    for h in counting:
        if h.kind == "rollup" and newest[(h.uid, h.kind)] is not h:
            continue  # a later sum has replaced it
        for o in h.offices:
            there = offices.setdefault(o.uid, {})
            if o.edition not in there or there[o.edition].via:
                there[o.edition] = o
    for editions in offices.values():
        *earlier, last = sorted(editions)
        done.offices.append(editions[last])
        if earlier:
            done.replaced.append(_replaced(editions[earlier[-1]], editions[last]))
    done.offices.sort(key=lambda o: (o.code or "~", o.name))
    done.missing += [name for h in newest.values() if h.kind == "rollup" for name in h.missing]


def _replaced(old: Office, new: Office) -> Replaced:
    was, now = old.told, new.told
    lines = [(n, was.get(n), now.get(n)) for n in dict.fromkeys([*was, *now]) if was.get(n) != now.get(n)]
    return Replaced(new.name, old.edition, new.edition, tuple(lines))


# In the ledger of the level above


def kept(store: Store, period: Period, titles: dict[str, str] | None = None) -> list[Handed]:
    """Return what a ledger has taken in of a period, every edition."""
    own = sender(store)["office_uid"]
    found = []
    for r in store.rows(RECEIVED):
        if r["period"] == str(period) and r["office_uid"] != own:
            said = said_in(str(r["content"]))
            signed = Signed(said, b"", str(r["key"]), str(r["signature"]))
            found.append(_handed(signed, "", titles if titles is not None else {}, keep=False))
    return found


def _keep(store: Store, period: Period, news: Sequence[Handed], today: dt.date) -> None:
    if not news:
        return
    first = store.next_id(RECEIVED)
    with store.operation(f"收下级上报：{period.label}，{len(news)} 个文件"):
        store.insert_many(RECEIVED, (
            {
                "id": first + n, "kind": h.kind, "office_uid": h.uid, "office": h.name, "code": h.code or None,
                "period": h.period, "edition": h.edition, "key": h.key, "content": h.signed.text.decode(),
                "signature": h.signed.signature, "received_on": today.isoformat(),
            } for n, h in enumerate(news) if h.signed is not None
        ))  # fmt: skip


def complete(store: Store, done: RollUp) -> None:
    """Compare with the ledger's list of offices: who lacks and whom to call, who is not on it; and with the period before."""
    senders = kept(store, done.period)
    codes = {c for c in (*(o.code for o in done.offices), *(h.code for h in senders)) if c}
    names = {*(o.name for o in done.offices), *(h.name for h in senders)}
    listed = store.rows(LOWER_OFFICE)
    for r in listed:
        if r["name"] not in names and (not r["code"] or r["code"] not in codes):
            done.missing.append(str(r["name"]))
            done.to_call.append((str(r["name"]), str(r["contact"] or ""), str(r["phone"] or "")))
    if listed:
        known = {str(r["name"]) for r in listed}, {str(r["code"]) for r in listed if r["code"]}
        done.unlisted = [
            o.name for o in done.offices if not o.via and o.name not in known[0] and o.code not in known[1]
        ]
    before = RollUp(done.period.previous)
    _count(before, _latest(kept(store, done.period.previous), [])[0])
    done.before = before.offices
