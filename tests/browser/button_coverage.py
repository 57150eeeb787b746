"""Every button that a page shows, and the test that presses it.

A new button needs a line here: how its name begins, the file of the test, and the words there that
press it. `unpressed` names those that have none.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator

PANEL = {
    "Add axis": ("test_buttons.py", 'button("Add axis").click()'),
    "Add image": ("test_panel.py", 'button("Add image").click()'),
    "Close": ("test_panel.py", 'button("Close").click()'),
    "Copy as cell": ("test_panel.py", 'button("Copy as cell").click()'),
    "Down": ("test_buttons.py", 'button("Down").first.click()'),
    "Generate": ("test_panel.py", 'button("Generate").click()'),
    "Generate for ": ("test_buttons.py", 'button("Generate for 104 credits").click()'),
    "Insert as cell": ("test_panel.py", 'button("Insert as cell").click()'),
    "Keep prompt": ("test_prompt_shelf.py", 'button("Keep prompt").click()'),
    "Look closer": ("test_panel.py", 'button("Look closer").click()'),
    "4 more (": ("test_panel.py", 'button("4 more (16 credits)").click()'),
    "Remove": ("test_buttons.py", 'button("Remove").first.click()'),
    "Remove ": ("test_panel.py", "removes.last.click()"),
    "Reuse settings": ("test_panel.py", 'button("Reuse settings").click()'),
    "Show below": ("test_panel.py", 'button("Show below").first.click()'),
    "Show more": ("test_buttons.py", 'button("Show more").click()'),
    "Stop": ("test_panel.py", 'button("Stop").click()'),
    "Up": ("test_buttons.py", 'button("Up").last.click()'),
    "Upload": ("test_panel.py", 'button("Upload").click()'),
    "Use as reference": ("test_panel.py", 'button("Use as reference").click()'),
}
BOARD = {
    "Detach": ("test_board.py", 'name="Stop").focus()'),  # Tab and Enter
    "Earlier": ("test_board.py", '("Earlier", -1)'),
    "Follow": ("test_buttons.py", 'name="Follow").click()'),
    "Later": ("test_board.py", '("Later", 1)'),
    "Look closer": ("test_board_clicks.py", 'name="Look closer").click()'),
    "Stop": ("test_board.py", 'name="Stop").click()'),
    "Try again: ": ("test_board_clicks.py", 'name="Try again").click()'),
    "Try all ": ("test_buttons.py", 'name="Try all 2 again").click()'),
}
VIEWER = {
    "Back to the order of the plan": ("test_viewer_finder.py", '"Back to the order of the plan"'),
    "Blink (b)": ("test_buttons.py", '"Blink (b)"'),
    "Change A (a)": ("test_buttons.py", '"Change A (a)"'),
    "Change B (a)": ("test_buttons.py", '"Change B (a)"'),
    "Clear the marks": ("test_buttons.py", '"Clear the marks"'),
    "Close (Esc)": ("test_buttons.py", '"Close (Esc)"'),
    "Close the viewer": ("test_buttons.py", '"Close the viewer"'),
    "Compare ": ("test_buttons.py", '"Compare cat · oil, done"'),
    "Compare A and B": ("test_buttons.py", '"Compare A and B"'),
    "Copy the cell": ("test_viewer_votes.py", 'name="Copy the cell").click()'),
    "Difference (d)": ("test_buttons.py", '"Difference (d)"'),
    "Earlier image as ": ("test_buttons.py", '"Earlier image as A (↑)"'),
    "Fade (f)": ("test_buttons.py", '"Fade (f)"'),
    "Favourites only": ("test_viewer_finder.py", '"Favourites only"'),
    "Favourite (f)": ("test_buttons.py", '"Favourite (f)"'),
    "Image to the left": ("test_buttons.py", '"Image to the left"'),
    "Image to the right": ("test_buttons.py", '"Image to the right"'),
    "Larger (+)": ("test_buttons.py", '"Larger (+)"'),
    "Mark to compare (c)": ("test_buttons.py", '"Mark to compare (c)"'),
    "Next image as ": ("test_buttons.py", '"Next image as B (↓)"'),
    "Open ": ("test_buttons.py", '"Open cat · ink, done"'),
    "Pause or go on (Space)": ("test_buttons.py", '"Pause or go on (Space)"'),
    "Put it below the next cell that you run": (
        "test_viewer_votes.py",
        'name="Put it below the next',
    ),
    "Put this away": ("test_viewer_votes.py", 'name="Put this away").click()'),
    "Real pixels (z)": ("test_buttons.py", '"Real pixels (z)"'),
    "Show all images (Esc)": ("test_viewer_finder.py", '"Show all images (Esc)"'),
    "Show the keys (?)": ("test_buttons.py", '"Show the keys (?)"'),
    "Side by side (p)": ("test_buttons.py", '"Side by side (p)"'),
    "Slider (s)": ("test_buttons.py", '"Slider (s)"'),
    "Smaller (-)": ("test_buttons.py", '"Smaller (-)"'),
    "Swap A and B (x)": ("test_buttons.py", '"Swap A and B (x)"'),
    "Swap rows and columns (x)": ("test_buttons.py", '"Swap rows and columns (x)"'),
    "Turn the order round": ("test_viewer_finder.py", '"Turn the order round"'),
    "Use as reference (r)": ("test_viewer_votes.py", 'name="Use as reference (r)").click()'),
    "Whole image (0)": ("test_buttons.py", '"Whole image (0)"'),
    "Zoom ": ("test_buttons.py", '"^Zoom "'),
    **{f"{n} of 5 stars ({n})": ("test_buttons.py", "of 5 stars (") for n in range(1, 6)},
}
VOTE = {
    "Vote on more pairs": ("test_votes.py", 'name="Vote on more pairs").click()'),
    "Neither is better (↓)": ("test_buttons.py", '"Neither is better (↓)"'),
    "Show the ranks": ("test_buttons.py", '"Show the ranks"'),
    "The left one is better": ("test_buttons.py", '"The left one is better"'),
    "The left one is better (←)": ("test_buttons.py", '"The left one is better (←)"'),
    "The right one is better": ("test_buttons.py", '"The right one is better"'),
    "The right one is better (→)": ("test_buttons.py", '"The right one is better (→)"'),
    "Vote on the last pair again (Backspace)": ("test_buttons.py", '"Vote on the last pair again'),
}
ALL = {"panel": PANEL, "board": BOARD, "viewer": VIEWER, "vote": VOTE}
_NAME = "e => e.getAttribute('aria-label') || e.innerText.trim() || e.title"


def unpressed(part: str, shown: Locator) -> list[str]:
    """Return the buttons that are visible in a part of the page and that no test presses."""
    names = [str(one.evaluate(_NAME)) for one in shown.get_by_role("button").all()]
    assert names, f"there is no button in the {part}"
    return [name for name in names if not _known(name, ALL[part])]


def _known(name: str, pressed: dict[str, tuple[str, str]]) -> bool:
    """Whether it is listed; what ends in a space or a bracket is how names of a kind begin."""
    begins = tuple(one for one in pressed if one.endswith((" ", "(")))
    return name in pressed or name.startswith(begins)


def mistold() -> list[str]:
    """Return the buttons whose test does not have the words that press it."""
    here = Path(__file__).parent
    rows = [(name, *row) for part in ALL.values() for name, row in part.items()]
    return [name for name, file, words in rows if words not in (here / file).read_text("utf-8")]
