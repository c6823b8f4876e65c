"""The LangChain chain from passages to the reply of a chat model."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables import Runnable

from assistant.citations import number_passages
from assistant.models import Turn
from assistant.prompts import load_prompt
from index import Passage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

NOT_STATED: Final = "NOT STATED"
"""What the model replies when the passages do not answer."""

_TURNS: Final = 4


def answer_chain(model: "BaseChatModel") -> Runnable[dict[str, Any], str]:
    """Return the chain from `prompt_values` to the text of the model's reply. It streams."""
    prompt = ChatPromptTemplate.from_messages(
        [
            ("system", load_prompt("answer.system.md")),
            MessagesPlaceholder("history"),
            ("human", load_prompt("answer.human.md")),
        ]
    )
    return prompt | model | StrOutputParser()


def prompt_values(
    question: str, passages: Sequence[Passage], language: str, history: Sequence[Turn] = ()
) -> dict[str, Any]:
    """Return what the prompts ask for. The mark around the articles is random, so no article can close it."""
    messages: list[BaseMessage] = []
    for turn in history[-_TURNS:]:
        messages += [HumanMessage(turn.question), AIMessage(turn.answer)]
    return {
        "mark": f"=== {secrets.token_hex(8)} ===",
        "sources": number_passages(passages, language),
        "question": question,
        "history": messages,
    }


def says_not_stated(reply: str, *, finished: bool) -> bool:
    """Tell whether a reply says NOT STATED, in whatever dress; while it arrives, whether it may still become that."""
    letters = "".join(character for character in reply.casefold() if character.isalpha() or character.isspace())
    said = " ".join(letters.split())
    return said == NOT_STATED.casefold() if finished else NOT_STATED.casefold().startswith(said)
