"""Read OpenDocument texts, as LibreOffice writes them."""

from typing import Final

from index.errors import UnreadableArticle
from index.loading.archive import feed_xml, open_archive, parse_xml, read_part
from index.loading.fields import language_code, one_line
from index.loading.xml_text import ParagraphCollector, Vocabulary
from index.models import Article

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_META: Final = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_MANIFEST: Final = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_WORDS: Final = Vocabulary(
    paragraphs=frozenset({f"{_TEXT}p", f"{_TEXT}h"}),
    texts=None,
    marks={f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"},
    left_out=frozenset(
        {
            *(_TEXT + name for name in ("note", "tracked-changes", "table-of-content", "alphabetical-index")),
            *(_OFFICE + name for name in ("annotation", "forms")),
        }
    ),
    styles={f"{_TEXT}p": f"{_TEXT}style-name", f"{_TEXT}h": f"{_TEXT}outline-level"},
    styled=frozenset(),
)


def read_odt(data: bytes, source: str) -> Article:
    """Read paragraphs and cells in order. Notes, comments, deleted text and the table of contents are left out."""
    with open_archive(data, source) as archive:
        if "META-INF/manifest.xml" in archive.namelist():
            manifest = parse_xml(read_part(archive, "META-INF/manifest.xml", source), source)
            if next(manifest.iter(f"{_MANIFEST}encryption-data"), None) is not None:
                raise UnreadableArticle(source, "it is locked with a password. Save it without one.")
        collector = ParagraphCollector(_WORDS)
        feed_xml(read_part(archive, "content.xml", source), collector, source)
        about = {}
        if "meta.xml" in archive.namelist():
            root = parse_xml(read_part(archive, "meta.xml", source), source)
            about = {element.tag: one_line(element.text) for element in root.iter()}
    # The name of a style, or the level of a heading, whichever the paragraph has.
    headed = next((p.text for p in collector.paragraphs if p.style in {"Title", "1"}), "")
    return Article(
        source,
        about.get(f"{_DC}title") or headed,
        "\n\n".join(paragraph.text for paragraph in collector.paragraphs),
        language=language_code(about.get(f"{_DC}language")),
        author=about.get(f"{_META}initial-creator") or about.get(f"{_DC}creator") or None,
    )
