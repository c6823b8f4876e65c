"""Words with their places and their capitals: what the checks of a statement read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from index.text import fold

_TOKEN: Final = re.compile(r"(?:[^\W\d_]\.){2,}|\d+|[^\W\d_][^\W_]*")
_LONGEST_TEXT: Final = 20_000
"""Characters that are read. A statement has at most 600; what it cites, a few passages."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a run of digits: its folded text without dots ("U.S." is "us"), and its place."""

    text: str
    key: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def acronym(self) -> bool:
        """Whether it is written in capitals alone, or has some inside: WSJ, U.S., OpenAI, H100."""
        return any(character.isupper() for character in self.text[1:])


def listed(words: str) -> frozenset[str]:
    """Return the words of a table that is written as one text."""
    return frozenset(words.split())


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the words of `text`, split at apostrophes and hyphens, of its first 20,000 characters.

    The checks of a statement all read the same few texts, so the last ones are remembered.
    """
    return tuple(_tokens(text[:_LONGEST_TEXT]))


def _tokens(text: str) -> Iterator[Token]:
    for match in islice(_TOKEN.finditer(text), _LONGEST_TEXT):
        key = fold(match[0].replace(".", ""))
        if key:
            yield Token(match[0], key, match.start(), match.end())
