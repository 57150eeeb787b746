"""Which earlier try answers a request: an image, a task to fetch, an outcome not known, none."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import Generation, State
from tests.ledger.conftest import intent, number_of, picture, request_for, strangers

# From the best to the worst; a failure is no answer at all.
ORDER = ("image", "open", "image lost", "unknown", "failed")


def write(ledger: Ledger, kind: str, prompt: str = "a heron") -> Generation:
    """Write an earlier try of this kind and return it."""
    row = intent(ledger, request_for(prompt), 1.0)
    found = replace(row, task_id=f"t{row.id}")
    if kind in ("image", "image lost"):
        measured, path = ledger.images.store(picture(size=(16, 16)))
        found = replace(found, state=State.SUCCESS, path=path, **vars(measured))
        if kind == "image lost":
            found = replace(found, sha256="f" * 64, path=None)
    states = {"open": State.PENDING, "unknown": State.UNKNOWN, "failed": State.FAILED}
    found = replace(found, state=states.get(kind, found.state))
    ledger.record(found)
    return found


@pytest.mark.parametrize(("better", "worse"), list(itertools.combinations(ORDER, 2)))
@pytest.mark.parametrize("newest", ["better", "worse"])
def test_better_try_answers(ledger: Ledger, better: str, worse: str, newest: str) -> None:
    """The better of two tries answers, whichever was made later."""
    order = (worse, better) if newest == "better" else (better, worse)
    rows = {kind: write(ledger, kind) for kind in order}
    assert ledger.find(request_for().fingerprint()) == rows[better]


@pytest.mark.parametrize("kind", ORDER[:-1])
def test_newest_of_equals_answers(ledger: Ledger, kind: str) -> None:
    """Of two tries of the same worth the newer one answers."""
    write(ledger, kind)
    newer = write(ledger, kind)
    assert ledger.find(request_for().fingerprint()) == newer


@pytest.mark.parametrize("state", [State.PENDING, State.RUNNING, State.DETACHED])
def test_every_open_state_is_to_be_fetched(ledger: Ledger, state: State) -> None:
    """A task that the service has is fetched, in whatever state it was left."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=state, task_id="t1"))
    write(ledger, "unknown")
    found = ledger.find(request_for().fingerprint())
    assert found is not None
    assert (found.id, found.state) == (row.id, state)


def test_intent_without_answer_counts(ledger: Ledger) -> None:
    """A request that was sent and never heard of again is not taken for new."""
    row = intent(ledger, request_for(), 1.0)
    assert ledger.find(request_for().fingerprint()) == row


def test_failures_and_strangers_answer_nothing(ledger: Ledger) -> None:
    """Only failures, or only other requests: the request is to be made."""
    write(ledger, "failed")
    write(ledger, "image", "a crane")
    assert ledger.find(request_for().fingerprint()) is None
    assert ledger.find(request_for("a heron ").fingerprint()) is None


@pytest.mark.parametrize(
    "other",
    [
        {"repeat": 2},
        {"model": "n"},
        {"provider": "simulator"},
        {"parameters": (("aspect_ratio", "1:1"),)},
    ],
)
def test_what_makes_another_request(ledger: Ledger, other: dict[str, Any]) -> None:
    """Repeat, model, provider and parameters each make another request."""
    write(ledger, "image")
    assert ledger.find(request_for(**other).fingerprint()) is None


def test_deleted_original_is_no_image(ledger: Ledger) -> None:
    """A file that somebody deleted is not promised; the task behind it is found."""
    row = write(ledger, "image")
    assert row.path is not None
    row.path.unlink()
    found = ledger.find(request_for().fingerprint())
    assert found is not None
    assert (found.id, found.path, found.ok, found.task_id) == (row.id, None, False, row.task_id)


@pytest.mark.parametrize("holder", ["mine", "another's"])
def test_planned_row_in_work_comes_before_a_free_one(ledger: Ledger, holder: str) -> None:
    """A fresh order that was let go of unsent does not let the next one overtake the first."""
    order = CreateTerms(now=1.0)
    first = number_of(ledger.claims.claim(request_for(), order).generation)
    second = ledger.claims.claim(request_for(), replace(order, fresh=True)).generation
    ledger.claims.release(number_of(second))
    if holder != "mine":
        strangers(ledger, first, alive=True)
    said = ledger.claims.claim(request_for(), order)
    assert (said.to, number_of(said.generation)) == (To.WAIT, first)
