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

_MONTHS_DE: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
_MONTHS_ES: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def _day_fr(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS_FR[day.month - 1]} {day.year}"


def _day_de(day: date) -> str:
    return f"{day.day}. {_MONTHS_DE[day.month - 1]} {day.year}"


def _day_es(day: date) -> str:
    return f"{day.day} de {_MONTHS_ES[day.month - 1]} de {day.year}"


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

_GERMAN: Final = Phrases(
    day=_day_de,
    declined="Die Artikel beantworten diese Frage nicht.",
    nearest="Stattdessen folgen die Stellen, die ihr am nächsten kommen.",
    empty="Es gibt noch keine Artikel. So kommen welche dazu: assistant index PFAD",
    nothing_within="Kein Artikel liegt innerhalb der gewünschten Quellen, Zeiten und Sprachen.",
    uncited="Diese Antwort führt keinen Satz der Artikel an, daher konnte nichts in ihr geprüft werden.",
    preferred_between="Artikel vom {start} bis zum {end} stehen vorn, weil in der Frage „{words}“ steht.",
    preferred_until="Artikel bis zum {end} stehen vorn, weil in der Frage „{words}“ steht.",
    unknown=(
        "Das Modell verwies auf einen Satz, der ihm nicht gezeigt wurde. Diese Fußnote wurde entfernt.",
        "Das Modell verwies {count}-mal auf Sätze, die ihm nicht gezeigt wurden. Diese Fußnoten wurden entfernt.",
    ),
    faults={
        FaultKind.NUMBER: "Die Zahl {words} steht nicht in dem, was {marks} zitiert.",
        FaultKind.DATE: "Das Datum „{words}“ steht nicht in dem, was {marks} zitiert.",
        FaultKind.UNIT: "Die Einheit von „{words}“ ist nicht die in dem, was {marks} zitiert.",
        FaultKind.NAME: "Der Name „{words}“ steht nicht in dem, was {marks} zitiert.",
        FaultKind.QUOTATION: "Die Worte „{words}“ stehen nicht in dem, was {marks} zitiert.",
        FaultKind.NEGATION: "„{words}“ sagt anscheinend das Gegenteil von dem, was {marks} zitiert.",
        FaultKind.MEANING: "Erneut befragt, fand das Modell „{words}“ nicht in dem, was {marks} zitiert.",
    },
    more_faults=(
        "Ein weiterer Teil dieser Antwort steht nicht in dem, was sie anführt.",
        "{count} weitere Teile dieser Antwort stehen nicht in dem, was sie anführen.",
    ),
    uncited_part=(
        "Eine Aussage dieser Antwort führt nichts an und konnte nicht geprüft werden.",
        "{count} Aussagen dieser Antwort führen nichts an und konnten nicht geprüft werden.",
    ),
    left_out=(
        "Eine Aussage wurde weggelassen, weil nichts von dem, was sie anführt, sie stützt.",
        "{count} Aussagen wurden weggelassen, weil nichts von dem, was sie anführen, sie stützt.",
    ),
    crowded_out=(
        "Eine Stelle bekam das Modell nicht, weil sie nicht in das passte, was es lesen kann.",
        "{count} Stellen bekam das Modell nicht, weil sie nicht in das passten, was es lesen kann.",
    ),
    cut_short="Die Antwort wurde bei der Länge abgeschnitten, die ASSISTANT_MAX_TOKENS erlaubt.",
    filtered="Der Anbieter des Modells hat die Antwort abgebrochen ({reason}).",
    wordless="Das Modell hat keine Antwort geschrieben.",
    no_room=(
        "Neben der Antwort passt keine Stelle in das, was das Modell lesen kann. Erhöhen Sie ASSISTANT_CONTEXT_WINDOW, "
        "oder senken Sie ASSISTANT_MAX_TOKENS."
    ),
    unverified=(
        "Die zweite Prüfung, die ASSISTANT_VERIFY verlangt, gelang nicht: Nur das Programm hat diese Antwort geprüft."
    ),
    unverified_part=(
        "Die zweite Prüfung, die ASSISTANT_VERIFY verlangt, ließ eine Aussage aus, die nur das Programm geprüft hat.",
        "Die zweite Prüfung, die ASSISTANT_VERIFY verlangt, ließ {count} Aussagen aus, die nur das Programm geprüft "
        "hat.",
    ),
)

_SPANISH: Final = Phrases(
    day=_day_es,
    declined="Los artículos no responden a esta pregunta.",
    nearest="En su lugar se muestran los pasajes más cercanos.",
    empty="Todavía no hay artículos. Para añadir algunos: assistant index RUTA",
    nothing_within="Ningún artículo está entre las fuentes, las fechas y los idiomas pedidos.",
    uncited="Esta respuesta no cita ninguna frase de los artículos, así que nada en ella se ha podido comprobar.",
    preferred_between="Los artículos del {start} al {end} van primero, porque la pregunta dice «{words}».",
    preferred_until="Los artículos hasta el {end} van primero, porque la pregunta dice «{words}».",
    unknown=(
        "El modelo remitió a una frase que no se le mostró. Esa nota se ha eliminado.",
        "El modelo remitió {count} veces a frases que no se le mostraron. Esas notas se han eliminado.",
    ),
    faults={
        FaultKind.NUMBER: "El número {words} no está en lo que cita {marks}.",
        FaultKind.DATE: "La fecha «{words}» no está en lo que cita {marks}.",
        FaultKind.UNIT: "La unidad de «{words}» no es la de lo que cita {marks}.",
        FaultKind.NAME: "El nombre «{words}» no está en lo que cita {marks}.",
        FaultKind.QUOTATION: "Las palabras «{words}» no están en lo que cita {marks}.",
        FaultKind.NEGATION: "«{words}» parece decir lo contrario de lo que cita {marks}.",
        FaultKind.MEANING: "Preguntado de nuevo, el modelo no encontró «{words}» en lo que cita {marks}.",
    },
    more_faults=(
        "Otra parte de esta respuesta no está en lo que cita.",
        "{count} partes más de esta respuesta no están en lo que citan.",
    ),
    uncited_part=(
        "Una afirmación de esta respuesta no cita nada y no se ha podido comprobar.",
        "{count} afirmaciones de esta respuesta no citan nada y no se han podido comprobar.",
    ),
    left_out=(
        "Se ha omitido una afirmación, porque nada de lo que cita la respalda.",
        "Se han omitido {count} afirmaciones, porque nada de lo que citan las respalda.",
    ),
    crowded_out=(
        "Un pasaje no se dio al modelo, porque no cabía en lo que este puede leer.",
        "{count} pasajes no se dieron al modelo, porque no cabían en lo que este puede leer.",
    ),
    cut_short="La respuesta se cortó en la longitud que permite ASSISTANT_MAX_TOKENS.",
    filtered="El proveedor del modelo interrumpió la respuesta ({reason}).",
    wordless="El modelo no escribió ninguna respuesta.",
    no_room=(
        "Junto a la respuesta no cabe ningún pasaje en lo que el modelo puede leer. Aumente ASSISTANT_CONTEXT_WINDOW o "
        "reduzca ASSISTANT_MAX_TOKENS."
    ),
    unverified=(
        "La segunda comprobación que pide ASSISTANT_VERIFY no funcionó: solo el programa ha comprobado esta respuesta."
    ),
    unverified_part=(
        "La segunda comprobación que pide ASSISTANT_VERIFY omitió una afirmación, que solo ha comprobado el programa.",
        "La segunda comprobación que pide ASSISTANT_VERIFY omitió {count} afirmaciones, que solo ha comprobado el "
        "programa.",
    ),
)

_SPOKEN: Final[Mapping[str, Phrases]] = {"en": _ENGLISH, "fr": _FRENCH, "de": _GERMAN, "es": _SPANISH}


def phrases(language: str) -> Phrases:
    """Return the phrases in `language`, in English where the program does not speak it."""
    return _SPOKEN.get(language, _ENGLISH)
