"""A branch of edits in other words: what its steps need, and which of them are paid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nanobanana_nb.errors import InputError, OutcomeUnknownError, ReferenceImageError
from nanobanana_nb.model.lineage import Step
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.run import branch
from nanobanana_nb.run.inputs.reference import reference
from tests.fixtures import OpenSession, png
from tests.run.conftest import plan
from tests.service import MODEL, Service


def asked(prompt: str) -> GenerationRequest:
    """A request for the service of the test."""
    return GenerationRequest("crun", MODEL, prompt)


def test_steps_are_begun_while_the_ledger_has_their_images(
    open_session: OpenSession, service: Service
) -> None:
    """A task that is unknown, failed or open is no image, nor is one that was never asked for."""
    session = open_session(service)
    one = session.submit(plan(repeats=1)).result().one
    step = Step(one.request)
    assert branch.count_of_images(session, [step, Step(asked("new")), step]) == 1
    service.fault("create", status=500)
    job = session.submit(plan("another", repeats=1))
    with pytest.raises(OutcomeUnknownError):
        job.result()
    unknown = job.generations[0]
    assert branch.count_of_images(session, [step, Step(unknown.request)]) == 1
    assert branch.count_of_images(session, [step, step]) == 2


def test_step_after_another_waits_for_its_image(
    open_session: OpenSession, service: Service
) -> None:
    """The image that is made anew need not be at hand; any other one must be."""
    session = open_session(service)
    one = session.submit(plan(repeats=1)).result().one
    made, other = reference(one), reference(png("ff0000"))
    bare = replace(made, data=None)
    request = replace(asked("night"), images=(bare,))
    step = branch._completed(session, Step(request, parent=one.sha256), {})
    assert step.request.images[0].data is None
    kept = branch._completed(session, Step(request), {}).request.images[0]
    assert kept.data == made.data, "the ledger has what it made"
    outside = replace(request, images=(replace(other, data=None),))
    for parent in (None, one.sha256):
        with pytest.raises(ReferenceImageError, match="not at hand"):
            branch._completed(session, Step(outside, parent), {})
    linked = replace(request, images=(reference("https://other.example/a.png"),))
    assert branch._completed(session, Step(linked), {}).request.images == linked.images
    held = branch._completed(session, Step(outside), {other.identity: other})
    assert held.request.images == (other,)


def test_image_of_no_ledger(open_session: OpenSession, service: Service) -> None:
    """It has no branch."""
    session = open_session(service)
    one = session.submit(plan(repeats=1)).result().one
    with pytest.raises(InputError, match="does not know"):
        branch.steps(session, replace(one, id=None), {"a": "b"})
