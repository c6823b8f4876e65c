"""PDF files: paragraphs as they read, pages as offsets, and what stands on every page left out."""

import io

import pypdfium2
import pytest
from pypdfium2 import raw

from index import Article, UnreadableArticle
from index.loading.pdf import read_pdf
from tests.index.documents import pdf_document

Place = tuple[float, float, str]


def read(*pages: list[Place], info: str = "", catalog: str = "") -> Article:
    return read_pdf(pdf_document(pages, info, catalog), "/news/rain-report.pdf")


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableArticle) as caught:
        read_pdf(data, "/news/rain-report.pdf")
    return caught.value.reason


def lines(top: float, *words: str, left: float = 72, step: float = 14) -> list[Place]:
    return [(left, top - step * number, line) for number, line in enumerate(words)]


RIVER = (
    "The river rose by two metres in the night, and the people of the old",
    "town left their houses before the water came to the market square",
    "and the bridge.",
)


def test_lines_of_a_paragraph_are_joined_and_paragraphs_are_apart() -> None:
    article = read(
        [*lines(700, *RIVER), *lines(630, "Nobody was hurt, the mayor said in the evening, and the trains", "ran.")]
    )
    assert article.text.split("\n\n") == [
        " ".join(RIVER),
        "Nobody was hurt, the mayor said in the evening, and the trains ran.",
    ]


def test_a_paragraph_may_begin_without_a_gap_where_the_last_line_is_short() -> None:
    article = read(lines(700, *RIVER, "Nobody was hurt, the mayor said in the evening, and the trains ran."))
    assert len(article.text.split("\n\n")) == 2


def test_an_indented_line_begins_a_paragraph() -> None:
    full = "and the bridge, which has stood there for three hundred years at least."
    indented = lines(658, "Nobody was hurt, the mayor said in the evening, and the", left=90)
    article = read([*lines(700, *RIVER[:2], full), *indented, *lines(644, "trains ran as on any other day.")])
    assert [paragraph.split()[0] for paragraph in article.text.split("\n\n")] == ["The", "Nobody"]


def test_words_that_are_parted_at_line_ends_are_mended() -> None:
    parted = (
        "The ministers of both countries signed a long ac-",
        "cord on well-known rivers, and said that the ac-",
        "cord is good. A well-",
        "known lawyer praised both of them for their work.",
    )
    article = read(lines(700, *parted))
    assert "a long accord on well-known rivers, and said that the accord is good." in article.text
    assert "A well-known lawyer" in article.text


def test_a_sentence_that_runs_over_a_page_is_not_cut() -> None:
    article = read(lines(100, *RIVER[:2]), lines(700, "and the bridge, which is very old.", "", "More."))
    assert article.text.startswith(f"{RIVER[0]} {RIVER[1]} and the bridge, which is very old.")
    assert article.pages == (0, article.text.index("and the bridge"))
    assert article.page(article.text.index("old.")) == 2
    assert article.page(0) == 1


def test_a_word_that_runs_over_a_page_is_mended() -> None:
    article = read(lines(100, RIVER[0], "town left their hou-"), lines(700, "ses before the water came."))
    assert "their houses before" in article.text
    assert article.text[article.pages[1] :].startswith("ses before")


def test_an_empty_page_keeps_its_number() -> None:
    article = read(lines(700, "One."), [], lines(700, "Three."))
    assert article.page(article.text.index("Three.")) == 3
    assert read([], lines(700, "Two.")).page(0) == 2


def test_headers_footers_and_numbers_of_pages_are_left_out() -> None:
    pages = [
        [(72, 760, "Annual report 2025"), *lines(700, f"Chapter {name} tells of rain."), (300, 40, f"Page {n} of 4")]
        for n, name in enumerate(("one", "two", "three", "four"), start=1)
    ]
    assert read(*pages).text.split("\n\n") == [f"Chapter {n} tells of rain." for n in ("one", "two", "three", "four")]


def test_numbers_at_the_edge_that_do_not_count_pages_stay() -> None:
    pages = [[(72, 760, year), *lines(700, f"It rained for {year} hours.")] for year in ("1990", "1950", "2020")]
    assert all(f"{year}\n\nIt rained for {year} hours." in read(*pages).text for year in ("1990", "1950", "2020"))


def test_the_document_says_its_title_author_and_language() -> None:
    info = "/Title (Rain \\(again\\)) /Author (Ann Lee) /CreationDate (D:20260201)"
    article = read(lines(700, "It rained."), info=info, catalog="/Lang (fr-FR)")
    assert (article.title, article.author, article.language) == ("Rain (again)", "Ann Lee", "fr")
    assert article.published is None


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - rain.doc", "report_final.docx", "rain.indd"])
def test_a_title_that_a_program_gave_is_none(title: str) -> None:
    assert read(lines(700, "It rained."), info=f"/Title ({title})").title == ""


def test_columns_are_read_one_after_the_other() -> None:
    left = lines(
        700, "The river rose by two metres", "in the night, and people of", "the old town left before the", left=72
    )
    right = lines(700, "water came to the square.", left=320)
    whole = "The river rose by two metres in the night, and people of the old town left before the water came"
    assert read([*left, *right]).text == f"{whole} to the square."


def picture() -> bytes:
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(300, 300)
    bitmap = pypdfium2.PdfBitmap.new_native(20, 20, raw.FPDFBitmap_BGR)
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    image.set_matrix(pypdfium2.PdfMatrix().scale(300, 300))
    page.insert_obj(image)
    page.gen_content()
    memory = io.BytesIO()
    document.save(memory)
    document.close()
    return memory.getvalue()


def test_a_scan_is_reported_as_one() -> None:
    wanted = "it is a scan: it holds pictures of pages and no text. Read it with OCR first, as ocrmypdf does."
    assert refusal(picture()) == wanted


def test_pages_without_anything_are_no_scan() -> None:
    assert refusal(pdf_document([[]])) == "there is no text in it. Add text, or remove the file."


def test_a_file_with_a_password_is_reported_as_one() -> None:
    key = "<" + "ab" * 32 + ">"
    data = pdf_document([lines(700, "Secret.")]).replace(
        b"/Info 4 0 R", b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O " + key.encode()
        + b" /U " + key.encode() + b" >> /Info 4 0 R",
    )  # fmt: skip
    assert refusal(data) == "it is locked with a password. Save it without one."


def test_what_is_no_pdf_is_refused() -> None:
    assert refusal(b"%PDF-1.7\nbroken") == "it is no PDF file, or cut off. Save or download it again."


def test_a_long_file_is_read_in_time_that_grows_with_its_length() -> None:
    article = read(*([*lines(700, *RIVER), (300, 40, str(number + 1))] for number in range(300)))
    assert len(article.pages) == 300
    assert article.text.count("market square") == 300
