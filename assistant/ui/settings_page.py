"""The page Settings: with what the assistant works, and how it is."""

from collections.abc import Callable
from typing import Any

from assistant import Assistant
from assistant.ui.connecting import FindModels


def build_settings(assistant: Assistant, opened: Callable[..., Any], *, find_models: FindModels) -> None:
    """Build the page. `opened` is the event of its being opened: `opened(function, inputs, outputs)` shows it anew."""
