"""Keep stems and character 4-grams in tantivy. The only module that imports tantivy."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import tantivy

from index.catalog import PassageEntry
from index.engines import Scope, day_bounds, day_number
from index.text import grams, stems

_HEAP: Final = 64_000_000
"""Bytes that the writer may use before it flushes a segment. tantivy wants at least 15 MB a thread."""

_FEW: Final = 2_000
"""Passages that are written anew, in 0.3 s, whenever some are removed."""
_SHARE: Final = 8
"""Of what is more than a few, an eighth may be removed before all are written anew."""

STEMS: Final = "stems"
GRAMS: Final = "grams"
LANGUAGE: Final = "language"


class TantivyIndex:
    """The words of one generation, in the folder `path`, which is created where it is missing.

    Words arrive as lists and are indexed as they are: language and folding are the business of `index.text`. Queries
    are built from terms and never parsed, so no character of a question is an operator.

    BM25 counts the words of removed passages, too, until tantivy merges their segment, which nobody can ask it for.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(path), reuse=True)
        self._writer: tantivy.IndexWriter | None = None
        self._index.reload()
        self._searcher = self._index.searcher()
        counted = sum(count for _, count in self._searcher.terms_with_prefix(LANGUAGE, ""))
        self._current, self._removed = self.count(), counted - self.count()

    @property
    def is_distorted(self) -> bool:
        """Tell whether the words of removed passages weigh so much that the others are better written anew."""
        return self._removed > max(0, self._current - _FEW) / _SHARE

    def add(self, entries: Sequence[PassageEntry]) -> None:
        writer = self._writing()
        for entry in entries:
            document = tantivy.Document()
            document.add_unsigned("id", entry.id)
            document.add_unsigned("version", entry.version)
            document.add_unsigned("published", day_number(entry.published))
            document.add_text(LANGUAGE, entry.language)
            text = f"{entry.title}\n{entry.publisher}\n{entry.text}"
            document.add_text(STEMS, " ".join(stems(text, entry.language)))
            document.add_text(GRAMS, " ".join(grams(text)))
            writer.add_document(document)
        self._current += len(entries)

    def remove(self, ids: Sequence[int]) -> None:
        # By query: delete_documents_by_term (tantivy 0.27) never matches an unsigned field.
        self._writing().delete_documents_by_query(tantivy.Query.term_set_query(self._index.schema, "id", list(ids)))
        self._current -= len(ids)
        self._removed += len(ids)

    def rewrite(self, batches: Iterable[Sequence[PassageEntry]]) -> None:
        """Write the passages that are current anew, so that no word of another counts."""
        self.close()  # what is not on disk yet would outlive the next line
        self._writing().delete_all_documents()
        self._current = self._removed = 0
        for entries in batches:
            self.add(entries)

    def count(self) -> int:
        return int(self._searcher.num_docs)

    def query(self, field: str, terms: Iterable[str], limit: int, scope: Scope | None = None) -> dict[int, float]:
        """Return the BM25 score of the passages that hold any of `terms`, by passage number, the best first."""
        wanted = [(tantivy.Occur.Should, self._term(field, term)) for term in set(terms)]
        if not wanted:
            return {}
        query = tantivy.Query.boolean_query(wanted)
        filters = self._filters(scope)
        if filters:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *filters])
        hits = self._searcher.search(query, limit, count=False).hits
        numbers = self._searcher.fast_field_values("id", [address for _, address in hits])
        return {int(number or 0): float(score) for number, (score, _) in zip(numbers, hits, strict=True)}

    def close(self) -> None:
        """Put on disk what was added and removed. Without changes the folder is not touched: it may be gone."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None

    @staticmethod
    def files(path: Path) -> list[Path]:
        """Return all files but locks, which are empty."""
        return [file for file in path.iterdir() if file.suffix != ".lock"]

    @staticmethod
    def is_written_once(path: Path) -> bool:
        """Tell whether a file is of a segment, which tantivy replaces and never changes, and no list of segments."""
        return not path.name.startswith(("meta", "."))

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, field, term)

    def _filters(self, scope: Scope | None) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        if scope is None:
            return []
        schema, filters = self._index.schema, []
        bounds = day_bounds(scope)
        if bounds is not None:
            filters.append(tantivy.Query.range_query(schema, "published", tantivy.FieldType.Unsigned, *bounds))
        if scope.versions is not None:
            filters.append(tantivy.Query.term_set_query(schema, "version", list(scope.versions)))
        if scope.languages:
            filters.append(tantivy.Query.term_set_query(schema, LANGUAGE, list(scope.languages)))
        return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in filters]

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, num_threads=1)
        return self._writer


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "version", "published"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in (STEMS, GRAMS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(LANGUAGE, tokenizer_name="raw", index_option="basic")
    return builder.build()
