"""Whether a number is said to be the least or the most: "at least", "more than", "up to", "jusqu'à", "höchstens"."""

import re
from enum import Enum
from typing import Final

from index.text import fold


class Bound(Enum):
    """What is said of a number: that it is the least, the most, or neither."""

    LEAST = 1
    NONE = 0
    MOST = -1

    def contradicts(self, other: "Bound") -> bool:
        """Return whether one says the least and the other the most."""
        return self.value * other.value < 0


_LEAST: Final = (
    "at least|more than|greater than|higher than|upwards of|in excess of|exceeding|a minimum of|minimum of"
    "|au moins|plus de|au minimum|minimum de|mindestens|wenigstens|mehr als|al menos|por lo menos|mas de|como minimo"
    "|minimo de|almeno|piu di|oltre|pelo menos|mais de|minstens|meer dan|ten minste|более|больше|свыше|как минимум"
    "|至少|超过|超過|多于|不少于|不少於|최소|أكثر من|على الأقل"
)
_MOST: Final = (
    "up to|at most|less than|fewer than|lower than|a maximum of|maximum of|as much as|jusqu'a|jusqu a|jusqu'aux"
    "|au plus|au maximum|moins de|maximum de|bis zu|hochstens|maximal|weniger als|como maximo|a lo sumo|menos de"
    "|maximo de|fino a|al massimo|meno di|no maximo|hoogstens|maximaal|minder dan|менее|меньше|не выше|максимум"
    "|最多|不超过|不超過|至多|高达|高達|少于|少於|最大|최대|أقل من|ما يصل إلى|بحد أقصى"
)
_LEAST_OF_THINGS: Final = "over|above|uber"
_MOST_OF_THINGS: Final = "under|below|unter|hasta|до|حتى"
"""These are of time too: "over five years" is no bound, nor is "hasta 2019"."""
_LEAST_BEHIND: Final = (
    "or more|or above|and over|and more|or over|ou plus|et plus|au moins|oder mehr|und mehr|o mas|al menos|por lo menos"
    "|como minimo|at least|o piu|ou mais|of meer|以上|이상"
)
_MOST_BEHIND: Final = (
    "or less|or fewer|or under|at most|ou moins|au plus|au maximum|oder weniger|o menos|como maximo|a lo sumo|o meno"
    "|of minder|以下|以内|以內|이하"
)
_TIMES: Final = frozenset({"minute", "hour", "day", "week", "month", "year", "decade", "century"})
_FLIPS: Final = "no|not|never|nicht|nie|kein|keine|keinen|pas|jamais|nunca|non|nao|niet|не|t"
_AROUND: Final = 40
_NEGATED_WITHIN: Final = 3
_WORD: Final = re.compile(r"\w+")


def _table(*kinds: tuple[Bound, str]) -> dict[str, Bound]:
    return {fold(words): bound for bound, listed in kinds for words in listed.split("|")}


_BEFORE: Final = _table((Bound.LEAST, _LEAST), (Bound.MOST, _MOST))
_OF_THINGS: Final = _table((Bound.LEAST, _LEAST_OF_THINGS), (Bound.MOST, _MOST_OF_THINGS))
_BEHIND: Final = _table((Bound.LEAST, _LEAST_BEHIND), (Bound.MOST, _MOST_BEHIND))


def _any_of(table: dict[str, Bound]) -> str:
    return "|".join(re.escape(words) for words in sorted(table, key=len, reverse=True))


_LEADS: Final = re.compile(
    rf"(?:(?<!\w)|(?<=[\u3040-\u30ff\u3400-\u9fff\u1100-\u11ff]))(?P<bound>{_any_of(_BEFORE | _OF_THINGS)})"
    r"(?:\s(?:the|some|about|around|environ|rund|etwa|unos|les|la|le|los))?[\s$€£¥]{0,3}$"
)
_FOLLOWS: Final = re.compile(rf"[\s-]{{0,2}}(?:\w{{1,20}}\s)?(?P<bound>{_any_of(_BEHIND)})(?![a-z])")
_FLIP: Final = frozenset(_FLIPS.split("|"))


def bound_around(text: str, start: int, end: int, unit: str) -> Bound:
    """Return the bound that is said of the number in `text[start:end]`, its unit in it, NONE where none or both are."""
    before, behind = fold(text[max(0, start - _AROUND) : start]), fold(text[end : end + _AROUND])
    found = {_leading(before, unit), _following(behind)} - {Bound.NONE}
    return found.pop() if len(found) == 1 else Bound.NONE


def _leading(before: str, unit: str) -> Bound:
    match = _LEADS.search(before.replace("’", "'"))
    if match is None:
        return Bound.NONE
    words = match["bound"]
    bound = _BEFORE.get(words) or (Bound.NONE if unit in _TIMES or not unit else _OF_THINGS[words])
    # "No more than" is the most; what an earlier "not" negates is not told.
    negating = [word in _FLIP for word in _WORD.findall(before[: match.start()])[-_NEGATED_WITHIN:]]
    if negating[-1:] == [True]:
        return Bound(-bound.value)
    return Bound.NONE if any(negating) else bound


def _following(behind: str) -> Bound:
    match = _FOLLOWS.match(behind)
    return _BEHIND[match["bound"]] if match else Bound.NONE
