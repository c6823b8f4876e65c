"""Word, PowerPoint, OpenDocument and EPUB files: their text in order, what they say of themselves, and bombs."""

import zipfile
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from odf import text as odf_text
from odf.opendocument import OpenDocumentText
from pptx import Presentation
from pptx.util import Inches

from index import Article, UnreadableArticle
from index.loading.docx import read_docx
from index.loading.epub import read_epub
from index.loading.odt import read_odt
from index.loading.pptx import read_pptx
from tests.index.documents import docx_document, epub_document, odt_document, pptx_document, saved, zipped

READ = {".docx": read_docx, ".pptx": read_pptx, ".odt": read_odt, ".epub": read_epub}
MADE = {".docx": docx_document, ".pptx": pptx_document, ".odt": odt_document, ".epub": epub_document}
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def refusal(data: bytes, ending: str) -> str:
    with pytest.raises(UnreadableArticle) as caught:
        READ[ending](data, f"/news/a{ending}")
    return caught.value.reason


def with_part(data: bytes, name: str, content: str) -> bytes:
    """Return a zip file with one part in the place of another."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return zipped(parts | {name: content.encode()})


def test_word_paragraphs_and_cells_come_in_order() -> None:
    document = docx.Document()
    document.add_heading("Rain again", 0)
    document.add_paragraph("It rained.\tAll day.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Height", "2 m"
    document.add_paragraph("Then it stopped.")
    document.sections[0].header.paragraphs[0].text = "Not this"
    document.core_properties.author, document.core_properties.language = "Ann Lee", "fr-FR"
    article = read_docx(saved(document.save), "/news/a.docx")
    paragraphs = "\n\n".join(["Rain again", "It rained. All day.", "Height", "2 m", "Then it stopped."])
    assert article == Article("/news/a.docx", "Rain again", paragraphs, language="fr", author="Ann Lee")


def in_word(content: str) -> bytes:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f'<w:p xmlns:w="{NAMESPACE}">{content}</w:p>'))
    return saved(document.save)


def run(words: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{words}</w:{tag}></w:r>'


def test_word_changes_are_read_as_accepted() -> None:
    deleted = f'<w:del w:id="2" w:author="x">{run("never", "delText")}</w:del>'
    moved = f'<w:moveFrom w:id="3" w:author="x">{run(" away")}</w:moveFrom>'
    inserted = f'<w:ins w:id="1" w:author="x">{run(" all day")}</w:ins>'
    assert read_docx(in_word(run("Rain fell") + deleted + moved + inserted), "/a.docx").text == "Rain fell all day"


def test_word_text_in_form_fields_is_read() -> None:
    field = f"<w:sdt><w:sdtContent>{run('in a field.')}</w:sdtContent></w:sdt>"
    assert read_docx(in_word(run("This stands ") + field), "/a.docx").text == "This stands in a field."


def test_slides_are_pages_with_their_title_first() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Rain", "It rained.\nAll day."
    presentation.slides.add_slide(presentation.slide_layouts[6])
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.add_textbox(Inches(1), Inches(3), Inches(2), Inches(1)).text_frame.text = "In a box."
    slide.shapes.title.text = "Dusk"
    slide.shapes._spTree.append(slide.shapes.title._element)  # as it is when the title was drawn last
    slide.notes_slide.notes_text_frame.text = "Not this."
    article = read_pptx(saved(presentation.save), "/a.pptx")
    assert article.title == "Rain"
    assert article.text == "Rain\n\nIt rained.\n\nAll day.\n\nDusk\n\nIn a box."
    assert [article.page(article.text.index(words)) for words in ("Rain", "All", "Dusk", "box")] == [1, 1, 3, 3]


def test_an_opendocument_text_is_read_without_notes() -> None:
    document = OpenDocumentText()
    document.text.addElement(odf_text.H(outlinelevel=1, text="Rain again"))
    paragraph = odf_text.P(text="It")
    paragraph.addElement(odf_text.S(c=2))
    paragraph.addElement(odf_text.Span(text="rained"))
    note = odf_text.Note(noteclass="footnote")
    note.addElement(odf_text.NoteCitation(text="1"))
    note.addElement(odf_text.NoteBody())
    paragraph.addElement(note)
    paragraph.addText(" all day.")
    document.text.addElement(paragraph)
    article = read_odt(saved(document.write), "/news/a.odt")
    assert (article.title, article.text) == ("Rain again", "Rain again\n\nIt rained all day.")


BOOK = (
    "<dc:title>Rain</dc:title><dc:creator>Ann Lee</dc:creator><dc:creator>Bo</dc:creator><dc:language>eng</dc:language>"
    "<dc:publisher>The Press</dc:publisher><dc:date>2026-02-01</dc:date><dc:source>https://press.example/rain</dc:source>"
)


def test_a_book_is_its_chapters_in_order() -> None:
    data = epub_document(["<h1>One</h1><p>It&nbsp;rained<br/>all <i>day</i>.</p>", "<p>Then it stopped.</p>"], BOOK)
    article = read_epub(data, "/a.epub")
    assert article == Article(
        "/a.epub",
        "Rain",
        "One\n\nIt\xa0rained\nall day.\n\nThen it stopped.",
        date(2026, 2, 1),
        "en",
        "The Press",
        "Ann Lee, Bo",
        "https://press.example/rain",
    )


@pytest.mark.parametrize(
    "said", ["<dc:date>2011</dc:date>", '<dc:date opf:event="modification">2026-02-01</dc:date>', "<dc:date/>"]
)
def test_what_is_no_day_of_publication_is_none(said: str) -> None:
    assert read_epub(epub_document(metadata=said), "/a.epub").published is None


@pytest.mark.parametrize(
    ("method", "locked"),
    [("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True), ("http://www.idpf.org/2008/embedding/obfuscation", False)],
)
def test_a_book_that_its_seller_locked_is_reported(method: str, locked: bool) -> None:
    lock = f'<encryption><EncryptionMethod Algorithm="{method}"/></encryption>'
    data = with_part(epub_document(), "META-INF/encryption.xml", lock)
    if locked:
        assert refusal(data, ".epub").startswith("it is locked by its seller.")
    else:
        assert read_epub(data, "/a.epub").text


def test_what_a_book_marks_as_beside_it_is_left_out() -> None:
    with zipfile.ZipFile(BytesIO(epub_document(["<p>Not this.</p>", "<p>It rained.</p>"]))) as archive:
        package = archive.read("book/package.opf").decode()
    package = package.replace('idref="chapter0.xhtml"', 'idref="chapter0.xhtml" linear="no"')
    data = with_part(epub_document(["<p>Not this.</p>", "<p>It rained.</p>"]), "book/package.opf", package)
    assert read_epub(data, "/a.epub").text == "It rained."


def test_a_book_without_one_of_its_chapters_is_refused() -> None:
    with zipfile.ZipFile(BytesIO(epub_document())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "chapter1" not in name}
    assert refusal(zipped(parts), ".epub").startswith("its part 'book/chapter1.xhtml' is missing.")


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
MAIN = {
    ".docx": "word/document.xml",
    ".pptx": "ppt/presentation.xml",
    ".odt": "content.xml",
    ".epub": "book/package.opf",
}


@pytest.mark.parametrize("ending", sorted(READ))
@pytest.mark.parametrize("attack", [BOMB, OUTSIDE])
def test_xml_with_entities_is_refused(ending: str, attack: str) -> None:
    assert refusal(with_part(MADE[ending](), MAIN[ending], attack), ending).startswith("its XML declares entities")


@pytest.mark.parametrize("attack", [BOMB, OUTSIDE])
def test_entities_in_a_chapter_stand_for_nothing(attack: str) -> None:
    article = read_epub(with_part(epub_document(), "book/chapter0.xhtml", attack), "/a.epub")
    assert "haha" not in article.text
    assert "root:" not in article.text


@pytest.mark.parametrize("ending", sorted(READ))
def test_what_would_unpack_to_too_much_is_refused_before_it_is(ending: str) -> None:
    bomb = with_part(MADE[ending](), MAIN[ending], " " * 20_000_000)
    assert len(bomb) < 100_000
    assert "bytes to 20," in refusal(bomb, ending)


@pytest.mark.parametrize("ending", sorted(READ))
def test_old_and_locked_files_are_reported(ending: str) -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), ending).startswith(
        "it is locked with a password, or"
    )
    locked = bytearray(MADE[ending]())
    for place in range(len(locked) - 4):
        if locked[place : place + 4] == b"PK\x01\x02":
            locked[place + 8] |= 1
    assert refusal(bytes(locked), ending) == "it is locked with a password. Save it without one."


def test_an_opendocument_text_with_a_password_is_reported() -> None:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    data = with_part(odt_document(), "META-INF/manifest.xml", manifest)
    assert refusal(data, ".odt") == "it is locked with a password. Save it without one."
