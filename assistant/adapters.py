"""The classes of ours that extend LangChain's, loaded when they are first used.

LangChain takes as long to import as an answer made of quotes takes to find, and such an answer needs none of it.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from assistant.local_chat import LocalChatModel as LocalChatModel
    from assistant.retrieval import ArticleRetriever as ArticleRetriever
    from assistant.runnable import AssistantRunnable as AssistantRunnable

__getattr__, __dir__, __all__ = lazy_loader.attach(
    "assistant",
    submod_attrs={
        "local_chat": ["LocalChatModel"],
        "retrieval": ["ArticleRetriever"],
        "runnable": ["AssistantRunnable"],
    },
)
