"""The search of an index inside LangChain: a retriever whose documents are passages."""

import asyncio
from datetime import date

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from assistant import Assistant, InvalidQuestion
from assistant.retrieval import passage_document
from index import Article, Passage, Span

QUESTION = "Did Nvidia abandon the deal?"


def test_the_retriever_is_langchains_and_gives_the_passages_of_search(assistant: Assistant) -> None:
    retriever = assistant.as_retriever(limit=5)
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke(QUESTION)
    assert documents == [passage_document(passage) for passage in assistant.search(QUESTION, limit=5)]
    assert len(documents) == 5


@pytest.mark.parametrize("limit", [1, 3])
def test_the_limit_is_kept(assistant: Assistant, limit: int) -> None:
    assert len(assistant.as_retriever(limit).invoke(QUESTION)) == limit


def test_the_metadata_of_a_document_lead_back_to_the_exact_text(assistant: Assistant) -> None:
    for document in assistant.as_retriever().invoke(QUESTION):
        article = assistant.index.article(document.metadata["source"])
        assert article is not None
        assert article.text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_a_document_carries_what_is_known_of_its_article() -> None:
    article = Article("https://news.example/a", "Title", "One. Two.", date(2026, 2, 1), "en", "Gazette")
    passage = Passage(article, 0, 4, 0.5, (Span(0, 4),))
    assert passage_document(passage) == Document(
        "One.",
        metadata={
            "source": "https://news.example/a",
            "title": "Title",
            "published": "2026-02-01",
            "language": "en",
            "publisher": "Gazette",
            "start": 0,
            "end": 4,
            "score": 0.5,
        },
    )


def test_a_document_without_a_date_says_none() -> None:
    passage = Passage(Article("a", "T", "One."), 0, 4)
    assert passage_document(passage).metadata["published"] is None


def titles_of(documents: list[Document]) -> list[str]:
    return [document.metadata["title"] for document in documents]


def test_the_retriever_works_inside_a_chain_and_asynchronously(assistant: Assistant) -> None:
    chain = assistant.as_retriever(2) | RunnableLambda(titles_of)
    expected = [passage.article.title for passage in assistant.search(QUESTION, limit=2)]
    assert chain.invoke(QUESTION) == expected
    assert asyncio.run(chain.ainvoke(QUESTION)) == expected


def test_a_question_that_cannot_be_asked_is_refused_here_too(assistant: Assistant) -> None:
    with pytest.raises(InvalidQuestion, match="empty"):
        assistant.as_retriever().invoke("  ")
