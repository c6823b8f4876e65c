"""Numbers are read as the same quantity, in digits and in words, in four languages and two traditions."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.dates import read_days
from assistant.checking.numerals import spelled_number
from assistant.checking.quantities import Quantity, read_quantities
from assistant.checking.tokens import tokens


def read(text: str, language: str = "en") -> list[Quantity]:
    return read_quantities(text, tokens(text), language)


@pytest.mark.parametrize(
    ("words", "language", "value"),
    [
        ("seventeen", "en", 17),
        ("twenty-one", "en", 21),
        ("two hundred and five", "en", 205),
        ("three million two hundred thousand", "en", 3_200_000),
        ("one hundred thousand million", "en", 10**11),
        ("two dozen", "en", 24),
        ("dix-sept", "fr", 17),
        ("vingt et un", "fr", 21),
        ("soixante et onze", "fr", 71),
        ("soixante-dix-sept", "fr", 77),
        ("quatre-vingts", "fr", 80),
        ("quatre-vingt-dix-neuf", "fr", 99),
        ("deux mille vingt-six", "fr", 2026),
        ("cent milliards", "fr", 10**11),
        ("einundzwanzig", "de", 21),
        ("zweihundertfünf", "de", 205),
        ("zweitausendsechsundzwanzig", "de", 2026),
        ("zwölf Millionen", "de", 12_000_000),
        ("treinta y cinco", "es", 35),
        ("doscientos cinco", "es", 205),
        ("mil novecientos noventa y dos", "es", 1992),
        ("cien mil millones", "es", 10**11),
    ],
)
def test_numbers_in_words_have_their_value(words: str, language: str, value: int) -> None:
    keys = [token.key for token in tokens(words)]
    assert spelled_number(keys, language) == (Decimal(value), len(keys))


@pytest.mark.parametrize(("words", "used"), [("two and three", 1), ("five six", 1), ("nineteen eighty", 1)])
def test_two_numbers_in_a_row_are_not_one(words: str, used: int) -> None:
    read_number = spelled_number(words.split(), "en")
    assert read_number is not None
    assert read_number[1] == used


@pytest.mark.parametrize("words", [[], ["million"], ["and"], ["nvidia"]])
def test_other_words_are_no_number(words: list[str]) -> None:
    assert spelled_number(words, "en") is None


@given(st.integers(min_value=1_000, max_value=10**15))
def test_a_number_is_the_same_with_any_separator(number: int) -> None:
    grouped = f"{number:,}"
    for separator in (",", ".", " ", "\u202f", "'"):
        (quantity,) = read(f"{grouped.replace(',', separator)} people")
        assert Decimal(number) in quantity.values


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("$100bn", "en", 10**11, "dollar"),
        ("US$ 1.5 million", "en", 1_500_000, "dollar"),
        ("EUR 20", "en", 20, "euro"),
        ("100 milliards de dollars", "fr", 10**11, "dollar"),
        ("2 billions d'euros", "fr", 2 * 10**12, "euro"),
        ("rund 100 Mrd. Euro", "de", 10**11, "euro"),
        ("100 mil millones de dólares", "es", 10**11, "dollar"),
        ("5\u202f%", "fr", 5, "percent"),
        ("five per cent", "en", 5, "percent"),
        ("1.234,5 km", "de", Decimal("1234.5"), "kilometre"),
        ("6½ miles", "en", Decimal("6.5"), "mile"),
    ],
)
def test_size_and_unit_belong_to_a_number(text: str, language: str, value: Decimal | int, unit: str) -> None:
    quantity = read(text, language)[-1]
    assert Decimal(value) in quantity.values
    assert quantity.unit == unit
    assert text[quantity.start : quantity.end] in text


def test_a_range_shares_its_size_and_unit() -> None:
    first, second = read("5 to 10 million dollars")
    assert Decimal(5_000_000) in first.values
    assert first.unit == second.unit == "dollar"


def test_digits_in_a_name_are_no_number() -> None:
    assert read("Nvidia sells the H100.") == []


@pytest.mark.parametrize(
    ("text", "language", "reading"),
    [
        ("On 2 February 2026 it fell.", "en", (2026, 2, 2)),
        ("On February 2nd, 2026, it fell.", "en", (2026, 2, 2)),
        ("le 1er mars 2026", "fr", (2026, 3, 1)),
        ("am 2. Februar", "de", (None, 2, 2)),
        ("el 2 de febrero de 2026", "es", (2026, 2, 2)),
        ("since 2026-02-03", "en", (2026, 2, 3)),
        ("in September", "en", (None, 9, None)),
    ],
)
def test_dates_are_read_in_any_form(text: str, language: str, reading: tuple[int | None, int, int | None]) -> None:
    (day,) = read_days(text, tokens(text), language)
    assert reading in day.readings


@pytest.mark.parametrize("text", ["He may march on.", "They will march.", "It may be."])
def test_months_that_are_other_words_are_no_dates(text: str) -> None:
    assert read_days(text, tokens(text), "en") == []
