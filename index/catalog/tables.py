"""The tables of the catalog.

    sources ─< items ─< holdings ─ articles >─ versions ─< passages >─ vectors

A source (a folder, a feed) has items (files, pages), and an item holds articles, which several items may hold. An
article is an address with its current version. Several addresses with the same content share a version, whose `source`
is the address that it is listed under; the others are its copies.

Each publication is a row of `generations`, and each passage that went with it a row of `dropped`.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA: Final = MetaData()

_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts only what is called INTEGER, which has eight bytes there."""
_NAME: Final = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared and sorted by its characters' numbers, as SQLite does it."""

FACTS: Final = Table("facts", METADATA, Column("name", _NAME, primary_key=True), Column("value", _NAME, nullable=False))

SOURCES: Final = Table(
    "sources",
    METADATA,
    Column("address", _NAME, primary_key=True),
    Column("kind", _NAME, nullable=False),
    Column("stamp", Text, nullable=False, server_default=""),
    Column("ignore", Text, nullable=False, server_default="[]"),
    Column("read", _NAME),
    Column("failure", Text),
)

ITEMS: Final = Table(
    "items",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    # Not a foreign key: articles that a program added have a source that is not read again.
    Column("source", _NAME, nullable=False),
    Column("address", _NAME, nullable=False),
    Column("stamp", Text, nullable=False, server_default=""),
    UniqueConstraint("source", "address"),
)

HOLDINGS: Final = Table(
    "holdings",
    METADATA,
    Column("item", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("article", _NAME, primary_key=True),
    Index("holdings_by_article", "article"),
    sqlite_with_rowid=False,
)

ARTICLES: Final = Table(
    "articles",
    METADATA,
    Column("source", _NAME, primary_key=True),
    Column("version", ForeignKey("versions.id"), nullable=False),
    Index("articles_by_version", "version"),
)

VERSIONS: Final = Table(
    "versions",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    Column("source", _NAME, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("published", Date),
    Column("language", _NAME, nullable=False),
    Column("publisher", Text),
    Column("author", Text),
    Column("address", Text),
    Column("pages", Text, nullable=False, server_default="[]"),
    Column("digest", _NAME, nullable=False),
    Column("generation", _NAME, index=True),
    Column("added", _NAME, nullable=False),
    Index("versions_by_digest", "digest"),
    sqlite_autoincrement=True,
)

PASSAGES: Final = Table(
    "passages",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    Column("version", ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Index("passages_by_version", "version"),
    sqlite_autoincrement=True,
)

VECTORS: Final = Table(
    "vectors", METADATA, Column("key", LargeBinary, primary_key=True), Column("value", LargeBinary, nullable=False)
)

GENERATIONS: Final = Table(
    "generations",
    METADATA,
    Column("number", _NUMBER, primary_key=True),
    Column("name", _NAME, nullable=False, unique=True),
    # The highest number of a passage when it became current.
    Column("last", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

DROPPED: Final = Table(
    "dropped",
    METADATA,
    # Not a foreign key: the passage is gone.
    Column("passage", _NUMBER, primary_key=True, autoincrement=False),
    Column("generation", BigInteger, nullable=False),
    Index("dropped_by_generation", "generation"),
)

LEFTOVERS: Final = Table(
    "leftovers",
    METADATA,
    # Not a foreign key: the passage is gone from here, and not yet from the store that the vectors are in.
    Column("passage", _NUMBER, primary_key=True, autoincrement=False),
)
