"""A prompt file has exactly the placeholders that the code fills, and a wrong one is named."""

from importlib import resources

import pytest

from assistant import InvalidPrompt
from assistant.prompts import PLACEHOLDERS, checked_prompt, load_prompt
from assistant.replies import NOT_STATED


@pytest.mark.parametrize("name", sorted(PLACEHOLDERS))
def test_every_prompt_loads(name: str) -> None:
    assert load_prompt(name).strip()


def test_every_prompt_file_is_known_to_the_code_and_the_other_way_round() -> None:
    files = {file.name for file in resources.files("prompts").iterdir() if file.name.endswith(".md")}
    assert files == set(PLACEHOLDERS)


def test_the_prompt_asks_for_the_words_that_the_code_waits_for() -> None:
    assert NOT_STATED in load_prompt("answer.system.md")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{mark} {sources}", "{mark}, {question}, {sources}"),
        ("{mark} {sources} {question} {language}", "language"),
        ("", "must have exactly"),
        ("{mark} {sources} {Question}", "Question"),
        ("{mark} {sources} {} {question}", "must have exactly"),
        ("{mark} {sources} {question", "brace"),
        ("{mark} {sources} {question} }", "brace"),
    ],
    ids=["missing", "too many", "none", "misspelt", "nameless", "left open", "stray"],
)
def test_wrong_placeholders_are_refused_and_the_file_is_named(text: str, said: str) -> None:
    with pytest.raises(InvalidPrompt, match=r"prompts/answer\.human\.md") as caught:
        checked_prompt("answer.human.md", text)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_doubled_brace_is_a_brace_and_no_placeholder() -> None:
    text = "{mark} {sources} {question} {{json}}"
    assert checked_prompt("answer.human.md", text) == text


def test_a_prompt_that_is_not_there_is_named() -> None:
    with pytest.raises(InvalidPrompt, match=r"prompts/nothing\.md cannot be read"):
        load_prompt("nothing.md")
