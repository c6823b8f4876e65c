"""Articles, passages and reports as the JSON objects that other programs are given. Answers: `report.answer_object`."""

from typing import Any

from index import Article, Passage, SyncReport


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
