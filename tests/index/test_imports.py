"""The architecture: what index/ may import, and which file owns which library."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import index

PACKAGE = Path(index.__file__).parent
FIRST_PARTY = {"assistant", "index", "prompts", "benchmarks", "app"}

OWNERS = {
    "chromadb": "dense.py chroma_server.py",
    "pymilvus": "milvus.py",
    "tantivy": "lexical.py",
    "sqlalchemy": "catalog/backend.py catalog/catalog.py catalog/database.py catalog/history.py catalog/holdings.py "
    "catalog/inspection.py catalog/lineage.py catalog/migrations/__init__.py catalog/migrations/versions/v2_items.py "
    "catalog/migrations/versions/v3_generations.py catalog/migrations/versions/v4_leftovers.py "
    "catalog/postgresql.py catalog/rows.py catalog/spoken.py catalog/sqlite.py catalog/staging.py "
    "catalog/tables.py",
    "alembic": "catalog/migrations/__init__.py catalog/migrations/env.py catalog/migrations/versions/v2_items.py "
    "catalog/migrations/versions/v3_generations.py catalog/migrations/versions/v4_leftovers.py",
    "psycopg": "catalog/postgresql.py",
    "torch": "torch_encoder.py kernels.py",
    "transformers": "torch_encoder.py",
    "sentence_transformers": "torch_encoder.py kernels.py",
    "openvino": "bert.py",
    "safetensors": "bert.py",
    "tokenizers": "bert.py",
    "filelock": "replica.py sync.py",
    "watchfiles": "watching.py",
    "py3langid": "text.py",
    "sentencex": "text.py",
    "Stemmer": "text.py",
    "wordfreq": "text.py",
    "httpcore": "fetching/connections.py",
    "httpx": "fetching/urls.py chroma_server.py",
    "protego": "fetching/robots.py",
    "feedparser": "loading/feeds.py",
    "charset_normalizer": "loading/decoding.py",
    "trafilatura": "loading/html.py",
    "markdown_it": "loading/markdown.py",
    "yaml": "loading/yaml_mapping.py",
    "defusedxml": "loading/archive.py",
    "zipfile": "loading/archive.py",
    "lxml": "loading/markup.py",
    "babel": "loading/fields.py",
    "csv": "loading/table.py",
    "pypdfium2": "loading/pdf.py",
    "ray": "backfill/cluster.py backfill/pipeline.py",
    "pyarrow": "backfill/rows.py backfill/stages.py",
}

HEAVY = [
    "alembic",
    "psycopg",
    "chromadb",
    "pymilvus",
    "torch",
    "transformers",
    "sentence_transformers",
    "openvino",
    "safetensors",
    "tokenizers",
    "trafilatura",
    "ray",
    "pyarrow",
]


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are banned"
            yield node.module or ""


@cache
def _modules_imported(path: Path) -> list[str]:
    return list(_imported(ast.parse(path.read_text(encoding="utf-8"))))


def _module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_the_search_for_imports_sees_the_package() -> None:
    assert {path.name for path in _files()} >= {"article_index.py", "dense.py", "lexical.py", "markdown.py"}
    assert "chromadb" in _modules_imported(PACKAGE / "dense.py")


def test_index_imports_nothing_of_ours_but_itself() -> None:
    strangers = FIRST_PARTY - {"index"}
    for path in _files():
        assert not {name.split(".")[0] for name in _modules_imported(path)} & strangers, path


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_a_library_is_imported_where_it_is_owned(library: str, owners: str) -> None:
    importing = {
        path.relative_to(PACKAGE).as_posix()
        for path in _files()
        if library in {name.split(".")[0] for name in _modules_imported(path)}
    }
    assert importing == set(owners.split())


def test_no_function_imports_our_own_modules() -> None:
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                roots = {name.split(".")[0] for name in _imported(node)}
                assert not roots & FIRST_PARTY, f"{path}: {node.name}"


def test_no_cycles() -> None:
    modules = {_module_name(path): path for path in _files()}
    graph = {
        name: {used for used in _modules_imported(path) if used in modules and used != name}
        for name, path in modules.items()
    }
    assert sum(map(len, graph.values())) > len(modules)
    TopologicalSorter(graph).prepare()


def test_heavy_libraries_load_when_they_are_first_used() -> None:
    script = f"import sys, index; print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_public_names_are_these() -> None:
    assert sorted(index.__all__) == [
        "Article",
        "ArticleIndex",
        "ChromaServer",
        "Compaction",
        "Edit",
        "Embedder",
        "EmbeddingUnavailable",
        "EngineUnavailable",
        "Examination",
        "Failure",
        "HomeUnusable",
        "IndexBusy",
        "IndexMismatch",
        "IndexStatus",
        "IndexingError",
        "Kind",
        "MilvusServer",
        "Move",
        "Passage",
        "ProgressCallback",
        "SearchFilter",
        "SentenceTransformerEmbedder",
        "Signals",
        "Source",
        "Span",
        "SyncProgress",
        "SyncReport",
        "UnreadableArticle",
        "Version",
        "compare_articles",
        "detect_language",
        "watch",
    ]
    assert all(hasattr(index, name) for name in index.__all__)
