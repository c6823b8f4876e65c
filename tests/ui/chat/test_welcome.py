"""What the page says before the first question."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.local_servers import LocalModel
from assistant.ui.chat.examples import Example
from assistant.ui.chat.welcome import render_connection, render_examples, render_welcome, summarise
from assistant.ui.languages import name_language
from assistant.ui.library.summary import Library, read_library
from assistant.ui.settings.connecting import remember_models
from assistant.ui.texts import Speaker
from index import Article, ArticleIndex

SEEDS = Path(__file__).parents[3] / "seeds"
ENGLISH, FRENCH = Speaker("en"), Speaker("fr")


def test_the_welcome_says_what_the_library_holds(assistant: Assistant) -> None:
    library = read_library(assistant.index)
    assert library.articles == len(list(SEEDS.glob("*.md")))
    assert library.generation
    assert "10 articles in English and French" in render_welcome(library, ENGLISH)
    assert "10 articles en anglais et français" in render_welcome(library, FRENCH)


def test_an_empty_library_invites_to_add_articles(index: ArticleIndex) -> None:
    library = read_library(index)
    assert "Add articles" in render_welcome(library, ENGLISH)
    assert "Ajoutez des articles" in render_welcome(library, FRENCH)
    assert render_examples((), library, ENGLISH) == ""


def test_titles_stand_in_for_examples_and_are_escaped() -> None:
    library = Library("g1", 1, ("en",), (Article("/a.md", "<b>Bold</b>", "Text.", None, "en"),))
    assert "&lt;b&gt;Bold&lt;/b&gt;" in render_examples((), library, ENGLISH)
    html = render_examples((Example("<i>Who</i>?", "en"),), library, ENGLISH)
    assert "Bold" not in html
    assert "&lt;i&gt;Who&lt;/i&gt;?</span></button>" in html


def test_half_a_surrogate_pair_does_not_break_the_welcome() -> None:
    library = Library("g1", 1, ("en",), (Article("/a.md", "\ud83d", "Text.", None, "en"),))
    assert "?" in render_examples((), library, ENGLISH)


def test_what_is_wrong_with_the_index_is_said() -> None:
    html = render_welcome(Library("g1", 3, problems=("The index was built with 'a', not <b>.",)), ENGLISH)
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
    assert summarise(Library("g1", articles, languages), ENGLISH) == line


def test_a_language_without_a_name_is_its_code() -> None:
    assert (name_language("FR"), name_language("FR", "fr")) == ("French", "Français")
    assert name_language("tlh") == "TLH"


def test_without_a_model_the_page_says_how_to_connect_one() -> None:
    html = render_connection([], ENGLISH)
    assert "export ASSISTANT_MODEL=openai:gpt-4o-mini" in html
    assert "on this machine" not in html


def test_models_of_this_machine_are_offered_with_the_lines_that_choose_them() -> None:
    lines = ("export ASSISTANT_MODEL=openai:qwen", "export ASSISTANT_BASE_URL=http://127.0.0.1:1234/v1")
    html = render_connection([LocalModel("<b>qwen</b>", "LM Studio", lines)] * 7, ENGLISH)
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
