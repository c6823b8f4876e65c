"""The MCP server, asked by the SDK's own client over both of its transports."""

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent
from pydantic import SecretStr

from assistant import Assistant, Settings
from assistant.mcp_server import http_service
from index import SentenceTransformerEmbedder
from tests.app_server import PASSWORD, USERS, running_app
from tests.conftest import SEEDS

QUESTION = "Did Nvidia abandon the deal?"
ARTICLE = str(SEEDS / "nvidia-openai-deal.en.md")

Session = Callable[[ClientSession], Awaitable[Any]]


def text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def talk(transport: Callable[[], AbstractAsyncContextManager[Any]], session: Session) -> Any:
    """Open a session over a transport, have a talk, and return what it returns."""

    async def run() -> Any:
        async with transport() as streams, ClientSession(streams[0], streams[1]) as client:
            await client.initialize()
            return await session(client)

    return asyncio.run(run())


def over_http(address: str, session: Session, **options: Any) -> Any:
    async def run() -> Any:
        async with (
            httpx.AsyncClient(timeout=30, **options) as http,
            streamable_http_client(f"{address}/mcp", http_client=http) as streams,
            ClientSession(streams[0], streams[1]) as client,
        ):
            await client.initialize()
            return await session(client)

    return asyncio.run(run())


async def whole_talk(client: ClientSession) -> None:
    """List the tools, ask, search, and read on where a citation stands."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "search", "read_article"}
    assert all(tool.description and tool.outputSchema for tool in tools.values())

    answer = await client.call_tool("ask", {"question": QUESTION, "sources": [ARTICLE]})
    assert not answer.isError
    assert answer.structuredContent is not None
    citation = answer.structuredContent["citations"][0]
    assert citation["source"] == ARTICLE
    assert f"“{citation['quote']}”" in text(answer)

    start, end = citation["start"], citation["end"]
    read = await client.call_tool("read_article", {"source": ARTICLE, "start": start, "characters": end - start})
    assert read.structuredContent is not None
    assert read.structuredContent["text"] == citation["quote"]
    assert read.structuredContent["next"] == end

    found = await client.call_tool(
        "search", {"query": QUESTION, "limit": 2, "since": "2026-02-02", "languages": ["en"]}
    )
    assert found.structuredContent is not None
    assert [passage["article"]["source"] for passage in found.structuredContent["passages"]].count(ARTICLE) >= 1

    declined = await client.call_tool("ask", {"question": "Who won the 1998 World Cup?"})
    assert declined.structuredContent is not None
    assert declined.structuredContent["abstained"]
    assert declined.structuredContent["passages"]
    assert "The nearest passages:" in text(declined)

    nowhere = await client.call_tool("ask", {"question": QUESTION, "since": "2090-01-01"})
    assert nowhere.structuredContent is not None
    assert nowhere.structuredContent["abstained"]
    assert "nearest" not in text(nowhere)


@pytest.fixture(scope="module")
def address(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with running_app(assistant, tmp_path_factory.mktemp("incoming"), service=http_service(assistant)) as app:
        yield app.address


def test_over_http_a_client_asks_searches_and_reads(address: str) -> None:
    over_http(address, whole_talk)


def test_over_standard_streams_a_client_asks_searches_and_reads(seeds_home: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant.cli", "--home", str(seeds_home), "mcp"],
        env={"HF_HUB_OFFLINE": "1", "PYTHONPATH": str(SEEDS.parent)},
        cwd=seeds_home,
    )
    talk(lambda: stdio_client(server), whole_talk)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("ask", {"question": " "}, "The question is empty"),
        ("ask", {"question": "x" * 2_001}, "2,000 is the most"),
        ("ask", {"question": "x" * 100_001}, "question"),
        ("ask", {"question": QUESTION, "since": "yesterday"}, "since"),
        ("ask", {}, "question"),
        ("search", {"query": QUESTION, "limit": 1_000}, "limit"),
        ("read_article", {"source": "/etc/passwd"}, "No article at '/etc/passwd'"),
        ("read_article", {"source": ARTICLE, "start": -1}, "start"),
        ("forget", {}, "Unknown tool"),
    ],
)
def test_what_cannot_be_done_is_an_error_that_says_why(
    address: str, tool: str, arguments: dict[str, Any], words: str
) -> None:
    async def session(client: ClientSession) -> CallToolResult:
        return await client.call_tool(tool, arguments)

    result = over_http(address, session)
    assert result.isError
    assert words in text(result)
    assert "Traceback" not in text(result)


def test_reading_on_gives_the_whole_article_and_ends(address: str, assistant: Assistant) -> None:
    async def session(client: ClientSession) -> str:
        pieces: list[str] = []
        place: int | None = 0
        while place is not None:
            read = await client.call_tool("read_article", {"source": ARTICLE, "start": place, "characters": 700})
            assert read.structuredContent is not None
            pieces.append(read.structuredContent["text"])
            place = read.structuredContent["next"]
        return "".join(pieces)

    article = assistant.index.article(ARTICLE)
    assert article is not None
    assert over_http(address, session) == article.text


def test_eight_tools_work_at_a_time_while_the_page_is_served(address: str) -> None:
    async def session(client: ClientSession) -> list[CallToolResult]:
        return await asyncio.gather(*(client.call_tool("ask", {"question": QUESTION}) for _ in range(8)))

    assert not any(result.isError for result in over_http(address, session))
    assert httpx.get(address).status_code == 200


def test_the_door_is_the_pages_own(address: str) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"accept": "application/json, text/event-stream"}
    assert httpx.post(f"{address}/mcp", json=call, headers=accept).status_code == 200
    for headers, expected in (
        ({"origin": "http://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"host": "rebound.example"}, 421),
    ):
        assert httpx.post(f"{address}/mcp", json=call, headers=accept | headers).status_code == expected
    assert httpx.get(f"{address}/mcp", headers=accept).status_code == 405


def test_where_users_sign_in_a_client_must_too(
    tmp_path: Path, seeds_home: Path, embedder: SentenceTransformerEmbedder
) -> None:
    async def session(client: ClientSession) -> list[CallToolResult]:
        asked = {"question": QUESTION, "sources": ["seeds"]}
        read = {"source": f"seeds/{Path(ARTICLE).name}"}
        return [await client.call_tool(*call) for call in (("ask", asked), ("read_article", read))]

    with Assistant(Settings(home=seeds_home, auth=SecretStr(USERS))) as assistant:
        assistant.index.embedder = embedder
        with running_app(assistant, tmp_path, service=http_service(assistant)) as app:
            with pytest.raises(BaseExceptionGroup) as caught:
                over_http(app.address, session)
            assert "401" in json.dumps(list(map(str, leaves(caught.value))))
            token = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
            for result in over_http(app.address, session, headers={"Authorization": f"Basic {token}"}):
                assert not result.isError
                assert f"seeds/{Path(ARTICLE).name}" in text(result)
                assert str(SEEDS.parent) not in result.model_dump_json(), "a path of this machine"


def leaves(group: BaseException) -> list[BaseException]:
    if isinstance(group, BaseExceptionGroup):
        return [leaf for part in group.exceptions for leaf in leaves(part)]
    return [group]
