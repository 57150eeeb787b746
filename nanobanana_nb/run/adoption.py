"""A task that was made elsewhere: which unknown one of the ledger it is, or a new row."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from nanobanana_nb.api.provider import TaskInfo
from nanobanana_nb.errors import InputError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage, as_parameters
from nanobanana_nb.model.result import Generation
from nanobanana_nb.privacy.redaction import public_url

NEW = "new"  # in the place of a number: it is none of those that fit
_LINKS = "img_urls"


def adopt(ledger: Ledger, provider: str, info: TaskInfo, name: str | None = None) -> int:
    """Take a task into the ledger and return its number. Costs nothing.

    One that was sent from here and never answered gets its task id, where only one can be meant.

    Args:
        name: the number of the unknown task that it is, or `new` for none of them.

    Raises:
        InputError: several unknown tasks may be meant, it is not certain, or `name` is none.
    """
    request = request_of(info, provider)
    unknown = [task for task in ledger.unknown() if task.request.provider == provider]
    if name not in (None, NEW):
        chosen = [task for task in unknown if str(task.id) == name]
        return _settled(ledger, chosen, info, name or "")
    possible = [] if name == NEW else [task for task in unknown if _may_be(task, request)]
    certain = [task for task in possible if _is_surely(task, request)]
    if len(certain) == len(possible) == 1:
        return _settled(ledger, certain, info, str(certain[0].id))
    if possible:
        raise _unclear(possible, info.task_id)
    return ledger.adoptions.add(request, info.task_id, info.created_at or time.time())


def request_of(info: TaskInfo, provider: str) -> GenerationRequest:
    """Return what a task was asked with, as far as the service tells.

    A prompt that it does not tell is as good as private.
    """
    fields = dict(info.fields)
    prompt, links = fields.pop("prompt", None), fields.pop(_LINKS, None)
    told = isinstance(prompt, str) and bool(prompt)
    return GenerationRequest(
        provider,
        info.model,
        str(prompt) if told else "",
        tuple(_references(links if isinstance(links, list) else [])),
        as_parameters(fields),
        private=not told,
    )


def untold(info: TaskInfo) -> str:
    """Return what the service does not tell of a task, in words; nothing where it tells all."""
    asked = {"model": info.model, "prompt": info.fields.get("prompt")}
    missing = " and ".join(name for name, value in asked.items() if not value)
    return f"The service does not tell its {missing}." if missing else ""


def _references(links: Iterable[Any]) -> Iterable[ReferenceImage]:
    for link in links:
        if isinstance(link, str):
            yield ReferenceImage(url=link, name=public_url(link))


def _may_be(task: Generation, request: GenerationRequest) -> bool:
    """Whether an unknown task may be this one: nothing that is known of both differs."""
    ours = task.request
    if request.model and ours.model != request.model:
        return False
    if request.prompt and ours.prompt and ours.prompt != request.prompt:
        return False
    told = bool(request.prompt)
    alike = dict(ours.parameters) == dict(request.parameters)
    return not told or (alike and len(ours.images) == len(request.images))


def _is_surely(task: Generation, request: GenerationRequest) -> bool:
    """Whether both have one prompt, and no pictures that could be others."""
    ours = task.request
    pictures = {image.url for image in ours.images} ^ {image.url for image in request.images}
    return bool(request.prompt and request.model) and ours.prompt == request.prompt and not pictures


def _settled(ledger: Ledger, tasks: list[Generation], info: TaskInfo, name: str) -> int:
    number = tasks[0].id if tasks else None
    if number is None or not ledger.adoptions.settle(number, info.task_id):
        raise InputError(
            f"The ledger has no unknown task {name}",
            action="`%nanobanana history --ids` lists them.",
        )
    return number


def _unclear(tasks: list[Generation], task_id: str) -> InputError:
    numbers = ", ".join(str(task.id) for task in tasks)
    which = "be number" if len(tasks) == 1 else "be one of the numbers"
    return InputError(
        f"Task {task_id} may {which} {numbers}, of which nobody knows the outcome",
        action=f"`%nanobanana adopt {task_id} {tasks[0].id}` says that it is; "
        f"`%nanobanana adopt {task_id} {NEW}` says that it is another.",
    )
