"""What earlier runs left behind: the line at loading, and what `resume` and `resolve` say of it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from tests.notebook.bench import Bench

LOAD = "%reload_ext nanobanana_nb"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """The ledger of the notebook."""
    return Ledger(tmp_path / "home")


def sent(ledger: Ledger, prompt: str, provider: str = "crun") -> Generation:
    """A request whose create left, and whose run has ended."""
    request = GenerationRequest(provider, "google/nano-banana", prompt)
    row = ledger.claims.claim(request, CreateTerms(now=time.time(), price=4.0)).generation
    assert row is not None
    assert row.id is not None
    row = ledger.claims.leave(row, time.time())
    ledger.claims.release(row.id)
    return row


def unpriced(ledger: Ledger, model: str) -> Generation:
    """A request that left though nobody told its price."""
    order = CreateTerms(now=time.time())
    row = ledger.claims.claim(GenerationRequest("crun", f"google/{model}", "a"), order).generation
    assert row is not None
    return ledger.claims.leave(row, time.time())


def paid(ledger: Ledger, prompt: str, provider: str = "crun") -> None:
    """A task that the service has, and that nobody follows."""
    row = sent(ledger, prompt, provider)
    ledger.record(replace(row, state=State.DETACHED, task_id=f"task-{row.id}"))


def test_loading_is_silent_where_nothing_waits(bench: Bench, ledger: Ledger) -> None:
    """No line where there is nothing to say, with a ledger and without."""
    assert bench.run(LOAD).told.strip() == ""
    bench.run("%%nanobanana\na cat")
    assert bench.run(LOAD).told.strip() == ""


def test_loading_tells_what_waits_and_what_is_unknown(bench: Bench, ledger: Ledger) -> None:
    """One line: how many tasks wait at which service, and which are unknown."""
    paid(ledger, "a")
    paid(ledger, "b", "simulator")
    for prompt in "cdefghij":
        sent(ledger, prompt)
    (line,) = bench.run(LOAD).text.strip().splitlines()
    assert "2 paid tasks wait (1 crun, 1 simulator)" in line
    assert "8 tasks are unknown (3, 4, 5, 6, 7, …)" in line
    assert "`%nanobanana show 3`" in line


def test_what_is_unknown_is_shown_with_time_and_prompt(bench: Bench, ledger: Ledger) -> None:
    """The command that the line names tells when it was sent, what was asked and how to decide."""
    sent(ledger, "a lost heron")
    assert "unknown (1)" in bench.run(LOAD).text
    told = bench.run("%nanobanana show 1").text
    for words in ("a lost heron", time.strftime("sent %Y-"), "resolve 1 --resend", "--forget"):
        assert words in told


def test_resume_tells_of_tasks_at_another_service(bench: Bench, ledger: Ledger) -> None:
    """What waits where this kernel does not ask is told, not passed over."""
    paid(ledger, "a")
    sent(ledger, "b")
    told = bench.run("%nanobanana resume").text
    assert "every paid task is here" not in told
    assert "1 paid task waits (1 crun): set NANOBANANA_PROVIDER to that" in told
    assert "1 task is unknown (2)" in told


def test_resume_of_nothing(bench: Bench, ledger: Ledger) -> None:
    """Where nothing waits, that is said."""
    assert "every paid task is here" in bench.run("%nanobanana resume").text


@pytest.mark.parametrize("line", ["", "1", "1 2 --forget", "1 --forget --resend", "1 --maybe"])
def test_decision_wants_a_task_and_a_word(bench: Bench, ledger: Ledger, line: str) -> None:
    """Anything but one task and one decision changes nothing."""
    sent(ledger, "a")
    ran = bench.run(f"%nanobanana resolve {line}")
    assert "--resend" in str(ran.error)
    ledger.claims.recover()
    assert [one.id for one in ledger.unknown()] == [1]


def test_decision_is_carried_out(bench: Bench, ledger: Ledger) -> None:
    """One task is let go, another is sent again and its image shown."""
    sent(ledger, "a", "simulator")
    sent(ledger, "b", "simulator")
    assert "let go" in bench.run("%nanobanana resolve 1 --forget").text
    grid = bench.run("%nanobanana resolve 2 --resend").value
    assert (grid.one.ok, grid.one.request.prompt) == (True, "b")
    assert ledger.unknown() == []


def test_spend_counts_what_is_unknown(bench: Bench, ledger: Ledger) -> None:
    """What may have been charged is part of the sum, and named as not certain."""
    paid(ledger, "a")
    sent(ledger, "b")
    told = bench.run("%nanobanana spend").text
    assert "crun: 8 credits in all, today 8" in told
    assert "Not certain" in told


def test_spend_tells_of_prices_that_nobody_knows(bench: Bench, ledger: Ledger) -> None:
    """A sum that may be larger says `at least`, and one of which nothing is known says that."""
    ledger.record(replace(unpriced(ledger, "nano-banana"), state=State.UNKNOWN))
    told = bench.run("%nanobanana spend").text
    assert "crun: credits in all not known, today not known" in told
    assert "Nobody told the price of 1 task." in told
    other = unpriced(ledger, "nano-banana-pro")
    ledger.record(replace(other, state=State.SUCCESS, task_id="t", credits=4.0))
    assert "crun: at least 4 credits in all" in bench.run("%nanobanana spend").text
