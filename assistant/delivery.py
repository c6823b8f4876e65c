"""Bring a model's reply here, within the time that is set, and say in our words what went wrong on the way.

A request that fails before its first word is tried again; after it never, because the reader has seen the beginning.
"""

import asyncio
import json
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from assistant.errors import AssistantError, ModelUnavailable, ReplyInterrupted, first_line
from assistant.event_loop import start_request
from assistant.models import Usage
from assistant.providers import ends_with_a_reason, server_models
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_BACK_OFF: Final = wait_random_exponential(multiplier=0.5, max=20)
"""Seconds between tries: anything from nothing to 0.5, 1, 2 and so on, so that many clients do not come at once."""
_GRACE: Final = 1.0
"""Seconds beyond the time-out after which a request is given up that does not even notice that it was cancelled."""
_GLANCE: Final = 0.1
"""Seconds between two looks at whether the reader has left."""
_CHARACTERS_A_TOKEN: Final = 16
"""A reply with more characters for each token allowed than this comes from a server that keeps no limit."""
_LONGEST_REASON: Final = 40
_CUT_SHORT: Final = {"length", "max_tokens", "model_length", "max_output_tokens"}
_REASONS: Final = ("finish_reason", "stop_reason", "done_reason", "status")
"""What LangChain's packages call it why a reply ended; `status` is that of OpenAI's Responses API."""
_MAY_PASS: Final = {408, 409, 425, 429}
"""Refusals that another try may get past; so may the server's own faults, 500 and up."""
_CAUSES: Final = 8
_SHORTEST_KEY: Final = 6
_LIST_TIMEOUT: Final = 1.0
_SHOWN_MODELS: Final = 10

# Names of exceptions, as httpx, httpx2, aiohttp and LangChain call them: which of them is installed depends on the
# provider.
_NETWORK: Final = {"TransportError", "ClientError", "ModelConnectionError", "ModelTimeoutError", "APIConnectionError"}
_TIMEOUTS: Final = {"TimeoutException", "ModelTimeoutError", "APITimeoutError", "TimeoutError"}
_UNREACHABLE: Final = {"ConnectError", "ClientConnectorError", "ConnectionRefusedError", "gaierror"}
_OVERFLOW: Final = {"ContextOverflowError"}


@dataclass(slots=True)
class Receipt:
    """What a reply took, filled in while it arrives. Tokens are the provider's count; times are seconds."""

    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    first_token: float | None = None
    seconds: float = 0.0
    finish_reason: str | None = None

    @property
    def cut_short(self) -> bool:
        """Whether the reply ended because it was as long as ASSISTANT_MAX_TOKENS allows."""
        return (self.finish_reason or "").casefold() in _CUT_SHORT

    def usage(self) -> Usage:
        return Usage(self.prompt_tokens, self.reply_tokens, self.first_token, self.seconds, self.finish_reason)


def stream_reply(
    chain: "Runnable[Any, Any]",
    values: Any,
    settings: Settings,
    receipt: Receipt | None = None,
    *,
    stop: threading.Event | None = None,
    spent: float = 0.0,
) -> Iterator[str]:
    """Yield the text of a reply as it arrives, thinking left out, and leave in `receipt` what it took.

    `chain` gives chunks of messages or strings. The first piece begins with a word, never with blank space. All ends
    within `settings.timeout` seconds, of which `spent` are gone already. Closing the generator closes the connection;
    so does setting `stop`, from another thread, which ends the reply where it is. Raises ModelUnavailable when no word
    came, and ReplyInterrupted when the reply broke off later.
    """
    receipt = receipt if receipt is not None else Receipt()
    inbox: SimpleQueue[str | Exception | None] = SimpleQueue()
    deadline = time.monotonic() - spent + settings.timeout + _GRACE
    request = start_request(_deliver(chain, values, settings, receipt, inbox.put, spent))
    try:
        while stop is None or not stop.is_set():
            left = deadline - time.monotonic()
            try:
                item = inbox.get(timeout=max(0.0, left if stop is None else min(left, _GLANCE)))
            except Empty:
                if left > _GLANCE and stop is not None:
                    continue
                item = TimeoutError()
            if item is None:
                return
            if isinstance(item, Exception):
                raise _explained(item, settings, receipt) from item
            yield item
    finally:
        request.cancel()


class _Incomplete(Exception):
    """The connection ended in an orderly way, but the reply did not."""


class _EmptyReply(Exception):
    """The reply ended without a word."""


async def _deliver(
    chain: "Runnable[Any, Any]",
    values: Any,
    settings: Settings,
    receipt: Receipt,
    put: Callable[[str | Exception | None], None],
    spent: float,
) -> None:
    """Put the pieces of a reply, then None or what went wrong."""
    began = time.monotonic()
    end: Exception | None = None
    try:
        async with asyncio.timeout(settings.timeout - spent):
            tries = AsyncRetrying(
                stop=lambda state: _is_over(state, settings, began - spent),
                wait=_pause,
                retry=retry_if_exception(lambda error: receipt.first_token is None and _may_pass(error)),
                reraise=True,
            )
            await tries(_receive, chain, values, settings, receipt, put, began)
    except asyncio.CancelledError as left:
        # A generator of the provider's package, kept alive by a frame here, would keep its connection open.
        traceback.clear_frames(left.__traceback__)
        raise
    except Exception as error:  # noqa: BLE001  # whoever reads the stream raises it
        end = error
    receipt.seconds = time.monotonic() - began
    put(end)


async def _receive(
    chain: "Runnable[Any, Any]",
    values: Any,
    settings: Settings,
    receipt: Receipt,
    put: Callable[[str | Exception | None], None],
    began: float,
) -> None:
    """Put the pieces of one try. Raises what the provider's package raises, _Incomplete and _EmptyReply."""
    room, messages = settings.max_tokens * _CHARACTERS_A_TOKEN, False
    receipt.prompt_tokens = receipt.reply_tokens = receipt.finish_reason = None
    async with aclosing(chain.astream(values)) as chunks:  # type: ignore[type-var]  # it is a generator in all of them
        async for chunk in chunks:
            text = chunk if isinstance(chunk, str) else str(chunk.text)
            if not isinstance(chunk, str):
                messages = True
                _note(chunk, receipt)
            if receipt.first_token is None:
                text = text.lstrip()
                if text:
                    receipt.first_token = time.monotonic() - began
            if text:
                put(text[:room])
                room -= len(text)
            if room <= 0:
                receipt.finish_reason = "length"
                return
    if messages and receipt.finish_reason is None and ends_with_a_reason(settings):
        raise _Incomplete
    if receipt.first_token is None:
        raise _EmptyReply


def _note(chunk: Any, receipt: Receipt) -> None:
    """Take from a chunk of a message what it says about tokens and its end."""
    told = chunk.response_metadata
    details = told.get("incomplete_details")
    reasons = [told.get(name) for name in _REASONS]
    if isinstance(details, dict):
        reasons.insert(0, details.get("reason"))
    reason = next((reason for reason in reasons if reason), None)
    if reason:
        receipt.finish_reason = first_line(ValueError(reason))[:_LONGEST_REASON]
    usage = chunk.usage_metadata
    if usage:
        receipt.prompt_tokens = (receipt.prompt_tokens or 0) + usage["input_tokens"]
        receipt.reply_tokens = (receipt.reply_tokens or 0) + usage["output_tokens"]


# Trying again


def _is_over(state: RetryCallState, settings: Settings, began: float) -> bool:
    """Tell whether no try is left, or no time for the pause that would come before it."""
    left = settings.timeout - (time.monotonic() - began)
    return state.attempt_number > settings.retries or state.upcoming_sleep >= left


def _pause(state: RetryCallState) -> float:
    """Return the seconds to wait: what the server asks for, else a random back-off."""
    error = state.outcome.exception() if state.outcome else None
    asked = _retry_after(error) if error else None
    return _BACK_OFF(state) if asked is None else asked


def _may_pass(error: BaseException) -> bool:
    """Tell whether another try may go better."""
    if isinstance(error, _Incomplete):
        return True
    if any(getattr(cause, "code", None) == "insufficient_quota" for cause in _causes(error)):
        return False
    status = _status(error)
    if status is not None:
        return status in _MAY_PASS or status >= 500
    return _is(error, _NETWORK) or any(isinstance(cause, OSError | json.JSONDecodeError) for cause in _causes(error))


def _retry_after(error: BaseException) -> float | None:
    """Return the seconds that a server asks to be left alone: Retry-After as a number or a date, or retry-after-ms."""
    headers = next((found for cause in _causes(error) if (found := _headers(cause))), None)
    if headers is None:
        return None
    milliseconds, after = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds:
            return max(0.0, float(milliseconds) / 1_000)
        return max(0.0, float(after)) if after else None
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(str(after))
        return max(0.0, ((date if date.tzinfo else date.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    for _ in range(_CAUSES):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is(error: BaseException, names: set[str]) -> bool:
    return any(kind.__name__ in names for cause in _causes(error) for kind in type(cause).__mro__)


def _headers(error: BaseException) -> Any:
    return getattr(getattr(error, "response", None), "headers", None)


def _status(error: BaseException) -> int | None:
    """Return the HTTP status in an error of any provider's package."""
    for cause in _causes(error):
        told = [getattr(cause, "status_code", None), getattr(getattr(cause, "response", None), "status_code", None)]
        # Google's package has it in `code`; aiohttp's errors have one too, which is no answer of the server's.
        if any(kind.__name__ == "APIError" for kind in type(cause).__mro__):
            told.append(getattr(cause, "code", None))
        status = next((one for one in told if isinstance(one, int) and 400 <= one <= 599), None)
        if status is not None:
            return status
    return None


# What went wrong, in our words


def _explained(error: Exception, settings: Settings, receipt: Receipt) -> AssistantError:
    """Return the error for the reader: one line that names what to look at, and no key."""
    if isinstance(error, AssistantError):
        return error
    place = f" at ASSISTANT_BASE_URL={_without_password(settings.base_url)}" if settings.base_url else ""
    why, step = _story(error, settings, receipt)
    if receipt.first_token is not None:
        line = f"The reply of the model {settings.model}{place} broke off: {why}. {step}, or ask again."
        return ReplyInterrupted(_without_key(line, settings))
    line = f"The model {settings.model}{place} did not answer: {why}. {step}, or unset ASSISTANT_MODEL"
    return ModelUnavailable(f"{_without_key(line, settings)} to answer with quotes.")


def _story(error: Exception, settings: Settings, receipt: Receipt) -> tuple[str, str]:
    """Return what happened and what to do about it."""
    said, status = first_line(error).rstrip("."), _status(error)
    if isinstance(error, _EmptyReply):
        return _empty_story(receipt, settings)
    if isinstance(error, _Incomplete):
        return "the connection was closed in the middle", "Check the server of ASSISTANT_MODEL"
    if _is(error, _OVERFLOW) or (status == 400 and "context" in said.casefold()):
        return (
            f"the prompt is longer than it can read ({said})",
            "Set ASSISTANT_CONTEXT_WINDOW to the tokens that it can read, or lower ASSISTANT_PASSAGES",
        )
    if status == 404:
        return f"the server has no such model or address ({said})", _other_models(settings)
    if status is not None:
        return _status_story(status, said)
    if _is(error, _TIMEOUTS):
        return (
            f"it took longer than the {settings.timeout:g} s of ASSISTANT_TIMEOUT",
            "Raise ASSISTANT_TIMEOUT, check the server of ASSISTANT_MODEL",
        )
    if _is(error, _UNREACHABLE):
        return f"it cannot be reached ({said})", "Start the server, check ASSISTANT_BASE_URL"
    if any(isinstance(cause, json.JSONDecodeError) for cause in _causes(error)):
        return f"what came is no reply of a chat model ({said})", "Check that ASSISTANT_BASE_URL is the right address"
    if _is(error, _NETWORK):
        return f"the connection failed ({said})", "Check the server of ASSISTANT_MODEL"
    if "No generation" in said:
        return _empty_story(receipt, settings)
    return said, "Check ASSISTANT_MODEL and ASSISTANT_BASE_URL"


_STEPS: Final = {
    401: ("it refused the key", "Set ASSISTANT_API_KEY"),
    402: ("it wants to be paid", "Check your account with the provider"),
    403: ("the key may not use it", "Check ASSISTANT_API_KEY, choose another ASSISTANT_MODEL"),
    429: ("there were too many requests", "Wait a little, choose another ASSISTANT_MODEL"),
}


def _status_story(status: int, said: str) -> tuple[str, str]:
    ours = ("it refused the request", "Check ASSISTANT_MODEL and ASSISTANT_BASE_URL")
    theirs = ("the server failed", "Ask again later, check the server of ASSISTANT_MODEL")
    what, step = _STEPS.get(status, theirs if status >= 500 else ours)
    return f"{what} ({said if str(status) in said else f'{status}: {said}'})", step


def _empty_story(receipt: Receipt, settings: Settings) -> tuple[str, str]:
    if receipt.cut_short:
        return f"it used all its {settings.max_tokens:,} tokens before the first word", "Raise ASSISTANT_MAX_TOKENS"
    if receipt.finish_reason:
        return f"the reply was empty (it says: {receipt.finish_reason})", "Ask again, choose another ASSISTANT_MODEL"
    return "the reply was empty", "Check that ASSISTANT_BASE_URL is the right address, mostly one that ends in /v1"


def _other_models(settings: Settings) -> str:
    names = server_models(settings, timeout=_LIST_TIMEOUT)
    if not names:
        return "Check ASSISTANT_MODEL and ASSISTANT_BASE_URL"
    provider = (settings.model or "").partition(":")[0]
    more = f" and {len(names) - _SHOWN_MODELS} more" if len(names) > _SHOWN_MODELS else ""
    listed = ", ".join(f"{provider}:{name}" for name in names[:_SHOWN_MODELS])
    return f"Set ASSISTANT_MODEL to one that it has: {listed}{more}"


def _without_password(address: str) -> str:
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return first_line(ValueError(f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"))


def _without_key(line: str, settings: Settings) -> str:
    key = settings.api_key.get_secret_value().strip() if settings.api_key else ""
    return line.replace(key, "…") if len(key) >= _SHORTEST_KEY else line
