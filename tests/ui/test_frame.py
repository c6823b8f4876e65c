"""The frame, as Gradio keeps it for each page that is open."""

import asyncio
from pathlib import Path

import gradio as gr
from gradio.state_holder import SessionState

from assistant import Assistant, Settings
from assistant.ui.frame import build_app


def test_what_a_page_showed_before_is_not_kept(tmp_path: Path) -> None:
    async def show() -> tuple[set[int], set[int], object]:
        with Assistant(Settings(home=tmp_path / "home")) as assistant:
            page = build_app(assistant)
            session = SessionState(page)
            asking = next(fn for fn in page.fns.values() if fn.name == "ask" and len(fn.outputs) > 5)
            past = next(block for block in asking.outputs if getattr(block, "elem_id", None) == "fn-past")
            same = [gr.skip() for _ in asking.outputs]
            for number in range(5):
                shown = [f"answer {number}" if block is past else gr.skip() for block in asking.outputs]
                await page.postprocess_data(asking, same, session)
                await page.postprocess_data(asking, shown, session)
            known = {block._id for block in page.blocks.values()}
            kept = set(session.config_values) | set(session.blocks_config.blocks)
            return kept, known, session.config_values[past._id]["props"]["value"]

    kept, known, value = asyncio.run(show())
    assert kept <= known
    assert value == "answer 4"
