"""How long a search takes among 100,000 passages, from question to passages, stage by stage.

    python -m benchmarks.search_at_scale [--passages 100000] [--questions 300] [--rounds 3] [--home FOLDER]

The home folder is a real one: catalog, Chroma, tantivy. A second run with the same --home skips the indexing. Texts are
made up of real words, drawn as often as they occur (wordfreq), three fifths English and two fifths French, and each
article keeps to a topic of words of its own. The vectors of documents are made up around those of the topics;
questions are encoded by the bundled model, so what that costs is in the figures.
"""

import argparse
import hashlib
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import wordfreq
from numpy.typing import NDArray

import index.article_index
import index.search
from index import Article, ArticleIndex, SearchFilter, SentenceTransformerEmbedder
from index.catalog import Catalog
from index.dense import ChromaIndex
from index.lexical import TantivyIndex

TOPICS: Final = 400
_OF_TOPIC: Final = 40
"""Words that a topic has of its own."""
_PASSAGES: Final = 14
"""Passages of an article, on average."""
_DAYS: Final = 1_500
"""Articles are spread over so many days since the first."""
_FIRST: Final = date(2022, 1, 1)
_OPENINGS: Final = {
    "en": ("What did", "Who said that", "When was", "How many", "Why did the", "Where is the", "Which of the"),
    "fr": ("Que fait", "Qui a dit que", "Quand est-ce que", "Combien de", "Pourquoi le", "Où est la", "Quel est le"),
}
FILTERS: Final = {
    "no filter": None,
    "90 days of 1,500": SearchFilter(since=_FIRST + timedelta(900), until=_FIRST + timedelta(989)),
    "all but 90 days": SearchFilter(since=_FIRST + timedelta(90)),
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
    published = _FIRST + timedelta(int(random.integers(_DAYS)))
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
        self._topics: NDArray[np.float32] | None = None

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return for each text its topic's vector, moved towards another topic's and shaken, by the text itself."""
        if self._topics is None:
            self._topics = self._model.encode_documents([" ".join(topic_words(topic)) for topic in range(TOPICS)])
        vectors = np.empty((len(texts), self._topics.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            topic = int(text.split("\n", 1)[0].rpartition(" ")[2].rstrip(")"))
            random = np.random.default_rng(list(hashlib.sha256(text.encode()).digest()))
            noise = random.standard_normal(vectors.shape[1]) / vectors.shape[1] ** 0.5
            vectors[row] = self._topics[topic] + 0.5 * self._topics[random.integers(TOPICS)] + 0.5 * noise
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


class Stopwatch:
    """Seconds by stage, of one search."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def watching(self, stages: Sequence[tuple[str, Any, str]]) -> Iterator[None]:
        """Time functions by stage, given as (stage, owner, name of the function)."""
        originals = [(owner, name, getattr(owner, name)) for _, owner, name in stages]
        for (stage, owner, name), (_, _, original) in zip(stages, originals, strict=True):
            setattr(owner, name, self._timed(stage, original))
        try:
            yield
        finally:
            for owner, name, original in originals:
                setattr(owner, name, original)

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            began = time.perf_counter()
            result = function(*arguments, **options)
            # The engine of words answers for two fields, which its first argument names.
            field = f" ({arguments[1]})" if stage == "lexical" else ""
            self.seconds[stage + field] += time.perf_counter() - began
            return result

        return timed


def stages_of(embedder: MadeUpDocuments) -> list[tuple[str, Any, str]]:
    look_ups = [name for name in vars(Catalog) if name in _LOOK_UPS]
    return [
        ("encode question", embedder, "encode_query"),
        ("detect language", index.article_index, "detect_language"),
        ("dense", ChromaIndex, "query"),
        ("lexical", TantivyIndex, "query"),
        *((f"catalog {name}", Catalog, name) for name in look_ups),
        ("coverage", index.search, "coverage"),
    ]


_LOOK_UPS: Final = ("fact", "facts", "counts", "current", "languages", "languages_of", "passages", "versions_under")


def measure(search: Callable[[str], object], questions: Sequence[str], watch: Stopwatch) -> dict[str, list[float]]:
    """Return the milliseconds of every question, by stage, with "rest" and "total"."""
    taken: dict[str, list[float]] = {}
    for number, question in enumerate(questions):
        watch.seconds.clear()
        began = time.perf_counter()
        search(question)
        total = time.perf_counter() - began
        spent = dict(watch.seconds)
        for stage, seconds in {**spent, "rest": total - sum(spent.values()), "total": total}.items():
            taken.setdefault(stage, [0.0] * number).append(seconds * 1000)
    return taken


def build(home: Path, passages: int, embedder: MadeUpDocuments) -> None:
    with ArticleIndex(home, embedder) as opened:
        if not opened.is_empty():
            return
        began = time.perf_counter()
        opened.add([make_article(number) for number in range(passages // _PASSAGES)])
        print(f"indexed in {time.perf_counter() - began:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3, help="the best one, by its median, is shown")
    parser.add_argument("--home", type=Path, help="a folder that is kept for the next run")
    arguments = parser.parse_args()
    embedder = MadeUpDocuments()
    questions = [make_question(number) for number in range(arguments.questions)]
    with nullcontext(arguments.home) if arguments.home else tempfile.TemporaryDirectory() as folder:
        build(Path(folder), arguments.passages, embedder)
        with ArticleIndex(Path(folder), embedder) as opened:
            print(f"{opened.status().passages:,} passages, {len(questions)} questions, the best of {arguments.rounds}")
            for name, scope in FILTERS.items():
                report(name, partial(opened.search, scope=scope), questions, embedder, arguments.rounds)


def report(
    name: str, search: Callable[[str], object], questions: Sequence[str], embedder: MadeUpDocuments, rounds: int
) -> None:
    for question in questions[:30]:
        search(question)
    watch = Stopwatch()
    with watch.watching(stages_of(embedder)):
        runs = [measure(search, questions, watch) for _ in range(rounds)]
    medians = [float(np.median(run["total"])) for run in runs]
    best = runs[int(np.argmin(medians))]
    each = ", ".join(f"{median:.1f}" for median in medians)
    print(f"\n{name}   (medians of the rounds: {each} ms; load {os.getloadavg()[0]:.1f})", flush=True)
    # On a machine that others use, what a question took at best says most about the program.
    at_best = [min(times) for times in zip(*(run["total"] for run in runs), strict=True)]
    for stage, taken in {**best, "total, at best": at_best}.items():
        p50, p95 = np.percentile(taken, [50, 95])
        print(f"  {stage:<22} median {p50:6.1f} ms   95th percentile {p95:6.1f} ms")


if __name__ == "__main__":
    main()
