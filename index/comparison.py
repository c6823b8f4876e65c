"""What is new: articles compared with what is indexed."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from index.catalog import Catalog
from index.errors import UnreadableArticle
from index.loading.decoding import checked_text
from index.models import Article, Move
from index.text import detect_language
from index.titles import short, titled_by_source

_READ: Final = 200
"""Articles that are looked at in one go."""


class Outcome(StrEnum):
    """What became of an article in a run."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One article of a run beside what is indexed.

    `stored` says that its content has to be stored; else it is indexed already, as `version`, or comes with an earlier
    change of this run. `before` is the address that a moved article leaves.
    """

    article: Article
    digest: str
    outcome: Outcome
    stored: bool = False
    version: int | None = None
    before: str | None = None


class Comparison:
    """Tell what changed, in one run. What the run itself has put counts as indexed."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._put: dict[str, str] = {}
        self._digests: set[str] = set()
        self._leaving: dict[str, list[str]] = {}
        self._expected: Collection[str] = ()

    def expect_to_leave(self, addresses: Sequence[str]) -> None:
        """Say which articles vanish in this run, so that one that comes up elsewhere is known to have moved."""
        self._expected = addresses

    def compare(self, articles: Sequence[Article], told_elsewhere: Collection[str] = ()) -> list[Change]:
        """Return what is new of each article. They must have passed `checked_article`.

        `told_elsewhere` are the addresses that come from other sources, too: what is known of these articles and not
        said this time stays. A feed gives the day of a page that does not tell it.
        """
        at = self._catalog.versions_at([article.source for article in articles])
        known = {source: at[source][0] for source in told_elsewhere if source in at}
        former = self._catalog.articles_of(list(known.values())) if known else {}
        articles = [_completed(article, former.get(known.get(article.source, 0))) for article in articles]
        digests = [digest_of(article) for article in articles]
        of = self._catalog.versions_of(digests)
        return [self._compare(article, digest, at, of) for article, digest in zip(articles, digests, strict=True)]

    def _compare(
        self,
        article: Article,
        digest: str,
        at: Mapping[str, tuple[int, str]],
        of: Mapping[str, tuple[int, str]],
    ) -> Change:
        known = self._put.get(article.source) or at.get(article.source, (0, None))[1]
        untitled = not article.title
        if untitled:
            article = titled_by_source(article)
        # As the first releases stored it.
        if known == digest or (untitled and known == digest_of(article)):
            return Change(article, digest, Outcome.UNCHANGED)
        self._put[article.source] = digest
        outcome = Outcome.ADDED if known is None else Outcome.UPDATED
        version = of[digest][0] if digest in of else None
        if version is not None or digest in self._digests:
            before = self._left(digest) if known is None else None
            return Change(article, digest, Outcome.MOVED if before else outcome, version=version, before=before)
        self._digests.add(digest)
        before = self._left(digest) if known is None and untitled else None
        return Change(article, digest, Outcome.MOVED if before else outcome, stored=True, before=before)

    def _left(self, digest: str) -> str | None:
        self._read_expected()
        addresses = self._leaving.get(digest)
        return addresses.pop(0) if addresses else None

    def _read_expected(self) -> None:
        expected, self._expected = self._expected, ()
        if not expected:
            return
        at = self._catalog.versions_at(list(expected))
        for address, (_, digest) in sorted(at.items()):
            self._leaving.setdefault(digest, []).append(address)
        versions = sorted({version for version, _ in at.values()})
        for start in range(0, len(versions), _READ):
            for article in self._catalog.articles_of(versions[start : start + _READ]).values():
                # The first releases took the title that they had made for content.
                made = article.title == titled_by_source(article).title and not lacks_title(article)
                if made and article.source in at:
                    self._leaving.setdefault(digest_of(replace(article, title="")), []).append(article.source)


def checked_article(article: Article) -> Article:
    """Return an article that can be indexed: text that can be stored, a short title on one line or none, a language.

    Raises UnreadableArticle when it has no source or text, or characters that cannot be stored.
    """
    named = (article.publisher, article.author, article.address)
    for value in (article.source, article.title, article.text, article.language, *filter(None, named)):
        checked_text(value, article.source)
    if not article.source.strip():
        raise UnreadableArticle("(no source)", "the article has no source. Give it a path or an address.")
    if not article.text.strip():
        raise UnreadableArticle(article.source, "the article has no text. Give it some.")
    language = article.language or detect_language(article.text)
    return replace(article, title=short(article.title), language=language)


def _completed(article: Article, known: Article | None) -> Article:
    """Return an article with what is known of it, and what it does not say itself."""
    if known is None:
        return article
    return replace(
        article,
        title=article.title or ("" if lacks_title(known) else known.title),
        published=article.published or known.published,
        publisher=article.publisher or known.publisher,
        author=article.author or known.author,
    )


def digest_of(article: Article) -> str:
    """Return what tells the content of an article from another, wherever it stands.

    A title that is made of its address is not of its content: leave it empty.
    """
    content = (article.title, article.text, article.published, article.language, article.publisher)
    # Only where there are any, so that an article indexed by an older release is not one that changed.
    later = (article.author, article.address, article.pages)
    whole = (*content, *later) if any(later) else content
    return hashlib.sha256(repr(whole).encode()).hexdigest()


def lacks_title(article: Article) -> bool:
    """Tell whether an article that comes from an index has none but a title that was made of its address."""
    return article.digest == digest_of(replace(article, title=""))


def is_as_stored(article: Article) -> bool:
    """Tell whether an article that comes from an index has the content that its digest says.

    A title that was made of an address is no part of it.
    """
    return article.digest == digest_of(article) or lacks_title(article)


def move_of(change: Change) -> Move | None:
    return Move(change.before, change.article.source) if change.before else None
