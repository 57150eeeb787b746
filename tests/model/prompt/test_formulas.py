"""LaTeX in a prompt stays as it is, and places beside it are filled in."""

from __future__ import annotations

import string

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.prompt import template

# Formulas of textbooks: arguments, powers and indices, nested and behind other arguments.
FORMULAS = [
    r"\frac{x}{y}",
    r"\text{a} \mathbb{R}^{n} \mathcal{L}_{f}",
    r"\sqrt{x} \sqrt[3]{y} \sqrt[n]{\frac{a}{b}}",
    r"\sum_{i}^{n} x_{i} y_{i}^{k}",
    r"\int_{a}^{b} f(x)^{n} dx",
    r"\lim\limits_{n} \left(\frac{\sqrt{x}}{y}\right)^{k}",
    r"\overset{a}{b} \underbrace{x}_{n} \hat{x}_{i} \bar{y}^{k}",
    r"\operatorname*{max}_{x} e^{x} 2^{n} 10^{k}",
    r"\begin{a} \end{a} \color{b} \binom{n}{k}",
    r"\vec{v}_{x}' \dot{x}^{n}_{k} \alpha_{i}^{n} \nabla_{x} \Gamma^{k}_{i}",
    r"x_{i} x'_{i} x^2_{i} x^{n}_{k} (a+b)_{n} [x]_{k} α_{i}",
    r"\frac{\partial f}{x} \frac{a_{i}}{b} \frac{\sqrt{x_{i}}}{y}",
    r"\mathrm{d}{x} \textbf{a}{b} \{x\} \\{x}",
]
LETTERS = dict.fromkeys(string.ascii_lowercase, "7")
PLACES = [
    ("report_{year}.pdf", "report_V.pdf"),
    ("{animal}_{year}", "V_V"),
    ("fig_{year} and 3_{year}", "fig_V and 3_V"),
    (r"\frac{1}{2} of {year}", r"\frac{1}{2} of V"),
    (r"a\b {year}", r"a\b V"),
    (r"\frac{{{year}}}{{{animal}}}", r"\frac{V}{V}"),
    (r"x_{{{year}}}", r"x_{V}"),
    (r"\frac{{year}}{2}", r"\frac{year}{2}"),
    ("${year} (or {year})", "$V (or V)"),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_stays(formula: str) -> None:
    """Arguments, indices and powers are text, though each letter is a variable of the notebook."""
    assert template.fill(formula, LETTERS) == formula
    assert template.parse(template.parse(formula).render()).fill({}) == formula


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_place_beside_a_formula_is_filled(formula: str) -> None:
    """What stands apart from the formula means what it always means."""
    text = f"{{style}}: {formula} in {{style}}"
    assert template.fill(text, {**LETTERS, "style": "ink"}) == f"ink: {formula} in ink"


@pytest.mark.parametrize(("text", "sent"), PLACES)
def test_a_place_that_is_no_formula_is_filled(text: str, sent: str) -> None:
    """A line below a word is a file name, and three braces fill in within a formula."""
    assert template.fill(text, {"year": "V", "animal": "V"}) == sent


def test_the_same_holds_for_choices() -> None:
    """A choice is an argument where a name would be one."""
    assert template.names(r"\frac{a|b}{c|d} x_{a|b} x^{a|b}") == ()
    assert template.names("report_{2023|2024}") == ("choice 1",)


def test_a_value_that_is_not_filled_in_is_told() -> None:
    """A name of the notebook that stays because of LaTeX is noted, another is not."""
    how = {"provider": "crun", "model": "nano-banana", "namespace": {"x": 6}}
    plan = make_plan(r"\frac{x}{y} on a board", **how)  # type: ignore[arg-type]
    assert plan.cells[0].request.prompt == r"\frac{x}{y} on a board"
    assert plan.notes == ("{x} is LaTeX and stays as it is: {{{x}}} fills it in",)


def test_an_axis_that_a_formula_swallows_is_refused() -> None:
    """Values for a place that is none would pay for one image several times."""
    with pytest.raises(InputError, match="names nothing"):
        make_plan(r"\vec{x}", provider="crun", model="nano-banana", namespace={}, vary=["x=1|2"])
