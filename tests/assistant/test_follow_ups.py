"""Follow-ups: which questions need the ones before them, and what stands in for them in the search."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage

from assistant import Turn
from assistant.follow_ups import (
    FollowUp,
    conversation_language,
    follow_up,
    needs_context,
    standalone_question,
    with_earlier_words,
)
from index import detect_language

HISTORY = {
    "en": [Turn("Did Nvidia abandon the deal?", "No. Jensen Huang called it nonsense [1]. OpenAI needs chips [2].")],
    "fr": [Turn("Nvidia a-t-il abandonné l'accord ?", "Non. Jensen Huang parle de non-sens [1].")],
    "de": [Turn("Hat Nvidia die Vereinbarung mit OpenAI aufgegeben?", "Nein, das sei Unsinn [1].")],
    "es": [Turn("¿Ha abandonado Nvidia el acuerdo?", "No, según Jensen Huang [1].")],
    "it": [Turn("Nvidia ha abbandonato l'accordo?", "No, secondo Jensen Huang [1].")],
    "pt": [Turn("A Nvidia abandonou o acordo?", "Não, segundo Jensen Huang [1].")],
    "nl": [Turn("Heeft Nvidia de overeenkomst opgegeven?", "Nee, volgens Jensen Huang [1].")],
    "ru": [Turn("Отказалась ли Nvidia от сделки?", "Нет, по словам Дженсена Хуанга [1].")],
    "zh": [Turn("英伟达放弃协议了吗？", "没有，黄仁勋否认了这一说法 [1]。")],
    "ar": [Turn("هل تخلت إنفيديا عن الصفقة؟", "لا، بحسب جنسن هوانغ [1].")],
}
FOLLOW_UPS = {
    "en": [
        "And what did Altman say?", "But why did he criticise OpenAI?", "So what happens next?", "What about Google?",
        "How about Amazon?", "why?", "Why is that?", "Altman?", "And then?", "When?", "How much?", "Which one?",
        "Really?", "Did he deny it?", "Why did they stall?", "What is their reason?", "When was it announced?",
        "How much is it worth?", "What did Altman say about it?", "What did Altman say about that?", "Is that true?",
        "What does that mean?", "How large is this deal?", "Was that agreement binding?", "Who told him?",
        "What did Huang think of them?", "How did Altman react to this?", "Who else wants to invest?",
        "Does Amazon want it too?", "Tell me more.", "Can you explain that?", "What happened next?",
        "When was the deal announced?", "Why did Huang call it nonsense?", "What makes it risky?",
    ],
    "fr": [
        "Et Altman ?", "Et qu'a dit Altman ?", "Mais pourquoi Nvidia hésite ?", "Quid de Google ?", "Pourquoi ?",
        "Combien ?", "Et ensuite ?", "A-t-il démenti ?", "Que dit-il de Google ?", "Pourquoi a-t-il dit cela ?",
        "Quand a-t-elle été annoncée ?", "Quelles sont leurs raisons ?", "Quels sont ses concurrents ?",
        "Qu'en pense Altman ?", "Que pense Altman de lui ?", "Quel est le montant de cet accord ?", "Est-ce vrai ?",
        "Qu'est-ce que ça veut dire ?", "Qui d'autre veut investir ?", "Quand l'accord a-t-il été annoncé ?",
        "Que s'est-il passé ensuite ?",
    ],
    "de": [
        "Und Altman?", "Warum?", "Was hat er gesagt?", "Was sagte Altman dazu?", "Ist das wahr?", "Wie viel?",
        "Was ist mit Google?", "Wann wurde sie angekündigt?", "Wer sonst will investieren?",
        "Wie groß ist dieser Vertrag?",
    ],
    "es": [
        "¿Y Altman?", "¿Por qué?", "¿Qué dijo él?", "¿Cuándo?", "¿Es eso verdad?", "¿Qué pasa con Google?",
        "¿Cuál es su razón?", "¿Cuánto vale este acuerdo?", "¿Quién más?",
    ],
    "it": [
        "E cosa ha detto Altman?", "Ma perché Nvidia esita?", "Perché?", "Cosa pensa Altman di lui?",
        "Quando è stato annunciato questo accordo?", "Qual è la sua ragione?", "Cosa ne pensa Altman?",
        "Che dire di Google?", "Quanto vale quell'accordo?",
    ],
    "pt": [
        "E o que disse Altman?", "Mas por que a Nvidia hesita?", "Por quê?", "O que Altman pensa disso?",
        "Quanto vale esse acordo?", "Quais são as suas razões?", "Quando ele foi anunciado?", "Quem mais?",
    ],
    "nl": [
        "En wat zei Altman?", "Maar waarom aarzelt Nvidia?", "Waarom?", "Wat vindt Altman daarvan?", "Is dat waar?",
        "Hoe zit het met Google?", "Waarom zei hij nee?", "Hoe groot is deze overeenkomst?",
    ],
    "ru": [
        "А что сказал Альтман?", "Но почему Nvidia сомневается?", "Почему?", "Что Альтман думает об этом?",
        "Когда она была объявлена?", "Сколько стоит эта сделка?", "Что сказал о нём Альтман?", "Как насчёт Google?",
    ],
    "zh": [
        "那阿尔特曼怎么说？", "但是为什么犹豫？", "为什么？", "阿尔特曼对此怎么看？", "他为什么否认？",
        "这个协议值多少钱？", "谷歌呢？",
    ],
    "ar": [
        "وماذا قال ألتمان؟", "ولكن لماذا تتردد إنفيديا؟", "لماذا؟", "ما رأي ألتمان في ذلك؟", "كم تبلغ قيمة هذه الصفقة؟",
        "ماذا عن غوغل؟",
    ],
}  # fmt: skip
ALONE = {
    "en": [
        "Did Nvidia abandon the deal?", "Who is Jensen Huang?", "How much will Nvidia invest in OpenAI?",
        "Why are there so few chip factories?", "What is a non-binding letter of intent?", "What is a GPU?",
        "How does a startup funding round work?", "Is it true that Nvidia left OpenAI?", "What is a company?",
        "Did Huang say that he would invest in OpenAI?", "What did Nvidia say about its deal with OpenAI?",
        "How long does it take to build a chip factory?", "What did Altman announce this week?",
        "Which companies want to invest in OpenAI?", "Who won the 1998 World Cup?", "What is inference?",
        "Do journalists protect their sources?", "What do anonymous sources risk when they talk?",
        "If Nvidia signs a letter of intent, is it bound by it?", "What happens to those who invest in startups?",
        "When was the agreement between Nvidia and OpenAI announced?", "Nvidia OpenAI deal",
        "Which university has its origins in a school of medicine?", "Does Nvidia think it needs OpenAI?",
        "Did Huang say when it was announced?",
    ],
    "fr": [
        "Nvidia a-t-il abandonné l'accord ?", "Qui est Sam Altman ?", "Qu'est-ce qu'une lettre d'intention ?",
        "À quoi sert un processeur graphique ?", "De quoi un centre de données a-t-il besoin ?",
        "Pourquoi les journalistes citent-ils des sources anonymes ?", "Y a-t-il des fibres optiques ?",
        "Est-il vrai que Nvidia renonce à OpenAI ?", "Que s'est-il passé cette semaine chez Nvidia ?",
        "Huang a-t-il dit qu'il investirait ?", "Que faut-il pour refroidir un centre de données ?",
        "Nvidia est-il satisfait de son accord avec OpenAI ?", "Qu'est-ce que la clause de confidentialité ?",
        "Quand l'accord entre Nvidia et OpenAI a-t-il été annoncé ?",
    ],
    "de": [
        "Hat Nvidia die Vereinbarung mit OpenAI aufgegeben?", "Wer ist Jensen Huang?",
        "Wie funktioniert ein Grafikprozessor?", "Gibt es genug Chipfabriken?",
        "Hat Nvidia seine Zusage an OpenAI bestätigt?",
    ],
    "es": [
        "¿Quién es Jensen Huang?", "¿Qué es una carta de intención?", "¿Cuánto invertirá Nvidia en OpenAI?",
        "¿Está Nvidia contenta con su acuerdo con OpenAI?",
    ],
    "it": [
        "Chi è Jensen Huang?", "Nvidia ha abbandonato l'accordo con OpenAI?", "Che cos'è una lettera d'intenti?",
        "Quanto investirà Nvidia in OpenAI?", "Nvidia è contenta del suo accordo con OpenAI?",
        "Cosa ha annunciato Nvidia questa settimana?",
    ],
    "pt": [
        "Quem é Jensen Huang?", "A Nvidia abandonou o acordo com a OpenAI?", "O que é uma carta de intenções?",
        "Quanto a Nvidia vai investir na OpenAI?", "O que a Nvidia disse sobre o seu acordo com a OpenAI?",
        "O que a Nvidia anunciou esta semana?",
    ],
    "nl": [
        "Wie is Jensen Huang?", "Heeft Nvidia de overeenkomst met OpenAI opgegeven?", "Wat is een intentieverklaring?",
        "Wat zijn grafische processors?", "Welke bedrijven die chips maken investeren in OpenAI?",
        "Is het waar dat Nvidia OpenAI verlaat?", "Wat heeft Nvidia deze week aangekondigd?",
    ],
    "ru": [
        "Кто такой Дженсен Хуанг?", "Отказалась ли Nvidia от сделки с OpenAI?", "Что такое письмо о намерениях?",
        "Сколько Nvidia вложит в OpenAI?", "Правда ли, что Nvidia уходит из OpenAI?",
        "Что объявила Nvidia на этой неделе?", "Сказал ли Хуанг, что он вложит деньги?",
    ],
    "zh": [
        "黄仁勋是谁？", "英伟达放弃与OpenAI的协议了吗？", "什么是意向书？", "黄仁勋说他会投资吗？",
        "英伟达这周宣布了什么？", "其他公司想投资OpenAI吗？",
    ],
    "ar": [
        "من هو جنسن هوانغ؟", "هل تخلت إنفيديا عن صفقتها مع أوبن إيه آي؟", "ما هي مذكرة التفاهم؟",
        "ماذا أعلنت إنفيديا هذا الأسبوع؟",
    ],
}  # fmt: skip


def listed(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, question) for language, questions in table.items() for question in questions]


# Which questions need the ones before them


@pytest.mark.parametrize(("language", "question"), listed(FOLLOW_UPS))
def test_a_question_that_leans_on_the_ones_before_needs_them(language: str, question: str) -> None:
    assert needs_context(question, language, HISTORY[language])


@pytest.mark.parametrize(("language", "question"), listed(ALONE))
def test_a_question_that_says_what_it_is_about_stands_alone(language: str, question: str) -> None:
    assert not needs_context(question, language, HISTORY[language])


@pytest.mark.parametrize(("language", "question"), listed(FOLLOW_UPS))
def test_without_history_nothing_is_a_follow_up(language: str, question: str) -> None:
    assert not needs_context(question, language, [])


def test_a_thing_of_the_question_before_is_known_and_of_none_is_not() -> None:
    question = "Was the agreement signed?"
    assert needs_context(question, "en", [Turn("What is in the agreement?", "")])
    assert not needs_context(question, "en", [Turn("Who is Jensen Huang?", "")])


@pytest.mark.parametrize(("language", "question"), [("it", "Perché?"), ("pl", "Kiedy?"), ("ja", "なぜ？")])
def test_in_other_languages_a_question_that_tells_nothing_needs_the_ones_before(language: str, question: str) -> None:
    assert needs_context(question, language, HISTORY["en"])


def test_a_long_question_says_by_itself_what_it_is_about() -> None:
    assert not needs_context("And why is that? " * 100, "en", HISTORY["en"])


# Rewriting with a model


class Model:
    """Says what it is told to, and remembers what it was asked."""

    def __init__(self, reply: str | Exception) -> None:
        self.reply = reply
        self.asked: list[list[BaseMessage]] = []

    def __call__(self, messages: list[BaseMessage]) -> str:
        self.asked.append(messages)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


ASKED = "And what did Altman say?"
GOOD = "What did Sam Altman say about the Nvidia deal?"


def rewritten(reply: str | Exception, question: str = ASKED, language: str = "en") -> str:
    return standalone_question(question, HISTORY[language], Model(reply), language=language)


@pytest.mark.parametrize(
    "reply",
    [
        GOOD,
        f"  {GOOD}\n",
        f'"{GOOD}"',
        f"“{GOOD}”",
        f"**{GOOD}**",
        f"Standalone question: {GOOD}",
        f"Here is the rewritten question:\n\n{GOOD}",
        f"**Rewritten question:** {GOOD}",
        f"- {GOOD}",
        f"<think>The user means the deal? Yes.</think>\n{GOOD}",
        f"```\n{GOOD}\n```",
        f"{GOOD}\n\nI put in the deal, because the question leaves it out.",
        f"{GOOD[:-1]}[1]?",
    ],
)
def test_the_question_in_a_reply_is_taken_in_whatever_dress(reply: str) -> None:
    assert rewritten(reply) == GOOD


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n ",
        "Altman said that he trusts Nvidia.",
        "Altman said that he trusts Nvidia. Is there anything else?",
        "NOT STATED",
        "Que dit Sam Altman de l'accord entre Nvidia et OpenAI ?",
        "What is the capital of Mongolia?",
        "What did Nvidia say?",
        "What did Altman say about cheese, tortoises, cathedrals, volcanoes, trombones and submarines?",
        "What did Altman say about Nvidia " + "and the deal " * 40 + "?",
        "<think>What did Altman say about Nvidia?",
        "?",
        "\ud800?",
        ConnectionError("refused"),
        TimeoutError(),
        ValueError("nonsense"),
    ],
)
def test_a_reply_that_is_no_such_question_leaves_the_question_as_it_was(reply: str | Exception) -> None:
    assert rewritten(reply) == ASKED


def test_a_question_in_french_is_rewritten_in_french_only() -> None:
    french = "Qu'a dit Sam Altman de l'accord avec Nvidia ?"
    assert rewritten(french, "Et qu'a dit Altman ?", "fr") == french
    assert rewritten(GOOD, "Et qu'a dit Altman ?", "fr") == "Et qu'a dit Altman ?"


def test_why_may_become_a_question_about_what_was_said() -> None:
    assert rewritten("Why did Nvidia not abandon the deal?", "why?") == "Why did Nvidia not abandon the deal?"


def test_the_model_is_shown_the_last_four_turns_without_footnotes_and_cut() -> None:
    model = Model(GOOD)
    history = [Turn(f"Question number {n}?", f"Answer {n} [1][2]. " + "word " * 400) for n in range(9)]
    standalone_question(ASKED, history, model, language="en")
    shown = str(model.asked[0][-1].content)
    assert [n for n in range(9) if f"Question number {n}?" in shown] == [5, 6, 7, 8]
    assert "[1]" not in shown
    assert len(shown) < 4 * 600 + 200
    assert shown.rstrip().endswith(f"Last question: {ASKED}")


def test_what_was_said_stands_between_marks_that_it_cannot_know() -> None:
    marks = []
    for _ in range(2):
        model = Model(GOOD)
        standalone_question(ASKED, HISTORY["en"], model, language="en")
        lines = str(model.asked[0][-1].content).splitlines()
        assert lines[0] == lines[-3]
        assert lines[0] in str(model.asked[0][0].content)
        marks.append(lines[0])
    assert marks[0] != marks[1]


def test_braces_in_what_was_said_are_only_text() -> None:
    model = Model(GOOD)
    standalone_question("And {mark} {0.__class__}?", [Turn("{question}", "{history}")], model, language="en")
    assert "And {mark} {0.__class__}?" in str(model.asked[0][-1].content)


# What is searched


def test_a_question_that_stands_alone_asks_no_model() -> None:
    model = Model(GOOD)
    question = "Who is Jensen Huang?"
    assert follow_up(question, "en", HISTORY["en"], model) == FollowUp(question, question)
    assert follow_up(ASKED, "en", [], model) == FollowUp(ASKED, ASKED)
    assert model.asked == []


def test_a_rewritten_follow_up_is_asked_and_searched() -> None:
    assert follow_up(ASKED, "en", HISTORY["en"], Model(GOOD)) == FollowUp(GOOD, GOOD)


@pytest.mark.parametrize("model", [None, Model("No idea."), Model(ConnectionError())])
def test_without_a_rewriting_the_search_gets_the_words_of_the_question_before(model: Model | None) -> None:
    assert follow_up("why?", "en", HISTORY["en"], model) == FollowUp("why?", "why? Nvidia abandon deal")


@pytest.mark.parametrize("question", [ASKED, "What about Google?", "And who won the 1998 World Cup?"])
@pytest.mark.parametrize("model", [None, Model("No idea."), Model(ConnectionError())])
def test_a_follow_up_that_tells_what_to_search_gets_them_as_context_only(question: str, model: Model | None) -> None:
    helped = f"{question} Nvidia abandon deal"
    assert follow_up(question, "en", HISTORY["en"], model) == FollowUp(question, question, helped)


def test_a_chain_of_follow_ups_leads_back_to_the_question_that_stands_alone() -> None:
    history = [*HISTORY["en"], Turn(ASKED, "Nothing."), Turn("why?", "It is not said.")]
    assert with_earlier_words("And Google?", "en", history) == "And Google? Altman Nvidia abandon deal"


def test_a_word_of_the_question_itself_is_not_added_again() -> None:
    assert with_earlier_words("Did it, the deal?", "en", HISTORY["en"]) == "Did it, the deal? Nvidia abandon"


def test_at_most_eight_words_are_added() -> None:
    long = Turn("Why do tortoises, cathedrals, volcanoes, trombones, submarines, castles, giraffes, comets, moths?", "")
    assert len(with_earlier_words("why?", "en", [long]).split()) == 9


# The language of a follow-up


@pytest.mark.parametrize(
    ("question", "history", "language"),
    [
        ("Et Altman ?", "fr", "fr"),
        ("Et Altman ?", "en", "fr"),
        ("And Altman?", "fr", "en"),
        ("Altman?", "fr", "fr"),
        ("Altman?", "es", "es"),
        ("Warum?", "en", "de"),
        ("¿Y Google?", "en", "es"),
        ("What did Altman say about it?", "fr", "en"),
    ],
)
def test_a_short_follow_up_has_the_language_of_its_first_word_or_of_the_conversation(
    question: str, history: str, language: str
) -> None:
    def detect(text: str) -> str:
        return detect_language(text, fallback="en", expected={"en", "fr", "de", "es"})

    assert conversation_language(question, HISTORY[history], detect) == language


# Anything at all

TEXTS = st.text(max_size=200) | st.sampled_from(
    ["\x00", "\ud800", "and it? " * 40, "é" * 300, "[" * 300, "it " * 200, "qu'" * 100, "9" * 300, "?" * 300]
)


@given(question=TEXTS, answer=TEXTS, reply=TEXTS, language=st.sampled_from(["en", "fr", "de", "es", "zh", "", "xx"]))
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_and_replied_there_is_a_question_to_search(
    question: str, answer: str, reply: str, language: str
) -> None:
    history = [Turn(answer, question), Turn(question, answer)]
    found = follow_up(question, language, history, Model(reply))
    assert found.asked == question or (3 <= len(found.asked) <= 300 and "\n" not in found.asked)
    assert found.searched == found.asked or found.searched.startswith(question)
    assert not found.context or found.context.startswith(question)


@pytest.mark.parametrize("piece", ["it ", "and ", "à lui ", "[1]", "<think>", "a, ", '"', "question: ", "the deal "])
def test_a_hundred_thousand_characters_take_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    for question in (text, f"And {ASKED}"):
        follow_up(question, "en", [Turn(text, text)] * 9, Model(text))
        follow_up(question, "fr", [Turn(text, text)] * 9, Model(f"{text}?"))
    assert time.process_time() - started < 2
