"""Suggested questions: from what the passages really say, in the question's language, and only what is answered."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.confidence import confidence
from assistant.suggestions import suggest_questions
from index import Article, Passage
from index.text import split_sentences


def passage(text: str, language: str = "en", *, title: str = "", score: float = 1.0, source: str = "a") -> Passage:
    article = Article(source, title, text, language=language)
    return Passage(article, 0, len(text), score, tuple(split_sentences(text, language)))


def yes(question: str) -> bool:
    return True


class Answers:
    """Says of every question that it is answered, or that none is, and remembers them."""

    def __init__(self, *, right: bool) -> None:
        self.right = right
        self.asked: list[str] = []

    def __call__(self, question: str) -> bool:
        self.asked.append(question)
        return self.right


def suggested(text: str, language: str = "en", question: str = "", *, asked_in: str = "") -> tuple[str, ...]:
    return suggest_questions(question, [passage(text, language)], asked_in or language, answers=yes, limit=9)


# What the passages hold


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Huang confirmed that he had confidence. Critics of Jensen Huang doubt it.", "What did Jensen Huang say?"),
        ("Rain fell, said Ann Lee.", "What did Ann Lee say?"),
        ("According to the Wall Street Journal, talks had stalled.", "What did the Wall Street Journal say?"),
        ("The Wall Street Journal reported that talks had stalled.", "What did the Wall Street Journal say?"),
        ("In May, Ann Lee, the mayor of Bath, left.", "Who is Ann Lee?"),
        ("Nvidia's chief executive, Jensen Huang, has left.", "Who is Jensen Huang?"),
        ("An embargo is a promise to publish nothing before an agreed hour.", "What is an embargo?"),
        ("A wafer is a thin disc of silicon.", "What is a wafer?"),
        ("That effect is called dilution.", "What does “dilution” mean?"),
        ("The bridge was opened in 1998.", "When was the bridge opened?"),
        (
            "At issue is an agreement between Nvidia and OpenAI that was first announced in September.",
            "When was the agreement between Nvidia and OpenAI announced?",
        ),
        ("Worth up to 100 billion dollars, the agreement was meant to help.", "How much is the agreement worth?"),
        ("Exactly how much Nvidia will invest in OpenAI is not known.", "How much will Nvidia invest in OpenAI?"),
        ("The figure of 40 percent is contested.", "What does the figure of 40 percent stand for?"),
    ],
)
def test_an_english_sentence_gives_the_question_that_it_answers(text: str, question: str) -> None:
    assert question in suggested(text)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Jensen Huang a promis une somme énorme.", "Qu'a dit Jensen Huang ?"),
        ("Le Wall Street Journal a rapporté un blocage.", "Qu'a dit le Wall Street Journal ?"),
        ("Selon Ann Leblanc, il pleut.", "Qu'a dit Ann Leblanc ?"),
        ("Ann Leblanc, la maire de Bath, est partie.", "Qui est Ann Leblanc ?"),
        ("Une lettre d'intention est un document.", "Qu'est-ce qu'une lettre d'intention ?"),
        ("Un processeur graphique, ou GPU, est une puce.", "Qu'est-ce qu'un processeur graphique ?"),
        (
            "L'accord entre Nvidia et OpenAI avait été annoncé pour la première fois en septembre.",
            "Quand a été annoncé l'accord entre Nvidia et OpenAI ?",
        ),
        (
            "Le chiffre de 100 milliards de dollars semble écarté.",
            "À quoi correspond le chiffre de 100 milliards de dollars ?",
        ),
        (
            "Quant au montant exact que Nvidia investira, on verra.",
            "Quel est le montant exact que Nvidia investira ?",
        ),
    ],
)
def test_a_french_sentence_gives_the_question_that_it_answers(text: str, question: str) -> None:
    # The sentence before makes the name one that does not only begin sentences.
    assert question in suggested(f"On parle de Jensen Huang et de Ann Leblanc. {text}", "fr")


@pytest.mark.parametrize(
    "text",
    [
        "Sam Altman was in the room, and the room was cold.",
        "It is raining. Nothing else is known about Altman.",
        "Sources said so.",
        "He said so.",
        "The head of Nvidia said so.",
    ],
)
def test_nobody_is_asked_about_who_says_nothing_there(text: str) -> None:
    assert suggested(text) == ()


@pytest.mark.parametrize(
    ("language", "question"),
    [("en", "What did Jensen Huang say?"), ("de", "Was hat Jensen Huang gesagt?"), ("es", "¿Qué dijo Jensen Huang?")],
)
def test_what_a_french_article_says_of_a_name_is_asked_in_the_language_of_the_question(
    language: str, question: str
) -> None:
    text = "Le patron de Jensen Huang. Jensen Huang a promis une somme énorme. Un chat est une bête."
    assert suggested(text, "fr", asked_in=language) == (question,)


def test_a_title_that_asks_something_is_a_question() -> None:
    found = [passage("Une puce.", "fr", title="À quoi sert un GPU ?"), passage("A chip.", title="What is a GPU?")]
    assert suggest_questions("Pourquoi ?", found, "fr", answers=yes) == ("À quoi sert un GPU ?",)


def test_another_article_is_asked_about_and_the_best_one_is_not() -> None:
    found = [passage("One.", title="Tea", source="a"), passage("Two.", title="Coffee", source="b")]
    assert suggest_questions("What is tea?", found, "en", answers=yes) == ("What does “Coffee” say?",)


def test_a_passage_that_hardly_fits_suggests_nothing() -> None:
    found = [passage("Rain."), passage("Rain fell, said Ann Lee.", score=0.3, source="b")]
    assert suggest_questions("Will it rain?", found, "en", answers=yes) == ()


# What is left out

SAYS = "A wafer is a thin disc. It is cut, said Ann Lee. The bridge was opened in 1998. That is called dilution."


def test_only_what_the_index_answers_is_suggested() -> None:
    asked: list[str] = []

    def answers(question: str) -> bool:
        asked.append(question)
        return "wafer" in question

    assert suggest_questions("?", [passage(SAYS)], "en", answers=answers) == ("What is a wafer?",)
    assert len(asked) == 4


@pytest.mark.parametrize("limit", [0, 1, 2, 3])
def test_no_more_are_suggested_or_tried_than_wanted(limit: int) -> None:
    answers = Answers(right=True)
    found = suggest_questions("?", [passage(SAYS)], "en", answers=answers, limit=limit)
    assert len(found) == len(answers.asked) == limit


def test_of_very_many_only_twelve_are_tried() -> None:
    answers = Answers(right=False)
    text = " ".join(f"It is cut, said Ann L{'e' * number}." for number in range(1, 40))
    assert suggest_questions("?", [passage(text)], "en", answers=answers) == ()
    assert len(answers.asked) == 12


@pytest.mark.parametrize("asked", ["What did Ann Lee say?", "And what did Lee say?", "what did ann lee say"])
def test_the_question_just_asked_is_not_suggested_again(asked: str) -> None:
    said = "What did Ann Lee say?"
    assert said in suggested(SAYS)
    assert said not in suggested(SAYS, question=asked)
    assert said not in suggest_questions("?", [passage(SAYS)], "en", answers=yes, history=[asked], limit=9)


def test_none_is_suggested_twice() -> None:
    found = suggest_questions("?", [passage(SAYS), passage(SAYS, source="b")], "en", answers=yes, limit=9)
    assert len(set(found)) == len(found) == 4


# The seeds

ASKED = {
    "Did Nvidia abandon the deal?": "en",
    "Nvidia a-t-il abandonné l'accord ?": "fr",
    "Qui est Sam Altman ?": "fr",
    "How does a startup funding round work?": "en",
    "Hat Nvidia die Vereinbarung mit OpenAI aufgegeben?": "de",
}


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> Callable[[str, str], bool]:
    def answered(question: str, language: str) -> bool:
        found = assistant.index.search(question, limit=assistant.settings.passages, language=language)
        return confidence(question, found, language) >= assistant.settings.confidence

    return answered


@pytest.mark.parametrize(("question", "language"), ASKED.items())
def test_over_the_seeds_every_suggestion_is_answered_and_in_the_language_of_the_question(
    question: str, language: str, assistant: Assistant, answers: Callable[[str, str], bool]
) -> None:
    found = assistant.search(question, limit=assistant.settings.passages)
    suggestions = suggest_questions(question, found, language, answers=lambda asked: answers(asked, language))
    assert 1 <= len(suggestions) <= 3
    for suggestion in suggestions:
        assert suggestion != question
        assert answers(suggestion, language)
        assert suggestion.endswith("?")
    if language != "de":
        openings = {"en": ("What", "Who", "When", "How"), "fr": ("Qu", "À quoi", "Quand", "De quoi")}
        assert all(suggestion.startswith(openings[language]) for suggestion in suggestions)


def test_the_seeds_suggest_to_ask_when_the_agreement_was_announced(assistant: Assistant) -> None:
    found = assistant.search("Did Nvidia abandon the deal?", limit=8)
    assert suggest_questions("Did Nvidia abandon the deal?", found, "en", answers=yes) == (
        "What did Jensen Huang say?",
        "Who is Jensen Huang?",
        "When was the agreement between Nvidia and OpenAI announced?",
    )


# Anything at all

PIECES = [
    "Ann Lee said ",
    "Le Monde, ",
    "A ",
    " is a ",
    "the figure of 5 percent",
    "{name}",
    "{0}",
    "\x00",
    "\ud800",
    "« ",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12).map("".join)


@given(text=TEXTS, title=TEXTS, question=TEXTS, language=st.sampled_from(["en", "fr", "de", "zh", ""]))
@settings(max_examples=150, deadline=None)
def test_whatever_articles_hold_suggestions_are_short_lines(
    text: str, title: str, question: str, language: str
) -> None:
    whole = text.encode("utf-8", "replace").decode()
    found = [passage(whole, "en", title=title), passage(whole, "fr", title=title, source="b")]
    for suggestion in suggest_questions(question, found, language, answers=yes, limit=9):
        assert 0 < len(suggestion) <= 120
        assert len(suggestion.splitlines()) == 1


@pytest.mark.parametrize(
    "piece", ["Ann ", "Ann-", "a", "An a ", "worth up to 5 ", "the thing of Ann ", "said Ann, ", "’"]
)
def test_a_hundred_thousand_characters_take_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    found = [passage(text, language, title=text) for language in ("en", "fr")]
    started = time.process_time()
    for language in ("en", "fr"):
        suggest_questions(text, found, language, answers=yes, history=[text])
    assert time.process_time() - started < 2
