"""The calls as they go out, and the small answers: ids, numbers, names, upload slots."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Answer, Estimate
from nanobanana_nb.errors import UnexpectedAnswerError
from tests.api.test_wire_codes import said

WIRE = CrunWire()
ROOT = "/api/v1/client"


def good(data: Any) -> Answer:
    """A good answer with this data."""
    return said(200, {"code": 200, "message": "success", "data": data})


def test_create_sends_what_is_set_and_no_more() -> None:
    """The body has the model and the input; a callback only when there is one."""
    fields = {"prompt": "a heron", "aspect_ratio": "16:9"}
    call = WIRE.create("google/nano-banana", fields, None)
    assert (call.method, call.path) == ("POST", f"{ROOT}/job/CreateTask")
    assert call.body == {"model": "google/nano-banana", "input": fields}
    with_callback = WIRE.create("m", fields, "https://me.example/x").body
    assert with_callback == {"model": "m", "input": fields, "callback_url": "https://me.example/x"}


def test_only_create_creates() -> None:
    """The one call that costs money is marked, and marked as not to be repeated."""
    create = WIRE.create("m", {}, None)
    assert (create.creates, create.repeatable) == (True, False)
    others = [WIRE.info("t"), WIRE.balance(), WIRE.models(), WIRE.schema("m")]
    others += [WIRE.upload("image/png"), *WIRE.estimates("m", {})]
    assert [(call.creates, call.repeatable) for call in others] == [(False, True)] * 7


def test_addresses_of_the_other_calls() -> None:
    """Each call has the path and the query of the contract."""
    assert WIRE.info("a b/c").query == {"task_id": "a b/c"}
    assert WIRE.info("x").path == f"{ROOT}/job/TaskInfo"
    assert WIRE.balance().path == f"{ROOT}/account/balance"
    assert WIRE.models().path == f"{ROOT}/job/Models"
    assert WIRE.models().query == {"modality": "image"}
    assert WIRE.upload("image/jpeg").path == f"{ROOT}/files/upload-url"
    assert WIRE.upload("image/jpeg").query == {"content_type": "image/jpeg", "ext": ".jpg"}
    assert WIRE.upload("image/gif").query == {"content_type": "image/gif", "ext": ".gif"}


def test_slash_of_a_model_is_not_escaped() -> None:
    """The model stands in the path as it is, except for what would end the path."""
    assert WIRE.schema("google/nano-banana").path == f"{ROOT}/job/Models/google/nano-banana"
    assert WIRE.schema("a?b c").path == f"{ROOT}/job/Models/a%3Fb%20c"


def test_documented_estimate_comes_first() -> None:
    """The documented estimate is asked before the one of the vendor's own client."""
    calls = WIRE.estimates("m", {"prompt": "p"})
    assert [call.path.rpartition("/")[2] for call in calls] == ["estimate-credits", "EstimateTask"]
    assert all(call.body == {"model": "m", "input": {"prompt": "p"}} for call in calls)


@pytest.mark.parametrize("task_id", ["task_12345678", "7f0c-11", " t ", "ü/?&", 12, 1])
def test_task_id_is_any_text(task_id: Any) -> None:
    """An id is taken as it is, whatever its shape; a number becomes its digits."""
    assert WIRE.read_created(good({"task_id": task_id})) == str(task_id)


@pytest.mark.parametrize("data", [None, {}, [], "t", {"task_id": ""}, {"task_id": None}])
def test_success_without_id_is_no_task(data: Any) -> None:
    """A create that was accepted and not named cannot be followed."""
    with pytest.raises(UnexpectedAnswerError):
        WIRE.read_created(good(data))


@pytest.mark.parametrize("task_id", [True, False, ["t"], {"id": "t"}])
def test_id_that_is_no_text_is_refused(task_id: Any) -> None:
    """What cannot be asked for later is no id."""
    with pytest.raises(UnexpectedAnswerError):
        WIRE.read_created(good({"task_id": task_id}))


@pytest.mark.parametrize(("value", "number"), [(996, 996.0), (12.5, 12.5), ("12.5", 12.5), (0, 0)])
def test_balance_is_a_number(value: Any, number: float) -> None:
    """A balance may be a fraction and may be a string."""
    assert WIRE.read_balance(good({"balance": value})) == number


@pytest.mark.parametrize("value", [None, True, "much", [], float("inf"), "nan"])
def test_balance_that_is_no_number_is_unexpected(value: Any) -> None:
    """A balance that is no finite number is no balance."""
    with pytest.raises(UnexpectedAnswerError, match="balance"):
        WIRE.read_balance(good({"balance": value}))


@pytest.mark.parametrize(
    ("data", "estimate"),
    [
        ({"credits": 4, "estimated": False}, Estimate(4, exact=True)),
        ({"credits": "4.5", "estimated": True}, Estimate(4.5)),
        ({"credits": 4}, Estimate(4)),
        ({"estimated_credits": 4, "balance": 96, "affordable": True}, Estimate(4, balance=96)),
        ({"estimated_credits": 4, "balance": "odd"}, Estimate(4)),
    ],
)
def test_both_estimates_are_read(data: dict[str, Any], estimate: Estimate) -> None:
    """Either estimate gives the price; only `estimated: false` is an exact one."""
    assert WIRE.read_estimate(good(data)) == estimate


@pytest.mark.parametrize("data", [None, {}, {"credits": None}, {"estimated_credits": "odd"}])
def test_estimate_without_price_is_unexpected(data: Any) -> None:
    """An estimate that names no price is an error."""
    with pytest.raises(UnexpectedAnswerError):
        WIRE.read_estimate(good(data))


@pytest.mark.parametrize(
    ("rows", "names"),
    [([{"model": "a"}, {"model": None}, "b", {"name": "c"}], ("a",)), (None, ()), ([], ())],
)
def test_models_are_the_names(rows: Any, names: tuple[str, ...]) -> None:
    """Rows that name no model are left out."""
    assert WIRE.read_models(good({"models": rows})) == names


def test_upload_slot_has_both_links_and_shows_neither() -> None:
    """A slot without one of its links is an error; its repr shows no link."""
    both = {"presigned_url": "https://a/put?sig=1", "file_url": "https://a/get?sig=2"}
    slot = WIRE.read_upload(good(both))
    assert (slot.put_url, slot.file_url) == (both["presigned_url"], both["file_url"])
    assert "sig" not in repr(slot)
    for name in both:
        with pytest.raises(UnexpectedAnswerError):
            WIRE.read_upload(good({**both, name: None}))
