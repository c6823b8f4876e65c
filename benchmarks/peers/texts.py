"""The articles and questions that all contestants are given."""

from pathlib import Path

from assistant.evaluation import Dataset, load_dataset
from assistant.evaluation.datasets import Case
from benchmarks.search_latency import QUESTIONS, SEEDS
from index import Article

_SUFFIXES = {".txt", ".md"}


def read_texts(path: Path | None, most: int | None = None) -> Dataset:
    """Return a SQuAD file, whose paragraphs are the articles; without one the seeds, with questions and no gold.

    With `most`, only so many articles are taken, the first ones, and of the questions those that they answer.
    """
    if path is not None:
        whole = load_dataset(path)
        articles = whole.articles[:most]
        held = {article.source for article in articles}
        return Dataset(path, tuple(case for case in whole.cases if case.sources & held), articles)
    files = [file for file in sorted(SEEDS.iterdir()) if file.suffix in _SUFFIXES]
    articles = tuple(Article(str(file), file.stem, file.read_text("utf-8")) for file in files)
    return Dataset(SEEDS, tuple(Case(question, question) for question in QUESTIONS), articles)
