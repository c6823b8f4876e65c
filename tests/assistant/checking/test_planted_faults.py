"""Faults planted in true statements about the seeds are caught, and the true ones are left alone."""

from pathlib import Path

import pytest

from assistant.checking import check_statement
from benchmarks.planted_faults import KINDS, Outcome, draw, judge, paraphrased, read_seeds
from benchmarks.seed_paraphrases import FREER


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    drawn = [trial for half in ("develop", "test") for trial in draw(None, 2, half, 100)]
    return [judge(trial) for trial in drawn]


def test_faults_of_all_kinds_are_planted(outcomes: list[Outcome]) -> None:
    for kind in KINDS:
        assert sum(outcome.trial.kind == kind for outcome in outcomes) > 10
    assert all(outcome.trial.planted != outcome.trial.supported.statement for outcome in outcomes)


@pytest.mark.parametrize(("kind", "share"), [("number", 0.95), ("name", 0.9), ("negation", 0.85)])
def test_most_planted_faults_are_caught(outcomes: list[Outcome], kind: str, share: float) -> None:
    planted = [outcome for outcome in outcomes if outcome.trial.kind == kind]
    assert sum(bool(outcome.planted) for outcome in planted) >= share * len(planted)


def test_hardly_a_true_statement_is_flagged(outcomes: list[Outcome]) -> None:
    assert sum(bool(outcome.untouched) for outcome in outcomes) <= 0.05 * len(outcomes)


def test_hardly_a_free_paraphrase_is_flagged() -> None:
    statements = [*paraphrased(read_seeds()), *paraphrased(read_seeds(), FREER)]
    flagged = [
        one.statement
        for one in statements
        if check_statement(
            one.statement, one.cited, known=one.known, language=one.language, cited_language=one.cited_language
        )
    ]
    assert len(flagged) <= 0.05 * len(statements), flagged


def test_sentences_of_the_seeds_support_themselves() -> None:
    for text in read_seeds().values():
        for sentence in text.sentences:
            faults = check_statement(
                sentence, sentence, known=text.heading, language=text.language, cited_language=text.language
            )
            assert faults == (), sentence


def test_there_are_thirty_paraphrases_or_more_over_sentences_of_the_seeds() -> None:
    statements = list(paraphrased(read_seeds()))
    assert len(statements) >= 30
    assert any(one.language == "en" and one.cited_language == "fr" for one in statements)


def test_the_seeds_are_where_the_benchmark_looks() -> None:
    assert (Path(__file__).parents[3] / "seeds" / "nvidia-openai-deal.en.md").is_file()
