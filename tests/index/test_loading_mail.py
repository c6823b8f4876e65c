"""E-mails and web archives: the text among their parts, and what their heads say."""

from datetime import date
from email.message import EmailMessage

import pytest

from index import Article, UnreadableArticle
from index.loading.mail import read_mail, read_web_archive
from tests.index.documents import html_document, mail_document


def test_the_head_gives_title_author_and_the_day_as_it_was_there() -> None:
    article = read_mail(mail_document(), "/news/a.eml")
    assert (article.title, article.author, article.published) == ("Rain again", "Ann Lee", date(2026, 2, 1))
    assert "Not this" not in article.text


def test_a_letter_in_html_is_read_where_there_is_no_plain_one() -> None:
    message = EmailMessage()
    message["From"] = "news@post.example"
    message["Subject"] = "Pluie à Paris"
    message["Archived-At"] = "<https://post.example/1>"
    message.set_content("<p>Il a plu.</p><style>p {}</style><div>L'été</div>", subtype="html", charset="iso-8859-1")
    message["Content-Language"] = "fr-FR"
    assert read_mail(message.as_bytes(), "/a.eml") == Article(
        "/a.eml", "Pluie à Paris", "Il a plu.\n\nL'été", None, "fr", None, "news@post.example", "https://post.example/1"
    )


def test_lines_that_flow_are_joined() -> None:
    head = b"From: a@b.example\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n"
    assert read_mail(head + b"It rained \nall day.\n\nThen not.\n", "/a.eml").text == "It rained all day.\n\nThen not."


def test_a_head_with_control_characters_gives_a_title_on_one_line() -> None:
    data = b"From: =?utf-8?q?Ann=1b[31m?= <a@b.example>\nSubject: =?utf-8?q?Rain=0aagain=00?=\n\nIt rained.\n"
    article = read_mail(data, "/a.eml")
    assert article.title == "Rain again"
    assert article.author is not None
    assert article.author.isprintable()


@pytest.mark.parametrize("day", ["", "yesterday", "Mon, 99 Feb 2026 10:00:00 +0000", "32/13/2026"])
def test_a_broken_date_is_none(day: str) -> None:
    assert read_mail(f"From: a@b.example\nDate: {day}\n\nIt rained.\n".encode(), "/a.eml").published is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it holds no message"),
        (b"just words", "it holds no message"),
        (b"From: a\nContent-Type: image/png\n\nx", "it holds no message"),
        (b"From: a\nContent-Type: text/plain; charset=klingon\n\nx", "its text is not in 'klingon', as it says"),
        (b"From: a\nContent-Type: text/plain; charset=utf-8\n\ncaf\xe9", "it is not UTF-8"),
    ],
)
def test_what_is_no_letter_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableArticle) as caught:
        read_mail(data, "/a.eml")
    assert caught.value.reason.startswith(reason)


def test_a_web_archive_is_its_page() -> None:
    message = EmailMessage()
    message["Date"] = "Sun, 01 Feb 2026 23:30:00 -0500"
    message.set_content(html_document().decode(), subtype="html")
    message["Content-Location"] = "https://news.example/rain"
    message.add_related(b"<html><body><p>An advertisement in a frame.</p></body></html>", "text", "html")
    article = read_web_archive(message.as_bytes(), "/a.mhtml")
    assert article.address == "https://news.example/rain"
    assert "Rain fell" in article.text
    assert article.published is None


def test_a_web_archive_without_a_page_is_refused() -> None:
    with pytest.raises(UnreadableArticle, match="there is no page in it"):
        read_web_archive(mail_document(), "/a.mhtml")


def test_a_head_without_end_and_parts_without_number_cost_little() -> None:
    head = b"From: " + b"a@b.example, " * 20_000 + b"\nSubject: " + b"=?utf-8?q?=41?= " * 20_000
    assert read_mail(head + b"\n\nIt rained.", "/a.eml").text == "It rained."
    with pytest.raises(UnreadableArticle, match="it may have more than 10,000 parts"):
        read_mail(b"From: a\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 20_000, "/a.eml")
