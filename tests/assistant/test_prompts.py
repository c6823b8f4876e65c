"""A prompt file has exactly the placeholders that the code fills, and a wrong one is named."""

import re
from importlib import resources

import pytest

from assistant import InvalidPrompt, Settings, Verdict
from assistant.dress import NOT_STATED
from assistant.prompts import PLACEHOLDERS, checked_prompt, load_prompt
from assistant.verdicts import split_verdict
from tests.assistant.whole_replies import read_reply


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


def test_the_answer_prompt_asks_for_verdicts_that_the_code_reads() -> None:
    asked = re.findall(r"VERDICT: [a-z ]+", load_prompt("answer.system.md"))
    read = [split_verdict(line) for line in asked]
    assert {found[0] for found in read if found} == set(Verdict)


def test_the_worked_example_points_at_nothing_that_is_ever_shown() -> None:
    most = Settings.model_json_schema()["properties"]["passages"]["maximum"]
    example = load_prompt("answer.system.md").partition("Example")[2]
    numbers = [int(number) for number in re.findall(r"\[(\d+)\.\d+\]", example)]
    assert numbers
    assert min(numbers) > most
    assert read_reply(example.partition("\n")[2], ()).verdict is Verdict.DISPUTED


@pytest.mark.parametrize("name", sorted(name for name in PLACEHOLDERS if name.endswith(".system.md")))
def test_a_small_model_gets_a_short_prompt(name: str) -> None:
    assert len(load_prompt(name)) < 2_500
