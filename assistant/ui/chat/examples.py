"""Questions to start with, made from the articles that are indexed, so that each has an answer there."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from time import monotonic
from typing import Final

from assistant import Assistant
from assistant.confidence import LOOKED_AT, confidence
from assistant.suggestions import suggest_questions
from index import Article, IndexingError, SearchFilter

FindExamples = Callable[[str], "tuple[Example, ...]"]
"""Returns the questions to start with, for the generation of an index."""

_SEEDS: Final = (
    ("nvidia-openai-deal.en.md", "en", "Did Nvidia abandon the deal?"),
    ("nvidia-openai-accord.fr.md", "fr", "Nvidia a-t-il abandonné l'accord ?"),
    ("lettre-intention-non-contraignante.fr.md", "en", "What is a non-binding letter of intent?"),
    ("processeur-graphique.fr.md", "fr", "Pourquoi l'intelligence artificielle utilise-t-elle des GPU ?"),
    ("why-chips-depend-on-few-factories.en.md", "en", "Why do advanced chips depend on a few factories?"),
)
"""Articles that come with the project, each with a good question about it and that question's language."""
_SHOWN: Final = 5
_EACH: Final = 2
"""Questions of one article at most, so that several articles have their say."""
_NEWEST: Final = 1_000
"""Articles that are looked through for some in every language."""
_OF_EACH: Final = 12
"""Articles of one language at most that are tried: not each has a question."""
_PASSAGES: Final = 3
_SECONDS: Final = 2.0
"""After which no further article is looked at: the first page is not to wait for its examples."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and its language."""

    question: str
    language: str


def remember_examples(assistant: Assistant) -> FindExamples:
    """Return what finds examples once for each generation of the index, however many visitors ask. Safe in threads."""
    lock = threading.Lock()
    found: tuple[str, tuple[Example, ...]] | None = None

    def find(generation: str) -> tuple[Example, ...]:
        nonlocal found
        with lock:
            if found is None or found[0] != generation:
                found = generation, find_examples(assistant)
            return found[1]

    return find


def find_examples(assistant: Assistant) -> tuple[Example, ...]:
    """Return questions that the index answers, each in the language of its article: of many articles and languages.

    The articles that come with the project have good questions already, behind those of the reader's articles.
    """
    try:
        seeds = _seeds(assistant)
        folders = {Path(source).parent for source in seeds}
        newest = islice(assistant.index.articles(texts=False), _NEWEST)
        own = take_languages_in_turn(article for article in newest if Path(article.source).parent not in folders)
        hands = (tuple(_questions(assistant, article)) for article in _within(_SECONDS, own))
        dealt = _deal(list(islice(filter(None, hands), _SHOWN)))
        found = {example.question: example for example in (*dealt, *seeds.values())}
    except IndexingError:
        return ()  # the welcome says what is wrong
    return tuple(found.values())[:_SHOWN]


def take_languages_in_turn(articles: Iterable[Article]) -> Iterator[Article]:
    """Give the first article of each language, then the second of each, and so on. Of those of one title, the first."""
    languages: dict[str, dict[str, Article]] = {}
    for article in articles:
        alike = languages.setdefault(article.language, {})
        if len(alike) < _OF_EACH:
            alike.setdefault(article.title.casefold(), article)
    for turn in zip_longest(*(alike.values() for alike in languages.values())):
        yield from filter(None, turn)


def _seeds(assistant: Assistant) -> dict[str, Example]:
    """Return the question of each article of the project that is indexed, by its address."""
    folders = [Path(source.address) for source in assistant.index.sources()]
    places = ((str(folder / name), language, question) for folder in folders for name, language, question in _SEEDS)
    return {
        source: Example(question, language)
        for source, language, question in places
        if assistant.index.article(source) is not None
    }


def _questions(assistant: Assistant, article: Article) -> Iterator[Example]:
    scope = SearchFilter(sources=(article.source,))
    passages = assistant.index.search(article.title, limit=_PASSAGES, scope=scope, language=article.language)
    answered = partial(_is_answered, assistant, article.language)
    for question in suggest_questions("", passages, article.language, answers=answered, limit=_EACH):
        yield Example(question, article.language)


def _is_answered(assistant: Assistant, language: str, question: str) -> bool:
    passages = assistant.index.search(question, limit=LOOKED_AT, language=language)
    return confidence(question, passages, language, by_words=True) >= assistant.settings.confidence


def _within(seconds: float, articles: Iterable[Article]) -> Iterator[Article]:
    end = monotonic() + seconds
    for article in articles:
        if monotonic() > end:
            return
        yield article


def _deal(hands: Sequence[Sequence[Example]]) -> Iterator[Example]:
    """Give the first question of each article, then the second of each."""
    for turn in range(_EACH):
        yield from (hand[turn] for hand in hands if turn < len(hand))
