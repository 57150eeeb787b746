"""What this process keeps: sessions, the budgets of keys, links, the loop and jobs.

Which session answers is decided here: the provider in force, its own key, the settings.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from nanobanana_nb.api.limiter import RateLimiter, rate_for
from nanobanana_nb.api.provider import CRUN, Provider, find_provider
from nanobanana_nb.api.simulated import KEY as SIMULATOR_KEY
from nanobanana_nb.errors import MissingKeyError
from nanobanana_nb.model.result import SIMULATOR
from nanobanana_nb.run.inputs.uploads import UploadLinks
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import BRIDGE, Bridge
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings.config import Settings, refuse_keys
from nanobanana_nb.settings.keys import (
    CRUN_NAMES,
    ApiKey,
    ask_for_key,
    find_key,
    keep_environment_keys,
)
from nanobanana_nb.text.doors import words

if TYPE_CHECKING:
    from nanobanana_nb.run.callback import CallbackReceiver

MOST_SESSIONS = 32  # one for each set of settings; the one that is used least goes first


class Runtime:
    """Everything that lives as long as the process, with one `reset`.

    Args:
        bridge: the background loop.
    """

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.jobs: list[Job] = []  # that nobody waits for, for `%nanobanana wait`
        self._lock = threading.Lock()
        self._sessions: OrderedDict[tuple[object, ...], Session] = OrderedDict()
        self._limiters: dict[tuple[object, ...], RateLimiter] = {}
        self._receivers: dict[tuple[int, int], CallbackReceiver] = {}
        self._links: dict[tuple[object, ...], UploadLinks] = {}
        self._typed_keys: dict[str, ApiKey] = {}  # by provider
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._unlock)

    def session(self, settings: Settings, *, ask: bool = True) -> Session:
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
        provider = find_provider(self.provider_name(settings), settings)
        key = self.key_of(provider)
        if key is None and provider.needs_key:
            key = self._typed_key(provider, ask)
        refuse_keys(settings)
        with self._lock:
            return self._cached_session(settings, provider, key)

    def provider_name(self, settings: Settings) -> str:
        """Return the name of the provider that answers under these settings."""
        if settings.provider:
            return settings.provider
        return CRUN if find_key(CRUN_NAMES) or CRUN in self._typed_keys else SIMULATOR

    def key_of(self, provider: Provider) -> ApiKey | None:
        """Return a provider's own key, None where there is none: nobody is asked."""
        if provider.simulated:
            return SIMULATOR_KEY
        return find_key(provider.key_names) or self._typed_keys.get(provider.name)

    def reset(self) -> None:
        """Forget everything and stop the background thread. The next use starts anew."""
        for session in self._sessions.values():
            self.bridge.run(session.aclose())
        for receiver in self._receivers.values():
            self.bridge.run(receiver.aclose())
        for cache in (
            self._sessions,
            self._limiters,
            self._receivers,
            self._links,
            self._typed_keys,
        ):
            cache.clear()
        self.jobs.clear()
        self.bridge.close()

    def _cached_session(
        self, settings: Settings, provider: Provider, key: ApiKey | None
    ) -> Session:
        """Return the session that is there, or a new one."""
        # The process is part of the name: a connection does not survive a fork.
        secret = hash(key.reveal()) if key else None
        account = (os.getpid(), provider.name, provider.base_url, secret)
        rate = rate_for(provider, settings)
        limiter = self._limiters.setdefault((*account, provider.rate), RateLimiter(*rate))
        limiter.calls, limiter.seconds = rate  # a key's newest limit: for running jobs too
        identity = (*account, settings)
        if identity not in self._sessions:
            home = (*account, settings.home)  # a simulator has its own
            links = self._links.setdefault(home, UploadLinks())
            receiver = None
            if settings.callback_url is not None:
                receiver = self._receiver(settings.callback_port)
            session = Session(settings, provider, key, self.bridge, limiter, receiver, links)
            self._sessions[identity] = session
        self._sessions.move_to_end(identity)
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return self._sessions[identity]

    def _receiver(self, port: int) -> CallbackReceiver:
        """Return this process's receiver for a port, which all sessions share. It listens later."""
        place = (os.getpid(), port)
        if place not in self._receivers:
            from nanobanana_nb.run.callback import CallbackReceiver  # and h11 with it

            self._receivers[place] = CallbackReceiver(self._wake, port)
        return self._receivers[place]

    def _wake(self, task_id: str) -> None:
        for session in tuple(self._sessions.values()):
            session.wake(task_id)

    def _typed_key(self, provider: Provider, ask: bool) -> ApiKey:
        key = ask_for_key(provider.name) if ask else None
        if key is None:
            raise missing_key(provider)
        self._typed_keys[provider.name] = key
        return key

    def _unlock(self) -> None:
        self._lock = threading.Lock()


def missing_key(provider: Provider) -> MissingKeyError:
    """Return what says how a provider's key is set."""
    what = f"Provider {provider.name} needs an API key and there is none"
    if not provider.key_names:
        return MissingKeyError(what, why="it names no variable for it")
    without = words(
        "`--provider simulator`",
        python="`provider='simulator'`",
        panel="the simulator (`NANOBANANA_PROVIDER=simulator`)",
    )
    return MissingKeyError(
        what,
        action=f"Set {provider.key_names[0]} in the environment before Jupyter starts, "
        f"or use {without}, which needs none.",
    )


RUNTIME = Runtime(BRIDGE)
