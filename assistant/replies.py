"""Read what a model really sends, while it arrives: its text without thoughts, dress, pointers and verdict line."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from assistant.models import Verdict
from assistant.pointers import Place, Pointing, settled, split_pointers, unwrapped_end
from assistant.verdicts import split_verdict

NOT_STATED: Final = "NOT STATED"
"""What the model replies when the passages do not answer."""

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")

_THOUGHT: Final = re.compile(
    r"<\s?(?P<closed>/?)\s?(?:think|thinking|thoughts?|reasoning|reflection|scratchpad)\s?>"
    r"|\[(?P<closed_square>/?)THINK\]|◁(?P<closed_triangle>/?)think▷"
    r"|(?P<analysis><\|channel\|>(?:analysis|commentary)(?:<\|message\|>)?)"
    r"|(?P<final><\|channel\|>final(?:<\|message\|>)?)"
    r"|(?P<special><\|[a-z_]{1,30}\|>)",
    re.IGNORECASE,
)
"""Tags around the thoughts of DeepSeek, Qwen, Magistral, Kimi and gpt-oss, and special tokens that leak."""
_OPEN_TAG: Final = re.compile(
    r"(?:<\|channel\|>\w{0,12})?(?:[<\[◁](?:[/\s|]|[A-Za-z_]){0,32}|<\|[a-z_]{1,30}\|?)$|<\|channel\|>\w{0,12}$|\r$"
)
_LONGEST_TAG: Final = 64

_DECORATION: Final = " \t>#*_`~\"'“”«»‹›[({-–—•"
_FENCE: Final = re.compile(r"\s{0,8}(?:`{3,}|~{3,})\s?[\w+.-]{0,20}\s*")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+")
_ROLE: Final = re.compile(
    r"[\s#>*_`]{0,12}(?:final\sanswer|answer|assistant|response|réponse(?:\sfinale)?|antwort|respuesta|risposta|resposta)"
    r"[\s*_]{0,4}[:：][\s*_]{0,8}",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(
    r"[\W_]{0,20}(?:NOT[\s_]STATED(?![^\W_])|(?i:not[\s_]stated)[\W_]{0,8}(?:[.,:;!*_—–-]|$))[\s\S]*"
)
_ONLY_NOTHING: Final = re.compile(r"[\W_]{0,20}not[\s_]stated[\W_]{0,20}", re.IGNORECASE)
_SOURCES: Final = re.compile(
    r"[\W_]{0,12}(?:sources?(?:\s(?:used|cited|citées))?|references?|références?|citations?|quellen|fuentes|fonti|notes?)"
    r"[\s*_]{0,4}(?:[:：][\s*_]{0,4}(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"\s{0,8}(?:[-*•–]\s?|\d{1,3}[.)]\s)?[\[【(（^\d*`]")
_POINTS: Final = re.compile(r"[\[【(（^]\s?\^?\d")
_NAMES_ONLY: Final = re.compile(r"(?:passages?|sources?|and|et|und|[\W\d_])*", re.IGNORECASE)
_DEFINITION: Final = re.compile(r"\s{0,3}\[\^?[\d.]{1,12}\]:\s")
_OPEN_DEFINITION: Final = re.compile(r"\s{0,3}\[\^?[\d.]{0,12}(?:\]:?)?")

_LABELS: Final = ("verdict", "veredicto", "verdetto", "urteil", "final verdict")
_ROLES: Final = (
    "final answer", "answer", "assistant", "response", "réponse", "réponse finale", "antwort", "respuesta", "risposta",
    "resposta",
)  # fmt: skip
_LISTS: Final = (
    "source", "sources", "sources used", "sources cited", "sources citées", "reference", "references", "référence",
    "références", "citation", "citations", "quellen", "fuentes", "fonti", "note", "notes",
)  # fmt: skip
_LONGEST_LABEL: Final = 80
_LONGEST_LISTED: Final = 300
"""Characters of a line that are held back until it is known whether it belongs to the answer."""
_MUCH: Final = 1_000
"""Characters that wait for the end of a pointer at most."""
_LONGEST_BRACKET: Final = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model's reply says: its text without pointers, and the pointers.

    `verdict` is what its verdict line says. `nothing` tells that it says NOT STATED, at its beginning or, pointing at
    no sentence, anywhere; `text` is empty then.
    """

    text: str
    pointings: tuple[Pointing, ...] = ()
    verdict: Verdict | None = None
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reply is that still arrives.

    `settled` is what came to stay since the last time; `tail` comes after all that is settled and may yet change.
    `restarted` tells that what was settled before was a thought, and counts no more.
    """

    settled: Reply
    tail: Reply
    restarted: bool = False


def read_reply(reply: str, shown: Collection[Place]) -> Reply:
    """Return what a whole reply says. `shown` are the places of the sentences that the model was shown."""
    reader = ReplyReader(shown)
    reader.feed(reply)
    return reader.close()


class ReplyReader:
    """Reads a reply that arrives in pieces, each character a bounded number of times.

    However it is cut into pieces, the same reply ends as the same Reply. What it gives before the end holds no half
    pointer and no half tag, and seldom takes back a word.
    """

    def __init__(self, shown: Collection[Place]) -> None:
        self._shown = shown
        self._thoughts = _Thoughts()
        self._whole: list[str] = []
        self._parts: list[str] = []
        self._pointings: list[Pointing] = []
        self._restarted = False
        self._begin()

    def feed(self, piece: str) -> None:
        """Take the next piece."""
        self._take(self._thoughts.feed(_HALF_PAIR.sub("\ufffd", piece)))

    def progress(self) -> Progress:
        """Return what is new since the last call, without what may yet become something else."""
        settled_now = Reply("".join(self._parts), tuple(self._pointings))
        restarted = self._restarted
        self._restarted = False
        self._forget()
        if self._lines.nothing:
            return Progress(Reply(""), Reply(""), restarted=True)
        pointed = split_pointers(self._waiting[: settled(self._waiting)], self._shown, square=self._square)
        text, pointings = pointed.text.rstrip(), pointed.pointings
        if pointings and not text[pointings[-1].offset :].strip(" \t,;"):
            # More pointers may join the last ones, and then they are another footnote.
            text, pointings = unwrapped_end(text[: pointings[-1].offset]).rstrip(), pointings[:-1]
        return Progress(settled_now, Reply(text, _within(text, pointings)), restarted)

    def close(self) -> Reply:
        """Return what the whole reply says."""
        self._take(self._thoughts.close())
        lines = _Lines()
        visible = "".join(self._whole)
        pointed = split_pointers(lines.feed(visible) + lines.close(), self._shown)
        points = any(place in self._shown for pointing in pointed.pointings for place in pointing.places)
        if lines.nothing or (not points and NOT_STATED in visible):
            return Reply("", verdict=lines.verdict, nothing=True)
        text = pointed.text.strip()
        lead = len(pointed.text) - len(pointed.text.lstrip())
        return Reply(text, _within(text, pointed.pointings, lead), lines.verdict)

    def _begin(self) -> None:
        self._lines = _Lines()
        self._square = False
        self._waiting = ""
        self._forget()

    def _forget(self) -> None:
        self._parts.clear()
        self._pointings.clear()
        self._length = 0

    def _take(self, visible: str) -> None:
        if self._thoughts.restarted:
            self._thoughts.restarted = False
            self._restarted = True
            self._whole.clear()
            self._begin()
        self._whole.append(visible)
        self._waiting += self._lines.feed(visible)
        end = _safe_end(self._waiting)
        if end:
            pointed = split_pointers(self._waiting[:end], self._shown, square=self._square)
            self._waiting = self._waiting[end:]
            self._parts.append(pointed.text)
            self._pointings += [Pointing(self._length + p.offset, p.places) for p in pointed.pointings]
            self._length += len(pointed.text)
            self._square = pointed.square


def _within(text: str, pointings: Collection[Pointing], lead: int = 0) -> tuple[Pointing, ...]:
    """Return pointings as they stand in a text from which `lead` characters were taken, and maybe some at its end."""
    return tuple(Pointing(min(max(0, p.offset - lead), len(text)), p.places) for p in pointings)


def _safe_end(text: str) -> int:
    """Return the end of what can be read for good: before a word, outside of brackets, and after all pointers."""
    if len(text) > _MUCH:
        return len(text) - _LONGEST_BRACKET
    end = max(text.rfind("\n"), text.rfind(" ")) + 1
    if not end or not text[end : end + 1].isalnum() or settled(text) < end:
        return 0
    for opening, closing in ("[]", "【】", "〔〕", "［］"):
        opened = text.rfind(opening, max(0, end - _LONGEST_BRACKET), end)
        if opened >= 0 and text.find(closing, opened, end) < 0 and text.find("\n", opened, end) < 0:
            return 0
    return end


class _Thoughts:
    """Takes thoughts out of what arrives. `restarted` tells that all that came before was a thought."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self.restarted = False

    def feed(self, piece: str) -> str:
        """Return what of the reply so far is not thought, and was not returned before."""
        text = self._held + piece
        # A line break that may be cut in two, \r\n, is held back below.
        text = text.replace("\r\n", "\n")
        text = text[:-1].replace("\r", "\n") + text[-1:]
        match = _OPEN_TAG.search(text, max(0, len(text) - _LONGEST_TAG))
        cut = match.start() if match else len(text)
        self._held = text[cut:]
        return self._spoken(text[:cut])

    def close(self) -> str:
        held, self._held = self._held, ""
        return self._spoken(held.replace("\r", "\n"))

    def _spoken(self, text: str) -> str:
        parts: list[str] = []
        position = 0
        for tag in _THOUGHT.finditer(text):
            if not self._thinking:
                parts.append(text[position : tag.start()])
            position = tag.end()
            if tag["special"]:
                continue
            if tag["analysis"]:
                self._thinking = True
            elif tag["final"] or tag["closed"] or tag["closed_square"] or tag["closed_triangle"]:
                if not self._thinking:
                    self.restarted = True
                    parts.clear()
                self._thinking = False
            else:
                self._thinking = True
        if not self._thinking:
            parts.append(text[position:])
        return "".join(parts)


class _Lines:
    """Takes off what is not the answer, line by line: fences, roles, the verdict, lists of sources, NOT STATED."""

    def __init__(self) -> None:
        self._line = ""
        self._passing = False
        self._begun = False
        self._listing = False
        self.verdict: Verdict | None = None
        self.nothing = False

    def feed(self, text: str) -> str:
        """Return what of the reply so far is text, and was not returned before."""
        return "".join(self._pieces(text))

    def close(self) -> str:
        line, self._line = self._line, ""
        return "" if self._passing or self.nothing else self._kept(line)

    def _pieces(self, text: str) -> Iterator[str]:
        first, *others = text.split("\n")
        yield from self._more(first)
        for line in others:
            yield from self._end()
            yield from self._more(line)

    def _more(self, text: str) -> Iterator[str]:
        if self.nothing or not text:
            return
        if self._passing:
            yield text
            return
        self._line += text
        if not self._undecided(self._line):
            self._passing = True
            line, self._line = self._line, ""
            yield self._kept(line)

    def _end(self) -> Iterator[str]:
        """End a line. What is kept of it ends with a line break."""
        if self.nothing:
            return
        if self._passing:
            yield "\n"
        else:
            line, self._line = self._line, ""
            kept = self._kept(line)
            if kept or (self._begun and not line.strip()):
                yield f"{kept}\n"
        self._passing = False

    def _kept(self, line: str) -> str:
        """Return what of a line is text: all of it, a part, or nothing."""
        if not self._begun:
            line = _ROLE.sub("", line.lstrip(), count=1)
        if _FENCE.fullmatch(line) or _DEFINITION.match(line):
            return ""
        verdict = split_verdict(line)
        if verdict is not None:
            self.verdict = self.verdict or verdict[0]
            line = verdict[1]
        if not self._begun and _NOTHING.fullmatch(line):
            self.nothing = True
            return ""
        if _ONLY_NOTHING.fullmatch(line) or self._is_listed(line):
            return ""
        line = _HEADING.sub("", line, count=1)
        line = line if self._begun else line.lstrip()
        self._begun = self._begun or bool(line.strip())
        return line

    def _is_listed(self, line: str) -> bool:
        """Tell whether a line belongs to a list of sources that the model made of its own."""
        heading = _SOURCES.fullmatch(line) if self._begun else None
        if heading and _NAMES_ONLY.fullmatch(heading["rest"] or ""):
            self._listing = True
            return True
        if self._listing and line.strip():
            plain = not _POINTS.search(line) and (line.lstrip()[0] in "-*•–" or line.rstrip()[-1] not in ".!?:")
            self._listing = plain or bool(_LISTED.match(line))
            return self._listing
        return False

    def _undecided(self, line: str) -> bool:
        """Tell whether a line that still grows may become one that is not text, or begin with what is not."""
        if not self._begun:
            line = _ROLE.sub("", line.lstrip(), count=1)
        rest = line.lstrip(_DECORATION)
        if not rest:
            return len(line) < _LONGEST_LABEL
        folded = rest.casefold()
        if line.lstrip().startswith(("```", "~~~")) or any(
            folded.startswith(label) or label.startswith(folded) for label in _LABELS
        ):
            return len(line) < _LONGEST_LABEL
        if _may_open(rest, (NOT_STATED.casefold(), "not_stated")) or _OPEN_DEFINITION.fullmatch(line):
            return len(line) < _LONGEST_LABEL
        if not self._begun and _may_open(rest, _ROLES):
            return len(line) < _LONGEST_LABEL
        return (self._listing or (self._begun and _may_open(rest, _LISTS))) and len(line) < _LONGEST_LISTED


def _may_open(text: str, labels: Collection[str]) -> bool:
    """Tell whether a text begins with one of the labels, or with a part of one and nothing else."""
    folded = text[:_LONGEST_LABEL].casefold()
    return any(
        label.startswith(folded) or (folded.startswith(label) and not folded[len(label) :].lstrip(" ")[:1].isalpha())
        for label in labels
    )
