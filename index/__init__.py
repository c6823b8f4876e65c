"""Articles in, passages out: reading, cutting, embedding, storing, searching. Knows nothing of assistant/.

The names below load when they are first used, so that `import index` stays quick.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from index.article_index import ArticleIndex as ArticleIndex
    from index.chroma_server import ChromaServer as ChromaServer
    from index.embedding import Embedder as Embedder
    from index.embedding import SentenceTransformerEmbedder as SentenceTransformerEmbedder
    from index.errors import EmbeddingUnavailable as EmbeddingUnavailable
    from index.errors import EngineUnavailable as EngineUnavailable
    from index.errors import HomeUnusable as HomeUnusable
    from index.errors import IndexBusy as IndexBusy
    from index.errors import IndexingError as IndexingError
    from index.errors import IndexMismatch as IndexMismatch
    from index.errors import UnreadableArticle as UnreadableArticle
    from index.health import Examination as Examination
    from index.history import Edit as Edit
    from index.history import Version as Version
    from index.history import compare_articles as compare_articles
    from index.listing import Kind as Kind
    from index.listing import Source as Source
    from index.milvus import MilvusServer as MilvusServer
    from index.models import Article as Article
    from index.models import Compaction as Compaction
    from index.models import Failure as Failure
    from index.models import IndexStatus as IndexStatus
    from index.models import Move as Move
    from index.models import Passage as Passage
    from index.models import ProgressCallback as ProgressCallback
    from index.models import SearchFilter as SearchFilter
    from index.models import Signals as Signals
    from index.models import Span as Span
    from index.models import SyncProgress as SyncProgress
    from index.models import SyncReport as SyncReport
    from index.text import detect_language as detect_language
    from index.watching import watch as watch

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "article_index": ["ArticleIndex"],
        "chroma_server": ["ChromaServer"],
        "embedding": ["Embedder", "SentenceTransformerEmbedder"],
        "errors": [
            "EmbeddingUnavailable",
            "EngineUnavailable",
            "HomeUnusable",
            "IndexBusy",
            "IndexMismatch",
            "IndexingError",
            "UnreadableArticle",
        ],
        "listing": ["Kind", "Source"],
        "health": ["Examination"],
        "history": ["Edit", "Version", "compare_articles"],
        "milvus": ["MilvusServer"],
        "models": [
            "Article",
            "Compaction",
            "Failure",
            "IndexStatus",
            "Move",
            "Passage",
            "ProgressCallback",
            "SearchFilter",
            "Signals",
            "Span",
            "SyncProgress",
            "SyncReport",
        ],
        "text": ["detect_language"],
        "watching": ["watch"],
    },
)
