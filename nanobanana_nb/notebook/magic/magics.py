"""The magics: `%%nanobanana` for a prompt, `%nanobanana` for everything around it.

What they do is imported when they run: `%load_ext` stands at the top of every notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand
from traitlets import Float, Integer, TraitType, Unicode

from nanobanana_nb.errors import WaitInterrupted
from nanobanana_nb.notebook.magic.await_cells import interruptible
from nanobanana_nb.notebook.status import wait
from nanobanana_nb.settings import config
from nanobanana_nb.settings.parsing import as_amount, as_port

_NUMBERS: dict[Callable[[object], Any], Any] = {as_amount: Float, as_port: Integer}


def _trait(setting: config.Setting) -> TraitType:
    """Return the trait of a setting; its default, empty or -1, means: not set here."""
    number = _NUMBERS.get(setting.parser)
    trait = number(-1, help=setting.help) if number else Unicode("", help=setting.help)
    return trait.tag(config=True)


@magics_class
class NanobananaMagics(Magics):  # type: ignore[misc]
    """Settings of nanobanana_nb for this kernel; empty and -1 mean: not set here."""

    locals().update({name: _trait(setting) for name, setting in config.SETTINGS.items()})

    def __init__(self, shell: Any) -> None:
        super().__init__(shell=shell)
        self.observe(self._configure, names=list(self.trait_names(config=True)))
        for name in self.trait_names(config=True):
            self._configure({"name": name, "new": getattr(self, name)})

    def _configure(self, change: Any) -> None:
        unset = change["new"] in ("", -1)
        config.CONFIGURED[change["name"]] = None if unset else change["new"]

    @line_magic("nanobanana")
    def line(self, line: str) -> Any:
        """Do what stands around the images; `%nanobanana help` lists the commands."""
        from nanobanana_nb.notebook.commands import registry

        return registry.run(registry.words(line))

    @no_var_expand
    @cell_magic("nanobanana")
    def cell(self, line: str, cell: str, follow: Callable[..., Any] | None = None) -> Any:
        """Make images for the prompt in the cell; `%nanobanana help` lists the options."""
        try:  # an interrupt may come while this is imported, which the first cell does
            from nanobanana_nb.notebook.magic.cell_run import run_cell

            return run_cell(line, cell, self.shell, follow)
        except WaitInterrupted:
            raise
        except KeyboardInterrupt:
            from nanobanana_nb.notebook.status.stop import Stopped

            raise Stopped from None

    async def awaited(self, line: str, cell: str) -> Any:
        """Do what `cell` does, and let clicks reach the kernel meanwhile."""
        with interruptible():
            value = self.cell(line, cell, wait.afollow)
        return await value if isinstance(value, Coroutine) else value

    async def awaited_line(self, line: str) -> Any:
        """Do what `line` does, and let clicks reach the kernel meanwhile."""
        with interruptible(), wait.deferred_commands():
            value = self.line(line)
        return await value if isinstance(value, Coroutine) else value


def _help_of_the_line() -> str:
    from nanobanana_nb.notebook.commands.registry import help_text

    return help_text()


def _help_of_the_cell() -> str:
    from nanobanana_nb.notebook.magic.cell_run import help_text

    return help_text()


# What `%nanobanana?` and `%%nanobanana?` show: IPython asks for it by this name, and only then.
NanobananaMagics.line.getdoc = _help_of_the_line
NanobananaMagics.cell.getdoc = _help_of_the_cell
