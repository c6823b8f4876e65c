"""Learn the weights in assistant/confidence.py again, and say how they do on questions that were not used.

    python -m benchmarks.calibrate_confidence FOLDER [--every 4]

FOLDER holds xquad.en.json, xquad.es.json, xquad.de.json, piaf-v1.1.json and clapnq_dev_unanswerable.jsonl. Every
question counts twice: with all paragraphs, and without its own, which makes the hard kind of unanswerable question.
CLAP NQ's questions, asked of XQuAD's paragraphs, make the easy kind. Questions with an even number teach, the others
test.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.confidence import LOOKED_AT, features
from index import Article, ArticleIndex, Passage

_SOUGHT = 8
_DEEP = 30
_NOTHING = ((0.0,) * 5,)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its language, and the source that answers it; none for one that nothing answers."""

    text: str
    language: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """The features of a search's first passages, whether an answer was there to be found, and whether it teaches."""

    values: tuple[tuple[float, ...], ...]
    answerable: bool
    teaches: bool


def read_squad(path: Path, language: str) -> tuple[list[Article], list[Question]]:
    """Return a SQuAD file's paragraphs, each an article, and its questions."""
    articles, questions = [], []
    for number, entry in enumerate(json.loads(path.read_text("utf-8"))["data"]):
        title = str(entry.get("title", "")).replace("_", " ")
        for place, paragraph in enumerate(entry["paragraphs"]):
            source = f"squad:{number}/{place}"
            articles.append(Article(source, title, paragraph["context"], language=language))
            questions += [Question(asked["question"], language, source) for asked in paragraph["qas"]]
    return articles, questions


def samples(index: ArticleIndex, questions: Sequence[Question]) -> Iterator[Sample]:
    """Ask each question, and look at what it finds with its own paragraph and without it."""
    for number, question in enumerate(questions):
        teaches = number % 2 == 0
        found = index.search(question.text, limit=_DEEP, language=question.language)
        if any(passage.article.source == question.source for passage in found[:_SOUGHT]):
            yield Sample(_features(index, question, found), True, teaches)
        others = [passage for passage in found if passage.article.source != question.source]
        yield Sample(_features(index, question, others), False, teaches)


def _features(index: ArticleIndex, question: Question, passages: Sequence[Passage]) -> tuple[tuple[float, ...], ...]:
    known = index.align(question.text, passages[:LOOKED_AT], language=question.language)
    return tuple(features(question.text, passage, question.language).values() for passage in known) or _NOTHING


def fit(sets: dict[str, list[Sample]]) -> LogisticRegression:
    """Learn from the teaching half of each set, every set counting the same."""
    taught = [(sample, 1 / len(found)) for found in sets.values() for sample in found if sample.teaches]
    values = np.array([sample.values[0] for sample, _ in taught])
    weights = np.array([weight for _, weight in taught])
    return LogisticRegression(C=10, max_iter=2_000).fit(
        values, [sample.answerable for sample, _ in taught], sample_weight=weights / weights.mean()
    )


def report(name: str, found: Sequence[Sample], model: LogisticRegression) -> None:
    """Print how well the other half of a set is told apart, at 5% false refusals and at some thresholds."""
    tested = [sample for sample in found if not sample.teaches]
    answerable = np.array([sample.answerable for sample in tested])
    probability: NDArray[np.float64] = np.array(
        [model.predict_proba(np.array(sample.values))[:, 1].max() for sample in tested]
    )
    if not answerable.any():
        declined = [f"{(probability < limit).mean():.2f} at {limit}" for limit in (0.25, 0.35, 0.5)]
        print(f"{name:<22} nothing to answer          declined {', '.join(declined)}")
        return
    border = np.quantile(probability[answerable], 0.05)
    rates = [
        f"{(probability[answerable] < limit).mean():.2f}/{(probability[~answerable] < limit).mean():.2f} at {limit}"
        for limit in (0.25, 0.35, 0.5)
    ]
    declined_share = (probability[~answerable] < border).mean()
    auroc = roc_auc_score(answerable, probability)
    print(f"{name:<22} AUROC {auroc:.3f}  declined at 5% false refusals {declined_share:.2f}  {'  '.join(rates)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=4, help="use every Nth question")
    arguments = parser.parse_args()
    folder, every = arguments.folder, arguments.every
    english = read_squad(folder / "xquad.en.json", "en")[1]
    strangers = [
        Question(json.loads(line)["input"], "en", None)
        for line in (folder / "clapnq_dev_unanswerable.jsonl").read_text("utf-8").splitlines()
    ]
    within: dict[str, list[Sample]] = {}
    across: dict[str, list[Sample]] = {}
    plan = [
        ("xquad.en.json", "en", 1),
        ("xquad.es.json", "es", 1),
        ("xquad.de.json", "de", 1),
        ("piaf-v1.1.json", "fr", 4),
    ]
    for file, language, sparser in plan:
        articles, questions = read_squad(folder / file, language)
        with tempfile.TemporaryDirectory() as home, ArticleIndex(Path(home)) as index:
            index.add(articles)
            print(f"asking of {len(articles):,} paragraphs of {file}", file=sys.stderr, flush=True)
            within[file] = list(samples(index, questions[:: every * sparser]))
            if language == "en":
                within["CLAP NQ over XQuAD en"] = list(samples(index, strangers))
            elif language != "fr":
                pairs = zip(english, questions, strict=True)
                crossing = [Question(asked.text, "en", own.source) for asked, own in pairs]
                across[f"English over {file}"] = list(samples(index, crossing[::every]))
                across[f"CLAP NQ over {file}"] = list(samples(index, strangers))
    for title, sets in (("within a language", within), ("across languages", across)):
        model = fit(sets)
        print(f"\n{title}: bias {model.intercept_[0]:.2f}, weights {[round(float(w), 2) for w in model.coef_[0]]}")
        print(" " * 23 + "false refusals/declined at thresholds")
        for name, found in sets.items():
            report(name, found, model)


if __name__ == "__main__":
    main()
