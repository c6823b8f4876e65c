"""What a site asks of programs, in its robots.txt. The only module that imports protego."""

from typing import Final

from protego import Protego

PRODUCT: Final = "footnote-assistant"
"""The name by which robots.txt can speak of us."""

_READ: Final = 500 * 1024
"""Bytes that RFC 9309 says must be read at least; the rest is ignored."""


class Robots:
    """The rules for us in one robots.txt. `sitemaps` are as they are written there."""

    def __init__(self, data: bytes = b"") -> None:
        self._rules = Protego.parse(data[:_READ].decode("utf-8-sig", "replace"))
        self.delay = self._rules.crawl_delay(PRODUCT) or 0.0
        self.sitemaps = tuple(self._rules.sitemaps)

    def allows(self, url: str) -> bool:
        return self._rules.can_fetch(url, PRODUCT)
