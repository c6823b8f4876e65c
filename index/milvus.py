"""Keep vectors in Milvus: one server, a cluster, or a folder of Milvus Lite. The only module that imports pymilvus."""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.catalog import PassageEntry
from index.engines import CollectionMissing, Scope, Stored, day_bounds, day_number, shown_address
from index.errors import EngineUnavailable

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Result = TypeVar("Result")

_BATCH: Final = 1_000
"""Rows in one call, of which Milvus takes 64 MB: 4,096 numbers and more fit."""
_DEEPEST: Final = 16_384
"""What Milvus returns of one search at most (milvus.io/docs/limitations.md)."""
_LANGUAGE: Final = 65_535
"""Bytes of a language, of which there are two or three: an article may name what it likes."""
_MISSING: Final = 100
"""Milvus's number for a collection that is not there."""
_QUIET: Final = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": 0}
"""How seldom a connection is tried: servers of gRPC end one that is tried more often than every five minutes."""
_STALE: Final = 10.0
"""Seconds for which searches wait for all that was written before. Later, Milvus may answer from a state that is up to
five seconds old, which is newer than the generation that is searched."""


class MilvusServer:
    """Milvus at `url`, "http://127.0.0.1:19530", or the whole path of a folder, which ends in ".db", for Milvus Lite.

    `token` is a key, or "user:password". `timeout` are the seconds that one call may take. Raises EngineUnavailable
    where pymilvus is not installed, with the first call.
    """

    kind: Final = "milvus"

    def __init__(self, url: str, *, token: str | None = None, timeout: float = 60.0) -> None:
        parts = urlsplit(url)
        if not (url.endswith(".db") or (parts.scheme in ("http", "https") and parts.hostname)):
            raise ValueError(
                f"{shown_address(url)!r} is not the address of a Milvus server, as http://127.0.0.1:19530 is"
            )
        self.url = url
        self.timeout = timeout
        self.name = f"Milvus at {shown_address(url)}"
        self._token = token
        self._lock = threading.Lock()
        self._client: MilvusClient | None = None

    def collection(self, name: str) -> "MilvusCollection":
        return MilvusCollection(self, name)

    def drop(self, name: str) -> None:
        self.asked(lambda client: client.drop_collection(name, timeout=self.timeout))

    def close(self) -> None:
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def asked(self, call: Callable[["MilvusClient"], Result]) -> Result:
        """Return what Milvus answers. Raises EngineUnavailable, with what to set, and CollectionMissing."""
        try:
            return call(self._connected())
        except EngineUnavailable:
            raise
        except Exception as error:
            raise self._told(error) from error

    def _connected(self) -> "MilvusClient":
        with self._lock:
            if self._client is None:
                self._client = _client(self.url, self._token or "", self.timeout)
            return self._client

    def _told(self, error: Exception) -> Exception:
        """Return what an error means, in words that name the setting to change."""
        said = " ".join(str(getattr(error, "message", "") or error).split())[:200] or type(error).__name__
        if getattr(error, "code", None) == _MISSING:
            return CollectionMissing(f"{self.name} has lost vectors ({said}). Run it again: they are put back.")
        if "auth" in said.lower():
            return EngineUnavailable(f"{self.name} refuses ({said}). Correct ASSISTANT_MILVUS_TOKEN.")
        return EngineUnavailable(
            f"{self.name} did not do what it was asked ({said}). See whether it runs, or correct "
            "ASSISTANT_MILVUS_URL; nothing is lost."
        )


class MilvusCollection:
    """One collection of Milvus, with an index that Milvus chooses, and inverted ones for what scopes filter by."""

    deepest: Final = _DEEPEST

    def __init__(self, server: MilvusServer, name: str) -> None:
        self.name = name
        self._server = server
        self._opened = time.monotonic()
        self._loaded = False

    def create(self, dimension: int) -> None:
        from pymilvus import DataType

        def make(client: "MilvusClient") -> None:
            if client.has_collection(self.name, timeout=self._server.timeout):
                return
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            for name in ("version", "published"):
                schema.add_field(name, DataType.INT64)
            schema.add_field("language", DataType.VARCHAR, max_length=_LANGUAGE)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
            index = client.prepare_index_params()
            # Vectors have length 1, so the inner product is the cosine.
            index.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
            for name in ("version", "published", "language"):
                index.add_index(name, index_type="INVERTED")
            client.create_collection(
                self.name,
                schema=schema,
                consistency_level="Strong",
                timeout=self._server.timeout,
            )
            # Of an empty collection, there is nothing to wait for.
            client.create_index(self.name, index, timeout=self._server.timeout, sync=False)
            client.load_collection(self.name, timeout=self._server.timeout)

        self._server.asked(make)

    def put(self, entries: Sequence[PassageEntry]) -> None:
        for part in _batches(entries):
            self._put([_row(entry) for entry in part])

    def _put(self, rows: list[dict[str, Any]]) -> None:
        self._asked(lambda client: client.upsert(self.name, rows, timeout=self._server.timeout))

    def remove(self, ids: Sequence[int]) -> None:
        for part in _batches(ids):
            self._remove(list(part))

    def _remove(self, ids: list[int]) -> None:
        self._asked(lambda client: client.delete(self.name, ids=ids, timeout=self._server.timeout))

    def count(self) -> int:
        [found] = self._queried("", ["count(*)"])
        return int(found["count(*)"])

    def stored(self, ids: Sequence[int]) -> dict[int, Stored]:
        parts = (self._queried(f"id in {list(part)}", ["id", "version", "vector"]) for part in _batches(ids))
        return {
            row["id"]: Stored(row["version"], np.asarray(row["vector"], dtype=np.float32))
            for rows in parts
            for row in rows
        }

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        level = "Strong" if time.monotonic() - self._opened < _STALE else "Bounded"
        [found] = self._asked(
            lambda client: client.search(
                self.name,
                data=[vector.tolist()],
                anns_field="vector",
                filter=_condition(scope),
                limit=limit,
                output_fields=["id"],
                search_params={"metric_type": "IP"},
                consistency_level=level,
                timeout=self._server.timeout,
            )
        )
        return {int(hit["id"]): float(hit["distance"]) for hit in found}

    def _queried(self, condition: str, fields: list[str]) -> list[dict[str, Any]]:
        return self._asked(
            lambda client: list(
                client.query(
                    self.name,
                    filter=condition,
                    output_fields=fields,
                    consistency_level="Strong",
                    timeout=self._server.timeout,
                )
            )
        )

    def _asked(self, call: Callable[["MilvusClient"], Result]) -> Result:
        if not self._loaded:
            # A server that was started again has it on its disks, and not yet in its memory.
            self._server.asked(lambda client: client.load_collection(self.name, timeout=self._server.timeout))
            self._loaded = True
        return self._server.asked(call)


def _client(url: str, token: str, timeout: float) -> "MilvusClient":
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise EngineUnavailable(
            "ASSISTANT_MILVUS_URL needs the package pymilvus. Install it: pip install 'footnote-assistant[milvus]'"
        ) from error
    # Each error that it raises it also prints, with its traceback.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL + 1)
    return MilvusClient(url, token=token, timeout=timeout, dedicated=True, grpc_options=_QUIET)


def _batches(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _BATCH] for start in range(0, len(values), _BATCH)]


def _row(entry: PassageEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "version": entry.version,
        "published": day_number(entry.published),
        "language": entry.language,
        "vector": entry.vector,
    }


def _condition(scope: Scope | None) -> str:
    """Return a scope as an expression of Milvus's, "" where it lets all through."""
    if scope is None:
        return ""
    conditions = []
    bounds = day_bounds(scope)
    if bounds is not None:
        conditions.append(f"published >= {bounds[0]} and published <= {bounds[1]}")
    if scope.versions is not None:
        conditions.append(f"version in {[int(version) for version in scope.versions]}")
    if scope.languages:
        conditions.append(f"language in {json.dumps(list(scope.languages), ensure_ascii=False)}")
    return " and ".join(conditions)
