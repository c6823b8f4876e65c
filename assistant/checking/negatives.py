"""Words that negate, in English, French, German, Spanish, and a few of other languages: where they stand in a text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from assistant.checking.tokens import Token, listed

_ENGLISH: Final = "en"
_NEAR: Final = 6


class Force(Enum):
    """How a word negates.

    PLAIN: what follows is negated ("not", "without"). DENYING: someone says so ("denied"), or tried in vain ("failed").
    FALSE: a whole sentence is ("nonsense"). WEAK: something is, and it is not told what ("hardly", "not only").
    """

    PLAIN = auto()
    DENYING = auto()
    FALSE = auto()
    WEAK = auto()


@dataclass(frozen=True, slots=True)
class Negation:
    """A negating word: the place of its token, its force, and the place from which on it negates.

    A narrow one negates the next word alone: "non contraignante". `until` is the place of the word up to which a weak
    one holds, as in "not until", or -1.
    """

    place: int
    force: Force
    scope: int
    narrow: bool = False
    until: int = -1


@dataclass(frozen=True, slots=True)
class _Words:
    """The folded negating words of a language. `passing` may stand between a negation and the word that it negates.

    `limiting` makes a plain negation weak where it follows: "not only". `stems` begin a denying word.
    """

    plain: frozenset[str]
    denying: tuple[str, ...]
    false: frozenset[str]
    weak: frozenset[str]
    limiting: frozenset[str]
    passing: frozenset[str]
    both_ways: bool = False


def _words(
    plain: str, denying: str = "", false: str = "", weak: str = "", limiting: str = "", passing: str = "",
    *, both_ways: bool = False,
) -> _Words:  # fmt: skip
    return _Words(
        frozenset(plain.split()),
        tuple(denying.split()),
        frozenset(false.split()),
        frozenset(weak.split()),
        frozenset(limiting.split()),
        frozenset(passing.split()),
        both_ways,
    )


_LANGUAGES: Final[Mapping[str, _Words]] = {
    "en": _words(
        "not never no non cannot without neither nor nobody none nothing nowhere",
        "deny denie denial refus reject dismiss disputed disputes refut fail unable",
        "nonsense false untrue wrong fake baseless unfounded incorrect hoax myth falsely wrongly",
        "hardly barely rarely seldom scarcely unless except lack lacks lacked lacking few fewer unlikely impossible"
        " prevent prevents prevented preventing avoid avoids avoided avoiding stop stops stopped stopping"
        " ceased absence absent instead contrary far doubt doubts excluded opposed incapable off rather",
        "only just merely simply solely necessarily always as",
        "a an the any been be being is are was were has have had having do does did will would can could may might"
        " shall should must ever yet also even really actually still longer to of in on at by for with from as so very"
        " that this these those it its he she they their his her him them there quite all always such and or"
        " necessarily fully completely entirely t ve re d ll s himself itself themselves get got much",
    ),
    "fr": _words(
        "sans aucun aucune nullement",
        "nie nient nier niait niant dement refus rejet contest refut echou",
        "faux fausse fausses infonde infondee mensonge inexact inexacte absurde",
        "rarement sauf peine empeche empechent evite evitent impossible incapable manque faute loin hormis excepte"
        " peu ni cesse guere",
        "seulement uniquement moins forcement necessairement",
        "le la les l un une des du de d a au aux en y se s me m te t lui leur leurs son sa ses ce cet cette ces est"
        " sont etait etaient sera seront serait seraient ete etre ont avait avaient aura aurait auraient avoir eu fait"
        " donc encore toujours tout tous toute toutes bien tres plus pas jamais rien que qu qui pour par sur dans avec"
        " il elle ils elles on peut peuvent pourrait doit doivent devait va vont plus non trop assez et ou meme",
    ),
    "de": _words(
        "nicht kein keine keinen keinem keiner keines nie niemals weder ohne niemand niemanden nichts keinesfalls"
        " keineswegs nirgends",
        "bestreit bestritt leugn dementi zuruckgewies zuruckweis ablehn lehnt lehnte abgelehnt verweiger weiger"
        " scheiter gescheitert verneint",
        "falsch unwahr unsinn luge haltlos unbegrundet",
        "kaum selten ausser wenig wenige statt anstatt verhinder verhindert mangel unmoglich fehlt fehlte fehlen"
        " stattdessen",
        "nur bloss zuletzt unbedingt mehr zwingend",
        "der die das den dem des ein eine einen einem einer eines ist sind war waren hat haben hatte hatten wird werden"
        " wurde wurden worden sein kann konnen konnte konnten soll sollen sollte will wollen muss mussen darf noch auch"
        " so sehr ganz mehr zu um in im an am auf mit von vom fur bei aus als wie sich es er sie ihn ihm ihr ihre seine"
        " immer schon und oder dass da hier allen alle ubt gewesen",
        both_ways=True,
    ),
    "es": _words(
        "no nunca jamas ningun ninguno ninguna nadie nada sin tampoco",
        "nieg nego negar negad negan negaron negando desmint desmient rechaz rehus",
        "falso falsa falsos falsas mentira disparate absurdo incorrecto infundado",
        "apenas raramente salvo excepto imposible evitar evita impide impiden falta incapaz poco pocos pocas ni"
        " carece",
        "solo solamente unicamente obstante mas menos necesariamente",
        "el la los las un una unos unas lo le les se me te su sus es son era eran fue fueron sera seran seria sido ser"
        " esta estan estaba estado ha han habia habian habra haber hay de del en a al por para con que como muy mas"
        " aun todavia ya tan todo todos toda todas puede pueden podia podria debe deben y o siempre este esta ello",
    ),
    "it": _words("non nessuno nessuna nessun mai senza niente nulla", "neg smenti rifiut", "falso falsa"),
    "pt": _words("nao nunca jamais nenhum nenhuma ninguem nada sem", "neg desment recus rejeit", "falso falsa"),
    "nl": _words("niet geen nooit zonder niemand niets", "ontken weiger verwerp", "onwaar onzin vals", both_ways=True),
}  # fmt: skip

_FRENCH_NE: Final = frozenset({"ne", "n"})
_FRENCH_SECOND: Final = listed("pas plus jamais rien aucun aucune personne guere point nul nulle")
_FRENCH_SUBJECTS: Final = frozenset({"rien", "aucun", "aucune", "personne", "ni", "nul"})
_FRENCH_SPOKEN: Final = frozenset({"pas", "non"})
_FRENCH_BARE: Final = listed("peut saurait cesse ose pouvait pourrait")
_FRENCH_STEP: Final = listed("un le les premier chaque quelques grand petit au")
_IDIOMS: Final = frozenset(
    {
        *(("sin", "embargo"), ("no", "obstante"), ("no", "doubt"), ("sin", "duda"), ("poco", "despues")),
        *(("poco", "antes"), ("peu", "apres"), ("peu", "avant"), ("peu", "pres")),
    }
)
"""Words in a row that negate nothing."""
_SOME: Final = listed("a un une ein eine einige unos")
"""Before "few" and its like: "a few" is some."""
_VERDICTS: Final = listed("no non nein")
_TOLD: Final = listed(
    "clear known certain sure disclosed specified say said clair connu certain precise dit klar bekannt sicher gesagt"
    " claro seguro conocido dice"
)
_UNTIL: Final = listed("until till unless bevor ehe hasta")
_BEFORE: Final = listed("before avant antes")
_LIMITS: Final = listed("bis jusqu jusque vor")
_AND: Final = listed("and but et mais und aber y pero")
_UNKNOWN: Final = listed("known decided connu fixe bekannt fest conoce sabe")
"""What is not so until, or not known, is weakly denied: a text that only tells the rest says the same."""
_CALLED: Final = listed("as for by to como als comme")
"""After "known" these tell a name or a renown."""
_ASKING: Final = listed(
    "how what when whether if who where why which si combien quand qui quel quelle ce ob wie wann wer was cuanto cuando"
    " quien que"
)
"""After "not clear" and its like, these ask what the sentence may go on to tell."""
_APART: Final = listed("not pas nicht no")
_NARROW: Final = "non"
_PARTICIPLES: Final = ("ados", "idos", "adas", "idas", "ado", "ido", "ada", "ida")
_OR: Final = frozenset({"or", "o", "oder", "ou"})
_BOUNDS: Final = listed("later sooner less fewer more mas menos")
"""After "no" these set a bound: "no later than"."""
_CONCORD: Final = listed("nunca jamas ningun ninguno ninguna nadie nada tampoco")


def knows_negation(language: str) -> bool:
    """Return whether negations of this language are read. An unknown language ("") is read as English."""
    return (language or _ENGLISH) in _LANGUAGES


def negates_both_ways(language: str) -> bool:
    """Return whether a negation may follow the word that it negates: "gibt den Plan nicht auf"."""
    known = _LANGUAGES.get(language or _ENGLISH)
    return known is not None and known.both_ways


def is_passing(word: str, language: str) -> bool:
    """Return whether a folded word may stand between a negation and what it negates: "been", "the", "yet"."""
    known = _LANGUAGES.get(language or _ENGLISH)
    return known is not None and word in known.passing


def is_limit(word: str) -> bool:
    """Return whether a folded word, in any language, sets a limit in time: "until", "before"."""
    return word in _UNTIL or word in _BEFORE or word in _LIMITS


def read_negations(text: str, words: Sequence[Token], language: str) -> list[Negation]:
    """Return the negations of a text, in order; `words` are its tokens."""
    known = _LANGUAGES.get(language or _ENGLISH)
    if known is None:
        return []
    found = list(_french(words)) if language == "fr" else list(_plain(text, words, known))
    found += _others(words, known)
    read = [
        _weakened(negation, text, words, known)
        for negation in found
        if words[negation.place].key not in _VERDICTS or not _is_apart(text, words, negation.place)
    ]
    return sorted(read, key=lambda negation: negation.place)


def _is_apart(text: str, words: Sequence[Token], place: int) -> bool:
    """Return whether a word answers alone: "No, Nvidia did"."""
    behind = text[words[place].end : words[place].end + 2].strip()
    return behind[:1] in (",", ".", "!", ";", ":", "—", "–") or place + 1 == len(words)


def _plain(text: str, words: Sequence[Token], known: _Words) -> Iterator[Negation]:
    last = -_NEAR - 1
    for place, word in enumerate(words):
        contracted = (
            word.key == "t" and place > 0 and words[place - 1].key.endswith("n") and text[word.start - 1] in "'’"
        )
        if word.key not in known.plain and not contracted:
            continue
        if word.key == "no" and text[word.end : word.end + 1] in (".", "°") and _is_digit(words, place + 1):
            continue  # No. 5
        if _IDIOMS.intersection(_pair(words, place)) or _is_alternative(text, words, place):
            continue
        if word.key in _CONCORD and place - last <= _NEAR:
            continue  # "no dijo nada" negates once
        last = place
        yield Negation(place, Force.PLAIN, place + 1, narrow=_is_narrow(text, words, place, known))


def _is_narrow(text: str, words: Sequence[Token], place: int, known: _Words) -> bool:
    """Return whether a word negates the next one alone: "non-Marxist", "nicht-marxistisch", "parejas no casadas"."""
    word = words[place]
    following = words[place + 1].key if place + 1 < len(words) else ""
    if text[word.end : word.end + 1] == "-" or (word.key == _NARROW and known is _LANGUAGES[_ENGLISH]):
        return True
    return known is _LANGUAGES["es"] and word.key == "no" and following.endswith(_PARTICIPLES)


def _is_alternative(text: str, words: Sequence[Token], place: int) -> bool:
    """Return whether it is the "not" of "or not"."""
    last = place + 1 == len(words) or bool(text[words[place].end : words[place + 1].start].strip())
    return last and place > 0 and words[place - 1].key in _OR


def _pair(words: Sequence[Token], place: int) -> list[tuple[str, str]]:
    return [(words[place].key, words[place + 1].key)] if place + 1 < len(words) else []


def _is_digit(words: Sequence[Token], place: int) -> bool:
    return place < len(words) and words[place].key.isdigit()


def _french(words: Sequence[Token]) -> Iterator[Negation]:
    """Read "ne … pas" and its like; "ne" alone negates nothing, and neither does "plus" alone."""
    done = -1
    for place, word in enumerate(words):
        if word.key in _FRENCH_NE:
            following = [other.key for other in words[place + 1 : place + 1 + _NEAR]]
            second = next((at for at, key in enumerate(following) if key in _FRENCH_SECOND), None)
            if second is not None:
                done = place + 1 + second
                yield Negation(done, Force.PLAIN, place + 1)
            elif "que" in following or "qu" in following:
                yield Negation(place, Force.WEAK, place + 1)
            elif _FRENCH_BARE.intersection(following[:1]) or any(
                other.key in _FRENCH_SUBJECTS for other in words[max(0, place - 4) : place]
            ):
                yield Negation(place, Force.PLAIN, place + 1)
        elif word.key in {"sans", "nullement", "aucun", "aucune"} and place > done:
            yield Negation(place, Force.PLAIN, place + 1)
        elif word.key in _FRENCH_SPOKEN and place > done and not _is_step(words, place):
            nonsense = word.key == "non" and place + 1 < len(words) and words[place + 1].key == "sens"
            force = Force.FALSE if nonsense else Force.PLAIN
            yield Negation(place, force, place + 1, narrow=word.key == _NARROW)


def _is_step(words: Sequence[Token], place: int) -> bool:
    """Return whether "pas" is the noun: "le premier pas"."""
    return words[place].key == "pas" and place > 0 and words[place - 1].key in _FRENCH_STEP


def _others(words: Sequence[Token], known: _Words) -> Iterator[Negation]:
    for place, word in enumerate(words):
        if word.key in known.false:
            yield Negation(place, Force.FALSE, 0)
        elif known.denying and word.key.startswith(known.denying):
            yield Negation(place, Force.DENYING, place + 1)
        elif _IDIOMS.intersection(_pair(words, place)):
            continue
        elif word.key in known.weak and not (place and words[place - 1].key in _SOME):
            yield Negation(place, Force.WEAK, place + 1)


def _weakened(negation: Negation, text: str, words: Sequence[Token], known: _Words) -> Negation:
    """Weaken a plain negation that limits ("not only"), sets apart ("Altman, not Huang") or asks ("not clear when")."""
    following = [word.key for word in words[negation.place + 1 : negation.place + 6]]
    if negation.force is not Force.PLAIN or not following:
        return negation
    own, first = words[negation.place], following[0]
    only = own.key == "nor" and "only" in following
    limited = first in known.limiting or (own.key == "no" and first in _BOUNDS)
    open_question = first in _TOLD and not _ASKING.isdisjoint(following[1:3])
    apart = own.key in _APART and text[: own.start].rstrip().endswith(",") and words[negation.place + 1].capital
    until = _until(text, words, negation.place)
    weak = limited or only or apart or open_question or until >= 0 or _is_unknown(words, negation.place)
    return replace(negation, force=Force.WEAK, until=until) if weak else negation


def _until(text: str, words: Sequence[Token], place: int) -> int:
    """Return the place of the word up to which a negation holds, in its own clause ("not until"), or -1."""
    for at in range(place + 1, min(len(words), place + 9)):
        key = words[at].key
        if key in _AND or "," in text[words[at - 1].end : words[at].start]:
            return -1
        if key in _UNTIL or (key in _BEFORE and at <= place + 3):
            return at
    return -1


def _is_unknown(words: Sequence[Token], place: int) -> bool:
    """Return whether a negation is of what is known: "not known yet"."""
    later = words[place + 1 : place + 5]
    known = next((at for at, word in enumerate(later[:3]) if word.key in _UNKNOWN), None)
    return known is not None and not any(word.key in _CALLED for word in later[known + 1 : known + 2])
