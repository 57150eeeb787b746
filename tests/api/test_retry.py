"""What is sent again and when: the policy itself, and the words of `Retry-After`."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api import retry
from nanobanana_nb.api.crun import read_envelope, retry_after_s
from nanobanana_nb.api.provider import Call
from nanobanana_nb.errors import NanobananaError, service_error

from .test_wire_codes import CODES, said

CREATE = Call("POST", "/create", repeatable=False, creates=True)
LOOK = Call("GET", "/look")
NOW = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)
CHANCE = random.Random(7)


@pytest.mark.parametrize("code", sorted(CODES))
def test_create_is_repeated_only_where_it_was_not_taken(code: int) -> None:
    """After 429 and 455 a create may go out again, after any other code never."""
    assert retry.may_repeat(CREATE, service_error(code)) is (code in (429, 455))


@pytest.mark.parametrize("code", sorted(CODES))
def test_look_is_repeated_after_faults_and_waits(code: int) -> None:
    """A call without effect goes out again after a fault and after a plea to wait."""
    again = code in (429, 455, 500, 502, 503, 504)
    assert retry.may_repeat(LOOK, service_error(code)) is again


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


def asking(seconds: float | None) -> NanobananaError:
    """A 429 that asks for this wait."""
    error = service_error(429)
    error.retry_after_s = seconds
    return error


def test_pauses_grow_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pause lies in the upper half of its ceiling, the ceiling is capped, the end is sure."""
    monkeypatch.setattr(retry, "FIRST_S", 0.5)
    monkeypatch.setattr(retry, "CAP_S", 1.5)
    for attempt, ceiling in ((1, 0.5), (2, 1.0), (3, 1.5), (4, 1.5)):
        pauses = [retry.pause_s(attempt, asking(None), CHANCE) or 0 for _ in range(200)]
        assert ceiling / 2 <= min(pauses) < max(pauses) <= ceiling
    assert retry.pause_s(retry.ATTEMPTS, asking(None), CHANCE) is None
    assert retry.pause_s(retry.ATTEMPTS + 1, asking(0), CHANCE) is None


@pytest.mark.parametrize("seconds", [0.0, 1.0, 30.0, 120.0])
def test_pause_is_never_shorter_than_asked(seconds: float) -> None:
    """A service that asks for seconds gets them, and a little more."""
    pause = retry.pause_s(1, asking(seconds), CHANCE)
    assert pause is not None
    assert seconds < pause <= seconds + retry.FIRST_S


@pytest.mark.parametrize("seconds", [120.1, 3600.0, 1e9])
def test_too_long_a_wait_is_given_up(seconds: float) -> None:
    """Nobody sleeps for an hour in a cell: the error says what the service asks."""
    assert retry.pause_s(1, asking(seconds), CHANCE) is None


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
