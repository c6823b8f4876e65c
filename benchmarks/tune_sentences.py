"""Choose the weights in assistant/quoting.py again: a grid over half of the questions, reported on the other half.

    python -m benchmarks.tune_sentences FOLDER [--every 6]

FOLDER holds xquad.en.json, xquad.es.json, xquad.de.json and piaf-v1.1.json. What each sentence of the passages found
for a question is worth is computed once; then the grid only adds it up. A question counts as answered if one of the
first one, or three, sentences holds an answer.
"""

import argparse
import itertools
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.metrics import holds_answer
from assistant.questions import could_answer, leans_back, question_kind
from benchmarks.calibrate_confidence import read_squad
from index import ArticleIndex, Passage
from index.terms import coverage, question_terms

_PASSAGES = 8
_GRID = {
    "passage": (0.7, 1.0, 1.3, 1.6),
    "cosine": (0.3, 0.5, 1.0),
    "other kind": (0.0, 0.2, 0.4),
    "leaning": (0.0, 0.8, 1.0),
    "following": (0.0, 0.5),
}
_SETS = (
    ("xquad.en.json", "en", 1),
    ("xquad.es.json", "es", 1),
    ("xquad.de.json", "de", 1),
    ("piaf-v1.1.json", "fr", 4),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is known of a sentence: its passage's score, its cosine, coverage alone and with the one before it."""

    passage: float
    cosine: float
    own: float
    joined: float
    leans: bool
    answers: bool
    right: bool

    def score(self, weights: dict[str, float]) -> float:
        covered = max(self.own, weights["leaning" if self.leans else "following"] * self.joined)
        score = weights["passage"] * self.passage + weights["cosine"] * self.cosine + covered
        return score - weights["other kind"] * (not self.answers)


def questions_of(path: Path, language: str, every: int) -> Iterator[list[Sentence]]:
    """Yield, for every nth question of a SQuAD file, the sentences of the passages found for it."""
    articles, questions = read_squad(path, language)
    answers = [
        [answer["text"] for answer in asked["answers"]]
        for entry in json.loads(path.read_text("utf-8"))["data"]
        for paragraph in entry["paragraphs"]
        for asked in paragraph["qas"]
    ]
    with tempfile.TemporaryDirectory() as home, ArticleIndex(Path(home)) as index:
        index.add(articles)
        for question, right in list(zip(questions, answers, strict=True))[::every]:
            passages = index.search(question.text, limit=_PASSAGES, language=language)
            yield list(_sentences(index, question.text, language, passages, right))


def _sentences(
    index: ArticleIndex, question: str, language: str, passages: Sequence[Passage], answers: Sequence[str]
) -> Iterator[Sentence]:
    terms, kind = question_terms(question, language), question_kind(question, language)
    asked = index.embedder.encode_query(question)
    for passage in passages:
        text, spoken = passage.article.text, passage.article.language
        vectors = index.embedder.encode_documents([text[start:end] for start, end in passage.sentences])
        for place, ((start, end), vector) in enumerate(zip(passage.sentences, vectors, strict=True)):
            sentence = text[start:end]
            joined = text[passage.sentences[place - 1].start : end] if place else sentence
            yield Sentence(
                passage=passage.score,
                cosine=float(vector @ asked),
                own=coverage(terms, sentence, language=spoken, question_language=language),
                joined=coverage(terms, joined, language=spoken, question_language=language),
                leans=leans_back(sentence),
                answers=could_answer(sentence, kind, question, spoken),
                right=holds_answer([sentence], answers),
            )


def shares(questions: Sequence[Sequence[Sentence]], weights: dict[str, float], half: int) -> tuple[float, float]:
    """Return the shares of one half of the questions that the first one and the first three sentences answer."""
    firsts, threes = [], []
    for sentences in questions[half::2]:
        best = sorted(sentences, key=lambda sentence: -sentence.score(weights))[:3]
        firsts.append(any(sentence.right for sentence in best[:1]))
        threes.append(any(sentence.right for sentence in best))
    return sum(firsts) / len(firsts), sum(threes) / len(threes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=6, help="use every nth question (PIAF: every 4 nth)")
    arguments = parser.parse_args()
    sets = {
        file: list(questions_of(arguments.folder / file, language, arguments.every * sparser))
        for file, language, sparser in _SETS
    }
    grid = [dict(zip(_GRID, values, strict=True)) for values in itertools.product(*_GRID.values())]
    ranked = sorted(grid, key=lambda weights: -sum(shares(found, weights, 0)[1] for found in sets.values()))
    print("the best five of the grid on one half, and the shares in the first one and three sentences on the other")
    for weights in ranked[:5]:
        told = "  ".join("{} {:.3f} {:.3f}".format(file, *shares(found, weights, 1)) for file, found in sets.items())
        print(f"  {weights}  {told}")


if __name__ == "__main__":
    main()
