"""The models as a table: what an image of each costs, and in what they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from nanobanana_nb.model.catalog import MODELS, PREFIX, ModelInfo
from nanobanana_nb.model.request import GenerationRequest, as_parameters
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.report import Report

MOST_PRICES = 20  # calls that the service takes at once
HEADERS = ("model", "credits", "sizes", "formats", "images", "also")
_SIZE, _RATIO = "resolution", "aspect_ratio"
_SLASH = " / "


def names(listing: Collection[str] | None) -> list[str]:
    """Return the models of the service, known ones first; all known ones where it lists none."""
    if listing is None:
        return [*MODELS]
    return [*(name for name in MODELS if name in listing), *(n for n in listing if n not in MODELS)]


def price_requests(provider: str, models: Iterable[str]) -> list[GenerationRequest]:
    """Return one request for each size of each model, as many as can be asked for at once."""
    requests = [
        GenerationRequest(provider, name, "A heron", (), as_parameters({_SIZE: size}))
        for name in models
        for size in _sizes(name) or (None,)
    ]
    return requests[:MOST_PRICES]


def model_table(
    models: Iterable[str], prices: Mapping[GenerationRequest, float | None], doubt: str
) -> Report:
    """Return the table; what all models take alike stands below it.

    Args:
        prices: of one image each; a model without any has a dash.
        doubt: why something is not known.
    """
    models = list(models)
    known = [MODELS[name] for name in models if name in MODELS]
    shared = [r for r in _ratios(known[0]) if all(r in _ratios(i) for i in known)] if known else []
    costs: dict[str, list[float | None]] = {name: [] for name in models}
    for request, price in prices.items():
        costs[request.model].append(price)
    rows = [
        [name.removeprefix(PREFIX), _price(costs[name]), *_facts(MODELS.get(name), shared)]
        for name in models
    ]
    each = f"Each takes the aspect ratios {', '.join(shared)}." if shared else ""
    how = "Credits are for one image, by size; images are how many references it takes."
    how += " `-m nano-banana-pro` chooses a model."
    return Report.table(HEADERS, rows, " ".join(filter(None, (each, how, doubt))))


def _sizes(model: str) -> tuple[str, ...]:
    info = MODELS.get(model)
    return info.choices.get(_SIZE, ()) if info else ()


def _ratios(info: ModelInfo) -> tuple[str, ...]:
    return info.choices.get(_RATIO, ())


def _price(costs: list[float | None]) -> str:
    """Return the price of each size, once where they are all the same."""
    texts = ["–" if cost is None else wording.number(cost) for cost in costs]
    return texts[0] if len(set(texts)) == 1 else _SLASH.join(texts) or "–"


def _facts(info: ModelInfo | None, shared: Collection[str]) -> list[str]:
    """Return sizes, formats, how many reference images, and what a model takes besides."""
    if info is None:
        return ["–", "–", "–", "not known here: options are sent as they are"]
    also = [ratio for ratio in _ratios(info) if ratio not in shared]
    also += [name for name in ("google_search",) if name in info.choices]
    sizes, formats = info.choices.get(_SIZE, ()), info.choices.get("output_format", ())
    return [
        _SLASH.join(sizes) or "–",
        ", ".join(formats) or "–",
        str(info.max_images),
        ", ".join(also),
    ]
