"""Bytes become text without guessing, or are refused with the reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import UnreadableArticle
from index.loading.decoding import checked_text, decode_text

TEXT = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=100).filter(
    lambda text: not text.startswith("\ufeff")
)


@given(TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
@settings(max_examples=100, deadline=None)
def test_unicode_comes_back_as_it_was(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding), "a.txt") == text


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_storable_text_or_refused(data: bytes) -> None:
    try:
        text = decode_text(data, "a.txt")
    except UnreadableArticle as error:
        text = str(error)
        refused = True
    else:
        refused = False
    assert "\0" not in text
    assert "\r" not in text
    assert not (refused and "\n" in text)
    assert text.encode("utf-8").decode("utf-8") == text


def test_line_ends_become_line_feeds() -> None:
    assert decode_text(b"one\r\ntwo\rthree\n", "a.txt") == "one\ntwo\nthree\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_both_byte_orders_are_read_by_their_mark(encoding: str) -> None:
    assert decode_text("\ufeffété".encode(encoding), "a.txt") == "été"


@pytest.mark.parametrize(
    ("data", "reason", "step"),
    [
        ("Déjà vu, l'été à Orléans.\n".encode("latin-1") * 20, "not UTF-8: byte 0xe9 at 1", "save it as UTF-8"),
        ("Привет, это обычный текст.\n".encode("cp1251") * 20, "not UTF-8: byte 0x", "It may be windows-1251: open it"),
        (("Müller fuhr über die Brücke. " * 3).encode("cp1252"), "not UTF-8: byte 0xfc at 1", "be windows-1252: open"),
        (b"half \xe9", "not UTF-8: byte 0xe9 at 5", "utf-8"),
        (b"A text\0 with a NUL", "NUL byte at 6", "Remove"),
        (b"\xef\xbb\xbfA text\0", "NUL byte at 9", "Remove"),
        ("A\0B".encode("utf-16"), "U+0000 at character 1", "Remove"),
        (b"\xff\xfeA\0\x00\xd8", "not UTF-16", "utf-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL byte", "Remove or convert"),
        (bytes(range(1, 256)), "not UTF-8: byte 0x80 at 127", "utf-8"),
    ],
)
def test_what_is_not_unicode_is_refused_with_place_and_next_step(data: bytes, reason: str, step: str) -> None:
    with pytest.raises(UnreadableArticle) as caught:
        decode_text(data, "/news/a.txt")
    assert caught.value.source == "/news/a.txt"
    assert str(caught.value).startswith("/news/a.txt: ")
    assert reason in caught.value.reason
    assert step.lower() in caught.value.reason.lower()
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize(("text", "code"), [("ab\ud800", "U+D800"), ("ab\udfffc", "U+DFFF"), ("ab\0", "U+0000")])
def test_text_that_cannot_be_stored_is_refused(text: str, code: str) -> None:
    with pytest.raises(UnreadableArticle, match=rf"mem:a: it holds {code.replace('+', '[+]')} at character 2"):
        checked_text(text, "mem:a")


@given(TEXT)
@settings(max_examples=50, deadline=None)
def test_text_that_can_be_stored_passes_unchanged(text: str) -> None:
    assert checked_text(text, "mem:a") == text
