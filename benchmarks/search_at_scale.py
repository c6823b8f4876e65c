"""How long a search takes among 100,000 passages, from question to passages, stage by stage.

    python -m benchmarks.search_at_scale [--passages 100000] [--questions 300] [--rounds 3] [--home FOLDER]

The home folder is a real one: catalog, Chroma, tantivy. A second run with the same --home skips the indexing. Texts and
the vectors of documents are made up (benchmarks/made_up.py); questions are encoded by the bundled model.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

import index.article_index
import index.search
from benchmarks.made_up import FIRST, PASSAGES, MadeUpDocuments, make_article, make_question
from index import ArticleIndex, SearchFilter
from index.catalog import Catalog
from index.dense import ChromaIndex
from index.lexical import TantivyIndex

FILTERS: Final = {
    "no filter": None,
    "90 days of 1,500": SearchFilter(since=FIRST + timedelta(900), until=FIRST + timedelta(989)),
    "all but 90 days": SearchFilter(since=FIRST + timedelta(90)),
}


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


_LOOK_UPS: Final = ("fact", "facts", "counts", "current", "languages", "current_among", "passages", "versions_under")


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
        opened.add([make_article(number) for number in range(passages // PASSAGES)])
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
