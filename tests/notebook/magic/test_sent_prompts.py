"""What is sent is shown before it is paid, and what only looks new is told."""

from __future__ import annotations

import pytest

from nanobanana_nb import generate, plan
from nanobanana_nb.errors import InputError
from tests.html_reader import Reader
from tests.notebook.bench import Bench
from tests.service import Service


def test_bill_shows_the_prompts_that_are_sent(bench: Bench, service: Service) -> None:
    """The first three as they go out, and how many more; the template stands above them."""
    bench.run("style = ['ink', 'oil', 'wax', 'chalk', 'lino']")
    ran = bench.run("%%nanobanana --dry-run\nA {style} heron")
    for text in (ran.text, Reader(ran.html).text):
        assert "A {style} heron" in text
        assert "prompt: A ink heron" in text
        assert "prompt: A wax heron" in text
        assert "A chalk heron" not in text
        assert "and 2 more prompts" in text
    assert service.creates() == []


def test_bill_shows_a_single_prompt_that_was_filled(bench: Bench) -> None:
    """One value that was filled in is seen; a prompt without places is there once."""
    bench.names.update(x=6, y=7)
    assert "prompt: A 6 heron" in bench.run("%%nanobanana --dry-run\nA {x} heron").text
    formula = bench.run("%%nanobanana --dry-run\n" + r"\frac{x}{y} on a board").text
    assert formula.count(r"\frac{x}{y} on a board") == 1
    assert "sends:" not in formula
    assert "{x}, {y} is LaTeX and stays as it is" in formula


def test_bill_of_a_plan_shows_them_too(bench: Bench) -> None:
    """`plan(...).bill()` says the same, for a private prompt as well: nothing is written down."""
    made = plan("A {bird}", {"bird": ["heron", "owl"]}, private=True)
    assert "prompt: A owl" in repr(made.bill())


def test_bill_of_the_panel_shows_them(bench: Bench) -> None:
    """The panel, which has the prompt itself, shows what becomes of it."""
    from nanobanana_nb.model.plan.bill import Bill
    from nanobanana_nb.show.html.html import bill_html

    made = plan("A {bird}", {"bird": ["heron", "owl"]})
    shown = Reader(bill_html(made, Bill(2, 0, 8.0, 10.0), True, written=False)).text
    assert "prompt: A heron" in shown
    assert "A {bird}" not in shown


def test_dry_run_binds_the_plan(bench: Bench, service: Service) -> None:
    """`--dry-run -o x` leaves the plan in x, and shows its bill."""
    ran = bench.run("%%nanobanana --dry-run -o asked\nA {red|blue} heron")
    assert "2 images" in ran.text
    assert len(bench.names["asked"].cells) == 2
    assert service.creates() == []


@pytest.mark.long
@pytest.mark.parametrize("text", ["A fox\r\n", "A fox  ", "\n\nA fox", "A fox\n \n", "A fox\u2028"])
def test_a_text_that_is_the_same_is_free(bench: Bench, service: Service, text: str) -> None:
    """Line ends and outer blanks of a file or a form do not pay again, whatever the door."""
    generate("A fox")
    assert generate(text).one.cached
    bench.names["text"] = text
    bench.run("%%nanobanana -o grid\n{text}")
    assert bench.names["grid"].one.cached
    assert len(service.creates()) == 1


@pytest.mark.long
@pytest.mark.parametrize("text", ["A  fo\u0301x", "A f\u00f3x\u200b", " A f\u00f3x"])
def test_a_text_that_looks_the_same_is_told(bench: Bench, service: Service, text: str) -> None:
    """What a reader takes for a prompt of the ledger is told in the bill; nothing is changed."""
    generate("A f\u00f3x")
    assert "looks the same" not in bench.run("%%nanobanana --dry-run\nA f\u00f3x").told
    bench.names["text"] = text
    ran = bench.run("%%nanobanana --dry-run\n{text}")
    assert "looks the same" in ran.text
    assert "%nanobanana show 1" in ran.text
    bench.run("%%nanobanana -o grid\n{text}")
    assert bench.names["grid"].one.request.prompt == text
    assert "looks the same" not in bench.run("%%nanobanana --dry-run\n{text}").text


@pytest.mark.long
@pytest.mark.parametrize(
    "options", ["-a 16:9", "-m nano-banana-pro", "--provider simulator -f png"]
)
def test_another_request_is_not_alike(bench: Bench, service: Service, options: str) -> None:
    """Model and parameters are told apart by everybody."""
    generate("A fox")
    assert "looks the same" not in bench.run(f"%%nanobanana --dry-run {options}\nA  fox").told


def test_a_private_prompt_is_not_found(bench: Bench, service: Service) -> None:
    """It is in no row, so nothing can be said of it."""
    generate("A fox", private=True)
    assert "looks the same" not in bench.run("%%nanobanana --dry-run\nA  fox").told


@pytest.mark.parametrize(
    "name",
    [
        *("In", "Out", "exit", "quit", "get_ipython", "_", "__", "_i", "_1", "_ih", "_dh"),
        *("__name__", "os", "made", "Kind", "print", "id", "open"),
    ],
)
def test_what_nobody_made_is_not_filled_in(bench: Bench, service: Service, name: str) -> None:
    """IPython's own names, modules, functions and builtins are unknown."""
    bench.run("import os\ndef made(): ...\nclass Kind: ...\n3")
    ran = bench.fails(f"%%nanobanana\nA {{{name}}}", InputError)
    assert f"not defined: {{{name}}}" in ran.told
    bench.fails(f"%%nanobanana -a {{{name}}}\nA cat", InputError)
    assert service.creates() == []


def test_an_own_value_of_such_a_name_is_filled_in(bench: Bench) -> None:
    """Who defines `exit` or `_style` means it."""
    bench.names.update(exit="door", _style="ink")
    assert bench.plan("", "A {exit}, {_style}").cells[0].request.prompt == "A door, ink"


def test_options_are_filled_in_before_they_are_paid(bench: Bench) -> None:
    """A ratio, a number and a field from the notebook arrive in the request."""
    bench.run("ratio, k, v = '16:9', 2, 'true'")
    plan = bench.plan("-m nano-banana-2 -a {ratio} -n {k} --set google_search={v}")
    assert len(plan.cells) == 2
    assert plan.cells[0].request.parameter("aspect_ratio") == "16:9"
    assert plan.cells[0].request.parameter("google_search") is True


def test_history_takes_any_word(bench: Bench) -> None:
    """An apostrophe is no quotation that somebody forgot to close."""
    generate("A heron's nest")
    ran = bench.run("%nanobanana history heron's")
    assert ran.error is None, ran.told
    assert "nest" in ran.told
