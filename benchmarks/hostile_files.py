"""Meet every hostile file of the tests' table, and print what became of it: `python -m benchmarks.hostile_files`.

Each is made, read in a child process within 30 seconds and 1 GB, cut into passages, and taken away again.
"""

import sys
import tempfile
from pathlib import Path

from index.loading.isolation import FileReaders
from tests.index.hostile import HOSTILE, meet


def main() -> None:
    outcomes = []
    with tempfile.TemporaryDirectory() as folder, FileReaders() as readers:
        for hostile in HOSTILE:
            outcome = meet(hostile, Path(folder), readers)
            outcomes.append(outcome)
            fault = f"  FAULT: {outcome.fault}" if outcome.fault else ""
            print(f"{outcome.seconds:6.2f} s  {outcome.name:<36}  {outcome.said[:110]}{fault}", flush=True)
    faults = sum(bool(outcome.fault) for outcome in outcomes)
    slowest = max(outcome.seconds for outcome in outcomes)
    print(f"\n{len(outcomes)} files, {faults} faults, the slowest {slowest:.1f} s")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
