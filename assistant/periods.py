"""Read words about time in a question, and say how well a date of publication suits them.

The only module that imports dateparser. What is found is a preference and never a filter, so doubt means None: a month
counts after a word that makes it one ("in March", "en mars"), a number only with a month or after "in", "since" or
the like. The tables below find the words; dateparser reads them against the day of asking.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

_DAY: Final = timedelta(days=1)
_HALF_NEAR: Final = 7
"""Days outside a period at which freshness has halved, at least; a longer period gives as many days as it has."""
_HALF_LATEST: Final = 30
"""Days of age at which freshness has halved for a question about the latest."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a question is about, both inclusive. `words` are the words of the question that say so.

    `start` is `date.min` where the words leave it open ("before 2020"), and `end` is the day of asking for "since".
    """

    start: date
    end: date
    words: str


class _Rule(NamedTuple):
    """What to find, the phrase to read instead (a template of `re`, or empty), and if it lasts until today."""

    pattern: str
    phrase: str = ""
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The words about time of one language, as regular expressions.

    `alone` are sure wherever they stand, `led` only after one of the other words. `link` joins two times to one.
    `future` tells that a month or weekday without a year may lie ahead. `numbers` are what dateparser cannot count.
    """

    alone: tuple[_Rule, ...]
    led: tuple[_Rule, ...] = ()
    during: str = ""
    since: str = ""
    until: str = ""
    before: str = ""
    after: str = ""
    link: str = ""
    future: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    spaced: bool = True


_NEVER: Final = r"(?!)"
_YEAR: Final = r"(?:19|20)\d\d"
_NO_NUMBER: Final = r"(?!,?\s+(?:(?:of|de|del)\s+)?\d|,?\d)"
"""After a day or month without a year: none that is too old to be read, as in "in March 1760"."""
_ISO: Final = _Rule(rf"{_YEAR}-[01]\d-[0-3]\d")
_NUMERIC: Final = _Rule(rf"[0-3]?\d[./][01]?\d[./]{_YEAR}")
_BARE_YEAR: Final = (
    rf"{_YEAR}(?!\s*[%€$£°]|\s?[.,:/-]\d|\s+(?:years?|days|people|dollars|euros?|miles|km|meters|metres|kg|tons|jobs"
    r"|ans|jours|personnes|mots|dollars|Jahren?|Tagen?|Menschen|Dollar|Euro|años|días|personas|dólares)\b)"
)


def _dates(months: str, sure: str, weekdays: str, *, of: str = "", ordinal: str = "") -> tuple[_Rule, ...]:
    """Return the rules for a day with its month, day first, and for a month with its year.

    `months` are read where a year stands beside them, `sure` also without one.
    """
    day = rf"(?:(?:{weekdays}),?\s+)?([0-3]?\d(?:{ordinal})?\s+{of}"
    return (
        _ISO,
        _NUMERIC,
        _Rule(rf"{day}(?:{months}),?\s+(?:{of})?{_YEAR})", r"\1"),
        _Rule(rf"{day}(?:{sure})){_NO_NUMBER}", r"\1"),
        _Rule(rf"(?:{months})\s+(?:{of})?{_YEAR}"),
    )


def _counted(words: str) -> dict[str, str]:
    """Return digits for number words, given from one on; words of one number are joined by a stroke."""
    return {word: str(number) for number, same in enumerate(words.split(), 1) for word in same.split("|")}


def _english() -> _Grammar:
    clear = (
        r"January|Jan\.?|February|Feb\.?|April|June|July|August|September|Sept?\.?|October|Oct\.?|November|Nov\.?"
        r"|December|Dec\.?"
    )
    sure = rf"{clear}|(?-i:March|May)"
    months = rf"{clear}|March|May"
    weekdays = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    numbers = _counted("a|an|one two three four five six seven eight nine ten eleven twelve")
    count = rf"(\d{{1,3}}|{'|'.join(numbers)}|couple\s+of|few)"
    units = "(hours?|days?|weeks?|months?|years?)"
    return _Grammar(
        alone=(
            _Rule(r"(?:the\s+day\s+before\s+)?yesterday"),
            _Rule(
                r"(?<!USA )(?<!even )(?<!still )(?<!\bas )(?<!\bis )(?<!\bare )(?<!until )today"
            ),  # not a state of things
            _Rule(r"last\s+night", "yesterday"),
            _Rule(r"this\s+(?:morning|afternoon|evening)|tonight", "today"),
            _Rule(rf"{count}\s+{units}\s+ago", r"\1 \2 ago"),
            _Rule(rf"(?:the|these)\s+(?:last|past)\s+{count}\s+{units}", r"\1 \2 ago", lasting=True),
            _Rule(
                r"(?:in|over|during|within)\s+the\s+(?:last|past)\s+(day|week|month|year)", r"1 \1 ago", lasting=True
            ),
            _Rule(r"(?:last|this|previous)\s+(?:week|month|year)"),
            _Rule(rf"(?:last|this|this\s+past)\s+({weekdays}|{sure})", r"\1"),
            _Rule(rf"Q[1-4]\s+(?:of\s+)?{_YEAR}"),
            *_dates(months, sure, weekdays, of=r"(?:of\s+)?", ordinal="st|nd|rd|th"),
            _Rule(rf"(?:{months})\s+[0-3]?\d(?:st|nd|rd|th)?,?\s+{_YEAR}"),
            _Rule(rf"(?:{clear})\s+[0-3]?\d(?:st|nd|rd|th)?{_NO_NUMBER}"),
            _Rule(rf"(?:March|May)\s+[0-3]?\d(?:st|nd|rd|th){_NO_NUMBER}"),
        ),
        led=(
            _Rule(rf"(?<!\bon )(?:{sure})(?!['’]s){_NO_NUMBER}"),
            _Rule(rf"(?-i:March|May)\s+[0-3]?\d{_NO_NUMBER}"),
            _Rule(rf"(?:{weekdays})"),
            _Rule(rf"(?:the\s+year\s+)?({_BARE_YEAR})", r"\1"),
        ),
        during=r"(?:back\s+)?in|on|during|between|from|early|mid-?|late|(?:end|start|beginning|middle|month|news)\s+of",
        since=r"(?:ever\s+)?since",
        until=r"until|till|up\s+to",
        before="before",
        after="after",
        link=r"(?:and|or|to|through|until)(?:\s+in)?",
        future=r"\b(?:will|won['’]t|shall|going\s+to|upcoming|next)\b",
        numbers={**numbers, "few": "3", "couple of": "2"},
    )


def _french() -> _Grammar:
    months = (
        "janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
        r"|janv\.|f[ée]vr\.|sept\.|oct\.|nov\.|d[ée]c\."
    )
    weekdays = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    numbers = _counted("un|une deux trois quatre cinq six sept huit neuf dix onze douze")
    count = rf"(\d{{1,3}}|{'|'.join(numbers)}|quelques)"
    units = "(heures?|jours?|semaines?|mois|ans?|années?)"
    return _Grammar(
        alone=(
            _Rule("avant-hier"),
            _Rule(r"hier(?:\s+(?:matin|soir))?", "hier"),
            _Rule(
                r"(?<!encore )(?<!même )(?<!\best )(?<!\bsont )(?<!est-elle )(?<!est-il )aujourd['’]hui(?!\s+encore)",
                "aujourd'hui",
            ),
            _Rule(r"ce\s+(?:matin|soir)(?![\s-]+l[àa]\b)|cet\s+après-midi", "aujourd'hui"),
            _Rule(rf"il\s+y\s+a\s+{count}\s+{units}", r"il y a \1 \2"),
            _Rule(rf"(?:les|ces)\s+{count}\s+derni(?:ers|ères)\s+{units}", r"il y a \1 \2", lasting=True),
            _Rule(rf"(?:les|ces)\s+derni(?:ers|ères)\s+{count}\s+{units}", r"il y a \1 \2", lasting=True),
            _Rule(rf"depuis\s+{count}\s+{units}", r"il y a \1 \2", lasting=True),
            _Rule(r"ces\s+derniers\s+jours", "il y a 7 jours", lasting=True),
            _Rule(r"ces\s+derni[eè]res\s+semaines", "il y a 4 semaines", lasting=True),
            _Rule(r"ces\s+derniers\s+mois", "il y a 3 mois", lasting=True),
            _Rule(r"(?:la\s+)?semaine\s+(?:derni[eè]re|pass[ée]e)", "la semaine dernière"),
            _Rule(r"(?:le\s+)?mois\s+(?:dernier|pass[ée])", "le mois dernier"),
            _Rule(r"l['’]ann[ée]e\s+(?:derni[eè]re|pass[ée]e)|l['’]an\s+(?:dernier|pass[ée])", "l'année dernière"),
            _Rule(r"cette\s+semaine", "cette semaine"),
            _Rule(r"ce\s+mois(?:-ci)?", "ce mois-ci"),
            _Rule(r"cette\s+ann[ée]e", "cette année"),
            *_dates(months, months, weekdays, ordinal="er"),
            _Rule(rf"({weekdays}|{months})\s+(?:dernier|pass[ée])", r"\1"),
            _Rule(rf"ce\s+({weekdays})", r"\1"),
            _Rule(rf"mois\s+(?:de\s+|d['’])({months}){_NO_NUMBER}", r"\1"),
            _Rule(rf"(?<!le )(?<!les )(?<!chaque )(?:{weekdays})(?=\s*(?:[?!.,;]|$))"),
        ),
        led=(
            _Rule(rf"(?!(?<=de )mars|(?<=entre )mars)(?:{months}){_NO_NUMBER}"),  # the planet
            _Rule(rf"(?:{weekdays})"),
            _Rule(rf"(?<!\bde )(?:l['’]an(?:n[ée]e)?\s+)?({_BARE_YEAR})", r"\1"),
        ),
        during=r"en|courant|d[ée]but|fin|mi-?|entre|durant|de",
        since=r"depuis|[àa]\s+partir\s+de",
        until=r"jusqu['’](?:en|[àa]|au)",
        before="avant",
        after="après",
        link=r"(?:et|ou|[àa]|au|jusqu['’](?:en|[àa]|au))(?:\s+en)?",
        future=r"\b(?:va|vont|sera|seront|aura|auront|prochaine?)\b|r(?:a-t|ont)-(?:il|elle|on)s?\b",
        numbers={**numbers, "quelques": "3"},
    )


def _german() -> _Grammar:
    months = (
        "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
        r"|Jan\.|Febr?\.|Aug\.|Sept?\.|Okt\.|Nov\.|Dez\."
    )
    weekdays = "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag"
    last = r"(?:letzte|vergangene|vorige)[nmrs]?"
    this = r"diese[nmrs]?"
    numbers = _counted("ein|eine|einem|einer zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
    count = rf"(\d{{1,3}}|{'|'.join(numbers)})"
    units = "(Stunden?|Tag(?:en?)?|Wochen?|Monat(?:en?)?|Jahr(?:en?)?)"
    return _Grammar(
        alone=(
            _Rule("vorgestern"),
            _Rule(r"gestern(?:\s+(?:Morgen|Abend|Nacht))?", "gestern"),
            _Rule(
                r"(?<!noch )(?<!\bbis )(?<!\bals )heute(?:\s+(?:Morgen|Mittag|Abend)|(?!\s+(?:noch|als|bekannt)))",
                "heute",
            ),
            _Rule(rf"vor\s+{count}\s+{units}", r"vor \1 \2"),
            _Rule(rf"(?:den|die)\s+(?:letzten|vergangenen)\s+{count}\s+{units}", r"vor \1 \2", lasting=True),
            _Rule(rf"seit\s+{count}\s+{units}", r"vor \1 \2", lasting=True),
            _Rule(r"den\s+(?:letzten|vergangenen)\s+Tagen", "vor 7 Tagen", lasting=True),
            _Rule(r"den\s+(?:letzten|vergangenen)\s+Wochen", "vor 4 Wochen", lasting=True),
            _Rule(r"den\s+(?:letzten|vergangenen)\s+Monaten", "vor 3 Monaten", lasting=True),
            _Rule(rf"{last}\s+Woche", "letzte Woche"),
            _Rule(rf"{last}\s+Monat(?:s|es)?", "letzten Monat"),
            _Rule(rf"{last}\s+Jahr(?:s|es)?", "letztes Jahr"),
            _Rule(rf"{this}\s+Woche", "diese Woche"),
            _Rule(rf"{this}\s+Monat(?:s|es)?", "diesen Monat"),
            _Rule(rf"{this}\s+Jahr(?:s|es)?", "dieses Jahr"),
            *_dates(months, months, weekdays, ordinal=r"\."),
            _Rule(rf"(?:{last}|{this})\s+({weekdays}|{months})", r"\1"),
        ),
        led=(
            _Rule(rf"(?:dem\s+)?({months}){_NO_NUMBER}", r"\1"),
            _Rule(rf"(?:dem\s+)?({weekdays})", r"\1"),
            _Rule(rf"(?:dem\s+Jahr\s+)?({_BARE_YEAR})", r"\1"),
        ),
        during=r"im|am|Anfang|Mitte|Ende|zwischen|von|vom|im\s+Jahre?|in|im\s+Monat|des\s+Jahres|w[äa]hrend",
        since=r"seit|ab",
        until=r"bis(?:\s+zum)?",
        before="vor",
        after="nach",
        link=r"und|oder|bis(?:\s+zum)?",
        future=r"\b(?:wird|werden|kommende[nmrs]?|nächste[nmrs]?)\b",
        numbers=numbers,
    )


def _spanish() -> _Grammar:
    months = (
        "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
    )  # fmt: skip
    weekdays = "lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo"
    past = "(?:pasad[oa]|anterior|[úu]ltim[oa])"
    numbers = _counted("un|una|uno dos tres cuatro cinco seis siete ocho nueve diez once doce")
    count = rf"(\d{{1,3}}|{'|'.join(numbers)})"
    units = "(horas?|d[íi]as?|semanas?|mes(?:es)?|años?)"
    last = r"(?:los|las|estos|estas)\s+(?:[úu]ltim[oa]s|pasad[oa]s)"
    return _Grammar(
        alone=(
            _Rule(r"anteayer|antes\s+de\s+ayer", "anteayer"),
            _Rule("ayer|anoche", "ayer"),
            _Rule(r"(?<!\bde )(?<!hasta )hoy(?!\s+(?:en\s+)?d[íi]a)", "hoy"),
            _Rule(r"esta\s+(?:mañana|tarde|noche)", "hoy"),
            _Rule(rf"(?:desde\s+)hace\s+{count}\s+{units}", r"hace \1 \2", lasting=True),
            _Rule(rf"hace\s+{count}\s+{units}", r"hace \1 \2"),
            _Rule(rf"{last}\s+{count}\s+{units}", r"hace \1 \2", lasting=True),
            _Rule(rf"{last}\s+d[íi]as", "hace 7 días", lasting=True),
            _Rule(rf"{last}\s+semanas", "hace 4 semanas", lasting=True),
            _Rule(rf"{last}\s+meses", "hace 3 meses", lasting=True),
            _Rule(rf"(?:la\s+)?semana\s+{past}|la\s+[úu]ltima\s+semana", "la semana pasada"),
            _Rule(rf"(?:el\s+)?mes\s+{past}|el\s+[úu]ltimo\s+mes", "el mes pasado"),
            _Rule(rf"(?:el\s+)?año\s+{past}|el\s+[úu]ltimo\s+año", "el año pasado"),
            _Rule(r"est[ae]\s+(?:semana|mes|año)"),
            *_dates(months, months, weekdays, of=r"(?:del?\s+)?"),
            _Rule(rf"(?:el\s+|este\s+)?(?:pasado\s+)?({weekdays}|{months})\s+pasado", r"\1"),
            _Rule(rf"(?:el\s+pasado|este)\s+({weekdays}|{months})", r"\1"),
            _Rule(rf"mes\s+de\s+({months}){_NO_NUMBER}", r"\1"),
        ),
        led=(
            _Rule(rf"(?!(?<=\bde )mayo)(?:{months}){_NO_NUMBER}"),  # the square
            _Rule(rf"(?:el\s+)?({weekdays})", r"\1"),
            _Rule(rf"(?<!\bde )(?:el\s+año\s+)?({_BARE_YEAR})", r"\1"),
        ),
        during=r"en|el|durante|entre|de|a\s+(?:principios|mediados|finales|fines)\s+de",
        since=r"desde|a\s+partir\s+de",
        until="hasta",
        before=r"antes\s+de",
        after=r"despu[ée]s\s+de|tras",
        link="y|o|a|hasta",
        future=r"\b(?:va\s+a|van\s+a|pr[óo]xim[oa]|\w+r(?:á|án))\b",
        numbers=numbers,
    )


def _italian() -> _Grammar:
    months = (
        "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
    )  # fmt: skip
    return _Grammar(
        alone=(
            _Rule(r"ieri|oggi|l['’]altro\s+ieri"),
            _Rule(r"settimana\s+scorsa|scorsa\s+settimana", "settimana scorsa"),
            _Rule(r"mese\s+scorso|scorso\s+mese", "mese scorso"),
            _Rule(r"anno\s+scorso|scorso\s+anno", "anno scorso"),
            _Rule(r"questa\s+settimana|questo\s+mese|quest['’]anno"),
            _Rule(r"\d{1,3}\s+(?:giorni|settimane|mesi|anni)\s+fa"),
            *_dates(months, months, _NEVER, ordinal="º"),
        ),
        led=(_Rule(rf"(?:{months}){_NO_NUMBER}"), _Rule(rf"(?<!\ba ){_BARE_YEAR}")),
        during=r"in|nel|a|ad|durante|tra|fra",
        since="da|dal",
        until=r"fino\s+a|fino\s+al",
        link="e|a|al",
        future=r"\b(?:\w+rà|\w+ranno)\b",
    )


def _portuguese() -> _Grammar:
    months = (
        "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    )  # fmt: skip
    return _Grammar(
        alone=(
            _Rule(r"anteontem|ontem|hoje"),
            _Rule(r"semana\s+passada|m[êe]s\s+passado|ano\s+passado"),
            _Rule(r"n?(esta\s+semana|este\s+(?:m[êe]s|ano))", r"\1"),
            _Rule(r"h[áa]\s+(\d{1,3})\s+(dias|semanas|meses|anos)", r"há \1 \2"),
            *_dates(months, months, _NEVER, of=r"(?:de\s+)?"),
        ),
        led=(_Rule(rf"(?:{months}){_NO_NUMBER}"), _Rule(_BARE_YEAR)),
        during="em|durante|entre",
        since="desde",
        until="até",
        link="e|a|até",
        future=r"\b(?:vai|vão|\w+rá|\w+rão)\b",
    )


def _dutch() -> _Grammar:
    months = (
        "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    )  # fmt: skip
    weekdays = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    return _Grammar(
        alone=(
            _Rule("eergisteren|gisteren|vandaag"),
            _Rule(r"(?:vorige|afgelopen)\s+(week|maand)", r"vorige \1"),
            _Rule(r"(?:vorig|afgelopen)\s+jaar", "vorig jaar"),
            _Rule(r"deze\s+(?:week|maand)|dit\s+jaar"),
            _Rule(r"\d{1,3}\s+(?:dagen|weken|maanden|jaar)\s+geleden"),
            _Rule(rf"(?:afgelopen|vorige)\s+({weekdays})", r"\1"),
            *_dates(months, months, weekdays),
        ),
        led=(_Rule(rf"(?:{months}){_NO_NUMBER}"), _Rule(weekdays), _Rule(_BARE_YEAR)),
        during="in|op|tijdens|tussen|begin|eind|medio",
        since="sinds|vanaf",
        until=r"tot(?:\s+en\s+met)?",
        link="en|tot",
        future=r"\b(?:zal|zullen|volgende?)\b",
    )


def _russian() -> _Grammar:
    months = (
        "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    )  # fmt: skip
    return _Grammar(
        alone=(
            _Rule("позавчера|вчера|сегодня"),
            _Rule(r"на\s+(?:прошлой|этой)\s+неделе|в\s+(?:прошлом|этом)\s+(?:месяце|году)"),
            *_dates(months, months, _NEVER),
        ),
    )


def _chinese() -> _Grammar:
    return _Grammar(
        alone=(
            _Rule("前天|昨天|今天|上周|本周|上个月|本月|去年|今年"),
            _Rule("上星期|上个星期|上個星期|上週", "上周"),
            _Rule("这个月|這個月", "本月"),
            _Rule("这周|这个星期|本週|這週", "本周"),
            _Rule("上個月", "上个月"),
            _Rule(rf"{_YEAR}年(?:1[0-2]|[1-9])月(?:[0-3]?\d日)?"),
        ),
        spaced=False,
    )


def _japanese() -> _Grammar:
    return _Grammar(
        alone=(
            _Rule("一昨日|昨日|今日|先週|今週|先月|今月|去年|昨年|今年"),
            _Rule(rf"{_YEAR}年(?:1[0-2]|[1-9])月(?:[0-3]?\d日)?"),
        ),
        spaced=False,
    )


_GRAMMARS: Final = {
    "en": _english,
    "fr": _french,
    "de": _german,
    "es": _spanish,
    "it": _italian,
    "pt": _portuguese,
    "nl": _dutch,
    "ru": _russian,
    "zh": _chinese,
    "ja": _japanese,
}

_LATEST: Final = {
    "en": r"""\b(?:latest|newest|most\s+recent(?:ly)?|recent(?:ly)?|currently|nowadays|(?:right|as\s+of)\s+now
        | (?<!until\ )(?<!apocalypse\ )now (?!\ (?:known|called)\b)
        | at\ (?:the\ moment|present) | these\ days | up[ -]to[ -]date | so\ far
        | (?:the|its|their|his|her|our)\ current (?!\ (?:in|of|through|is|was|flow\w*)\b))\b""",
    "fr": r"""\b(?:actuel(?:le|s|les)?|actuellement|maintenant|récemment|récente?s?|à\ ce\ jour|désormais|dernièrement
        | en\ ce\ moment | à\ l['’]heure\ actuelle | (?:plus|tout)\ nouve(?:au|lle)s?
        | derni(?:er|ère)s?\ nouvelles? | (?:la|le|les|ses|leurs?|sa|son|aux?|des|du)\ derni(?:er|ère)s?
          (?!\ (?:jours?|semaines?|mois|ans?|années?|siècles?|heures?|\d+|deux|trois|quatre|cinq|six|sept|huit|neuf
          | dix)\b))\b""",
    "de": r"""\b(?:aktuell(?:e[nmrs]?)?|neueste[nmrs]?|jüngste[nmrs]?|derzeit(?:ige[nmrs]?)?|momentan|gegenwärtig|jetzt
        | zurzeit | zuletzt | kürzlich | neulich | im\ Moment
        | letzte[nmrs]?\ (?:Stand|Nachrichten|Meldung(?:en)?|Neuigkeiten))\b""",
    "es": r"""\b(?:actual(?:es|mente)?|ahora|reciente(?:s|mente)?|hoy\ (?:en\ )?día|en\ este\ momento|hasta\ ahora
        | últimamente | más\ nuev[oa]s? | (?<!por\ )últim[oa]s?
          (?!\ (?:d[íi]as?|semanas?|mes(?:es)?|años?|siglos?|horas?|minutos?|segundos?|cuartos?
          |\d+|dos|tres|cuatro|cinco|seis)\b))\b""",
    "it": r"\b(?:ultime\ notizie|più\ recent[ei]|recentemente|di\ recente|attual(?:e|i|mente)|adesso|ora)\b",
    "pt": r"\b(?:últimas\ notícias|mais\ recentes?|recentemente|atual(?:mente)?|atuais|agora)\b",
    "nl": r"\b(?:laatste\ nieuws|nieuwste|meest\ recente|onlangs|momenteel|huidige|actuele|nu)\b",
    "ru": r"\b(?:последн(?:ие|яя|ий|ее)\ новост\w+|последние|новейш\w+|сейчас|недавно|в\ настоящее\ время)\b",
    "zh": r"最新|最近|目前|现在|現在|当前|當前|近期",
    "ja": r"最新|最近|現在|いま|直近",
}


def mentioned_period(question: str, language: str, today: date) -> Period | None:
    """Return the days that `question` speaks of, or None where nothing is sure. Never raises.

    `language` is the question's, as an ISO 639 code, and `today` the day on which it is asked. Weeks run from Monday to
    Sunday, "last week" is the calendar week before, and a month without a year is the most recent that has begun. Days
    to come are None: no article was published on them. So are two times that no word joins.
    """
    if language not in _GRAMMARS:
        return None
    grammar = _known(language)
    question = unicodedata.normalize("NFC", question)
    mentions = list(islice(_mentions(question, language), 3))
    if mentions and grammar.future and re.search(grammar.future, question, re.IGNORECASE):
        mentions = [mention for mention in mentions if mention.sure]
    try:
        match mentions:
            case [only]:
                days = _one(only, language, today)
            case [first, second]:
                between = question[first.end : second.start].strip(" ,").casefold()
                days = _two(first, second, between, language, today)
            case _:
                return None
    except (OverflowError, ValueError):  # beyond the days that Python knows
        return None
    if days is None or days.start > today or days.start > days.end:
        return None
    return Period(days.start, days.end, question[mentions[0].start : mentions[-1].end])


def wants_latest(question: str, language: str) -> bool:
    """Tell whether a question asks for the newest there is: "latest", "currently", "les dernières nouvelles"."""
    pattern = _latest_pattern(language)
    return bool(pattern and pattern.search(unicodedata.normalize("NFC", question)))


def freshness(published: date | None, period: Period | None, today: date, latest: bool) -> float:
    """Return how well a day of publication suits a question about time, from 0 to 1; 0 where it is unknown.

    With a period, half / (half + days outside it), where half is 7 or, if more, the length of the period in days: 1
    inside; a week beside "yesterday" 0.5; a year beside "in 2024" 0.5. For the latest, 30 / (30 + days of age), where
    a day to come has no age. With both, their mean; with neither, 0. Hyperbolas, because an exponential would call
    all old articles equal. Where everything is old, take the newest day of publication for `today`.
    """
    if published is None:
        return 0.0
    suits = []
    if period is not None:
        half = max(_HALF_NEAR, (period.end - period.start).days + 1)
        outside = max((period.start - published).days, (published - period.end).days, 0)
        suits.append(half / (half + outside))
    if latest:
        suits.append(_HALF_LATEST / (_HALF_LATEST + max((today - published).days, 0)))
    return sum(suits) / len(suits) if suits else 0.0


class _Days(NamedTuple):
    start: date
    end: date
    grain: str


class _Mention(NamedTuple):
    """Words about time in a question. `lead` names the kind of word before them; `sure` ones cannot lie ahead."""

    start: int
    end: int
    lead: str
    phrase: str
    lasting: bool
    sure: bool


@cache
def _known(language: str) -> _Grammar:
    return _GRAMMARS[language]()


@cache
def _latest_pattern(language: str) -> re.Pattern[str] | None:
    pattern = _LATEST.get(language)
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE) if pattern else None


_LEADS: Final = ("since", "until", "before", "after", "during", "link")
_GRAINS: Final = ("day", "week", "month", "quarter", "year")
_WITHIN: Final = {"", "of", "de", "del", "des"}
"""What may stand between a time and the longer one that it lies in."""


def _edges(grammar: _Grammar) -> tuple[str, str]:
    """Return what must hold left and right of a time."""
    return (r"(?<![\w-])", r"(?!\w)") if grammar.spaced else ("", "")


@cache
def _finder(language: str) -> re.Pattern[str]:
    """Return what finds a time in a question, with the word that leads it."""
    grammar = _known(language)
    alone = "|".join(rule.pattern for rule in grammar.alone)
    led = "|".join(rule.pattern for rule in grammar.led) or _NEVER
    leads = "|".join(rf"(?P<{name}>{getattr(grammar, name) or _NEVER})" for name in _LEADS)
    left, right = _edges(grammar)
    return re.compile(
        rf"{left}(?:(?P<alone>{alone})|(?:{leads})(?:\s+|(?<=-)|(?<=['’]))(?P<led>{alone}|{led})){right}", re.IGNORECASE
    )


@cache
def _rules(language: str) -> tuple[tuple[re.Pattern[str], _Rule, bool], ...]:
    grammar = _known(language)
    return tuple(
        (re.compile(rf"(?:{rule.pattern}){_edges(grammar)[1]}", re.IGNORECASE), rule, sure)
        for rules, sure in ((grammar.alone, True), (grammar.led, False))
        for rule in rules
    )


def _mentions(question: str, language: str) -> Iterator[_Mention]:
    finder = _finder(language)
    position, last = 0, -1
    while match := finder.search(question, position):
        if match["link"] and (last < 0 or question[last : match.start()].strip()):
            position = match.start("led")  # "and March" is a time only right after another
            continue
        position = last = match.end()
        yield _mention(match, language)


def _mention(match: re.Match[str], language: str) -> _Mention:
    lead = next((name for name in _LEADS if match[name]), "")
    start = match.start("led" if lead else "alone")
    # The rules stand in the order of the finder and are matched in place, so the first that fits is what it found.
    tried = ((pattern.match(match.string, start), rule, sure) for pattern, rule, sure in _rules(language))
    found, rule, sure = next((found, rule, sure) for found, rule, sure in tried if found)
    phrase = " ".join((found.expand(rule.phrase) if rule.phrase else found[0]).split())
    sure = sure or bool(re.search(_YEAR, phrase))
    return _Mention(match.start(), match.end(), lead, _in_digits(phrase, language), rule.lasting, sure)


def _in_digits(phrase: str, language: str) -> str:
    for word, digits in _known(language).numbers.items():
        phrase = re.sub(rf"(?<!\w){word}(?!\w)", digits, phrase, flags=re.IGNORECASE)
    return phrase


def _one(mention: _Mention, language: str, today: date) -> _Days | None:
    days = _read(mention, language, today)
    return _led(days, mention.lead, today) if days else None


def _two(first: _Mention, second: _Mention, between: str, language: str, today: date) -> _Days | None:
    """Read two times as one: joined by a word ("January to March"), or one in the other ("January last year")."""
    before, after = _read(first, language, today), _read(second, language, today)
    if before is None or after is None:
        return None
    if second.lead in {"link", "until"} and not between:
        if before.start > after.start:
            before = _read(first, language, after.end) or before
        return _Days(min(before.start, after.start), max(before.end, after.end), "")
    if between not in _WITHIN or before.grain == after.grain:
        return None
    swapped = _GRAINS.index(before.grain) > _GRAINS.index(after.grain)
    inner, outer = (second, before) if swapped else (first, after)
    # dateparser takes the last Monday before a day, but the last January up to one.
    days = _read(inner, language, outer.end + _DAY if after.grain == "week" or before.grain == "week" else outer.end)
    if days is None or days.start < outer.start or days.end > outer.end:
        return None
    return _led(days, first.lead, today)


def _led(days: _Days, lead: str, today: date) -> _Days:
    """Return the days that a word such as "since" makes of `days`."""
    match lead:
        case "since":
            return _Days(days.start, today, days.grain)
        case "after":
            return _Days(days.end + _DAY, today, days.grain)
        case "until":
            return _Days(date.min, days.end, days.grain)
        case "before":
            return _Days(date.min, days.start - _DAY, days.grain)
        case _:
            return days


def _read(mention: _Mention, language: str, today: date) -> _Days | None:
    """Read one time with dateparser, as on `today`."""
    if language == "en" and _ambiguous(mention.phrase):
        return None
    from dateparser.date import DateDataParser  # 0.2 s, which most questions need not pay

    settings = {
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "PREFER_MONTH_OF_YEAR": "first",
        "RELATIVE_BASE": datetime.combine(today, time()),
    }
    read = DateDataParser(languages=[language], settings=settings).get_date_data(mention.phrase)
    if read.date_obj is None:
        return None
    day = read.date_obj.date()
    return _Days(day, today, "day") if mention.lasting else _around(day, read.period)


def _ambiguous(phrase: str) -> bool:
    """Tell whether a date is another one in London than in New York: 2/3/2026."""
    numbers = re.fullmatch(r"(\d+)[./](\d+)[./]\d+", phrase)
    return numbers is not None and numbers[1] != numbers[2] and max(int(numbers[1]), int(numbers[2])) <= 12


def _around(day: date, grain: str) -> _Days:
    """Return the whole week, month, quarter or year that holds a day; the day itself for a finer grain."""
    match grain:
        case "week":
            monday = day - day.weekday() * _DAY
            return _Days(monday, monday + 6 * _DAY, grain)
        case "month" | "quarter":
            first = day.month if grain == "month" else (day.month - 1) // 3 * 3 + 1
            last = first if grain == "month" else first + 2
            return _Days(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]), grain)
        case "year":
            return _Days(date(day.year, 1, 1), date(day.year, 12, 31), grain)
        case _:
            return _Days(day, day, "day")
