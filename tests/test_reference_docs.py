"""What the pages list is what there is: settings, and the packages that Footnote is built from."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant import Settings
from assistant.settings import PREFIX

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
NAME = re.compile(r"[\w.-]+")


def rows(page: str) -> list[list[str]]:
    """Return the cells of the rows of all tables of a page, without their heads."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if not line.startswith("| ---")]


def names(requirements: list[str]) -> list[str]:
    found = [NAME.match(requirement) for requirement in requirements]
    return [name[0] for name in found if name]


def is_told(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None


def test_every_setting_has_a_row_and_no_other_is_named() -> None:
    listed = re.findall(rf"`{PREFIX}([A-Z_]+)`", " ".join(row[0] for row in rows(CONFIGURATION)))
    assert sorted(listed) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize(
    "row", [row for row in rows(CONFIGURATION) if re.fullmatch(r"-?[\d.]+", row[1])], ids=lambda row: row[0]
)
def test_a_number_that_is_named_as_a_default_is_the_default(row: list[str]) -> None:
    field = Settings.model_fields[row[0].strip("`").removeprefix(PREFIX).lower()]
    assert float(row[1]) == field.default


def test_every_package_that_is_needed_has_a_row_and_no_other() -> None:
    listed = [name for row in rows(DEPENDENCIES)[1:] for name in NAME.findall(row[0])]
    assert sorted(map(str.lower, listed)) == sorted(map(str.lower, names(PROJECT["project"]["dependencies"])))


@pytest.mark.parametrize("group", ["dev", "bench"])
def test_every_package_for_work_on_footnote_is_named(group: str) -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    in_extras = {name for requirements in extras.values() for name in names(requirements)}
    missing = [name for name in names(PROJECT["dependency-groups"][group]) if not is_told(name, DEPENDENCIES)]
    assert set(missing) <= in_extras
    assert all(f"`{extra}`" in DEPENDENCIES for extra in extras)


def test_every_page_of_the_documentation_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert set(re.findall(r"\(docs/([\w-]+\.md)\)", readme)) == pages
