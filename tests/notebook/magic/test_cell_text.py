"""The cell of a panel: what IPython makes of its text is what the panel asks for."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.model.prompt import template, value_syntax
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.magic import cell_spec
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.magic.cell_text import as_cell, as_line_and_body, spec_of
from nanobanana_nb.notebook.panel.axes_editor import AxisDraft
from tests.notebook.cells import Shell, SilentSession, spec

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
PIECES = st.sampled_from(
    (
        *("a heron", "{style}", "{red|blue}", "{x: 1|2}", "{{no}}", '{"a": 1}', "\n", "\n---\n"),
        *("style: a | b", "'", '"', "\\", "%%", "-n 3", "\\frac{a|b}", "---", "{", "}", " "),
    )
)
PROMPTS = st.lists(PIECES | WORDS, max_size=8).map("".join)
VALUES = st.lists(WORDS | st.sampled_from(["1..3", "a\\|b", "-x", "5"]), min_size=1, max_size=3)
NAMES = st.sampled_from(["style", "mood", "aspect_ratio", "resolution", "zip", "model"])
FIELDS = st.sampled_from(
    [("aspect_ratio", "16:9"), ("resolution", "2K"), ("google_search", True), ("seed", "-7")]
)


REFERENCES = st.sampled_from(
    [
        *("a b.png", "-x.png", "{style}.png", "{{x}}{a|b}", "https://x.example/y?z=1"),
        *("C:\\x.png", "sketch"),
    ]
)
SHELL = Shell(style=["x", "y"], x="one", no="two", sketch="https://x.example/sketch.png")


@st.composite
def specs(draw: Any) -> CellSpec:
    """Return what hands might fill in, sensible or not."""
    axes = draw(st.dictionaries(NAMES, VALUES.map("|".join), max_size=2))
    sides = st.sampled_from(["", "rows", "cols"])
    texts = st.sampled_from(["1", "{x}", "{{style}}"])
    return spec(
        draw(PROMPTS),
        *(AxisDraft(name, values, draw(sides)) for name, values in axes.items()),
        model=draw(st.sampled_from([*catalog.MODELS, "another/model"])),
        parameters=sorted(draw(st.dictionaries(FIELDS.map(lambda f: f[0]), texts)).items()),
        repeats=draw(st.integers(1, 4)),
        references=draw(st.lists(REFERENCES, max_size=3)),
        fresh=draw(st.booleans()),
        raw=draw(st.booleans()),
    )


def through_ipython(cell: str) -> CellSpec:
    """Return what the magic reads of what IPython hands to it."""
    call = ast.parse(TransformerManager().transform_cell(cell)).body[0].value  # type: ignore[attr-defined]
    name, line, body = (ast.literal_eval(arg) for arg in call.args)
    assert name == "nanobanana"
    return cell_spec.read(line, body, SHELL)


def plan(spec: CellSpec) -> Any:
    """Return the plan of a cell with its model's full name, or the error that it ends in."""
    try:
        plan = cell_spec.plan_of(spec, SilentSession(), SHELL)  # type: ignore[arg-type]
    except NanobananaError as error:
        return str(error)
    recipe = replace(plan.recipe, model=catalog.full_name(plan.recipe.model))
    return replace(plan, recipe=recipe)


@pytest.mark.long
@given(specs())
@settings(max_examples=300, deadline=None)
def test_cell_asks_for_the_same(panel: CellSpec) -> None:
    """The panel's record and its text that went through IPython make the same plan and run."""
    try:
        cell = through_ipython(as_cell(panel))
    except InputError:
        assume(False)
    assert plan(cell) == plan(panel)
    assert cell_spec.limits_of(cell) == cell_spec.limits_of(panel)
    assert (cell.references, cell["raw"]) == (panel.references, panel["raw"])


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "vary"])  # lines, see below
def test_every_option_can_be_written(name: str) -> None:
    """A cell as text has whatever the table has, and is read as it was: panels of later have it."""
    option, values = OPTIONS[name], {"link": "https://x.example/", "whole": 3, "credits": 5.0}
    value = {**values, "flag": True, "texts": ("b=x",)}.get(option.kind, "two words")
    made = spec("a heron")
    if name == "images":
        made = replace(made, references=("a b.png",))
    elif name == "set" or option.part == "parameter":
        made = replace(made, parameters=((name if name != "set" else "tone", "x y"),))
    else:
        made = replace(made, options={name: value})
    line, body = as_line_and_body(made)
    assert cell_spec.read(line, body, SHELL) == made


@pytest.mark.long
@given(PROMPTS)
def test_image_is_asked_for_again(prompt: str) -> None:
    """The cell of an image makes its very request: braces of its prompt stay as they are."""
    assume(prompt.strip())
    request = GenerationRequest("crun", "google/nano-banana-2", CellSpec(prompt).body)
    cell, lost = spec_of(Generation(request))
    assert [image.request for image in plan(cell).cells] == [request]
    assert lost == ()


def test_lines_of_spaces_are_empty() -> None:
    """What the panel asks for is what its cell asks for, or it would be paid a second time."""
    panel = spec(" \na cat\n\t \n  on a mat \n")
    assert panel.body == "a cat\n\n  on a mat"
    assert through_ipython(as_cell(panel)).body == panel.body


def test_axes_stand_below_the_prompt() -> None:
    """Where they are read as axes there, a person reads them there too."""
    axes = (AxisDraft("style", "ink | oil"), AxisDraft("aspect_ratio", "1:1|16:9", "cols"))
    cell = as_cell(spec("A {style} heron", *axes, model="google/nano-banana", repeats=2))
    assert cell == (
        "%%nanobanana -m nano-banana -n 2 --cols aspect_ratio\n"
        "A {style} heron\n---\nstyle: ink | oil\naspect_ratio: 1:1 | 16:9"
    )


@pytest.mark.parametrize("prompt", ["A heron\n---\nmood: calm | wild", "A {style} heron"])
def test_axes_become_options_where_lines_would_not_do(prompt: str) -> None:
    """A prompt with lines of its own, or one that is taken as it is, gets `--vary`."""
    panel = spec(prompt, AxisDraft("style", "ink|oil"), raw="{" in prompt)
    assert "--vary 'style=ink|oil'" in as_cell(panel).split("\n")[0]


@pytest.mark.parametrize(
    "prompt",
    [
        *(">>> a heron", "one\n  >>> two", "In [1]: a heron"),
        *(f"one{end}>>> two" for end in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"),
    ],
)
def test_what_ipython_would_strip_is_refused(prompt: str) -> None:
    """IPython takes its own prompts away; such a cell would ask for something else."""
    with pytest.raises(InputError, match="cannot stand in a cell"):
        as_cell(spec(prompt))


def test_options_have_one_line() -> None:
    """A path with a line break cannot be an option."""
    with pytest.raises(InputError, match="line break"):
        as_cell(spec("a heron", references=["a\nb.png"]))


def test_lost_images_are_named() -> None:
    """Bytes and signed links are not kept; the person hears which images to add again."""
    kept = ReferenceImage(url="https://x.example/a.png")
    gone = ReferenceImage.from_bytes(b"x", "image/png", "sketch.png")
    image = ReferenceImage(sha256=gone.sha256, name=gone.name)
    request = GenerationRequest("crun", "google/nano-banana", "a heron", (kept, image))
    cell, lost = spec_of(Generation(request))
    assert cell.references == ("https://x.example/a.png",)
    assert lost == ("sketch.png",)


def test_vary_and_template_are_the_models_own() -> None:
    """The panel's language is the prompt's: nothing is parsed a second way."""
    cell = as_cell(spec("a {mood} heron", AxisDraft("mood", "1..3 | calm")))
    read = template.parse(through_ipython(cell).body)
    assert value_syntax.expanded("mood", read.lines.axes[0].values) == (1, 2, 3, "calm")
