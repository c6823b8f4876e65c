"""Read plain text. A short first line that stands alone is the title."""

from typing import Final

from index.loading.decoding import decode_text
from index.models import Article

_LONGEST_TITLE: Final = 150


def read_plain(data: bytes, source: str) -> Article:
    text = decode_text(data, source)
    first, _, rest = text.strip().partition("\n")
    is_title = len(first) <= _LONGEST_TITLE and rest.startswith("\n")
    return Article(source, first.strip() if is_title else "", text)
