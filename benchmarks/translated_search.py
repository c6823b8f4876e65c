"""What translations of a question add to the search across languages.

    python -m benchmarks.translated_search FOLDER [--every 5]

FOLDER holds xquad.en.json and xquad.es.json, which are parallel: the Spanish questions are perfect translations of the
English ones. English questions are asked of three libraries: all paragraphs in Spanish; every second article so,
the others in English; every eighth in Spanish. hit@1 and hit@5 count the paragraph that answers, without the Spanish
question and with it.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.finding import Finder
from benchmarks.calibrate_confidence import Question, read_squad
from index import Article, ArticleIndex, SearchFilter, SentenceTransformerEmbedder

Pair = tuple[Question, Question]


def number_of(source: str | None) -> int:
    """Return the number of the article that a paragraph is of: 3 for "squad:3/14"."""
    return int((source or ":0/").partition(":")[2].partition("/")[0])


def places(index: ArticleIndex, pairs: Sequence[Pair], *, translated: bool) -> list[int]:
    """Return at which place, from 0, each question found its paragraph; 99 for not at all."""
    finder = Finder(index)
    found = []
    for english, spanish in pairs:
        translations = {"es": spanish.text} if translated else {}
        passages = finder.find(
            english.text, limit=5, scope=SearchFilter(), language="en", translations=translations
        ).passages
        sources = [passage.article.source for passage in passages]
        found.append(sources.index(english.source) if english.source in sources else 99)
    return found


def report(name: str, found: Sequence[int]) -> None:
    """Print the shares of questions whose paragraph came first, and among the first five."""
    first, five = (sum(place < cut for place in found) / max(len(found), 1) for cut in (1, 5))
    print(f"{name:<56} {len(found):>4}  hit@1 {first:.3f}  hit@5 {five:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=5, help="use every Nth question")
    arguments = parser.parse_args()
    english, asked = read_squad(arguments.folder / "xquad.en.json", "en")
    spanish, translations = read_squad(arguments.folder / "xquad.es.json", "es")
    pairs = list(zip(asked, translations, strict=True))[2 :: arguments.every]
    embedder = SentenceTransformerEmbedder()
    libraries: dict[str, Callable[[int], bool]] = {
        "all Spanish": lambda number: True,
        "half Spanish": lambda number: number % 2 == 0,
        "an eighth Spanish": lambda number: number % 8 == 0,
    }
    for name, is_spanish in libraries.items():
        articles: list[Article] = [article for article in spanish if is_spanish(number_of(article.source))]
        articles += [article for article in english if not is_spanish(number_of(article.source))]
        with tempfile.TemporaryDirectory() as home, ArticleIndex(Path(home), embedder) as index:
            index.add(articles)
            for answer, wanted in (("Spanish", True), ("English", False)):
                some = [pair for pair in pairs if is_spanish(number_of(pair[0].source)) is wanted]
                if some:
                    report(f"{name}, the answer in {answer}, not translated", places(index, some, translated=False))
                    report(f"{name}, the answer in {answer}, translated", places(index, some, translated=True))


if __name__ == "__main__":
    main()
