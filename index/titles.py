"""Titles for articles that have none of their own: they are made of their address, and go with it."""

import re
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from index.loading import TABLE_ENDINGS
from index.models import Article

LONGEST: Final = 300
"""Characters of a title. It is embedded with each passage, so a hostile one would cost its length as often."""
_TABLE: Final = "|".join(map(re.escape, sorted(TABLE_ENDINGS)))
# Of what lies on the web, the type may say that it is a table, and the address need not.
_ROW: Final = re.compile(rf"(.+?(?:{_TABLE})|https?://[^#]+)#(.+)", re.DOTALL | re.IGNORECASE)


def titled_by_source(article: Article) -> Article:
    """Return an article with a title made of its source: that of "jensen-huang_denies.fr.txt" is "jensen huang denies",
    that of "news.csv#A1", which is a row of a table, "news A1".
    """
    row = _ROW.fullmatch(article.source)
    file, key = row.groups() if row else (article.source, "")
    name = PurePath(file).name.split(".")[0].replace("-", " ").replace("_", " ")
    return replace(article, title=short(f"{name} {key}") or short(article.source))


def short(title: str) -> str:
    """Return a title on one line, with an ellipsis where it is too long."""
    title = " ".join(title.split())
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
