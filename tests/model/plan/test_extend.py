"""Plans that grow: the rest, further values, further repeats, and parts of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import GenerationRequest
from tests.model.plans import simulated_plan

PROMPT = "{style: a|b|c} {light: x|y}"


def _plan(prompt: str = PROMPT, **options: Any) -> Plan:
    return simulated_plan(prompt, **options)


def _prints(plan: Plan) -> set[str]:
    return {cell.request.fingerprint() for cell in plan.cells}


def test_a_scout_is_completed() -> None:
    """The whole is what the plan would have been, and the rest is what is not there yet."""
    scout, whole = _plan(scout=True, repeats=2), _plan(repeats=2)
    assert scout.complete() == whole
    assert len(scout.rest.cells) == len(whole.cells) - len(scout.cells)
    assert _prints(scout.rest) | _prints(scout) == _prints(whole)


def test_a_sample_is_completed_in_two_steps() -> None:
    """A scout of a sample becomes the sample, and the sample the whole grid."""
    scout = _plan(sample=4, scout=True)
    sample = scout.complete()
    assert sample == _plan(sample=4, sample_seed=scout.sample_seed)
    assert sample.complete() == _plan()


def test_the_rest_of_a_whole_is_nothing() -> None:
    """A plan that has all its cells has no rest."""
    assert _plan().rest.cells == ()


def test_a_part_keeps_the_order_of_the_grid() -> None:
    """Cells are named by number, from the end too, and none comes twice."""
    plan = _plan()
    assert plan.only([-1, 0, 2, 0]).cells == (plan.cells[0], plan.cells[2], plan.cells[5])
    assert plan.only([0]).complete() == plan
    for number in (6, -7):
        with pytest.raises(InputError, match=f"There is no image {number}: there are 6"):
            plan.only([number])


def test_further_values_are_crossed_with_the_others() -> None:
    """The cells that were there stay, and each new value meets all others."""
    plan = _plan(repeats=2)
    more = plan.extend(style="d")
    assert more.axes[0].labels == ("a", "b", "c", "d")
    assert _prints(plan) < _prints(more)
    assert more.cells == _plan("{style: a|b|c|d} {light: x|y}", repeats=2).cells


def test_several_axes_grow_at_once() -> None:
    """Every combination with a new value is there."""
    more = _plan().extend(style=["d", "e"], light=["z"])
    assert more.cells == _plan("{style: a|b|c|d|e} {light: x|y|z}").cells


def test_a_scout_grows_by_as_few_as_possible() -> None:
    """Each new value is shown once, beside the others in turn."""
    more = _plan(scout=True).extend(style=["d", "e"])
    assert [cell.point for cell in more.cells] == [(0, 0), (1, 1), (2, 0), (3, 0), (4, 1)]
    assert more.scout


def test_coupled_axes_grow_together() -> None:
    """As many values are needed for each."""
    plan = _plan("{a: 1|2} {b: 3|4}\n---\nzip: a, b")
    more = plan.extend(a=["5"], b=["4"])
    assert more.cells[-1].values == (("a", "5"), ("b", "4"))
    assert len(more.cells) == 3
    with pytest.raises(InputError, match="a has 1, b has 0"):
        plan.extend(a=["5"])


def test_an_unnamed_choice_grows() -> None:
    """A choice is named by its place, with a blank."""
    assert len(_plan("{a|b}").extend(**{"choice 1": "c"}).cells) == 3


def test_a_parameter_grows() -> None:
    """A value that asks for the same as an old one is refused."""
    plan = _plan("a", vary=["output_format=png|jpg"])
    with pytest.raises(InputError, match="makes no difference"):
        plan.extend(output_format="jpeg")
    ratios = _plan("a", vary=["aspect_ratio=1:1|4:3"]).extend(aspect_ratio=["7:5"])
    assert ratios.cells[-1].request.parameter("aspect_ratio") == "7:5"
    assert any("7:5" in note for note in ratios.notes)


@pytest.mark.parametrize(
    ("options", "values", "said"),
    [
        ({}, {"styel": "d"}, "no axis styel. Did you mean style?"),
        ({}, {"mood": "d"}, "The axes are: style, light."),
        ({}, {"style": "a"}, "same value twice: a"),
        ({}, {"style": []}, "No value to add"),
        ({"sample": 3}, {"style": "d"}, "sample is not extended"),
        ({}, {"style": range(6000)}, "images"),
    ],
)
def test_what_cannot_be_added_is_refused(
    options: dict[str, Any], values: dict[str, Any], said: str
) -> None:
    """Unknown axes, known values and too many are told before anything is paid."""
    with pytest.raises(InputError) as caught:
        _plan(**options).extend(**values)
    assert said in str(caught.value)


def test_repeats_are_counted_in_all() -> None:
    """Asking for three of what was made once adds two."""
    plan = _plan()
    more = plan.repeat(3)
    assert more == _plan(repeats=3)
    assert more.in_words() == "3 styles × 2 lights × 3 repeats = 18 images"
    with pytest.raises(InputError, match="made 3 times already"):
        more.repeat(3)
    with pytest.raises(InputError, match="images"):
        more.repeat(100_000)


def test_a_part_is_repeated_as_a_part() -> None:
    """Only the combinations that are there are made more often."""
    more = _plan().only([0, 3]).repeat(2)
    assert [(cell.point, cell.request.repeat) for cell in more.cells] == [
        *(((0, 0), 1), ((0, 0), 2)),
        *(((1, 1), 1), ((1, 1), 2)),
    ]


@pytest.mark.long
@given(
    st.lists(st.sampled_from(["complete", "style", "light", "repeat"]), max_size=4),
    st.booleans(),
)
@settings(deadline=None)
def test_what_was_paid_is_never_asked_for_otherwise(steps: list[str], scout: bool) -> None:
    """However a plan grows, the requests that it had are in it with the same fingerprints."""
    plan = _plan(scout=scout, parameters={"aspect_ratio": "4:3"})
    for n, step in enumerate(steps):
        grown = {
            "complete": plan.complete,
            "repeat": lambda plan=plan, n=n: plan.repeat(n + 2),
            "style": lambda plan=plan, n=n: plan.extend(style=f"style {n}"),
            "light": lambda plan=plan, n=n: plan.extend(light=[f"p{n}", f"q{n}"]),
        }[step]()
        assert _prints(plan) <= _prints(grown)
        assert len(_prints(grown)) == len(grown.cells)
        plan = grown


def test_requests_that_are_there_are_not_made_again() -> None:
    """A request that the catalog would spell otherwise today stays as it was paid."""
    plan = _plan()
    old = replace(plan.cells[0].request, parameters=(("old", 1),))
    plan = replace(plan, cells=(replace(plan.cells[0], request=old), *plan.cells[1:]))
    assert plan.extend(style="d").cells[0].request is old


def test_a_list_of_tasks_does_not_grow() -> None:
    """A plan without its recipe says what to do."""
    request = GenerationRequest("simulator", "google/nano-banana", "a cat")
    with pytest.raises(InputError, match="list of tasks"):
        Plan((Cell(request),), "a cat").repeat(2)
