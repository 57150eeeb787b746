"""The words of a result: the one place where states, money and time become text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from nanobanana_nb.errors import Charged, ForgottenError, charged_words
from nanobanana_nb.model.cost import money
from nanobanana_nb.model.prompt.named_images import names_of
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.text.terminal import MOST_TASK
from nanobanana_nb.text.terminal import cut as cut
from nanobanana_nb.text.terminal import plain as plain

DOT = " · "
SIMULATED = "Made by the built-in simulator: nothing was paid."
SIMULATED_SHORT = "simulated, nothing paid"
SIMULATES = "The built-in simulator answers: nothing is paid."
RESUME = "%nanobanana resume"
INTERRUPT = f"Interrupt stops the waiting, not the task: `{RESUME}` fetches it later."
_CALLS = "generate|submit|sweep|plan|edit|replay|help|list|load|sorted|Path|array|numpy"
_METHODS = "complete|ranks|repeat|retry|select"  # of a grid, whatever it is called
CODE = re.compile(
    rf"`((?:%(?:nanobanana|pip) |--?[a-z]|grid[.\[]|(?:{_CALLS})[.(]|(?:yes|max_credits)="
    rf"|[^\W\d]\w*(?:\.(?:{_METHODS})\(|\[[0-9]))[^`\n]*)`"
)
PRIVATE = "(the prompt was kept private)"
_SPEAKS_FOR_ITSELF = ("aspect_ratio", "output_format", "resolution")
_ORDER = {"aspect_ratio": 0, "resolution": 1, "output_format": 2}
_STATE_MEANING = {
    State.SENT: "no answer yet",
    State.UNKNOWN: "sent, and no answer says what became of it",
    State.DETACHED: "goes on at the service",
    State.SUCCESS: "made, and not here yet",
    State.FAILED: "no reason was given",
}


def number(value: float) -> str:
    """Return a number as people write it: 4, 0.5, 1,234."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def figures(value: float, apart: float = 0.0) -> str:
    """Return a measured number to three figures: 0.0123, 12.3, 1,234.

    Args:
        apart: what has to be seen, as of an interval or of other numbers: 5,123.25 for 0.5.
    """
    size = math.floor(math.log10(abs(value))) if value else 0
    places = max(2 - size, 1 - math.floor(math.log10(apart)) if apart > 0 else 0)
    if abs(value) >= 1e15 or places > 12:
        return f"{value:.3g}"
    text = f"{value:,.{max(0, places)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(count: float, noun: str) -> str:
    """Return a count with its noun: 1 image, 12 images, 4 credits."""
    return f"{number(count)} {noun}" + ("" if count == 1 else "s")


def cost(credits: float, provider: str) -> str:
    """Return credits, and what they are in money where their price is set: 4 credits (0.02 USD)."""
    return counted(credits, "credit") + money(credits, provider)


def times(count: int) -> str:
    """Return how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def seconds_text(seconds: float) -> str:
    """Return a duration: 0.4 s, 14 s, 2 min 5 s, 1 h 2 min."""
    if seconds < 0.95:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def task_text(task_id: str | None) -> str:
    """Return a task id, cut where it is absurdly long."""
    return cut(task_id or "", MOST_TASK)


def short_id(task_id: str) -> str:
    """Return the first letters of a task id, enough to tell tasks apart."""
    line = task_text(task_id)
    return line if len(line) <= 14 else line[:11] + "…"


def state_word(generation: Generation) -> str:
    """Return the state as people read it everywhere: `done`, `running`, `waiting`, `stopped` ..."""
    if generation.state is State.SUCCESS and not generation.ok:
        return "not fetched"
    return "forgotten" if isinstance(generation.error, ForgottenError) else generation.state.word


def was_stopped(generation: Generation) -> bool:
    """Whether an image was never sent since another one's error stopped the run."""
    return generation.state is State.PLANNED and generation.error is not None


def mark(generation: Generation, now: float | None) -> str:
    """Return what a tile too small for a sentence says: the seconds of a task that runs."""
    begun = generation.sent_at or generation.created_at
    if generation.state is State.RUNNING and now is not None and begun:
        return seconds_text(max(now - begun, 0))
    return state_word(generation)


def reason(generation: Generation) -> str:
    """Return why there is no image: the service's own words where it gave some."""
    error = generation.error
    if error is None:
        return "" if generation.ok else _STATE_MEANING.get(generation.state, "")
    return plain(error.why or error.what)


def charged_text(generation: Generation) -> str:
    """Return whether credits were taken for an image that is not there, if that is known."""
    if generation.error is not None and generation.error.charged:
        return charged_words(generation.error.charged, generation.error.credits)
    if generation.state is State.UNKNOWN:
        return charged_words(Charged.UNKNOWN)
    credits = reserved(generation) if generation.state.is_open else generation.credits
    if generation.ok or credits is None:
        return ""
    # The service reserves while a task runs and charges when it has finished.
    done = "reserved" if generation.state.is_open else "taken"
    return f"{cost(credits, generation.request.provider)} {done}"


def reserved(generation: Generation) -> float | None:
    """Return the credits set aside for an image on its way: what the service said, or its price."""
    return generation.reserved if generation.credits is None else generation.credits


def can_resume(generation: Generation) -> bool:
    """Whether the image may still be fetched at no further cost."""
    unfetched = generation.state is State.SUCCESS and not generation.ok
    return unfetched or generation.state.is_open


def is_left_over(generation: Generation) -> bool:
    """Whether the image may still be fetched and nobody waits for it: `RESUME` gets it."""
    return can_resume(generation) and generation.state in (State.DETACHED, State.SUCCESS)


def credits_text(generation: Generation) -> str:
    """Return what the image cost: `4 credits`, `0 credits · from the ledger`, or nothing."""
    if generation.cached:
        return f"{counted(generation.credits or 0, 'credit')}{DOT}from the ledger"
    provider = generation.request.provider
    return "" if generation.credits is None else cost(generation.credits, provider)


def setting(name: str, value: Any) -> str:
    """Return one parameter as a caption says it: `16:9`, `google_search`, `seed 7`."""
    if value is True:
        return plain(name)
    if name in _SPEAKS_FOR_ITSELF:
        return cut(value, 40)
    return f"{cut(name, 30)} {cut('off' if value is False else value, 60)}"


def settings_of(request: GenerationRequest) -> dict[str, str]:
    """Return model, parameters and reference images of a request by name, as words.

    The shape comes before the size, the size before the format.
    """
    texts = {"model": cut(request.model, 80)}
    for name, value in sorted(request.parameters, key=lambda pair: _ORDER.get(pair[0], 3)):
        texts[f"parameter {name}"] = setting(name, value)
    if request.images:
        texts["images"] = _images_text(request.images)
    return texts


def _images_text(images: Sequence[ReferenceImage]) -> str:
    """Return whom the images show, `with Mia, dog`, and how many others there are."""
    others = [image for image in images if not image.shows]
    shown = f"with {cut(', '.join(names_of(images)), 80)}" if len(others) < len(images) else ""
    if not others:
        return shown
    names = ", ".join(cut(public_url(i.name or i.url or "bytes"), 40) for i in others[:3])
    more = ", …" if len(others) > 3 else ""
    rest = f"{counted(len(others), 'reference image')} ({names}{more})"
    return f"{shown} and {rest}" if shown else rest


def shared_settings(
    requests: Iterable[GenerationRequest],
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the settings that all have alike, and for each those in which it differs."""
    every = [settings_of(request) for request in requests]
    first = every[0] if every else {}
    alike = {k: v for k, v in first.items() if all(other.get(k) == v for other in every)}
    apart = [{k: v for k, v in settings.items() if alike.get(k) != v} for settings in every]
    return alike, apart


def alt_text(generation: Generation, values: str = "") -> str:
    """Return what a person who does not see the picture should know of it."""
    parts = (
        cut(generation.request.prompt or PRIVATE, 160),
        cut(values, 100),
        state_word(generation),
    )
    return ", ".join(part for part in parts if part)


def code_free(text: str) -> str:
    """Return `text` without the backticks that mark commands of ours; others were written."""
    return CODE.sub(r"\1", text)
