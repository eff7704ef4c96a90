"""`python -m tests.oracle --seeds 0-199`: many random offices, and where program and oracle differ."""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.oracle.compare import computed_differences, semi_differences, standing_differences

KINDS = {"computed": computed_differences, "semi": semi_differences, "standing": standing_differences}


def main() -> int:
    """Print differences by clause and figure; 1 if there is any."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--seeds", default="0-24", help="first-last, or one seed")
    parser.add_argument("--show", type=int, default=3, help="how many lines of each kind")
    parser.add_argument("--only", default="", help="only figures or clauses whose name contains this")
    parser.add_argument("--kind", choices=tuple(KINDS), nargs="+", default=list(KINDS))
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(int(first), int(last or first) + 1):
            for difference in (d for kind in options.kind for d in KINDS[kind](seed, Path(folder))):
                if options.only not in difference.where:
                    continue
                counts[difference.where] += 1
                if counts[difference.where] <= options.show:
                    print(f"seed {seed}: {difference.where}: {difference.line}", flush=True)
    for where, times in counts.most_common():
        print(f"{times:6d}  {where}")
    print("no difference" if not counts else f"{sum(counts.values())} differences")
    return 1 if counts else 0


if __name__ == "__main__":
    raise SystemExit(main())
