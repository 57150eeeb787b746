"""A panel's draft as a cell: what IPython makes of the text is what the panel asks for."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.prompt import template, value_syntax
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.magic import options
from nanobanana_nb.notebook.panel.draft import AxisDraft, Draft, as_cell, draft_of

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
PIECES = st.sampled_from(
    (
        *("a heron", "{style}", "{red|blue}", "{x: 1|2}", "{{no}}", '{"a": 1}', "\n", "\n---\n"),
        *("style: a | b", "'", '"', "\\", "%%", "-n 3", "\\frac{a|b}", "---", "{", "}", " "),
    )
)
SIDES = st.sampled_from(["", "rows", "cols"])
PROMPTS = st.lists(PIECES | WORDS, max_size=8).map("".join)
VALUES = st.lists(WORDS | st.sampled_from(["1..3", "a\\|b", "-x", "5"]), min_size=1, max_size=3)
NAMES = st.sampled_from(["style", "mood", "aspect_ratio", "resolution", "zip", "model"])
FIELDS = st.sampled_from(
    [("aspect_ratio", "16:9"), ("resolution", "2K"), ("google_search", True), ("seed", "-7")]
)


@st.composite
def drafts(draw: Any) -> Draft:
    """Return a draft as hands might fill it in, sensible or not."""
    axes = draw(st.dictionaries(NAMES, VALUES.map("|".join), max_size=2))
    return Draft(
        draw(PROMPTS),
        draw(st.sampled_from([*catalog.MODELS, "another/model"])),
        tuple(
            sorted(
                draw(
                    st.dictionaries(
                        FIELDS.map(lambda f: f[0]), st.sampled_from(["1", "{x}", "{{style}}"])
                    )
                ).items()
            )
        ),
        draw(st.integers(1, 4)),
        tuple(
            AxisDraft(n, v, draw(st.sampled_from(["", "rows", "cols"]))) for n, v in axes.items()
        ),
        tuple(
            draw(
                st.lists(
                    st.sampled_from(
                        [
                            "a b.png",
                            "-x.png",
                            "{style}.png",
                            "{{x}}{a|b}",
                            "https://x.example/y?z=1",
                            "C:\\x.png",
                        ]
                    )
                )
            )
        ),
        draw(st.booleans()),
        draw(st.booleans()),
    )


def ran(cell: str) -> tuple[Any, str]:
    """Return options and prompt as the magic reads what IPython hands to it."""
    call = ast.parse(TransformerManager().transform_cell(cell)).body[0].value  # type: ignore[attr-defined]
    name, line, body = (ast.literal_eval(one) for one in call.args)
    assert name == "nanobanana"
    asked = options.parse(options.cell_parser(), line, {"style": "x", "x": "one"})
    return asked, body.strip("\n").rstrip()


def planned(**how: Any) -> Any:
    """Return what a plan asks for and how it is shown, or the error that it ends in."""
    space = {"style": ["x", "y"], "x": "one", "no": "two"}
    how["namespace"] = None if how.pop("raw") else space
    try:
        plan = make_plan(provider="crun", find_images=_image, **how)
    except InputError as error:
        return str(error)
    return plan.cells, plan.axes, plan.rows, plan.cols, plan.notes


def _image(name: str) -> list[ReferenceImage]:
    return [ReferenceImage(url=f"https://x.example/{name}")]


@given(drafts())
def test_cell_asks_for_the_same(draft: Draft) -> None:
    """The text goes through IPython and comes out as the plan that the draft describes."""
    try:
        cell = as_cell(draft)
    except InputError:
        assume(False)
    asked, prompt = ran(cell)
    sides = {side: [a.name for a in draft.axes if a.side == side] for side in ("rows", "cols")}
    wanted = planned(
        prompt=draft.body,
        model=draft.model,
        parameters=dict(draft.fields),
        repeats=draft.repeats,
        vary=[f"{axis.name}={axis.values}" for axis in draft.axes],
        raw=draft.raw,
        **sides,
    )
    found = planned(
        prompt=prompt,
        model=asked.model,
        parameters={
            "aspect_ratio": asked.aspect_ratio,
            "resolution": asked.resolution,
            **options.input_fields(asked.set),
        },
        repeats=asked.repeats,
        vary=asked.vary,
        raw=asked.raw,
        rows=asked.rows,
        cols=asked.cols,
    )
    assert found == wanted
    assert (tuple(asked.image), asked.fresh) == (draft.images, draft.fresh)


@given(PROMPTS)
def test_image_is_asked_for_again(prompt: str) -> None:
    """The draft of an image makes its very request: braces of its prompt stay as they are."""
    assume(prompt.strip())
    request = GenerationRequest("crun", "google/nano-banana-2", Draft(prompt).body)
    draft, lost = draft_of(Generation(request))
    cells = planned(prompt=draft.body, model=draft.model, raw=draft.raw)[0]
    assert [cell.request for cell in cells] == [request]
    assert lost == ()


def test_lines_of_spaces_are_empty() -> None:
    """What the panel asks for is what its cell asks for, or it would be paid a second time."""
    draft = Draft(" \na cat\n\t \n  on a mat \n")
    assert draft.body == "a cat\n\n  on a mat"
    assert ran(as_cell(draft))[1] == draft.body


def test_axes_stand_below_the_prompt() -> None:
    """Where they are read as axes there, a person reads them there too."""
    axes = (AxisDraft("style", "ink | oil"), AxisDraft("aspect_ratio", "1:1|16:9", "cols"))
    cell = as_cell(Draft("A {style} heron", "google/nano-banana", axes=axes, repeats=2))
    assert cell == (
        "%%nanobanana -m nano-banana -n 2 --cols aspect_ratio\n"
        "A {style} heron\n---\nstyle: ink | oil\naspect_ratio: 1:1 | 16:9"
    )


@pytest.mark.parametrize("prompt", ["A heron\n---\nmood: calm | wild", "A {style} heron"])
def test_axes_become_options_where_lines_would_not_do(prompt: str) -> None:
    """A prompt with lines of its own, or one that is taken as it is, gets `--vary`."""
    draft = Draft(prompt, axes=(AxisDraft("style", "ink|oil"),), raw="{" in prompt)
    assert "--vary 'style=ink|oil'" in as_cell(draft).split("\n")[0]


@pytest.mark.parametrize("prompt", [">>> a heron", "one\n  >>> two", "In [1]: a heron"])
def test_what_ipython_would_strip_is_refused(prompt: str) -> None:
    """IPython takes its own prompts away; such a cell would ask for something else."""
    with pytest.raises(InputError, match="cannot stand in a cell"):
        as_cell(Draft(prompt))


def test_options_have_one_line() -> None:
    """A path with a line break cannot be an option."""
    with pytest.raises(InputError, match="line break"):
        as_cell(Draft("a heron", images=("a\nb.png",)))


def test_lost_images_are_named() -> None:
    """Bytes and signed links are not kept; the person hears which images to add again."""
    kept = ReferenceImage(url="https://x.example/a.png")
    gone = ReferenceImage.from_bytes(b"x", "image/png", "sketch.png")
    image = ReferenceImage(sha256=gone.sha256, name=gone.name)
    request = GenerationRequest("crun", "google/nano-banana", "a heron", (kept, image))
    draft, lost = draft_of(Generation(request))
    assert draft.images == ("https://x.example/a.png",)
    assert lost == ("sketch.png",)


def test_vary_and_template_are_the_models_own() -> None:
    """The draft's language is the prompt's: nothing is parsed a second way."""
    cell = as_cell(Draft("a {mood} heron", axes=(AxisDraft("mood", "1..3 | calm"),)))
    read = template.parse(ran(cell)[1])
    assert value_syntax.expanded("mood", read.lines.axes[0].values) == (1, 2, 3, "calm")
