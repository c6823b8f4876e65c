"""Small calls to the language model, beside the one that answers. One that fails gives nothing, and breaks nothing."""

import re
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from assistant.delivery import stream_reply
from assistant.prompts import load_prompt
from assistant.settings import Settings
from assistant.thoughts import Thoughts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

Complete = Callable[["list[BaseMessage]"], str]
"""Takes messages and returns the text of the model's reply. Whatever it raises is a reply that did not come."""

_MOST_SECONDS: Final = 10.0
_SHARE: Final = 0.25
"""Of the time-out, what one small call may take: two may come before the answer, which needs the rest."""
_LONGEST: Final = 50_000
"""Characters of a reply that are read."""
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“", "「": "」", "`": "`", "*": "*", "_": "_"}


class NoReply(Exception):
    """A small call that was not made, or whose reply nobody waits for any more."""


class SmallCalls:
    """Makes small calls to a model, as a `Complete`. They end when `stop` is set.

    A call takes a quarter of ASSISTANT_TIMEOUT at most, and never more than 10 seconds; `seconds` is what all of them
    took. After one that fails no other is tried: the reader waits, and it would fail too. `model` gives the model when
    it is first needed.
    """

    def __init__(self, model: "Callable[[], BaseChatModel]", settings: Settings, stop: threading.Event | None) -> None:
        self._model = model
        self._settings = settings.model_copy(
            update={"timeout": min(_SHARE * settings.timeout, _MOST_SECONDS), "retries": 0}
        )
        self._stop = stop
        self._failed = False
        self.seconds = 0.0

    def __call__(self, messages: "list[BaseMessage]") -> str:
        if self._failed or self._left():
            raise NoReply
        self._failed = True
        model, began = self._model(), time.monotonic()
        try:
            reply = "".join(stream_reply(model, messages, self._settings, stop=self._stop))
        finally:
            self.seconds += time.monotonic() - began
        # Half of a reply must not be taken, and remembered, for a whole one.
        if self._left():
            raise NoReply
        self._failed = False
        return reply

    def _left(self) -> bool:
        return self._stop is not None and self._stop.is_set()


def small_call(complete: Complete, task: str, **values: str) -> str:
    """Return the reply to `prompts/TASK.system.md` and `TASK.human.md`, filled with `values`; "" where none came.

    Thinking aloud and the lines of a code fence are no part of a reply. Raises InvalidPrompt for a wrong prompt file.
    """
    from langchain_core.messages import HumanMessage, SystemMessage

    system, human = load_prompt(f"{task}.system.md"), load_prompt(f"{task}.human.md")
    shown = {name: _NOT_TEXT.sub("\ufffd", value) for name, value in values.items()}
    try:
        reply = complete([SystemMessage(system.format(**shown)), HumanMessage(human.format(**shown))])
    except Exception:  # noqa: BLE001 - a provider may raise anything, and the answer does not depend on this call
        return ""
    return _spoken(str(reply)[:_LONGEST])


def one_line(text: str) -> str:
    """Return a text as one line, without the quotation marks or emphasis that a model put around all of it."""
    line = " ".join(_NOT_TEXT.sub("", text).split())
    for _ in range(4):
        inner = line[1:-1].strip()
        # Quotation marks further in belong to the text: "Yes" and "no".
        if not inner or _PAIRS.get(line[0]) != line[-1] or {line[0], line[-1]} & set(inner.strip("*_")):
            return line
        line = inner
    return line


def _spoken(reply: str) -> str:
    thoughts = Thoughts()
    said = thoughts.feed(reply)
    thoughts.restarted = False
    rest = thoughts.close()
    spoken = rest if thoughts.restarted else said + rest
    return "\n".join(line for line in spoken.splitlines() if not line.lstrip().startswith("```")).strip()
