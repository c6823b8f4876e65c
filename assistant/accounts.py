"""Who may sign in: names with hashed passwords, and the slowing down of those who guess."""

import base64
import hashlib
import hmac
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from assistant.errors import InvalidSettings

# OWASP's Password Storage Cheat Sheet: scrypt with N=2^15, r=8, p=3 takes 32 MiB and about 0.3 s a password.
_COST: Final = (2**15, 8, 3)
_MOST_MEMORY: Final = 256 * 2**20
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32

_NAME: Final = re.compile(r"[\w.@+-]{1,64}")
_LINE: Final = re.compile(
    r"(?P<name>[^:\s]+):scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w=-]{8,128})\$([\w=-]{16,128})"
)
_SHORTEST: Final = 10
_LONGEST: Final = 1_000

_FREE_FAILURES: Final = 5
_FORGOTTEN_AFTER: Final = 900.0
_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A password as scrypt leaves it, with the salt and the cost that it was made with."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    def matches(self, password: str) -> bool:
        """Tell whether `password` is the one, in a time that does not depend on how much of it is right."""
        return hmac.compare_digest(_scrypt(password, self.salt, self.n, self.r, self.p), self.digest)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The users, by name. `verify` takes about 0.3 s and 32 MiB: call it in a thread, and few at a time."""

    passwords: Mapping[str, PasswordHash]

    def verify(self, name: str, password: str) -> bool:
        """Tell whether a user of this name has this password. A name that nobody has takes as long as any other."""
        known = self.passwords.get(name)
        right = (known or _NOBODY).matches(password[:_LONGEST])
        return right and known is not None


def hash_password(name: str, password: str) -> str:
    """Return the line of a user for ASSISTANT_AUTH: `name:scrypt$n$r$p$salt$hash`, the last two in URL-safe base64.

    Raises InvalidSettings for a name or a password that cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise InvalidSettings(f"{name!r} cannot be a user's name. Use up to 64 letters, digits and . @ + - _")
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise InvalidSettings(
            f"The password has {len(password):,} characters. Choose one with {_SHORTEST} to {_LONGEST:,}."
        )
    salt = secrets.token_bytes(_SALT_BYTES)
    parts = (*map(str, _COST), _encode(salt), _encode(_scrypt(password, salt, *_COST)))
    return f"{name}:scrypt${'$'.join(parts)}"


def load_accounts(auth: str) -> Accounts:
    """Read the users from the value of ASSISTANT_AUTH: lines as `hash_password` makes them, or the path of a file.

    Empty lines and those that begin with # are skipped. Raises InvalidSettings, without showing any hash.
    """
    inline = ":scrypt$" in auth
    origin = "ASSISTANT_AUTH" if inline else f"The file {auth!r} of ASSISTANT_AUTH"
    lines = auth.splitlines() if inline else _read(auth)
    passwords: dict[str, PasswordHash] = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        name, found = _parse(line, f"{origin} holds at line {number}")
        if name in passwords:
            raise InvalidSettings(f"{origin} names the user {name!r} twice. Remove one of the lines.")
        passwords[name] = found
    if not passwords:
        raise InvalidSettings(f"{origin} names no user. Make a line for it with: assistant password NAME")
    return Accounts(passwords)


def _read(auth: str) -> list[str]:
    try:
        return Path(auth).expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError, RuntimeError) as error:
        raise InvalidSettings(
            f"ASSISTANT_AUTH names the file {auth!r}, which cannot be read ({error}). Name a file, or give lines, made "
            "with 'assistant password NAME'; in a shell, put such lines in single quotes."
        ) from error


def _parse(line: str, place: str) -> tuple[str, PasswordHash]:
    advice = "Make it with: assistant password NAME"
    match = _LINE.fullmatch(line)
    if match is None or not _NAME.fullmatch(match["name"]):
        raise InvalidSettings(f"{place} something that is not name:scrypt$n$r$p$salt$hash. {advice}")
    n, r, p = (int(match[group]) for group in (2, 3, 4))
    try:
        found = PasswordHash(n, r, p, _decode(match[5]), _decode(match[6]))
        # What scrypt refuses, and what would take minutes or gigabytes, is found here and not when someone signs in.
        if not (n >= 2 and n & (n - 1) == 0 and r and p and 128 * n * r <= _MOST_MEMORY and p <= 64):
            raise ValueError("cost out of range")
    except ValueError as error:
        raise InvalidSettings(f"{place} a hash that scrypt cannot have made ({error}). {advice}") from error
    return match["name"], found


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=p, maxmem=2 * _MOST_MEMORY, dklen=_HASH_BYTES)


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _decode(value: str) -> bytes:
    return base64.urlsafe_b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4))


_NOBODY: Final = PasswordHash(*_COST, b"nobody's salt...", bytes(_HASH_BYTES))


class Slowdown:
    """How long those who failed must wait: nothing for five failures, then 1, 2, 4 … seconds, up to `longest`.

    Keys are addresses or names. Failures are forgotten after 15 minutes, and the oldest where there are too many.
    Safe in several threads.
    """

    def __init__(self, longest: float, *, clock: Callable[[], float] = monotonic) -> None:
        self._longest = longest
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Return the seconds until `key` may try again, 0 if it may now."""
        with self._lock:
            count, last = self._failures.get(key, (0, 0.0))
            passed = self._clock() - last
            if count <= _FREE_FAILURES or passed > _FORGOTTEN_AFTER:
                return 0.0
            pause = min(self._longest, 2.0 ** min(count - _FREE_FAILURES - 1, 30))
            return max(0.0, pause - passed)

    def fail(self, key: str) -> None:
        with self._lock:
            count, last = self._failures.pop(key, (0, 0.0))
            count = 0 if self._clock() - last > _FORGOTTEN_AFTER else count
            self._failures[key] = (count + 1, self._clock())
            if len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def succeed(self, key: str) -> None:
        with self._lock:
            self._failures.pop(key, None)
