"""Read e-mails and web archives: messages in parts, of which one is the text."""

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, Final

from index.errors import UnreadableArticle
from index.loading.decoding import checked_text, decode_text
from index.loading.fields import language_code, one_line, read_day, web_address
from index.loading.html import read_html
from index.loading.markup import markup_text
from index.models import Article

_MOST_PARTS: Final = 10_000
"""Lines that may begin a part. Each costs a quarter of a millisecond."""
_LONGEST_LINE: Final = 2_000
"""Characters of a line of the head that are read."""
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_FLOWED: Final = re.compile(r"(?<=[^\n]) \n(?=[^\n>])")
"""RFC 3676: a line that ends in a space goes on in the next one."""


def read_mail(data: bytes, source: str) -> Article:
    """Read the text of an e-mail, or its HTML where it has no text.

    Subject, sender and date are those of its head. Attached files are left out.
    """
    message = _message(data, source)
    part = message.get_body(("plain", "html"))
    if part is None or not ("From" in message or "Subject" in message):
        raise UnreadableArticle(source, "it holds no message. Save the e-mail again, as .eml.")
    text = _decoded(part, source)
    if part.get_content_subtype() == "html":
        text = markup_text(text)
    elif part.get_param("format") == "flowed":
        text = _FLOWED.sub(" ", text)
    name, address = parseaddr(_header(message, "From"))
    return Article(
        source,
        _header(message, "Subject"),
        checked_text(text.strip(), source),
        _day(message),
        language_code(_header(message, "Content-Language")),
        author=one_line(name or address) or None,
        address=web_address(_header(message, "Archived-At").strip("<>")),
    )


def read_web_archive(data: bytes, source: str) -> Article:
    """Read the page in an MHTML file, as browsers save it. Its own date is the day of saving."""
    message = _message(data, source)
    page = next((part for part in message.walk() if part.get_content_type() in _PAGES), None)
    if page is None:
        raise UnreadableArticle(source, "there is no page in it. Save the page again, as HTML.")
    article = read_html(_payload(page), source)
    saved_from = web_address(_header(page, "Content-Location") or _header(message, "Snapshot-Content-Location"))
    return replace(article, address=article.address or saved_from)


class _BoundedPolicy(EmailPolicy):
    """Reads the beginning of each line of a head: the time for it grows with the square of its length."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return super().header_fetch_parse(name, value[:_LONGEST_LINE])


def _message(data: bytes, source: str) -> EmailMessage:
    if data.count(b"\n--") > _MOST_PARTS:
        raise UnreadableArticle(source, f"it may have more than {_MOST_PARTS:,} parts. Save its text.")
    try:
        return message_from_bytes(data, policy=_BoundedPolicy())  # type: ignore[arg-type]
    except RecursionError as error:
        raise UnreadableArticle(source, "its parts are nested too deep. Save its text.") from error


def _header(part: MIMEPart, name: str) -> str:
    """Return a line of the head, "" where there is none or it is too broken to be read."""
    try:
        return one_line(str(part.get(name, "")))
    except Exception:  # noqa: BLE001 - the parser of the standard library fails in many ways on broken heads
        return ""


def _day(message: EmailMessage) -> date | None:
    try:
        return read_day(_header(message, "Date"))
    except ValueError:
        return None


def _decoded(part: MIMEPart, source: str) -> str:
    data, charset = _payload(part), part.get_content_charset()
    if charset in {None, "utf-8", "us-ascii", "ascii"}:
        return decode_text(data, source)
    try:
        return data.decode(charset or "").replace("\r\n", "\n").replace("\r", "\n")
    except (LookupError, ValueError) as error:
        raise UnreadableArticle(source, f"its text is not in {charset!r}, as it says. Save its text.") from error


def _payload(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
