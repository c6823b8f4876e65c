"""Hold a statement against what it cites: numbers, dates, units, names, quotations and negations."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from assistant.checking.cited_names import Cited
from assistant.checking.dates import day_faults, read_days, weekday_faults
from assistant.checking.names import name_faults
from assistant.checking.negation import negation_faults
from assistant.checking.quantities import Quantity, implied_values, quantity_faults, read_quantities
from assistant.checking.quotations import quotation_faults
from assistant.checking.tokens import tokens
from assistant.models import Fault
from index import Span


def check_statement(
    statement: str, cited: str, *, known: str = "", language: str = "", cited_language: str = ""
) -> tuple[Fault, ...]:
    """Return the parts of a statement that do not stand in what it cites, none where it holds.

    `statement` is one statement of an answer without its footnote marks, `cited` the text of all sentences that it
    cites, and `known` the headings of their articles (title, publisher, date): numbers, dates and names may come from
    there. Languages are ISO 639-1 codes; an unknown one ("") is read as English. No fault is no proof: the check
    compares words and never understands them, and keeps quiet where it is not sure. Never raises; takes time in
    proportion to the texts, of which it reads the first 4,000 and 20,000
    characters.
    """
    faults = _faults(statement[:_LONGEST_STATEMENT], cited[:_LONGEST], known[:_LONGEST], language, cited_language)
    return tuple(dict.fromkeys(faults))


_LONGEST_STATEMENT: Final = 4_000
_LONGEST: Final = 20_000


def _faults(statement: str, cited: str, known: str, language: str, cited_language: str) -> Iterator[Fault]:
    # A line's end keeps the last word of the one from joining the first of the other.
    there = f"{cited}\n{known}"
    said, told = tokens(statement), tokens(there)
    days, cited_days = read_days(statement, said, language), read_days(there, told, cited_language)
    cited_quantities = read_quantities(there, told, cited_language)
    names = Cited(told, cited_language)
    implied = implied_values(told, cited_language)
    yield from quotation_faults(statement, there)
    yield from day_faults(statement, days, cited_days, _whole(cited_quantities))
    yield from weekday_faults(said, language, told, cited_language)
    yield from quantity_faults(
        statement,
        read_quantities(statement, said, language),
        cited_quantities,
        implied,
        dated=[Span(day.start, day.end) for day in days],
        spelled=names.keys,
        languages=(language, cited_language),
    )
    yield from name_faults(statement, said, language, names)
    yield from negation_faults(statement, cited, language, cited_language)


def _whole(quantities: list[Quantity]) -> frozenset[int]:
    return frozenset(int(value) for quantity in quantities for value in quantity.values if value < Decimal(10_000))
