"""The words about time in ten languages, as regular expressions: tables that `assistant.periods` reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple


class Rule(NamedTuple):
    """What to find, the phrase to read instead (a template of `re`, or empty), and if it lasts until today."""

    pattern: str
    phrase: str = ""
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words about time of one language, as regular expressions.

    `alone` are sure wherever they stand, `led` only after one of the other words. `link` joins two times to one.
    `future` tells that a month or weekday without a year may lie ahead. `numbers` are what dateparser cannot count.
    """

    alone: tuple[Rule, ...]
    led: tuple[Rule, ...] = ()
    during: str = ""
    since: str = ""
    until: str = ""
    before: str = ""
    after: str = ""
    link: str = ""
    future: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    spaced: bool = True


NEVER: Final = r"(?!)"
"""Finds nothing."""
YEAR: Final = r"(?:19|20)\d\d"
_NO_NUMBER: Final = r"(?!,?\s+(?:(?:of|de|del)\s+)?\d|,?\d)"
"""After a day or month without a year: none that is too old to be read, as in "in March 1760"."""
_ISO: Final = Rule(rf"{YEAR}-[01]\d-[0-3]\d")
_NUMERIC: Final = Rule(rf"[0-3]?\d[./][01]?\d[./]{YEAR}")
_BARE_YEAR: Final = (
    rf"{YEAR}(?!\s*[%€$£°]|\s?[.,:/-]\d|\s+(?:years?|days|people|dollars|euros?|miles|km|meters|metres|kg|tons|jobs"
    r"|ans|jours|personnes|mots|dollars|Jahren?|Tagen?|Menschen|Dollar|Euro|años|días|personas|dólares)\b)"
)


def _dates(months: str, sure: str, weekdays: str, *, of: str = "", ordinal: str = "") -> tuple[Rule, ...]:
    """Return the rules for a day with its month, day first, and for a month with its year.

    `months` are read where a year stands beside them, `sure` also without one.
    """
    day = rf"(?:(?:{weekdays}),?\s+)?([0-3]?\d(?:{ordinal})?\s+{of}"
    return (
        _ISO,
        _NUMERIC,
        Rule(rf"{day}(?:{months}),?\s+(?:{of})?{YEAR})", r"\1"),
        Rule(rf"{day}(?:{sure})){_NO_NUMBER}", r"\1"),
        Rule(rf"(?:{months})\s+(?:{of})?{YEAR}"),
    )


def _counted(words: str) -> dict[str, str]:
    """Return digits for number words, given from one on; words of one number are joined by a stroke."""
    return {word: str(number) for number, same in enumerate(words.split(), 1) for word in same.split("|")}


def _english() -> Grammar:
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
    return Grammar(
        alone=(
            Rule(r"(?:the\s+day\s+before\s+)?yesterday"),
            Rule(
                r"(?<!USA )(?<!even )(?<!still )(?<!\bas )(?<!\bis )(?<!\bare )(?<!until )today"
            ),  # not a state of things
            Rule(r"last\s+night", "yesterday"),
            Rule(r"this\s+(?:morning|afternoon|evening)|tonight", "today"),
            Rule(rf"{count}\s+{units}\s+ago", r"\1 \2 ago"),
            Rule(rf"(?:the|these)\s+(?:last|past)\s+{count}\s+{units}", r"\1 \2 ago", lasting=True),
            Rule(r"(?:in|over|during|within)\s+the\s+(?:last|past)\s+(day|week|month|year)", r"1 \1 ago", lasting=True),
            Rule(r"(?:last|this|previous)\s+(?:week|month|year)"),
            Rule(rf"(?:last|this|this\s+past)\s+({weekdays}|{sure})", r"\1"),
            Rule(rf"Q[1-4]\s+(?:of\s+)?{YEAR}"),
            *_dates(months, sure, weekdays, of=r"(?:of\s+)?", ordinal="st|nd|rd|th"),
            Rule(rf"(?:{months})\s+[0-3]?\d(?:st|nd|rd|th)?,?\s+{YEAR}"),
            Rule(rf"(?:{clear})\s+[0-3]?\d(?:st|nd|rd|th)?{_NO_NUMBER}"),
            Rule(rf"(?:March|May)\s+[0-3]?\d(?:st|nd|rd|th){_NO_NUMBER}"),
        ),
        led=(
            Rule(rf"(?<!\bon )(?:{sure})(?!['’]s){_NO_NUMBER}"),
            Rule(rf"(?-i:March|May)\s+[0-3]?\d{_NO_NUMBER}"),
            Rule(rf"(?:{weekdays})"),
            Rule(rf"(?:the\s+year\s+)?({_BARE_YEAR})", r"\1"),
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


def _french() -> Grammar:
    months = (
        "janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
        r"|janv\.|f[ée]vr\.|sept\.|oct\.|nov\.|d[ée]c\."
    )
    weekdays = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    numbers = _counted("un|une deux trois quatre cinq six sept huit neuf dix onze douze")
    count = rf"(\d{{1,3}}|{'|'.join(numbers)}|quelques)"
    units = "(heures?|jours?|semaines?|mois|ans?|années?)"
    return Grammar(
        alone=(
            Rule("avant-hier"),
            Rule(r"hier(?:\s+(?:matin|soir))?", "hier"),
            Rule(
                r"(?<!encore )(?<!même )(?<!\best )(?<!\bsont )(?<!est-elle )(?<!est-il )aujourd['’]hui(?!\s+encore)",
                "aujourd'hui",
            ),
            Rule(r"ce\s+(?:matin|soir)(?![\s-]+l[àa]\b)|cet\s+après-midi", "aujourd'hui"),
            Rule(rf"il\s+y\s+a\s+{count}\s+{units}", r"il y a \1 \2"),
            Rule(rf"(?:les|ces)\s+{count}\s+derni(?:ers|ères)\s+{units}", r"il y a \1 \2", lasting=True),
            Rule(rf"(?:les|ces)\s+derni(?:ers|ères)\s+{count}\s+{units}", r"il y a \1 \2", lasting=True),
            Rule(rf"depuis\s+{count}\s+{units}", r"il y a \1 \2", lasting=True),
            Rule(r"ces\s+derniers\s+jours", "il y a 7 jours", lasting=True),
            Rule(r"ces\s+derni[eè]res\s+semaines", "il y a 4 semaines", lasting=True),
            Rule(r"ces\s+derniers\s+mois", "il y a 3 mois", lasting=True),
            Rule(r"(?:la\s+)?semaine\s+(?:derni[eè]re|pass[ée]e)", "la semaine dernière"),
            Rule(r"(?:le\s+)?mois\s+(?:dernier|pass[ée])", "le mois dernier"),
            Rule(r"l['’]ann[ée]e\s+(?:derni[eè]re|pass[ée]e)|l['’]an\s+(?:dernier|pass[ée])", "l'année dernière"),
            Rule(r"cette\s+semaine", "cette semaine"),
            Rule(r"ce\s+mois(?:-ci)?", "ce mois-ci"),
            Rule(r"cette\s+ann[ée]e", "cette année"),
            *_dates(months, months, weekdays, ordinal="er"),
            Rule(rf"({weekdays}|{months})\s+(?:dernier|pass[ée])", r"\1"),
            Rule(rf"ce\s+({weekdays})", r"\1"),
            Rule(rf"mois\s+(?:de\s+|d['’])({months}){_NO_NUMBER}", r"\1"),
            Rule(rf"(?<!le )(?<!les )(?<!chaque )(?:{weekdays})(?=\s*(?:[?!.,;]|$))"),
        ),
        led=(
            Rule(rf"(?!(?<=de )mars|(?<=entre )mars)(?:{months}){_NO_NUMBER}"),  # the planet
            Rule(rf"(?:{weekdays})"),
            Rule(rf"(?<!\bde )(?:l['’]an(?:n[ée]e)?\s+)?({_BARE_YEAR})", r"\1"),
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


def _german() -> Grammar:
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
    return Grammar(
        alone=(
            Rule("vorgestern"),
            Rule(r"gestern(?:\s+(?:Morgen|Abend|Nacht))?", "gestern"),
            Rule(
                r"(?<!noch )(?<!\bbis )(?<!\bals )heute(?:\s+(?:Morgen|Mittag|Abend)|(?!\s+(?:noch|als|bekannt)))",
                "heute",
            ),
            Rule(rf"vor\s+{count}\s+{units}", r"vor \1 \2"),
            Rule(rf"(?:den|die)\s+(?:letzten|vergangenen)\s+{count}\s+{units}", r"vor \1 \2", lasting=True),
            Rule(rf"seit\s+{count}\s+{units}", r"vor \1 \2", lasting=True),
            Rule(r"den\s+(?:letzten|vergangenen)\s+Tagen", "vor 7 Tagen", lasting=True),
            Rule(r"den\s+(?:letzten|vergangenen)\s+Wochen", "vor 4 Wochen", lasting=True),
            Rule(r"den\s+(?:letzten|vergangenen)\s+Monaten", "vor 3 Monaten", lasting=True),
            Rule(rf"{last}\s+Woche", "letzte Woche"),
            Rule(rf"{last}\s+Monat(?:s|es)?", "letzten Monat"),
            Rule(rf"{last}\s+Jahr(?:s|es)?", "letztes Jahr"),
            Rule(rf"{this}\s+Woche", "diese Woche"),
            Rule(rf"{this}\s+Monat(?:s|es)?", "diesen Monat"),
            Rule(rf"{this}\s+Jahr(?:s|es)?", "dieses Jahr"),
            *_dates(months, months, weekdays, ordinal=r"\."),
            Rule(rf"(?:{last}|{this})\s+({weekdays}|{months})", r"\1"),
        ),
        led=(
            Rule(rf"(?:dem\s+)?({months}){_NO_NUMBER}", r"\1"),
            Rule(rf"(?:dem\s+)?({weekdays})", r"\1"),
            Rule(rf"(?:dem\s+Jahr\s+)?({_BARE_YEAR})", r"\1"),
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


def _spanish() -> Grammar:
    months = (
        "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
    )  # fmt: skip
    weekdays = "lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo"
    past = "(?:pasad[oa]|anterior|[úu]ltim[oa])"
    numbers = _counted("un|una|uno dos tres cuatro cinco seis siete ocho nueve diez once doce")
    count = rf"(\d{{1,3}}|{'|'.join(numbers)})"
    units = "(horas?|d[íi]as?|semanas?|mes(?:es)?|años?)"
    last = r"(?:los|las|estos|estas)\s+(?:[úu]ltim[oa]s|pasad[oa]s)"
    return Grammar(
        alone=(
            Rule(r"anteayer|antes\s+de\s+ayer", "anteayer"),
            Rule("ayer|anoche", "ayer"),
            Rule(r"(?<!\bde )(?<!hasta )hoy(?!\s+(?:en\s+)?d[íi]a)", "hoy"),
            Rule(r"esta\s+(?:mañana|tarde|noche)", "hoy"),
            Rule(rf"(?:desde\s+)hace\s+{count}\s+{units}", r"hace \1 \2", lasting=True),
            Rule(rf"hace\s+{count}\s+{units}", r"hace \1 \2"),
            Rule(rf"{last}\s+{count}\s+{units}", r"hace \1 \2", lasting=True),
            Rule(rf"{last}\s+d[íi]as", "hace 7 días", lasting=True),
            Rule(rf"{last}\s+semanas", "hace 4 semanas", lasting=True),
            Rule(rf"{last}\s+meses", "hace 3 meses", lasting=True),
            Rule(rf"(?:la\s+)?semana\s+{past}|la\s+[úu]ltima\s+semana", "la semana pasada"),
            Rule(rf"(?:el\s+)?mes\s+{past}|el\s+[úu]ltimo\s+mes", "el mes pasado"),
            Rule(rf"(?:el\s+)?año\s+{past}|el\s+[úu]ltimo\s+año", "el año pasado"),
            Rule(r"est[ae]\s+(?:semana|mes|año)"),
            *_dates(months, months, weekdays, of=r"(?:del?\s+)?"),
            Rule(rf"(?:el\s+|este\s+)?(?:pasado\s+)?({weekdays}|{months})\s+pasado", r"\1"),
            Rule(rf"(?:el\s+pasado|este)\s+({weekdays}|{months})", r"\1"),
            Rule(rf"mes\s+de\s+({months}){_NO_NUMBER}", r"\1"),
        ),
        led=(
            Rule(rf"(?!(?<=\bde )mayo)(?:{months}){_NO_NUMBER}"),  # the square
            Rule(rf"(?:el\s+)?({weekdays})", r"\1"),
            Rule(rf"(?<!\bde )(?:el\s+año\s+)?({_BARE_YEAR})", r"\1"),
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


def _italian() -> Grammar:
    months = (
        "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
    )  # fmt: skip
    return Grammar(
        alone=(
            Rule(r"ieri|oggi|l['’]altro\s+ieri"),
            Rule(r"settimana\s+scorsa|scorsa\s+settimana", "settimana scorsa"),
            Rule(r"mese\s+scorso|scorso\s+mese", "mese scorso"),
            Rule(r"anno\s+scorso|scorso\s+anno", "anno scorso"),
            Rule(r"questa\s+settimana|questo\s+mese|quest['’]anno"),
            Rule(r"\d{1,3}\s+(?:giorni|settimane|mesi|anni)\s+fa"),
            *_dates(months, months, NEVER, ordinal="º"),
        ),
        led=(Rule(rf"(?:{months}){_NO_NUMBER}"), Rule(rf"(?<!\ba ){_BARE_YEAR}")),
        during=r"in|nel|a|ad|durante|tra|fra",
        since="da|dal",
        until=r"fino\s+a|fino\s+al",
        link="e|a|al",
        future=r"\b(?:\w+rà|\w+ranno)\b",
    )


def _portuguese() -> Grammar:
    months = (
        "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    )  # fmt: skip
    return Grammar(
        alone=(
            Rule(r"anteontem|ontem|hoje"),
            Rule(r"semana\s+passada|m[êe]s\s+passado|ano\s+passado"),
            Rule(r"n?(esta\s+semana|este\s+(?:m[êe]s|ano))", r"\1"),
            Rule(r"h[áa]\s+(\d{1,3})\s+(dias|semanas|meses|anos)", r"há \1 \2"),
            *_dates(months, months, NEVER, of=r"(?:de\s+)?"),
        ),
        led=(Rule(rf"(?:{months}){_NO_NUMBER}"), Rule(_BARE_YEAR)),
        during="em|durante|entre",
        since="desde",
        until="até",
        link="e|a|até",
        future=r"\b(?:vai|vão|\w+rá|\w+rão)\b",
    )


def _dutch() -> Grammar:
    months = (
        "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    )  # fmt: skip
    weekdays = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    return Grammar(
        alone=(
            Rule("eergisteren|gisteren|vandaag"),
            Rule(r"(?:vorige|afgelopen)\s+(week|maand)", r"vorige \1"),
            Rule(r"(?:vorig|afgelopen)\s+jaar", "vorig jaar"),
            Rule(r"deze\s+(?:week|maand)|dit\s+jaar"),
            Rule(r"\d{1,3}\s+(?:dagen|weken|maanden|jaar)\s+geleden"),
            Rule(rf"(?:afgelopen|vorige)\s+({weekdays})", r"\1"),
            *_dates(months, months, weekdays),
        ),
        led=(Rule(rf"(?:{months}){_NO_NUMBER}"), Rule(weekdays), Rule(_BARE_YEAR)),
        during="in|op|tijdens|tussen|begin|eind|medio",
        since="sinds|vanaf",
        until=r"tot(?:\s+en\s+met)?",
        link="en|tot",
        future=r"\b(?:zal|zullen|volgende?)\b",
    )


def _russian() -> Grammar:
    months = (
        "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    )  # fmt: skip
    return Grammar(
        alone=(
            Rule("позавчера|вчера|сегодня"),
            Rule(r"на\s+(?:прошлой|этой)\s+неделе|в\s+(?:прошлом|этом)\s+(?:месяце|году)"),
            *_dates(months, months, NEVER),
        ),
    )


def _chinese() -> Grammar:
    return Grammar(
        alone=(
            Rule("前天|昨天|今天|上周|本周|上个月|本月|去年|今年"),
            Rule("上星期|上个星期|上個星期|上週", "上周"),
            Rule("这个月|這個月", "本月"),
            Rule("这周|这个星期|本週|這週", "本周"),
            Rule("上個月", "上个月"),
            Rule(rf"{YEAR}年(?:1[0-2]|[1-9])月(?:[0-3]?\d日)?"),
        ),
        spaced=False,
    )


def _japanese() -> Grammar:
    return Grammar(
        alone=(
            Rule("一昨日|昨日|今日|先週|今週|先月|今月|去年|昨年|今年"),
            Rule(rf"{YEAR}年(?:1[0-2]|[1-9])月(?:[0-3]?\d日)?"),
        ),
        spaced=False,
    )


GRAMMARS: Final = {
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

LATEST: Final = {
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
