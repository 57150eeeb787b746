"""What a person reads when something goes wrong."""

from __future__ import annotations

import copy
import pickle

import pytest

from nanobanana_nb import errors
from nanobanana_nb.errors import Charged, NanobananaError, service_error

EVERY = errors._every(NanobananaError)


def test_names_what_why_money_task_and_next_step() -> None:
    """One line holds all that the person needs."""
    error = service_error(501, "blocked", task_id="t1", charged=Charged.NO)
    assert str(error) == (
        "The generation failed (501): blocked. No credits were taken. Task t1. "
        "Change the prompt, or run the cell again for a new try."
    )
    assert error._render_traceback_() == [f"GenerationFailedError: {error}"]


@pytest.mark.parametrize("code", [401, 402, 403, 404, 422, 429, 455, 500, 501, 505])
def test_each_code_has_its_own_error_and_action(code: int) -> None:
    """No two codes of the contract tell the same story."""
    error = service_error(code)
    assert error.code == code
    assert str(code) in str(error)
    others = [service_error(other) for other in (401, 402, 403, 404, 422, 429, 455, 500, 501, 505)]
    assert sum(type(other) is type(error) for other in others) == 1
    assert sum(other.action == error.action for other in others) == 1


def test_unknown_codes_keep_their_number() -> None:
    """A gateway's 503 is a server fault, a 418 is a refusal, and both say their number."""
    assert isinstance(service_error(503), errors.ServerFaultError)
    assert "(503)" in str(service_error(503))
    assert type(service_error(418)) is errors.ServiceError
    assert "(418)" in str(service_error(418))


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_survives_ledger_pickle_and_copy(kind: type[NanobananaError]) -> None:
    """An error read back from the ledger, a pickle or a copy says the same."""
    error = kind("It broke", why="because", task_id="t1", charged=Charged.UNKNOWN)
    for again in (
        errors.from_record(error.to_record()),
        pickle.loads(pickle.dumps(error)),
        copy.deepcopy(error),
    ):
        assert type(again) is kind
        assert str(again) == str(error)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_the_tree_stands_in_the_docstring(kind: type[NanobananaError]) -> None:
    """The drawing on top of the file is complete, and every error says what to do."""
    assert kind.__name__ in str(errors.__doc__)
