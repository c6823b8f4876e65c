"""Read lines of "name: value", as front matter and field mappings are. The only module that imports yaml."""

from typing import Any

import yaml

from index.errors import UnreadableArticle


def yaml_mapping(text: str, what: str, source: str, first_line: int = 1) -> dict[str, Any]:
    """Return what YAML says, with every value a string: "no" is Norwegian and not False, a wrong date is ours to name.

    Values may also be lists and mappings. Raises UnreadableArticle, which says `what` is wrong and counts its lines
    from `first_line`.
    """
    try:
        loaded: Any = yaml.load(text, yaml.BaseLoader) or {}  # noqa: S506 - it makes nothing but text
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = _place(error, first_line)
        raise UnreadableArticle(source, f"{what} does not parse: {place}. Mend or remove it.") from error
    if not isinstance(loaded, dict):
        raise UnreadableArticle(source, f"{what} is not a list of 'name: value' lines. Mend or remove it.")
    return {str(name): value for name, value in loaded.items()}


def _place(error: Exception, first_line: int) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or error).split("\n")[0]
    return f"{problem}, line {mark.line + first_line}" if mark is not None else problem
