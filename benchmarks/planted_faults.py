"""Count how many planted faults the checks of statements catch, and how many true statements they flag.

    python -m benchmarks.planted_faults FOLDER [--seed 2] [--statements 100] [--half test] [--show]

FOLDER holds xquad.en.json, xquad.es.json and xquad.de.json. A seed parts the articles, and the paraphrases of the
seeds, into two halves, and draws the statements from one: `develop` is what the checks were made with, `test` what is
reported. A third of the statements gets a wrong number, a third a wrong name, a third is turned into its opposite.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final, TypeVar

from assistant.checking import check_statement
from assistant.models import Fault
from benchmarks.planting import plant_name, plant_negation, plant_number
from benchmarks.seed_paraphrases import FREER, PARAPHRASES, Paraphrase
from index.loading import load_file
from index.text import split_sentences

SEEDS: Final = Path(__file__).parents[1] / "seeds"
KINDS: Final = ("number", "name", "negation")
_SHARES: Final = {"paraphrase": 0.15, "freer": 0.15, "seed": 0.1, "xquad": 0.3, "xquad es": 0.15, "xquad de": 0.15}
_ATTRIBUTED: Final = 0.25
_SMALL_FIRST: Final = frozenset({"The", "A", "An", "In", "It", "He", "She", "They", "This", "These", "There", "For"})
_WORDS: Final = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_SYNONYMS: Final = {
    "however": "nevertheless", "began": "started", "large": "big", "also": "in addition", "many": "numerous",
    "because": "since", "such as": "like", "often": "frequently", "about": "around", "although": "though",
    "most of": "the majority of", "in order to": "to", "approximately": "roughly", "usually": "normally",
}  # fmt: skip


_MONEY: Final = re.compile(r"\b(\d+) billion\b")
_LENGTHS: Final = (0.5, 2.0)
"""A parallel sentence that is much shorter or longer is not the same sentence."""
_QUOTED: Final = re.compile('["“”«»„‘]')
_SHORTEST: Final = 40
_LONGEST: Final = 320


@dataclass(frozen=True, slots=True)
class Text:
    """A text: what its heading says, and its sentences, in its language and in others that have as many."""

    heading: str
    language: str
    sentences: tuple[str, ...]
    parallel: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Supported:
    """A true statement with what it cites."""

    statement: str
    language: str
    cited: str
    cited_language: str
    known: str
    origin: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A true statement, and the same with a fault of a kind planted."""

    supported: Supported
    kind: str
    planted: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks said: of the statement as it was, and with its fault."""

    trial: Trial
    untouched: tuple[Fault, ...]
    planted: tuple[Fault, ...]


def read_xquad(folder: Path) -> list[list[Text]]:
    """Return the paragraphs of XQuAD by article. A parallel paragraph counts if its sentences pair up."""
    data = {language: _articles(folder / f"xquad.{language}.json") for language in ("en", "es", "de")}
    return [
        [
            _paragraph(title, {language: data[language][place][1][number] for language in data})
            for number in range(len(paragraphs))
        ]
        for place, (title, paragraphs) in enumerate(data["en"])
    ]


def _articles(path: Path) -> list[tuple[str, list[str]]]:
    entries = json.loads(path.read_text("utf-8"))["data"]
    titles = [str(entry.get("title", "")).replace("_", " ") for entry in entries]
    return [
        (title, [str(paragraph["context"]) for paragraph in entry["paragraphs"]])
        for title, entry in zip(titles, entries, strict=True)
    ]


def _paragraph(title: str, texts: dict[str, str]) -> Text:
    own = _sentences(texts["en"], "en")
    others = {language: _sentences(text, language) for language, text in texts.items() if language != "en"}
    return Text(title, "en", own, {language: found for language, found in others.items() if _pair_up(own, found)})


def _pair_up(own: Sequence[str], others: Sequence[str]) -> bool:
    least, most = _LENGTHS
    return len(own) == len(others) and all(
        least < len(other) / len(one) < most for one, other in zip(own, others, strict=True)
    )


def _sentences(text: str, language: str) -> tuple[str, ...]:
    return tuple(" ".join(text[start:end].split()) for start, end in split_sentences(text, language))


def read_seeds() -> dict[str, Text]:
    """Return the seeds by file name."""
    found = {}
    for path in sorted(SEEDS.glob("*.md")):
        [article] = load_file(path).articles
        day = article.published.isoformat() if article.published else ""
        heading = f"{article.publisher or ''} {article.title} {day}".strip()
        sentences = [one for one in _sentences(article.text, article.language) if one.endswith((".", "!", "”"))]
        found[path.name] = Text(heading, article.language, tuple(sentences))
    return found


def paraphrased(
    seeds: Mapping[str, Text], table: Iterable[Paraphrase] = PARAPHRASES, origin: str = "paraphrase"
) -> Iterator[Supported]:
    """Yield the statements written by hand, each with the sentences that it cites."""
    for paraphrase in table:
        seed = seeds[paraphrase.seed]
        cited = [one for one in seed.sentences if any(fragment in one for fragment in paraphrase.fragments)]
        if not cited:
            raise ValueError(f"No sentence of {paraphrase.seed} holds any of {paraphrase.fragments}.")
        yield Supported(paraphrase.statement, paraphrase.language, " ".join(cited), seed.language, seed.heading, origin)


def reworded(text: Text, origin: str, random: Random) -> Iterator[Supported]:
    """Yield a statement for each sentence of a text, lightly reworded, over the sentence or one in another language."""
    for place, sentence in enumerate(text.sentences):
        if not _SHORTEST <= len(sentence) <= _LONGEST:
            continue
        plain = text.language == "en" and not _QUOTED.search(sentence)
        statement = reword(sentence, text.heading, random) if plain else sentence
        following = text.sentences[place + 1 : place + 1 + random.randrange(2)]
        yield Supported(statement, text.language, " ".join((sentence, *following)), text.language, text.heading, origin)
        for language, parallel in text.parallel.items():
            if _QUOTED.search(sentence + parallel[place]):
                continue  # a translated quotation is a fault
            yield Supported(statement, text.language, parallel[place], language, text.heading, f"{origin} {language}")


def reword(sentence: str, heading: str, random: Random) -> str:
    """Return an English sentence in other words that say the same."""
    for change in random.sample([_shortened, _turned, _renumbered, _resaid], 2):
        sentence = change(sentence)
    return _attributed(sentence, heading) if random.random() < _ATTRIBUTED else sentence


def _shortened(sentence: str) -> str:
    """Keep what stands before a semicolon or a relative clause."""
    cut = re.search(r";\s|, (?:which|while|whereas|and|but) ", sentence)
    return sentence[: cut.start()] + "." if cut and cut.start() > len(sentence) // 2 else sentence


def _turned(sentence: str) -> str:
    """Put what leads a sentence at its end: "In 1975, it fell." becomes "It fell in 1975."."""
    led = re.fullmatch(r"((?:In|On|During|After|Since|By|At) [^,]{3,40}), ([^\W\d_][^;:]*)\.", sentence)
    if not led:
        return sentence
    return f"{led[2][0].upper()}{led[2][1:]} {led[1][0].lower()}{led[1][1:]}."


def _renumbered(sentence: str) -> str:
    """Write numbers another way."""
    sentence = _MONEY.sub(lambda match: f"{int(match[1]):,},000 million", sentence)
    sentence = re.sub(r"(?<=\d)(?: percent|%)", " per cent", sentence)
    sentence = re.sub(r"(?<=\d),(?=\d{3}\b)", "", sentence)
    for number in range(2, len(_WORDS)):
        sentence = re.sub(rf"(?<![\w-]){_WORDS[number]}\b(?!-)", str(number), sentence, count=1)
    return sentence


def _resaid(sentence: str) -> str:
    """Put other words for some common ones."""
    for word, other in _SYNONYMS.items():
        sentence = re.sub(rf"\b{word}\b", other, sentence, count=1)
    return sentence


def _attributed(sentence: str, heading: str) -> str:
    """Say which article says so, before a sentence or behind it."""
    if sentence.split()[0] in _SMALL_FIRST:
        return f"According to the article “{heading}”, {sentence[0].lower()}{sentence[1:]}"
    return f"{sentence.rstrip('.')}, says the article “{heading}”."


def trials(supported: Iterable[Supported], count: int, proper: frozenset[str], random: Random,
           ) -> list[Trial]:  # fmt: skip
    """Plant faults in up to `count` of the statements, of all kinds in turn; those without a place are left out."""
    waiting = list(supported)
    found: list[Trial] = []
    kinds = list(KINDS)
    while kinds and len(found) < count:
        kind = kinds.pop(0)
        planted = ((place, plant(one, kind, proper, random)) for place, one in enumerate(waiting))
        place, statement = next(((place, told) for place, told in planted if told), (0, None))
        if statement:
            found.append(Trial(waiting.pop(place), kind, statement))
            kinds.append(kind)
    return found


def plant(one: Supported, kind: str, proper: frozenset[str], random: Random) -> str | None:
    """Return the statement with a fault of a kind, or None where there is no place for it."""
    if kind == "number":
        return plant_number(one.statement, f"{one.cited} {one.known}", one.language, random)
    if kind == "name":
        return plant_name(one.statement, f"{one.cited} {one.known}", proper, random)
    return plant_negation(one.statement, one.language, random)


def judge(trial: Trial) -> Outcome:
    """Check a statement as it was and with its fault."""
    one = trial.supported
    untouched, planted = (
        check_statement(statement, one.cited, known=one.known, language=one.language, cited_language=one.cited_language)
        for statement in (one.statement, trial.planted)
    )
    return Outcome(trial, untouched, planted)


def draw(folder: Path | None, seed: int, half: str, count: int) -> list[Trial]:
    """Return `count` trials from a half of the material; without a folder, from the seeds alone."""
    random = Random(seed)
    seeds = read_seeds()
    articles = read_xquad(folder) if folder else []
    words, everything = Counter[str](), [text for article in articles for text in article] + list(seeds.values())
    for text in everything:
        words.update(re.findall(r"\w+", " ".join(text.sentences)))
    proper = frozenset(word for word in words if word[0].isupper() and not words[word.lower()])
    pools: dict[str, list[Supported]] = {"paraphrase": _half(list(paraphrased(seeds)), half, random)}
    pools["seed"] = _half([one for text in seeds.values() for one in reworded(text, "seed", random)], half, random)
    chosen = _half(articles, half, random)
    for article in chosen:
        for text in article:
            for one in reworded(text, "xquad", random):
                pools.setdefault(one.origin, []).append(one)
    pools["freer"] = _half(list(paraphrased(seeds, FREER, "freer")), half, random)
    found: list[Trial] = []
    shares = {origin: _SHARES[origin] for origin in pools}
    for origin, share in shares.items():
        pool = pools[origin]
        random.shuffle(pool)
        found += trials(pool, round(count * share / sum(shares.values())), proper, random)
    return found


_T = TypeVar("_T")


def _half(material: Sequence[_T], half: str, random: Random) -> list[_T]:
    order = random.sample(range(len(material)), len(material))
    middle = len(order) // 2
    return [material[place] for place in (order[:middle] if half == "develop" else order[middle:])]


def report(outcomes: Sequence[Outcome]) -> None:
    """Print the shares caught and flagged, by kind of the fault planted and by origin of the statement."""
    print(f"{'':<14}{'statements':>11}{'caught':>9}{'flagged untouched':>19}")
    groups = [("all", outcomes)]
    groups += [(kind, [one for one in outcomes if one.trial.kind == kind]) for kind in KINDS]
    origins = dict.fromkeys(one.trial.supported.origin for one in outcomes)
    groups += [(origin, [one for one in outcomes if one.trial.supported.origin == origin]) for origin in origins]
    for name, group in groups:
        caught = sum(bool(one.planted) for one in group) / max(1, len(group))
        flagged = sum(bool(one.untouched) for one in group) / max(1, len(group))
        print(f"{name:<14}{len(group):>11}{caught:>9.1%}{flagged:>19.1%}")
    kinds = Counter(kind for one in outcomes for kind in {fault.kind.value for fault in one.untouched})
    print("untouched flagged for:", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "nothing")


def show(outcomes: Sequence[Outcome]) -> None:
    """Print what was missed and what was flagged without a reason."""
    for one in outcomes:
        if one.untouched or not one.planted:
            supported = one.trial.supported
            print(f"\n{'flagged' if one.untouched else 'missed'} ({one.trial.kind}, {supported.origin})")
            print(f"  said:  {supported.statement if one.untouched else one.trial.planted}\n  cited: {supported.cited}")
            print(f"  found: {[(fault.kind.value, fault.words) for fault in one.untouched]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--statements", type=int, default=100)
    parser.add_argument("--half", choices=("develop", "test"), default="test")
    parser.add_argument("--show", action="store_true", help="print what was missed or flagged without a reason")
    arguments = parser.parse_args()
    drawn = draw(arguments.folder, arguments.seed, arguments.half, arguments.statements)
    judge(drawn[0])  # tables are read when first used
    started = perf_counter()
    outcomes = [judge(trial) for trial in drawn]
    took = (perf_counter() - started) / (2 * len(outcomes)) * 1_000
    report(outcomes)
    print(f"{took:.2f} ms a check")
    if arguments.show:
        show(outcomes)


if __name__ == "__main__":
    main()
