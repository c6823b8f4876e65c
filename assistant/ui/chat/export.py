"""A conversation as a file: Markdown for people, JSON for programs. Pure."""

import json
import re
from datetime import date
from typing import Final

from assistant.objects import answer_object
from assistant.ui.chat.conversation import Conversation, Exchange
from assistant.ui.chat.markdown import answer_markdown, escape_markdown
from assistant.ui.texts import Speaker

_FOOTNOTE: Final = re.compile(r"(?<!\\)\[\^")


def export_json(conversation: Conversation) -> str:
    """Return the answers of a conversation as a JSON array of the objects that `assistant ask --json` prints."""
    answers = [answer_object(exchange.answer) for exchange in conversation.exchanges if exchange.answer is not None]
    return json.dumps(answers, ensure_ascii=False, indent=2) + "\n"


def export_markdown(conversation: Conversation, say: Speaker, today: date) -> str:
    """Return a conversation as Markdown, each footnote with its quote, title, publisher, day and source.

    Footnotes are named through the conversation, as `[^2-1]`: the first of the second answer.
    """
    parts = [f"# {say('export_title', day=say.day(today))}"]
    parts += [_exchange(exchange, number, say) for number, exchange in enumerate(conversation.exchanges, start=1)]
    return "\n\n".join(parts) + "\n"


def _exchange(exchange: Exchange, number: int, say: Speaker) -> str:
    heading = f"## {escape_markdown(' '.join(exchange.question.split()))}"
    if exchange.answer is None:
        return f"{heading}\n\n{say('not_answered')}"
    answer = _FOOTNOTE.sub(f"[^{number}-", answer_markdown(exchange.answer, say))
    warnings = [f"> {escape_markdown(warning)}" for warning in exchange.answer.warnings]
    return "\n\n".join([heading, *warnings, answer])
