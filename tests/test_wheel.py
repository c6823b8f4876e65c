"""The package as a stranger installs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it into a folder of its own; return that folder."""
    built, folder = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    offline = ["--no-deps", "--no-index"]
    subprocess.run([*pip, "wheel", "--no-build-isolation", *offline, "-w", str(built), str(ROOT)], check=True)
    [wheel] = built.glob("footnote_assistant-*.whl")
    subprocess.run([*pip, "install", *offline, "--target", str(folder), str(wheel)], check=True)
    return folder


def run(installed: Path, home: Path, code: str, *arguments: str) -> str:
    """Run Python code against the installed package, away from the checkout."""
    environment = {"PYTHONPATH": str(installed), "HF_HUB_OFFLINE": "1", "ASSISTANT_HOME": str(home), "PATH": ""}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=home, env=environment).stdout


def test_the_wheel_holds_the_packages_the_prompts_and_the_licence(installed: Path) -> None:
    for name in ("assistant/api.py", "assistant/ui/static/style.css", "index/sync.py", "prompts/answer.system.md"):
        assert (installed / name).is_file(), name
    assert list(installed.glob("footnote_assistant-*.dist-info/licenses/LICENSE"))


def test_the_installed_package_indexes_and_answers(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys, assistant, index, prompts, assistant.cli as cli\n"
        "print([module.__file__ for module in (assistant, index, prompts)])\n"
        "sys.argv = ['assistant', *sys.argv[1:]]\n"
        "cli.main()"
    )
    indexed = run(installed, tmp_path, code, "index", str(ROOT / "seeds"))
    assert indexed.count(str(installed)) == 3
    assert "10 added" in indexed
    asked = run(installed, tmp_path, code, "ask", "--json", "Did Nvidia abandon the deal?")
    answer = json.loads(asked.split("\n", 1)[1])
    assert any("nonsense" in citation["quote"] for citation in answer["citations"])


def test_the_wheel_carries_no_test_and_no_sample(installed: Path) -> None:
    assert not (installed / "tests").exists()
    assert not (installed / "seeds").exists()
