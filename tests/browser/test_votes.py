"""Blind votes in JupyterLab: where they end, on images and on an axis, and what they leave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_viewer_votes import PLAN, SETUP

pytestmark = pytest.mark.browser
pytest.importorskip("anywidget")

IMAGE = re.compile(r"nanobanana_images/.*\.(png|jpe?g)")
PICTURES = """from nanobanana_nb.notebook.page.voting import _picture
[_picture(image)[-99:] for image in found["ink"]]"""


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_vote_ends_where_one_leads(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path, theme: str
) -> None:
    """Who likes one picture always is told so; more pairs can be had, and the ranks are left."""
    plan = PLAN.format(name=tmp_path.name)
    notebook = open_notebook(notebook_of(tmp_path, SETUP, plan, "found.ranks()", "found.vote()"))
    notebook.set_theme(theme)
    notebook.run_all()
    expect(notebook.code_cell(2)).to_contain_text("Nobody has voted on two of these yet")
    vote = notebook.code_cell(3).locator(".nb-vote")
    status, keyboard = vote.get_by_role("status"), notebook.page.keyboard
    vote.focus()
    liked = vote.locator("img").first.get_attribute("src")
    number = 1
    while vote.locator("img").count():
        expect(status).to_contain_text(f"Pair {number}.")
        right = vote.locator("img").nth(1).get_attribute("src") == liked
        keyboard.press("ArrowRight" if right else "ArrowLeft")
        number += 1
        expect(status).not_to_contain_text(f"Pair {number - 1}.")
        if number == 15:
            _pictures(notebook, vote, screenshots, f"vote-late-{theme}")
    assert 18 <= number <= 32
    expect(status).to_contain_text(re.compile(r"\(found\[\d\]\) leads after \d+ pairs by 1 person"))
    _pictures(notebook, vote, screenshots, f"vote-end-{theme}")
    keyboard.press("Backspace")
    expect(status).to_contain_text(f"Pair {number - 1}.")
    keyboard.press("ArrowDown")
    while vote.locator("img").count():  # the last word changed: it goes on
        before = status.inner_text()
        right = vote.locator("img").nth(1).get_attribute("src") == liked
        keyboard.press("ArrowRight" if right else "ArrowLeft")
        expect(status).not_to_have_text(before)
    vote.get_by_role("button", name="Vote on more pairs").click()
    expect(vote.locator("img")).to_have_count(2)
    vote.get_by_role("button", name="Show the ranks").click()
    expect(vote).to_have_count(0)
    expect(notebook.code_cell(3)).to_contain_text("with 95 % none of the others is better")
    expect(notebook.code_cell(3).get_by_role("link").first).to_have_attribute("href", IMAGE)
    notebook.picture(screenshots / f"ranks-{theme}.png", of=notebook.code_cell(3))
    assert notebook.problems == []


def test_a_vote_on_an_axis_asks_each_voter(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path
) -> None:
    """Ann likes ink until it leads; Bob is asked from the first pair on, and the ranks know two."""
    plan = PLAN.format(name=tmp_path.name)
    votes = ('found.vote("Ann", by="choice 2")', 'found.vote("Bob", by="choice 2")')
    sources = (SETUP, plan, PICTURES, *votes, 'found.ranks("choice 2")')
    notebook = open_notebook(notebook_of(tmp_path, *sources))
    notebook.run_all()
    liked = notebook.code_cell(2).inner_text()
    ann, bob = (notebook.code_cell(n).locator(".nb-vote") for n in (3, 4))
    expect(bob.get_by_role("status")).to_contain_text("Pair 1. 0 votes so far.")
    count = _vote_for(ann, liked)
    assert 7 <= count <= 20
    expect(ann.get_by_role("status")).to_have_text(
        f"ink leads after {count} pairs by 1 person: with 95 % none of the others is better."
    )
    bob.get_by_role("button", name="Neither is better").click()
    expect(bob.get_by_role("status")).to_contain_text("Pair 2. 1 vote so far.")
    notebook.picture(screenshots / "vote-axis.png", of=notebook.code_cell(4))
    ann.get_by_role("button", name="Show the ranks").click()
    expect(notebook.code_cell(3)).to_contain_text(f"after {count + 1} pairs by 2 people")
    notebook.picture(screenshots / "ranks-axis.png", of=notebook.code_cell(3))
    assert notebook.problems == []


def _vote_for(vote: Locator, liked: str) -> int:
    """Take the picture whose last letters are among those liked, until the vote ends."""
    count = 0
    while vote.locator("img").count():
        before = vote.get_by_role("status").inner_text()
        left = vote.locator("img").first.get_attribute("src") or ""
        side = "left" if left[-99:] in liked else "right"
        vote.get_by_role("button", name=f"The {side} one is better").first.click()
        expect(vote.get_by_role("status")).not_to_have_text(before)
        count += 1
    return count


def _pictures(notebook: NotebookPage, vote: Locator, folder: Path, name: str) -> None:
    usual = notebook.page.viewport_size
    assert usual is not None
    for width in (600, 1200):
        notebook.page.set_viewport_size({"width": width, "height": usual["height"]})
        notebook.picture(folder / f"{name}-{width}.png", of=vote)
    notebook.page.set_viewport_size(usual)
    vote.focus()
