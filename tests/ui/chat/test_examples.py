"""Questions to start with: made from what is indexed, and answered there."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from assistant import Assistant, Settings
from assistant.ui.chat.examples import Example, find_examples, remember_examples
from index import Article

SEEDS = Path(__file__).parents[3] / "seeds"
HARBOUR = Article(
    "https://news.example/harbour",
    "The harbour of Tallvik opens again",
    "The harbour of Tallvik was opened in March after two years of work. Mayor Ingrid Solberg said that the harbour "
    "would bring ships back to Tallvik. A quay is a wall at which ships lie.",
    language="en",
)


def test_the_articles_of_the_project_bring_their_own_questions(assistant: Assistant) -> None:
    questions = [example.question for example in find_examples(assistant, newest(assistant))]
    assert "Did Nvidia abandon the deal?" in questions
    assert "Nvidia a-t-il abandonné l'accord ?" in questions
    assert len(questions) == len(set(questions)) <= 5


def test_questions_are_made_from_the_readers_own_articles_and_come_first(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as own:
        own.reindex([SEEDS])
        own.index.add([HARBOUR])
        examples = find_examples(own, [HARBOUR])
        assert "Tallvik" in examples[0].question or "Solberg" in examples[0].question or "quay" in examples[0].question
        assert examples[0].language == "en"
        for example in examples:
            assert not own.ask(example.question).abstained, example.question


def test_an_empty_index_has_no_questions(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as empty:
        assert find_examples(empty, ()) == ()


def test_examples_are_found_once_for_each_generation(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as own:
        own.index.add([HARBOUR])
        find = remember_examples(own)
        first: Sequence[Example] = find("one", [HARBOUR])
        assert first
        assert find("one", []) is first
        assert find("two", []) == ()


def newest(assistant: Assistant) -> list[Article]:
    return list(islice(assistant.index.articles(), 6))
