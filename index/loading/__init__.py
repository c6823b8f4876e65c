"""Files and folders in, articles out: one reader a format, one file each.

A reader is a function `(data, source) -> Article` that raises UnreadableArticle. READERS says which one reads which
ending. Readers keep paragraphs apart with blank lines, and leave the language empty where the document names none.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from index.errors import UnreadableArticle
from index.loading.discovery import Discovery, discover, normal_address
from index.loading.html import read_html
from index.loading.markdown import read_markdown
from index.loading.plain import read_plain
from index.models import Article

Reader = Callable[[bytes, str], Article]

READERS: Final[Mapping[str, Reader]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_plain,
    ".text": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}

MAX_BYTES: Final = 32 * 1024 * 1024
"""A larger file is no article. Its text alone would be some 5,000 printed pages."""

__all__ = ["MAX_BYTES", "READERS", "Discovery", "Reader", "discover", "load_file", "normal_address"]


def load_file(path: Path) -> list[Article]:
    """Return the articles in the file at `path`. The source of the only one is the absolute path.

    Raises UnreadableArticle when the file cannot be read, is too large, holds no text, or has no reader.
    """
    source = str(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise UnreadableArticle(source, f"no reader for {path.suffix or 'files without an ending'!r}. Known: {known}.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // (1024 * 1024)
            raise UnreadableArticle(source, f"the file has {size:,} bytes, more than {limit} MiB. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableArticle(source, f"cannot be read: {error.strerror}. Check its permissions.") from error
    article = reader(data, source)
    if not article.text.strip():
        raise UnreadableArticle(source, "there is no text in it. Add text, or remove the file.")
    return [article]
