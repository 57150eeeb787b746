"""Plans for one prompt, and what stands in their cells."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import ReferenceImage


def plan_of(prompt: str, **options: Any) -> Plan:
    """The plan of the service's plainest model, in a notebook without variables."""
    return make_plan(
        prompt, **{"provider": "crun", "model": "nano-banana", "namespace": {}, **options}
    )


def simulated_plan(prompt: str, **options: Any) -> Plan:
    """The plan of a model that takes more, at the simulator."""
    return plan_of(prompt, **{"provider": "simulator", "model": "nano-banana-2", **options})


def prompts_of(plan: Plan) -> list[str]:
    """The prompts that a plan sends."""
    return [cell.request.prompt for cell in plan.cells]


def fingerprints_of(plan: Plan) -> list[str]:
    """The identity of each request of a plan."""
    return [cell.request.fingerprint() for cell in plan.cells]


def picture(data: bytes, name: str = "cat.png") -> ReferenceImage:
    """A reference image that holds these bytes."""
    return ReferenceImage.from_bytes(data, "image/png", name)
