"""All text of a piece of HTML, block by block: chapters and letters, which have no menus around them."""

import html
import re
from typing import Any, Final

_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("html", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "td"),
        *("tfoot", "th", "thead", "tr", "ul"),
    }
)
_LEFT_OUT: Final = frozenset(
    {"head", "script", "style", "template", "noscript", "svg", "math", "object", "audio", "video"}
)
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_MANY_LINES: Final = re.compile(r"\n{3,}")


_NAMED: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")
"""Entities that HTML knows and XML does not."""


def markup_text(markup: str) -> str:
    """Return the text of HTML or XHTML, blocks apart by blank lines. Broken markup is read as browsers do.

    The time grows with the length only, whatever the markup is.
    """
    root = _parse(_NAMED.sub(lambda entity: html.unescape(entity.group()), markup).encode("utf-8", "replace"))
    if root is None:
        return ""
    collector = _BlockCollector()
    collector.read(root)
    return "\n\n".join(collector.blocks)


def _parse(data: bytes) -> Any:
    from lxml import etree

    try:
        # XHTML first: to HTML, an empty <title/> is one that never ends.
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):
        try:
            return etree.fromstring(data, etree.HTMLParser(no_network=True, encoding="utf-8"))
        except (etree.XMLSyntaxError, ValueError):
            return None


class _BlockCollector:
    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._parts: list[str] = []
        self._ignored = 0
        self._preformatted = 0

    def read(self, root: Any) -> None:
        from lxml import etree

        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if not isinstance(element.tag, str):
                self._say(element.tail)
                continue
            tag = element.tag.rpartition("}")[2].lower()
            if event == "start":
                self._begin(tag)
                self._say(element.text)
            else:
                self._finish(tag)
                if element is not root:
                    self._say(element.tail)
        self._flush()

    def _begin(self, tag: str) -> None:
        self._ignored += tag in _LEFT_OUT
        self._preformatted += tag == "pre"
        if tag in _BLOCKS:
            self._flush()
        elif tag == "br" and not self._ignored:
            self._parts.append("\n")

    def _finish(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        self._ignored -= tag in _LEFT_OUT
        self._preformatted -= tag == "pre"

    def _say(self, text: str | None) -> None:
        if text and not self._ignored:
            self._parts.append(text if self._preformatted else _SPACES.sub(" ", text))

    def _flush(self) -> None:
        lines = (line.strip() for line in "".join(self._parts).split("\n"))
        block = _MANY_LINES.sub("\n\n", "\n".join(lines).strip())
        self._parts.clear()
        if block:
            self.blocks.append(block)
