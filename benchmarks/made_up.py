"""Articles, questions and vectors that are made up, as many as a measurement wants, the same ones every time.

Texts are made of real words, drawn as often as they occur (wordfreq), three fifths English and two fifths French, and
each article keeps to a topic of words of its own. The vectors of documents lie around those of the topics; questions
are encoded by the bundled model, so what that costs is in the figures.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
import wordfreq
from numpy.typing import NDArray

from index import Article, SentenceTransformerEmbedder

TOPICS: Final = 400
_OF_TOPIC: Final = 40
"""Words that a topic has of its own."""
PASSAGES: Final = 14
"""Passages of an article, on average."""
DAYS: Final = 1_500
"""Articles are spread over so many days since the first."""
FIRST: Final = date(2022, 1, 1)
_OPENINGS: Final = {
    "en": ("What did", "Who said that", "When was", "How many", "Why did the", "Where is the", "Which of the"),
    "fr": ("Que fait", "Qui a dit que", "Quand est-ce que", "Combien de", "Pourquoi le", "Où est la", "Quel est le"),
}


@lru_cache
def vocabulary(language: str) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Return the words of a language and how often each occurs, as shares of 1."""
    frequencies = {
        word: share for word, share in wordfreq.get_frequency_dict(language, "small").items() if word.isalpha()
    }
    shares = np.array(list(frequencies.values()))
    return np.array(list(frequencies)), shares / shares.sum()


def language_of(topic: int) -> str:
    return "en" if topic % 5 < 3 else "fr"


@lru_cache(maxsize=TOPICS)
def topic_words(topic: int) -> list[str]:
    """Return the words of a topic: neither the commonest ones nor typing errors."""
    known, _ = vocabulary(language_of(topic))
    random = np.random.default_rng(topic)
    return [str(word) for word in random.choice(known[300:15_000], _OF_TOPIC, replace=False)]


@lru_cache
def topic_vectors() -> NDArray[np.float32]:
    """Return a vector for each topic, as the bundled model makes it of the topic's words."""
    return SentenceTransformerEmbedder().encode_documents([" ".join(topic_words(topic)) for topic in range(TOPICS)])


def some_words(random: np.random.Generator, topic: int, count: int) -> list[str]:
    """Return running words: three of four as in any text of the language, the fourth of the topic."""
    known, shares = vocabulary(language_of(topic))
    common = random.choice(known, count, p=shares)
    own = random.choice(topic_words(topic), count)
    return [str(word) for word in np.where(random.random(count) < 0.25, own, common)]


def make_article(number: int) -> Article:
    random = np.random.default_rng([1, number])
    topic = number % TOPICS
    running = iter(some_words(random, topic, 1_200))
    sentences = [
        " ".join(next(running) for _ in range(length)).capitalize() + "." for length in random.integers(9, 25, 58)
    ]
    paragraphs = [" ".join(sentences[start : start + 7]) for start in range(0, len(sentences), 7)]
    title = f"{' '.join(topic_words(topic)[:4]).capitalize()} ({number}, topic {topic})"
    published = FIRST + timedelta(int(random.integers(DAYS)))
    return Article(f"made-up/{number}", title, "\n\n".join(paragraphs), published, language_of(topic), "The Benchmark")


def make_question(number: int) -> str:
    random = np.random.default_rng([2, number])
    topic = int(random.integers(TOPICS))
    opening = str(random.choice(_OPENINGS[language_of(topic)]))
    own = [str(word) for word in random.choice(topic_words(topic), int(random.integers(2, 5)), replace=False)]
    total = int(random.integers(8, 15)) - len(opening.split()) - len(own)
    known, shares = vocabulary(language_of(topic))
    running = [str(word) for word in random.choice(known, max(total, 0), p=shares)] + own
    random.shuffle(running)
    return f"{opening} {' '.join(running)}?"


class MadeUpDocuments:
    """An embedder that encodes questions with the bundled model and makes the vectors of documents up."""

    name = "made-up-documents"
    revision = "1"

    def __init__(self) -> None:
        self._model = SentenceTransformerEmbedder()
        self.encode_query = self._model.encode_query
        self.count_pieces = self._model.count_pieces
        self.encode_tokens = self._model.encode_tokens

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return for each text its topic's vector, moved towards another topic's and shaken, by the text itself."""
        topics = topic_vectors()
        vectors = np.empty((len(texts), topics.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            topic = int(text.split("\n", 1)[0].rpartition(" ")[2].rstrip(")"))
            random = np.random.default_rng(list(hashlib.sha256(text.encode()).digest()))
            noise = random.standard_normal(vectors.shape[1]) / vectors.shape[1] ** 0.5
            vectors[row] = topics[topic] + 0.5 * topics[random.integers(TOPICS)] + 0.5 * noise
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
