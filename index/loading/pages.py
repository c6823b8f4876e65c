"""Join the pages of a document to one text, and keep where each begins."""

from collections.abc import Iterable


def join_pages(pages: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages, with blank lines between, and the offset at which each page begins.

    An empty page begins where the next one does, so that every page keeps its number: the offsets never fall.
    """
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for page in pages:
        if page and pieces:
            pieces.append("\n\n")
            length += 2
        starts.append(length)
        if page:
            pieces.append(page)
            length += len(page)
    return "".join(pieces), tuple(starts)
