"""Names that `-o` must not take, and lines that IPython fills in."""

from __future__ import annotations

import pytest

from nanobanana_nb.errors import InputError
from tests.notebook.bench import Bench


@pytest.mark.parametrize(
    "name", ["get_ipython", "print", "open", "In", "Out", "_", "_i1", "__name__", "exit", "list"]
)
def test_names_of_python_and_ipython_are_no_place_for_a_result(bench: Bench, name: str) -> None:
    """A result there would hide what every later cell relies on."""
    ran = bench.fails(f"%%nanobanana -o {name}\nA cat [fail]", InputError)
    assert "would hide" in str(ran.error)


def test_a_line_command_is_filled_in_as_any_magic(bench: Bench) -> None:
    """`%nanobanana show {grid[0].id}` is what people write: IPython fills lines in."""
    bench.names.update(numbers=[901])
    ran = bench.fails("%nanobanana show {numbers[0]}", InputError)
    assert "901" in str(ran.error)
