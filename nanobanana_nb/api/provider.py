"""What a service must be able to say, and the registry of services.

A provider is found by its name among the entry points of the group
`nanobanana_nb.providers`; each is a function `(Settings) -> Provider`. What foreign code raises
or returns instead ends in a `ProviderError` that names the provider.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import Any, Protocol

from nanobanana_nb.errors import (
    NanobananaError,
    ProviderError,
    SettingsError,
    UnexpectedAnswerError,
    fenced,
)
from nanobanana_nb.model.credits import balance_of, plausible, price_of
from nanobanana_nb.model.result import SIMULATOR, State
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import CRUN_NAMES
from nanobanana_nb.settings.parsing import as_address
from nanobanana_nb.text.spelling import hint

GROUP = "nanobanana_nb.providers"
CRUN = "crun"
BUILT_IN = {
    CRUN: "nanobanana_nb.api.crun:provider",
    SIMULATOR: "nanobanana_nb.api.simulated:provider",
}


@dataclass(frozen=True)
class Call:
    """One call of the API. `creates` marks the one that costs money and is never repeated
    unless it is certain that it was not accepted; `repeatable` marks those without effect, and
    `holds_media` those whose answer may hold an image. `Wire.create` and `Wire.info` return
    these two, whatever the marks say.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    repeatable: bool = True
    creates: bool = False
    holds_media: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by lower-case name, and the whole body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


MOST_LINKS = 20  # of one task that are read: an image in several sizes and kinds has a few


@dataclass(frozen=True)
class TaskInfo:
    """What the service says of a task. `seconds` and `credits` are None while not known.

    Of more links than `MOST_LINKS` the first are read. `model` and `fields` are what the task was
    asked with, and `created_at` when, in seconds since the epoch, where the service tells.
    """

    task_id: str
    state: State
    credits: float | None = None
    seconds: float | None = None
    media_urls: tuple[str, ...] = field(default=(), repr=False)
    error: NanobananaError | None = None
    model: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    created_at: float | None = None

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
        if (price := price_of(self.credits)) is None:
            raise UnexpectedAnswerError("The service told a price that cannot be one")
        object.__setattr__(self, "credits", price)
        object.__setattr__(self, "balance", balance_of(self.balance))


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
        """Return the task id; the error of an answer that names one all the same has it too."""
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
    takes from one key, None for any number. `key_names` are the variables that its key is
    looked for in, the first also its name in secret stores; a provider that names none has
    `NAME_API_KEY`. `url_setting` is the variable that sets where the service is, if one does.
    """

    name: str
    base_url: str
    wire: Wire
    needs_key: bool = True
    app: Callable[[], Any] | None = None
    pace: float = 1.0
    rate: tuple[int, float] | None = None
    key_names: tuple[str, ...] = ()
    url_setting: str = ""

    @property
    def simulated(self) -> bool:
        """Whether nothing is paid: that holds for the built-in simulator, and for no other."""
        return self.name == SIMULATOR


def find_provider(name: str, settings: Settings) -> Provider:
    """Return the provider `name`, under that name and with the names of its own key.

    Raises:
        SettingsError: there is none of that name, or there are two.
        ProviderError: its code cannot be used.
    """
    # Of a built-in provider there is none but our own, whoever else takes its name.
    built_in = BUILT_IN.get(name)
    entry = EntryPoint(name, built_in, GROUP) if built_in else _entry(name)
    # It may be imported for long: the person's own interrupt gets through.
    with fenced(f"Provider {name} cannot be made", passing=(NanobananaError, KeyboardInterrupt)):
        provider: Provider = entry.load()(settings)
    if built_in:  # made of settings that were checked as they were read
        return provider
    if fault := _fault(provider):
        raise ProviderError(f"Provider {name} cannot be used", why=fault)
    return replace(provider, name=name, key_names=_key_names(provider, name))


def provider_names() -> list[str]:
    """Return the names of all providers that are installed."""
    return sorted({entry.name for entry in _known()})


def _entry(name: str) -> EntryPoint:
    """Return the one entry point of that name among all packages'."""
    entries = [entry for entry in _known() if entry.name == name]
    if not entries:
        raise SettingsError(f"There is no provider {name!r}", why=hint(name, provider_names()))
    if len(entries) > 1 and len({entry.value for entry in entries}) > 1:
        raise SettingsError(
            f"Several packages have a provider {name!r}",
            why=", ".join(sorted(entry.value for entry in entries)),
            action="Uninstall all but one of them.",
        )
    return entries[0]


def _known() -> EntryPoints:
    return _entries(tuple((folder, _changed(folder)) for folder in sys.path))


@lru_cache(maxsize=1)
def _entries(path: tuple[tuple[str, int], ...]) -> EntryPoints:
    """Return all providers' entry points: 12 ms, and again only where a package came or went."""
    return entry_points(group=GROUP)


def _changed(folder: str) -> int:
    """Return when a folder changed last, by which `importlib.metadata` itself goes."""
    try:
        return Path(folder or ".").stat().st_mtime_ns
    except OSError:
        return 0


def _fault(provider: object) -> str:
    """Return what is wrong with what a third party's function returned, "" for nothing."""
    if not isinstance(provider, Provider):
        return f"its function returned a {type(provider).__name__}, not a Provider"
    right = {
        "base_url": isinstance(provider.base_url, str),
        "needs_key": isinstance(provider.needs_key, bool),
        "app": provider.app is None or callable(provider.app),
        "pace": _is_amount(provider.pace),
        "rate": provider.rate is None or _is_rate(provider.rate),
        "url_setting": isinstance(provider.url_setting, str),
        "key_names": isinstance(provider.key_names, tuple | list)
        and all(isinstance(name, str) for name in provider.key_names),
    }
    if wrong := ", ".join(name for name, is_right in right.items() if not is_right):
        return f"its {wrong} cannot be what it is"
    try:
        as_address(provider.base_url)
    except ValueError as error:
        return f"its base_url cannot be what it is: {error}"
    return ""


def _is_rate(value: Any) -> bool:
    is_pair = isinstance(value, tuple | list) and len(value) == 2
    return is_pair and all(map(_is_amount, value)) and value[0] >= 1


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value < math.inf


def _key_names(provider: Provider, name: str) -> tuple[str, ...]:
    """Return where a provider's key is looked for; the names of CRUN's key are CRUN's alone."""
    if (names := _without_crun(provider.key_names)) or not provider.needs_key:
        return names
    return _without_crun([re.sub(r"\W", "_", f"{name}_API_KEY", flags=re.ASCII).upper()])


def _without_crun(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.upper() not in CRUN_NAMES)
