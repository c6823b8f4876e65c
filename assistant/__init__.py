"""Questions in, answers with exact citations out.

The names below load when they are first used, so that `import assistant` stays quick.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from assistant.api import Assistant as Assistant
    from assistant.errors import AssistantError as AssistantError
    from assistant.errors import InvalidPrompt as InvalidPrompt
    from assistant.errors import InvalidQuestion as InvalidQuestion
    from assistant.errors import InvalidSettings as InvalidSettings
    from assistant.errors import ModelUnavailable as ModelUnavailable
    from assistant.models import Answer as Answer
    from assistant.models import Citation as Citation
    from assistant.models import CitationStatus as CitationStatus
    from assistant.models import Turn as Turn
    from assistant.models import Verdict as Verdict
    from assistant.settings import Settings as Settings
    from assistant.settings import load_settings as load_settings

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "api": ["Assistant"],
        "errors": ["AssistantError", "InvalidPrompt", "InvalidQuestion", "InvalidSettings", "ModelUnavailable"],
        "models": ["Answer", "Citation", "CitationStatus", "Turn", "Verdict"],
        "settings": ["Settings", "load_settings"],
    },
)

try:
    __version__ = version("footnote-assistant")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0"
