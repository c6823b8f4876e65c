"""Numbers as Chinese, Japanese and Korean write them: sizes, units and dates stand right behind the figures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Final

from assistant.checking.units import PERCENT

_SIZES: Final[Mapping[str, int]] = {
    "十": 10, "百": 100, "千": 1_000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12,
    "십": 10, "백": 100, "천": 1_000, "만": 10**4, "억": 10**8, "조": 10**12,
}  # fmt: skip
_FIGURES: Final[Mapping[str, int]] = {
    **{character: value for value, character in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2, "兩": 2,
}  # fmt: skip
_TEN_THOUSAND: Final = 10**4
_UNITS: Final[Mapping[str, str]] = {
    word: unit
    for unit, listed in {
        "dollar": "美元 美金 ドル 달러",
        "euro": "欧元 歐元 ユーロ 유로",
        "yen": "日元 日圆 日圓 円 엔",
        "won": "韩元 韓元 ウォン 원",
        "pound": "英镑 英鎊 ポンド 파운드",
        "yuan": "人民币 人民幣 元 위안",
        PERCENT: "％ パーセント 퍼센트",
        "percentage point": "个百分点 個百分點 ポイント 퍼센트포인트",
    }.items()
    for word in listed.split()
}
_UNIT: Final = re.compile(rf"[ \u00a0]?({'|'.join(sorted(_UNITS, key=len, reverse=True))})")
_PERCENT_BEFORE: Final = "百分之"
_STEP: Final = re.compile(rf"\s?(\d+(?:[.,]\d+)*)([{''.join(_SIZES)}]*)")
_SPELLED: Final = re.compile(
    rf"(?:[{''.join(_FIGURES)}](?=[{''.join(_FIGURES)}]{{0,12}}[{''.join(_SIZES)}])|[十百千십백천](?=[万萬亿億兆만억조]))"
    rf"[{''.join(_FIGURES)}{''.join(_SIZES)}]{{1,30}}"
)
"""A figure and a size at least: 三 alone is in names, as is 百."""
_DAY: Final = re.compile(
    r"(?:(?P<year>\d{4})[年년]\s?)?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})[月월](?!曜|요일)(?:\s?(?P<day>\d{1,2})[日号號일])?"
)
_MOST_STEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Sized:
    """A number with its size: where it ends, and its value."""

    value: Decimal
    end: int


def read_sized(text: str, start: int) -> Sized | None:
    """Return the number whose figures begin at `start`, with the sizes behind them ("1兆5000億"), None without any."""
    total, end, least = Decimal(0), start, 0
    for place in range(_MOST_STEPS):
        step = _STEP.match(text, end)
        size = _size(step[2]) if step else 1
        # The last figures of 3万5000 have no size; those after a space are another number.
        apart = place > 0 and (size >= least or (size == 1 and text[end].isspace()))
        if step is None or apart or (place == 0 and size == 1):
            break
        total, end, least = total + _plain(step[1]) * size, step.end(), size
        if size == 1:
            break
    return Sized(total, end) if end > start else None


def spelled_numbers(text: str) -> list[tuple[int, Sized, bool]]:
    """Return the numbers in characters, each with its beginning, and whether it begins with a figure: 一千亿, 三十.

    Without one, as in 百億, it may be a word: 千万 is "by all means" too.
    """
    return [
        (match.start(), Sized(Decimal(_spelled(match[0])), match.end()), match[0][0] in _FIGURES)
        for match in _SPELLED.finditer(text)
    ]


def unit_behind(text: str, end: int) -> tuple[str, int] | None:
    """Return the unit that stands right behind a number, and where it ends, or None."""
    match = _UNIT.match(text, end)
    return (_UNITS[match[1]], match.end()) if match else None


def is_percent_before(text: str, start: int) -> bool:
    """Tell whether a number is introduced as a percentage: 百分之五."""
    return text.endswith(_PERCENT_BEFORE, 0, start)


def read_dates(text: str) -> list[tuple[int, int, tuple[int | None, int, int | None]]]:
    """Return the dates of a text, each with its span: 2025年9月, 9月2日, 2025년 9월 2일, 九月."""
    found = []
    for match in _DAY.finditer(text):
        named = match["month"]
        month = int(named) if named.isdecimal() else _spelled(named)
        if 1 <= month <= 12:
            year, day = (int(match[name]) if match[name] else None for name in ("year", "day"))
            found.append((match.start(), match.end(), (year, month, day)))
    return found


def _size(characters: str) -> int:
    return reduce(lambda product, character: product * _SIZES[character], characters, 1)


def _plain(figures: str) -> Decimal:
    """Read figures: three after the last separator are thousands."""
    groups = re.split(r"[.,]", figures)
    if len(groups) > 1 and len(groups[-1]) != 3:
        return Decimal("".join(groups[:-1]) + "." + groups[-1])
    return Decimal("".join(groups))


def _spelled(characters: str) -> int:
    """Read a number in characters: sections below ten thousand, each with its size behind it."""
    total = section = figure = 0
    for character in characters:
        size = _SIZES.get(character)
        if size is None:
            figure = figure * 10 + _FIGURES[character]
        elif size < _TEN_THOUSAND:
            section, figure = section + (figure or 1) * size, 0
        else:
            # In 一千万亿 a size has a size.
            here = section + figure
            total, section, figure = total + here * size if here else total * size, 0, 0
    return total + section + figure
