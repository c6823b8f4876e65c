"""Have the model judge, in one more call, whether what each statement cites bears it out."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from assistant.models import Fault, FaultKind
from assistant.replies import Reply
from assistant.small_calls import Complete, small_call
from assistant.statements import CheckedStatement, quoted_text
from index import Passage

_JUDGEMENT: Final = re.compile(r"^[^\w\n]{0,8}(\d{1,4})[^\w\n]{1,8}(yes|no|oui|non|ja|nein|sí|si)\b", re.I | re.M)
_NO: Final = {"no", "non", "nein"}
_MOST: Final = 40
"""Statements that are judged in one call."""
_LONGEST: Final = 2_000


def verify_statements(
    reply: Reply, checked: Sequence[CheckedStatement], passages: Sequence[Passage], complete: Complete
) -> list[CheckedStatement] | None:
    """Return the statements, those that the model does not find in their quotes with a fault of kind MEANING.

    One call judges all that cite something. A statement that it says nothing about stays as it is. None where the call
    fails, or judges nothing.
    """
    cited = [place for place, statement in enumerate(checked) if statement.quotes][:_MOST]
    if not cited:
        return list(checked)
    pairs = [
        f"{number}. Statement: {_line(reply.text[slice(*checked[place].span)])}\n"
        f"{number}. Quotes: {_line(quoted_text(checked[place].quotes, passages))}"
        for number, place in enumerate(cited, start=1)
    ]
    mark = f"=== {secrets.token_hex(8)} ==="
    judged = read_judgements(small_call(complete, "verify", mark=mark, pairs="\n".join(pairs)))
    if not any(number in judged for number in range(1, len(cited) + 1)):
        return None
    doubted = {place for number, place in enumerate(cited, start=1) if judged.get(number) is False}
    return [_doubted(statement, reply) if place in doubted else statement for place, statement in enumerate(checked)]


def read_judgements(reply: str) -> Mapping[int, bool]:
    """Return what lines such as "1: yes" say, by number. Of two that contradict each other the stricter counts."""
    judged: dict[int, bool] = {}
    for number, word in _JUDGEMENT.findall(reply):
        judged[int(number)] = judged.get(int(number), True) and word.casefold() not in _NO
    return judged


def _doubted(statement: CheckedStatement, reply: Reply) -> CheckedStatement:
    fault = Fault(FaultKind.MEANING, reply.text[slice(*statement.span)])
    return replace(statement, faults=(*statement.faults, fault))


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
