"""The library as HTML: what it says, and that nothing of an article becomes markup."""

import re
from datetime import UTC, date, datetime

import pytest

from assistant.ui.library.job_view import SHOWN_FAILURES, describe_report, describe_seconds, render_job, render_refusal
from assistant.ui.library.jobs import End, Job, Task
from assistant.ui.library.shelf import Entry, Order, Selection, select
from assistant.ui.library.view import render_shelf, render_sources, short_name
from assistant.ui.texts import Speaker
from index import Failure, SyncProgress, SyncReport
from index.listing import Kind, Source

ENGLISH, FRENCH = Speaker("en"), Speaker("fr")
ALL = Selection()
UPLOADS = "/home/uploads"
HOSTILE = """"><script>document.title='pwned'</script><img src=x onerror=alert(1)>'"""


def shelf(*entries: Entry, selection: Selection = ALL, say: Speaker = ENGLISH) -> str:
    return render_shelf(select(entries, selection), selection, say, uploads=UPLOADS)


def holds_no_markup_of_articles(html: str) -> bool:
    return not re.search(r"<(script|img)", html, re.IGNORECASE) and "onerror=alert(1)>" not in html


def test_a_row_tells_what_is_known_of_an_article() -> None:
    html = shelf(Entry("/news/a.md", "Floods", date(2026, 2, 1), "fr", "Gazette"), say=FRENCH)
    for words in ("Floods", "1er février 2026", "Gazette", "Français", "a.md", "1 article", 'lang="fr"'):
        assert words in html


def test_an_article_of_the_web_is_a_link_to_it_and_nothing_else_is() -> None:
    html = shelf(
        Entry("https://news.example/a", "Page"),
        Entry("/saved.html", "Saved", address="https://news.example/b"),
        Entry("/plain.md", "Plain", address="javascript:alert(1)"),
    )
    assert re.findall(r'href="(.*?)"', html) == ["https://news.example/a", "https://news.example/b"]


def test_nothing_of_an_article_becomes_markup() -> None:
    entry = Entry(f"/{HOSTILE}", HOSTILE, None, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    assert holds_no_markup_of_articles(shelf(entry))
    source = Source(f"/{HOSTILE}", Kind.FOLDER, 1, failure=HOSTILE)
    assert holds_no_markup_of_articles(render_sources([source], ENGLISH, uploads=UPLOADS))
    report = SyncReport(failed=(Failure(HOSTILE, HOSTILE),), ignored=((HOSTILE, 1),))
    assert holds_no_markup_of_articles(render_job(Job(Task.READ, ended=End.DONE, report=report), ENGLISH))
    assert holds_no_markup_of_articles(render_job(Job(Task.READ, SyncProgress(1, 2, 3, HOSTILE)), ENGLISH))
    assert holds_no_markup_of_articles(render_refusal(HOSTILE))


def test_half_a_surrogate_pair_does_not_break_the_page() -> None:
    shelf(Entry("/a", "half \ud800")).encode()


def test_removing_an_upload_says_that_its_file_goes_and_of_another_that_it_stays() -> None:
    html = shelf(Entry(f"{UPLOADS}/a.md", "Mine"), Entry("/news/b.md", "Theirs"))
    asks = re.findall(r'data-ask="(.*?)"', html)
    assert "uploaded file is deleted" in asks[0]
    assert "stays where it is" in asks[1]


def test_the_sorted_column_is_told_to_screen_readers() -> None:
    html = shelf(Entry("/a", "A"), selection=Selection(order=Order.TITLE, descending=False))
    assert re.findall(r'aria-sort="(\w+)"', html) == ["none", "ascending", "none", "none"]


def test_pages_are_offered_where_there_are_several() -> None:
    many = [Entry(f"/{number}", str(number)) for number in range(120)]
    html = shelf(*many, selection=Selection(page=3))
    assert "Page 3 of 3" in html
    assert re.findall(r'data-key="(\w+)" data-value="(\d)"( aria-disabled="true")?', html) == [
        ("previous", "2", ""),
        ("next", "3", ' aria-disabled="true"'),
    ]
    assert "fn-pages" not in shelf(Entry("/a", "A"))


def test_an_empty_list_says_why() -> None:
    assert "no articles yet" in shelf()
    assert "No article fits" in shelf(Entry("/a", "A"), selection=Selection("zzz"))


def test_a_source_tells_its_kind_count_last_reading_and_failure() -> None:
    moment = datetime(2026, 2, 1, 13, 5, tzinfo=UTC)
    sources = [
        Source("https://news.example/feed", Kind.FEED, 12, moment, "it answers 503. Try again later."),
        Source(UPLOADS, Kind.FOLDER),
    ]
    html = render_sources(sources, ENGLISH, uploads=UPLOADS)
    for words in (
        "news.example/feed",
        "Feed · 12 articles · read on 1 February 2026, 13:05 UTC",
        "it answers 503. Try again later.",
        "Uploaded files",
        "not read yet",
    ):
        assert words in html
    assert html.count('data-act="remove"') == 1, "the folder of uploads stays"
    assert "No sources yet" in render_sources([], ENGLISH, uploads=UPLOADS)


def test_a_job_under_way_tells_how_far_it_is() -> None:
    html = render_job(Job(Task.READ, SyncProgress(25, 100, 300, "a.md", 10.0, 30.0)), ENGLISH)
    assert 'value="25" max="100"' in html
    assert "25 of 100 read · 300 passages · 30 a second · about 30 s left" in html
    assert "a.md" in html


def test_before_anything_is_known_the_bar_has_no_value() -> None:
    html = render_job(Job(Task.ADD), ENGLISH)
    assert "Adding the source" in html
    assert "value=" not in html


def test_a_report_says_what_came_of_a_job() -> None:
    report = SyncReport(
        added=("/a", "/b"),
        unchanged=("/c",),
        failed=tuple(Failure(f"/news/{number}.md", "no text. Add some.") for number in range(SHOWN_FAILURES + 5)),
        ignored=((".exe", 2),),
        passages=7,
        seconds=1.25,
    )
    html = render_job(Job(Task.READ, ended=End.DONE, report=report), FRENCH)
    assert describe_report(report, FRENCH) in html
    assert describe_report(report, FRENCH) == f"2 ajoutés, 1 inchangé, {SHOWN_FAILURES + 5} échecs"
    for words in ("7 passages en 1,2 s", "0.md", "no text. Add some.", "Et 5 de plus.", "2 .exe"):
        assert words in html
    assert html.count("<li>") == SHOWN_FAILURES


def test_a_job_that_failed_says_why_as_an_alert() -> None:
    assert 'role="alert">The disk is full.' in render_job(
        Job(Task.READ, ended=End.FAILED, problem="The disk is full."), ENGLISH
    )
    assert "log says what" in render_job(Job(Task.READ, ended=End.FAILED), ENGLISH)
    assert render_job(None, ENGLISH) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59, "59 s"), (119, "119 s"), (120, "2 min"), (7_300, "2 h"), (5_000, "83 min")],
)
def test_times_are_no_more_exact_than_anybody_needs(seconds: float, words: str) -> None:
    assert describe_seconds(seconds, ENGLISH) == words


def test_nothing_to_do_is_said() -> None:
    assert describe_report(SyncReport(), ENGLISH) == "Nothing to do"


@pytest.mark.parametrize(
    ("address", "name"),
    [("https://news.example/feed/", "news.example/feed"), ("/srv/news", "news"), ("/", "/"), ("added:", "added:")],
)
def test_sources_have_short_names(address: str, name: str) -> None:
    assert short_name(address) == name


def test_a_job_that_is_stopped_says_what_is_kept_and_how_to_go_on() -> None:
    html = render_job(Job(Task.READ, stopping=True), ENGLISH)
    assert "ends with the article" in html
    html = render_job(Job(Task.READ, ended=End.STOPPED, report=SyncReport(added=("/a.md",))), ENGLISH)
    assert "Stopped: 1 added" in html
    assert "Read the sources again" in html


def test_what_the_server_read_by_itself_is_told_as_such() -> None:
    html = render_job(Job(Task.WATCH, ended=End.DONE, report=SyncReport(updated=("/a.md",))), FRENCH)
    assert "Relu automatiquement : 1 mis à jour" in html
