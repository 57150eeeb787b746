"""The identity of a request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.request import GenerationRequest, ReferenceImage, as_parameters

REQUEST = GenerationRequest("crun", "google/nano-banana", "a cat")


def test_equal_requests_have_equal_fingerprints() -> None:
    """The order in which parameters were given does not count."""
    one = replace(REQUEST, parameters=as_parameters({"a": 1, "b": 2}))
    two = replace(REQUEST, parameters=as_parameters({"b": 2, "a": 1}))
    assert one.fingerprint() == two.fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "simulator"},
        {"model": "google/nano-banana-v2"},
        {"prompt": "a dog"},
        {"parameters": (("aspect_ratio", "16:9"),)},
        {"images": (ReferenceImage(url="https://x.test/a.png"),)},
        {"repeat": 2},
    ],
)
def test_everything_that_is_asked_counts(change: dict[str, object]) -> None:
    """Another provider, model, prompt, parameter, image or repeat is another request."""
    assert replace(REQUEST, **change).fingerprint() != REQUEST.fingerprint()


def test_reference_images_count_by_their_bytes() -> None:
    """The same bytes under another name are the same request; other bytes are not."""

    def asked(data: bytes, name: str) -> str:
        image = ReferenceImage.from_bytes(data, "image/png", name)
        return replace(REQUEST, images=(image,)).fingerprint()

    assert asked(b"1", "a.png") == asked(b"1", "b.png")
    assert asked(b"1", "a.png") != asked(b"2", "a.png")


@given(st.text(), st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_a_request_survives_its_record(prompt: str, values: dict[str, object]) -> None:
    """What the ledger writes gives the same request again, with the same fingerprint."""
    image = ReferenceImage.from_bytes(b"data", "image/png", "a")
    asked = replace(REQUEST, prompt=prompt, parameters=as_parameters(values), images=(image,))
    again = GenerationRequest.from_record(asked.to_record())
    assert again == asked
    assert again.fingerprint() == asked.fingerprint()
