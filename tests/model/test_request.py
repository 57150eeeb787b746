"""The identity of a request."""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.request import GenerationRequest, ReferenceImage, as_parameters

REQUEST = GenerationRequest("crun", "google/nano-banana", "a cat")
SIGNED = "https://a.test/cat.png?X-Signature=psst"
FINGERPRINT = "ee1d11e8d975467773fbbf5394181d804934bf65420815f63762d59b6a6f1233"
FINGERPRINT_OF_LINK = "6613752544dbbfa809b3dc7fb9b1fc44d1b126434e49b3648b7670344ea65a2d"
LINKS = (
    SIGNED,
    "https://me:psst@a.test/cat.png",
    "https://a.test/cat.png#psst",
    "https://a.test/ak_" + "psst" * 8,
    "https://a.test/a cat.png?x=1 psst",
)


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


@pytest.mark.long
@given(st.text(), st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_a_request_survives_its_record(prompt: str, values: dict[str, object]) -> None:
    """What the ledger writes gives the same request again, with the same fingerprint."""
    image = ReferenceImage.from_bytes(b"data", "image/png", "a")
    asked = replace(REQUEST, prompt=prompt, parameters=as_parameters(values), images=(image,))
    again = GenerationRequest.from_record(asked.to_record())
    assert again == asked
    assert again.fingerprint() == asked.fingerprint()


def test_fingerprints_stay_what_they_were() -> None:
    """What a ledger wrote years ago is still found: these two hashes never change."""
    link = replace(REQUEST, images=(ReferenceImage(url="https://a.test/cat.png"),))
    assert REQUEST.fingerprint() == FINGERPRINT
    assert link.fingerprint() == FINGERPRINT_OF_LINK


@pytest.mark.parametrize("url", LINKS)
def test_record_keeps_a_link_without_its_secret(url: str) -> None:
    """Neither record nor repr has what signs a link, and yet both name the same request."""
    asked = replace(REQUEST, images=(ReferenceImage(url=url, name=url),))
    record = json.loads(json.dumps(asked.to_record()))
    assert "psst" not in json.dumps(record) + repr(asked)
    assert "https://" in record["images"][0]["url"]
    again = GenerationRequest.from_record(record)
    assert again.fingerprint() == asked.fingerprint()
    assert again.images[0].identity == f"url-sha256:{hashlib.sha256(url.encode()).hexdigest()}"
    assert GenerationRequest.from_record(again.to_record()) == again


def test_another_signature_is_another_link() -> None:
    """Two links that differ in what is not recorded have two identities."""
    one, two = (ReferenceImage(url=SIGNED + end) for end in ("1", "2"))
    assert one.identity != two.identity
    assert one.to_record()["url"] == two.to_record()["url"]


def test_only_a_whole_reference_is_complete() -> None:
    """Bytes and whole links can be sent, and what a record gives back cannot always."""
    plain = ReferenceImage(url="https://a.test/cat.png")
    held = ReferenceImage.from_bytes(b"1", "image/png", "a")
    signed = ReferenceImage(url=SIGNED)
    assert plain.complete
    assert held.complete
    assert signed.complete
    again = [ReferenceImage(**image.to_record()) for image in (plain, held, signed)]
    assert [image.complete for image in again] == [True, False, False]
    assert again[0] == plain
    assert not ReferenceImage().complete


def test_repr_has_no_bytes() -> None:
    """A reference of megabytes shows its name, its type and its hash."""
    shown = repr(ReferenceImage.from_bytes(b"data" * 1000, "image/png", "a.png"))
    assert len(shown) < 200
    assert "'a.png'" in shown
    assert "datadata" not in shown


def test_private_request_leaves_its_prompt_out_of_its_record() -> None:
    """The record says that it is private; the fingerprint still is of the whole request."""
    private = replace(REQUEST, private=True)
    assert private == REQUEST
    assert private.fingerprint() == REQUEST.fingerprint()
    record = private.to_record()
    assert (record["prompt"], record["private"]) == ("", True)
    again = GenerationRequest.from_record(record)
    assert again.private
    assert again.prompt == ""
    assert again.to_record() == record


def test_record_of_an_earlier_version_is_read() -> None:
    """A record that knows neither private requests nor cut links is a whole request."""
    image = {"url": "https://a.test/b.png?c", "sha256": None, "media_type": None, "name": "b"}
    record = {**REQUEST.to_record(), "images": [image]}
    assert "private" not in record
    found = GenerationRequest.from_record(record)
    assert not found.private
    assert found.images[0].complete


def test_copies_compute_their_fingerprint_themselves() -> None:
    """What is pickled is the request alone; a changed copy has another fingerprint."""
    request = replace(REQUEST, prompt="a hare")
    unasked = pickle.dumps(request)
    mark = request.fingerprint()
    assert pickle.dumps(request) == unasked
    assert pickle.loads(unasked).fingerprint() == mark
    assert replace(request, repeat=2).fingerprint() != mark
