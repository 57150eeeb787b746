"""What a cell gives back: its value, its name, a job, a bill."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import (
    BudgetError,
    GenerationFailedError,
    InputError,
    InsufficientCreditsError,
    OutcomeUnknownError,
)
from nanobanana_nb.notebook.magic.magics import NanobananaMagics
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from tests.fixtures import until
from tests.notebook.bench import Bench
from tests.service import Service

LITE = "-m nano-banana-2-lite"


def test_value_is_the_grid_and_the_name_too(bench: Bench) -> None:
    """The cell's value, `_` and the name of `-o` are the images."""
    ran = bench.run(f"%%nanobanana {LITE} -o cats\nA cat")
    assert isinstance(ran.value, ImageGrid)
    assert bench.names["cats"] == ran.value
    assert bench.run("_ is not None and len(_), cats.one.ok").value == (1, True)


def test_result_is_shown_once(bench: Bench) -> None:
    """In a kernel the result stands under its cell once, with its three forms."""
    bench.like_a_kernel()
    ran = bench.run(f"%%nanobanana {LITE}\nA cat")
    (result,) = [data for data in ran.outputs if "image/jpeg" in data]
    assert set(result) == {"text/html", "image/jpeg", "text/plain"}


def test_result_is_shown_again_when_asked(bench: Bench) -> None:
    """Its name in a later cell, and `display` in the same one, show it."""
    bench.like_a_kernel()
    bench.run(f"%%nanobanana {LITE} -o cats\nA cat")
    assert len(bench.run("cats").all("image/jpeg")) == 1
    assert len(bench.run("display(cats)").all("image/jpeg")) == 1


def test_second_time_is_from_the_ledger(bench: Bench, service: Service) -> None:
    """The same cell again sends no create and costs nothing; `--fresh` pays."""
    for more, creates in (("", 1), ("", 1), ("--fresh", 2)):
        ran = bench.run(f"%%nanobanana {LITE} {more}\nA cat")
        assert ran.value.one.ok
        assert len(service.creates()) == creates
        assert ran.value.one.cached is (creates == 1 and more == "" and ran.value.credits == 0)


def test_name_is_bound_when_the_task_fails(bench: Bench) -> None:
    """A task that fails raises, and the name holds what is known of it."""
    bench.names["grid"] = "older"
    bench.fails("%%nanobanana -o grid\nA cat [fail]", GenerationFailedError)
    grid = bench.names["grid"]
    assert isinstance(grid.error, GenerationFailedError)
    assert grid.task_id


@pytest.mark.parametrize(
    ("fault", "kind"),
    [({"status": 402}, InsufficientCreditsError), ({"status": 500}, OutcomeUnknownError)],
)
def test_name_is_bound_when_the_service_refuses(
    bench: Bench, service: Service, fault: dict[str, int], kind: type[Exception]
) -> None:
    """Also a create that was refused, or whose outcome nobody knows, is in the name."""
    service.fault(on="create", **fault)
    bench.fails("%%nanobanana -o grid\nA cat", kind)
    assert isinstance(bench.names["grid"].error, kind)
    assert len(service.creates()) == 1


@pytest.mark.parametrize("options", ["--max-credits 1", "-n 300", "--max-credits 1 --no-wait"])
def test_name_keeps_what_it_had_where_nothing_was_sent(
    bench: Bench, service: Service, options: str
) -> None:
    """A cell that was refused takes no grid out of anybody's hand, and makes no empty one."""
    bench.run("%%nanobanana -o grid\nA cat")
    grid = bench.names["grid"]
    for name in ("grid", "other"):
        bench.fails(f"%%nanobanana {options} -o {name}\nA hare", BudgetError)
        until(lambda: bench.names.get("grid") is grid and "other" not in bench.names)
    assert len(service.creates()) == 1


def test_some_failures_are_no_error(bench: Bench) -> None:
    """Where one image came about the cell ends well, and the grid tells of the other."""
    bench.run("subject = ['a cat', 'a dog [fail]']")
    ran = bench.run(f"%%nanobanana {LITE}\n{{subject}}")
    assert ran.error is None, ran.told
    assert [one.ok for one in ran.value] == [True, False]
    assert len(ran.value.errors) == 1


@pytest.mark.parametrize("name", ["2cats", "my-cats", "cats[0]", "''", "class", "None", "lambda"])
def test_bad_name_is_refused_before_anything_is_sent(
    bench: Bench, service: Service, name: str
) -> None:
    """What Python does not take as a name is refused while it costs nothing."""
    ran = bench.fails(f"%%nanobanana -o {name}\nA cat [fail]", InputError)
    assert "--out" in ran.told
    assert service.creates() == []


def test_job_is_given_at_once_and_bound(bench: Bench) -> None:
    """`--no-wait` gives a job, and the name is the grid that fills itself."""
    ran = bench.run(f"%%nanobanana {LITE} --no-wait -o cats\nA cat")
    assert isinstance(ran.value, Job)
    assert bench.names["cats"] is ran.value.grid
    assert bench.run("cats.wait().one.ok").value is True
    assert bench.run("_1.done(), cats.running").value == (True, False)


def test_name_is_the_grid_while_the_cell_runs(bench: Bench) -> None:
    """From the first moment on: what waits for it may be looked at, and is the same at the end."""
    early: list[Any] = []

    def look_first(job: Job) -> ImageGrid:
        early.append(bench.names["cats"])
        return job.follow()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NanobananaMagics.cell, "__defaults__", (look_first,))
        ran = bench.run(f"%%nanobanana {LITE} -o cats\nA cat")
    assert isinstance(early[0], ImageGrid)
    assert early[0] is ran.value is bench.names["cats"]


def test_job_can_be_awaited(bench: Bench) -> None:
    """`await job` gives the grid in a cell."""
    bench.run(f"%%nanobanana {LITE} --no-wait\nA cat")
    assert isinstance(bench.run("await _").value, ImageGrid)


def test_job_that_failed_raises_where_it_is_waited_for(bench: Bench) -> None:
    """The cell with `--no-wait` ends well; `result()` tells."""
    assert bench.run("%%nanobanana --no-wait -o cats\nA cat [fail]").error is None
    bench.fails("_.result()", GenerationFailedError)
    assert bench.run("cats.wait().state").value == "failed"


def test_dry_run_sends_nothing(bench: Bench, service: Service) -> None:
    """The bill names the count as a product, the price and what is left, and creates nothing."""
    bench.names["animal"] = ["cat", "dog", "hen"]
    ran = bench.run("%%nanobanana --dry-run -n 2\nA {animal}")
    for said in ("3", "animal", "2 repeats", "6 images", "24 credits", "balance after: 976"):
        assert said in ran.text
        assert said.split()[0] in ran.html
    assert service.creates() == []
    assert "empty" in bench.run("%nanobanana history").text


def test_dry_run_counts_what_the_ledger_has(bench: Bench, service: Service) -> None:
    """What is there already is told and not billed, unless it is to be made anew."""
    bench.run(f"%%nanobanana {LITE}\nA cat")
    again = bench.run(f"%%nanobanana {LITE} --dry-run -n 3\nA cat").text
    assert "1 already in the ledger" in again
    assert "2 new" in again
    assert "5 credits" in again
    assert "balance after: 992.5" in again
    anew = bench.run(f"%%nanobanana {LITE} --dry-run --fresh\nA cat").text
    assert "ledger" not in anew
    assert "2.5 credits" in anew
    assert len(service.creates()) == 1


def test_dry_run_tells_of_too_little_money(bench: Bench, service: Service) -> None:
    """More than the balance is said as what is missing."""
    ran = bench.run("%%nanobanana --dry-run -n 300\nA cat")
    assert "200 more than the balance" in ran.text
    assert service.creates() == []


def test_dry_run_without_a_price_says_so(bench: Bench, service: Service) -> None:
    """A service that does not tell the price makes the bill say so, not fail."""
    service.fault(on="estimate", status=505, times=None)
    ran = bench.run("%%nanobanana --dry-run\nA cat")
    assert ran.error is None, ran.told
    assert "price not known" in ran.text


def test_hint_names_the_variable_of_the_cell(bench: Bench) -> None:
    """`-o foo` is what the hint calls the grid, and what it says can be typed."""
    bench.run("%%nanobanana -m nano-banana-2-lite -o foo\nA cat, {style: ink|oil|wax}")
    assert "<code>foo.repeat(3)</code>" in bench.run("foo").html
    assert "foo" not in bench.run("foo[:2]").html, "a part is another grid"
    bench.run("bar = foo.pivot(cols='style'); del foo")
    assert "<code>bar.repeat(3)</code>" in bench.run("bar").html
    assert len(bench.run("bar.repeat(3)").value) == 9
