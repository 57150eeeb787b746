"""The public names: what people write after `import nanobanana_nb`."""

from __future__ import annotations

import nanobanana_nb

PUBLIC = [
    "Generation",
    "GenerationRequest",
    "ImageGrid",
    "Job",
    "NanobananaError",
    "Panel",
    "Plan",
    "State",
    "__version__",
    "agenerate",
    "asweep",
    "generate",
    "load_ipython_extension",
    "plan",
    "prompts",
    "submit",
    "sweep",
    "unload_ipython_extension",
]


def test_public_names_are_frozen() -> None:
    """Adding or taking away a public name is a decision, made here as well."""
    assert sorted(nanobanana_nb.__all__) == sorted(PUBLIC)


def test_every_public_name_is_there() -> None:
    """Each name can be had, and `dir` lists these and no others."""
    for name in PUBLIC:
        assert getattr(nanobanana_nb, name) is not None
    assert dir(nanobanana_nb) == sorted(PUBLIC)


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that is not there fails as it does in any module."""
    assert not hasattr(nanobanana_nb, "genrate")


def test_every_public_object_is_explained() -> None:
    """Each public class and function has a docstring."""
    silent = [name for name in PUBLIC if not getattr(nanobanana_nb, name).__doc__]
    assert silent == []
