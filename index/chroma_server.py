"""Keep vectors in a server of Chroma, or in Chroma Cloud."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray

from index.catalog import PassageEntry
from index.dense import client_settings, condition_of, metadata_of
from index.engines import CollectionMissing, Scope, Stored, shown_address
from index.errors import EngineUnavailable

if TYPE_CHECKING:
    from chromadb.api.fastapi import FastAPI
    from chromadb.api.models.Collection import Collection

Result = TypeVar("Result")

TENANT: Final = "default_tenant"
DATABASE: Final = "default_database"
"""What a server of one's own has."""

_CLOUD: Final = "trychroma.com"
_BATCH: Final = 300
"""Rows in one call: as many as Chroma Cloud takes (docs.trychroma.com/cloud/quotas-limits). A server of one's own
takes 5,461, and is no faster with them."""
_DEEPEST_IN_CLOUD: Final = 300
_DEEPEST: Final = 10_000
_PAUSES: Final = (0.0, 1.0)
"""Seconds before a call is made again. The first time, it was only an idle connection that the server had closed."""
_BUSY: Final = frozenset({429, 502, 503, 504})


class ChromaServer:
    """A server of Chroma at `url`, "http://127.0.0.1:8000", or Chroma Cloud, "https://api.trychroma.com".

    `key` is sent as X-Chroma-Token, which Chroma Cloud asks for, and a proxy in front of a server may. `timeout` are
    the seconds that one call may take. Raises ValueError for an address that is none.
    """

    kind: Final = "chroma-server"

    def __init__(
        self,
        url: str,
        *,
        tenant: str = TENANT,
        database: str = DATABASE,
        key: str | None = None,
        timeout: float = 60.0,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(
                f"{shown_address(url)!r} is not the address of a Chroma server, as http://127.0.0.1:8000 is"
            )
        self.url = url.rstrip("/")
        self.tenant = tenant
        self.database = database
        self.name = f"Chroma server at {shown_address(self.url)}"
        self._key = key
        self._timeout = timeout
        self._in_cloud = parts.hostname.endswith(_CLOUD)
        self._lock = threading.Lock()
        self._server: FastAPI | None = None

    def collection(self, name: str) -> "ChromaCollection":
        return ChromaCollection(self, name, _DEEPEST_IN_CLOUD if self._in_cloud else _DEEPEST)

    def drop(self, name: str) -> None:
        try:
            self.asked(lambda server: server.delete_collection(name, tenant=self.tenant, database=self.database))
        except CollectionMissing:
            return

    def close(self) -> None:
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server._session.close()

    def found(self, name: str) -> "Collection":
        """Return Chroma's collection with a name. Raises CollectionMissing."""
        return self.asked(
            lambda server: _collection(server, server.get_collection(name, tenant=self.tenant, database=self.database))
        )

    def made(self, name: str) -> "Collection":
        """Return Chroma's collection with a name, which is made where it is missing."""
        # Vectors have length 1, so the inner product is the cosine. Chroma Cloud keeps an index of its own kind.
        index: Any = {"spann": {"space": "ip"}} if self._in_cloud else {"hnsw": {"space": "ip", "ef_search": 200}}
        return self.asked(
            lambda server: _collection(
                server,
                server.create_collection(
                    name, configuration=index, get_or_create=True, tenant=self.tenant, database=self.database
                ),
            )
        )

    def asked(self, call: Callable[["FastAPI"], Result]) -> Result:
        """Return what the server answers. Raises EngineUnavailable, with what to set, and CollectionMissing."""
        pauses = iter(_PAUSES)
        while True:
            try:
                return call(self._connected())
            except Exception as error:
                pause = next(pauses, None) if _may_pass(error) else None
                if pause is None:
                    raise self._told(error) from error
                time.sleep(pause)

    def _connected(self) -> "FastAPI":
        with self._lock:
            if self._server is None:
                server = _client(self.url, self._key, self._timeout)
                try:
                    # Chroma says of a wrong database only that a collection is missing.
                    server.get_database(self.database, tenant=self.tenant)
                except BaseException:
                    server._session.close()
                    raise
                self._server = server
            return self._server

    def _told(self, error: Exception) -> Exception:
        """Return what an error means, in words that name the setting to change."""
        where, status, kind = f"The {self.name}", _status(error), type(error).__name__
        if kind == "NotFoundError" and str(error).startswith("Collection"):
            return CollectionMissing(f"{where} has lost vectors ({_line(error)}). Run it again: they are put back.")
        if kind == "NotFoundError" or (status == httpx.codes.NOT_FOUND and self._server is None):
            return EngineUnavailable(
                f"{where} has no database {self.database!r} of a tenant {self.tenant!r}. Correct ASSISTANT_CHROMA_URL, "
                "ASSISTANT_CHROMA_TENANT or ASSISTANT_CHROMA_DATABASE."
            )
        if kind in ("AuthorizationError", "ChromaAuthError") or status in (401, 403):
            given = "the key that it was given" if self._key else "callers without a key"
            return EngineUnavailable(f"{where} refuses {given}. Correct ASSISTANT_CHROMA_KEY.")
        if isinstance(error, httpx.TimeoutException):
            said = f"did not answer within {self._timeout:g} seconds"
        elif isinstance(error, httpx.TransportError):
            said = f"cannot be reached ({_line(error)})"
        else:
            said = f"did not do what it was asked ({_line(error)})"
        return EngineUnavailable(
            f"{where} {said}. See whether it runs, or correct ASSISTANT_CHROMA_URL; nothing is lost."
        )


class ChromaCollection:
    """One collection of a server. Chroma makes its index when the first vectors come."""

    def __init__(self, server: ChromaServer, name: str, deepest: int) -> None:
        self.name = name
        self.deepest = deepest
        self._server = server
        self._found: Collection | None = None

    def create(self, dimension: int) -> None:
        self._found = self._server.made(self.name)

    def put(self, entries: Sequence[PassageEntry]) -> None:
        for part in _batches(entries):
            self._put(part)

    def _put(self, entries: Sequence[PassageEntry]) -> None:
        ids = [str(entry.id) for entry in entries]
        metadatas: Any = [metadata_of(entry) for entry in entries]
        vectors = np.stack([entry.vector for entry in entries])
        self._asked(lambda rows: rows.upsert(ids=ids, embeddings=vectors, metadatas=metadatas))

    def remove(self, ids: Sequence[int]) -> None:
        for part in _batches(ids):
            self._remove([str(number) for number in part])

    def _remove(self, ids: list[str]) -> None:
        self._asked(lambda rows: rows.delete(ids=ids))

    def count(self) -> int:
        return self._asked(lambda rows: rows.count())

    def stored(self, ids: Sequence[int]) -> dict[int, Stored]:
        return dict(row for part in _batches(ids) for row in self._stored([str(number) for number in part]))

    def _stored(self, ids: list[str]) -> Iterator[tuple[int, Stored]]:
        got = self._asked(lambda rows: rows.get(ids=ids, include=["embeddings", "metadatas"]))
        vectors = np.asarray(got["embeddings"], dtype=np.float32)
        for number, vector, known in zip(got["ids"], vectors, got["metadatas"] or [], strict=True):
            yield int(number), Stored(int(str(known["version"])), vector)

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        where = condition_of(scope)
        found = self._asked(
            lambda rows: rows.query(
                query_embeddings=vector[np.newaxis, :], n_results=limit, where=where, include=["distances"]
            )
        )
        [distances] = found["distances"] or [[]]
        return {int(number): 1.0 - float(d) for number, d in zip(found["ids"][0], distances, strict=True)}

    def _asked(self, call: Callable[["Collection"], Result]) -> Result:
        rows = self._found or self._server.found(self.name)
        try:
            result = self._server.asked(lambda _server: call(rows))
        except CollectionMissing:
            self._found = None
            raise
        self._found = rows
        return result


def _client(url: str, key: str | None, timeout: float) -> "FastAPI":
    from chromadb.api.fastapi import FastAPI
    from chromadb.config import System

    settings = client_settings().model_copy(
        update={
            "chroma_api_impl": "chromadb.api.fastapi.FastAPI",
            "chroma_server_host": url,
            "chroma_server_http_port": 8000,
            "chroma_server_ssl_enabled": url.startswith("https:"),
            "chroma_server_headers": {"X-Chroma-Token": key} if key else {},
        }
    )
    server = System(settings).instance(FastAPI)
    # It waits for ever otherwise, and has no setting for it.
    server._session.timeout = httpx.Timeout(timeout, connect=min(timeout, 10.0))
    return server


def _collection(server: "FastAPI", model: Any) -> "Collection":
    from chromadb.api.models.Collection import Collection

    return Collection(client=server, model=model, embedding_function=None)


def _batches(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _BATCH] for start in range(0, len(values), _BATCH)]


def _may_pass(error: Exception) -> bool:
    if isinstance(error, httpx.TransportError):
        return not isinstance(error, httpx.TimeoutException)
    return type(error).__name__ == "RateLimitError" or _status(error) in _BUSY


def _status(error: BaseException) -> int | None:
    """Return the status of the answer that an error of Chroma's client is about: it keeps only its words."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, httpx.HTTPStatusError):
            return seen.response.status_code
        seen = seen.__cause__ or seen.__context__
    return None


def _line(error: Exception) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    return said[:200]
