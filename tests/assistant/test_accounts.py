"""Passwords are kept as hashes; what cannot be one is refused without being shown; guessing gets slow."""

from pathlib import Path

import pytest

from assistant.accounts import Slowdown, hash_password, load_accounts
from assistant.errors import InvalidSettings

PASSWORD = "correct horse battery"
SALT, DIGEST = "c2FsdHNhbHRzYWx0c2FsdA", "ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGk"


class Clock:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def line() -> str:
    return hash_password("ada", PASSWORD)


def test_only_the_right_name_with_the_right_password_is_verified(line: str) -> None:
    accounts = load_accounts(line)
    assert accounts.verify("ada", PASSWORD)
    assert not accounts.verify("ada", PASSWORD + " ")
    assert not accounts.verify("Ada", PASSWORD)
    assert not accounts.verify("", "")


def test_the_line_holds_no_password_and_differs_each_time(line: str) -> None:
    assert PASSWORD not in line
    assert line.startswith("ada:scrypt$32768$8$3$")
    assert hash_password("ada", PASSWORD) != line


def test_users_are_read_from_a_file_with_comments_and_empty_lines(line: str, tmp_path: Path) -> None:
    users = tmp_path / "users.txt"
    users.write_text(f"# who may sign in\n\n{line}\n", "utf-8")
    assert set(load_accounts(str(users)).passwords) == {"ada"}


def test_a_password_in_another_script_is_verified() -> None:
    assert load_accounts(hash_password("zoë", "пароль с пробелами")).verify("zoë", "пароль с пробелами")


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        ("ada:scrypt$32768$8$3$short", ["line 1", "assistant password NAME"]),
        (f"ada:scrypt$3$8$3${SALT}${DIGEST}", ["scrypt cannot have made"]),
        (f"ada:scrypt$0$8$3${SALT}${DIGEST}", ["scrypt cannot have made"]),
        (f"ada:scrypt$32768$0$3${SALT}${DIGEST}", ["scrypt cannot have made"]),
        (f"ada:scrypt$16777216$8$3${SALT}${DIGEST}", ["scrypt cannot have made"]),
        (f"ada:scrypt$32768$8$999${SALT}${DIGEST}", ["scrypt cannot have made"]),
        (f"a da:scrypt$32768$8$3${SALT}${DIGEST}", ["line 1"]),
        ("# nobody:scrypt$", ["names no user"]),
        ("/nowhere/users.txt", ["/nowhere/users.txt", "cannot be read", "single quotes"]),
        ("ada\0", ["cannot be read"]),
    ],
)
def test_what_is_no_list_of_users_is_refused_with_the_next_step(auth: str, words: list[str]) -> None:
    with pytest.raises(InvalidSettings) as caught:
        load_accounts(auth)
    assert all(word in str(caught.value) for word in words)
    assert DIGEST not in str(caught.value)


def test_one_name_twice_is_refused(line: str) -> None:
    with pytest.raises(InvalidSettings, match="'ada' twice"):
        load_accounts(f"{line}\n{line}")


@pytest.mark.parametrize(
    ("name", "password"), [("a:b", PASSWORD), ("", PASSWORD), ("ada", "short"), ("ada", "x" * 2000)]
)
def test_a_name_or_password_that_cannot_be_used_is_refused(name: str, password: str) -> None:
    with pytest.raises(InvalidSettings, match=r"characters|name"):
        hash_password(name, password)


def test_five_failures_are_free_and_then_the_pauses_double_up_to_the_longest() -> None:
    clock = Clock()
    slowdown = Slowdown(8.0, clock=clock)
    pauses = []
    for _ in range(11):
        slowdown.fail("10.0.0.1")
        pauses.append(slowdown.wait("10.0.0.1"))
    assert pauses == [0, 0, 0, 0, 0, 1, 2, 4, 8, 8, 8]
    assert slowdown.wait("10.0.0.2") == 0
    clock.now = 7.5
    assert slowdown.wait("10.0.0.1") == 0.5
    clock.now = 8.0
    assert slowdown.wait("10.0.0.1") == 0


def test_success_and_a_quarter_of_an_hour_make_failures_forgotten() -> None:
    clock = Clock()
    slowdown = Slowdown(60.0, clock=clock)
    for name in ("ada", "bob"):
        for _ in range(8):
            slowdown.fail(name)
    slowdown.succeed("ada")
    assert (slowdown.wait("ada"), slowdown.wait("bob")) == (0, 4)
    clock.now = 901
    slowdown.fail("bob")
    assert slowdown.wait("bob") == 0


def test_the_memory_of_failures_is_bounded() -> None:
    slowdown = Slowdown(60.0)
    for _ in range(8):
        slowdown.fail("first")
    for number in range(10_000):
        slowdown.fail(str(number))
    assert slowdown.wait("first") == 0
