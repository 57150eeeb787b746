"""What people see of the package: the classes of results, and the methods that are ours."""

from __future__ import annotations

import inspect
from typing import Any

import nanobanana_nb as nb
from nanobanana_nb.library.library import Prompts
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.show.judge.chance import Chance
from nanobanana_nb.show.judge.image_scores import Scores
from nanobanana_nb.show.judge.ranks import Ranks
from nanobanana_nb.show.judge.rater_agreement import Agreement
from nanobanana_nb.show.lineage.diff import Difference

CLASSES: list[type] = [
    *(nb.Generation, nb.GenerationRequest, nb.ImageGrid, nb.Job, nb.NanobananaError, nb.Panel),
    *(nb.Plan, nb.State, nb.Report, Agreement, Bill, Chance, Difference, Ranks, Rating, Scores),
    Prompts,
]


def members_of(kind: type) -> dict[str, Any]:
    """Return the public methods and properties of a class that are ours, as functions."""
    bodies = [
        vars(base) for base in reversed(kind.__mro__) if base.__module__.startswith(nb.__name__)
    ]
    members = {}
    for name in {name: None for body in bodies for name in body if not name.startswith("_")}:
        member = inspect.getattr_static(kind, name)
        plain: Any = member.fget if isinstance(member, property) else getattr(kind, name)
        if inspect.isroutine(plain):
            members[f"{kind.__name__}.{name}"] = inspect.unwrap(plain)
    return members
