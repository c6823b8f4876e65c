"""The commands for versions, compaction and health."""

from pathlib import Path

import pytest

from tests.conftest import Run

RAIN = "Rain fell on the harbour. Nobody had an umbrella."
SNOW = "Snow fell on the harbour. Nobody had an umbrella."


@pytest.fixture
def home(run: Run, tmp_path: Path) -> Path:
    """A home with an article in its second version."""
    for text in (RAIN, SNOW):
        (tmp_path / "weather.txt").write_text(text)
        assert run("--home", tmp_path / "home", "index", tmp_path / "weather.txt")[0] == 0
    return tmp_path / "home"


def test_show_lists_versions_and_shows_one(run: Run, home: Path, tmp_path: Path) -> None:
    article = tmp_path / "weather.txt"
    status, out, _ = run("--home", home, "show", article, "--versions")
    rows = [line.split("\t") for line in out.splitlines()]
    assert status == 0
    assert [(row[0], row[3]) for row in rows] == [("2", "current"), ("1", "")]
    assert SNOW in run("--home", home, "show", article)[1]
    assert RAIN in run("--home", home, "show", article, "--version", 1)[1]


def test_show_tells_what_changed(run: Run, home: Path, tmp_path: Path) -> None:
    article = tmp_path / "weather.txt"
    for arguments in (["--changes"], ["--changes", "--from", 1], ["--from", 1, "--version", 2]):
        _, out, _ = run("--home", home, "show", article, *arguments)
        assert out.startswith("From version 1 to version 2:")
        assert "- Rain fell on the harbour.\n+ Snow fell on the harbour.\n" in out
        assert "umbrella" not in out


@pytest.mark.parametrize("arguments", [["--version", 7], ["--version", 1, "--changes"], ["--from", 7]])
def test_a_version_that_is_not_kept_is_named_with_those_that_are(
    run: Run, home: Path, tmp_path: Path, arguments: list[object]
) -> None:
    status, _, err = run("--home", home, "show", tmp_path / "weather.txt", *arguments)
    assert status == 1
    assert err.count("\n") == 1
    assert "kept are 1, 2" in err
    assert "--versions" in err


def test_how_many_versions_are_kept_is_a_setting(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_KEEP_VERSIONS", "0")
    (tmp_path / "weather.txt").write_text("The sun came out.")
    run("--home", home, "index")
    _, out, _ = run("--home", home, "show", tmp_path / "weather.txt", "--versions")
    assert [line.split("\t")[0] for line in out.splitlines()] == ["3"]


def test_doctor_tells_room_versions_and_health(run: Run, home: Path) -> None:
    status, out, err = run("--home", home, "doctor")
    assert (status, err) == (0, "")
    assert "catalog 0." in out
    assert "1 former one kept" in out
    assert "sound" in out


def test_doctor_mends_engines_and_says_so(run: Run, home: Path) -> None:
    for path in (home / "generations").rglob("data_level0.bin"):
        path.write_bytes(b"")
    status, out, _ = run("--home", home, "doctor")
    assert status == 0
    assert "made again from the catalog" in out
    assert "Note:" not in run("--home", home, "doctor")[1]


def test_doctor_compacts(run: Run, home: Path, tmp_path: Path) -> None:
    run("--home", home, "remove", tmp_path / "weather.txt")
    assert b"umbrella" in (home / "catalog.sqlite3").read_bytes()
    status, out, _ = run("--home", home, "doctor", "--compact")
    assert status == 0
    assert "MB given back" in out
    assert "2 versions of removed articles forgotten" in out
    assert not [path for path in home.rglob("*") if path.is_file() and b"umbrella" in path.read_bytes()]


def test_doctor_on_a_damaged_catalog_says_what_to_do_and_changes_nothing(run: Run, home: Path) -> None:
    catalog = home / "catalog.sqlite3"
    data = b"SQLite format 3\0" + b"garbage " * 4_000
    catalog.write_bytes(data)
    status, _, err = run("--home", home, "doctor")
    assert status == 1
    assert err.count("\n") == 1
    assert f"The catalog {catalog} cannot be used" in err
    assert "Put a backup in its place" in err
    assert catalog.read_bytes() == data
