"""What each model takes."""

from __future__ import annotations

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog


def test_knows_the_seven_models() -> None:
    """The catalog holds the whole family."""
    assert len(catalog.MODELS) == 7


@pytest.mark.parametrize("field", ["output_format", "resolution"])
def test_what_a_model_ignores_is_not_sent_and_told(field: str) -> None:
    """The v2 model does not take a format or a resolution: neither goes out."""
    found = catalog.fit("google/nano-banana-v2", {field: "x", "aspect_ratio": "1:1"}, 0)
    assert found.parameters == {"aspect_ratio": "1:1"}
    assert found.notes == (f"google/nano-banana-v2 does not take {field}: not sent",)


@pytest.mark.parametrize(
    ("model", "given", "sent"),
    [
        ("nano-banana", "jpg", "jpeg"),
        ("nano-banana-pro", "jpeg", "jpg"),
        ("nano-banana", "PNG", "png"),
    ],
)
def test_each_model_gets_its_own_spelling(model: str, given: str, sent: str) -> None:
    """jpeg and jpg are one thing to the person and two to the models."""
    found = catalog.fit(model, {"output_format": given}, 0)
    assert found.parameters == {"output_format": sent}
    assert found.notes == ()


def test_the_prefix_may_be_left_out() -> None:
    """`nano-banana-2` is `google/nano-banana-2`."""
    assert catalog.fit("nano-banana-2", {}, 0).model == "google/nano-banana-2"


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("nano-banana-2.1", "google/nano-banana-2.1"),
        (" nano-banana-3 ", "google/nano-banana-3"),
        ("Nano-Banana-9", "google/Nano-Banana-9"),
        ("gemini-nano-banana-2.1", "google/gemini-nano-banana-2.1"),
        ("google/nano-banana-2.1", "google/nano-banana-2.1"),
        ("other/nano-banana-2.1", "other/nano-banana-2.1"),
        ("image-upscale", "image-upscale"),
    ],
)
def test_a_new_model_of_the_family_gets_its_prefix(model: str, sent: str) -> None:
    """Ids without it are refused; the note says under which name it goes out."""
    found = catalog.fit(model, {}, 0)
    assert found.model == sent
    assert "is not a model known here: sent " in found.notes[0]
    assert (f"sent as {sent}" in found.notes[0]) is (sent != model.strip())


@pytest.mark.parametrize("model", ["Nano-Banana-Pro", "GOOGLE/nano-banana-pro", "nano-banana-pro "])
def test_case_and_blanks_make_no_other_model(model: str) -> None:
    """A known model is known however it is typed."""
    assert catalog.fit(model, {}, 0).model == "google/nano-banana-pro"


def test_an_unknown_model_is_sent_with_a_warning() -> None:
    """The service is the judge; the nearest known name is offered."""
    found = catalog.fit("google/nano-banan", {"anything": 1}, 0)
    assert found.model == "google/nano-banan"
    assert found.parameters == {"anything": 1}
    assert "did you mean google/nano-banana?" in found.notes[0]


def test_an_unknown_ratio_is_sent_with_a_warning() -> None:
    """A ratio outside the table goes out and the person is told what is known."""
    found = catalog.fit("nano-banana", {"aspect_ratio": "7:5"}, 0)
    assert found.parameters == {"aspect_ratio": "7:5"}
    assert "16:9" in found.notes[0]


def test_too_long_and_too_many_are_warned_about() -> None:
    """A long prompt and many images are the service's to refuse, after a warning."""
    notes = catalog.fit("nano-banana", {}, 11).notes
    assert len(notes) == 1
    assert len(catalog.too_long("google/nano-banana", "x" * 5001)) == 1


@pytest.mark.parametrize("prompt", ["", "  \n\t"])
def test_an_empty_prompt_is_an_error(prompt: str) -> None:
    """Nothing to ask for: nothing is sent."""
    with pytest.raises(InputError, match="empty"):
        catalog.check_prompt(prompt)


@pytest.mark.parametrize("model", ["google/", "/nano-banana", "/", " google/ "])
def test_half_a_name_of_a_model_is_refused(model: str) -> None:
    """A maker without a model, or a model without its maker, is told before anything is sent."""
    with pytest.raises(InputError, match="half a name"):
        catalog.fit(model, {}, 0)


@pytest.mark.long
@pytest.mark.parametrize("model", ["nano-banana", "nano-banana-2", "nano-banana-pro-v2"])
@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("16x9", "16:9"),
        ("16\uff1a9", "16:9"),
        ("16/9", "16:9"),
        ("16 : 9", "16:9"),
        ("landscape", "one of 1:1"),
        ("16:", "one of 1:1"),
        ("1920x1080", "16:9"),
        ("21x9", "21:9"),
        (1.5, "one of 1:1"),
    ],
)
def test_what_is_not_written_like_a_ratio_is_refused(model: str, given: object, meant: str) -> None:
    """The nearest spelling is told; a ratio that nobody knows is left to the service."""
    with pytest.raises(InputError, match=f"is not written like a ratio. Write {meant}"):
        catalog.fit(model, {"aspect_ratio": given}, 0)
    for ratio in ("7:3", "2.39:1", "auto", "16:9", None):
        sent = catalog.fit(model, {"aspect_ratio": ratio}, 0).parameters.get("aspect_ratio")
        assert sent == ratio
    assert (
        catalog.fit("google/next", {"aspect_ratio": given}, 0).parameters["aspect_ratio"] == given
    )


SLIPS = [
    *(
        ("nano-bannana", "nano-banana"),
        ("nanobanana", "nano-banana"),
        ("Nano_Bananna", "nano-banana"),
    ),
    *(("nano-banana-por", "nano-banana-pro"), ("nano-banana-2-lit", "nano-banana-2-lite")),
    ("nano banan 2", "nano-banana-2"),
]


@pytest.mark.parametrize(("name", "meant"), SLIPS)
def test_slip_of_a_model_is_refused_with_its_name(name: str, meant: str) -> None:
    """Nothing is sent that no service has; the whole name insists."""
    with pytest.raises(InputError, match=f"did you mean {meant}\\?") as caught:
        catalog.fit(name, {}, 0)
    assert f"google/{name} would be sent" in caught.value.action
    assert catalog.fit(f"google/{name}", {}, 0).model == f"google/{name}"


@pytest.mark.parametrize("name", ["nano-banana-3", "nano-banana-max", "nano-banana-v3", "painter"])
def test_model_that_came_after_the_table_is_sent(name: str) -> None:
    """Another number or another word is a newer model's name."""
    assert catalog.fit(name, {}, 0).notes
