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


SHEET = "%%nanobanana{}\nA {{thing}} [fail]"


def _many(bench: Bench, count: int) -> None:
    bench.names["thing"] = [f"thing {n}" for n in range(count)]


@pytest.mark.parametrize("status", ["off", "html"])
def test_long_list_is_answered_with_its_bill(
    bench: Bench, service: Service, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """One line with the bill, a yes and a sample that needs none; no place of an image is drawn."""
    monkeypatch.setenv("NANOBANANA_STATUS", status)
    service.fault("estimate", times=None, delay_s=0.4)  # long enough for a status to stand there
    bench.like_a_kernel()
    _many(bench, 300)
    ran = bench.fails(SHEET.format(" -o g"), BudgetError)
    assert "300 things = 300 images, 1,200 credits" in ran.told
    assert "`--yes` runs it. `--sample 20` draws 20 of the combinations." in ran.told
    left = ran.all("text/html")[-1] if ran.outputs else ""
    assert "<table" not in left
    assert len(left) < 500
    assert service.creates() == []
    assert "g" not in bench.names


@pytest.mark.parametrize(
    ("options", "sample"),
    [
        (" -n 2", "--sample 12"),  # 24 images of 4 credits are 96
        (" -m nano-banana-pro -r 4K", "--sample 10"),
        (" --max-credits 10", "--sample 2"),
        (" --max-credits 5", ""),  # one alone is no comparison
        (" --sample 200", ""),  # the person knows it
    ],
)
def test_offered_sample_needs_no_yes(bench: Bench, options: str, sample: str) -> None:
    """It is as large as the limit pays for, and what it offers would run."""
    _many(bench, 300)
    told = bench.fails(SHEET.format(options), BudgetError).told
    assert ("`--sample" in told) == bool(sample)
    if sample:
        assert f"`{sample}`" in told
        assert "credits" in bench.run(SHEET.format(f"{options} {sample} --dry-run")).text
        assert bench.run(SHEET.format(f"{options} {sample} --no-wait")).error is None


def test_python_is_told_its_own_words(bench: Bench) -> None:
    """`sample=20`, and nothing of the kind where no sample can be drawn."""
    _many(bench, 300)
    bench.run("from nanobanana_nb import generate, sweep")
    told = bench.fails("sweep('A {thing}', {'thing': thing})", BudgetError).told
    assert "`sample=20` draws 20 of the combinations." in told
    assert "sample" not in bench.fails("generate('A fox', repeats=40)", BudgetError).told
