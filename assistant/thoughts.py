"""Take out what a model thinks aloud before and while it answers, and marks of its template, as they arrive."""

import re
from typing import Final

_THOUGHT: Final = re.compile(
    r"<\s?(?P<closed>/?)\s?(?:think|thinking|thoughts?|reasoning|reflection|scratchpad)\s?>"
    r"|\[(?P<closed_square>/?)THINK\]|◁(?P<closed_triangle>/?)think▷"
    r"|(?P<analysis><\|channel\|>(?:analysis|commentary)(?:<\|message\|>)?)"
    r"|(?P<final><\|channel\|>final(?:<\|message\|>)?)"
    r"|(?P<special><[|｜][\w▁]{1,40}[|｜]>"
    r"|(?<!`)(?:<start_of_turn>(?:model\b)?|</?(?:end_of_turn|s|bos|eos|pad|answer|final_answer|response)>"
    r"|\[/?INST\]|<</?SYS>>|\[cite_(?:start|end)\]))",
    re.IGNORECASE,
)
"""Tags around the thoughts of DeepSeek, Qwen, Magistral, Kimi and gpt-oss, and tokens of templates that leak: those of
Llama, Gemma, Mistral and DeepSeek, and tags that a prompt of its training asked for. In code they are an article's."""
_OPEN_TAG: Final = re.compile(
    r"`?(?:<\|channel\|>\w{0,12})?(?:(?:<<?|[\[◁])(?:[/\s|]|[A-Za-z_]){0,32}|<[|｜][\w▁]{0,40}[|｜]?|<</?SYS>)$"
    r"|<\|channel\|>\w{0,12}$|`?<start_of_turn>m?o?d?e?l?$|[\r`]$",
    re.IGNORECASE,
)
_LONGEST_TAG: Final = 64


class Thoughts:
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
