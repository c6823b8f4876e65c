"""Tell whoever wants to know what became of each question. Knows nothing of what they do with it."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

from assistant.models import Answer


class Outcome(StrEnum):
    """How a question ended. DECLINED: nothing was good enough to answer from. LEFT: who asked did not wait for it."""

    ANSWERED = "answered"
    DECLINED = "declined"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Observation:
    """What became of a question. Times are seconds since it was asked.

    `answer` is the last snapshot that there was. `first_text` is when the first word of it could be read, None where
    there was none.
    """

    outcome: Outcome
    answer: Answer | None
    seconds: float
    first_text: float | None = None


Observer = Callable[[Observation], None]
"""Is told of each question when it is over, in the thread that answered it. Must be quick, and raise nothing."""


def observe(snapshots: Generator[Answer], observers: Sequence[Observer]) -> Generator[Answer]:
    """Yield the snapshots of an answer as they come, and tell the observers how it ended."""
    began = perf_counter()
    outcome, newest, first_text = Outcome.LEFT, None, None
    try:
        with closing(snapshots):
            for newest in snapshots:
                if first_text is None and newest.text:
                    first_text = perf_counter() - began
                if newest.complete:
                    outcome = Outcome.DECLINED if newest.abstained else Outcome.ANSWERED
                yield newest
    except Exception:
        outcome = Outcome.FAILED
        raise
    finally:
        seen = Observation(outcome, newest, perf_counter() - began, first_text)
        for tell in observers:
            tell(seen)
