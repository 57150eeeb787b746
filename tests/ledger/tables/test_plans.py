"""Plans that were run, and prompts that are looked for."""

from __future__ import annotations

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import State
from tests.ledger.conftest import intent, request_for

PROMPTS = ("A heron at dawn", "A crane, woodcut", "Ein Kranich über dem Fluß", 'he said "no" OR')


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """A ledger with some prompts."""
    for prompt in PROMPTS:
        intent(ledger, request_for(prompt), 1.0)
    return ledger


def test_plan_is_kept_under_a_number(ledger: Ledger) -> None:
    """A plan comes back as it was written, with its requests in their order."""
    number = ledger.plans.keep('{"a": 1}', ["f2", "f1"], 5.0, "here.ipynb")
    found = ledger.plans.get(number)
    assert found is not None
    assert (found.plan, found.fingerprints, found.notebook) == (
        '{"a": 1}',
        ("f2", "f1"),
        "here.ipynb",
    )
    assert ledger.plans.get(number + 1) is None


def test_same_plan_has_the_same_number(ledger: Ledger) -> None:
    """Running it again makes it the newest and keeps its number."""
    first, other = ledger.plans.keep("a", ["f1"], 1.0), ledger.plans.keep("b", ["f2"], 2.0)
    assert ledger.plans.keep("a2", ["f1"], 3.0) == first
    assert [(kept.id, kept.plan) for kept in ledger.plans.recent(9)] == [
        (first, "a2"),
        (other, "b"),
    ]


def test_plans_of_tasks(ledger: Ledger) -> None:
    """Those that ask for any of the tasks, the one that was run last first."""
    tasks = [intent(ledger, request_for(prompt), 1.0) for prompt in PROMPTS[:3]]
    marks = [task.request.fingerprint() for task in tasks]
    both, first, other = (
        ledger.plans.keep("both", marks[:2], 1.0),
        ledger.plans.keep("first", [*marks[:1], "f9"], 2.0),
        ledger.plans.keep("other", ["f9"], 3.0),
    )
    numbers = [[plan.id for plan in ledger.plans.with_tasks([t.id or 0])] for t in tasks]
    assert numbers == [[first, both], [both], []]
    assert [plan.id for plan in ledger.plans.with_tasks([t.id or 0 for t in tasks])] == [
        *(first, both)
    ]
    assert ledger.plans.with_tasks([]) == []
    assert ledger.plans.recent(1)[0].id == other


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["heron"], [0]),
        (["HER"], [0]),
        (["dawn", "heron"], [0]),
        (["heron", "crane"], []),
        (["a"], [1, 0]),
        (["uber"], [2]),
        (['"no"', "or"], [3]),
        (["crane,"], [1]),
    ],
)
def test_words_of_a_prompt_are_found(filled: Ledger, words: list[str], found: list[int]) -> None:
    """All words must be there, in any order, case and accent; signs of the search do nothing."""
    assert [one.request.prompt for one in filled.search(words, 9)] == [PROMPTS[n] for n in found]


def test_search_is_newest_first_and_bounded(ledger: Ledger) -> None:
    """As many as are wanted, the newest of them."""
    for number in range(5):
        intent(ledger, request_for(f"heron {number}"), 1.0)
    assert [one.request.prompt for one in ledger.search(["heron"], 2)] == ["heron 4", "heron 3"]


def test_private_prompt_is_not_found(ledger: Ledger) -> None:
    """What is not written down cannot be looked for."""
    request = GenerationRequest("crun", "m", "a secret heron", private=True)
    intent(ledger, request, 1.0)
    assert ledger.search(["heron"], 9) == []


@pytest.mark.parametrize("words", [[], ["…"], ["*", "-"]])
def test_no_word_is_an_error(filled: Ledger, words: list[str]) -> None:
    """There must be something to look for."""
    with pytest.raises(InputError, match="no word"):
        filled.search(words, 9)


def test_empty_ledger_is_searched(ledger: Ledger) -> None:
    """Nothing is found where nothing was ever written."""
    assert ledger.search(["heron"], 9) == []


def test_standing_is_the_best_try_or_the_last(ledger: Ledger) -> None:
    """A request stands as its best try does; one that was never made has none."""
    first = intent(ledger, request_for("a"), 1.0)
    asked = [request_for(name).fingerprint() for name in ("a", "b")]
    found = ledger.standing(asked)
    assert [one and one.id for one in found] == [first.id, None]
    assert found[0] is not None
    assert found[0].state in (State.SENT, State.PLANNED)
