"""The few words that the program itself says in an answer, in the languages that it speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from assistant.models import FaultKind
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
    nothing_within: str
    uncited: str
    unknown: tuple[str, str]
    faults: Mapping[FaultKind, str]
    more_faults: tuple[str, str]
    uncited_part: tuple[str, str]
    left_out: tuple[str, str]
    crowded_out: tuple[str, str]
    cut_short: str
    filtered: str
    wordless: str
    no_room: str
    unverified: str
    unverified_part: tuple[str, str]
    preferred_between: str
    preferred_until: str

    def source(self, article: Article) -> str:
        """Name an article by publisher, title and date, as far as they are known."""
        named = f"{article.publisher}, {article.title}" if article.publisher else article.title
        return f"{named} ({self.day(article.published)})" if article.published else named

    def unknown_pointers(self, count: int) -> str:
        """Say that the model pointed `count` times at sentences that it was not shown."""
        return self.unknown[count > 1].format(count=count)

    def fault(self, kind: FaultKind, words: str, marks: str) -> str:
        """Say which words of a statement do not stand in what it cites at these marks."""
        return self.faults[kind].format(words=words, marks=marks)

    def further_faults(self, count: int) -> str:
        """Say that `count` more statements hold what they cite does not."""
        return self.more_faults[count > 1].format(count=count)

    def uncited_statements(self, count: int) -> str:
        """Say that `count` statements of an answer that cites others cite nothing."""
        return self.uncited_part[count > 1].format(count=count)

    def left_out_statements(self, count: int) -> str:
        """Say that `count` statements were taken out because nothing that they cite bears them out."""
        return self.left_out[count > 1].format(count=count)

    def crowded_out_passages(self, count: int) -> str:
        """Say that `count` passages did not fit into what the model can read."""
        return self.crowded_out[count > 1].format(count=count)

    def unverified_statements(self, count: int, asked: int) -> str:
        """Say that of `asked` statements the second check told nothing about `count`."""
        return self.unverified if count == asked else self.unverified_part[count > 1].format(count=count)

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
    nothing_within="No article is within the sources, dates and languages that were asked for.",
    uncited="This answer cites no sentence of the articles, so nothing in it could be checked.",
    preferred_between="Articles from {start} to {end} come first, because the question says “{words}”.",
    preferred_until="Articles up to {end} come first, because the question says “{words}”.",
    unknown=(
        "The model pointed at a sentence that it was not shown. That footnote was dropped.",
        "The model pointed {count} times at sentences that it was not shown. These footnotes were dropped.",
    ),
    faults={
        FaultKind.NUMBER: "The number {words} does not stand in what {marks} quotes.",
        FaultKind.DATE: "The date “{words}” does not stand in what {marks} quotes.",
        FaultKind.UNIT: "The unit of “{words}” is not that of what {marks} quotes.",
        FaultKind.NAME: "The name “{words}” does not stand in what {marks} quotes.",
        FaultKind.QUOTATION: "The words “{words}” do not stand in what {marks} quotes.",
        FaultKind.NEGATION: "“{words}” seems to say the opposite of what {marks} quotes.",
        FaultKind.MEANING: "When asked again, the model did not find “{words}” in what {marks} quotes.",
    },
    more_faults=(
        "One more part of this answer does not stand in what it cites.",
        "{count} more parts of this answer do not stand in what they cite.",
    ),
    uncited_part=(
        "One statement of this answer cites nothing, so it could not be checked.",
        "{count} statements of this answer cite nothing, so they could not be checked.",
    ),
    left_out=(
        "One statement was left out, because nothing that it cites bears it out.",
        "{count} statements were left out, because nothing that they cite bears them out.",
    ),
    crowded_out=(
        "One passage was not given to the model, because it did not fit into what the model can read.",
        "{count} passages were not given to the model, because they did not fit into what the model can read.",
    ),
    cut_short="The answer was cut off at the length that ASSISTANT_MAX_TOKENS allows.",
    filtered="The model's provider cut the answer off ({reason}).",
    wordless="The model wrote no answer.",
    no_room=(
        "No passage fits into what the model can read beside its answer. Raise ASSISTANT_CONTEXT_WINDOW, or lower "
        "ASSISTANT_MAX_TOKENS."
    ),
    unverified="The second check that ASSISTANT_VERIFY asks for did not work, so only the program checked this answer.",
    unverified_part=(
        "The second check that ASSISTANT_VERIFY asks for left out one statement, which only the program checked.",
        "The second check that ASSISTANT_VERIFY asks for left out {count} statements, which only the program checked.",
    ),
)

_FRENCH: Final = Phrases(
    day=_day_fr,
    declined="Les articles ne répondent pas à cette question.",
    nearest="Voici à la place les passages les plus proches.",
    empty="Il n'y a pas encore d'articles. Pour en ajouter : assistant index CHEMIN",
    nothing_within="Aucun article ne se trouve parmi les sources, les dates et les langues demandées.",
    uncited="Cette réponse ne cite aucune phrase des articles : rien n'a pu y être vérifié.",
    preferred_between="Les articles du {start} au {end} passent en premier, car la question dit « {words} ».",
    preferred_until="Les articles jusqu'au {end} passent en premier, car la question dit « {words} ».",
    unknown=(
        "Le modèle a renvoyé à une phrase qui ne lui a pas été montrée. Cette note a été supprimée.",
        "Le modèle a renvoyé {count} fois à des phrases non montrées. Ces notes ont été supprimées.",
    ),
    faults={
        FaultKind.NUMBER: "Le nombre {words} ne figure pas dans ce que cite {marks}.",
        FaultKind.DATE: "La date « {words} » ne figure pas dans ce que cite {marks}.",
        FaultKind.UNIT: "L'unité de « {words} » n'est pas celle de ce que cite {marks}.",
        FaultKind.NAME: "Le nom « {words} » ne figure pas dans ce que cite {marks}.",
        FaultKind.QUOTATION: "Les mots « {words} » ne figurent pas dans ce que cite {marks}.",
        FaultKind.NEGATION: "« {words} » semble dire le contraire de ce que cite {marks}.",
        FaultKind.MEANING: "Interrogé à nouveau, le modèle n'a pas trouvé « {words} » dans ce que cite {marks}.",
    },
    more_faults=(
        "Un autre élément de cette réponse ne figure pas dans ce qu'elle cite.",
        "{count} autres éléments de cette réponse ne figurent pas dans ce qu'elle cite.",
    ),
    uncited_part=(
        "Une affirmation de cette réponse ne cite rien et n'a pas pu être vérifiée.",
        "{count} affirmations de cette réponse ne citent rien et n'ont pas pu être vérifiées.",
    ),
    left_out=(
        "Une affirmation a été retirée, car rien de ce qu'elle cite ne la confirme.",
        "{count} affirmations ont été retirées, car rien de ce qu'elles citent ne les confirme.",
    ),
    crowded_out=(
        "Un passage n'a pas été donné au modèle, car il ne tenait pas dans ce que le modèle peut lire.",
        "{count} passages n'ont pas été donnés au modèle, car ils ne tenaient pas dans ce que le modèle peut lire.",
    ),
    cut_short="La réponse a été coupée à la longueur que permet ASSISTANT_MAX_TOKENS.",
    filtered="Le fournisseur du modèle a interrompu la réponse ({reason}).",
    wordless="Le modèle n'a pas écrit de réponse.",
    no_room=(
        "Aucun passage ne tient, à côté de la réponse, dans ce que le modèle peut lire. Augmentez "
        "ASSISTANT_CONTEXT_WINDOW ou réduisez ASSISTANT_MAX_TOKENS."
    ),
    unverified=(
        "La seconde vérification que demande ASSISTANT_VERIFY n'a pas abouti : seul le programme a vérifié cette "
        "réponse."
    ),
    unverified_part=(
        "La seconde vérification que demande ASSISTANT_VERIFY n'a rien dit d'une affirmation : seul le programme l'a "
        "vérifiée.",
        "La seconde vérification que demande ASSISTANT_VERIFY n'a rien dit de {count} affirmations : seul le programme "
        "les a vérifiées.",
    ),
)

_SPOKEN: Final[Mapping[str, Phrases]] = {"en": _ENGLISH, "fr": _FRENCH}


def phrases(language: str) -> Phrases:
    """Return the phrases in `language`, in English where the program does not speak it."""
    return _SPOKEN.get(language, _ENGLISH)
