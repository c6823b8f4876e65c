"""Versions of an article, and what changed from one to another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final

from index.models import Article
from index.text import split_sentences

KEPT: Final = 10
"""Former versions of an article that are kept, unless it is set."""
_FACTS: Final = ("title", "published", "publisher", "author", "language", "address")


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article. `number` counts from 1; a number is never given to another text of the same article.

    `digest` names the content, wherever it stands. `added` is when it was indexed, in UTC.
    """

    number: int
    digest: str
    added: datetime
    title: str
    current: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """What one version says and another says instead: `before` is "" where something was added, `after` where removed.

    `part` is "text", or the name of another field of Article. Of the text, both are runs of whole sentences.
    """

    part: str
    before: str
    after: str


def compare_articles(before: Article, after: Article) -> tuple[Edit, ...]:
    """Return what changed, fact by fact and sentence by sentence, in the order of the text.

    A change of white space between sentences is none.
    """
    return (*_edited_facts(before, after), *_edited_sentences(before, after))


def _edited_facts(before: Article, after: Article) -> Iterator[Edit]:
    for fact in _FACTS:
        old, new = (str(getattr(article, fact) or "") for article in (before, after))
        if old != new:
            yield Edit(fact, old, new)


def _edited_sentences(before: Article, after: Article) -> Iterator[Edit]:
    old, new = (split_sentences(article.text, article.language) for article in (before, after))
    old_words, new_words = ([a.text[s.start : s.end] for s in spans] for a, spans in ((before, old), (after, new)))
    # Sentences that stand everywhere tell nothing of the order: leaving them out of the matching keeps it quick.
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=True)
    for what, i, j, k, m in matcher.get_opcodes():
        if what != "equal":
            removed = before.text[old[i].start : old[j - 1].end] if i < j else ""
            added = after.text[new[k].start : new[m - 1].end] if k < m else ""
            yield Edit("text", removed, added)
