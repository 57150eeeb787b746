"""Whoever asks from a notebook: a bill that is too large sends nothing, a yes runs it."""

from __future__ import annotations

import pytest

from nanobanana_nb.errors import BudgetError, InputError, NanobananaError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.panel.generate_button import TO_CONFIRM, GenerateButton
from tests.notebook.bench import Bench
from tests.service import Service

ASKS = "%config NanobananaMagics.confirm_above = 3"
# What is there before, and the line that then would pay.
LINES = {
    "%%nanobanana{}\nAn owl": [],
    "%nanobanana rerun 1{}": ["%%nanobanana\nA cat"],
    "%nanobanana retry 1{}": ["%%nanobanana\nA cat [fail]"],
    "%nanobanana resolve 1 --resend{}": ["lost", "%%nanobanana\nA cat"],
}


@pytest.mark.long
@pytest.mark.parametrize(("line", "before"), LINES.items())
def test_every_line_asks_and_takes_a_yes(
    bench: Bench, service: Service, line: str, before: list[str]
) -> None:
    """A cell and each command that pays are refused with what to type, and run with `--yes`."""
    for cell in before:
        if cell == "lost":
            service.fault(on="create", status=500)
        else:
            bench.run(cell)
    bench.run(ASKS)
    sent = len(service.creates())
    told = bench.fails(line.format(""), BudgetError).told
    assert "above 3 credits it asks first" in told
    assert "`--yes` runs it." in told
    assert len(service.creates()) == sent
    bench.run(line.format(" --yes"))
    assert len(service.creates()) == sent + 1


def test_limit_of_a_cell_is_a_yes_up_to_it(bench: Bench, service: Service) -> None:
    """`--max-credits` allows what it says and no more, above `confirm_above` too."""
    bench.run(ASKS)
    bench.fails("%%nanobanana -n 2 --max-credits 7\nAn owl", BudgetError)
    bench.fails("%%nanobanana -n 2 --max-credits 7 --yes\nAn owl", BudgetError)
    assert service.creates() == []
    assert bench.run("%%nanobanana -n 2 --max-credits 8\nAn owl").error is None


def test_refused_resend_leaves_it_unknown(bench: Bench, service: Service) -> None:
    """A task whose outcome nobody knows is not let go by a resend that was not sent."""
    service.fault(on="create", status=500)
    bench.run("%%nanobanana\nA cat")
    bench.run(ASKS)
    bench.fails("%nanobanana resolve 1 --resend", BudgetError)
    assert "1 is let go" in bench.run("%nanobanana resolve 1 --forget").text


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("%%nanobanana --set n=3\nA cat", "repeats"),
        ("%%nanobanana --set ratio=1:1\nA cat", "aspect_ratio"),
        ("%%nanobanana --set seed=7\nA cat", "no seed"),
        ("%%nanobanana --set callback_url=https://x.example/?token=s3cret\nA cat", "callback-url"),
        ("%%nanobanana -m acme/painter --vary n=1|2\nA cat", "repeats"),
        ("%%nanobanana -m acme/painter\nA cat\n---\nratio: 1:1 | 3:2", "aspect_ratio"),
    ],
)
def test_near_miss_in_a_cell_is_told(bench: Bench, service: Service, cell: str, meant: str) -> None:
    """By `--set`, as an axis of the option line and below the prompt: nothing is sent."""
    told = bench.fails(cell, InputError).told
    assert meant in told
    assert "s3cret" not in told
    assert service.creates() == []


def test_second_click_allows_what_the_button_says() -> None:
    """The panel asks first; its yes goes up to the bill, or to what has no known price."""
    button = GenerateButton.__new__(GenerateButton)
    button._to_confirm = None
    assert button._limits(CellSpec()) == RunLimits(to_confirm=TO_CONFIRM)
    for credits in (120.0, None):
        button._to_confirm = Bill(30, 0, credits, 1000.0)
        allowed = button._limits(CellSpec())
        assert (allowed.max_credits, allowed.yes) == (credits, credits is None)


def test_strict_and_yes_stay_options_of_a_cell(bench: Bench, service: Service) -> None:
    """One failure is an error with `--strict`, however large the bill that was agreed to."""
    service.fault(on="create", status=422)
    bench.run(ASKS)
    bench.fails("%%nanobanana -n 2 --yes --strict\nA cat", NanobananaError)
