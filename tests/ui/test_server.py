"""Where the page may be served, and what is said when it cannot be."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.ui import serve


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org", "localhost.example.org", ""])
def test_a_host_that_others_can_reach_is_refused(assistant: Assistant, host: str) -> None:
    with pytest.raises(AssistantError, match=r"password.*--host 127\.0\.0\.1"):
        serve(assistant, host=host)


def test_a_taken_port_is_named_with_the_option_that_changes_it(assistant: Assistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssistantError, match=rf"{port}.*already in use.*--port"):
            serve(assistant, port=port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(assistant: Assistant, port: int) -> None:
    with pytest.raises(AssistantError, match=rf"{port} is not a port"):
        serve(assistant, port=port)


def test_the_app_offers_build_app_and_main() -> None:
    root = Path(__file__).parents[2]
    # In a process of its own, for it is a script and not part of a package.
    command = [sys.executable, "-c", "import app; assert callable(app.build_app) and callable(app.main)"]
    subprocess.run(command, cwd=root, check=True)
