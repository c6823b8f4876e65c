"""Load the chat model that the settings name, whoever provides it. The only module that calls init_chat_model."""

from typing import TYPE_CHECKING, Any, Final

from assistant.errors import InvalidSettings, ModelUnavailable, first_line
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_EXTRAS: Final = {
    "openai": "openai",
    "azure_openai": "openai",
    "anthropic": "anthropic",
    "google_genai": "google",
    "mistralai": "mistral",
    "ollama": "ollama",
}
"""Providers of init_chat_model, and the extra of this package that installs each."""


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
            f"The model {name} cannot be set up: {first_line(error)}. Set its key, for example in ASSISTANT_API_KEY."
        ) from error
    return model
