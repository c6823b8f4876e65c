"""Suggest what to ask next, by templates over what the passages say. No model, and nothing the index cannot answer."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Final

from assistant.speakers import CAPITAL, FREE, NAME, SAID
from index import Passage
from index.text import stem, weight, words

_TRIED: Final = 12
"""Questions that are held against the index, at most: each costs a search."""
_LONGEST: Final = 120
"""Characters of a suggestion."""
_LONGEST_SENTENCE: Final = 600
_WORTH: Final = 0.4
"""A passage is read if its score is at least this share of the best one's; what is further off leads away."""
_SAME: Final = 0.75
"""Share of the telling words of the shorter of two questions that both hold, from which they ask the same."""

_INSIDE: Final = re.compile(rf"(?<=[\w,;:»”\"'’] ){CAPITAL}[\w&-]{{1,30}}(?: {CAPITAL}[\w&-]{{0,30}}){{0,3}}")
"""Names that do not begin a sentence, where any word has a capital."""

_THING_EN: Final = r"(?P<thing>[a-z][a-z-]{2,20}(?: (?!and\b|or\b|that\b|which\b|in\b|on\b)[a-z-]{2,20}){0,3}?)"
_THING_FR: Final = r"(?P<thing>[a-zà-ÿœ][\wà-ÿœ’'-]{2,24}(?: (?!et\b|ou\b|qui\b|que\b|dans\b)[\wà-ÿœ’'-]{2,24}){0,3}?)"
_SUM_EN: Final = (
    r"(?P<sum>[$€£]\d[\d.,]{0,12}(?: ?(?:billion|million|bn|m)\b)?"
    r"|\d[\d.,]{0,12} (?:(?:thousand|million|billion|trillion) )?(?:dollars|euros|pounds|percent|per cent)\b)"
)
_SUM_FR: Final = (
    r"(?P<sum>\d[\d.,]{0,12} (?:(?:mille|millions?|milliards?) (?:de |d['’])?)?(?:dollars|euros|pour cent\b|%))"
)
_ABOUT: Final = r"(?:up to |about |around |nearly |over |more than )?"
_DONE_EN: Final = r"(?P<done>announced|signed|founded|published|launched|released|created|built|approved|closed|opened)"
_DONE_FR: Final = r"(?P<done>(?:annoncé|signé|fondé|publié|lancé|créé|construit|approuvé|conclu|ouvert)e?s?)"
_WHEN_EN: Final = (
    r"(?:in|on) (?:(?:early|late|mid) )?(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December|(?:19|20)\d\d)"
)
_WHEN_FR: Final = (
    r"(?:en|le|fin|début) (?:\d{1,2}(?:er)? )?(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre"
    r"|novembre|décembre|(?:19|20)\d\d)"
)


@dataclass(frozen=True, slots=True)
class _AboutNames:
    """What sentences say of a name: patterns by the language of the sentence, questions by that of the question."""

    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    questions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Template:
    """A question that a sentence of its language answers if `pattern` finds something in it.

    It takes the groups of the match by their names: `name` must be a name and is given in full.
    """

    pattern: re.Pattern[str]
    question: str


def _templates(*listed: tuple[str, str]) -> tuple[_Template, ...]:
    return tuple(_Template(re.compile(pattern), question) for pattern, question in listed)


_SAYING: Final = _AboutNames(
    patterns={
        "en": (
            re.compile(rf"{FREE}(?P<name>{NAME}),? {SAID['en']}"),
            re.compile(rf"[,”\"] (?:said|says) (?P<name>{NAME})"),
            re.compile(rf"\b[Aa]ccording to (?P<name>{NAME})"),
        ),
        "fr": (
            re.compile(rf"{FREE}(?P<name>{NAME}),? {SAID['fr']}"),
            re.compile(rf"\b[Ss]elon (?P<name>{NAME})"),
        ),
    },
    questions={
        "en": "What did {name} say?",
        "fr": "Qu'a dit {name} ?",
        "de": "Was hat {name} gesagt?",
        "es": "¿Qué dijo {name}?",
    },
)
_BEING: Final = _AboutNames(
    patterns={
        "en": (
            re.compile(rf"{FREE}(?P<name>{NAME}), (?:the|an?|its|who) [\w’' -]{{3,60}},"),
            re.compile(
                rf"['’]s? (?:[\w-]{{2,20}} ){{0,3}}(?:officer|executive|chief|head|president|minister|founder),?"
                rf" (?P<name>{NAME})[,.]"
            ),
        ),
        "fr": (re.compile(rf"{FREE}(?P<name>{NAME}), (?:le |la |l['’]|une? |qui )[^,.]{{3,60}},"),),
    },
    questions={
        "en": "Who is {name}?",
        "fr": "Qui est {name} ?",
        "de": "Wer ist {name}?",
        "es": "¿Quién es {name}?",
    },
)
_TEMPLATES: Final = {
    "en": (
        _templates(
            (rf"^(?P<a>An?) {_THING_EN} is (?:an?|the) ", "What is {a} {thing}?"),
            (rf"\b(?:is|are) called (?:an? )?{_THING_EN}(?=[.,;:]| is\b| and\b|$)", "What does “{thing}” mean?"),
        ),
        _templates(
            (
                rf"\b(?:[Aa]n?|[Tt]he|[Tt]his) (?P<thing>[a-z]{{3,20}}(?: between {NAME} and {NAME}| of {NAME})?)"
                rf"(?: that| which|,)? (?:was|were) (?:first )?{_DONE_EN} {_WHEN_EN}",
                "When was the {thing} {done}?",
            ),
            (rf"{FREE}(?P<name>{NAME}) (?:was|were) (?:first )?{_DONE_EN} {_WHEN_EN}", "When was {name} {done}?"),
        ),
        _templates(
            (rf"\b[Ww]orth {_ABOUT}{_SUM_EN}, the (?P<thing>[a-z]{{3,20}})", "How much is the {thing} worth?"),
            (
                rf"\b[Tt]he (?P<thing>[a-z]{{3,20}}) (?:is|was) worth {_ABOUT}{_SUM_EN}",
                "How much is the {thing} worth?",
            ),
            (
                rf"\bhow (?P<much>much|many|long) (?P<name>{NAME}) (?P<will>will|would|can|could|must|should)"
                rf" (?P<thing>[a-z]{{2,20}}(?: (?:in|on|for|to) {NAME})?)",
                "How {much} {will} {name} {thing}?",
            ),
            (rf"\b[Tt]he (?:figure|sum|amount) of {_SUM_EN}", "What does the figure of {sum} stand for?"),
        ),
    ),
    "fr": (
        _templates(
            (rf"^Une {_THING_FR}(?:, [^,.]{{1,30}},)? est une? ", "Qu'est-ce qu'une {thing} ?"),
            (rf"^Un {_THING_FR}(?:, [^,.]{{1,30}},)? est une? ", "Qu'est-ce qu'un {thing} ?"),
        ),
        _templates(
            (
                rf"(?<!\w)(?P<thing>(?:[Ll]['’]|[Ll][ea] )[\wà-ÿ]{{3,20}}(?: entre {NAME} et {NAME}| de {NAME})?)"
                rf" (?:a|avait) été {_DONE_FR}(?: pour la première fois)? {_WHEN_FR}",
                "Quand a été {done} {thing} ?",
            ),
        ),
        _templates(
            (rf"\b[Ll]e (?:chiffre|montant) de {_SUM_FR}", "À quoi correspond le chiffre de {sum} ?"),
            (
                rf"\b(?P<thing>montant(?: exact)?) que (?P<name>{NAME}) (?P<done>investira|paiera|versera|recevra)\b",
                "Quel est le {thing} que {name} {done} ?",
            ),
        ),
    ),
}
"""By language, kinds of questions: what is it, when, how much. Patterns read one sentence."""

_TITLES: Final = {"en": "What does “{title}” say?", "fr": "Que dit « {title} » ?"}
_ARTICLES: Final = {"en": "the ", "fr": "le "}
"""What stands before a name that had an article, in the languages in which it needs no gender that we do not know."""

_QUESTION_WORDS: Final = (
    "what when where who why how which whom quoi quand qui pourquoi comment combien où quel quelle quels quelles was "
    "wann wer warum wie wo welche qué cuándo quién dónde cómo cuánto cuál"
)
_ASKING: Final = frozenset(_QUESTION_WORDS.split())


def suggest_questions(
    question: str,
    passages: Sequence[Passage],
    language: str,
    *,
    answers: Callable[[str], bool],
    history: Sequence[str] = (),
    limit: int = 3,
) -> tuple[str, ...]:
    """Return at most `limit` questions to ask next, in `language`, from passages that were found for a question.

    `answers` tells whether the index answers a question; none is suggested that it does not. Nor is one that asks what
    `question` or one of `history` (earlier questions) asked. The templates are English and French; German and Spanish
    questions are suggested about names only, and in other languages only titles that ask something.
    """
    asked = [_gist(text, language) for text in (question, *history)]
    suggested: list[str] = []
    tried = 0
    for candidate in _dealt(_candidates(passages, language)):
        if len(suggested) == limit or tried == _TRIED:
            break
        gist = _gist(candidate, language)
        if any(_asks_the_same(gist, other) for other in asked):
            continue
        tried += 1
        if answers(candidate):
            suggested.append(candidate)
            asked.append(gist)
    return tuple(suggested)


def _candidates(passages: Sequence[Passage], language: str) -> list[list[str]]:
    """Return questions by kind, those from better passages first."""
    least = _WORTH * max((passage.score for passage in passages), default=0.0)
    near = [passage for passage in passages if passage.score >= least]
    sentences = [
        (passage.article.language, " ".join(passage.article.text[start:end].split()))
        for passage in near
        for start, end in passage.sentences
        if end - start <= _LONGEST_SENTENCE
    ]
    names = _names([sentence for _, sentence in sentences])
    kinds = []
    for about in (_SAYING, _BEING):
        kinds.append([asked for spoken, text in sentences for asked in _about(about, text, spoken, language, names)])
    for templates in _TEMPLATES.get(language, ()):
        kinds.append(
            [
                asked
                for spoken, sentence in sentences
                if spoken == language
                for template in templates
                for asked in _filled(template, sentence, language, names)
            ]
        )
    return [*kinds, _asking_titles(near, language), _other_titles(near, language)]


def _about(about: _AboutNames, sentence: str, spoken: str, language: str, names: Mapping[str, str]) -> Iterator[str]:
    if language not in about.questions:
        return
    for pattern in about.patterns.get(spoken, ()):
        yield from _filled(_Template(pattern, about.questions[language]), sentence, language, names)


def _filled(template: _Template, sentence: str, language: str, names: Mapping[str, str]) -> Iterator[str]:
    for match in template.pattern.finditer(sentence):
        groups = {key: value[:1].lower() + value[1:] for key, value in match.groupdict(default="").items()}
        if "name" in groups:
            name = _in_full(match["name"], names, language, begins=match.start("name") == 0)
            if name is None:
                continue
            groups["name"] = name
        text = template.question.format(**groups)
        if len(text) <= _LONGEST:
            yield text


def _names(sentences: Sequence[str]) -> dict[str, str]:
    """Return the names in sentences, each and its last word with the longest name that ends so."""
    longest: dict[str, str] = {}
    for sentence in sentences:
        for match in _INSIDE.finditer(sentence):
            for part in {match[0], match[0].rpartition(" ")[2]}:
                if len(match[0]) > len(longest.get(part, "")):
                    longest[part] = match[0]
    return longest


def _in_full(name: str, names: Mapping[str, str], language: str, *, begins: bool) -> str | None:
    """Return a name as it is given in full elsewhere, or None where a word only has the capital of its sentence."""
    article, _, rest = name.partition(" ")
    if article.lower() in {"the", "le", "la"} and rest:
        return f"{_ARTICLES[language]}{rest}" if language in _ARTICLES and article.lower() != "la" else None
    if begins and name.rpartition(" ")[2] not in names:
        return None
    return names.get(name, name)


def _asking_titles(passages: Sequence[Passage], language: str) -> list[str]:
    titles = (_title(passage) for passage in passages if passage.article.language == language)
    return [title for title in titles if title.endswith(("?", "？")) and len(title) <= _LONGEST]


def _other_titles(passages: Sequence[Passage], language: str) -> list[str]:
    """Return questions after articles that are not the best one, in the languages that have a template for it."""
    titles = [
        _title(passage)
        for passage in passages
        if passage.article.language == language and passage.article.source != passages[0].article.source
    ]
    asked = [_TITLES[language].format(title=title) for title in titles if title] if language in _TITLES else []
    return [text for text in asked if "?" not in text[:-1] and len(text) <= _LONGEST]


def _title(passage: Passage) -> str:
    return " ".join(passage.article.title[: 4 * _LONGEST].split())


def _dealt(kinds: Sequence[Sequence[str]]) -> list[str]:
    """Return one question of each kind, then a second of each, and so on, none twice."""
    rounds = zip_longest(*(dict.fromkeys(kind) for kind in kinds))
    return list(dict.fromkeys(filter(None, chain.from_iterable(rounds))))


def _gist(question: str, language: str) -> frozenset[str]:
    """Return the stems of what a question is about, with the word that asks: to ask who is not to ask when."""
    said = words(question[:2_000], language)
    asking = next((word for word in said if word in _ASKING), "?")
    return frozenset(stem(word, language) for word in said if weight(word, language) > 0) | {asking}


def _asks_the_same(gist: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(gist), len(other))
    return shorter > 1 and len(gist & other) >= _SAME * shorter  # "Why?" is no question in particular
