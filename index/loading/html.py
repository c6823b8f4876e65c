"""Read saved web pages with trafilatura: the article without menus, and its title, date and site."""

from datetime import date

from index.errors import UnreadableArticle
from index.loading.decoding import checked_text
from index.loading.plain import title_from_name
from index.models import Article


def read_html(data: bytes, source: str) -> Article:
    import trafilatura

    page = trafilatura.bare_extraction(
        data,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    text = page.text if page is not None and not isinstance(page, dict) else None
    if page is None or isinstance(page, dict) or not text:
        raise UnreadableArticle(source, "there is no article text in this page. Save the page again, or as plain text.")
    # trafilatura puts one block on a line; here a blank line parts paragraphs.
    text = checked_text(text.replace("\n", "\n\n"), source)
    return Article(
        source,
        page.title or title_from_name(source),
        text,
        date.fromisoformat(page.date) if page.date else None,
        publisher=page.sitename or None,
    )
