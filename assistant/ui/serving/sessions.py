"""The pages that are open, and whether the server still has what they told it: the conversation, and the filters.

Gradio (6.31) forgets it when the server ends, when so many pages were used since as it has room for, and an hour after
a page was closed or its machine slept. It would then take a question of that page for the first one of a new page.
"""

from collections import OrderedDict
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, Final

import gradio as gr

SERVER: Final = "x-footnote-server"
"""The header in which a page names the server that it was loaded from, by the word that it was given."""
_MOST: Final = 50_000
"""Pages that are remembered, far more than Gradio itself remembers."""


class _Seen(Enum):
    """What was seen of a page: only calls, that Gradio knows it, or that Gradio knew it and has forgotten it."""

    NEW = auto()
    KNOWN = auto()
    LOST = auto()


class Sessions:
    """Follows the calls of pages. `remembered` are the states that a page must find as it left them, and `server` is
    the word by which pages know the server that they were loaded from.
    """

    def __init__(self, page: gr.Blocks, remembered: Sequence[gr.State], server: str) -> None:
        self._page = page
        self._remembered = remembered
        self._server = server
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def is_lost(self, call: Any, server: str | None) -> bool:
        """Tell whether a call, as it was parsed, is an event that reads states which are gone. Ask it of every call.

        `server` is what the page calls the server; None for other programs, which read no states.
        """
        number = call.get("fn_index") if isinstance(call, dict) else None
        event = self._page.fns.get(number) if isinstance(number, int) else None
        if event is None:
            return False
        word = str(call.get("session_hash"))
        is_kept = self._follow(word)
        read = [state for state in self._remembered if state in event.inputs]
        if not read:
            return False
        return server not in (None, self._server) or not is_kept or self._is_expired(word, read)

    def _follow(self, word: str) -> bool:
        """Return whether Gradio has kept what it knew of a page.

        Any event makes it remember a page that it had forgotten, as if that had just begun: a timer, too.
        """
        before = self._seen.get(word)
        known = word in self._page.state_holder
        if before is not _Seen.LOST:
            before = _Seen.KNOWN if known else _Seen.LOST if before is _Seen.KNOWN else _Seen.NEW
        self._seen[word] = before
        self._seen.move_to_end(word)
        if len(self._seen) > _MOST:
            self._seen.popitem(last=False)
        return before is not _Seen.LOST

    def _is_expired(self, word: str, read: Sequence[gr.State]) -> bool:
        session = self._page.state_holder.session_data.get(word)
        # A state that was never changed has no time to live.
        return session is not None and any(
            state._id in session._state_ttl and state._id not in session.state_data for state in read
        )
