"""Matplotlib figures as reference images, drawn by the real library."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy
import pytest
from PIL import Image

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession
from tests.run.conftest import plan
from tests.service import Service


@pytest.mark.long
def test_figure_goes_in(service: Service, open_session: OpenSession) -> None:
    """The service gets the drawing as a PNG of its own size, and makes an image from it."""
    made = run(open_session(service), figure())
    assert made.ok
    assert made.request.images[0].name == "the curve"
    (put,) = (call for call in service.calls() if call["method"] == "PUT")
    (link,) = service.creates()[0]["body"]["input"]["img_urls"]
    name = put["path"].rpartition("/")[2]
    assert name in link
    kept = service.app.state.service.store.upload(name.partition(".")[0])
    image = Image.open(BytesIO(kept.body))
    assert (kept.content_type, image.format, image.size) == ("image/png", "PNG", (300, 200))
    assert len(image.convert("RGB").getcolors(100_000)) > 10, "something is drawn on it"


@pytest.mark.long
def test_same_drawing_is_paid_once(service: Service, open_session: OpenSession) -> None:
    """A figure that a cell draws anew is the same reference; another drawing is another."""
    session = open_session(service)
    assert not run(session, figure()).cached
    assert run(session, figure()).cached
    assert not run(session, figure(height=4)).cached
    assert len(service.creates()) == 2


def test_parts_of_a_figure_stand_for_it() -> None:
    """Axes, a line in them and a part of a figure are the whole drawing."""
    drawn = figure()
    (axes,) = drawn.axes
    whole = reference(drawn)
    assert [reference(part).sha256 for part in (axes, axes.lines[0])] == [whole.sha256] * 2
    parts = empty(figsize=(3, 2), dpi=100)
    assert reference(parts.subfigures(1, 2)[0]).sha256 == reference(parts).sha256


def test_figure_stays_as_it_was() -> None:
    """Its size, its resolution and its colours are the person's own."""
    drawn = figure()
    drawn.set_facecolor("navy")
    before = (drawn.dpi, tuple(drawn.get_size_inches()), drawn.get_facecolor())
    reference(drawn)
    assert (drawn.dpi, tuple(drawn.get_size_inches()), drawn.get_facecolor()) == before


def test_large_figure_is_scaled_with_a_note() -> None:
    """One of more than 8192 pixels on a side goes smaller, and the bill says so."""
    wide = empty(figsize=(90, 2), dpi=100)
    found = reference(wide, "the banner")
    assert found.data is not None
    assert Image.open(BytesIO(found.data)).size == (8192, 182)
    notes = " ".join(plan(images=[found]).notes)
    assert "sent with changes: the banner, scaled to 8192 × 182" in notes


def test_figure_that_cannot_be_drawn_says_why() -> None:
    """What Matplotlib finds wrong with it is told, with the name that the person gave."""
    broken = figure()
    broken.axes[0].set_title(r"$\frac{1$")
    with pytest.raises(ReferenceImageError, match="the curve cannot be drawn"):
        reference(broken, "the curve")


def test_array_of_axes_is_no_picture() -> None:
    """What `subplots` gives for several axes is an array of them, and the error says so."""
    axes = empty().subplots(2, 2)
    assert isinstance(axes, numpy.ndarray)
    with pytest.raises(ReferenceImageError, match="the axes holds object, not numbers"):
        reference(axes, "the axes")


def empty(**given: Any) -> Any:
    """Return a figure without axes."""
    from matplotlib.figure import Figure  # takes seconds that only these tests need

    return Figure(**given)


def figure(height: float = 9) -> Any:
    """A curve, drawn anew."""
    made = empty(figsize=(3, 2), dpi=100)
    made.subplots().plot([1, 4, height])
    return made


def run(session: Session, drawn: Any) -> Generation:
    """The image that is made from a drawing."""
    asked = plan("a heron on this curve", images=[reference(drawn, "the curve")])
    made: Generation = session.submit(asked).result().one
    return made
