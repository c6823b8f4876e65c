"""The record of what is indexed: sources, articles, their versions and passages, and cached vectors. The only truth.

Chroma and tantivy are derived from it and can be rebuilt from it. The only package that imports SQLAlchemy.

A version is staged until a generation that holds its passages is published; `publish` makes the versions and the
generation current in one transaction, so a reader sees either the old articles or the new ones, never a mixture.
"""

from index.catalog.catalog import Catalog
from index.catalog.database import SCHEMA
from index.catalog.holdings import ADDED, HeldItem, Holdings
from index.catalog.lineage import Difference
from index.catalog.rows import PassageEntry, StagedPassage
from index.catalog.staging import Step

__all__ = ["ADDED", "SCHEMA", "Catalog", "Difference", "HeldItem", "Holdings", "PassageEntry", "StagedPassage", "Step"]
