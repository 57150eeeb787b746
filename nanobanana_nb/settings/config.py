"""The settings, as one frozen record: explicit > %config > environment > file > default.

The file is `config.toml` in the home folder. The API key is no setting and is never read
from it: see `settings/keys.py`.
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
from nanobanana_nb.settings.credit_price import ENDING as PRICE
from nanobanana_nb.settings.credit_price import prices_set, unread_prices
from nanobanana_nb.settings.keys import USUAL_LENGTH, keep_environment_keys, misplaced_key
from nanobanana_nb.settings.origin import start_folder
from nanobanana_nb.settings.parsing import (
    PICTURE_FORMS,
    STATUS_FORMS,
    as_address,
    as_amount,
    as_folder,
    as_path,
    as_pictures,
    as_port,
    as_rate,
    as_status,
    as_switch,
    as_text,
    cleaned,
)
from nanobanana_nb.text.spelling import PREFIX, stray_variables


def _default_home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("nanobanana_nb", appauthor=False))


@dataclass(frozen=True)
class Setting:
    """What is said of one setting, once: its trait and the README's line follow.

    Attributes:
        parser: makes the value of what a person writes; raises ValueError saying why not.
        default: words for a default that is no value to write, "" where it is one.
    """

    name: str
    parser: Callable[[object], Any]
    sentence: str
    default: str

    @property
    def help(self) -> str:
        """What it is, and what holds where it is not set."""
        return self.sentence + (f"; unset: {self.default}" if self.default else "")


def _about(parser: Callable[[object], Any], sentence: str, default: str = "") -> dict[str, Any]:
    return {"parser": parser, "sentence": sentence, "default": default}


def _setting(value: Any, *about: Any) -> Any:
    return field(default=value, metadata=_about(*about))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the person may set. Times are in seconds."""

    provider: str | None = _setting(
        None, as_text, "`crun` or `simulator`", "`crun` where there is a key"
    )
    base_url: str = _setting("https://api.crun.ai", as_address, "where the CRUN service is")
    home: Path = field(
        default_factory=_default_home,
        metadata=_about(
            as_path, "folder of the ledger and the originals", "the user's data folder"
        ),
    )
    model: str = _setting("google/nano-banana", as_text, "the model when a cell names none")
    wait_s: float = _setting(600.0, as_amount, "how long a task is waited for, in seconds")
    status: str = _setting(
        "auto",
        as_status,
        "how a running task shows: " + ", ".join(f"`{form}`" for form in STATUS_FORMS),
    )
    terminal_pictures: str = _setting(
        "auto",
        as_pictures,
        "how pictures show in a terminal: " + ", ".join(f"`{form}`" for form in PICTURE_FORMS),
    )
    images_dir: str = _setting(
        "nanobanana_images",
        as_folder,
        "folder beside the notebook for copies of the originals; `off` for none",
    )
    confirm_above: float = _setting(
        100.0, as_amount, "what would cost more credits sends nothing without a yes"
    )
    max_credits_notebook: float | None = _setting(
        None, as_amount, "most credits that one notebook may spend", "no ceiling"
    )
    max_credits_day: float | None = _setting(
        None, as_amount, "most credits that may be spent in a day", "no ceiling"
    )
    prompts: Path | None = field(
        default=None,
        metadata=_about(
            as_path, "file of prompts and lists that a class or team shares", "no such file"
        ),
    )
    sidecar: str = _setting(
        "on",
        as_switch,
        "a JSON file beside each original says what it is, prompt included; `off` for none",
    )
    rate_limit: tuple[int, float] | None = _setting(
        None,
        as_rate,
        "calls/seconds that one key may make, for example `20/10`",
        "as suits the service",
    )
    simulator_speed: float = _setting(
        1.0, as_amount, "durations of the simulator: 1 as the real service, 0 at once"
    )
    callback_url: str | None = _setting(
        None,
        as_address,
        "public address that leads to the callback receiver, for example a tunnel",
        "none listens",
    )
    callback_port: int = _setting(
        8971, as_port, "port on this machine that the receiver listens on"
    )


SETTINGS = {f.name: Setting(f.name, **f.metadata) for f in fields(Settings)}
# The environment variable of each setting.
VARIABLES = {name: PREFIX + name.upper() for name in SETTINGS}
# What `%config NanobananaMagics` set in this process.
CONFIGURED: dict[str, Any] = {}
_NOTICES: set[str] = set()


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
    home = _in_force("home", layers)
    folder = start_folder() / (home[0] if home else _default_home())
    file = folder / "config.toml"
    layers.append((str(file), config_file.read(file, VARIABLES)))
    entries = {name: _in_force(name, layers) for name in SETTINGS}
    values = {name: entry[0] for name, entry in entries.items() if entry}
    # In the file a relative home counts from the file, which all notebooks share.
    values["home"] = folder if home else folder / values.get("home", "")
    sources = {name: entry[1] if entry else "default" for name, entry in entries.items()}
    return Loaded(Settings(**values), sources)


def rows() -> list[list[str]]:
    """Return (setting, value, from, environment name, help) for each, also when one is wrong."""
    try:
        loaded = load(None, CONFIGURED)
        values = {
            name: "–" if value in (None, "") else redacted(str(value))
            for name, value in vars(loaded.settings).items()
        }
        sources = dict(loaded.sources)
    except SettingsError as error:
        values = dict.fromkeys(SETTINGS, "?")
        sources = dict.fromkeys(SETTINGS, str(error))
    return [
        [name, values[name], sources[name], VARIABLES[name], setting.help.replace("`", "")]
        for name, setting in SETTINGS.items()
    ] + [
        ["credit price", redacted(text), "environment", variable, "what credits cost in money"]
        for variable, text in prices_set()
    ]


def _in_force(name: str, layers: list[tuple[str, Mapping[str, Any]]]) -> tuple[Any, str] | None:
    """Return the first value that a setting has, and its source; None where nobody sets it."""
    for source, values in layers:
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        where = VARIABLES[name] if source == "environment" else f"{name} ({source})"
        if holds_key(str(value), USUAL_LENGTH):  # a word in its place may be one of a path
            raise misplaced_key(SettingsError, where)
        try:
            return SETTINGS[name].parser(cleaned(value)), source
        except ValueError as error:
            raise SettingsError(f"{where} cannot be {value!r}", why=str(error)) from None
    return None


def refuse_keys(settings: Settings) -> None:
    """Refuse settings of which one holds a key that was not known when they were read.

    Raises:
        SettingsError: it quotes nothing of it.
    """
    for name in SETTINGS:
        if holds_key(str(getattr(settings, name)), USUAL_LENGTH):
            raise misplaced_key(SettingsError, f"the setting {name}")


def unknown_variables(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return a sentence for each variable that looks like a setting and is none."""
    return [*stray_variables(environ, VARIABLES.values()), *unread_prices()]


def new_unknown_variables() -> list[str]:
    """Return those sentences that this process was not given yet."""
    strays = stray_variables(os.environ, VARIABLES.values())
    if any(name.endswith(PRICE) for name in os.environ):
        strays += unread_prices()
    new = [line for line in strays if line not in _NOTICES]
    _NOTICES.update(new)
    return new
