"""Bring a model's reply here, and say in our words what went wrong on the way."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import AssistantError, ModelUnavailable, first_line
from assistant.settings import Settings


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
        f"The model {settings.model}{place} did not answer: {first_line(error).rstrip('.')}. "
        "Check ASSISTANT_MODEL, ASSISTANT_BASE_URL and the key, or unset ASSISTANT_MODEL to answer with quotes."
    )
