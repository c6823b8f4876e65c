"""Read what a model really sends, while it arrives: its text without thoughts, dress, pointers and verdict line."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from assistant.dress import Lines, says_nothing
from assistant.models import Verdict
from assistant.pointers import Place, Pointing, settled, split_pointers, unwrapped_end
from assistant.thoughts import Thoughts

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_MUCH: Final = 1_000
"""Characters that wait for the end of a pointer at most."""
_LONGEST_BRACKET: Final = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model's reply says: its text without pointers, and the pointers.

    `verdict` is what its verdict line says. `nothing` tells that it says NOT STATED, in any language, at its beginning
    or, pointing at no sentence, anywhere; `text` is empty then.
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


class ReplyReader:
    """Reads a reply that arrives in pieces, each character a bounded number of times.

    However it is cut into pieces, the same reply ends as the same Reply. What it gives before the end holds no half
    pointer and no half tag, and seldom takes back a word.
    """

    def __init__(self, shown: Collection[Place]) -> None:
        """Begin. `shown` are the places of the sentences that the model was shown."""
        self._shown = shown
        self._thoughts = Thoughts()
        self._whole: list[str] = []
        self._parts: list[str] = []
        self._pointings: list[Pointing] = []
        self._restarted = False
        self._begin()

    def feed(self, piece: str) -> None:
        """Take the next piece."""
        self._take(self._thoughts.feed(_CONTROL.sub("", _HALF_PAIR.sub("\ufffd", piece))))

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
        lines = Lines()
        visible = "".join(self._whole)
        pointed = split_pointers(lines.feed(visible) + lines.close(), self._shown)
        points = any(place in self._shown for pointing in pointed.pointings for place in pointing.places)
        if lines.nothing or (not points and says_nothing(visible)):
            return Reply("", verdict=lines.verdict, nothing=True)
        text = pointed.text.strip()
        lead = len(pointed.text) - len(pointed.text.lstrip())
        return Reply(text, _within(text, pointed.pointings, lead), lines.verdict)

    def _begin(self) -> None:
        self._lines = Lines()
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
