"""Backups brought back elsewhere: ``python -m tests.qa.restore [--n N] [--seed S] [--control]``.

An office that goes on working is backed up by hand, by itself (attachments in the library), or before an import; each
backup is restored on a computer that knows nothing of it, by the recovery code, or over the ledger itself. Rows, log and
files must be those of the moment. The control changes a byte of the backup or of the library: it must be refused.
"""

import random
import shutil

from db.errors import UserError
from db.records.entities import TOWNSHIP
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup, restoring
from db.tasks.attachments import attach
from tests.qa.office import AT, Counts, content, look, main, office


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Back up and restore `count` times; return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place:
        ledger = place.fresh()
        for number in range(count):
            if number % 50 == 49:
                ledger = place.fresh()
            way = dice.choice(("by hand", "by itself", "before an import"))
            with Store.open(ledger, recovery_code=place.code) as store:
                with store.operation("新增"):
                    store.save(TOWNSHIP, {"name": f"镇{number}"})
                if dice.random() < 0.3:
                    (ledger.parent / "文件.txt").write_text(str(number), encoding="utf-8")
                    attach(store, ledger.parent / "文件.txt", on=AT.date())
                if way == "before an import":
                    made = backup.back_up_before(store, "导入")
                elif way == "by itself":
                    folder = ledger.parent / "备份处"
                    made = backup.back_up(store, backup.next_automatic(folder, AT), AT, shared=True)
                    assert store.secret is not None
                    backup.thin(folder, 3, store.secret)
                else:
                    made = backup.back_up(store, ledger.parent / "手工.boai-backup", AT)
                assert made is not None
                before = content(store)
                with store.operation("后来"):
                    store.save(TOWNSHIP, {"name": f"后来{number}"})
            if control:
                whole = made.path.read_bytes()
                at = dice.randrange(200, len(whole) - 200)
                made.path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            there = ledger if way == "before an import" or dice.random() < 0.3 else ledger.parent / "new" / "x.boai-db"
            shutil.rmtree(ledger.parent / "new", ignore_errors=True)
            try:
                restoring.restore(made.path, there, AT, lambda path: vault.unlock(path, recovery_code=place.code))
            except UserError as error:
                found[f"refused: {type(error).__name__}"] += 1
                continue
            for aside in ledger.parent.glob("*恢复前*"):
                shutil.rmtree(aside) if aside.is_dir() else aside.unlink()
            seen = look(there, place.code)
            told = [p.kind for p in seen.problems if p.kind not in ("journal", "key")]
            same = seen.content == before and not told and not seen.refused and not seen.fault
            found["good" if same else f"other content: {way} {told} {seen.refused} {seen.fault[-80:]}"] += 1
    return found


if __name__ == "__main__":
    main(__doc__, trial, 300)
