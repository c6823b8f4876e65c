"""RTF: paragraphs, letters of old code pages and of Unicode, and what is no text."""

import pytest

from index import Article, UnreadableArticle
from index.loading.rtf import read_rtf


def read(content: str) -> Article:
    return read_rtf(b"{\\rtf1\\ansi\\ansicpg1252\\deff0 " + content.encode("cp1252") + b"}", "/news/rain.rtf")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (r"It \b rained\b0  all day.\par Then not.", "It rained all day.\n\nThen not."),
        ("It rai\nned.", "It rained."),
        (r"caf\'e9 \u233? \'80", "café é €"),
        (r"\u8220\'93now\u8221\'94", "“now”"),
        (r"\uc0\u8364  100 \uc2\u8364\'80\'80100", "€ 100 €100"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}}{\f1 \'cf\'f0}\'e9", "Прé"),
        (r"{\fonttbl{\f2\fcharset128 Mincho;}}{\f2 \'93\'fa\'96{}\'7b}", None),
        (r"{\fonttbl{\f2\fcharset128 Mincho;}}{\f2 \'93\'fa\'96{\b0}", None),
        (r"{\fonttbl{\f2\fcharset128 Mincho;}}{\f2 \'93\'fa\'96\'7b}", "日本"),
        (r"{\field{\*\fldinst{HYPERLINK x}}{\fldrslt the page}} says", "the page says"),
        (r"{\*\unknown Not this}{\stylesheet{\s1 Nor this;}}{\pict 0102}Text", "Text"),
        (r"{\pict\bin5 }}}}}}Text", "Text"),
        (r"Seen{\v  hidden}{\deleted  gone} text", "Seen text"),
        (r"\lquote a\rquote\~b\emdash c\_d \{\}\\", "‘a’\xa0b—c\u2011d {}\\"),
        (r"\trowd a\cell b\cell\row c", "a\n\nb\n\nc"),
    ],
)
def test_what_is_written_is_read(content: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(UnreadableArticle, match="letters that its code page does not have"):
            read(content)
    else:
        assert read(content).text == text


def test_its_title_and_author_are_those_of_the_document() -> None:
    article = read(r"{\info{\title L'\'e9t\'e9}{\author Ann}{\company Not this}}{\header Nor this}It rained.")
    assert (article.title, article.author, article.text) == ("L'été", "Ann", "It rained.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"It rained.", "it is not RTF"),
        (b"{\\rtf1 It rained.", "it is cut off"),
        (b"{\\rtf1\\ansicpg99999 x}", "it holds letters"),
    ],
)
def test_what_is_no_whole_rtf_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableArticle) as caught:
        read_rtf(data, "/a.rtf")
    assert caught.value.reason.startswith(reason)


def test_deep_groups_are_read() -> None:
    assert read("{" * 100_000 + "deep" + "}" * 100_000).text == "deep"
