"""What the service's own schema says where the catalog knows nothing."""

from __future__ import annotations

import pytest

from nanobanana_nb.model import live_schema
from nanobanana_nb.model.request import GenerationRequest, as_parameters

SCHEMA = {
    "required_input_fields": ["prompt"],
    "input_schema": {
        "properties": {
            "prompt": {"type": "string"},
            "img_urls": {"type": "array"},
            "mood": {"enum": ["calm", "wild"]},
            "strength": {"type": "number"},
        }
    },
}


def asked(model: str = "other/new", **parameters: object) -> GenerationRequest:
    """A request of a model that the catalog does not know."""
    return GenerationRequest("crun", model, "a heron", (), as_parameters(parameters))


def test_fields_are_the_parameters() -> None:
    """Prompt and images are no parameters; a schema that is none has no fields."""
    assert live_schema.fields(SCHEMA) == ("mood", "strength")
    assert live_schema.fields({}) == live_schema.fields({"input_schema": 3}) == ()


def test_only_what_the_catalog_cannot_judge_is_looked_up() -> None:
    """A known model with known parameters needs no schema."""
    known = asked("google/nano-banana", aspect_ratio="1:1")
    odd = asked("google/nano-banana", mood="calm")
    assert live_schema.beyond_catalog([known]) == ()
    assert live_schema.beyond_catalog([known, odd, asked()]) == ("google/nano-banana", "other/new")


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"mood": "calm"}, []),
        ({"mood": "angry"}, ["mood angry"]),
        ({"strength": 3, "colour": "red"}, ["no field colour"]),
    ],
)
def test_doubts_name_field_and_value(parameters: dict[str, object], told: list[str]) -> None:
    """A value outside the schema's list, and a field that it has not, are each noted once."""
    requests = [asked(**parameters), asked(**parameters)]
    found = live_schema.doubts("other/new", SCHEMA, requests)
    assert len(found) == len(told)
    assert all(word in note for word, note in zip(told, found, strict=True))
    assert live_schema.doubts("other/new", {}, requests) == ()
