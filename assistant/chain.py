"""The LangChain chain from passages to the reply of a chat model."""

import re
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from assistant.citations import number_passages
from assistant.models import Turn
from assistant.prompts import load_prompt
from index import Passage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import Runnable

_TURNS: Final = 4
_LONGEST_TURN: Final = 2_000
"""Characters of an earlier question or answer that the model reads again."""
_MARK: Final = re.compile(r"[ \u00a0\u202f]?\[\d{1,4}\]")
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")


def answer_chain(model: "BaseChatModel") -> "Runnable[dict[str, Any], Any]":
    """Return the chain from `prompt_values` to the messages of the model's reply. It streams."""
    return _prompt() | model


def prompt_values(
    question: str, passages: Sequence[Passage], language: str, history: Sequence[Turn] = ()
) -> dict[str, Any]:
    """Return what the prompts ask for. The mark around the articles is random, so no article can close it.

    Of the history come the last turns, without their footnote marks: the model is to point, and not to number.
    """
    from langchain_core.messages import AIMessage, HumanMessage

    messages: list[BaseMessage] = []
    for turn in history[-_TURNS:]:
        messages += [HumanMessage(_said(turn.question[:_LONGEST_TURN]))]
        messages += [AIMessage(_said(_MARK.sub("", turn.answer[:_LONGEST_TURN])))]
    return {
        "mark": f"=== {secrets.token_hex(8)} ===",
        "sources": number_passages(passages, language),
        "question": _said(question),
        "history": messages,
    }


def prompt_text(values: dict[str, Any]) -> str:
    """Return all that a model reads for these values, to count it."""
    return "\n".join(str(message.content) for message in _prompt().format_messages(**values))


def _prompt() -> "ChatPromptTemplate":
    from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

    return ChatPromptTemplate.from_messages(
        [
            ("system", load_prompt("answer.system.md")),
            MessagesPlaceholder("history"),
            ("human", load_prompt("answer.human.md")),
        ]
    )


def _said(text: str) -> str:
    return _HALF_PAIR.sub("\ufffd", text)
