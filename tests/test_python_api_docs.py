"""Every example of docs/python-api.md runs, in order, and prints what the page says."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.chat_server import ChatServer, running_server

PAGE = Path(__file__).parents[1] / "docs" / "python-api.md"
SEEDS = PAGE.parents[1] / "seeds"

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHOWN = re.compile(r"^ *#> ?(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A block of code: the line of the page where it begins, and what it is to print."""

    line: int
    code: str

    @property
    def shown(self) -> str:
        return " ".join(" ".join(_SHOWN.findall(self.code)).split())


@dataclass(frozen=True)
class Outcome:
    printed: str
    error: Exception | None


def examples() -> list[Example]:
    page = PAGE.read_text("utf-8")
    return [Example(page.count("\n", 0, match.start(1)) + 1, match[1]) for match in _BLOCK.finditer(page)]


def reply(prompt: str) -> str:
    """Answer as a good model would: the question, the small call that rewrites one, and the one that translates."""
    if "Last question:" in prompt:
        return "Did Huang promise anything about the Nvidia deal?"
    if "(French):" in prompt:
        promised = "fr: Huang a-t-il promis quelque chose au sujet de l'accord de Nvidia ?"
        return promised if "promise" in prompt else "fr: Nvidia a-t-il abandonné l'accord ?"
    found = re.search(r"^(\[\d+\.\d+\]) The claim that Nvidia was unhappy", prompt, re.MULTILINE)
    assert found, "the sentence was not shown"
    return f"VERDICT: no\nNo. Huang said in Taipei that this was nonsense {found[1]}."


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with running_server() as server:
        server.script.reply = reply
        yield server


@pytest.fixture(scope="module")
def outcomes(server: ChatServer, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Outcome]:
    """Run the page from top to bottom, in one namespace, in a folder with the seeds."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(SEEDS, folder / "seeds")
    names: dict[str, Any] = {}
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("ASSISTANT_BASE_URL", server.base_url)
        patch.setenv("ASSISTANT_API_KEY", "sk-test-key")
        # In a thread of its own: the browser tests leave an event loop running in this one.
        with ThreadPoolExecutor(1) as pool:
            for example in examples():
                found[example.line] = pool.submit(run, example, names).result()
    return found


def run(example: Example, names: dict[str, Any]) -> Outcome:
    printed = StringIO()
    code = compile("\n" * (example.line - 1) + example.code, str(PAGE), "exec")
    try:
        with redirect_stdout(printed):
            exec(code, names)
    except Exception as error:  # noqa: BLE001 - it is shown by the test of this example
        return Outcome(printed.getvalue(), error)
    return Outcome(printed.getvalue(), None)


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"line {example.line}")
def test_an_example_runs_and_prints_what_the_page_says(example: Example, outcomes: dict[int, Outcome]) -> None:
    outcome = outcomes[example.line]
    if outcome.error is not None:
        raise outcome.error
    assert " ".join(outcome.printed.split()) == example.shown


def test_the_page_has_examples_of_every_way_to_ask() -> None:
    code = "\n".join(example.code for example in examples())
    for name in ("reindex", "ask", "aask", "stream", "astream", "search", "as_retriever", "as_runnable", "index.add"):
        assert f".{name}(" in code
