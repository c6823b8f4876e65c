"""Lines on pages into paragraphs of running text: what belongs together, and what only stands on every page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

_EDGE: Final = 0.12
"""Share of a page's height, above and below, where headers and footers stand."""
_REPEATED: Final = 3
"""Pages on which the same line at the same height is no part of the text."""
_WIDER: Final = 1.3
"""Times the usual distance of lines at which a paragraph ends."""
_OTHER_SIZE: Final = 1.12
"""Times the size of letters that make a heading."""
_TITLE_SIZE: Final = 1.25
_LONGEST_TITLE: Final = 250
_INDENT: Final = 0.7
"""Of the height of a line: what is farther in begins a paragraph."""
_NEAR: Final = 12
"""Lines before and behind among which the right edge of a column is looked for."""
_TWICE: Final = 2
"""Pages on which their number, alone or behind a word for "page", is enough."""
_SAME_HEIGHT: Final = 4.0
"""Points."""
_NUMBERS: Final = 4
"""Of a line, that may be the number of the page."""
_BARE: Final = re.compile(
    r"\W*(?:page|p|pag|página|pagina|seite|s)?\W*#-?\d+\W*(?:(?:of|de|sur|von|di|/)?\W*\d+)?\W*", re.I
)
_HYPHEN: Final = re.compile(r"[^\W_][-\u2010\xad]$")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uff00-\uff65]")
_FAR_SHORT: Final = 0.4
"""Of the width of a column: a line that ends so far before its edge is the last of its paragraph."""
_FULL: Final = 0.6
"""Of the width of the line that follows on another page or column."""
_LONG: Final = 25
"""Characters of a line that is no row of a table."""
_SAME_EDGE: Final = 2.0
"""Points between the ends of lines that are justified."""
_NUMBER: Final = re.compile(r"\d{1,5}")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDED: Final = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_LISTED: Final = re.compile(r"(?:[•‣▪●○◦*-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_UNNAMED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on its page, in points from the lower left; `height` is that of its foot, as a share."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    height: float


def lay_out(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages and the offset at which each begins.

    Paragraphs are apart by blank lines. A paragraph, a sentence or a word that runs over the end of a line, a column
    or a page is whole. Lines that are the same on several pages and numbers of pages are left out.
    """
    kept = _without_edges(pages)
    words = Counter(word.lower() for lines in kept for line in lines for word in _WORD.findall(line.text))
    written: list[str] = []
    starts: list[int] = []
    length = 0
    before: Line | None = None
    for lines in kept:
        joints = _joints(lines)
        for position, line in enumerate(lines):
            text = _UNNAMED.sub("", line.text)
            if before is not None:
                joined = joints[position] if position else _flows_on(before, line)
                mended, between = _between(line, joined, words, written[-1])
                length += len(mended) - len(written[-1]) + len(between)
                written[-1:] = [mended, between]
            if not position:
                starts.append(length)
            written.append(text)
            length += len(text)
            before = line
        if not lines:
            starts.append(length)
    return "".join(written), tuple(starts)


def heading_of(lines: Sequence[Line]) -> str:
    """Return the first lines that are set in the largest letters of a page, "" where none stands out."""
    if not lines:
        return ""
    largest = max(line.size for line in lines)
    if largest < _TITLE_SIZE * median(line.size for line in lines):
        return ""
    title: list[str] = []
    for line in lines:
        if line.size * _OTHER_SIZE > largest:
            title.append(line.text)
        elif title:
            break
    words = " ".join(title)
    return words if len(words) <= _LONGEST_TITLE else ""


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Leave out lines near the edges that stand at one height of several pages, but for the number of the page."""
    counted: Counter[tuple[str, int]] = Counter()
    for number, lines in enumerate(pages):
        counted.update({key for line in lines if _at_edge(line) for key in _edge_keys(line, number)})
    repeated = {key for key, count in counted.items() if count >= (_TWICE if _BARE.fullmatch(key[0]) else _REPEATED)}
    return [
        [line for line in lines if not (_at_edge(line) and repeated.intersection(_edge_keys(line, number)))]
        for number, lines in enumerate(pages)
    ]


def _at_edge(line: Line) -> bool:
    return line.height < _EDGE or line.height > 1 - _EDGE


def _edge_keys(line: Line, page: int) -> Iterator[tuple[str, int]]:
    """Give a line as it stands, and with each of its numbers in turn as its distance from that of the page."""
    numbers = list(_NUMBER.finditer(line.text))[:_NUMBERS]
    wordings = [line.text]
    for start, end in (number.span() for number in numbers):
        wordings.append(f"{line.text[:start]}#{int(line.text[start:end]) - page}{line.text[end:]}")
    place = round(line.bottom / _SAME_HEIGHT)
    # Two places, because rounding may part what stands nearly at one height.
    yield from ((wording, near) for wording in wordings for near in (place, place + 1))


def _joints(lines: Sequence[Line]) -> list[bool]:
    """Tell of each line of a page whether it goes on the paragraph of the line before."""
    steps = [before.bottom - line.bottom for before, line in pairwise(lines)]
    usual = median([step for step in steps if step > 0] or [0.0])
    joints = [False] * len(lines)
    first = 0
    for position in range(1, len(lines)):
        before, line = lines[position - 1], lines[position]
        following = lines[position + 1] if position + 1 < len(lines) else None
        step = steps[position - 1]
        if step <= 0:
            joints[position] = _flows_on(before, line)
        else:
            joints[position] = not (
                step > _WIDER * max(usual, before.size)
                or not _same_size(before, line)
                or _LISTED.match(line.text)
                or _begins_indented(before, line, following, is_first=first == position - 1)
                or _ends_early(lines, position - 1)
            )
        if not joints[position]:
            first = position
    return joints


def _same_size(one: Line, other: Line) -> bool:
    return max(one.size, other.size) < _OTHER_SIZE * min(one.size, other.size)


def _begins_indented(before: Line, line: Line, following: Line | None, *, is_first: bool) -> bool:
    """Tell whether a line stands farther in because a paragraph begins, or farther out because one has ended."""
    indent = _INDENT * line.size
    if line.left < before.left - indent:
        return not is_first
    if line.left <= before.left + indent or _LISTED.match(before.text):
        return False
    if following is None or following.bottom >= line.bottom:
        return bool(_ENDED.search(before.text))
    return following.left < line.left - indent


def _ends_early(lines: Sequence[Line], position: int) -> bool:
    """Tell whether the first word of the next line would have stood on this one, and did not."""
    line, following = lines[position], lines[position + 1]
    if _HYPHEN.search(line.text):
        return False
    beside = lines[max(0, position - 1) : position + 2 : 2] if position else [following]
    if len(line.text) > _LONG and any(abs(other.right - line.right) < _SAME_EDGE for other in beside):
        return False
    near = [other for other in lines[max(0, position - _NEAR) : position + _NEAR] if _in_column(other, line)]
    edge = max(other.right for other in near)
    room = edge - line.right
    letter = (following.right - following.left) / len(following.text)
    if room < letter * (len(following.text.split(maxsplit=1)[0]) + 1.5):
        return False
    far = room > _FAR_SHORT * (edge - line.left)
    return far or bool(_ENDED.search(line.text)) or not following.text[0].islower()


def _in_column(other: Line, line: Line) -> bool:
    return abs(other.left - line.left) < 3 * line.size and _same_size(other, line)


def _flows_on(before: Line, line: Line) -> bool:
    """Tell whether a line at the top of a page or column goes on the paragraph at the foot of the one before."""
    if not _same_size(before, line) or _LISTED.match(line.text) or _ENDED.search(before.text):
        return False
    is_full = before.right - before.left > _FULL * (line.right - line.left)
    return line.text[0].islower() or is_full


def _between(line: Line, joined: bool, words: Counter[str], written: str) -> tuple[str, str]:
    """Return the text before a line, with the hyphen at its end taken off if it only parts a word, and what follows."""
    if not joined:
        return written, "\n\n"
    if _UNSPACED.match(written[-1:]) and _UNSPACED.match(line.text):
        return written, ""
    if not _HYPHEN.search(written) or not line.text[0].isalnum():
        return written, " "
    parted, rest = _WORD.findall(written[:-1])[-1:], _WORD.match(line.text)
    if not parted or rest is None or not line.text[0].islower():
        return written, ""
    # A word with a hyphen of its own stands with it elsewhere in the document, or nowhere without it.
    whole, hyphenated = (f"{parted[0]}{hyphen}{rest.group()}".lower() for hyphen in ("", "-"))
    return (written if words[hyphenated] and not words[whole] else written[:-1]), ""
