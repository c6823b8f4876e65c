"""What a question asks for, told from its words in English and French."""

import pytest

from assistant.questions import QuestionKind, could_answer, leans_back, question_kind, reports_speech

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
    ("en", "What did Huang say?"),
    ("en", "Isolated chips: how do they work?"),
    ("en", ""),
    ("en", "Doing what?"),
    ("fr", "Pourquoi Nvidia investit-il ?"),
    ("fr", "Qu'a-t-il dit ?"),
    ("de", "Hat Nvidia den Vertrag gekündigt?"),
    ("de", "Was will Nvidia?"),
    ("", "Did Nvidia abandon the deal?"),
]


KINDS = [
    ("en", "Who won the 1998 World Cup?", QuestionKind.WHO),
    ("en", "In what year did it end?", QuestionKind.WHEN),
    ("en", "How much will Nvidia invest?", QuestionKind.HOW_MANY),
    ("en", "Which country is the largest?", QuestionKind.WHERE),
    ("fr", "Qui a gagné la Coupe du monde ?", QuestionKind.WHO),
    ("fr", "En quelle année ?", QuestionKind.WHEN),
    ("fr", "Combien Nvidia va-t-il investir ?", QuestionKind.HOW_MANY),
    ("fr", "Où est né Huang ?", QuestionKind.WHERE),
    ("de", "Wann beginnt es?", QuestionKind.WHEN),
    ("de", "Wie viele Chips sind es?", QuestionKind.HOW_MANY),
    ("es", "¿Quién lo dijo?", QuestionKind.WHO),
    ("es", "¿Dónde está Taipéi?", QuestionKind.WHERE),
]
ANSWERS = [
    (QuestionKind.WHEN, "It ended in 1998.", True),
    (QuestionKind.WHEN, "It may end.", False),
    (QuestionKind.WHEN, "It ended in May.", True),
    (QuestionKind.WHEN, "It ended at last.", False),
    (QuestionKind.HOW_MANY, "There were three of them.", True),
    (QuestionKind.HOW_MANY, "There were many of them.", False),
    (QuestionKind.WHO, "Then Altman left.", True),
    (QuestionKind.WHO, "Altman left.", True),
    (QuestionKind.WHO, "However, they left.", False),
    (QuestionKind.WHO, "The Mongols left.", False),  # the question says that
    (QuestionKind.WHERE, "He spoke in Taipei.", True),
    (QuestionKind.OPEN, "Anything.", True),
    (QuestionKind.YES_NO, "Anything.", True),
]


@pytest.mark.parametrize(("language", "question", "kind"), KINDS)
def test_the_kind_of_answer_wanted_is_told(language: str, question: str, kind: QuestionKind) -> None:
    assert question_kind(question, language) is kind


@pytest.mark.parametrize(("kind", "sentence", "could"), ANSWERS)
def test_a_sentence_could_answer_if_it_has_something_new_of_the_kind_asked_for(
    kind: QuestionKind, sentence: str, could: bool
) -> None:
    assert could_answer(sentence, kind, "What did the Mongols do?", "en") is could


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
