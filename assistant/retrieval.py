"""The hybrid search of an index as a LangChain retriever."""

from collections.abc import Callable
from typing import Any, Final

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index import Passage

_DEFAULT_LIMIT: Final = 8


class ArticleRetriever(BaseRetriever):
    """Find passages for a question. `search` takes the question and a limit, as `Assistant.search` does.

    Each document is a passage. Its metadata hold `source`, `title`, `published` (an ISO date or None), `language`,
    `publisher`, `start`, `end` and `score`.
    """

    search: Callable[[str, int], list[Passage]]
    limit: int = _DEFAULT_LIMIT

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **_: Any
    ) -> list[Document]:
        return [passage_document(passage) for passage in self.search(query, self.limit)]


def passage_document(passage: Passage) -> Document:
    """Return a passage as a LangChain document."""
    article = passage.article
    return Document(
        passage.text,
        metadata={
            "source": article.source,
            "title": article.title,
            "published": article.published.isoformat() if article.published else None,
            "language": article.language,
            "publisher": article.publisher,
            "start": passage.start,
            "end": passage.end,
            "score": passage.score,
        },
    )
