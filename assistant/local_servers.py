"""Find language models that run on this machine, and read what a model's server says about itself. Nothing is sent."""

import asyncio
import ipaddress
import json
import shlex
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx

from assistant.event_loop import start_request

USUAL_PORTS: Final[Mapping[str, int]] = {"Ollama": 11434, "LM Studio": 1234, "vLLM": 8000, "llama.cpp": 8080}
"""The ports that these servers listen on unless told otherwise, as their documentation says."""

OLLAMA_ADDRESS: Final = f"http://127.0.0.1:{USUAL_PORTS['Ollama']}"

T = TypeVar("T")

_GRACE: Final = 1.0
_LONGEST_REPLY: Final = 1_000_000
_MOST_MODELS: Final = 100
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A language model that a server on this machine offers. `settings` are the shell lines that choose it."""

    name: str
    server: str
    settings: tuple[str, ...]


def find_local_models(timeout: float = 0.3, *, ports: Mapping[str, int] = USUAL_PORTS) -> list[LocalModel]:
    """Return the models that servers on this machine list, in the order of `ports`, all asked at once.

    Only their lists are read. What else listens there, and what does not answer within `timeout` seconds, is skipped.
    """
    return _within(timeout, _find(timeout, ports)) or []


def list_models(address: str, key: str | None, *, timeout: float) -> list[dict[str, Any]]:
    """Return what a server that speaks OpenAI's API says about its models; nothing when it does not say.

    `address` ends as ASSISTANT_BASE_URL does, mostly in /v1. Each model has at least an `id`.
    """
    return _models(fetch_json(f"{address.rstrip('/')}/models", key=key, timeout=timeout), "data", "id")


def list_ollama_models(address: str, key: str | None, *, timeout: float) -> list[str]:
    """Return the names of the models that an Ollama server has; none when it does not say."""
    tags = fetch_json(f"{address.rstrip('/')}/api/tags", key=key, timeout=timeout)
    return [entry["name"] for entry in _models(tags, "models", "name")]


def fetch_json(url: str, *, key: str | None = None, body: Mapping[str, object] | None = None, timeout: float) -> object:
    """Return the JSON at an address, or None when there is none within `timeout` seconds by the clock.

    With `body` it is a POST. At most 1 MB is read. No redirect is followed, and no proxy asked for loopback.
    """
    return _within(timeout, _fetch(url, key, body, timeout))


def is_loopback(address: str) -> bool:
    """Tell whether an address is of this machine."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _within(timeout: float, asking: Coroutine[Any, Any, T]) -> T | None:
    """Return what is answered in time; requests end by themselves, unless something holds up all of them."""
    request = start_request(asking)
    try:
        return request.result(timeout + _GRACE)
    except TimeoutError:
        request.cancel()
        return None


async def _find(timeout: float, ports: Mapping[str, int]) -> list[LocalModel]:
    found = await asyncio.gather(*(_ask(server, port, timeout) for server, port in ports.items()))
    return [model for models in found for model in models]


async def _ask(server: str, port: int, timeout: float) -> list[LocalModel]:
    root = f"http://127.0.0.1:{port}"
    if server == "Ollama":
        provider, address = "ollama", root
        reply = await _fetch(f"{root}/api/tags", None, None, timeout)
        names = [entry["name"] for entry in _models(reply, "models", "name")]
    else:
        provider, address = "openai", f"{root}/v1"
        reply = await _fetch(f"{address}/models", None, None, timeout)
        names = [entry["id"] for entry in _models(reply, "data", "id")]
    lines = [] if address == OLLAMA_ADDRESS else [f"export ASSISTANT_BASE_URL={address}"]
    return [
        LocalModel(name, server, (f"export ASSISTANT_MODEL={shlex.quote(f'{provider}:{name}')}", *lines))
        for name in _chat_names(names)
    ]


def _chat_names(names: Iterable[str]) -> list[str]:
    """Leave out models that only embed, which these servers list too, and the tag that Ollama takes for granted."""
    return [name for name in dict.fromkeys(name.removesuffix(":latest") for name in names) if "embed" not in name]


def _models(reply: object, field: str, name: str) -> list[dict[str, Any]]:
    """Return the entries of a list of models that have a name which can be shown."""
    entries = reply.get(field) if isinstance(reply, dict) else None
    if not isinstance(entries, list):
        return []
    return [entry for entry in entries[:_MOST_MODELS] if isinstance(entry, dict) and _is_name(entry.get(name))]


def _is_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME and name.isprintable()


async def _fetch(url: str, key: str | None, body: Mapping[str, object] | None, timeout: float) -> object:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        async with (
            asyncio.timeout(timeout),
            httpx.AsyncClient(
                trust_env=not is_loopback(url), verify=url.startswith("https:"), timeout=timeout
            ) as client,
            client.stream("GET" if body is None else "POST", url, headers=headers, json=body) as reply,
        ):
            content = b""
            async for part in reply.aiter_raw():
                content += part
                if len(content) > _LONGEST_REPLY:
                    return None
            return json.loads(content) if reply.is_success else None
    # Whatever listens there may say anything; it is no server of models then.
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError, RecursionError):
        return None
