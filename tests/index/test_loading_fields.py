"""What documents say of themselves, in the ways in which they say it."""

from datetime import date

import pytest

from index.loading.fields import language_code, named, one_line, plain_name, read_day, web_address
from index.loading.markup import markup_text


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-01",
        "20260201",
        "2026-02-01T23:30:00-05:00",
        "2026-02-01 10:30:00 UTC",
        "Sun, 01 Feb 2026 23:30:00 -0500",
    ],
)
def test_a_day_is_the_one_that_is_written(written: str) -> None:
    assert read_day(written) == date(2026, 2, 1)


@pytest.mark.parametrize(
    "written", ["01/02/2026", "2026", "2026-02", "Feb 1, 2026", "yesterday", "", "1769904000", "\0"]
)
def test_a_day_is_never_guessed(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_day(written)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("fr", "fr"), ("fr-CA", "fr"), ("pt_BR", "pt"), ("eng", "en"), ("FRE", "fr"), ("haw", "haw"), ("und", ""),
     ("French", ""), ("", ""), (None, ""), ("x", ""), ("12", "")],
)  # fmt: skip
def test_a_language_is_its_short_code_or_nothing(tag: str | None, code: str) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" https://news.example/a?b=c#d ", "https://news.example/a?b=c#d"),
        ("http://news.example", "http://news.example"),
        ("//news.example/a", None),
        ("ftp://news.example/a", None),
        ("https://user:pass@news.example/", None),
        ("https://", None),
        ("https://[", None),
        ("https://news.example/a b", None),
        ("https://news.example/\n", "https://news.example/"),
        ("https://news.example/a\nb", None),
        ("https://news.example/" + "a" * 2000, None),
        (None, None),
    ],
)
def test_an_address_is_whole_and_on_the_web(written: str | None, address: str | None) -> None:
    assert web_address(written) == address


def test_a_name_has_one_line_and_shows_what_it_is() -> None:
    assert one_line(" Ann\n\t Lee\x1b[31m\u202e\x85") == "Ann Lee[31m"


@pytest.mark.parametrize(
    ("value", "name"),
    [("Ann", "Ann"), (["Ann", "Bo", "Ann"], "Ann, Bo"), ({"name": "Ann"}, "Ann"),
     ([{"name": "Ann"}, "Bo", 7], "Ann, Bo"), (None, ""), (7, ""), ({"x": "Ann"}, ""), ([["Ann"]], "")],
)  # fmt: skip
def test_who_is_meant(value: object, name: str) -> None:
    assert named(value) == name


@pytest.mark.parametrize("name", ["publishedAt", "Published At", "published-at", " PUBLISHED_AT "])
def test_names_of_fields_are_compared_plainly(name: str) -> None:
    assert plain_name(name) == "published_at"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("a<br>b<br><br><br>c", "a\nb\n\nc"),
        ("<ul><li>a<li>b</ul>c", "a\n\nb\n\nc"),
        ("<div>a <b>b</b>\n c<!-- x --> d<script>e</script> f</div>", "a b c d f"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body>&eacute;&lt;</body></html>", "é<"),
        ("", ""),
        ("plain &amp; words", "plain & words"),
    ],
)  # fmt: skip
def test_markup_is_read_block_by_block(markup: str, text: str) -> None:
    assert markup_text(markup) == text
