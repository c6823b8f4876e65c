"""How long each engine takes with the bundled model: python -m benchmarks.encoders [--rounds 3]

OpenVINO, which encodes questions and short lists of texts, beside sentence-transformers on torch, which encodes the
rest. Each round measures both, in turn, in processes of their own. The medians are printed.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from index.bert import BertEncoder
from index.embedding import BUNDLED_MODEL, Encoder, bundled_folder
from index.torch_encoder import TorchEncoder

ENGINES = ("openvino", "torch")
QUESTIONS = [
    f"What did the mayor of town {number} say about the new bridge in {1900 + number}?" for number in range(96)
]
PASSAGES = [f"{'The bridge was opened again after a long winter of repairs. ' * 9}Report {n}." for n in range(128)]


def measure(engine: str) -> dict[str, float]:
    """Return the seconds that each kind of work takes."""
    began = time.perf_counter()
    encoder = _encoder(engine)
    encoder.encode_questions(["Is everything ready?"])
    found = {"loaded, to the first vector": time.perf_counter() - began}

    def ask(question: str) -> object:
        return encoder.encode_questions([question])

    def in_threads() -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, QUESTIONS))

    found["a question"] = _taken(lambda: [ask(question) for question in QUESTIONS]) / len(QUESTIONS)
    found["a question, 8 threads at it"] = _taken(in_threads) / len(QUESTIONS)
    found["8 passages, word by word"] = _taken(lambda: encoder.encode_plain(PASSAGES[:8]))
    found["128 passages"] = _taken(lambda: encoder.encode_documents(PASSAGES))
    return found


def _encoder(engine: str) -> Encoder:
    return BertEncoder(bundled_folder()) if engine == "openvino" else TorchEncoder(BUNDLED_MODEL, bundled_folder())


def _taken(work: Callable[[], object], rounds: int = 5) -> float:
    work()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.engine:
        print(json.dumps(measure(arguments.engine)))
        return
    found: dict[str, list[dict[str, float]]] = {engine: [] for engine in ENGINES}
    for _ in range(arguments.rounds):
        for engine in ENGINES:
            command = [sys.executable, "-m", "benchmarks.encoders", "--engine", engine]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[engine].append(json.loads(done.stdout.splitlines()[-1]))
    print(f"{'ms':<30}{''.join(f'{engine:>12}' for engine in ENGINES)}")
    for name in found[ENGINES[0]][0]:
        row = [median(turn[name] for turn in found[engine]) * 1000 for engine in ENGINES]
        print(f"{name:<30}{''.join(f'{value:12.1f}' for value in row)}")


if __name__ == "__main__":
    main()
