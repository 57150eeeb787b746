"""One `%%nanobanana` cell, carried out: planned, and billed, started or made.

Loaded with the first cell: what it needs would cost `%load_ext` more than IPython's own start.
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nanobanana_nb.entry import launch
from nanobanana_nb.entry.front import front
from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import registry
from nanobanana_nb.notebook.commands.notices import show_stray_settings
from nanobanana_nb.notebook.magic import cell_spec, library_spec
from nanobanana_nb.notebook.magic.namespace import KEPT_BY_IPYTHON
from nanobanana_nb.notebook.magic.option_parser import cell_parser
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.show.html.report import Report

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.run.session import Session

Follow = Callable[[Job], Any]
_OF_IPYTHON = ("get_ipython", "exit", "quit", "open", "display")


def run_cell(line: str, body: str, shell: Any, follow: Follow | None) -> Any:
    """Run one cell and return its value.

    Args:
        follow: returns what is to be awaited for the job; None where the cell blocks.
    """
    spec = cell_spec.read(line, body, shell)
    if spec["help"]:
        return registry.run(["help"])
    show_stray_settings()
    if spec["library"]:
        spec = library_spec.filled(spec)
    name = spec["out"]
    if name is not None:
        _check_name(name)
    session = launch.session_for(spec["provider"])
    plan = cell_spec.plan_of(spec, session, shell)
    if spec["dry_run"]:
        if name is not None:
            shell.user_ns[name] = plan
        return _bill(session, plan, fresh=spec["fresh"])
    job = launch.start(session, plan, cell_spec.limits_of(spec))
    if name is not None:
        _bind(shell.user_ns, name, job)
    if spec["no_wait"]:
        job.until_accepted()
        RUNTIME.jobs.append(job)
        return job
    return (follow or front().follow)(job)


def help_text() -> str:
    """Return what `%%nanobanana?` shows; the options come from the parser: none is forgotten."""
    return f"""Make images for the prompt in the cell, and show them under it.

    %%nanobanana -a 16:9 -n 2 -o cats
    A {{animal}} reading a newspaper, woodcut

`{{name}}` is filled in from the notebook, in options too; in the prompt a list makes one image
for each of its values, as does `{{red|blue}}`, `{{colour: red|blue}}`, or `colour: red | blue`
under a last line `---`. Asking again for the same is free: the images come from the ledger.

{cell_parser().format_help()}"""


def _bill(session: Session, plan: Plan, *, fresh: bool) -> Report:
    bill = session.bridge.run(session.bill(plan, fresh=fresh))
    return Report.bill(plan, bill, simulated=session.provider.simulated)


def _bind(space: dict[str, Any], name: str, job: Job) -> None:
    """Put the grid of a run into a variable; where nothing is sent, what was there comes back."""
    before = {name: space[name]} if name in space else {}
    space[name] = job.grid

    def restore() -> None:
        if space.get(name) is job.grid:
            del space[name]
            space.update(before)

    job.on_refusal(restore)


def _check_name(name: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise InputError(f"--out {name!r} cannot be a variable", action="For example: -o cats")
    if hasattr(builtins, name) or KEPT_BY_IPYTHON.fullmatch(name) or name in _OF_IPYTHON:
        raise InputError(
            f"--out {name} would hide what Python or IPython calls so",
            action="For example: -o cats",
        )
