"""Make the small ledger that is kept for each released version: ``python -m tests.offices.released VERSION``.

It has one frozen edition and a correction of it; `test_released_ledgers` opens every one that is kept here. What is made is
never made again: a release adds its own. All people are invented.
"""

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent / "reference"


def make(version: str, folder: Path = HERE) -> Path:
    """Write ``ledger-VERSION.boai-db`` and beside it what must be found in it: the code that opens it, each file's SHA-256."""
    from db.records.entities import FUND_ENTRY
    from db.storage import vault
    from db.tasks.editions import editions, files_of
    from desktop.services import editions as frozen
    from tests.offices.levels import COUNTIES, Q3, corrected, county, handed_up, whole

    with tempfile.TemporaryDirectory() as place:
        os.environ["BOAI_DATA"] = place
        store = county(Path(place, "a"), *COUNTIES[0])
        with pytest.MonkeyPatch.context() as small:  # one finished file is enough, and the ledger stays small
            small.setattr(frozen, "FORMATS", ("pdf",))
            handed_up(store)
        with store.operation("补登"):
            store.save(
                FUND_ENTRY,
                whole("fund_entry", entry_on="2026-08-01", direction="income", category="捐赠", amount_fen=7700),
            )
        corrected(store, "补登一笔捐赠")
        found = {
            str(e.number): {name: hashlib.sha256(content).hexdigest() for name, content in files_of(store, e)}
            for e in editions(store, Q3)
        }  # fmt: skip
        assert store.path is not None
        assert store.secret is not None
        path, code, uid = store.path, store.secret.code(), vault.id_of(store.db)
        store.close()
        target = folder / f"ledger-{version}.boai-db"
        target.write_bytes(path.read_bytes())
    told = {"code": code, "ledger": uid, "period": str(Q3), "editions": found}
    target.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target


if __name__ == "__main__":
    print(make(sys.argv[1]))
