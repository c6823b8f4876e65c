"""Try the constants in index/alignment.py: searches with and without aligning the passages that rank close.

    python -m benchmarks.tune_alignment FOLDER [--every 4]

FOLDER holds xquad.en.json, xquad.es.json, xquad.de.json and piaf-v1.1.json. Each setting runs the real search,
over every nth question: those at even places choose, those at odd places are reported. A weight of 0 aligns nothing.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.calibrate_confidence import Question, read_squad
from index import ArticleIndex, alignment

_SETTINGS = ((0.0, 0.1), (1.0, 0.1), (2.0, 0.05), (2.0, 0.1), (2.0, 0.2), (3.0, 0.1))
"""Pairs of weight and closeness."""
_SETS = (
    ("XQuAD en", "xquad.en.json", "en", 1),
    ("XQuAD es", "xquad.es.json", "es", 1),
    ("XQuAD de", "xquad.de.json", "de", 1),
    ("PIAF", "piaf-v1.1.json", "fr", 5),
)


def hits(index: ArticleIndex, questions: Sequence[Question]) -> tuple[float, float]:
    """Return the shares of questions whose paragraph comes first, and among the first five."""
    ranks = []
    for question in questions:
        found = index.search(question.text, limit=20, language=question.language)
        found = index.settle(question.text, found, language=question.language)
        sources = list(dict.fromkeys(passage.article.source for passage in found))
        ranks.append(sources.index(question.source) if question.source in sources else len(sources))
    return sum(rank < 1 for rank in ranks) / len(ranks), sum(rank < 5 for rank in ranks) / len(ranks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=4, help="use every nth question (PIAF: every 5 nth)")
    arguments = parser.parse_args()
    for name, file, language, sparser in _SETS:
        articles, questions = read_squad(arguments.folder / file, language)
        chosen = questions[:: arguments.every * sparser]
        with tempfile.TemporaryDirectory() as home, ArticleIndex(Path(home)) as index:
            index.add(articles)
            for weight, close in _SETTINGS:
                alignment._WEIGHT, alignment._CLOSE = weight, close  # type: ignore[misc]
                even, odd = hits(index, chosen[::2]), hits(index, chosen[1::2])
                print(
                    f"{name:<9} weight {weight:.0f} close {close:.1f}   even places {even[0]:.3f} / {even[1]:.3f}   "
                    f"odd places {odd[0]:.3f} / {odd[1]:.3f}   (hit@1 / hit@5)",
                    flush=True,
                )


if __name__ == "__main__":
    main()
