"""The magics: `%%nanobanana` for a prompt, `%nanobanana` for everything around it."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand
from traitlets import Float, Integer, Unicode

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import registry
from nanobanana_nb.notebook.commands.stray_settings import tell_strays
from nanobanana_nb.notebook.magic import cell_spec, options
from nanobanana_nb.notebook.magic.await_cells import interruptible
from nanobanana_nb.notebook.magic.namespace import KEPT_BY_IPYTHON
from nanobanana_nb.notebook.status import wait
from nanobanana_nb.settings import record
from nanobanana_nb.show.html.report import Report

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.notebook.magic.cell_spec import CellSpec
    from nanobanana_nb.run.session import Session

Follow = Callable[..., Any]
_OF_IPYTHON = ("get_ipython", "exit", "quit", "open", "display")


@magics_class
class NanobananaMagics(Magics):  # type: ignore[misc]
    """Settings of nanobanana_nb for this kernel; empty and -1 mean: not set here."""

    provider = Unicode("", help="crun or simulator").tag(config=True)
    base_url = Unicode("", help="where the CRUN service is").tag(config=True)
    home = Unicode("", help="folder of the ledger and the original images").tag(config=True)
    model = Unicode("", help="the model when a cell names none").tag(config=True)
    images_dir = Unicode("", help="folder beside the notebook for originals").tag(config=True)
    status = Unicode("", help="how a running task shows").tag(config=True)
    wait_s = Float(-1, help="how long a task is waited for, in seconds").tag(config=True)
    confirm_above = Float(-1, help="credits above which nothing is sent without a yes").tag(
        config=True
    )
    max_credits_day = Float(-1, help="most credits to spend in a day").tag(config=True)
    max_credits_notebook = Float(-1, help="most credits one notebook may spend").tag(config=True)
    sidecar = Unicode("", help="on or off: a JSON file beside each original").tag(config=True)
    rate_limit = Unicode("", help="calls/seconds of one key, for example 20/10").tag(config=True)
    simulator_speed = Float(-1, help="durations of the simulator").tag(config=True)
    callback_url = Unicode("", help="public address of the callback receiver").tag(config=True)
    callback_port = Integer(-1, help="port that the receiver listens on").tag(config=True)

    def __init__(self, shell: Any) -> None:
        super().__init__(shell=shell)
        self.observe(self._configure, names=list(self.trait_names(config=True)))
        for name in self.trait_names(config=True):
            self._configure({"name": name, "new": getattr(self, name)})

    def _configure(self, change: Any) -> None:
        unset = change["new"] in ("", -1)
        record.CONFIGURED[change["name"]] = None if unset else change["new"]

    @line_magic("nanobanana")
    def line(self, line: str) -> Any:
        return registry.run(registry.words(line), self.shell)

    @no_var_expand
    @cell_magic("nanobanana")
    def cell(self, line: str, cell: str, follow: Follow = wait.follow) -> Any:
        spec = cell_spec.read(line, cell, self.shell)
        if spec["help"]:
            return registry.run(["help"], self.shell)
        return _make(spec, self.shell, follow)

    async def awaited(self, line: str, cell: str) -> Any:
        """Do what `cell` does, and let clicks reach the kernel meanwhile."""
        with interruptible():
            value = self.cell(line, cell, wait.afollow)
        return await value if isinstance(value, Coroutine) else value

    async def awaited_line(self, line: str) -> Any:
        """Do what `line` does, and let clicks reach the kernel meanwhile."""
        with interruptible(), wait.awaiting():
            value = self.line(line)
        return await value if isinstance(value, Coroutine) else value


def _make(spec: CellSpec, shell: Any, follow: Follow) -> Any:
    """Run one cell: plan it, and bill, start or make it."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.run.runtime import RUNTIME

    tell_strays()
    _check_name(spec["out"])
    session = launch.session_for(spec["provider"])
    plan = cell_spec.plan_of(spec, session, shell)
    if spec["dry_run"]:
        _bound(plan, spec["out"], shell)
        return _bill(session, plan, fresh=spec["fresh"])
    job = launch.start(session, plan, cell_spec.limits_of(spec))
    if spec["no_wait"]:
        job.until_accepted()
        RUNTIME.jobs.append(job)
        return _bound(job, spec["out"], shell)
    return follow(job, spec["out"], shell)


def _bill(session: Session, plan: Plan, *, fresh: bool) -> Report:
    found = session.bridge.run(session.bill(plan, fresh=fresh))
    return Report.bill(plan, found, simulated=session.provider.simulated)


def _check_name(name: str | None) -> None:
    if name is None:
        return
    if not name.isidentifier() or keyword.iskeyword(name):
        raise InputError(f"--out {name!r} cannot be a variable", action="For example: -o cats")
    if hasattr(builtins, name) or KEPT_BY_IPYTHON.fullmatch(name) or name in _OF_IPYTHON:
        raise InputError(
            f"--out {name} would hide what Python or IPython calls so",
            action="For example: -o cats",
        )


def _bound(value: Any, name: str | None, shell: Any) -> Any:
    if name is not None:
        shell.user_ns[name] = value
    return value


# `%%nanobanana?` shows this; the options come from the parser, so that none is forgotten.
NanobananaMagics.cell.__doc__ = f"""Make images for the prompt in the cell, and show them under it.

    %%nanobanana -a 16:9 -n 2 -o cats
    A {{animal}} reading a newspaper, woodcut

`{{name}}` is filled in from the notebook, in options too; in the prompt a list makes one image
for each of its values, as does `{{red|blue}}`, `{{colour: red|blue}}`, or `colour: red | blue`
under a last line `---`. Asking again for the same is free: the images come from the ledger.

{options.cell_parser().format_help()}"""
NanobananaMagics.line.__doc__ = registry.HELP
