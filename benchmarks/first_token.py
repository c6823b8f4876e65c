"""How long a token takes from its arrival on the wire to the reader: python -m benchmarks.first_token

A server on this machine streams replies to langchain-openai; its clock and the reader's are the same. What is counted
is the time from the moment the server hands an event to the socket to the moment `stream_reply` yields its text.
`--replies` says how many replies are read.
"""

import argparse
import statistics
import time
from collections.abc import Sequence

from assistant import load_settings
from assistant.delivery import stream_reply
from assistant.providers import load_model
from tests.chat_server import Script, running_server

REPLY = "No. Huang called that nonsense [1.2], and promised to invest a great deal of money in the company [1.3]."
TARGET_MS = 30
# The first event of the server carries the role and no text.
_FIRST_TEXT = 1


def measure(replies: int, *, pause: float = 0.01) -> tuple[list[float], list[float]]:
    """Return the milliseconds of the first tokens of so many replies, and those of all their tokens.

    Raises RuntimeError when a token was lost.
    """
    with running_server() as server:
        settings = load_settings(model="openai:test", base_url=server.base_url, retries=0)
        model = load_model(settings)
        first: list[float] = []
        every: list[float] = []
        for number in range(replies + 1):
            script = server.script = Script(reply=lambda prompt: REPLY, pause=pause)
            seen = []
            for _ in stream_reply(model, "Why?", settings):
                seen.append(time.perf_counter())
            sent = script.sent[_FIRST_TEXT : _FIRST_TEXT + len(seen)]
            if len(seen) != len(range(0, len(REPLY), 3)):
                raise RuntimeError(f"{len(seen)} pieces arrived of {len(sent)}")
            waits = [(arrived - left) * 1_000 for left, arrived in zip(sent, seen, strict=True)]
            if number:  # the first reply also loads what the package loads when it is first used
                first.append(waits[0])
                every += waits
    return first, every


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
    print(report("first token", first))
    print(report("every token", every))
    print(f"target for the first token: under {TARGET_MS} ms")


if __name__ == "__main__":
    main()
