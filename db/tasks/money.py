"""A team's money: entries with what they may not do, and reversals."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from db.errors import Refused
from db.records.amounts import Money
from db.records.choices import OPENING
from db.records.entities import FUND_ENTRY
from db.records.fields import Row
from db.records.kinds import Value
from db.storage.store import Store

OPPOSITE = {"income": "expense", "expense": "income"}


def ledgers(store: Store, as_of: dt.date) -> list[dict[str, Any]]:
    """Return every ledger: ``id`` (0: what the office shares), ``name``, ``balance_fen`` on the day, ``entries``, ``unproved``.

    The shared one comes first, then the teams; a dissolved team stays while it has entries.
    """
    sums = """count(f.id) AS entries,
              coalesce(sum(CASE f.direction WHEN 'income' THEN f.amount_fen ELSE -f.amount_fen END)
                           FILTER (WHERE f.entry_on <= :as_of), 0) AS balance_fen,
              count(*) FILTER (WHERE f.id IS NOT NULL AND f.voucher IS NULL AND NOT EXISTS (
                  SELECT 1 FROM fund_voucher WHERE fund_entry_id = f.id)) AS unproved"""
    return store.query(
        f"""SELECT 0 AS id, '本会共用' AS name, {sums} FROM fund_entry AS f WHERE f.team_id IS NULL
            UNION ALL
            SELECT * FROM (
                SELECT t.id, t.name, {sums} FROM team AS t LEFT JOIN fund_entry AS f ON f.team_id = t.id
                 GROUP BY t.id HAVING t.dissolved_on IS NULL OR t.dissolved_on > :as_of OR count(f.id) > 0 ORDER BY t.id)""",
        {"as_of": as_of.isoformat()},
    )


def earmark_gaps(store: Store) -> dict[tuple[Value, str], int]:
    """Return the ledgers' earmarked purposes whose balance is below zero on some day: (team, purpose) → lowest 分."""
    rows = store.query(
        """SELECT team_id, earmark, min(running) AS lowest FROM (
               SELECT team_id, earmark, sum(CASE direction WHEN 'income' THEN amount_fen ELSE -amount_fen END) OVER (
                          PARTITION BY team_id, earmark ORDER BY entry_on
                          RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
                 FROM fund_entry WHERE earmark IS NOT NULL AND trim(earmark) <> '')
            GROUP BY team_id, earmark HAVING min(running) < 0"""
    )
    return {(r["team_id"], str(r["earmark"])): int(r["lowest"]) for r in rows}


def refuse_overdrawn(store: Store, before: dict[tuple[Value, str], int]) -> None:
    """Raise `Refused` where earmarked money went below zero, or further below than `before`; run after the change.

    Older gaps that a change leaves as they were or makes smaller are no reason to refuse it.
    """
    for key, lowest in earmark_gaps(store).items():
        if lowest < before.get(key, 0):
            short = Money().show(-lowest)
            raise Refused(
                f"定向用途“{key[1]}”的钱不够：照这样会超支 {short} 元。定向的钱只能用于指定用途，不能透支，没有保存。"
                "请核对金额、日期，或改用不定向的钱"
            )


def overspending(there: Iterable[Row], added: Sequence[Row]) -> dict[int, int]:
    """Return which of some added expenses takes earmarked money below zero, or further below: its place → 分 short.

    For each ledger and purpose it is the last expense up to the first day on which the money does not suffice.
    """
    before: dict[tuple[Value, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    after: dict[tuple[Value, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    spent: dict[tuple[Value, str], list[tuple[str, int]]] = defaultdict(list)
    for place, row in enumerate((*added, *there)):
        if row["earmark"] is None or not str(row["earmark"]).strip():
            continue
        key, on = (row["team_id"], str(row["earmark"])), str(row["entry_on"])
        fen = int(row["amount_fen"] or 0) * (1 if row["direction"] == "income" else -1)
        after[key][on] += fen
        if place >= len(added):
            before[key][on] += fen
        elif fen < 0:
            spent[key].append((on, place))
    found = {}
    for key, expenses in spent.items():
        allowed = min((0, *_balances(before[key]).values()))
        for on, balance in _balances(after[key]).items():
            if balance < allowed:
                found[max(expense for expense in expenses if expense[0] <= on)[1]] = -balance
                break
    return found


def _balances(days: dict[str, int]) -> dict[str, int]:
    return dict(zip(sorted(days), accumulate(days[on] for on in sorted(days)), strict=True))


def save_entry(store: Store, values: Row) -> int:
    """Write one entry; earmarked money never goes below zero. Inside an operation only."""
    before = earmark_gaps(store)
    number = store.save(FUND_ENTRY, values)
    refuse_overdrawn(store, before)
    return number


def reverse(store: Store, row_id: int, voucher: str, on: str, reason: str) -> int:
    """Write the opposite of an entry, linked to it by its voucher number; return its id. Inside an operation only.

    Raises `Refused` where the entry has no voucher number to be named by, is itself a reversal, or was reversed.
    """
    entry = store.row(FUND_ENTRY, row_id)
    if entry is None:
        raise Refused("这一笔已经不在台账里了。没有冲销；请按 F5 刷新后再看")
    if entry["reverses_voucher"] is not None:
        raise Refused("这一笔本身就是冲销。没有再冲销；记错了可以撤销，或重新记一笔")
    if entry["voucher"] is None:
        raise Refused("这一笔没有凭证号，冲销时无从指明是哪一笔。没有冲销；请先补填凭证号")
    done = store.query(
        """SELECT id FROM fund_entry WHERE reverses_voucher = :voucher AND team_id IS :team AND amount_fen = :fen
              AND direction = :direction""",
        {"voucher": entry["voucher"], "team": entry["team_id"], "fen": entry["amount_fen"],
         "direction": OPPOSITE[str(entry["direction"])]},
    )  # fmt: skip
    same = store.query(
        "SELECT id FROM fund_entry WHERE voucher = :voucher AND team_id IS :team AND amount_fen = :fen AND direction = :d",
        {"voucher": entry["voucher"], "team": entry["team_id"], "fen": entry["amount_fen"], "d": entry["direction"]},
    )
    if len(done) >= len(same):
        raise Refused("这一笔已经冲销过了。没有再冲销")
    if on < str(entry["entry_on"]):
        raise Refused("冲销日期早于这一笔的日期。没有冲销，请核对日期")
    values: Row = {f.name: entry[f.name] for f in FUND_ENTRY.fields}
    values |= {
        "entry_on": on, "direction": OPPOSITE[str(entry["direction"])], "voucher": voucher.strip() or None,
        "reverses_voucher": entry["voucher"], "summary": reason.strip() or f"冲销：{entry['summary'] or entry['category']}",
    }  # fmt: skip
    return save_entry(store, values)


def categories(store: Store, direction: str) -> list[str]:
    """Return the categories used for this direction, those used most first."""
    rows = store.query(
        """SELECT category FROM fund_entry WHERE direction = ? AND category <> ?
            GROUP BY category ORDER BY count(*) DESC, category""",
        [direction, OPENING],
    )
    return [str(r["category"]) for r in rows]


def open_earmarks(store: Store, team: int) -> list[tuple[str, int]]:
    """Return a ledger's earmarked purposes with money left."""
    rows = store.query(
        """SELECT earmark, sum(CASE direction WHEN 'income' THEN amount_fen ELSE -amount_fen END) AS fen FROM fund_entry
            WHERE earmark IS NOT NULL AND (team_id IS :team OR (:team = 0 AND team_id IS NULL))
            GROUP BY earmark HAVING fen > 0 ORDER BY earmark""",
        {"team": team},
    )
    return [(str(r["earmark"]), int(r["fen"])) for r in rows]
