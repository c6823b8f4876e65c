"""Whether the catalog holds what was written to it. Reads everything once."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from sqlalchemy import select

from index.catalog.database import Database
from index.catalog.rows import ARTICLE_COLUMNS, to_article
from index.catalog.tables import GENERATIONS, PASSAGES, VECTORS
from index.models import Article

_NEARLY: Final = 0.01
"""How far the length of a vector may be from 1. Models in bfloat16 come within 0.004."""


def faults_of_file(database: Database) -> list[str]:
    """Return what the database finds wrong with its files, at most a few faults."""
    with database.reading() as connection:
        return database.backend.faults(connection)


def altered_articles(database: Database, is_as_stored: Callable[[Article], bool]) -> Iterator[str]:
    """Yield the addresses of versions whose content is not what its digest says: the disk has changed it."""
    with database.reading() as connection:
        rows = connection.execution_options(yield_per=200).execute(select(*ARTICLE_COLUMNS))
        for row in rows:
            if not is_as_stored(to_article(row)):
                yield row.source


def broken_vectors(database: Database) -> int:
    """Return how many passages have a vector that is missing, or that is not one of length 1."""
    query = select(VECTORS.c.value).select_from(PASSAGES.outerjoin(VECTORS, PASSAGES.c.vector == VECTORS.c.key))
    with database.reading() as connection:
        return sum(not _is_sound(row[0]) for row in connection.execution_options(yield_per=1_000).execute(query))


def is_untouched(database: Database) -> bool:
    """Tell whether nothing was ever indexed with this catalog, not even by a run that was killed."""
    with database.reading() as connection:
        return all(connection.scalar(select(key).limit(1)) is None for key in (GENERATIONS.c.number, VECTORS.c.key))


def _is_sound(value: bytes | None) -> bool:
    if not value or len(value) % 4:
        return False
    return bool(abs(np.linalg.norm(np.frombuffer(value, dtype=np.float32)) - 1) < _NEARLY)
