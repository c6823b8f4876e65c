"""Ask a server, within limits. The only module that imports httpcore.

Every connection goes through the gate, and is made to an address that it let through, not to a name. There are no
proxies: a proxy would look the name up again, out of our sight.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore

from index.fetching.compression import BrokenGzip, expand
from index.fetching.gate import Gate, NoAnswer, Silence
from index.fetching.urls import Origin, origin_of, target_of


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may take: seconds to connect and in all, and bytes, counted after decompression."""

    connect: float = 10.0
    seconds: float = 30.0
    size: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. The names of `headers` are lower-case; `body` is read only where the status is 200."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def ask(url: str, headers: Mapping[str, str], gate: Gate, limits: Limits) -> Answer:
    """Send one GET to a normal URL and return the answer, a redirect as such. Raises NoAnswer.

    Every call connects anew, so every one is checked.
    """
    origin = origin_of(url)
    ends = time.monotonic() + limits.seconds
    sent = {"Host": origin.authority, "Accept-Encoding": "gzip", "Connection": "close", **headers}
    request = httpcore.Request(
        "GET",
        httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=target_of(url)),
        headers=list(sent.items()),
        extensions={"timeout": dict.fromkeys(("connect", "read", "write"), limits.connect)},
    )
    try:
        with _connection(origin, gate, ends) as connection:
            response = connection.handle_request(request)
            try:
                named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                body = _read(response.iter_stream(), named, limits) if response.status == 200 else b""
                return Answer(url, response.status, named, body)
            finally:
                response.close()
    except httpcore.TimeoutException as error:
        raise Silence(f"{origin.host} did not answer within {limits.seconds:g} s. Try again later.") from error
    except BrokenGzip as error:
        raise NoAnswer(f"what {origin.host} sent is damaged ({error}). Try again later.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
        why = str(error) or type(error).__name__
        raise Silence(f"{origin.host} gave no proper answer ({why}). Check the address.") from error


def _connection(origin: Origin, gate: Gate, ends: float) -> httpcore.HTTPConnection:
    return httpcore.HTTPConnection(
        httpcore.Origin(origin.scheme.encode(), origin.host.encode(), origin.port),
        network_backend=_Backend(gate, ends),
    )


def _read(chunks: Iterable[bytes], headers: Mapping[str, str], limits: Limits) -> bytes:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise NoAnswer(f"it comes compressed as {encoding[:40]!r}, which nobody asked for. Save the page instead.")
    length = headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > limits.size:
        raise _too_large(limits)
    parts, size = [], 0
    for part in expand(chunks) if "gzip" in encoding else chunks:
        parts.append(part)
        size += len(part)
        if size > limits.size:
            raise _too_large(limits)
    return b"".join(parts)


def _too_large(limits: Limits) -> NoAnswer:
    return NoAnswer(f"it has more than {limits.size / 1024**2:g} MiB. Save it, and index the parts that matter.")


class _Backend(httpcore.NetworkBackend):
    """Connects to addresses that the gate let through."""

    def __init__(self, gate: Gate, ends: float) -> None:
        self._gate = gate
        self._ends = ends
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *args: Any, **kwargs: Any) -> "_Stream":
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        connect_by = time.monotonic() + (timeout or 0)
        for address in self._gate.addresses(host, port):
            try:
                left = _left(min(connect_by, self._ends))
                return _Stream(self._sockets.connect_tcp(address, port, left, *args, **kwargs), self._ends)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")


class _Stream(httpcore.NetworkStream):
    """A connection that ends at a moment, however often it sends a byte to stay alive."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(self._ends, timeout)), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float, timeout: float | None = None) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ConnectTimeout
    return min(left, timeout or left)
