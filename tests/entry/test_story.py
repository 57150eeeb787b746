"""Named references and scenes: what the model is told, and the strip that they make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import arrange
from tests.service import Service

SCENES = ["Mia finds a key", "Mia opens the door", "Mia sleeps"]
LINKS = {"Mia": "https://example.org/mia.png", "the dog": "https://example.org/dog.png"}


@pytest.fixture
def portrait(faces: Service) -> Generation:
    """A picture of the character."""
    return nb.generate("A girl, ink").one


def told(plan: nb.Plan) -> list[str]:
    """What the model is told."""
    return [cell.request.prompt for cell in plan.cells]


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        ({"Mia": LINKS["Mia"]}, "Image 1 shows Mia."),
        (LINKS, "Image 1 shows Mia. Image 2 shows the dog."),
        ({" Mia ": [*LINKS.values()]}, "Images 1 and 2 show Mia."),
    ],
)
def test_names_are_told_in_words(images: Any, sentence: str) -> None:
    """In the order of the images, below the prompt; they are part of what is asked for."""
    named = nb.plan("Mia runs", images=images)
    assert told(named) == [f"Mia runs\n\n{sentence}"]
    assert named.prompt == "Mia runs"
    bare = nb.plan("Mia runs", images=list(LINKS.values()))
    assert told(bare) == ["Mia runs"]
    assert bare.cells[0].request.fingerprint() != named.cells[0].request.fingerprint()
    assert sentence in str(named.bill())
    again = nb.Plan.from_json(named.to_json())
    assert again.cells == named.cells
    assert told(again.repeat(2)) == told(named) * 2


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 61, 3, "a\x1b"])
def test_what_is_no_name(name: Any) -> None:
    """A line that a sentence can hold."""
    with pytest.raises(InputError, match="is no name of what an image shows"):
        nb.plan("Mia runs", images={name: LINKS["Mia"]})


def test_every_verb_takes_names(portrait: Generation) -> None:
    """`generate`, `sweep` and `edit`, whose own image is the first."""
    image = nb.generate("Mia runs", images={"Mia": portrait}).one
    assert image.request.prompt.endswith("Image 1 shows Mia.")
    assert "with Mia" in str(image)
    edited = nb.edit(image, "Let the dog run, too", images={"the dog": portrait}).one  # type: ignore[union-attr]
    assert edited.request.prompt.endswith("Image 2 shows the dog.")
    axes = {"image": [LINKS["Mia"]], "place": ["sea", "wood"]}
    plan = nb.plan("Mia at the {place}", axes, images={"Mia": portrait})
    assert {text.partition("\n\n")[2] for text in told(plan)} == {"Image 1 shows Mia."}


@pytest.mark.parametrize("count", [2, 3, 9])
def test_scenes_are_a_strip(portrait: Generation, count: int) -> None:
    """From left to right in their order, the text of each below it, in lines where it is long."""
    scenes = [f"Mia in room {n}" for n in range(count)]
    grid = nb.sweep(scenes, images={"Mia": portrait})
    layout = arrange(grid.generations, grid.plan)
    assert layout.in_legends
    assert [i for _, cells in layout.pages[0].rows for cell in cells for i in cell] == list(
        range(count)
    )
    assert layout.pages[0].width <= 6
    html = grid._repr_mimebundle_()["text/html"]
    assert all(html.count(f">{scene}<") == 1 for scene in scenes)
    assert "with Mia" in html
    assert "with Mia" in str(grid)


def test_what_is_no_story_is_a_table(portrait: Generation) -> None:
    """Without names, with another axis, or where somebody said how."""
    for grid in (
        nb.sweep(SCENES, images=[portrait]),
        nb.sweep("Mia {x}", {"x": ["a", "b"]}, images={"Mia": portrait}),
        nb.sweep(SCENES, {"aspect_ratio": ["1:1", "3:2"]}, images={"Mia": portrait}),
        nb.sweep(SCENES, images={"Mia": portrait}, cols="prompt"),
    ):
        assert not arrange(grid.generations, grid.plan).in_legends


def test_a_story_goes_on_alike_from_the_ledger(portrait: Generation) -> None:
    """The names are kept with the plan: asked for again it is free, and shown as before."""
    grid = nb.sweep(SCENES, images={"Mia": portrait})
    assert nb.sweep(SCENES, images={"Mia": portrait}).credits == 0
    assert grid.plan is not None
    stored = nb.Plan.from_json(grid.plan.to_json())
    assert arrange(grid.generations, stored).in_legends
    assert [image.shows for image in stored.cells[0].request.images] == ["Mia"]


def test_names_are_foreign_text(portrait: Generation, tmp_path: Path) -> None:
    """They are escaped wherever they are shown."""
    grid = nb.sweep(SCENES, images={"<b>Mia</b> & co": portrait})
    html = grid._repr_mimebundle_()["text/html"]
    assert "<b>Mia</b>" not in html
    assert "with &lt;b&gt;Mia&lt;/b&gt; &amp; co" in html
    assert "<b>Mia</b>" not in grid.export(tmp_path / "story.html").read_text()
