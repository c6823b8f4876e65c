"""What is new: articles compared with what is indexed."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from index.catalog import Catalog
from index.errors import UnreadableArticle
from index.loading.decoding import checked_text
from index.loading.plain import title_from_name
from index.models import Article, Move
from index.text import detect_language

_LONGEST_TITLE: Final = 300
"""Characters of a title. It is embedded with each passage, so a hostile one would cost its length as often."""


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
    change of this run. `before` is the address that a moved article leaves. A file that was renamed has the title of
    its new name and the passages of `like`, the version that it had under the old one.
    """

    article: Article
    digest: str
    outcome: Outcome
    stored: bool = False
    version: int | None = None
    before: str | None = None
    like: int | None = None


class Comparison:
    """Tell what changed, in one run. What the run itself has put counts as indexed."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._put: dict[str, str] = {}
        self._digests: set[str] = set()
        self._leaving: dict[str, list[str]] = {}
        self._renamed: dict[str, list[tuple[str, int]]] = {}
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
        if known == digest:
            return Change(article, digest, Outcome.UNCHANGED)
        self._put[article.source] = digest
        outcome = Outcome.ADDED if known is None else Outcome.UPDATED
        version = of[digest][0] if digest in of else None
        if version is not None or digest in self._digests:
            before = self._left(digest) if known is None else None
            return Change(article, digest, Outcome.MOVED if before else outcome, version=version, before=before)
        self._digests.add(digest)
        if known is None and (renamed := self._left_by_renaming(article)):
            before, like = renamed
            return Change(article, digest, Outcome.MOVED, stored=True, before=before, like=like)
        return Change(article, digest, outcome, stored=True)

    def _left(self, digest: str) -> str | None:
        self._read_expected()
        addresses = self._leaving.get(digest)
        return addresses.pop(0) if addresses else None

    def _left_by_renaming(self, article: Article) -> tuple[str, int] | None:
        """Return the address and version of a file that had the same text, and a title that is only its name."""
        if article.title != title_from_name(article.source):
            return None
        self._read_expected()
        found = self._renamed.get(_nameless(article))
        return found.pop(0) if found else None

    def _read_expected(self) -> None:
        expected, self._expected = self._expected, ()
        if not expected:
            return
        at = self._catalog.versions_at(list(expected))
        for address, (_, digest) in sorted(at.items()):
            self._leaving.setdefault(digest, []).append(address)
        for version, article in self._catalog.articles_of([version for version, _ in at.values()]).items():
            if article.source in at and article.title == title_from_name(article.source):
                self._renamed.setdefault(_nameless(article), []).append((article.source, version))


def checked_article(article: Article) -> Article:
    """Return an article that can be indexed: text that can be stored, a short title on one line, a language.

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
    return replace(article, title=_short_title(article), language=language)


def _completed(article: Article, known: Article | None) -> Article:
    """Return an article with what is known of it, and what it does not say itself."""
    if known is None:
        return article
    untitled = article.title in {article.source, title_from_name(article.source)}
    return replace(
        article,
        title=known.title if untitled else article.title,
        published=article.published or known.published,
        publisher=article.publisher or known.publisher,
        author=article.author or known.author,
    )


def _short_title(article: Article) -> str:
    title = " ".join(article.title.split()) or article.source
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def digest_of(article: Article) -> str:
    """Return what tells the content of an article from another, wherever it stands."""
    content = (article.title, article.text, article.published, article.language, article.publisher)
    # Only where there are any, so that an article indexed by an older release is not one that changed.
    later = (article.author, article.address, article.pages)
    whole = (*content, *later) if any(later) else content
    return hashlib.sha256(repr(whole).encode()).hexdigest()


def _nameless(article: Article) -> str:
    return digest_of(replace(article, title=""))


def move_of(change: Change) -> Move | None:
    return Move(change.before, change.article.source) if change.before else None
