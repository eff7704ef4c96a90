"""Numbers as the report's sentences write them: no spaces, no commas, no noughts that say nothing."""

from collections.abc import Mapping
from typing import Any

from db.records.amounts import MINUS
from forms.report.figure_labels import UNKNOWN

WAN = 10_000_000  # fen: 元 below ten 万, 万元 from there on


def plain(name: str, value: int | None) -> str:
    """Return a figure without its unit: money in 元, durations in hours; unknown as a dash."""
    if value is None:
        return UNKNOWN
    if name.endswith("_fen"):
        return yuan(value)
    if name.endswith("_minutes"):
        return f"{value / 60:.1f}".removesuffix(".0")
    return str(value)


def yuan(fen: int) -> str:
    """Return 元 without noughts behind the point: 117000, 75482.5, −3.05."""
    whole, rest = divmod(abs(fen), 100)
    return f"{MINUS if fen < 0 else ''}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "")


def rounded(fen: int, largest: int) -> str:
    """Return an amount with its unit: 万元 with one decimal where the largest of its sentence reaches ten 万."""
    if largest < WAN:
        return f"{yuan(fen)}元"
    tenths = (abs(fen) + 50_000) // 100_000  # half up, in thousands of 元
    return f"{MINUS if fen < 0 else ''}{tenths // 10}" + (f".{tenths % 10}" if tenths % 10 else "") + "万元"


def percent(part: int, whole: int) -> str:
    """Return a share with at most one decimal, never rounded to all or to nothing."""
    tenths = (2000 * part + whole) // (2 * whole)
    if part < whole:
        tenths = min(tenths, 999)
    if part:
        tenths = max(tenths, 1)
    return f"{tenths // 10}" + (f".{tenths % 10}" if tenths % 10 else "") + "%"


def change(name: str, now: int | None, before: int | None, what: str, unit: str) -> str:
    """Return how a figure stands to an earlier one, *what* naming that time; empty where they cannot be compared."""
    if now is None or before is None:
        return ""
    if now == before:
        return f"与{what}持平"
    return f"与{what}相比{'增加' if now > before else '减少'}{plain(name, abs(now - before))}{unit}"


def both(name: str, now: int | None, earlier: Mapping[str, Any], unit: str) -> str:
    """Return the comparisons with several earlier times, in one phrase; those equal to it all at once."""
    known = {what: value for what, value in earlier.items() if what and value is not None}
    if now is not None and len(known) > 1 and all(value == now for value in known.values()):
        return f"与{'、'.join(known)}均持平"
    return "，".join(phrase for what, value in known.items() if (phrase := change(name, now, value, what, unit)))
