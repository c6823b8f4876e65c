"""A stage of a turn, in a process of its own: python -m benchmarks.peers.turn build|ask|crowd NAME FOLDER …

`build` indexes, indexes again unchanged, and again with every hundredth article changed. `ask` opens that index, says
when it has the first result, and searches for one question after the other; `crowd` searches from 8 threads. Each
prints its figures as one line of JSON at the end.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from assistant.evaluation import Dataset, sample
from benchmarks.measures import load_now, peak_memory, search_times, size_of
from benchmarks.peers.contestants import Store, load
from benchmarks.peers.texts import read_texts
from index import Article

READY: Final = "ready"
_LIMIT: Final = 10
_DEPTH: Final = 25
"""Passages that are looked at for the first five articles: several of a kind may be of one article."""
_BEST: Final = 5
_THREADS: Final = 8
_CHANGES: Final = 100


def build(name: str, folder: Path, dataset: Dataset) -> dict[str, float]:
    """Index the articles three times: new, unchanged, 1% changed. Libraries and model are loaded before."""
    contestant = load(name)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        rehearsal = contestant.open(Path(scratch))
        rehearsal.add(dataset.articles[:1])
        rehearsal.close()
    store = contestant.open(folder)
    changed = [_changed(article) for article in dataset.articles[::_CHANGES]]
    by_source = {article.source: article for article in changed}
    articles = [by_source.get(article.source, article) for article in dataset.articles]
    figures: dict[str, float] = {"load_before": load_now()}
    for step, given, differing in (
        ("index", dataset.articles, None),
        ("unchanged", dataset.articles, ()),
        ("changed", articles, changed),
    ):
        cpu, began = time.process_time(), time.perf_counter()
        if differing is None:
            store.add(given)
        else:
            store.update(given, differing)
        figures |= {f"{step}_seconds": time.perf_counter() - began, f"{step}_cpu": time.process_time() - cpu}
    store.close()
    return figures | {"build_memory": peak_memory(), "disk": size_of(folder)}


def ask(name: str, folder: Path, dataset: Dataset, questions: int, quality: int) -> dict[str, float | None]:
    """Search the index of an earlier `build`; say on standard output when the first result is there."""
    store = load(name).open(folder)
    asked = _questions(dataset, questions)
    store.search(asked[0], _LIMIT)
    print(READY, flush=True)

    def search(question: str) -> object:
        return store.search(question, _LIMIT)

    for question in asked[-10:]:
        search(question)
    alone = search_times(search, asked)
    figures: dict[str, float | None] = {f"alone_{key}": value for key, value in asdict(alone).items()}
    figures["ask_memory"] = peak_memory()
    if quality:
        figures["hit_at_5"] = _hits(store, sample(dataset, limit=quality))
    store.close()
    return figures


def crowd(name: str, folder: Path, dataset: Dataset, questions: int) -> dict[str, float]:
    """Search the index of an earlier `build` from 8 threads. A library that cannot may raise, or end the process."""
    store = load(name).open(folder)
    together = search_times(lambda q: store.search(q, _LIMIT), _questions(dataset, questions), threads=_THREADS)
    return {f"threads_{key}": value for key, value in asdict(together).items()}


def _questions(dataset: Dataset, count: int) -> list[str]:
    return list(islice(cycle(case.question for case in dataset.cases), count))


def _changed(article: Article) -> Article:
    return replace(article, text=f"{article.text} On Tuesday it was corrected.")


def _hits(store: Store, dataset: Dataset) -> float | None:
    """Return the share of questions with the gold among the first five different articles; None without any gold."""
    cases = [case for case in dataset.cases if case.sources]
    found = [case.sources & set(_first_articles(store.search(case.question, _DEPTH))) for case in cases]
    return sum(map(bool, found)) / len(cases) if cases else None


def _first_articles(sources: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(sources))[:_BEST]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("build", "ask", "crowd"))
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--quality", type=int, default=0)
    given = parser.parse_args()
    dataset = read_texts(given.texts, given.articles)
    if given.stage == "build":
        figures: object = build(given.name, given.folder, dataset)
    elif given.stage == "crowd":
        figures = crowd(given.name, given.folder, dataset, given.questions)
    else:
        figures = ask(given.name, given.folder, dataset, given.questions, given.quality)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
