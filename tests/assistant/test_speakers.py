"""Who is said to have said what a sentence reports."""

import pytest

from assistant.speakers import find_speaker, has_unnamed_speaker, is_denial, names_in


@pytest.mark.parametrize(
    ("sentence", "language", "speaker"),
    [
        ('Huang dismissed as "nonsense" the claim that Nvidia was backing away.', "en", "Huang"),
        ("The claim that Nvidia was unhappy was nonsense, Huang said in Taipei.", "en", "Huang"),
        (
            "It stood in contrast to a report in the Wall Street Journal, which said that.",
            "en",
            "Wall Street Journal",
        ),
        ("“We are glad,” said Ann Lee.", "en", "Ann Lee"),
        ("According to Reuters, talks had stalled.", "en", "Reuters"),
        ("Jensen Huang, le directeur général de Nvidia, a qualifié cela de « non-sens ».", "fr", "Jensen Huang"),
        (
            "Le Wall Street Journal a rapporté que les discussions étaient au point mort.",
            "fr",
            "Le Wall Street Journal",
        ),
        ("Selon Reuters, les discussions ont échoué.", "fr", "Reuters"),
        ("He said that it was over.", "en", None),
        ("However, he denied it.", "en", None),
        ("The figure now seems to be off the table.", "en", None),
        ("Il a déclaré que tout allait bien.", "fr", None),
        ("The head of Nvidia said so.", "en", None),
        ("Huang sagte, alles sei gut.", "de", None),
        ("", "en", None),
    ],
)
def test_a_speaker_is_named_where_the_sentence_names_one_plainly(
    sentence: str, language: str, speaker: str | None
) -> None:
    assert find_speaker(sentence, language) == speaker


@pytest.mark.parametrize(
    ("sentence", "unnamed"),
    [
        ("Sources said that people inside Nvidia had reservations.", True),
        ("Selon des sources, certaines personnes avaient des réserves.", True),
        ("Huang is said to have stressed in private that it was not binding.", True),
        ("According to three people familiar with the matter, it is over.", True),
        ("Water comes from many sources.", False),
    ],
)
def test_sources_without_a_name_are_noticed(sentence: str, unnamed: bool) -> None:
    assert has_unnamed_speaker(sentence) is unnamed


@pytest.mark.parametrize(
    ("sentence", "denial"),
    [
        ("Huang dismissed the claim.", True),
        ("L'idée est un « non-sens ».", True),
        ("Le ministre dément.", True),
        ("Talks had stalled.", False),
        ("The agreement was not binding.", False),
    ],
)
def test_only_a_plain_denial_is_one(sentence: str, denial: bool) -> None:
    assert is_denial(sentence) is denial


def test_names_are_the_words_with_a_capital_inside_a_sentence() -> None:
    assert names_in("However, Nvidia and the Wall Street Journal spoke.", "en") == {
        "nvidia",
        "wall",
        "street",
        "journal",
    }


def test_a_very_long_sentence_costs_little() -> None:
    assert find_speaker("A" + " Bb" * 100_000 + " said", "en") is None
