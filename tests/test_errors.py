"""What a person reads when something goes wrong."""

from __future__ import annotations

import copy
import pickle
import traceback

import pytest

from nanobanana_nb import errors
from nanobanana_nb.errors import Charged, NanobananaError, service_error
from tests.service_codes import CODES, KINDS

KEY = "ak_" + "hush" * 8
SIGNED = "https://a.test/b.png?X-Signature=psst"
EVERY = [kind for kind in errors._subtree(NanobananaError) if kind.__module__ == errors.__name__]


def test_names_what_why_money_task_and_next_step() -> None:
    """One line holds all that the person needs."""
    error = service_error(501, "blocked", task_id="t1", charged=Charged.NO)
    assert str(error) == (
        "The generation failed (501): blocked. No credits were taken. Task t1. "
        "Change the prompt, or run the cell again for a new try."
    )
    assert error._render_traceback_() == [f"GenerationFailedError: {error}"]


@pytest.mark.parametrize("code", KINDS)
def test_each_code_has_its_own_error_and_action(code: int) -> None:
    """No two codes of the contract tell the same story."""
    error = service_error(code)
    assert error.code == code
    assert type(error) is CODES[code].error
    assert str(code) in str(error)
    others = [service_error(other) for other in KINDS]
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


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_no_text_of_an_error_has_a_key_or_a_signature(kind: type[NanobananaError]) -> None:
    """Whatever words an error is made of, neither it nor its record, repr or notes tell them."""
    words = f"{KEY} for {SIGNED} failed"
    error = kind(words, why=words, action=words, task_id=words)
    error.add_note(words)
    shown = [str(error), repr(error), repr(vars(error)), repr(error.to_record())]
    told = "\n".join([*shown, *error._render_traceback_(), *traceback.format_exception(error)])
    assert KEY not in told
    assert "psst" not in told
    assert "[key] for https://a.test/b.png?… failed" in str(error)


def test_record_that_was_written_with_a_key_is_read_without() -> None:
    """A ledger of an earlier version may have one in an error text: it is not shown again."""
    error = errors.from_record({"kind": "ServiceError", "what": KEY, "why": SIGNED, "code": 401})
    assert KEY not in str(error) + repr(error)
    assert "psst" not in str(error)


def test_terminal_is_not_obeyed() -> None:
    """Colours, bells and turned text from a service stay out of every line that is shown."""
    bad = "\x1b[31m\x07\u202e\x9b"
    error = service_error(422, bad + "why", task_id=f"t{bad}1", action=f"do {bad}")
    error.add_note(f"note{bad}")
    told = "".join(error._render_traceback_())
    assert not set(bad) - set("[31m") & set(told)
    assert "note" in told


def test_bug_is_shown_without_the_values_of_variables() -> None:
    """The frames, the causes and the lines of code are told, and a quoted secret is taken out."""
    signed = SIGNED
    try:
        try:
            assert not signed.isupper(), "the cause"
            raise KeyError(signed)
        except KeyError as cause:
            raise RuntimeError(f"{KEY} {signed}") from cause
    except RuntimeError as bug:
        errors.hide_values(bug)
        told = bug._render_traceback_()  # type: ignore[attr-defined]
    assert "psst" not in "".join(told)
    assert KEY not in "".join(told)
    assert "KeyError: 'https://a.test/b.png?…'" in told
    assert told[-1] == "RuntimeError: [key] https://a.test/b.png?…"
    assert any("raise KeyError(signed)" in line for line in told)


def test_errors_of_ours_keep_their_one_line() -> None:
    """Where an error says how it is shown, that stays."""
    error = NanobananaError("It broke")
    errors.hide_values(error)
    assert error._render_traceback_() == ["NanobananaError: It broke."]
