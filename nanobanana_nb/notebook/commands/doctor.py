"""Checks of everything that a first run needs, each with what to do if it is wrong."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nanobanana_nb.api.provider import BUILT_IN, find_provider
from nanobanana_nb.entry import launch
from nanobanana_nb.errors import MissingKeyError, NanobananaError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store.folder import check_locks, is_read_only
from nanobanana_nb.ledger.store.repair import ASIDE, set_aside_files
from nanobanana_nb.model.catalog import full_name
from nanobanana_nb.run.runtime import RUNTIME, missing_key
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings import config
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import CRUN_NAMES, find_key
from nanobanana_nb.settings.origin import running_shell
from nanobanana_nb.version import __version__

GOOD, CARE, BAD = "ok", "note", "wrong"
Row = list[str]


def examine() -> list[Row]:
    """Return rows of (what, state, detail). Creates nothing, asks nobody, shows no key."""
    rows = [_guarded("versions", _versions)]
    try:
        settings = config.load(None, config.CONFIGURED).settings
    except Exception as error:
        return [*rows, ["settings", BAD, _text(error)]]
    checks = {"key": _key, "home": _home, "service": _service, "kernel": _kernel}
    rows += [_guarded(name, partial(check, settings)) for name, check in checks.items()]
    return rows + [["settings", CARE, sentence] for sentence in config.unknown_variables()]


def _guarded(name: str, check: Callable[[], Row]) -> Row:
    """Return what a check says; whatever it raises is what a doctor is asked for."""
    try:
        return check()
    except Exception as error:
        return [name, BAD, _text(error)]


def _text(error: Exception) -> str:
    if not isinstance(error, NanobananaError):  # of a provider or a library
        error = NanobananaError(type(error).__name__, why=str(error))
    return str(error)


def _versions() -> Row:
    names = ("ipykernel", "ipython", "ipywidgets", "httpx")
    libraries = ", ".join(f"{name} {_version(name)}" for name in names)
    python = platform.python_version()
    return ["versions", GOOD, f"nanobanana_nb {__version__}, Python {python}, {libraries}"]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _key(settings: Settings) -> Row:
    provider = find_provider(RUNTIME.provider_name(settings), settings)
    key = find_key(CRUN_NAMES) if provider.simulated else RUNTIME.key_of(provider)
    if key is None and provider.simulated:
        return ["key", CARE, "No API key found: the simulator answers. Set CRUN_API_KEY for CRUN."]
    if key is None and not provider.needs_key:
        return ["key", GOOD, f"Provider {provider.name} needs none."]
    if key is None:
        return ["key", BAD, str(missing_key(provider))]
    if provider.name in BUILT_IN and not key.looks_usual:
        detail = f"From {key.source}; it has not the usual shape (ak_ and 32 characters)."
        return ["key", CARE, detail]
    return ["key", GOOD, f"From {key.source}."]


def _home(settings: Settings) -> Row:
    ledger = Ledger(settings.home)
    if is_read_only(ledger.file):
        detail = f"{settings.home} may only be read; the {ledger.count():,} tasks there are shown"
        return ["home", CARE, f"{detail}. For new images set NANOBANANA_HOME to your own folder."]
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        check_locks(settings.home)
    except OSError as error:
        detail = f"{settings.home} cannot be written ({error.strerror}): set NANOBANANA_HOME."
        return ["home", BAD, detail]
    detail = f"{settings.home}, {ledger.count():,} tasks in the ledger, {_room(settings.home)}"
    damaged = ", ".join(file.name for file in set_aside_files(settings.home))
    if damaged:
        return ["home", CARE, f"{detail}; a damaged ledger was set aside: {damaged}"]
    return ["home", GOOD, detail]


def _room(home: Path) -> str:
    """Return how much of the disk the home takes, and what of it."""
    parts = {
        "originals": [*(home / "originals").rglob("*"), *(home / "arrived").rglob("*")],
        "ledger": [*home.glob("ledger.sqlite*")],
        "set aside": [*home.glob(f"{ASIDE}*")],
    }
    sizes = {name: sum(map(_size, files)) for name, files in parts.items()}
    return ", ".join(f"{name} {_bytes(size)}" for name, size in sizes.items() if size) or "empty"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:  # it went meanwhile
        return 0


def _bytes(count: int) -> str:
    if count >= 1_000_000_000:
        return f"{count / 1e9:,.1f} GB"
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.0f} kB"


def _service(settings: Settings) -> Row:
    provider = find_provider(RUNTIME.provider_name(settings), settings)
    if provider.needs_key and RUNTIME.key_of(provider) is None:
        raise MissingKeyError("Not asked, for want of a key", action="")
    session = launch.session_for()
    credits = session.bridge.run(session.client.balance())
    where = "built in, nothing to pay" if provider.simulated else provider.base_url
    detail = f"{provider.name} ({where}) answers: {credits:,.10g} credits"
    doubt = _doubt(session, full_name(settings.model))
    return ["service", CARE if doubt else GOOD, detail + doubt]


def _doubt(session: Session, model: str) -> str:
    """Return what speaks against the model that is used where a cell names none, "" for nothing."""
    try:
        names = session.bridge.run(session.client.models())
    except NanobananaError as error:
        return f"; its models are not known: {error}"
    if model in names:
        return ""
    return f"; {model}, the default model, is not among its {len(names)} (`%nanobanana models`)"


def _kernel(settings: Settings) -> Row:
    if getattr(running_shell(), "kernel", None) is None:
        return ["kernel", CARE, "No Jupyter kernel: results show as text."]
    if hasattr(asyncio.get_event_loop_policy().get_event_loop(), "_nest_patched"):
        detail = "Another library applied nest-asyncio to the kernel's loop"
        return ["kernel", CARE, f"{detail}: with a new ipykernel, Run All may drop cells."]
    return ["kernel", GOOD, f"ipykernel {_version('ipykernel')}"]
