"""What the parts of a search take, each by itself: one question after the other, and from 8 threads.

    python -m benchmarks.search_steps [--passages 10000] [--questions 200] [--home FOLDER]

Each part is called as a search calls it, with what the part before would have given it, so that what threads gain and
lose is seen part by part. "rest" is what the whole search takes more than its parts: fusing, finding copies, and how
much of a question each passage covers. Texts and the vectors of documents are made up (benchmarks/made_up.py);
questions are encoded by the bundled model. A second run with the same --home skips the indexing.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.made_up import MadeUpDocuments, make_question
from benchmarks.measures import SearchTimes, load_now, search_times
from benchmarks.search_at_scale import build
from index import ArticleIndex
from index.generations import Generation
from index.lexical import GRAMS, STEMS
from index.terms import question_terms
from index.text import grams, stem

_THREADS: Final = 8
_DEPTH: Final = 100
_LIMIT: Final = 10
_READ: Final = 20
"""Passages of which a search reads the words: those that it gives, and ten to fill the places of copies."""
_WARM_UP: Final = 20


@dataclass(frozen=True, slots=True)
class Prepared:
    """What each part of a search is given for one question."""

    vector: NDArray[np.float32]
    stems: set[str]
    grams: set[str]
    found: list[int]


def prepare(index: ArticleIndex, generation: Generation, question: str) -> Prepared:
    language = index.question_language(question)
    wanted = [term.word for term in question_terms(question, language)]
    vector = index.embedder.encode_query(question)
    stemmed = {stem(word, spoken) for word in wanted for spoken in {language, *index.languages()}}
    cut = set(grams(" ".join(wanted)))
    lexical = generation.lexical
    found = [*generation.dense.query(vector, _DEPTH), *lexical.query(STEMS, stemmed, _DEPTH)]
    return Prepared(vector, stemmed, cut, list(dict.fromkeys([*found, *lexical.query(GRAMS, cut, _DEPTH)])))


def parts_of(
    index: ArticleIndex, generation: Generation, prepared: dict[str, Prepared]
) -> dict[str, Callable[[str], object]]:
    """Return the parts of a search by name, each as a function of the question."""
    catalog, lexical = index._catalog, generation.lexical

    def look_up(question: str) -> object:
        found = prepared[question].found
        return catalog.facts(), catalog.fact("generation"), catalog.spoken.of(found), catalog.passages(found[:_READ])

    return {
        "encode the question": index.embedder.encode_query,
        "tell its language": index.question_language,
        "Chroma": lambda question: generation.dense.query(prepared[question].vector, _DEPTH),
        "tantivy, stems": lambda question: lexical.query(STEMS, prepared[question].stems, _DEPTH),
        "tantivy, 4-grams": lambda question: lexical.query(GRAMS, prepared[question].grams, _DEPTH),
        "catalog": look_up,
    }


def measure(index: ArticleIndex, questions: Sequence[str], threads: int) -> dict[str, SearchTimes]:
    """Return what every part takes, then the whole search."""

    def search(question: str) -> object:
        return index.search(question, limit=_LIMIT)

    for question in questions[:_WARM_UP]:
        search(question)
    with index._generation() as generation:
        assert generation is not None
        prepared = {question: prepare(index, generation, question) for question in questions}
        parts = parts_of(index, generation, prepared)
        taken = {name: search_times(part, questions, threads=threads) for name, part in parts.items()}
    return taken | {"the whole search": search_times(search, questions, threads=threads)}


def table(alone: dict[str, SearchTimes], together: dict[str, SearchTimes]) -> str:
    """Return a Markdown table of milliseconds. What threads gain is searches a second against those alone."""
    lines = [
        f"| part | p50 | p95 | CPU | CPU, {_THREADS} threads | gain by threads |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in alone.items():
        many = together[name]
        gain = many.per_second / one.per_second
        lines.append(f"| {name} | {one.p50:.2f} | {one.p95:.2f} | {one.cpu:.2f} | {many.cpu:.2f} | {gain:.2f}× |")
    rest = [_rest(figures) for figures in (alone, together)]
    return "\n".join([*lines[:-1], f"| rest | | | {rest[0]:.2f} | {rest[1]:.2f} | |", lines[-1]])


def _rest(figures: dict[str, SearchTimes]) -> float:
    *parts, whole = (times.cpu for times in figures.values())
    return whole - sum(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--home", type=Path, help="a folder that is kept for the next run")
    arguments = parser.parse_args()
    embedder = MadeUpDocuments()
    questions = [make_question(number) for number in range(arguments.questions)]
    with nullcontext(arguments.home) if arguments.home else tempfile.TemporaryDirectory() as folder:
        build(Path(folder), arguments.passages, embedder)
        with ArticleIndex(Path(folder), embedder) as index:
            print(f"{index.status(size=False).passages:,} passages, {len(questions)} questions, load {load_now():.1f}")
            print(table(measure(index, questions, 1), measure(index, questions, _THREADS)))


if __name__ == "__main__":
    main()
