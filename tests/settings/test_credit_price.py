"""What credits are in money, where somebody has said so, and nothing where it is not plain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nanobanana_nb as nb
from nanobanana_nb.errors import BudgetError
from nanobanana_nb.model.cost import money
from nanobanana_nb.notebook.commands import registry
from nanobanana_nb.settings.config import rows, unknown_variables

CRUN = "NANOBANANA_CRUN_CREDIT_PRICE"


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        ("5 USD/1000", " (0.02 USD)"),
        ("5USD/1,000", " (0.02 USD)"),
        ("0.005 usd", " (0.02 USD)"),
        ("$5/1000", " (0.02 $)"),
        ("5 € per 1000 credits", " (0.02 €)"),
        ("4,50 EUR / 1 000", " (0.018 EUR)"),
        ("1 JPY", " (4.00 JPY)"),
        ("'5 USD/1000'", " (0.02 USD)"),
        ("1e9 USD", ""),
        ("0.00001 USD/1000", " (0.00000004 USD)"),
        ("5 USD/0", ""),
        ("0 USD/1000", ""),
        ("5/1000", ""),
        ("$5 USD/1000", ""),
        ("five USD", ""),
        ("-5 USD/1000", ""),
        ("", ""),
    ],
)
def test_price_is_read(price: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four credits by it; what cannot be read is told as a stray setting, and shows nothing."""
    monkeypatch.setenv(CRUN, price)
    assert money(4, "crun") == shown
    assert money(4, "simulator") == ""
    strays = [line for line in unknown_variables() if CRUN in line]
    assert len(strays) == (1 if price and not shown else 0)


@pytest.mark.parametrize(
    ("credits", "shown"),
    [(0, "0.00"), (1, "0.005"), (4, "0.02"), (12, "0.06"), (240, "1.20"), (1e6, "5,000.00")],
)
def test_small_amounts_keep_two_digits(
    credits: float, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of a cent is no 0.00."""
    monkeypatch.setenv(CRUN, "5 USD/1000")
    assert money(credits, "crun") == f" ({shown} USD)"


def test_each_provider_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a provider stands in the variable, letters and digits alone."""
    monkeypatch.setenv("NANOBANANA_MY_LAB_CREDIT_PRICE", "1 CHF/10")
    assert money(4, "my-lab") == " (0.40 CHF)"
    assert money(4, "crun") == ""
    assert [row[3] for row in rows() if row[0] == "credit price"] == [
        "NANOBANANA_MY_LAB_CREDIT_PRICE"
    ]


def test_money_stands_beside_credits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the bill before anything is sent, under the images, and in what was spent."""
    monkeypatch.setenv("NANOBANANA_HOME", str(tmp_path))
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulator")
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0")
    monkeypatch.setenv("NANOBANANA_SIMULATOR_CREDIT_PRICE", "5 USD/1000")
    asked = nb.plan("A {cat|dog} [square]")
    assert "8 credits (0.04 USD)" in str(asked.bill())
    grid = nb.sweep("A {cat|dog} [square]", max_credits=8)
    assert "8 credits (0.04 USD)" in str(grid)
    assert "4 credits (0.02 USD) each" in str(grid)
    assert "4 credits (0.02 USD)" in str(grid[:1])
    with pytest.raises(BudgetError, match=r"8 credits \(0.04 USD\)"):
        nb.sweep("A {cat|dog} [square]", max_credits=4, fresh=True)
    assert "8 (0.04 USD)" in str(registry.run(["spend"]))
    assert "4 (0.02 USD)" in str(registry.run(["history"]))
    assert re.search(r"credits \([\d.]+ USD\) left at simulator", str(registry.run(["balance"])))
