"""Read words about time in a question, and say how well a date of publication suits them.

The only module that imports dateparser. What is found is a preference and never a filter, so doubt means None: a month
counts after a word that makes it one ("in March", "en mars"), a number only with a month or after "in", "since" or
the like. The tables of `time_words` find the words; dateparser reads them against the day of asking.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from assistant.time_words import GRAMMARS, LATEST, NEVER, YEAR, Grammar, Rule

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


def mentioned_period(question: str, language: str, today: date) -> Period | None:
    """Return the days that `question` speaks of, or None where nothing is sure. Never raises.

    `language` is the question's, as an ISO 639 code, and `today` the day on which it is asked. Weeks run from Monday to
    Sunday, "last week" is the calendar week before, and a month without a year is the most recent that has begun. Days
    to come are None: no article was published on them. So are two times that no word joins.
    """
    if language not in GRAMMARS:
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
def _known(language: str) -> Grammar:
    return GRAMMARS[language]()


@cache
def _latest_pattern(language: str) -> re.Pattern[str] | None:
    pattern = LATEST.get(language)
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE) if pattern else None


_LEADS: Final = ("since", "until", "before", "after", "during", "link")
_GRAINS: Final = ("day", "week", "month", "quarter", "year")
_WITHIN: Final = {"", "of", "de", "del", "des"}
"""What may stand between a time and the longer one that it lies in."""


def _edges(grammar: Grammar) -> tuple[str, str]:
    """Return what must hold left and right of a time."""
    return (r"(?<![\w-])", r"(?!\w)") if grammar.spaced else ("", "")


@cache
def _finder(language: str) -> re.Pattern[str]:
    """Return what finds a time in a question, with the word that leads it."""
    grammar = _known(language)
    alone = "|".join(rule.pattern for rule in grammar.alone)
    led = "|".join(rule.pattern for rule in grammar.led) or NEVER
    leads = "|".join(rf"(?P<{name}>{getattr(grammar, name) or NEVER})" for name in _LEADS)
    left, right = _edges(grammar)
    return re.compile(
        rf"{left}(?:(?P<alone>{alone})|(?:{leads})(?:\s+|(?<=-)|(?<=['’]))(?P<led>{alone}|{led})){right}", re.IGNORECASE
    )


@cache
def _rules(language: str) -> tuple[tuple[re.Pattern[str], Rule, bool], ...]:
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
    sure = sure or bool(re.search(YEAR, phrase))
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
