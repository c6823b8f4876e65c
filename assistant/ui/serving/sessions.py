"""What the server keeps of an open page: the conversation, and what answers are limited to.

Gradio forgets it when the server ends, when a thousand pages were used since, and an hour after the page was closed or
its machine slept. It would then take a question of that page for the first one of a new page, without its limits.
"""

from collections.abc import Callable, Collection
from typing import Any

import gradio as gr


def forgets(page: gr.Blocks, remembered: Collection[gr.State]) -> Callable[[Any], bool]:
    """Return what tells whether a call, as it was parsed, is an event that reads states that are gone by now.

    `remembered` are the states that a page must find as it left them.
    """

    def has_forgotten(call: Any) -> bool:
        number = call.get("fn_index") if isinstance(call, dict) else None
        event = page.fns.get(number) if isinstance(number, int) else None
        read = [state for state in remembered if event is not None and state in event.inputs]
        if not read:
            return False
        # Every page begins with events that read none of them.
        session = page.state_holder.session_data.get(str(call.get("session_hash")))
        # A state that was never changed has no time to live.
        return session is None or any(
            state._id in session._state_ttl and state._id not in session.state_data for state in read
        )

    return has_forgotten
