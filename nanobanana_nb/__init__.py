"""The notebook bench for image prompts.

In a notebook, `%load_ext nanobanana_nb` and then a prompt under `%%nanobanana`; in Python,
`generate` for images of a prompt, `sweep` for a grid that compares. What they raise is a
`NanobananaError`; its kinds, such as `BudgetError`, are in `nanobanana_nb.errors`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nanobanana_nb.version import __version__

if TYPE_CHECKING:
    from nanobanana_nb.entry.edit import aedit as aedit
    from nanobanana_nb.entry.edit import areplay as areplay
    from nanobanana_nb.entry.edit import edit as edit
    from nanobanana_nb.entry.edit import replay as replay
    from nanobanana_nb.entry.generate import agenerate, generate, submit
    from nanobanana_nb.entry.grid_chance import chance as chance
    from nanobanana_nb.entry.grid_score import score as score
    from nanobanana_nb.entry.keep import keep as keep
    from nanobanana_nb.entry.sweep import asweep, plan, sweep
    from nanobanana_nb.entry.sweep import bill as bill
    from nanobanana_nb.errors import NanobananaError
    from nanobanana_nb.library.library import prompts
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.model.request import GenerationRequest
    from nanobanana_nb.model.result import Generation, State
    from nanobanana_nb.notebook.page.viewer import compare as compare
    from nanobanana_nb.notebook.page.voting import vote as vote
    from nanobanana_nb.notebook.panel import Panel
    from nanobanana_nb.run.job import Job
    from nanobanana_nb.show.export.saving import save as save
    from nanobanana_nb.show.grid import ImageGrid
    from nanobanana_nb.show.html.report import Report as Report
    from nanobanana_nb.show.mimebundle import bundle_of_one as bundle_of_one

# Loaded when first used, so that `import nanobanana_nb` and `%load_ext` stay quick.
_HOMES = {
    "Generation": "model.result",
    "GenerationRequest": "model.request",
    "ImageGrid": "show.grid",
    "Job": "run.job",
    "NanobananaError": "errors",
    "Panel": "notebook.panel",
    "Plan": "model.plan.plan",
    "State": "model.result",
    "agenerate": "entry.generate",
    "asweep": "entry.sweep",
    "generate": "entry.generate",
    "plan": "entry.sweep",
    "prompts": "library.library",
    "sweep": "entry.sweep",
    "submit": "entry.generate",
    # What results reach for: to be called on them, and not by these names.
    "Report": "show.html.report",
    "aedit": "entry.edit",
    "areplay": "entry.edit",
    "bill": "entry.sweep",
    "bundle_of_one": "show.mimebundle",
    "compare": "notebook.page.viewer",
    "edit": "entry.edit",
    "keep": "entry.keep",
    "replay": "entry.edit",
    "save": "show.export.saving",
    "chance": "entry.grid_chance",
    "score": "entry.grid_score",
    "vote": "notebook.page.voting",
}

__all__ = [
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


if not TYPE_CHECKING:  # a type checker would take any name for one that is there

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(ipython: Any) -> None:
    """Register the magics with the shell `ipython`: what `%load_ext nanobanana_nb` does.

    Examples:
        >>> from IPython.core.interactiveshell import InteractiveShell
        >>> from nanobanana_nb import load_ipython_extension
        >>> shell = InteractiveShell()
        >>> load_ipython_extension(shell)
        >>> shell.find_cell_magic("nanobanana") is not None
        True
    """
    from nanobanana_nb.notebook.magic import extension

    extension.load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Take the magics from the shell `ipython`: what `%unload_ext nanobanana_nb` does.

    Examples:
        >>> from IPython.core.interactiveshell import InteractiveShell
        >>> from nanobanana_nb import unload_ipython_extension
        >>> shell = InteractiveShell()
        >>> shell.run_line_magic("load_ext", "nanobanana_nb")
        >>> unload_ipython_extension(shell)
        >>> shell.find_cell_magic("nanobanana") is None
        True
    """
    from nanobanana_nb.notebook.magic import extension

    extension.unload(ipython)
