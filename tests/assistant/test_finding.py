"""What is found for a question: the time that it names orders equals, and a reranker reads the passages again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder

from assistant import Assistant, InvalidSettings, Settings
from assistant.finding import Finder, Findings
from assistant.reranking import reading
from benchmarks.reranker_cost import build_tiny_model
from index import Article, ArticleIndex, Passage, SearchFilter

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


def test_the_time_of_a_copy_counts_for_the_story(assistant: Assistant) -> None:
    add_equals(assistant)
    story = (
        f"{PRAISE['en']} It had been closed since the flood, when ice broke two of the pillars, and the mayor of the "
        "town, the ferrymen and a school class were the first to cross it again, in the rain and without a speech."
    )
    told = {}
    for day in (MONTHS_AGO, LAST_WEEK):
        houses = {"first": MONTHS_AGO, "second": day}
        assistant.index.add([Article(f"mem:{name}", "The bridge", story, on, "en") for name, on in houses.items()])
        [told[day]] = [passage for passage in assistant.search(LAST_WEEKS["en"]) if "ferrymen" in passage.text]
        assert [told[day].article.published, *(copy.published for copy in told[day].copies)] == [MONTHS_AGO, day]
    assert told[LAST_WEEK].score > told[MONTHS_AGO].score + 0.05


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
    # Each of another day: what is the same altogether is stored once.
    days = [MONTHS_AGO - timedelta(days=number) for number in range(12)]
    crowd = [Article(f"mem:{day}", "The bridge", PRAISE["en"], day, "en") for day in days]
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
    assert found == assistant.index.settle(PLAIN, assistant.index.search(PLAIN, limit=10))
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


# Several questions at once

TORTOISES = [
    Article("mem:en", "Tortoises", "Tortoises hibernate in burrows from November on.", language="en"),
    Article("mem:es", "Tortugas", "Las tortugas pasan el invierno bajo tierra, en madrigueras.", language="es"),
    Article("mem:rain", "Lluvia", "La lluvia cae en la ciudad durante el otoño.", language="es"),
    Article("mem:fr", "Météo", "Le train de Lyon est en retard.", language="fr"),
    Article("mem:tea", "Tea", "Tea is grown in Assam.", language="en"),
]
WHERE = "Where do tortoises spend the winter?"
IN_SPANISH = "¿Dónde pasan el invierno las tortugas?"


@pytest.fixture
def finder(index: ArticleIndex) -> Finder:
    index.add(TORTOISES)
    return Finder(index, today=lambda: TODAY)


def find(finder: Finder, question: str = WHERE, **more: object) -> Findings:
    return finder.find(question, limit=8, scope=SearchFilter(), language="en", **more)  # type: ignore[arg-type]


def by_name(passages: Sequence[Passage]) -> dict[str, Passage]:
    return {passage.article.source.removeprefix("mem:"): passage for passage in passages}


def test_a_translation_lifts_what_answers_in_its_language(finder: Finder) -> None:
    alone, both = find(finder), find(finder, translations={"es": IN_SPANISH})
    assert by_name(both.passages)["es"].score > by_name(alone.passages)["es"].score
    assert names(list(both.passages))[:2] in (["es", "en"], ["en", "es"])
    assert by_name(both.passages)["es"].signals.coverage > by_name(alone.passages)["es"].signals.coverage


def test_a_translation_counts_for_passages_in_its_language_only(finder: Finder) -> None:
    alone, both = find(finder), find(finder, translations={"es": IN_SPANISH})
    for name in ("en", "tea", "fr"):
        assert by_name(both.passages)[name].signals == by_name(alone.passages)[name].signals


def test_each_passage_is_found_once_and_scores_stay_from_0_to_1_and_in_order(finder: Finder) -> None:
    found = find(finder, translations={"es": IN_SPANISH, "fr": "Où les tortues passent-elles l'hiver ?"}).passages
    assert len(set(map(_place, found))) == len(found) == len(TORTOISES)
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_the_best_of_a_search_that_is_not_sure_does_not_come_first(finder: Finder) -> None:
    found = find(finder, translations={"fr": "Où les tortues passent-elles l'hiver ?"}).passages
    assert names(list(found))[0] == "en"
    assert by_name(found)["fr"].score < 0.75


def test_a_translation_into_the_own_language_or_none_changes_nothing(finder: Finder) -> None:
    assert find(finder, translations={"en": "Something else?"}) == find(finder, translations={}) == find(finder)


def test_a_story_and_its_copy_are_listed_once_whatever_was_searched(index: ArticleIndex) -> None:
    story = (
        "Las tortugas pasan el invierno bajo tierra, en madrigueras hondas que ellas mismas cavan cuando los días se "
        "hacen cortos y las noches frías, y no comen nada hasta la primavera siguiente."
    )
    houses = [
        Article(f"mem:{name}", title, story, language="es") for name, title in (("a", "Winter"), ("b", "Tortuga"))
    ]
    index.add([*houses, TORTOISES[0]])
    found = Finder(index).find(
        "Winter tortoises?", limit=8, scope=SearchFilter(), language="en", translations={"es": "¿Tortuga en invierno?"}
    )
    assert len([passage for passage in found.passages if passage.article.language == "es"]) == 1


def test_confidence_holds_a_passage_against_the_question_in_its_language(finder: Finder) -> None:
    both = find(finder, translations={"es": IN_SPANISH})
    spanish = by_name(both.passages)["es"]
    assert finder.confidence(both) >= finder.confidence_in(IN_SPANISH, [spanish], "es")
    alone = find(finder)
    assert finder.confidence(alone) == finder.confidence_in(alone.topic, alone.passages, "en")
    assert finder.confidence(replace(alone, passages=())) == 0


@pytest.mark.parametrize("question", [WHERE, "Which tea grows in Assam?", "Who won the cup?", "rain"])
def test_a_question_is_answered_where_the_confidence_suffices(finder: Finder, question: str) -> None:
    found = find(finder, question, translations={"es": IN_SPANISH})
    sure = finder.confidence(found)
    assert finder.is_answered(found, sure)
    assert not finder.is_answered(found, sure + 0.001)
    assert not finder.is_answered(replace(found, passages=()), 0.001)


def test_a_follow_up_is_searched_as_it_is_understood(finder: Finder) -> None:
    found = find(finder, "And where?", asked=WHERE, searched=f"{WHERE} tortoises", translations={"es": IN_SPANISH})
    assert (found.question, found.asked) == ("And where?", WHERE)
    assert found.searched == (f"{WHERE} tortoises", IN_SPANISH)
    assert found.passages
    assert found.topics == {"en": f"{WHERE} tortoises", "es": IN_SPANISH}


def test_the_context_of_a_follow_up_orders_what_it_finds_and_adds_nothing(finder: Finder) -> None:
    alone, helped = find(finder, "And the rain?"), find(finder, "And the rain?", context="And the rain? Tea Assam")
    assert helped.topic == "And the rain?"
    assert helped.searched == ("And the rain? Tea Assam",)
    assert set(map(_place, helped.passages)) == set(map(_place, alone.passages))
    assert by_name(helped.passages)["tea"].signals == by_name(alone.passages)["tea"].signals
    place = {which: names(list(found.passages)).index("tea") for which, found in (("a", alone), ("h", helped))}
    assert place["h"] <= place["a"]
    scores = [passage.score for passage in helped.passages]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_a_question_that_was_searched_as_it_is_says_no_more(finder: Finder) -> None:
    found = find(finder)
    assert (found.asked, found.searched, found.topic) == (WHERE, (), WHERE)
    assert find(finder, translations={"es": IN_SPANISH}).searched == (WHERE, IN_SPANISH)


def test_the_words_of_a_time_are_left_out_of_a_translation_too(assistant: Assistant) -> None:
    add_equals(assistant)
    found = Finder(assistant.index, today=lambda: TODAY).find(
        LAST_WEEKS["en"], limit=8, scope=SearchFilter(), language="en", translations={"fr": LAST_WEEKS["fr"]}
    )
    assert "semaine" not in found.topics["fr"]
    assert found.period is not None
    assert names(list(found.passages))[0] == "last-week"
