"""Readers of other packages, which name them as entry points of the group footnote.readers.

    [project.entry-points."footnote.readers"]
    tex = "footnote_tex:read_tex"

The name is the ending of the files, and the function a reader: `(data, source) -> Article`, raising UnreadableArticle.
"""

import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint, distributions
from typing import Any, Final

from index.errors import UnreadableArticle
from index.loading.formats import Format, Reader
from index.models import Article

GROUP: Final = "footnote.readers"
_ENDING: Final = re.compile(r"[a-z0-9_+-]{1,20}")


def plugged_formats() -> list[Format]:
    """Return the formats that installed packages read, by the names of the packages. None of them is loaded yet."""
    return [
        Format(package, (f".{entry.name.lower()}",), (), _reader(entry, package))
        for package, entry in sorted(_entries(), key=lambda found: (found[0], found[1].name))
        if _ENDING.fullmatch(entry.name.lower())
    ]


def _entries() -> Iterator[tuple[str, EntryPoint]]:
    for distribution in distributions():
        try:
            entries = list(distribution.entry_points.select(group=GROUP))
            # Its name is read from all of its metadata, which takes ten times as long.
            package = (distribution.metadata["Name"] if entries else "") or "a package without a name"
        except Exception:  # noqa: BLE001, S112 - another package's broken metadata are not ours to report
            continue
        yield from ((package, entry) for entry in entries)


def _reader(entry: EntryPoint, package: str) -> Reader:
    def read(data: bytes, source: str) -> Article:
        try:
            reader = entry.load()
        except Exception as error:
            reason = f"its reader {entry.value} cannot be loaded: {error}. Update or remove the package {package}."
            raise UnreadableArticle(source, " ".join(reason.split())) from error
        article: Any = reader(data, source)
        if not isinstance(article, Article) or article.source != source:
            reason = f"its reader {entry.value} returned no article of it. Update or remove the package {package}."
            raise UnreadableArticle(source, reason)
        return article

    return read
