"""What the page says before the first question."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.local_servers import LocalModel
from assistant.ui.connecting import remember_models
from assistant.ui.examples import EXAMPLES
from assistant.ui.languages import name_language
from assistant.ui.library import Library, read_library
from assistant.ui.welcome import render_connection, render_summary, render_welcome
from index import Article, ArticleIndex

SEEDS = Path(__file__).parents[2] / "seeds"
NONE_OFFERED = (False,) * len(EXAMPLES)


def test_every_example_asks_about_a_seed_that_exists() -> None:
    assert [example.seed for example in EXAMPLES if not (SEEDS / example.seed).is_file()] == []


def test_the_seeds_are_offered_as_examples(assistant: Assistant) -> None:
    library = read_library(assistant.index)
    assert all(library.offered)
    assert library.articles == len(list(SEEDS.glob("*.md")))
    assert set(library.languages) == {"en", "fr"}
    assert render_summary(library) == '<p class="fn-library">10 articles in English and French</p>'


def test_no_example_is_offered_where_its_article_is_not_indexed(index: ArticleIndex) -> None:
    index.add([Article("https://news.example/tide", "The tide", "The tide came in at noon.", language="en")])
    library = read_library(index)
    assert not any(library.offered)
    assert "The tide" in render_welcome(library)


def test_an_empty_library_says_how_to_fill_it(index: ArticleIndex) -> None:
    library = read_library(index)
    assert "assistant index PATH" in render_welcome(library)
    assert "No articles yet" in render_summary(library)


def test_titles_stand_in_for_examples_and_are_escaped() -> None:
    article = Article("/a.md", "<b>Bold</b>", "Text.", None, "en")
    assert "&lt;b&gt;Bold&lt;/b&gt;" in render_welcome(Library(1, ("en",), (article,)))
    assert "Bold" not in render_welcome(Library(1, ("en",), (article,), (True, *NONE_OFFERED[1:])))


def test_what_is_wrong_with_the_index_is_said() -> None:
    html = render_welcome(Library(3, problems=("The index was built with 'a', not <b>.",)))
    assert "The index was built with &#39;a&#39;, not &lt;b&gt;." in html


@pytest.mark.parametrize(
    ("articles", "languages", "line"),
    [
        (1, ("en",), "1 article in English"),
        (3, ("fr", "en"), "3 articles in English and French"),
        (3, ("fr", "en", "de"), "3 articles in English, French and German"),
        (1234, ("fr", "en", "de", "es"), "1,234 articles in 4 languages"),
        (1, ("",), "1 article"),
    ],
)
def test_the_library_is_summed_up_in_a_line(articles: int, languages: tuple[str, ...], line: str) -> None:
    assert f">{line}<" in render_summary(Library(articles, languages))


def test_a_language_without_a_name_is_its_code() -> None:
    assert name_language("FR") == "French"
    assert name_language("tlh") == "TLH"


def test_without_a_model_the_page_says_how_to_connect_one() -> None:
    html = render_connection([])
    assert "export ASSISTANT_MODEL=openai:gpt-4o-mini" in html
    assert "on this machine" not in html


def test_models_of_this_machine_are_offered_with_the_lines_that_choose_them() -> None:
    lines = ("export ASSISTANT_MODEL=openai:qwen", "export ASSISTANT_BASE_URL=http://127.0.0.1:1234/v1")
    html = render_connection([LocalModel("<b>qwen</b>", "LM Studio", lines)] * 7)
    assert "\n".join(lines) in html
    assert "&lt;b&gt;qwen&lt;/b&gt;" in html
    assert html.count("<li>") == 5
    assert "And 2 more." in html


def test_servers_are_asked_for_their_models_once_a_minute() -> None:
    asked: list[float] = []
    now = [0.0]

    def find() -> list[LocalModel]:
        asked.append(now[0])
        return [LocalModel(f"model-{len(asked)}", "Ollama", ())]

    recent = remember_models(find, clock=lambda: now[0])
    names = []
    for now[0] in (0.0, 59.0, 60.0, 61.0):
        names.append(recent()[0].name)
    assert names == ["model-1", "model-1", "model-2", "model-2"]
