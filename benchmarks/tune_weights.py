"""Choose the weights in index/search.py again: a grid over half of the questions, reported on the other half.

    python -m benchmarks.tune_weights FOLDER [--every 3] [--by length | --by kind]

FOLDER holds xquad.en.json, xquad.es.json, xquad.de.json and piaf-v1.1.json. The scores of every signal are computed
once for every question and passage, as the engines compute them (cosine, and BM25 with k1 1.2 and b 0.75); then the
grid only adds them up. Each paragraph is an article, cut by the project's own chunker; a paragraph is as good as its
best passage. With --by, weights are also chosen for each length of a question (up to 3 telling words, 4 to 6, more) or
for each kind of it (who, when, …), to see whether that is worth it.
"""

import argparse
import itertools
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.questions import question_kind
from index.chunking import split_article
from index.embedding import SentenceTransformerEmbedder
from index.terms import question_terms
from index.text import grams, stem, stems

Scores = NDArray[np.float32]

_GRID = {"dense": (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0), "stems": (0.3, 0.6, 0.9), "grams": (0.3, 0.6, 0.9)}
_DEPTH = 100
_LENGTHS = {3: "up to 3", 6: "4 to 6", math.inf: "more"}
"""Classes of questions by their number of telling words."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A set: its normalized scores by signal (questions by passages), the paragraph of each passage, the right one.

    `lengths` and `kinds` are those of the questions.
    """

    name: str
    cut: int
    scores: dict[str, Scores]
    paragraphs: NDArray[np.int64]
    gold: NDArray[np.int64]
    lengths: Sequence[str]
    kinds: Sequence[str]

    def found(self, weights: dict[str, float]) -> NDArray[np.bool_]:
        """Tell of each question whether its paragraph is among the first `cut`."""
        fused = np.sum([weight * self.scores[signal] for signal, weight in weights.items()], axis=0)
        best = np.zeros((len(fused), self.paragraphs.max() + 1), dtype=np.float32)
        np.maximum.at(best.T, self.paragraphs, fused.T)
        right = best[np.arange(len(best)), self.gold]
        return np.asarray((best > right[:, None]).sum(axis=1) < self.cut)


def read_paragraphs(path: Path, every: int) -> tuple[list[tuple[str, str]], list[tuple[str, int]]]:
    """Return the titles and texts of a SQuAD file's paragraphs, and every nth question with its paragraph's number."""
    paragraphs: list[tuple[str, str]] = []
    questions: list[tuple[str, int]] = []
    for entry in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in entry["paragraphs"]:
            questions += [(asked["question"], len(paragraphs)) for asked in paragraph["qas"]]
            paragraphs.append((str(entry.get("title", "")).replace("_", " "), paragraph["context"]))
    return paragraphs, questions[::every]


def bm25(documents: Sequence[Sequence[str]], queries: Sequence[set[str]], k1: float = 1.2, b: float = 0.75) -> Scores:
    """Return the BM25 score of every query and document, shape (queries, documents)."""
    lengths = np.array([len(document) for document in documents], dtype=np.float64)
    norm = k1 * (1 - b + b * lengths / max(lengths.mean(), 1))
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, document in enumerate(documents):
        for term, count in Counter(document).items():
            postings[term].append((number, count))
    scores = np.zeros((len(queries), len(documents)), dtype=np.float32)
    for row, query in enumerate(queries):
        for term in query & postings.keys():
            numbers, counts = np.array(postings[term]).T
            idf = math.log(1 + (len(documents) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            scores[row, numbers] += idf * counts * (k1 + 1) / (counts + norm[numbers])
    return scores


def normalized(scores: Scores) -> Scores:
    """Stretch each question's best 100 scores to 0..1; the others become 0."""
    depth = min(_DEPTH, scores.shape[1])
    lowest = np.partition(scores, -depth, axis=1)[:, -depth][:, None]
    highest = scores.max(axis=1, keepdims=True)
    return np.asarray(np.clip((scores - lowest) / np.maximum(highest - lowest, 1e-9), 0, 1), dtype=np.float32)


def make_trial(
    name: str,
    file: tuple[Path, str],
    embedder: SentenceTransformerEmbedder,
    *,
    cut: int,
    every: int = 1,
    asked: tuple[Path, str] | None = None,
) -> Trial:
    """Compute every signal for one set. With `asked`, the questions of that file are asked, in its language."""
    path, language = file
    paragraphs, questions = read_paragraphs(path, every)
    texts, spoken = [question for question, _ in questions], language
    if asked is not None:
        texts, spoken = [question for question, _ in read_paragraphs(asked[0], every)[1]], asked[1]
    places, passages = [], []
    for number, (title, text) in enumerate(paragraphs):
        for chunk in split_article(text, language):
            places.append(number)
            passages.append(f"{title}\n{text[chunk.start : chunk.end]}")
    terms = [[term.word for term in question_terms(question, spoken)] for question in texts]
    asked_stems = [{stem(word, tongue) for word in found for tongue in {language, spoken}} for found in terms]
    scores = {
        "dense": embedder.encode_documents(texts) @ embedder.encode_documents(passages).T,
        "stems": bm25([stems(text, language) for text in passages], asked_stems),
        "grams": bm25([grams(text) for text in passages], [set(grams(" ".join(found))) for found in terms]),
    }
    return Trial(
        name,
        cut,
        {signal: normalized(found) for signal, found in scores.items()},
        np.array(places),
        np.array([number for _, number in questions]),
        [next(name for most, name in _LENGTHS.items() if len(found) <= most) for found in terms],
        [question_kind(question, spoken).value for question in texts],
    )


def grid() -> Iterator[dict[str, float]]:
    for values in itertools.product(*_GRID.values()):
        yield dict(zip(_GRID, values, strict=True))


def report_group(title: str, trials: Sequence[Trial], by: str | None) -> None:
    """Print the best weights for one group of sets, and, with `by`, what weights for each class of questions give."""
    tried = list(grid())
    hits = [np.array([trial.found(weights) for weights in tried]) for trial in trials]
    ranked = np.argsort(
        [-np.mean([found[row, 0::2].mean() for found in hits]) for row in range(len(tried))], kind="stable"
    )
    print(f"\n{title}: the best five of the grid on one half, and their shares on the other")
    for row in ranked[:5]:
        shares = "  ".join(
            f"{trial.name} {found[row, 1::2].mean():.3f}" for trial, found in zip(trials, hits, strict=True)
        )
        print(f"  {tried[row]}  {shares}")
    if by:
        classes = [np.array(trial.lengths if by == "length" else trial.kinds) for trial in trials]
        shares = "  ".join(f"{t.name} {share:.3f}" for t, share in zip(trials, _by_class(hits, classes), strict=True))
        print(f"  weights for each {by}:  {shares}")


def _by_class(hits: Sequence[NDArray[np.bool_]], classes: Sequence[NDArray[np.str_]]) -> list[float]:
    """Return the shares on the other half where each class of questions has the weights that suited it on one half."""
    chosen = [np.zeros(len(named), dtype=bool) for named in classes]
    for name in {str(one) for named in classes for one in named}:
        members = [named == name for named in classes]
        gained = [
            found[:, of_class & (np.arange(len(of_class)) % 2 == 0)].sum(axis=1) / len(of_class)
            for found, of_class in zip(hits, members, strict=True)
        ]
        best = int(np.argmax(np.sum(gained, axis=0)))
        for own, found, of_class in zip(chosen, hits, members, strict=True):
            own[of_class] = found[best, of_class]
    return [float(own[1::2].mean()) for own in chosen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=3, help="use every nth question of PIAF")
    parser.add_argument("--by", choices=["length", "kind"], help="also choose weights for each class of questions")
    arguments = parser.parse_args()
    folder, embedder = arguments.folder, SentenceTransformerEmbedder()
    english = (folder / "xquad.en.json", "en")
    spanish, german = (folder / "xquad.es.json", "es"), (folder / "xquad.de.json", "de")
    piaf = (folder / "piaf-v1.1.json", "fr")
    groups = {
        "a language that the model knows": [make_trial("XQuAD en hit@1", english, embedder, cut=1)],
        "a language that it hardly knows": [
            make_trial("XQuAD es hit@1", spanish, embedder, cut=1),
            make_trial("XQuAD de hit@1", german, embedder, cut=1),
            make_trial("PIAF hit@5", piaf, embedder, cut=5, every=arguments.every),
        ],
        "across languages": [
            make_trial("English over es hit@5", spanish, embedder, cut=5, asked=english),
            make_trial("English over de hit@5", german, embedder, cut=5, asked=english),
        ],
    }
    for title, trials in groups.items():
        report_group(title, trials, arguments.by)


if __name__ == "__main__":
    main()
