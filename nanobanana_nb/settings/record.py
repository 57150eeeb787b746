"""The settings, as one frozen record: explicit > %config > environment > file > default.

The file is `config.toml` in the home folder. The API key is no setting and is never read
from it: see `nanobanana_nb.keys`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import SettingsError
from nanobanana_nb.privacy.redaction import holds_key, redacted
from nanobanana_nb.settings import config_file
from nanobanana_nb.settings.keys import USUAL_LENGTH, keep_environment_keys, misplaced_key
from nanobanana_nb.settings.origin import start_folder
from nanobanana_nb.settings.parsing import (
    STATUS_FORMS,
    as_address,
    as_amount,
    as_folder,
    as_path,
    as_port,
    as_rate,
    as_status,
    as_switch,
    as_text,
    cleaned,
)
from nanobanana_nb.text.spelling import stray_variables


def _default_home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("nanobanana_nb", appauthor=False))


def _how(read: Callable[[object], Any], env: str, text: str) -> dict[str, Any]:
    return {"read": read, "env": env, "help": text}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the person may set. Times are in seconds."""

    provider: str | None = field(
        default=None,
        metadata=_how(
            as_text, "NANOBANANA_PROVIDER", "crun or simulator; unset: crun where there is a key"
        ),
    )
    base_url: str = field(
        default="https://api.crun.ai",
        metadata=_how(as_address, "NANOBANANA_BASE_URL", "where the CRUN service is"),
    )
    home: Path = field(
        default_factory=_default_home,
        metadata=_how(as_path, "NANOBANANA_HOME", "folder of the ledger and the original images"),
    )
    model: str = field(
        default="google/nano-banana",
        metadata=_how(as_text, "NANOBANANA_MODEL", "the model when a cell names none"),
    )
    wait_s: float = field(
        default=600.0,
        metadata=_how(as_amount, "NANOBANANA_WAIT_S", "how long a task is waited for, in seconds"),
    )
    status: str = field(
        default="auto",
        metadata=_how(
            as_status, "NANOBANANA_STATUS", "how a running task shows: " + ", ".join(STATUS_FORMS)
        ),
    )
    images_dir: str = field(
        default="nanobanana_images",
        metadata=_how(
            as_folder,
            "NANOBANANA_IMAGES_DIR",
            "folder beside the notebook for copies of the originals; `off` for none",
        ),
    )
    confirm_above: float = field(
        default=100.0,
        metadata=_how(
            as_amount,
            "NANOBANANA_CONFIRM_ABOVE",
            "what would cost more credits sends nothing without a yes",
        ),
    )
    max_credits_notebook: float | None = field(
        default=None,
        metadata=_how(
            as_amount,
            "NANOBANANA_MAX_CREDITS_NOTEBOOK",
            "most credits that one notebook may spend; unset: no ceiling",
        ),
    )
    max_credits_day: float | None = field(
        default=None,
        metadata=_how(
            as_amount,
            "NANOBANANA_MAX_CREDITS_DAY",
            "most credits that may be spent in a day; unset: no ceiling",
        ),
    )
    sidecar: str = field(
        default="on",
        metadata=_how(
            as_switch,
            "NANOBANANA_SIDECAR",
            "a JSON file beside each original says what it is, prompt included; `off` for none",
        ),
    )
    rate_limit: tuple[int, float] | None = field(
        default=None,
        metadata=_how(
            as_rate,
            "NANOBANANA_RATE_LIMIT",
            "calls/seconds that one key may make, for example 20/10; unset: as suits the service",
        ),
    )
    simulator_speed: float = field(
        default=1.0,
        metadata=_how(
            as_amount,
            "NANOBANANA_SIMULATOR_SPEED",
            "durations of the simulator: 1 = as the real service, 0 = at once",
        ),
    )
    callback_url: str | None = field(
        default=None,
        metadata=_how(
            as_address,
            "NANOBANANA_CALLBACK_URL",
            "public address that leads to the callback receiver, for example a tunnel; "
            "unset: none listens",
        ),
    )
    callback_port: int = field(
        default=8971,
        metadata=_how(
            as_port,
            "NANOBANANA_CALLBACK_PORT",
            "port on this machine that the receiver listens on",
        ),
    )


# The environment variable of each setting.
VARIABLES: dict[str, str] = {f.name: f.metadata["env"] for f in fields(Settings)}
# What `%config NanobananaMagics` set in this process.
CONFIGURED: dict[str, Any] = {}
_TOLD: set[str] = set()


@dataclass(frozen=True)
class Loaded:
    """Settings and, for each name, where its value comes from."""

    settings: Settings
    sources: Mapping[str, str]


def load(
    explicit: Mapping[str, Any] | None = None,
    configured: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Return the settings in force. `None` and empty text count as not set.

    Raises:
        SettingsError: a value cannot be used or holds a key, or a name in the file is not known.
    """
    environ = os.environ if environ is None else environ
    keep_environment_keys(environ)  # before an error may quote what stands in a setting
    from_env = {name: environ.get(variable) for name, variable in VARIABLES.items()}
    layers: list[tuple[str, Mapping[str, Any]]] = [
        ("explicit", explicit or {}),
        ("%config", configured or {}),
        ("environment", from_env),
    ]
    home = _first("home", layers)
    folder = start_folder() / (_convert("home", *home) if home else _default_home())
    file = folder / "config.toml"
    layers.append((str(file), config_file.read(file, VARIABLES)))
    found = {f.name: _first(f.name, layers) for f in fields(Settings)}
    values = {name: _convert(name, *at) for name, at in found.items() if at}
    # In the file a relative home counts from the file, which all notebooks share.
    values["home"] = folder if home else folder / values.get("home", "")
    return Loaded(Settings(**values), {n: at[1] if at else "default" for n, at in found.items()})


def rows() -> list[list[str]]:
    """Return (setting, value, from, environment name, help) for each, also when one is wrong."""
    try:
        loaded = load(None, CONFIGURED)
        found = {f.name: getattr(loaded.settings, f.name) for f in fields(Settings)}
        values = {
            name: "–" if value in (None, "") else redacted(str(value))
            for name, value in found.items()
        }
        sources = dict(loaded.sources)
    except SettingsError as error:
        values = dict.fromkeys((f.name for f in fields(Settings)), "?")
        sources = dict.fromkeys(values, str(error))
    return [
        [f.name, values[f.name], sources[f.name], f.metadata["env"], f.metadata["help"]]
        for f in fields(Settings)
    ]


def _first(name: str, layers: list[tuple[str, Mapping[str, Any]]]) -> tuple[Any, str] | None:
    for source, values in layers:
        value = values.get(name)
        if value is not None and not (isinstance(value, str) and not value.strip()):
            return value, source
    return None


def _convert(name: str, value: object, source: str) -> Any:
    how = next(f.metadata for f in fields(Settings) if f.name == name)
    where = how["env"] if source == "environment" else f"{name} ({source})"
    _refuse_key(value, where)
    try:
        return how["read"](cleaned(value))
    except ValueError as error:
        raise SettingsError(f"{where} cannot be {value!r}", why=str(error)) from None


def refuse_keys(settings: Settings) -> None:
    """Refuse settings of which one holds a key that was not known when they were read.

    Raises:
        SettingsError: it quotes nothing of it.
    """
    for f in fields(Settings):
        _refuse_key(getattr(settings, f.name), f"the setting {f.name}")


def _refuse_key(value: object, where: str) -> None:
    if holds_key(str(value), USUAL_LENGTH):  # a word in place of a key may be one of a path
        raise misplaced_key(SettingsError, where)


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return a sentence for each variable that looks like a setting and is none."""
    return stray_variables(os.environ if environ is None else environ, [*VARIABLES.values()])


def untold_variables() -> list[str]:
    """Return those sentences that this process was not given yet."""
    new = [line for line in unknown_variables() if line not in _TOLD]
    _TOLD.update(new)
    return new
