"""What readers think of answers: kept in the home folder, one line of JSON each, and turned into an evaluation set.

Nothing says who gave it. The file only grows; a line that a crash cut off is skipped.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from assistant.errors import AssistantError
from assistant.models import Answer

FEEDBACK_FILE: Final = "feedback.jsonl"
MAX_WORDS: Final = 2_000
"""Characters of the reader's own words that are kept."""
MAX_TEXT: Final = 20_000
"""Characters of a question, an answer or a quote that are kept."""
MAX_FILE: Final = 64 * 1024 * 1024
"""Bytes that the file may have: some 20,000 answers. Beyond it, feedback is refused."""

_PATIENCE: Final = 5.0
"""Seconds to wait for another writer; each writes a line."""


class FeedbackKind(StrEnum):
    """What a reader says of an answer. WRONG_CITATION: a footnote does not bear out what cites it."""

    GOOD = "good"
    BAD = "bad"
    WRONG_CITATION = "wrong citation"


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """A footnote of the answer: the address of its article, its place in the text, and the quote there."""

    source: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of one answer. `words` are the reader's own, `given` is the moment, in UTC.

    `abstained` says that the answer declined, `model` is what wrote it, None where it quoted.
    """

    kind: FeedbackKind
    question: str
    answer: str
    citations: tuple[CitedSpan, ...] = ()
    words: str = ""
    language: str = ""
    model: str | None = None
    abstained: bool = False
    given: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class FeedbackRead:
    """All feedback of a home, the oldest first. `skipped` counts lines that could not be read."""

    feedback: tuple[Feedback, ...]
    skipped: int = 0


def describe_answer(answer: Answer, kind: FeedbackKind, words: str = "") -> Feedback:
    """Return what is kept of an answer and of what a reader says about it. Long texts are cut."""
    return Feedback(
        kind=kind,
        question=_kept(answer.question, MAX_TEXT),
        answer=_kept(answer.text, MAX_TEXT),
        citations=tuple(
            CitedSpan(citation.article.source, citation.start, citation.end, _kept(citation.quote, MAX_TEXT))
            for citation in answer.citations
        ),
        words=_kept(words.strip(), MAX_WORDS),
        language=answer.language,
        model=answer.model,
        abstained=answer.abstained,
    )


def add_feedback(home: Path, feedback: Feedback, *, limit: int = MAX_FILE) -> None:
    """Append feedback to the file in `home`; it is on disk when this returns. Safe in several threads and processes.

    The file grows to `limit` bytes. Raises AssistantError where it is full, cannot be written, or another writer holds
    it for long.
    """
    path = home / FEEDBACK_FILE
    line = json.dumps(asdict(feedback) | {"given": feedback.given.isoformat()}, ensure_ascii=False).encode()
    try:
        with FileLock(f"{path}.lock", timeout=_PATIENCE), path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size + len(line) > limit:
                raise AssistantError(
                    f"The feedback file {path} has {size:,} bytes, and {limit:,} is the most. "
                    "Move it away, and give your feedback again."
                )
            file.write(_line_end(path, size) + line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise AssistantError(
            f"Your feedback cannot be kept in {path}: {_reason(error)}. Check its permissions and its disk."
        ) from error


def read_feedback(home: Path) -> FeedbackRead:
    """Read the feedback of a home. Raises AssistantError where the file cannot be read."""
    path = home / FEEDBACK_FILE
    feedback: list[Feedback] = []
    skipped = 0
    try:
        with path.open("rb") as lines:
            for line in lines:
                try:
                    feedback.append(_feedback(json.loads(line)))
                except (ValueError, TypeError, KeyError):
                    skipped += bool(line.strip())
    except FileNotFoundError:
        return FeedbackRead(())
    except OSError as error:
        raise AssistantError(
            f"The feedback in {path} cannot be read: {_reason(error)}. Check its permissions."
        ) from error
    return FeedbackRead(tuple(feedback), skipped)


def evaluation_cases(feedback: Iterable[Feedback], is_indexed: Callable[[str], bool]) -> Iterator[Mapping[str, object]]:
    """Yield the questions whose answers were good, each as a line of a dataset that `assistant evaluate` reads.

    What a good answer cited is its gold; a good answer that declined makes its question unanswerable. The last word on
    a question counts, so one that was called good and later bad is left out, as is one whose articles are all gone.
    """
    for last in {one.question.strip(): one for one in feedback}.values():
        if last.kind is not FeedbackKind.GOOD:
            continue
        case: dict[str, object] = {"question": last.question.strip(), "language": last.language}
        if last.abstained:
            yield case | {"unanswerable": True}
            continue
        held = [citation for citation in last.citations if is_indexed(citation.source)]
        if held:
            yield case | {
                "sources": _different(citation.source for citation in held),
                "answers": _different(citation.quote for citation in held),
            }


def export_cases(feedback: Iterable[Feedback], path: Path, is_indexed: Callable[[str], bool]) -> int:
    """Write `evaluation_cases` to a file that `assistant evaluate` reads, and return how many they are.

    Raises AssistantError where the file does not end in .jsonl or cannot be written.
    """
    if path.suffix.lower() != ".jsonl":
        raise AssistantError(f"{path} would not be read as a question a line. Let its name end in .jsonl.")
    cases = list(evaluation_cases(feedback, is_indexed))
    try:
        path.write_text("".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in cases), encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"{path} cannot be written: {_reason(error)}. Name another file.") from error
    return len(cases)


def _line_end(path: Path, size: int) -> bytes:
    """Return the line break that a line before, cut off by a crash, may be without."""
    if size == 0:
        return b""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return b"" if file.read(1) == b"\n" else b"\n"


def _feedback(line: Any) -> Feedback:
    given = datetime.fromisoformat(line["given"])
    citations = tuple(
        CitedSpan(str(cited["source"]), int(cited["start"]), int(cited["end"]), str(cited["quote"]))
        for cited in line["citations"]
    )
    return Feedback(
        kind=FeedbackKind(line["kind"]),
        question=str(line["question"]),
        answer=str(line["answer"]),
        citations=citations,
        words=str(line["words"]),
        language=str(line["language"]),
        model=line["model"] if line["model"] is None else str(line["model"]),
        abstained=bool(line["abstained"]),
        given=given,
    )


def _kept(text: str, limit: int) -> str:
    """Return the beginning of a text, without halves of surrogate pairs, which no file can hold."""
    return text[:limit].encode("utf-8", "replace").decode("utf-8")


def _different(texts: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(texts))


def _reason(error: OSError) -> str:
    return "another program is writing to it" if isinstance(error, Timeout) else error.strerror or str(error)
