"""Questions to start with: made from what is indexed, and answered there."""

from datetime import date
from pathlib import Path

from assistant import Assistant, Settings
from assistant.ui.chat.examples import find_examples, remember_examples, take_languages_in_turn
from index import Article

SEEDS = Path(__file__).parents[3] / "seeds"
HARBOUR = Article(
    "https://news.example/harbour",
    "The harbour of Tallvik opens again",
    "The harbour of Tallvik was opened in March after two years of work. Mayor Ingrid Solberg said that the harbour "
    "would bring ships back to Tallvik. A quay is a wall at which ships lie.",
    language="en",
)

PONT = Article(
    "https://news.example/pont",
    "Le pont sur la Vistule",
    "Le pont sur la Vistule a été ouvert lundi, a déclaré Anna Nowak. Selon Anna Nowak, le pont de la Vistule servira "
    "à dix mille voitures par jour.",
    date(2020, 1, 1),
    "fr",
)
PLACES = ("Tallvik", "Brenholm", "Oskarby", "Nordnes", "Fjellstad", "Havsund", "Granlund", "Sandvika")


def test_the_articles_of_the_project_bring_their_own_questions(assistant: Assistant) -> None:
    questions = [example.question for example in find_examples(assistant)]
    assert "Did Nvidia abandon the deal?" in questions
    assert "Nvidia a-t-il abandonné l'accord ?" in questions
    assert len(questions) == len(set(questions)) <= 5


def test_questions_are_made_from_the_readers_own_articles_and_come_first(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as own:
        own.reindex([SEEDS])
        own.index.add([HARBOUR])
        examples = find_examples(own)
        assert "Tallvik" in examples[0].question or "Solberg" in examples[0].question or "quay" in examples[0].question
        assert examples[0].language == "en"
        for example in examples:
            assert not own.ask(example.question).abstained, example.question


def test_an_empty_index_has_no_questions(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as empty:
        assert find_examples(empty) == ()


def test_examples_are_found_once_for_each_generation(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as own:
        own.index.add([HARBOUR])
        find = remember_examples(own)
        first = find("one")
        assert first
        own.index.remove(HARBOUR.source)
        assert find("one") is first
        assert find("two") == ()


def test_five_examples_are_of_five_articles_and_of_both_languages(tmp_path: Path) -> None:
    """However many newer articles there are in one language."""
    with Assistant(Settings(home=tmp_path / "home")) as own:
        own.index.add([*map(opening, range(8)), PONT])
        examples = find_examples(own)
    french = [example for example in examples if example.language == "fr"]
    places = {place for example in examples for place in PLACES if place in example.question}
    assert (len(examples), len(french), len(places)) == (5, 1, 4)


def test_languages_take_turns_and_a_title_is_taken_once() -> None:
    articles = [article("a", "One"), article("b", "ONE"), article("c", "Two"), article("d", "Un", "fr")]
    assert [taken.source for taken in take_languages_in_turn(articles)] == ["a", "d", "c"]


def article(source: str, title: str, language: str = "en") -> Article:
    return Article(source, title, "", language=language)


def opening(number: int) -> Article:
    """An article about the opening of a harbour, of which one can ask."""
    place = PLACES[number]
    text = (
        f"The harbour of {place} was opened in March after two years of work. Mayor Ingrid Solberg of {place} said "
        f"that the harbour would bring ships back to {place}."
    )
    day = date(2026, 1, 1 + number)
    return Article(f"https://news.example/{place}", f"The harbour of {place} opens again", text, day, "en")
