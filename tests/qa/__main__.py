"""All trials of safety, one after another, each with its control: ``python -m tests.qa [--scale X] [--seed S]``.

``--scale 1`` is what a release needs (hours); 0.01 is a look. Prints a line for each; 1 where something bad was found,
or where a control found nothing.
"""

import argparse
import sys
import time

from tests.qa import (
    aims,
    canary,
    clean,
    fault,
    finding,
    flip,
    hostile_files,
    hostile_words,
    intruder,
    kill,
    logcut,
    logs,
    masks,
    packages,
    powercut,
    restore,
    tamper,
)
from tests.qa.office import bad

# name, what to run, how many at scale 1, how many of its control
TRIALS = (
    ("kill", kill.trial, 2000, 20), ("fault", fault.trial, 1000, 20), ("powercut", powercut.trial, 10_000, 200),
    ("flip", flip.run, 10_000, 1000), ("logcut", logcut.run, 1000, 30), ("restore", restore.trial, 300, 20),
    ("aims", aims.trial, 500, 40), ("tamper", tamper.trial, 1000, 60), ("clean", clean.run, 1000, 10),
    ("packages", packages.trial, 6000, 300),
    ("canary", canary.trial, 200, 3), ("hostile_words", hostile_words.trial, 10_000, 200), ("masks", masks.trial, 20, 1),
    ("logs", logs.trial, 100_000, 300), ("finding", finding.trial, 100_000, 1000),
    ("intruder", lambda n, s, c: intruder.trial(0, s, c), 14, 3),
    ("hostile_files", hostile_files.trial, 100, 20),
)  # fmt: skip


def main() -> None:
    """Run them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    failed = False
    for name, trial, usual, least in TRIALS:
        start = time.monotonic()
        found = trial(max(9, round(usual * given.scale)), given.seed, False)
        control = trial(least, given.seed, True)
        wrong, bitten = bad(found), bad(control)
        failed |= wrong > 0 or bitten == 0
        print(f"{name}: {sum(found.values())} trials, {wrong} bad; control {bitten} of {sum(control.values())}; "
              f"{time.monotonic() - start:.0f} s", flush=True)  # fmt: skip
        for what, number in sorted(found.items()):
            if not what.startswith("good"):
                print(f"    {what}: {number}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
