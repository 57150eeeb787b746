"""Tab and Shift-Tab by Jupyter's protocol, in every kernel: as JupyterLab and consoles ask."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd

pytestmark = [pytest.mark.kernel, pytest.mark.long]


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("%%nanobanana --max¦\nA cat", ["--max-credits"]),
        ("%%nanobanana -m nano-banana-2 -r ¦\nA cat", ["1K", "2K", "4K"]),
        ("%%nanobanana\nA {a_bi¦} on a pond", ["a_bird"]),
        ("%%nanobanana\nA {bird} pri¦", []),
        ("%nanobanana bal¦", ["balance"]),
        ("# a ✨ note 🍌\n%%nanobanana --sco¦\nA cat", ["--scout"]),
    ],
)
def test_tab(warm_bench: FrontEnd, cell: str, texts: list[str]) -> None:
    """The reply has these and no name of Python, and the part of the cell that they replace."""
    warm_bench.run("a_bird = 'heron'")
    code, position = cell.replace("¦", ""), cell.index("¦")
    reply = warm_bench.ask("complete", code, position)
    assert reply["status"] == "ok"
    assert reply["matches"] == texts
    if texts:
        start, end = reply["cursor_start"], reply["cursor_end"]
        assert texts[0].startswith(code[start:end])
        assert end == position


def test_shift_tab(warm_bench: FrontEnd) -> None:
    """An option is explained, and Python's own names are as ever."""
    code = "%%nanobanana --aspect-ratio 16:9\nA cat"
    reply = warm_bench.ask("inspect", code, code.index("ratio"))
    assert reply["found"]
    assert "the shape, for example 16:9" in reply["data"]["text/plain"]
    assert "Return the number of items" in warm_bench.ask("inspect", "len", 3)["data"]["text/plain"]
