"""Read PowerPoint files: each slide is a page."""

from typing import Final

from index.errors import UnreadableArticle
from index.loading.archive import feed_xml, open_archive, parse_xml, read_part
from index.loading.ooxml import properties, targets
from index.loading.pages import join_pages
from index.loading.xml_text import Paragraph, ParagraphCollector, Vocabulary
from index.models import Article

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORDS: Final = Vocabulary(
    paragraphs=frozenset({f"{_A}p"}),
    texts=frozenset({f"{_A}t"}),
    marks={f"{_A}br": "\n"},
    left_out=frozenset({"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}),
    styles={f"{_P}ph": "type"},
    styled=frozenset({f"{_P}sp", f"{_P}graphicFrame", f"{_P}pic"}),
)
_TITLES: Final = frozenset({"title", "ctrTitle"})
_AROUND: Final = frozenset({"sldNum", "dt", "ftr", "hdr"})
"""Kinds of shapes that stand on every slide: number, date, footer and header."""


def read_pptx(data: bytes, source: str) -> Article:
    """Read the slides in their order, the title of each first. Notes, macros and embedded files are left out."""
    with open_archive(data, source) as archive:
        main = next(iter(targets(archive, "", "/officeDocument", source).values()), None)
        if main is None:
            raise UnreadableArticle(source, "it holds no presentation. Open it in PowerPoint and save it as .pptx.")
        parts = targets(archive, main, "/slide", source)
        order = parse_xml(read_part(archive, main, source), source).iter(f"{_P}sldId")
        names = [parts[slide.get(_ID, "")] for slide in order if slide.get(_ID) in parts]
        slides = []
        for name in names:
            collector = ParagraphCollector(_WORDS)
            feed_xml(read_part(archive, name, source), collector, source)
            slides.append(_in_order(collector.paragraphs))
        about = properties(archive, source)
    text, pages = join_pages(["\n\n".join(p.text for p in slide) for slide in slides])
    headed = next((p.text for slide in slides for p in slide if p.style in _TITLES), "")
    return Article(
        source,
        about.title or headed,
        text,
        language=about.language,
        author=about.author or None,
        pages=pages,
    )


def _in_order(paragraphs: list[Paragraph]) -> list[Paragraph]:
    shown = [paragraph for paragraph in paragraphs if paragraph.style not in _AROUND]
    return sorted(shown, key=lambda paragraph: paragraph.style not in _TITLES)
