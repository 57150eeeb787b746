"""Where a service's API key comes from, and a box for it that never shows it."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from nanobanana_nb.errors import Charged, NanobananaError, SettingsError
from nanobanana_nb.privacy.redaction import keep_secret

E = TypeVar("E", bound=NanobananaError)

CRUN_NAMES = ("CRUN_API_KEY", "NANOBANANA_API_KEY")
USUAL_LENGTH = 20  # no service gives shorter ones
_SHAPE = re.compile(r"ak_.{32}")


@dataclass(frozen=True, repr=False, eq=False)
class ApiKey:
    """A key and where it was found. Shows neither in repr nor when pickled."""

    _value: str
    source: str

    def __post_init__(self) -> None:
        keep_secret(self._value)
        # A control character would make the HTTP library quote the key in its error.
        if not (self._value.isascii() and self._value.isprintable() and " " not in self._value):
            raise SettingsError(
                f"The API key from {self.source} cannot be used",
                why="it has spaces, line breaks or characters outside ASCII",
                action="Copy it again from your account at the service.",
            )

    def reveal(self) -> str:
        """Return the key itself. Call it as late as can be, into no variable."""
        return self._value

    @property
    def looks_usual(self) -> bool:
        """Whether the key has the usual shape of CRUN's: `ak_` and 32 characters."""
        return _SHAPE.fullmatch(self._value) is not None

    def __repr__(self) -> str:
        return f"<API key from {self.source}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled or copied")


def find_key(names: Sequence[str], environ: Mapping[str, str] | None = None) -> ApiKey | None:
    """Return the first key of: environment, Colab, Kaggle, keyring; or None.

    Looks only, asks nobody: see `ask_for_key`.

    Args:
        names: of one service's key in the environment; the stores know it by the first.
    """
    environ = os.environ if environ is None else environ
    for name in names:
        if value := environ.get(name, "").strip():
            return ApiKey(value, f"environment ({name})")
    for source, look in _SECRET_STORES if names else ():
        value = ""
        with suppress(Exception):  # a store that is locked or absent has no key for us
            value = (look(names[0]) or "").strip()
        if value:
            return ApiKey(value, source)
    return None


def keep_environment_keys(environ: Mapping[str, str]) -> None:
    """Let redaction know the keys of all services that the environment has, as their names say.

    Words that stand there for another service's key, as `not-needed`, are none.
    """
    for name, value in environ.items():
        is_long = len(value.strip()) >= USUAL_LENGTH
        if name in CRUN_NAMES or (name.endswith("_API_KEY") and is_long):
            keep_secret(value.strip())


def misplaced_key(kind: type[E], where: str, charged: Charged | None = None) -> E:
    """Return the error for a key that stands where others could read it; it quotes nothing."""
    return kind(
        f"Your API key stands in {where}",
        why="a key never belongs there: others could read it, and it would be kept",
        action="Take it out; if anybody has seen it, make a new one at the service.",
        charged=charged,
    )


def ask_for_key(provider: str) -> ApiKey | None:
    """Ask for a provider's key where somebody can type it without echo; None where nobody can."""
    import getpass

    value = ""
    with suppress(Exception), warnings.catch_warnings():  # no terminal, no input taken
        # Where the echo cannot be switched off it warns, and would then show what is typed.
        warnings.simplefilter("error", getpass.GetPassWarning)
        value = getpass.getpass(f"API key for {provider} (not stored): ").strip()
    return ApiKey(value, "typed in") if value else None


def _colab(name: str) -> str | None:
    if "google.colab" not in sys.modules:
        return None
    from google.colab import userdata

    return str(userdata.get(name))


def _kaggle(name: str) -> str | None:
    if "KAGGLE_KERNEL_RUN_TYPE" not in os.environ:
        return None
    from kaggle_secrets import UserSecretsClient

    return str(UserSecretsClient().get_secret(name))


def _keyring(name: str) -> str | None:
    import keyring

    value = keyring.get_password("nanobanana_nb", name)
    return None if value is None else str(value)


_SECRET_STORES: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("Colab secrets", _colab),
    ("Kaggle secrets", _kaggle),
    ("keyring", _keyring),
)
