"""Readers of other packages: found by their entry points, and unable to stop the rest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, sys
from pathlib import Path
from index import UnreadableArticle
from index.loading import READERS, load_file
said = {}
for name in sys.argv[1:]:
    try:
        said[Path(name).name] = load_file(Path(name)).articles[0].text
    except UnreadableArticle as error:
        said[Path(name).name] = error.reason
print(json.dumps(said))
"""

MODULE = """
from index import Article, UnreadableArticle

def read_tex(data, source):
    if b"documentclass" not in data:
        raise UnreadableArticle(source, "it is no TeX. Rename it.")
    return Article(source, "TeX", data.decode().partition("}")[2].strip())

def crash(data, source):
    raise RuntimeError("a\\nbug")

def elsewhere(data, source):
    return Article("/etc/passwd", "x", "x")

def nothing(data, source):
    return None
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with an installed package that adds readers, some of them broken, and one whose metadata is broken."""
    folder = tmp_path / "packages"
    readers = {
        "tex": "footnote_tex:read_tex",
        "crash": "footnote_tex:crash",
        "away": "footnote_tex:elsewhere",
        "none": "footnote_tex:nothing",
        "gone": "no_such_module:read",
        "lost": "footnote_tex:no_such_function",
        "md": "footnote_tex:read_tex",
        "../odd name": "footnote_tex:read_tex",
    }
    entries = "".join(f"{name} = {value}\n" for name, value in readers.items())
    for name, points in (("footnote_tex", entries), ("broken", "= = =\nnonsense")):
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[footnote.readers]\n{points}")
    (folder / "footnote_tex.py").write_text(MODULE)
    return folder


def read_all(packages: Path, *paths: Path) -> dict[str, str]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", SCRIPT, *map(str, paths)]
    environment = {"PYTHONPATH": f"{root}:{packages}"}
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    said: dict[str, str] = json.loads(result.stdout)
    return said


def test_a_package_adds_a_reader_and_a_broken_one_stops_nothing(packages: Path, tmp_path: Path) -> None:
    for ending in ("tex", "crash", "away", "none", "gone", "lost", "md", "txt"):
        (tmp_path / f"a.{ending}").write_text("\\documentclass{x} Rain fell.")
    said = read_all(packages, *sorted(tmp_path.glob("a.*")))
    assert said["a.tex"] == said["a.md"] == "Rain fell."
    assert said["a.txt"] == "\\documentclass{x} Rain fell."
    assert said["a.crash"].startswith(
        "it cannot be read as footnote-tex (RuntimeError: a\N{REPLACEMENT CHARACTER}bug)."
    )
    for ending in ("away", "none"):
        assert "returned no article of it. Update or remove the package footnote-tex." in said[f"a.{ending}"]
    for ending in ("gone", "lost"):
        assert said[f"a.{ending}"].startswith("its reader ")
        assert "cannot be loaded: " in said[f"a.{ending}"]


def test_a_reader_says_itself_what_is_wrong(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tex").write_text("Rain fell.")
    assert read_all(packages, tmp_path / "b.tex") == {"b.tex": "it is no TeX. Rename it."}
