"""Uploads and the links of results: each content goes once, and only while its link lives."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.inputs import uploads as uploading
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.run.inputs.uploads import UploadLinks
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession, png
from tests.run.conftest import plan
from tests.service import KEY, Service, serving

UPLOAD = "https://files.example/a.png"
RESULT = "https://media.example/a.png"


def test_result_goes_as_its_own_link(service: Service, open_session: OpenSession) -> None:
    """An image of just now is not uploaded: the service fetches what it has already."""
    session = open_session(service)
    root = made(session, "a heron")
    night = made(session, "make it night", root)
    made(session, "add a boat", night, root)
    one, two = sent(service)
    assert ["/media/" in link for link in (*one, *two)] == [True, True, True]
    assert two[1] == one[0], "the same content goes by the same link"
    assert uploads(service) == 0


def test_old_result_is_uploaded(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result that the service has forgotten is uploaded, and the task is fine."""
    session = open_session(service)
    root = made(session, "a heron")
    service.advance(3600.1)
    monkeypatch.setattr(uploading, "LINK_LIVES_S", 0.0)
    assert made(session, "make it night", root).ok
    assert uploads(service) == 1


@pytest.mark.long
@pytest.mark.parametrize("other", ["account", "service"])
def test_link_of_a_result_stays_with_its_account(
    service: Service, open_session: OpenSession, other: str
) -> None:
    """Another account and another service get the bytes, never a link that is not theirs."""
    root = made(open_session(service), "a heron")
    with serving() as second:
        where = service if other == "account" else second
        assert made(open_session(where, key=KEY + "2"), "make it night", root).ok
        ((link,),) = sent(where)
        assert uploads(where) == 1
    assert link.startswith(f"{where.url}/files/")


@pytest.mark.long
def test_refused_link_is_replaced_by_an_upload(service: Service, open_session: OpenSession) -> None:
    """A request that is refused with a result's link goes once more with its bytes: paid once."""
    session = open_session(service)
    root = made(session, "a heron")
    service.fault("create", status=422)
    night = made(session, "make it night", root)
    assert (len(service.creates()), len(service.tasks())) == (3, 2)
    assert "/files/" in sent(service)[0][0]
    made(session, "add a boat", night)
    assert "/files/" in sent(service)[-1][0], "from then on no result goes by its link"


def test_refusal_for_another_reason_is_told(service: Service, open_session: OpenSession) -> None:
    """A request without a result's link is not sent twice, and one with it at most twice."""
    session = open_session(service)
    root = made(session, "a heron")
    service.fault("create", status=422, times=None)
    for images, creates in (([root], 2), ([png()], 1), ([], 1)):
        before = len(service.creates())
        with pytest.raises(NanobananaError, match="422"):
            made(session, f"with {len(images)} after {before}", *images)
        assert len(service.creates()) - before == creates
    assert len(service.tasks()) == 1


def test_failed_task_is_not_asked_for_again_by_itself(
    service: Service, open_session: OpenSession
) -> None:
    """It may have cost something: the person asks again, and then the bytes are uploaded."""
    session = open_session(service)
    root = made(session, "a heron")
    service.fault("create", task="fail")
    with pytest.raises(NanobananaError):
        made(session, "make it night", root)
    assert (len(service.tasks()), uploads(service)) == (2, 0)
    assert made(session, "make it night", root).ok
    assert uploads(service) == 1


@pytest.mark.long
def test_interrupt_stops_the_second_try(service: Service, open_session: OpenSession) -> None:
    """Once the wait is over nothing leaves any more: what was refused stays refused."""
    session = open_session(service)
    root = made(session, "a heron")
    service.fault("create", status=422, delay_s=0.5)
    job = session.submit(plan("make it night", images=[reference(root)]))
    uploaded_later = len(service.creates())
    while len(service.creates()) == uploaded_later:
        assert not job.done()
    job.cancel()
    with pytest.raises(NanobananaError):
        job.result()
    assert (len(service.creates()), uploads(service)) == (2, 0)


def test_links_live_less_than_an_hour() -> None:
    """A link is not used in the last minutes of its life: the task may have to wait."""
    now = [0.0]
    links = UploadLinks(lambda: now[0])
    links.put("a", UPLOAD)
    links.put_result("b", RESULT)
    now[0] = uploading.LINK_LIVES_S - uploading.MARGIN_S - 1
    assert (links.get("a"), links.get("b")) == (UPLOAD, RESULT)
    now[0] += 1
    assert (links.get("a"), links.get("b")) == (None, None)


def test_upload_is_kept_before_a_result() -> None:
    """Of two links to the same bytes that of the upload is used while it lives."""
    now = [0.0]
    links = UploadLinks(lambda: now[0])
    links.put("a", UPLOAD)
    links.put_result("a", RESULT)
    assert links.get("a") == UPLOAD
    now[0] = uploading.LINK_LIVES_S
    links.put_result("a", RESULT)
    assert links.get("a") == RESULT


def test_distrust_takes_no_upload_away() -> None:
    """Only a failure with a result's link counts, and uploads stay as they are."""
    links = UploadLinks()
    links.put("a", UPLOAD)
    links.put_result("b", RESULT)
    assert not links.distrust("a", "c")
    assert links.get("b") == RESULT
    assert links.distrust("a", "b")
    links.put_result("c", RESULT)
    assert (links.get("a"), links.get("b"), links.get("c")) == (UPLOAD, None, None)


def test_links_of_long_runs_do_not_pile_up() -> None:
    """The newest thousand are remembered."""
    links = UploadLinks()
    for number in range(uploading.MOST_LINKS + 5):
        links.put_result(str(number), RESULT)
    assert (links.get("4"), links.get("5")) == (None, RESULT)


def made(session: Session, prompt: str, *images: Any) -> Generation:
    """The image of a prompt, made from others."""
    asked = plan(prompt, images=[reference(image) for image in images])
    made: Generation = session.submit(asked).result().one
    return made


def sent(service: Service) -> list[list[str]]:
    """The links in the body of each create that has any."""
    inputs = [call["body"]["input"] for call in service.creates() if call["body"]]
    return [given["img_urls"] for given in inputs if "img_urls" in given]


def uploads(service: Service) -> int:
    """How many files were put to the service."""
    return sum(call["method"] == "PUT" for call in service.calls())
