"""What a question asks for, told from its words in English and French."""

import pytest

from assistant.questions import QuestionKind, leans_back, question_kind, reports_speech

YES_NO = [
    ("en", "Did Nvidia abandon the deal?"),
    ("en", "Is the agreement binding?"),
    ("en", "Hasn't Huang denied it?"),
    ("en", "Hasn’t Huang denied it?"),
    ("en", "“Will Amazon invest, too?”"),
    ("fr", "Nvidia a-t-il abandonné l'accord ?"),
    ("fr", "Est-ce que Nvidia investira ?"),
    ("fr", "Est-ce qu'Amazon investit ?"),
    ("fr", "A-t-elle démenti ?"),
    ("fr", "Sont-ils d'accord ?"),
    ("fr", "Amazon veut-il investir ?"),
]
OPEN = [
    ("en", "Who won the 1998 World Cup?"),
    ("en", "How much will Nvidia invest?"),
    ("en", "What did Huang say?"),
    ("en", "Isolated chips: how do they work?"),
    ("en", ""),
    ("en", "Doing what?"),
    ("fr", "Qui a gagné la Coupe du monde ?"),
    ("fr", "Pourquoi Nvidia investit-il ?"),
    ("fr", "Combien Nvidia va-t-il investir ?"),
    ("fr", "Qu'a-t-il dit ?"),
    ("de", "Hat Nvidia den Vertrag gekündigt?"),
    ("de", "Was will Nvidia?"),
    ("", "Did Nvidia abandon the deal?"),
]


@pytest.mark.parametrize(("language", "question"), YES_NO)
def test_a_question_that_wants_yes_or_no_is_told(language: str, question: str) -> None:
    assert question_kind(question, language) is QuestionKind.YES_NO


@pytest.mark.parametrize(("language", "question"), OPEN)
def test_any_other_question_is_open(language: str, question: str) -> None:
    assert question_kind(question, language) is QuestionKind.OPEN


@pytest.mark.parametrize(
    "sentence",
    [
        "Huang said it was nonsense.",
        "According to the Journal, talks stalled.",
        "Reports were DENIED.",
        "Huang a déclaré le contraire.",
        "Selon des sources, les discussions sont au point mort.",
        "Il a qualifié cela de « non-sens ».",
    ],
)
def test_a_sentence_that_says_what_somebody_claimed_is_told(sentence: str) -> None:
    assert reports_speech(sentence)


@pytest.mark.parametrize(
    "sentence", ["OpenAI needs chips.", "Les puces sont rares.", "The saidiya lives here.", "", "Unreported."]
)
def test_a_plain_sentence_reports_no_speech(sentence: str) -> None:
    assert not reports_speech(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "That investment could be the largest.",
        "“It is nonsense.”",
        "Cet investissement pourrait être le plus gros.",
        "Ils veulent investir.",
        "Sie will investieren.",
        "Pero no lo niega.",
    ],
)
def test_a_sentence_that_points_back_is_told(sentence: str) -> None:
    assert leans_back(sentence)


@pytest.mark.parametrize(
    "sentence", ["Nvidia will invest.", "Item one.", "Cependance is no word.", "Estado de sitio.", ""]
)
def test_a_sentence_that_stands_alone_does_not_point_back(sentence: str) -> None:
    assert not leans_back(sentence)
