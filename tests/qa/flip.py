"""One byte changed anywhere, one after another: ``python -m tests.qa.flip [--n N] [--seed S] [--control]``.

In the ledger, its keys and marks, an attachment, a local pack, a backup. Every change must be told, or change nothing
that is read; none may be silent, and none a fault of ours. The control flips a plain database without page seals.
"""

import random
import sqlite3
import tempfile
from pathlib import Path

from db.errors import UserError
from db.records.entities import ENTITIES
from db.storage import vault
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import backup_file
from tests.qa.office import Counts, Place, look, main, office


def run(count: int, seed: int, control: bool = False) -> Counts:
    """Flip `count` bytes; return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place:
        if control:
            _plain(place, max(count, 400), dice, found)  # about one in fifteen is silent
            return found
        ledger = place.fresh()
        before = look(ledger, None)
        assert before.content is not None
        assert before.problems == ()
        files = [p for p in sorted(ledger.parent.rglob("*")) if p.is_file() and p.suffix not in (".txt", ".lock")]
        files = [p for p in files if p.name != "installation"] + [
            ledger
        ] * 12  # most bytes that matter are the ledger's
        for _ in range(count):
            file = dice.choice(files)
            whole = file.read_bytes()
            at = dice.randrange(len(whole))
            changed = bytearray(whole)
            changed[at] ^= 1 << dice.randrange(8)
            file.write_bytes(changed)
            kind = "ledger" if file == ledger else file.suffix or "attachment"
            found[f"{_outcome(place, file, before.content)}: {kind}"] += 1
            file.write_bytes(whole)
    return found


def _outcome(place: Place, file: Path, before: str) -> str:
    if file.suffix == backup_file.SUFFIX:
        try:
            backup_file.read(file).check(Secret.from_code(place.code).backup_key())
        except UserError:
            return "good, told"
        except Exception as error:
            return f"fault {type(error).__name__}"
        return "good, nothing changed"  # bytes of the zip that mean nothing: every part was hashed
    seen = look(place.ledger, None)
    if seen.fault:
        return f"fault {seen.fault.splitlines()[-1][:80]}"
    if seen.told:
        return "good, told"
    return "good, nothing changed" if seen.content == before else "silent"


def _plain(place: Place, count: int, dice: random.Random, found: Counts) -> None:
    """The same rows in a plain file: some flips must change them without a word."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "plain.db"
        with Store.open(place.fresh()) as store:
            db = sqlite3.connect(path)
            for entity in ENTITIES:
                names = ["id", *(f.name for f in entity.fields)]
                db.execute(f"CREATE TABLE {entity.name} ({', '.join(names)})")
                rows = [[row[n] for n in names] for row in store.rows(entity)]
                db.executemany(f"INSERT INTO {entity.name} VALUES ({', '.join('?' * len(names))})", rows)
            db.commit()
            db.close()
        whole, before = path.read_bytes(), _read(path)
        assert vault.PAGE == 4096
        for _ in range(count):
            changed = bytearray(whole)
            changed[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
            path.write_bytes(changed)
            try:
                found["good, nothing changed" if _read(path) == before else "silent"] += 1
            except (sqlite3.DatabaseError, UnicodeDecodeError):
                found["good, told"] += 1


def _read(path: Path) -> str:
    db = sqlite3.connect(path)
    try:
        if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError
        return repr([db.execute(f"SELECT * FROM {e.name}").fetchall() for e in ENTITIES])
    finally:
        db.close()


if __name__ == "__main__":
    main(__doc__, run, 10_000)
