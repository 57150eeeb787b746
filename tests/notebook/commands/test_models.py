"""`%nanobanana models`: what an image of each costs, and in what they differ."""

from __future__ import annotations

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.model.catalog import MODELS, RATIOS
from nanobanana_nb.simulator.models import MODELS as SIMULATED
from tests.html_reader import Reader
from tests.notebook.bench import Bench
from tests.service import Service


def rows(text: str) -> dict[str, list[str]]:
    """The cells of each row by the model's name."""
    lines = [line.split("  ") for line in text.strip().splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    return {line[0]: line[1:] for line in cells if line}


def test_each_has_its_price(bench: Bench) -> None:
    """One number, or one for each size; each is what the service asks."""
    table = rows(bench.run("%nanobanana models").text)
    for name, model in SIMULATED.items():
        prices = dict.fromkeys(f"{price:g}" for price in model.prices)
        several = [f"{price:g}" for price in model.prices]
        price = table[name.removeprefix("google/")][0]
        assert price == (next(iter(prices)) if len(prices) == 1 else " / ".join(several))


def test_ratios_are_said_once(bench: Bench) -> None:
    """What all models take stands below the table, what some take more in their row."""
    ran = bench.run("%nanobanana models")
    for text in (ran.text, Reader(ran.html).text):
        assert text.count(", ".join(RATIOS[:5])) == 1
        assert text.count("8:1") == sum("8:1" in i.choices["aspect_ratio"] for i in MODELS.values())


def test_nothing_is_created(bench: Bench, service: Service) -> None:
    """Prices are asked for, and within what the service takes at once."""
    bench.run("%nanobanana models")
    assert service.creates() == []


def test_model_that_is_not_known_has_a_row(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that came later is told with a dash for what nobody knows."""

    async def models(client: Client) -> tuple[str, ...]:
        return ("google/nano-banana", "acme/painter")

    monkeypatch.setattr(Client, "models", models)
    table = rows(bench.run("%nanobanana models").text)
    assert table["acme/painter"][0] == "–"
    assert "not known here" in table["acme/painter"][-1]
    assert "nano-banana-pro" not in table, "the service does not have it"


def test_prices_that_nobody_tells_are_dashes(bench: Bench, service: Service) -> None:
    """A service that does not estimate still has its table."""
    service.fault("estimate", times=None, status=500)
    table = rows(bench.run("%nanobanana models").text)
    assert table["nano-banana"][0] == "–"
    assert "1K / 2K / 4K" in table["nano-banana-pro"]
