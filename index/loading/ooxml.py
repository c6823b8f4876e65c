"""What Word and PowerPoint files have in common: parts that point at each other, and the properties of the document."""

import posixpath
from typing import Final, NamedTuple

from index.loading.archive import Archive, parse_xml, read_part
from index.loading.fields import language_code, one_line

_RELATIONSHIPS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PROPERTIES: Final = "docProps/core.xml"
_NO_TITLES: Final = frozenset({"powerpoint presentation", "présentation powerpoint", "powerpoint-präsentation",
                               "presentación de powerpoint", "word document", "document", "untitled"})  # fmt: skip
"""Titles that the programs give by themselves."""


class Properties(NamedTuple):
    """What a document says of itself; "" for what it does not say."""

    title: str = ""
    author: str = ""
    language: str = ""


def targets(archive: Archive, part: str, kind: str, source: str) -> dict[str, str]:
    """Return the parts that `part` ("" for the whole file) points at with relations of a kind ("/slide"), by their id.

    Raises UnreadableArticle when the relations are missing or damaged.
    """
    folder, name = posixpath.split(part)
    root = parse_xml(read_part(archive, posixpath.join(folder, "_rels", f"{name}.rels"), source), source)
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
        for relation in root.iter(_RELATIONSHIPS)
        if relation.get("Type", "").endswith(kind) and relation.get("TargetMode") != "External"
    }


def properties(archive: Archive, source: str) -> Properties:
    """Return title, author and language. Its dates tell when the file was written, not when it was published."""
    if _PROPERTIES not in archive.namelist():
        return Properties()
    root = parse_xml(read_part(archive, _PROPERTIES, source), source)
    title = one_line(root.findtext(f"{_DC}title"))
    return Properties(
        "" if title.lower() in _NO_TITLES else title,
        one_line(root.findtext(f"{_DC}creator")),
        language_code(root.findtext(f"{_DC}language")),
    )
