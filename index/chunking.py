"""Cut an article into passages, each a run of whole sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from index.models import Span
from index.text import split_sentences

CHUNKER: Final = "titled-sentences-2"
"""Recorded in the index. Change it with anything that moves the borders of passages or changes what is embedded."""

_TARGET: Final = 500
"""Characters. all-MiniLM-L6-v2 reads 256 word pieces, about 700 characters of French and 1,000 of English."""
_ENOUGH: Final = 250
"""Characters. A passage of this length ends where its paragraph ends."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The place of a passage in its article: `text[start:end]`, and the spans of its sentences in `text`."""

    start: int
    end: int
    sentences: tuple[Span, ...]


def split_article(text: str, language: str = "", *, target: int = _TARGET, enough: int = _ENOUGH) -> list[Chunk]:
    """Return the passages of `text`, in order.

    Every sentence of the text is in exactly one passage. A passage grows by whole sentences up to `target` characters
    and stops early at the end of a paragraph once it has `enough`; a single longer sentence is a passage of its own.
    """
    chunks: list[Chunk] = []
    run: list[Span] = []
    for sentence in split_sentences(text, language):
        if run and _is_full(text, run, sentence, target, enough):
            chunks.append(_chunk(run))
            run = []
        run.append(sentence)
    if run:
        chunks.append(_chunk(run))
    return chunks


def _is_full(text: str, run: Sequence[Span], following: Span, target: int, enough: int) -> bool:
    if following.end - run[0].start > target:
        return True
    paragraph_ends = text.count("\n", run[-1].end, following.start) > 1
    return paragraph_ends and run[-1].end - run[0].start >= enough


def _chunk(run: Sequence[Span]) -> Chunk:
    return Chunk(run[0].start, run[-1].end, tuple(run))
