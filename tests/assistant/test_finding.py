"""What is found for a question: the time that it names orders equals, and a reranker reads the passages again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder

from assistant import Assistant, InvalidSettings, Settings
from assistant.reranking import reading
from benchmarks.reranker_cost import build_tiny_model
from index import Article, Passage

TODAY = date(2026, 2, 11)
"""A Wednesday: last week is 2 to 8 February."""
MONTHS_AGO, LAST_WEEK, YESTERDAY = date(2025, 6, 3), date(2026, 2, 4), date(2026, 2, 10)
DAYS = {"months-ago": MONTHS_AGO, "yesterday": YESTERDAY, "undated": None, "last-week": LAST_WEEK}

# Fewer different words than copies of a story are told by, so that all are found, and all score alike.
PRAISE = {"en": "The mayor praised the bridge.", "fr": "Le maire a loué le pont."}
LAST_WEEKS = {
    "en": "What did the mayor say about the bridge last week?",
    "fr": "Qu'a dit le maire du pont la semaine dernière ?",
}
PLAIN = "What did the mayor say about the bridge?"
LATEST = "What is the latest that the mayor said about the bridge?"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant for whom it is always the same day, with nothing indexed."""
    with Assistant(Settings(home=tmp_path / "home"), today=lambda: TODAY) as opened:
        yield opened


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("reranker"))


def add_equals(assistant: Assistant, language: str = "en") -> None:
    """Add articles that differ in their dates alone, and one of last week about something else."""
    equals = [Article(f"mem:{name}", "The bridge", PRAISE[language], day, language) for name, day in DAYS.items()]
    assistant.index.add([*equals, Article("mem:rain", "", "Rain.", LAST_WEEK, language)])


def names(passages: list[Passage]) -> list[str]:
    return [passage.article.source.removeprefix("mem:") for passage in passages]


# A time in the question


@pytest.mark.parametrize("language", ["en", "fr"])
def test_last_week_puts_that_week_first_among_equals_and_hides_nothing(language: str, assistant: Assistant) -> None:
    add_equals(assistant, language)
    found = names(assistant.search(LAST_WEEKS[language]))
    assert found[:4] == ["last-week", "yesterday", "months-ago", "undated"]


def test_no_fitting_date_makes_up_for_a_worse_passage(assistant: Assistant) -> None:
    add_equals(assistant)
    assert names(assistant.search(LAST_WEEKS["en"]))[4:] == ["rain"]


def test_the_latest_is_the_newer_of_equals(assistant: Assistant) -> None:
    add_equals(assistant)
    assert names(assistant.search(LATEST))[:4] == ["yesterday", "last-week", "months-ago", "undated"]


def test_where_everything_is_old_the_newest_is_still_the_latest(assistant: Assistant) -> None:
    years = (1999, 2001, 2000)
    assistant.index.add([Article(f"mem:{year}", "The bridge", PRAISE["en"], date(year, 5, 1), "en") for year in years])
    assert names(assistant.search(LATEST)) == ["2001", "2000", "1999"]


def test_the_day_of_asking_decides_which_week_was_the_last(tmp_path: Path) -> None:
    today = TODAY
    with Assistant(Settings(home=tmp_path / "home"), today=lambda: today) as assistant:
        add_equals(assistant)
        assert names(assistant.search(LAST_WEEKS["en"]))[0] == "last-week"
        today = date(2025, 6, 11)
        assert names(assistant.search(LAST_WEEKS["en"]))[0] == "months-ago"


def test_an_equal_of_that_week_is_found_beyond_the_limit(assistant: Assistant) -> None:
    crowd = [Article(f"mem:{number:02}", "The bridge", PRAISE["en"], MONTHS_AGO, "en") for number in range(12)]
    assistant.index.add([*crowd, Article("mem:last-week", "The bridge", PRAISE["en"], LAST_WEEK, "en")])
    assert "last-week" not in names(assistant.search(PLAIN, limit=3)), "else this shows nothing"
    assert names(assistant.search(LAST_WEEKS["en"], limit=3))[0] == "last-week"


@pytest.mark.parametrize("question", [LAST_WEEKS["en"], LATEST])
def test_a_time_keeps_scores_from_0_to_1_and_in_order(question: str, assistant: Assistant) -> None:
    add_equals(assistant)
    scores = [passage.score for passage in assistant.search(question)]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] < scores[0] <= 1


def test_a_question_without_a_time_leaves_order_and_scores_to_the_search(assistant: Assistant) -> None:
    add_equals(assistant)
    found = assistant.search(PLAIN)
    assert found == assistant.index.search(PLAIN, limit=10)
    assert len({passage.score for passage in found[:4]}) == 1, "they are equals"


# A reranker


def test_a_reranker_orders_the_passages_as_the_cross_encoder_itself(seeds_home: Path, model: Path) -> None:
    question = "Did Nvidia abandon the deal?"
    with Assistant(Settings(home=seeds_home, reranker=str(model))) as assistant:
        before = assistant.index.search(question, limit=30)
        found = assistant.search(question, limit=8)
    alone = CrossEncoder(str(model), local_files_only=True)
    scores = alone.predict([(question, reading(passage)) for passage in before], activation_fn=torch.nn.Sigmoid())
    expected = {_place(passage): float(score) for passage, score in zip(before, scores, strict=True)}
    assert [passage.score for passage in found] == pytest.approx(sorted(expected.values(), reverse=True)[:8], abs=1e-4)
    for passage in found:
        assert passage.score == pytest.approx(expected[_place(passage)], abs=1e-4)
    assert list(map(_place, found)) != list(map(_place, before[:8])), "a reranker that changes nothing shows nothing"


def _place(passage: Passage) -> tuple[str, int, int]:
    return passage.article.source, passage.start, passage.end


def test_a_question_is_answered_from_reranked_passages(tmp_path: Path, model: Path) -> None:
    settings = Settings(home=tmp_path / "home", reranker=str(model), confidence=0)
    with Assistant(settings, today=lambda: TODAY) as assistant:
        add_equals(assistant)
        answer = assistant.ask(PLAIN)
        assert [citation.quote for citation in answer.citations] == [PRAISE["en"]]
        assert list(answer.passages) == assistant.search(PLAIN, limit=settings.passages)


def test_among_passages_that_a_reranker_finds_equal_the_time_decides(tmp_path: Path, model: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home", reranker=str(model)), today=lambda: TODAY) as assistant:
        add_equals(assistant)
        found = [name for name in names(assistant.search(LAST_WEEKS["en"])) if name != "rain"]
    assert found == ["last-week", "yesterday", "months-ago", "undated"]


def test_a_reranker_that_cannot_be_loaded_is_one_line_that_names_the_setting(seeds_home: Path, tmp_path: Path) -> None:
    for name in ("nobody/no-such-model-here", str(tmp_path)):
        with Assistant(Settings(home=seeds_home, reranker=name)) as assistant:
            with pytest.raises(InvalidSettings) as caught:
                assistant.ask("Did Nvidia abandon the deal?")
            message = str(caught.value)
            assert repr(name) in message
            assert "Set ASSISTANT_RERANKER" in message
            assert len(message.splitlines()) == 1
            with pytest.raises(InvalidSettings):
                assistant.search("Did Nvidia abandon the deal?")


def test_the_reranker_is_set_by_its_variable(seeds_home: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "Did Nvidia abandon the deal?"
    monkeypatch.setenv("ASSISTANT_RERANKER", str(model))
    with Assistant(Settings(home=seeds_home)) as named, Assistant(Settings(home=seeds_home, reranker=None)) as plain:
        assert named.search(question) != plain.search(question)
        unscored = {_place(p): replace(p, score=0.0) for p in plain.index.search(question, limit=30)}
        assert all(unscored[_place(p)] == replace(p, score=0.0) for p in named.search(question))
