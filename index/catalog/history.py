"""The former versions of articles: read, numbered, and let go."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ScalarSelect, Select, and_, delete, func, or_, select

from index.catalog.database import Database
from index.catalog.rows import ARTICLE_COLUMNS, can_be_stored, to_article
from index.catalog.tables import ARTICLES, PASSAGES, VECTORS, VERSIONS
from index.history import Version
from index.models import Article

_SHORTEST: Final = 8
"""Characters of a digest that name a version. Ten thousand versions share so many by chance once in a hundred times."""


class History:
    """The versions of the articles in one catalog. Of an article that was removed there are none to be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self, source: str) -> tuple[Version, ...]:
        """Return the versions of the article at an address, the first one first; none where nothing is indexed."""
        if not can_be_stored(source):
            return ()
        query = (
            select(VERSIONS.c.number, VERSIONS.c.digest, VERSIONS.c.added, VERSIONS.c.title, ARTICLES.c.version)
            .select_from(VERSIONS.outerjoin(ARTICLES, and_(ARTICLES.c.version == VERSIONS.c.id, _is_listed)))
            .where(VERSIONS.c.source == _listed_as(source), _is_published)
            .order_by(VERSIONS.c.number)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Version(row.number, row.digest, _moment(row.added), row.title, row.version is not None) for row in rows
        )

    def article(self, source: str, version: int | str) -> Article | None:
        """Return an article as it was: by the number of a version, or by the beginning of its digest.

        A digest also finds an article that has moved from `source` to another address.
        """
        if not can_be_stored(f"{source}{version}") or (isinstance(version, str) and len(version) < _SHORTEST):
            return None
        if isinstance(version, int):
            chosen = and_(VERSIONS.c.source == _listed_as(source), VERSIONS.c.number == version)
        else:
            chosen = func.substr(VERSIONS.c.digest, 1, len(version)) == version
        query = (
            select(*ARTICLE_COLUMNS)
            .where(chosen, _is_published, VERSIONS.c.source.in_(select(ARTICLES.c.source)))
            .order_by(VERSIONS.c.source != _listed_as(source), VERSIONS.c.source, VERSIONS.c.number)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else to_article(row)

    def count(self) -> int:
        """Return how many former versions are kept, of removed articles too."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(VERSIONS).where(_is_former, _is_published)) or 0

    def prune(self, keep: int) -> int:
        """Forget all but the last `keep` former versions of each article. Return how many went."""
        place = func.row_number().over(partition_by=VERSIONS.c.source, order_by=VERSIONS.c.number.desc())
        former = select(VERSIONS.c.id, place.label("place")).where(_is_former, _is_published).subquery()
        return self._delete(select(former.c.id).where(former.c.place > keep))

    def forget_removed(self) -> int:
        """Forget what was kept of articles that were removed, and vectors that no passage has. Return the versions."""
        removed = select(VERSIONS.c.id).where(_is_former, VERSIONS.c.source.not_in(select(ARTICLES.c.source)))
        forgotten = self._delete(removed)
        with self._database.writing() as connection:
            connection.execute(delete(VECTORS).where(VECTORS.c.key.not_in(select(PASSAGES.c.vector))))
        return forgotten

    def _delete(self, versions: Select[tuple[int]]) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(VERSIONS).where(VERSIONS.c.id.in_(versions))).rowcount


_is_former = VERSIONS.c.id.not_in(select(ARTICLES.c.version))
_is_published = or_(VERSIONS.c.generation.is_not(None), VERSIONS.c.id.in_(select(ARTICLES.c.version)))
_is_listed = ARTICLES.c.source == VERSIONS.c.source


def _listed_as(source: str) -> ScalarSelect[str]:
    """Select the address under which the article at `source` is listed: another one where it is a copy."""
    listed = select(VERSIONS.c.source).select_from(ARTICLES.join(VERSIONS, ARTICLES.c.version == VERSIONS.c.id))
    return listed.where(ARTICLES.c.source == source).scalar_subquery()


def _moment(added: str) -> datetime:
    return datetime.fromisoformat(added).astimezone(UTC)
