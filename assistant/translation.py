"""Ask the language model for translations, of a question to search with and of quotes to read: one small call each."""

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from assistant.small_calls import Complete, one_line, small_call
from index import detect_language

SEARCHED: Final = 3
"""Languages besides its own that a question is searched in, at most: the commonest of the index."""
_REMEMBERED: Final = 256
"""Questions whose translations are kept."""
_LONGEST: Final = 600
"""Characters of a question that are translated."""
_QUOTES: Final = 20
_LONGEST_QUOTE: Final = 1_500
"""Quotes in one call, and characters of one. What is longer is left as it is: the reply must fit the model."""
_ROOM: Final = 100
"""Characters. A translation may have this many more than three times those of the text; more is no translation."""

_NAMES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "ga": "Irish", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "hy": "Armenian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_LINE: Final = re.compile(
    r"""^\W{0,8}(?P<label>\d{1,3}|[^\W\d_]{2,20}(?:-[^\W\d_]{2,8})?)
        \s{0,3}(?:\([^()]{0,40}\))?[\s*_"'`\])]{0,6}(?:[:：=–—-]{1,2}>?|(?<=\d)[.]|(?<=[)\]]))[\s*_]{0,8}
        (?P<text>\S.*)$""",
    re.VERBOSE,
)
"""`fr: …`, `**fr**: …`, `- fr (French): …`, `French: …`, `1. …`, `[1] …`."""
_LISTED: Final = re.compile(r"^\W{0,8}\d{1,2}[.)]\s{1,3}(?=\W{0,4}[^\W\d_]{2})")
"""The number of a line in a list, which is no label where labels are languages."""
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A question and the languages that it is wanted in. Who asks for it is no part of what is remembered."""

    question: str
    languages: tuple[str, ...]
    complete: Complete = field(compare=False)


class _NotWhole(Exception):
    """Carries translations out of a cache, which keeps no exceptions: what is missing is asked for again next time."""

    def __init__(self, found: Mapping[str, str]) -> None:
        super().__init__()
        self.found = found


def search_languages(question_language: str, index_languages: Sequence[str]) -> list[str]:
    """Return the languages to search a question in besides its own: the first three others of the index.

    `index_languages` are given the commonest first. Languages that are not known to the program are left out.
    """
    others = (language for language in dict.fromkeys(index_languages) if language != question_language)
    return [language for language in others if language in _NAMES][:SEARCHED]


def translate_question(question: str, languages: Sequence[str], complete: Complete) -> dict[str, str]:
    """Return the question in each of `languages` that the model gave a sound translation for, by one small call.

    A translation that is empty, far too long, or the question itself is left out. A call that fails gives none.
    """
    asked = " ".join(question[:_LONGEST].split())
    if not asked or not languages:
        return {}
    found = _translated(dict.fromkeys(languages, asked), {code: _NAMES.get(code, code) for code in languages}, complete)
    own = detect_language(asked)
    return {code: text for code, text in found.items() if _is_in(text, code, own)}


def cached_translations() -> Callable[[str, Sequence[str], Complete], dict[str, str]]:
    """Return `translate_question` with a memory of 256 questions. Safe to use from several threads.

    What failed, or lacks a language, is not remembered.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def remembered(wanted: _Wanted) -> Mapping[str, str]:
        found = translate_question(wanted.question, wanted.languages, wanted.complete)
        if len(found) < len(set(wanted.languages)):
            raise _NotWhole(found)
        return found

    def translate(question: str, languages: Sequence[str], complete: Complete) -> dict[str, str]:
        try:
            return dict(remembered(_Wanted(question, tuple(languages), complete)))
        except _NotWhole as left:
            return dict(left.found)

    return translate


def translate_quotes(quotes: Sequence[str], language: str, complete: Complete) -> list[str | None]:
    """Return a translation of each quote into `language`, None where there is none, by one small call for all.

    A machine's translations: say so where they are shown. One that lacks a number of its quote is left out, and so are
    those of quotes beyond the twentieth or longer than 1,500 characters.
    """
    lines = {str(number): " ".join(quote.split()) for number, quote in enumerate(quotes[:_QUOTES], start=1)}
    lines = {number: quote for number, quote in lines.items() if 0 < len(quote) <= _LONGEST_QUOTE}
    if not lines:
        return [None] * len(quotes)
    found = _translated(lines, dict.fromkeys(lines, _NAMES.get(language, language)), complete)
    sound = {
        number: text
        for number, text in found.items()
        if set(_DIGITS.findall(lines[number])) <= set(_DIGITS.findall(text))
    }
    return [sound.get(str(number)) for number in range(1, len(quotes) + 1)]


def _translated(lines: Mapping[str, str], into: Mapping[str, str], complete: Complete) -> dict[str, str]:
    """Return the translations of the lines that the model gave one for, by label. `into` names their languages."""
    task = "\n".join(f"{label} ({into[label]}): {text}" for label, text in lines.items())
    reply = small_call(complete, "translate", mark=f"=== {secrets.token_hex(8)} ===", lines=task)
    labels = {name.casefold(): label for label in lines for name in (label, into[label])} if len(lines) > 1 else {}
    labels |= {label.casefold(): label for label in lines}
    found: dict[str, str] = {}
    for name, text in _labelled(reply, numbered=all(map(str.isdecimal, lines))):
        label = labels.get(name.casefold())
        if label is not None and label not in found and _is_sound(text, lines[label]):
            found[label] = text
    return found


def _labelled(reply: str, *, numbered: bool) -> Iterator[tuple[str, str]]:
    """Yield the labels and texts of a reply, whether it came as lines or as JSON."""
    try:
        parsed = json.loads(reply[reply.index("{") : reply.rindex("}") + 1])
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        yield from ((str(name), one_line(text)) for name, text in parsed.items() if isinstance(text, str))
        return
    for line in reply.splitlines():
        match = _LINE.match(line if numbered else _LISTED.sub("", line))
        if match:
            yield match["label"], one_line(match["text"].removesuffix(","))


def _is_sound(translation: str, text: str) -> bool:
    return bool(translation) and len(translation) <= 3 * len(text) + _ROOM and translation.casefold() != text.casefold()


def _is_in(text: str, language: str, not_in: str) -> bool:
    """Tell whether a text is in a language and not just the question in other words. Short texts tell too little."""
    return language == not_in or detect_language(text, fallback=language, expected={language}) != not_in
