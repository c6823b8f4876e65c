"""Choose the weights in index/search.py again: a grid over half of the questions, reported on the other half.

    python -m benchmarks.tune_weights FOLDER [--every 3]

FOLDER holds xquad.en.json, xquad.es.json, xquad.de.json and piaf-v1.1.json. The scores of every signal are computed
once for every question and passage, as the engines compute them (cosine, and BM25 with k1 1.2 and b 0.75); then the
grid only adds them up. Each paragraph is an article, cut by the project's own chunker; a paragraph is as good as its
best passage.
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

from index.chunking import split_article
from index.embedding import SentenceTransformerEmbedder
from index.terms import question_terms
from index.text import grams, stem, stems

Scores = NDArray[np.float32]

_GRID = {"dense": (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0), "stems": (0.3, 0.6, 0.9), "grams": (0.3, 0.6, 0.9)}
_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Trial:
    """A set: its normalized scores by signal (questions by passages), the paragraph of each passage, the right one."""

    name: str
    cut: int
    scores: dict[str, Scores]
    paragraphs: NDArray[np.int64]
    gold: NDArray[np.int64]

    def hits(self, weights: dict[str, float], half: int) -> float:
        """Return the share of one half of the questions whose paragraph is among the first `cut`."""
        fused = np.sum([weight * self.scores[signal][half::2] for signal, weight in weights.items()], axis=0)
        best = np.zeros((len(fused), self.paragraphs.max() + 1), dtype=np.float32)
        np.maximum.at(best.T, self.paragraphs, fused.T)
        right = best[np.arange(len(best)), self.gold[half::2]]
        return float(((best > right[:, None]).sum(axis=1) < self.cut).mean())


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
    gold = np.array([number for _, number in questions])
    return Trial(name, cut, {signal: normalized(found) for signal, found in scores.items()}, np.array(places), gold)


def grid() -> Iterator[dict[str, float]]:
    for values in itertools.product(*_GRID.values()):
        yield dict(zip(_GRID, values, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=3, help="use every nth question of PIAF")
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
        ranked = sorted(grid(), key=lambda weights: -np.mean([trial.hits(weights, 0) for trial in trials]))
        print(f"\n{title}: the best five of the grid on one half, and their shares on the other")
        for weights in ranked[:5]:
            shares = "  ".join(f"{trial.name} {trial.hits(weights, 1):.3f}" for trial in trials)
            print(f"  {weights}  {shares}")


if __name__ == "__main__":
    main()
