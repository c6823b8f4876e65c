"""What the page says before the first question."""

from pathlib import Path

import pytest

from assistant.ui.examples import EXAMPLES, choose_examples
from assistant.ui.languages import name_language
from assistant.ui.welcome import render_library, render_welcome
from index import Article

SEEDS = Path(__file__).parents[2] / "seeds"


def make_article(language: str, title: str = "A title", source: str = "/a.md") -> Article:
    return Article(source, title, "Text.", None, language)


def test_every_example_asks_about_a_seed_that_exists() -> None:
    assert [example.seed for example in EXAMPLES if not (SEEDS / example.seed).is_file()] == []


def test_examples_are_offered_only_for_articles_that_are_indexed() -> None:
    articles = [make_article("en", source="/elsewhere/seeds/nvidia-openai-deal.en.md")]
    chosen = [example.question for example, offered in zip(EXAMPLES, choose_examples(articles), strict=True) if offered]
    assert chosen == ["Did Nvidia abandon the deal?"]
    assert not any(choose_examples([]))


def test_an_empty_library_says_how_to_fill_it() -> None:
    assert "assistant index PATH" in render_welcome([], with_titles=True)
    assert "No articles yet" in render_library([])


def test_titles_are_listed_and_escaped() -> None:
    html = render_welcome([make_article("en", "<b>Bold</b>")], with_titles=True)
    assert "&lt;b&gt;Bold&lt;/b&gt;" in html
    assert "Bold" not in render_welcome([make_article("en", "Bold")], with_titles=False)


@pytest.mark.parametrize(
    ("languages", "line"),
    [
        (["en"], "1 article in English"),
        (["en", "fr", "fr"], "3 articles in English and French"),
        (["en", "fr", "de"], "3 articles in English, French and German"),
        (["en", "fr", "de", "es"], "4 articles in 4 languages"),
        ([""], "1 article"),
    ],
)
def test_the_library_is_summed_up_in_a_line(languages: list[str], line: str) -> None:
    assert f">{line}<" in render_library([make_article(language) for language in languages])


def test_a_language_without_a_name_is_its_code() -> None:
    assert name_language("FR") == "French"
    assert name_language("tlh") == "TLH"
