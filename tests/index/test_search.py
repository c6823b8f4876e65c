"""Questions find passages: within days and sources, across languages, and whatever is asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Article, ArticleIndex, SearchFilter, SentenceTransformerEmbedder
from index.search import _current
from index.terms import Term, coverage, question_terms

LIBRARY = [
    Article("/news/a.md", "Old", "The harbour was closed by a storm in January.", date(2026, 1, 10), "en"),
    Article("/news/b.md", "Middle", "The harbour was opened again in February.", date(2026, 2, 10), "en"),
    Article("/newspaper/c.md", "New", "The harbour was sold to a bank in March.", date(2026, 3, 10), "en"),
    Article("https://example.org/d", "Undated", "The harbour is the oldest one of the country.", None, "en"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder) -> Iterator[ArticleIndex]:
    """Four dated articles on one subject. Tests only read it."""
    with ArticleIndex(tmp_path_factory.mktemp("library"), embedder) as index:
        assert not index.add(LIBRARY).failed
        yield index


@pytest.fixture(scope="module")
def seeds(seeds_home: Path, embedder: SentenceTransformerEmbedder) -> Iterator[ArticleIndex]:
    """The seeds, opened for reading."""
    with ArticleIndex(seeds_home, embedder) as index:
        yield index


def titles(index: ArticleIndex, scope: SearchFilter | None) -> set[str]:
    return {passage.article.title for passage in index.search("What happened to the harbour?", scope=scope)}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (None, {"Old", "Middle", "New", "Undated"}),
        (SearchFilter(), {"Old", "Middle", "New", "Undated"}),
        (SearchFilter(since=date(2026, 2, 10)), {"Middle", "New"}),
        (SearchFilter(since=date(2026, 2, 11)), {"New"}),
        (SearchFilter(until=date(2026, 2, 10)), {"Old", "Middle"}),
        (SearchFilter(since=date(2026, 2, 1), until=date(2026, 2, 28)), {"Middle"}),
        (SearchFilter(since=date(2027, 1, 1)), set()),
        (SearchFilter(since=date(2026, 3, 1), until=date(2026, 1, 1)), set()),
        (SearchFilter(sources=("/news",)), {"Old", "Middle"}),
        (SearchFilter(sources=("/news/b.md", "https://example.org")), {"Middle", "Undated"}),
        (SearchFilter(sources=("/nowhere",)), set()),
        (SearchFilter(since=date(2026, 2, 1), sources=("/news", "/newspaper/")), {"Middle", "New"}),
        (SearchFilter(languages=("fr", "en")), {"Old", "Middle", "New", "Undated"}),
        (SearchFilter(languages=("fr",)), set()),
        (SearchFilter(languages=("e",)), set()),
        (SearchFilter(languages=("en",), since=date(2026, 3, 1)), {"New"}),
    ],
)
def test_a_filter_lets_only_its_articles_through(
    library: ArticleIndex, scope: SearchFilter | None, expected: set[str]
) -> None:
    assert titles(library, scope) == expected


def test_the_best_passage_comes_first_and_scores_fall(library: ArticleIndex) -> None:
    passages = library.search("Which bank was the harbour sold to?")
    assert passages[0].article.title == "New"
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


@pytest.mark.parametrize("limit", [0, 1, 2, 100])
def test_no_more_passages_than_the_limit(library: ArticleIndex, limit: int) -> None:
    assert len(library.search("harbour", limit=limit)) == min(limit, 4)


def test_signals_say_why_a_passage_was_found(library: ArticleIndex) -> None:
    best = library.search("sold to a bank")[0]
    assert best.article.title == "New"
    assert best.signals.dense > 0.3
    assert best.signals.stems > 0
    assert best.signals.grams > 0
    assert best.signals.coverage == 1.0


def test_an_inflected_word_finds_its_stem(library: ArticleIndex) -> None:
    assert library.search("storms closing", limit=1)[0].article.title == "Old"


def test_an_english_question_finds_the_french_passage(seeds: ArticleIndex) -> None:
    french = seeds.search("Is a letter of intent binding?", scope=SearchFilter(languages=("fr",)))
    assert french[0].article.source.endswith("lettre-intention-non-contraignante.fr.md")
    assert {passage.article.language for passage in french} == {"fr"}
    found = seeds.search("Did Nvidia abandon the deal?", limit=6)
    assert {Path(passage.article.source).name for passage in found} >= {
        "nvidia-openai-accord.fr.md",
        "nvidia-openai-deal.en.md",
    }


def test_a_french_question_finds_the_english_passage(seeds: ArticleIndex) -> None:
    english = SearchFilter(sources=tuple(a.source for a in seeds.articles() if a.language == "en"))
    best = seeds.search("Nvidia a-t-il abandonné l'accord ?", limit=1, scope=english)[0]
    assert best.article.source.endswith("nvidia-openai-deal.en.md")


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n ",
        "\U0001f600",
        "the of and",
        'AND OR title: "(',
        "* ? ~ ^ [a TO b] -x +y \\",
        "英伟达放弃了交易吗",
        "Nvidia",
        "?",
        "\0",
        "half \ud83d of a pair",
        "'; DROP TABLE versions; --",
        "x" * 100_000,
        "Did Nvidia abandon the deal? " * 3_500,
        "l'" * 1_000,
    ],
    ids=lambda question: repr(question[:20]),
)
def test_no_question_raises(seeds: ArticleIndex, question: str) -> None:
    assert len(seeds.search(question, limit=3)) <= 3
    assert seeds.search("letter of intent", limit=1)


@given(st.text(max_size=80))
@settings(max_examples=25, deadline=None)
def test_any_question_gives_spans_of_articles(library: ArticleIndex, question: str) -> None:
    for passage in library.search(question, limit=4):
        assert passage.article.text[passage.start : passage.end] == passage.text
        assert 0.0 <= passage.score <= 1.0
        assert 0.0 <= passage.signals.coverage <= 1.0 + 1e-9


def test_an_empty_index_finds_nothing(index: ArticleIndex) -> None:
    assert index.search("anything") == []
    assert index.search("anything", scope=SearchFilter(sources=("/news",))) == []


def test_the_words_of_a_question_that_only_ask_are_left_out() -> None:
    terms = question_terms("Who said that Nvidia would abandon the deal?", "en")
    assert {term.word for term in terms} >= {"nvidia", "abandon", "deal"}
    assert not {term.word for term in terms} & {"who", "that", "the"}
    assert question_terms("the of and", "en") == [Term("the", 1.0), Term("of", 1.0), Term("and", 1.0)]
    assert question_terms("?", "en") == []


def test_coverage_is_the_share_of_weight_that_stands_in_the_text() -> None:
    terms = [Term("nvidia", 0.75), Term("abandon", 0.25)]
    text = "Nvidia sold chips."
    assert coverage(terms, text, language="en", question_language="en") == 0.75
    assert coverage(terms, "Nvidia voudrait abandonner.", language="fr", question_language="en") == 1.0
    assert coverage(terms, "Rain fell.", language="en", question_language="en") == 0.0
    assert coverage([], text, language="en", question_language="en") == 0.0


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        ("accelerator", "Les accélérateurs coûtent cher.", True),
        ("diplomatic", "Eine diplomatische Lösung.", True),
        ("prosecution", "Their persecution went on.", True),  # it holds just enough: six of ten 4-grams
        ("prosecution", "Prosecco and electrocution.", False),  # two words hold eight together, four each
        ("negotiation", "Die Station liegt im Norden.", False),
    ],
)
def test_a_cognate_holds_most_of_the_word_by_itself(word: str, text: str, stands: bool) -> None:
    covered = coverage([Term(word, 1.0)], text, language="de", question_language="en")
    assert covered == stands


def test_a_search_takes_thousands_of_sources(index: ArticleIndex) -> None:
    index.add([Article("mem:rocket", "Flight", "The rocket flew over the river.", language="en")])
    scope = SearchFilter(sources=(*(f"mem:{number}" for number in range(3_000)), "mem:rocket"))
    assert [passage.article.source for passage in index.search("rocket", scope=scope)] == ["mem:rocket"]


STORY = (
    "The harbour of Lisbon closed on Friday after a crane fell into the water near the old customs house. "
    "Nobody was hurt, the port authority said, and ferries will run again from Sunday morning at the earliest."
)


def test_a_story_that_two_houses_print_counts_once_and_names_the_other(index: ArticleIndex) -> None:
    index.add(
        [
            Article("mem:wire", "Crane falls in Lisbon", STORY, language="en", publisher="Wire"),
            Article("mem:daily", "Lisbon: crane falls", STORY.replace("Sunday morning", "Sunday"), publisher="Daily"),
            Article("mem:other", "Ferries", "Ferries of Lisbon carry many people across the river.", language="en"),
        ]
    )
    found = index.search("When did the harbour of Lisbon close?")
    assert len(found) == 2
    assert {found[0].article.source, *(copy.source for copy in found[0].copies)} == {"mem:wire", "mem:daily"}
    assert found[1].copies == ()


def test_an_article_is_found_by_its_publisher(index: ArticleIndex) -> None:
    articles = [
        Article(f"mem:{name}", "Rain", f"Rain fell for {count} hours on the coast.", language="en", publisher=name)
        for name, count in (("Meridian", "two"), ("Courier", "five"), ("Gazette", "nine"))
    ]
    index.add(articles)
    assert index.search("What did the Courier write about rain?")[0].article.publisher == "Courier"


def test_stories_that_differ_in_a_number_are_no_copies(index: ArticleIndex) -> None:
    index.add(
        [
            Article(f"mem:{day}", "Lisbon", STORY.replace("Friday", f"Friday the {day}th"), language="en")
            for day in (12, 19)
        ]
    )
    assert [passage.copies for passage in index.search("When did the harbour of Lisbon close?")] == [(), ()]


def test_a_story_and_its_denial_are_no_copies(index: ArticleIndex) -> None:
    denial = STORY.replace("ferries will run", "ferries will not run")
    index.add([Article("mem:claim", "Ferries", STORY, language="en"), Article("mem:denial", "Ferries", denial)])
    assert [passage.copies for passage in index.search("When will ferries run again?")] == [(), ()]


def test_a_passage_that_was_removed_meanwhile_leaves_its_place_to_the_next(library: ArticleIndex) -> None:
    numbers = library._catalog.passage_ids(library._catalog.current_versions())
    assert len(numbers) == len(LIBRARY)
    gone = range(1_000_000, 1_000_010)
    ranked = [(number, 1.0) for number in (*gone, numbers[2], *gone, numbers[0], numbers[1], numbers[3])]
    found = _current(library._catalog, ranked, 3)
    assert [number for number, _, _ in found] == [numbers[2], numbers[0], numbers[1]]


def test_a_scope_is_kept_where_many_of_the_nearest_are_within_it_and_where_few_are(index: ArticleIndex) -> None:
    days = [date(2026, 1, 1 + number % 28) for number in range(120)]
    index.add(
        [
            Article(f"mem:{number}", f"Note {number}", f"The harbour was calm on day {number}.", day, "en")
            for number, day in enumerate(days)
        ]
    )
    for last in (20, 1):
        until = date(2026, 1, last)
        found = index.search("Was the harbour calm?", limit=200, scope=SearchFilter(until=until))
        assert {passage.article.published for passage in found} == {day for day in days if day <= until}
        assert len({passage.article.source for passage in found}) == sum(day <= until for day in days)
