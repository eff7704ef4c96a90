"""Kill eleven operations before a file call: ``python -m tests.qa.kill [--n N] [--seed S] [--control]``; ``--n 0``: before every call.

A first run under ``strace`` lists the calls that touch the office's folder; every further run is killed before one of
them. The next start must open the ledger, with all that was acknowledged, nothing half done, and nothing to complain of.
The control kills a program that says "saved" before it is, and one that restores by writing over what is there.
"""

import random
from collections.abc import Sequence

from tests.qa.office import Counts, main, office
from tests.qa.operations import add_old_ledger, every_call, run, script, verdict


def trial(count: int, seed: int, control: bool = False, among: Sequence[str] = ()) -> Counts:
    """Kill `count` times (0: before every call); return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place:
        add_old_ledger(place)
        points = list(every_call(place, among, careless=control))
        for operation, call in dice.choices(points, k=count) if count else points:
            done = run(
                place, script(operation, careless=control), "-o", "/dev/null", "-e", f"trace={call.name}",
                "-e", f"inject={call.name}:signal=KILL:when={call.number}",
            )  # fmt: skip
            outcome = verdict(place, operation, done.stdout.decode().splitlines())
            found[outcome if outcome == "good" else f"{outcome} ({operation}, {call.name} {call.number})"] += 1
    return found


if __name__ == "__main__":
    main(__doc__, trial, 100)
