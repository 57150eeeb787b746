"""Names that `-o` must not take, and lines that IPython must not fill in."""

from __future__ import annotations

import pytest

from nanobanana_nb.errors import InputError

from .bench import Bench


@pytest.mark.parametrize(
    "name", ["get_ipython", "print", "open", "In", "Out", "_", "_i1", "__name__", "exit", "list"]
)
def test_names_of_python_and_ipython_are_no_place_for_a_result(bench: Bench, name: str) -> None:
    """A result there would hide what every later cell relies on."""
    ran = bench.fails(f"%%nanobanana -o {name}\nA cat [fail]", InputError)
    assert "would hide" in str(ran.error)


@pytest.mark.parametrize("text", ["$5", "{price}", "$price and {1 + 1}"])
def test_a_line_command_gets_its_words_as_they_were_written(bench: Bench, text: str) -> None:
    """IPython fills nothing into the line."""
    bench.names.update(price="wrong")
    bench.run("%load_ext nanobanana_nb")
    ran = bench.fails(f"%nanobanana {text.split()[0]}x", InputError)
    assert text.split()[0] in str(ran.error)
