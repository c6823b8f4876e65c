"""An answer's text falls into statements, and only those that claim something need a citation."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking import bare_statement, is_claim, split_statements

ANSWER = """## What is known

Here is what the articles say:

- It was nonsense. [1] Talks had stalled [2].
* **Huang** said no.[3]
1. He will invest [4][5]

| who | what |
|---|---|
| Nvidia | 100 billion [2] |

Would it invest? [1] At first, no."""


def test_statements_are_the_sentences_items_and_lines_of_an_answer() -> None:
    assert [ANSWER[start:end] for start, end in split_statements(ANSWER, "en")] == [
        "## What is known",
        "Here is what the articles say:",
        "It was nonsense.",
        "Talks had stalled [2].",
        "**Huang** said no.",
        "He will invest",
        "who | what",
        "Nvidia | 100 billion",
        "Would it invest?",
        "At first, no.",
    ]


def test_marks_stand_inside_a_statement_or_behind_it() -> None:
    text = "One [1] is so. [2] Two is so [3]. Three."
    spans = split_statements(text, "en")
    ends = [*(span.start for span in spans[1:]), len(text)]
    with_marks = [text[span.start : end].strip() for span, end in zip(spans, ends, strict=True)]
    assert with_marks == ["One [1] is so. [2]", "Two is so [3].", "Three."]


def test_a_bare_statement_has_no_marks() -> None:
    assert bare_statement("It fell [1] by 5 % [2, 3] in [2020] 【4.1】.") == "It fell by 5 % in [2020]."


@given(st.text(alphabet=st.sampled_from("Ab1. \n-*#|[]?!:\u2028é“"), max_size=200))
def test_statements_hold_every_letter_in_order(text: str) -> None:
    last = 0
    for start, end in split_statements(text, "en"):
        assert last <= start < end <= len(text)
        last = end


@given(st.text(max_size=300))
def test_any_text_is_split_and_judged(text: str) -> None:
    for start, end in split_statements(text):
        assert is_claim(text[start:end]) in (True, False)


@pytest.mark.parametrize(
    "statement",
    [
        "Nvidia did not abandon the deal.",
        "Yes, Nvidia will invest.",
        "100 billion dollars.",
        "The article says that Huang did not mention Google.",
        "The articles do not say when, but Nvidia bought OpenAI in 2019.",
        "It fell.",
        "Les sources affirment que Nvidia n'a pas abandonné l'accord.",
        "Huang said: no.",
        "Here is the deal that Nvidia made with Amazon.",
        "Das ist nicht der Vertrag, den Huang genannt hat.",
        "Cela n'est pas un accord.",
    ],
)
def test_what_is_said_has_to_be_cited(statement: str) -> None:
    assert is_claim(statement)


@pytest.mark.parametrize(
    ("statement", "language"),
    [
        ("", "en"),
        ("Yes.", "en"),
        ("Oui.", "fr"),
        ("Nein.", "de"),
        ("**No**", "en"),
        ("## What Huang said in Taipei", "en"),
        ("**The deal in September**", "en"),
        ("Summary", "en"),
        ("---", "en"),
        ("Here is what the articles say:", "en"),
        ("Voici ce que disent les articles :", "fr"),
        ("Here is a summary of the answer.", "en"),
        ("Did Nvidia abandon the deal?", "en"),
        ("The articles do not say when the deal will be signed.", "en"),
        ("The provided passages don't mention Microsoft.", "en"),
        ("Les articles ne précisent pas le montant exact.", "fr"),
        ("Die Artikel nennen keinen Betrag.", "de"),
        ("Los artículos no mencionan la cantidad.", "es"),
        ("Cela n'est pas précisé.", "fr"),
        ("Das wird in den Artikeln nicht erwähnt.", "de"),
        ("Esto no se menciona.", "es"),
        ("Non è specificato.", "it"),
        ("Isso não foi mencionado.", "pt"),
        ("There is no information about this in the passages.", "en"),
        ("I could not find this in the passages.", "en"),
        ("I hope this helps!", "en"),
        ("Let me know if you have more questions.", "en"),
    ],
)
def test_headings_questions_and_courtesies_need_no_citation(statement: str, language: str) -> None:
    assert not is_claim(statement, language)


@pytest.mark.parametrize("text", ["[1]" * 30_000, "- " * 50_000, "articles " * 10_000, "#" * 100_000, "\n|" * 40_000])
def test_hostile_answers_take_no_time(text: str) -> None:
    started = time.process_time()
    for start, end in split_statements(text, "en")[:100]:
        is_claim(text[start:end], "en")
    is_claim(text, "en")
    bare_statement(text)
    assert time.process_time() - started < 2
