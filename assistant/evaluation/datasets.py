"""Read questions with known answers: SQuAD files (1.1 and 2.0), and JSONL with one question a line."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError
from index import Article, detect_language

_LINES: Final = frozenset({".jsonl", ".ndjson"})
_SAMPLE: Final = 50
"""Texts whose languages decide that of a dataset, and the share of them that must agree."""
_AGREEING: Final = 0.8


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and what is known of its answer.

    `sources` are the addresses of the articles that answer it, any of them alone; an `unanswerable` question has none.
    `answers` are strings that an answer holds one of, in the words of the articles. `place` says where it was read.
    """

    place: str
    question: str
    sources: frozenset[str] = frozenset()
    answers: tuple[str, ...] = ()
    unanswerable: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, and the articles to ask them over. Without articles they are asked over the current library."""

    path: Path
    cases: tuple[Case, ...]
    articles: tuple[Article, ...] = ()


def load_dataset(path: Path, articles_from: Path | None = None) -> Dataset:
    """Read a dataset. A file that ends in .jsonl has a question a line; any other is SQuAD.

    Of a SQuAD file, every paragraph becomes an article, `squad:` and the numbers of its document and paragraph, and is
    the gold of its questions; paragraphs with the same text are one article. With `articles_from`, another SQuAD file
    with the same questions, by id, gives the paragraphs and the answers: so questions are asked across languages.
    A line of a JSONL file has `question`, `sources`, `answers`, `unanswerable`, `language`, and `articles` where the
    dataset brings its own. Raises AssistantError, naming the file and the place in it.
    """
    if path.suffix.lower() not in _LINES:
        return _from_squad(path, articles_from)
    if articles_from is not None:
        raise AssistantError(
            f"{path} cannot be asked over the paragraphs of {articles_from}: its questions have no ids to match. "
            "Give two SQuAD files, or leave the second one out."
        )
    return _from_lines(path)


def sample(dataset: Dataset, *, every: int = 1, offset: int = 0, limit: int | None = None) -> Dataset:
    """Return the dataset with every nth question from `offset` on, and of these at most `limit`, evenly spread.

    All articles stay. `every=2` with `offset` 0 and 1 gives halves to tune on and to report.
    """
    if every < 1 or offset < 0 or (limit is not None and limit < 1):
        raise AssistantError(
            f"Questions cannot be chosen with every={every}, offset={offset}, questions={limit}. "
            "Give 1 or more for every and questions, and 0 or more for offset."
        )
    cases = dataset.cases[offset::every]
    if limit is not None and limit < len(cases):
        cases = tuple(cases[place * len(cases) // limit] for place in range(limit))
    if not cases:
        raise AssistantError(
            f"No question of {dataset.path} is left: it has {len(dataset.cases):,}, and the offset is {offset:,}. "
            "Give a smaller offset."
        )
    return replace(dataset, cases=cases)


class _Read(BaseModel):
    """What files hold. Anything beyond these fields is ignored; a number is not taken for a string."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _SquadAnswer(_Read):
    text: str


class _SquadQuestion(_Read):
    question: str
    id: str | int | None = None
    answers: list[_SquadAnswer] = Field(default_factory=list)
    is_impossible: bool = False


class _SquadParagraph(_Read):
    context: str = Field(min_length=1)
    qas: list[_SquadQuestion] = Field(default_factory=list)


class _SquadDocument(_Read):
    title: str = ""
    paragraphs: list[_SquadParagraph]


class _SquadFile(_Read):
    data: list[_SquadDocument]


class _LineArticle(_Read):
    source: str = Field(min_length=1)
    title: str = ""
    text: str = Field(min_length=1)
    published: date | None = None
    language: str = ""
    publisher: str | None = None


class _Line(_Read):
    question: str
    sources: list[str] = Field(default_factory=list)
    answers: list[str] = Field(default_factory=list)
    unanswerable: bool = False
    language: str = ""
    articles: list[_LineArticle] = Field(default_factory=list)


def _from_squad(path: Path, articles_from: Path | None) -> Dataset:
    asked = _squad_file(path)
    held = asked if articles_from is None else _squad_file(articles_from)
    if not any(paragraph.qas for _, paragraph in _paragraphs(held)):
        raise AssistantError(
            f"{articles_from or path} has no questions. Give a SQuAD file with questions in its 'qas'."
        )
    articles, addresses = _squad_articles(held)
    cases = [
        _squad_case(f"{paragraph_name}, question {number}", question, addresses[paragraph.context])
        for name, paragraph in _paragraphs(held)
        for paragraph_name in [f"paragraph {name}"]
        for number, question in enumerate(paragraph.qas)
    ]
    if articles_from is not None:
        ids = [question.id for _, paragraph in _paragraphs(held) for question in paragraph.qas]
        cases = _asked_as(path, asked, articles_from, dict(zip(ids, cases, strict=True)))
    language = _common_language([case.question for case in cases])
    return Dataset(path, tuple(replace(case, language=language) for case in cases), articles)


def _asked_as(path: Path, asked: _SquadFile, articles_from: Path, held: Mapping[str | int | None, Case]) -> list[Case]:
    """Return the questions of one file with the gold and the answers of another."""
    cases = []
    for name, paragraph in _paragraphs(asked):
        for number, question in enumerate(paragraph.qas):
            case = held.get(question.id) if question.id is not None else None
            if case is None:
                raise AssistantError(
                    f"{path}, paragraph {name}, question {number}: {articles_from} has no question with the id "
                    f"{question.id!r}. Give two files with the same questions, such as two languages of XQuAD."
                )
            cases.append(replace(case, place=f"paragraph {name}, question {number}", question=question.question))
    return cases


def _paragraphs(file: _SquadFile) -> Iterator[tuple[str, _SquadParagraph]]:
    for i, document in enumerate(file.data):
        for j, paragraph in enumerate(document.paragraphs):
            yield f"{i}/{j}", paragraph


def _squad_articles(file: _SquadFile) -> tuple[tuple[Article, ...], dict[str, str]]:
    """Return the articles, and the address of each text."""
    language = _common_language([paragraph.context for _, paragraph in _paragraphs(file)])
    titles = [document.title for document in file.data for _ in document.paragraphs]
    articles: dict[str, Article] = {}
    for (name, paragraph), title in zip(_paragraphs(file), titles, strict=True):
        article = Article(f"squad:{name}", title.replace("_", " "), paragraph.context, language=language)
        articles.setdefault(paragraph.context, article)
    return tuple(articles.values()), {text: article.source for text, article in articles.items()}


def _squad_case(place: str, question: _SquadQuestion, source: str) -> Case:
    if question.is_impossible:
        return Case(place, question.question, unanswerable=True)
    answers = tuple(dict.fromkeys(answer.text for answer in question.answers))
    return Case(place, question.question, frozenset({source}), answers)


def _squad_file(path: Path) -> _SquadFile:
    try:
        return _SquadFile.model_validate_json(_text_of(path))
    except ValidationError as error:
        raise AssistantError(
            f"{path}: {_problem(error)}. Give a SQuAD file, as "
            '{"data": [{"title": "…", "paragraphs": [{"context": "…", "qas": […]}]}]}, or let the name of a file with '
            "a question a line end in .jsonl."
        ) from error


def _from_lines(path: Path) -> Dataset:
    cases: list[Case] = []
    articles: dict[str, Article] = {}
    for number, text in enumerate(_text_of(path).split("\n"), start=1):
        if not text.strip():
            continue
        place = f"{path}, line {number}"
        line = _read_line(place, text)
        for given in line.articles:
            article = Article(
                given.source, given.title, given.text, given.published, given.language, given.publisher
            )  # fmt: skip
            if articles.setdefault(article.source, article) != article:
                raise AssistantError(
                    f"{place}: the article {article.source!r} differs from the one of an earlier line. "
                    "Give each article an address of its own."
                )
        sources = frozenset() if line.unanswerable else frozenset(line.sources)
        cases.append(
            Case(f"line {number}", line.question, sources, tuple(line.answers), line.unanswerable, line.language)
        )
    if not cases:
        raise AssistantError(f'{path} has no questions. Write one a line: {{"question": "…", "sources": ["…"]}}')
    if articles:
        _check_sources(path, cases, articles)
    return Dataset(path, tuple(cases), tuple(articles.values()))


def _read_line(place: str, text: str) -> _Line:
    try:
        line = _Line.model_validate_json(text)
    except ValidationError as error:
        problem = _problem(error).replace("at line 1 column", "at character")
        raise AssistantError(
            f'{place}: {problem}. Write one object a line, as {{"question": "…", "sources": ["…"], "answers": ["…"]}}'
        ) from error
    if not line.unanswerable and not line.sources:
        raise AssistantError(
            f"{place}: the question has no sources. Name the articles that answer it, or set unanswerable to true."
        )
    return line


def _check_sources(path: Path, cases: Sequence[Case], articles: Mapping[str, Article]) -> None:
    for case in cases:
        for source in sorted(case.sources - articles.keys()):
            raise AssistantError(
                f"{path}, {case.place}: no article of the dataset has the address {source!r}. "
                "Add it to the articles of a line, or correct the address."
            )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise AssistantError(
            f"The dataset {path} cannot be read: {error.strerror or error}. Give a SQuAD file (.json) or one with a "
            "question a line (.jsonl)."
        ) from error
    except UnicodeDecodeError as error:
        raise AssistantError(f"The dataset {path} is not UTF-8 at byte {error.start:,}. Save it as UTF-8.") from error


def _problem(error: ValidationError) -> str:
    """Return the first thing that is wrong, with its place in the file: `data[0].paragraphs: Field required`."""
    first = error.errors()[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _common_language(texts: Sequence[str]) -> str:
    """Return the language that texts have in common, judged by an even sample, empty where they have none."""
    step = max(1, len(texts) // _SAMPLE)
    counted = Counter(detect_language(text) for text in texts[::step])
    [(language, agreeing)] = counted.most_common(1) or [("", 0)]
    return language if agreeing >= _AGREEING * counted.total() else ""
