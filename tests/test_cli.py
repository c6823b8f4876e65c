"""The command line, as a person or a script uses it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from assistant import Assistant, cli
from assistant.accounts import load_accounts
from index import ArticleIndex
from tests.chat_server import running_server
from tests.conftest import Run

SEEDS = Path(__file__).parents[1] / "seeds"

_HEEDING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""A suite in the background passes on that it does not heed an interruption."""
_PROGRAM = [sys.executable, "-c", f"{_HEEDING}; from assistant.cli import main; main()"]


def one_line(errors: str, *words: str) -> None:
    """Hold an error message to its promise: one line, no traceback, and the words that help."""
    assert errors.count("\n") == 1, errors
    assert "Traceback" not in errors
    for word in words:
        assert word in errors


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'torch', 'gradio', 'chromadb', 'langchain_core', 'sqlalchemy', 'pydantic', 'numpy'}"
    check = f"import sys, assistant.cli; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True).stdout == "[]\n"


def test_every_command_is_listed_in_help(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    for command in (
        "index",
        "ask",
        "articles",
        "show",
        "remove",
        "sources",
        "serve",
        "doctor",
        "evaluate",
        "chat",
        "feedback",
        "--home",
        "--version",
    ):
        assert command in out


def test_the_home_is_named_before_or_behind_the_command_and_wins_over_the_variable(
    run: Run, seeds_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "empty"))
    assert "no articles yet" in " ".join(run("ask", "What does a GPU do?")[1].split())
    for words in (("--home", seeds_home, "articles"), ("articles", "--home", seeds_home)):
        status, out, _ = run(*words)
        assert (status, out.count("\n")) == (0, 10)


def test_version_is_said(run: Run) -> None:
    assert run("--version")[1].startswith("footnote-assistant 0.")


def test_index_says_what_it_did_and_is_quiet_on_a_pipe(run: Run, tmp_path: Path) -> None:
    status, out, err = run("--home", tmp_path / "home", "index", SEEDS)
    assert status == 0
    assert out.startswith("Articles: 10 added;")
    assert err == ""
    status, out, _ = run("--home", tmp_path / "home", "index")
    assert status == 0
    assert "10 unchanged" in out


def test_a_dry_run_says_what_would_change_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Cats sleep for most of the day.", "utf-8")
    (tmp_path / "odd\nname.txt").write_text("Dogs run.", "utf-8")
    status, out, _ = run("--home", tmp_path / "home", "index", "--dry-run", tmp_path)
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == f"added    {tmp_path}/a.txt"
    assert lines[1] == f"added    {tmp_path}/odd name.txt"
    assert lines[2] == "Articles, if it were done: 2 added. Nothing was changed."
    assert run("--home", tmp_path / "home", "sources")[1] == ""
    assert "nothing to index yet" in run("--home", tmp_path / "home", "index")[2]


def test_sources_are_listed_with_what_is_left_out_and_what_failed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for name, text in (("a.txt", "Cats sleep."), ("b.md", "Dogs run."), ("c.txt", "")):
        (tmp_path / "news" / name).write_text(text, "utf-8")
    home = tmp_path / "home"
    assert run("--home", home, "index", tmp_path / "news", "--ignore", "*.md")[0] == 1
    status, out, _ = run("--home", home, "sources")
    assert status == 0
    kind, articles, read, address, remarks = out.rstrip("\n").split("\t")
    assert (kind, articles, address) == ("folder", "1", str(tmp_path / "news"))
    assert read.startswith("20")
    assert remarks == "Some of it could not be read.; without *.md"
    (tmp_path / "news" / "c.txt").unlink()
    assert "1 unchanged" in run("--home", home, "index")[1]
    assert "1 added, 1 unchanged" in run("--home", home, "index", tmp_path / "news", "--ignore", "")[1]


def test_removing_an_article_of_a_folder_says_what_brings_it_back(run: Run, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("Cats sleep for most of the day.", "utf-8")
    run("--home", tmp_path / "home", "index", tmp_path / "news")
    status, out, _ = run("--home", tmp_path / "home", "remove", tmp_path / "news" / "a.txt")
    assert status == 0
    assert "--ignore" in out


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_run_that_is_stopped_keeps_what_it_did_and_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "news").mkdir()
    for number in range(3_000):
        rain = " ".join(f"It rained {number + day} times in a week." for day in range(8))
        (tmp_path / "news" / f"{number:04}.txt").write_text(f"Report {number}\n\n{rain}", "utf-8")
    words = [*_PROGRAM, "--home", str(tmp_path / "home"), "index", str(tmp_path / "news")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        catalog = tmp_path / "home" / "catalog.sqlite3"
        deadline = time.monotonic() + 120
        while _staged(catalog) < 256 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(getattr(signal, name))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Run it again to go on from there." in errors
    assert "Traceback" not in errors
    with ArticleIndex(tmp_path / "home") as index:
        assert 256 <= index.status().articles < 3_000


def test_ctrl_c_in_any_command_is_one_line_and_leaves_the_index_as_it_was(run: Run, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for number in range(400):
        rain = " ".join(f"It rained {number + day} times in a week." for day in range(4))
        (tmp_path / "news" / f"{number:04}.txt").write_text(rain, "utf-8")
    run("--home", tmp_path / "home", "index", tmp_path / "news")
    generations = sorted((tmp_path / "home" / "generations").iterdir())
    words = [*_PROGRAM, "--home", str(tmp_path / "home"), "doctor", "--rebuild"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 120
        while sorted((tmp_path / "home" / "generations").iterdir()) == generations and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    one_line(errors, "stopped", "unchanged")
    assert "sound" in run("--home", tmp_path / "home", "doctor")[1]


def _staged(catalog: Path) -> int:
    if not catalog.is_file():
        return 0
    with closing(sqlite3.connect(catalog)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM versions").fetchone()[0])
        except sqlite3.Error:
            return 0


def test_ask_can_be_limited_to_articles_in_a_language(run: Run, seeds_home: Path) -> None:
    for language, other in (("fr", "nvidia-openai-deal.en.md"), ("en", "nvidia-openai-accord.fr.md")):
        status, out, _ = run("--home", seeds_home, "ask", "Did Nvidia abandon the deal?", "--language", language)
        assert status == 0
        assert f".{language}.md:" in out
        assert other not in out


def test_ask_prints_the_answer_with_its_footnotes(run: Run, seeds_home: Path) -> None:
    status, out, _ = run("--home", seeds_home, "ask", "Did Nvidia abandon the deal?")
    assert status == 0
    assert "nonsense" in out
    assert "non-sens" in out
    assert "nvidia-openai-accord.fr.md:" in out


def test_ask_json_prints_one_object_with_exact_quotes(run: Run, seeds_home: Path, assistant: Assistant) -> None:
    status, out, _ = run("--home", seeds_home, "ask", "--json", "Did Nvidia abandon the deal?")
    found = json.loads(out)
    assert status == 0
    assert {"question", "text", "abstained", "verdict", "model", "warnings", "citations"} <= set(found)
    assert {statement["status"] for statement in found["statements"]} == {"quoted"}
    assert found["as_of"] == "2026-02-02"
    assert found["suggestions"]
    keys = {"number", "quote", "start", "end", "source", "title", "published", "language", "status", "translation"}
    keys |= {"version", "digest", "page"}
    for citation in found["citations"]:
        assert set(citation) == keys
        article = assistant.index.article(citation["source"])
        assert article is not None
        assert (citation["version"], citation["digest"]) == (article.version, article.digest)
        assert article.text[citation["start"] : citation["end"]] == citation["quote"]
    assert {citation["language"] for citation in found["citations"]} == {"en", "fr"}


def test_ask_shows_what_a_model_said_and_what_its_quotes_do_not_hold(
    run: Run, seeds_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_server() as server:
        server.script.reply = lambda prompt: "VERDICT: no\nHuang called it nonsense in 1998 [1.1]."
        monkeypatch.setenv("ASSISTANT_MODEL", "openai:gpt-test")
        monkeypatch.setenv("ASSISTANT_BASE_URL", server.base_url)
        _, out, _ = run("--home", seeds_home, "ask", "Did Nvidia abandon the deal?")
        _, as_json, _ = run("--home", seeds_home, "ask", "--json", "Did Nvidia abandon the deal?")
    assert "1998" in out.partition("! ")[2]
    (statement,) = json.loads(as_json)["statements"]
    assert statement["status"] == "unsupported"
    assert {fault["words"] for fault in statement["faults"]} == {"1998"}
    assert json.loads(as_json)["usage"]["finish_reason"] == "stop"


def test_chat_asks_on_and_ends_with_an_empty_line(run: Run, seeds_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = StringIO(
        "Did Nvidia abandon the deal?\n" + "x" * 3_000 + "\nWhy did Huang call it nonsense?\n\nNot asked\n"
    )
    monkeypatch.setattr(sys, "stdin", asked)
    status, out, err = run("--home", seeds_home, "chat")
    assert status == 0
    assert "Searched: Why did Huang call it nonsense? Nvidia abandon deal" in " ".join(out.split())
    one_line(err, "3,000 characters")
    assert asked.read().strip() == "Not asked"


def test_ask_filters_by_day_and_by_source(run: Run, seeds_home: Path) -> None:
    french = SEEDS / "nvidia-openai-accord.fr.md"
    for option in (("--until", "2026-02-01"), ("--source", french)):
        _, out, _ = run("--home", seeds_home, "ask", "--json", *option, "Did Nvidia abandon the deal?")
        assert {citation["source"] for citation in json.loads(out)["citations"]} == {str(french)}


def test_a_question_that_the_articles_do_not_answer_is_declined_with_status_3(run: Run, seeds_home: Path) -> None:
    status, out, _ = run("--home", seeds_home, "ask", "Who won the 1998 World Cup?")
    assert status == cli.DECLINED
    assert "do not answer" in out


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Did Nvidia abandon the deal?", "No article is within the sources, dates and languages that were asked for."),
        (
            "Nvidia a-t-il abandonné l'accord ?",
            "Aucun article ne se trouve parmi les sources, les dates et les langues",
        ),
    ],
)
def test_a_filter_that_leaves_no_article_is_told_as_such(run: Run, seeds_home: Path, question: str, words: str) -> None:
    for option in (("--since", "2031-01-01"), ("--language", "de"), ("--source", SEEDS / "nothing.md")):
        status, out, _ = run("--home", seeds_home, "ask", *option, question)
        assert status == cli.DECLINED
        assert words in " ".join(out.split())


def test_articles_are_listed_with_tabs_on_a_pipe(run: Run, seeds_home: Path) -> None:
    _, out, _ = run("--home", seeds_home, "articles")
    rows = [line.split("\t") for line in out.splitlines()]
    assert len(rows) == 10
    assert rows[0][:2] == ["2026-02-02", "en"]


def test_show_prints_the_text_that_citations_point_into(run: Run, seeds_home: Path) -> None:
    status, out, _ = run("--home", seeds_home, "show", SEEDS / "nvidia-openai-deal.en.md")
    assert status == 0
    assert "nonsense" in out
    assert "Footnote Samples, 2026-02-02, en" in out


def test_an_article_of_a_table_is_named_from_here_by_its_web_address(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "news").mkdir()
    row = {"text": "Cats sleep.", "url": "https://cats.example//a", "author": "Ann Lee", "publisher": "The Post"}
    (tmp_path / "news" / "a.jsonl").write_text(json.dumps(row), "utf-8")
    assert run("--home", tmp_path / "home", "index", "news")[1].startswith("Articles: 1 added; 1 new passage in")
    monkeypatch.chdir(tmp_path / "news")
    status, out, _ = run("--home", tmp_path / "home", "show", "a.jsonl#https://cats.example//a")
    source = f"{tmp_path}/news/a.jsonl#https://cats.example//a"
    assert status == 0
    assert f"The Post, Ann Lee, en, {source}, https://cats.example//a" in out
    asked = ("ask", "Do cats sleep?", "--json", "--source", "a.jsonl#https://cats.example//a")
    assert json.loads(run("--home", tmp_path / "home", *asked)[1])["citations"][0]["source"] == source
    assert "1 removed" in run("--home", tmp_path / "home", "remove", "a.jsonl#https://cats.example//a")[1]


def test_remove_takes_an_article_out_and_leaves_its_file(run: Run, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Cats sleep for most of the day.", "utf-8")
    run("--home", tmp_path / "home", "index", article)
    status, out, _ = run("--home", tmp_path / "home", "remove", article)
    assert status == 0
    assert "1 removed" in out
    assert article.exists()
    one_line(run("--home", tmp_path / "home", "remove", article)[2], "Nothing is indexed", "assistant articles")


def test_a_source_that_never_could_be_read_is_removed_with_a_word(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\0")
    assert run("--home", tmp_path / "home", "index", tmp_path / "bad.txt")[0] == cli.FAILED
    status, out, _ = run("--home", tmp_path / "home", "remove", tmp_path / "bad.txt")
    assert status == 0
    assert out.splitlines() == [
        "Articles: none removed. Files stay where they are.",
        f"No longer a source: {tmp_path}/bad.txt",
    ]
    assert run("--home", tmp_path / "home", "sources")[1] == ""


def test_doctor_says_what_the_index_holds(run: Run, seeds_home: Path) -> None:
    status, out, _ = run("--home", seeds_home, "doctor")
    assert status == 0
    assert "10 in fr, en" in out
    assert "sound" in out


def test_doctor_rebuilds(run: Run, tmp_path: Path) -> None:
    run("--home", tmp_path / "home", "index", SEEDS / "processeur-graphique.fr.md")
    status, out, _ = run("--home", tmp_path / "home", "doctor", "--rebuild")
    assert status == 0
    assert "1 updated" in out


def test_a_reader_that_stops_early_sees_no_traceback(seeds_home: Path) -> None:
    command = f"{sys.executable} -u -m assistant.cli --home {seeds_home} articles | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Nvidia" in done.stdout
    assert "Traceback" not in done.stderr


# Bad input: one clear line that names the thing and the next step, and an exit status that is not 0.


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", ["The question is empty", "Ask something"]),
        ("  \n ", ["The question is empty"]),
        ("a" * 100_000, ["100,000 characters", "2,000", "ASSISTANT_MAX_QUESTION"]),
        ("what \udcff is", ["U+DCFF", "Remove it"]),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_clear_line(
    run: Run, seeds_home: Path, question: str, words: list[str]
) -> None:
    status, out, err = run("--home", seeds_home, "ask", question)
    assert status == cli.FAILED
    assert out == ""
    one_line(err, *words)


def test_bad_files_are_named_and_the_others_are_indexed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    bad = {
        "empty.md": b"",
        "binary.txt": bytes(range(256)) * 4,
        "latin.txt": "L'été, Nvidia a démenti.".encode("latin-1"),
        "front.md": b"---\ntitle: [unclosed\n---\nText.",
        "surrogate.txt": b"half a pair: \xed\xa0\x80.",
        "blank.html": b"<html><body></body></html>",
    }
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    (folder / "good.txt").write_text("Cats sleep for most of the day.", "utf-8")
    status, out, err = run("--home", tmp_path / "home", "index", folder)
    assert status == cli.FAILED
    assert "1 added, 6 failed" in out
    assert err.count("\n") == len(bad)
    assert "Traceback" not in err
    for name in bad:
        assert f"{name}: " in err
    assert run("--home", tmp_path / "home", "ask", "How long do cats sleep?")[0] == 0


def test_a_missing_path_is_named(run: Run, tmp_path: Path) -> None:
    status, _, err = run("--home", tmp_path / "home", "index", tmp_path / "nowhere")
    assert status == cli.FAILED
    one_line(err, "nowhere", "no such file or folder", "Check the spelling")


def test_indexing_nothing_says_what_to_name(run: Run, tmp_path: Path) -> None:
    status, _, err = run("--home", tmp_path / "home", "index")
    assert status == cli.FAILED
    one_line(err, "assistant index seeds/")


def test_a_home_that_cannot_be_made_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    status, _, err = run("--home", tmp_path / "file" / "home", "index", SEEDS)
    assert status == cli.FAILED
    one_line(err, "file/home", "ASSISTANT_HOME")


@pytest.mark.parametrize(
    "command",
    [["ask", "Why?"], ["chat"], ["articles"], ["sources"], ["show", "a"], ["remove", "a"], ["feedback"], ["doctor"]],
    ids=lambda command: command[0],
)
def test_a_home_that_is_not_there_is_named_and_not_made_by_a_command_that_reads(
    run: Run, tmp_path: Path, command: list[str]
) -> None:
    status, out, err = run("--home", tmp_path / "hmoe", *command)
    assert (status, out) == (cli.FAILED, "")
    one_line(err, str(tmp_path / "hmoe"), "Check the spelling", "assistant index")
    assert not (tmp_path / "hmoe").exists()


def test_a_home_that_is_not_there_is_named_by_an_evaluation_over_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "asked.jsonl").write_text('{"question": "Why?", "unanswerable": true}', "utf-8")
    status, _, err = run("--home", tmp_path / "hmoe", "evaluate", tmp_path / "asked.jsonl")
    assert status == cli.FAILED
    one_line(err, str(tmp_path / "hmoe"), "Check the spelling")
    assert not (tmp_path / "hmoe").exists()


def test_patterns_without_a_folder_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Cats sleep for most of the day.", "utf-8")
    run("--home", tmp_path / "home", "index", tmp_path / "a.txt")
    status, _, err = run("--home", tmp_path / "home", "index", "--ignore", "*.csv")
    assert status == cli.FAILED
    one_line(err, "Name the folders", "--ignore")


def test_an_index_made_with_another_model_is_refused_with_both_names(
    run: Run, seeds_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", str(tmp_path / "model"))
    status, _, err = run("--home", seeds_home, "ask", "What does a GPU do?")
    assert status == cli.FAILED
    one_line(err, "all-MiniLM-L6-v2", str(tmp_path / "model"), "ASSISTANT_EMBEDDING_MODEL=", "doctor --rebuild")


def test_a_wrong_setting_is_named_with_its_variable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PASSAGES", "many")
    status, _, err = run("articles")
    assert status == cli.FAILED
    one_line(err, "ASSISTANT_PASSAGES", "many")


def test_control_characters_of_a_title_do_not_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    article.write_text('---\ntitle: "Red \\e[31m alert"\n---\nCats sleep for most of the day.', "utf-8")
    run("--home", tmp_path / "home", "index", article)
    for command in (["articles"], ["show", article], ["ask", "How long do cats sleep?"]):
        assert "\x1b" not in run("--home", tmp_path / "home", *command)[1]


def test_a_password_becomes_a_line_that_signs_its_user_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    status, out, err = run("password", "ada")
    assert (status, out.count("\n")) == (0, 1)
    assert "correct horse" not in out + err
    assert load_accounts(out.strip()).verify("ada", "correct horse battery")


def test_a_password_that_is_too_short_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))
    status, out, err = run("password", "ada")
    assert (status, out) == (cli.FAILED, "")
    assert "5 characters" in err


def test_ctrl_c_at_the_prompt_for_a_password_is_one_line() -> None:
    controller, terminal = os.openpty()
    words = [*_PROGRAM, "password", "ada"]
    # In a session of its own there is no terminal but this one.
    with subprocess.Popen(
        words, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stderr is not None
        prompt = process.stderr.read(len("Password"))
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    os.close(controller)
    os.close(terminal)
    assert (prompt, process.returncode, out) == (b"Password", cli.STOPPED, b"")
    assert errors.decode().splitlines()[-1] == "assistant: stopped. No password was taken."
    assert b"Traceback" not in errors


def test_ctrl_c_in_an_evaluation_is_one_line(tmp_path: Path) -> None:
    dataset = tmp_path / "asked.jsonl"
    os.mkfifo(dataset)
    words = [*_PROGRAM, "evaluate", str(dataset)]
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
        dataset.open("w"),  # waits until it is being read
    ):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == cli.STOPPED, errors
    one_line(errors, "stopped", "Nothing was measured.")


def test_a_path_with_dots_names_the_same_article(run: Run, seeds_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SEEDS.parent / "tests")
    relative = f"../{SEEDS.name}/nvidia-openai-deal.en.md"
    status, out, _ = run("--home", str(seeds_home), "show", relative)
    assert status == 0
    assert "Huang" in out
    asked = ("ask", "Did Nvidia abandon the deal?", "--json", "--source", relative)
    status, out, _ = run("--home", str(seeds_home), *asked)
    assert status == 0
    sources = {citation["source"] for citation in json.loads(out)["citations"]}
    assert sources == {str(SEEDS / "nvidia-openai-deal.en.md")}


def test_changes_of_an_article_with_one_version_are_told_as_such(run: Run, seeds_home: Path) -> None:
    status, _, error = run("--home", str(seeds_home), "show", str(SEEDS / "nvidia-openai-deal.en.md"), "--changes")
    assert status == 1
    assert "No version of" in error
    assert "is kept to compare it with" in error
