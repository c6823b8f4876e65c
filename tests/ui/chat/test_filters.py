"""What answers are limited to is said in words, and nobody forgets it."""

from datetime import date

from assistant.ui.chat.filters import render_limits
from assistant.ui.texts import Speaker
from index import SearchFilter

ENGLISH, FRENCH = Speaker("en"), Speaker("fr")
UPLOADS = "/home/uploads"


def limits(wanted: SearchFilter, say: Speaker = ENGLISH) -> str:
    return render_limits(wanted, say, uploads=UPLOADS)


def test_without_limits_nothing_is_said() -> None:
    assert limits(SearchFilter()) == ""


def test_every_limit_is_named() -> None:
    wanted = SearchFilter(date(2026, 1, 5), date(2026, 2, 1), ("/srv/news", UPLOADS), ("fr",))
    html = limits(wanted, FRENCH)
    for words in ("news", "Fichiers déposés", "Français", "depuis le 5 janvier 2026", "jusqu&#39;au 1er février 2026"):
        assert words in html
    assert 'data-act="clear"' in html


def test_days_that_leave_nothing_between_them_are_told() -> None:
    html = limits(SearchFilter(date(2026, 2, 1), date(2026, 1, 1)))
    assert "No day lies between 1 February 2026 and 1 January 2026" in html


def test_the_name_of_a_source_is_no_markup() -> None:
    assert "<script" not in limits(SearchFilter(sources=("/<script>alert(1)</script>",)))
