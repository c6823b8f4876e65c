"""Where there are users, nobody comes past without signing in, and nobody guesses quickly."""

import base64
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.accounts import load_accounts
from assistant.ui.serving.signing_in import USER, Sessions, SignIn
from tests.app_server import PASSWORD, USERS, call, calls

RIGHT = {"username": "ada", "password": PASSWORD}
WRONG = {"username": "ada", "password": "wrong"}
BROWSER = {"accept": "text/html,application/xhtml+xml"}


class Clock:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(str(Request(scope).scope.get(USER)))(scope, receive, send)


@pytest.fixture
def app() -> SignIn:
    return SignIn(who, load_accounts(USERS))


def basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


def test_a_stranger_is_led_to_the_page_to_sign_in_and_a_program_is_told(app: SignIn) -> None:
    page = call(app, "GET", "/", headers=BROWSER)
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    for method, path in (("GET", "/config"), ("POST", "/gradio_api/queue/join"), ("GET", "/gradio_api/info")):
        told = call(app, method, path)
        assert (told.status_code, told.json()["detail"]) == (401, "Sign in first: this server has users.")
        assert "www-authenticate" not in told.headers
    assert call(app, "POST", "/mcp").headers["www-authenticate"].startswith("Basic")


def test_the_page_to_sign_in_speaks_the_browsers_language_and_runs_nothing(app: SignIn) -> None:
    english = call(app, "GET", "/login")
    french = call(app, "GET", "/login", headers={"accept-language": "fr-CH, en"})
    assert "Password" in english.text
    assert "Mot de passe" in french.text
    assert '<html lang="fr">' in french.text
    assert "<script" not in english.text


def test_who_signs_in_comes_past_with_a_cookie_that_scripts_cannot_read(app: SignIn) -> None:
    signed_in, inside = calls(app, [("POST", "/login", {"data": RIGHT, "headers": BROWSER}), ("GET", "/", {})])
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "./")
    for cookie in signed_in.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert "secure" not in cookie.lower()
    assert inside.text == "ada"


def test_over_tls_the_cookie_is_for_tls_and_this_host_alone(app: SignIn) -> None:
    requests: list[tuple[str, str, dict[str, Any]]] = [("POST", "/login", {"data": RIGHT}), ("GET", "/", {})]
    signed_in, inside = calls(app, requests, scheme="https")
    session = next(cookie for cookie in signed_in.headers.get_list("set-cookie") if "__Host-footnote=" in cookie)
    assert "secure" in session.lower()
    assert "path=/" in session.lower()
    assert "domain" not in session.lower()
    assert inside.text == "ada"


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(app: SignIn) -> None:
    signed_in, out, after = calls(app, [("POST", "/login", {"data": RIGHT}), ("POST", "/logout", {}), ("GET", "/", {})])
    assert (out.status_code, out.headers["location"]) == (303, "./login")
    assert after.status_code == 401
    token = httpx.Cookies(signed_in.cookies)["footnote"]
    assert call(app, "GET", "/", headers={"cookie": f"footnote={token}"}).status_code == 401


@pytest.mark.parametrize(
    "form",
    [WRONG, {"username": "nobody", "password": PASSWORD}, {"username": "", "password": ""}, {}, {"username": "ada"}],
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_words(app: SignIn, form: dict[str, str]) -> None:
    answer = call(app, "POST", "/login", data=form)
    assert answer.status_code == 401
    assert "This name and this password do not belong together." in answer.text
    assert "set-cookie" not in answer.headers


def test_a_name_that_tries_to_be_markup_is_not_repeated(app: SignIn) -> None:
    assert "<img" not in call(app, "POST", "/login", data={"username": "<img src=x>", "password": "x"}).text


def test_after_five_failures_the_sixth_is_told_to_wait_even_with_the_right_password(app: SignIn) -> None:
    tries: list[tuple[str, str, dict[str, Any]]] = [("POST", "/login", {"data": WRONG})] * 6
    answers = calls(app, [*tries, ("POST", "/login", {"data": RIGHT})])
    assert [answer.status_code for answer in answers] == [401] * 6 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    # The failures of one address keep another user at another address out of nothing.
    assert call(app, "POST", "/login", client="10.0.0.9", data=RIGHT | {"username": "bob"}).status_code == 200


def test_a_form_of_a_megabyte_is_refused_unread(app: SignIn) -> None:
    assert call(app, "POST", "/login", content=b"username=" + b"a" * 1_000_000).status_code == 413


def test_a_program_may_send_its_password_with_each_request(app: SignIn) -> None:
    assert call(app, "POST", "/mcp", headers=basic("bob", PASSWORD)).text == "bob"
    assert call(app, "POST", "/mcp", headers=basic("bob", "wrong")).status_code == 401
    for authorization in ("Basic", "Basic !", "Basic YWRh", "Bearer abc", "Basic " + "A" * 50_000):
        assert call(app, "POST", "/mcp", headers={"authorization": authorization}).status_code == 401


def test_guessing_with_each_request_gets_slow_too(app: SignIn) -> None:
    codes = [call(app, "POST", "/mcp", headers=basic("bob", str(number))).status_code for number in range(7)]
    assert codes == [401] * 6 + [429]


def test_what_one_user_kept_in_a_browser_is_cleared_for_the_next(app: SignIn) -> None:
    def login(name: str) -> tuple[str, str, dict[str, Any]]:
        return "POST", "/login", {"data": RIGHT | {"username": name}}

    first, again, other = calls(app, [login("ada"), login("ada"), login("bob")])
    assert "clear-site-data" not in first.headers
    assert "clear-site-data" not in again.headers
    assert other.headers["clear-site-data"] == '"storage"'


@pytest.mark.parametrize(
    "cookie", ["footnote=guess", "footnote", ";;;===", "footnote=\xff", "footnote=" + "x" * 100_000]
)
def test_a_cookie_that_was_not_given_out_opens_nothing(app: SignIn, cookie: str) -> None:
    assert call(app, "GET", "/", headers={"cookie": cookie.encode("latin-1")}).status_code == 401


def test_sessions_end_when_idle_and_when_there_are_too_many() -> None:
    clock = Clock()
    sessions = Sessions(idle=10, most=2, clock=clock)
    first = sessions.open("ada")
    clock.now = 9
    assert sessions.user(first) == "ada"
    clock.now = 18
    assert sessions.user(first) == "ada"
    clock.now = 29
    assert sessions.user(first) is None
    tokens = [sessions.open(name) for name in ("ada", "bob", "eve")]
    assert [sessions.user(token) for token in tokens] == [None, "bob", "eve"]
