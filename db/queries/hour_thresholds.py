"""Hours that grades and lists are made by: those that ship, with the day they hold from, and the office's own.

Source: `resources/hours.toml`, each with its basis; the office's record 时长标准 goes before, from its own day on.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache

import resources
from db.storage.store import Store

_STEPS = ("one", "two", "three", "four", "five")
STARS = tuple(f"star_{n}" for n in _STEPS)
BLOOD_STARS = tuple(f"blood_{n}" for n in _STEPS)


@dataclass(frozen=True)
class Threshold:
    """A number of minutes that holds from a day on."""

    name: str
    start_on: str
    minutes: int
    basis: str


@cache
def shipped() -> tuple[Threshold, ...]:
    """Return the thresholds that ship with the program."""
    read = tomllib.loads(resources.path("hours.toml").read_text(encoding="utf-8"))
    return tuple(
        Threshold(t["name"], t["start_on"].isoformat(), int(t["hours"]) * 60, t["basis"]) for t in read["threshold"]
    )


def thresholds(store: Store, day: dt.date) -> dict[str, Threshold]:
    """Return by name the thresholds that hold on a day: the office's last one, else the last that ships."""
    found: dict[str, Threshold] = {}
    own = [
        Threshold(str(r["name"]), str(r["start_on"]), int(r["minutes"]), str(r["basis"] or "本会规定"))
        for r in store.query("SELECT name, start_on, minutes, basis FROM hour_threshold")
    ]
    for group in (shipped(), own):
        for each in sorted(group, key=lambda t: t.start_on):
            if each.start_on <= day.isoformat():
                found[each.name] = each
    return found
