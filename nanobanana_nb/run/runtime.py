"""Which session answers: the provider in force, its own key, and one session for each pair."""

from __future__ import annotations

import os

from nanobanana_nb.api.limiter import RateLimiter, limiter_for, rate_for
from nanobanana_nb.api.provider import CRUN, Provider, find_provider
from nanobanana_nb.api.simulated import KEY as SIMULATOR_KEY
from nanobanana_nb.errors import MissingKeyError
from nanobanana_nb.model.result import SIMULATOR
from nanobanana_nb.run.callback import CallbackReceiver
from nanobanana_nb.run.inputs.uploads import Links
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings.keys import (
    CRUN_NAMES,
    ApiKey,
    ask_for_key,
    find_key,
    keep_environment_keys,
)
from nanobanana_nb.settings.record import Settings, refuse_keys

_sessions: dict[tuple[object, ...], Session] = {}
_limiters: dict[tuple[object, ...], RateLimiter] = {}
_receivers: dict[tuple[int, int], CallbackReceiver] = {}
_links: dict[tuple[object, ...], Links] = {}
_typed: dict[str, ApiKey] = {}  # by provider
JOBS: list[Job] = []  # that nobody waits for, for `%nanobanana wait`


def open_session(settings: Settings, *, ask: bool = True) -> Session:
    """Return the session for `settings`, made when first asked for.

    With no provider set, CRUN answers where there is a key and the simulator where there is
    none.

    Args:
        ask: let a person type the key where none is found.

    Raises:
        MissingKeyError: the provider wants a key, none was found and nobody could type one.
        SettingsError: a key stands in a setting.
    """
    keep_environment_keys(os.environ)
    name = answering(settings)
    provider = find_provider(name, settings)
    key = key_of(provider)
    if key is None and provider.needs_key:
        key = _asked(provider, ask)
    refuse_keys(settings)
    # The process is part of the name: a connection does not survive a fork.
    account = (os.getpid(), name, provider.base_url, hash(key.reveal()) if key else None)
    budget = _budget(account, provider, settings)
    which = (*account, settings, name)
    links = _links.setdefault((*account, settings.home), Links())  # a simulator has its own home
    return _sessions.setdefault(
        which, Session(settings, provider, key, BRIDGE, budget, _receiver(settings), links)
    )


def answering(settings: Settings) -> str:
    """Return the name of the provider that answers under these settings."""
    if settings.provider:
        return settings.provider
    return CRUN if find_key(CRUN_NAMES) or CRUN in _typed else SIMULATOR


def key_of(provider: Provider) -> ApiKey | None:
    """Return a provider's own key, None where there is none: nobody is asked."""
    if provider.simulated:
        return SIMULATOR_KEY
    return find_key(provider.key_names) or _typed.get(provider.name)


def close_sessions() -> None:
    """Forget every session and stop the background thread. The next use starts anew."""
    for session in _sessions.values():
        session.bridge.run(session.aclose())
    for receiver in _receivers.values():
        BRIDGE.run(receiver.aclose())
    for kept in (_sessions, _limiters, _receivers, _links):
        kept.clear()
    _typed.clear()
    JOBS.clear()
    BRIDGE.close()


def _budget(account: tuple[object, ...], provider: Provider, settings: Settings) -> RateLimiter:
    """Return the one budget of a key, under the newest limit: it holds for running jobs too."""
    budget = _limiters.setdefault((*account, provider.rate), limiter_for(provider, settings))
    budget.limit(*rate_for(provider, settings))
    return budget


def _receiver(settings: Settings) -> CallbackReceiver | None:
    """Return this process's receiver for a port, which all sessions share. It listens later."""
    if settings.callback_url is None:
        return None
    which = (os.getpid(), settings.callback_port)
    return _receivers.setdefault(which, CallbackReceiver(_wake, settings.callback_port))


def _wake(task_id: str) -> None:
    for session in tuple(_sessions.values()):
        session.wake(task_id)


def missing_key(provider: Provider) -> MissingKeyError:
    """Return what says how a provider's key is set."""
    what = f"Provider {provider.name} needs an API key and there is none"
    if not provider.key_names:
        return MissingKeyError(what, why="it names no variable for it")
    return MissingKeyError(
        what,
        action=f"Set {provider.key_names[0]} in the environment before Jupyter starts, "
        "or use `--provider simulator`, which needs none.",
    )


def _asked(provider: Provider, ask: bool) -> ApiKey:
    key = ask_for_key(provider.name) if ask else None
    if key is None:
        raise missing_key(provider)
    _typed[provider.name] = key
    return key
