"""Saved web pages: the article without what stands around it."""

from datetime import date

import pytest

from index import UnreadableArticle
from index.loading.html import read_html

PAGE = """<!doctype html><html lang="fr"><head><meta charset="{charset}"><title>Pluie à Paris</title>
<meta property="og:site_name" content="Le Soir"><meta property="article:published_time" content="2026-02-01T08:00:00Z">
</head><body><nav><a href="/">Accueil</a> <a href="/sport">Sport</a></nav><article><h1>Pluie à Paris</h1>
<p>La pluie est tombée toute la journée sur la capitale, et les quais de la Seine ont été fermés à midi.</p>
<p>Les autorités ont demandé aux habitants d'éviter les déplacements, et les trains ont circulé avec retard.</p>
</article><script>alert("not text")</script><footer>Mentions légales</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_page_becomes_its_article(charset: str) -> None:
    article = read_html(PAGE.format(charset=charset).encode(charset), "/pages/pluie.html")
    assert article.source == "/pages/pluie.html"
    assert article.title == "Pluie à Paris"
    assert article.publisher == "Le Soir"
    assert article.published == date(2026, 2, 1)
    assert "La pluie est tombée toute la journée" in article.text
    assert "Les autorités" in article.text
    for around in ("Accueil", "alert", "Mentions"):
        assert around not in article.text


def test_blank_lines_part_the_paragraphs() -> None:
    paragraphs = read_html(PAGE.format(charset="utf-8").encode(), "/a.html").text.split("\n\n")
    assert any(paragraph.startswith("La pluie") for paragraph in paragraphs)
    assert any(paragraph.startswith("Les autorités") for paragraph in paragraphs)


def test_a_page_without_a_title_has_none() -> None:
    page = b"<html><body><article><p>Rain fell all day on the town, and the river rose.</p></article></body></html>"
    assert read_html(page, "/pages/rain-today.html").title == ""


@pytest.mark.parametrize(
    "data",
    [b"", b"   ", b"<html><body></body></html>", b"<html><body><script>x()</script></body></html>", b"\x89PNG\0\1"],
)
def test_a_page_without_article_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableArticle) as caught:
        read_html(data, "/pages/a.html")
    assert caught.value.source == "/pages/a.html"
    assert "no article text" in caught.value.reason
    assert "\n" not in caught.value.reason


def test_a_page_says_its_author_language_and_address() -> None:
    said = '<meta name="author" content="Ann Lee"><link rel="canonical" href="https://soir.example/pluie"></head>'
    article = read_html(PAGE.format(charset="utf-8").replace("</head>", said).encode(), "/pages/pluie.html")
    assert (article.author, article.language, article.address) == ("Ann Lee", "fr", "https://soir.example/pluie")


@pytest.mark.parametrize(
    "note",
    [
        "<!-- saved from url=(0030)https://soir.example/pluie -->",
        "<!--\n Page saved with SingleFile \n url: https://soir.example/pluie \n saved date: today\n-->",
    ],
)
def test_the_address_of_a_saved_page_is_the_one_it_was_saved_from(note: str) -> None:
    page = PAGE.format(charset="utf-8").replace("<html", f"{note}<html")
    assert read_html(page.encode(), "/pages/pluie.html").address == "https://soir.example/pluie"


@pytest.mark.parametrize("href", ["/pluie", "javascript:alert(1)", "file:///etc/passwd", "https://a b/"])
def test_an_address_that_is_no_web_page_is_none(href: str) -> None:
    page = PAGE.format(charset="utf-8").replace("</head>", f'<link rel="canonical" href="{href}"></head>')
    assert read_html(page.encode(), "/pages/pluie.html").address is None
