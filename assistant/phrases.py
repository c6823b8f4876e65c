"""The few words that the program itself says in an answer, in the languages that it speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from index import Article

_QUOTES: Final[Mapping[str, tuple[str, str]]] = {
    "fr": ("«\u00a0", "\u00a0»"),
    "de": ("„", "“"),
    "es": ("«", "»"),
    "it": ("«", "»"),
    "pt": ("«", "»"),
    "ru": ("«", "»"),
    "zh": ("「", "」"),
    "ja": ("「", "」"),
}

_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTHS_FR: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def _day_fr(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS_FR[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the program says in one language."""

    day: Callable[[date], str]
    declined: str
    nearest: str
    empty: str
    uncited: str
    unknown: tuple[str, str]
    unsupported_part: str
    preferred_between: str
    preferred_until: str

    def source(self, article: Article) -> str:
        """Name an article by publisher, title and date, as far as they are known."""
        named = f"{article.publisher}, {article.title}" if article.publisher else article.title
        return f"{named} ({self.day(article.published)})" if article.published else named

    def unknown_pointers(self, count: int) -> str:
        """Say that the model pointed `count` times at sentences that it was not shown."""
        return self.unknown[count > 1].format(count=count)

    def unsupported(self, numbers: str) -> str:
        """Say that the statements at these footnotes hold more than their quotes do."""
        return self.unsupported_part.format(numbers=numbers)

    def preferred(self, start: date, end: date, words: str) -> str:
        """Say that articles of a time come first, because of these words of the question."""
        if start == date.min:
            return self.preferred_until.format(end=self.day(end), words=words)
        return self.preferred_between.format(start=self.day(start), end=self.day(end), words=words)

    @staticmethod
    def quoted(text: str, language: str) -> str:
        """Put `text` between the quotation marks of its own language."""
        opening, closing = _QUOTES.get(language, ("“", "”"))
        return f"{opening}{text}{closing}"


_ENGLISH: Final = Phrases(
    day=_day_en,
    declined="The articles do not answer this question.",
    nearest="The nearest passages are listed instead.",
    empty="There are no articles yet. Add some with: assistant index PATH",
    uncited="This answer cites no sentence of the articles, so nothing in it could be checked.",
    preferred_between="Articles from {start} to {end} come first, because the question says “{words}”.",
    preferred_until="Articles up to {end} come first, because the question says “{words}”.",
    unknown=(
        "The model pointed at a sentence that it was not shown. That footnote was dropped.",
        "The model pointed {count} times at sentences that it was not shown. These footnotes were dropped.",
    ),
    unsupported_part="A number or quoted words of this answer do not stand in what it cites at [{numbers}].",
)

_FRENCH: Final = Phrases(
    day=_day_fr,
    declined="Les articles ne répondent pas à cette question.",
    nearest="Voici à la place les passages les plus proches.",
    empty="Il n'y a pas encore d'articles. Pour en ajouter : assistant index CHEMIN",
    uncited="Cette réponse ne cite aucune phrase des articles : rien n'a pu y être vérifié.",
    preferred_between="Les articles du {start} au {end} passent en premier, car la question dit « {words} ».",
    preferred_until="Les articles jusqu'au {end} passent en premier, car la question dit « {words} ».",
    unknown=(
        "Le modèle a renvoyé à une phrase qui ne lui a pas été montrée. Cette note a été supprimée.",
        "Le modèle a renvoyé {count} fois à des phrases non montrées. Ces notes ont été supprimées.",
    ),
    unsupported_part="Un nombre ou des mots cités de la réponse ne figurent pas dans ce qu'elle cite en [{numbers}].",
)

_SPOKEN: Final[Mapping[str, Phrases]] = {"en": _ENGLISH, "fr": _FRENCH}


def phrases(language: str) -> Phrases:
    """Return the phrases in `language`, in English where the program does not speak it."""
    return _SPOKEN.get(language, _ENGLISH)
