"""From the options and the prompt of one cell to its plan."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.magic import options
from nanobanana_nb.notebook.magic.namespace import variables

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.run.session import Session

_OF_THE_PLAN = ("vary", "sample", "sample_seed", "scout", "rows", "cols")


def plan_of(asked: Namespace, prompt: str, session: Session, shell: Any) -> Plan:
    """Return the plan of a cell with these options. Sends nothing.

    Raises:
        InputError: the prompt, an option or a value cannot be used.
    """
    from nanobanana_nb.entry import launch

    return launch.plan_for(
        session,
        prompt,
        model=asked.model,
        namespace=None if asked.raw else variables(shell),
        parameters={
            "aspect_ratio": asked.aspect_ratio,
            "output_format": asked.output_format,
            "resolution": asked.resolution,
            **options.input_fields(asked.set),
        },
        images=_references(asked.image, shell),
        repeats=asked.repeats,
        private=asked.private,
        callback_url=asked.callback_url,
        find_images=lambda name: _references([name], shell),
        **{name: getattr(asked, name) for name in _OF_THE_PLAN},
    )


def _references(names: list[str], shell: Any) -> list[Any]:
    """Return the images of `-i`: each a link, the name of a variable, or a path."""
    from nanobanana_nb.run.inputs.reference import reference
    from nanobanana_nb.show.grid import ImageGrid

    found: list[Any] = []
    for name in names:
        value = shell.user_ns.get(name, name) if name.isidentifier() else name
        several = value if isinstance(value, list | tuple | ImageGrid) else [value]
        if len(several) == 0:
            raise InputError(f"-i {name} is an empty list", action="Leave it out, or fill it.")
        found += [reference(one, name if one is not name else "") for one in several]
    return found
