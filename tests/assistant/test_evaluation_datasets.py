"""Reading datasets: SQuAD and JSONL, what they become, and what is said about files that are wrong."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import AssistantError
from assistant.evaluation import Case, Dataset, load_dataset, sample

GRAIN = "The harvest of wheat was poor this year because the summer was dry and the rivers were low."
TEA = "Tea is grown in the hills of Assam, where the pickers work from the early morning until noon."
GRANO = "La cosecha de trigo fue mala este año porque el verano fue seco y los ríos estaban muy bajos."
TE = "El té se cultiva en las colinas de Assam, donde los recolectores trabajan desde la mañana temprano."


def question(identity: str, text: str, *answers: str, impossible: bool = False) -> dict[str, Any]:
    return {
        "id": identity,
        "question": text,
        "answers": [{"text": answer, "answer_start": 0} for answer in answers],
        "is_impossible": impossible,
    }


def squad(path: Path, *documents: tuple[str, Sequence[tuple[str, Sequence[dict[str, Any]]]]]) -> Path:
    data = [
        {"title": title, "paragraphs": [{"context": text, "qas": list(qas)} for text, qas in paragraphs]}
        for title, paragraphs in documents
    ]
    path.write_text(json.dumps({"version": "1.1", "data": data}), encoding="utf-8")
    return path


def lines(path: Path, *objects: object) -> Path:
    text = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in objects]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def english(tmp_path: Path) -> Path:
    harvest = question("1", "How was the harvest of wheat?", "poor", "poor", "dry")
    hills = question("2", "Where is tea grown?", "Assam")
    return squad(tmp_path / "en.json", ("The_dry_year", [(GRAIN, [harvest])]), ("Tea", [(TEA, [hills])]))


# SQuAD


def test_every_paragraph_becomes_an_article_with_an_address_a_title_and_the_common_language(english: Path) -> None:
    articles = load_dataset(english).articles
    assert [(a.source, a.title, a.text, a.language) for a in articles] == [
        ("squad:0/0", "The dry year", GRAIN, "en"),
        ("squad:1/0", "Tea", TEA, "en"),
    ]


def test_the_paragraph_of_a_question_is_its_gold_and_equal_answers_count_once(english: Path) -> None:
    first, second = load_dataset(english).cases
    assert first == Case(
        "paragraph 0/0, question 0",
        "How was the harvest of wheat?",
        frozenset({"squad:0/0"}),
        ("poor", "dry"),
        language="en",
    )
    assert second.sources == {"squad:1/0"}


def test_a_question_that_is_impossible_has_no_gold(tmp_path: Path) -> None:
    path = squad(tmp_path / "v2.json", ("Tea", [(TEA, [question("1", "Who owns the hills?", impossible=True)])]))
    [case] = load_dataset(path).cases
    assert case.unanswerable
    assert case.sources == frozenset()


def test_paragraphs_with_the_same_text_are_one_article(tmp_path: Path) -> None:
    twice = [(TEA, [question("1", "Where?")]), (TEA, [question("2", "When?")])]
    dataset = load_dataset(squad(tmp_path / "twice.json", ("Tea", twice)))
    assert [article.source for article in dataset.articles] == ["squad:0/0"]
    assert [case.sources for case in dataset.cases] == [{"squad:0/0"}] * 2


def test_a_dataset_of_many_languages_leaves_the_language_of_each_article_open(tmp_path: Path) -> None:
    path = squad(tmp_path / "mixed.json", ("Mixed", [(TEA, [question("1", "Where?")]), (GRANO, [])]))
    assert {article.language for article in load_dataset(path).articles} == {""}


def test_questions_of_one_file_are_asked_over_the_paragraphs_of_another_by_id(english: Path, tmp_path: Path) -> None:
    te = question("2", "¿Dónde se cultiva el té?", "en las colinas")
    cosecha = question("1", "¿Cómo fue la cosecha?", "mala")
    spanish = squad(tmp_path / "es.json", ("Te", [(TE, [te])]), ("Año", [(GRANO, [cosecha])]))
    dataset = load_dataset(english, spanish)
    assert [(a.source, a.language) for a in dataset.articles] == [("squad:0/0", "es"), ("squad:1/0", "es")]
    assert [(c.question, sorted(c.sources), c.answers) for c in dataset.cases] == [
        ("How was the harvest of wheat?", ["squad:1/0"], ("mala",)),
        ("Where is tea grown?", ["squad:0/0"], ("en las colinas",)),
    ]


def test_a_question_whose_id_the_other_file_lacks_is_named(english: Path, tmp_path: Path) -> None:
    other = squad(tmp_path / "es.json", ("Te", [(TE, [question("2", "¿Dónde?")])]))
    with pytest.raises(AssistantError, match=r"en\.json, paragraph 0/0, question 0: .*es\.json .* id '1'.*Give two"):
        load_dataset(english, other)


# JSONL


def test_a_line_is_a_question_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    asked = {"question": "Où ?", "sources": ["a", "b"], "answers": ["ici"], "language": "fr", "id": 7}
    path = lines(tmp_path / "set.jsonl", asked, "", {"question": "Who?", "unanswerable": True, "sources": ["a"]})
    dataset = load_dataset(path)
    assert dataset.articles == ()
    assert dataset.cases == (
        Case("line 1", "Où ?", frozenset({"a", "b"}), ("ici",), language="fr"),
        Case("line 3", "Who?", unanswerable=True),
    )


def test_lines_may_bring_their_articles(tmp_path: Path) -> None:
    article = {"source": "https://tea.example/", "title": "Tea", "text": TEA, "published": "2026-02-01"}
    path = lines(
        tmp_path / "set.jsonl",
        {"question": "Where?", "sources": ["https://tea.example/"], "articles": [article]},
        {"question": "When?", "sources": ["https://tea.example/"], "articles": [article]},
    )
    [kept] = load_dataset(path).articles
    assert (kept.source, kept.title, kept.text, kept.published) == (
        "https://tea.example/",
        "Tea",
        TEA,
        date(2026, 2, 1),
    )


@given(st.lists(st.tuples(st.text(), st.lists(st.text(min_size=1), min_size=1)), min_size=1, max_size=5))
def test_what_is_written_is_read(rows: list[tuple[str, list[str]]]) -> None:
    path = Path("every.jsonl")
    lines(path, *({"question": text, "sources": sources} for text, sources in rows))
    assert [(case.question, case.sources) for case in load_dataset(path).cases] == [
        (text, frozenset(sources)) for text, sources in rows
    ]


# What is wrong

WRONG_LINES = {
    "not JSON": ('{"question": "Who?"', "line 2: Invalid JSON"),
    "not an object": ("[1]", "line 2: Input should be an object"),
    "no question": ({"sources": ["a"]}, "line 2: question: Field required"),
    "a question that is a number": ({"question": 1}, "line 2: question: Input should be a valid string"),
    "sources in one string": ({"question": "Who?", "sources": "a"}, "line 2: sources: Input should be a valid array"),
    "no sources": ({"question": "Who?"}, "line 2: the question has no sources"),
    "half a character": ('{"question": "\\ud83d", "sources": ["a"]}', "line 2: Invalid JSON"),
    "an article without text": (
        {"question": "Who?", "sources": ["a"], "articles": [{"source": "a"}]},
        "line 2: articles[0].text: Field required",
    ),
    "a source that no article has": (
        {"question": "Who?", "sources": ["z"], "articles": [{"source": "a", "text": TEA}]},
        "'z'",
    ),
}


@pytest.mark.parametrize(("line", "said"), WRONG_LINES.values(), ids=WRONG_LINES.keys())
def test_a_wrong_line_is_named_with_its_file_and_the_next_step(line: object, said: str, tmp_path: Path) -> None:
    path = lines(tmp_path / "set.jsonl", {"question": "Fine?", "unanswerable": True}, line)
    with pytest.raises(AssistantError) as caught:
        load_dataset(path)
    message = str(caught.value)
    assert message.startswith(f"{path}, line 2")
    assert said in message
    assert any(step in message for step in ("Write one", "Name the", "Add it"))
    assert len(message.splitlines()) == 1


def test_an_article_that_two_lines_tell_differently_is_refused(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "set.jsonl",
        {"question": "Where?", "sources": ["a"], "articles": [{"source": "a", "text": TEA}]},
        {"question": "When?", "sources": ["a"], "articles": [{"source": "a", "text": GRAIN}]},
    )
    with pytest.raises(AssistantError, match="line 2: the article 'a' differs"):
        load_dataset(path)


WRONG_FILES = {
    "not JSON": ("{\n\n{", "Invalid JSON: .* line 3"),
    "another shape": ("[]", "Input should be an object"),
    "no paragraphs": ('{"data": [{"title": "Tea"}]}', r"data\[0\]\.paragraphs: Field required"),
    "a question without words": (
        '{"data": [{"paragraphs": [{"context": "Tea.", "qas": [{"id": "1"}]}]}]}',
        r"data\[0\]\.paragraphs\[0\]\.qas\[0\]\.question: Field required",
    ),
    "no questions": ('{"data": [{"paragraphs": [{"context": "Tea.", "qas": []}]}]}', "has no questions"),
}


@pytest.mark.parametrize(("text", "said"), WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_a_wrong_squad_file_is_named_with_the_place_and_the_next_step(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(text)
    with pytest.raises(AssistantError, match=rf"{path}.*{said}.*Give a SQuAD file"):
        load_dataset(path)


def test_a_file_without_questions_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"has no questions\. Write one a line"):
        load_dataset(lines(tmp_path / "set.jsonl", "", " "))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"none\.json cannot be read: No such file.*Give a SQuAD file"):
        load_dataset(tmp_path / "none.json")
    with pytest.raises(AssistantError, match="cannot be read"):
        load_dataset(tmp_path)
    path = tmp_path / "latin.jsonl"
    path.write_bytes('{"question": "Où ?"}'.encode("latin-1"))
    with pytest.raises(AssistantError, match=r"is not UTF-8 at byte 15\. Save it"):
        load_dataset(path)


def test_lines_have_no_ids_to_match_with_other_paragraphs(english: Path, tmp_path: Path) -> None:
    path = lines(tmp_path / "set.jsonl", {"question": "Who?", "unanswerable": True})
    with pytest.raises(AssistantError, match="no ids to match"):
        load_dataset(path, english)


# Samples


def numbered(count: int) -> Dataset:
    return Dataset(Path("set.json"), tuple(Case(f"line {number}", f"{number}?") for number in range(count)))


@given(st.integers(1, 60), st.integers(1, 7))
def test_the_offsets_of_every_nth_question_split_a_dataset_without_overlap(count: int, every: int) -> None:
    dataset = numbered(count)
    parts = [sample(dataset, every=every, offset=offset).cases for offset in range(min(every, count))]
    assert sorted(case.question for part in parts for case in part) == sorted(c.question for c in dataset.cases)


@given(st.integers(1, 60), st.integers(1, 80))
def test_a_limit_leaves_that_many_questions_in_order_from_the_whole_set(count: int, limit: int) -> None:
    dataset = numbered(count)
    chosen = sample(dataset, limit=limit).cases
    assert len(chosen) == min(count, limit)
    assert list(chosen) == [case for case in dataset.cases if case in chosen]


def test_a_limit_spreads_the_questions_evenly() -> None:
    assert [case.question for case in sample(numbered(10), limit=3).cases] == ["0?", "3?", "6?"]


@pytest.mark.parametrize("wrong", [{"every": 0}, {"offset": -1}, {"limit": 0}])
def test_a_sample_that_cannot_be_taken_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(AssistantError, match="cannot be chosen"):
        sample(numbered(3), **wrong)


def test_a_sample_without_questions_is_refused() -> None:
    with pytest.raises(AssistantError, match=r"it has 3, and the offset is 3\. Give a smaller offset"):
        sample(numbered(3), offset=3)
