"""Have the model judge, in one more call, whether what each statement cites bears it out."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.models import Fault, FaultKind
from assistant.replies import Reply
from assistant.small_calls import Complete, small_call
from assistant.statements import CheckedStatement, quoted_text
from index import Passage

_JUDGEMENTS: Final = {
    False: "not?|non|nein|nicht|unsupported|unclear|unsure|insufficient|false|wrong|incorrect|partial(?:ly)?|partly"
    "|faux|fausse|partiellement|falsch|teilweise|fals[oa]|parcialmente|未|不|否",
    True: "yes|oui|ja|sí|si|supported|true|correct|vrai|wahr|richtig|verdadero|是",
}
"""The words that judgements begin with. What is said in part is not said."""
_JUDGEMENT: Final = re.compile(
    r"(?<![\w.,])(\d{1,4})[^\w\n]{1,8}(?:(?:statement|judge?ment|answer|verdict|supported|affirmation|aussage)[^\w\n]{1,8}"
    rf"(?=\w))?(?:(?P<no>{_JUDGEMENTS[False]})|{_JUDGEMENTS[True]})(?![^\W\d_])",
    re.IGNORECASE,
)
_MOST: Final = 40
"""Statements that are judged in one call."""
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Verified:
    """Statements after the model judged them: how many cite something, and of how many of these it said nothing."""

    statements: list[CheckedStatement]
    asked: int
    unjudged: int


def verify_statements(
    reply: Reply, checked: Sequence[CheckedStatement], passages: Sequence[Passage], complete: Complete
) -> Verified:
    """Return the statements, those that the model does not find in their quotes with a fault of kind MEANING.

    One call judges all that cite something, at most 40. A statement that it says nothing about stays as it is; where
    the call fails, that is all of them.
    """
    citing = [place for place, statement in enumerate(checked) if statement.quotes]
    if not citing:
        return Verified(list(checked), 0, 0)
    cited = citing[:_MOST]
    pairs = [
        f"{number}. Statement: {_line(reply.text[slice(*checked[place].span)])}\n"
        f"{number}. Quotes: {_line(quoted_text(checked[place].quotes, passages))}"
        for number, place in enumerate(cited, start=1)
    ]
    mark = f"=== {secrets.token_hex(8)} ==="
    judged = read_judgements(small_call(complete, "verify", mark=mark, pairs="\n".join(pairs)))
    doubted = {place for number, place in enumerate(cited, start=1) if judged.get(number) is False}
    return Verified(
        [_doubted(statement, reply) if place in doubted else statement for place, statement in enumerate(checked)],
        len(citing),
        len(citing) - sum(number in judged for number in range(1, len(cited) + 1)),
    )


def read_judgements(reply: str) -> Mapping[int, bool]:
    """Return what "1: yes" and its like say, by number. Of two that contradict each other the stricter counts."""
    judged: dict[int, bool] = {}
    for match in _JUDGEMENT.finditer(reply):
        number = int(match[1])
        judged[number] = judged.get(number, True) and match["no"] is None
    return judged


def _doubted(statement: CheckedStatement, reply: Reply) -> CheckedStatement:
    fault = Fault(FaultKind.MEANING, reply.text[slice(*statement.span)])
    return replace(statement, faults=(*statement.faults, fault))


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
