"""An error at a file call: ``python -m tests.qa.fault [--n N] [--seed S] [--control]``; ``--n 0``: at every call, every fault.

EIO and ENOSPC once (a virus scanner, a full disk), and EIO from that call on (a stick that was pulled); where a file or a
folder is read, EIO and EACCES once. The operation must end in a sentence or in success, never in a fault of ours, and the
next start must find what it found before or all that was acknowledged. The control is that of `tests.qa.kill`.
"""

import random
from collections.abc import Sequence

from tests.qa.office import Counts, main, office
from tests.qa.operations import add_old_ledger, every_call, run, script, verdict

_LASTING = ("pwrite64", "fsync", "fdatasync", "ftruncate")  # others Python itself needs
_WRITING, _READING = (("EIO", ""), ("ENOSPC", ""), ("EIO", "+")), (("EIO", ""), ("EACCES", ""))


def trial(count: int, seed: int, control: bool = False, among: Sequence[str] = ()) -> Counts:
    """Fail `count` calls (0: every one, in every way); return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place:
        add_old_ledger(place)
        faults = [
            (operation, call, error, when)
            for operation, call in every_call(place, among, careless=control, reading=not control)
            for error, when in (_READING if call.reads else _WRITING)
            if not when or call.name in _LASTING
        ]
        for operation, call, error, when in dice.choices(faults, k=count) if count else faults:
            done = run(
                place, script(operation, careless=control), "-o", "/dev/null", "-e", f"trace={call.name}",
                "-e", f"inject={call.name}:error={error}:when={call.number}{when}",
            )  # fmt: skip
            outcome = verdict(place, operation, done.stdout.decode().splitlines())
            if done.returncode and outcome == "good":
                outcome = f"fault of ours: {done.stderr.decode().strip().splitlines()[-1][:100]}"
            at = f"({operation}, {call.name} {call.number}{when}, {error})"
            found[outcome if outcome == "good" else f"{outcome} {at}"] += 1
    return found


if __name__ == "__main__":
    main(__doc__, trial, 100)
