"""Kill an indexing process again and again, and see that nothing is lost.

    python -m benchmarks.crash_safety [--random 100] [--writing 50] [--articles 300]

The first runs fill an empty home, later ones bring one up to date with a folder in which one article in twenty was
rewritten, one removed and one added. A run is killed (-9) at a random moment, or when the files of its generation have
changed so often; one that was starting still, or had done its work, is not counted. Then the home must open, without a
problem, and find only what its articles say; and after another run it must hold the same passages as a home that was
made in one go, and find the same best passage for 50 questions. Anything else ends the benchmark with an error.
"""

import argparse
import random
import tempfile
import time
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.index.crashing import Articles, Trial, kill_at_work, kill_while_writing, trials

_A_TRIAL = 10
"""Runs of one kind before the folder changes again."""
_CHANGES = 40
"""Changes of files that are waited for at most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=100, help="kills at random moments")
    parser.add_argument("--writing", type=int, default=50, help="kills while index files are written")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    asked = {"random": arguments.random, "writing": arguments.writing}
    runs, struck = dict.fromkeys(asked, 0), dict.fromkeys(asked, 0)
    moments = random.Random(arguments.seed)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        for trial in trials(folder, Articles(folder / "articles", arguments.articles, seed=arguments.seed)):
            print(f"{len(trial.expected.passages):,} passages; a run takes {trial.seconds:.1f} s", flush=True)
            for kind in asked:
                for _ in range(_A_TRIAL):
                    if struck[kind] < asked[kind]:
                        runs[kind] += 1
                        struck[kind] += trial.survives(partial(_kill, moments, kind, trial), folder)
            print(f"  killed {struck['random']} at random and {struck['writing']} while writing", flush=True)
            if struck == asked:
                break
    for kind, when in (("random", "at random moments"), ("writing", "while index files were written")):
        print(f"{when}: {struck[kind]} runs of {runs[kind]} killed in their work, none lost anything")
    print(f"in {time.monotonic() - began:.0f} s")


def _kill(moments: random.Random, kind: str, trial: Trial, process: BaseProcess, home: Path) -> bool:
    if kind == "random":
        return kill_at_work(process, home, moments.uniform(0, trial.seconds))
    return kill_while_writing(process, home, moments.randint(1, _CHANGES))


if __name__ == "__main__":
    main()
