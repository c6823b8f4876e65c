"""Where the CPU of a cold `assistant ask` goes, step by step: python -m benchmarks.cold_steps

Each step is timed once, in one process, in the order in which `ask` comes to it or needs it; CPU of all threads.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

SEEDS: Final = Path(__file__).parents[1] / "seeds"
QUESTION: Final = "Did Nvidia abandon the deal?"
SECOND: Final = "Who has doubts about the deal?"


def steps(assistant: Any) -> list[tuple[str, Callable[[], object]]]:
    """Return the steps from an open assistant to its second answer. Modules are named, so that none loads before."""
    return [
        ("openvino", import_openvino),
        ("graph compiled, first question encoded", lambda: assistant.index.embedder.encode_query("Load it.")),
        ("chromadb", lambda: import_module("chromadb")),
        ("the language of a question", lambda: assistant.index.question_language(QUESTION)),
        ("the first search", lambda: assistant.search(QUESTION)),
        ("the first answer", lambda: assistant.ask(QUESTION)),
        ("the second answer, to another question", lambda: assistant.ask(SECOND)),
    ]


def import_openvino() -> None:
    """Import openvino as the assistant does: without the package by which it would tell its makers."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import_module("openvino")


def timed(name: str, step: Callable[[], Any]) -> Any:
    """Take a step, print what it took, and return what it gave."""
    began = time.process_time()
    given = step()
    print(f"{name:<46} {(time.process_time() - began) * 1000:7.0f} ms of CPU", flush=True)
    return given


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        index_seeds(folder)
        timed("the command line", lambda: import_module("assistant.cli"))
        package = timed("the assistant's modules", lambda: import_module("assistant.api"))
        settings = import_module("assistant.settings").Settings(home=Path(folder))
        with timed("opening an assistant", lambda: package.Assistant(settings)) as assistant:
            for name, step in steps(assistant):
                timed(name, step)


def index_seeds(home: str) -> None:
    """Index the seeds in a process of its own, so that this one stays cold."""
    command = [sys.executable, "-m", "assistant.cli", "--home", home, "index", str(SEEDS)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
