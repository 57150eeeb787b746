"""What is sent again and when: the policy itself, and the words of `Retry-After`."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api import client, retry
from nanobanana_nb.api.crun import read_envelope, retry_after_s
from nanobanana_nb.api.provider import Call
from nanobanana_nb.errors import NanobananaError, ServiceError, service_error
from tests.api.test_wire_codes import said
from tests.service_codes import CODES, HTTP_REFUSALS, REFUSALS

CREATE = Call("POST", "/create", repeatable=False, creates=True)
LOOK = Call("GET", "/look")
NOW = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)
CHANCE = random.Random(7)


@pytest.mark.parametrize("code", sorted(CODES))
def test_create_is_repeated_only_where_it_was_not_taken(code: int) -> None:
    """After 429 and 455 a create may go out again, after any other code never."""
    assert retry.may_repeat(CREATE, service_error(code)) is CODES[code].create_again


@pytest.mark.parametrize("code", sorted(CODES))
def test_look_is_repeated_after_faults_and_waits(code: int) -> None:
    """A call without effect goes out again after a fault and after a plea to wait."""
    assert retry.may_repeat(LOOK, service_error(code)) is CODES[code].look_again


def test_refusals_are_those_of_the_contract_and_of_http() -> None:
    """After these codes alone is a create told as free."""
    assert {*REFUSALS, *HTTP_REFUSALS} == client.REFUSALS


@pytest.mark.parametrize("code", [408, 425])
def test_time_out_at_the_service(code: int) -> None:
    """A call without effect goes out again; what became of a create nobody can tell."""
    assert retry.may_repeat(LOOK, service_error(code))
    assert not retry.may_repeat(CREATE, service_error(code))
    assert code not in client.REFUSALS


@pytest.mark.parametrize(
    ("error", "create", "look"),
    [
        (errors.NotSentError("x"), True, True),
        (errors.CertificateError("x"), False, False),
        (errors.ConnectionLostError("x"), False, True),
        (errors.UnexpectedAnswerError("x"), False, True),
        (errors.LedgerError("x"), False, False),
    ],
)
def test_repeating_after_a_broken_connection(
    error: NanobananaError, create: bool, look: bool
) -> None:
    """A create goes out again only if it never left; a bad certificate stops everything."""
    assert (retry.may_repeat(CREATE, error), retry.may_repeat(LOOK, error)) == (create, look)


def test_call_with_effect_that_creates_nothing_is_not_repeated() -> None:
    """`repeatable` alone is enough to forbid a repetition after a lost answer."""
    call = Call("POST", "/x", repeatable=False)
    assert not retry.may_repeat(call, errors.ConnectionLostError("x"))


def asking(seconds: float | None, code: int = 429) -> ServiceError:
    """A refusal that asks for this wait."""
    error = service_error(code)
    error.retry_after_s = seconds
    return error


def test_pauses_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pause lies in the upper half of its ceiling, and the ceiling is capped."""
    monkeypatch.setattr(retry, "FIRST_S", 0.5)
    monkeypatch.setattr(retry, "CAP_S", 1.5)
    for attempt, ceiling in ((1, 0.5), (2, 1.0), (3, 1.5), (4, 1.5)):
        pauses = [retry.pause_s(attempt, CHANCE) for _ in range(200)]
        assert ceiling / 2 <= min(pauses) < max(pauses) <= ceiling


def test_attempts_end() -> None:
    """A call is tried five times; a maintenance is waited for by who is patient, ten minutes."""
    error, closed = asking(None), asking(None, 455)
    assert [retry.may_try_again(n, error, 1e9, True) for n in (4, 5)] == [True, False]
    for patient in (True, False):
        assert retry.may_try_again(99, closed, retry.MAINTENANCE_S - 1, patient) is patient
        assert not retry.may_try_again(1, closed, retry.MAINTENANCE_S, patient)


@pytest.mark.parametrize(
    ("asked", "kept"), [(1.0, 1.0), (30.0, 30.0), (120.0, 120.0), (1e9, 120.0)]
)
def test_all_wait_as_long_as_is_asked(asked: float, kept: float) -> None:
    """A service that asks for seconds gets them from every call, two minutes at most."""
    assert retry.pause_for_all_s(1, asking(asked), CHANCE) == kept


def test_maintenance_is_asked_for_at_long_distances() -> None:
    """During a maintenance the service is asked every 15 s, or later if it says so."""
    assert retry.pause_for_all_s(1, asking(None, 455), CHANCE) == retry.MAINTENANCE_PAUSE_S
    assert retry.pause_for_all_s(1, asking(100, 455), CHANCE) == 100


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *((None, None), ("", None), ("soon", None), ("NaN", None), ("inf", None), ("1e999", None)),
        *(("3", 3.0), (" 3 ", 3.0), ("2.5", 2.5), ("0", 0.0), ("-5", 0.0), ("1000000000", 1e9)),
        ("Tue, 01 Jan 2030 12:00:30 GMT", 30.0),
        ("Tue, 01 Jan 2030 12:00:30 -0000", 30.0),
        ("Tue, 01 Jan 2030 14:00:30 +0200", 30.0),
        ("Tuesday, 01-Jan-30 12:00:30 GMT", 30.0),
        ("Tue, 01 Jan 2030 11:00:00 GMT", 0.0),
        ("Tue, 99 Jan 2030 11:00:00 GMT", None),
        ("Jan 99999999999999 2015 00:00 2015 GMT", None),
        ("Tue, 01 Jan 2030 12:00:00 +99999999999999", None),
    ],
)
def test_retry_after_in_both_forms(header: str | None, seconds: float | None) -> None:
    """Seconds and dates are understood, the past is 0, and nonsense is nothing."""
    assert retry_after_s(header, NOW) == seconds


@pytest.mark.parametrize("header", ["3", "Tue, 01 Jan 2030 12:00:30 GMT", "Jan 9999999999 1 0:0 1"])
def test_refusal_carries_its_wait(header: str) -> None:
    """Whatever the header says, a 429 arrives as a 429."""
    with pytest.raises(errors.RateLimitedError):
        read_envelope(said(429, {"code": 429}, **{"retry-after": header}))
