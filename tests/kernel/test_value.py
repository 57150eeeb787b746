"""What a `%%nanobanana` cell leaves behind: one result, a value, a name."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW
from tests.kernel.test_queue import HERON

pytestmark = pytest.mark.kernel


@pytest.fixture
def bench(warm_bench: FrontEnd) -> FrontEnd:
    """These cells leave a kernel as they find it: one will do for all."""
    return warm_bench


def test_result_is_shown_once(bench: FrontEnd) -> None:
    """One picture, one output: the value of the cell is not drawn a second time."""
    cell = bench.run(HERON)
    assert len(cell.results) == 1
    assert len(cell.outputs) == 1


def test_result_has_three_forms(bench: FrontEnd) -> None:
    """HTML with alternative text, a JPEG for viewers without HTML, and text that says something."""
    cell = bench.run(HERON)
    output = next(o for o in cell.outputs if "image/jpeg" in o.get("data", {}))
    assert set(output["data"]) == {"text/html", "image/jpeg", "text/plain"}
    assert 'alt="' in output["data"]["text/html"]
    assert "heron" in output["data"]["text/plain"]
    assert sum(len(data) for data in output["data"].values()) < 400_000


def test_value_is_the_grid(bench: FrontEnd) -> None:
    """The cell's value is the grid: `_` in the next cell."""
    _, value = bench.queue([HERON, "type(_).__name__, len(_), _[0].request.prompt"])
    assert value.all("text/plain") == ["('ImageGrid', 1, 'a heron at dawn')"]


def test_out_name_is_bound(bench: FrontEnd) -> None:
    """`-o NAME` binds the grid; its pictures are there as PIL, path and bytes."""
    _, cell = bench.queue(
        [
            "%%nanobanana -o herons -n 2 -a 16:9\na heron",
            "first = herons[0]\n"
            "wide = first.image.size[0] > first.image.size[1]\n"
            "print(len(herons), first.path.read_bytes() == first.bytes, wide)",
        ]
    )
    assert cell.text == "2 True True\n"


def test_out_name_is_bound_on_failure(bench: FrontEnd) -> None:
    """A generation that fails still binds NAME, with the error in it."""
    failing = bench.run("%%nanobanana -o grid -a 7:5\na heron")
    assert failing.status == "error"
    cell = bench.run("print(len(grid), grid[0].state, grid[0].error is not None)")
    assert cell.text == "1 failed True\n"


def test_out_name_is_not_stale_after_a_refusal(bench: FrontEnd) -> None:
    """NAME does not keep an older result when the cell that was to fill it fails."""
    bench.run("%%nanobanana -o grid\na heron")
    assert bench.run("%%nanobanana -o grid -a 7:5\na red bicycle").status == "error"
    cell = bench.run("print([one.request.prompt for one in grid])")
    assert "heron" not in cell.text


def test_run_again_is_free(bench: FrontEnd) -> None:
    """The same cell again comes from the ledger, costs nothing and says so."""
    bench.run("%%nanobanana -o first\na heron")
    again = bench.run("%%nanobanana -o second\na heron")
    assert "ledger" in again.results[0].lower()
    cell = bench.run("print(second[0].credits, second[0].bytes == first[0].bytes)")
    assert cell.text in ("0 True\n", "0.0 True\n")


@pytest.mark.parametrize(
    "above", ["%%time", "%%time\n%%capture --no-stdout --no-stderr --no-display"]
)
def test_time_above_the_magic(bench: FrontEnd, above: str) -> None:
    """`%%time` above the magic times it; the result is under the cell as always."""
    cell, behind = bench.queue([f"{above}\n{HERON}", "print('behind')"])
    assert cell.status == "ok"
    assert "Wall time" in cell.text
    assert len(cell.results) == 1
    assert behind.text == "behind\n"


def test_capture_above_the_magic(bench: FrontEnd) -> None:
    """`%%capture NAME` keeps the result away from the page, and shows it when asked."""
    captured, shown, behind = bench.queue(
        [f"%%capture kept\n{HERON}", "kept.show()", "print('behind')"]
    )
    assert captured.status == "ok"
    assert captured.outputs == []
    assert len(shown.results) == 1
    assert shown.all(WIDGET_VIEW) == []
    assert behind.text == "behind\n"


def test_dry_run_asks_nothing(bench: FrontEnd) -> None:
    """--dry-run says what it would cost and makes no task."""
    cell = bench.run("%%nanobanana --dry-run\na heron")
    assert cell.status == "ok"
    assert cell.results == []
    told = "".join(cell.all("text/html") + cell.all("text/plain")) + cell.text
    assert "credit" in told
    history = bench.run("%nanobanana history")
    assert "heron" not in "".join(history.all("text/html")) + history.text


@pytest.mark.parametrize(
    "line", ["balance", "models", "history", "doctor", "config", "help", "resume"]
)
def test_line_forms_answer(bench: FrontEnd, line: str) -> None:
    """Every line form answers with something to read, and asks nobody anything."""
    cell = bench.run(f"%nanobanana {line}")
    assert cell.status == "ok"
    assert "".join(cell.all("text/plain")) + cell.text


def test_help_explains_every_option(bench: FrontEnd) -> None:
    """`%%nanobanana?` opens the pager with the options."""
    cell = bench.run("%%nanobanana?")
    assert cell.reply is not None
    pages = [entry["data"]["text/plain"] for entry in cell.reply["payload"]]
    assert "--aspect-ratio" in "".join(pages)
    assert "--dry-run" in "".join(pages)
