"""The pages that are open, and whether the server still has what they told it: the conversation, and the filters.

Gradio (6.31) forgets it when the server ends, when so many pages were used since as it has room for, and an hour after
a page was closed or its machine slept. It would then take a question of that page for the first one of a new page.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

import gradio as gr

_MOST: Final = 50_000
"""Pages that are remembered, far more than Gradio itself remembers."""


class Sessions:
    """Follows the calls of pages. `remembered` are the states that a page must find as it left them."""

    def __init__(self, page: gr.Blocks, remembered: Sequence[gr.State]) -> None:
        self._page = page
        self._remembered = remembered
        self._begun: OrderedDict[str, bool] = OrderedDict()

    def is_lost(self, call: Any) -> bool:
        """Tell whether a call, as it was parsed, is an event that reads states which are gone. Ask it of every call."""
        number = call.get("fn_index") if isinstance(call, dict) else None
        event = self._page.fns.get(number) if isinstance(number, int) else None
        if event is None:
            return False
        word = str(call.get("session_hash"))
        self._follow(word, loads=any(name == "load" for _, name in event.targets))
        read = [state for state in self._remembered if state in event.inputs]
        return bool(read) and (word not in self._begun or self._is_expired(word, read))

    def _follow(self, word: str, *, loads: bool) -> None:
        """Note that a page begins, and that Gradio has heard of it, or has forgotten it since.

        Any event makes Gradio remember a page, as if it had just begun: a timer of a page that was forgotten, too.
        """
        if loads:
            self._begun.setdefault(word, False)
        if word not in self._begun:
            return
        if word in self._page.state_holder:
            self._begun[word] = True
        elif self._begun[word] and not loads:
            del self._begun[word]
            return
        self._begun.move_to_end(word)
        if len(self._begun) > _MOST:
            self._begun.popitem(last=False)

    def _is_expired(self, word: str, read: Sequence[gr.State]) -> bool:
        session = self._page.state_holder.session_data.get(word)
        # A state that was never changed has no time to live.
        return session is not None and any(
            state._id in session._state_ttl and state._id not in session.state_data for state in read
        )
