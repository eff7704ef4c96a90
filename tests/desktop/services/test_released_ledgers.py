"""The ledger of each released version: opened here and now, by another installation, it is whole, migrates, and prints what it froze.

A release adds its own with ``python -m tests.offices.released VERSION``; what is kept is never made again.
"""

import dataclasses
import hashlib
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from db.quarters import Period
from db.records.entities import FUND_ENTRY, TEAM, VOLUNTEER
from db.rules import register as rules
from db.storage import vault
from db.storage.migrations import MIGRATIONS
from db.storage.store import Store
from db.tasks.editions import edition_of, editions, untrue
from db.tasks.verifying import verify
from desktop.services.editions import difference, write_edition
from desktop.services.packages import package_bytes, read_package
from tests.offices.levels import whole

KEPT = sorted((Path(__file__).parents[2] / "reference").glob("ledger-*.boai-db"))
EDITS = 120  # the thousand are tried in test_editions, in memory


def _sums(store: Store, period: Period, folder: Path) -> dict[str, dict[str, str]]:
    """Return the SHA-256 of every file of every edition, as it is written to a folder."""
    return {
        str(e.number): {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in write_edition(store, period, e.number, folder / str(e.number))}
        for e in editions(store, period)
    }  # fmt: skip


def test_there_is_one() -> None:
    assert KEPT


@pytest.mark.parametrize("kept", KEPT, ids=lambda p: p.stem)
def test_a_released_ledger_prints_its_editions_byte_for_byte(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a new data folder, after many edits, under other rules."""
    told: dict[str, Any] = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    period, ledger = Period.parse(told["period"]), tmp_path / "别处" / "台账.boai-db"
    ledger.parent.mkdir()
    shutil.copy(kept, ledger)
    with Store.open(ledger, recovery_code=told["code"]) as store:
        assert not MIGRATIONS.pending(store.db)
        assert vault.id_of(store.db) == told["ledger"]
        assert untrue(store) == []
        assert [p.what for p in verify(store) if p.grave and p.kind != "key"] == []
        assert _sums(store, period, tmp_path / "a") == told["editions"]
        frozen = [e.manifest for e in editions(store, period)]
        dice = random.Random(4)
        for n in range(EDITS):
            with store.operation("改"):
                if n % 3 == 0:
                    row = whole(
                        "fund_entry", entry_on="2026-08-02", direction="income", category="捐赠", amount_fen=n + 1
                    )
                    store.save(FUND_ENTRY, row)
                elif n % 3 == 1:
                    store.save(VOLUNTEER, {"id": dice.randint(1, 4), "name": f"改名{n}"})
                else:
                    store.save(TEAM, {"id": dice.randint(1, 2), "name": f"改名队{n}"})
        others = [
            dataclasses.replace(c, title="改了的规则", effective_from=c.effective_from) for c in rules.register()[:-3]
        ]
        with monkeypatch.context() as ruled:
            ruled.setattr(rules, "register", lambda: tuple(others))
            assert _sums(store, period, tmp_path / "b") == told["editions"]
            assert any(line.clause and "rule" in line.causes for line in difference(store, period)[0])
        assert [e.manifest for e in editions(store, period)] == frozen
        lines, changed = difference(store, period)
        assert any(line.figure == "income_fen" for line in lines)
        assert {c.record for c in changed} == {"fund_entry", "volunteer", "team"}
        package = tmp_path / "a.boai"
        package.write_bytes(package_bytes(store, period)[0])
        assert read_package(package).said["edition_sha256"] == edition_of(store, period).sha256
