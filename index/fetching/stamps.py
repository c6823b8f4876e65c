"""What is remembered of a fetch, so that the next one can ask for changes only."""

import json
from collections.abc import Mapping
from typing import Final

_HEADERS: Final = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_LONGEST: Final = 1_000


def write_stamp(url: str, digest: str, headers: Mapping[str, str]) -> str:
    """Return a stamp of an answer: where it came from, the hash of its bytes, and what the server calls its state."""
    named = {name: value for name in _HEADERS if _can_be_sent(value := headers.get(name, ""))}
    return json.dumps({"url": url, "sha256": digest, **named})


def read_stamp(stamp: str) -> dict[str, str]:
    """Return what a stamp says, nothing for one that is not of a fetch."""
    try:
        known = json.loads(stamp)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {str(name): value for name, value in known.items() if isinstance(value, str)}


def conditions(known: Mapping[str, str], url: str) -> dict[str, str]:
    """Return the headers that ask `url` for changes only. A state that another address named means nothing there."""
    if known.get("url") != url:
        return {}
    return {header: known[name] for name, header in _HEADERS.items() if name in known}


def _can_be_sent(value: str) -> bool:
    return 0 < len(value) <= _LONGEST and value.isascii() and value.isprintable()
