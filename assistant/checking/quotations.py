"""Words between quotation marks: they must stand in what a statement cites, letter for letter."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final

from assistant.models import Fault, FaultKind

_LONGEST: Final = 2_000
_LONG: Final = 4
"""Words from which on a quotation is no single word set off: “nonsense”."""
_MOST: Final = 50
_QUOTATION: Final = re.compile(
    r"“([^“”]*)(?:”|$)|«([^«»]*)(?:»|$)|„([^„“”]*)(?:[“”]|$)|「([^「」]*)(?:」|$)"
    r'|(?:^|(?<=[\s(\[—–:]))"([^"]*)(?:"|$)|"([^"]*)"'
    r"|‹([^‹›]{1,300})›|(?<!\w)[‘‚]([^‘‚’]{1,300}(?:’\w[^‘‚’]{0,300}){0,5})[’‘](?!\w)"
    r"|(?<!\w)'(?=[^\W\d_])([^'\n]{1,300}(?:'\w[^'\n]{0,300}){0,5})'(?!\w)"
)
"""A quotation that opens and is not closed runs to the statement's end: the mark may be lost, the words were said."""
_OMISSION: Final = re.compile(r"\[\s?(?:…|\.\.\.)\s?\]|\(\s?(?:…|\.\.\.)\s?\)|…|\.\.\.")
_EDGES: Final = " .,;:!?…-–—"
_LETTERS: Final = str.maketrans(
    {**dict.fromkeys("’‘`´ʼ′", "'"), **dict.fromkeys("“”«»„‟‹›「」", '"'), **dict.fromkeys("‐‑–—−", "-"), "\xad": None}
)


def quotation_faults(statement: str, cited: str) -> Iterator[Fault]:
    """Yield a fault for each quotation whose words are not in `cited`, but for case, spacing and kinds of marks.

    An omission ("…") splits a quotation into parts that must stand there in this order.
    """
    found = [next(filter(None, match.groups()), "") for match in islice(_QUOTATION.finditer(statement), _MOST)]
    if not found:
        return
    there = _plain(cited)
    for words in found:
        if not _stands(words[:_LONGEST], there):
            yield Fault(FaultKind.QUOTATION, " ".join(words.split()))


def without_quotations(statement: str) -> str:
    """Return a statement with spaces for what it quotes at length: such words are checked to the letter already."""
    return _QUOTATION.sub(lambda match: _blank(match[0]), statement)


def _blank(quotation: str) -> str:
    return " " * len(quotation) if len(quotation.split()) >= _LONG else quotation


def _stands(words: str, there: str) -> bool:
    position = 0
    for part in _OMISSION.split(words)[:_MOST]:
        plain = _plain(part).strip(_EDGES)
        position = _find(plain, there, position) if plain else position
        if position < 0:
            return False
    return True


def _find(part: str, there: str, start: int) -> int:
    """Return the end of `part` in `there`, where it stands as whole words, or -1."""
    for _ in range(_MOST):
        place = there.find(part, start)
        if place < 0:
            return -1
        end = place + len(part)
        before, after = there[place - 1 : place] if place else "", there[end : end + 1]
        if not (before.isalnum() and part[0].isalnum()) and not (after.isalnum() and part[-1].isalnum()):
            return end
        start = place + 1
    return -1


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(_LETTERS)).casefold().replace('"', "")
    return " ".join(folded.split())
