"""Answer with a chat model: the LangChain chain from passages to a reply, and its failures in our words."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables import Runnable

from assistant.citations import number_passages
from assistant.errors import AssistantError, InvalidSettings, ModelUnavailable
from assistant.models import Turn
from assistant.prompts import load_prompt
from assistant.settings import Settings
from index import Passage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

NOT_STATED: Final = "NOT STATED"
"""What the model replies when the passages do not answer."""

_EXTRAS: Final = {
    "openai": "openai",
    "azure_openai": "openai",
    "anthropic": "anthropic",
    "google_genai": "google",
    "mistralai": "mistral",
    "ollama": "ollama",
}
"""Providers of init_chat_model, and the extra of this package that installs each."""

_TURNS: Final = 4


def load_model(settings: Settings) -> "BaseChatModel":
    """Return the chat model that the settings name.

    Raises InvalidSettings for a provider that is unknown or not installed, and ModelUnavailable for a missing key.
    """
    from langchain.chat_models import init_chat_model

    name = settings.model or ""
    provider = name.partition(":")[0]
    options: dict[str, Any] = {"timeout": settings.timeout, "temperature": 0, "max_retries": 1}
    if settings.base_url:
        options["base_url"] = settings.base_url
    if settings.api_key:
        options["api_key"] = settings.api_key.get_secret_value()
    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        extra = _EXTRAS.get(provider)
        command = (
            f"pip install 'footnote-assistant[{extra}]'"
            if extra
            else f"pip install langchain-{provider.replace('_', '-')}"
        )
        raise InvalidSettings(f"ASSISTANT_MODEL={name} needs a package that is missing. Run: {command}") from error
    except ValueError as error:
        known = ", ".join(_EXTRAS)
        raise InvalidSettings(
            f"ASSISTANT_MODEL={name} names no provider that can be used. Write provider:name, with one of {known}, or "
            "another that LangChain's init_chat_model knows."
        ) from error
    except Exception as error:
        raise ModelUnavailable(
            f"The model {name} cannot be set up: {_first_line(error)}. Set its key, for example in ASSISTANT_API_KEY."
        ) from error
    return model


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


@contextmanager
def provider_errors(settings: Settings) -> Iterator[None]:
    """Turn what a provider raises into ModelUnavailable, naming the setting to look at."""
    try:
        yield
    except AssistantError:
        raise
    except Exception as error:
        raise _unavailable(settings, error) from error


def _unavailable(settings: Settings, error: Exception) -> ModelUnavailable:
    place = f" at {settings.base_url}" if settings.base_url else ""
    return ModelUnavailable(
        f"The model {settings.model}{place} did not answer: {_first_line(error).rstrip('.')}. "
        "Check ASSISTANT_MODEL, ASSISTANT_BASE_URL and the key, or unset ASSISTANT_MODEL to answer with quotes."
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n")[0][:300]
