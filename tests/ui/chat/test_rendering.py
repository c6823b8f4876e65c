"""What an answer looks like as HTML, and that nothing in it can act."""

from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import (
    Answer,
    Citation,
    CitationStatus,
    Fault,
    FaultKind,
    Statement,
    StatementStatus,
    Timings,
    Usage,
    Verdict,
)
from assistant.phrases import phrases
from assistant.ui.chat.rendering import render_answer, render_failure, render_pending
from assistant.ui.texts import Speaker
from index import Article, Passage, Span

FRENCH = Speaker("fr")
TEXT = (
    "Rain fell on Monday.\n\n"
    "The mayor spoke at noon. She called the report <nonsense> & went home. Nobody asked why.\n\n"
    "The sun came back on Tuesday."
)
QUOTE = "She called the report <nonsense> & went home."

ALLOWED_TAGS = frozenset(
    [
        "a",
        "article",
        "bdi",
        "blockquote",
        "button",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "form",
        "h2",
        "h3",
        "h4",
        "label",
        "li",
        "mark",
        "ol",
        "p",
        "section",
        "span",
        "strong",
        "summary",
        "textarea",
        "time",
        "ul",
    ]
)
ALLOWED_ATTRIBUTES = frozenset(
    [
        "aria-busy",
        "aria-describedby",
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "aria-pressed",
        "class",
        "data-close",
        "data-copy",
        "data-do",
        "data-done",
        "data-end",
        "data-failed",
        "data-goto",
        "data-number",
        "data-rate",
        "data-read",
        "data-source",
        "data-start",
        "data-status",
        "data-turn",
        "datetime",
        "dir",
        "hidden",
        "href",
        "id",
        "lang",
        "maxlength",
        "open",
        "rel",
        "role",
        "rows",
        "tabindex",
        "target",
        "title",
        "type",
    ]
)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</mark></blockquote><iframe src='http://evil.example'></iframe>",
    "![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<style>body{background:url(http://evil.example)}</style>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} {anchor} {}",
    "<!-- --><a href='data:text/html,<script>alert(1)</script>'>",
    "\u202egnp.exe\u200b\ufeff",
    "&lt;script&gt;&#x3C;script&#x3E;",
)


@dataclass
class Page(HTMLParser):
    """Reads rendered HTML back: which tags and attributes there are, and the text inside each kind of element."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def read(cls, html: str) -> "Page":
        page = cls()
        page.feed(html)
        page.close()
        assert page.stack == [], "every element is closed"
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.stack.append(tag)
        if tag == "mark":
            self.texts.append(("mark", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if "mark" in self.stack:
            self.texts[-1] = ("mark", self.texts[-1][1] + data)
        else:
            self.texts.append((self.stack[-1] if self.stack else "", data))

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.texts)

    @property
    def marked(self) -> list[str]:
        return [text for tag, text in self.texts if tag == "mark"]

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    def classes(self) -> set[str]:
        return {name for value in self.attributes("class") for name in value.split()}


def make_article(
    *,
    source: str = "/articles/mayor.md",
    title: str = "The mayor speaks",
    text: str = TEXT,
    published: date | None = date(2026, 2, 1),
    language: str = "fr",
    publisher: str | None = "The Daily",
) -> Article:
    return Article(source, title, text, published, language, publisher)


def cite(
    article: Article,
    quote: str = QUOTE,
    *,
    number: int = 1,
    context: Span | None = None,
    status: CitationStatus = CitationStatus.QUOTED,
    copies: tuple[Article, ...] = (),
) -> Citation:
    start = article.text.index(quote)
    return Citation(number, article, start, start + len(quote), context or Span(0, len(article.text)), status, copies)


def answer_with(
    *citations: Citation, text: str = "It was so. [1]", question: str = "Was it?", warnings: tuple[str, ...] = ()
) -> Answer:
    return Answer(question, text, "en", citations, warnings=warnings)


def test_a_footnote_highlights_exactly_the_quote_inside_its_paragraph() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article(), context=Span(22, 111))), 1))
    assert page.marked == [QUOTE]
    assert "The mayor spoke at noon. " in page.text
    assert " Nobody asked why." in page.text
    assert "Rain fell" not in page.text


def test_the_rest_of_a_longer_passage_can_be_opened() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article())), 1))
    assert "details" in {tag for tag, _ in page.tags}
    assert "Rain fell on Monday." in page.text
    assert page.marked == [QUOTE, QUOTE]


def test_a_context_that_ends_before_the_quote_still_shows_all_of_it() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article(), context=Span(50, 60))), 1))
    assert page.marked == [QUOTE]


def test_a_footnote_says_who_published_it_in_which_language_and_when() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article())), 1))
    for fact in ("The mayor speaks", "The Daily", "French", "1 February 2026", "mayor.md"):
        assert fact in page.text
    assert page.attributes("datetime") == ["2026-02-01"]


def test_an_article_without_date_title_or_publisher_says_what_it_can() -> None:
    article = make_article(title=" ", published=None, language="xx", publisher=None)
    page = Page.read(render_answer(answer_with(cite(article)), 1))
    for fact in ("mayor.md", "XX", "undated"):
        assert fact in page.text


def test_a_footnote_names_the_others_that_print_the_same_story() -> None:
    copies = (
        make_article(source="/articles/a.md", publisher="The Courier"),
        make_article(source="https://gazette.example/b", publisher=None, title="Mayor: nonsense"),
        make_article(source="/articles/c.md", publisher=" ", title=" "),
        make_article(source="/articles/d.md", publisher="The Courier"),
    )
    page = Page.read(render_answer(answer_with(cite(make_article(), copies=copies)), 1))
    assert "Also printed by: The Courier, Mayor: nonsense, c.md" in page.text
    assert page.text.count("The Courier") == 1, "a house that prints a story twice under one name is named once"
    (link,) = (attributes for tag, attributes in page.tags if tag == "a" and "target" in attributes)
    assert (link["href"], link["rel"]) == ("https://gazette.example/b", "noopener noreferrer")


def test_a_footnote_without_copies_has_no_line_for_them() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article())), 1))
    assert "fn-copies" not in page.classes()
    assert "Also printed by" not in page.text


def test_marks_lead_to_their_footnotes_and_footnotes_back_to_the_first_mark() -> None:
    article = make_article()
    citations = (cite(article, number=1), cite(article, "Rain fell on Monday.", number=2))
    page = Page.read(render_answer(answer_with(*citations, text="One [1]. Two [2][1]."), 3))
    marks = [
        attributes["data-goto"]
        for _, attributes in page.tags
        if attributes.get("class") == "fn-mark" and "id" in attributes
    ]
    numbers = [attributes["data-goto"] for _, attributes in page.tags if attributes.get("class") == "fn-number"]
    assert (marks, numbers) == (["t3-f1", "t3-f2", "t3-f1"], ["t3-m1", "t3-m2"])
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {"t3-m1", "t3-m2", "t3-m3", "t3-f1", "t3-f2"} <= set(ids)


def test_two_turns_share_no_anchor() -> None:
    answer = answer_with(cite(make_article()))
    first, second = (set(Page.read(render_answer(answer, turn)).attributes("id")) for turn in (1, 2))
    assert first.isdisjoint(second)


def test_a_bracketed_number_that_is_no_footnote_stays_text() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article()), text="In [1984] it was so [1]."), 1))
    assert "In [1984] it was so" in page.text
    assert page.attributes("data-goto") == ["t1-f1", "t1-m1"]


def test_a_growing_answer_shows_marks_before_their_footnotes() -> None:
    page = Page.read(render_answer(Answer("Was it?", "It was [1]", complete=False), 1))
    assert "is-pending" in page.classes()
    assert page.attributes("aria-busy") == ["true"]


def test_the_passages_that_a_model_reads_are_shown_before_its_first_word() -> None:
    passage = Passage(make_article(), 22, 110)
    reading = Answer("Was it?", "", model="openai:gpt", passages=(passage,), complete=False)
    assert "Found passages" in Page.read(render_answer(reading, 1)).text


def test_what_was_found_stays_until_the_answer_cites_some_of_it() -> None:
    passage = Passage(make_article(), 22, 110)
    writing = Answer("Was it?", "It was", model="openai:gpt", passages=(passage,), complete=False)
    assert "Found passages" in Page.read(render_answer(writing, 1)).text
    citing = replace(writing, text="It was [1].", citations=(cite(make_article()),))
    assert "Found passages" not in Page.read(render_answer(citing, 1)).text
    uncited = Page.read(render_answer(replace(writing, complete=True), 1)).text
    assert "These were found for your question." in uncited
    assert QUOTE in uncited
    quoting = Answer("Was it?", "", passages=(passage,), complete=False)
    assert QUOTE not in Page.read(render_answer(quoting, 1)).text


def test_paragraphs_of_the_answer_stay_apart() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article()), text="One [1]\n\nTwo [1]\n \n\nThree"), 1))
    assert [text.strip() for tag, text in page.texts if tag == "p" and text.strip() in {"One", "Two", "Three"}] == [
        "One",
        "Two",
        "Three",
    ]


def test_an_unsupported_footnote_is_marked_in_the_answer_and_at_the_source() -> None:
    citation = cite(make_article(), status=CitationStatus.UNSUPPORTED)
    page = Page.read(render_answer(answer_with(citation), 1))
    assert "Not borne out" in page.text
    assert any("not borne out" in label for label in page.attributes("aria-label"))


def test_a_declined_question_shows_the_nearest_passages_and_highlights_nothing() -> None:
    passage = Passage(make_article(), 22, 110)
    answer = Answer("Was it?", "Nothing says so.", "en", abstained=True, passages=(passage,))
    page = Page.read(render_answer(answer, 1))
    for words in ("No answer in your articles", "Nearest passages", "They do not answer the question", QUOTE):
        assert words in page.text
    assert page.marked == []
    assert page.attributes("data-goto") == []


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [(Verdict.YES, "Yes"), (Verdict.NO, "No"), (Verdict.DISPUTED, "Disputed"), (Verdict.NOT_STATED, "Not stated")],
)
def test_a_verdict_is_shown(verdict: Verdict, shown: str) -> None:
    answer = Answer("Was it?", "So. [1]", citations=(cite(make_article()),), verdict=verdict)
    assert shown in [text for _, text in Page.read(render_answer(answer, 1)).texts]


def test_an_answer_says_how_recent_it_is_beside_its_verdict() -> None:
    answer = Answer("Was it?", "So. [1]", citations=(cite(make_article()),), verdict=Verdict.NO, as_of=date(2026, 2, 1))
    page = Page.read(render_answer(answer, 1))
    assert "Verdict: NoAs of 1 February 2026" in page.text
    assert page.attributes("datetime")[0] == "2026-02-01"


def test_an_answer_without_verdict_and_date_has_no_line_for_them() -> None:
    assert "fn-verdict" not in Page.read(render_answer(answer_with(cite(make_article())), 1)).classes()


def test_an_answer_that_a_model_is_writing_is_said_to_be_unchecked() -> None:
    growing = Answer("Was it?", "It was", model="openai:gpt", complete=False)
    assert "It is checked when it is complete." in Page.read(render_answer(growing, 1)).text


# Statements

DOUBTED = "It rained 300 days [1]. So said Ann.\nNobody knows [1] why."
NUMBER = Fault(FaultKind.NUMBER, "300")


def doubted(*statements: Statement, text: str = DOUBTED, warnings: tuple[str, ...] = ()) -> Page:
    answer = answer_with(cite(make_article()), text=text, warnings=warnings)
    return Page.read(render_answer(replace(answer, statements=statements), 1))


def doubts(page: Page) -> list[dict[str, str]]:
    return [attributes for tag, attributes in page.tags if attributes.get("class") == "fn-doubt"]


def test_an_unsupported_statement_is_marked_and_says_what_is_not_in_the_source() -> None:
    page = doubted(Statement(0, 18, (1,), StatementStatus.UNSUPPORTED, (NUMBER,)))
    (doubt,) = doubts(page)
    assert doubt["aria-describedby"] in page.attributes("id")
    assert "It rained 300 days1. “300” is not in the source So said Ann." in page.text
    assert "1 statement is not borne out." in page.attributes("data-status")[0]


def test_a_footnote_that_one_statement_misuses_is_not_marked_where_it_bears_out_another() -> None:
    statements = (
        Statement(0, 18, (1,), StatementStatus.UNSUPPORTED, (NUMBER,)),
        Statement(37, len(DOUBTED), (1,), StatementStatus.SUPPORTED),
    )
    answer = answer_with(cite(make_article(), status=CitationStatus.UNSUPPORTED), text=DOUBTED)
    page = Page.read(render_answer(replace(answer, statements=statements), 1))
    first, second = (attributes["aria-label"] for _, attributes in page.tags if "-m" in attributes.get("id", ""))
    assert (first.split(":")[0], second.split(":")[0]) == ("Footnote 1, not borne out", "Footnote 1")


def test_an_uncited_statement_is_marked() -> None:
    page = doubted(Statement(24, 36, (), StatementStatus.UNCITED))
    assert len(doubts(page)) == 1
    assert "So said Ann. no source given" in page.text


@pytest.mark.parametrize("status", [StatementStatus.SUPPORTED, StatementStatus.QUOTED])
def test_a_statement_that_is_borne_out_has_no_mark(status: StatementStatus) -> None:
    page = doubted(Statement(0, 18, (1,), status))
    assert doubts(page) == []
    assert "fn-why" not in page.classes()


def test_the_footnote_inside_a_doubted_statement_still_leads_to_its_source() -> None:
    page = doubted(Statement(37, len(DOUBTED), (1,), StatementStatus.UNSUPPORTED, (NUMBER,)))
    assert page.attributes("data-goto") == ["t1-f1", "t1-f1", "t1-m1"]
    assert "Nobody knows1 why. “300” is not in the source" in page.text


def test_a_statement_of_many_faults_names_the_first_two() -> None:
    faults = (NUMBER, Fault(FaultKind.NAME, "Ann " * 50), NUMBER, NUMBER)
    page = doubted(Statement(0, 18, (1,), StatementStatus.UNSUPPORTED, faults))
    assert f"“300” is not in the source; “{('Ann ' * 15).strip()}…” is not in the source; 2 more" in page.text


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_of_fault_has_words(kind: FaultKind) -> None:
    page = doubted(Statement(0, 18, (1,), StatementStatus.UNSUPPORTED, (Fault(kind, "300 km"),)))
    assert "“300 km”" in page.text


def test_a_warning_that_stands_beside_its_statement_is_not_repeated() -> None:
    say = phrases("en")
    long = Fault(FaultKind.NAME, "Ann " * 50)
    kept = ("The index is old.", say.fault(FaultKind.NUMBER, "300", "[2]"), say.fault(FaultKind.NUMBER, "301", "[1]"))
    page = doubted(
        Statement(0, 18, (1,), StatementStatus.UNSUPPORTED, (NUMBER, long)),
        Statement(24, 36, (), StatementStatus.UNCITED),
        warnings=(
            say.uncited_statements(1),
            say.fault(FaultKind.NUMBER, "300", "[1]"),
            say.fault(FaultKind.NAME, f"{long.words[:80]}…", "[1]"),
            *kept,
        ),
    )
    assert [text for tag, text in page.texts if tag == "li"] == list(kept)


@given(
    text=st.text(alphabet="ab .\n[1]", max_size=40),
    spans=st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=4),
    status=st.sampled_from(StatementStatus),
)
def test_marking_statements_changes_no_word_of_the_answer(
    text: str, spans: list[tuple[int, int]], status: StatementStatus
) -> None:
    statements = [Statement(start, end, (1,), status, (NUMBER,)) for start, end in sorted(spans)]
    plain, marked = doubted(text=text), doubted(*statements, text=text)
    said = marked.text.replace(" “300” is not in the source", "")
    assert said.partition("Was it?")[2] == plain.text.partition("Was it?")[2]
    # One that goes over several lines is marked in each.
    described = {doubt["aria-describedby"] for doubt in doubts(marked)}
    assert len(described) == marked.text.count("“300” is not in the source")
    assert described <= set(marked.attributes("id"))
    assert marked.attributes("data-goto") == plain.attributes("data-goto")


# What else an answer carries


def test_a_reply_that_broke_off_says_so_where_it_ends() -> None:
    page = Page.read(render_answer(replace(answer_with(cite(make_article())), partial=True), 1))
    assert "The reply broke off here." in page.text
    assert page.attributes("data-status") == ["The answer broke off, with 1 footnote."]


def test_how_an_answer_was_found_can_be_opened() -> None:
    passages = (Passage(make_article(), 0, 20), Passage(make_article(), 22, 110))
    timings = Timings(understanding=0.0, search=0.0213, answer=1.26, suggestions=0.0)
    answer = replace(answer_with(cite(make_article())), passages=passages, timings=timings)
    page = Page.read(render_answer(replace(answer, searched=("Was what?", "Qui ?")), 1))
    found = ["2 passages of 1 article", "search 21 ms, answer 1.3 s"]
    assert [text for tag, text in page.texts if tag == "dd"] == ["Was what?", "Qui ?", *found]
    page = Page.read(render_answer(answer, 1))
    assert [text for tag, text in page.texts if tag == "dd"] == ["Was it?", *found]
    page = Page.read(render_answer(answer, 1, FRENCH))
    assert "2 passages de 1 article" in page.text
    assert "recherche 21 ms, réponse 1,3 s" in page.text


def test_an_answer_of_another_day_has_no_trace() -> None:
    assert "fn-trace" not in Page.read(render_answer(answer_with(cite(make_article())), 1)).classes()


def test_a_translation_stands_below_its_quote_and_is_called_one() -> None:
    citation = replace(cite(make_article(), context=Span(22, 111)), translation="Elle est rentrée.")
    page = Page.read(render_answer(replace(answer_with(citation), language="fr"), 1))
    assert page.marked == [QUOTE]
    assert page.text.index(QUOTE) < page.text.index("Machine translationElle est rentrée.")


def test_an_answer_says_who_wrote_it_and_what_that_took() -> None:
    answer = replace(answer_with(cite(make_article())), model="openai:gpt-4o-mini")
    said = {
        None: "Written by openai:gpt-4o-mini.",
        Usage(seconds=2.14): "Written by openai:gpt-4o-mini in 2.1 s.",
        Usage(1234, 56, 0.5, 2.14): "Written by openai:gpt-4o-mini in 2.1 s, with 1,234 tokens read and 56 written.",
        Usage(1234, None): "Written by openai:gpt-4o-mini.",
    }
    for usage, origin in said.items():
        assert origin in Page.read(render_answer(replace(answer, usage=usage), 1)).text


def test_questions_to_ask_next_are_buttons_once_the_answer_is_complete() -> None:
    answer = replace(answer_with(cite(make_article())), suggestions=("Who is Ann?", "<b>When</b>?"))
    page = Page.read(render_answer(answer, 1))
    asking = [attributes for tag, attributes in page.tags if attributes.get("class") == "fn-ask"]
    assert [attributes["type"] for attributes in asking] == ["button", "button"]
    assert "Who is Ann?<b>When</b>?" in page.text
    growing = Page.read(render_answer(replace(answer, complete=False), 1))
    assert growing.classes().isdisjoint({"fn-ask", "fn-actions", "fn-rating"})


def test_an_answer_can_be_copied_with_its_citations() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article()), text="It <b>was</b> [1]. In [1984]."), 1))
    plain, cited = page.attributes("data-copy")
    assert plain == "It <b>was</b>. In [1984]."
    assert cited.startswith("It \\<b\\>was\\</b\\>[^1]. In \\[1984\\].\n\n[^1]: “She called the report")


def test_only_an_answer_that_is_there_can_be_asked_again() -> None:
    def acts(html: str) -> list[str]:
        return Page.read(html).attributes("data-do")

    answer = answer_with(cite(make_article()))
    assert acts(render_answer(answer, 1)) == acts(render_failure("Was it?", "No.", 1)) == ["retry", "edit"]
    assert acts(render_answer(replace(answer, complete=False), 1)) == acts(render_failure(" ", "No.", 1)) == []


def test_an_article_says_its_author_and_the_page_of_the_quote() -> None:
    article = replace(make_article(), author="Ann Lee", pages=(0, 22))
    page = Page.read(render_answer(answer_with(cite(article)), 1))
    assert "Ann Lee" in page.text
    assert "page 2" in page.text


def test_a_saved_page_leads_to_its_original() -> None:
    article = replace(make_article(), address="https://news.example/a")
    page = Page.read(render_answer(answer_with(cite(article)), 1))
    (link,) = (attributes for tag, attributes in page.tags if tag == "a" and "target" in attributes)
    assert (link["href"], link["rel"]) == ("https://news.example/a", "noopener noreferrer")
    assert link["aria-label"] == "Original of The mayor speaks (opens a new tab)"


def test_each_source_leads_into_its_article() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article(), number=2)), 3))
    (button,) = (attributes for tag, attributes in page.tags if "data-read" in attributes)
    assert (button["data-read"], button["data-number"]) == ("3", "2")
    near = Answer("Was it?", "No.", "en", abstained=True, passages=(Passage(make_article(), 22, 110),))
    (button,) = (attributes for tag, attributes in Page.read(render_answer(near, 1)).tags if "data-read" in attributes)
    assert (button["data-source"], button["data-start"], button["data-end"]) == ("/articles/mayor.md", "22", "110")


def test_the_page_speaks_french_and_the_quotes_stay_as_they_are() -> None:
    page = Page.read(render_answer(replace(answer_with(cite(make_article())), as_of=date(2026, 2, 1)), 1, FRENCH))
    for words in (
        "Au 1er février 2026",
        "Cité mot pour mot",
        "Copier avec les citations",
        "Lire l'article",
        "Français",
    ):
        assert words in page.text
    assert QUOTE in page.marked
    assert "Note 1. Retour à la réponse." in page.attributes("aria-label")


def test_warnings_are_shown() -> None:
    page = Page.read(render_answer(answer_with(cite(make_article()), warnings=("The index is old.",)), 1))
    assert "The index is old." in page.text


def test_a_failure_shows_its_message_and_no_footnotes() -> None:
    page = Page.read(render_failure("Was it?", "The index is locked. Try again.", 2))
    assert "The index is locked. Try again." in page.text
    assert page.attributes("role")[0] == "alert"
    assert "fn-mark" not in page.classes()


def test_a_wrong_footnote_is_offered_only_where_there_is_one() -> None:
    def offered(answer: Answer) -> list[str]:
        return Page.read(render_answer(answer, 1)).attributes("data-rate")

    assert offered(answer_with(cite(make_article()))) == ["good", "bad", "citation"]
    assert offered(Answer("Was it?", "Nothing says so.", abstained=True)) == ["good", "bad"]


def test_the_parts_of_a_line_that_names_an_article_are_kept_together() -> None:
    """Without that, a browser would move the day between the words of an Arabic title."""
    article = make_article(title="العمدة تتكلم", publisher="الجريدة")
    text = f"{phrases('en').source(article)}:\n“{QUOTE}” [1]"
    html = render_answer(replace(answer_with(cite(article)), text=text), 1)
    line = "<bdi>الجريدة</bdi>, <bdi>العمدة تتكلم</bdi> (<bdi>1 February 2026</bdi>):"
    assert f'<p class="fn-says">{line}</p><p class="fn-line" dir="auto">' in html


def test_a_very_long_question_is_shown_shortened() -> None:
    html = render_pending("why " * 25_000, 1)
    assert len(html) < 2_000
    assert "why…" in html


@pytest.mark.parametrize("source", ["https://news.example/a?b=1&c=2", "http://news.example/a"])
def test_a_web_source_is_linked_without_a_way_back(source: str) -> None:
    page = Page.read(render_answer(answer_with(cite(make_article(source=source))), 1))
    (link,) = (attributes for tag, attributes in page.tags if tag == "a" and "target" in attributes)
    assert link["href"] == source
    assert link["rel"] == "noopener noreferrer"
    assert "news.example" in page.text


@pytest.mark.parametrize(
    "source",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//http://x",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://",
        "https://[::1",
        "https://evil.example/\u202e",
        " https://evil.example",
        "/articles/mayor.md",
        "",
    ],
)
def test_no_other_source_becomes_a_link(source: str) -> None:
    page = Page.read(render_answer(answer_with(cite(make_article(source=source))), 1))
    assert all(href.startswith("#t1-") for href in page.attributes("href"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_shown_and_never_act(hostile: str) -> None:
    text = f"{hostile} before. {hostile} quoted. {hostile} after."
    quote = f"{hostile} quoted."
    sources = (f"https://news.example/{hostile}", f"javascript:{hostile}", f"/articles/{hostile}")
    citations = tuple(
        cite(
            make_article(source=source, title=hostile, text=text, language=hostile, publisher=hostile),
            quote,
            number=number,
        )
        for number, source in enumerate(sources, 1)
    )
    citations = tuple(replace(citation, translation=hostile) for citation in citations)
    fault = Fault(FaultKind.NAME, hostile)
    answered = Answer(
        hostile,
        f"{hostile} [1] [2] [3]",
        hostile,
        citations,
        model=hostile,
        warnings=(hostile,),
        statements=(Statement(0, len(hostile), (1,), StatementStatus.UNSUPPORTED, (fault,)),),
        searched=(hostile,),
        suggestions=(hostile,),
        usage=Usage(finish_reason=hostile),
    )
    passages = tuple(Passage(citation.article, 0, len(text)) for citation in citations)
    declined = Answer(hostile, hostile, hostile, abstained=True, passages=passages)
    for html in (
        render_answer(answered, 1),
        render_answer(declined, 1),
        render_pending(hostile, 1),
        render_failure(hostile, hostile, 1, found=declined),
    ):
        page = Page.read(html)
        assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS
        assert {name for _, attributes in page.tags for name in attributes} <= ALLOWED_ATTRIBUTES
        assert all(href.startswith(("#t1-", "https://news.example/")) for href in page.attributes("href"))
        assert hostile in page.text
    assert Page.read(render_answer(answered, 1)).marked == [quote] * 3


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_of_copies_are_shown_and_never_act(hostile: str) -> None:
    sources = (f"https://news.example/{hostile}", f"javascript:{hostile}", f"data:text/html,{hostile}", hostile)
    copies = (
        *(make_article(source=source, publisher=hostile, title=hostile) for source in sources),
        *(make_article(source=source, publisher=None, title=hostile) for source in sources),
        *(make_article(source=source, publisher=None, title="") for source in sources),
    )
    page = Page.read(render_answer(answer_with(cite(make_article(), copies=copies)), 1))
    assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ALLOWED_ATTRIBUTES
    assert all(href.startswith(("#t1-", "https://news.example/")) for href in page.attributes("href"))
    assert f"Also printed by: {hostile}" in page.text
    assert page.marked == [QUOTE] * 2, "the quote in its paragraph, and again in the whole passage"


def test_half_a_surrogate_pair_does_not_break_the_page() -> None:
    article = make_article(title="\ud83d", text="Half \ud83d a face. The rest.")
    html = render_answer(answer_with(cite(article, "Half \ud83d a face."), question="\udc00?"), 1)
    assert html.encode("utf-8")
    assert Page.read(html).marked == ["Half ? a face."]


@given(text=st.text(alphabet="ab é<>&\"'\n[1]", min_size=1, max_size=60), data=st.data())
def test_marked_words_join_to_the_quote_wherever_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    context_start = data.draw(st.integers(0, len(text)))
    context_end = data.draw(st.integers(context_start, len(text)))
    citation = Citation(1, make_article(text=text), start, end, Span(context_start, context_end))
    page = Page.read(render_answer(answer_with(citation), 1))
    marked = ["".join(mark.split()) for mark in page.marked]
    expected = "".join(text[start:end].split())
    whole = "".join(marked)
    assert whole in {expected, expected * 2}
