"""All figures that have a goal, one after the other: ``python -m tests.bench [NAME ...]``.

Every one of them lets the program and its floor take turns and prints the ratio: a time by itself says more about the
machine than about us. A quiet machine is needed all the same.
"""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Run what was named, or everything."""
    there = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))
    wanted = sys.argv[1:] or there
    if unknown := sorted(set(wanted) - set(there)):
        sys.exit(f"unknown: {', '.join(unknown)}; there are: {', '.join(there)}")
    for name in wanted:
        print(f"== {name}", flush=True)
        sys.argv = [name]
        importlib.import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
