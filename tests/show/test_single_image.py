"""One image as a cell's last line: its picture and a line, not its record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from IPython.core.formatters import DisplayFormatter

from nanobanana_nb.model.result import Generation, State
from tests.show.conftest import failed, waiting


def test_picture_and_one_line(made: Callable[..., Generation]) -> None:
    """The forms are those of a grid of this image; the text is short and on one line."""
    one = made(prompt="A <b>cat")
    forms, _ = DisplayFormatter().format(one)
    assert set(forms) == {"text/plain", "text/html", "image/jpeg"}
    assert forms["text/html"].count("data:image/jpeg") == 1
    assert "A &lt;b&gt;cat" in forms["text/html"]
    line = forms["text/plain"]
    assert "done" in line
    assert line.endswith(str(one.path))
    assert "\n" not in line
    assert "GenerationRequest" not in line


@pytest.mark.parametrize("one", [failed(), waiting(State.RUNNING)])
def test_image_that_is_not_here(one: Generation) -> None:
    """Without a picture its state is told in both forms."""
    forms = one._repr_mimebundle_()
    assert set(forms) == {"text/plain", "text/html"}
    assert all(str(one.state) in text for text in forms.values())
    assert "\n" not in forms["text/plain"]
    assert set(one._repr_mimebundle_(include=["text/html"])) == {"text/html"}
