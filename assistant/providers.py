"""Load the chat model that the settings name, whoever provides it. The only module that calls init_chat_model.

An address and a key come from the settings, or from the provider's own variable for its key, and from nowhere else:
the packages also look at OPENAI_BASE_URL and its like, which would send a key or an article where nobody asked. A key
that is found in the environment goes to the provider's own address only.
"""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from assistant import adapters
from assistant.errors import InvalidSettings, ModelUnavailable, first_line
from assistant.local_servers import OLLAMA_ADDRESS, fetch_json, is_loopback, list_models, list_ollama_models
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.local_chat import LocalChatModel

DEFAULT_WINDOW: Final = 8_192
"""Tokens of context when nobody says: what small open models of today read at least."""
OLLAMA_WINDOW: Final = 4_096
"""The window of Ollama's OpenAI endpoint, which cuts off the beginning of what is longer and says nothing. Its
documentation: 4,096 below 24 GB of GPU memory; OLLAMA_CONTEXT_LENGTH changes it for the server."""

PLACEHOLDER_KEY: Final = "none"
"""Goes out where a package insists on a key and the server was given none."""

_THINKING_TOKENS: Final = 4_096
"""What a hosted model that thinks may spend on that, beyond ASSISTANT_MAX_TOKENS; the providers count both as one."""
_ASK_TIMEOUT: Final = 1.0
_SMALLEST_WINDOW: Final = 512
_WINDOW_FIELDS: Final = ("max_model_len", "context_length", "context_window", "max_context_length")
"""What vLLM, OpenRouter, Groq and Mistral call the window in their lists of models."""

_Options = Callable[[Settings, str, str], dict[str, Any]]
"""Makes a package's own options out of the settings, the address and the key."""


def load_model(settings: Settings) -> "BaseChatModel":
    """Return the chat model that the settings name. It does not try again by itself, and nothing is sent yet.

    `huggingface:` takes a folder or a name on the hub, and runs in this process. Raises InvalidSettings for a provider
    that is unknown or not installed, and ModelUnavailable for a missing key or a model that cannot be loaded.
    """
    name = settings.model or ""
    if _provider(settings) == "huggingface":
        return _load_local(settings)
    options = _options(settings)
    model = _create(name, options)
    adjusted = _adjust(options, model.profile or {}, settings)
    return _create(name, adjusted) if adjusted != options else model


def context_window(model: "BaseChatModel", settings: Settings) -> int:
    """Return how many tokens the model reads and writes in all.

    In this order: ASSISTANT_CONTEXT_WINDOW; what the model in this process, or its server, says; what LangChain knows
    of the model; a cautious guess. Only the server that the settings name is asked, each time, for four seconds at
    most: keep the answer.
    """
    if settings.context_window:
        return settings.context_window
    if isinstance(model, adapters.LocalChatModel):
        return model.context_window or DEFAULT_WINDOW
    if _provider(settings) == "ollama":
        # load_model asks for DEFAULT_WINDOW; what the model cannot do, Ollama does not do either.
        return min(DEFAULT_WINDOW, _ollama_length(settings) or DEFAULT_WINDOW)
    said = _server_window(settings) if settings.base_url else None
    return said or (model.profile or {}).get("max_input_tokens") or DEFAULT_WINDOW


def server_models(settings: Settings, *, timeout: float) -> list[str]:
    """Return the models that the configured server lists. The lists of the big providers are not asked for."""
    if _provider(settings) == "ollama":
        return list_ollama_models(settings.base_url or OLLAMA_ADDRESS, _given_key(settings), timeout=timeout)
    if settings.base_url and _provider(settings) == "openai":
        return [model["id"] for model in list_models(settings.base_url, _given_key(settings), timeout=timeout)]
    return []


def ends_with_a_reason(settings: Settings) -> bool:
    """Tell whether the provider always says why a reply ended, so that a reply that does not say broke off."""
    return _provider(settings) in _PROVIDERS


def _provider(settings: Settings) -> str:
    return (settings.model or "").partition(":")[0]


def _name(settings: Settings) -> str:
    return (settings.model or "").partition(":")[2]


def _given_key(settings: Settings) -> str | None:
    return settings.api_key.get_secret_value().strip() if settings.api_key else None


def _load_local(settings: Settings) -> "LocalChatModel":
    try:
        return adapters.LocalChatModel(name_or_path=_name(settings), max_tokens=settings.max_tokens)
    except Exception as error:
        raise ModelUnavailable(
            f"The model {settings.model} cannot be loaded: {_said(error)}. Set ASSISTANT_MODEL to "
            "huggingface: and a folder with a model for conversations, or its name on the hub."
        ) from error


def _create(name: str, options: Mapping[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    provider = name.partition(":")[0]
    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        raise _missing_package(name) from error
    except Exception as error:
        if isinstance(error, ValueError) and provider not in _PROVIDERS and "provider" in str(error):
            raise InvalidSettings(
                f"ASSISTANT_MODEL={name} names no provider that can be used. Write provider:name, with one of "
                f"{', '.join((*_PROVIDERS, 'huggingface'))}, or another that LangChain's init_chat_model knows."
            ) from error
        raise ModelUnavailable(
            f"The model {name} cannot be set up: {_said(error)}. Set its key, for example in ASSISTANT_API_KEY."
        ) from error
    return model


def _said(error: Exception) -> str:
    """Return what an error says, without the frame that pydantic puts around it."""
    inner = ValueError(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else error
    return first_line(inner).removeprefix("Value error, ").rstrip(".")


def _missing_package(name: str) -> InvalidSettings:
    provider = name.partition(":")[0]
    known = _PROVIDERS.get(provider)
    wanted = f"'footnote-assistant[{known.extra}]'" if known else f"langchain-{provider.replace('_', '-')}"
    return InvalidSettings(f"ASSISTANT_MODEL={name} needs a package that is missing. Run: pip install {wanted}")


def _options(settings: Settings) -> dict[str, Any]:
    known = _PROVIDERS.get(_provider(settings))
    if known is None:
        options = {"timeout": settings.timeout, "temperature": 0, "max_retries": 0, "max_tokens": settings.max_tokens}
        key = _given_key(settings) or (PLACEHOLDER_KEY if settings.base_url else None)
        given = {"base_url": settings.base_url, "api_key": key}
        return options | {option: value for option, value in given.items() if value}
    if find_spec(known.package) is None:
        raise _missing_package(settings.model or "")
    return known.options(settings, _address(known, settings), _key(known, settings))


def _address(known: "_Known", settings: Settings) -> str:
    address = settings.base_url or known.address or os.environ.get(_AZURE_ADDRESS)
    if not address:
        raise ModelUnavailable(
            f"The model {settings.model} needs an address. Set ASSISTANT_BASE_URL or {_AZURE_ADDRESS} to your resource."
        )
    return address


def _key(known: "_Known", settings: Settings) -> str:
    given = _given_key(settings)
    if given:
        return given
    if settings.base_url or not known.keys:
        return PLACEHOLDER_KEY
    found = next((os.environ[variable] for variable in known.keys if os.environ.get(variable)), "").strip()
    if not found:
        raise ModelUnavailable(
            f"The model {settings.model} needs a key. Set {' or '.join(known.keys)}, or ASSISTANT_API_KEY; or unset "
            "ASSISTANT_MODEL to answer with quotes."
        )
    return found


def _adjust(options: Mapping[str, Any], profile: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Fit the options to what LangChain knows of a hosted model: one may refuse a temperature, another thinks first."""
    adjusted = dict(options)
    if settings.base_url:
        return adjusted
    if profile.get("temperature") is False:
        adjusted.pop("temperature", None)
    if profile.get("reasoning_output") and "max_tokens" in adjusted:
        adjusted["max_tokens"] += _THINKING_TOKENS
    return adjusted


# What each package calls its options, as found in its source. Token counts are asked for where asking is needed.


def _openai(settings: Settings, address: str, key: str) -> dict[str, Any]:
    options: dict[str, Any] = _openai_common(settings, key) | {"base_url": address}
    if not settings.base_url:
        # It goes out as max_completion_tokens, which other servers do not all know.
        return options | {"max_tokens": settings.max_tokens}
    options["extra_body"] = {"max_tokens": settings.max_tokens}
    options["default_headers"] = _openai_headers(settings, {"Authorization": f"Bearer {key}"})
    if is_loopback(address):
        import openai

        direct: dict[str, Any] = {"trust_env": False, "timeout": settings.timeout}
        options["http_client"] = openai.DefaultHttpxClient(**direct)
        options["http_async_client"] = openai.DefaultAsyncHttpxClient(**direct)
    return options


def _azure(settings: Settings, address: str, key: str) -> dict[str, Any]:
    return _openai_common(settings, key) | {
        "azure_endpoint": address,
        "azure_deployment": _name(settings),
        "azure_ad_token": None,
        "max_tokens": settings.max_tokens,
        "default_headers": _openai_headers(settings, {"api-key": key, "Authorization": ""}),
    }


def _openai_common(settings: Settings, key: str) -> dict[str, Any]:
    return {
        "api_key": key,
        "timeout": settings.timeout,
        # Its own time-out between chunks; on Python 3.11 it can swallow that a request was cancelled.
        "stream_chunk_timeout": None,
        "max_retries": 0,
        "stream_usage": True,
        "temperature": 0,
    }


def _anthropic(settings: Settings, address: str, key: str) -> dict[str, Any]:
    return {
        "base_url": address,
        "api_key": key,
        "timeout": settings.timeout,
        "max_retries": 0,
        "max_tokens": settings.max_tokens,
        "temperature": 0,
        "default_headers": _own_headers(
            settings,
            "ANTHROPIC_CUSTOM_HEADERS",
            _if_set({"X-Api-Key": key, "Authorization": ""}, "ANTHROPIC_CUSTOM_HEADERS", "ANTHROPIC_AUTH_TOKEN"),
        ),
    }


def _google(settings: Settings, address: str, key: str) -> dict[str, Any]:
    return {
        "base_url": address,
        "api_key": key,
        "vertexai": False,
        "timeout": settings.timeout,
        # Here 1 means one try, and 0 the package's default of several.
        "max_retries": 1,
        "max_tokens": settings.max_tokens,
        "temperature": 0,
    }


def _mistral(settings: Settings, address: str, key: str) -> dict[str, Any]:
    return {
        "base_url": address,
        "api_key": key,
        # Whole seconds only.
        "timeout": math.ceil(settings.timeout),
        "max_retries": 1,
        "max_tokens": settings.max_tokens,
        "temperature": 0,
    }


def _ollama(settings: Settings, address: str, key: str) -> dict[str, Any]:
    return {
        "base_url": address,
        "num_predict": settings.max_tokens,
        # Without it the server takes its default window and cuts off the beginning of the prompt without a word.
        "num_ctx": settings.context_window or DEFAULT_WINDOW,
        "temperature": 0,
        "client_kwargs": {
            "timeout": settings.timeout,
            "trust_env": not is_loopback(address),
            "headers": _closing(address),
            "auth": _Bearer(key),
        },
    }


def _openai_headers(settings: Settings, key: Mapping[str, str]) -> dict[str, str]:
    names = {"OpenAI-Organization": "", "OpenAI-Project": ""}
    return _own_headers(
        settings, "OPENAI_CUSTOM_HEADERS", names | _if_set(key, "OPENAI_CUSTOM_HEADERS", "AZURE_OPENAI_AD_TOKEN")
    )


def _if_set(key: Mapping[str, str], *variables: str) -> dict[str, str]:
    """Return headers with a key where one of these variables may bring another; none otherwise.

    The packages send the key by themselves, and what stands in headers is in every trace.
    """
    return dict(key) if any(map(os.environ.get, variables)) else {}


def _own_headers(settings: Settings, variable: str, own: Mapping[str, str]) -> dict[str, str]:
    """Return the headers for a server of the user's own, with blanks for what the package would add from `variable`."""
    if not settings.base_url:
        return {}
    lines = os.environ.get(variable, "").split("\n")
    blank = {line.partition(":")[0].strip(): "" for line in lines if ":" in line}
    told = {name.casefold() for name in own}
    blank = {name: "" for name in blank if name.casefold() not in told}
    return blank | dict(own) | _closing(settings.base_url)


class _Bearer:
    """Puts a key into each request, as httpx lets a function do. Headers among the options would be in every trace."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _closing(address: str) -> dict[str, str]:
    """Ask a server on this machine to close the connection after the reply: opening one costs nothing there."""
    return {"Connection": "close"} if is_loopback(address) else {}


@dataclass(frozen=True, slots=True)
class _Known:
    """A provider whose package was looked into: the extra that installs it, its address, the variables of its key."""

    package: str
    extra: str
    address: str
    keys: tuple[str, ...]
    options: _Options


_AZURE_ADDRESS: Final = "AZURE_OPENAI_ENDPOINT"

_PROVIDERS: Final[Mapping[str, _Known]] = {
    "openai": _Known("langchain_openai", "openai", "https://api.openai.com/v1", ("OPENAI_API_KEY",), _openai),
    "azure_openai": _Known("langchain_openai", "openai", "", ("AZURE_OPENAI_API_KEY",), _azure),
    "anthropic": _Known(
        "langchain_anthropic", "anthropic", "https://api.anthropic.com", ("ANTHROPIC_API_KEY",), _anthropic
    ),
    "google_genai": _Known(
        "langchain_google_genai",
        "google",
        "https://generativelanguage.googleapis.com/",
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        _google,
    ),
    "mistralai": _Known("langchain_mistralai", "mistral", "https://api.mistral.ai/v1", ("MISTRAL_API_KEY",), _mistral),
    "ollama": _Known("langchain_ollama", "ollama", OLLAMA_ADDRESS, (), _ollama),
}


# Windows


def _ollama_length(settings: Settings) -> int | None:
    """Return the longest window that a model of Ollama was made for."""
    address = (settings.base_url or OLLAMA_ADDRESS).rstrip("/")
    body = {"model": _name(settings)}
    shown = fetch_json(f"{address}/api/show", key=_given_key(settings), body=body, timeout=_ASK_TIMEOUT)
    about = _field(shown, "model_info")
    lengths = [value for name, value in about.items() if name.endswith(".context_length")]
    return _positive(*lengths)


def _server_window(settings: Settings) -> int | None:
    """Return the window that a server with OpenAI's API tells in its list of models, or in a place of its own."""
    address, key = (settings.base_url or "").rstrip("/"), _given_key(settings)
    listed = list_models(address, key, timeout=_ASK_TIMEOUT)
    entry = next((model for model in listed if model["id"] == _name(settings)), {})
    told = _positive(*(entry.get(field) for field in _WINDOW_FIELDS), _field(entry, "meta").get("n_ctx"))
    if told:
        return told
    if entry.get("owned_by") == "library":
        return OLLAMA_WINDOW
    if not is_loopback(address):
        return None
    root = address.removesuffix("/v1")
    props = fetch_json(f"{root}/props", key=key, timeout=_ASK_TIMEOUT)  # llama.cpp
    models = fetch_json(f"{root}/api/v0/models/{_name(settings)}", key=key, timeout=_ASK_TIMEOUT)  # LM Studio
    slot = _field(props, "default_generation_settings").get("n_ctx")
    loaded = models.get("loaded_context_length") if isinstance(models, dict) else None
    version = fetch_json(f"{root}/api/version", key=key, timeout=_ASK_TIMEOUT)  # Ollama
    return _positive(slot, loaded) or (OLLAMA_WINDOW if isinstance(version, dict) and "version" in version else None)


def _field(value: object, name: str) -> dict[str, Any]:
    """Return a field of an object that came from a server, empty where it is not there or no object."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _positive(*values: object) -> int | None:
    """Return the first that is a count of tokens that one can work with."""
    return next((value for value in values if isinstance(value, int) and value >= _SMALLEST_WINDOW), None)
