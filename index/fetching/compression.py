"""Gzip, a piece at a time: a bomb is noticed while it grows."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

MAGIC: Final = b"\x1f\x8b"
_PIECE: Final = 64 * 1024


class BrokenGzip(ValueError):
    """What came is not gzip, or ends too early."""


def expand(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what gzip members one after another hold, in pieces of at most 64 KiB, some empty. Raises BrokenGzip."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    begun = False
    for chunk in chunks:
        while chunk:
            if stream.eof:
                stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            begun = True
            try:
                piece = stream.decompress(chunk, _PIECE)
            except zlib.error as error:
                raise BrokenGzip(str(error)) from error
            yield piece
            chunk = stream.unused_data if stream.eof else stream.unconsumed_tail
    if begun and not stream.eof:
        raise BrokenGzip("it ends too early")


def gunzip(data: bytes, limit: int) -> bytes:
    """Return what gzipped bytes hold, and other bytes as they are. Raises BrokenGzip, also above `limit` bytes."""
    if not data.startswith(MAGIC):
        return data
    parts, size = [], 0
    for part in expand([data]):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise BrokenGzip(f"it holds more than {limit / 1024**2:g} MiB")
    return b"".join(parts)
