"""What a service must be able to say, and the registry of services.

A provider is found by its name among the entry points of the group
`nanobanana_nb.providers`; each is a function `(Settings) -> Provider`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import Any, Protocol

from nanobanana_nb.config import Settings
from nanobanana_nb.errors import NanobananaError, SettingsError, UnexpectedAnswerError
from nanobanana_nb.model.credits import MOST_BALANCE, plausible
from nanobanana_nb.model.result import State

GROUP = "nanobanana_nb.providers"


@dataclass(frozen=True)
class Call:
    """One call of the API. `creates` marks the one that costs money and is never repeated
    unless it is certain that it was not accepted; `repeatable` marks those without effect."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    repeatable: bool = True
    creates: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by lower-case name, and the whole body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class TaskInfo:
    """What the service says of a task. `seconds` and `credits` are None while not known."""

    task_id: str
    state: State
    credits: float | None = None
    seconds: float | None = None
    media_urls: tuple[str, ...] = field(default=(), repr=False)
    error: NanobananaError | None = None

    def __post_init__(self) -> None:
        """Take a number that can be no charge for one that is not known, from any wire."""
        object.__setattr__(self, "credits", plausible(self.credits))


@dataclass(frozen=True)
class Estimate:
    """What one task costs. `exact` is False for a guess; `balance` is there if it was told.

    Raises:
        UnexpectedAnswerError: the credits can be no price.
    """

    credits: float
    exact: bool = False
    balance: float | None = None

    def __post_init__(self) -> None:
        """Refuse what can be no price, from any wire."""
        if plausible(self.credits) is None:
            raise UnexpectedAnswerError("The service told a price that cannot be one")
        object.__setattr__(self, "balance", plausible(self.balance, MOST_BALANCE))


@dataclass(frozen=True)
class UploadSlot:
    """Where to put a file, and the link under which the service finds it afterwards."""

    put_url: str = field(repr=False)
    file_url: str = field(repr=False)


class Wire(Protocol):
    """The wire format of a service: builds calls and reads answers, does no I/O.

    Every `read_` method raises the error that the answer stands for.
    """

    def create(self, model: str, fields: Mapping[str, Any], callback_url: str | None) -> Call:
        """Return the call that creates a task."""
        ...

    def read_created(self, answer: Answer) -> str:
        """Return the task id."""
        ...

    def info(self, task_id: str) -> Call:
        """Return the call that looks at a task."""
        ...

    def read_info(self, answer: Answer, task_id: str) -> TaskInfo:
        """Return what the service says of the task."""
        ...

    def balance(self) -> Call:
        """Return the call for the account's balance."""
        ...

    def read_balance(self, answer: Answer) -> float:
        """Return the balance in credits."""
        ...

    def estimates(self, model: str, fields: Mapping[str, Any]) -> tuple[Call, ...]:
        """Return the estimate calls in the order to try, each after a 404 of the one before."""
        ...

    def read_estimate(self, answer: Answer) -> Estimate:
        """Return the price of one task."""
        ...

    def models(self) -> Call:
        """Return the call that lists the image models."""
        ...

    def read_models(self, answer: Answer) -> tuple[str, ...]:
        """Return the names of the models."""
        ...

    def schema(self, model: str) -> Call:
        """Return the call for a model's inputs."""
        ...

    def read_schema(self, answer: Answer) -> dict[str, Any]:
        """Return the model's input schema."""
        ...

    def upload(self, media_type: str) -> Call:
        """Return the call for an upload slot."""
        ...

    def read_upload(self, answer: Answer) -> UploadSlot:
        """Return the upload slot."""
        ...


@dataclass(frozen=True)
class Provider:
    """A service: where it is, how it speaks, whether it wants the person's key.

    `app` makes the service inside this process (the simulator); `pace` is how long its tasks
    take as a multiple of the real service's; `rate` is how many calls in how many seconds it
    takes from one key, None for any number.
    """

    name: str
    base_url: str
    wire: Wire
    needs_key: bool = True
    app: Callable[[], Any] | None = None
    pace: float = 1.0
    rate: tuple[int, float] | None = None


def find_provider(name: str, settings: Settings) -> Provider:
    """Return the provider `name`.

    Raises:
        SettingsError: there is none of that name.
    """
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(sorted(known))
        raise SettingsError(f"There is no provider {name!r}", why=hint)
    provider: Provider = known[name].load()(settings)
    return provider
