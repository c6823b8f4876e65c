"""Whoever asks too often is told "busy" in the page, keeps what was typed, and can ask again later."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect


def test_too_many_calls_are_told_busy_in_the_page(
    site_home: Path, start_server: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    address = start_server(site_home, calls_per_minute="10")
    page = open_page(address)
    # Ten calls of another window of the same reader.
    for _ in range(10):
        page.request.post(f"{address}/gradio_api/reset")
    question = page.locator("#fn-question textarea")
    question.fill("Did Nvidia abandon the deal?")
    question.press("Enter")
    expect(page.get_by_test_id("toast-body")).to_contain_text("Busy")
    expect(question).to_have_value("Did Nvidia abandon the deal?")
    expect(page.locator("#fn-send")).to_be_enabled()
