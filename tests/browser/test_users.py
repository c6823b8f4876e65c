"""Two users at once, each in a browser of their own: they sign in, ask, and see nothing of each other."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.app_server import PASSWORD, USERS

WAIT = 60_000
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def guarded_site(site_home: Path, start_server: Callable[..., str]) -> str:
    return start_server(site_home, auth=USERS)


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def ask(page: Page, question: str) -> None:
    box = page.locator("#fn-question textarea")
    box.fill(question)
    box.press("Enter")
    turn = page.locator("#fn-current .fn-turn")
    expect(turn).to_contain_text(question, timeout=WAIT)
    expect(turn).to_have_attribute("aria-busy", "false", timeout=WAIT)


def note_session(sessions: dict[str, str], name: str, request: Request) -> None:
    """Remember the session that a page of a user's listens to."""
    found = parse_qs(urlsplit(request.url).query).get("session_hash")
    if found:
        sessions[name] = found[0]


def test_two_users_at_once_see_only_their_own_conversation(browser: Browser, guarded_site: str) -> None:
    questions = {"ada": "Did Nvidia abandon the deal?", "bob": "What does a GPU do?"}
    contexts = {name: browser.new_context() for name in questions}
    pages: dict[str, Page] = {}
    sessions: dict[str, str] = {}

    for name, context in contexts.items():
        page = pages[name] = context.new_page()
        page.on("request", partial(note_session, sessions, name))
        page.goto(guarded_site)
        expect(page).to_have_url(f"{guarded_site}/login")
        sign_in(page, name)
        expect(page.locator("#fn-question textarea")).to_be_visible(timeout=WAIT)
    for name, question in questions.items():
        ask(pages[name], question)
    for name, other in (("ada", "bob"), ("bob", "ada")):
        expect(pages[name].locator("body")).to_contain_text(questions[name])
        expect(pages[name].locator("#fn-conversation")).not_to_contain_text(questions[other])
        # Not even who knows the other's session can listen to it, or speak in it.
        theirs = sessions[other]
        for path in (f"queue/data?session_hash={theirs}", f"heartbeat/{theirs}"):
            assert pages[name].request.get(f"{guarded_site}/gradio_api/{path}").status == 403
        call = {"data": [], "fn_index": 0, "session_hash": theirs}
        assert pages[name].request.post(f"{guarded_site}/gradio_api/queue/join", data=call).status == 403

    ada = pages["ada"]
    ada.get_by_role("button", name="Sign out").click()
    expect(ada).to_have_url(f"{guarded_site}/login")
    ada.goto(guarded_site)
    expect(ada).to_have_url(f"{guarded_site}/login")
    # The next user of Ada's browser finds nothing of hers in it.
    sign_in(ada, "bob")
    expect(ada.locator("#fn-question textarea")).to_be_visible(timeout=WAIT)
    expect(ada.locator("#fn-conversation .fn-turn")).to_have_count(0)
    stored = ada.evaluate("JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})")
    assert questions["ada"] not in stored
    for context in contexts.values():
        context.close()


def test_who_signs_in_sees_no_path_of_the_server(browser: Browser, guarded_site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(guarded_site)
        sign_in(page, "ada")
        ask(page, "Did Nvidia abandon the deal?")
        page.get_by_text("Export", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="As JSON").click()
        assert '"source": "seeds/nvidia-openai-deal.en.md"' in Path(download.value.path()).read_text(encoding="utf-8")
        page.locator(".fn-source").first.get_by_role("button", name="Read the article").click()
        expect(page.locator("dialog.fn-reader mark").first).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_role("link", name="Library").click()
        expect(page.locator("#fn-sources")).to_contain_text("seeds", timeout=WAIT)
        page.get_by_role("button", name="Read again: seeds").click()
        expect(page.locator("#fn-library-adding .fn-job-name")).to_contain_text("unchanged", timeout=WAIT)
        kept = page.evaluate("document.documentElement.outerHTML + JSON.stringify({...localStorage})")
        assert "seeds/" in kept
        assert str(ROOT) not in kept


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_to_sign_in_keeps_nobody_out(browser: Browser, guarded_site: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 700}) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{guarded_site}/login")
        assert Axe().run(page).response["violations"] == []
        expect(page.get_by_label("Name")).to_be_focused()
        sign_in(page, "ada", "wrong")
        expect(page.get_by_role("alert")).to_have_text("This name and this password do not belong together.")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
