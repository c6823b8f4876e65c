"""Read Word files: paragraphs and cells of tables in order, as the text stands with its changes accepted."""

from typing import Final

from index.errors import UnreadableArticle
from index.loading.archive import feed_xml, open_archive, read_part
from index.loading.ooxml import properties, targets
from index.loading.xml_text import ParagraphCollector, Vocabulary
from index.models import Article

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORDS: Final = Vocabulary(
    paragraphs=frozenset({f"{_W}p"}),
    texts=frozenset({f"{_W}t"}),
    marks={
        f"{_W}tab": " ",
        f"{_W}br": "\n",
        f"{_W}cr": "\n",
        f"{_W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    },
    # Deleted and moved text, the older twin of a drawing, and settings, which hold marks of their own.
    left_out=frozenset(
        {
            f"{_W}del",
            f"{_W}moveFrom",
            f"{_W}tabs",
            "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
        }
    ),
    styles={f"{_W}pStyle": f"{_W}val"},
    styled=frozenset({f"{_W}p"}),
)
_TITLES: Final = ("title", "titre", "titel", "título", "heading1", "titre1")
"""Names of styles, as Word stores them in some languages, the surest first."""


def read_docx(data: bytes, source: str) -> Article:
    """Read a Word file. Headers, footers, notes, comments, macros and embedded files are left out."""
    with open_archive(data, source) as archive:
        part = next(iter(targets(archive, "", "/officeDocument", source).values()), None)
        if part is None:
            raise UnreadableArticle(source, "it holds no document. Open it in Word and save it as .docx.")
        collector = ParagraphCollector(_WORDS)
        feed_xml(read_part(archive, part, source), collector, source)
        about = properties(archive, source)
    by_style = {paragraph.style.lower(): paragraph.text for paragraph in reversed(collector.paragraphs)}
    headed = next((by_style[style] for style in _TITLES if style in by_style), "")
    return Article(
        source,
        about.title or headed,
        "\n\n".join(paragraph.text for paragraph in collector.paragraphs),
        language=about.language,
        author=about.author or None,
    )
