r"""Find the pointers at sentences in what a model writes, in whatever brackets it writes them. Pure functions.

A pointer is [2.3], sentence 3 of passage 2. Models also write 【2.3】, (2.3), {2.3}, [[2.3]], [^2.3], \[2.3\],
[2.3†source], [cite: 2.3], [Satz 2.3], (passage 2, sentence 3), <cite>2.3</cite>, [2.3-2.5] and more; all of these are
found, and so are links, which lose their target.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

Place = tuple[int, int]
"""Where a pointer points: the numbers of a passage and of its sentence, both from 1."""

NOWHERE: Final[Place] = (0, 0)
"""Where a footnote mark of the model's own making, [1], points."""

_LONGEST_RANGE: Final = 20
_LONGEST_LINK: Final = 60
"""Characters of an open bracket that are held back while a reply arrives: it may be a link, which loses its target."""
_LONGEST_TARGET: Final = 500

_SUPERSCRIPT: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN: Final = str.maketrans(f"{_SUPERSCRIPT}．·⋅‧˙⁻", "0123456789.....-")
_TARGET: Final = re.compile(
    r'\((?:[^()\s]|\([^()\s]{0,100}\)){0,%d}+(?:[ ]"[^"\n]{0,200}")?\)' % _LONGEST_TARGET  # noqa: UP031 - braces
)
_PASSAGES: Final = (
    "passage passages source sources document documents article articles extrait extraits excerpt quelle quellen"
    " abschnitt auszug pasaje pasajes fuente fuentes passaggio fonte passagem bron"
)
_SENTENCES: Final = "sentence sentences phrase phrases satz sätze frase frases frasi oración oraciones zin zinnen"
_SEE: Final = "see cf voir siehe vgl véase zie"
_PASSAGE, _SENTENCE = (f"(?:{words.replace(' ', '|')})" for words in (_PASSAGES, _SENTENCES))
_SPELT: Final = re.compile(rf"{_PASSAGE}\s?(\d{{1,6}})\s?[,;:]?\s?(?:{_SENTENCE}|s\.?)\s?(\d{{1,6}})", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rf"""
    \\\[(?P<escaped>[^\[\]\n]{{1,200}}+(?<=\\))\]
    | !?\^?\[(?P<square>[^\[\]\n]{{0,200}}+)\](?P<target>{_TARGET.pattern})?
    | 【(?P<lenticular>[^【】\n]{{1,200}}+)】 | 〔(?P<shell>[^〔〕\n]{{1,200}}+)〕 | ［(?P<wide>[^［］\n]{{1,200}}+)］
    | [(（][ ]?(?P<round>\d{{1,4}}\.\d{{1,4}}(?:[,;\s–-]{{1,3}}\d{{1,4}}\.\d{{1,4}}){{0,9}})[ ]?[)）]
    | [(（][ ]?(?P<spelt>(?:(?:{_SEE.replace(" ", "|")})\.?\s)?
        (?:{_SPELT.pattern}|(?:passages?|{_SENTENCE})\s?\d{{1,4}}\.\d{{1,4}})[^()（）\[\]\n]{{0,60}}+)[)）]
    | (?<![\^_\\}}$])\{{(?P<curly>[^{{}}\[\]\n]{{1,60}}+)\}}
    | ⁽?(?P<raised>[{_SUPERSCRIPT}]{{1,3}}[·⋅‧˙.][{_SUPERSCRIPT}]{{1,3}})⁾?
    | <(?P<tag>sup|cite)>\s?(?P<tagged>[^<>\[\]\n]{{1,40}}+)</(?P=tag)>
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ITEM: Final = r"\d{1,6}(?:\.\d{1,6})?(?:\s{0,3}(?:[–—-]|\bto\b|\bà\b|\bbis\b)\s{0,3}\d{1,6}(?:\.\d{1,6})?)?"
_LIST: Final = re.compile(rf"{_ITEM}(?:\s{{0,3}}(?:[,;&/+|]|\band\b|\bet\b|\bund\b|\by\b)\s{{0,3}}{_ITEM})*")
_PART: Final = re.compile(r"(\d+)(?:\.(\d+))?(?:\D{1,8}?(\d+)(?:\.(\d+))?)?")
_RANGE: Final = re.compile(_ITEM)
_DAGGER: Final = re.compile(r"†[^,;]*")
_NAMING: Final = re.compile(
    rf"\b(?:{_PASSAGE}|{_SENTENCE}|{_SEE.replace(' ', '|')}|cite|citations?|references?|refs?|p|s)\b[.:]?",
    re.IGNORECASE,
)
_YEAR: Final = 1_000
"""A bare number in brackets from here on is a year or a quantity, and no footnote mark of the model's own."""

_GLUE: Final = re.compile(r"[ \t]{0,8}[,;]?[ \t]{0,8}")
_TAGS: Final = ("<sup>", "<cite>")
_WRAPS: Final = (
    ("`", "`"), ("*", "*"), ("_", "_"), ("(", ")"), ("（", "）"), ("[", "]"), ("{", "}"),
    *((tag, f"</{tag[1:]}") for tag in _TAGS),
)  # fmt: skip
_STATEMENT_ENDS: Final = re.compile(r"\s*(?:[.,;:!?。，、！？\[【(（]|$|\n)|\s+[^\W\d_a-zß-öø-ÿ]")
_FORGED: Final = re.compile(r"\[(\s*\d+\s*)\]")

_WRAPPING: Final = "`*_(（[{!^\\"
_SPELLING: Final = f"{_PASSAGES} {_SENTENCES} {_SEE}".split()
_BEGUN: Final = "|".join(sorted({word[:end] for word in _SPELLING for end in range(1, len(word) + 1)}))
_OPENINGS: Final = (
    re.compile(r"[(（][\d\s.,;–-]{0,60}$"),
    re.compile(rf"[(（][ ]?(?:{_BEGUN}|(?:{'|'.join(_SPELLING)})\b[^()（）\n]{{0,100}})$", re.IGNORECASE),
    re.compile(r"\{[^{}\n]{0,60}$"),
    re.compile(r"[【〔［][^】〕］\n]{0,60}$"),
    re.compile(rf"[⁽{_SUPERSCRIPT}][{_SUPERSCRIPT}·⋅‧˙.]{{0,6}}$"),
    re.compile(r"<(?:s|su|sup|c|ci|cit|cite|(?:sup|cite)>[^<>\n]{0,40}(?:</?[a-z]{0,4})?)?$"),
    re.compile(r"\[[^\[\]\n]{0,200}\](?:\((?:[^()\s]|\([^()\s]{0,100}\)){0,500}+(?:\([^()\s]{0,100})?)?$"),
)
"""What may become a pointer when more arrives."""
_BRACKET: Final = re.compile(r"[\[\]]")


@dataclass(frozen=True, slots=True)
class Pointing:
    """Pointers that stand together: after `offset` characters of a text that holds none, and where they point."""

    offset: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    """Something in `text[start:end]` that is not text: pointers, or words to put in its place."""

    start: int
    end: int
    places: tuple[Place, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A text without its pointers, and the pointers. `square` tells whether any stood in square brackets."""

    text: str
    pointings: tuple[Pointing, ...]
    square: bool


def split_pointers(text: str, shown: Collection[Place], *, square: bool = False) -> Pointed:
    """Part a text from its pointers.

    A pointer in round brackets looks like a decimal number: it counts where it points at a sentence that was `shown`,
    stands at the end of a statement, and none in square brackets came before (`square`).
    What looks like a footnote mark and is none, as in "[2019]", gets round brackets. The stars of bold type go.
    """
    text = text.replace("**", "")
    parts: list[str] = []
    pointings: list[Pointing] = []
    length = position = 0
    tokens = list(_tokens(text, shown, square))
    for token in _unwrapped(text, _merged(text, tokens)):
        literal = text[position : token.start] + token.words
        if token.places:
            literal = literal.rstrip(" \t")
        parts.append(literal)
        length += len(literal)
        if token.places:
            pointings.append(Pointing(length, token.places))
        position = token.end
    parts.append(text[position:])
    # The replacement is as long as what it replaces, so offsets hold.
    plain = _FORGED.sub(r"(\1)", "".join(parts))
    return Pointed(plain, tuple(pointings), square or any(_is_square(text, token) for token in tokens))


def settled(text: str) -> int:
    """Return how much of a text that still grows is what it seems: after that, something may become a pointer."""
    start = max(0, len(text) - _LONGEST_TARGET - _LONGEST_LINK)
    tail = text[start:]
    cuts = [match.start() for opening in _OPENINGS if (match := opening.search(tail))]
    cuts += [bracket for bracket in _unclosed(tail) if _is_open(tail[bracket:])]
    return len(unwrapped_end(text[: start + min(cuts, default=len(tail))]))


def unwrapped_end(text: str) -> str:
    """Return a text without what opens at its end and may stand around a pointer that is to come."""
    text = text.rstrip(_WRAPPING)
    for tag in _TAGS:
        text = text.removesuffix(tag)
    return text.rstrip(_WRAPPING)


def _unclosed(tail: str) -> Iterator[int]:
    """Give the places of square brackets that are not closed."""
    closed = 0
    for bracket in reversed([match.start() for match in _BRACKET.finditer(tail)]):
        if tail[bracket] == "]":
            closed += 1
        elif closed:
            closed -= 1
        else:
            yield bracket


def _is_open(tail: str) -> bool:
    """Tell whether what begins with a bracket that is not closed may become a pointer, a link or a footnote mark."""
    return "\n" not in tail and (len(tail) <= _LONGEST_LINK or tail[1:].isdigit())


def _tokens(text: str, shown: Collection[Place], square: bool) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup if match.lastgroup != "target" else "square"
        content = match[kind] if kind else ""
        start, end = match.span()
        places = _places(content)
        if places is None or not _may_point(places, kind, shown):
            if match["target"] is not None:
                yield _Token(start, end, words=content)
        elif kind == "round" and (square or not _STATEMENT_ENDS.match(text, end)):
            continue
        else:
            square = square or kind in {"square", "escaped"}
            # In "Wow![1.1]" the mark belongs to the sentence, and in "![1.1](address)" to an image.
            start += text[start] == "!" and match["target"] is None
            yield _Token(start, end, places)


def _may_point(places: Sequence[Place], kind: str | None, shown: Collection[Place]) -> bool:
    """Tell whether a bracket of a kind may hold these pointers: not all brackets around numbers do."""
    if kind in {"round", "raised"}:
        return all(place in shown for place in places)
    return kind not in {"curly", "spelt"} or NOWHERE not in places


def _is_square(text: str, token: _Token) -> bool:
    return bool(token.places) and text[token.start] in "[^!\\"


def _merged(text: str, tokens: Iterable[_Token]) -> Iterator[_Token]:
    """Join pointers with nothing but white space or a comma between them."""
    held: list[_Token] = []
    for token in tokens:
        if held and not (token.places and held[0].places and _GLUE.fullmatch(text, held[-1].end, token.start)):
            yield _joined(held)
            held = []
        held.append(token)
    if held:
        yield _joined(held)


def _joined(tokens: Sequence[_Token]) -> _Token:
    places = tuple(place for token in tokens for place in token.places)
    return replace(tokens[0], end=tokens[-1].end, places=places)


def _unwrapped(text: str, tokens: Iterator[_Token]) -> Iterator[_Token]:
    """Take in the brackets, backticks and stars around pointers, and the target of a link that they are."""
    position = 0
    for token in tokens:
        start, end = token.start, token.end
        while token.places and (wrap := _wrap(text, start, end, position)):
            start, end = start - len(wrap[0]), end + len(wrap[1])
        if end > token.end and (target := _TARGET.match(text, end)):
            end = target.end()
        if start >= position:
            yield replace(token, start=start, end=end)
            position = end


def _wrap(text: str, start: int, end: int, floor: int) -> tuple[str, str] | None:
    return next((w for w in _WRAPS if text.endswith(w[0], floor, start) and text.startswith(w[1], end)), None)


def _places(content: str) -> tuple[Place, ...] | None:
    """Return where the content of a bracket points, None if it is not made of pointers."""
    if not any(character.isdigit() for character in content):
        return None
    content = _DAGGER.sub("", content.translate(_PLAIN))
    content = _NAMING.sub(" ", _SPELT.sub(r"\1.\2", content)).strip(" \t^#§@:\\")
    if not _LIST.fullmatch(content):
        return None
    found: list[Place] = []
    for item in _RANGE.findall(content):
        ends = _PART.fullmatch(item)
        if ends is None or (ends[2] is None and int(ends[1]) >= _YEAR):
            return None
        found += _range(*ends.groups())
    return tuple(found)


def _range(passage: str, first: str | None, last_passage: str | None, last: str | None) -> list[Place]:
    if first is None:
        return [NOWHERE]
    begin = int(passage), int(first)
    if last_passage is None:
        return [begin]
    end = (int(last_passage), int(last)) if last is not None else (begin[0], int(last_passage))
    if end[0] == begin[0] and 0 < end[1] - begin[1] <= _LONGEST_RANGE:
        return [(begin[0], sentence) for sentence in range(begin[1], end[1] + 1)]
    return [begin, end]
