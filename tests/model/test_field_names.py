"""Names that are no input field of a model: what was meant is told, and nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog, field_names
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.settings.config import VARIABLES

NEAR = {
    **dict.fromkeys(("n", "num_images", "count", "repeat", "Repeats", "repeat_s"), "repeats"),
    **dict.fromkeys(("image", "img_urls", "image_url", "reference_images", "imagess"), "images"),
    **dict.fromkeys(("ratio", "aspectratio", "aspect", "aspect_ration", "AR"), "aspect_ratio"),
    **dict.fromkeys(("format", "output_fromat", "outputformat"), "output_format"),
    **dict.fromkeys(("size", "resolutoin", "image_size"), "resolution"),
    **dict.fromkeys(("zip", "zips"), "zipped"),
    **dict.fromkeys(("webhook", "callback", "callbackurl", "callback_uri"), "callback_url"),
    **dict.fromkeys(("budget", "maxcredits", "max_credit"), "max_credits"),
    **dict.fromkeys(("modell", "model_name"), "model"),
    **dict.fromkeys(("seed", "Seed", "random_seed"), "no seed"),
    **dict.fromkeys(("mask", "mask_url", "mask_image"), "no mask"),
    **dict.fromkeys(("negative_prompt", "negativeprompt"), "not to show"),
    **dict.fromkeys(("max_spend", "cost_limit", "spend_limit", "max_budget"), "max_credits"),
    **dict.fromkeys(("price_limit", "maxSpend", "credit-limit", "limit"), "max_credits"),
    **dict.fromkeys(("numberOfImages", "candidate_count", "sampleCount"), "repeats"),
    **dict.fromkeys(("number_of_outputs", "candidateCount"), "repeats"),
    **dict.fromkeys(("imageSize", "ImageSize"), "resolution"),
    **dict.fromkeys(("confirm_above", "wait_s", "home", "timeout", "max_credits_day"), "setting"),
    **dict.fromkeys(("api_key", "key", "token", "authorization", "secret"), "never an input"),
    **dict.fromkeys(("password", "CRUN_API_KEY", "apiKey", "access_token"), "never an input"),
    "text": "prompt",
    "google_serach": "google_search",
    "sampleseed": "sample_seed",
    "columns": "cols",
}


def planned(**options: Any) -> Plan:
    """A plan of one prompt, at no service."""
    given = {"provider": "crun", "model": "google/nano-banana", **options}
    return make_plan(given.pop("prompt", "A cat"), **given)


@pytest.mark.parametrize(("name", "meant"), NEAR.items())
def test_near_miss_is_told(name: str, meant: str) -> None:
    """A slip of an option or a field, or a wish known from elsewhere, names what was meant."""
    with pytest.raises(InputError, match=f"Not sent: {name} is no input field") as refused:
        planned(parameters={name: 1})
    assert meant in str(refused.value)


@pytest.mark.parametrize("name", [*VARIABLES, *VARIABLES.values()])
def test_no_setting_is_a_field(name: str) -> None:
    """Whatever can be set, by its name or its variable, is told as a setting or an option."""
    if name in catalog.FAMILY_FIELDS:
        return
    with pytest.raises(InputError) as refused:
        planned(parameters={name: 1})
    assert "It is a setting" in str(refused.value) or name in field_names.NAMES


@pytest.mark.parametrize("name", field_names.NAMES)
def test_option_is_no_field(name: str) -> None:
    """An option of ours that came as a field is told where it goes; fields of the family are."""
    if name in catalog.FAMILY_FIELDS:
        assert planned(parameters={name: "1:1"}).cells
        return
    with pytest.raises(InputError, match="Not sent"):
        planned(parameters={name: 1})


@pytest.mark.parametrize("name", ["style", "quality", "safety_level", "thinking", "a", "tone"])
def test_far_name_is_the_services_to_judge(name: str) -> None:
    """What resembles nothing goes with a note, as the service may know more than we do."""
    plan = planned(parameters={name: "x"})
    assert plan.cells[0].request.parameter(name) == "x"
    assert any(name in note for note in plan.notes)


@pytest.mark.parametrize("name", ["seed", "n", "mask_url", "image", "size", "callback_url"])
@pytest.mark.parametrize("model", ["google/nano-banana", "acme/painter"])
def test_field_of_the_schema_goes(name: str, model: str) -> None:
    """Where the model's own schema has a field, the field is meant."""
    plan = planned(model=model, parameters={name: 7}, fields=lambda: [name])
    assert plan.cells[0].request.parameter(name) == 7


def test_wish_goes_to_a_model_that_nobody_knows() -> None:
    """Of an unknown model without a schema nobody can say that it takes no seed."""
    assert planned(model="acme/painter", parameters={"seed": 7}).cells
    with pytest.raises(InputError, match="repeats"):
        planned(model="acme/painter", parameters={"n": 7})


@pytest.mark.parametrize(
    "axis",
    [
        {"axes": {"n": [1, 2]}},
        {"vary": ["n=1|2"]},
        {"prompt": "A cat\n---\nn: 1 | 2"},
    ],
)
def test_axis_of_a_near_miss_is_told(axis: dict[str, Any]) -> None:
    """An axis is no way around: given, on the option line and below the prompt alike."""
    with pytest.raises(InputError, match=r"Not sent: n is no input field.*repeats"):
        planned(model="acme/painter", namespace={}, **axis)


def test_slip_of_a_placeholder_is_told() -> None:
    """A value for a place of the prompt, under a name that is nearly its own."""
    with pytest.raises(InputError, match="Did you mean animal"):
        planned(prompt="A {animal}", namespace={"animal": "cat"}, parameters={"animl": "dog"})


def test_schema_is_asked_about_unknown_names_alone() -> None:
    """What the family is known to take costs no call."""

    def fields() -> list[str]:
        raise AssertionError("nobody is to be asked")

    assert planned(parameters={"aspect_ratio": "1:1", "resolution": "2K"}, fields=fields).cells


def test_place_of_the_prompt_is_no_field() -> None:
    """The value of a placeholder that is given as a field is not sent as one."""
    with pytest.raises(InputError, match="place of the prompt"):
        planned(prompt="A {style} cat", namespace={"style": "ink"}, parameters={"style": "flat"})
