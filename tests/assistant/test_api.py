"""The Assistant as programs use it: what it refuses, what it says when empty, and what it sees while it is open."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from assistant import Assistant, InvalidQuestion, Settings
from index import Article, ArticleIndex, HomeUnusable, SentenceTransformerEmbedder, SyncProgress

QUESTION = "Did Nvidia abandon the deal?"
FRENCH, ENGLISH = date(2026, 2, 1), date(2026, 2, 2)

TEA = Article("https://tea.example/", "Tea", "Tea is grown in Assam. Its harvest was good this year.", language="en")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant(Settings(home=tmp_path / "home")) as opened:
        yield opened


# Questions that cannot be asked

REFUSED = {
    "empty": ("", "is empty", "Ask something"),
    "blank": (" \n\t\u00a0", "is empty", "Ask something"),
    "a hundred thousand characters": ("why " * 25_000, "99,999 characters", "ASSISTANT_MAX_QUESTION"),
    "one too many": ("w" * 2_001, "2,001 characters", "Shorten it"),
    "NUL": ("Did Nvidia\x00 deny it?", "U+0000 at character 10", "Remove it"),
    "a lone surrogate": ("Did \ud83d deny it?", "U+D83D at character 4", "Remove it"),
    "the other half": ("\udc00", "U+DC00 at character 0", "Remove it"),
}


@pytest.mark.parametrize(("question", "wrong", "step"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("way", ["ask", "search", "stream", "aask"])
def test_a_question_that_cannot_be_asked_is_one_line_with_the_next_step(
    question: str, wrong: str, step: str, way: str, assistant: Assistant
) -> None:
    ways: dict[str, Callable[[str], object]] = {
        "ask": assistant.ask,
        "search": assistant.search,
        "stream": lambda text: list(assistant.stream(text)),
        "aask": lambda text: asyncio.run(assistant.aask(text)),
    }
    with pytest.raises(InvalidQuestion) as caught:
        ways[way](question)
    message = str(caught.value)
    assert wrong in message
    assert step in message
    assert len(message.splitlines()) == 1
    assert len(message) < 300
    message.encode()


def test_a_question_of_the_greatest_length_is_answered(assistant: Assistant) -> None:
    question = QUESTION + " " + "w" * (2_000 - len(QUESTION) - 1)
    assert assistant.ask(question).question == question


def test_white_space_around_a_question_does_not_count(assistant: Assistant) -> None:
    assert assistant.ask(f"\n {QUESTION}  ") == assistant.ask(QUESTION)


@pytest.mark.parametrize(
    "question",
    [
        'title:"Nvidia" AND (deal~2 OR ^)',
        "Nvidia' OR 1=1; --",
        "*",
        "\x1b[31mNvidia\x07",
        "\u202eNvidia",
        "\ufdfa" * 100,
    ],
)
def test_syntax_of_other_languages_is_only_text(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.complete
    assert answer.question == question


# Nothing to answer from


@pytest.mark.parametrize(
    ("question", "said", "step"),
    [(QUESTION, "no articles yet", "assistant index PATH"), ("Nvidia a-t-il menti ?", "pas encore", "assistant index")],
)
def test_an_empty_index_says_that_it_is_empty_and_how_to_fill_it(
    question: str, said: str, step: str, empty: Assistant
) -> None:
    answer = empty.ask(question)
    assert answer.abstained
    assert said in answer.text
    assert step in answer.text
    assert (answer.citations, answer.passages, answer.complete) == ((), (), True)
    assert empty.search(question) == []


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(HomeUnusable, match="ASSISTANT_HOME") as caught:
        Assistant(Settings(home=tmp_path / "file" / "home"))
    assert str(tmp_path / "file" / "home") in str(caught.value)


@pytest.mark.parametrize("source", ["~nobody-by-this-name/x", "a\0b", "\ud800", "", "nowhere/at/all"])
def test_a_source_that_holds_nothing_finds_nothing(source: str, assistant: Assistant) -> None:
    assert assistant.search(QUESTION, sources=[source]) == []
    answer = assistant.ask(QUESTION, sources=[source])
    assert answer.abstained
    assert answer.passages == ()
    assert "nearest" not in answer.text


# Streaming


def test_snapshots_grow_and_only_the_last_is_complete(assistant: Assistant) -> None:
    snapshots = list(assistant.stream(QUESTION))
    assert len(snapshots) >= 2
    assert snapshots[0].passages == snapshots[-1].passages
    assert [len(snapshot.text) for snapshot in snapshots] == sorted(len(snapshot.text) for snapshot in snapshots)
    assert [snapshot.complete for snapshot in snapshots] == [False] * (len(snapshots) - 1) + [True]
    assert snapshots[-1] == assistant.ask(QUESTION)


def test_a_declined_question_is_one_complete_snapshot(assistant: Assistant) -> None:
    (snapshot,) = assistant.stream("Who won the 1998 World Cup?")
    assert snapshot.complete
    assert snapshot.abstained


def test_a_stream_may_be_left_in_the_middle(assistant: Assistant) -> None:
    stream = assistant.stream(QUESTION)
    next(stream)
    del stream
    assert assistant.ask(QUESTION).citations


def test_an_answer_can_be_awaited_with_the_same_arguments(assistant: Assistant) -> None:
    answer = asyncio.run(assistant.aask(QUESTION, since=ENGLISH))
    assert answer == assistant.ask(QUESTION, since=ENGLISH)
    assert {citation.article.language for citation in answer.citations} == {"en"}


def test_awaited_answers_do_not_stop_the_loop(assistant: Assistant) -> None:
    async def ask_and_count() -> int:
        task = asyncio.ensure_future(assistant.aask(QUESTION))
        ticks = 0
        while not task.done():
            await asyncio.sleep(0.001)
            ticks += 1
        return ticks

    assert asyncio.run(ask_and_count()) > 5


# Narrowing


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (FRENCH, None, {FRENCH, ENGLISH}),
        (ENGLISH, None, {ENGLISH}),
        (None, FRENCH, {FRENCH}),
        (FRENCH, FRENCH, {FRENCH}),
        (date(2026, 2, 3), None, set()),
        (ENGLISH, FRENCH, set()),
    ],
)
def test_only_articles_of_these_days_are_searched_and_both_ends_count(
    since: date | None, until: date | None, days: set[date], assistant: Assistant
) -> None:
    found = assistant.search("Nvidia OpenAI", limit=50, since=since, until=until)
    assert {passage.article.published for passage in found} == days
    answer = assistant.ask(QUESTION, since=since, until=until)
    assert {citation.article.published for citation in answer.citations} == days
    assert answer.abstained == (not days)


def test_sources_may_be_an_article_or_the_folder_that_holds_it(assistant: Assistant) -> None:
    everything = assistant.search(QUESTION, limit=100)
    english = next(p.article.source for p in everything if p.article.published == ENGLISH)
    assert {p.article.source for p in assistant.search(QUESTION, limit=100, sources=[english])} == {english}
    assert assistant.search(QUESTION, limit=100, sources=[str(Path(english).parent)]) == everything
    assert {c.article.source for c in assistant.ask(QUESTION, sources=[english]).citations} == {english}


def test_a_relative_source_is_the_same_as_its_absolute_path(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = next(p.article.source for p in assistant.search(QUESTION))
    monkeypatch.chdir(Path(source).parent)
    found = assistant.search(QUESTION, sources=[Path(source).name])
    assert found
    assert {passage.article.source for passage in found} == {source}


@pytest.mark.parametrize("limit", [1, 4, 7])
def test_a_search_keeps_to_its_limit_and_puts_the_best_first(limit: int, assistant: Assistant) -> None:
    found = assistant.search(QUESTION, limit=limit)
    assert len(found) == limit
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert found == assistant.search(QUESTION, limit=20)[:limit]


def test_settings_say_how_many_passages_and_quotes_an_answer_has(seeds_home: Path) -> None:
    with Assistant(Settings(home=seeds_home, passages=3, quotes=2)) as assistant:
        answer = assistant.ask(QUESTION)
    assert len(answer.passages) == 3
    assert len(answer.citations) == 2


def test_a_confidence_of_nought_declines_nothing_and_of_one_everything(seeds_home: Path) -> None:
    with Assistant(Settings(home=seeds_home, confidence=0)) as assistant:
        assert assistant.ask("Who won the 1998 World Cup?").citations
    with Assistant(Settings(home=seeds_home, confidence=1)) as assistant:
        assert assistant.ask(QUESTION).abstained


# Indexing


def test_a_reindex_reports_what_it_did_and_shows_its_progress(empty: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "tea.txt").write_text(TEA.text)
    (folder / "empty.txt").write_text("")
    steps: list[SyncProgress] = []
    report = empty.reindex([folder], steps.append)
    assert report.added == (str(folder / "tea.txt"),)
    assert [failure.source for failure in report.failed] == [str(folder / "empty.txt")]
    assert steps[-1].done == steps[-1].total == 2
    assert "Assam" in empty.ask("Where is tea grown?").citations[0].quote


def test_a_reindex_without_sources_looks_again_at_those_of_before(empty: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "tea.txt").write_text(TEA.text)
    empty.reindex([str(folder)])
    (folder / "tea.txt").write_text("Tea is grown in Darjeeling.")
    assert empty.reindex().updated == (str(folder / "tea.txt"),)
    (citation,) = empty.ask("Where is tea grown?").citations
    assert citation.quote == "Tea is grown in Darjeeling."
    (folder / "tea.txt").unlink()
    assert empty.reindex().removed == (str(folder / "tea.txt"),)
    assert "no articles yet" in empty.ask("Where is tea grown?").text


def test_an_open_assistant_sees_what_another_one_indexes(
    empty: Assistant, embedder: SentenceTransformerEmbedder
) -> None:
    assert empty.ask("Where is tea grown?").abstained
    with ArticleIndex(empty.settings.home, embedder) as other:
        other.add([TEA])
        assert "Assam" in empty.ask("Where is tea grown?").citations[0].quote
        other.remove(TEA.source)
        assert "no articles yet" in empty.ask("Where is tea grown?").text


def test_an_assistant_that_slept_through_several_reindexes_wakes_up_to_the_last(
    empty: Assistant, embedder: SentenceTransformerEmbedder
) -> None:
    empty.index.add([TEA])
    assert empty.search("Where is tea grown?")
    with ArticleIndex(empty.settings.home, embedder) as other:
        for number in range(3):
            other.add([Article(f"https://rain.example/{number}", "Rain", f"Rain fell on day {number}.", language="en")])
    found = empty.search("On which day did rain fall?")
    assert {passage.article.source for passage in found} >= {f"https://rain.example/{number}" for number in range(3)}


def test_an_assistant_that_slept_through_several_reindexes_can_be_closed(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    sleeper = Assistant(Settings(home=tmp_path / "home"))
    sleeper.index.add([TEA])
    assert sleeper.search("Where is tea grown?")
    with ArticleIndex(tmp_path / "home", embedder) as other:
        for number in range(3):
            other.add([Article(f"https://rain.example/{number}", "Rain", f"Rain fell on day {number}.", language="en")])
    sleeper.close()


def test_a_citation_outlives_the_version_that_it_was_cut_from(empty: Assistant) -> None:
    empty.index.add([TEA])
    citation = empty.ask("Where is tea grown?").citations[0]
    empty.index.add([Article(TEA.source, "Tea", "Nothing of the kind.", language="en")])
    assert citation.article.text[citation.start : citation.end] == citation.quote
    assert "Assam" in citation.quote


# Threads


def test_many_threads_get_the_answers_that_one_gets(assistant: Assistant) -> None:
    questions = [QUESTION, "Nvidia a-t-il abandonné l'accord ?", "Who won the 1998 World Cup?", "What does a GPU do?"]
    alone = [assistant.ask(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(assistant.ask, questions * 3))
    assert together == alone * 3


def test_threads_that_need_the_model_first_share_one(tmp_path: Path) -> None:
    barrier = Barrier(8)
    with Assistant(Settings(home=tmp_path, model="openai:test", base_url="http://127.0.0.1:9/v1")) as assistant:

        def model(_: int) -> object:
            barrier.wait()
            return assistant._model

        with ThreadPoolExecutor(8) as pool:
            assert len(set(map(id, pool.map(model, range(8))))) == 1


def test_answers_go_on_while_articles_are_added(empty: Assistant, embedder: SentenceTransformerEmbedder) -> None:
    empty.index.add([TEA])
    with ThreadPoolExecutor(4) as pool, ArticleIndex(empty.settings.home, embedder) as other:
        asked = [pool.submit(empty.ask, "Where is tea grown?") for _ in range(12)]
        for number in range(5):
            other.add([Article(f"https://rain.example/{number}", "Rain", f"Rain fell on day {number}.", language="en")])
        answers = [future.result() for future in asked]
    assert all("Assam" in answer.citations[0].quote for answer in answers)


def test_a_closed_assistant_opens_again_from_its_home(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with Assistant(settings) as first:
        first.index.add([TEA])
        before = first.ask("Where is tea grown?")
    with Assistant(settings) as second:
        assert second.ask("Where is tea grown?") == before
