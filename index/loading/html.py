"""Read saved web pages with trafilatura: the article without menus, and what the page says of it."""

import re
from datetime import date
from typing import Final

from index.errors import UnreadableArticle
from index.loading.decoding import checked_text
from index.loading.fields import language_code, web_address
from index.models import Article

_SAVED_FROM: Final = re.compile(rb"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|\burl:)\s*(https?://[^\s<>]{1,2000})")
"""What browsers and SingleFile write at the top of a page that they save."""
_TOP: Final = 4096
"""Bytes in which that stands."""


def read_html(data: bytes, source: str) -> Article:
    """Read the article of a web page.

    Its canonical address, or the one it was saved from, is the article's. The language is the one that the page's
    root element names.
    """
    import trafilatura

    tree = trafilatura.load_html(data)
    language = "" if tree is None else tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    page = trafilatura.bare_extraction(
        # It knows an encoding only from bytes, and changes the tree that it is given.
        data,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    text = page.text if page is not None and not isinstance(page, dict) else None
    if page is None or isinstance(page, dict) or not text:
        raise UnreadableArticle(source, "there is no article text in this page. Save the page again, or as plain text.")
    # trafilatura puts one block on a line; here a blank line parts paragraphs.
    text = checked_text(text.replace("\n", "\n\n"), source)
    return Article(
        source,
        page.title or "",
        text,
        date.fromisoformat(page.date) if page.date else None,
        language_code(language),
        page.sitename or None,
        (page.author or "").replace("; ", ", ") or None,
        web_address(page.url) or _saved_from(data),
    )


def _saved_from(data: bytes) -> str | None:
    match = _SAVED_FROM.search(data[:_TOP])
    return web_address(match.group(1).decode("utf-8", "replace")) if match else None
