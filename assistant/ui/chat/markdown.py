"""An answer as Markdown with footnotes, for pasting elsewhere: each with its quote, its source and its day. Pure."""

import re
from typing import Final

from assistant.models import Answer, Citation
from assistant.ui.chat.evidence import web_address
from assistant.ui.texts import Speaker

_MARK: Final = re.compile(r"[ \u00a0\u202f]?\[(\d{1,4})\]")
_ACTIVE: Final = re.compile(r"([\\`*_\[\]<>#|~!$])")


def answer_markdown(answer: Answer, say: Speaker) -> str:
    """Return the text of an answer with footnotes that most readers of Markdown know: `[^1]`.

    What the text and the articles hold is escaped, so that none of it becomes a link, an image or HTML.
    """
    known = {citation.number for citation in answer.citations}
    place, parts = 0, []
    for match in _MARK.finditer(answer.text):
        if int(match[1]) in known:
            parts += [escape_markdown(answer.text[place : match.start()]), f"[^{match[1]}]"]
            place = match.end()
    parts.append(escape_markdown(answer.text[place:]))
    text = "".join(parts).strip().replace("\n", "  \n").replace("  \n  \n", "\n\n")
    return "\n\n".join([text, *(_footnote(citation, say) for citation in answer.citations)])


def plain_text(answer: Answer) -> str:
    """Return the text of an answer without its footnote marks."""
    known = {citation.number for citation in answer.citations}
    return _MARK.sub(lambda match: "" if int(match[1]) in known else match[0], answer.text)


def escape_markdown(text: str) -> str:
    """Return text in which nothing is Markdown."""
    return _ACTIVE.sub(r"\\\1", text)


def _footnote(citation: Citation, say: Speaker) -> str:
    article = citation.article
    page = article.page(citation.start)
    address = web_address(article)
    facts = (
        escape_markdown(article.publisher or ""),
        escape_markdown(article.author or ""),
        say.day(article.published) if article.published else say("undated"),
        say("page", number=page) if page else "",
        _linked(address) if address else escape_markdown(_one_line(article.source)),
    )
    quote, title = (escape_markdown(_one_line(text)) for text in (citation.quote, article.title))
    return f"[^{citation.number}]: “{quote}” — {', '.join(filter(None, (title, *facts)))}."


def _linked(address: str) -> str:
    return f"<{address.replace('<', '%3C').replace('>', '%3E')}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
