"""Questions in, answers with exact citations out.

The names below load when they are first used, so that `import assistant` and `assistant --help` stay quick.
"""

import importlib
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.errors import AssistantError, InvalidPrompt, InvalidQuestion, InvalidSettings, ModelUnavailable
    from assistant.models import Answer, Citation, CitationStatus, Turn, Verdict
    from assistant.settings import Settings, load_settings

try:
    __version__ = version("footnote-assistant")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0"

_HOMES: Final = {
    "Answer": "assistant.models",
    "Assistant": "assistant.api",
    "AssistantError": "assistant.errors",
    "Citation": "assistant.models",
    "CitationStatus": "assistant.models",
    "InvalidPrompt": "assistant.errors",
    "InvalidQuestion": "assistant.errors",
    "InvalidSettings": "assistant.errors",
    "ModelUnavailable": "assistant.errors",
    "Settings": "assistant.settings",
    "Turn": "assistant.models",
    "Verdict": "assistant.models",
    "load_settings": "assistant.settings",
}

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "CitationStatus",
    "InvalidPrompt",
    "InvalidQuestion",
    "InvalidSettings",
    "ModelUnavailable",
    "Settings",
    "Turn",
    "Verdict",
    "load_settings",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
