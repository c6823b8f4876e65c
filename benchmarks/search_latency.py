"""How long a warm search takes on the seeds: python -m benchmarks.search_latency [--rounds 200]"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant import Assistant, Settings

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTIONS = (
    "Did Nvidia abandon the deal?",
    "Nvidia a-t-il abandonné l'accord ?",
    "What does a GPU do?",
    "Qu'est-ce qu'une lettre d'intention ?",
    "How much will Nvidia invest in OpenAI?",
    "Who won the 1998 World Cup?",
    "What did Huang say in Taipei?",
    "Qui a des réserves sur l'accord ?",
    "Is a letter of intent binding?",
    "Que craint Jensen Huang ?",
)
"""More than the embedding model remembers, so that each is encoded anew."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="searches a question")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home, Assistant(Settings(home=Path(home))) as assistant:
        assistant.reindex([SEEDS])
        for name, call in (("search", assistant.search), ("ask", assistant.ask)):
            for question in QUESTIONS:
                call(question)
            taken = []
            for _ in range(rounds):
                for question in QUESTIONS:
                    began = time.perf_counter()
                    call(question)
                    taken.append(time.perf_counter() - began)
            p50, p95 = np.percentile(taken, [50, 95]) * 1000
            print(f"{name:<7} median {p50:5.1f} ms   95th percentile {p95:5.1f} ms   ({len(taken):,} calls)")


if __name__ == "__main__":
    main()
