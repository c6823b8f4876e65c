"""How long a model's first word takes from its arrival on the wire to the reader: python -m benchmarks.first_token

A server on this machine streams replies to langchain-openai; its clock and the reader's are the same. The reader takes
the snapshots of `Assistant.stream`, over the seeds. What is counted is the time from the moment the server hands the
event with the first word to the socket to the moment a snapshot shows it, and the same for every later snapshot and the
newest event before it. `--replies` says how many replies are read.
"""

import argparse
import statistics
import tempfile
import time
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from assistant import Assistant, load_settings
from tests.chat_server import Script, running_server

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTION = "What did Huang say about the deal?"
REPLY = "Huang called that nonsense [1.2], and promised to invest a great deal of money in the company [1.3]."
TRANSLATION = "fr: Qu'a dit Huang de l'accord ?"
"""The reply of the small call that translates the question, remembered from the first reply on."""
TARGET_MS = 30
# The first event of the server carries the role and no text.
_FIRST_TEXT = 1


def measure(replies: int, *, pause: float = 0.02) -> tuple[list[float], list[float]]:
    """Return the milliseconds of the first words of so many replies, and those of all their snapshots.

    `pause` are the seconds between two events. Raises RuntimeError when a reader saw nothing grow.
    """
    first: list[float] = []
    every: list[float] = []
    with tempfile.TemporaryDirectory() as home, running_server() as server:
        settings = load_settings(home=home, model="openai:test", base_url=server.base_url, retries=0)
        with Assistant(settings) as assistant:
            assistant.reindex([SEEDS])
            for number in range(replies + 1):
                script = server.script = Script(reply=_reply, pause=pause)
                seen = _seen(assistant)
                if len(seen) < len(REPLY) // 10:
                    raise RuntimeError(f"The reader saw {len(seen)} snapshots of {len(script.sent)} events.")
                if number:  # the first reply also loads what is loaded when it is first used
                    sent = script.sent[_FIRST_TEXT:]
                    first.append((seen[0] - sent[0]) * 1_000)
                    every += [(shown - sent[max(0, bisect_left(sent, shown) - 1)]) * 1_000 for shown in seen]
    return first, every


def _reply(prompt: str) -> str:
    return REPLY if "Passage 1" in prompt else TRANSLATION


def _seen(assistant: Assistant) -> list[float]:
    """Return when each snapshot came that shows more than the one before, but for the checked ones at the end."""
    seen: list[float] = []
    shown = ""
    for snapshot in assistant.stream(QUESTION):
        if snapshot.usage is None and len(snapshot.text) > len(shown):
            seen.append(time.perf_counter())
            shown = snapshot.text
    return seen


def report(name: str, waits: Sequence[float]) -> str:
    """Return a line with the median, the 95th percentile and the longest wait."""
    ordered = sorted(waits)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return (
        f"{name:<14} {statistics.median(ordered):>8.2f} {p95:>8.2f} {ordered[-1]:>8.2f}   ms, {len(ordered)} measured"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=50)
    first, every = measure(parser.parse_args().replies)
    print(f"{'':<14} {'median':>8} {'95%':>8} {'longest':>8}")
    print(report("first word", first))
    print(report("every snapshot", every))
    print(f"target for the first word: under {TARGET_MS} ms")


if __name__ == "__main__":
    main()
