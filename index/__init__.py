"""Articles in, passages out: reading, cutting, embedding, storing, searching. Knows nothing of assistant/."""

from index.article_index import ArticleIndex
from index.embedding import Embedder, SentenceTransformerEmbedder
from index.errors import (
    EmbeddingUnavailable,
    HomeUnusable,
    IndexBusy,
    IndexingError,
    IndexMismatch,
    UnreadableArticle,
)
from index.models import (
    Article,
    Failure,
    IndexStatus,
    Passage,
    ProgressCallback,
    SearchFilter,
    Signals,
    Span,
    SyncProgress,
    SyncReport,
)
from index.text import detect_language

__all__ = [
    "Article",
    "ArticleIndex",
    "Embedder",
    "EmbeddingUnavailable",
    "Failure",
    "HomeUnusable",
    "IndexBusy",
    "IndexMismatch",
    "IndexStatus",
    "IndexingError",
    "Passage",
    "ProgressCallback",
    "SearchFilter",
    "SentenceTransformerEmbedder",
    "Signals",
    "Span",
    "SyncProgress",
    "SyncReport",
    "UnreadableArticle",
    "detect_language",
]
