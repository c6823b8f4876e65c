"""What can go wrong with articles and their index.

IndexingError
├── UnreadableArticle    one article or file cannot be read; the others still can
├── HomeUnusable         the home folder or its catalog cannot be created, read or written
├── IndexMismatch        the index was made with another embedding model
├── IndexBusy            another process is writing
├── EngineUnavailable    the server that keeps the vectors cannot be reached, or refuses
├── EmbeddingUnavailable the embedding model cannot be loaded
└── BackfillFailed       the Ray cluster of a backfill cannot be reached, or failed

SyncStopped is no error: it is the KeyboardInterrupt of a sync, which has kept what it had done.

Every message names the value that was wrong and the next step.
"""

from index.models import SyncReport


class IndexingError(Exception):
    """The root of everything that index/ raises on purpose."""


class UnreadableArticle(IndexingError):
    """An article that cannot be read.

    `source` is its address, `reason` says what is wrong and what to do, without the address.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class HomeUnusable(IndexingError):
    """The home folder, or its catalog wherever that is, cannot be created, read or written."""


class IndexMismatch(IndexingError):
    """The index was made with another embedding model than the one that is set."""


class IndexBusy(IndexingError):
    """Another process is writing to the same home, or to the same catalog."""


class EngineUnavailable(IndexingError):
    """The server that keeps the vectors cannot be reached, or refuses. Nothing is lost."""


class EmbeddingUnavailable(IndexingError):
    """The embedding model cannot be loaded."""


class BackfillFailed(IndexingError):
    """The Ray cluster of a backfill is not installed, cannot be reached, or failed. What was published stays."""


class SyncStopped(KeyboardInterrupt):
    """A sync was interrupted. What its `report` names is indexed; the next sync goes on from there."""

    def __init__(self, report: SyncReport) -> None:
        super().__init__("The sync was stopped. What it had done is kept, and the next one goes on from there.")
        self.report = report
