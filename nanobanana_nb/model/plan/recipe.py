"""What all images of a plan have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from nanobanana_nb.model.prompt import template
from nanobanana_nb.model.prompt.template import Template
from nanobanana_nb.model.request import Parameters, ReferenceImage
from nanobanana_nb.text.terminal import printed


@printed
@dataclass(frozen=True)
class Recipe:
    """What does not vary.

    `prompt` is the body as it was written, `filled` says whether its braces mean anything, and
    `texts` are those of its placeholders that are no axis.
    """

    provider: str
    model: str
    prompt: str
    filled: bool = True
    texts: tuple[tuple[str, str], ...] = ()
    parameters: Parameters = ()
    images: tuple[ReferenceImage, ...] = ()
    private: bool = False

    @cached_property
    def template(self) -> Template:
        """The prompt taken apart; axis lines were taken off before."""
        return (template.parse_body if self.filled else template.plain)(self.prompt)
