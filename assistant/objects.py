"""Answers, articles, passages and reports as the JSON objects that other programs are given."""

from dataclasses import asdict
from typing import Any

from assistant.models import Answer
from index import Article, Passage, SyncReport


def answer_object(answer: Answer) -> dict[str, Any]:
    """Return an answer as the object that `ask --json` prints."""
    return {
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "verdict": answer.verdict,
        "model": answer.model,
        "warnings": list(answer.warnings),
        "citations": [
            {
                "number": citation.number,
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
                "page": citation.article.page(citation.start),
                "source": citation.article.source,
                "title": citation.article.title,
                "published": citation.article.published.isoformat() if citation.article.published else None,
                "language": citation.article.language,
                "version": citation.article.version,
                "digest": citation.article.digest,
                "status": citation.status,
                "translation": citation.translation,
            }
            for citation in answer.citations
        ],
        "statements": [
            {
                "text": answer.text[statement.start : statement.end],
                "citations": list(statement.citations),
                "status": statement.status,
                "faults": [{"kind": fault.kind, "words": fault.words} for fault in statement.faults],
            }
            for statement in answer.statements
        ],
        "partial": answer.partial,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "searched": list(answer.searched),
        "suggestions": list(answer.suggestions),
        "usage": asdict(answer.usage) if answer.usage else None,
    }


def article_object(article: Article) -> dict[str, Any]:
    """Return what is known of an article, without its text; `characters` says how long that is."""
    return {
        "source": article.source,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "publisher": article.publisher,
        "author": article.author,
        "address": article.address,
        "characters": len(article.text),
    }


def passage_object(passage: Passage) -> dict[str, Any]:
    """Return a passage with its place, `article text[start:end]`, and what is known of its article."""
    return {
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "page": passage.article.page(passage.start),
        "score": round(passage.score, 4),
        "article": article_object(passage.article),
        "copies": [copy.source for copy in passage.copies],
    }


def sync_object(report: SyncReport) -> dict[str, Any]:
    """Return what a sync did: addresses of what changed, a count of what did not, failures with their reasons."""
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "unchanged": len(report.unchanged),
        "removed": list(report.removed),
        "moved": [{"before": move.before, "after": move.after} for move in report.moved],
        "failed": [{"source": failure.source, "reason": failure.reason} for failure in report.failed],
        "ignored": dict(report.ignored),
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
    }
