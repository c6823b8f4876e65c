"""With networking switched off, everything works: nothing is fetched and nothing is sent."""

import subprocess
import sys
from pathlib import Path

import pytest

UNSHARE = ["unshare", "--map-root-user", "--net"]
ASSISTANT = str(Path(sys.executable).parent / "assistant")


def _can_unshare() -> bool:
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not _can_unshare(), reason="this system cannot switch networking off for one process (unshare)")
def test_a_question_is_answered_without_a_network(seeds_home: Path, tmp_path: Path) -> None:
    # Without HF_HUB_OFFLINE: the default must not need it.
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    command = [*UNSHARE, ASSISTANT, "--home", str(seeds_home), "ask", "Did Nvidia abandon the deal?"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "nonsense" in done.stdout
    assert done.stderr == ""
