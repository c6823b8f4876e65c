"""Readers say what they think of an answer, below it. It is kept in the home, and nowhere says who they are."""

from collections.abc import Mapping
from time import monotonic_ns
from typing import Any, Final

import gradio as gr

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.feedback import MAX_WORDS, FeedbackKind, add_feedback, describe_answer
from assistant.names import names_for, tell
from assistant.ui.chat.conversation import Conversation
from assistant.ui.chat.page import Chat
from assistant.ui.chat.rating_view import KINDS
from assistant.ui.library.adding import QUICK
from assistant.ui.texts import speaker_for
from index import IndexingError

_ON_RATER: Final = "footnote.rate(props, trigger, watch);"


def build_rating(assistant: Assistant, chat: Chat) -> None:
    """Build what hears the buttons of `render_rating`, and keeps what they say."""
    with chat.tools:
        rater = gr.HTML(None, html_template="", js_on_load=_ON_RATER, elem_id="fn-rater", apply_default_css=False)

    def keep(conversation: Conversation, event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        say = speaker_for(request.headers)
        given: Mapping[str, Any] = event._data or {}
        turn, kind = given.get("turn"), KINDS.get(str(given.get("kind")))
        exchanges = conversation.exchanges
        answer = exchanges[turn - 1].answer if isinstance(turn, int) and 0 < turn <= len(exchanges) else None
        if answer is None or kind is None:
            return told(turn, say("feedback_gone"), kept=False)
        words = str(given.get("words", ""))[:MAX_WORDS]
        try:
            cited = names_for(assistant).find_answer(answer)
            add_feedback(assistant.settings.home, describe_answer(cited, FeedbackKind(kind), words))
        except (AssistantError, IndexingError) as error:
            return told(turn, tell(error, assistant), kept=False)
        return told(turn, say("feedback_thanks"), kept=True)

    rater.select(keep, chat.conversation, rater, **QUICK)


def told(turn: object, text: str, *, kept: bool) -> dict[str, Any]:
    """Return what the page is told. The moment makes it another value than the last one, which the page would miss."""
    return {"turn": turn, "text": text, "kept": kept, "moment": monotonic_ns()}
