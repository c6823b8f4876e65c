"""Small calls to the language model, beside the one that answers. One that fails gives nothing, and breaks nothing."""

import re
from collections.abc import Callable
from typing import Final

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.prompts import load_prompt
from assistant.thoughts import Thoughts

Complete = Callable[[list[BaseMessage]], str]
"""Takes messages and returns the text of the model's reply. Whatever it raises is a reply that did not come."""

_LONGEST: Final = 50_000
"""Characters of a reply that are read."""
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“", "「": "」", "`": "`", "*": "*", "_": "_"}


def small_call(complete: Complete, task: str, **values: str) -> str:
    """Return the reply to `prompts/TASK.system.md` and `TASK.human.md`, filled with `values`; "" where none came.

    Thinking aloud and the lines of a code fence are no part of a reply. Raises InvalidPrompt for a wrong prompt file.
    """
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
