"""Make a follow-up stand alone: tell whether a question needs the ones before it, and put in what it leaves out."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from assistant.models import Turn
from assistant.small_calls import Complete, one_line, small_call
from index import detect_language
from index.terms import Term, coverage, question_terms
from index.text import split_sentences, weight, words

TURNS: Final = 4
"""The turns of a conversation that count, the last ones."""
_ANSWER: Final = 500
"""Characters of an earlier answer that the model is shown."""
_LONG: Final = 600
"""Characters. A longer question says by itself what it is about."""
_LONGEST: Final = 300
"""Characters that a rewritten question may have."""
_ADDED: Final = 8
"""Words of earlier questions that a search is given."""
_SHORT: Final = 4
"""Words up to which a question needs the ones before it where no word tells anything."""

_TELLING: Final = 0.4
"""The weight of a word (see `index.text.weight`) from which it says what a question is about: "chip" has 0.5."""
_ENOUGH: Final = 0.6
"""The weight of the words of a question, together, from which they tell what to search. A name does in any case."""
_KEPT: Final = 0.5
_SAID: Final = 0.4
"""The shares of words, by weight, that a rewritten question must keep of the question, and have from what was said."""

_MARKS: Final = re.compile(r"\[\d{1,4}\]")
_LABEL: Final = re.compile(
    r"^[^:?]{0,40}\b(?:question|reply|frage|pregunta|réponse)[^:?\w]{0,4}:[\s*_]{0,8}", re.IGNORECASE
)
_BULLET: Final = re.compile(r"^(?:[-*•>]|\d{1,2}[.)])\s+")
_ASKED: Final = tuple("?？؟")
_CLAUSE: Final = re.compile(r"[,;:]\s|\s[–—-]\s")
_NAME: Final = re.compile(r"(?<=\w[\s'’-])[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]+|\b[A-Z]{2,}\b")
"""A capital where no sentence begins."""
_A_THING: Final = re.compile(r"\b(?:an?|une?|eine?|una?) ", re.IGNORECASE)
_INTRODUCED: Final = re.compile(
    r"\b(?:an?|une?|eine?[nmrs]?|un[ao]s?|which|welche[nmrs]?|how many|combien de|wie viele|cuánt[ao]s) \w"
    r"|\b(?:what|quel(?:le)?s?|qué) (?!(?:is|was|are|were|d(?:o|id|oes)|ha[sd]|have|would|will|can|could|else"
    r"|est|sont|étai(?:en)?t|a|ont|fut|ser\w+|es|son|era|fue|han?|dij\w+)\b)\w"
    r"|\b(?:who|qui|wer|quién) (?!(?:is|was|are|were|est|sont|étai(?:en)?t|ist|sind|war|es|son|era)\b)\w",
    re.IGNORECASE,
)
"""What brings up a thing of its own: "a bank", "which bank", "who lost"."""


@dataclass(frozen=True, slots=True)
class _Cues:
    """What in one language shows that a question leans on what was said before, as regular expressions.

    `opening` does at the beginning of a question. `outward` does unless an earlier clause says what is meant ("what did
    Altman say about it"), `inward` unless anything before it does ("did Nvidia say that it would invest"). `idle` are
    phrases in which such words mean nothing ("is it true that"). `named` is what makes a noun known ("the deal").
    `spaced` tells that words are parted by spaces.
    """

    opening: str
    outward: str
    inward: str
    idle: str
    named: str
    spaced: bool = True


_NEVER: Final = r"(?!)"
"""What matches nothing: Russian and Chinese have no articles."""

_CUES: Final = {
    "en": _Cues(
        opening=r"(?:and|but|or|so|also|then|ok(?:ay)?)\b[\s,]|(?:what|how) about\b|what if\b|why (?:not|so)\b"
        r"|(?:please |can you |could you )?(?:explain|elaborate|summari[sz]e|translate|continue|go on|tell me more)"
        r"(?: (?:it|this|that|more|on (?:it|this|that)|about (?:it|this|that)))?\W*$",
        outward=r"him|them|these|this|those|else"
        r"|(?<!did )(?<!does )(?<!do )(?<!is )(?<!was )(?<!has )(?<!had )(?<!will )(?<!would )(?<!can )(?<!could )"
        r"(?<!that )(?<!if )(?<!when )(?<!and )(?<!but )(?<!because )(?<!while )(?<!whether )(?<!should )it"
        r"(?! (?:is|was|will|would|has|had|can|could|should|may|might|must|did|does|\w+(?:s|ed))\b)"
        r"|(?:about|of|for|with|from|by|after|before|behind|than|like|is|was|are|were|does|did|do|has|had|will|would|can"
        r"|could|say|said|think) that"
        r"(?=\W*$| (?:true|so|mean|happen|say|work|help|change|affect|cost|matter|come)\b)"
        r"|(?:why|how) (?:is|was|did|does) that|(?:next|afterwards)(?=\W*$)"
        r"|the (?:same|latter|former|others?|two|(?:first |second )?one)"
        r"|that (?:one|case|amount|figure|deal|agreement|company|claim|report|article|statement|decision|sum|date)",
        inward=r"he|she|they|it|his|its|their|theirs|hers?",
        idle=r"(?:is|was|would|could|might) it (?!going\b|able\b|about\b|due\b)\w+ (?:that|to|if|for|whether|when)\b"
        r"|\bit (?:is|was|would be) \w+ (?:that|to|if|for|whether)\b"
        r"|\bit (?:takes?|took|costs?|means?|makes sense|feels?) (?:to|for)\b"
        r"|\b(?:does|did|would) it (?:take|cost|mean|make sense|feel) (?:to|for|if|when)\b"
        r"|\bthis (?:week|month|year|morning|afternoon|evening|time|summer|winter|spring|autumn|century)\b"
        r"|\bthese days\b|\b(?:in|of) this (?:article|library|collection)s?\b|\bthose (?:who|that|of|in)\b",
        named=r"the ",
    ),
    "fr": _Cues(
        opening=r"(?:et|mais|ou|donc|alors|ok|puis)\b[\s,]|quid\b|pourquoi (?:pas|donc|cela|ça)\b|qu['’]en\b"
        r"|(?:expliquez?|précisez?|résumez?|traduis(?:ez)?|continue[zr]?|di(?:te)?s-m['’]en plus)"
        r"(?:[- ](?:le|la|les|cela|ça|moi))?\W*$",
        outward=r"cela|ça|ceci|cel(?:ui|le)-[cl][ià]|ce(?:ux|lles)-[cl][ià]|ce(?:tte|ts?)|ces|ce \w{4,}"
        r"|(?:à|de|pour|avec|par|sur|chez|contre|sans) (?:lui|elles?|eux)|d['’](?:eux|elles?|autre)|(?:l|n|s|t|m)['’]en"
        r"|autres?\W*$|l['’]autre|les (?:deux|autres)|(?:le|la) (?:même|seconde?|deuxième)\W*$"
        r"|là-(?:dessus|bas)|ensuite(?=\W*$)",
        inward=r"ils?|elles?|son|sa|ses|leurs?|lui|l['’]a-t|l['’]ont",
        idle=r"est-ce\b|qu['’]est-ce\b|\bc['’]est\b|\bil y (?:a|avait|aura)\b|\by a-t-il\b"
        r"|\bil (?:faut|fallait|faudra)\b|\bfaut-il\b"
        r"|\bs['’]agit-il\b|\bil s['’]agit\b|\bs['’]est-il\b|\b(?:existe|reste|suffit|arrive)-t-il\b"
        r"|\b(?:est|serait|était)-il (?!là\b)\w+ (?:que|qu['’]|de|d['’])"
        r"|\bil (?:est|serait|était) \w+ (?:que|qu['’]|de|d['’])"
        r"|\bce (?:qu[ei]|qu['’]|dont|sont|n['’]est)"
        r"|\bce(?:tte)? (?:semaine|mois|année|matin|soir|siècle)(?:-ci)?\b"
        r"|\bcet(?:te)? (?:été|hiver|automne|après-midi)\b|\bces (?:derniers|dernières) \w+",
        named=r"l['’]|l[ae]s? ",
    ),
    "de": _Cues(
        opening=r"(?:und|aber|oder|also|dann)\b[\s,]|was ist mit\b|wie (?:steht|sieht) es mit\b"
        r"|warum (?:nicht|das|denn)\b|(?:erklär(?:e|en)?|erläuter[en]*|übersetz(?:e|en)?|weiter|mehr dazu)"
        r"(?: (?:das|es|mehr|sie))?\W*$",
        outward=r"ihm|ihn|ihnen|dies(?:e[mnrs]?)?|jene[mnrs]?|da(?:von|mit|für|gegen|rüber|ran|rauf|durch|zu|nach|bei)"
        r"|das(?=\W*$| (?:bedeuten|heißen|heißt|bedeutet|stimmt|wahr|so)\b)|sonst|de[rmns]selben|dasselbe"
        r"|(?:die|der|den) (?:anderen?|beiden)\W*$|(?:hat|ist|war|wird|sagt|sagte|meint) (?:das|es)",
        inward=r"er|sie|es|sein(?:e[mnrs]?)?|ihr(?:e[mnrs]?)?|deren|dessen",
        idle=r"\bgibt es\b|\bes gibt\b|\bgab es\b|\bgeht es um\b|\bist es \w+,? (?:dass|ob|zu)\b"
        r"|\bdiese[nmrs]? (?:woche|monats?|jahr(?:es)?|tagen?)\b",
        named=r"(?:der|die|das|den|dem|des) ",
    ),
    "es": _Cues(
        opening=r"[yeo]\b[\s,]|(?:pero|entonces|también)\b[\s,]|qué (?:hay|pasa|tal) (?:de|con)\b|por qué no\b"
        r"|(?:explica(?:lo)?|resume(?:lo)?|traduce(?:lo)?|continúa|sigue|dime más|cuéntame más)\W*$",
        outward=r"est[aeo]s?|es[aeo]s?|aquel(?:l[aeo]s?)?|(?:de|con|por|para|sobre|a|en|sin) (?:él|ellas?|ellos|ello)"
        r"|(?:el|la|los|las) (?:mism[ao]s?|otr[ao]s?|dos)\W*$|otr[ao]s?\W*$|más\W*$",
        inward=r"él|ellas?|ellos|sus?|suy[ao]s?|les?",
        idle=r"\best[ae] (?:semana|mes|año|mañana|tarde|noche)\b|\best[oa]s días\b|\bes decir\b",
        named=r"(?:el|la|los|las|del|al) ",
    ),
    "it": _Cues(
        opening=r"(?:e|ed|ma|o|quindi|allora|poi|dunque|inoltre)\b[\s,]|che (?:ne è|dire) di\b|perché (?:no|questo)\b"
        r"|(?:spiega(?:lo|melo)?|riassumi(?:lo)?|traduci(?:lo)?|continua|dimmi di più)\W*$",
        outward=r"quest[aoei]|quest['’]\w+|quell[aoei]|quell['’]\w+|que(?:l|i|gli)|ciò"
        r"|(?:di|con|per|da|su|a|in|senza|contro) (?:lui|lei|loro|ess[aoie])|ne (?:pens\w+|dic\w+|sa)"
        r"|altr[aoie]\W*$|(?:lo|la|gli|le) stess[aoie]\W*$|dopo(?=\W*$)",
        inward=r"lui|lei|egli|ella|ess[aoie]|loro|su[oaei]|suoi",
        idle=r"\bquest[ao] (?:settimana|mese|mattina|sera|secolo)\b|\bquest['’]anno\b|\bin questi giorni\b",
        named=r"(?:(?:il|lo|la|i|gli|le|(?:de|a|da|ne|su)(?:l|llo|lla|i|gli|lle)) |(?:(?:de|a|da|ne|su)l)?l['’])",
    ),
    "pt": _Cues(
        opening=r"(?:e|mas|ou|então|também|depois)\b[\s,]|que tal\b|por que não\b"
        r"|(?:explique|resuma|traduza|continue|(?:conte|fale|diga)(?:-me)? mais)(?: (?:isso|sobre isso))?\W*$",
        outward=r"[dn]?is[st]o|[dn]?aquilo|[dn]?es[st][ae]s?|[dn]?aquel[ae]s?|[dn]el[ea]s?"
        r"|(?:com|para|por|sobre|sem|a|contra) el[ea]s?|outr[oa]s?\W*$|mais\W*$|[oa]s? mesm[oa]s?\W*$",
        inward=r"el[ea]s?|seus?|suas?|lhes?",
        idle=r"\b[dn]?es[st][ae]s? (?:semana|mês|ano|manhã|tarde|noite|século|dias)\b|\bisto é\b",
        named=r"(?:os?|as?|d[oa]s?|n[oa]s?|aos?|às?|pel[oa]s?) ",
    ),
    "nl": _Cues(
        opening=r"(?:en|maar|of|dus|dan|ook)\b[\s,]|hoe zit het met\b|waarom (?:niet|dat|dan)\b"
        r"|(?:leg (?:(?:dit|dat|het) )?uit|vat (?:(?:dit|dat|het) )?samen|vertaal|ga door|vertel meer)\W*$",
        outward=r"hem|hen|deze|dit|(?:er|daar)(?:van|mee|voor|tegen|over|op|door|toe|na|bij)|anders\W*$|nog meer\W*$"
        r"|die (?:deal|overeenkomst|afspraak|bewering|investering|zaak|man|vrouw)"
        r"|dat (?:bedrag|bedrijf|akkoord|bericht)"
        r"|(?:dat|het)(?=\W*$| (?:waar|zo|gebeurd|gezegd|aangekondigd|ondertekend|ontkend|bevestigd|betekenen)\W*$)"
        r"|de (?:anderen|andere|beide)\W*$",
        inward=r"hij|zij|ze|haar|hun",
        idle=r"\bdeze (?:week|maand|eeuw|zomer|winter|ochtend|middag|avond)\b|\bdit jaar\b"
        r"|\bis het \w+ (?:dat|om|of)\b",
        named=r"(?:de|het) ",
    ),
    "ru": _Cues(
        opening=r"(?:а|и|но|или|так|тогда|ну|значит|также|ещё|еще)\b[\s,]|(?:как|что) насч[её]т\b"
        r"|почему (?:нет|так|это)\b|(?:объясни|поясни|переведи|продолжай)(?:те)?(?: (?:это|его|её))?\W*$"
        r"|(?:расскажи(?:те)? )?подробнее\W*$",
        outward=r"это(?:го|му|м|т)?|эт[аиу]|этой|эти(?:х|м|ми)|него|нему|н[её]м|не[йеё]|них|ними?|друг(?:ие|их|ой|ая)\W*$|ещё\W*$|(?:дальше|потом)(?=\W*$)",
        inward=r"он[аои]?|его|е[её]|их|ему|ей|им",
        idle=r"\bправда ли,? что\b|\bэто правда,? что\b|\bна этой неделе\b|\bв этом (?:году|месяце|веке)\b"
        r"|\bэт(?:им летом|ой зимой|ой весной|ой осенью)\b",
        named=_NEVER,
    ),
    "zh": _Cues(
        opening=r"(?:那么|那(?!不勒斯|曲|霸)|但是|但(?!丁)|可是|然后|所以|还有|而且|另外)|[^，。？]{1,12}呢\W*$"
        r"|(?:请)?(?:解释|总结|翻译|继续|详细说明)(?:一下|这个|它)?\W*$",
        outward=r"这|那(?:个|些|件|次|样|时)|该(?=[公协交项报决计企国案])|对此|此(?:事|举)|上述|前者|后者|还有(?:谁|哪)",
        inward=r"[他她它]们?|其(?:原因|影响|目的|金额)",
        idle=r"其[他它]|吉他|他国|排他|这(?:一?周|个?星期|个?月|一?年|几天|几年|个?世纪)",
        named=_NEVER,
        spaced=False,
    ),
    "ar": _Cues(
        opening=r"و(?:ماذا|ما|من|كيف|لماذا|متى|أين|كم|هل)\b|(?:لكن|ولكن|أو|إذن|ثم|أيضا)\b|ماذا عن\b|لماذا لا\b"
        r"|(?:اشرح|لخص|ترجم)(?: (?:ذلك|هذا))?\W*$",
        outward=r"هذ[اه]|هؤلاء|ذلك|تلك|أولئك|(?:عن|من|في|علي|إلي|ل|ب|مع)(?:ه|ها|هم|هما)|الآخر(?:ون|ين)?\W*$|المزيد\W*$",
        inward=r"ه[وي]|هما?",
        idle=r"\b(?:ما|من|كم|كيف|متى|أين) (?:ه[وي]|هم)\b(?= \w)"
        r"|\bهذا (?:الأسبوع|الشهر|العام|اليوم|الصباح)\b|\bهذه (?:السنة|الأيام|الليلة)\b",
        named=r"ال",
    ),
}

_TELLTALES: Final = {
    word: language
    for language, listed in {
        "en": "and but why how when who what where which",
        "fr": "et mais pourquoi comment quand combien où quel quelle quels quelles quoi",
        "de": "und aber warum wieso wann wer wie wo welche welcher welches",
        "es": "y pero por cuándo quién quiénes cómo cuánto cuánta cuántos cuántas cuál dónde",
        "it": "ma perché chi cosa dove quali quanti",
        "pt": "mas quem onde quais quantos",
        "nl": "maar waarom hoe wanneer waar welke hoeveel",
        "ru": "а но почему как когда кто что где сколько",
    }.items()
    for word in listed.split()
}
"""First words that tell the language of a question which is too short for letters to tell it."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    opening: re.Pattern[str]
    outward: re.Pattern[str]
    inward: re.Pattern[str]
    idle: re.Pattern[str]
    named: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question as it is to be understood. `asked` is what to answer, and `searched` what to search for it.

    Both are the question itself where it stands alone. `context` is the question with the words of an earlier one,
    where its own words tell what to search and not what about. It may change the order of what is found, and no more.
    """

    asked: str
    searched: str
    context: str = ""


def follow_up(question: str, language: str, history: Sequence[Turn], complete: Complete | None = None) -> FollowUp:
    """Return what to answer and what to search for a question that comes after `history`.

    With a model (`complete`), a question that needs the ones before it is rewritten. Without one, or where its reply
    is of no use, the question stays, and the words of the earlier question help its search. They are all there is to
    search for "why?", but must not answer "and the weather in Lyon?".
    """
    if not needs_context(question, language, history):
        return FollowUp(question, question)
    asked = standalone_question(question, history, complete, language=language) if complete else question
    if asked != question:
        return FollowUp(asked, asked)
    helped = with_earlier_words(question, language, history)
    own = sum(term.weight for term in _telling_terms(question, language)) >= _ENOUGH or _NAME.search(question)
    return FollowUp(question, question, helped) if own else FollowUp(question, helped)


def needs_context(question: str, language: str, history: Sequence[Turn]) -> bool:
    """Tell whether a question cannot be understood without the ones before it. Without history, none needs it.

    Pronouns, demonstratives and ellipsis are known in English, French, German, Spanish, Italian, Portuguese, Dutch,
    Russian, Chinese and Arabic. In any language a question of few words of which none tells anything needs the ones
    before it.
    """
    if not history or len(question) > _LONG:
        return False
    said = words(question, language)
    if len(said) <= 2 and (len(said) < 2 or question.rstrip().endswith(_ASKED)):
        return True
    if len(said) <= _SHORT and not _tells(question, language):
        return not _A_THING.search(question)  # "What is a bank?"
    if language not in _CUES:
        return False
    cues = _patterns(language)
    if cues.opening.match(question.lstrip(" \t¿¡\"'«“–—-")):
        return True
    question = cues.idle.sub("", question)
    for match in cues.outward.finditer(question):
        clauses = [clause.end() for clause in _CLAUSE.finditer(question, 0, match.start())]
        if not _names_something(question[: clauses[-1]] if clauses else "", language, cues):
            return True
    for match in cues.inward.finditer(question):
        if not _names_something(question[: match.start()], language, cues):
            return True
    return _takes_up(question, language, history[-1].question, cues)


def standalone_question(
    question: str, history: Sequence[Turn], complete: Complete | None, *, language: str = ""
) -> str:
    """Return the question with what it leaves out put in by a model, or the question itself where that fails.

    The model is shown the last four turns, 500 characters of each answer. What it says is taken only if it is one
    question of at most 300 characters, in the language of the question, which keeps most of its words and invents few.
    Without a model, see `with_earlier_words`.
    """
    language = language or detect_language(question, fallback="en")
    if complete is None:
        return with_earlier_words(question, language, history)
    told = "\n".join(map(_told, history[-TURNS:]))
    mark = f"=== {secrets.token_hex(8)} ==="
    reply = small_call(complete, "standalone", mark=mark, history=told, question=" ".join(question[:_LONG].split()))
    rewritten = _question_in(reply)
    return rewritten if _is_sound(rewritten, question, told, language) else question


def with_earlier_words(question: str, language: str, history: Sequence[Turn]) -> str:
    """Return the question with the telling words of the question that it follows: something to search, not to show.

    Where that was a follow-up itself, the one before it gives its words too.
    """
    added: dict[str, str] = {}
    have = set(words(question, language))
    recent = history[-TURNS:]
    for place in range(len(recent) - 1, -1, -1):
        earlier = recent[place].question[:_LONG]
        for term in _telling_terms(earlier, language, least=0.2):
            if term.word not in have:
                added.setdefault(term.word, _as_written(term.word, earlier))
        if not needs_context(earlier, language, recent[:place]):
            break
    return " ".join([question, *list(added.values())[:_ADDED]])


def conversation_language(question: str, history: Sequence[Turn], detect: Callable[[str], str]) -> str:
    """Return the language of a question in a conversation. `detect` tells that of a text, as the index does.

    "Et Altman ?" is too short to tell by its letters: its first word does, or else the question before it.
    """
    said = words(question[:_LONG])
    if not history or len(said) >= _SHORT:
        return detect(question)
    told = _TELLTALES.get(said[0]) if said else None
    return told or detect(f"{history[-1].question[:_LONG]} {question}")


@cache
def _patterns(language: str) -> _Patterns:
    cues = _CUES[language]

    def whole(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w'’])(?:{pattern})(?!\w)" if cues.spaced else pattern, re.IGNORECASE)

    return _Patterns(
        opening=re.compile(cues.opening, re.IGNORECASE),
        outward=whole(cues.outward),
        inward=whole(cues.inward),
        idle=re.compile(cues.idle, re.IGNORECASE),
        named=re.compile(rf"(?<!\w)(?:{cues.named})(\w+)(?: (\w+))?", re.IGNORECASE),
    )


def _tells(text: str, language: str) -> bool:
    return any(term.weight >= _TELLING for term in _telling_terms(text, language))


def _telling_terms(text: str, language: str, least: float = 0.01) -> list[Term]:
    # Where no word tells, question_terms gives them all; here they are none.
    return [term for term in question_terms(text, language) if weight(term.word, language) >= least]


def _names_something(text: str, language: str, cues: _Patterns) -> bool:
    """Tell whether a pronoun that follows may mean something in `text`: a name, a known thing, or a telling word."""
    there = _NAME.search(text) or cues.named.search(text) or _INTRODUCED.search(text)
    return bool(there) or _tells(text, language)


def _takes_up(question: str, language: str, earlier: str, cues: _Patterns) -> bool:
    """Tell whether a question names nothing but things of the one before it: "When was the deal announced?"."""
    if _NAME.search(question) or any(term.weight >= 0.75 for term in _telling_terms(question, language)):
        return False
    known = {term.word for term in _telling_terms(earlier[:_LONG], language)}
    return any(known & {word.lower() for word in match.groups("")} for match in cues.named.finditer(question))


def _told(turn: Turn) -> str:
    answer = " ".join(_MARKS.sub("", turn.answer[: 4 * _ANSWER]).split())
    answer = answer if len(answer) <= _ANSWER else f"{answer[:_ANSWER].rstrip()}…"
    return f"Question: {' '.join(turn.question[:_LONG].split())}\nAnswer: {answer}"


def _question_in(reply: str) -> str:
    """Return the line of a reply that asks something, without what a model put around it."""
    lines = [one_line(_BULLET.sub("", line.strip())) for line in reply.splitlines()[:20] if line.strip()]
    lines = [one_line(_LABEL.sub("", _MARKS.sub("", line[: 4 * _LONGEST]))) for line in lines]
    asking = [line for line in lines if line.endswith(_ASKED)]
    return asking[0] if asking else lines[0] if len(lines) == 1 else ""


def _is_sound(rewritten: str, question: str, told: str, language: str) -> bool:
    if not 3 <= len(rewritten) <= _LONGEST:
        return False
    if question.rstrip().endswith(_ASKED) and not _only_asks(rewritten, language):
        return False
    if detect_language(rewritten, fallback=language, expected={language}) != language:
        return False
    spoken = {"language": language, "question_language": language}
    own, new = _telling_terms(question, language), _telling_terms(rewritten, language)
    kept = not own or coverage(own, rewritten, **spoken) >= _KEPT
    return kept and bool(new) and coverage(new, f"{question}\n{told}", **spoken) >= _SAID


def _only_asks(text: str, language: str) -> bool:
    return all(text[start:end].rstrip("\"'”’» ").endswith(_ASKED) for start, end in split_sentences(text, language))


def _as_written(word: str, text: str) -> str:
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    return found[0] if found else word
