"""Evaluations as a whole: small datasets, the real search, the tables, the object and the plot."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant import Assistant, AssistantError, Settings
from assistant.evaluation import (
    EvaluationProgress,
    EvaluationReport,
    check_plot,
    evaluate,
    load_dataset,
    print_report,
    report_object,
    sample,
    save_plot,
)
from index import Failure

TEXTS = {
    "https://a.example/assam": "Tea is grown in the hills of Assam. Pickers work there from early morning until noon.",
    "https://b.example/harvest": "The harvest of wheat was poor in Kansas. Farmers blamed a summer without any rain.",
    "https://c.example/bridge": "A bridge over the river Tagus, seventeen kilometres long, opened in 1998. Few walk.",
    "https://d.example/comet": "Astronomers in Chile saw a comet. The tail of the comet was green because of carbon.",
    "https://e.example/chess": "Magnus won the chess tournament in Oslo. He drew the last game after six hours.",
    "https://f.example/pont": "Un pont sur la Loire a été fermé à cause de fissures. Il rouvrira en mai.",
}
ASKED = [
    ("Where is tea grown?", "https://a.example/assam", "Assam", "en"),
    ("How was the harvest of wheat in Kansas?", "https://b.example/harvest", "poor", "en"),
    ("How long is the bridge over the Tagus?", "https://c.example/bridge", "seventeen kilometres", "en"),
    ("Why was the tail of the comet green?", "https://d.example/comet", "carbon", "en"),
    ("Who won the chess tournament in Oslo?", "https://e.example/chess", "Nobody whom the article names", "en"),
    ("Pourquoi le pont sur la Loire a-t-il été fermé ?", "https://f.example/pont", "fissures", "fr"),
]
UNANSWERABLE = ["Who painted the ceiling of the Sistine Chapel?", "What does a litre of petrol cost in Norway?"]


def written(path: Path, *, own_articles: bool) -> Path:
    rows: list[dict[str, object]] = [
        {"question": question, "sources": [source], "answers": [answer], "language": language}
        for question, source, answer, language in ASKED
    ]
    rows += [{"question": question, "unanswerable": True} for question in UNANSWERABLE]
    if own_articles:
        rows[0]["articles"] = [{"source": source, "text": text} for source, text in TEXTS.items()]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluation")


@pytest.fixture(scope="module")
def report(folder: Path) -> EvaluationReport:
    """What an evaluation of the small dataset with its own articles found, beside the other ways to rank."""
    dataset = load_dataset(written(folder / "own.jsonl", own_articles=True))
    return evaluate(dataset, Settings(home=folder / "library"), home=folder / "kept", compare=True)


def test_the_report_counts_questions_articles_and_passages(report: EvaluationReport) -> None:
    assert report.dataset == "own.jsonl"
    assert (report.questions, report.articles, report.skipped) == (len(ASKED) + 2, len(TEXTS), ())
    assert report.passages >= report.articles
    assert report.embedding_model == "all-MiniLM-L6-v2"


def test_easy_questions_find_their_articles(report: EvaluationReport) -> None:
    own = report.retrieval[0]
    assert own.name == "fused"
    assert own.questions == len(ASKED)
    assert (own.hit_at_1, own.mrr, own.ndcg_at_10) == (1.0, 1.0, 1.0)
    assert own.recall == (1.0,) * 20


def test_compare_runs_the_other_ways_beside(report: EvaluationReport) -> None:
    names = [way.name for way in report.retrieval]
    assert names == ["fused", "dense only", "lexical only (stems)", "reciprocal ranks"]
    for way in report.retrieval:
        assert way.questions == len(ASKED)
        assert way.hit_at_1 <= way.hit_at_5 <= way.hit_at_10 == way.recall[9]
        assert list(way.recall) == sorted(way.recall)


def test_languages_are_told_apart_where_the_dataset_names_them(report: EvaluationReport) -> None:
    assert [(way.name, way.questions) for way in report.by_language] == [("en", 5), ("fr", 1)]


def test_answers_are_looked_for_in_the_first_quoted_sentences(report: EvaluationReport) -> None:
    assert report.quoting is not None
    assert report.quoting.questions == len(ASKED)
    # The answer to the question about chess stands nowhere.
    assert report.quoting.first == report.quoting.first_three == pytest.approx(1 - 1 / len(ASKED))


def test_both_kinds_of_unanswerable_questions_are_held_against_the_answerable(report: EvaluationReport) -> None:
    assert [(kind.kind, kind.answerable, kind.unanswerable) for kind in report.abstention] == [
        ("gold taken out", len(ASKED), len(ASKED)),
        ("unanswerable", len(ASKED), len(UNANSWERABLE)),
    ]
    for kind in report.abstention:
        assert kind.auroc is not None
        assert kind.auroc > 0.9
        assert kind.threshold == Settings().confidence
        assert kind.declined_at_5_percent == kind.curve[5]


def test_latency_is_measured(report: EvaluationReport) -> None:
    assert 0 < report.latency.p50 <= report.latency.p95


def test_a_kept_home_is_found_again_and_the_library_is_left_alone(report: EvaluationReport, folder: Path) -> None:
    dataset = sample(load_dataset(folder / "own.jsonl"), every=2)
    before = sorted(path.name for path in (folder / "kept" / "generations").iterdir())
    again = evaluate(dataset, Settings(home=folder / "library"), home=folder / "kept")
    assert sorted(path.name for path in (folder / "kept" / "generations").iterdir()) == before
    assert [way.name for way in again.retrieval] == ["fused"]
    assert again.articles == report.articles
    assert not (folder / "library").exists()


@pytest.mark.parametrize(
    "shared",
    [
        {"chroma_url": "http://127.0.0.1:9"},
        {"milvus_url": "http://127.0.0.1:9"},
        {"catalog_url": SecretStr("postgresql://news:room@127.0.0.1:9/news")},
    ],
    ids=lambda shared: next(iter(shared)),
)
def test_an_evaluation_asks_no_server_that_the_library_is_on(
    report: EvaluationReport, folder: Path, shared: dict[str, Any]
) -> None:
    # Nothing listens on that port: whoever asks it fails.
    dataset = sample(load_dataset(folder / "own.jsonl"), every=6)
    again = evaluate(dataset, Settings(home=folder / "library", **shared), home=folder / "kept")
    assert again.articles == report.articles


def test_a_home_with_other_articles_is_refused(report: EvaluationReport, seeds_home: Path, folder: Path) -> None:
    with pytest.raises(AssistantError, match=r"10 articles that are not of .*own\.jsonl.*Name another folder"):
        evaluate(load_dataset(folder / "own.jsonl"), home=seeds_home)


def test_a_dataset_without_articles_is_asked_over_the_library_and_told_where_it_stands(
    seeds_home: Path, assistant: Assistant, tmp_path: Path
) -> None:
    [gold] = [a.source for a in assistant.index.articles() if a.source.endswith("nvidia-openai-accord.fr.md")]
    path = tmp_path / "set.jsonl"
    rows = [
        {"question": "Nvidia a-t-il abandonné l'accord ?", "sources": [gold], "answers": ["non-sens"]},
        {"question": "   ", "sources": [gold]},
        {"question": "Who won the 1998 World Cup?", "unanswerable": True},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    told: list[EvaluationProgress] = []
    report = evaluate(load_dataset(path), Settings(home=seeds_home), progress=told.append)
    assert report.retrieval[0].hit_at_1 == 1.0
    assert (report.questions, report.articles) == (2, 10)
    assert [skipped.source for skipped in report.skipped] == ["line 2"]
    assert "The question is empty" in report.skipped[0].reason
    assert told == [EvaluationProgress("Asking", done, 3) for done in (1, 2, 3)]


def test_a_gold_article_that_the_library_lacks_is_named(seeds_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who?", "sources": ["missing.md"]}')
    with pytest.raises(AssistantError, match=r"set\.jsonl, line 1: .*no article at 'missing\.md'.*assistant articles"):
        evaluate(load_dataset(path), Settings(home=seeds_home))


def test_a_gold_path_may_be_relative_to_the_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "tea.txt").write_text(TEXTS["https://a.example/assam"])
    (data / "set.jsonl").write_text('{"question": "Where is tea grown?", "sources": ["tea.txt"]}')
    settings = Settings(home=tmp_path / "home")
    with Assistant(settings) as opened:
        opened.reindex([data])
    report = evaluate(load_dataset(data / "set.jsonl"), settings)
    assert report.retrieval[0].hit_at_1 == 1.0
    assert report.quoting is None


def test_an_empty_library_is_said_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who?", "unanswerable": true}')
    with pytest.raises(AssistantError, match=r"is empty\. Add its articles with: assistant index"):
        evaluate(load_dataset(path), Settings(home=tmp_path / "home"))


def test_only_unanswerable_questions_leave_out_what_cannot_be_measured(
    seeds_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who painted the Sistine Chapel?", "unanswerable": true}')
    report = evaluate(load_dataset(path), Settings(home=seeds_home), compare=True)
    assert (report.retrieval, report.quoting) == ((), None)
    [kind] = report.abstention
    assert (kind.auroc, kind.false_refusals, kind.declined_at_5_percent, kind.curve) == (None, None, None, ())
    print_report(report)
    assert "–" in capsys.readouterr().out
    save_plot(report, tmp_path / "plot.png")


def test_a_long_gold_article_leaves_room_for_others_when_it_is_taken_out(tmp_path: Path) -> None:
    sentence = "The hills of Assam number {} grow tea that the pickers carry to the valley before noon on every day. "
    long = "\n\n".join(sentence.format(number) * 5 for number in range(90))
    articles = [{"source": "long", "text": long}, *({"source": s, "text": t} for s, t in TEXTS.items())]
    path = tmp_path / "set.jsonl"
    row = {"question": "Where do the pickers of Assam carry tea?", "sources": ["long"], "articles": articles}
    path.write_text(json.dumps(row))
    [kind] = evaluate(load_dataset(path), Settings(home=tmp_path / "library", confidence=1e-9)).abstention
    # Without any passage the confidence would be 0, and the question declined.
    assert kind.recall == 0.0


# What is shown


def test_the_tables_show_every_measure(report: EvaluationReport, capsys: pytest.CaptureFixture[str]) -> None:
    print_report(report)
    shown = " ".join(capsys.readouterr().out.split())
    for word in ("own.jsonl: 8 questions over 6 articles", "hit@1", "nDCG@10", "reciprocal ranks", "AUROC", "median"):
        assert word in shown


def test_what_was_skipped_is_shown_on_standard_error(
    report: EvaluationReport, capsys: pytest.CaptureFixture[str]
) -> None:
    print_report(replace(report, skipped=tuple(Failure(f"line {n}", "The question is empty.") for n in range(7))))
    err = capsys.readouterr().err
    assert "Skipped: line 0: The question is empty." in err
    assert "… and 2 more." in err


def test_the_object_is_plain_json(report: EvaluationReport) -> None:
    found = json.loads(json.dumps(report_object(report), allow_nan=False))
    assert found["retrieval"][0]["hit_at_1"] == 1.0
    assert found["abstention"][0]["kind"] == "gold taken out"
    assert found["latency"].keys() == {"p50", "p95"}


def test_the_plot_is_a_png(report: EvaluationReport, tmp_path: Path) -> None:
    path = tmp_path / "plot.png"
    save_plot(report, path)
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("name", "said"),
    [("plot.svg", r"does not end in \.png\. Name it .*plot\.png"), ("none/plot.png", "is not a folder. Make it")],
)
def test_a_plot_that_could_not_be_saved_is_refused_beforehand(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=said):
        check_plot(tmp_path / name)


def test_without_matplotlib_the_command_that_installs_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(AssistantError, match=r"pip install 'footnote-assistant\[evaluate\]'"):
        check_plot(tmp_path / "plot.png")


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = (
        "import sys, assistant.evaluation\n"
        "heavy = {'torch', 'chromadb', 'langchain_core', 'matplotlib', 'pydantic', 'numpy', 'sqlalchemy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
