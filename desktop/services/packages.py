"""报送包: a frozen edition for the level above, signed, without anybody's name or number (`docs/package.md`).

What a level above adds up and hands on (`rollup`) has the same form, with offices where a package has teams.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.records.numbers_in_text import starred_within
from db.records.statuses import STATUSES
from db.storage.store import Store
from db.tasks.editions import Edition, edition_of, files_of, head_of
from desktop.services.nameless import Names
from desktop.services.signed_files import (
    SUFFIX,
    Signed,
    expect,
    fingerprint,
    key_of,
    public_of,
    read_signed,
    refused,
    sender,
    sign,
    sound,
)
from forms import output

_FIGURE = re.compile(r"[a-z0-9_]{1,60}")
_HASH = re.compile(r"[0-9a-f]{64}")
_UID = re.compile(r"[0-9A-Za-z\-]{8,64}")
LEVELS = ("county", "city", "province")
_OWN = {"form", "kind", "office", "office_uid", "code", "level", "period", "as_of", "submitted_on", "edition_sha256", "files",
        "edition"}  # fmt: skip
_PACKAGE = _OWN | {"corrects", "reason", "steps", "rules", "figures", "collected", "clauses", "log", "task", "left_out"}
_ROLLUP = _OWN | {"offices", "missing"}
# One office of a roll-up that is handed on: what its package said, without its teams.
OFFICE = {"office", "office_uid", "code", "level", "edition", "submitted_on", "edition_sha256", "figures", "collected",
          "clauses"}  # fmt: skip
_MOST = 10**15
_CLAUSE = {"clause", "title", "status", "k", "n", "listed"}
# What the office's figure is the sum of, team by team (with 本会共用 for money): a package in which it is not is refused.
SUMS = ("members_start", "members_joined", "members_left", "members_end", "service_minutes", "service_person_times")
MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")


@dataclass(frozen=True)
class Made:
    """A package that was made: where it went, of which edition, the key's fingerprint, what was left out, and its 报送单."""

    path: Path
    edition: Edition
    key: str
    left_out: tuple[str, ...] = ()
    slip: Path | None = None


def package_bytes(
    store: Store, period: Period, number: int | None = None, *, task: str = "", more: Sequence[tuple[str, bytes]] = ()
) -> tuple[bytes, Edition, str, tuple[str, ...]]:
    """Return the package of a frozen edition, the edition, the key's fingerprint, and the names of files left out.

    `more`: files that answer a superior's task of the number `task`. A PDF in whose text a volunteer is named stays in the
    office; in a workbook such a name is starred. Raises `UserError` where the period was not handed up, or the ledger
    lives in memory alone and has no key.
    """
    key = key_of(store)
    edition, names = edition_of(store, period, number), Names(store)
    files, left_out = list[tuple[str, bytes]](), list[str]()
    for name, content in files_of(store, edition):
        if name.endswith(".xlsx"):
            files.append((name, names.book(content)))
        elif name in edition.manifest.get("named", ()):
            left_out.append(name)
        elif name.endswith(".pdf"):
            files.append((name, content))
    files += [(name, names.file(name, content)) for name, content in more]
    said = _said(store, edition, names) | {"task": task, "left_out": left_out}
    return sign(said, files, key), edition, fingerprint(public_of(key)), tuple(left_out)


def _said(store: Store, edition: Edition, names: Names) -> dict[str, Any]:
    m = edition.manifest
    return {
        **sender(store), "kind": "package", "office": m["office"], "code": m["code"], "level": m["level"],
        "period": edition.period, "edition": edition.number, "corrects": m["corrects"],
        "reason": names.hidden(m["reason"]), "as_of": m["as_of"], "submitted_on": m["submitted_on"], "steps": m["steps"],
        "rules": m["rules"], "figures": starred_within(m["figures"]), "collected": m.get("collected", {}),
        "clauses": [{k: v[k] for k in ("clause", "title", "status", "k", "n", "listed")} for v in m["clauses"]],
        "log": head_of(store, edition), "edition_sha256": edition.sha256,
    }  # fmt: skip


def package_name(edition: Edition) -> str:
    """Return what a package's file is called, without its ending."""
    again = f"（第{edition.number}版）" if edition.number > 1 else ""
    return output.safe_name(f"{edition.manifest['office']}{Period.parse(edition.period).label}报送包{again}")


def write_package(store: Store, period: Period, path: Path, number: int | None = None) -> Made:
    """Write a package to `path`, or under its own name into a folder, with its 报送单 beside it; nothing is written over."""
    from desktop.services.submission_slip import write_slip  # late: it lays out a page

    content, edition, key, left_out = package_bytes(store, period, number)
    target = path / f"{package_name(edition)}{SUFFIX}" if path.is_dir() or not path.suffix else path
    written = output.write_beside(target, content)
    return Made(written, edition, key, left_out, write_slip(store, edition, written, content))


def read_package(path: Path, *, keep: bool = False) -> Signed:
    """Return a package or a roll-up that is whole, signed and sound; raise `UserError` with what is wrong with it."""
    signed = read_signed(path, keep=keep)
    expect(path, signed, "package", "rollup")
    sound(path, is_sound(signed.said))
    if signed.said["kind"] == "package" and (wrong := disagreeing(signed.said["figures"])):
        raise refused(path, f"合计与各队的数字不符（{'、'.join(wrong[:3])}）")
    return signed


# What is sound


def is_sound(said: dict[str, Any]) -> bool:
    """Tell whether a package or a roll-up has the shape that `docs/package.md` gives, every value of its kind."""
    try:
        own = (
            str(Period.parse(said["period"])) == said["period"] and _is_day(said["as_of"]) and _is_day(said["submitted_on"])
            and _is_office(said)
        )  # fmt: skip
        if said["kind"] == "rollup":
            return (
                own and said.keys() == _ROLLUP and len(said["offices"]) <= 5000
                and all(_is_texts([m], 200) for m in said["missing"])
                and all(o.keys() == OFFICE and _is_office(o) and _is_day(o["submitted_on"]) and _has_verdicts(o)
                        and _is_group(o["figures"]) for o in said["offices"])
            )  # fmt: skip
        figures, log = said["figures"], said["log"]
        return (
            own and said.keys() == _PACKAGE and figures.keys() == {"office", "shared", "teams"}
            and len(figures["teams"]) <= 5000 and all(map(_is_team, figures["teams"]))
            and _is_group(figures["office"]) and _is_group(figures["shared"]) and _has_verdicts(said)
            and _is_texts([said["reason"], said["rules"], said["task"], *said["left_out"]], 2000)
            and len(said["steps"]) <= 8 and _is_texts([*said["steps"], *said["steps"].values()], 60)
            and (said["corrects"] is None or type(said["corrects"]) is int)
            and log.keys() == {"number", "seal"} and type(log["number"]) is int and _is_texts([log["seal"]], 200)
        )  # fmt: skip
    except (UserError, KeyError, TypeError, AttributeError, ValueError):
        return False


def _is_office(said: Mapping[str, Any]) -> bool:
    return (
        _is_texts([said["office"], said["code"], said["level"]], 100) and bool(said["office"])
        and said["level"] in ("", *LEVELS) and bool(_UID.fullmatch(said["office_uid"]))
        and type(said["edition"]) is int and 0 < said["edition"] < 10_000 and bool(_HASH.fullmatch(said["edition_sha256"]))
    )  # fmt: skip


def _is_texts(values: Sequence[Any], longest: int) -> bool:
    return not values or (set(map(type, values)) == {str} and max(map(len, values)) <= longest)


def _is_day(text: Any) -> bool:
    return bool(dt.date.fromisoformat(text).isoformat() == text)


def _has_verdicts(said: Mapping[str, Any]) -> bool:
    return len(said["clauses"]) <= 2000 and all(map(_is_clause, said["clauses"])) and _is_group(said["collected"])


def _is_team(team: dict[str, Any]) -> bool:
    figures = team.copy()
    name, uid, own = figures.pop("team"), figures.pop("uid"), figures.pop("own_level")
    return _is_texts((name, uid), 200) and type(own) is bool and _is_group(figures)


def _is_group(group: dict[str, Any]) -> bool:
    return len(group) <= 200 and _are_figures(tuple(group)) and _are_counts(group.values())


@lru_cache(maxsize=256)
def _are_figures(names: tuple[Any, ...]) -> bool:
    """Tell whether each is the name of a figure: the same names come thousands of times."""
    return all(_FIGURE.fullmatch(name) for name in names)


def _are_counts(values: Iterable[Any]) -> bool:
    known = [value for value in values if value is not None]
    return not known or (set(map(type, known)) == {int} and min(known) > -_MOST and max(known) < _MOST)


def _is_clause(clause: dict[str, Any]) -> bool:
    return (
        clause.keys() == _CLAUSE and _is_texts((clause["clause"],), 40) and _is_texts((clause["title"],), 200)
        and clause["status"] in STATUSES and type(clause["listed"]) is bool and _are_counts((clause["k"], clause["n"]))
    )  # fmt: skip


def disagreeing(figures: Mapping[str, Any]) -> list[str]:
    """Return the figures of an office that are not what its teams' come to."""
    office, shared, teams = figures["office"], figures["shared"], figures["teams"]
    wrong = [n for n in SUMS if n in office and office[n] != sum(t.get(n) or 0 for t in teams)]
    wrong += [n for n in MONEY if n in office and office[n] != sum(t.get(n) or 0 for t in teams) + (shared.get(n) or 0)]
    known = [t.get("persons_end") or 0 for t in teams]
    if "persons_end" in office and not max(known, default=0) <= (office["persons_end"] or 0) <= sum(known):
        wrong.append("persons_end")
    return wrong
