"""Tables of articles: names of fields, field mappings, ids, dates, and rows that are wrong."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from index import Article, UnreadableArticle
from index.loading import MAX_TABLE_BYTES, Loaded, load_bytes, load_file, mapping_file
from index.loading.discovery import list_path


def read(rows: str, ending: str = ".csv") -> Loaded:
    return load_bytes(rows.encode(), ending, f"/news/all{ending}")


def refusal(data: bytes, ending: str = ".csv") -> str:
    with pytest.raises(UnreadableArticle) as caught:
        load_bytes(data, ending, f"/news/all{ending}")
    return caught.value.reason


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "presse.csv"
    path.write_text("Nr;Überschrift;Inhalt;Tag;Haus\nA1;Regen;Es regnet.;01.02.2026;Die Post\n")
    return path


WHOLE = Article(
    "/news/all.csv#a1", "Rain", "It rained.", date(2026, 2, 1), "fr", "The Post", "Ann Lee", "https://news.example/1"
)


@pytest.mark.parametrize(
    "head",
    [
        "id,title,text,date,language,publisher,author,url",
        "ID,Headline,Body,Published At,lang,Source Name,byline,Link",
        "guid,headline,articleBody,datePublished,inLanguage,publisher,author,url",
        "id,name,content,publication-date,language,site,authors,canonical_url",
    ],
)
def test_the_usual_names_of_fields_are_known(head: str) -> None:
    assert read(f"{head}\na1,Rain,It rained.,2026-02-01,fr-CA,The Post,Ann Lee,https://news.example/1\n").articles == (
        WHOLE,
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_parted_by_what_parts_the_first_row(delimiter: str) -> None:
    rows = [["id", "title", "text"], ["1", '"Rain"', '"One, two; three | four\nand five"']]
    [article] = read("\n".join(delimiter.join(row) for row in rows)).articles
    assert (article.title, article.text) == ("Rain", "One, two; three | four\nand five")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_may_be_in_any_unicode(encoding: str) -> None:
    assert load_bytes("text\nL'été\n".encode(encoding), ".csv", "/a.csv").articles[0].text == "L'été"


def test_a_long_article_in_one_field_is_read() -> None:
    text = "Rain fell. " * 50_000
    assert read(f'text\n"{text}"\n').articles[0].text == text.strip()


def test_an_article_is_known_by_its_id_else_its_address_else_its_row() -> None:
    assert [
        a.source for a in read("id,url,text\n7,https://x.example/a,A.\n,https://x.example/b,B.\n,,C.\n").articles
    ] == [
        "/news/all.csv#7",
        "/news/all.csv#https://x.example/b",
        "/news/all.csv#3",
    ]


def test_a_row_that_is_inserted_renames_no_other() -> None:
    before = read("id,text\na,A.\nb,B.\n").articles
    after = read("id,text\na,A.\nnew,N.\n\nb,B.\n").articles
    assert set(before) < set(after)


def test_rows_that_are_wrong_are_named_and_the_others_read() -> None:
    loaded = read(
        "id,text,date\n1,One.,2026-02-01\n2,,2026-02-01\n1,Again.,\n4,Four.,01/02/2026\n5,Five.,,extra\n6,Six\0.,\n7,Seven.,"
    )
    assert [article.source for article in loaded.articles] == ["/news/all.csv#1", "/news/all.csv#7"]
    assert [(failure.source.partition("#")[2], failure.reason.partition(".")[0]) for failure in loaded.failures] == [
        ("2", "row 2 has no text"),
        ("1", "row 3 has the id of row 1"),
        ("4", "row 4 has the date '01/02/2026'"),
        ("5", "row 5 has 4 fields, and the first line names 3"),
        ("6", "it holds U+0000 at character 3, which is not text"),
    ]


def test_where_every_row_is_wrong_the_file_is() -> None:
    reason = refusal(b"id,text\n1,\n2,\n")
    assert reason.startswith("it has 2 rows, and none can be read. The first: row 1 has no text.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"id,summary\n1,x\n", "it has no column that is called text; its columns: id, summary. Name them in a file"),
        (b"text\n", "there is no article in it"),
        (b'id,text\n1,"open\n2,x\n', "it does not parse after row 0: unexpected end of data"),
        (b"id,text\n1,A.\n2,caf\xe9\n", "it is not Unicode after row 0: byte 0xe9. It may be windows-1252: open"),
    ],
)
def test_a_table_that_cannot_be_told_apart_is_refused_whole(data: bytes, reason: str) -> None:
    assert refusal(data).startswith(reason)


def test_a_field_mapping_beside_a_table_names_its_columns(table: Path) -> None:
    assert mapping_file(table).name == "presse.csv.fields.yaml"
    mapping_file(table).write_text(
        'id: Nr\ntitle: Überschrift\ntext: Inhalt\npublished: Tag\npublisher: Haus\ndate_format: "%d.%m.%Y"\n'
    )
    assert load_file(table).articles == (
        Article(f"{table}#A1", "Regen", "Es regnet.", date(2026, 2, 1), "", "Die Post"),
    )


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("text: Inhallt\n", "it has no column 'Inhallt'; its columns: Nr, Überschrift, Inhalt, Tag, Haus."),
        ("txet: Inhalt\n", "presse.csv.fields.yaml has 'txet'. It can give the names of id, title, text,"),
        ("text: [Inhalt]\n", "presse.csv.fields.yaml has 'text'."),
        ("text: [", "presse.csv.fields.yaml does not parse:"),
        ("- text\n", "presse.csv.fields.yaml is not a list of 'name: value' lines."),
    ],
)
def test_a_field_mapping_that_is_wrong_is_named(table: Path, mapping: str, reason: str) -> None:
    mapping_file(table).write_text(mapping)
    with pytest.raises(UnreadableArticle) as caught:
        load_file(table)
    assert caught.value.reason.startswith(reason)


def test_a_table_is_read_again_when_its_mapping_changed(table: Path) -> None:
    def stamp() -> str:
        [item] = list_path(str(table), {".csv"}, load_file).items
        return item.stamp

    os.utime(table, (1_000_000_000, 1_000_000_000))
    bare = stamp()
    mapping_file(table).write_text("text: Inhalt\n")
    assert stamp() != bare or stamp() == ""


def test_a_table_above_its_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("wb") as file:
        file.truncate(MAX_TABLE_BYTES + 1)
    with pytest.raises(UnreadableArticle, match=r"134,217,729 bytes, more than 128 MiB\. Split it\."):
        load_file(tmp_path / "a.jsonl")


ROWS = [{"id": 1, "headline": "Rain", "body": "It rained."}, {"id": 2, "headline": "Dusk", "body": ["It", "was dark."]}]


@pytest.mark.parametrize("name", ["articles", "items", "results", "data", None])
def test_a_list_of_articles_is_found_in_json(name: str | None) -> None:
    articles = read(json.dumps({"total": 2, name: ROWS} if name else ROWS), ".json").articles
    assert [(article.source, article.title, article.text) for article in articles] == [
        ("/news/all.json#1", "Rain", "It rained."),
        ("/news/all.json#2", "Dusk", "It\n\nwas dark."),
    ]


def test_one_object_is_one_article() -> None:
    said: dict[str, object] = {
        "headline": "Rain",
        "articleBody": "It rained.",
        "author": [{"name": "Ann"}, {"name": "Bo"}],
    }
    said["publisher"] = {"@type": "Organization", "name": "The Post"}
    said["datePublished"] = "2026-02-01T23:30:00-05:00"
    assert read(json.dumps(said), ".json").articles == (
        Article("/news/all.json", "Rain", "It rained.", date(2026, 2, 1), "", "The Post", "Ann, Bo"),
    )


def test_a_mapping_leads_into_objects(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text(json.dumps({"response": {"docs": [{"meta": {"when": 1769904000}, "x": {"full": "It rained."}}]}}))
    mapping_file(path).write_text("rows: response.docs\ntext: x.full\npublished: meta.when\ndate_format: unix\n")
    assert load_file(path).articles == (Article(f"{path}#1", "", "It rained.", date(2026, 2, 1)),)


def test_lines_that_are_no_objects_are_named_and_the_others_read() -> None:
    loaded = read(
        '{"id": "a", "text": "A."}\n\n{"id": "b", "te\n[1]\n{"text": "\\ud800"}\n{"id": "c", "text": "C."}\n', ".jsonl"
    )
    assert [article.source for article in loaded.articles] == ["/news/all.jsonl#a", "/news/all.jsonl#c"]
    assert [failure.source for failure in loaded.failures] == [f"/news/all.jsonl#{number}" for number in (2, 3, 4)]
    assert loaded.failures[0].reason.startswith("its line is not JSON")
    assert loaded.failures[2].reason.startswith("it holds U+D800 at character 0")


@pytest.mark.parametrize("data", [b"42", b'"words"', b"null", b'{"a": {"b": []}}', b"[1, 2]", b"[]", b"{"])
def test_other_json_is_refused(data: bytes) -> None:
    assert refusal(data, ".json")


def test_a_file_with_more_wrong_rows_than_anybody_reads_is_refused() -> None:
    data = b'[{"text": "Rain."},' + b"{}," * 10_001 + b"{}]"
    assert refusal(data, ".json").startswith(
        "more than 10,000 of its rows cannot be read. The first: row 2 has no text."
    )
